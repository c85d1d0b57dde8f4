"""How large each indicator is in a province of 4.4 million people, how it grows, and when in the year it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

type Season = Literal[
    "none", "economy", "budget", "invest", "tet", "tourism", "rice", "dengue", "school", "office", "fire"
]
type Weight = Literal["people", "urban", "industry", "rice", "pigs", "coast", "forest", "tourism"]
# Factors of January to December.
SEASONS: dict[Season, tuple[float, ...]] = {
    "none": (1,) * 12,
    "economy": (0.98, 0.86, 0.97, 0.98, 0.99, 1.02, 1.0, 1.01, 1.02, 1.03, 1.05, 1.09),
    "budget": (1.35, 0.75, 0.9, 1.1, 0.85, 0.9, 1.1, 0.85, 0.9, 1.05, 0.95, 1.3),
    "invest": (0.35, 0.4, 0.7, 0.85, 0.95, 1.1, 1.0, 1.0, 1.1, 1.2, 1.35, 2.0),
    "tet": (1.2, 1.02, 0.92, 0.96, 0.98, 1.0, 0.99, 0.98, 0.97, 0.98, 1.0, 1.0),
    "tourism": (1.05, 1.45, 1.25, 1.1, 1.0, 1.25, 1.3, 1.1, 0.75, 0.7, 0.6, 0.65),
    "rice": (0, 0, 0, 0, 2.2, 4.6, 0.4, 0, 1.2, 3.2, 0.4, 0),
    "dengue": (0.25, 0.15, 0.15, 0.25, 0.5, 0.9, 1.3, 1.8, 2.2, 2.3, 1.5, 0.7),
    "school": (1, 1, 1, 1, 1, 1, 1, 1, 1.004, 1.004, 1.004, 1.004),
    "office": (1.0, 0.7, 1.1, 1.05, 1.0, 1.05, 1.05, 1.0, 1.0, 1.0, 1.0, 1.05),
    "fire": (1.25, 1.3, 1.0, 0.9, 1.1, 1.25, 1.15, 0.9, 0.75, 0.75, 0.8, 0.95),
}
TET = {2022: 2, 2023: 1, 2024: 2, 2025: 1, 2026: 2, 2027: 2}  # month of the lunar new year


@dataclass(frozen=True, slots=True)
class Recipe:
    """Level for 4.4 million people (a month's total, a stock, or a rate in %), growth a year, and where it happens."""

    level: float
    growth: float  # share a year; rates: percentage points a year
    season: Season = "none"
    weight: Weight = "people"
    noise: float = 0.03
    urban: float = 0.0  # rates: percentage points in towns
    count: bool = False  # chance events: Poisson


RECIPES: dict[str, Recipe] = {
    "grdp": Recipe(25_800, 0.092, "economy", "industry"),
    "investment_total": Recipe(10_900, 0.11, "invest", "industry", 0.05),
    "public_investment": Recipe(2_450, 0.13, "invest", "people", 0.07),
    "fdi": Recipe(62, 0.1, "economy", "industry", 0.14),
    "new_enterprises": Recipe(390, 0.08, "office", "urban", count=True),
    "closed_enterprises": Recipe(96, 0.03, "budget", "urban", count=True),
    "industrial_output": Recipe(47_500, 0.115, "economy", "industry"),
    "retail_sales": Recipe(16_900, 0.105, "tet", "urban"),
    "exports": Recipe(1_240, 0.13, "economy", "industry", 0.05),
    "imports": Recipe(1_080, 0.11, "economy", "industry", 0.05),
    "electricity": Recipe(870, 0.085, "economy", "industry"),
    "rice_output": Recipe(108, -0.006, "rice", "rice", 0.04),
    "pig_herd": Recipe(1_420, 0.015, "tet", "pigs", 0.02),
    "aquaculture_output": Recipe(29, 0.035, "economy", "coast", 0.05),
    "new_forest": Recipe(75, 0.02, "tourism", "forest", 0.2),
    "budget_revenue": Recipe(5_600, 0.1, "budget", "industry", 0.06),
    "budget_spending": Recipe(5_050, 0.085, "invest", "people", 0.05),
    "land_revenue": Recipe(1_480, 0.05, "invest", "urban", 0.22),
    "bank_credit": Recipe(318_000, 0.125, "none", "urban", 0.006),
    "tourists": Recipe(1_280, 0.12, "tourism", "tourism", 0.06),
    "tourists_foreign": Recipe(118, 0.19, "tourism", "tourism", 0.08),
    "tourism_revenue": Recipe(1_070, 0.15, "tourism", "tourism", 0.06),
    "room_occupancy": Recipe(52, 1.6, "tourism", noise=1.2, urban=6),
    "medical_visits": Recipe(690, 0.045, "office", "urban", 0.04),
    "insurance_coverage": Recipe(92.6, 0.55, noise=0.25, urban=2),
    "dengue_cases": Recipe(210, 0.0, "dengue", "urban", 0.35, count=True),
    "vaccination_rate": Recipe(94.5, 0.3, noise=0.7, urban=1),
    "bed_occupancy": Recipe(83, 0.6, noise=1.6, urban=9),
    "school_attendance": Recipe(97.8, 0.12, "school", noise=0.15, urban=0.8),
    "standard_schools": Recipe(85, 1.5, noise=0.3, urban=-2),
    "jobs_created": Recipe(7_400, 0.025, "office", "people", 0.08, count=True),
    "poverty_rate": Recipe(3.1, -0.38, noise=0.04, urban=-1.4),
    "trained_workers": Recipe(68, 1.7, noise=0.25, urban=8),
    "social_insurance": Recipe(668_000, 0.055, "none", "industry", 0.006),
    "dossiers_received": Recipe(128_000, 0.07, "office", "people", 0.06, count=True),
    "dossiers_on_time": Recipe(97.2, 0.35, noise=0.7, urban=-0.8),
    "dossiers_online": Recipe(48, 10.5, noise=2.0, urban=5),
    "satisfaction": Recipe(90.5, 1.1, noise=0.8, urban=-1),
    "solid_waste_collected": Recipe(91, 1.0, noise=0.5, urban=4),
    "clean_water": Recipe(88, 1.9, noise=0.2, urban=7),
    "land_conversion": Recipe(46, 0.02, "invest", "industry", 0.35),
    "traffic_accidents": Recipe(88, -0.03, "tet", "urban", count=True),
    "traffic_deaths": Recipe(41, -0.04, "tet", "people", count=True),
    "fires": Recipe(17, -0.02, "fire", "urban", count=True),
    "crimes": Recipe(132, -0.025, "tet", "urban", count=True),
    "population": Recipe(0, 0.0085),
    "births": Recipe(4_350, -0.021, "school", count=True),
    # National accounts, investment, enterprises
    "grdp_growth": Recipe(8.9, 0.25, noise=0.5),
    "grdp_per_capita": Recipe(78, 7, noise=0.5, urban=20),
    "services_share": Recipe(38, 0.4, noise=0.4),
    "digital_economy_share": Recipe(14, 1.8, noise=0.2),
    "labour_productivity": Recipe(168, 13, noise=1),
    "fdi_registered": Recipe(95, 0.1, "budget", "industry", 0.3),
    "investment_projects": Recipe(22, 0.05, count=True, weight="industry"),
    "housing_floor_area": Recipe(27.5, 0.6, noise=0.05, urban=2),
    "social_housing": Recipe(90, 0.15, "invest", "urban", 0.2, count=True),
    "suspended_enterprises": Recipe(210, 0.05, "budget", "urban", 0.08, count=True),
    "registered_capital": Recipe(3_900, 0.08, "office", "urban", 0.12),
    "active_enterprises": Recipe(22_500, 0.07, weight="urban", noise=0.004),
    "cooperatives": Recipe(1_150, 0.03, weight="rice", noise=0.004),
    # Industry, trade, agriculture
    "iip": Recipe(110.5, 0.4, noise=1.8),
    "industrial_park_occupancy": Recipe(71, 2.4, noise=0.4),
    "ecommerce_share": Recipe(9, 1.6, noise=0.2),
    "markets": Recipe(320, 0.0, noise=0.001),
    "poultry_flock": Recipe(24_000, 0.03, weight="pigs", noise=0.02),
    "meat_output": Recipe(26, 0.03, "tet", "pigs", 0.03),
    "new_rural_communes": Recipe(78, 4, noise=0.1),
    "ocop_products": Recipe(560, 0.12, weight="rice", noise=0.004),
    # Finance, prices
    "domestic_revenue": Recipe(4_600, 0.1, "budget", "industry", 0.06),
    "customs_revenue": Recipe(620, 0.07, "economy", "industry", 0.1),
    "tax_debt": Recipe(1_900, 0.02, weight="industry", noise=0.02),
    "bank_deposits": Recipe(296_000, 0.1, weight="urban", noise=0.006),
    "bad_debt": Recipe(1.6, -0.05, noise=0.06),
    "cpi": Recipe(103.4, 0.0, noise=0.35),
    "gold_price_index": Recipe(128, 4, noise=3),
    "construction_price_index": Recipe(102.8, 0.0, noise=0.4),
    # Transport, communication, science
    "freight": Recipe(5_400, 0.09, "economy", "industry", 0.03),
    "passengers": Recipe(6_900, 0.08, "tet", "urban", 0.03),
    "transport_revenue": Recipe(1_350, 0.11, "economy", "industry", 0.03),
    "roads_paved": Recipe(88, 2, noise=0.1, urban=4),
    "vehicles_registered": Recipe(1_450, 0.05, "tet", "urban", 0.06, count=True),
    "broadband_households": Recipe(82, 3.5, noise=0.2, urban=6),
    "mobile_5g_coverage": Recipe(31, 14, noise=0.6, urban=20),
    "digital_signatures": Recipe(24, 9, noise=0.4, urban=6),
    "postal_revenue": Recipe(410, 0.07, "tet", "urban", 0.03),
    "rd_spending": Recipe(42, 0.12, "invest", "industry", 0.06),
    "patents": Recipe(31, 0.1, count=True, weight="urban"),
    "innovative_enterprises": Recipe(48, 0.1, weight="urban", noise=0.01),
    "tfp_share": Recipe(46, 0.6, noise=0.6),
    # Labour, insurance, living, people
    "unemployment_rate": Recipe(2.25, -0.04, noise=0.06, urban=0.8),
    "labour_force": Recipe(2_280, 0.006, noise=0.002),
    "female_leaders": Recipe(31, 1, noise=0.2),
    "workers_abroad": Recipe(640, 0.04, "office", noise=0.08, count=True),
    "unemployment_insurance": Recipe(512_000, 0.05, weight="industry", noise=0.005),
    "insurance_debt": Recipe(2.6, -0.15, noise=0.08),
    "near_poor_rate": Recipe(3.4, -0.3, noise=0.03, urban=-1.5),
    "income_per_capita": Recipe(5_600, 480, noise=20, urban=1_500),
    "substandard_houses": Recipe(2_400, -0.45, weight="rice", noise=0.01),
    "urban_share": Recipe(24, 0.9, noise=0.1),
    "sex_ratio_birth": Recipe(113.5, -0.3, noise=0.2),
    # Health, education
    "hand_foot_mouth_cases": Recipe(165, 0.0, "dengue", "urban", 0.25, count=True),
    "food_poisoning_cases": Recipe(6, 0.0, count=True, weight="urban"),
    "doctors": Recipe(10.6, 0.5, noise=0.05, urban=4),
    "hospital_beds": Recipe(29, 0.7, noise=0.1, urban=8),
    "under_five_mortality": Recipe(17, -0.5, noise=0.2),
    "stunting": Recipe(17.4, -0.6, noise=0.1, urban=-3),
    "station_standard": Recipe(91, 1, noise=0.2),
    "health_records": Recipe(76, 5, noise=0.3, urban=3),
    "pupils": Recipe(905_000, 0.012, noise=0.001),
    "teachers": Recipe(46_500, 0.006, noise=0.001),
    "pupils_per_teacher": Recipe(19.5, 0.1, noise=0.05),
    "permanent_classrooms": Recipe(89, 1.2, noise=0.1),
    "school_graduation": Recipe(99.1, 0.1, noise=0.12),
    "dropout_rate": Recipe(0.31, -0.02, noise=0.01),
    "vocational_students": Recipe(1_900, 0.04, "office", "urban", 0.06, count=True),
    # Environment, tourism
    "wastewater_treated": Recipe(34, 4, noise=0.4),
    "forest_cover": Recipe(8.9, 0.02, noise=0.01),
    "environment_violations": Recipe(14, -0.02, count=True, weight="industry"),
    "disaster_damage": Recipe(22, 0.0, "dengue", "coast", 0.7),
    "land_certificates": Recipe(94, 0.6, noise=0.05, urban=1),
    "overnight_stays": Recipe(330, 0.11, "tourism", "tourism", 0.06),
    "hotel_rooms": Recipe(14_500, 0.05, weight="tourism", noise=0.004),
    "cultural_families": Recipe(91, 0.5, noise=0.1),
    # Administration
    "services_fully_online": Recipe(61, 8, noise=0.5),
    "dossiers_automated": Recipe(12, 5, noise=0.5),
    "handling_days": Recipe(6.4, -0.5, noise=0.2, urban=-0.5),
    "proactive_services": Recipe(18, 7, noise=0.3),
    "dossiers_digitised": Recipe(66, 9, noise=1.2, urban=4),
    "online_payment": Recipe(52, 11, noise=1.2, urban=6),
    "score_openness": Recipe(15.2, 0.5, noise=0.12),
    "score_progress": Recipe(18.1, 0.3, noise=0.12),
    "score_digitisation": Recipe(16.4, 1.0, noise=0.18),
    "score_online": Recipe(15.8, 1.1, noise=0.18, urban=0.6),
    "score_satisfaction": Recipe(16.2, 0.3, noise=0.1),
    "par_index": Recipe(87, 0.9, noise=0.3),
    "pci": Recipe(67, 0.6, noise=0.4),
    # Order, press
    "crimes_solved": Recipe(84, 0.8, noise=1.5),
    "drug_cases": Recipe(46, 0.01, count=True, weight="urban"),
    "online_fraud_cases": Recipe(33, 0.06, count=True, weight="urban"),
    "legal_aid_cases": Recipe(38, 0.02, "office", count=True),
    "judgments_enforced": Recipe(82, 0.6, noise=0.6),
    "press_articles": Recipe(1_450, 0.02, noise=0.1, count=True, weight="urban"),
    "press_negative": Recipe(8.5, -0.2, noise=1.1),
    "press_answered": Recipe(91, 1.2, noise=1.6),
    "social_mentions": Recipe(21_000, 0.12, noise=0.18, count=True, weight="urban"),
    "social_negative": Recipe(17, 0.0, noise=2.0),
    "false_news_handled": Recipe(9, 0.05, count=True, weight="urban"),
}
# Made from others: their sum.
SUMS: dict[str, tuple[str, ...]] = {
    "score_total": ("score_openness", "score_progress", "score_digitisation", "score_online", "score_satisfaction"),
}

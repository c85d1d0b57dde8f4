"""What the leaders' pages say of a unit: one place, so that overview, home, comparison and briefing agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from dash_app.frames import last_districts, units_on
from dash_app.services import Row, Services
from dash_app.state import Via
from layers.domains import DOMAINS, Domain
from layers.model import Indicator, Text
from spatial.access import connect
from spatial.admin_units import Method
from spatial.months import add_months
from spatial.queries import indicators, outlook, overview, screens, units
from spatial.queries.indicators import IndicatorValue, Kpi

NOT_COMPARABLE = Text(
    vi="không so được: một bên là số tính lại theo dân số khi sắp xếp đơn vị",
    en="not comparable: one side is put together by shares of people over the reform",
)

type By = Literal["value", "change", "plan"]

MONTHS_OF_SPARK = 13
YEARS_OF_SERIES = 3
FEWEST_CASES = 5  # a share of fewer cases is chance: shown, not ranked


@dataclass(frozen=True)
class Card:
    """One indicator of one unit at an instant, as ``spatial.queries.indicators.kpi`` has it, with what goes with it.

    ``spark``: values of the months up to the figure's, gaps as None. ``base_method``: how the figure of the same
    period came about (``by_people``: put together over the reform). ``outlook``: row of
    ``derived.indicator_outlook`` of the year, only when the instant has reached what it knows. ``late``: whole months
    between the figure and the newest one that should be there.
    """

    kpi: Kpi
    spark: tuple[float | None, ...]
    base_method: Method | None
    outlook: Row | None
    anomaly: Row | None


@dataclass(frozen=True)
class Ranked:
    """A line of a league table; ``rank`` None: too few cases to be ranked."""

    rank: int | None
    tied: bool
    unit: Row
    value: float
    kpi: Kpi
    cases: int | None


@dataclass(frozen=True)
class Ranking:
    """Units of a unit by one indicator, the best first (the largest first where no direction is good)."""

    indicator: Indicator
    at: date
    by: By
    rows: tuple[Ranked, ...]
    missing: tuple[Row, ...]  # units without a figure
    fewest: int | None  # cases a unit needs to be ranked; None: the indicator counts no cases


@dataclass(frozen=True)
class Trend:
    """One indicator of one unit over the years."""

    indicator: Indicator
    values: tuple[IndicatorValue, ...]  # actual, by month
    plans: dict[int, float]  # by year
    forecast: tuple[Row, ...]  # q10, q50, q90 by period, after the newest figure
    outlook: Row | None
    anomalies: tuple[Row, ...]
    kpis: dict[date, Kpi] = field(default_factory=dict)  # by month of the last three years


def last_day(month: date) -> date:
    """Last day of the month."""
    return add_months(month, 1) - timedelta(days=1)


def domain_codes(domain: str | None) -> list[str]:
    """Indicators of a domain, the highlighted ones first; None: of all domains."""
    found = indicators.catalogue()
    if domain is None:
        return list(found)
    wanted = DOMAINS[domain]
    own = [code for code, item in found.items() if domain_of(item) == domain]
    leading = [code for code in wanted.highlights if code in found]
    return leading + [code for code in own if code not in leading]


def domain_of(item: Indicator) -> str:
    """Tab of an indicator."""
    return item.domain


@dataclass
class LeaderServices:
    """Reads of the leaders' pages over the services of all screens."""

    services: Services

    # ---------------------------------------------------------------- places

    def unit(self, key: str | None) -> Row | None:
        """One unit by key, else the province."""
        return self.services.unit(key)

    def children(self, unit: Row, via: Via = "today") -> list[Row]:
        """Units one step down on the way: communes of today, or former districts first. A commune has none."""
        every, today = self.services.units(), self.services.today()
        if unit["level"] == "province":
            return list(last_districts(every, today).units if via == "former" else units_on(every, "commune", today))
        if unit["level"] == "district":
            return self._communes_of(unit)
        return []

    def _communes_of(self, district: Row) -> list[Row]:
        """Communes of today most of whose people lived in the district; where there are none, all that touch it."""
        today = self.services.today()
        communes = units_on(self.services.units(), "commune", today)
        own = [row for row in communes if district["key"] in (row["former_key"], row["parent_key"])]
        if own:
            return own
        with connect(self.services.actor) as conn:
            parts = units.communes_of_former_district(conn, district_id=district["id"], as_of=today)
        touching = {part.unit.id for part in parts}
        return [row for row in communes if row["id"] in touching]

    def peers(self, unit: Row, via: Via = "today") -> list[Row]:
        """What is compared: the children, or beside a commune the communes around it."""
        return self.children(unit, via) or self.children(self.breadcrumb(unit)[-2], via)

    def breadcrumb(self, unit: Row) -> list[Row]:
        """Province, former district, commune; the unit itself is last."""
        province = self.services.province()
        top = self.services.unit(province["key"]) if province else None
        if top is None or unit["key"] == top["key"]:
            return [unit]
        above = self._district_of(unit)
        return [top, *([above] if above else []), unit]

    def _district_of(self, unit: Row) -> Row | None:
        if unit["level"] != "commune":
            return None
        by_key = {row["key"]: row for row in self.services.units()}
        return by_key.get(unit["former_key"] or "") or next(
            (row for row in [by_key.get(unit["parent_key"] or "")] if row and row["level"] == "district"), None
        )

    # ---------------------------------------------------------------- figures

    def newest_month(self, codes: Sequence[str] | None = None) -> date | None:
        """The newest month for which the province has a figure; not a running one the system counts itself."""
        province = self.services.province()
        if province is None:
            return None
        today = self.services.today()
        found = self._values([province["id"]], codes, date(today.year - 1, 1, 1), today)
        items = indicators.catalogue()
        whole = (v for v in found if v.state != "plan" and not (v.state == "estimate" and items[v.code].computed))
        return max((value.period for value in whole), default=None)

    def kpis(self, unit: Row, domain: str | None, at: date | None = None) -> list[Card]:
        """Cards of a unit at the end of a month (today without one), in the order of the domain."""
        codes = domain_codes(domain)
        month = (at or self.services.today()).replace(day=1)
        day = min(last_day(month), self.services.today())
        with connect(self.services.actor) as conn:
            lines = {
                line.indicator.code: line for line in indicators.kpi(conn, unit_id=unit["id"], as_of=day, codes=codes)
            }
            first = date(month.year - 2, 1, 1)
            values = indicators.history(conn, unit_ids=[unit["id"]], codes=codes, first=first, last=day)
            outlooks = outlook.outlooks(conn, unit_ids=[unit["id"]], codes=codes, year=month.year)
            anomalies = outlook.anomalies(conn, unit_ids=[unit["id"]], codes=codes, first=first, last=day)
        return [
            build_card(
                fair(lines[code], unit),
                [value for value in values if value.code == code],
                [row for row in outlooks if row["code"] == code],
                [row for row in anomalies if row["code"] == code],
                day,
            )
            for code in codes
            if code in lines
        ]

    def series(self, unit: Row, code: str, at: date | None = None) -> Trend:
        """Values of three years with plan, forecast, outlook and what was unusual."""
        item = indicators.catalogue()[code]
        today = self.services.today()
        year = (at or today).year
        first, last = date(year - YEARS_OF_SERIES + 1, 1, 1), min(date(year, 12, 31), today)
        ids = [unit["id"]]
        with connect(self.services.actor) as conn:
            values = indicators.history(conn, unit_ids=ids, codes=[code], first=first, last=last)
            forecasts = screens.indicator_forecasts(conn, unit_ids=ids, indicators=[code])
            outlooks = outlook.outlooks(conn, unit_ids=ids, codes=[code], year=year)
            anomalies = outlook.anomalies(conn, unit_ids=ids, codes=[code], first=first, last=last)
        actual = tuple(value for value in values if value.state != "plan")
        newest = max((value.period for value in actual), default=date.min)
        return Trend(
            item,
            actual,
            {value.period.year: value.value for value in values if value.state == "plan"},
            tuple(row for row in forecasts if row["period"] is not None and row["period"] > newest),
            next(iter(outlooks), None),
            tuple(anomalies),
        )

    def ranking(self, unit: Row, code: str, at: date, via: Via = "today", by: By = "value") -> Ranking:
        """League table of the units below (beside, for a commune) at the end of a month."""
        item = indicators.catalogue()[code]
        month = at.replace(day=1)
        below = self.peers(unit, via)
        ids = [row["id"] for row in below]
        with connect(self.services.actor) as conn:
            lines = indicators.kpi_months(conn, unit_ids=ids, codes=[code], months=[month])
            counted = overview.case_counts(conn, unit_ids=ids, codes=[code], first=add_months(month, -12), last=month)
        cases = {(row["unit_id"], row["period"]): row["n"] for row in counted}
        known = [(row, lines.get((row["id"], code, month))) for row in below]
        found = [(row, fair(line, row) if line else None) for row, line in known]
        shown = [(row, line, value) for row, line in found if line and (value := value_of(line, by)) is not None]
        have = {row["id"] for row, _, _ in shown}
        rows = rank([(row, line, value, cases.get((row["id"], line.period))) for row, line, value in shown], item, by)
        fewest = FEWEST_CASES if cases else None
        return Ranking(item, month, by, rows, tuple(row for row in below if row["id"] not in have), fewest)

    def _values(self, ids: list[int], codes: Sequence[str] | None, first: date, last: date) -> list[IndicatorValue]:
        with connect(self.services.actor) as conn:
            return indicators.history(conn, unit_ids=ids, codes=codes, first=first, last=last)


def fair(line: Kpi, unit: Row) -> Kpi:
    """The figure without comparisons across the end of its unit that rest on shares of people or area.

    What a former district is after the reform is put together by shares; beside its own figures of before, that is not
    growth. Both years of a comparison on the same side of the reform are compared.
    """
    ended = unit["valid_to"]
    if ended is None or line.method == "exact" or line.period < ended:
        return line
    changes: dict[str, object] = {}
    reasons = dict(line.reasons)
    if add_months(line.period, -12) < ended and line.on_same_period is not None:
        changes |= {"on_same_period": None, "judgement": "neutral"}
        reasons["on_same_period"] = NOT_COMPARABLE
    if date(line.period.year - 1, 1, 1) < ended and line.cumulative_on_same_period is not None:
        changes["cumulative_on_same_period"] = None
        reasons["cumulative_on_same_period"] = NOT_COMPARABLE
    # The names are fields of Kpi, set above; mypy cannot check a dictionary of keywords.
    return replace(line, reasons=reasons, **changes) if changes else line  # type: ignore[arg-type]


def build_card(
    line: Kpi, values: Iterable[IndicatorValue], outlooks: Sequence[Row], anomalies: Sequence[Row], day: date
) -> Card:
    """A card from what was read of one unit and one indicator."""
    actual = {value.period: value for value in values if value.state != "plan"}
    base = actual.get(add_months(line.period, -12))
    months = [add_months(line.period, count) for count in range(1 - MONTHS_OF_SPARK, 1)]
    ends = next((row for row in outlooks if row["year"].year == line.period.year), None)
    return Card(
        line,
        tuple(actual[month].value if month in actual else None for month in months),
        base.method if base else None,
        ends if ends and ends["known_until"] <= day else None,
        next((row for row in anomalies if row["period"] == line.period), None),
    )


def value_of(line: Kpi, by: By) -> float | None:
    """What is compared of a figure."""
    return {"value": line.value, "change": line.on_same_period, "plan": line.plan_percent}[by]


def rank(rows: Iterable[tuple[Row, Kpi, float, int | None]], item: Indicator, by: By) -> tuple[Ranked, ...]:
    """Ranks as in sport: equal printed figures share a rank, the next one counts them all; few cases have none."""
    best_low = item.direction == "down" and by != "plan"
    decimals = item.decimals if by == "value" else 1
    ordered = sorted(rows, key=lambda row: (round(row[2], decimals) * (1 if best_low else -1), row[0]["name"]))
    ranked = [row for row in ordered if row[3] is None or row[3] >= FEWEST_CASES]
    printed = [round(row[2], decimals) for row in ranked]
    found = [
        Ranked(printed.index(shown) + 1, printed.count(shown) > 1, row[0], row[2], row[1], row[3])
        for row, shown in zip(ranked, printed, strict=True)
    ]
    few = [Ranked(None, False, row[0], row[2], row[1], row[3]) for row in ordered if row not in ranked]
    return (*found, *few)


def domain_title(domain: str, language: str) -> str:
    """Name of a tab."""
    found: Domain = DOMAINS[domain]
    return found.title[language]

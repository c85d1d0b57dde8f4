"""Words for what is measured, from the layer definitions and a list of what people say instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from layers.code_lists import FEEDBACK_CATEGORIES, LAND_CODES
from layers.indices import INDICES
from layers.model import Layer
from layers.registry import registry
from spatial.admin_units import fold
from spatial.assistant.query import Measure

# What people say for an indicator, beside its title.
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "cpi": ("cpi", "chi so gia tieu dung", "chi so gia"),
    "iip": ("iip", "chi so san xuat cong nghiep"),
    "pci": ("pci", "nang luc canh tranh"),
    "par_index": ("par index", "cai cach hanh chinh", "chi so cai cach hanh chinh"),
    "grdp_growth": ("toc do tang grdp",),
    "grdp_per_capita": ("grdp dau nguoi", "grdp binh quan"),
    "income_per_capita": ("thu nhap binh quan", "thu nhap binh quan dau nguoi"),
    "social_housing": ("nha o xa hoi",),
    "pupils": ("hoc sinh", "so hoc sinh"),
    "teachers": ("giao vien", "so giao vien"),
    "hand_foot_mouth_cases": ("tay chan mieng",),
    "unemployment_rate": ("that nghiep",),
    "tax_debt": ("no thue",),
    "forest_cover": ("che phu rung",),
    "score_total": ("diem phuc vu nguoi dan", "bo chi so 766", "chi so 766"),
    "press_negative": ("tin tieu cuc", "bai bao tieu cuc"),
    "grdp": ("grdp", "tong san pham", "kinh te tang truong", "tang truong kinh te"),
    "public_investment": ("giai ngan dau tu cong", "giai ngan von dau tu cong", "dau tu cong", "giai ngan"),
    "investment_total": ("von dau tu", "dau tu toan xa hoi"),
    "fdi": ("fdi", "von fdi", "dau tu nuoc ngoai"),
    "new_enterprises": ("doanh nghiep moi", "doanh nghiep thanh lap moi"),
    "closed_enterprises": ("doanh nghiep giai the", "doanh nghiep dong cua"),
    "industrial_output": ("san xuat cong nghiep", "gia tri cong nghiep"),
    "retail_sales": ("ban le", "tong muc ban le", "doanh thu ban le"),
    "exports": ("xuat khau", "kim ngach xuat khau"),
    "imports": ("nhap khau", "kim ngach nhap khau"),
    "electricity": ("dien thuong pham", "dien tieu thu", "san luong dien"),
    "rice_output": ("san luong lua", "lua gao"),
    "pig_herd": ("dan lon", "so lon"),
    "aquaculture_output": ("thuy san", "san luong thuy san"),
    "new_forest": ("rung trong moi", "trong rung"),
    "budget_revenue": ("thu ngan sach", "tong thu ngan sach"),
    "budget_spending": ("chi ngan sach", "tong chi ngan sach"),
    "land_revenue": ("tien su dung dat", "thu tien dat", "thu tu dat"),
    "bank_credit": ("tin dung", "du no", "du no tin dung"),
    "tourists": ("khach du lich", "luot khach", "du khach"),
    "tourists_foreign": ("khach quoc te", "khach nuoc ngoai"),
    "tourism_revenue": ("doanh thu du lich",),
    "room_occupancy": ("cong suat phong", "cong suat su dung phong"),
    "medical_visits": ("kham chua benh", "luot kham"),
    "insurance_coverage": ("bao hiem y te", "bao phu bao hiem y te", "bhyt"),
    "dengue_cases": ("sot xuat huyet",),
    "vaccination_rate": ("tiem chung",),
    "bed_occupancy": ("cong suat giuong benh", "giuong benh"),
    "school_attendance": ("di hoc dung tuoi",),
    "standard_schools": ("truong dat chuan", "truong chuan quoc gia"),
    "jobs_created": ("viec lam moi", "viec lam", "tao viec lam"),
    "poverty_rate": ("ho ngheo", "ty le ho ngheo", "ngheo da chieu"),
    "trained_workers": ("lao dong qua dao tao",),
    "social_insurance": ("bao hiem xa hoi", "bhxh"),
    "dossiers_received": ("ho so tiep nhan", "thu tuc hanh chinh tiep nhan", "so ho so"),
    "dossiers_on_time": ("ho so dung han", "dung han ho so", "giai quyet dung han"),
    "dossiers_online": ("ho so truc tuyen", "dich vu cong truc tuyen", "truc tuyen toan trinh"),
    "satisfaction": ("hai long", "muc do hai long"),
    "solid_waste_collected": ("thu gom rac", "rac thai", "thu gom rac thai"),
    "clean_water": ("nuoc sach",),
    "land_conversion": ("dat lua chuyen muc dich", "chuyen muc dich dat lua"),
    "traffic_accidents": ("tai nan giao thong", "vu tai nan"),
    "traffic_deaths": ("nguoi chet do tai nan", "chet vi tai nan", "tu vong do tai nan"),
    "fires": ("vu chay", "chay no", "hoa hoan"),
    "crimes": ("pham phap hinh su", "vu an hinh su", "toi pham"),
    "population": ("dan so", "so dan", "bao nhieu dan"),
    "births": ("tre sinh ra", "so tre sinh", "sinh"),
}
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "pm25": ("bui min", "bui pm2.5", "pm 2.5", "pm2.5", "pm2,5", "pm25"),
    "pm10": ("bui pm10", "pm 10", "pm10"),
    "o3": ("ozon", "ozone", "o3"),
    "no2": ("no2", "nito dioxit"),
    "so2": ("so2", "luu huynh dioxit"),
    "co": ("khi co", "carbon monoxit", "co"),
    "temperature": ("nhiet do", "nhiet do khong khi"),
    "humidity": ("do am",),
    "wind_speed": ("toc do gio", "gio manh"),
    "do": ("oxy hoa tan", "oxi hoa tan"),
    "nh4": ("amoni", "nh4"),
    "salinity": ("do man", "nhiem man", "xam nhap man"),
}
INDEX_WORDS: Mapping[str, tuple[str, ...]] = {
    "vn_aqi_hour": ("aqi", "vn_aqi", "vn aqi", "chi so aqi", "chat luong khong khi", "khong khi", "o nhiem khong khi"),
    "vn_wqi": ("wqi", "vn_wqi", "vn wqi", "chi so wqi"),
    "qcvn08": ("chat luong nuoc", "chat luong nuoc mat", "o nhiem nuoc"),
}
FEATURES: Mapping[str, tuple[str, ...]] = {
    "school": ("truong hoc", "truong", "truong mam non tieu hoc"),
    "clinic": ("co so y te", "tram y te", "benh vien", "phong kham"),
    "camera": ("camera", "may quay"),
    "air_station": ("tram khong khi", "tram quan trac khong khi", "tram do khong khi"),
    "water_station": ("tram nuoc", "tram quan trac nuoc", "tram do nuoc"),
    "parcel": ("thua dat", "so thua"),
}
FEEDBACK = ("phan anh", "phan anh kien nghi", "kien nghi", "1022", "phan anh hien truong", "phan anh cua nguoi dan")
OVERDUE = ("tre han", "qua han", "cham tre", "cham xu ly")
OPEN = ("chua xu ly", "dang xu ly", "ton dong", "chua xong")
ALERTS = ("canh bao", "viec can chu y", "can chu y")
RAIN = ("luong mua", "mua bao nhieu", "mua")
_LEADS = re.compile(r"^(?:ty le|so vu|so nguoi|so|tong|muc do|gia tri|von|kim ngach|dien tich|cong suat)\s+")


@cache
def measures() -> Mapping[str, tuple[Measure, ...]]:
    """Folded words -> what they may mean, longest first; more than one meaning is a question to ask back."""
    found: dict[str, list[Measure]] = {}

    def add(words: Iterable[str], measure: Measure) -> None:
        for text in words:
            meanings = found.setdefault(_plain(text), [])
            if measure not in meanings:
                meanings.append(measure)

    for layer in registry().values():
        if layer.series is not None:
            _add_series(layer, add)
        elif layer.indicators is not None:
            for item in layer.indicators.indicators:
                if item.computed:  # asked of what they are computed from
                    continue
                title = fold(item.title.vi)
                names = {title, re.sub(r"\s*\(.*?\)", "", title), _LEADS.sub("", title), fold(item.title.en)}
                add((*names, *SPOKEN.get(item.code, ())), Measure("indicator", layer.id, item.code))
        elif layer.grid is not None and layer.grid.time == "day":
            add((fold(layer.grid.title.vi), *RAIN), Measure("grid", layer.id))
    for name, words in FEATURES.items():
        if name in registry():
            add((*words, fold(registry()[name].title.vi)), Measure("features", name))
    if "feedback" in registry():
        add(FEEDBACK, Measure("feedback", "feedback"))
    if "parcel" in registry():
        for code in LAND_CODES:
            add((fold(code.title.vi), f"dat {code.value.lower()}"), Measure("land", "parcel", code.value))
        add(("dat lua", "dien tich lua", "dien tich dat lua"), Measure("land", "parcel", "LUA"))
        add(("dat o", "dien tich dat o"), Measure("land", "parcel", "OTC"))
        add(("dien tich dat", "dat dai"), Measure("land", "parcel"))
    add(ALERTS, Measure("alerts", "alert"))
    longest_first = sorted(found, key=lambda words: -len(words))
    return {words: tuple(found[words]) for words in longest_first if len(words) > 1}


def _add_series(layer: Layer, add: object) -> None:
    assert layer.series is not None
    assert callable(add)
    if layer.series.sampled:
        wanted = [p for p in layer.series.parameters if not _elsewhere(p.name, layer)]
    else:
        wanted = list(layer.series.parameters)
    for parameter in wanted:
        names = (parameter.title.vi, parameter.name, *(a for a in parameter.aliases if len(a) > 2))
        words = PARAMETERS.get(parameter.name, ())
        water = layer.series.station_layer == "water_station"
        if parameter.name == "temperature" and water:
            words = ("nhiet do nuoc",)
            names = (parameter.title.vi,)
        add((*(fold(name) for name in names), *words), Measure("parameter", layer.id, parameter.name))
    for index in layer.series.indices:
        if index in INDEX_WORDS and not (layer.series.sampled and _indexed_elsewhere(index, layer)):
            add((*INDEX_WORDS[index], fold(INDICES[index].title.vi)), Measure("index", layer.id, index))


def _elsewhere(name: str, layer: Layer) -> bool:
    """Whether an hourly layer measures the same: that one is meant."""
    return any(
        other.id != layer.id and other.series is not None and any(p.name == name for p in other.series.parameters)
        for other in registry().values()
    )


def _indexed_elsewhere(index: str, layer: Layer) -> bool:
    return any(other.id != layer.id and other.series is not None and index in other.series.indices
               for other in registry().values())  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.replace("₂", "2").replace("₃", "3").lower().split())


@cache
def categories() -> Mapping[str, str]:
    """Folded words of the fields of citizen feedback -> code."""
    spoken = {"o ga": "infrastructure", "duong": "infrastructure", "den duong": "lighting", "ngap": "flooding"}
    return {fold(code.title.vi): code.value for code in FEEDBACK_CATEGORIES} | spoken

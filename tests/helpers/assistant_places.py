"""Places for questions in tests: a few units of before and after the reform, and three stations."""

from __future__ import annotations

from datetime import date

from spatial.admin_units import fold
from spatial.assistant.parse import Name
from spatial.assistant.query import Level, Place

REFORM, BEFORE = date(2025, 7, 1), date(2008, 8, 1)
TODAY = date(2026, 11, 22)


def unit(title: str, level: Level, name: str, *, former: bool = False, key: str = "") -> Name:
    place = Place("unit", key or title, title, level)
    span = (BEFORE, REFORM) if former else (REFORM, None)
    return Name(fold(name), name.lower(), place, *span)


def station(code: str, name: str, layer: str) -> list[Name]:
    place = Place("station", code, name, "station", layer)
    return [Name(fold(name), name.lower(), place), Name(fold(code), code.lower(), place)]


PLACES = [
    unit("Tỉnh Ninh Bình", "province", "Ninh Bình"),
    *(unit(f"Phường {name}", "commune", name) for name in ("Phủ Lý", "Nam Định", "Hoa Lư", "Tam Điệp")),
    *(unit(f"Xã {name}", "commune", name) for name in ("Giao Thủy", "Hải Hậu", "Ý Yên", "Kim Sơn")),
    unit("Xã Bình Minh", "commune", "Bình Minh", key="Bình Minh, Nam Định"),
    unit("Xã Bình Minh", "commune", "Bình Minh", key="Bình Minh, Ninh Bình"),
    unit("Xã Cồn Thoi", "commune", "Cồn Thoi", former=True),
    unit("Thành phố Nam Định", "district", "Nam Định", former=True),
    *(
        unit(f"Huyện {name}", "district", name, former=True)
        for name in ("Giao Thủy", "Hải Hậu", "Ý Yên", "Kim Sơn", "Nghĩa Hưng")
    ),
    *station("KK01", "Trạm Phủ Lý", "air_station"),
    *station("KK05", "Trạm Khu công nghiệp Hòa Xá", "air_station"),
    *station("NM03", "Sông Đáy tại Gián Khẩu", "water_station"),
]

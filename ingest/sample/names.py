"""Names of places and people, put together from syllables. People are obviously synthetic."""

from __future__ import annotations

import numpy as np

FIRST = (
    "Tân", "An", "Bình", "Phú", "Hòa", "Vĩnh", "Thanh", "Yên", "Đông", "Tây", "Trung", "Xuân", "Hải", "Giao", "Nghĩa",
    "Trực", "Khánh", "Liên", "Gia", "Quang", "Minh", "Hồng", "Đức", "Thịnh", "Mỹ", "Kim", "Long", "Châu", "Văn",
    "Thái", "Hưng", "Đại", "Thụy", "Ngọc", "Lạc", "Cẩm", "Bạch", "Diên", "Thượng", "Hạ",
)  # fmt: skip
SECOND = (
    "Phú", "Hòa", "Bình", "An", "Thành", "Sơn", "Giang", "Thủy", "Lộc", "Phong", "Thịnh", "Hưng", "Tiến", "Lợi", "Tân",
    "Trung", "Thắng", "Cường", "Hải", "Vân", "Khê", "Lâm", "Dương", "Quang", "Minh", "Đức", "Mỹ", "Xá", "Nội", "Trạch",
    "Đình", "Lý", "Ngãi", "Thuận", "Hậu", "Đường", "Bối", "Vượng",
)  # fmt: skip
DISTRICTS = (
    "Sơn Khê", "Lạc Sơn Hà", "Thạch Lâm", "Yên Trạch", "Kim Thượng", "Thanh Lý", "Bình Hà", "Đông Hải", "Xuân Giang",
    "Nghĩa Thành", "Trực Nam", "Hải Vân", "Giao Phong", "Ý Dương", "Vụ Đình", "Mỹ Hưng", "Vĩnh Lộc Hà", "Gia Vượng",
    "Nho Giang", "Hoa Khê", "Tam Sơn Hạ", "Phát Hải", "Quan Đình", "Liêm Hà",
)  # fmt: skip
PROVINCES = {"94": "Sơn Hà (mẫu)", "95": "Hải Thanh (mẫu)", "96": "Lam Giang (mẫu)"}
NEW_PROVINCE = "Sông Hà (mẫu tổng hợp)"
RIVERS = ("Sông Hà", "Sông Lam", "Sông Thanh")
SEARCH_EXAMPLE = "Nam Định"
REPEATED = ("Tân Phú", "Bình An", "Hòa Bình", "Thanh Sơn")  # borne twice, in different districts, as in reality
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")


def commune_names(rng: np.random.Generator, count: int) -> list[str]:
    """So many different names of communes."""
    pairs = [f"{first} {second}" for first in FIRST for second in SECOND if first != second]
    pairs = [pair for pair in pairs if pair not in REPEATED]
    return [pairs[i] for i in rng.permutation(len(pairs))[:count]]


def person_names(numbers: np.ndarray) -> list[str]:
    """«Nguyễn Văn Mẫu 000123»: a person of that number, who cannot exist."""
    return [f"{_FAMILY[int(n) % len(_FAMILY)]} Văn Mẫu {int(n):06d}" for n in numbers]

"""The ten subjects a leader looks through, in the order of the tabs of the operations centre.

What a tab shows is data: indicators name their domain (``Indicator.domain``), and a tab names what stands out among
them and which lists of other layers go with it. A province replaces this file as it replaces the indicators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from layers.model import Text

REGULATED = Text(vi="cơ quan được phân công trong quy chế", en="the agency named in the regulation")

type ListKind = Literal["features", "cameras", "stations", "alerts", "feedback", "ask"]


@dataclass(frozen=True, slots=True)
class TabList:
    """A list beside the indicators of a tab.

    ``features``: objects of a layer counted by unit and class (derived.feature_summary); ``cameras``: the same with
    their state; ``stations``: index of the stations of a layer now; ``alerts``: open alerts of a cause; ``feedback``:
    the way to the statistics of reports; ``ask``: the search box with example questions.
    """

    kind: ListKind
    title: Text
    layer: str | None = None
    link: str | None = None  # page that says more


@dataclass(frozen=True, slots=True)
class Domain:
    """One tab of the overview. ``id`` stands in its address.

    ``highlights``: codes of the indicators that lead, the first is on the map; those the catalogue lacks are skipped.
    ``senders``: who sends the figures, said when there are none.
    """

    id: str
    title: Text
    icon: str
    highlights: tuple[str, ...] = ()
    lists: tuple[TabList, ...] = ()
    senders: Text = REGULATED
    questions: tuple[Text, ...] = ()


_ALL = (
    Domain(
        "socio_economic", Text(vi="Kinh tế - xã hội", en="Socio-economy"), "▤",
        highlights=("grdp", "industrial_output", "retail_sales", "budget_revenue", "public_investment",
                    "investment_total", "exports", "new_enterprises"),
        senders=Text(vi="Cục Thống kê, Sở Tài chính, Sở Công Thương",
                     en="Statistics Office, Department of Finance, Department of Industry and Trade"),
    ),
    Domain(
        "health", Text(vi="Y tế", en="Health"), "✚",
        highlights=("medical_visits", "insurance_coverage", "dengue_cases", "vaccination_rate", "bed_occupancy"),
        lists=(TabList("features", Text(vi="Cơ sở y tế", en="Health facilities"), layer="clinic"),),
        senders=Text(vi="Sở Y tế", en="Department of Health"),
    ),
    Domain(
        "education", Text(vi="Giáo dục", en="Education"), "✎",
        highlights=("school_attendance", "standard_schools"),
        lists=(TabList("features", Text(vi="Trường học", en="Schools"), layer="school"),),
        senders=Text(vi="Sở Giáo dục và Đào tạo", en="Department of Education and Training"),
    ),
    Domain(
        "environment", Text(vi="Tài nguyên và môi trường", en="Environment and resources"), "❀",
        highlights=("solid_waste_collected", "clean_water", "land_conversion"),
        lists=(
            TabList("stations", Text(vi="Chất lượng không khí bây giờ", en="Air quality now"),
                    layer="air_observation", link="/stations"),
            TabList("alerts", Text(vi="Cảnh báo đang mở", en="Open alerts"), link="/alerts"),
            TabList("features", Text(vi="Thửa đất theo loại đất", en="Parcels by land use"), layer="parcel"),
        ),
        senders=Text(vi="Sở Nông nghiệp và Môi trường", en="Department of Agriculture and Environment"),
    ),
    Domain(
        "tourism", Text(vi="Du lịch", en="Tourism"), "✈",
        highlights=("tourists", "tourism_revenue", "tourists_foreign", "room_occupancy"),
        senders=Text(vi="Sở Văn hóa, Thể thao và Du lịch", en="Department of Culture, Sports and Tourism"),
    ),
    Domain(
        "feedback", Text(vi="Phản ánh của người dân", en="Citizen feedback"), "✉",
        highlights=("feedback_received", "feedback_on_time", "feedback_overdue", "feedback_satisfied",
                    "feedback_median_hours"),
        lists=(TabList("feedback", Text(vi="Thống kê phản ánh", en="Statistics of reports"),
                       link="/feedback/statistics"),),
        senders=Text(vi="Tổng đài 1022, các đơn vị xử lý", en="the 1022 hotline and the handling units"),
    ),
    Domain(
        "administration", Text(vi="Hành chính công", en="Public administration"), "▣",
        highlights=("dossiers_on_time", "dossiers_received", "dossiers_online", "satisfaction"),
        senders=Text(vi="Văn phòng UBND tỉnh, Trung tâm Phục vụ hành chính công",
                     en="Office of the People's Committee, public service centre"),
    ),
    Domain(
        "public_order", Text(vi="Trật tự, an toàn", en="Public order"), "⛨",
        highlights=("traffic_accidents", "traffic_deaths", "fires", "crimes", "camera_online"),
        lists=(TabList("cameras", Text(vi="Camera", en="Cameras"), layer="camera", link="/cameras"),),
        senders=Text(vi="Công an tỉnh", en="Provincial police"),
    ),
    Domain(
        "press", Text(vi="Báo chí, mạng xã hội", en="Press and social media"), "▧",
        senders=Text(vi="Sở Văn hóa, Thể thao và Du lịch, Báo và Đài phát thanh truyền hình tỉnh",
                     en="Department of Culture, Sports and Tourism, the provincial newspaper and broadcaster"),
    ),
    Domain(
        "assistant", Text(vi="Hỏi đáp", en="Questions"), "?",
        lists=(TabList("ask", Text(vi="Hỏi số liệu", en="Ask for figures"), link="/ask"),),
        questions=(
            Text(vi="GRDP so cùng kỳ", en="GRDP so cùng kỳ"),
            Text(vi="top 5 xã hộ nghèo cao nhất", en="top 5 xã hộ nghèo cao nhất"),
            Text(vi="AQI hiện nay", en="AQI hiện nay"),
            Text(vi="PM2.5 7 ngày qua", en="PM2.5 7 ngày qua"),
        ),
    ),
)  # fmt: skip

DOMAINS: Mapping[str, Domain] = MappingProxyType({domain.id: domain for domain in _ALL})

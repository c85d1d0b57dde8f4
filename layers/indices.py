"""The indices the law names: levels with words and colours, version of the scale, and where each rule comes from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from layers.index_scales import AIR_POLLUTANTS, QCVN08_CLASSES, WATER_PARAMETERS
from layers.model import Frozen, Text

type Confidence = Literal["confirmed", "two_sources", "memory", "project"]

CONFIDENCE: Mapping[Confidence, Text] = MappingProxyType(
    {
        "confirmed": Text(vi="đã đối chiếu văn bản", en="seen in the text of the law"),
        "two_sources": Text(vi="hai nguồn công khai trùng nhau", en="two independent public sources agree"),
        "memory": Text(vi="chưa xác nhận", en="from memory, unconfirmed"),
        "project": Text(vi="quy ước của hệ thống", en="convention of this system, no law behind it"),
    }
)


class Level(Frozen):
    """One step of an index: low <= rounded value <= high."""

    number: int  # 1 = best
    low: int
    high: int
    title: Text
    colour: str
    text_colour: str
    letter: str  # A = best; on badges, so that colour is not the only sign
    advice: Text  # for everyone; of water: what it is good for
    advice_sensitive: Text | None = None


class Rule(Frozen):
    """One rule of an index, how sure it is, and the setting that changes it."""

    text: Text
    source: str
    confidence: Confidence
    setting: str | None = None  # environment variable


class Index(Frozen):
    """One index of a station."""

    id: str
    title: Text
    short: Text  # on badges and in tables
    levels: tuple[Level, ...]  # best first
    best: Literal["low", "high"]  # which end of the scale is good
    scale_version: str  # stored with every value
    source: Text
    period: Literal["hour", "day"]
    parameters: tuple[str, ...]  # it is made of, where the layer has them
    rules: tuple[Rule, ...]

    def level(self, number: int) -> Level:
        """The level of that number; KeyError when there is none."""
        for level in self.levels:
            if level.number == number:
                return level
        raise KeyError(number)


BLACK, WHITE = "#000000", "#FFFFFF"
OUTDOORS = Text(vi="Hoạt động ngoài trời bình thường", en="Be outdoors as usual")
SHUT = Text(vi="Ở trong nhà, đóng cửa; đeo khẩu trang khi cần", en="Stay indoors with windows shut; mask when needed")

AIR_LEVELS = (
    Level(number=1, low=0, high=50, letter="A", colour="#00E400", text_colour=BLACK, title=Text(vi="Tốt", en="Good"),
          advice=OUTDOORS, advice_sensitive=OUTDOORS),
    Level(number=2, low=51, high=100, letter="B", colour="#FFFF00", text_colour=BLACK,
          title=Text(vi="Trung bình", en="Moderate"), advice=OUTDOORS,
          advice_sensitive=Text(vi="Theo dõi ho, khó thở", en="Watch for cough and short breath")),
    Level(number=3, low=101, high=150, letter="C", colour="#FF7E00", text_colour=BLACK, title=Text(vi="Kém", en="Poor"),
          advice=Text(vi="Giảm hoạt động ngoài trời nếu có triệu chứng", en="Less time outdoors when you have symptoms"),
          advice_sensitive=Text(vi="Giảm vận động mạnh và thời gian ở ngoài",
                                en="Less hard exercise and less time outdoors")),
    Level(number=4, low=151, high=200, letter="D", colour="#FF0000", text_colour=BLACK, title=Text(vi="Xấu", en="Bad"),
          advice=Text(vi="Giảm vận động mạnh ngoài trời", en="Less hard exercise outdoors"),
          advice_sensitive=Text(vi="Ở trong nhà; ra ngoài đeo khẩu trang đạt chuẩn",
                                en="Stay indoors; wear a certified mask outdoors")),
    Level(number=5, low=201, high=300, letter="E", colour="#8F3F97", text_colour=WHITE,
          title=Text(vi="Rất xấu", en="Very bad"),
          advice=Text(vi="Hạn chế tối đa ra ngoài; đeo khẩu trang khi cần", en="Avoid going out; mask when needed"),
          advice_sensitive=Text(vi="Ở trong nhà, giảm vận động", en="Stay indoors and move little")),
    Level(number=6, low=301, high=500, letter="F", colour="#7E0023", text_colour=WHITE,
          title=Text(vi="Nguy hại", en="Hazardous"), advice=SHUT, advice_sensitive=SHUT),
)  # fmt: skip

# In VN_WQI «Xấu» is better than «Kém»; in VN_AQI it is the other way round. The letters follow the order.
WATER_LEVELS = (
    Level(number=1, low=91, high=100, letter="A", colour="#3333FF", text_colour=WHITE,
          title=Text(vi="Rất tốt", en="Very good"), advice=Text(vi="Cấp nước sinh hoạt", en="Domestic water supply")),
    Level(number=2, low=76, high=90, letter="B", colour="#00E400", text_colour=BLACK, title=Text(vi="Tốt", en="Good"),
          advice=Text(vi="Cấp nước sinh hoạt sau xử lý phù hợp", en="Domestic supply after suitable treatment")),
    Level(number=3, low=51, high=75, letter="C", colour="#FFFF00", text_colour=BLACK,
          title=Text(vi="Trung bình", en="Medium"), advice=Text(vi="Tưới tiêu và tương đương", en="Irrigation and the like")),
    Level(number=4, low=26, high=50, letter="D", colour="#FF7E00", text_colour=BLACK, title=Text(vi="Xấu", en="Bad"),
          advice=Text(vi="Giao thông thủy và tương đương", en="Navigation and the like")),
    Level(number=5, low=10, high=25, letter="E", colour="#FF0000", text_colour=BLACK, title=Text(vi="Kém", en="Poor"),
          advice=Text(vi="Ô nhiễm nặng, cần xử lý", en="Heavily polluted, needs treatment")),
    Level(number=6, low=0, high=9, letter="F", colour="#7E0023", text_colour=WHITE,
          title=Text(vi="Ô nhiễm rất nặng", en="Very heavily polluted"),
          advice=Text(vi="Nhiễm độc, cần khắc phục", en="Toxic, needs remedy")),
)  # fmt: skip

# The standard gives the classes no colours; these are the ones of VN_WQI, from good to poor.
CLASS_LEVELS = (
    Level(number=1, low=1, high=1, letter="A", colour="#3333FF", text_colour=WHITE, title=Text(vi="Mức A", en="Class A"),
          advice=Text(vi="Chất lượng nước tốt", en="Good water")),
    Level(number=2, low=2, high=2, letter="B", colour="#00E400", text_colour=BLACK, title=Text(vi="Mức B", en="Class B"),
          advice=Text(vi="Chất lượng nước trung bình", en="Medium water")),
    Level(number=3, low=3, high=3, letter="C", colour="#FFFF00", text_colour=BLACK, title=Text(vi="Mức C", en="Class C"),
          advice=Text(vi="Chất lượng nước xấu", en="Bad water")),
    Level(number=4, low=4, high=4, letter="D", colour="#FF0000", text_colour=BLACK, title=Text(vi="Mức D", en="Class D"),
          advice=Text(vi="Chất lượng nước rất xấu", en="Very bad water")),
)  # fmt: skip

D1459, D1460, QCVN08 = "Quyết định 1459/QĐ-TCMT", "Quyết định 1460/QĐ-TCMT", "QCVN 08:2023/BTNMT"

_AIR_RULES = (
    Rule(text=Text(vi="Chỉ số thành phần: nội suy tuyến tính theo Bảng 2; vượt bảng là 500",
                   en="Sub-index: straight lines between the breakpoints of table 2; above the table 500"),
         source=D1459, confidence="confirmed"),
    Rule(text=Text(vi="Phải có PM2.5 hoặc PM10, nếu không thì không công bố chỉ số",
                   en="PM2.5 or PM10 is needed; without both there is no index"), source=D1459, confidence="confirmed"),
    Rule(text=Text(vi="Làm tròn nửa lên từng chỉ số thành phần, rồi lấy giá trị lớn nhất; bằng nhau thì nêu tất cả",
                   en="Each sub-index is rounded half up, the largest is the index; on a tie all are named"),
         source=D1459, confidence="project"),
    Rule(text=Text(vi="Chỉ trạm chuẩn được công bố VN_AQI; cảm biến tham khảo thì không",
                   en="Only standard stations publish a VN_AQI, reference sensors do not"),
         source="TT 10/2021/TT-BTNMT, Điều 29", confidence="confirmed"),
    Rule(text=Text(vi="Trạm chưa khai loại được coi là trạm chuẩn; giờ trạm không gửi gì thì không có chỉ số",
                   en="A station without a stated class counts as standard; an hour in which it sent nothing has no index"),
         source="quy ước / convention", confidence="project"),
)  # fmt: skip
_NOWCAST = (
    Rule(text=Text(vi="PM: NowCast 12 giờ; cần hai trong ba giờ gần nhất",
                   en="PM: NowCast of 12 hours; two of the newest three hours are needed"),
         source=D1459, confidence="confirmed"),
    Rule(text=Text(vi="NowCast luôn chia cho tổng trọng số, kể cả khi w = 1/2; mọi giá trị bằng 0 thì NowCast = 0",
                   en="NowCast is divided by the sum of weights also when w = 1/2; all values 0 give 0"),
         source=D1459, confidence="project"),
    Rule(text=Text(vi="O₃ giờ: chỉ dùng cột 1 giờ", en="O₃ of an hour: the 1 h column only"), source=D1459,
         confidence="confirmed"),
)  # fmt: skip
_AIR_DAY = (
    Rule(text=Text(vi="PM: trung bình 24 giờ (01:00 đến 00:00 hôm sau); SO₂, NO₂, CO: giờ cao nhất; O₃: lớn hơn giữa giờ cao nhất và trung bình 8 giờ cao nhất (8 giờ trên 400 µg/m³ không tính)",
                   en="PM: mean of 24 hours (01:00 to 00:00); SO₂, NO₂, CO: highest hour; O₃: the larger of the highest hour and the highest 8 h mean (not computed above 400 µg/m³)"),
         source=D1459, confidence="confirmed"),
    Rule(text=Text(vi="Trung bình 24 giờ cần ít nhất 75 % số giờ (18/24)", en="A 24 h mean needs 75 % of its hours (18 of 24)"),
         source="không tìm thấy văn bản / no text retrieved", confidence="memory", setting="GEOIOC_COMPLETENESS_DAY"),
    Rule(text=Text(vi="Trung bình 8 giờ cần ít nhất 75 % số giờ (6/8)", en="An 8 h mean needs 75 % of its hours (6 of 8)"),
         source="không tìm thấy văn bản / no text retrieved", confidence="memory", setting="GEOIOC_COMPLETENESS_8H"),
)  # fmt: skip
_WATER_RULES = (
    Rule(text=Text(vi="Cần ít nhất 3 trong 5 nhóm; nhóm IV bắt buộc với ít nhất 3 thông số",
                   en="At least 3 of the 5 groups; group IV always, with at least 3 of its parameters"),
         source=D1460, confidence="confirmed"),
    Rule(text=Text(vi="Thang điểm từng thông số và công thức tổng hợp", en="Ladders of the parameters and aggregation"),
         source=D1460, confidence="two_sources"),
    Rule(text=Text(vi="Thiếu nhóm I, II, III: hệ số 1; thiếu nhóm V: chỉ lấy trung bình nhóm IV",
                   en="A missing group I, II or III counts as 1; without group V the mean of group IV stands alone"),
         source=D1460, confidence="two_sources"),
    Rule(text=Text(vi="Không dùng biến thể có trọng số (IV² × V)^(1/3)", en="The weighted variant (IV² × V)^(1/3) is off"),
         source=D1460, confidence="memory", setting="GEOIOC_WQI_WEIGHTED"),
    Rule(text=Text(vi="Giá trị dưới ngưỡng phát hiện được thay bằng nửa ngưỡng",
                   en="A value below the detection limit is replaced by half the limit"),
         source="chính sách của đơn vị / project policy", confidence="project", setting="GEOIOC_BELOW_DETECTION"),
    Rule(text=Text(vi="Số nguyên, làm tròn nửa lên một lần ở cuối; mức lấy theo số đã làm tròn",
                   en="Whole number, rounded half up once at the end; the level is that of the rounded number"),
         source=D1460, confidence="project"),
)  # fmt: skip
_CLASS_RULES = (
    Rule(text=Text(vi="Mức theo từng thông số, Bảng 2 (sông, suối, kênh) và Bảng 3 (hồ, ao, đầm)",
                   en="Class by parameter, table 2 (rivers, canals) and table 3 (lakes, ponds)"),
         source=QCVN08, confidence="confirmed"),
    Rule(text=Text(vi="Mức của mẫu là mức kém nhất trong các thông số", en="A sample takes the worst class among its parameters"),
         source=QCVN08, confidence="memory"),
    Rule(text=Text(vi="TSS vượt mức B được xếp mức C: không đo rác nổi", en="TSS beyond class B is class C: floating litter is not measured"),
         source=QCVN08, confidence="project"),
    Rule(text=Text(vi="Trạm tự động: xét giá trị trung bình ngày có đủ 75 % số giờ",
                   en="Automatic stations: the daily mean of at least 75 % of the hours is judged"),
         source="quy ước / convention", confidence="project", setting="GEOIOC_COMPLETENESS_DAY"),
)  # fmt: skip

_CLASS_PARAMETERS = tuple(dict.fromkeys(name for rules in QCVN08_CLASSES.values() for name in rules))
_AIR_SOURCE = Text(vi=f"{D1459} ngày 12/11/2019", en="Decision 1459/QĐ-TCMT of 12 November 2019")

INDICES: Mapping[str, Index] = MappingProxyType(
    {
        index.id: index
        for index in (
            Index(id="vn_aqi_hour", title=Text(vi="VN_AQI giờ", en="VN_AQI, hourly"), short=Text(vi="AQI giờ", en="AQI h"),
                  levels=AIR_LEVELS, best="low", scale_version="VN_AQI/1459-2019", source=_AIR_SOURCE, period="hour", parameters=AIR_POLLUTANTS,
                  rules=(*_AIR_RULES, *_NOWCAST)),
            Index(id="vn_aqi_day", title=Text(vi="VN_AQI ngày", en="VN_AQI, daily"), short=Text(vi="AQI ngày", en="AQI d"),
                  levels=AIR_LEVELS, best="low", scale_version="VN_AQI/1459-2019", source=_AIR_SOURCE, period="day", parameters=AIR_POLLUTANTS,
                  rules=(*_AIR_RULES, *_AIR_DAY)),
            Index(id="vn_wqi", title=Text(vi="VN_WQI", en="VN_WQI"), short=Text(vi="WQI", en="WQI"),
                  levels=WATER_LEVELS, best="high", scale_version="VN_WQI/1460-2019",
                  source=Text(vi=f"{D1460} (số liệu theo hai nguồn công khai)",
                              en="Decision 1460/QĐ-TCMT (numbers by two public sources)"),
                  period="day", parameters=(*WATER_PARAMETERS, "temperature"), rules=_WATER_RULES),
            Index(id="qcvn08", title=Text(vi="Mức theo QCVN 08:2023", en="Class by QCVN 08:2023"),
                  short=Text(vi="QCVN 08", en="QCVN 08"), levels=CLASS_LEVELS, best="low",
                  scale_version="QCVN08/2023", source=Text(vi=f"{QCVN08}, Bảng 2 và 3", en=f"{QCVN08}, tables 2 and 3"),
                  period="day", parameters=_CLASS_PARAMETERS, rules=_CLASS_RULES),
        )
    }
)  # fmt: skip

# Why an index cannot be given: code in derived.station_index.reason.
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "no_particles": Text(vi="Không có số liệu PM2.5, PM10", en="Neither PM2.5 nor PM10 was received"),
        "few_hours": Text(vi="Chưa đủ số giờ có giá trị hợp lệ", en="Too few hours with valid values"),
        "few_groups": Text(vi="Không đủ 3 nhóm thông số", en="Fewer than 3 groups of parameters"),
        "group_iv_too_small": Text(vi="Nhóm IV có dưới 3 thông số", en="Group IV has fewer than 3 parameters"),
        "no_parameters": Text(vi="Không có giá trị hợp lệ của thông số thuộc quy chuẩn", en="No valid value of a parameter of the standard"),
        "reference_station": Text(vi="Cảm biến tham khảo, không công bố chỉ số", en="Reference sensor, publishes no index"),
        "no_data": Text(vi="Chưa có số liệu", en="No data"),
    }
)  # fmt: skip


def level_of(index_id: str, value: float) -> Level:
    """The level of a value. It is that of the rounded number (half up): VN_WQI 9.51 is 10 and «Kém».

    :raises KeyError: when there is no such index.
    :raises ValueError: when the value lies outside the scale.
    """
    number = int(value + 0.5)
    for level in INDICES[index_id].levels:
        if level.low <= number <= level.high:
            return level
    raise ValueError(f"{value:g} is not on the scale of {index_id}")

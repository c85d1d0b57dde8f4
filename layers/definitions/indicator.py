"""Indicators by unit and period, with yearly plans; the set is data a province replaces: ``layers/catalogues``."""

from layers.catalogue import read_catalogue
from layers.model import IndicatorTable, Layer, Overlay, Source, Text

CATALOGUE = read_catalogue()

LAYER = Layer(
    id="indicator",
    title=Text(vi="Chỉ tiêu kinh tế - xã hội", en="Socio-economic indicators"),
    description=Text(
        vi="Giá trị theo đơn vị hành chính và kỳ, kế hoạch năm và tình trạng số liệu.",
        en="Values by administrative unit and period, yearly plan and state of the figure.",
    ),
    agency=Text(vi="Cục Thống kê", en="Statistics Office"),
    legal_basis="Law 89/2015/QH13; Decision 05/2023/QĐ-TTg",
    licence="CC-BY-4.0",
    update_cycle=Text(vi="hằng tháng", en="monthly"),
    kind="indicator",
    indicators=IndicatorTable(
        unit_code=("MA_DVHC", "unit_code"),
        unit_valid_from=("HIEU_LUC_TU", "unit_valid_from"),
        indicator=("CHI_TIEU", "indicator"),
        period=("KY", "period"),
        value=("GIA_TRI", "value"),
        state=("TINH_TRANG", "state"),
        published_on=("NGAY_CONG_BO", "published_on"),
        cumulative=("LUY_KE", "cumulative"),
        issued_on=("NGAY_GIAO", "issued_on"),
        document=("VAN_BAN", "document"),
        units=("SO_DON_VI", "reporting_units"),
        groups=CATALOGUE.groups,
        indicators=CATALOGUE.indicators,
    ),
    source=Source(pattern="indicator*.csv*"),
    overlay=Overlay(kind="choropleth", group=Text(vi="Kinh tế - xã hội", en="Socio-economy"), colour="#2166ac", shown=True, order=5),
)  # fmt: skip

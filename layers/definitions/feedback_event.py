"""History of citizen reports: one row per change of state."""

from layers.code_lists import FEEDBACK_STATES
from layers.model import Column, Layer, NotNull, OneOf, Overlay, Source, Text

LAYER = Layer(
    id="feedback_event",
    title=Text(vi="Diễn biến xử lý phản ánh", en="Feedback history"),
    description=Text(vi="Mỗi dòng là một lần đổi trạng thái.", en="One row per change of state."),
    agency=Text(vi="Trung tâm IOC", en="Operations centre"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="liên tục", en="continuous"),
    access="internal",
    kind="record",
    table="feedback_event",
    parent="feedback",
    columns=(
        Column(name="tracking_code", type="text", key=True, checks=(NotNull(),),
               title=Text(vi="Mã tra cứu", en="Tracking code"), source=("MA_PA",)),
        Column(name="sequence", type="integer", key=True, checks=(NotNull(),),
               title=Text(vi="Thứ tự", en="Sequence"), source=("THU_TU",)),
        Column(name="state", type="text", codes=FEEDBACK_STATES, checks=(NotNull(), OneOf()),
               title=Text(vi="Trạng thái", en="State"), source=("TRANG_THAI",)),
        Column(name="happened_at", type="datetime", checks=(NotNull(),), title=Text(vi="Lúc", en="At"),
               source=("THOI_DIEM",)),
        Column(name="actor", type="text", title=Text(vi="Đơn vị thực hiện", en="By"), source=("DON_VI",)),
        Column(name="action", type="text", title=Text(vi="Thao tác", en="Action"), source=("THAO_TAC",)),
        Column(name="to_unit", type="text", title=Text(vi="Chuyển đến", en="Sent to"), source=("CHUYEN_DEN",)),
        Column(name="until", type="datetime", title=Text(vi="Hẹn đến", en="Promised until"), source=("HEN_DEN",)),
        Column(name="internal", type="boolean", title=Text(vi="Nội bộ", en="Internal"), source=("NOI_BO",)),
        Column(name="note", type="text", title=Text(vi="Ghi chú", en="Note"), source=("GHI_CHU",)),
    ),
    time_column="happened_at",
    source=Source(pattern="feedback_event*.csv*"),
    overlay=Overlay(kind="none", group=Text(vi="Người dân", en="Citizens"), order=36),
)  # fmt: skip

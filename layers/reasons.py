"""Why a row is rejected, or kept with a finding, in words: said by ingest reports and by the page of data alike."""

from __future__ import annotations

from collections.abc import Mapping

from layers.model import Text

REASONS: Mapping[str, Text] = {
    "broken_row": Text(vi="Dòng sai số cột", en="wrong number of columns"),
    "not_null": Text(vi="Thiếu giá trị bắt buộc", en="required value missing"),
    "not_a_number": Text(vi="Không phải là số", en="not a number"),
    "not_an_integer": Text(vi="Không phải là số nguyên", en="not a whole number"),
    "not_a_date": Text(vi="Không phải là ngày", en="not a date"),
    "not_a_datetime": Text(vi="Không phải là thời điểm", en="not a time"),
    "not_a_boolean": Text(vi="Không phải là có/không", en="not a yes or no"),
    "not_a_coordinate": Text(vi="Tọa độ không đọc được", en="coordinates cannot be read"),
    "range": Text(vi="Ngoài khoảng cho phép", en="out of range"),
    "sentinel": Text(vi="Thiết bị báo thiếu giá trị", en="device says no value"),
    "one_of": Text(vi="Không có trong danh mục", en="not in the code list"),
    "pattern": Text(vi="Sai dạng quy định", en="wrong pattern"),
    "not_before": Text(vi="Sai thứ tự thời gian", en="ends before it begins"),
    "duplicate_key": Text(vi="Trùng khóa trong tệp", en="key repeated in the file"),
    "geometry_missing": Text(vi="Không có vị trí", en="no position"),
    "geometry_type": Text(vi="Sai kiểu hình học", en="wrong kind of geometry"),
    "invalid_geometry": Text(vi="Hình học không hợp lệ", en="invalid geometry"),
    "repaired_geometry": Text(vi="Hình học đã được sửa", en="geometry repaired"),
    "outside_province": Text(vi="Nằm ngoài địa bàn", en="outside the province"),
    "swapped_coordinates": Text(vi="Kinh độ, vĩ độ bị đổi chỗ", en="latitude and longitude exchanged"),
    "overlapping_version": Text(vi="Trùng thời gian hiệu lực", en="overlaps another version of the unit"),
    "unknown_key": Text(vi="Không có đối tượng này", en="no such feature"),
    "unknown_parent": Text(vi="Không có hồ sơ gốc", en="no such parent record"),
    "unknown_station": Text(vi="Không có trạm này", en="no such station"),
    "unknown_parameter": Text(vi="Không có thông số này", en="no such parameter"),
    "unit_not_convertible": Text(vi="Đơn vị đo không đổi được", en="unit of measure cannot be converted"),
    "unknown_unit": Text(vi="Không có đơn vị hành chính này", en="no such administrative unit"),
    "unknown_indicator": Text(vi="Không có chỉ tiêu này", en="no such indicator"),
    "unknown_state": Text(vi="Tình trạng số liệu không rõ", en="unknown state of the figure"),
    "other_period": Text(vi="Sai kỳ của chỉ tiêu", en="not the period of the indicator"),
    "computed_indicator": Text(vi="Chỉ tiêu do hệ thống tự tính", en="computed by the platform, not reported"),
    "cumulative_rate": Text(vi="Tỷ lệ lũy kế không tách được", en="a cumulative rate cannot be taken apart"),
    "cumulative_gap": Text(vi="Thiếu kỳ trước của số lũy kế", en="earlier periods of a cumulative figure missing"),
    "cumulative_falls": Text(vi="Số lũy kế giảm", en="cumulative figure falls"),
}

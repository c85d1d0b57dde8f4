"""What may be forecast, and the sentence people read when it may not.

A stored reason is a code; :func:`explain` gives its sentence in either language.
"""

from __future__ import annotations

from layers.model import Text

REASONS = {
    "empty": Text(vi="Chuỗi chưa có giá trị hợp lệ nào.", en="The series has no valid value yet."),
    "stale": Text(
        vi="Giá trị hợp lệ cuối cùng đã quá 7 ngày.", en="The last valid value is more than 7 days old."
    ),
    "late": Text(
        vi="Hơn 24 giờ chưa có giá trị hợp lệ; dùng mô hình cơ sở.",
        en="No valid value for more than 24 hours; the baseline is shown.",
    ),
    "constant": Text(
        vi="Giá trị không đổi trong 28 ngày; có thể cảm biến bị kẹt.",
        en="The value has not changed for 28 days; the sensor may be stuck.",
    ),
    "short": Text(
        vi="Chuỗi có dưới 7 ngày số liệu, chưa đủ để dự báo.",
        en="The series has less than 7 days of values, too few for a forecast.",
    ),
    "young": Text(
        vi="Chuỗi có dưới 28 ngày số liệu; dùng mô hình cơ sở.",
        en="The series has less than 28 days of values; the baseline is shown.",
    ),
    "gaps": Text(
        vi="Thiếu hơn 40% số giờ trong 28 ngày qua; dùng mô hình cơ sở.",
        en="More than 40% of the last 28 days is missing; the baseline is shown.",
    ),
    "no_skill": Text(
        vi="Trong các kỳ kiểm chứng gần đây, mô hình chưa tốt hơn mô hình cơ sở; dùng mô hình cơ sở.",
        en="The model was no better than the baseline in recent verified forecasts; the baseline is shown.",
    ),
    "worse_than_naive": Text(
        vi="Gần đây cả mô hình cơ sở cũng không tốt hơn cách lấy giá trị gần nhất hoặc cùng giờ hôm trước.",
        en="Recently not even the baseline was better than the last value, or than the same hour yesterday.",
    ),
    "old_input": Text(
        vi="Số liệu đầu vào đã cũ hơn 3 giờ so với thời điểm dự báo.",
        en="The newest input is more than 3 hours older than the time of issue.",
    ),
    "no_record": Text(
        vi="Chưa đủ kỳ kiểm chứng để biết mô hình có tốt hơn mô hình cơ sở; dùng mô hình cơ sở.",
        en="Too few verified forecasts to know whether the model is better; the baseline is shown.",
    ),
    "no_training": Text(
        vi="Thông số chưa đủ số liệu để huấn luyện mô hình; dùng mô hình cơ sở.",
        en="The parameter has too few values to train a model; the baseline is shown.",
    ),
    "no_interval": Text(
        vi="Chưa đủ sai số kiểm chứng để nêu khoảng dự báo.", en="Too few verified errors to state an interval."
    ),
    "under_two_years": Text(
        vi="Chuỗi có dưới 24 tháng; dùng trung vị của các mô hình đơn giản.",
        en="The series has less than 24 months; the median of simple models is shown.",
    ),
    "under_one_year": Text(
        vi="Chuỗi có dưới 12 tháng, chưa thấy được mùa vụ; giữ giá trị gần nhất.",
        en="The series has less than 12 months and shows no season yet; the last level is kept.",
    ),
    "few_months": Text(
        vi="Chuỗi có dưới 6 tháng, chưa đủ để dự báo.",
        en="The series has less than 6 months, too few for a forecast.",
    ),
    "months_missing": Text(
        vi="Thiếu quá nhiều tháng trong hai năm gần nhất.", en="Too many of the last 24 months are missing."
    ),
    "months_stale": Text(
        vi="Số liệu cuối cùng đã quá 6 tháng.", en="The last figure is more than 6 months old."
    ),
    "unit_ended": Text(
        vi="Đơn vị hành chính đã kết thúc; số liệu được nối sang đơn vị kế tục.",
        en="The administrative unit has ended; its figures go on in its successors.",
    ),
    "months_constant": Text(
        vi="Giá trị không đổi; dự báo giữ nguyên giá trị.", en="The value never changes; the forecast keeps it."
    ),
    "not_finite": Text(
        vi="Mô hình không cho kết quả hữu hạn; dùng mô hình cơ sở.",
        en="The model gave no finite result; the baseline is shown.",
    ),
}  # fmt: skip


def reason(code: str) -> str:
    """Code as stored with an issue; KeyError for one nobody wrote a sentence for."""
    REASONS[code]
    return code


def explain(stored: str, language: str) -> str:
    """The sentence of a stored reason in ``vi`` or ``en``; older issues hold ``code: sentence``."""
    code, _, sentence = stored.partition(": ")
    return REASONS[code][language] if code in REASONS else sentence or stored

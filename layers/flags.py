"""Marks on observed values: bits of ``core.observation.flag`` and ``derived.observation_hourly.flag``, 0 = good."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntFlag

from layers.model import Text


class Flag(IntFlag):
    """Why an observed value is doubtful."""

    RANGE = 1  # outside what the parameter can be
    SPIKE = 2  # jump from its neighbours in time
    FLAT = 4  # the instrument is stuck
    SENTINEL = 8  # the device said «no value» with a number
    CALIBRATION = 16  # status 1
    FAULT = 32  # status 2
    INCONSISTENT = 64  # PM2.5 above PM10
    DUPLICATE = 128  # the file gives two values for the same time
    NEIGHBOUR = 256  # disagrees with the stations around it
    DRIFT = 512  # walks away from the network
    CLOCK = 1024  # the logger's clock is wrong: the series fits its past and its neighbours some hours later
    SPARSE = 2048  # of an hour only: too few good values in it for a mean
    REJECTED = 4096  # of an hour only: a person has judged its values bad


FLAG_TITLES: Mapping[Flag, Text] = {
    Flag.RANGE: Text(vi="Ngoài khoảng đo", en="Out of range"),
    Flag.SPIKE: Text(vi="Nhảy vọt", en="Spike"),
    Flag.FLAT: Text(vi="Đứng giá trị", en="Stuck value"),
    Flag.SENTINEL: Text(vi="Mã báo thiếu", en="No-value code"),
    Flag.CALIBRATION: Text(vi="Đang hiệu chuẩn", en="Calibration"),
    Flag.FAULT: Text(vi="Thiết bị lỗi", en="Device fault"),
    Flag.INCONSISTENT: Text(vi="Mâu thuẫn (PM2.5 > PM10)", en="Contradiction (PM2.5 > PM10)"),
    Flag.DUPLICATE: Text(vi="Hai giá trị cùng giờ", en="Two values for one time"),
    Flag.NEIGHBOUR: Text(vi="Lệch với trạm lân cận", en="Disagrees with neighbours"),
    Flag.DRIFT: Text(vi="Trôi dần", en="Drift"),
    Flag.CLOCK: Text(vi="Sai đồng hồ", en="Wrong clock"),
    Flag.SPARSE: Text(vi="Giờ thiếu số liệu", en="Too few values in the hour"),
    Flag.REJECTED: Text(vi="Cán bộ loại bỏ", en="Rejected by staff"),
}


def flags_of(mask: int) -> list[Flag]:
    """The single marks in a stored mask, lowest bit first."""
    return [flag for flag in Flag if mask & flag]


# Set and taken back by the step of the roll-up that looks at the whole network; ingest leaves them as they are.
NETWORK_FLAGS = Flag.NEIGHBOUR | Flag.DRIFT | Flag.CLOCK

"""Inputs of processes: read once, refused with a sentence."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from flask import has_request_context, request
from pygeoapi.process.base import ProcessorExecuteError
from sqlalchemy import Connection

from spatial.admin_units import LEVELS, Unit
from spatial.errors import UnknownUnit
from spatial.queries.units import get_unit
from spatial.settings import LOCAL_ZONE


class BadInput(ProcessorExecuteError):
    """An input is missing or wrong; the sentence says which."""

    ogc_exception_code = "InvalidParameterValue"
    http_status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, user_msg=sentence)


def refuse_unknown(data: Any, known: tuple[str, ...]) -> dict[str, Any]:
    """The inputs as a dictionary.

    :raises BadInput: for an input the process does not have.
    """
    if not isinstance(data, dict):
        raise BadInput("inputs is a JSON object.")
    for name in data:
        if name not in known:
            raise BadInput(f"There is no input {name!r}; the inputs are: {', '.join(known)}.")
    return data


def read_text(data: dict[str, Any], name: str, *, required: bool = False) -> str | None:
    """A text input.

    :raises BadInput: when it is missing or not a text.
    """
    value = data.get(name)
    if value is None:
        if required:
            raise BadInput(f"The input {name!r} is missing.")
        return None
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise BadInput(f"The input {name!r} is a text.")
    return value.strip()


def read_day(data: dict[str, Any], name: str) -> date | None:
    """A day input.

    :raises BadInput: when it is not a day.
    """
    value = read_text(data, name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadInput(f"{name}={value!r} is not a day like 2026-11-21.") from None


def today() -> date:
    """The day it is in Viet Nam."""
    return datetime.now(LOCAL_ZONE).date()


def find_unit(conn: Connection, *, unit: str, level: str | None, day: date | None) -> Unit:
    """The unit of a code on a day, or of a key (``code.valid_from``), which is a unit on its first day.

    :raises BadInput: when there is none.
    """
    code, _, first = unit.partition(".")
    if level is not None and level not in LEVELS:
        raise BadInput(f"There is no level {level!r}; the levels are {', '.join(LEVELS)}.")
    as_of = day or today()
    if first:
        try:
            as_of = date.fromisoformat(first)
        except ValueError:
            raise BadInput(f"{unit!r} is neither a code like 94001 nor a key like 94001.2025-07-01.") from None
    try:
        found = get_unit(conn, code=code, level=level, as_of=as_of)
    except UnknownUnit as error:
        raise BadInput(str(error)) from None
    if first and found.key != unit:
        raise BadInput(f"There is no unit of key {unit!r}.")
    return found


def in_english() -> bool:
    """Whether the visitor asked for English."""
    return has_request_context() and request.args.get("lang", "").startswith("en")

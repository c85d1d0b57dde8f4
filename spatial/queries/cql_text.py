"""CQL2 text to pygeofilter's tree, by our own grammar (cql2.lark says why)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import shapely
from lark import Lark, Token, v_args
from pygeofilter import ast, values
from pygeofilter.parsers.cql2_text.parser import CQLTransformer

TEMPORAL = {
    "T_AFTER": ast.TimeAfter, "T_BEFORE": ast.TimeBefore, "T_EQUALS": ast.TimeEquals, "T_DISJOINT": ast.TimeDisjoint,
    "T_DURING": ast.TimeDuring,
    "T_INTERSECTS": ast.TimeOverlaps,  # the node pygeofilter's JSON parser makes of it, too
}  # fmt: skip


@v_args(inline=True)
class _Tree(CQLTransformer):
    def temporal(self, name: Token, lhs: Any, rhs: Any) -> ast.Node:
        return TEMPORAL[str(name).upper()](lhs, rhs)

    def date(self, text: str) -> date:
        return date.fromisoformat(text)

    def timestamp(self, text: str) -> datetime:
        return datetime.fromisoformat(text)

    def interval(self, start: Any, end: Any) -> values.Interval:
        return values.Interval(_moment(start), _moment(end))

    def function(self, name: Token, *arguments: Any) -> ast.Node:
        return ast.Function(str(name).lower(), list(arguments))

    def bbox(self, low_x: float, low_y: float, high_x: float, high_y: float) -> values.Envelope:
        return values.Envelope(low_x, high_x, low_y, high_y)

    def geometry(self, text: Token) -> values.Geometry:
        return values.Geometry(shapely.geometry.mapping(shapely.from_wkt(str(text))))

    def SINGLE_QUOTED(self, token: Token) -> str:
        return token[1:-1].replace("''", "'")


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or value == "..":
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


@cache
def _parser() -> Lark:
    grammar = files("spatial.queries").joinpath("cql2.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def parse(text: str) -> ast.Node:
    """The tree of a filter; raises what lark and the value readers raise."""
    return _Tree().transform(_parser().parse(text))

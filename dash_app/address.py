"""Where in the application somebody is: the page's rule, what it found in the path, and the query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from dash_app.state import read_language


@dataclass(frozen=True)
class Address:
    """An address of the application, read."""

    path: str
    rule: str  # key of the page in PAGES
    parts: Mapping[str, Any] = field(default_factory=dict)  # what the rule's <...> stand for
    query: Mapping[str, str] = field(default_factory=dict)
    language: str = "vi"

    def link(self, **changes: str | None) -> str:
        """The same address with some of the query changed; None takes a name away."""
        query = {name: value for name, value in (dict(self.query) | changes).items() if value is not None}
        return self.path + (f"?{urlencode(query, safe=':,')}" if query else "")


def site_map(rules: Iterable[str]) -> Map:
    """Rules as werkzeug writes them: ``/stations/<layer>/<path:key>``, ``/alerts/<int:alert>``."""
    return Map([Rule(rule, endpoint=rule) for rule in rules], strict_slashes=False)


def read_address(site: Map, pathname: str | None, search: str | None) -> Address | None:
    """The address of a path and query as the browser gives them; None when there is no such page."""
    path = unquote(pathname or "/")
    try:
        rule, parts = site.bind("").match(path)
    except NotFound:
        return None
    query = dict(parse_qsl((search or "").lstrip("?"), keep_blank_values=True))
    return Address(path, rule, parts, query, read_language(search))

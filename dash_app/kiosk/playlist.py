"""Playlists of a wall: which views, how long each. From the address, or by name from ``data/kiosk.toml``.

In the address: ``views=/overview/health?unit=37.2025-07-01|20,/map#theme=indicator.grdp|30|Tên hiện trên tường`` with
``%``, ``#``, ``&`` and ``+`` of a view percent-encoded as in any query. A comma begins the next view only before ``/``,
so that a view may hold commas itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from dash_app.i18n import say
from spatial.errors import GeoIOCError
from spatial.settings import data_settings

SECONDS, LEAST, MOST = 30, 5, 3600
VIEWS_MOST = 40
# What a wall turns through unless it is told.
DEFAULT = (("/", 30), ("/overview", 30), ("/map", 40), ("/alerts", 30))
_NEXT = re.compile(r",(?=/)")


class PlaylistRefused(GeoIOCError):
    """A playlist that cannot be shown; the sentence says why."""


@dataclass(frozen=True)
class View:
    """One view: an address of this site, how many seconds, and the title over it (None: as the page is called)."""

    address: str
    seconds: int = SECONDS
    title: str | None = None

    def framed(self, language: str, look: str) -> str:
        """The address as the wall opens it: without header and controls, in the wall's language and look."""
        parts = urlsplit(self.address)
        query = {name: value for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "kiosk"}
        if language == "en":
            query["lang"] = "en"
        query |= {"kiosk": "1"} | ({"look": look} if look != "dark" else {})
        hash_part = f"#{parts.fragment}" if parts.fragment else ""
        return f"{parts.path}?{urlencode(query, safe=':,')}{hash_part}"


def read_playlist(
    query: Mapping[str, str], several: Sequence[str], known: Callable[[str], bool], language: str
) -> list[View]:
    """The views of an address: ``views``, one or more ``view``, or ``playlist``; else the usual ones.

    ``known`` says whether a path is a page of this site.

    :raises PlaylistRefused: when a view is no page of this site, a duration no number, or a playlist unknown.
    """
    if query.get("views") or several:
        said = [*_NEXT.split(query.get("views") or ""), *several]
        views = [_spoken(text.strip(), language) for text in said if text.strip()]
    elif query.get("playlist"):
        views = named_playlists(language).get(query["playlist"], [])
        if not views:
            raise PlaylistRefused(
                say("kiosk.bad_playlist", language, name=query["playlist"], file=str(playlist_file()))
            )
    else:
        views = [View(address, seconds) for address, seconds in DEFAULT if known(address)]
    if not views:
        raise PlaylistRefused(say("kiosk.no_views", language))
    if len(views) > VIEWS_MOST:
        raise PlaylistRefused(say("kiosk.many_views", language, n=VIEWS_MOST))
    for view in views:
        _check(view, known, language)
    return views


def _spoken(text: str, language: str) -> View:
    address, _, rest = text.partition("|")
    seconds, _, title = rest.partition("|")
    if seconds and not seconds.strip().isdecimal():
        raise PlaylistRefused(say("kiosk.bad_seconds", language, view=address, seconds=seconds, low=LEAST, high=MOST))
    return View(address.strip(), int(seconds) if seconds else SECONDS, title.strip() or None)


def _check(view: View, known: Callable[[str], bool], language: str) -> None:
    parts = urlsplit(view.address)
    own = view.address.startswith("/") and not view.address.startswith("//") and "\\" not in view.address
    if not own or parts.scheme or parts.netloc or parts.path.startswith("/kiosk") or not known(parts.path):
        raise PlaylistRefused(say("kiosk.bad_view", language, view=view.address))
    if not LEAST <= view.seconds <= MOST:
        raise PlaylistRefused(
            say("kiosk.bad_seconds", language, view=view.address, seconds=view.seconds, low=LEAST, high=MOST)
        )


def playlist_file() -> Path:
    """Where named playlists are written down."""
    return data_settings().root / "kiosk.toml"


def named_playlists(language: str) -> dict[str, list[View]]:
    """Playlists of ``data/kiosk.toml``: ``[name]`` with ``views = ["/map|30", {address = "/", seconds = 20}]``.

    :raises PlaylistRefused: when the file is not understood.
    """
    path = playlist_file()
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        return {name: [_written(item, language) for item in table["views"]] for name, table in content.items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise PlaylistRefused(say("kiosk.bad_file", language, file=str(path), reason=str(error))) from None


def _written(item: Any, language: str) -> View:
    if isinstance(item, str):
        return _spoken(item, language)
    return View(str(item["address"]), int(item.get("seconds", SECONDS)), item.get("title"))

"""OGC API - Features over ``spatial.queries.features``. pygeoapi builds one per request, so building it is free."""

from __future__ import annotations

import json
from collections import OrderedDict
from functools import cache
from typing import Any, cast
from urllib.parse import quote, urlencode

from flask import has_request_context, request
from pygeoapi.provider.base import BaseProvider
from sqlalchemy.exc import DataError, InternalError, ProgrammingError

from pygeoapi_config.crs import srid_of
from pygeoapi_config.errors import BadRequest, NotFound
from pygeoapi_config.geojson import FeatureTexts
from pygeoapi_config.patches import RawFilter, TaggedBox, TargetCrs
from pygeoapi_config.times import read_period
from pygeoapi_config.versions import VERSIONS
from spatial.access import PUBLIC, connect
from spatial.queries.cql import FilterError, parse_filter, read_value, to_condition
from spatial.queries.feature_sources import Source, sources
from spatial.queries.features import Box, Page, Selection, Shape, count, read_one, read_page
from spatial.settings import server_settings

COUNT_BOUND = 50_000  # a filtered count stops here; the answer then leaves numberMatched out
COUNTS_KEPT = 512
OWN_PARAMETERS = ("after", "v")  # place of keyset pages; layer version in a URL a cache may keep for ever
JSON_TYPES = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean", "date": "string",
              "datetime": "string"}  # fmt: skip
GDAL_PAGE = 1000  # GDAL before 3.8 names no agent, asks for 10 and follows the next link as it stands


@cache
def _fields(collection: str, language: str) -> dict[str, dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {}
    for item in sources()[collection].properties.values():
        entry: dict[str, Any] = {"type": JSON_TYPES[item.type], "title": item.title[language]}
        if item.type in ("date", "datetime"):
            entry["format"] = "date" if item.type == "date" else "date-time"
        if item.unit:
            entry["x-ogc-unit"] = item.unit
        if item.codes:
            entry["enum"] = list(item.codes)
        fields[item.name] = entry
    return fields


_counts: OrderedDict[tuple[str, int, str], int | None] = OrderedDict()


class FeatureProvider(BaseProvider):
    """Items of one collection; ``data`` in the configuration is the id of its source."""

    def __init__(self, definition: dict[str, Any]) -> None:
        # BaseProvider.__init__ would build a pyproj CRS at every request; these are the attributes pygeoapi reads.
        self.name, self.type, self.data = definition["name"], definition["type"], definition["data"]
        self.editable = False
        self.id_field = definition["id_field"]
        self.time_field = definition.get("time_field")
        self.title_field = definition.get("title_field")
        self.uri_field = None
        self.properties: list[str] = []
        self.filename = None
        self.include_extra_query_parameters = True  # so that an unknown parameter is refused, not ignored
        self.storage_crs = None
        self.crs = None
        self.axes: list[str] = []
        self._source = sources()[self.data]

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """JSON schema of each property, titles in the language of the request."""
        english = has_request_context() and request.args.get("lang", "").startswith("en")
        # pygeoapi edits what it is given, so every caller gets its own.
        return {name: dict(entry) for name, entry in _fields(self.data, "en" if english else "vi").items()}

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        return self.get_fields()

    def query(
        self,
        *,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: list[float] | None = None,
        datetime_: str | None = None,
        properties: list[tuple[str, str]] | None = None,
        sortby: list[dict[str, str]] | None = None,
        select_properties: list[str] | None = None,
        skip_geometry: bool = False,
        crs_transform_spec: TargetCrs | None = None,
        filterq: RawFilter | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """A page of features.

        :raises BadRequest: naming the parameter that is wrong.
        """
        extra = {name: value for name, value in properties or () if name in OWN_PARAMETERS}
        equal = [(name, value) for name, value in properties or () if name not in OWN_PARAMETERS]
        selection = self._selection(bbox, datetime_, equal, filterq)
        shape = Shape(
            properties=tuple(dict.fromkeys(select_properties or ())),
            geometry=not skip_geometry,
            srid=crs_transform_spec.srid if crs_transform_spec else None,
        )
        sort = tuple((item["property"], item["order"] == "-") for item in sortby or ())
        page = Page(limit=limit, offset=offset, after=self._after(extra.get("after")), sort=sort)
        if page.after is not None and sort:
            raise BadRequest("after does not go with sortby: follow the next link as it stands.")
        try:
            return self._answer(selection, shape, page, hits=resulttype == "hits")
        except DataError as error:
            raise BadRequest(f"A value is out of range: {str(error.orig).splitlines()[0]}.") from None
        except (ProgrammingError, InternalError, RecursionError):
            if filterq is None:
                raise
            raise BadRequest("The filter compares what cannot be compared, or is nested too deep.") from None

    def get(self, identifier: str, *, crs_transform_spec: TargetCrs | None = None, **_: Any) -> dict[str, Any]:
        """One feature.

        :raises NotFound: when there is none of that key.
        """
        shape = Shape(srid=crs_transform_spec.srid if crs_transform_spec else None)
        with connect(PUBLIC) as conn:
            found = read_one(conn, source=self._source, key=identifier, shape=shape)
        if found is None:
            raise NotFound(f"There is no item {identifier!r} in {self.data}.")
        return cast(dict[str, Any], json.loads(found))

    def _answer(self, selection: Selection, shape: Shape, page: Page, *, hits: bool) -> dict[str, Any]:
        with connect(PUBLIC) as conn:
            matched = self._count(conn, selection)
            if hits:
                found_texts, last = [], None
            else:
                found = read_page(conn, source=self._source, selection=selection, shape=shape, page=page)
                found_texts, last = found.features, found.last
        answer: dict[str, Any] = {
            "type": "FeatureCollection",
            "features": FeatureTexts(found_texts, matched=matched, complete=last is None),
            "numberReturned": len(found_texts),
            "links": [],
        }
        # pygeoapi would add an offset link; ours stays exact however deep and while rows come and go.
        if last is not None and not page.sort and not page.offset:
            answer["links"].append(self._next_link(last))
        return answer

    def _count(self, conn: Any, selection: Selection) -> int | None:
        """Exact, or None when counting would be slow; remembered until the layer changes."""
        version = VERSIONS.of(self._source.layer_id)
        asked = _count_parameters() if has_request_context() else None
        key = None if version is None or asked is None else (self.data, version, asked)
        if key is not None and key in _counts:
            _counts.move_to_end(key)
            return _counts[key]
        matched = count(
            conn, source=self._source, selection=selection, bound=None if selection.everything else COUNT_BOUND
        )
        if key is not None:
            _counts[key] = matched
            while len(_counts) > COUNTS_KEPT:
                _counts.popitem(last=False)
        return matched

    def _selection(
        self,
        bbox: list[float] | None,
        datetime_: str | None,
        equal: list[tuple[str, str]],
        filterq: RawFilter | None,
    ) -> Selection:
        try:
            period = read_period(datetime_)
        except ValueError as error:
            raise BadRequest(str(error)) from None
        return Selection(
            box=_box(bbox),
            period=period,
            equal=tuple((name, self._value(name, value)) for name, value in equal),
            condition=None if filterq is None else self._condition(filterq),
        )

    def _value(self, name: str, value: str) -> object:
        if name not in self._source.properties:
            known = ", ".join(self._source.properties)
            raise BadRequest(f"There is no parameter or property {name!r} here; the properties are: {known}.")
        kind = self._source.properties[name].type
        try:
            return read_value(value, kind)
        except ValueError:
            raise BadRequest(f"{name}={value!r} is not a value of type {kind}.") from None

    def _condition(self, raw: RawFilter) -> Any:
        try:
            srid = srid_of(request.args.get("filter-crs")) if has_request_context() else None
            return to_condition(parse_filter(raw.text, language=raw.language), source=self._source, srid=srid)
        except (FilterError, ValueError) as error:
            raise BadRequest(str(error)) from None

    def _after(self, value: str | None) -> tuple[object, ...] | None:
        if value is None:
            return None
        parts = value.split("~")
        try:
            return tuple(read(part) for (_, read), part in zip(self._source.order, parts, strict=True))
        except ValueError:
            raise BadRequest(f"after={value!r} is not a place in this collection: follow the next link.") from None

    def _next_link(self, last: tuple[str, ...]) -> dict[str, str]:
        arguments = [(k, v) for k, v in request.args.items(multi=True) if k not in ("after", "offset", "f")]
        agent = request.headers.get("User-Agent", "")
        if (not agent or agent.startswith("GDAL")) and request.args.get("limit") == "10":
            arguments = [(k, str(GDAL_PAGE) if k == "limit" else v) for k, v in arguments]
        query = urlencode([("f", request.args.get("f", "json")), *arguments, ("after", "~".join(last))])
        collection = quote(request.path.split("/collections/", 1)[1].split("/", 1)[0])
        return {
            "type": "application/geo+json",
            "rel": "next",
            "title": "Trang sau" if not request.args.get("lang", "").startswith("en") else "Next page",
            "href": f"{server_settings().url}/ogc/collections/{collection}/items?{query}",
        }


def _count_parameters() -> str:
    """What of a request the number of matches depends on."""
    paging = ("f", "limit", "offset", "after", "sortby", "properties", "skipGeometry", "crs", "lang", "resulttype", "v")
    body = request.get_data(as_text=True) if request.method == "POST" else ""
    return urlencode(sorted((k, v) for k, v in request.args.items() if k not in paging)) + body


def _box(bbox: list[float] | None) -> Box | None:
    if not bbox:
        return None
    values = list(bbox)
    if len(values) == 6:  # heights are allowed by the standard and mean nothing here
        values = [*values[:2], *values[3:5]]
    srid = bbox.srid if isinstance(bbox, TaggedBox) else None
    return Box(values[0], values[1], values[2], values[3], srid)


def source_of(definition: dict[str, Any]) -> Source:
    """The source a provider definition names."""
    return sources()[definition["data"]]

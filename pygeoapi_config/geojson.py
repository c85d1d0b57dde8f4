"""Features as PostgreSQL wrote them: passed through as text, parsed only when somebody looks inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, SupportsIndex

from pygeoapi.util import json_serial


class FeatureTexts(list):
    """A list of GeoJSON features that stays text until it is read (HTML, CSV and JSON-LD read it, GeoJSON does not)."""

    def __init__(self, texts: list[str], *, matched: int | None = None, complete: bool = False) -> None:
        super().__init__()
        self.texts: list[str] | None = texts
        # Kept here and written by to_json: given to pygeoapi as numberMatched, it would add an offset link to a last
        # page that was reached by key.
        self.matched = matched
        self.complete = complete  # nothing follows: the next link pygeoapi adds to every full page is left out

    def _parse(self) -> None:
        if self.texts is not None:
            super().extend(json.loads(text) for text in self.texts)
            self.texts = None

    def __len__(self) -> int:
        return len(self.texts) if self.texts is not None else super().__len__()

    def __bool__(self) -> bool:
        return len(self) > 0

    def __iter__(self) -> Iterator[Any]:
        self._parse()
        return super().__iter__()

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        self._parse()
        return super().__getitem__(index)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._parse()
        super().__setitem__(index, value)


def to_json(content: Any, pretty: bool = False) -> str:
    """JSON of a response; feature texts are inserted as they are.

    Unlike pygeoapi's own, text is not HTML-escaped: the answer is JSON, and «<» is data.
    """
    if isinstance(content, dict) and isinstance(content.get("features"), FeatureTexts):
        features = content["features"]
        if features.texts is not None:
            rest = {key: value for key, value in content.items() if key not in ("features", "type")}
            if features.matched is not None:
                rest = {"numberMatched": features.matched, **rest}
            if features.complete:
                rest["links"] = [link for link in rest.get("links", ()) if link["rel"] != "next"]
            head = json.dumps(
                rest,
                default=json_serial, ensure_ascii=False, separators=(",", ":"),
            )  # fmt: skip
            separator = "," if len(head) > 2 else ""
            return f'{{"type":"FeatureCollection","features":[{",".join(features.texts)}]{separator}{head[1:]}'
    return json.dumps(
        content, default=json_serial, ensure_ascii=False, indent=2 if pretty else None,
        separators=None if pretty else (",", ":"),
    )  # fmt: skip

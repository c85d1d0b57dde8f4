"""A client of the OGC feeds in this process, mounted as the server mounts them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse

from layers.registry import registry
from pygeoapi_config.server import wsgi
from spatial.queries.feature_sources import sources

PUBLIC_ITEMS = tuple(sorted(sources()))
TILED = tuple(
    sorted(
        layer.id
        for layer in registry().values()
        if layer.access == "public" and (layer.overlay.kind == "tiles" or layer.kind == "admin_unit")
    )
)
OBSERVED = tuple(sorted(item.id for item in registry().values() if item.kind == "observation"))
GRIDS = tuple(sorted(item.id for item in registry().values() if item.kind == "grid"))


@dataclass
class Feeds:
    """Asks the feeds below /ogc."""

    client: Client

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> TestResponse:
        """GET; underscores in names of parameters stand for hyphens."""
        text = urlencode({name.replace("__", "-"): value for name, value in query.items()})
        return self.client.get(f"/ogc{path}{'?' + text if text else ''}", headers=headers)

    def json(self, path: str, **query: Any) -> Any:
        """The JSON of a good answer."""
        response = self.get(path, **{"f": "json", **query})
        assert response.status_code == 200, (path, query, response.status_code, response.get_data(as_text=True)[:500])
        return json.loads(response.get_data())

    def items(self, collection: str, **query: Any) -> list[dict[str, Any]]:
        """Features of one page."""
        features: list[dict[str, Any]] = self.json(f"/collections/{collection}/items", **query)["features"]
        return features

    def crawl(self, collection: str, **query: Any) -> list[dict[str, Any]]:
        """Features of all pages, following the next links."""
        found: list[dict[str, Any]] = []
        page = self.json(f"/collections/{collection}/items", **query)
        while True:
            found += page["features"]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            if not following:
                return found
            address = urlsplit(following[0])
            response = self.client.get(f"{address.path}?{address.query}")
            assert response.status_code == 200, response.get_data(as_text=True)[:500]
            page = json.loads(response.get_data())

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> TestResponse:
        """POST of a JSON body."""
        return self.client.post(
            f"/ogc{path}", data=json.dumps(body), content_type="application/json", headers=headers or {}
        )

    def sentence(self, response: TestResponse) -> str:
        """What a refusal says."""
        text: str = json.loads(response.get_data())["description"]
        return text


def make_feeds() -> Feeds:
    """A client; the application itself is one per process."""
    return Feeds(Client(DispatcherMiddleware(NotFound(), {"/ogc": wsgi})))

"""The ten subjects a leader looks through, in the order of the tabs of the operations centre.

What a tab shows is put together from layer files: indicators name their domain, see ``Indicator.domain``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from layers.model import Text


@dataclass(frozen=True, slots=True)
class Domain:
    """One tab of the overview. ``id`` stands in its address."""

    id: str
    title: Text
    icon: str


_ALL = (
    Domain("socio_economic", Text(vi="Kinh tế - xã hội", en="Socio-economy"), "▤"),
    Domain("health", Text(vi="Y tế", en="Health"), "✚"),
    Domain("education", Text(vi="Giáo dục", en="Education"), "✎"),
    Domain("environment", Text(vi="Tài nguyên và môi trường", en="Environment and resources"), "❀"),
    Domain("tourism", Text(vi="Du lịch", en="Tourism"), "✈"),
    Domain("feedback", Text(vi="Phản ánh của người dân", en="Citizen feedback"), "✉"),
    Domain("administration", Text(vi="Hành chính công", en="Public administration"), "▣"),
    Domain("public_order", Text(vi="Trật tự, an toàn", en="Public order"), "⛨"),
    Domain("press", Text(vi="Báo chí, mạng xã hội", en="Press and social media"), "▧"),
    Domain("assistant", Text(vi="Hỏi đáp", en="Questions"), "?"),
)

DOMAINS: Mapping[str, Domain] = MappingProxyType({domain.id: domain for domain in _ALL})

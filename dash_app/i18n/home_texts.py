"""Texts of the first page."""

from __future__ import annotations

from layers.model import Text

HOME_TEXTS: dict[str, Text] = {
    "nav.home": Text(vi="Hôm nay", en="Today"),
    "nav.overview": Text(vi="Lĩnh vực", en="Domains"),
    "nav.feedback": Text(vi="Phản ánh", en="Feedback"),
    "nav.cameras": Text(vi="Camera", en="Cameras"),
    "home.title": Text(vi="Việc cần chú ý", en="Needs attention"),
    "home.nothing": Text(vi="Không có việc nào cần chú ý.", en="Nothing needs attention."),
}

"""What people are told when an alert or a rule cannot be changed as they asked."""

from __future__ import annotations

from layers.model import Text
from spatial.errors import GeoIOCError


class AlertRefused(GeoIOCError):
    """The move is not allowed; ``words`` says why in both languages."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


class UnknownAlert(AlertRefused):
    """There is no alert, or no rule, of that number."""

"""Table objects, a file per subject; ``metadata`` is what migrations are compared with."""

from spatial.schema import admin, alert, derived, feature, observation, ops
from spatial.schema.base import metadata

__all__ = ["admin", "alert", "derived", "feature", "metadata", "observation", "ops"]

"""Table objects, a file per subject; ``metadata`` is what migrations are compared with."""

from spatial.schema import admin, alert, camera, derived, feature, feedback, observation, ops
from spatial.schema.base import metadata

__all__ = ["admin", "alert", "camera", "derived", "feature", "feedback", "metadata", "observation", "ops"]

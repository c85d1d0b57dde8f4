"""Episodes: environment alerts of neighbouring stations at overlapping times are one matter of the region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

SLACK = timedelta(hours=12)  # between the end of one and the begin of the next


@dataclass(frozen=True)
class Member:
    """An environment alert: where (index of the station), from when to when, and the episode it has already."""

    alert_id: int
    station: int
    first: datetime
    last: datetime
    episode: str | None


def group_episodes(members: Sequence[Member], near: NDArray[np.bool_], prefix: str) -> dict[int, str]:
    """Episode of each alert that is not alone, for those whose episode is not noted yet.

    An alert takes the oldest episode among those it meets; alerts that meet and have none make one, named after the
    first of them. An episode once noted stays, so that people find again what they were told of.
    """
    chosen = {member.alert_id: member.episode for member in members}
    fresh: dict[int, str] = {}
    for member in sorted(members, key=lambda item: item.alert_id):
        if chosen[member.alert_id] is not None:
            continue
        meeting = [other for other in members if other.alert_id != member.alert_id and _meet(member, other, near)]
        if not meeting:
            continue
        known = sorted(
            (other.alert_id, episode) for other in meeting if (episode := chosen[other.alert_id]) is not None
        )
        episode = known[0][1] if known else f"{prefix}-{min(member.alert_id, *(other.alert_id for other in meeting))}"
        fresh[member.alert_id] = chosen[member.alert_id] = episode
    return fresh


def _meet(one: Member, other: Member, near: NDArray[np.bool_]) -> bool:
    close = one.station == other.station or bool(near[one.station, other.station])
    return close and one.first <= other.last + SLACK and other.first <= one.last + SLACK

"""Laboratory values beyond what the method can tell: «<0,01», «KPH (LOD = 0,01)», «>24000»."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from ingest.parsing import Notation, one_array, to_mask, to_text

MICROSECONDS = 1_000_000
# «KPH» = không phát hiện, not detected; only with the limit behind it is it a value.
BELOW = r"(?i)^(?:<|≤|(?:kph|nd|bdl|lod|loq|mdl)[\s(:]*(?:(?:lod|loq|mdl|gh)?\s*[=:<]|<)?)\s*(?P<limit>[\d.,]+)\s*\)?$"
ABOVE = r"^(?:>|≥)\s*(?P<limit>[\d.,]+)$"


@dataclass(frozen=True)
class Signs:
    """Rows of a column whose text is a sign and a limit; the limit itself stays in the column."""

    below: npt.NDArray[np.bool_]
    above: npt.NDArray[np.bool_]

    @property
    def any(self) -> npt.NDArray[np.bool_]:
        """Rows with either sign."""
        return self.below | self.above


type Key = tuple[int, int, int]  # series, time in microseconds, line of the file
type Found = dict[Key, tuple[str, float]]  # sign and limit


def split_signs(column: pa.ChunkedArray | pa.Array, notation: Notation) -> tuple[pa.Array, Signs]:
    """The column with limits instead of texts such as «<0,01», and which rows those were."""
    array = one_array(column)
    none = np.zeros(len(array), dtype=bool)
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return array, Signs(none, none)
    words = to_text(array)
    below, above = (pc.extract_regex(words, pattern) for pattern in (BELOW, ABOVE))
    for found in (below, above):
        words = pc.if_else(pc.is_valid(found), pc.struct_field(found, "limit"), words)
    return words, Signs(to_mask(pc.is_valid(below)), to_mask(pc.is_valid(above)))


def stand_in(values: npt.NDArray[np.float64], signs: Signs, factor: float) -> npt.NDArray[np.float64]:
    """Limits by what stands for the value: ``factor`` times a limit of detection, the limit of what can be counted."""
    return np.where(signs.below, values * factor, values)


def keep_limits(
    conn: Connection, *, series: npt.NDArray[np.int32], time: npt.NDArray[np.int64], line: npt.NDArray[np.int64],
    found: Mapping[Key, tuple[str, float]],
) -> None:  # fmt: skip
    """Write signs and limits of the rows of a file; rows that now have a plain value lose theirs."""
    keys = list(zip(series.tolist(), time.tolist(), line.tolist(), strict=True))
    moments = [datetime.fromtimestamp(moment / MICROSECONDS, UTC) for _, moment, _ in keys]
    conn.execute(
        text(
            "DELETE FROM core.observation_limit l USING unnest(CAST(:series AS integer[]),"
            " CAST(:times AS timestamptz[])) AS k (series_id, time) WHERE l.series_id = k.series_id AND l.time = k.time"
        ),
        {"series": series.tolist(), "times": moments},
    )
    rows = [
        {"series": key[0], "time": moment, "sign": found[key][0], "value": found[key][1]}
        for key, moment in zip(keys, moments, strict=True)
        if key in found
    ]
    if rows:
        conn.execute(
            text(
                "INSERT INTO core.observation_limit (series_id, time, sign, value)"
                " VALUES (:series, :time, :sign, :value)"
            ),
            rows,
        )


def restate_limits(conn: Connection, *, factor: float) -> int:
    """Bring stored values below their limit to the policy of now; the next roll-up takes up their days.

    Returns the number of days of series.
    """
    return conn.execute(
        text(
            "WITH changed AS (UPDATE core.observation o SET value = l.value * :factor FROM core.observation_limit l"
            " WHERE o.series_id = l.series_id AND o.time = l.time AND l.sign = '<'"
            " AND o.value IS DISTINCT FROM l.value * :factor RETURNING o.series_id, o.time)"
            " INSERT INTO ops.touched_day (series_id, day) SELECT DISTINCT series_id,"
            " CAST((time - interval '1 microsecond') AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date) FROM changed"
        ),
        {"factor": factor},
    ).rowcount

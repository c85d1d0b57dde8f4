"""Cut blocks into parcels. Two rows of parcels lie back to back and share every vertex of the line between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from ingest.sample import chance
from ingest.sample.blocks import LANE, ROWS, WIDTH, Blocks
from ingest.sample.boundaries import Land
from ingest.sample.chance import Floats
from ingest.sample.ground import warp

_APART = 10_000.0  # puts each pair of rows on its own stretch of one long axis, so that one sort serves all
_DRAIN = 3.0  # metres between two pairs of rows in a block
_LONGEST = 55.0  # metres of an outer edge without a vertex; a longer one would cut into the bent lane
_BENDS = (820.0, 360.0)
LANE_KIND = len(WIDTH)


@dataclass(frozen=True, slots=True)
class Lots:
    """Parcels in the order of their blocks: polygons in EPSG:5897."""

    polygon: np.ndarray
    block: np.ndarray
    kind: np.ndarray  # index into KINDS, or LANE_KIND


def make_lots(land: Land, blocks: Blocks, *, name: str) -> Lots:
    """All parcels of the blocks; ``name`` keys the chance of this batch."""
    rng = chance.stream(land.seed, f"lots {name}")
    rows, row_block = _rows(blocks, rng)
    lanes, lane_block = _lanes(blocks)
    polygon = np.concatenate([rows, lanes])
    block = np.concatenate([row_block, lane_block])
    kind = np.concatenate([blocks.kind[row_block], np.full(len(lane_block), LANE_KIND)])
    order = np.argsort(block, kind="stable")
    bent = shapely.transform(
        polygon[order], lambda xy: warp(xy, seed=land.seed, name="fields", wavelengths=_BENDS, strength=0.024)
    )
    good = shapely.is_valid(bent)
    return Lots(polygon=np.asarray(bent)[good], block=block[order][good], kind=kind[order][good])


def _rows(blocks: Blocks, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    pairs = ROWS[blocks.kind] // 2
    block = np.repeat(np.arange(len(pairs)), pairs)
    place = np.arange(len(block)) - np.repeat(np.cumsum(pairs) - pairs, pairs)  # which pair of its block
    depth = (blocks.height[block] - _DRAIN * (pairs[block] - 1)) / (2 * pairs[block])
    base = place * (2 * depth + _DRAIN)
    length, width = blocks.length[block], WIDTH[blocks.kind[block]]
    width = width * rng.uniform(0.8, 1.3, len(block))

    near, near_pair = _cuts(length, width, rng)
    far, far_pair = _cuts(length, width, rng)
    at = np.clip(np.searchsorted(near, far), 1, len(near) - 1)
    left, right = near[at - 1], near[at]
    close = np.where(far - left < right - far, left, right)
    far = np.where(np.abs(far - close) < 1.5, close, far)  # no slivers of an edge
    far, keep = np.unique(far, return_index=True)
    far_pair = far_pair[keep]
    middle = np.unique(np.concatenate([near, far]))
    middle_pair = np.minimum((middle / _APART).astype(int), len(block) - 1)

    def nodes(cut: Floats, pair: np.ndarray, offset: Floats) -> Floats:
        local = np.column_stack([cut - pair * _APART, base[pair] + offset])
        return blocks.placed(block[pair], local + blocks.corner[block[pair]])

    wobble = depth[middle_pair] * (1 + rng.normal(0, 0.018, len(middle)))
    points = np.concatenate([
        nodes(near, near_pair, np.zeros(len(near))), nodes(middle, middle_pair, wobble),
        nodes(far, far_pair, 2 * depth[far_pair]),
    ])  # fmt: skip
    first_middle, first_far = len(near), len(near) + len(middle)
    rings_near, owner_near = _rings(near, near_pair, middle, 0, first_middle, reverse=True)
    rings_far, owner_far = _rings(far, far_pair, middle, first_far, first_middle, reverse=False)
    index = np.concatenate([rings_near[0], rings_far[0]])
    ring = np.concatenate([rings_near[1], rings_far[1] + len(owner_near)])
    polygons = shapely.polygons(shapely.linearrings(points[index], indices=ring))
    return polygons, block[np.concatenate([owner_near, owner_far])]


def _cuts(length: Floats, width: Floats, rng: np.random.Generator) -> tuple[Floats, np.ndarray]:
    """Ends and divisions of one row of each pair, on the long axis, in order; and the pair of each."""
    count = np.maximum(np.ceil(length / _LONGEST), np.round(length / width)).astype(int)
    pair = np.repeat(np.arange(len(length)), count + 1)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(count + 1) - (count + 1), count + 1)
    inner = (step > 0) & (step < count[pair])
    move = np.where(inner, rng.uniform(-0.32, 0.32, len(pair)), 0)
    return pair * _APART + length[pair] * (step + move) / count[pair], pair


def _rings(
    cut: Floats, pair: np.ndarray, middle: Floats, first_cut: int, first_middle: int, *, reverse: bool
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """(vertex numbers, ring numbers), and the pair of each ring: outer edge, then back along the middle line."""
    start = np.flatnonzero(pair[:-1] == pair[1:])
    low = np.searchsorted(middle, cut[start])
    high = np.searchsorted(middle, cut[start + 1])
    size = high - low + 1
    total = size + 3  # two outer vertices, the middle ones, the first again
    ring = np.repeat(np.arange(len(start)), total)
    place = np.arange(len(ring)) - np.repeat(np.cumsum(total) - total, total)
    a, b = (start, start + 1) if reverse else (start + 1, start)
    along = high[ring] - (place - 2) if reverse else low[ring] + (place - 2)
    index = np.where(
        (place == 0) | (place == total[ring] - 1), first_cut + a[ring],
        np.where(place == 1, first_cut + b[ring], first_middle + along),
    )  # fmt: skip
    return (index, ring), pair[start]


def _lanes(blocks: Blocks) -> tuple[np.ndarray, np.ndarray]:
    """The lane below and the lane left of each block, with a vertex about every 30 m."""
    gap, steps = 2.0, 5
    number = np.arange(len(blocks.kind))
    rings, owners = [], []
    for upright in (False, True):
        length = blocks.height if upright else blocks.length + LANE
        start = 0.0 if upright else -LANE
        t = np.linspace(0, 1, steps + 1)
        along = start + np.concatenate([t, t[::-1], t[:1]])[None, :] * length[:, None]
        across = np.concatenate([np.full(steps + 1, gap - LANE), np.full(steps + 1, -gap), [gap - LANE]])
        across = np.broadcast_to(across, along.shape)
        local = np.stack([across, along] if upright else [along, across], axis=-1)
        local = local + blocks.corner[:, None, :]
        owner = np.repeat(number, local.shape[1])
        points = blocks.placed(owner, local.reshape(-1, 2)).reshape(local.shape)
        rings.append(points)
        owners.append(number)
    polygons = shapely.polygons(shapely.linearrings(np.concatenate(rings)))
    return polygons, np.concatenate(owners)

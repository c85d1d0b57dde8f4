"""Values of a unit for a time in which it did not exist, put together from the units that did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from spatial.admin_units import METHODS, Link, Method, Unit, Weight, predecessors, rebuilt_from, worst
from spatial.analysis.indicators import STATES

type Alternative = tuple[Weight, ...]

# Sources that make up less of the unit's people than this give no value: a sum with a hole is not a sum.
COMPLETE = 0.98


class Crosswalk:
    """Where a unit's value of any day comes from. Knows the units it was given and the links between them."""

    def __init__(self, units: Iterable[Unit], links: Iterable[Link]) -> None:
        self.units = {unit.id: unit for unit in units}
        self._into: dict[int, list[Link]] = {}
        self._out_of: dict[int, list[Link]] = {}
        for link in links:
            if link.predecessor_id in self.units and link.successor_id in self.units:
                self._into.setdefault(link.successor_id, []).append(link)
                self._out_of.setdefault(link.predecessor_id, []).append(link)
        self._below: dict[int, list[Unit]] = {}
        for unit in self.units.values():
            if unit.parent_id is not None:
                self._below.setdefault(unit.parent_id, []).append(unit)

    def alternatives(self, unit_id: int, day: date) -> list[Alternative]:
        """Sets of sources, the best first; each set makes up the unit.

        Before its first day a unit is made of its predecessors of the same level, else of districts. After its last
        day a district is rebuilt from communes; an old province from its districts, else cut out of the new one.
        """
        unit = self.units[unit_id]
        if unit.valid_on(day):
            return [(Weight(unit_id, 1.0, 1.0, 1.0, "exact"),)]
        if day < unit.valid_from:
            steps = predecessors(self._into.get(unit_id, ()), unit_id)
        else:
            steps = rebuilt_from(self._out_of.get(unit_id, ()), unit_id)
        found = [self._expand(group, day) for group in self._by_level(unit, steps)]
        if unit.level == "province" and not day < unit.valid_from:
            found.insert(0, self._of_districts(unit, day))
        return [alternative for alternative in found if alternative]

    def _by_level(self, unit: Unit, steps: Sequence[Weight]) -> list[list[Weight]]:
        levels = (unit.level, *(level for level in ("commune", "district", "province") if level != unit.level))
        groups = [[step for step in steps if self.units[step.unit_id].level == level] for level in levels]
        return [group for group in groups if group]

    def _expand(self, steps: Iterable[Weight], day: date) -> Alternative:
        """Follow sources that were not in force on the day either (a second reform)."""
        whole: dict[int, Weight] = {}
        for step in steps:
            further = self.alternatives(step.unit_id, day)
            for weight in further[0] if further else ():
                _add(whole, _chain(step, weight))
        return tuple(whole.values())

    def _of_districts(self, province: Unit, day: date) -> Alternative:
        districts = [unit for unit in self._below.get(province.id, ()) if unit.level == "district"]
        people = [unit.population or 1 for unit in districts]
        whole: dict[int, Weight] = {}
        for district, count in zip(districts, people, strict=True):
            for weight in next(iter(self.alternatives(district.id, day)), ()):
                _add(whole, replace(weight, part=weight.part * count / sum(people)))
        return tuple(whole.values())


def _chain(step: Weight, further: Weight) -> Weight:
    return Weight(
        further.unit_id,
        step.area * further.area,
        step.people * further.people,
        step.part * further.part,
        worst((step.method, further.method)),
    )


def _add(whole: dict[int, Weight], weight: Weight) -> None:
    """Two ways to the same source add up, and two halves that make it whole are exact again."""
    had = whole.get(weight.unit_id)
    if had is None:
        whole[weight.unit_id] = weight
        return
    people = had.people + weight.people
    method: Method = "exact" if people > 1 - 1e-6 else worst((had.method, weight.method))
    whole[weight.unit_id] = Weight(weight.unit_id, had.area + weight.area, people, had.part + weight.part, method)


@dataclass(frozen=True)
class Figures:
    """Figures of units (rows) in columns. ``state`` and ``method`` are places in STATES and METHODS."""

    value: NDArray[np.float64]  # NaN = none
    state: NDArray[np.int8]
    method: NDArray[np.int8]


def combine(
    rows: Mapping[int, int],
    alternatives: Sequence[Sequence[Alternative]],
    values: NDArray[np.float64],
    states: NDArray[np.int8],
    *,
    averaged: NDArray[np.bool_],
) -> Figures:
    """Figures of units (one list of alternatives each) from figures of their sources; too much missing = no value.

    :param rows: row of ``values`` and ``states`` by unit id.
    :param values: sources x columns, NaN where there is no figure.
    :param averaged: columns of rates: averaged, weighted by people. Others add up by shares of people.
    """
    shape = (len(alternatives), values.shape[1])
    found = Figures(np.full(shape, np.nan), np.zeros(shape, np.int8), np.zeros(shape, np.int8))
    present = np.isfinite(values)
    known = np.where(present, values, 0.0)
    for number in range(max(map(len, alternatives), default=0)):
        choice = _Choice.read(rows, [sets[number] if number < len(sets) else () for sets in alternatives], len(values))
        part = choice.part @ present
        amount = choice.people @ known
        mean = np.divide(choice.part @ known, part, out=np.zeros(shape), where=part > 0)
        new = (part >= COMPLETE) & ~np.isfinite(found.value)
        found.value[new] = np.where(averaged, mean, amount)[new]
        found.state[new] = choice.weakest(present, states)[new]
        found.method[new] = choice.worst(present)[new]
    return found


@dataclass(frozen=True)
class _Choice:
    """One alternative of every unit as matrices, units x sources."""

    people: csr_array
    part: csr_array
    method: csr_array  # place in METHODS, plus one

    @classmethod
    def read(cls, rows: Mapping[int, int], chosen: Sequence[Alternative], sources: int) -> _Choice:
        cells = [(i, rows[w.unit_id], w) for i, weights in enumerate(chosen) for w in weights if w.unit_id in rows]
        # Sources without a row have no figures: they are missing parts, as a row of NaN would be.
        place = ([i for i, _, _ in cells], [j for _, j, _ in cells])

        def matrix(numbers: list[float]) -> csr_array:
            return csr_array((np.array(numbers, dtype=float), place), shape=(len(chosen), sources))

        return cls(
            matrix([w.people for _, _, w in cells]),
            matrix([w.part for _, _, w in cells]),
            matrix([METHODS.index(w.method) + 1.0 for _, _, w in cells]),
        )

    def weakest(self, present: NDArray[np.bool_], states: NDArray[np.int8]) -> NDArray[np.int8]:
        linked = (self.method > 0).astype(float)
        result = np.full((linked.shape[0], present.shape[1]), len(STATES) - 1, np.int8)
        for state in range(len(STATES) - 2, -1, -1):
            result[linked @ (present & (states == state)) > 0] = state
        return result

    def worst(self, present: NDArray[np.bool_]) -> NDArray[np.int8]:
        result = np.zeros((self.method.shape[0], present.shape[1]), np.int8)
        for method in range(1, len(METHODS)):
            result[(self.method == method + 1).astype(float) @ present > 0] = method
        return result

"""Values of a unit for a time in which it did not exist, put together from the units that did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from spatial.admin_units import Link, Method, Unit, Weight, predecessors, rebuilt_from, worst

type How = Literal["sum", "weighted_mean", "last"]
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


def combine(how: How, sources: Alternative, values: Mapping[int, float]) -> tuple[float, Method] | None:
    """Value of the unit from values of its sources by unit id; None when too much is missing.

    Amounts and stocks add up by shares of people; rates are averaged, weighted by people.
    """
    present = [source for source in sources if source.unit_id in values]
    part = sum(source.part for source in present)
    if part < COMPLETE:
        return None
    method = worst(source.method for source in present)
    if how == "weighted_mean":
        return sum(values[source.unit_id] * source.part for source in present) / part, method
    return sum(values[source.unit_id] * source.people for source in present), method

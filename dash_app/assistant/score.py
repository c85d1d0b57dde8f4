"""How many questions of a set are read as expected, apart for those written before and after the grammar was frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from spatial.assistant.parse import Name, read_question
from spatial.assistant.query import Query, Unclear


@dataclass
class Score:
    """Right and asked by part of the set, and what was read otherwise."""

    asked: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The score in words, the wrong ones last."""
        for part, n in self.asked.items():
            yield f"{part}: {self.right.get(part, 0)} of {n} ({self.right.get(part, 0) / n:.0%})"
        yield from self.wrong


def score(rows: Sequence[Mapping[str, str]], names: Sequence[Name], today: date) -> Score:
    """Read every question and compare with the column ``expected`` (see ``describe``)."""
    found = Score()
    for row in rows:
        part = row["part"]
        found.asked[part] = found.asked.get(part, 0) + 1
        said = describe(read_question(row["question"], names=names, today=today).query)
        if said == row["expected"]:
            found.right[part] = found.right.get(part, 0) + 1
        else:
            found.wrong.append(f"  {row['question']}\n    expected {row['expected']}\n    read     {said}")
    return found


def describe(query: Query | Unclear) -> str:
    """A query in one line: what measure place period, then what is not usual."""
    if isinstance(query, Unclear):
        return f"unclear {query.reason}"
    measure = query.measure
    parts = [query.what, f"{measure.kind}:{measure.name or measure.layer}"]
    parts += [f"{name}={value}" for name, value in measure.filters]
    parts.append(f"@{query.place.title}" if query.place else "@-")
    parts.append(f"{query.period.grain}:{query.period.first:%Y-%m-%d}..{query.period.last:%Y-%m-%d}")
    if query.compare != "none":
        parts.append(f"vs:{query.compare}")
    if query.by:
        parts.append(f"by:{query.by}{'-least' if query.ascending else ''}")
    return " ".join(parts)

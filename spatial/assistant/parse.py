"""Words -> query: the longest known expression wins, what is left over decides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from layers.registry import registry
from spatial.admin_units import LAST_DISTRICT_DAY, fold
from spatial.assistant.lexicon import OPEN, OVERDUE, categories, measures
from spatial.assistant.periods import find_period
from spatial.assistant.query import Compare, Level, Measure, Period, Place, Query, Reading, Unclear, What

LEVEL_WORDS: Mapping[str, Level] = {
    "xa": "commune", "phuong": "commune", "xa phuong": "commune", "dac khu": "commune", "huyen": "district",
    "quan": "district", "thi xa": "district", "quan huyen": "district", "dia phuong": "commune", "don vi": "commune",
    "dia ban": "commune", "tram": "station", "tinh": "province", "thanh pho": "district",
}  # fmt: skip
_RANK_LEVELS = r"xa phuong|xa|phuong|huyen|quan huyen|quan|dia phuong|don vi|dia ban|tram"
_RANK = rf"\b(?:(?P<level>{_RANK_LEVELS})(?: \w+){{0,2}}? (?:nao|dau)|o dau|noi nao|xep hang|top \d+)\b"
_MOST = r"\b(?:nhieu nhat|cao nhat|lon nhat|te nhat|xau nhat|nang nhat|dung dau|nhieu|cao hon ca)\b"
_LEAST = r"\b(?:it\b.{0,40}?\bnhat|thap nhat|nho nhat|tot nhat|dung cuoi|kem nhat ve so luong)\b"
_COMPARE: tuple[tuple[str, Compare], ...] = (
    (r"\b(?:so (?:voi )?)?cung ky\b", "same_period"),
    (r"\bso (?:voi )?nam (?:truoc|ngoai)\b", "same_period"),
    (
        r"\b(?:so (?:voi )?)?(?:ke hoach|muc tieu|chi tieu giao)\b|\bhoan thanh\b|\bdat bao nhieu (?:phan tram|%)",
        "plan",
    ),
    (r"\bso (?:voi )?(?:thang|ky|quy|tuan) truoc\b", "previous"),
)
_FORECAST = r"\b(?:du bao|du kien|ngay mai|toi day|sap toi|cuoi nam(?: nay)?|ca nam)\b"
_COUNT = r"\b(?:bao nhieu|may|so luong|dem|tong so)\b"
_MEAN, _MAX, _MIN = r"\btrung binh\b", r"\b(?:cao nhat|lon nhat|dinh|toi da)\b", r"\b(?:thap nhat|nho nhat|toi thieu)\b"
_EXTREMES: tuple[tuple[str, What], ...] = ((_MEAN, "mean"), (_MAX, "max"), (_MIN, "min"))
_PLACE_LEAD = re.compile(
    r"\b(?:o|tai|cua|trong|khu vuc)\s+(?P<words>[\w .]+?)"
    r"(?:\s+(?:thang|ngay|tuan|nam|quy|hom|hien|so|la|bao|nao|co)\b|[?,]|$)"
)


@dataclass(frozen=True)
class Name:
    """A unit or station by one of its names."""

    folded: str
    exact: str  # lower case, with diacritics
    place: Place
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass
class _Text:
    """The question, and what has not been understood yet (understood words become spaces)."""

    exact: str
    folded: str
    spans: list[tuple[str, str]]

    def take(self, start: int, end: int, meaning: str) -> None:
        self.spans.append((self.exact[start:end].strip(), meaning))
        self.folded = self.folded[:start] + " " * (end - start) + self.folded[end:]

    def pop(self, pattern: str, meaning: str) -> re.Match[str] | None:
        match = re.search(pattern, self.folded)
        if match:
            self.take(match.start(), match.end(), meaning)
        return match


def read_question(question: str, *, names: Sequence[Name], today: date) -> Reading:
    """Understand a question; ``names`` are the places there are. Never raises for any text."""
    plain = _fold_keeping_length(question)
    text = _Text("".join(letter.lower()[:1] for letter in question), plain, [])
    if not plain.strip():
        return Reading(Unclear("empty"))
    places = _take_places(text, names)
    found = _take_measure(text)
    compare = _take_compare(text)  # «so với tháng trước» is no period
    period_found = find_period(text.folded, today)
    period = None
    if period_found is not None:
        period = period_found.period
        text.take(period_found.start, period_found.end, "period")
    forecast = text.pop(_FORECAST, "forecast") is not None
    if not found:
        return Reading(Unclear("no_measure", words=question.strip()), tuple(text.spans))
    if len(found) > 1:
        options = tuple(f"{_title(m)} {places[0].place.title if places else ''}".strip() for m in found)
        return Reading(Unclear("several_measures", options), tuple(text.spans))
    measure = found[0]
    shape = _shape(text, measure)
    measure = _filters(text, measure, fold(next(words for words, meaning in text.spans if meaning == "measure")))
    place = _choose_place(places, text, measure, period, today)
    if isinstance(place, Unclear):
        return Reading(place, tuple(text.spans))
    if place is None and (unknown := _unknown_place(text, question, plain)):
        return Reading(Unclear("unknown_place", words=unknown), tuple(text.spans))
    guessed: tuple[str, ...] = ()
    if period is None:
        period = default_period(measure, forecast, today)
        guessed = ("period",)
    if period.first > today and not forecast:
        return Reading(Unclear("future"), tuple(text.spans))
    if place is None and shape.by is None:
        guessed = (*guessed, "place")
    what: What = "forecast" if forecast else shape.what
    query = Query(measure, what, place, period, compare, shape.by, shape.ascending, shape.limit, guessed)
    return Reading(query, tuple(text.spans))


def _fold_keeping_length(question: str) -> str:
    """Lower case without diacritics, one letter for one letter, so that positions stay those of the question."""
    return "".join(
        (fold(letter) or " ")[:1] if letter.isalnum() else letter if letter in "./,-:%_" else " " for letter in question
    )


def _take_places(text: _Text, names: Sequence[Name]) -> list[Name]:
    """Names in the text, the longest first; those written with their diacritics beat those that only fold alike."""
    for name in sorted(names, key=lambda name: -len(name.folded)):
        if name.folded not in text.folded:
            continue
        match = re.search(rf"(?<!\w){re.escape(name.folded)}(?!\w)", text.folded)
        if match is None:
            continue
        said = text.exact[match.start() : match.end()]
        alike = [other for other in names if other.folded == name.folded]
        exact = [other for other in alike if other.exact == said]
        # «binh» is a word; a name of one syllable counts only after a word for its kind.
        if " " not in name.folded and not _kind_before(text.folded, match.start()) and name.place.kind == "unit":
            continue
        start = match.start()
        kind = _kind_before(text.folded, start)
        chosen = exact if exact and said != name.folded else alike
        if kind is not None:
            of_kind = [other for other in chosen if other.place.level == kind[0]]
            chosen = of_kind or chosen
            start = kind[1]
        text.take(start, match.end(), "place")
        return chosen
    return []


def _kind_before(folded: str, position: int) -> tuple[Level, int] | None:
    """Level said right before a name: «xã », «huyện »; and where that word begins."""
    match = re.search(r"\b(xa|phuong|dac khu|huyen|quan|thi xa|thanh pho|tp\.?|tinh|tram)\s+$", folded[:position])
    if match is None:
        return None
    word = match[1].rstrip(".")
    level: Level = "district" if word in ("thanh pho", "tp") else LEVEL_WORDS[word]
    return level, match.start()


def _take_measure(text: _Text) -> list[Measure]:
    known = measures()
    for words in known:
        if words not in text.folded:
            continue
        match = re.search(rf"(?<![\w.,]){re.escape(words)}(?![\w])", text.folded)
        # «có» and «đô» are not CO and DO: a formula has no diacritics.
        if match and (len(words) > 2 or text.exact[match.start() : match.end()] == words):
            text.take(match.start(), match.end(), "measure")
            return list(known[words])
    return []


def _take_compare(text: _Text) -> Compare:
    for pattern, meaning in _COMPARE:
        if text.pop(pattern, "compare"):
            return meaning
    return "none"


@dataclass(frozen=True)
class _Shape:
    what: What
    by: Level | None = None
    ascending: bool = False
    limit: int = 5


def _shape(text: _Text, measure: Measure) -> _Shape:
    top = re.search(r"\btop (\d{1,2})\b|\b(\d{1,2}) (?:xa|phuong|huyen|tram|don vi)\b", text.folded)
    limit = int(top[1] or top[2]) if top else 5
    rank = text.pop(_RANK, "rank")
    if rank or (top and re.search(f"{_MOST}|{_LEAST}", text.folded)):
        said = (rank["level"] if rank and rank["level"] else None) or _level_word(text.folded)
        station = measure.kind in ("parameter", "index")
        level = LEVEL_WORDS[said] if said else ("station" if station else "commune")
        least = text.pop(_LEAST, "least") is not None
        text.pop(_MOST, "most")
        return _Shape("rank", level, least, max(1, min(limit, 50)))
    for pattern, what in _EXTREMES:
        if text.pop(pattern, what):
            return _Shape(what)
    if measure.kind == "alerts":
        return _Shape("list")
    if measure.kind in ("feedback", "features"):
        text.pop(_COUNT, "count")
        return _Shape("count")
    return _Shape("sum" if measure.kind == "land" else "value")


def _level_word(folded: str) -> str | None:
    match = re.search(r"\b(xa phuong|xa|phuong|huyen|quan|tram|don vi|dia phuong)\b", folded)
    return match[1] if match else None


def _filters(text: _Text, measure: Measure, said: str) -> Measure:
    """What narrows a count: lateness and field of feedback, state of cameras, kind of school."""
    filters: list[tuple[str, str]] = []
    if measure.kind == "feedback":
        if any(text.pop(rf"\b{words}\b", "overdue") for words in OVERDUE):
            filters.append(("overdue", "yes"))
        elif any(text.pop(rf"\b{words}\b", "open") for words in OPEN):
            filters.append(("open", "yes"))
        for words, category in sorted(categories().items(), key=lambda item: -len(item[0])):
            if text.pop(rf"(?<!\w){re.escape(words)}(?!\w)", "category"):
                filters.append(("category", category))
                break
    elif measure.kind == "features":
        for column in registry()[measure.layer].columns:
            for code in column.codes:
                words = rf"(?<!\w){re.escape(fold(code.title.vi))}(?!\w)"
                if re.search(words, said) or text.pop(words, column.name):  # «bệnh viện» is a kind of clinic
                    filters.append((column.name, code.value))
                    break
    return replace(measure, filters=tuple(filters))


def _choose_place(
    found: Sequence[Name], text: _Text, measure: Measure, period: Period | None, today: date
) -> Place | Unclear | None:
    if not found:
        return None
    day = min(period.last, today) if period else today
    stations = [name for name in found if name.place.kind == "station"]
    units = [name for name in found if name.place.kind == "unit"]
    if stations and measure.kind in ("parameter", "index"):
        own = [name for name in stations if _network(measure) == name.place.layer]
        if own:
            return own[0].place
    if not units:
        return (
            stations[0].place
            if stations and measure.kind == "alerts"
            else Unclear("unknown_place", words=found[0].exact)
        )
    in_force = [
        n for n in units if (n.valid_from is None or n.valid_from <= day) and (n.valid_to is None or day < n.valid_to)
    ]
    last = [
        n
        for n in units
        if n.valid_to is not None and n.valid_from is not None and n.valid_from <= LAST_DISTRICT_DAY < n.valid_to
    ]
    chosen = in_force or last or list(units)
    largest = min((("province", "district", "commune").index(n.place.level) for n in chosen), default=0)
    chosen = [n for n in chosen if ("province", "district", "commune").index(n.place.level) == largest]
    distinct = {n.place.key: n.place for n in chosen}
    if len(distinct) > 1:
        return Unclear("several_places", tuple(sorted(place.title for place in distinct.values())))
    return next(iter(distinct.values()))


def _network(measure: Measure) -> str | None:
    layer = registry().get(measure.layer)
    return layer.series.station_layer if layer is not None and layer.series is not None else None


def _unknown_place(text: _Text, question: str, plain: str) -> str | None:
    """Words after «ở», «tại», «của» that are no place we hold."""
    match = _PLACE_LEAD.search(text.folded)
    if match is None or not match["words"].strip():
        return None
    words = match["words"]
    if fold(words).strip() in ("tinh", "toan tinh", "ca tinh", "dau", "tinh ta", "dia phuong"):
        return None
    start = match.start("words")
    return question[start : start + len(words)].strip() or None


def default_period(measure: Measure, forecast: bool, today: date) -> Period:
    """What is meant when no time is said: the newest value, the year so far of amounts, the last 30 days of reports."""
    if measure.kind in ("parameter", "index"):
        return Period("now", today, today)
    if measure.kind == "indicator":
        if forecast:
            return Period("year", date(today.year, 1, 1), date(today.year, 12, 31))
        return Period("months", date(today.year, 1, 1), today, cumulative=True)
    if measure.kind == "feedback":
        return Period("days", today - timedelta(days=29), today)
    if measure.kind == "grid":
        return Period("days", today - timedelta(days=6), today)
    return Period("now", today, today)


def _title(measure: Measure) -> str:
    layer = registry().get(measure.layer)
    if layer is not None and layer.series is not None:
        for parameter in layer.series.parameters:
            if parameter.name == measure.name:
                return f"{parameter.title.vi} ({layer.title.vi})"
    if layer is not None and layer.indicators is not None:
        for item in layer.indicators.indicators:
            if item.code == measure.name:
                return item.title.vi
    return layer.title.vi if layer is not None else measure.layer

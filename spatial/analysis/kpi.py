"""One line of a report from the figures of one indicator of one unit: the only place where they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from layers.model import Indicator, Text
from spatial import periods
from spatial.admin_units import Method
from spatial.analysis import indicators as formulas
from spatial.months import add_months

type State = Literal["estimate", "preliminary", "official", "plan"]

NO_PLAN = Text(vi="chưa giao kế hoạch", en="no plan assigned")
NO_BASE = Text(vi="không có số liệu cùng kỳ", en="no figure for the same period")
NO_PREVIOUS = Text(vi="không có số liệu kỳ trước", en="no figure for the period before")
BASE_NOT_POSITIVE = Text(vi="số cùng kỳ bằng 0 hoặc âm", en="the base is zero or negative")
MISSING_MONTH = Text(vi="thiếu số liệu ít nhất một tháng", en="at least one month is missing")
MISSING_PERIOD = Text(vi="thiếu số liệu ít nhất một kỳ", en="at least one period is missing")
RUNNING = Text(vi="kỳ chưa kết thúc", en="the period is not over")
CEILING = Text(
    vi="mức trần cả năm, chỉ tính khi hết năm", en="a ceiling for the whole year, told when the year is over"
)
PACE_TOLERANCE = 2.0  # percentage points of the plan: less than this behind the season is not behind


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One value of one unit; ``period`` is the first day of the month, quarter or year (of the year for plans).

    ``method``: exact (own figure, or a sum of undivided units), by_people or by_area (parts of divided units).
    Computed indicators have ``n`` (cases the value rests on) and ``until`` (data up to this moment), plans the day they
    were issued on and their document.
    """

    unit_id: int
    code: str
    period: date
    state: State
    value: float
    own: bool
    method: Method
    published_on: date | None = None
    n: int | None = None
    until: datetime | None = None
    issued_on: date | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Kpi:
    """One line of a report. Changes are per cent, for rates percentage points; None comes with a reason.

    ``plan_used`` is the share of the year's plan (or ceiling) the cumulative value makes up; ``pace`` the share of a
    year that is usually reached by this period, in per cent; ``on_plan`` whether the one keeps up with the other.
    ``base_method`` says how the figure of the same period came about: an estimate is no ground for a headline.
    ``parts_gap`` is the unit's figure less the sum of its communes, when all of them have one.
    """

    indicator: Indicator
    period: date
    value: float
    state: State
    method: Method
    previous: float | None
    same_period: float | None
    on_previous: float | None
    on_same_period: float | None
    cumulative: float | None
    cumulative_same_period: float | None
    cumulative_on_same_period: float | None
    plan: float | None
    plan_percent: float | None
    rate: bool
    judgement: formulas.Judgement
    reasons: Mapping[str, Text]
    plan_issued_on: date | None = None
    plan_document: str | None = None
    plan_used: float | None = None
    plan_difference: float | None = None
    pace: float | None = None
    on_plan: formulas.Judgement = "neutral"
    base_method: Method | None = None
    complete: bool = True
    n: int | None = None
    until: datetime | None = None
    published_on: date | None = None
    parts_gap: float | None = None

    @property
    def index_100(self) -> float | None:
        """The change on the same period as an index, as many reports print it: 108.57 for +8.57 %."""
        return None if self.rate or self.on_same_period is None else 100 + self.on_same_period

    def label(self, language: str) -> str:
        """The period in words."""
        return periods.label(self.indicator, self.period, language)


def line(
    item: Indicator, series: Iterable[IndicatorValue], as_of: date, *, running: bool = False, pace: bool = True
) -> Kpi | None:
    """The newest figure up to a day with everything it is compared with; None without a figure in two years.

    A period that still runs is left for the newest complete one: a part is not compared with a whole. ``running`` asks
    for it all the same; its comparisons then have no value but a reason. Maps of many months do without the ``pace``.
    """
    values = list(series)
    actual = {value.period: value for value in values if value.state != "plan" and _is_known(item, value, as_of)}
    if not actual:
        return None
    whole = {period: value for period, value in actual.items() if _is_complete(item, value, as_of)}
    newest = actual[max(actual)] if running or not whole else whole[max(whole)]
    if newest.period.year < as_of.year - 1:
        return None
    plans: dict[date, IndicatorValue] = {}
    for value in sorted(values, key=lambda value: value.issued_on or date.min):
        if value.state == "plan" and (value.issued_on is None or value.issued_on <= as_of):
            plans[value.period] = value
    complete = newest.period in whole
    numbers = {period: value.value for period, value in whole.items()}
    numbers[newest.period] = newest.value
    return _Line(item, newest, numbers, plans.get(periods.year_of(item, newest.period)), complete, pace).kpi(
        base=whole.get(periods.year_before(newest.period))
    )


def _is_known(item: Indicator, value: IndicatorValue, as_of: date) -> bool:
    published = value.published_on is not None and value.published_on <= as_of
    return value.period <= as_of and (published or periods.known_from(item, value.period) <= as_of)


def _is_complete(item: Indicator, value: IndicatorValue, as_of: date) -> bool:
    """A figure the platform computes is an estimate while its period runs; agencies report whole periods.

    A month that is over by now was running still on a day within it that is asked about.
    """
    return not (item.computed and (value.state == "estimate" or as_of < periods.end_of(item, value.period)))


@dataclass(frozen=True)
class _Line:
    item: Indicator
    newest: IndicatorValue
    numbers: Mapping[date, float]
    plan: IndicatorValue | None
    complete: bool
    with_pace: bool

    def kpi(self, base: IndicatorValue | None) -> Kpi:
        item, newest, period = self.item, self.newest, self.newest.period
        before = self.numbers.get(periods.previous(item, period))
        last_year = base.value if base is not None else None
        rate = formulas.is_rate(item.unit.vi)
        cumulative = self._cumulative(period)
        earlier = self._cumulative(periods.year_before(period))
        reasons: dict[str, Text] = {}

        def compare(name: str, value: float | None, base: float | None, without: Text) -> float | None:
            found = formulas.change(value, base, rate=rate) if self.complete else None
            if found is None:
                reasons[name] = RUNNING if not self.complete else without if base is None else BASE_NOT_POSITIVE
            return found

        if cumulative is None:
            reasons["cumulative"] = MISSING_MONTH if item.period == "month" else MISSING_PERIOD
        on_previous = compare("on_previous", newest.value, before, NO_PREVIOUS)
        same = compare("on_same_period", newest.value, last_year, NO_BASE)
        cumulative_change = compare("cumulative_on_same_period", cumulative, earlier, NO_BASE)
        percent, used, pace = self._plan(cumulative, reasons)
        target = None if self.plan is None else self.plan.value
        return Kpi(
            indicator=item, period=period, value=newest.value, state=newest.state, method=newest.method,
            previous=before, same_period=last_year, on_previous=on_previous, on_same_period=same,
            cumulative=cumulative, cumulative_same_period=earlier, cumulative_on_same_period=cumulative_change,
            plan=target, plan_percent=percent, rate=rate, judgement=formulas.judge(same, item.direction),
            reasons=reasons,
            plan_issued_on=None if self.plan is None else self.plan.issued_on,
            plan_document=None if self.plan is None else self.plan.document,
            plan_used=used,
            plan_difference=None if target is None or cumulative is None else cumulative - target,
            pace=pace, on_plan=formulas.judge_plan(used, pace, item.direction, tolerance=PACE_TOLERANCE),
            base_method=None if base is None else base.method,
            complete=self.complete, n=newest.n, until=newest.until, published_on=newest.published_on,
        )  # fmt: skip

    def _cumulative(self, until: date) -> float | None:
        return formulas.cumulate([self.numbers.get(period) for period in periods.so_far(self.item, until)],
                                 self.item.how)  # fmt: skip

    def _plan(
        self, cumulative: float | None, reasons: dict[str, Text]
    ) -> tuple[float | None, float | None, float | None]:
        """Per cent of the plan reached, share of plan or ceiling used, usual share by now."""
        item, plan = self.item, self.plan
        if plan is None:
            reasons["plan_percent"] = NO_PLAN
            return None, None, None
        used = formulas.plan_completion(cumulative, plan.value, "up")
        pace = self._pace() if self.with_pace else None
        over = len(periods.so_far(item, self.newest.period)) * periods.length(item) == 12
        if item.direction == "down" and item.how == "sum" and not over:
            reasons["plan_percent"] = CEILING
            return None, used, pace
        percent = formulas.plan_completion(cumulative, plan.value, item.direction)
        if percent is None:
            reasons["plan_percent"] = reasons.get("cumulative", BASE_NOT_POSITIVE)
        return percent, used, pace

    def _pace(self) -> float | None:
        """Share of a year's sum usually reached by this period, of the complete years before; stocks and rates: 100."""
        if self.item.how != "sum":
            return 100.0
        done = periods.so_far(self.item, self.newest.period)
        year = _whole_year(self.item, done[0])
        shares = []
        for back in (1, 2, 3):
            past = [self.numbers.get(_years_back(period, back)) for period in year]
            known = [number for number in past if number is not None]
            if len(known) == len(year) and sum(known) > 0:
                shares.append(sum(known[: len(done)]) / sum(known))
        if shares:
            return sum(shares) / len(shares) * 100
        return None if self.item.seasonal else len(done) / len(year) * 100


def _whole_year(item: Indicator, first: date) -> Sequence[date]:
    step = periods.length(item)
    return [add_months(first, n) for n in range(0, 12, step)]


def _years_back(period: date, years: int) -> date:
    return add_months(period, -12 * years)

"""Cells: all that the rule says of one actor's option and facet, and on a day.

The rule itself is stated in `positions/timeline.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .evidence import Mark, SetAside
from .periods import Lane, Period, Role, Status


@dataclass(frozen=True, slots=True)
class Answer:
    """How a cell stands on one day.

    `period` holds on that day, `other` is the confidential lane's where it differs
    from the public one; `last_known` is the last period shown before, when none
    holds. `government_change` is the last change of government that no
    confirmation followed. `dispositions` are all that the answer shows.
    """

    status: Status
    sentence: str
    period: Period | None = None
    other: Period | None = None
    last_known: Period | None = None
    government_change: date | None = None

    @property
    def dispositions(self) -> tuple[str, ...]:
        shown = [period for period in (self.period, self.other) if period]
        codes = (code for period in shown for code in period.dispositions)
        return tuple(dict.fromkeys(codes))

    @property
    def score(self) -> int | None:
        """The score on that day; none when contested or without a position."""
        if self.status == "contested" or self.period is None:
            return None
        return self.period.score


@dataclass(frozen=True, slots=True)
class Cell:
    """One actor's option and facet: its periods and what became of each statement.

    `periods` are in order of lane and day: of lane "any", or of "public" and
    "confidential" where these differ. `thin_periods` rest on too little to be
    shown. Every statement given is in exactly one of `used`, `contradicting`,
    `set_aside`, `beside` and `marks`; of two lanes, the better use counts. A cell
    without facet holds what is of no facet: the marks.
    """

    option: str
    facet: str | None
    periods: tuple[Period, ...] = ()
    thin_periods: tuple[Period, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    beside: tuple[SetAside, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes shown: ("any",), ("public", "confidential"), or none."""
        return tuple(dict.fromkeys(period.lane for period in self.periods))

    @property
    def thin(self) -> bool:
        """Clause 8: whether there is evidence, and none of it enough."""
        counted = any(item.counted for item in self.set_aside)
        return not self.periods and (bool(self.thin_periods) or counted)

    @property
    def used(self) -> frozenset[str]:
        """Keys of the statements that opened or confirmed a period."""
        return frozenset(key for period in self._all for key in period.used)

    @property
    def contradicting(self) -> frozenset[str]:
        """Keys of the statements that only contest."""
        keys = (key for period in self._all for key in period.contradicting)
        return frozenset(keys) - self.used

    @property
    def about(self) -> tuple[SetAside, ...]:
        """What others said about the actor, never its position."""
        return tuple(item for item in self.beside if item.about)

    @property
    def roles(self) -> dict[str, Role]:
        """For each statement's key what became of it."""
        found: dict[str, Role] = dict.fromkeys(_keys(self.set_aside), "set_aside")
        found |= dict.fromkeys(_keys(self.beside), "beside")
        found |= {mark.key: "mark" for mark in self.marks}
        found |= dict.fromkeys(self.contradicting, "contradicting")
        found |= dict.fromkeys(self.used, "used")
        return found

    @property
    def _all(self) -> tuple[Period, ...]:
        return self.periods + self.thin_periods

    def at(self, day: date) -> Answer:
        """How the cell stands on a day, in a status and a sentence.

        An end without a successor (lapse, end of the option, not restated) reads
        as "lapsed"; evidence that is not enough as "thin", from its first day on.
        """
        holding = [period for period in self.periods if period.holds_on(day)]
        if len({frozenset(period.dispositions) for period in holding}) > 1:
            return _apart(holding, day)
        if holding:
            # Of two lanes that agree, the one confirmed last.
            return _held(max(holding, key=lambda p: p.last_confirmed_on(day)), day)
        ended = [p for p in self.periods if p.holds_to and p.holds_to <= day]
        last = max(ended, key=lambda p: (p.holds_to, p.lane), default=None)
        if any(period.holds_on(day) for period in self.thin_periods):
            return _thin(last)
        if last:
            return Answer(
                "lapsed", f"No current position; {_known(last)}.", None, None, last
            )
        if self._has_evidence_by(day):
            return _thin(None)
        return Answer("none", "No evidence by this day.")

    def _has_evidence_by(self, day: date) -> bool:
        return any(period.holds_from <= day for period in self.thin_periods) or any(
            item.counted and item.day <= day for item in self.set_aside
        )


def drift(asserted: str, period: Period | None) -> bool:
    """Clause 12: whether a published stance and the derived period differ.

    A contested period differs when the asserted disposition is none of its own;
    where nothing is derived there is nothing to differ from. The rule never edits
    what a person asserted.
    """
    return period is not None and asserted not in period.dispositions


def _keys(items: Iterable[SetAside]) -> list[str]:
    return [item.key for item in items]


def _held(period: Period, day: date) -> Answer:
    status = period.status_on(day)
    change = period.government_change_on(day)
    confirmed = period.last_confirmed_on(day)
    if status == "contested":
        words = f"Contested since {period.holds_from}: {period.label}"
    else:
        words = f"{_capital(period.label)} since {period.holds_from}"
    words += f"; last confirmed {confirmed}"
    if status == "carried":
        words += f", more than half-way to lapsing after {period.horizon} months"
    return Answer(status, _ended(words, change), period, government_change=change)


def _apart(holding: list[Period], day: date) -> Answer:
    """Two lanes that differ on the day: no lane's answer stands alone."""
    public, confidential = sorted(holding, key=lambda period: period.lane != "public")
    changes = [period.government_change_on(day) for period in holding]
    change = max((found for found in changes if found), default=None)
    words = f"In public: {public.label}; in confidence: {confidential.label}"
    return Answer(
        "contested",
        _ended(words, change),
        public,
        other=confidential,
        government_change=change,
    )


def _thin(last: Period | None) -> Answer:
    known = f"; {_known(last)}" if last else ""
    sentence = f"Thin: not enough evidence for a position{known}."
    return Answer("thin", sentence, last_known=last)


def _known(period: Period) -> str:
    why = {
        "lapsed": f", not confirmed for {period.horizon} months",
        "option_ended": f", the option ended before {period.holds_to}",
        "not_restated": f", {period.end_note}",
    }.get(period.end_reason, "")
    return f"last known: {period.label}, last confirmed {period.last_confirmed}{why}"


def _ended(words: str, change: date | None) -> str:
    return f"{words}; the government changed on {change}." if change else f"{words}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

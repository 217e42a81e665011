"""Periods: what the rule answers for one cell, and how it stands on a day.

The rule itself is stated in `timeline.py`.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from positions.choices import EvidenceLevel

from .evidence import Evidence, add_months
from .runs import Assured, Run

RULE_VERSION = "1"
Lane = Literal["any", "public", "confidential"]
Status = Literal["current", "carried", "contested", "lapsed", "thin", "none"]
Role = Literal["used", "contradicting", "set_aside", "beside", "mark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One answer of the rule: what an actor's cell was from a day to a day.

    `dispositions` has one code, or several when contested: first the one that
    stands if the rest falls away, at a tie (clause 4) the highest in the codebook;
    `labels` go with them. `holds_from` to `holds_to` is half-open, None is open.
    `changed_after` is the last confirmation of what it replaced: the change came
    between that day and `holds_from`. `used` are the keys of all statements that
    the disposition rests on, also beyond a contested stretch, and `n_events` and
    `level` are theirs; `contradicting` are those that contest this period.
    `previous_*` are of what was shown before in this lane, empty for the first.
    `ended_by` is the statement that ended it, and `end_note` says in a few words
    why, where the end reason alone does not.
    """

    id: str
    option: str
    facet: str
    lane: Lane
    dispositions: tuple[str, ...]
    labels: tuple[str, ...]
    score: int | None
    order: int | None
    mode: str
    holds_from: date
    holds_from_earliest: date
    changed_after: date | None
    holds_to: date | None
    end_reason: str
    end_note: str
    ended_by: str
    assured: tuple[Assured, ...]
    horizon: int | None
    opened_by: str
    used: tuple[str, ...]
    contradicting: tuple[str, ...]
    n_events: int
    level: EvidenceLevel
    through: str | None
    previous_disposition: str
    previous_score: int | None
    government_changes: tuple[date, ...]
    rule_version: str
    codebook_version: str

    @property
    def disposition(self) -> str:
        return self.dispositions[0]

    @property
    def label(self) -> str:
        return " or ".join(self.labels)

    @property
    def contested(self) -> bool:
        return len(self.dispositions) > 1

    @property
    def last_confirmed(self) -> date:
        """The last day in the period, or before it, for which evidence speaks."""
        return self.last_confirmed_on(self._last_day)

    @property
    def previous_government(self) -> bool:
        """Whether a change of government came after its last confirmation."""
        return self.government_change_on(self._last_day) is not None

    @property
    def _last_day(self) -> date:
        return self.holds_to - timedelta(days=1) if self.holds_to else date.max

    def holds_on(self, day: date) -> bool:
        return self.holds_from <= day and (self.holds_to is None or day < self.holds_to)

    def last_confirmed_on(self, day: date) -> date:
        """The last confirmation as of a day on which the period holds."""
        index = bisect_right(self.assured, day, key=lambda assured: assured[0]) - 1
        return min(self.assured[max(index, 0)][1], day)

    def government_change_on(self, day: date) -> date | None:
        """Clause 6: the last change of government not followed by a confirmation.

        One on the very day of the confirmation counts as not yet followed.
        """
        index = bisect_right(self.government_changes, day) - 1
        if index < 0 or self.government_changes[index] < self.last_confirmed_on(day):
            return None
        return self.government_changes[index]

    def status_on(self, day: date) -> Status:
        """Clause 6: current, half-way to its horizon carried; or contested."""
        if self.contested:
            return "contested"
        confirmed = self.last_confirmed_on(day)
        if self.horizon is None or day < halfway(confirmed, self.horizon):
            return "current"
        return "carried"


def halfway(confirmed: date, horizon: int) -> date:
    """The day half-way to a horizon in months; an odd month is halved by days."""
    earlier = add_months(confirmed, horizon // 2)
    later = add_months(confirmed, horizon - horizon // 2)
    return earlier + (later - earlier) // 2


def lanes_differ(public: Sequence[Period], confidential: Sequence[Period]) -> bool:
    """Clause 7: whether on some day the actor's own words differ by lane."""
    ours = (period for period in public if period.through is None)
    theirs = (period for period in confidential if period.through is None)
    one, other = next(ours, None), next(theirs, None)
    while one and other:
        ends = one.holds_to or date.max, other.holds_to or date.max
        overlap = one.holds_from < ends[1] and other.holds_from < ends[0]
        if overlap and set(one.dispositions) != set(other.dispositions):
            return True
        if ends[0] <= ends[1]:
            one = next(ours, None)
        else:
            other = next(theirs, None)
    return False


@dataclass(frozen=True, slots=True)
class Setting:
    """What all periods of one lane of one cell have in common."""

    option: str
    facet: str
    lane: Lane
    horizon: int | None
    facts: Mapping[str, Evidence]  # a statement of each disposition: label, score
    government_changes: tuple[date, ...]
    codebook_version: str
    scope: str

    def score_of(self, dispositions: tuple[str, ...]) -> int | None:
        """The score of one disposition; contested ones have none."""
        return self.facts[dispositions[0]].score if len(dispositions) == 1 else None

    def valued(self, dispositions: tuple[str, ...]) -> dict[str, Any]:
        """The fields of a period that follow from its dispositions."""
        facts = [self.facts[code] for code in dispositions]
        return {
            "dispositions": dispositions,
            "labels": tuple(fact.label or fact.disposition for fact in facts),
            "score": self.score_of(dispositions),
            "order": facts[0].order if len(facts) == 1 else None,
        }

    def period_id(self, start: date) -> str:
        """The same for the same cell, lane, start and rule, whatever the input order.

        `scope` is the caller's name of actor and issue.
        """
        parts = [self.scope, self.option, self.facet, self.lane, start.isoformat()]
        text = "\x1f".join([*parts, RULE_VERSION])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def make_periods(
    runs: Iterable[Run], setting: Setting
) -> tuple[list[Period], list[Period]]:
    """Cut runs, in order of day, into periods: those shown, and the thin (clause 8)."""
    shown: list[Period] = []
    thin: list[Period] = []
    before: Run | None = None
    for run in runs:
        level = run.level()
        periods = list(_periods_of(run, level, before, setting))
        if level == EvidenceLevel.THIN:
            thin.extend(periods)
        else:
            shown.extend(periods)
            before = run
    return shown, thin


def _periods_of(
    run: Run, level: EvidenceLevel, before: Run | None, setting: Setting
) -> Iterator[Period]:
    whole = _whole(run, level, before, setting)
    confirming = {piece.turn: piece.lead.key for piece in reversed(run.support)}
    stretches = run.stretches()
    openers = [
        stretch.opened_by or confirming.get(stretch.start, whole.opened_by)
        for stretch in stretches
    ]
    openers[0] = whole.opened_by
    for index, stretch in enumerate(stretches):
        period = replace(
            whole,
            id=setting.period_id(stretch.start),
            holds_from=stretch.start,
            opened_by=openers[index],
            contradicting=stretch.keys,
            **setting.valued(stretch.dispositions),
        )
        if index > 0:
            period = replace(
                period, holds_from_earliest=stretch.start, changed_after=None
            )
        if index < len(stretches) - 1:
            period = replace(
                period,
                holds_to=stretch.end,
                end_reason="changed",
                end_note="",
                ended_by=openers[index + 1],
            )
        yield period


def _whole(
    run: Run, level: EvidenceLevel, before: Run | None, setting: Setting
) -> Period:
    """A run as one period, before it is cut where it is contested."""
    opener = run.support[0].lead
    modes = (item.mode for piece in run.support for item in piece.items if item.mode)
    changed = before is not None and before.dispositions != run.dispositions
    return Period(
        id=setting.period_id(run.start),
        option=setting.option,
        facet=setting.facet,
        lane=setting.lane,
        **setting.valued(run.dispositions),
        mode=next(modes, ""),
        holds_from=run.start,
        holds_from_earliest=min(opener.earliest, run.start),
        changed_after=before.last_confirmed if before and changed else None,
        holds_to=run.end,
        end_reason=run.end_reason,
        end_note=run.end_note,
        ended_by=run.ended_by,
        assured=tuple(run.assured),
        horizon=setting.horizon,
        opened_by=opener.key,
        used=tuple(key for piece in run.support for key in piece.keys),
        contradicting=(),
        n_events=len({piece.occasion for piece in run.support}),
        level=level,
        through=opener.through,
        previous_disposition=before.dispositions[0] if before else "",
        previous_score=setting.score_of(before.dispositions) if before else None,
        government_changes=setting.government_changes,
        rule_version=RULE_VERSION,
        codebook_version=setting.codebook_version,
    )

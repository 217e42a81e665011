"""Evidence as the derivation rule reads it: what counts, once, and on which day.

Clauses 1, 2, 3 and 9 of rule v1, and the strength of clause 4; `timeline.py`
states the whole rule.
"""

import calendar
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from positions.choices import (
    Credibility,
    Form,
    Modality,
    Publicity,
    Reliability,
    SpeakerRank,
    Standing,
)

DIRECT_FORMS = frozenset({Form.VERBATIM, Form.OFFICIAL})
SPOKEN_MODALITIES = frozenset({Modality.STATED, Modality.INTENDED})
# A recorded act stands above every speaker.
RANK_OF_ACT = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One accepted statement, as the rule reads it.

    `earliest` and `latest` are the first and last day it may speak of (equal when
    the day is known); with `since` it speaks of the whole time between the two,
    and `latest` is the day it was said. `order` is the disposition's rank in the
    codebook, `exact` says that the main citation's words are in the revision
    coded, `authority` that the speaker named one. `through` is the group through
    which it counts (clause 9); None: it is the actor's own.
    """

    key: str
    option: str
    facet: str | None
    disposition: str
    label: str = ""
    score: int | None
    order: int | None = None
    standing: str = Standing.OWN
    form: str
    modality: str = Modality.STATED
    publicity: str = Publicity.UNKNOWN
    reliability: str = Reliability.F
    credibility: str = Credibility.UNKNOWN
    exact: bool = True
    earliest: date
    latest: date
    since: bool = False
    event: str | None = None
    speaker: str = ""
    speaker_rank: int = SpeakerRank.UNKNOWN
    authority: bool = False
    mode: str = ""
    through: str | None = None

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError(f"Evidence {self.key} ends before it begins.")

    @property
    def is_act(self) -> bool:
        return self.form == Form.ACT

    @property
    def day(self) -> date:
        """Clause 3: a range opens on its last day, an open *since* on its first."""
        return self.earliest if self.since else self.latest

    @property
    def exactness(self) -> tuple[int, bool]:
        """Smaller is more exact: the days it may mean, and whether it is a since."""
        return (self.latest - self.earliest).days, self.since

    @property
    def strength(self) -> tuple[int, bool, bool]:
        """Clause 4, smaller is stronger: act, rank, authority named, direct form.

        All acts are equal: who spoke does not matter to what was done.
        """
        if self.is_act:
            return RANK_OF_ACT, False, False
        return self.speaker_rank, not self.authority, self.form not in DIRECT_FORMS


@dataclass(frozen=True, slots=True)
class SetAside:
    """A statement that makes no period: the clause that says so, and a sentence.

    `counted`: it counts (clause 1), but neither opened, confirmed nor contested.
    `about`: it was said about the actor by others.
    """

    key: str
    clause: int
    reason: str
    day: date
    counted: bool = False
    about: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement that gives no value but shows on the timeline: declined, deferred."""

    key: str
    disposition: str
    label: str
    day: date


class Sift(NamedTuple):
    """One reason of clause 1 for which a statement makes no period."""

    place: str  # set_aside, beside or mark
    clause: int
    reason: str
    applies: Callable[[Evidence], bool]
    about: bool = False


def _speaks_for(item: Evidence) -> bool:
    """Own words, any recorded act, or a group's word that extends to its members."""
    if item.is_act or item.standing == Standing.OWN:
        return True
    return item.through is not None and item.standing == Standing.GROUP


# The first that applies is the one named.
SIFTS = (
    Sift(
        "set_aside",
        1,
        "The words cited are not exactly those of the text that was coded.",
        lambda item: not item.exact,
    ),
    Sift(
        "beside",
        1,
        "Said about the actor by others, never its position.",
        lambda item: item.standing == Standing.OTHER and not item.is_act,
        about=True,
    ),
    Sift(
        "beside",
        1,
        "The document's author's own assessment, never the actor's position.",
        lambda item: item.standing == Standing.REPORTER and not item.is_act,
        about=True,
    ),
    Sift(
        "beside",
        1,
        "Said on a condition, so it is no position yet.",
        lambda item: item.modality == Modality.CONDITIONAL,
    ),
    Sift(
        "beside",
        1,
        "Expected, not stated, so it is no position yet.",
        lambda item: item.modality not in SPOKEN_MODALITIES,
    ),
    Sift(
        "set_aside",
        1,
        "A characterisation is a summary, not the actor's words or act.",
        lambda item: item.form == Form.CHARACTERISATION,
    ),
    Sift(
        "set_aside",
        1,
        "The source is graded unreliable (E).",
        lambda item: item.reliability == Reliability.E,
    ),
    Sift(
        "set_aside",
        1,
        "The information is graded improbable (5).",
        lambda item: item.credibility == Credibility.IMPROBABLE,
    ),
    Sift(
        "set_aside",
        9,
        "Said for a group: it counts only through the group's own statement.",
        lambda item: item.standing == Standing.GROUP and not _speaks_for(item),
    ),
    Sift(
        "set_aside",
        1,
        "Its speaker may not speak for the actor.",
        lambda item: not _speaks_for(item),
    ),
    Sift(
        "mark",
        1,
        "A mark on the timeline, not a value.",
        lambda item: item.facet is None,
    ),
    Sift(
        "set_aside",
        1,
        "Its disposition has no score.",
        lambda item: item.score is None,
    ),
)


def sift(item: Evidence) -> Sift | None:
    """Clause 1: why a statement makes no period; None when it counts."""
    return next((reason for reason in SIFTS if reason.applies(item)), None)


@dataclass(frozen=True, slots=True)
class Piece:
    """Clause 2: the counted statements of one cell, disposition and event.

    The first of `items` is the most exactly dated and, among those, the strongest;
    its days are the piece's. `strength` is the best of them all. `vague`: it may
    confirm or contest, but never opens or closes (clause 3).
    """

    items: tuple[Evidence, ...]
    strength: tuple[int, bool, bool]
    vague: bool = False

    @property
    def lead(self) -> Evidence:
        return self.items[0]

    @property
    def disposition(self) -> str:
        return self.lead.disposition

    @property
    def rank(self) -> int:
        return self.strength[0]

    @property
    def is_act(self) -> bool:
        return self.rank == RANK_OF_ACT

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.items)

    @property
    def occasion(self) -> tuple[str, ...]:
        return occasion(self.lead)

    @property
    def turn(self) -> date:
        """The day on which the rule takes it up."""
        return self.lead.latest if self.vague else self.lead.day

    @property
    def assures(self) -> date:
        """The last day for which it surely speaks, when it confirms.

        A range surely speaks of no day after its first; a *since* holds until the
        day it was said.
        """
        return self.lead.latest if self.lead.since else self.lead.earliest


def occasion(item: Evidence) -> tuple[str, ...]:
    """Clause 2: the event, or the same speaker on the same day."""
    if item.event:
        return "event", item.event
    return "speaker", item.speaker, item.day.isoformat()


def gather(items: Iterable[Evidence]) -> list[Piece]:
    """Clauses 2 and 3: the pieces of one cell, each known as vague or not."""

    def one_piece(item: Evidence) -> tuple[str, tuple[str, ...]]:
        return item.disposition, occasion(item)

    pieces = []
    for _, repeats in groupby(sorted(items, key=one_piece), key=one_piece):
        ordered = sorted(
            repeats,
            key=lambda item: (item.exactness, item.earliest, item.strength, item.key),
        )
        strength = min(item.strength for item in ordered)
        pieces.append(Piece(items=tuple(ordered), strength=strength))
    return _told_apart(pieces)


def _told_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Mark as vague the ranges that can neither open nor close (clause 3).

    These are ranges longer than a year, and ranges in which the day of other
    evidence lies. Only evidence at least as exact makes a range vague, and the
    same range twice does not: else two statements about one month would cancel
    each other, and a vaguer one could silence a better one.
    """
    told: list[Piece] = []
    known: list[date] = []  # the days of all that is more exact, in order
    items = [item for piece in pieces for item in piece.items]
    by_exactness = sorted({item.exactness for item in items})
    led_by, said_by = defaultdict(list), defaultdict(list)
    for piece in pieces:
        led_by[piece.lead.exactness].append(piece)
    for item in items:
        said_by[item.exactness].append(item.day)
    for exactness in by_exactness:
        days = sorted({piece.lead.day for piece in led_by[exactness]})
        for piece in led_by[exactness]:
            first, last = piece.lead.earliest, piece.lead.latest
            among_equals = count_between(days, first, last) > 1  # its own is one
            vague = among_equals or count_between(known, first, last) > 0
            told.append(replace(piece, vague=vague or is_too_long(piece.lead)))
        for day in said_by[exactness]:
            insort(known, day)
    return told


def is_too_long(item: Evidence) -> bool:
    """Whether a range is longer than a year; a *since* is no range."""
    return not item.since and item.latest >= add_months(item.earliest, 12)


def count_between(days: list[date], first: date, last: date) -> int:
    return bisect_right(days, last) - bisect_left(days, first)


def add_months(day: date, months: int) -> date:
    """The same day of the month some calendar months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    length = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, length))


@dataclass(frozen=True, slots=True)
class Extension:
    """What a group's statements are for one member: evidence, and what is not."""

    evidence: tuple[Evidence, ...]
    set_aside: tuple[SetAside, ...]


MemberSpan = tuple[date | None, date | None]


def extend_to_members(
    group_evidence: Iterable[Evidence],
    *,
    group: str,
    member: str,
    spans: Sequence[MemberSpan],
    exceptions: Mapping[str, Collection[str]],
) -> Extension:
    """Clause 9: a group's statements as evidence for one member.

    Give only statements that extend to the members. `spans` are the member's
    times in the group, half-open, None for no bound; `exceptions` names by
    statement key the members that dissociated themselves. Each statement that
    counts for the group itself comes back with `through` set to `group`; one
    whose days are not all within one membership, or from which the member
    dissociated itself, comes back set aside. What already counts only through
    another group goes no further: nothing passes twice.
    """
    extended, set_aside = [], []
    for item in group_evidence:
        told = item.standing in (Standing.OWN, Standing.GROUP)
        standing = Standing.GROUP if told else item.standing
        copy = replace(item, standing=standing, through=group)
        if item.through is not None or sift(copy) is not None:
            continue
        if member in exceptions.get(item.key, ()):
            reason = "The member dissociated itself from the group's statement."
        elif not any(_covers(span, item) for span in spans):
            reason = "The actor was not surely a member on the day of the statement."
        else:
            extended.append(copy)
            continue
        set_aside.append(SetAside(item.key, 9, reason, item.day))
    return Extension(tuple(extended), tuple(set_aside))


def _covers(span: MemberSpan, item: Evidence) -> bool:
    joined, left = span
    return (joined is None or joined <= item.earliest) and (
        left is None or item.latest < left
    )

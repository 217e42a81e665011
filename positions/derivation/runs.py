"""From pieces of evidence to runs, for one lane of one cell.

Clauses 4 to 8 of rule v1; `timeline.py` states the whole rule. A run is one
disposition held without a break; `periods.py` cuts it where it is contested.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby

from positions.choices import EvidenceLevel

from .evidence import Piece, SetAside, add_months

# Codes of the codebook that the rule itself names; a code never changes.
WITHDRAWN = "withdrawn"
# The lowest speaker whose single word is enough (clause 8).
RANK_ENOUGH_ALONE = 3
# Of two levels the weaker counts for a tie.
WEAKEST_FIRST = (
    EvidenceLevel.THIN,
    EvidenceLevel.SINGLE,
    EvidenceLevel.SEVERAL,
    EvidenceLevel.ACT,
)

# The first and the last day for which one piece surely speaks.
Assured = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Stop:
    """A day that ends what was not stated again since: a signing, an own word."""

    day: date
    reason: str
    by: str  # key of the statement
    note: str = ""
    disposition: str = ""  # ends only this one; empty: any


@dataclass(slots=True)
class Stretch:
    """A part of a run; `keys` and `opened_by` are of what contests it (clause 7)."""

    start: date
    dispositions: tuple[str, ...]
    keys: tuple[str, ...] = ()
    opened_by: str = ""
    end: date | None = None

    def goes_on_in(self, other: "Stretch") -> bool:
        return self.end == other.start and set(self.dispositions) == set(
            other.dispositions
        )


@dataclass(slots=True)
class Run:
    """One disposition held without a break, or a tie of several (clause 4)."""

    dispositions: tuple[str, ...]
    start: date
    assured: list[Assured]
    support: list[Piece]
    rank: int  # the best it rests on
    contests: list[Stretch] = field(default_factory=list)
    end: date | None = None
    end_reason: str = ""
    end_note: str = ""
    ended_by: str = ""

    @property
    def last_confirmed(self) -> date:
        return self.assured[-1][1]

    @property
    def is_tie(self) -> bool:
        return len(self.dispositions) > 1

    def close(self, day: date, reason: str, *, by: str = "", note: str = "") -> None:
        """End on a day, and with it what was contested."""
        self.end, self.end_reason, self.ended_by, self.end_note = day, reason, by, note
        self.settle(day)

    def settle(self, day: date) -> None:
        """End the contested stretch, if one is open."""
        if self.contests and self.contests[-1].end is None:
            self.contests[-1].end = day

    def add_support(self, piece: Piece) -> None:
        self.support.append(piece)
        self.rank = min(self.rank, piece.rank)

    def is_prolonged_by(self, piece: Piece) -> bool:
        agrees = piece.disposition in self.dispositions
        return agrees and piece.assures > self.last_confirmed

    def confirm(self, piece: Piece) -> None:
        """Clause 5; a range confirms for its first day only (`Piece.assures`)."""
        self.add_support(piece)
        if self.is_prolonged_by(piece):
            self.assured.append((piece.assures, piece.assures))

    def contest(self, piece: Piece, day: date) -> None:
        """Clause 7: differ from this day on, beside what differs already."""
        last = self.contests[-1] if self.contests else None
        known = last is not None and piece.disposition in last.dispositions
        if last is None or last.end is not None:
            last = Stretch(day, self.dispositions)
            self.contests.append(last)
        elif last.start < day and not known:
            last.end = day
            last = Stretch(day, last.dispositions, last.keys)
            self.contests.append(last)
        if piece.disposition not in last.dispositions:
            last.dispositions += (piece.disposition,)
        last.keys += piece.keys
        last.opened_by = last.opened_by or piece.lead.key

    def stretches(self) -> list[Stretch]:
        """Its stretches in order, contested or not, equal neighbours joined."""
        found: list[Stretch] = []
        cursor: date | None = self.start
        for contest in self.contests:
            if cursor is not None and cursor < contest.start:
                found.append(Stretch(cursor, self.dispositions, end=contest.start))
            if found and found[-1].goes_on_in(contest):
                found[-1].keys += contest.keys
                found[-1].end = contest.end
            else:
                found.append(replace(contest))
            cursor = contest.end
        if cursor is not None and (self.end is None or cursor < self.end):
            found.append(Stretch(cursor, self.dispositions, end=self.end))
        return found

    def level(self) -> EvidenceLevel:
        """Clause 8; a tie has the weaker level of the two."""
        levels = [
            _level([piece for piece in self.support if piece.disposition == code])
            for code in self.dispositions
        ]
        weakest = min(levels, key=WEAKEST_FIRST.index)
        if self.support[0].lead.through and weakest != EvidenceLevel.THIN:
            return EvidenceLevel.GROUP
        return weakest


def _level(support: Sequence[Piece]) -> EvidenceLevel:
    if any(piece.is_act for piece in support):
        return EvidenceLevel.ACT
    if len(support) > 1:
        return EvidenceLevel.SEVERAL
    ranks = (item.speaker_rank for piece in support for item in piece.items)
    if min(ranks) <= RANK_ENOUGH_ALONE:
        return EvidenceLevel.SINGLE
    return EvidenceLevel.THIN


class Reading:
    """One lane of one cell, read day by day.

    `horizon` is in calendar months (None: never lapses), `last_day` the option's
    last valid day, `stops` in order of day.
    """

    def __init__(
        self,
        pieces: Iterable[Piece],
        *,
        horizon: int | None,
        contest_days: int,
        last_day: date | None = None,
        stops: Sequence[Stop] = (),
    ) -> None:
        self.runs: list[Run] = []
        self.set_aside: list[SetAside] = []
        self._horizon = horizon
        self._contest_days = contest_days
        self._last_day = last_day
        self._stops = stops
        self._latest_of: dict[str, Run] = {}
        self._open: Run | None = None
        self._read(pieces)

    def _read(self, pieces: Iterable[Piece]) -> None:
        def turn(piece: Piece) -> date:
            return piece.turn

        ordered = sorted(pieces, key=lambda p: (p.turn, p.vague, p.strength, p.keys))
        for day, together in groupby(ordered, key=turn):
            of_day = list(together)
            firm = [piece for piece in of_day if not piece.vague]
            if firm:
                self._expire(day, firm)
                self._take_day(day, firm)
            for piece in of_day[len(firm) :]:
                self._expire(day)
                self._take_vague(piece)
        self._expire(date.max)

    # Ends without evidence: clauses 6 and 10.

    def _expire(self, day: date, firm: Sequence[Piece] = ()) -> None:
        """End the open run if an end has come by this day.

        What would lapse today does not if firm evidence of today confirms it.
        """
        run = self._open
        if run is None:
            return
        ends = list(self._ends_of(run))
        if not ends:
            return
        end, _, stop = min(ends, key=lambda found: found[:2])
        in_time = stop.reason == "lapsed" and any(map(run.is_prolonged_by, firm))
        if end > day or (end == day and in_time):
            return
        run.close(end, stop.reason, by=stop.by, note=stop.note)
        self._open = None

    def _ends_of(self, run: Run) -> Iterator[tuple[date, int, Stop]]:
        if self._last_day is not None and self._last_day < date.max:
            end = self._last_day + timedelta(days=1)
            yield end, 0, Stop(end, "option_ended", "")
        stop = self._next_stop(run)
        if stop is not None:
            yield stop.day, 1, stop
        lapse = self._lapse_of(run)
        if lapse < date.max:
            yield lapse, 2, Stop(lapse, "lapsed", "")

    def _lapse_of(self, run: Run) -> date:
        if self._horizon is None:
            return date.max
        return add_months(run.last_confirmed, self._horizon)

    def _next_stop(self, run: Run) -> Stop | None:
        after = bisect_right(self._stops, run.last_confirmed, key=lambda stop: stop.day)
        for stop in self._stops[after:]:
            if not stop.disposition or stop.disposition in run.dispositions:
                return stop
        return None

    # Evidence that may open and close: clauses 4, 5 and 7.

    def _take_day(self, day: date, firm: list[Piece]) -> None:
        """Read one day's pieces, the strongest first."""
        if self._open and self._open.is_tie:
            self._open.close(day, "changed", by=firm[0].lead.key)
            self._open = None
        elif self._open:
            self._open.settle(day)
        equals = [piece for piece in firm if piece.strength == firm[0].strength]
        leaders = _furthest(equals)
        for piece in equals:
            if piece not in leaders:
                self._set_aside(piece, 4, "The actor's acts of that day went further.")
        self._take_leaders(day, leaders)
        for piece in firm[len(equals) :]:
            self._take_lesser(day, piece)

    def _take_leaders(self, day: date, leaders: list[Piece]) -> None:
        """The day's strongest: one disposition, or several that tie."""
        run = self._open
        if run is None or all(
            piece.disposition != run.dispositions[0] and self._replaces(run, piece, day)
            for piece in leaders
        ):
            self._open_run(day, leaders)
            return
        for piece in leaders:
            if piece.disposition == run.dispositions[0]:
                run.confirm(piece)
            else:
                run.contest(piece, day)

    def _take_lesser(self, day: date, piece: Piece) -> None:
        """What is weaker than the best of its day never opens or closes."""
        run = self._open
        assert run is not None  # the leaders of the day left one open
        if piece.disposition in run.dispositions:
            run.confirm(piece)
        elif piece.rank > run.rank:
            run.contest(piece, day)
        else:
            reason = "Better evidence of the same day and rank says otherwise."
            self._set_aside(piece, 4, reason)

    def _replaces(self, run: Run, piece: Piece, day: date) -> bool:
        """Clause 5."""
        return (
            piece.rank <= run.rank
            or piece.is_act
            or (day - run.last_confirmed).days > self._contest_days
        )

    def _open_run(self, day: date, leaders: list[Piece]) -> None:
        first = leaders[0]
        if self._open:
            withdrawn = first.disposition == WITHDRAWN
            reason = WITHDRAWN if withdrawn else "changed"
            self._open.close(day, reason, by=first.lead.key)
        # A since speaks for all days up to the one on which it was said.
        until = max(piece.assures if piece.lead.since else day for piece in leaders)
        by_order = sorted(leaders, key=lambda p: (-(p.lead.order or 0), p.disposition))
        self._open = Run(
            dispositions=tuple(dict.fromkeys(piece.disposition for piece in by_order)),
            start=day,
            assured=[(day, until)],
            support=by_order,
            rank=first.rank,
        )
        self.runs.append(self._open)
        for code in self._open.dispositions:
            self._latest_of[code] = self._open

    # Evidence that neither opens nor closes: clause 3.

    def _take_vague(self, piece: Piece) -> None:
        """Confirm the run it agrees with, contest the one it does not, or neither."""
        agreeing = self._latest_of.get(piece.disposition)
        if agreeing and agreeing is self._open:
            agreeing.confirm(piece)
        elif agreeing and agreeing.end and agreeing.end > piece.lead.earliest:
            agreeing.add_support(piece)
        elif self._open and self._is_near(self._open, piece):
            self._open.contest(piece, piece.turn)
        else:
            self._set_aside(
                piece, 3, "Its dates are too wide to open or to close a period."
            )

    def _is_near(self, run: Run, piece: Piece) -> bool:
        distance = (piece.lead.earliest - run.last_confirmed).days
        return distance <= self._contest_days

    def _set_aside(self, piece: Piece, clause: int, reason: str) -> None:
        self.set_aside.extend(
            SetAside(item.key, clause, reason, item.day, counted=True)
            for item in piece.items
        )


def _furthest(equals: list[Piece]) -> list[Piece]:
    """Of acts that point the same way, the one that goes furthest.

    A state that signs and ratifies on one day has not contradicted itself, so its
    acts are no tie (4). Words, and acts of opposite or no direction, are all kept.
    """
    scores = [piece.lead.score or 0 for piece in equals]
    if not equals[0].is_act or not (min(scores) > 0 or max(scores) < 0):
        return equals

    def reach(piece: Piece) -> tuple[int, int]:
        score, order = piece.lead.score or 0, piece.lead.order or 0
        return abs(score), order if score > 0 else -order

    furthest = max(reach(piece) for piece in equals)
    return [piece for piece in equals if reach(piece) == furthest]

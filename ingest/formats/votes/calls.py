"""The lines of one resolution -> its roll calls: the day, and who voted how."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import MappingProxyType

from ingest.formats.csv_lines import CsvLine
from ingest.formats.state_codes import Voter, voter
from ingest.formats.votes.columns import cell, number, subject
from ingest.formats.written_days import written_day
from ingest.posts import read_data
from ingest.records import ImportFault, Problem
from positions import dates
from positions.names import quoted

# What programs write where they know no day.
PLACEHOLDERS = frozenset({"0001-01-01", "1900-01-01", "1970-01-01", "9999-12-31"})

_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][0-9:.Z+-]*)?")


@dataclass(frozen=True, slots=True)
class Ballot:
    """How a state voted: name and word as printed, what they mean ("" = nothing)."""

    line: CsvLine
    name: str
    word: str
    vote: str
    voter: Voter

    @property
    def state(self) -> str:
        """The state by what tells it best."""
        return self.voter.iso3 or self.voter.name


@dataclass(slots=True)
class RollCall:
    """One roll call on a resolution; `part` = on a paragraph or an amendment of it."""

    number: str
    title: str = ""
    part: bool = False
    day: date | None = None
    lines: list[CsvLine] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)


@cache
def _words() -> MappingProxyType[str, str]:
    rows = read_data("vote_words")
    return MappingProxyType({row["word"]: row["vote"] for row in rows})


def read_calls(
    lines: Sequence[CsvLine], columns: Mapping[str, int], file: str
) -> tuple[str, list[RollCall], list[Problem]]:
    """What was voted on, its roll calls in the order of the lines, what is odd.

    Raises ImportFault where there is no vote, and for lines of several resolutions.
    """
    calls: dict[str, RollCall] = {}
    on = ""
    for line in lines:
        of = subject(line.cells, columns)
        on = on or of
        if not of or of != on:
            reason = "The lines are of more than one resolution, or of none."
            raise ImportFault(file, reason, f"row {line.number}")
        name = number(cell(line.cells, columns, "roll"))
        call = calls.setdefault(name, RollCall(name))
        call.title = call.title or cell(line.cells, columns, "title")
        call.part |= number(cell(line.cells, columns, "part")) == "1"
        call.lines.append(line)
    if not calls:
        raise ImportFault(file, "There are no votes in it.")
    problems: list[Problem] = []
    for call in calls.values():
        problems += _count(call, columns)
    return on, list(calls.values()), problems


def _count(call: RollCall, columns: Mapping[str, int]) -> Iterator[Problem]:
    """Read the day and the ballots of a roll call; yield what is odd."""
    days: dict[str, CsvLine] = {}
    for line in call.lines:
        days.setdefault(cell(line.cells, columns, "date"), line)
    call.day = yield from _day(days)
    for line in call.lines:
        yield from _ballot(call, line, columns)
    yield from _twice(call)


def _day(days: Mapping[str, CsvLine]) -> Generator[Problem, None, date | None]:
    """The one day that the lines name; None, with a reason, where there is none."""
    found = {}
    for text, line in days.items():
        day = _read_day(text)
        if day:
            found[day] = line
        elif text:
            yield _odd("no_day", line, f"{quoted(text)} is no day of a vote")
    if len(found) == 1:
        return next(iter(found))
    line = next(iter(days.values()))
    shown = ", ".join(sorted(day.isoformat() for day in found)) or "none"
    yield _odd("not_dated", line, f"The day is not known ({shown}): no vote is coded")
    return None


def _read_day(text: str) -> date | None:
    written = _ISO_DAY.fullmatch(text)
    if written is None:
        return written_day(text)
    try:
        return None if written[1] in PLACEHOLDERS else dates.day(written[1])
    except dates.BadDate:
        return None


def _ballot(
    call: RollCall, line: CsvLine, columns: Mapping[str, int]
) -> Iterator[Problem]:
    code = cell(line.cells, columns, "code")
    name = cell(line.cells, columns, "country") or code
    word = cell(line.cells, columns, "vote")
    vote = _words().get(word.lower())
    if not name or not word:
        yield _odd("vote_not_read", line, "The line lacks a country or its vote")
        return
    if vote is None:
        message = f"{quoted(word)} of {quoted(name)} is no vote"
        yield _odd("vote_not_read", line, message)
    who = voter(name, code, call.day)
    if who.problem and vote:
        yield _odd(who.problem[0], line, who.problem[1])
    call.ballots.append(
        Ballot(line, name, word, (vote or "") if who.exists else "", who)
    )


def _twice(call: RollCall) -> Iterator[Problem]:
    """Of a state's two votes that are the same one is left, of two others none."""
    votes: dict[str, set[str]] = {}
    for ballot in call.ballots:
        if ballot.vote:
            votes.setdefault(ballot.state, set()).add(ballot.vote)
    seen: set[str] = set()
    for n, ballot in enumerate(call.ballots):
        state = ballot.state
        if ballot.vote and (state in seen or len(votes[state]) > 1):
            said = " and ".join(sorted(votes[state]))
            message = f"{quoted(ballot.name)} stands in it twice ({said})"
            yield _odd("voted_twice", ballot.line, message)
            call.ballots[n] = replace(ballot, vote="")
        seen.add(state)


def coded(calls: Iterable[RollCall]) -> Iterator[tuple[RollCall, date, Ballot]]:
    """Each vote that means something, of the roll calls whose day is known."""
    for call in calls:
        for ballot in call.ballots:
            if ballot.vote and call.day:
                yield call, call.day, ballot


def _odd(code: str, line: CsvLine, message: str) -> Problem:
    return Problem(code, f"row {line.number}", f"{message.rstrip('.')}.")

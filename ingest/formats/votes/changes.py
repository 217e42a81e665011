"""Who voted otherwise than the last time, over a series of resolutions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Roll:
    """One roll call: what it was on, its day (YYYY-MM-DD), who voted how.

    `votes` are by state, however it is known: state -> (its name, its vote).
    """

    on: str
    day: str
    votes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """A state voted otherwise on one resolution than when it last voted before."""

    state: str
    before: str
    after: str
    since: str
    on: str

    def __str__(self) -> str:
        return f"{self.state}: {self.before} -> {self.after}"


VOTES = ("yes", "no", "abstain")


def changes(rolls: Iterable[Roll]) -> list[Change]:
    """Each change of a vote, in the order of the roll calls' days.

    A state that was absent is compared with when it last voted. Of two roll calls of
    one day, the one given first goes first.
    """
    last: dict[str, tuple[str, str]] = {}
    found = []
    for roll in sorted(rolls, key=lambda roll: roll.day):
        for state, (name, vote) in roll.votes.items():
            if vote not in VOTES:
                continue
            before, since = last.get(state, ("", ""))
            if before and before != vote:
                found.append(Change(name, before, vote, since, roll.on))
            last[state] = vote, roll.on
    return found

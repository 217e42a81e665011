"""What an answer is made of: lines of evidence, periods, positions, quotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from positions import phrases
from positions.choices import CitationRole, Relation
from positions.models import Actor, Disposition, Issue, Option, Statement
from positions.readers import Reader


@dataclass(frozen=True, slots=True)
class Line:
    """A statement behind a period, or set aside from it, and why."""

    statement: Statement
    relation: str  # supports, contradicts, context, about
    counted: bool
    set_aside_by: int | None = None
    reason: str = ""

    @property
    def n_repeats(self) -> int:
        return sum(
            c.role == CitationRole.REPEATS for c in self.statement.citations.all()
        )


@dataclass(frozen=True, slots=True)
class Period:
    """One disposition of one actor towards one option over [holds_from, holds_to)."""

    id: str
    layer: str
    actor: Actor
    option: Option
    facet: str
    dispositions: tuple[Disposition, ...]  # more than one: contested
    status: str  # current, carried, contested, lapsed
    sentence: str
    holds_from_earliest: date
    holds_from: date
    holds_to: date | None
    end_reason: str
    changed_after: date | None
    last_confirmed: date | None
    previous: Disposition | None
    mode: str
    publicity: str
    through: Actor | None
    level: str
    confidence: str
    n_events: int
    previous_government: bool
    single_coded: bool
    rule_version: str
    codebook_version: str
    rationale: str
    lines: tuple[Line, ...]

    @property
    def contested(self) -> bool:
        return len(self.dispositions) > 1

    @property
    def disposition(self) -> Disposition:
        return self.dispositions[0]

    @property
    def score(self) -> int | None:
        return None if self.contested else self.disposition.score

    @property
    def phrase(self) -> str:
        return phrases.short_phrase([self.clause(headline=True)])

    @property
    def supports(self) -> list[Line]:
        return [line for line in self.lines if line.relation == Relation.SUPPORTS]

    @property
    def opened_by(self) -> Statement | None:
        """The statement that opened the period: the first in support."""
        return self.supports[0].statement if self.supports else None

    def count(self, relation: str) -> int:
        return sum(line.relation == relation for line in self.lines)

    def holds_on(self, day: date) -> bool:
        return self.holds_from <= day and (self.holds_to is None or day < self.holds_to)

    def clause(self, *, headline: bool | None = None) -> phrases.Clause:
        """What the phrase rule reads of it."""
        return phrases.Clause(
            option_key=self.option.key,
            option_short=self.option.short_name,
            headline=self.option.headline if headline is None else headline,
            phrase=self.disposition.phrase,
            headline_number=min(d.headline or 0 for d in self.dispositions),
            contested=self.contested,
        )


@dataclass(frozen=True, slots=True)
class Position:
    """All of an actor's periods on an issue on a day, in one layer."""

    actor: Actor
    issue: Issue
    as_of: date
    layer: str
    periods: tuple[Period, ...]

    @property
    def short_phrase(self) -> str:
        return phrases.short_phrase([p.clause() for p in self.periods])

    @property
    def long_phrase(self) -> str:
        return phrases.long_phrase([p.clause() for p in self.periods])

    def count(self, status: str) -> int:
        return sum(p.status == status for p in self.periods)

    @property
    def last_evidence(self) -> date | None:
        days = [p.last_confirmed for p in self.periods if p.last_confirmed]
        return max(days, default=None)


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a citation as a reader may see them."""

    citation: str
    text: str
    translation: str
    withheld: bool


def quote_for(citation: Any, reader: Reader) -> Quote:
    """The quote, or the fact that it is above the reader's level."""
    readable = citation.readable_by(reader)
    return Quote(
        citation=citation.paragraph.citation,
        text=citation.quote if readable else "",
        translation=citation.translation if readable else "",
        withheld=not readable,
    )

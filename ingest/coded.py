"""What the statements of a source say already, and its coding header: read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from positions import coding
from positions.choices import CitationRole
from positions.models import Citation, CodingHeader, Source, Statement

# So many sources are kept in memory at once.
SOURCES_KEPT = 100
# Fields that make two statements of the same words differ.
TOLD_APART = ("standing", "modality", "holds_on")


class Cell(NamedTuple):
    """What a statement says of which words of a source; parts by primary key."""

    paragraph: int
    quote: str
    actor: int
    option: int
    disposition: int


@dataclass
class Coded:
    """The statements and headers of the sources that a run cites."""

    _headers: dict[int, CodingHeader] = field(default_factory=dict)
    _said: dict[int, dict[Cell, list[Statement]]] = field(default_factory=dict)
    # Keys of the statements that the batch under way makes.
    made: set[str] = field(default_factory=set)

    def header(self, source: Source) -> CodingHeader:
        """The coding header of a source, or an empty one."""
        if source.pk not in self._headers:
            self._headers[source.pk] = coding.header_of(source)
        return self._headers[source.pk]

    def same(
        self, words: coding.Words, statement: Cell, fields: dict[str, Any]
    ) -> Statement | None:
        """A statement, in any version, that says the same of the same words.

        `fields` that tell statements apart are compared where they are given.
        """
        told = {
            n: fields[n] for n in ("standing", "modality", "holds_on") if n in fields
        }
        said = self._of(words.paragraph.revision.source)
        return next(
            (
                found
                for found in said.get(statement, ())
                if all(getattr(found, name) == value for name, value in told.items())
            ),
            None,
        )

    def add(self, words: coding.Words, statement: Statement) -> None:
        """Remember a statement that is made."""
        self.made.add(statement.key)
        said = self._of(words.paragraph.revision.source)
        place = words.paragraph.key, words.quote
        said.setdefault(_cell(*place, statement), []).append(statement)

    def begin_batch(self) -> None:
        """What is kept of other batches goes, if it is much."""
        self.made.clear()
        if max(len(self._said), len(self._headers)) > SOURCES_KEPT:
            self.forget()

    def forget(self) -> None:
        """Read it all again: what was made has been undone."""
        self.made.clear()
        self._headers.clear()
        self._said.clear()

    def _of(self, source: Source) -> dict[Cell, list[Statement]]:
        if source.pk not in self._said:
            main = (
                Citation.objects.filter(
                    role=CitationRole.MAIN, paragraph__revision__source=source
                )
                .select_related("statement", "paragraph")
                .defer("paragraph__text")
                .order_by("pk")
            )
            found: dict[Cell, list[Statement]] = {}
            for citation in main:
                place = citation.paragraph.key, citation.quote
                found.setdefault(_cell(*place, citation.statement), []).append(
                    citation.statement
                )
            self._said[source.pk] = found
        return self._said[source.pk]


def _cell(paragraph: int, quote: str, statement: Statement) -> Cell:
    return Cell(
        paragraph,
        quote,
        statement.actor_id,
        statement.option_id,
        statement.disposition_id,
    )

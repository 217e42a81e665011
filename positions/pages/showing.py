"""Evidence as a reader may see it: the quote or that it is withheld, where, who, when.

The one place where a statement of an answer becomes words and addresses for a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from positions.choices import CitationRole, Visibility
from positions.models import Citation, Paragraph, Source, Statement
from positions.periods import Line, Quote, quote_for
from positions.readers import Reader
from positions.telling import (
    Sentence,
    tell_attribution,
    tell_coding,
    tell_disposition,
)

# A source's page shows so many paragraphs at once.
PARAGRAPHS_A_PAGE = 400


@dataclass(frozen=True, slots=True)
class Words:
    """A citation: its quote, how it is cited, and the paragraph's address if open."""

    quote: Quote
    role: str
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement with everything a page says of it."""

    statement: Statement
    words: tuple[Words, ...]
    said: str
    attribution: Sentence
    coding: str
    url: str

    @property
    def main(self) -> Words | None:
        return next((w for w in self.words if w.role == CitationRole.MAIN), None)

    @property
    def others(self) -> list[Words]:
        return [words for words in self.words if words.role != CitationRole.MAIN]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A statement behind a period, or set aside from it, and why."""

    line: Line
    shown: Shown


def show(statement: Statement, reader: Reader) -> Shown:
    """A statement as the reader may see it (load `with_evidence()`)."""
    return Shown(
        statement=statement,
        words=tuple(show_words(c, reader) for c in statement.citations.all()),
        said=tell_disposition(statement),
        attribution=tell_attribution(
            statement, source_open=shows_source(statement, reader)
        ),
        coding=tell_coding(statement),
        url=statement_url(statement),
    )


def show_lines(lines: Iterable[Line], reader: Reader) -> list[ShownLine]:
    return [ShownLine(line, show(line.statement, reader)) for line in lines]


def show_words(citation: Citation, reader: Reader) -> Words:
    """A citation as the reader may see it (load `with_place()`)."""
    source = citation.paragraph.revision.source
    return Words(
        quote=quote_for(citation, reader),
        role=citation.role,
        url=paragraph_url(citation.paragraph) if may_open(source, reader) else "",
        language=source.language,
    )


def shows_source(statement: Statement, reader: Reader) -> bool:
    """May the reader open the document of its main citation?"""
    main = statement.main
    return main is not None and may_open(main.paragraph.revision.source, reader)


def may_open(source: Source, reader: Reader) -> bool:
    """Has the source a page for this reader? (`SourceQuerySet.visible_to`)"""
    return reader.curator or (
        source.visibility != Visibility.PRIVATE
        and reader.may_read_collection(source.collection_id)
    )


# -- addresses ---------------------------------------------------------------------


def statement_url(statement: Statement) -> str:
    return reverse("statement", args=(statement.key,))


def source_url(source: Source) -> str:
    return reverse("source", args=(source.collection.key, source.identifier))


def paragraph_url(paragraph: Paragraph) -> str:
    """The paragraph on its source's page; in a long document, the page from it on."""
    page = f"?from={paragraph.key}" if paragraph.order > PARAGRAPHS_A_PAGE else ""
    return f"{source_url(paragraph.revision.source)}{page}#p{paragraph.key}"

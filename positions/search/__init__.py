"""One function over paragraphs, statements, sources and actors, on both databases.

`search` is for a page: the newest hits of each kind. `filter` narrows a queryset to
the rows that match, for a search box or `?q=`. Both databases give the same rows;
neither ranks. `query.parse` says what a query means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length

from positions.models import (
    Actor,
    ActorName,
    Citation,
    Disposition,
    Option,
    OptionAlias,
    Paragraph,
    Source,
    Statement,
    changes,
)
from positions.readers import Reader

from . import lookup
from .index import (
    INDEXES,
    SOURCE_FIELDS,
    Matching,
    batches,
    forget,
    index,
    insert,
    rebuild,
    unindexed,
)
from .query import HELP, BadQuery, Query, parse
from .snippet import Piece, has_match, snippet

__all__ = (
    "HELP",
    "INDEXES",
    "SOURCE_FIELDS",
    "BadQuery",
    "Hit",
    "Query",
    "Results",
    "filter",
    "forget",
    "index",
    "insert",
    "lookup",
    "parse",
    "rebuild",
    "search",
    "snippet",
    "subscribe",
    "unindexed",
)

# A page looks for paragraphs among so many that match before it looks at all.
WINDOW = 2000


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that matches, and its words around the first match as pieces."""

    record: Any
    snippet: list[Piece]


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, newest first (actors: the shortest name first).

    more names the kinds of which there are further hits.
    """

    query: Query
    paragraphs: list[Hit]
    statements: list[Hit]
    sources: list[Hit]
    actors: list[Hit]
    more: frozenset[str]

    def __bool__(self) -> bool:
        return any((self.paragraphs, self.statements, self.sources, self.actors))


def search(text: str, reader: Reader, *, limit: int = 20) -> Results:
    """The newest `limit` hits of each kind that the reader may see.

    Sources are found by identifier, title and symbol; by their words, paragraphs are.
    Raises BadQuery.
    """
    query = parse(text)
    rows = {
        "paragraphs": _newest_paragraphs(query, reader, limit + 1),
        "statements": _statements(query, reader)[: limit + 1],
        "sources": _sources(query, reader)[: limit + 1],
        "actors": _actors(query, reader)[: limit + 1],
    }
    hits = {
        kind: [Hit(row, _SNIPPETS[kind](row, query, reader)) for row in found]
        for kind, found in rows.items()
    }
    return Results(
        query=query,
        more=frozenset(kind for kind, found in hits.items() if len(found) > limit),
        **{kind: found[:limit] for kind, found in hits.items()},
    )


def filter(  # noqa: A001 (as of a queryset)
    queryset: models.QuerySet, query: str | Query, reader: Reader | None = None
) -> models.QuerySet:
    """The rows of a queryset of paragraphs, statements, sources or actors that match.

    The queryset says which rows the reader may see; `reader` (nobody known, if None)
    says by which words they may be found: a statement not by a quote that is kept
    from this reader, a source not by a paragraph. Raises BadQuery.
    """
    if isinstance(query, str):
        query = parse(query)
    condition = _CONDITIONS[queryset.model]
    return queryset.filter(condition(query, reader or Reader.anonymous()))


# -- which rows match ------------------------------------------------------------


def _matching(model: type[models.Model], query: Query, **options: Any) -> Q:
    return Q(pk__in=Matching(INDEXES[model], query, **options))


def _of_paragraph(query: Query, reader: Reader) -> Q:
    return _matching(Paragraph, query)


def _of_statement(query: Query, reader: Reader) -> Q:
    """A statement with a quote kept from the reader is found by its other words."""
    if reader.curator:
        return _matching(Statement, query)
    kept_back = Q(
        Exists(
            Citation.objects.filter(
                Q(paragraph__access_level__gt=reader.clearance)
                | Q(now_paragraph__access_level__gt=reader.clearance)
                | Q(paragraph__revision__source__collection__in=reader.closed),
                statement=OuterRef("pk"),
            )
        )
    )
    return (~kept_back & _matching(Statement, query)) | (
        kept_back & _matching(Statement, query, first_part=True)
    )


def _of_source(query: Query, reader: Reader) -> Q:
    paragraphs = filter(Paragraph.objects.visible_to(reader), query, reader)
    return _matching(Source, query) | Q(pk__in=paragraphs.values("revision__source"))


def _of_actor(query: Query, reader: Reader) -> Q:
    """By parts of names, in any order, as in every other list of actors."""
    wanted = Actor.objects.matching(" ".join(term.text for term in query.wanted))
    condition = Q(pk__in=wanted.values("pk"))
    for term in query.unwanted:
        condition &= ~Q(pk__in=Actor.objects.matching(term.text).values("pk"))
    return condition


_CONDITIONS: dict[type[models.Model], Callable[[Query, Reader], Q]] = {
    Paragraph: _of_paragraph,
    Statement: _of_statement,
    Source: _of_source,
    Actor: _of_actor,
}


# -- the page --------------------------------------------------------------------


def _newest_paragraphs(query: Query, reader: Reader, count: int) -> list[Paragraph]:
    """Among the newest that match if these are enough, so that the cost is bounded."""
    visible = Paragraph.objects.visible_to(reader)
    rows = visible.select_related("revision__source__collection").order_by("-pk")
    for newest in (WINDOW, None):
        found = list(rows.filter(_matching(Paragraph, query, newest=newest))[:count])
        if len(found) == count:
            break
    return found


def _statements(query: Query, reader: Reader) -> models.QuerySet:
    rows = Statement.objects.visible_to(reader).with_evidence()
    return filter(rows, query, reader).order_by("-pk")


def _sources(query: Query, reader: Reader) -> models.QuerySet:
    rows = Source.objects.visible_to(reader).filter(_matching(Source, query))
    return rows.select_related("collection").order_by("-pk")


def _actors(query: Query, reader: Reader) -> models.QuerySet:
    """An actor is also found by the names of those merged into it."""
    rows = Actor.objects.visible_to(reader).current()
    return filter(rows, query, reader).order_by(Length("name_key"), "pk")


def _statement_snippet(row: Statement, query: Query, reader: Reader) -> list[Piece]:
    """Of the first readable quote or translation that matches, else of the first."""
    texts = [
        text
        for citation in row.citations.all()
        if citation.readable_by(reader)
        for text in (citation.quote, citation.translation)
        if text
    ]
    shown = next((text for text in texts if has_match(text, query)), None)
    return snippet(shown or next(iter(texts), ""), query)


_SNIPPETS: dict[str, Callable[[Any, Query, Reader], list[Piece]]] = {
    "paragraphs": lambda row, query, reader: snippet(row.text, query),
    "statements": _statement_snippet,
    "sources": lambda row, query, reader: snippet(row.title, query),
    "actors": lambda row, query, reader: snippet(row.name, query),
}


# -- filling ---------------------------------------------------------------------

# Where a record stands whose names another has, too: itself, its survivor, who was
# merged into it, and who was merged into the same.
_GROUP = ("", "__merged_into", "__merged", "__merged_into__merged")
# The statements whose words change with a record of another kind.
_STATEMENTS_OF = {
    Citation: ("citations",),
    Actor: (
        *(f"actor{group}" for group in _GROUP),
        *("speaker", "speaker__merged_into"),
        *("on_authority_of", "on_authority_of__merged_into"),
    ),
    ActorName: tuple(f"actor{group}__names" for group in _GROUP),
    Option: tuple(f"option{group}" for group in _GROUP),
    OptionAlias: tuple(f"option{group}__aliases" for group in _GROUP),
    Disposition: ("disposition",),
}


def subscribe() -> None:
    """Keep statements and sources indexed with what people change."""
    changes.listen(_follow)


def _follow(model: type[models.Model], pks: set[int]) -> None:
    if model in (Statement, Source):
        index(model, pks)
    for path in _STATEMENTS_OF.get(model, ()):
        for batch in batches(pks):
            rows = Statement._base_manager.filter(**{f"{path}__in": batch})
            index(Statement, rows.values_list("pk", flat=True))

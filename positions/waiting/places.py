"""The words that stand beside the rows of the work lists.

A page of rows gets them in a constant number of queries, and never with the text of
a whole document.
"""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from positions.choices import Relation
from positions.models import Citation, Evidence, Stance, Statement, Voice
from positions.worklists import Place

FIRST_SUPPORT = "first_support"


def voices(lookup: str) -> Prefetch:
    """The voices of the paragraphs that a lookup leads to."""
    return Prefetch(lookup, Voice.objects.select_related("whose"))


def cited_words() -> Prefetch:
    """The citations of statements, the main one first, with their paragraphs."""
    rows = Citation.objects.with_place().prefetch_related(voices("paragraph__voices"))
    return Prefetch("citations", rows)


def with_first_support(rows: QuerySet[Stance]) -> QuerySet[Stance]:
    """Stances with the first statement in support of each, and its words."""
    statements = Statement.objects.prefetch_related(cited_words())
    first = (
        Evidence.objects.filter(relation=Relation.SUPPORTS)
        .prefetch_related(Prefetch("statement", statements))
        .order_by("pk")[:1]
    )
    return rows.prefetch_related(Prefetch("evidence", first, to_attr=FIRST_SUPPORT))


def place_of_statement(statement: Statement) -> Place | None:
    """The paragraph of the main citation, and all words cited of it."""
    main = statement.main
    if main is None:
        return None
    spans = sorted(
        (one.start, one.end)
        for one in statement.citations.all()
        if one.paragraph_id == main.paragraph_id
    )
    return Place(main.paragraph, tuple(spans))


def place_of_stance(stance: Stance) -> Place | None:
    """The words of its first statement in support (see `with_first_support`)."""
    support: list[Evidence] = getattr(stance, FIRST_SUPPORT)
    return place_of_statement(support[0].statement) if support else None


def place_of_citation(citation: Citation) -> Place:
    """The paragraph as it was cited, whatever the text reads now."""
    return Place(citation.paragraph, ((citation.start, citation.end),))

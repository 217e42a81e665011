"""Citations whose words a corrected text no longer has as they were."""

from __future__ import annotations

from django.db.models import QuerySet

from positions import citing, tasks
from positions.choices import Anchor, StatementState
from positions.models import Citation
from positions.worklists import Action, Decision, WorkList, register

from .addresses import change_page
from .places import place_of_citation, voices


def _citations() -> QuerySet[Citation]:
    return (
        Citation.objects.needing_a_person()
        .exclude(
            statement__state__in=(StatementState.REJECTED, StatementState.RETRACTED)
        )
        .select_related(
            "statement__actor__merged_into",
            "statement__option__merged_into",
            "statement__disposition",
            "paragraph__revision__source",
            "now_paragraph",
        )
        # A document's whole text has no place in a list.
        .defer(
            "paragraph__revision__text",
            "paragraph__revision__patches",
            "paragraph__revision__header",
        )
        .prefetch_related(voices("paragraph__voices"))
        .order_by("pk")
    )


def _citation_problem(citation: Citation) -> str:
    where = citation.paragraph.citation
    if citation.anchor == Anchor.ORPHANED:
        return f"The words cited from {where} are not in the corrected text."
    return f"The words cited from {where} read differently in the corrected text."


register(
    WorkList(
        key="citations",
        title="Moved and orphaned citations",
        meaning="A corrected text no longer has the words as they were cited.",
        permission="positions.view_statement",
        rows=_citations,
        problem=_citation_problem,
        action=lambda row: Action("Open statement", change_page(row.statement)),
        of_source=lambda rows, source: rows.filter(paragraph__revision__source=source),
        place=place_of_citation,
        open_to=lambda rows, user: tasks.seen_by(user, rows, "statement"),
        panel="admin/positions/queue/_citation.html",
        decisions=(
            Decision(
                key="follow",
                label="Cite the words as they read now",
                letter="a",
                done="cites the words as they read now.",
                permission="positions.change_statement",
                run=lambda who, row, why: citing.follow(who, row),
                fits=lambda row, user: row.anchor == Anchor.MOVED,
                tone="main",
            ),
        ),
    )
)

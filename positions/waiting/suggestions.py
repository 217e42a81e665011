"""What a machine proposes, the surest first."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from positions import suggestions, tasks
from positions.models import Suggestion
from positions.worklists import Action, Decision, Place, WorkList, register

from .addresses import change_page
from .places import voices
from .reasons import OF_A_SUGGESTION


def _suggestions() -> QuerySet[Suggestion]:
    return (
        Suggestion.objects.waiting()
        .with_place()
        .select_related("paragraph__revision__source")
        # A paragraph is shown whole; a document's text has no place in a list.
        .defer(None)
        .defer(
            "paragraph__revision__text",
            "paragraph__revision__patches",
            "paragraph__revision__header",
        )
        .prefetch_related(voices("paragraph__voices"))
    )


def _open_to(rows: QuerySet[Suggestion], user: Any) -> QuerySet[Suggestion]:
    """Whoever codes a paragraph blind is not told what a machine reads in it."""
    if not tasks.codes_blind(user):
        return rows
    return rows.exclude(paragraph__in=tasks.blind_paragraphs(user))


register(
    WorkList(
        key="suggestions",
        title="Suggestions",
        meaning="Statements that a machine proposes: accept them as drafts, or reject "
        "them for good.",
        permission="positions.change_suggestion",
        rows=_suggestions,
        problem=lambda row: row.reason,
        action=lambda row: Action("Details", change_page(row)),
        of_source=lambda rows, source: rows.filter(source=source),
        place=lambda row: Place(row.paragraph, ((row.start, row.end),)),
        panel="admin/positions/queue/_suggestion.html",
        open_to=_open_to,
        decisions=(
            Decision(
                key="accept",
                label="Accept",
                letter="a",
                done="accepted as a draft.",
                permission="positions.add_statement",
                run=lambda who, row, why: suggestions.accept(who, row),
                undo=suggestions.take_back,
                tone="main",
            ),
            Decision(
                key="edit",
                label="Accept and edit",
                letter="e",
                done="accepted as a draft, to be edited.",
                permission="positions.add_statement",
                run=lambda who, row, why: suggestions.accept(who, row),
                undo=suggestions.take_back,
                opens=True,
            ),
            Decision(
                key="reject",
                label="Reject",
                letter="r",
                done="rejected, and never offered again.",
                permission="positions.add_statement",
                run=suggestions.reject,
                undo=suggestions.take_back,
                reasons=OF_A_SUGGESTION,
                tone="danger",
            ),
        ),
    )
)

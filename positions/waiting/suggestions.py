"""What a machine proposes, the surest first."""

from __future__ import annotations

from positions.models import Suggestion
from positions.worklists import Action, WorkList, register

from .addresses import change_page

register(
    WorkList(
        key="suggestions",
        title="Suggestions",
        meaning="Statements that a machine proposes: accept them as drafts, or reject "
        "them for good.",
        permission="positions.change_suggestion",
        rows=lambda: Suggestion.objects.waiting().with_place(),
        problem=lambda row: row.reason,
        action=lambda row: Action("Decide", change_page(row)),
    )
)

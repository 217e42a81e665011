"""Stances that wait: drafts, and what is in review."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from positions.choices import Relation, StanceState, StatementState
from positions.models import Evidence, Stance
from positions.worklists import Action, WorkList, register

from .addresses import change_page


def _stances(state: str) -> QuerySet[Stance]:
    support = Evidence.objects.filter(
        stance=OuterRef("pk"),
        relation=Relation.SUPPORTS,
        statement__state=StatementState.ACCEPTED,
    )
    return (
        Stance.objects.filter(state=state)
        .select_related("actor", "option__issue", "disposition", "author")
        .annotate(supported=Exists(support))
        .order_by("pk")
    )


def _stance_problem(stance: Any) -> str:
    if not stance.supported:
        return "It has no accepted statement in support, so it cannot be published."
    if stance.state == StanceState.REVIEW:
        return f"Judged by {stance.author or 'a tool'}; waits for a reviewer."
    return f"Judged by {stance.author or 'a tool'}; not submitted yet."


register(
    WorkList(
        key="stances-in-review",
        title="Stances in review",
        meaning="Judged and submitted; a reviewer publishes or sends back.",
        permission="positions.publish_stance",
        rows=lambda: _stances(StanceState.REVIEW),
        problem=_stance_problem,
        action=lambda row: Action("Review", change_page(row)),
    )
)
register(
    WorkList(
        key="draft-stances",
        title="Draft stances",
        meaning="Derived or written but not submitted.",
        permission="positions.submit_stance",
        rows=lambda: _stances(StanceState.DRAFT),
        problem=_stance_problem,
        action=lambda row: Action("Open", change_page(row)),
    )
)

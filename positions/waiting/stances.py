"""Stances that wait: drafts, and what is in review."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from positions import tasks
from positions.choices import Relation, StanceState, StatementState
from positions.models import Evidence, Stance
from positions.worklists import Action, WorkList, register

from . import returned
from .addresses import change_page
from .places import place_of_stance, with_first_support
from .transitions import of_drafts, of_reviews

PANEL = "admin/positions/queue/_stance.html"


def _stances(state: str) -> QuerySet[Stance]:
    support = Evidence.objects.filter(
        stance=OuterRef("pk"),
        relation=Relation.SUPPORTS,
        statement__state=StatementState.ACCEPTED,
    )
    # No `Exists`: for it PostgreSQL reads all evidence before the first row.
    rows = (
        Stance.objects.filter(state=state)
        .select_related(
            "actor__merged_into",
            "option__issue",
            "option__merged_into",
            "disposition",
            "author",
        )
        .annotate(supported=Subquery(support.values("pk")[:1]))
        .order_by("pk")
    )
    return with_first_support(rows)


def _stance_problem(stance: Any) -> str:
    if not stance.supported:
        return "It has no accepted statement in support, so it cannot be published."
    if stance.state == StanceState.REVIEW:
        return f"Judged by {stance.author or 'a tool'}; waits for a reviewer."
    return (
        returned.sentence(stance)
        or f"Judged by {stance.author or 'a tool'}; not submitted yet."
    )


def _open_to(rows: QuerySet[Stance], user: Any) -> QuerySet[Stance]:
    """The words beside a stance are those of a statement."""
    return tasks.seen_by(user, rows, "evidence__statement")


register(
    WorkList(
        key="stances-in-review",
        title="Stances in review",
        meaning="Judged and submitted; a reviewer publishes or sends back.",
        permission="positions.publish_stance",
        rows=lambda: _stances(StanceState.REVIEW),
        problem=_stance_problem,
        action=lambda row: Action("Open", change_page(row)),
        place=place_of_stance,
        panel=PANEL,
        open_to=_open_to,
        decisions=of_reviews(Stance, "Publish", "published; readers see it now."),
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
        place=place_of_stance,
        panel=PANEL,
        open_to=_open_to,
        prepare=returned.attach,
        decisions=of_drafts(Stance, "Publish", "published; readers see it now."),
    )
)

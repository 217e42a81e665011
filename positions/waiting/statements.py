"""Statements that wait: drafts, and what is in review."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from positions.choices import CitationRole, StatementState
from positions.models import Citation, Statement
from positions.worklists import Action, WorkList, register

from .addresses import change_page


def _statements(state: str) -> QuerySet[Statement]:
    main = Citation.objects.filter(statement=OuterRef("pk"), role=CitationRole.MAIN)
    return (
        Statement.objects.filter(state=state)
        .select_related("actor", "option__issue", "disposition", "coder")
        .annotate(cites=Exists(main))
        .order_by("pk")
    )


def _statement_problem(statement: Any) -> str:
    if not statement.cites:
        return "It has no main citation, so it cannot be submitted."
    if statement.holds_earliest is None:
        return "It has no date, and its source has none either."
    if statement.state == StatementState.REVIEW:
        return f"Coded by {statement.coder or 'a tool'}; waits for a reviewer."
    if statement.version > 1:
        return f"Version {statement.version} corrects an accepted one; not submitted."
    return f"Coded by {statement.coder or 'a tool'}; not submitted yet."


register(
    WorkList(
        key="statements-in-review",
        title="Statements in review",
        meaning="Coded and submitted; a reviewer accepts, sends back or rejects.",
        permission="positions.accept_statement",
        rows=lambda: _statements(StatementState.REVIEW),
        problem=_statement_problem,
        action=lambda row: Action("Review", change_page(row)),
    )
)
register(
    WorkList(
        key="draft-statements",
        title="Draft statements",
        meaning="Coded but not submitted: finish, submit or drop them.",
        permission="positions.submit_statement",
        rows=lambda: _statements(StatementState.DRAFT),
        problem=_statement_problem,
        action=lambda row: Action("Open", change_page(row)),
    )
)

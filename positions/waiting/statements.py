"""Statements that wait: drafts, and what is in review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from positions import noting, tasks
from positions.choices import StatementState
from positions.models import Statement
from positions.worklists import Action, Decision, WorkList, register

from . import returned
from .addresses import change_page
from .places import cited_words, place_of_statement
from .reasons import OF_A_STATEMENT
from .transitions import of_drafts, of_reviews

PANEL = "admin/positions/queue/_statement.html"


def _statements(state: str) -> QuerySet[Statement]:
    return (
        Statement.objects.filter(state=state)
        .select_related(
            "actor__merged_into",
            "option__issue",
            "option__merged_into",
            "disposition",
            "coder",
        )
        .prefetch_related(cited_words())
        .order_by("pk")
    )


def _statement_problem(statement: Any) -> str:
    if statement.main is None:
        return "It has no main citation, so it cannot be submitted."
    if statement.holds_earliest is None:
        return "It has no date, and its source has none either."
    if statement.state == StatementState.REVIEW:
        return f"Coded by {statement.coder or 'a tool'}; waits for a reviewer."
    if sent_back := returned.sentence(statement):
        return sent_back
    if statement.version > 1:
        return f"Version {statement.version} corrects an accepted one; not submitted."
    return f"Coded by {statement.coder or 'a tool'}; not submitted yet."


def _prepare(rows: Sequence[Statement]) -> None:
    """Why drafts came back, and what coder and reviewer last said to each other."""
    returned.attach(rows)
    noting.attach(rows)


def _open_to(rows: QuerySet[Statement], user: Any) -> QuerySet[Statement]:
    """Whoever codes a paragraph blind does not see what others coded there."""
    return tasks.seen_by(user, rows)


REJECT = Decision(
    key="reject",
    label="Reject",
    letter="r",
    done="rejected.",
    permission="positions.accept_statement",
    run=lambda who, row, why: row.reject(who, why),
    undo=lambda who, row: row.reopen(who),
    reasons=OF_A_STATEMENT,
    tone="danger",
)

register(
    WorkList(
        key="statements-in-review",
        title="Statements in review",
        meaning="Coded and submitted; a reviewer accepts, sends back or rejects.",
        permission="positions.accept_statement",
        rows=lambda: _statements(StatementState.REVIEW),
        problem=_statement_problem,
        action=lambda row: Action("Open", change_page(row)),
        place=place_of_statement,
        panel=PANEL,
        prepare=_prepare,
        open_to=_open_to,
        decisions=(
            *of_reviews(Statement, "Accept", "accepted; it is public now."),
            REJECT,
        ),
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
        place=place_of_statement,
        panel=PANEL,
        prepare=_prepare,
        open_to=_open_to,
        decisions=(
            *of_drafts(
                Statement, "Accept", "submitted and accepted; it is public now."
            ),
            REJECT,
        ),
    )
)

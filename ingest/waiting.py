"""What imports leave for a person: three work lists beside those of the domain."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from ingest.models import ImportProblem
from positions.models import Source
from positions.worklists import Action, Decision, WorkList, register

SETTLE = Decision(
    key="settle",
    label="Settle: nothing more to do",
    letter="a",
    done="settled.",
    permission="positions.change_source",
    run=lambda who, row, why: row.settle(who),
    undo=lambda who, row: row.unsettle(),
    tone="main",
)


def register_lists() -> None:
    """Add the work lists of imports to the register."""
    register(
        WorkList(
            key="import-conflicts",
            title="Import conflicts",
            meaning="A file says something else than what people keep; nothing was "
            "changed.",
            permission="ingest.view_importproblem",
            rows=lambda: _waiting(ImportProblem.Severity.CONFLICT),
            problem=_problem,
            action=_action,
            decisions=(SETTLE,),
            of_source=_of_source,
        )
    )
    register(
        WorkList(
            key="import-unsure",
            title="Names nobody is sure of",
            meaning="A file names somebody who is not in the register for sure: add "
            "the name to an actor, or the actor, and import it again.",
            permission="ingest.view_importproblem",
            rows=lambda: _waiting(ImportProblem.Severity.UNSURE),
            problem=_problem,
            action=_action,
            decisions=(SETTLE,),
        )
    )
    register(
        WorkList(
            key="import-problems",
            title="Import problems",
            meaning="Files and rows that could not be imported, and why.",
            permission="ingest.view_importproblem",
            rows=lambda: _waiting(ImportProblem.Severity.REJECTED),
            problem=_problem,
            action=_action,
            decisions=(SETTLE,),
        )
    )


def _waiting(severity: str) -> QuerySet[ImportProblem]:
    return (
        ImportProblem.objects.waiting()
        .filter(severity=severity)
        .select_related("run")
        .order_by("pk")
    )


def _problem(row: Any) -> str:
    return f"{row.record}: {row.message}" if row.record else row.message


def _action(row: Any) -> Action:
    address = reverse("admin:ingest_importproblem_change", args=(row.pk,))
    return Action("Look and settle", address)


def _of_source(rows: QuerySet[Any], source: Source) -> QuerySet[Any]:
    return rows.filter(revision__source=source)

"""Tasks of double coding that wait: for a coder, or for who adjudicates."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from positions import tasks
from positions.models import Source, Task
from positions.worklists import Action, WorkList, register


def _with_names(rows: QuerySet[Task]) -> QuerySet[Task]:
    rows = rows.select_related("issue", "revision__source", "first", "second")
    return rows.defer(*tasks.HEAVY).order_by("pk")


def _of_source(rows: QuerySet[Task], source: Source) -> QuerySet[Task]:
    return rows.filter(revision__source=source)


def _open_to(rows: QuerySet[Task], user: Any) -> QuerySet[Task]:
    """A coder's own; who hands tasks out sees all."""
    if user.has_perm("positions.add_task"):
        return rows
    return rows.filter(pk__in=Task.objects.to_code(user).values("pk"))


def _still_to_code(task: Task) -> str:
    waits = [
        str(getattr(task, side))
        for side in tasks.SIDES
        if tasks.done_at(task, side) is None
    ]
    return f"{' and '.join(waits)} {'have' if len(waits) > 1 else 'has'} still to code."


def _page(name: str, task: Task) -> str:
    return reverse(f"admin:positions_task_{name}", args=(task.pk,))


register(
    WorkList(
        key="tasks-to-code",
        title="Tasks to code",
        meaning="Paragraphs that two people code blind, each alone.",
        permission="positions.add_coding",
        rows=lambda: _with_names(tasks.unfinished()),
        problem=_still_to_code,
        # Who is neither of its coders is led to the task's own page.
        action=lambda row: Action("Code", _page("code", row)),
        of_source=_of_source,
        open_to=_open_to,
    )
)
register(
    WorkList(
        key="tasks-to-adjudicate",
        title="Tasks to adjudicate",
        meaning="Both coders are done: a third person decides what stands.",
        permission="positions.adjudicate_task",
        rows=lambda: _with_names(Task.objects.to_adjudicate()),
        problem=lambda row: f"{row.first} and {row.second} are done.",
        action=lambda row: Action("Adjudicate", _page("adjudicate", row)),
    )
)

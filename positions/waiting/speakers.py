"""Speakers that the words name and the register of actors does not.

One row a printed name and actor: the first of the statements that have them, with how
many there are.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode

from positions import naming, tasks
from positions.models import Statement
from positions.models.statements import UNRESOLVED_SPEAKER
from positions.worklists import Action, Decision, WorkList, register

from .places import cited_words, place_of_statement


def _speakers() -> QuerySet[Statement]:
    named = Statement.objects.filter(UNRESOLVED_SPEAKER).order_by()
    same = named.filter(speaker_text=OuterRef("speaker_text"), actor=OuterRef("actor"))
    counted = same.values("actor").annotate(number=Count("key", distinct=True))
    return (
        # The first of each name and actor: found one by one, so that a page of them
        # does not group all statements there are. Nothing else is asked about each:
        # PostgreSQL then reads the whole table for every one of them.
        Statement.objects.filter(
            UNRESOLVED_SPEAKER, ~Exists(same.filter(pk__lt=OuterRef("pk")))
        )
        .annotate(number=Subquery(counted.values("number")))
        .select_related("actor__merged_into", "option__merged_into", "disposition")
        .prefetch_related(cited_words())
        .order_by("pk")
    )


def _problem(statement: Any) -> str:
    many = statement.number > 1
    role = f", {statement.speaker_role}," if statement.speaker_role else ""
    return (
        f"“{statement.speaker_text}”{role} speaks in {statement.number} "
        f"statement{'s' if many else ''} of {statement.actor} and is no person of the "
        "register."
    )


def _theirs(statement: Statement) -> str:
    """The list of statements of this printed name and actor, to be recoded at once."""
    chosen: dict[str, str | int] = {
        "speaker_text": statement.speaker_text,
        "actor__id__exact": statement.actor_id,
        "speaker__isnull": "True",
    }
    return f"{reverse('admin:positions_statement_changelist')}?{urlencode(chosen)}"


def _named(who: Any, statement: Statement, name: str) -> None:
    naming.name_speaker(who, statement, name)


register(
    WorkList(
        key="speakers",
        title="Unresolved speakers",
        meaning="Names that no person of the register stands for. Who is named speaks "
        "in all statements of the same actor that print the name so.",
        permission="positions.change_statement",
        costly=True,
        rows=_speakers,
        problem=_problem,
        action=lambda row: Action("The statements", _theirs(row)),
        place=place_of_statement,
        open_to=lambda rows, user: tasks.seen_by(user, rows),
        decisions=(
            Decision(
                key="name",
                label="Name the person",
                letter="a",
                done="the speaker is named.",
                permission="positions.change_statement",
                run=lambda who, row, why: _named(who, row, why),
                undo=naming.take_back,
                asks="must",
                question="Who is it, as the register calls them?",
                answer=lambda row: row.speaker_text,
                tone="main",
            ),
        ),
    )
)

"""Notes: what coder and reviewer write to each other about a statement.

A note is for those who work here, about all versions of a statement. It is never
public and never edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from positions.models import Note, Refused, Statement
from positions.models.changes import recording, require

LONGEST_NOTE = 5000
# The newest ones; a thread that is longer is a conversation to have elsewhere.
NOTES_SHOWN = 200
# As many stand beside a statement in the queue.
NOTES_BESIDE = 3


def write(who: Any, statement: Statement, text: str) -> Note:
    """Add a note to the thread of a statement.

    Raises Refused without the permission, without words, and above 5,000 characters.
    The log names the note and not the statement, whose acceptance can still be taken
    back after somebody has remarked on it.
    """
    require(who, "add_note", "Only coders and reviewers write notes.")
    text = text.strip()
    if not text:
        raise Refused("Write something first: an empty note says nothing.")
    if len(text) > LONGEST_NOTE:
        raise Refused(
            f"A note has at most {LONGEST_NOTE:,} characters; this one has "
            f"{len(text):,}."
        )
    with recording(who) as rec:
        note = Note.objects.create(statement_key=statement.key, text=text, by=who)
        rec.note(note, "noted")
    return note


def thread(statement: Statement) -> list[Note]:
    """The notes on a statement with their authors, the oldest first."""
    rows = Note.objects.filter(statement_key=statement.key).select_related("by")
    return list(rows.order_by("-pk")[:NOTES_SHOWN])[::-1]


def attach(statements: Sequence[Any]) -> None:
    """Give each statement `talk`: its newest notes, the oldest first; one query."""
    newest = Window(
        RowNumber(), partition_by=F("statement_key"), order_by=F("pk").desc()
    )
    rows = Note.objects.filter(statement_key__in={one.key for one in statements})
    talk: dict[str, list[Note]] = {}
    for note in (
        rows.annotate(place=newest)
        .filter(place__lte=NOTES_BESIDE)
        .select_related("by")
        .order_by("pk")
    ):
        talk.setdefault(note.statement_key, []).append(note)
    for one in statements:
        one.talk = talk.get(one.key, [])

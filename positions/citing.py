"""Citing: other or further words for a statement that is not accepted yet.

An accepted statement is frozen with its citations: its next version cites anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from positions.choices import Anchor, CitationRole
from positions.coding import Words
from positions.models import Citation, Paragraph, Refused, Source, Statement
from positions.models.changes import Recording, recording, require
from positions.models.citations import refuse_own_comment


def cite(
    who: Any, statement: Statement, words: Words, *, instead_of: Citation | None = None
) -> Citation:
    """Make these words a citation of the statement, or put them in another's place.

    A citation that is replaced keeps its role. Raises Refused for a statement that
    is accepted, rejected or retracted, for a second main citation, and for the
    author's comment as main words of an own standing.
    """
    with _open(who, statement) as rec:
        role = instead_of.role if instead_of else words.role
        if role == CitationRole.MAIN:
            if instead_of is None and statement.main is not None:
                raise Refused("A statement has one main citation: change that one.")
            place = words.paragraph, words.start, words.end
            refuse_own_comment(statement.standing, [place])
        citation = instead_of or Citation(statement=statement, role=role)
        citation.paragraph = words.paragraph
        citation.start, citation.end = words.start, words.end
        citation.quote, citation.translation = words.quote, words.translation
        citation.anchor = Anchor.ANCHORED
        citation.now_paragraph = citation.now_start = citation.now_end = None
        citation.save()
        statement.save()
        done = "words changed" if instead_of else "words added"
        rec.note(statement, done, why=f"{citation.paragraph.citation}: {words.quote}")
    return citation


def leave_out(who: Any, citation: Citation) -> None:
    """Take a citation that is not the main one from a statement not accepted yet."""
    statement = citation.statement
    with _open(who, statement) as rec:
        if citation.role == CitationRole.MAIN:
            raise Refused("The main citation stays: give it other words instead.")
        place = citation.paragraph.citation
        Citation.objects.filter(pk=citation.pk).delete()
        rec.note(statement, "words left out", why=f"{place}: {citation.quote}")


def follow(who: Any, citation: Citation) -> Statement:
    """Cite the words where a corrected text has them now; returns the statement.

    A statement that is accepted gets a next version, which enters the public at once
    where the person may let it; where not, it waits in review. Raises Refused for
    words that did not move.
    """
    with recording(who, "the text was corrected"):
        place = citation.place
        if citation.anchor != Anchor.MOVED or place is None:
            raise Refused("These words did not move: open the statement.")
        statement, accepted = citation.statement, False
        if statement.state == Statement.PUBLIC_STATE:
            statement, accepted = statement.next_version(who), True
        row = statement.citations.filter(
            paragraph=citation.paragraph_id,
            start=citation.start,
            end=citation.end,
            role=citation.role,
        ).first()
        if row is None:
            raise Refused("The statement does not cite these words any more.")
        cite(who, statement, Words(*place), instead_of=row)
        if accepted:
            statement.submit_and_let_in_if_able(who)
    return statement


def paragraph_named(source: Source, name: str) -> Paragraph:
    """The current paragraph of a source by its name or number; Refused if none."""
    rows = Paragraph.objects.current().filter(revision__source=source)
    rows = rows.select_related("revision__source").prefetch_related("voices")
    name = name.strip()
    found = rows.filter(name=name).first() or rows.filter(number=name).first()
    if found is None:
        raise Refused(f"{source} has no paragraph “{name}” in its current text.")
    return found


@contextmanager
def _open(who: Any, statement: Statement) -> Iterator[Recording]:
    """A recording in which the statement is locked and may still be changed."""
    require(who, "change_statement", "Only coders change what a statement cites.")
    with recording(who) as rec:
        if statement.locked().frozen:
            raise Refused(
                f"{statement} is frozen with its citations: make its next version."
            )
        yield rec

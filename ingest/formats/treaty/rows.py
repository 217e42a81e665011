"""The acts of a status page -> rows of statements, and the row of its option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ingest.formats.treaty.acts import (
    Act,
    Leaving,
    Participant,
    coded,
    ended,
    leaving,
)
from ingest.formats.treaty.text import Written
from ingest.records import Paragraph, Row
from positions.choices import (
    CitationRole,
    DateBasis,
    Form,
    OptionKind,
    Publicity,
    Standing,
)

NAME_LENGTH, SHORT_LENGTH = 200, 80


def rows_of(written: Written, file: str) -> Iterator[Row]:
    """The option, then one row for each signature, consent and withdrawal.

    An act that the page states twice is stated once.
    """
    option = _fitted(written.document.title or written.document.identifier)
    yield Row(file, 0, _option(option), "options")
    seen = set()
    for participant in written.participants:
        for values in _statements(participant, option, written):
            told = values["identity"], values.get("citation_role")
            if told not in seen:
                seen.add(told)
                yield Row(file, participant.row, values, "statements")


def _option(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "short_name": _fitted(name, SHORT_LENGTH),
        "kind": OptionKind.TREATY,
        "headline": True,
    }


def _statements(
    participant: Participant, option: str, written: Written
) -> Iterator[dict[str, Any]]:
    for act in coded(participant.acts):
        yield {
            **_common(participant, act, option, act.kind.act),
            "mode": act.kind.mode,
            "said_on": act.day.isoformat(),
            "note": act.kind.remark,
        }
    for act, until in ended(participant.acts):
        yield from _withdrawn(participant, act, until, option, written)


def _common(
    participant: Participant, act: Act, option: str, disposition: str
) -> dict[str, Any]:
    identity = f"{disposition} {participant.name} {act.day.isoformat()}"
    return {
        "ref": identity,
        "identity": identity,
        "actor": participant.name,
        "option": option,
        "disposition": disposition,
        "order": participant.order,
        "start": act.start,
        "end": act.end,
        "standing": Standing.OWN,
        "form": Form.ACT,
        "publicity": Publicity.PUBLIC,
    }


def _withdrawn(
    participant: Participant,
    act: Act,
    until: date | None,
    option: str,
    written: Written,
) -> Iterator[dict[str, Any]]:
    """The withdrawal of a bracketed act: from the day that a note tells.

    Where none does, it had come about before the next consent; without one the page
    only shows that it had by the page's day.
    """
    common = _common(participant, act, option, "withdrawn")
    note, told = _told(participant, written, act.day, until)
    if told is None or note is None:
        what = "consent" if act.kind.act == "bound" else "signature"
        day = written.document.dated
        basis, said = {}, "in brackets"
        if until is not None:
            basis = {"said_on": f"{act.day}/{until}"}
            said = f"in brackets before that of {until}"
        elif day:
            basis = {"said_on": day, "said_basis": DateBasis.DOCUMENT}
            said = f"in brackets on {day}"
        words = f"The {what} of {act.day} stands {said}; since when is not told."
        yield {**common, **basis, "note": words}
        return
    effective = told.effective.isoformat()
    notice = told.notice.isoformat() if told.notice else effective
    words = f"Notice of withdrawal: {notice}." if told.notice else ""
    yield {**common, "said_on": notice, "holds_on": effective, "note": words}
    yield {
        **common,
        "citation_role": CitationRole.CONTEXT,
        "order": note.order,
        "start": told.start,
        "end": told.end,
    }


def _told(
    participant: Participant, written: Written, after: date, until: date | None
) -> tuple[Paragraph | None, Leaving | None]:
    """The note of a participant that tells of a withdrawal in (after, until]."""
    notes: Mapping[str, Paragraph] = written.notes
    for mark in participant.notes:
        if mark in notes:
            told = leaving(written.document.text_of(notes[mark]), after, until)
            if told is not None:
                return notes[mark], told
    return None, None


def _fitted(text: str, length: int = NAME_LENGTH) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"

"""Roll calls on one resolution -> a document, and the rows that it states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest.formats.csv_lines import CsvLine, read_table
from ingest.formats.votes.calls import Ballot, RollCall, coded, read_calls
from ingest.formats.votes.columns import columns_of, lacking
from ingest.reading import Read, decode
from ingest.records import Document, ImportFault, Paragraph, Patch, Row
from positions import dates
from positions.choices import (
    EventKind,
    Form,
    Level,
    OptionKind,
    ParagraphRole,
    Part,
    Publicity,
    SourceKind,
    Standing,
)
from positions.names import slug_of

PARSER = "votes-table"
VERSION = "2"
ABSENT = "absent"


@dataclass
class Text:
    """Reading text as it grows: a paragraph for each line, the line its raw text."""

    parts: list[str] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, raw: str, **fields: Any) -> int:
        """Write a paragraph in place of what stood there; its order."""
        between = "\n\n" if self.paragraphs else ""
        start = self.length + len(between)
        self.patches.append(Patch(self.length, start + len(text), raw))
        self.parts += between, text
        self.length = start + len(text)
        order = len(self.paragraphs) + 1
        self.paragraphs.append(Paragraph(order, start, self.length, **fields))
        return order

    def leave_out(self, raw: str) -> None:
        self.patches.append(Patch(self.length, self.length, raw))


def parse(read: Read) -> Document:
    """The document that one resolution's lines are; raises ImportFault.

    Same bytes, same document; time linear in the length.
    """
    decoded = decode(read.data, read.name)
    head, lines = read_table(decoded.text, read.name)
    columns = columns_of(head.cells)
    if lacking(columns):
        reason = f"This is no table of votes: it has {lacking(columns)}."
        raise ImportFault(read.name, reason)
    lines = [line for line in lines if any(line.cells) or not line.raw.isspace()]
    on, calls, odd = read_calls(lines, columns, read.name)
    names = _names(on, calls)
    text, orders = _write(names, calls, head)
    days = [call.day for call in calls if call.day]
    return Document(
        identifier=on.replace("/", "-").replace(" ", "-"),
        printed_identifier=on,
        canonical_identifier=on,
        title=_title(on, calls),
        text="".join(text.parts),
        parser=PARSER,
        parser_version=VERSION,
        kind=SourceKind.VOTE,
        dated=max(days).isoformat() if days else "",
        level=Level.UNCLASSIFIED,
        media_type="text/csv",
        shape="votes",
        patches=tuple(text.patches),
        header={
            "symbol": "" if on.startswith("roll call") else on,
            "roll_calls": [_told(names[call.number], call) for call in calls],
        },
        paragraphs=tuple(text.paragraphs),
        rows=tuple(_rows(names, calls, orders, f"{read.name}, {on}")),
        problems=(*decoded.problems, *odd),
    )


def _write(
    names: dict[str, str], calls: Sequence[RollCall], head: CsvLine
) -> tuple[Text, dict[int, int]]:
    """The text, and for each ballot (by the number of its line) its paragraph."""
    text, orders, number = Text(), {}, 0
    raw = head.raw
    for call in calls:
        day = f", {dates.show(call.day.isoformat())}" if call.day else ""
        title = f"{names[call.number]}{day}"
        text.add(title, raw, role=ParagraphRole.HEADING)
        raw = ""
        ballots = {ballot.line.number: ballot for ballot in call.ballots}
        for line in call.lines:
            ballot = ballots.get(line.number)
            if ballot is None:
                text.leave_out(line.raw)
                continue
            number += 1
            orders[line.number] = text.add(
                f"{ballot.name}: {ballot.word}",
                line.raw,
                number=str(number),
                heading=title,
            )
    return text, orders


def _title(on: str, calls: Sequence[RollCall]) -> str:
    title = next((call.title for call in calls if call.title and not call.part), "")
    return f"Recorded vote on {on}{': ' if title else ''}{title}"


def _names(on: str, calls: Sequence[RollCall]) -> dict[str, str]:
    """What each roll call decided, by its number: the resolution, or a part of it.

    Of several roll calls the only one on the whole decides the resolution.
    """
    whole = [call for call in calls if not call.part]
    return {
        call.number: on
        if len(calls) == 1 or whole == [call]
        else f"{on} (roll call {call.number})"
        for call in calls
    }


def _told(name: str, call: RollCall) -> dict[str, Any]:
    """A roll call as the header has it: who voted how, by code or name."""
    counted = [ballot for ballot in call.ballots if ballot.vote]
    return {
        "on": name,
        "number": call.number,
        "day": call.day.isoformat() if call.day else "",
        "counts": dict(Counter(ballot.vote for ballot in counted)),
        "votes": {b.state: [b.name, b.vote] for b in counted},
    }


# -- rows -----------------------------------------------------------------------------


def _rows(
    names: dict[str, str], calls: Sequence[RollCall], orders: dict[int, int], file: str
) -> Iterator[Row]:
    """What each roll call decided, its event, and each vote: absence is no act."""
    for call in calls:
        if call.day:
            name, number = names[call.number], call.lines[0].number
            yield Row(file, number, _option(name, call), "options")
            yield Row(file, number, _event(name, call.day), "events")
    for call, day, ballot in coded(calls):
        name, number = names[call.number], ballot.line.number
        common = {
            "actor": ballot.voter.name,
            "actor_code": f"iso3:{ballot.voter.iso3}" if ballot.voter.iso3 else "",
            "event": _event_key(name),
        }
        part = Part.ABSENT if ballot.vote == ABSENT else Part.PARTICIPANT
        yield Row(file, number, {**common, "part": part}, "participations")
        if ballot.vote != ABSENT:
            said = _statement(name, day, ballot, orders[number])
            yield Row(file, number, {**common, **said}, "statements")


def _option(name: str, call: RollCall) -> dict[str, Any]:
    return {
        "name": name,
        "short_name": name[:80],
        "kind": OptionKind.RESOLUTION,
        "headline": False,
        "definition": call.title,
    }


def _event_key(name: str) -> str:
    return f"vote-{slug_of(name)}"


def _event(name: str, day: date) -> dict[str, Any]:
    return {
        "key": _event_key(name),
        "name": f"Vote on {name}",
        "kind": EventKind.VOTE,
        "dated": day.isoformat(),
    }


def _statement(name: str, day: date, ballot: Ballot, order: int) -> dict[str, Any]:
    identity = f"{name} {ballot.state} {ballot.vote}"
    start = len(ballot.name) + 2
    return {
        "ref": identity,
        "identity": identity,
        "option": name,
        "disposition": ballot.vote,
        "order": order,
        "start": start,
        "end": start + len(ballot.word),
        "standing": Standing.OWN,
        "form": Form.ACT,
        "publicity": Publicity.PUBLIC,
        "said_on": day.isoformat(),
    }

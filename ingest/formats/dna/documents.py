"""One document of a .dna file with its statements -> text, paragraphs and rows.

The offsets count what Java counts in the text as the program's window shows it:
UTF-16 units, every line end one. They are turned into code points of the reading
text. Words that run over several paragraphs are cited piece by piece.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import index
from typing import Any

from ingest.formats.dna.naming import (
    AGREEMENT,
    CONCEPT,
    ORGANIZATION,
    PERSON,
    is_position,
)
from ingest.reading import Read
from ingest.records import Document, ImportFault, Paragraph, Patch, Problem, Row
from positions.choices import CitationRole, SourceKind
from positions.names import clean_json, quoted

PARSER = "dna"
VERSION = "1"

# A longer line was not broken by hand, so that each line is a paragraph.
WRAPPED = 200
# What agreement is called in a mapping to dispositions, where it is no number.
AGREE, DISAGREE, UNSAID = "true", "false", "none"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MEND = re.compile("\r\n?|[\0\ud800-\udfff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LINE = re.compile(r"[^\n]+")


def document(read: Read, content: Mapping[str, Any]) -> Document:
    """The document that a part of a database is.

    Raises ImportFault for one without a text; LookupError, TypeError, ValueError or
    AttributeError for what is no such part.
    """
    # The text alone is kept as it was, in its patches.
    raw = content["document"]["text"]
    return _Document(read, raw, clean_json(content)).built()


@dataclass
class _Document:
    """One document on its way."""

    read: Read
    raw: str
    content: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    @property
    def about(self) -> Mapping[str, Any]:
        about: Mapping[str, Any] = self.content["document"]
        return about

    def built(self) -> Document:
        text, patches = _mended(self.raw)
        paragraphs = tuple(_paragraphs(text))
        if not paragraphs:
            reason = "The document has no text."
            raise ImportFault(self.read.name, reason, self.read.place)
        dated, time = self._date()
        offsets = _Offsets(text)
        if offsets.astral or any(patch.raw.startswith("\r") for patch in patches):
            message = (
                "The text has line ends or letters that the program counts otherwise; "
                "the places of statements were read as its window counts them."
            )
            self.problems.append(Problem("offsets_as_shown", "", message))
        coded, others = self._sorted(offsets)
        rows = tuple(
            row for one in coded for row in self._rows(one, paragraphs, len(text))
        )
        names = ("title", "author", "source", "section", "type", "notes", "coder")
        kept = {name: self.about[name] for name in names}
        return Document(
            identifier=_one_line(self.content["identifier"]),
            text=text,
            parser=PARSER,
            parser_version=VERSION,
            kind=SourceKind.OTHER,
            title=" ".join(self.about["title"].split()),
            dated=dated,
            issuer=" ".join((self.about["author"] or self.about["source"]).split()),
            media_type="application/vnd.sqlite3",
            shape="document",
            patches=patches,
            header={
                PARSER: {
                    **kept,
                    "id": self.about["id"],
                    "version": self.content["version"],
                    "time": time,
                    "statements": {_identity(one): _traced(one) for one in coded},
                    "annotations": others,
                }
            },
            paragraphs=paragraphs,
            rows=rows,
            problems=tuple(self.problems),
        )

    def _date(self) -> tuple[str, str]:
        """The day, and the time as the program writes it; "" where there is none."""
        number = self.about["date"]
        milliseconds = self.content["version"] == 2
        try:
            seconds = timedelta(milliseconds=number) if milliseconds else None
            at = EPOCH + (seconds or timedelta(seconds=number))
        except (OverflowError, TypeError):
            message = f"{quoted(number)} is no date; the document is undated."
            self.problems.append(Problem("impossible_date", "date", message))
            return "", ""
        if milliseconds and (at.hour, at.minute) != (0, 0):
            message = (
                f"The date is {at:%Y-%m-%d %H:%M} UTC, and the coder's time zone is "
                "not kept: the day may be the one before or after."
            )
            self.problems.append(Problem("date_without_zone", "date", message))
        return at.date().isoformat(), at.isoformat(" ", "seconds")[:19]

    # -- statements -------------------------------------------------------------------

    def _sorted(self, offsets: _Offsets) -> tuple[list[Any], list[Any]]:
        """Statements about positions, and those of all other types."""
        coded: list[Any] = []
        others: list[Any] = []
        for one in self.content["statements"]:
            span = [offsets.point(one["start"]), offsets.point(one["stop"])]
            texts = {name.lower() for name, kind, _ in one["values"] if _short(kind)}
            whole = {**one, "id": index(one["id"]), "span": span}
            (coded if is_position(texts) else others).append(whole)
        if others:
            types = ", ".join(sorted({quoted(one["type"]) for one in others}))
            message = f"Kept aside: {len(others)} of the types {types}."
            self.problems.append(Problem("annotations", "", message))
        return coded, others

    def _rows(
        self, one: Mapping[str, Any], paragraphs: tuple[Paragraph, ...], length: int
    ) -> Iterator[Row]:
        """A row for the main citation, and one for each further piece of the words."""
        place = f"statement {one['id']}"
        pieces = _pieces(paragraphs, length, *one["span"])
        if not pieces:
            message = (
                f"The words of {place} ({one['start']}-{one['stop']}) lie outside of "
                "the text: it is not coded."
            )
            self.problems.append(Problem("words_outside", place, message))
            return
        main = max(pieces, key=lambda piece: piece[2] - piece[1])
        if len(pieces) > 1:
            message = (
                f"The words of {place} run over {len(pieces)} paragraphs: the longest "
                "piece is its main citation, the others are context."
            )
            self.problems.append(Problem("several_paragraphs", place, message))
        values = self._values(one)
        for piece in pieces:
            said = values if piece is main else {"citation_role": CitationRole.CONTEXT}
            cited: dict[str, Any] = {
                **dict(zip(("order", "start", "end"), piece, strict=True)),
                "identity": _identity(one),
                "ref": place if len(pieces) > 1 else "",
                **said,
            }
            yield Row(self.read.name, one["id"], cited, "statements", place)

    def _values(self, one: Mapping[str, Any]) -> dict[str, Any]:
        found = {name.lower(): value for name, _, value in one["values"]}
        kinds = {name.lower(): kind for name, kind, _ in one["values"]}
        person = _one_line(found.pop(PERSON, ""))
        organization = _one_line(found.pop(ORGANIZATION, ""))
        option = _one_line(found.pop(CONCEPT, ""))
        agreement = found.pop(AGREEMENT, None)
        by = f" by {one['coder']}" if one["coder"] else ""
        lines = [f"Statement {one['id']} of a .dna file, coded{by}."]
        lines += [f"{name}: {value}" for name, value in found.items() if value != ""]
        return {
            "actor": organization or person,
            "speaker_name": person,
            "speaker_person": person,
            "option": option,
            "disposition": _word(kinds.get(AGREEMENT, ""), agreement),
            "note": "\n".join(lines),
        }


def _identity(one: Mapping[str, Any]) -> str:
    """Its number and place: numbers of deleted statements are given again."""
    return f"dna {one['id']} {one['start']}-{one['stop']}"


def _traced(one: Mapping[str, Any]) -> dict[str, Any]:
    """What an export needs that the statement itself does not hold."""
    agreement = next((v for v in one["values"] if v[0].lower() == AGREEMENT), None)
    kept = {name: one[name] for name in ("id", "start", "stop", "span", "coder")}
    return {**kept, "agreement": _word(*agreement[1:]) if agreement else UNSAID}


def _word(kind: str, agreement: Any) -> str:
    """Agreement as a mapping names it."""
    if agreement is None or agreement == "":
        return UNSAID
    if kind == "boolean":
        return AGREE if agreement else DISAGREE
    return _one_line(str(agreement))


def _short(kind: str) -> bool:
    return kind == "short text"


def _one_line(text: str) -> str:
    return " ".join(text.split())


# -- text and places ------------------------------------------------------------------


def _mended(raw: str) -> tuple[str, tuple[Patch, ...]]:
    """LF only, and U+FFFD for what no database keeps."""
    parts: list[str] = []
    patches: list[Patch] = []
    length = position = 0
    for found in _MEND.finditer(raw):
        length += found.start() - position
        instead = "\n" if found[0].startswith("\r") else "\ufffd"
        parts += raw[position : found.start()], instead
        patches.append(Patch(length, length + 1, found[0]))
        length += 1
        position = found.end()
    return "".join([*parts, raw[position:]]), tuple(patches)


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """Lines, or blocks of lines between blank ones where lines were broken by hand."""
    lines = [found.span() for found in _LINE.finditer(text) if not found[0].isspace()]
    broken = "\n\n" in text and all(end - start <= WRAPPED for start, end in lines)
    blocks: list[tuple[int, int]] = []
    for start, end in lines:
        if broken and blocks and start == blocks[-1][1] + 1:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    for order, (start, end) in enumerate(blocks, 1):
        yield Paragraph(order, start, end, number=str(order))


class _Offsets:
    """UTF-16 offsets -> code points."""

    def __init__(self, text: str) -> None:
        # Where, counted in UTF-16, the second half of a letter stands.
        self.astral = [
            found.start() + n + 1 for n, found in enumerate(_ASTRAL.finditer(text))
        ]

    def point(self, offset: int) -> int:
        """Raises TypeError for what is no whole number."""
        return index(offset) - bisect_left(self.astral, offset + 1)


def _pieces(
    paragraphs: tuple[Paragraph, ...], length: int, start: int, stop: int
) -> list[tuple[int, int, int]]:
    """(order, start, end) in each paragraph that [start, stop) touches.

    There are none for what lies outside of the text, if only in part.
    """
    if not 0 <= start < stop <= length:
        return []
    return [
        (p.order, max(start, p.start) - p.start, min(stop, p.end) - p.start)
        for p in paragraphs
        if p.start < stop and start < p.end
    ]

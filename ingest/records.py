"""What a file said, typed, with its place in the file: values, no behaviour of rows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from positions.choices import AddresseeRole, ParagraphRole, SourceKind, VoiceKind
from positions.names import quoted


class ImportFault(Exception):  # noqa: N818, the glossary's word
    """One record of one file that cannot be read, and why, in one sentence.

    `record` is the place of the record in a file of many ("" = the whole file).
    """

    def __init__(self, file: str, reason: str, record: str = "") -> None:
        self.file, self.record, self.reason = file, record, reason
        super().__init__(file, reason, record)

    def __str__(self) -> str:
        where = f"{self.file}, {self.record}" if self.record else self.file
        return f"{where}: {self.reason}"


class Unsure(ImportFault):
    """A name that means nobody, or more than one, for sure."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A typed warning: the text was read, but something in it is odd.

    `place` is for people: "line 12" of the text as received, "" = all of it.
    """

    code: str
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Patch:
    """The reading text's [start, end) stood as `raw`; start == end: was removed."""

    start: int
    end: int
    raw: str


@dataclass(frozen=True, slots=True)
class Voice:
    """[start, end) of a paragraph's text is not the reported speaker's."""

    start: int
    end: int
    kind: VoiceKind


@dataclass(frozen=True, slots=True)
class Skip:
    """At this position of a paragraph's text a running line was taken out."""

    at: int
    raw: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its text is the reading text's [start, end).

    The slice begins after label and portion mark, which are kept apart.
    `number` is what a reader of any copy looks for ("3", "A1"; "" = none).
    `speaker` is who utters all of it, as printed (a debate); "" = nobody named.
    """

    order: int
    start: int
    end: int
    role: ParagraphRole = ParagraphRole.BODY
    number: str = ""
    label: str = ""
    level: int | None = None
    controls: str = ""
    marking: str = ""
    heading: str = ""
    section: int | None = None
    page: int | None = None
    speaker: str = ""
    voices: tuple[Voice, ...] = ()
    skips: tuple[Skip, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """One addressee as addressed; precedence and continuity "" = not stated."""

    role: AddresseeRole
    name: str
    routing: str = ""
    precedence: str = ""
    continuity: str = ""
    exempted_from: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that a document refers to, as printed (`raw`).

    `canonical_id` is the other's, if it can be told ("" = it cannot); `label` is
    the enumerator printed before it, `kind` what the format calls it.
    """

    raw: str
    canonical_id: str = ""
    label: str = ""
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks in a document, and the actor spoken for, by their names.

    `name` is as printed, as `Paragraph.speaker` has it. `person` and `actor` are a
    name, key or "scheme:value" that matching resolves; "" = not told.
    """

    name: str
    actor: str = ""
    person: str = ""
    role: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: column -> value ("" = not given).

    A row that a document states leaves out `collection` and `source`, may give its
    paragraph by `order`, its words by `start` and `end` in that paragraph's text
    instead of a `quote`, and an `identity`: what makes it this statement and no
    other, whatever else is corrected. `where` is its place in people's words, where
    it is no row of a table.
    """

    file: str
    number: int
    values: Mapping[str, Any]
    table: str = ""
    where: str = ""

    @property
    def place(self) -> str:
        return self.where or f"row {self.number}"

    def fault(self, column: str, reason: str) -> ImportFault:
        """What is wrong with a cell of this row, with its value."""
        value = self.values.get(column, "")
        shown = f" {quoted(value, 200)}" if value else ""
        return ImportFault(self.file, f"{column}{shown}: {reason}", self.place)


@dataclass(frozen=True, slots=True)
class Document:
    """One document as one file gave it; what is not known is "" or None.

    `header` holds what only some kinds of document have, as plain JSON.
    `dated` is text of one of the five forms of EDTF. `rows` are rows of tables that
    the document itself states (acts of a status list, votes, coded statements).
    """

    identifier: str
    text: str
    parser: str
    parser_version: str
    kind: SourceKind = SourceKind.OTHER
    printed_identifier: str = ""
    canonical_identifier: str = ""
    title: str = ""
    language: str = ""
    dated: str = ""
    dated_at: datetime | None = None
    issuer: str = ""
    level: int | None = None
    controls: str = ""
    media_type: str = "text/plain"
    shape: str = ""
    patches: tuple[Patch, ...] = ()
    header: Mapping[str, Any] = field(default_factory=dict)
    parties: tuple[Party, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    references: tuple[Reference, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()

    def text_of(self, paragraph: Paragraph) -> str:
        return self.text[paragraph.start : paragraph.end]

    @property
    def raw(self) -> str:
        """The decoded text as it was received."""
        return rebuild(self.text, self.patches)

    @property
    def digest(self) -> str:
        """sha256 (hex) over all fields: equal digests, equal documents."""
        content = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Tables:
    """What a file without a text of its own says: rows, in an order that loads."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()


def rebuild(text: str, patches: Iterable[Patch]) -> str:
    """Undo the patches: the decoded text as received, character for character."""
    parts: list[str] = []
    position = 0
    for patch in patches:
        parts += text[position : patch.start], patch.raw
        position = patch.end
    parts.append(text[position:])
    return "".join(parts)


def pack_patches(patches: Iterable[Patch]) -> list[list[Any]]:
    """Patches as JSON that any database takes: [start, end, raw].

    NUL and lone surrogates, which PostgreSQL refuses, are escaped with a
    backslash (and so is the backslash itself); `unpack_patches` reverses it.
    """
    return [[p.start, p.end, _escape(p.raw)] for p in patches]


def unpack_patches(packed: Iterable[Iterable[Any]]) -> tuple[Patch, ...]:
    """Patches from what `pack_patches` made."""
    return tuple(Patch(start, end, _unescape(raw)) for start, end, raw in packed)


def _escape(raw: str) -> str:
    return "".join(
        f"\\{ord(c):04x}" if c in "\\\0" or "\ud800" <= c <= "\udfff" else c
        for c in raw
    )


def _unescape(escaped: str) -> str:
    first, *rest = escaped.split("\\")
    return first + "".join(chr(int(part[:4], 16)) + part[4:] for part in rest)

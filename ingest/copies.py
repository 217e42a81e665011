"""A document as one file gave it, laid out in the columns of its tables.

Pure, so that any process may do it: all that is left for the one that loads are
primary keys, and what the database knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain, cycle
from operator import le
from typing import Any

import orjson
from django.db import models

from ingest.models import ImportedRevision, ImportProblem
from ingest.records import (
    Document,
    ImportFault,
    Paragraph,
    Row,
    Speaker,
    pack_patches,
)
from positions import anchoring, dates, packing
from positions.models import (
    Addressee,
    ReceivedBytes,
    Reference,
    Revision,
    Source,
)
from positions.models import Paragraph as ParagraphRow
from positions.names import clean_json, clean_text, is_storable

IDENTIFIER_LENGTH = 120
NUMBER_LENGTH = 20
# What a header says of the document as a whole, if its format has it.
FROM_HEADER = ("symbol", "published", "obtained")
# What a header has besides what the parser called so.
OWN_KEYS = ("printed_identifier", "source")

# The columns of the rows of a Copy, in their order.
PARAGRAPH = (
    *("order", "start", "end", "level", "role", "section", "skips", "text"),
    *("number", "label", "name", "marking", "controls", "heading", "page", "speaker"),
)
VOICE = ("start", "end", "kind")
ADDRESSEE = (
    *("order", "role"),
    *("name", "routing", "precedence", "continuity", "exempted_from"),
)
REFERENCE = ("order", "label", "kind", "raw", "canonical_id", "note")
PROBLEM = ("severity", "code", "file", "record", "message")


@dataclass(frozen=True, slots=True)
class Copy:
    """One document as one file gave it; `place` says where in the file it stood.

    All texts fit their columns and can be stored. `source` are the fields of its
    source that the document itself states, `days` what its dates come to. `patches`
    and `header` are JSON. `paragraphs`, `addressees`, `references` and `problems` are
    rows, in the columns named above; `voices` are rows that begin with the place of
    their paragraph in the list, from 0. `warnings` are sentences, one for each kind of
    problem. `rows` are those that the document states.
    """

    file: str
    place: str
    identifier: str
    canonical_id: str
    issuer: str
    source: Mapping[str, Any]
    days: Mapping[str, date | None]
    text: str
    patches: str
    header: str
    sha256: str
    packed: bytes
    media_type: str
    parser: str
    parser_version: str
    shape: str
    paragraphs: Sequence[tuple[Any, ...]]
    voices: Sequence[tuple[Any, ...]]
    addressees: Sequence[tuple[Any, ...]]
    references: Sequence[tuple[Any, ...]]
    problems: Sequence[tuple[Any, ...]]
    warnings: tuple[str, ...]
    speakers: tuple[Speaker, ...]
    rows: tuple[Row, ...]

    @property
    def texts(self) -> list[str]:
        """The text of each paragraph."""
        at = PARAGRAPH.index("text")
        return [row[at] for row in self.paragraphs]


def lay_out(document: Document, data: bytes, *, file: str, place: str = "") -> Copy:
    """A document and the bytes it came in as rows.

    Raises ImportFault for a document that cannot be kept, and BadDate.
    """
    _refuse_unkeepable(document, file, place)
    source = _described(document)
    reading = (document.media_type, document.parser, document.parser_version)
    ((media_type, parser, parser_version, shape),) = _REVISION(
        [(*reading, document.shape)]
    )
    return Copy(
        file=clean_text(file),
        place=clean_text(place),
        identifier=document.identifier,
        canonical_id=document.canonical_identifier or document.identifier,
        issuer=document.issuer,
        source=source,
        days=_days(source),
        text=document.text,
        patches=as_json(pack_patches(document.patches)),
        header=_header(document, source),
        sha256=ReceivedBytes.digest(data),
        packed=packing.pack(data),
        media_type=media_type,
        parser=parser,
        parser_version=parser_version,
        shape=shape,
        paragraphs=_paragraphs(document),
        voices=[
            (place, voice.start, voice.end, str(voice.kind))
            for place, paragraph in enumerate(document.paragraphs)
            for voice in paragraph.voices
        ],
        addressees=_addressees(document),
        references=_references(document),
        problems=_problems(document, file, place),
        warnings=_warnings(document),
        speakers=document.speakers,
        rows=document.rows,
    )


def as_json(value: Any) -> str:
    """JSON without the characters that PostgreSQL refuses in it."""
    with suppress(TypeError):
        # Which is what it raises for a surrogate, and for what JSON does not have.
        text = orjson.dumps(value, option=_PLAIN).decode()
        if r"\u0000" not in text:
            return text
    return json.dumps(clean_json(value), ensure_ascii=False)


def _refuse_unkeepable(document: Document, file: str, place: str) -> None:
    identifier = document.identifier
    if not identifier or "/" in identifier or len(identifier) > IDENTIFIER_LENGTH:
        raise ImportFault(
            file,
            f"“{identifier[:60]}” cannot be an identifier: it is empty, has a slash, "
            f"or has more than {IDENTIFIER_LENGTH} characters.",
            place,
        )
    if not is_storable(document.text) or not is_storable(identifier):
        raise ImportFault(
            file, "The text has characters that no database keeps.", place
        )


def _described(document: Document) -> dict[str, Any]:
    """The fields of a source that a document itself states."""
    header = document.header
    address = clean_text(_text(header.get("url")))
    texts = {
        "title": document.title,
        "kind": str(document.kind),
        "issuer_text": document.issuer,
        "language": document.language,
        "controls": document.controls,
        "dated": document.dated,
        **{name: _text(header.get(name)) for name in FROM_HEADER},
    }
    return {
        **dict(zip(texts, *_SOURCE([tuple(texts.values())]), strict=True)),
        "level": document.level,
        "dated_at": document.dated_at,
        "addresses": [address] if address else [],
    }


def _text(value: Any) -> str:
    """A format may mean something else by the same word in its header."""
    return value if isinstance(value, str) else ""


def _days(source: Mapping[str, Any]) -> dict[str, date | None]:
    """The earliest and latest day of each of a source's dates."""
    days: dict[str, date | None] = {}
    for name in ("dated", "published"):
        read = dates.parse(source[name]) if source[name] else None
        days[f"{name}_earliest"] = read.earliest if read else None
        days[f"{name}_latest"] = read.latest if read else None
    return days


def _header(document: Document, source: Mapping[str, Any]) -> str:
    """All that was read outside the paragraphs, and what it said of the source.

    The publisher's next copy is compared with the latter: what differs from it is
    a person's.
    """
    at = document.dated_at and document.dated_at.isoformat()
    own = (document.printed_identifier, {**source, "dated_at": at})
    return as_json({**document.header, **dict(zip(OWN_KEYS, own, strict=True))})


def _paragraphs(document: Document) -> list[tuple[Any, ...]]:
    numbers = [p.number[:NUMBER_LENGTH] for p in document.paragraphs]
    names = anchoring.paragraph_names(numbers)
    texts = _PARAGRAPH(
        [
            (
                *(p.number, p.label, name, p.marking, p.controls, p.heading),
                *("" if p.page is None else str(p.page), p.speaker),
            )
            for p, name in zip(document.paragraphs, names, strict=True)
        ]
    )
    return [
        (
            *(p.order, p.start, p.end, p.level, str(p.role), p.section, _skips(p)),
            *(document.text_of(p), *fitting),
        )
        for p, fitting in zip(document.paragraphs, texts, strict=True)
    ]


def _skips(p: Paragraph) -> str:
    return as_json([[skip.at, skip.raw] for skip in p.skips]) if p.skips else "[]"


def _addressees(document: Document) -> list[tuple[Any, ...]]:
    texts = _ADDRESSEE(
        [
            (p.name, p.routing, p.precedence, p.continuity, p.exempted_from)
            for p in document.parties
        ]
    )
    return [
        (order, str(party.role), *fitting)
        for order, (party, fitting) in enumerate(
            zip(document.parties, texts, strict=True), start=1
        )
    ]


def _references(document: Document) -> list[tuple[Any, ...]]:
    texts = _REFERENCE(
        [(r.label, r.kind, r.raw, r.canonical_id, r.note) for r in document.references]
    )
    return [(order, *fitting) for order, fitting in enumerate(texts, start=1)]


def _problems(document: Document, file: str, place: str) -> list[tuple[Any, ...]]:
    severity, file = str(ImportProblem.Severity.WARNING), clean_text(file)
    texts = _PROBLEM(
        [
            (p.code or severity, ", ".join(filter(None, (place, p.place))))
            for p in document.problems
        ]
    )
    return [
        (severity, code, file[-FILE_LENGTH:], record, clean_text(problem.message))
        for problem, (code, record) in zip(document.problems, texts, strict=True)
    ]


def _warnings(document: Document) -> tuple[str, ...]:
    """What the parser had to repair or guess, one sentence for each kind of it."""
    kinds: dict[str, list[str]] = {}
    for problem in document.problems:
        kinds.setdefault(problem.code, []).append(problem.message)
    return tuple(
        f"{first} ({len(others)} more like this.)" if others else first
        for first, *others in kinds.values()
    )


# No more than the standard library would take.
_PLAIN = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME

Texts = tuple[str, ...]


def length_of(model: type[models.Model], name: str) -> int:
    """How many characters a column takes."""
    length: int = model._meta.get_field(name).max_length  # type: ignore[union-attr, assignment]
    return length


def _fitting(
    model: type[models.Model], *names: str
) -> Callable[[Sequence[Texts]], Sequence[Texts]]:
    """Cuts rows of texts to what these columns hold, and makes them storable."""
    lengths = tuple(length_of(model, name) for name in names)

    def fitted(rows: Sequence[Texts]) -> Sequence[Texts]:
        # Nearly all fit as they are: one look at all of them.
        texts = list(chain.from_iterable(rows))
        if is_storable("".join(texts)) and all(
            map(le, map(len, texts), cycle(lengths))
        ):
            return rows
        return [
            tuple(
                clean_text(text)[:length]
                for text, length in zip(row, lengths, strict=True)
            )
            for row in rows
        ]

    return fitted


FILE_LENGTH = length_of(ImportedRevision, "file")
PLACE_LENGTH = length_of(ImportedRevision, "place")

_SOURCE = _fitting(
    Source,
    *("title", "kind", "issuer_text", "language", "controls", "dated"),
    *FROM_HEADER,
)
_REVISION = _fitting(Revision, "media_type", "parser", "parser_version", "shape")
_PARAGRAPH = _fitting(ParagraphRow, *PARAGRAPH[PARAGRAPH.index("number") :])
_ADDRESSEE = _fitting(Addressee, *ADDRESSEE[2:])
_REFERENCE = _fitting(Reference, *REFERENCE[1:])
_PROBLEM = _fitting(ImportProblem, "code", "record")

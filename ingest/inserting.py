"""The rows of revisions: text, bytes, paragraphs, voices, addressees, warnings.

Inserts only, set by set, for one revision or for many at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from ingest import bulk
from ingest.copies import (
    ADDRESSEE,
    FILE_LENGTH,
    OWN_KEYS,
    PARAGRAPH,
    PLACE_LENGTH,
    PROBLEM,
    REFERENCE,
    VOICE,
    Copy,
    as_json,
)
from ingest.models import ImportedRevision, ImportProblem
from ingest.session import Session
from positions import search
from positions.choices import RevisionReason
from positions.models import (
    Addressee,
    Paragraph,
    ReceivedBytes,
    Reference,
    Revision,
    Source,
    Voice,
)
from positions.models.changes import Recording

# (key, text) of a paragraph -> the voices it had, perhaps mended by hand.
Voices = Mapping[tuple[int, str], Sequence[Voice]]

_LEVEL = PARAGRAPH.index("level")
_TEXT = PARAGRAPH.index("text")
_NAME = ADDRESSEE.index("name")


@dataclass(frozen=True, slots=True)
class NewRevision:
    """A copy and its place among the revisions of a source.

    `unmarked` is what its paragraphs without a marking count as, `keys` are those of
    its paragraphs, in order. `voices` are kept where a paragraph stays. A text that
    `mends` another by hand says nothing new of the source.
    """

    copy: Copy
    source: int
    unmarked: int
    keys: Sequence[int]
    reason: RevisionReason = RevisionReason.FIRST
    number: int = 1
    current: bool = True
    voices: Voices = field(default_factory=dict)
    mends: Revision | None = None

    @property
    def header(self) -> str:
        if self.mends is None:
            return self.copy.header
        said = json.loads(self.copy.header)
        said = {name: said[name] for name in said if name not in OWN_KEYS}
        return as_json({**self.mends.header, **said})


def insert_sources(
    rec: Recording, session: Session, copies: Sequence[Copy]
) -> list[NewRevision]:
    """Insert the sources of documents that the collection has none of, with words.

    Returns what is left to be inserted: the first revision of each.
    """
    collection = session.collection
    keys = bulk.keys(Source, len(copies))
    issuers = session.posts.keys_of(rec, (copy.issuer for copy in copies))
    stated = tuple(copies[0].source)
    days = tuple(copies[0].days)
    bulk.insert(
        Source,
        (
            *("id", "collection_id", "identifier", "canonical_id", "issuer_id"),
            *("visibility", *stated, *days),
        ),
        [
            (
                *(key, collection.pk, copy.identifier, copy.canonical_id),
                *(issuers.get(copy.issuer), collection.visibility),
                *(
                    {
                        **copy.source,
                        "addresses": as_json(copy.source["addresses"]),
                    }.values()
                ),
                *copy.days.values(),
            )
            for key, copy in zip(keys, copies, strict=True)
        ],
    )
    search.insert(
        Source, zip(keys, (search_texts(copy) for copy in copies), strict=True)
    )
    unmarked = {
        level: Source(collection=collection, level=level).access_level
        for level in {copy.source["level"] for copy in copies}
    }
    return [
        NewRevision(
            copy,
            source=key,
            unmarked=unmarked[copy.source["level"]],
            keys=range(1, len(copy.paragraphs) + 1),
        )
        for key, copy in zip(keys, copies, strict=True)
    ]


def insert_revisions(
    rec: Recording, session: Session, new: Sequence[NewRevision]
) -> list[int]:
    """Insert revisions with all that hangs on them, found by search.

    Returns their primary keys. The rows of each table go in together.
    """
    keys = bulk.keys(Revision, len(new))
    pairs = list(zip(keys, new, strict=True))
    _insert_texts(session, pairs)
    bulk.insert(
        ReceivedBytes,
        ("revision_id", "packed"),
        [(key, revision.copy.packed) for key, revision in pairs],
    )
    bulk.insert(
        ImportedRevision,
        ("run_id", "revision_id", "file", "place"),
        [
            (
                *(session.run.pk, key, revision.copy.file[-FILE_LENGTH:]),
                revision.copy.place[:PLACE_LENGTH],
            )
            for key, revision in pairs
        ],
    )
    _insert_paragraphs(pairs)
    _insert_addressees(rec, session, pairs)
    bulk.insert(
        Reference,
        ("revision_id", *REFERENCE),
        [(key, *row) for key, revision in pairs for row in revision.copy.references],
    )
    bulk.insert(
        ImportProblem,
        ("run_id", "revision_id", *PROBLEM),
        [
            (session.run.pk, key, *row)
            for key, revision in pairs
            for row in revision.copy.problems
        ],
    )
    return keys


def search_texts(copy: Copy) -> tuple[str, ...]:
    """What a source is found by, as `search` takes it from the source itself."""
    stated = {
        "identifier": copy.identifier,
        "canonical_id": copy.canonical_id,
        **copy.source,
    }
    return tuple(stated[name] for name in search.SOURCE_FIELDS)


Pairs = Sequence[tuple[int, NewRevision]]


def _insert_texts(session: Session, pairs: Pairs) -> None:
    now, who = timezone.now(), session.who and session.who.pk
    bulk.insert(
        Revision,
        (
            *("id", "source_id", "number", "current", "text", "patches", "sha256"),
            *("header", "reason", "note", "made_at", "made_by_id"),
            *("media_type", "parser", "parser_version", "shape"),
        ),
        [
            (
                *(key, new.source, new.number, new.current),
                *(new.copy.text, new.copy.patches, new.copy.sha256, new.header),
                *(str(new.reason), session.by_hand.why[:300], now, who),
                *(new.copy.media_type, new.copy.parser),
                *(new.copy.parser_version, new.copy.shape),
            )
            for key, new in pairs
        ],
    )


def _insert_paragraphs(pairs: Pairs) -> None:
    total = sum(len(new.copy.paragraphs) for _, new in pairs)
    free = iter(bulk.keys(Paragraph, total) if total else ())
    rows: list[bulk.Row] = []
    voices: list[bulk.Row] = []
    for revision, new in pairs:
        first = len(rows)
        for key, row in zip(new.keys, new.copy.paragraphs, strict=True):
            level = row[_LEVEL]
            access = new.unmarked if level is None else level
            rows.append((next(free), revision, key, access, *row))
        voices += _voices(new, [row[0] for row in rows[first:]])
    bulk.insert(
        Paragraph, ("id", "revision_id", "key", "access_level", *PARAGRAPH), rows
    )
    bulk.insert(Voice, ("paragraph_id", *VOICE, "whose_id"), voices)
    search.insert(Paragraph, ((row[0], (row[4 + _TEXT],)) for row in rows))


def _voices(new: NewRevision, paragraphs: Sequence[int]) -> list[bulk.Row]:
    """The voices of a revision whose paragraphs have these primary keys."""
    kept = (
        {
            place: new.voices[stays]
            for place, stays in enumerate(zip(new.keys, new.copy.texts, strict=True))
            if stays in new.voices
        }
        if new.voices
        else {}
    )
    rows: list[bulk.Row] = [
        (paragraphs[place], *voice, None)
        for place, *voice in new.copy.voices
        if place not in kept
    ]
    rows += (
        (paragraphs[place], voice.start, voice.end, voice.kind, voice.whose_id)
        for place, voices in kept.items()
        for voice in voices
    )
    return rows


def _insert_addressees(rec: Recording, session: Session, pairs: Pairs) -> None:
    rows = [(key, *row) for key, new in pairs for row in new.copy.addressees]
    actors = session.posts.keys_of(rec, (row[1 + _NAME] for row in rows))
    bulk.insert(
        Addressee,
        ("actor_id", "revision_id", *ADDRESSEE),
        [(actors.get(row[1 + _NAME]), *row) for row in rows],
    )

"""The rows of one revision: text, bytes, paragraphs, voices, addressees, warnings.

Inserts only, set by set: a bulk path of the database's own can take their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import models

from ingest.models import ImportedRevision, ImportProblem
from ingest.records import Document, pack_patches
from ingest.session import Copy, Session, note_problem
from positions import anchoring, search
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
from positions.names import clean_text
from positions.revising import paragraph_keys

CORRECTED = RevisionReason.TRANSCRIPTION
# What a header says of the document as a whole, if its format has it.
FROM_HEADER = ("symbol", "published", "obtained")


def described(document: Document) -> dict[str, Any]:
    """The fields of a source that a document itself states."""
    header = document.header
    address = header.get("url", "")
    return _fitted(
        Source,
        {
            "title": document.title,
            "kind": document.kind,
            "issuer_text": document.issuer,
            "language": document.language,
            "level": document.level,
            "controls": document.controls,
            "dated": document.dated,
            "dated_at": document.dated_at,
            "addresses": [address] if address else [],
            **{name: header.get(name, "") for name in FROM_HEADER},
        },
    )


def insert_revision(
    rec: Recording,
    session: Session,
    source: Source,
    copy: Copy,
    *,
    reason: RevisionReason,
    current: bool = False,
    now: Revision | None = None,
) -> Revision:
    """Insert a revision with all that hangs on it, found by search.

    `now` is the revision read so far: its paragraphs hand down their keys, and
    those that stay word for word their voices.
    """
    document = copy.document
    revision = _insert_text(session, source, copy, reason, current, now)
    ReceivedBytes.objects.create(
        revision=revision, packed=ReceivedBytes.pack(copy.data)
    )
    ImportedRevision.objects.create(
        run=session.run, revision=revision, file=copy.file[-500:], place=copy.place
    )
    paragraphs = _insert_paragraphs(source, revision, document)
    _insert_voices(paragraphs, document, _kept_voices(now, reason))
    _insert_addressees(rec, session, revision, document)
    _insert_references(revision, document)
    _insert_warnings(session, revision, copy)
    search.index_paragraphs([paragraph.pk for paragraph in paragraphs])
    return revision


def _insert_text(
    session: Session,
    source: Source,
    copy: Copy,
    reason: RevisionReason,
    current: bool,
    now: Revision | None,
) -> Revision:
    document = copy.document
    last = source.revisions.order_by("-number").values_list("number", flat=True).first()
    return Revision.objects.create(
        source=source,
        number=(last or 0) + 1,
        current=current,
        text=document.text,
        patches=pack_patches(document.patches),
        sha256=copy.digest,
        header=_header(document, now if reason == CORRECTED else None),
        reason=reason,
        note=session.by_hand.why[:300],
        made_by=session.who,
        **_fitted(
            Revision,
            {
                "media_type": document.media_type,
                "parser": document.parser,
                "parser_version": document.parser_version,
                "shape": document.shape,
            },
        ),
    )


def _header(document: Document, mended: Revision | None) -> dict[str, Any]:
    """All that was read outside the paragraphs, and what it said of the source.

    The publisher's next copy is compared with the latter: what differs from it is
    a person's. A text `mended` by hand says nothing new of the source.
    """
    if mended is not None:
        return {**mended.header, **_storable(dict(document.header))}
    stated = described(document)
    stated["dated_at"] = document.dated_at and document.dated_at.isoformat()
    return _storable(
        {
            **document.header,
            "printed_identifier": document.printed_identifier,
            "source": stated,
        }
    )


def _insert_paragraphs(
    source: Source, revision: Revision, document: Document
) -> list[Paragraph]:
    texts = [document.text_of(p) for p in document.paragraphs]
    keys = paragraph_keys(source, texts)
    numbers = [p.number[:20] for p in document.paragraphs]
    cited_as = anchoring.paragraph_names(numbers)
    unmarked = source.access_level
    return Paragraph.objects.bulk_create(
        Paragraph(
            revision=revision,
            key=key,
            order=p.order,
            text=text,
            start=p.start,
            end=p.end,
            level=p.level,
            access_level=unmarked if p.level is None else p.level,
            role=p.role,
            section=p.section,
            skips=_storable([[skip.at, skip.raw] for skip in p.skips]),
            **_fitted(
                Paragraph,
                {
                    "number": p.number,
                    "label": p.label,
                    "name": name,
                    "marking": p.marking,
                    "controls": p.controls,
                    "heading": p.heading,
                    "page": "" if p.page is None else str(p.page),
                    "speaker": p.speaker,
                },
            ),
        )
        for p, key, text, name in zip(
            document.paragraphs, keys, texts, cited_as, strict=True
        )
    )


def _kept_voices(
    now: Revision | None, reason: RevisionReason
) -> dict[tuple[int, str], list[Voice]]:
    """(key, text) of a paragraph read so far -> its voices, perhaps mended by hand.

    A better parser's own voices go before those of the one before it.
    """
    if now is None or reason == RevisionReason.PARSER:
        return {}
    paragraphs = now.paragraphs.prefetch_related("voices")
    return {(p.key, p.text): list(p.voices.all()) for p in paragraphs}


def _insert_voices(
    paragraphs: Sequence[Paragraph],
    document: Document,
    kept: dict[tuple[int, str], list[Voice]],
) -> None:
    rows: list[Voice] = []
    for paragraph, read in zip(paragraphs, document.paragraphs, strict=True):
        voices: Iterable[Any] = kept.get((paragraph.key, paragraph.text), read.voices)
        rows += (
            Voice(
                paragraph=paragraph,
                start=voice.start,
                end=voice.end,
                kind=voice.kind,
                whose_id=getattr(voice, "whose_id", None),
            )
            for voice in voices
        )
    Voice.objects.bulk_create(rows)


def _insert_addressees(
    rec: Recording, session: Session, revision: Revision, document: Document
) -> None:
    Addressee.objects.bulk_create(
        Addressee(
            revision=revision,
            order=order,
            role=party.role,
            actor=session.posts.actor_of(rec, party.name),
            **_fitted(
                Addressee,
                {
                    "name": party.name,
                    "routing": party.routing,
                    "precedence": party.precedence,
                    "continuity": party.continuity,
                    "exempted_from": party.exempted_from,
                },
            ),
        )
        for order, party in enumerate(document.parties, start=1)
    )


def _insert_references(revision: Revision, document: Document) -> None:
    Reference.objects.bulk_create(
        Reference(
            revision=revision,
            order=order,
            **_fitted(
                Reference,
                {
                    "label": reference.label,
                    "kind": reference.kind,
                    "raw": reference.raw,
                    "canonical_id": reference.canonical_id,
                    "note": reference.note,
                },
            ),
        )
        for order, reference in enumerate(document.references, start=1)
    )


def _insert_warnings(session: Session, revision: Revision, copy: Copy) -> None:
    ImportProblem.objects.bulk_create(
        note_problem(
            session.run,
            ImportProblem.Severity.WARNING,
            problem.message,
            file=copy.file,
            record=", ".join(filter(None, (copy.place, problem.place))),
            code=problem.code,
            revision=revision,
        )
        for problem in copy.document.problems
    )


@cache
def _lengths(model: type[models.Model]) -> dict[str, int]:
    return {
        field.name: field.max_length
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.max_length
    }


def _fitted(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """The values with texts cut to what their columns hold, and storable."""
    lengths = _lengths(model)
    return {
        name: clean_text(value)[: lengths[name]] if name in lengths else value
        for name, value in values.items()
    }


def _storable(value: Any) -> Any:
    """JSON without the characters that PostgreSQL refuses in it."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value

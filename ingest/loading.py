"""Documents -> rows: one document, one transaction, by natural key.

A document is known by its collection, identifier and the bytes it came in. What a
person made is never changed: where a file says otherwise, the difference is listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingest.inserting import described, insert_revision
from ingest.models import ImportProblem
from ingest.records import Document, ImportFault
from ingest.session import Copy, Outcome, Session, note_problem
from positions import search
from positions.choices import RevisionReason
from positions.models import Citation, Collection, Revision, Source
from positions.models.changes import Recording, recording
from positions.names import clean_text
from positions.revising import Settled, make_current

IDENTIFIER_LENGTH = 120
# Values of fields that say nothing.
EMPTY: tuple[Any, ...] = ("", None, [])
OTHER_COPY = (
    "The file has another copy of {identifier}; the text that is read stays "
    "revision {number}."
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one document; `sentences` say what differs and was kept."""

    outcome: Outcome
    source: Source
    revision: Revision
    sentences: tuple[str, ...] = ()
    settled: Settled | None = None


def known(
    collection: Collection, parsers: Iterable[str], digests: Iterable[str]
) -> dict[str, int]:
    """sha256 of received bytes -> primary key of the source that came in them.

    Whichever version of the parser read them: reading again is not an import.
    """
    rows = Revision.objects.filter(
        sha256__in=list(digests),
        parser__in=list(parsers),
        source__collection=collection,
    )
    return dict(rows.values_list("sha256", "source_id"))


def load(session: Session, copy: Copy) -> Loaded:
    """Put one document into the database, whole or not at all.

    Raises ImportFault for a document that cannot be kept, and for another text of
    one that came in this run already.
    """
    _refuse_unkeepable(copy)
    who, why = session.who, session.by_hand.why
    with recording(who, why, tool=session.run.command) as rec:
        source = (
            Source.objects.select_for_update(of=("self",))
            .filter(collection=session.collection, identifier=copy.document.identifier)
            .select_related("collection")
            .first()
        )
        if source is None:
            loaded = _create(rec, session, copy)
        else:
            loaded = _add_copy(rec, session, source, copy)
    session.sightings.add(loaded.source.pk, copy.file)
    return loaded


def _refuse_unkeepable(copy: Copy) -> None:
    identifier = copy.document.identifier
    if not identifier or "/" in identifier or len(identifier) > IDENTIFIER_LENGTH:
        raise ImportFault(
            copy.file,
            f"“{identifier[:60]}” cannot be an identifier: it is empty, has a slash, "
            f"or has more than {IDENTIFIER_LENGTH} characters.",
            copy.place,
        )
    if clean_text(copy.document.text) != copy.document.text:
        raise ImportFault(
            copy.file, "The text has characters that no database keeps.", copy.place
        )


def _create(rec: Recording, session: Session, copy: Copy) -> Loaded:
    source = Source(
        collection=session.collection,
        identifier=copy.document.identifier,
        canonical_id=copy.document.canonical_identifier or copy.document.identifier,
        issuer=session.posts.actor_of(rec, copy.document.issuer),
        visibility=session.collection.visibility,
        **{**described(copy.document), **session.by_hand.stated},
    )
    source.save(force_insert=True)
    revision = insert_revision(
        rec, session, source, copy, reason=RevisionReason.FIRST, current=True
    )
    search.index(Source, [source.pk])
    return Loaded(Outcome.CREATED, source, revision)


def _add_copy(rec: Recording, session: Session, source: Source, copy: Copy) -> Loaded:
    """A further revision of a source, unless its bytes were seen before."""
    seen = source.revisions.filter(
        sha256=copy.digest, parser=copy.document.parser
    ).first()
    if seen is not None:
        return _seen_again(session, source, seen)
    reason, now = session.by_hand.reason, source.current
    if reason is None:
        _refuse_second_text(session, source, copy)
    if reason is None and not _may_follow(source, now, copy.document):
        return _keep_beside(rec, session, source, copy, now)
    differences = []
    if reason != RevisionReason.TRANSCRIPTION or now is None:
        differences = _take_fields(rec, session, source, now, copy.document)
    reason = reason or (RevisionReason.PUBLISHER if now else RevisionReason.FIRST)
    revision = insert_revision(rec, session, source, copy, reason=reason, now=now)
    settled = make_current(source, revision, who=session.who)
    _list_differences(session, revision, copy, "source_field", differences)
    outcome = Outcome.CONFLICT if differences else Outcome.CHANGED
    return Loaded(outcome, source, revision, tuple(differences), settled)


def _seen_again(session: Session, source: Source, seen: Revision) -> Loaded:
    """A person may go back to a text the source had; an import changes nothing."""
    if session.by_hand.reason is None or seen.current:
        return Loaded(Outcome.UNCHANGED, source, seen)
    settled = make_current(source, seen, who=session.who)
    return Loaded(Outcome.CHANGED, source, seen, settled=settled)


def _refuse_second_text(session: Session, source: Source, copy: Copy) -> None:
    other = session.sightings.file_of(source.pk)
    if other is not None:
        raise ImportFault(
            copy.file,
            f"{source.identifier} stands in {other} as well, with another text: "
            "the first was taken.",
            copy.place,
        )


def _may_follow(source: Source, now: Revision | None, document: Document) -> bool:
    """May the publisher's new text be read in place of the one that is read now?

    Not where a person corrected that one; else where it comes in the same shape,
    or where nothing of the source is cited.
    """
    if now is None:
        return True
    if now.reason == RevisionReason.TRANSCRIPTION:
        return False
    if (now.parser, now.shape) == (document.parser, document.shape):
        return True
    return not Citation.objects.filter(paragraph__revision__source=source).exists()


def _keep_beside(
    rec: Recording, session: Session, source: Source, copy: Copy, now: Revision | None
) -> Loaded:
    """Keep the copy without reading it: a person decides."""
    revision = insert_revision(
        rec, session, source, copy, reason=RevisionReason.PUBLISHER, now=now
    )
    sentence = OTHER_COPY.format(
        identifier=source.identifier, number=now.number if now else 0
    )
    _list_differences(session, revision, copy, "other_copy", [sentence])
    return Loaded(Outcome.CONFLICT, source, revision, (sentence,))


def _take_fields(
    rec: Recording,
    session: Session,
    source: Source,
    now: Revision | None,
    document: Document,
) -> list[str]:
    """Take over what the new copy says of the document; what a person wrote stays.

    A field is a person's if it is not what the copy before said. Returns one
    sentence for each that stays different.
    """
    said = now.header.get("source", {}) if now else {}
    differences = []
    for name, new in described(document).items():
        column: Any = source._meta.get_field(name)
        old = getattr(source, name)
        before = column.to_python(said[name]) if name in said else column.get_default()
        if new == old or new in EMPTY:
            continue
        if old == before or old in EMPTY:
            setattr(source, name, new)
            if name == "issuer_text":
                source.issuer = session.posts.actor_of(rec, document.issuer)
        else:
            differences.append(_difference(source, name, old, new))
    source.save()
    return differences


def _difference(source: Source, name: str, old: Any, new: Any) -> str:
    column: Any = source._meta.get_field(name)
    return (
        f"{source.identifier}: {column.verbose_name} is “{old}” here and “{new}” in "
        "the file; it was kept."
    )


def _list_differences(
    session: Session,
    revision: Revision,
    copy: Copy,
    code: str,
    sentences: Iterable[str],
) -> None:
    ImportProblem.objects.bulk_create(
        note_problem(
            session.run,
            ImportProblem.Severity.CONFLICT,
            sentence,
            file=copy.file,
            record=copy.place,
            code=code,
            revision=revision,
        )
        for sentence in sentences
    )

"""Documents -> rows by natural key: new ones in bulk, every other with care, alone.

A document is known by its collection, identifier and the bytes it came in. What a
person made is never changed: where a file says otherwise, the difference is listed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ingest.copies import PARAGRAPH, VOICE, Copy
from ingest.inserting import (
    NewRevision,
    Voices,
    insert_revisions,
    insert_sources,
)
from ingest.models import ImportProblem
from ingest.records import ImportFault
from ingest.session import Outcome, Session, note_problem
from positions import search
from positions.choices import RevisionReason
from positions.models import (
    Change,
    Citation,
    Collection,
    Paragraph,
    Revision,
    Source,
    Voice,
)
from positions.models.changes import Recording, recording
from positions.revising import Settled, make_current, paragraph_keys

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
    # Asked of one table after the other: in a join a planner may begin with all
    # sources of the collection.
    rows = Revision.objects.filter(sha256__in=list(digests), parser__in=list(parsers))
    came = rows.order_by().values_list("sha256", "source_id")
    sources = Source.objects.filter(
        pk__in={source for _, source in came}, collection=collection
    )
    here = set(sources.order_by().values_list("pk", flat=True))
    return {digest: source for digest, source in came if source in here}


def load_new(session: Session, copies: Sequence[Copy]) -> list[int | None]:
    """Put the documents that the collection has no source of into the database.

    All of them in one transaction, or none. Returns for each the primary key of its
    revision; None for one that is left to `load`: its source is there, or another
    of these copies is of the same. Raises what the database says against any of them.
    """
    with recording(session.who, tool=session.run.command) as rec:
        # Imports into one collection wait for each other, not for a collision.
        Collection.objects.select_for_update(no_key=True).get(pk=session.collection.pk)
        identifiers = [copy.identifier for copy in copies]
        there = Source.objects.filter(
            collection=session.collection, identifier__in=identifiers
        )
        taken = set(there.values_list("identifier", flat=True))
        new: dict[int, Copy] = {}
        for place, copy in enumerate(copies):
            if copy.identifier not in taken:
                taken.add(copy.identifier)
                new[place] = copy
        if not new:
            return [None] * len(copies)
        revisions = insert_sources(rec, session, list(new.values()))
        keys = insert_revisions(rec, session, revisions)
    session.sightings.add(*((new.source, new.copy.file) for new in revisions))
    found = dict(zip(new, keys, strict=True))
    return [found.get(place) for place in range(len(copies))]


def load(session: Session, copy: Copy) -> Loaded:
    """Put one document into the database, whole or not at all.

    Raises ImportFault for another text of one that came in this run already.
    """
    who, why = session.who, session.by_hand.why
    with recording(who, why, tool=session.run.command) as rec:
        source = (
            Source.objects.select_for_update(of=("self",))
            .filter(collection=session.collection, identifier=copy.identifier)
            .select_related("collection")
            .first()
        )
        if source is None:
            loaded = _create(rec, session, copy)
        else:
            loaded = _add_copy(rec, session, source, copy)
    session.sightings.add((loaded.source.pk, copy.file))
    return loaded


def load_again(session: Session, now: Revision, copy: Copy) -> Loaded:
    """What a newer parser makes of the bytes of a text becomes the text that is read.

    If it reads them just the same, only the parser's version is noted.
    """
    source = now.source
    with recording(session.who, tool=session.run.command) as rec:
        if _reads_the_same(now, copy):
            Revision.objects.filter(pk=now.pk).update(
                parser_version=copy.parser_version
            )
            return Loaded(Outcome.UNCHANGED, source, now)
        differences = _take_fields(rec, session, source, now, copy)
        revision = _insert(
            rec, session, source, copy, reason=RevisionReason.PARSER, now=now
        )
        settled = make_current(source, revision, who=session.who)
        outcome = Outcome.CONFLICT if differences else Outcome.CHANGED
        said = _list_differences(session, revision, copy, "source_field", differences)
    return Loaded(outcome, source, revision, said, settled)


def _reads_the_same(now: Revision, copy: Copy) -> bool:
    """Would a revision of the copy be the same in every column, voices included?"""
    text = (now.text, now.shape, now.patches, now.header)
    again = (copy.text, copy.shape, json.loads(copy.patches), json.loads(copy.header))
    if text != again:
        return False
    rows = now.paragraphs.order_by("order").values_list(*PARAGRAPH)
    place = PARAGRAPH.index("skips")
    read = [
        (*r[:place], json.loads(r[place]), *r[place + 1 :]) for r in copy.paragraphs
    ]
    if list(rows) != read:
        return False
    voices = Voice.objects.filter(paragraph__revision=now)
    places = {p: n for n, p in enumerate(r[0] for r in copy.paragraphs)}
    kept = {
        (places[order], *row)
        for order, *row in voices.values_list("paragraph__order", *VOICE)
    }
    return kept == set(copy.voices) or _mended(now) != {}


def _mended(now: Revision) -> Voices:
    """The voices of paragraphs in which a person had a hand."""
    paragraphs = list(now.paragraphs.prefetch_related("voices"))
    for paragraph in paragraphs:
        paragraph.revision = now
    by_hand = Change.objects.filter(
        record=Paragraph._meta.model_name,
        key__in=[paragraph.log_key for paragraph in paragraphs],
        who__isnull=False,
    )
    mended = set(by_hand.values_list("key", flat=True))
    return {
        (p.key, p.text): list(p.voices.all()) for p in paragraphs if p.log_key in mended
    }


def _create(rec: Recording, session: Session, copy: Copy) -> Loaded:
    source = Source(
        collection=session.collection,
        identifier=copy.identifier,
        canonical_id=copy.canonical_id,
        issuer=session.posts.actor_of(rec, copy.issuer),
        visibility=session.collection.visibility,
        **{**copy.source, **session.by_hand.stated},
    )
    source.save(force_insert=True)
    revision = _insert(rec, session, source, copy, current=True)
    search.index(Source, [source.pk])
    return Loaded(Outcome.CREATED, source, revision)


def _insert(
    rec: Recording,
    session: Session,
    source: Source,
    copy: Copy,
    *,
    reason: RevisionReason = RevisionReason.FIRST,
    current: bool = False,
    now: Revision | None = None,
) -> Revision:
    """Insert a further revision of a source.

    `now` is the revision read so far: its paragraphs hand down their keys, and
    those that stay word for word their voices.
    """
    last = source.revisions.order_by("-number").values_list("number", flat=True).first()
    (key,) = insert_revisions(
        rec,
        session,
        [
            NewRevision(
                copy,
                source=source.pk,
                unmarked=source.access_level,
                keys=paragraph_keys(source, copy.texts),
                reason=reason,
                number=(last or 0) + 1,
                current=current,
                voices=_kept_voices(now, reason),
                mends=now if reason == RevisionReason.TRANSCRIPTION else None,
            )
        ],
    )
    return Revision.objects.select_related("source__collection").get(pk=key)


def _kept_voices(now: Revision | None, reason: RevisionReason) -> Voices:
    """The voices of the paragraphs read so far, perhaps mended by hand.

    A better parser's own voices go before those of the one before it, but not before
    a person's.
    """
    if now is None:
        return {}
    if reason == RevisionReason.PARSER:
        return _mended(now)
    paragraphs = now.paragraphs.prefetch_related("voices")
    return {(p.key, p.text): list(p.voices.all()) for p in paragraphs}


def _add_copy(rec: Recording, session: Session, source: Source, copy: Copy) -> Loaded:
    """A further revision of a source, unless its bytes were seen before."""
    seen = source.revisions.filter(sha256=copy.sha256, parser=copy.parser).first()
    if seen is not None:
        return _seen_again(session, source, seen)
    reason, now = session.by_hand.reason, source.current
    if reason is None:
        _refuse_second_text(session, source, copy)
    if reason is None and not _may_follow(source, now, copy):
        return _keep_beside(rec, session, source, copy, now)
    differences: list[str] = []
    if reason != RevisionReason.TRANSCRIPTION or now is None:
        differences = _take_fields(rec, session, source, now, copy)
    reason = reason or (RevisionReason.PUBLISHER if now else RevisionReason.FIRST)
    revision = _insert(rec, session, source, copy, reason=reason, now=now)
    settled = make_current(source, revision, who=session.who)
    outcome = Outcome.CONFLICT if differences else Outcome.CHANGED
    said = _list_differences(session, revision, copy, "source_field", differences)
    return Loaded(outcome, source, revision, said, settled)


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


def _may_follow(source: Source, now: Revision | None, copy: Copy) -> bool:
    """May the publisher's new text be read in place of the one that is read now?

    Not where a person corrected that one; else where it comes in the same shape from
    the same publisher, or where nothing of the source is cited.
    """
    if now is None:
        return True
    if now.reason == RevisionReason.TRANSCRIPTION:
        return False
    same_shape = (now.parser, now.shape) == (copy.parser, copy.shape)
    if same_shape and not _other_publisher(now, copy):
        return True
    return not Citation.objects.filter(paragraph__revision__source=source).exists()


def _other_publisher(now: Revision, copy: Copy) -> bool:
    """Do both say where they are published, and name no host in common?"""
    before = _hosts(now.header.get("source", {}).get("addresses") or ())
    after = _hosts(copy.source["addresses"])
    return bool(before and after) and before.isdisjoint(after)


def _hosts(addresses: Iterable[str]) -> set[str]:
    hosts = set()
    for address in addresses:
        with suppress(ValueError):
            hosts.add((urlsplit(address).hostname or "").removeprefix("www."))
    return hosts - {""}


def _keep_beside(
    rec: Recording, session: Session, source: Source, copy: Copy, now: Revision | None
) -> Loaded:
    """Keep the copy without reading it: a person decides."""
    revision = _insert(
        rec, session, source, copy, reason=RevisionReason.PUBLISHER, now=now
    )
    sentence = OTHER_COPY.format(
        identifier=source.identifier, number=now.number if now else 0
    )
    said = _list_differences(session, revision, copy, "other_copy", [sentence])
    return Loaded(Outcome.CONFLICT, source, revision, said)


def _take_fields(
    rec: Recording,
    session: Session,
    source: Source,
    now: Revision | None,
    copy: Copy,
) -> list[str]:
    """Take over what the new copy says of the document; what a person wrote stays.

    A field is a person's if it is not what the copy before said. Returns one
    sentence for each that stays different.
    """
    said = now.header.get("source", {}) if now else {}
    differences = []
    for name, new in copy.source.items():
        column: Any = source._meta.get_field(name)
        old = getattr(source, name)
        before = column.to_python(said[name]) if name in said else column.get_default()
        if new == old or new in EMPTY:
            continue
        if old == before or old in EMPTY:
            setattr(source, name, new)
            if name == "issuer_text":
                source.issuer = session.posts.actor_of(rec, copy.issuer)
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
    sentences: Sequence[str],
) -> tuple[str, ...]:
    """List what differs, if the run does; the sentences that were listed."""
    if not session.lists_conflicts:
        return ()
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
    return tuple(sentences)

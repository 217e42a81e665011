"""Texts read again from the bytes they came in, by a newer version of their parser.

What a person transcribed stays as it was typed. A text that the newer version reads
just the same gets no revision: its parser's version is noted, and that is all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from ingest import formats, loading
from ingest.copies import lay_out
from ingest.models import ImportedRevision, ImportRun
from ingest.pipeline.parsing import parse
from ingest.pipeline.runs import FATAL, FAULTS, rejection, sentence_of
from ingest.reading import Read
from ingest.records import Document, ImportFault
from ingest.reporting import Item
from ingest.session import Outcome, Session
from positions.choices import RevisionReason
from positions.models import Collection, ReceivedBytes, Revision

# How much of a file tells what format it is of.
HEAD = 8192


def stale(collection: str | None = None) -> QuerySet[Revision]:
    """The texts that are read now and that an older version of a parser read."""
    older = Q()
    for known in formats.FORMATS.values():
        older |= Q(parser=known.parser) & ~Q(parser_version=known.version)
    rows = Revision.objects.filter(older, current=True).exclude(
        reason=RevisionReason.TRANSCRIPTION
    )
    if collection:
        rows = rows.filter(source__collection__key=collection)
    return rows


def reparse(run: ImportRun, who: Any, collection: str | None = None) -> Iterator[Item]:
    """Read every stale text again, one transaction each; what becomes of each."""
    rows = stale(collection).order_by("pk")
    sessions: dict[int, Session] = {}
    last = 0
    while pks := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:100]):
        last = pks[-1]
        for pk in pks:
            revision = Revision.objects.select_related("source__collection").get(pk=pk)
            of = revision.source.collection
            session = sessions.setdefault(of.pk, _session(run, of, who))
            yield _again(session, revision)


def _session(run: ImportRun, collection: Collection, who: Any) -> Session:
    return Session(run, collection, who)


def _again(session: Session, revision: Revision) -> Item:
    came = ImportedRevision.objects.filter(revision=revision).first()
    file = came.file if came else revision.source.identifier
    received = ReceivedBytes.objects.filter(revision=revision).first()
    told = partial(ImportFault, file, record=revision.source.key)
    if received is None:
        return rejection(told("Its bytes were dropped: it cannot be read again."))
    place = came.place if came else ""
    read = Read(file, received.data, place)
    names = [n for n, f in formats.FORMATS.items() if f.parser == revision.parser]
    read = replace(read, format=formats.which(names, file, read.data[:HEAD]))
    document = parse(read)
    if not isinstance(document, Document):
        reason = getattr(document, "reason", "It is no text any more.")
        return rejection(told(f"{reason} It stays as it is."))
    # Its name was settled when it came in.
    document = replace(document, identifier=revision.source.identifier)
    try:
        copy = lay_out(document, read.data, file=file, place=place)
        loaded = loading.load_again(session, revision, copy)
    except FATAL:
        raise
    except (ImportFault, *FAULTS) as fault:
        session.posts.forget()
        reason = fault.reason if isinstance(fault, ImportFault) else sentence_of(fault)
        return rejection(told(reason))
    return Item(
        loaded.outcome,
        file,
        revision.source.key,
        place,
        sentences=loaded.sentences,
        source=revision.source,
        settled=loaded.settled,
        size=len(read.data) if loaded.outcome != Outcome.UNCHANGED else 0,
    )

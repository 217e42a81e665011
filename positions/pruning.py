"""What superseded texts keep: their reading text, and whatever somebody points at.

The bytes they came in and the paragraphs that nothing cites may be dropped. What a
person typed is kept whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from positions import search
from positions.choices import RevisionReason
from positions.models import (
    Check,
    Citation,
    Paragraph,
    ReceivedBytes,
    Revision,
    Source,
    Suggestion,
    Task,
    Voice,
)
from positions.models.changes import recording

# Revisions that one transaction prunes.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was dropped: revisions touched, their bytes' size, paragraphs."""

    revisions: int = 0
    bytes: int = 0
    paragraphs: int = 0

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(
            self.revisions + other.revisions,
            self.bytes + other.bytes,
            self.paragraphs + other.paragraphs,
        )


def superseded() -> QuerySet[Revision]:
    """Revisions that are not read now, and are nobody's own transcription."""
    return Revision.objects.filter(current=False).exclude(
        reason=RevisionReason.TRANSCRIPTION
    )


def prune(revisions: QuerySet[Revision], *, tool: str) -> Iterator[Pruned]:
    """Drop bytes and unused paragraphs of these revisions, a batch a transaction.

    Only superseded ones are touched. A text that came once is known again by its
    hash, which stays; so do its reading text and its provenance.
    """
    keys = revisions.filter(pk__in=superseded().values("pk")).order_by("pk")
    last = 0
    while batch := list(keys.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        last = batch[-1]
        yield _prune(batch, tool)


def _prune(pks: list[int], tool: str) -> Pruned:
    with recording(tool=tool) as rec:
        received = ReceivedBytes.objects.filter(revision__in=pks)
        size = sum(len(row.packed) for row in received.iterator(20))
        unused = _unused(pks)
        paragraphs = list(unused.values_list("pk", flat=True))
        touched = {
            *received.values_list("revision__source", flat=True),
            *unused.values_list("revision__source", flat=True),
        }
        received.delete()
        search.forget(Paragraph, paragraphs)
        Voice.objects.filter(paragraph__in=paragraphs).delete()
        Paragraph.objects.filter(pk__in=paragraphs).delete()
        for source in Source.objects.filter(pk__in=touched).order_by("pk"):
            rec.note(source, "superseded texts pruned")
    return Pruned(len(pks), size, len(paragraphs))


def _unused(pks: list[int]) -> QuerySet[Paragraph]:
    """Paragraphs that nothing points at.

    The one with a source's highest key stays: no key is ever given twice.
    """
    pointing = [
        Citation.objects.filter(paragraph=OuterRef("pk")),
        Citation.objects.filter(now_paragraph=OuterRef("pk")),
        Check.objects.filter(paragraph=OuterRef("pk")),
        Suggestion.objects.filter(paragraph=OuterRef("pk")),
        # Codings and "nothing here" are of paragraphs that a task asks about.
        Task.paragraphs.through.objects.filter(paragraph=OuterRef("pk")),
    ]
    rows = Paragraph.objects.filter(revision__in=pks)
    for one in pointing:
        rows = rows.filter(~Exists(one))
    highest = (
        Paragraph.objects.filter(revision__source=OuterRef("revision__source"))
        .order_by()
        .values("revision__source")
        .annotate(last=Max("key"))
        .values("last")
    )
    return rows.exclude(key=Subquery(highest[:1]))

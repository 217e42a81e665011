"""Which documents refer to which: both sides are found by the canonical id.

Nothing is stored but the name that a text prints, so that a document which arrives
later is there from both sides at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from positions.models import Reference, Source
from positions.readers import Reader


@dataclass(frozen=True, slots=True)
class Referred:
    """One reference as printed, and the documents here that it names."""

    reference: Reference
    sources: Sequence[Source] = ()


def refers_to(source: Source, reader: Reader, limit: int = 200) -> list[Referred]:
    """What the text that is read now refers to, for those who may read it."""
    readable = open_to(reader).filter(pk=source.pk)
    rows = list(
        Reference.objects.filter(
            revision__source__in=readable, revision__current=True
        ).order_by("order")[:limit]
    )
    named = {row.canonical_id for row in rows} - {""}
    found: dict[str, list[Source]] = {}
    others = Source.objects.visible_to(reader).filter(canonical_id__in=named)
    others = others.exclude(pk=source.pk).select_related("collection").order_by("pk")
    for other in others:
        found.setdefault(other.canonical_id, []).append(other)
    return [Referred(row, found.get(row.canonical_id, ())) for row in rows]


def referred_by(source: Source, reader: Reader) -> QuerySet[Source]:
    """The documents whose text, which the reader may read, refers to this one."""
    return (
        open_to(reader)
        .filter(pk__in=naming([source.canonical_id]))
        .exclude(pk=source.pk)
        .select_related("collection")
        .order_by("dated_earliest", "pk")
    )


def naming(canonical_ids: Iterable[str]) -> QuerySet:
    """Keys of the sources whose text that is read now names one of these."""
    rows = Reference.objects.filter(
        canonical_id__in=canonical_ids, revision__current=True
    )
    return rows.values("revision__source")


def open_to(reader: Reader) -> QuerySet[Source]:
    """The documents whose heading the reader may read: text and level permitting."""
    rows = Source.objects.text_visible_to(reader)
    if reader.curator:
        return rows
    level = reader.clearance
    return rows.filter(
        Q(level__lte=level) | Q(level=None, collection__level__lte=level)
    )

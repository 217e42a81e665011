"""References to documents that are not here."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from positions.models import Reference
from positions.worklists import Action, WorkList, register


def _references() -> QuerySet[Reference]:
    return (
        Reference.objects.unresolved()
        .exclude(canonical_id="")
        .filter(revision__current=True)
        .select_related("revision__source__collection")
        .defer("revision__text", "revision__patches", "revision__header")
        .order_by("pk")
    )


def _reading_page(reference: Reference) -> str:
    return reverse("admin:positions_source_read", args=(reference.revision.source_id,))


register(
    WorkList(
        key="references",
        title="Unresolved references",
        meaning="Documents that others refer to and that are not here: get them, or "
        "correct the canonical id of one that is.",
        permission="positions.view_source",
        rows=_references,
        problem=lambda row: f"Refers to {row.canonical_id} (“{row.raw}”).",
        action=lambda row: Action("Read the source", _reading_page(row)),
    )
)

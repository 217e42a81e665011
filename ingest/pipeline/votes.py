"""Series of votes that were imported: who changed its vote from one to the next."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.formats.votes import Change, Roll, changes
from positions.choices import OptionKind, SourceKind
from positions.models import Option, Revision
from positions.names import name_key


def changes_of(collection: str, issue: str, parent: str = "") -> list[Change]:
    """The changes of vote over the resolutions of an issue in a collection.

    With a `parent`, over those that are parts of this option.
    """
    return changes(_rolls(collection, _names(issue, parent)))


def _names(issue: str, parent: str) -> set[str]:
    """The names of the resolutions of a series, as names are compared."""
    options = Option.objects.filter(issue__key=issue, kind=OptionKind.RESOLUTION)
    if parent:
        options = options.filter(parent__key=parent)
    return {
        name_key(name)
        for option in options.prefetch_related("aliases")
        for name in (
            *(option.name, option.short_name),
            *(alias.name for alias in option.aliases.all()),
        )
    }


def _rolls(collection: str, names: set[str]) -> Iterator[Roll]:
    headers = (
        Revision.objects.filter(
            current=True,
            source__collection__key=collection,
            source__kind=SourceKind.VOTE,
        )
        .order_by("source__identifier")
        .values_list("header", flat=True)
    )
    for header in headers.iterator():
        for call in header.get("roll_calls", ()):
            if name_key(call["on"]) in names and call["day"]:
                votes = {state: (n, vote) for state, (n, vote) in call["votes"].items()}
                yield Roll(call["on"], call["day"], votes)

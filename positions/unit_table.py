"""The units of agreement as a flat table: every figure can be computed from it anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from positions.agreement import Coded, Shared, Unit
from positions.comparing import Compared, hidden_from, walk
from positions.models import Issue, Paragraph, Task

# A line is a cell that either coder used, or a paragraph in which neither found
# anything. *Found* counts each task and paragraph once.
COLUMNS = (
    *("task", "source", "paragraph", "citation", "coder_1", "coder_2"),
    *("found_1", "found_2", "actor", "state", "option", "headline_option"),
    *("facet", "modality", "used_1", "used_2", "disposition_1", "disposition_2"),
    *("rank_1", "rank_2", "overlap"),
)
HEAVY = ("text", "skips", *(f"revision__{n}" for n in ("text", "patches", "header")))

Line = Mapping[str, Any]


def lines(issue: Issue, who: Any) -> Iterator[Line]:
    """The lines of all units of an issue, a constant number of queries a chunk.

    What `who` may not see yet is left out.
    """
    for compared in walk(issue):
        paragraphs = _paragraphs(compared)
        tasks = Task.objects.only("key").in_bulk({u.task for u in compared.units})
        hidden = hidden_from(who, compared.units)
        for unit in compared.units:
            if unit in hidden:
                continue
            beginning = _beginning(unit, compared, paragraphs[unit.paragraph])
            beginning["task"] = tasks[unit.task].key
            for shared in unit.cells:
                yield beginning | _cell(shared, compared)
            if not unit.cells:
                yield dict.fromkeys(COLUMNS) | beginning


def _paragraphs(compared: Compared) -> Mapping[Any, Paragraph]:
    rows = Paragraph.objects.select_related("revision__source__collection")
    return rows.defer(*HEAVY).in_bulk({unit.paragraph for unit in compared.units})


def _beginning(unit: Unit, compared: Compared, paragraph: Paragraph) -> dict[str, Any]:
    first, second = (compared.coders[pk].get_username() for pk in unit.coders)
    return {
        "source": paragraph.revision.source.key,
        "paragraph": paragraph.key,
        "citation": paragraph.citation,
        "coder_1": first,
        "coder_2": second,
        "found_1": unit.found[0],
        "found_2": unit.found[1],
    }


def _cell(shared: Shared, compared: Compared) -> dict[str, Any]:
    cell, rolled = shared.cell, compared.roll_up.of(shared.cell)
    first, second = shared.dispositions
    return {
        "actor": compared.actors[cell.actor].key,
        "state": compared.actors[rolled.actor].key,
        "option": compared.options[cell.option].key,
        "headline_option": compared.options[rolled.option].key,
        "facet": cell.facet,
        "modality": cell.modality,
        "used_1": shared.used[0],
        "used_2": shared.used[1],
        "disposition_1": first,
        "disposition_2": second,
        "rank_1": _rank(shared.first),
        "rank_2": _rank(shared.second),
        "overlap": round(shared.overlap, 4) if shared.by_both else None,
    }


def _rank(coded: Sequence[Coded]) -> int | None:
    """The rank of a coder's one disposition; several have none."""
    return coded[0].rank if len(coded) == 1 else None

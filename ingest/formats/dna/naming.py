"""People, organizations and concepts of a .dna file -> rows of actors and options."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ingest.formats.actor_kinds import kind_of
from ingest.reading import Read
from ingest.records import Row, Tables
from positions.choices import ActorKind, OptionKind

PERSON, ORGANIZATION, CONCEPT = "person", "organization", "concept"
AGREEMENT = "agreement"


def is_position(variables: Collection[str]) -> bool:
    """Do variables of these names say who thinks what of which concept?

    So does the default type "DNA Statement", however a project renamed it.
    """
    return CONCEPT in variables and (ORGANIZATION in variables or PERSON in variables)


def tables(read: Read, entities: list[dict[str, Any]]) -> Tables:
    """A row for each name that a statement about a position has."""
    wanted = [e for e in entities if is_position(e["type"])]
    found: dict[tuple[str, str], Row] = {}
    for entity in wanted:
        variable, value = entity["variable"].lower(), " ".join(entity["value"].split())
        for table, values in _row(variable, value, entity["attributes"]):
            where = f"{variable} “{value[:150]}”"
            row = Row(read.name, len(found) + 1, values, table, where)
            found.setdefault((variable, value), row)
    return Tables(tuple(sorted(found.values(), key=lambda row: row.table)))


def _row(
    variable: str, value: str, attributes: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """An organization without a kind has a type that tells none: the run gives it."""
    if variable not in (PERSON, ORGANIZATION, CONCEPT):
        return
    kind, alias = attributes.get("type", ""), attributes.get("alias", "")
    names = (" ".join(alias.split()),) if alias else ()
    if variable == CONCEPT:
        yield (
            "options",
            {
                "name": value,
                "kind": OptionKind.PROPOSAL,
                "aliases": names,
                "definition": attributes.get("notes", ""),
            },
        )
        return
    told = ActorKind.PERSON if variable == PERSON else kind_of(kind)
    lines = (f"Type: {kind}." if kind else "", attributes.get("notes", ""))
    note = "\n".join(filter(None, lines))
    values: dict[str, Any] = {"name": value, "names": names, "note": note}
    yield "actors", values | ({"kind": told} if told else {})

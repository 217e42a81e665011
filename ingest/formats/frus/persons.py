"""The list of persons of a volume, and who of it a document mentions.

Identifiers differ between volumes and releases, so they never leave a volume: persons
are given by their names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.formats import xml
from ingest.formats.xml import ID, Element
from ingest.records import Row
from positions.choices import ActorKind

NAME_LENGTH = 200
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


@dataclass(frozen=True, slots=True)
class Person:
    """One entry: the name as listed ("Johnson, U. Alexis"), and what follows it."""

    listed: str
    described: str

    @property
    def name(self) -> str:
        """The name in the order it is spoken: "James C. Thomson, Jr."."""
        family, *others = (part.strip() for part in self.listed.split(","))
        given = [part for part in others if not _is_suffix(part)]
        suffixes = [part for part in others if _is_suffix(part)]
        spoken = " ".join([*given, family]).strip()
        return ", ".join([spoken, *suffixes])[:NAME_LENGTH]


def _is_suffix(part: str) -> bool:
    return part.strip(".").casefold() in _SUFFIXES


def persons_of(root: Element) -> dict[str, Person]:
    """Identifier -> person of every entry in a list of persons."""
    found = {}
    for named in xml.elements(root, "persName"):
        entry = xml.within(named, "item")
        if named.get(ID) and entry is not None:
            listed = xml.words(named).strip(" ,;")
            whole = xml.words(entry)
            described = whole.partition(listed)[2].strip(" ,;")
            if listed:
                found[named.get(ID)] = Person(listed, described)
    return found


def rows_of(root: Element, volume: str, file: str) -> Iterator[Row]:
    """A row of the table of actors for each person of the list."""
    for number, person in enumerate(persons_of(root).values(), 1):
        names = () if person.name == person.listed else (f"en:{person.listed}",)
        note = f"{person.described} ({volume})" if person.described else f"({volume})"
        values = {
            "name": person.name,
            "kind": ActorKind.PERSON.value,
            "names": names,
            "note": note,
        }
        yield Row(file, number, values, "actors")


def mentions_in(division: Element, persons: dict[str, Person]) -> list[dict[str, Any]]:
    """Who is named in a document, notes included: by the list, or as printed.

    Each once, with the ways in which the document prints the name.
    """
    found: dict[str, dict[str, Any]] = {}
    for element in xml.elements(division, "persName"):
        printed = xml.words(element)
        key = element.get("corresp", "").removeprefix("#")
        if not printed:
            continue
        person = persons.get(key)
        mention = found.setdefault(
            key or f"={re.sub(r' +', ' ', printed)}",
            {
                "name": person.name if person else printed,
                "note": person.described if person else "",
                "printed": {},
            },
        )
        mention["printed"][printed] = None
    return [{**m, "printed": list(m["printed"])} for m in found.values()]

"""The persons, roles and organizations that an Akoma Ntoso debate refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from ingest.formats import xml
from ingest.formats.debates.speakers import (
    Named,
    printed,
    read_name,
    without_honorific,
)
from ingest.formats.debates.votes import identifier_of
from ingest.formats.xml import Element
from ingest.records import Problem, Row, Speaker
from positions.choices import ActorKind
from positions.names import tokens

SCHEME = "akn"
# Hosts of addresses that converters made up.
_MADE_UP = ("dummy", "localhost", "example.com", "example.org")
# A file of nothing but unknown speakers must not make a million rows.
_MOST_PROBLEMS = 200


class _Entry(NamedTuple):
    """What is listed under an identifier: its kind, name, and address ("" = none)."""

    kind: str
    shown: str
    address: str


class Persons:
    """Who is listed in a debate, who speaks in it, and what was odd about them."""

    def __init__(self, debate: Element) -> None:
        self.listed = {
            identifier_of(e): _Entry(
                xml.tag(e), printed(e.get("showAs", "")), _address(e)
            )
            for e in debate.iter("{*}*")
            if xml.tag(e).startswith("TLC") and identifier_of(e)
        }
        self.shown = {key: entry.shown for key, entry in self.listed.items()}
        self._shared = _shared_addresses(self.listed.values())
        self._speakers: dict[Speaker, None] = {}
        self._spoke: dict[str, None] = {}
        self._known: dict[tuple[Element, str], str] = {}
        self._odd: dict[Problem, None] = {}

    def speaker_of(self, speech: Element, said: str) -> str:
        """Who speaks, as printed, else as listed; noted for `speakers`."""
        if (speech, said) not in self._known:
            self._known[speech, said] = self._found(speech, said)
        return self._known[speech, said]

    def _found(self, speech: Element, said: str) -> str:
        target = speech.get("by", "").removeprefix("#")
        entry = self.listed.get(target)
        name = said or (entry.shown if entry else target)
        if entry is None:
            told = (
                f"“{target}” is in no list of the file" if target else "nobody is named"
            )
            message = f"The speaker {name or 'of a speech'} is unknown: {told}."
            self._odd[Problem("speaker_unknown", target, message)] = None
        if name:
            self._spoke.setdefault(target)
            self._speakers.setdefault(self._resolved(target, entry, name, speech))
        return name

    def _resolved(
        self, target: str, entry: _Entry | None, name: str, speech: Element
    ) -> Speaker:
        """The speaker with person, role and organization, as far as they are told."""
        acting = self.shown.get(speech.get("as", "").removeprefix("#"), "")
        told = read_name(name)
        role = acting or told.role
        if entry is None:
            return Speaker(name, person=told.name, role=role)
        if entry.kind == "TLCOrganization":
            person = "" if name == entry.shown else told.name
            return Speaker(name, actor=entry.shown, person=person, role=role)
        if entry.kind == "TLCRole":
            return Speaker(name, person=told.name, role=acting or entry.shown)
        listed = read_name(entry.shown)
        if listed.role:
            self._note_role(target, entry.shown, listed)
            person = listed.name or told.name
            return Speaker(name, person=person, role=acting or listed.role)
        if not _alike(told.name, listed.name):
            message = f"“{name}” is printed, and {entry.shown} is named as the speaker."
            self._odd[Problem("speaker_differs", target, message)] = None
        return Speaker(name, person=self._identifier(entry) or listed.name, role=role)

    def _note_role(self, target: str, shown: str, listed: Named) -> None:
        who = f"; it is {listed.name}" if listed.name else ", so nobody knows who it is"
        message = f"“{shown}” is listed as a person and is a role{who}."
        self._odd[Problem("role_as_person", target, message)] = None

    def _identifier(self, entry: _Entry) -> str:
        """ "akn:address", unless two persons share the address or it is made up."""
        if not entry.address or entry.address in self._shared:
            return ""
        return f"{SCHEME}:{entry.address}"

    def speakers(self) -> tuple[Speaker, ...]:
        """Everybody who speaks, in the order of their first words."""
        return tuple(self._speakers)

    def problems(self) -> tuple[Problem, ...]:
        shared = (
            Problem(
                "identifier_shared",
                address,
                f"Two persons are listed under {address}, so neither is known by it.",
            )
            for address in sorted(self._shared)
        )
        return (*list(self._odd)[:_MOST_PROBLEMS], *shared)

    def rows(self, file: str) -> tuple[Row, ...]:
        """A row of the table of actors for each person who speaks."""
        persons = (self.listed[key] for key in self._spoke if key in self.listed)
        return tuple(
            Row(file, number, self._values(entry), "actors")
            for number, entry in enumerate(persons, 1)
            if entry.kind == "TLCPerson" and not read_name(entry.shown).role
        )

    def _values(self, entry: _Entry) -> dict[str, object]:
        name = without_honorific(entry.shown)
        scheme, _, value = self._identifier(entry).partition(":")
        return {
            "name": name,
            "kind": ActorKind.PERSON.value,
            "identifiers": ((scheme, value),) if value else (),
            "names": () if name == entry.shown else (entry.shown,),
        }


def _alike(one: str, other: str) -> bool:
    """May two names be one person's? One that is missing may be anybody's."""
    words = set(tokens(one)), set(tokens(other))
    return not all(words) or bool(words[0] & words[1])


def _address(element: Element) -> str:
    """The address of an entry, unless a converter made it up."""
    address: str = element.get("href", "").strip()
    host = urlsplit(address).hostname if _is_url(address) else None
    return "" if host in _MADE_UP else address


def _is_url(address: str) -> bool:
    try:
        return bool(urlsplit(address).scheme)
    except ValueError:
        return False


def _shared_addresses(entries: Iterable[_Entry]) -> frozenset[str]:
    """Addresses under which more than one person is listed."""
    pairs = {
        (entry.address, entry.shown.casefold())
        for entry in entries
        if entry.kind == "TLCPerson" and entry.address
    }
    counts = Counter(address for address, _ in pairs)
    return frozenset(address for address, n in counts.items() if n > 1)

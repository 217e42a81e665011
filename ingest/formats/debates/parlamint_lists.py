"""ParlaMint's lists of persons and organizations -> rows of actors and memberships.

They stand in the corpus root, in later versions in files of their own. An identifier
is known by the corpus it is of: "parlamint-nl:party.VVD".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from ingest.formats import xml
from ingest.formats.actor_kinds import kind_of
from ingest.formats.xml import ID, LANGUAGE, Element
from ingest.reading import Read
from ingest.records import ImportFault, Problem, Row, Tables
from positions import dates
from positions.choices import ActorKind, SpeakerRank

NAME_LENGTH = 200
_CORPUS = re.compile(r"ParlaMint-[A-Z]{2}(?:-[A-Z]{1,3})?(?![A-Za-z])")
_WIKIDATA = re.compile(r"https?://www\.wikidata\.org/(?:wiki|entity)/(Q\d+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Roles of affiliations that say how high somebody stands.
_RANKS = {
    "head": SpeakerRank.LEADER,
    "minister": SpeakerRank.LEADER,
    "deputyHead": SpeakerRank.DEPUTY,
    "deputyMinister": SpeakerRank.DEPUTY,
    "secretary": SpeakerRank.DEPUTY,
    "secretaryOfState": SpeakerRank.DEPUTY,
}


def scheme_of(identifier: str) -> str:
    """The scheme of identifiers in a file of this name: parlamint-nl."""
    corpus = _CORPUS.match(identifier)
    return corpus[0].lower() if corpus else "tei"


def names_of(root: Element) -> dict[str, str]:
    """Identifier -> name of the persons that a file lists."""
    return {
        person.get(ID): name
        for person in xml.elements(root, "person")
        if person.get(ID) and (name := _person_name(_latest_name(person)))
    }


def lists_of(root: Element, read: Read) -> Tables:
    """Rows of the organizations, the persons, then of who is in what and when.

    A corpus may name the files that its lists stand in, and have none itself. Raises
    ImportFault for a file that lists nobody.
    """
    lists = _Lists(root, read.name)
    rows = (*lists.actors(), *lists.memberships())
    elsewhere = [e.get("href", "") for e in xml.elements(root, "include")]
    if not rows and elsewhere:
        files = ", ".join(name for name in elsewhere if "list" in name) or elsewhere[0]
        message = f"The file holds no lists itself; it names {files}, to be given too."
        return Tables((), (Problem("lists_elsewhere", "", message),))
    if not rows:
        reason = "The file lists no person and no organization."
        raise ImportFault(read.name, reason, read.place)
    return Tables(rows, tuple(lists.problems()))


class _Lists:
    def __init__(self, root: Element, file: str) -> None:
        self.root, self.file = root, file
        # A file of nothing but a list is named after the corpus as well.
        self.scheme = scheme_of(root.get(ID, "") or xml.words(xml.first(root, "title")))
        self.listed = {e.get(ID) for e in xml.elements(root, "org")}
        self._odd: list[Problem] = []
        self._groupless: Counter[str] = Counter()

    def actors(self) -> Iterator[Row]:
        number = 0
        for element in xml.elements(self.root, "org", "person"):
            values = self._org(element) if _is_org(element) else self._person(element)
            if element.get(ID) and values["name"]:
                number += 1
                yield Row(self.file, number, values, "actors", element.get(ID))
            else:
                message = f"A {xml.tag(element)} has no identifier or no name."
                self._odd.append(Problem("unnamed", element.get(ID, ""), message))

    def memberships(self) -> Iterator[Row]:
        number = 0
        for person in xml.elements(self.root, "person"):
            for affiliation in person.iterchildren("{*}affiliation"):
                groups = list(self._groups(affiliation.get("ref", "")))
                if not groups:
                    self._groupless[affiliation.get("role", "")] += 1
                for group in groups:
                    number += 1
                    values = self._membership(person, affiliation, group)
                    where = f"{person.get(ID, '')}, {affiliation.get('role', '')}"
                    yield Row(self.file, number, values, "memberships", where)

    def problems(self) -> Iterator[Problem]:
        yield from self._odd
        for role, count in self._groupless.items():
            message = f"{count} affiliations as “{role}” name no organization."
            yield Problem("affiliation_without_group", role, message)

    def _groups(self, targets: str) -> Iterator[str]:
        """The organizations that are pointed to.

        Some corpora print a name where its identifier should stand: “#party.Groep
        Kuzu/Öztürk” is party.GroepKuzu-Öztürk.
        """
        for target in re.split(r"\s+(?=#)", targets.strip()):
            group = target.removeprefix("#")
            squeezed = re.sub(r"\s+", "", group).replace("/", "-")
            if group:
                yield squeezed if squeezed in self.listed else group

    def _identifiers(self, element: Element) -> tuple[tuple[str, str], ...]:
        own = (self.scheme, element.get(ID, ""))
        found = (_WIKIDATA.match(xml.words(e)) for e in element.iterchildren("{*}idno"))
        return (own, *(("wikidata", match[1]) for match in found if match))

    def _org(self, org: Element) -> dict[str, Any]:
        names = list(org.iterchildren("{*}orgName"))
        ranked = sorted(
            names,
            key=lambda n: (n.get("full") in ("abb", "init"), n.get(LANGUAGE) != "en"),
        )
        shown = xml.words(ranked[0])[:NAME_LENGTH] if ranked else ""
        role = _CAMEL.sub(" ", org.get("role", ""))
        since, until = self._span(_existence(org), org)
        return {
            "name": shown,
            "kind": (kind_of(role) or ActorKind.GROUP).value,
            "identifiers": self._identifiers(org),
            "names": _other_names(names, shown),
            "valid_from": since or "",
            "valid_to": until or "",
            "note": org.get("role", ""),
        }

    def _person(self, person: Element) -> dict[str, Any]:
        latest = _latest_name(person)
        shown = _person_name(latest)
        others = (_person_name(n) for n in person.iterchildren("{*}persName"))
        return {
            "name": shown,
            "kind": ActorKind.PERSON.value,
            "identifiers": self._identifiers(person),
            "names": tuple(dict.fromkeys(n for n in others if n and n != shown)),
        }

    def _membership(
        self, person: Element, affiliation: Element, group: str
    ) -> dict[str, Any]:
        role = affiliation.get("role", "")
        titles = sorted(
            affiliation.iterchildren("{*}roleName"),
            key=lambda name: name.get(LANGUAGE) != "en",
        )
        since, until = self._span(affiliation, person)
        return {
            "member": f"{self.scheme}:{person.get(ID, '')}",
            "group": f"{self.scheme}:{group}",
            "role": (xml.words(titles[0]) if titles else role)[:NAME_LENGTH],
            "rank": int(_RANKS[role]) if role in _RANKS else "",
            "since": since or "",
            "until": until or "",
        }

    def _span(
        self, dated: Element | None, whose: Element
    ) -> tuple[date | None, date | None]:
        """First and last day; of a month or year the first and the last one."""
        if dated is None:
            return None, None
        ends: list[date | None] = []
        for key in ("from", "to"):
            text = (dated.get(key) or dated.get("when") or "").partition("T")[0]
            try:
                span = dates.parse(text) if text else None
            except dates.BadDate as fault:
                problem = Problem("date_impossible", whose.get(ID, ""), str(fault))
                self._odd.append(problem)
                span = None
            day = None
            if span is not None:
                day = span.earliest if key == "from" else span.latest
            ends.append(day)
        return ends[0], ends[1]


def _is_org(element: Element) -> bool:
    return xml.tag(element) == "org"


def _existence(org: Element) -> Element | None:
    """The event that tells how long an organization exists."""
    return next(org.iterchildren("{*}event"), None)


def _other_names(names: list[Element], shown: str) -> tuple[str, ...]:
    """The further names, with their language where one is given."""
    found = []
    for name in names:
        text = xml.words(name)[:NAME_LENGTH]
        language = name.get(LANGUAGE, "")
        if text and text != shown:
            found.append(f"{language}:{text}" if language else text)
    return tuple(dict.fromkeys(found))


def _latest_name(person: Element) -> Element | None:
    """The name that somebody has now, if names changed."""
    names = list(person.iterchildren("{*}persName"))
    current = [name for name in names if not name.get("to")]
    return max(current or names, key=lambda n: n.get("from", ""), default=None)


def _person_name(name: Element | None) -> str:
    """The name as it is spoken: forenames, link, surnames."""
    if name is None:
        return ""
    order = ("forename", "nameLink", "surname")
    parts = [
        xml.words(part) for kind in order for part in name.iterchildren(f"{{*}}{kind}")
    ]
    return (" ".join(filter(None, parts)) or xml.words(name))[:NAME_LENGTH]

"""Popolo JSON: people, organizations and who sat where when -> rows of tables.

A membership is one of the organization, and one of the party that it is on behalf
of. What it does not say of its days, the legislative period says. A last day becomes
the day after, the first one out; of a month or year the whole is meant.

A file is an object with Popolo's lists, or one list, or one record; who is in another
file is found by an id that nobody else can have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from ingest.formats.actor_kinds import kind_of
from ingest.reading import Read
from ingest.records import ImportFault, Problem, Row, Tables
from positions import dates
from positions.choices import ActorKind
from positions.names import clean_text, name_key, quoted

PARSER = "popolo"
VERSION = "1"

# Of a record that is not in the rows, and of one that is, with something missing.
LEFT_OUT, ODD = "left_out", "odd"
LISTS = ("persons", "organizations", "memberships", "events", "posts", "areas")
# What a record outside of any list is told by.
_TELL = frozenset(("name", "person_id", "member_id"))
NAME_LENGTH, CODE_LENGTH = 200, 100
# A local id names somebody anywhere only if it cannot be another's by chance.
UUID = re.compile(
    r"(?:[a-z]{2,20}(?:-[a-z]{2,20})*/)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.I,
)

Record = Mapping[str, Any]


def fits(name: str, head: bytes) -> bool:
    """A JSON file by its name, or what begins as a list or object of Popolo's does."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    keys = (*LISTS, "name", "person_id")
    return name.lower().endswith(".json") or (
        start.startswith((b"{", b"[")) and any(f'"{k}"'.encode() in start for k in keys)
    )


def parse(read: Read) -> Tables:
    """Rows of actors, then of memberships; what cannot be read is a problem each.

    Raises ImportFault for what is no JSON object with the lists of Popolo.
    """
    return _Popolo(read.name, _loaded(read)).tables()


def _loaded(read: Read) -> dict[str, list[Record]]:
    """The lists, each of objects only. Raises ImportFault."""
    try:
        # What is no UTF-8 stands as the replacement character, which no id has.
        text = clean_text(read.data.decode("utf-8-sig", errors="strict"))
        whole = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as fault:
        raise ImportFault(read.name, "The JSON is not in UTF-8.") from fault
    except RecursionError as fault:
        raise ImportFault(read.name, "The JSON is nested too deeply.") from fault
    except ValueError as fault:
        reason = f"This is no JSON that can be read: {fault}."
        raise ImportFault(read.name, reason) from fault
    lists = _lists_of(whole, PurePath(read.name).stem.lower())
    if lists is None:
        reason = (
            "This is no Popolo JSON: it has no persons, organizations, memberships."
        )
        raise ImportFault(read.name, reason)
    for key in LISTS:
        if not isinstance(lists.setdefault(key, []), list):
            raise ImportFault(read.name, f"“{key}” is no list.")
    return {key: [*lists[key], *_inner(lists, key)] for key in LISTS}


def _lists_of(whole: Any, stem: str) -> dict[str, Any] | None:
    """The lists by their name, from an object with some, a bare list or one record."""
    if isinstance(whole, dict) and any(key in whole for key in LISTS[:2]):
        return dict(whole)
    if isinstance(whole, dict) and "name" in whole:
        whole = [whole]
    if isinstance(whole, dict):
        return dict(whole) if "memberships" in whole else None
    if not isinstance(whole, list) or not any(map(_is_record, whole)):
        return None
    lists: dict[str, Any] = {}
    for record in whole:
        lists.setdefault(stem if stem in LISTS else _list_of(record), []).append(record)
    return lists


def _is_record(value: Any) -> bool:
    return isinstance(value, dict) and not value.keys().isdisjoint(_TELL)


def _list_of(record: Any) -> str:
    """The list that a record without one belongs to, by what only its kind has."""
    keys = record.keys() if isinstance(record, dict) else ()
    if "person_id" in keys or "member_id" in keys:
        return "memberships"
    return "organizations" if "classification" in keys else "persons"


def _inner(lists: Mapping[str, Any], key: str) -> Iterator[Record]:
    """Records that stand inside others: organizations in memberships, posts in them."""
    if key == "organizations":
        known = {_word(o, "id") for o in lists[key] if isinstance(o, dict)}
        whose = [p for p in lists["persons"] if isinstance(p, dict)]
        for membership in (m for p in whose for m in _objects(p, "memberships")):
            inner = membership.get("organization")
            if isinstance(inner, dict) and _word(inner, "id") not in known:
                known.add(_word(inner, "id"))
                yield inner
    elif key == "posts":
        for house in (o for o in lists["organizations"] if isinstance(o, dict)):
            for post in _objects(house, "posts"):
                yield {"organization_id": house.get("id"), **post}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {quoted(twice)} stands twice in one object")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


@dataclass
class _Popolo:
    """One file on its way to rows."""

    file: str
    lists: Mapping[str, list[Record]]
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Local id -> how other rows name the actor.
    named: dict[str, str] = field(default_factory=dict)
    # The rest by local id.
    others: dict[str, Record] = field(default_factory=dict)

    def tables(self) -> Tables:
        for key in ("events", "posts", "areas"):
            for _, record in self._records(key):
                self.others.setdefault(_word(record, "id"), record)
        for key in ("organizations", "persons"):
            for place, record in self._records(key):
                self._actor(key, place, record)
        for place, record in self._records("organizations"):
            self._parent(place, record)
        for place, record in self._memberships():
            self._membership(place, record)
        return Tables(tuple(self.rows), tuple(dict.fromkeys(self.problems)))

    def _records(self, key: str) -> Iterator[tuple[str, Record]]:
        for number, record in enumerate(self.lists[key], 1):
            place = f"{key} {number}"
            if isinstance(record, dict):
                yield place, record
            else:
                self._leave_out(place, "It is no object.")

    def _memberships(self) -> Iterator[tuple[str, Record]]:
        """Those of the list, and those that stand inside a person."""
        yield from self._records("memberships")
        for place, person in self._records("persons"):
            for number, record in enumerate(_objects(person, "memberships"), 1):
                whole = {"person_id": person.get("id"), **record}
                yield f"{place}, membership {number}", whole

    def _leave_out(self, place: str, message: str) -> None:
        self.problems.append(Problem(LEFT_OUT, place, message))

    def _note(self, place: str, message: str) -> None:
        self.problems.append(Problem(ODD, place, message))

    def _row(self, table: str, place: str, values: Mapping[str, Any]) -> None:
        given = {name: value for name, value in values.items() if value not in ("", ())}
        self.rows.append(Row(self.file, len(self.rows) + 1, given, table, place))

    # -- actors -----------------------------------------------------------------------

    def _actor(self, key: str, place: str, record: Record) -> None:
        local, name = _word(record, "id"), _word(record, "name")
        if not name_key(name) or len(name) > NAME_LENGTH:
            return self._leave_out(
                place, f"It has no name, or one of over {NAME_LENGTH} characters."
            )
        if local and local in self.named:
            return self._leave_out(place, f"The id “{local[:60]}” stands twice.")
        codes = self._codes(place, record)
        if local:
            known = dict(codes)
            scheme = next((s for s in ("wikidata", PARSER, *known) if s in known), "")
            self.named[local] = f"{scheme}:{known[scheme]}" if scheme else name
        values = {
            "name": name,
            "kind": self._kind(key, place, record),
            "identifiers": codes,
            "names": tuple(_other_names(record, name)),
        }
        if key == "organizations":
            values |= self._lifetime(place, record)
        self._row("actors", place, values)

    def _kind(self, key: str, place: str, record: Record) -> str:
        if key == "persons":
            return ActorKind.PERSON
        word = _word(record, "classification")
        kind = kind_of(word)
        if kind is None:
            told = f"“{word[:60]}” tells no kind" if word else "Its kind is not told"
            self._note(place, f"{told}; it was taken for a group.")
        return kind or ActorKind.GROUP

    def _codes(self, place: str, record: Record) -> tuple[tuple[str, str], ...]:
        """Codes by scheme, the first of each; its own id, if it is a UUID, last."""
        found: dict[str, str] = {}
        for identifier in _objects(record, "identifiers"):
            scheme = "-".join(
                re.findall("[a-z0-9]+", _word(identifier, "scheme").lower())
            )
            value = _word(identifier, "identifier")
            if not scheme[:1].isalpha() or not 2 <= len(scheme) <= 40 or not value:
                continue
            if len(value) > CODE_LENGTH:
                self._note(place, f"The code of “{scheme}” is too long; it was left.")
            else:
                found.setdefault(scheme, value)
        local = _word(record, "id")
        if UUID.fullmatch(local):
            found.setdefault(PARSER, local.lower())
        return tuple(found.items())

    def _lifetime(self, place: str, record: Record) -> dict[str, Any]:
        begin = self._day(place, record, "founding_date")
        end = self._day(place, record, "dissolution_date", last=True)
        if begin and end and end <= begin:
            self._note(place, "It ends before it begins; its days were left out.")
            return {}
        return {"valid_from": begin or "", "valid_to": end or ""}

    # -- memberships ------------------------------------------------------------------

    def _parent(self, place: str, record: Record) -> None:
        local, parent = _word(record, "id"), _word(record, "parent_id")
        if not parent or local not in self.named:
            return
        if parent in self.named and parent != local:
            pair = {"member": self.named[local], "group": self.named[parent]}
            self._row("memberships", place, pair)
        else:
            self._note(place, f"Its parent “{parent[:60]}” is not in the file.")

    def _membership(self, place: str, record: Record) -> None:
        post = self.others.get(_word(record, "post_id"), {})
        member = _word(record, "person_id") or _word(record, "member_id")
        house = _word(record, "organization_id") or _word(post, "organization_id")
        house = house or _word(_inside(record, "organization"), "id")
        party = _word(record, "on_behalf_of_id")
        missing = [name for name in (member, house) if not self._name_of(name)]
        if missing:
            shown = (
                f"“{missing[0][:60]}” is" if missing[0] else "its person or house is"
            )
            return self._leave_out(place, f"Of a membership, {shown} not in the file.")
        days = self._days(place, record)
        if days is None:
            return self._leave_out(place, "It ends before it begins.")
        role = _word(record, "role") or _word(post, "role") or _word(post, "label")
        area = _word(self._area(record, post), "name")
        whole = f"{role or 'member'} for {area}" if area else role
        base = {"member": self._name_of(member), **days}
        group = {"group": self._name_of(house), "role": whole[:NAME_LENGTH]}
        self._row("memberships", place, base | group)
        if party and not self._name_of(party):
            self._note(place, f"The party “{party[:60]}” is not in the file.")
        elif party:
            of_party = {"group": self._name_of(party), "role": role}
            self._row("memberships", place, base | of_party)
        return None

    def _name_of(self, local: str) -> str:
        """How rows name somebody of this id, who may be in another file; "" if not."""
        code = f"{PARSER}:{local.lower()}" if UUID.fullmatch(local) else ""
        return self.named.get(local, code)

    def _area(self, record: Record, post: Record) -> Record:
        area = _word(record, "area_id") or _word(post, "area_id")
        return self.others.get(area, {})

    def _days(self, place: str, record: Record) -> dict[str, Any] | None:
        """First day in, first day out; None where its own contradict each other."""
        since = self._day(place, record, "start_date")
        until = self._day(place, record, "end_date", last=True)
        if since and until and until <= since:
            return None
        name = _word(record, "legislative_period_id")
        term = self.others.get(name, {})
        if name and not term:
            self._note(place, f"The period “{name[:60]}” is not in the file.")
        first = self._day(name, term, "start_date")
        after = self._day(name, term, "end_date", last=True)
        if not since and first and until and until <= first:
            self._note(place, f"It ended before “{name}” began; its first day is open.")
            first = None
        if not until and after and since and after <= since:
            self._note(place, f"It began after “{name}” ended; its last day is open.")
            after = None
        return {"since": since or first or "", "until": until or after or ""}

    def _day(
        self, place: str, record: Record, name: str, *, last: bool = False
    ) -> date | None:
        """The first day of a date, or the day after its last one; None for none."""
        text = _word(record, name)
        if not text:
            return None
        try:
            if dates.precision(text) not in ("day", "month", "year") or "~" in text:
                raise dates.BadDate(f"“{text[:40]}” is no day, month or year.")
            dated = dates.parse(text)
            return dated.latest + timedelta(days=1) if last else dated.earliest
        except (dates.BadDate, OverflowError) as fault:
            self._note(place, f"{name}: {str(fault).rstrip('.')}; it was left out.")
            return None


def _word(record: Record, name: str) -> str:
    """A value that is a word or a number; "" for anything else."""
    value = record.get(name)
    if isinstance(value, str):
        # Escapes of JSON may have brought what no database keeps.
        return " ".join(clean_text(value).split())
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _inside(record: Record, name: str) -> Record:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _objects(record: Record, name: str) -> list[Record]:
    found = record.get(name)
    return [o for o in found if isinstance(o, dict)] if isinstance(found, list) else []


def _other_names(record: Record, name: str) -> Iterator[str]:
    """Each other name once, "et:Nimi" where only one language has it."""
    found: dict[str, tuple[str, set[str]]] = {}
    for other in _objects(record, "other_names"):
        text, key = _word(other, "name"), name_key(_word(other, "name"))
        if key and key != name_key(name) and len(text) <= NAME_LENGTH:
            found.setdefault(key, (text, set()))[1].add(_word(other, "lang"))
    for text, languages in found.values():
        (language, *more) = sorted(languages)
        yield f"{language}:{text}" if language and not more else text

"""Rows of tables -> collections, actors, memberships, issues, options, events.

Matched by key. A row that exists is never changed: people edit these. What a table
says otherwise is listed; names and identifiers that a row never had are added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models

from ingest.checked import insert, make
from ingest.matching import Matcher
from ingest.options import OptionNames
from ingest.records import Row, Unsure
from ingest.reporting import Item
from ingest.session import Outcome
from positions import names
from positions.choices import Part
from positions.models import (
    Actor,
    ActorName,
    Collection,
    Event,
    Identifier,
    Issue,
    Membership,
    Option,
    OptionAlias,
    Participation,
    Reason,
)
from positions.models.changes import Recording

SCHEMES = ("iso3", "cow", "wikidata")
# Columns that go into an option as they stand.
OPTION = (
    "name short_name kind valid_from valid_to headline definition includes excludes"
)


@dataclass
class Tables:
    """What the tables of one run share: who acts, and what is looked up once."""

    who: Any = None
    # May rows make what is missing? Our own tables of actors always may.
    create: bool = False
    matcher: Matcher = field(default_factory=Matcher)
    options: OptionNames = field(default_factory=OptionNames)
    # Options refer to rows further down their table.
    option_keys: set[str] = field(default_factory=set)
    records: dict[tuple[type, str], Any] = field(default_factory=dict)

    def record(
        self, model: type[models.Model], row: Row, column: str, key: str = ""
    ) -> Any:
        """The record whose key stands in a cell, looked up once."""
        known = (model, key or row.values[column])
        if known not in self.records:
            self.records[known] = record_of(model, row, column, known[1])
        return self.records[known]

    def actor(self, row: Row, column: str, text: str = "") -> Actor:
        """The actor that a cell names; raises Unsure with those most like it."""
        name = text or row.values[column]
        match = self.matcher.match(name)
        if match.actor is None:
            shown = f"{column} “{name}”: {match.sentence}"
            raise Unsure(row.file, shown, row.place)
        return match.actor


def record_of(model: type[models.Model], row: Row, column: str, key: str = "") -> Any:
    """The record whose key stands in a cell; raises ImportFault."""
    key = key or row.values[column]
    found = model._base_manager.filter(key=key).first()
    if found is None:
        raise row.fault(column, f"no {model._meta.verbose_name} has the key “{key}”.")
    return getattr(found, "survivor", found)


def load_collection(rec: Recording, tables: Tables, row: Row) -> Item:
    return _keep(rec, row, Collection, ("key",), "title visibility level note")


def load_actor(rec: Recording, tables: Tables, row: Row) -> Item:
    """An actor, known by its key; without one, as everything else names it."""
    if row.values.get("key"):
        item = _keep(rec, row, Actor, ("key",), "name kind valid_from valid_to note")
        actor = Actor.objects.get(key=row.values["key"])
    else:
        item, actor = _named_actor(rec, tables, row)
    new = item.outcome == Outcome.CREATED
    codes, called = codes_of(row), row.values.get("names") or ()
    added = _add_identifiers(rec, actor, codes, new) + _add_names(
        rec, actor, called, new
    )
    if new or added:
        own = [in_language(text)[1] for text in called]
        tables.matcher.learn(actor, own, codes)
    return _changed(item) if added else item


def _named_actor(rec: Recording, tables: Tables, row: Row) -> tuple[Item, Actor]:
    """The actor that an identifier or the name of a row means, or a new one.

    Raises Unsure where nobody is meant for sure and the run may make none.
    """
    name, codes = row.values["name"], codes_of(row)
    for scheme, value in codes:
        found = tables.matcher.match(f"{scheme}:{value}").actor
        if found is not None:
            return Item(Outcome.UNCHANGED, row.file, found.key, row.place), found
    match = tables.matcher.match(name)
    namesakes = {match.actor} if match.actor else tables.matcher.namesakes(name)
    of_others = _are_others(namesakes, codes)
    if match.actor is not None and not of_others:
        key = match.actor.key
        return Item(Outcome.UNCHANGED, row.file, key, row.place), match.actor
    # Where several have the name, one more would not be told from them.
    if not tables.create or (match.several and not of_others):
        other = "whoever has this name has another code."
        why = other if of_others else match.sentence
        raise Unsure(row.file, f"“{name}”: {why}", row.place)
    actor = Actor(**_given(row, ("name", "kind", "valid_from", "valid_to", "note")))
    return make(rec, row, actor, actor.name), actor


def _are_others(namesakes: Iterable[Actor], codes: Iterable[tuple[str, str]]) -> bool:
    """Has everybody of a name another code of a register that is given?"""
    asked = dict(codes)
    known = [
        dict(actor.identifiers.values_list("scheme", "value")) for actor in namesakes
    ]
    return bool(known) and all(
        any(has.get(scheme, value) != value for scheme, value in asked.items())
        for has in known
    )


def codes_of(row: Row) -> list[tuple[str, str]]:
    """(scheme, value) of each code that a row gives, in a column or in a list."""
    columns = [(scheme, row.values.get(scheme, "")) for scheme in SCHEMES]
    return [*(p for p in columns if p[1]), *row.values.get("identifiers", ())]


def _add_identifiers(
    rec: Recording, actor: Actor, codes: Iterable[tuple[str, str]], new: bool
) -> bool:
    """Add the codes that an actor never had; a `new` one had none. Were there any?"""
    history = Identifier.history.filter(actor_id=actor.pk)
    had = set() if new else set(history.values_list("scheme", "value"))
    rows = []
    for scheme, value in codes:
        # Of a state's codes there is one each; other registers list somebody twice.
        known = {s for s, _ in had} if scheme in SCHEMES else had
        if (scheme if scheme in SCHEMES else (scheme, value)) not in known:
            rows.append(Identifier(actor=actor, scheme=scheme, value=value))
            had.add((scheme, value))
    insert(rec, rows)
    for row in rows:
        rec.note(actor, f"identifier {row.scheme} added")
    return bool(rows)


def in_language(text: str) -> tuple[str, str]:
    """("fr", "OTAN") of "fr:OTAN"; ("", "NATO") of "NATO"."""
    language, colon, name = text.partition(":")
    if not colon or not 2 <= len(language.strip()) <= 12:
        return "", text.strip()
    return language.strip(), name.strip()


def _add_names(rec: Recording, actor: Actor, called: Iterable[str], new: bool) -> bool:
    """Add names such as "ja:日本" that an actor never had. Were there any?"""
    history = ActorName.history.filter(actor_id=actor.pk)
    had = set() if new else set(history.values_list("name_key", "language"))
    rows = []
    for language, name in map(in_language, called):
        key = names.name_key(name)
        if (key, language) not in had:
            had.add((key, language))
            rows.append(
                ActorName(actor=actor, name=name, name_key=key, language=language)
            )
    insert(rec, rows)
    for row in rows:
        rec.note(actor, "name added", why=row.name)
    return bool(rows)


def membership_of(tables: Tables, row: Row) -> Membership:
    """The membership that a row states; raises Unsure."""
    return Membership(
        member=tables.actor(row, "member"),
        group=tables.actor(row, "group"),
        role=row.values.get("role", ""),
        since=row.values.get("since") or None,
        **_given(row, ("rank", "until")),
    )


def load_membership(rec: Recording, tables: Tables, row: Row) -> Item:
    """A membership is known by its member, group, role and first day."""
    stated = membership_of(tables, row)
    name = f"{stated.member.key} in {stated.group.key}"
    known = {n: getattr(stated, n) for n in ("member_id", "group_id", "role", "since")}
    if Membership.history.filter(**known).exists():
        return Item(Outcome.UNCHANGED, row.file, name, row.place)
    return make(rec, row, stated, name)


def load_issue(rec: Recording, tables: Tables, row: Row) -> Item:
    return _keep(rec, row, Issue, ("key",), "name question description")


def load_option(rec: Recording, tables: Tables, row: Row) -> Item:
    """An option without what it refers to, which `link_option` adds.

    It is known by its key; without one, by a name that it has in its issue.
    """
    issue = record_of(Issue, row, "issue")
    for column, key in _referred(row):
        if key not in tables.option_keys:
            record_of(Option, row, column, key)
    short = row.values.get("short_name") or row.values["name"][:80]
    row = replace(row, values={**row.values, "short_name": short})
    if row.values.get("key"):
        item = _keep(rec, row, Option, ("key",), OPTION, issue=issue)
        option = Option.objects.get(key=row.values["key"])
    else:
        item, option = _named_option(rec, tables, row, issue)
    added = [_add_alias(rec, option, name) for name in row.values.get("aliases") or ()]
    if item.outcome == Outcome.CREATED or any(added):
        tables.options.forget()
    return _changed(item) if any(added) else item


def _named_option(
    rec: Recording, tables: Tables, row: Row, issue: Issue
) -> tuple[Item, Option]:
    """The option that the name of a row means in its issue, or a new one.

    Raises Unsure where none is meant for sure and the run may make none.
    """
    name = row.values["name"]
    option = tables.options.match(issue, name)
    if option is not None:
        return Item(Outcome.UNCHANGED, row.file, option.key, row.place), option
    if not tables.create or tables.options.has(issue, name):
        shown = f"“{name}”: {tables.options.sentence(issue, name)}"
        raise Unsure(row.file, shown, row.place)
    option = Option(issue=issue, **_given(row, OPTION.split()))
    return replace(make(rec, row, option, name), name=option.key), option


def _add_alias(rec: Recording, option: Option, name: str) -> bool:
    known = {"option_id": option.pk, "name_key": names.name_key(name)}
    if OptionAlias.history.filter(**known).exists():
        return False
    OptionAlias.objects.create(option=option, name=name)
    rec.note(option, "alias added", why=name)
    return True


def _referred(row: Row) -> list[tuple[str, str]]:
    """(column, key) of each option that an option's row refers to."""
    values = row.values
    single = [(c, values[c]) for c in ("parent", "succeeded_by") if values.get(c)]
    return single + [("alternatives", key) for key in values.get("alternatives") or ()]


def link_option(row: Row, item: Item) -> Item:
    """Write the parent, successor and alternatives of an option that is new."""
    option = Option.objects.get(key=item.name)
    alternatives = []
    for column, key in _referred(row):
        other = record_of(Option, row, column, key)
        if column == "alternatives":
            alternatives.append(other)
        else:
            setattr(option, column, other)
    option.clean()
    option.save()
    option.alternatives.set(alternatives)
    return item


def load_reason(rec: Recording, tables: Tables, row: Row) -> Item:
    issue = record_of(Issue, row, "issue")
    return _keep(rec, row, Reason, ("key", "issue"), "name", issue=issue)


def load_event(rec: Recording, tables: Tables, row: Row) -> Item:
    """An event; `actor` is the state whose government changed in it."""
    item = _keep(rec, row, Event, ("key",), "name kind dated place note")
    if item.outcome != Outcome.CREATED:
        return item
    event = Event.objects.get(key=row.values["key"])
    issues = [
        record_of(Issue, row, "issues", k) for k in row.values.get("issues") or ()
    ]
    event.issues.set(issues)
    if row.values.get("actor"):
        Participation.objects.create(
            event=event, actor=tables.actor(row, "actor"), part=Part.PARTICIPANT
        )
    return item


def participation_of(tables: Tables, row: Row) -> Participation:
    """The part that a row states; raises ImportFault, Unsure."""
    return Participation(
        event=tables.record(Event, row, "event"),
        actor=tables.actor(row, "actor"),
        part=row.values["part"],
    )


def load_participation(rec: Recording, tables: Tables, row: Row) -> Item:
    stated = participation_of(tables, row)
    name = f"{stated.actor.key} at {stated.event.key}"
    found = Participation.objects.filter(
        event=stated.event_id, actor=stated.actor_id
    ).first()
    if found is None:
        return make(rec, row, stated, name)
    return compared(row, found, {"part": stated.part}, name)


# Table -> what loads one row of it, in the order in which they refer to each other.
LOADERS: dict[str, Callable[[Recording, Tables, Row], Item]] = {
    "collections": load_collection,
    "actors": load_actor,
    "memberships": load_membership,
    "issues": load_issue,
    "options": load_option,
    "reasons": load_reason,
    "events": load_event,
    "participations": load_participation,
}


# -- how ------------------------------------------------------------------------------


def _given(row: Row, columns: Iterable[str]) -> dict[str, Any]:
    return {c: row.values[c] for c in columns if row.values.get(c, "") != ""}


def _keep(
    rec: Recording,
    row: Row,
    model: type[models.Model],
    key: tuple[str, ...],
    columns: str,
    **references: Any,
) -> Item:
    """Make the record of a row, or compare the row with the one that has its key."""
    values = {**row.values, **references}
    known = {name: values[name] for name in key}
    found = model._base_manager.filter(**known).first()
    fields = {**_given(row, columns.split()), **references}
    if found is None:
        return make(rec, row, model(**{**fields, **known}), row.values["key"])
    return compared(row, found, fields, row.values["key"])


def compared(row: Row, record: Any, fields: dict[str, Any], name: str) -> Item:
    sentences = tuple(
        f"{name}: {column} is “{getattr(record, column)}” here and “{value}” in the "
        "file; it was kept."
        for column, value in fields.items()
        if getattr(record, column) != value
    )
    outcome = Outcome.CONFLICT if sentences else Outcome.UNCHANGED
    return Item(outcome, row.file, name, row.place, sentences)


def _changed(item: Item) -> Item:
    """The item, if names were added to what was there."""
    if item.outcome != Outcome.UNCHANGED:
        return item
    return Item(Outcome.CHANGED, item.file, item.name, item.record)

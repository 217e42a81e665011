"""Rows of tables -> collections, actors, memberships, issues, options, events.

Matched by key. A row that exists is never changed: people edit these. What a table
says otherwise is listed; names and identifiers that a row never had are added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models

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
    added = [_add_identifier(rec, actor, row, *pair) for pair in _identifiers(row)]
    added += [_add_name(rec, actor, text) for text in row.values.get("names") or ()]
    if item.outcome == Outcome.CREATED or any(added):
        called = [in_language(text)[1] for text in row.values.get("names") or ()]
        tables.matcher.learn(actor, called)
    return _changed(item) if any(added) else item


def _named_actor(rec: Recording, tables: Tables, row: Row) -> tuple[Item, Actor]:
    """The actor that an identifier or the name of a row means, or a new one.

    Raises Unsure where nobody is meant for sure and the run may make none.
    """
    name, codes = row.values["name"], _identifiers(row)
    for scheme, value in codes:
        found = tables.matcher.match(f"{scheme}:{value}").actor
        if found is not None:
            return Item(Outcome.UNCHANGED, row.file, found.key, row.place), found
    match = tables.matcher.match(name)
    of_others = _is_of_others(name, match.actor, codes)
    if match.actor is not None and not of_others:
        key = match.actor.key
        return Item(Outcome.UNCHANGED, row.file, key, row.place), match.actor
    # Where several have the name, one more would not be told from them.
    if not tables.create or (match.several and not of_others):
        other = "whoever has this name has another code."
        why = other if of_others else match.sentence
        raise Unsure(row.file, f"“{name}”: {why}", row.place)
    actor = Actor(**_given(row, ("name", "kind", "valid_from", "valid_to", "note")))
    return _make(rec, row, actor, actor.name), actor


def _is_of_others(
    name: str, meant: Actor | None, codes: Iterable[tuple[str, str]]
) -> bool:
    """Has everybody of this name another code of a register that is given?"""
    namesakes = [meant] if meant else Actor.objects.named(name)
    asked = dict(codes)
    known = [
        dict(actor.identifiers.values_list("scheme", "value")) for actor in namesakes
    ]
    return bool(known) and all(
        any(has.get(scheme, value) != value for scheme, value in asked.items())
        for has in known
    )


def _identifiers(row: Row) -> list[tuple[str, str]]:
    """(scheme, value) of each code that a row gives, in a column or in a list."""
    columns = [(scheme, row.values.get(scheme, "")) for scheme in SCHEMES]
    return [*(p for p in columns if p[1]), *row.values.get("identifiers", ())]


def _add_identifier(
    rec: Recording, actor: Actor, row: Row, scheme: str, value: str
) -> bool:
    had = Identifier.history.filter(actor_id=actor.pk, scheme=scheme)
    # Of a state's codes there is one each; other registers may list somebody twice.
    if (had if scheme in SCHEMES else had.filter(value=value)).exists():
        return False
    identifier = Identifier(actor=actor, scheme=scheme, value=value)
    identifier.full_clean()
    identifier.save()
    rec.note(actor, f"identifier {scheme} added")
    return True


def in_language(text: str) -> tuple[str, str]:
    """("fr", "OTAN") of "fr:OTAN"; ("", "NATO") of "NATO"."""
    language, colon, name = text.partition(":")
    if not colon or not 2 <= len(language.strip()) <= 12:
        return "", text.strip()
    return language.strip(), name.strip()


def _add_name(rec: Recording, actor: Actor, text: str) -> bool:
    """Add a name such as "ja:日本" unless the actor has it, or had it once."""
    language, name = in_language(text)
    known = {"actor_id": actor.pk, "name_key": names.name_key(name)}
    if ActorName.history.filter(**known, language=language).exists():
        return False
    row = ActorName(actor=actor, name=name, language=language)
    row.full_clean()
    row.save()
    rec.note(actor, "name added", why=name)
    return True


def load_membership(rec: Recording, tables: Tables, row: Row) -> Item:
    """A membership is known by its member, group, role and first day."""
    values = row.values
    member, group = tables.actor(row, "member"), tables.actor(row, "group")
    known = {
        "member_id": member.pk,
        "group_id": group.pk,
        "role": values.get("role", ""),
        "since": values.get("since") or None,
    }
    name = f"{member.key} in {group.key}"
    if Membership.history.filter(**known).exists():
        return Item(Outcome.UNCHANGED, row.file, name, row.place)
    rest = _given(row, ("rank", "until"))
    return _make(rec, row, Membership(**known, **rest), name)


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
    return replace(_make(rec, row, option, name), name=option.key), option


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


def load_participation(rec: Recording, tables: Tables, row: Row) -> Item:
    event, actor = tables.record(Event, row, "event"), tables.actor(row, "actor")
    name = f"{actor.key} at {event.key}"
    found = Participation.objects.filter(event=event, actor=actor).first()
    if found is None:
        made = Participation(event=event, actor=actor, part=row.values["part"])
        return _make(rec, row, made, name, sure=("event", "actor"))
    return _compared(row, found, {"part": row.values["part"]}, name)


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
        return _make(rec, row, model(**{**fields, **known}), row.values["key"])
    return _compared(row, found, fields, row.values["key"])


def _make(
    rec: Recording, row: Row, record: Any, name: str, sure: tuple[str, ...] = ()
) -> Item:
    """Make a record that was checked; columns that are `sure` were looked up."""
    if hasattr(record, "name_key"):
        record.name_key = names.name_key(record.name)
    # What the model fills in itself when it is saved.
    hidden = {
        f.name
        for f in record._meta.fields
        if not f.editable and not f.null and getattr(record, f.attname) in (None, "")
    }
    record.full_clean(exclude=hidden | {*sure})
    record.save()
    rec.note(record, "created")
    return Item(Outcome.CREATED, row.file, name, row.place)


def _compared(row: Row, record: Any, fields: dict[str, Any], name: str) -> Item:
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

"""What a row says, as values that `differences` compares and a person reads.

A row is a record, a version of one, or a row of its history: all have its columns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects

from positions.choices import CitationRole
from positions.differences import Value
from positions.models import Citation, Evidence, Statement

State = dict[Any, Value]
Names = dict[tuple[type[models.Model], Any], str]

# No form writes it, and yet a person decided it.
_DECIDED = ("merged_into",)


def fields_shown(model: type[models.Model]) -> list[Any]:
    """The columns that people write, in the order of the table."""
    return [
        field
        for field in model._meta.concrete_fields
        if (field.editable and not field.primary_key) or field.name in _DECIDED
    ]


def states_of(rows: Sequence[Any], model: type[models.Model]) -> list[State]:
    """The state of each row of a model or of its history, keyed by field name.

    One query for each kind of record that foreign keys name.
    """
    fields = fields_shown(model)
    names = _names_of(rows, fields)
    return [{f.name: _value(f, row, names) for f in fields} for row in rows]


def whole_states(versions: Sequence[Any]) -> list[State]:
    """The state of each version of a statement or stance, with all its parts.

    Further keys: many-to-many field names, and (kind, ...) for citations, evidence.
    """
    if not versions:
        return []
    model = type(versions[0])
    tags = [field.name for field in model._meta.many_to_many]
    prefetch_related_objects(list(versions), _parts(model), *tags)
    states = states_of(versions, model)
    for version, state in zip(versions, states, strict=True):
        for field in model._meta.many_to_many:
            state[field.name] = _tags(field, version)
        state |= _citations(version) if model is Statement else _evidence(version)
    return states


def in_words(field: Any, raw: Any) -> str:
    """A value of a column as a person reads it; "" for none."""
    if raw is None or raw == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(raw, raw))
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, datetime):
        return f"{raw:%Y-%m-%d %H:%M}"
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, list):
        return ", ".join(str(one) for one in raw)
    return str(raw)


def is_prose(field: Any) -> bool:
    """Is it a column of sentences, where one word may differ from the next state?"""
    if isinstance(field, models.TextField):
        return True
    long = (getattr(field, "max_length", None) or 0) >= 200
    return isinstance(field, models.CharField) and long and not field.choices


def label_of(field: Any) -> str:
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def _value(field: Any, row: Any, names: Names) -> Value:
    raw = getattr(row, field.attname)
    if field.remote_field and raw is not None:
        words = names.get((field.related_model, raw), "a record that is gone")
    else:
        words = in_words(field, raw)
    if isinstance(raw, str) and not field.choices:
        # A browser may have changed the line ends, unasked.
        raw = words = raw.replace("\r\n", "\n")
    return Value(label_of(field), raw, words, is_prose(field))


def _names_of(rows: Sequence[Any], fields: Sequence[Any]) -> Names:
    """What the foreign keys of some rows are called; two of one name apart."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for field in fields:
        if field.remote_field:
            found = {getattr(row, field.attname) for row in rows}
            wanted[field.related_model] |= found - {None}
    names: Names = {}
    for model, keys in wanted.items():
        records = model._base_manager.in_bulk(keys) if keys else {}
        often = Counter(str(record) for record in records.values())
        for pk, record in records.items():
            name, key = str(record), getattr(record, "key", pk)
            names[model, pk] = f"{name} ({key})" if often[name] > 1 else name
    return names


def _parts(model: type[models.Model]) -> models.Prefetch:
    if model is Statement:
        return models.Prefetch("citations", Citation.objects.with_place())
    rows = Evidence.objects.order_by("pk")
    named = ("statement__actor", "statement__option", "statement__disposition")
    return models.Prefetch("evidence", rows.select_related(*named))


def _tags(field: Any, version: Any) -> Value:
    rows = list(getattr(version, field.name).all())
    names = ", ".join(sorted(str(row) for row in rows))
    return Value(label_of(field), frozenset(row.pk for row in rows), names)


def _citations(statement: Any) -> State:
    """The main words under one name, so that they change; others come and go."""
    found: State = {}
    for one in statement.parts.all():
        words = f"{one.paragraph.citation}: “{one.quote}”"
        if one.translation:
            words += f" – {one.translation}"
        main = one.role == CitationRole.MAIN
        label = "Main words" if main else f"Words, {one.get_role_display().lower()}"
        source = one.paragraph.revision.source_id
        place = (source, one.paragraph.key, one.start, one.quote)
        name = ("words",) if main else ("words", one.role, *place)
        found[name] = Value(label, (*place, one.translation), words, prose=True)
    return found


def _evidence(stance: Any) -> State:
    return {
        ("evidence", one.statement.key): Value(
            "Evidence",
            (one.statement_id, one.relation),
            f"{one.get_relation_display()}: {one.statement} "
            f"(version {one.statement.version})",
        )
        for one in stance.parts.all()
    }

"""Two records side by side: what there is to see of each, for whoever judges a pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from positions.choices import PairKind
from positions.models import (
    Actor,
    Change,
    Issue,
    Option,
    Pair,
    Source,
    Stance,
    Statement,
)

MODELS: dict[str, Any] = {
    PairKind.ACTOR: Actor,
    PairKind.OPTION: Option,
    PairKind.ISSUE: Issue,
}
NAMES, MEMBERSHIPS = 60, 20


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair as it is read; `called` is what the pair calls it.

    `names` are (name, language) pairs, `facts` (label, text) pairs of its own fields,
    `counts` (label, number) pairs.
    """

    called: Any
    record: Any
    names: list[tuple[str, str]]
    identifiers: list[str]
    memberships: list[str]
    facts: list[tuple[str, str]]
    counts: list[tuple[str, int]]
    first_seen: datetime | None

    @property
    def is_merged(self) -> bool:
        """It was merged into another since the pair was found."""
        return self.called != self.record


def attach(pairs: Sequence[Pair]) -> None:
    """Give each pair its `sides`: two `Side`s, in the order of the pair's keys.

    A constant number of queries a kind for any number of pairs. A side is None where
    its record is not there any more.
    """
    by_kind: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_kind[pair.kind].append(pair)
    for kind, some in by_kind.items():
        sides = _sides(MODELS[kind], {key for p in some for key in (p.first, p.second)})
        for pair in some:
            pair.sides = (sides.get(pair.first), sides.get(pair.second))  # type: ignore[attr-defined]


def sides_of(*records: Any) -> list[Side]:
    """Records of one kind side by side, whether they are a pair or not."""
    found = _sides(type(records[0]), {record.key for record in records})
    return [found[record.key] for record in records]


def _sides(model: Any, keys: Iterable[str]) -> dict[str, Side]:
    called = {
        row.key: row
        for row in model.objects.filter(key__in=keys).select_related("merged_into")
    }
    heads = {row.survivor.pk for row in called.values()}
    records = {row.pk: row for row in _loaded(model).filter(pk__in=heads)}
    counts = _counts(model, records.values())
    seen = _first_seen(model, records.values())
    return {
        key: _side(row, records[row.survivor.pk], counts, seen)
        for key, row in called.items()
    }


def _side(
    called: Any,
    record: Any,
    counts: dict[int, list[tuple[str, int]]],
    seen: dict[str, datetime],
) -> Side:
    actor = record if isinstance(record, Actor) else None
    return Side(
        called=called,
        record=record,
        names=_names(record)[:NAMES],
        identifiers=[str(one) for one in actor.all_identifiers] if actor else [],
        memberships=_memberships(actor)[:MEMBERSHIPS] if actor else [],
        facts=[(label, text) for label, text in _facts(record) if text],
        counts=counts[record.pk],
        first_seen=seen.get(record.key),
    )


def _loaded(model: Any) -> QuerySet[Any]:
    rows = model.objects.all()
    if model is Actor:
        return rows.prefetch_related(
            *("names", "identifiers", "memberships__group"),
            *("merged__names", "merged__identifiers", "merged__memberships__group"),
        )
    if model is Option:
        rows = rows.select_related("issue", "parent")
        return rows.prefetch_related("aliases", "merged__aliases", "alternatives")
    return rows.prefetch_related("options", "merged")


def _names(record: Any) -> list[tuple[str, str]]:
    if isinstance(record, Actor):
        once = {row.name: row.language for row in record.all_names}
        return list(once.items())
    found = [one.name for one in record.group[1:]]
    if isinstance(record, Option):
        found += [record.short_name]
        found += [alias.name for one in record.group for alias in one.aliases.all()]
    return [(name, "") for name in dict.fromkeys(found) if name != record.name]


def _memberships(actor: Actor) -> list[str]:
    rows = (row for one in actor.group for row in one.memberships.all())
    return list(dict.fromkeys(_in_group(row) for row in rows))


def _in_group(row: Any) -> str:
    role = f", {row.role}" if row.role else ""
    days = f" ({row.since or '…'} to {row.until or '…'})"
    return f"{row.group}{role}{days if row.since or row.until else ''}"


def _facts(record: Any) -> Iterable[tuple[str, str]]:
    """What its own fields say, in the order of a reader's interest."""
    if isinstance(record, Issue):
        yield "Question", record.question
        yield "About", record.description
        yield "Options", ", ".join(str(one) for one in record.options.all())
        return
    yield "Kind", record.get_kind_display()
    if isinstance(record, Option):
        yield "Issue", str(record.issue)
        yield "Part of", str(record.parent or "")
        yield "Definition", record.definition
        yield "Alternatives", ", ".join(str(o) for o in record.alternatives.all())
    since, until = record.valid_from, record.valid_to
    yield "Days", f"{since or '…'} to {until or '…'}" if since or until else ""
    yield "Note", getattr(record, "note", "")


def _counts(model: Any, records: Collection[Any]) -> dict[int, list[tuple[str, int]]]:
    """Survivor -> how much there is of it and of who is read as it."""
    path = {Actor: "actor", Option: "option", Issue: "option__issue"}[model]
    asked = [
        ("Statements", Statement.objects.newest(), path),
        ("Published stances", Stance.objects.public(), path),
    ]
    if model is Actor:
        asked.append(("Documents issued", Source.objects.all(), "issuer"))
    read_as = {one.pk: record.pk for record in records for one in record.group}
    found: dict[int, list[tuple[str, int]]] = {record.pk: [] for record in records}
    for label, rows, field in asked:
        numbers = _number(rows, field, read_as)
        for head, counted in found.items():
            counted.append((label, numbers.get(head, 0)))
    return found


def _number(rows: Any, path: str, read_as: dict[int, int]) -> dict[int, int]:
    counted = rows.filter(**{f"{path}__in": list(read_as)}).order_by()
    numbers: dict[int, int] = defaultdict(int)
    for pk, number in counted.values_list(path).annotate(n=Count("pk")):
        numbers[read_as[pk]] += number
    return numbers


def _first_seen(model: Any, records: Iterable[Any]) -> dict[str, datetime]:
    keys = [record.key for record in records]
    rows = Change.objects.filter(record=model._meta.model_name, key__in=keys)
    return dict(
        rows.order_by().values("key").annotate(at=Min("at")).values_list("key", "at")
    )

"""Rows that join two known records (memberships, participations): many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ingest import reference
from ingest.checked import insert
from ingest.records import ImportFault, Row
from ingest.reference import Tables
from ingest.reporting import Item
from ingest.session import Outcome
from positions.models import Membership, Participation
from positions.models.changes import Recording

Identity = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """How rows of one table become records, and what makes two of them the same.

    `there` finds what is known already: identity -> the record, or None where it is
    left as it is; `differs` are the columns in which it is compared with a row.
    """

    record_of: Callable[[Tables, Row], Any]
    identity: tuple[str, ...]
    there: Callable[[Sequence[Any]], dict[Identity, Any]]
    name: str
    differs: tuple[str, ...] = ()


def _memberships(stated: Iterable[Membership]) -> dict[Identity, None]:
    """Those that there are, and those that a person removed."""
    members = {one.member_id for one in stated}
    known = Membership.history.filter(member_id__in=members)
    return dict.fromkeys(known.values_list(*JOINS["memberships"].identity))


def _participations(stated: Iterable[Participation]) -> dict[Identity, Participation]:
    events = {one.event_id for one in stated}
    actors = {one.actor_id for one in stated}
    known = Participation.objects.filter(event__in=events, actor__in=actors)
    return {(one.event_id, one.actor_id): one for one in known}


JOINS = {
    "memberships": Join(
        reference.membership_of,
        ("member_id", "group_id", "role", "since"),
        _memberships,
        "{0.member.key} in {0.group.key}",
    ),
    "participations": Join(
        reference.participation_of,
        ("event_id", "actor_id"),
        _participations,
        "{0.actor.key} at {0.event.key}",
        ("part",),
    ),
}


def load(
    table: str, rec: Recording, tables: Tables, rows: Sequence[Row]
) -> list[Item | ImportFault]:
    """What becomes of each row, or its fault; what is new is inserted at once.

    Raises what is wrong with one of the new records; then none of them is kept.
    """
    join = JOINS[table]
    read = [_read(join, tables, row) for row in rows]
    there = join.there([one for one in read if not isinstance(one, ImportFault)])
    items: list[Item | ImportFault] = []
    new = []
    for row, stated in zip(rows, read, strict=True):
        if isinstance(stated, ImportFault):
            items.append(stated)
            continue
        name = join.name.format(stated)
        identity = tuple(getattr(stated, part) for part in join.identity)
        if identity in there:
            values = {column: getattr(stated, column) for column in join.differs}
            found = there[identity] if values else None
            items.append(reference.compared(row, found, values, name))
        else:
            there[identity] = stated
            new.append(stated)
            items.append(Item(Outcome.CREATED, row.file, name, row.place))
    insert(rec, new)
    for stated in new:
        rec.note(stated, "created")
    return items


def _read(join: Join, tables: Tables, row: Row) -> Any:
    try:
        return join.record_of(tables, row)
    except ImportFault as fault:
        return fault

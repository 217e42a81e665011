"""The history of a record: what each transaction did to it, newest first.

The log tells who, when and why; the history tables and the versions tell what each
value was before and after. They meet in the instant of the clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import OuterRef, Subquery

from positions import restoring, row_values
from positions.differences import Difference, between
from positions.models import (
    Actor,
    ActorName,
    Change,
    CodingHeader,
    Event,
    HeaderSpeaker,
    Identifier,
    Membership,
    Option,
    OptionAlias,
    Participation,
    Stance,
    Statement,
)
from positions.models.versions import Versioned
from positions.row_values import State

STEPS_SHOWN = 30
# A transaction that did more to one record is told in part.
MOST_ROWS = 500

# Rows that stand inside a record's form, and their field for it.
ROWS_INSIDE: dict[type[models.Model], tuple[tuple[Any, str], ...]] = {
    Actor: ((ActorName, "actor"), (Identifier, "actor"), (Membership, "member")),
    Option: ((OptionAlias, "option"),),
    Event: ((Participation, "event"),),
    CodingHeader: ((HeaderSpeaker, "header"),),
}

_DONE = {"+": "added", "~": "changed", "-": "removed"}


@dataclass(frozen=True, slots=True)
class InnerRow:
    """What happened to a row inside the record: a name, a member, an alias."""

    kind: str
    done: str
    words: str
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class VersionTold:
    """A version of a statement or stance, and how it differs from the one before."""

    row: Any
    differences: list[Difference]
    restorable: bool

    @property
    def name(self) -> str:
        """How `state_named` is asked for it."""
        return f"v{self.row.version}"


@dataclass(slots=True)
class Step:
    """What one transaction did to the record."""

    at: datetime
    changes: list[Change] = field(default_factory=list)
    who: Any = None
    version: int | None = None
    done: str = ""
    differences: list[Difference] = field(default_factory=list)
    inner: list[InnerRow] = field(default_factory=list)
    # It changed fields, but what they were before was never kept.
    unknown_before: bool = False
    # The history row that it left, where restoring that would change anything.
    to: Any = None
    # The version that this is the newest step of.
    told: VersionTold | None = None

    @property
    def to_name(self) -> str:
        """How `state_named` is asked for what it left."""
        return f"h{self.to.history_id}"

    @property
    def says_something(self) -> bool:
        return bool(self.changes or self.differences or self.inner or self.done)


@dataclass(frozen=True, slots=True)
class History:
    """Some steps, newest first, and the instant before which older ones begin."""

    steps: list[Step]
    older: datetime | None


def of(record: Any, *, before: datetime | None = None) -> History:
    """The steps of a record, `STEPS_SHOWN` transactions at a time.

    The number of queries does not depend on how many there are.
    """
    tables = _tables(record)
    instants = _instants(record, tables, before)
    more, instants = len(instants) > STEPS_SHOWN, instants[:STEPS_SHOWN]
    if not instants:
        return History([], None)
    steps = {at: Step(at) for at in instants}
    for change in _between(Change.objects.of(record), "at", steps).select_related(
        "who"
    ):
        step = steps[change.at]
        step.changes.append(change)
        step.who = step.who or change.who or change.tool
        step.version = max(step.version or 0, change.version or 0) or None
    for table in tables:
        _tell_rows(table, steps)
    told = [step for step in steps.values() if step.says_something]
    if isinstance(record, Versioned):
        _tell_versions(record, told)
    return History(told, instants[-1] if more else None)


def state_named(record: Any, name: str) -> Any:
    """The state that an address names: "v2" a version, "h17" a history row, or None."""
    kind, number = name[:1], name[1:]
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    if kind == "v" and isinstance(record, Versioned):
        versions = type(record)._base_manager.filter(key=record.key)
        return versions.filter(version=number).first()
    if kind == "h" and hasattr(record, "history"):
        return _own_history(record).filter(history_id=number).first()
    return None


def would_change(record: Any, to: Any) -> list[Difference]:
    """What restoring a state changes: from what the record says now to what it said."""
    now = restoring.standing(record)
    if isinstance(record, Versioned) and not restoring.is_history(to):
        return between(*row_values.whole_states([now, to]))
    return between(*row_values.states_of([now, to], type(record)))


def not_kept(model: type[models.Model]) -> list[str]:
    """What a form of this model shows and its history does not keep."""
    return [str(field.verbose_name) for field in model._meta.many_to_many]


def rows_inside(record: Any) -> list[type[models.Model]]:
    """The kinds of rows that stand inside the form of a record."""
    if isinstance(record, Statement | Stance):
        return [record.parts.model]
    return [model for model, _ in ROWS_INSIDE.get(type(record), ())]


# -- where it is read --------------------------------------------------------------


def _own_history(record: Any) -> models.QuerySet:
    """The history rows of a record, of all its versions."""
    rows = type(record).history.model._base_manager.all()
    if isinstance(record, Versioned):
        versions = type(record)._base_manager.filter(key=record.key)
        return rows.filter(id__in=list(versions.values_list("pk", flat=True)))
    return rows.filter(id=record.pk)


class _Table(NamedTuple):
    """A history table and the rows of it that belong to a record.

    `owner` is the field by which they stand inside it; "" for its own rows.
    """

    model: Any
    rows: models.QuerySet
    owner: str = ""


def _tables(record: Any) -> list[_Table]:
    model = type(record)
    found = [_Table(model, _own_history(record))] if hasattr(model, "history") else []
    for inner, owner in ROWS_INSIDE.get(model, ()):
        rows = inner.history.model._base_manager.filter(**{owner: record.pk})
        found.append(_Table(inner, rows, owner))
    return found


def _instants(
    record: Any, tables: Sequence[_Table], before: datetime | None
) -> list[datetime]:
    """The newest instants at which anything happened, one more than is shown."""
    lists: list[tuple[Any, str]] = [(Change.objects.of(record), "at")]
    lists += [(table.rows, "history_date") for table in tables]
    parts = [
        (rows.filter(**{f"{at}__lt": before}) if before else rows)
        .order_by()
        .values_list(at)
        for rows, at in lists
    ]
    found = parts[0].union(*parts[1:]) if parts[1:] else parts[0].distinct()
    return [at for (at,) in found.order_by("-at")[: STEPS_SHOWN + 1]]


def _between(rows: Any, at: str, steps: dict[datetime, Step]) -> Any:
    return rows.filter(**{f"{at}__in": list(steps)})


# -- how it is told ----------------------------------------------------------------


def _tell_rows(table: _Table, steps: dict[datetime, Step]) -> None:
    """Give the steps what one history table says they changed."""
    kept = table.model.history.model._base_manager
    earlier = kept.filter(
        id=OuterRef("id"), history_id__lt=OuterRef("history_id")
    ).order_by("-history_id")
    found = list(
        _between(table.rows, "history_date", steps)
        .annotate(earlier=Subquery(earlier.values("history_id")[:1]))
        .select_related("history_user")
        .order_by("history_id")[:MOST_ROWS]
    )
    known = {row.history_id: row for row in found}
    missing = {row.earlier for row in found} - known.keys() - {None}
    known |= kept.in_bulk(missing)
    all_states = row_values.states_of(list(known.values()), table.model)
    said = dict(zip(known, all_states, strict=True))
    for (at, _), saves in _by_transaction(found).items():
        first, last = saves[0], saves[-1]
        before = said.get(first.earlier)
        step = steps[at]
        step.who = step.who or last.history_user
        if table.owner:
            _tell_inner(step, table, saves, before, said[last.history_id])
        else:
            _tell_own(step, saves, before, said[last.history_id])


def _by_transaction(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    """The saves of each row in each transaction, in their order."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.history_date, row.id].append(row)
    return found


def _tell_own(
    step: Step, saves: Sequence[Any], before: State | None, after: State
) -> None:
    last, begun = saves[-1], saves[0].history_type == "+"
    if begun:
        step.done = _DONE["+"]
    elif before is None:
        step.unknown_before = True
    else:
        step.differences += between(before, after)
    version = getattr(last, "version", None)
    if version is not None and version < (step.version or 0):
        return
    step.version = version
    # A next version begins as the one before it, which can be restored itself.
    if step.differences or (begun and version in (None, 1)):
        step.to = last


def _tell_inner(
    step: Step,
    table: _Table,
    saves: Sequence[Any],
    before: State | None,
    after: State,
) -> None:
    done = "+" if saves[0].history_type == "+" else saves[-1].history_type
    differences = between(before, after) if done == "~" and before else []
    if done == "~" and before and not differences:
        return
    said = [v.words for name, v in after.items() if v.words and name != table.owner]
    kind = str(table.model._meta.verbose_name)
    step.inner.append(InnerRow(kind, _DONE[done], " · ".join(said), differences))


def _tell_versions(record: Any, steps: list[Step]) -> None:
    """Let each version begin with a line on how it differs from the one before."""
    shown: dict[int, Step] = {}
    for step in steps:
        if step.version:
            shown.setdefault(step.version, step)
    rows = type(record)._base_manager.filter(key=record.key)
    numbers = sorted(rows.values_list("version", flat=True))
    # A number may be missing: a draft was dropped, or a correction made way.
    before = dict(zip(numbers[1:], numbers, strict=False))
    wanted = {n for version in shown for n in (version, before.get(version))}
    versions = list(rows.filter(version__in=wanted - {None}).order_by("version"))
    said = row_values.whole_states(versions)
    now = restoring.standing(record)
    by_number = dict(zip((row.version for row in versions), said, strict=True))
    for step in steps:
        row = next((row for row in versions if row.version == step.version), None)
        # The version itself is offered already.
        if row and step.to and restoring.says_the_same(row, step.to):
            step.to = None
    for row in versions:
        if row.version not in shown:
            continue
        last = by_number.get(before.get(row.version))
        differences = between(last, by_number[row.version]) if last else []
        told = VersionTold(row, differences, restorable=row.pk != now.pk)
        shown[row.version].told = told

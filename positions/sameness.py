"""May two records be read as one: what forbids it, and what speaks against it.

Nothing is written here; `merging.py` carries a plan out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from positions.choices import ActorKind, OptionKind, PairState, StanceState
from positions.models import (
    Actor,
    Issue,
    Membership,
    Option,
    Pair,
    Refused,
    Stance,
    Statement,
)
from positions.models.actors import Mergeable

# The field of a stance that names a record of a kind; issues have none.
STANCE_FIELD: dict[type[Mergeable], str] = {Actor: "actor", Option: "option"}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two published stances that cannot stand under one actor and option."""

    moved: Stance
    there: Stance

    def __str__(self) -> str:
        return f"{tell(self.moved)} and {tell(self.there)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What merging would do: nothing is changed yet.

    `along` were merged into it before; `stances` are issued anew under the survivor;
    `overlaps` forbid it; `doubts` are sentences for whoever decides. `whole` is the
    same for the options for the whole of two issues.
    """

    merged: Any
    survivor: Any
    along: tuple[Any, ...] = ()
    stances: tuple[Stance, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    doubts: tuple[str, ...] = ()
    whole: Plan | None = None

    @property
    def all_stances(self) -> tuple[Stance, ...]:
        return self.stances + (self.whole.stances if self.whole else ())

    @property
    def all_overlaps(self) -> tuple[Overlap, ...]:
        return self.overlaps + (self.whole.overlaps if self.whole else ())

    def check(self) -> None:
        """Refuse, with every pair of stances that overlap."""
        if self.all_overlaps:
            pairs = "; ".join(map(str, self.all_overlaps))
            raise Refused(
                f"“{self.merged}” and “{self.survivor}” cannot be read as one while "
                f"published stances of both hold on the same days: {pairs}. End or "
                "retract one of each first."
            )


def plan(merged: Any, survivor: Any) -> Plan:
    """What merging the two would do; raises Refused where it may never be done.

    A survivor that is merged itself stands for the record that it is read as.
    """
    survivor = survivor.survivor
    _refuse_what_cannot_be(merged, survivor)
    if isinstance(merged, Issue):
        whole = _plan(whole_of(merged), whole_of(survivor).survivor)
        return _plan(merged, survivor, whole)
    return _plan(merged, survivor)


def _plan(merged: Any, survivor: Any, whole: Plan | None = None) -> Plan:
    along = type(merged).objects.filter(merged_into=merged).order_by("name", "pk")
    stances, overlaps = _stances(merged, survivor)
    return Plan(
        merged=merged,
        survivor=survivor,
        along=tuple(along),
        stances=stances,
        overlaps=overlaps,
        doubts=tuple(_doubts(merged, survivor)),
        whole=whole,
    )


def group(record: Any) -> QuerySet[Any]:
    """The record, and all that are read as one with it."""
    return type(record).objects.group_of(record)


def whole_of(issue: Issue) -> Option:
    """The option for an issue as a whole."""
    return Option.objects.select_related("merged_into").get(
        issue=issue, kind=OptionKind.WHOLE
    )


def pairs_between(record: Any, ours: Sequence[str], theirs: Sequence[str]) -> QuerySet:
    """The pairs of a kind of record, one of one list of keys, one of the other."""
    either = Q(first__in=ours, second__in=theirs)
    either |= Q(first__in=theirs, second__in=ours)
    rows = Pair.objects.filter(either, kind=record._meta.model_name)
    return rows.select_related("judged_by").order_by("pk")


def keys_of(record: Any) -> list[str]:
    """The keys of a record and of all that are read as one with it."""
    return list(group(record).values_list("key", flat=True))


# -- what forbids it -------------------------------------------------------------------


def _refuse_what_cannot_be(merged: Any, survivor: Any) -> None:
    if type(merged) is not type(survivor):
        raise Refused("Only records of one kind are merged.")
    if survivor == merged:
        raise Refused(f"“{merged}” is read as itself: choose another record.")
    if merged.survivor == survivor:
        raise Refused(f"“{merged}” is read as “{survivor}” already.")
    if merged.survivor != merged:
        raise Refused(
            f"“{merged}” is read as “{merged.survivor}” already: merge that one, or "
            "part the two first."
        )
    if sentence := surely_two(merged, survivor):
        raise Refused(sentence)


def surely_two(one: Any, other: Any) -> str:
    """The sentence that says why two records can never be one; "" if they may be."""
    if isinstance(one, Actor):
        return next(_actors_apart(one, other), "")
    if isinstance(one, Option):
        return next(_options_apart(one, other), "")
    return ""


def _actors_apart(merged: Actor, survivor: Actor) -> Iterator[str]:
    if ActorKind.PERSON in (kinds := {merged.kind, survivor.kind}) and len(kinds) > 1:
        yield f"A person is nothing else: {_kind(merged)}, {_kind(survivor)}."
    inside = Membership.objects.filter(
        Q(member__in=group(merged), group__in=group(survivor))
        | Q(member__in=group(survivor), group__in=group(merged))
    )
    if (row := inside.select_related("member", "group").first()) is not None:
        yield f"“{row.member}” is a member of “{row.group}”, so they are two."


def _options_apart(merged: Option, survivor: Option) -> Iterator[str]:
    if merged.issue.survivor != survivor.issue.survivor:
        yield "They are options of two issues: merge the issues first."
    wholes = [o for o in (merged, survivor) if o.kind == OptionKind.WHOLE]
    if wholes and merged.issue == survivor.issue or len(wholes) == 1:
        yield "The whole of an issue is merged with its issue, never alone."
    ours, theirs = set(group(merged)), set(group(survivor))
    for one, others in (*((o, theirs) for o in ours), *((o, ours) for o in theirs)):
        for relation, words in _relations(one):
            if relation in others:
                yield f"“{one}” {words} “{relation}”, so they are two."
    before = Q(option__in=ours, over_option__in=theirs)
    before |= Q(option__in=theirs, over_option__in=ours)
    if Statement.objects.public().filter(before).exists():
        yield f"A statement puts one of “{merged}” and “{survivor}” before the other."


def _relations(option: Option) -> Iterator[tuple[Option, str]]:
    parent = option.parent
    while parent is not None:
        yield parent, "is a part of"
        parent = parent.parent
    if option.succeeded_by:
        yield option.succeeded_by, "is followed by"
    for other in option.alternatives.all():
        yield other, "is an alternative to"


def _kind(actor: Actor) -> str:
    return f"“{actor}” is a {actor.get_kind_display().lower()}"


# -- what to think of first ------------------------------------------------------------


def _doubts(merged: Any, survivor: Any) -> Iterator[str]:
    """What speaks against it, and a person may know better."""
    kinds = [getattr(record, "kind", "") for record in (merged, survivor)]
    if kinds[0] != kinds[1]:
        yield f"They are of two kinds: {_kind(merged)}, {_kind(survivor)}."
    if isinstance(merged, Actor):
        yield from _two_codes(merged, survivor)
    for pair in pairs_between(merged, keys_of(merged), keys_of(survivor)):
        if pair.state == PairState.DIFFERENT:
            who, why = pair.judged_by or "Somebody", pair.note and f": {pair.note}"
            yield f"{who} said that they are not the same{why}."


def _two_codes(merged: Actor, survivor: Actor) -> Iterator[str]:
    mine, theirs = _codes(merged), _codes(survivor)
    differ = [
        f"{scheme} {min(mine[scheme])}, {min(theirs[scheme])}"
        for scheme in sorted(mine.keys() & theirs.keys())
        if not mine[scheme] & theirs[scheme]
    ]
    if differ:
        yield f"Their codes differ: {'; '.join(differ)}."


def _codes(actor: Actor) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in group(actor).prefetch_related("identifiers"):
        for identifier in one.identifiers.all():
            found[identifier.scheme].add(identifier.value)
    return found


# -- published stances -----------------------------------------------------------------


def _stances(
    merged: Any, survivor: Any
) -> tuple[tuple[Stance, ...], tuple[Overlap, ...]]:
    """The stances that merging issues anew, and those that forbid it."""
    field = STANCE_FIELD.get(type(merged))
    if field is None:
        return (), ()
    groups = {field: group(merged)}, {field: group(survivor)}
    moved, there = (
        list(
            Stance.objects.filter(
                **{f"{name}__in": group for name, group in one.items()},
                state=StanceState.PUBLISHED,
            )
            .with_parts()
            .order_by("actor__name", "option__name", "facet", "holds_from", "pk")
        )
        for one in groups
    )
    return tuple(moved), tuple(_overlaps(moved, there, field))


def _overlaps(
    moved: Iterable[Stance], there: Iterable[Stance], field: str
) -> Iterator[Overlap]:
    other = "option" if field == "actor" else "actor"
    cells: dict[tuple[int, str], list[Stance]] = defaultdict(list)
    for stance in there:
        cells[getattr(stance, f"{other}_id"), stance.facet].append(stance)
    for stance in moved:
        for one in cells[getattr(stance, f"{other}_id"), stance.facet]:
            if _meet(stance, one):
                yield Overlap(stance, one)


def _meet(one: Stance, other: Stance) -> bool:
    return (one.holds_to is None or other.holds_from < one.holds_to) and (
        other.holds_to is None or one.holds_from < other.holds_to
    )


def tell(stance: Stance) -> str:
    """A stance as a refusal names it: whose, what, on which days."""
    until = stance.holds_to or "open"
    said = stance.disposition.say(stance.option)
    return f"{stance.actor.name}: {said} ({stance.holds_from} to {until})"

"""Possible duplicates: pairs of records whose names are alike, each filed once.

A pair that was judged is never filed again, whatever was said of it (`judging.py`),
nor is one of their survivors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from positions import likeness
from positions.choices import ActorKind, OptionKind, PairKind
from positions.likeness import Likeness, Name
from positions.models import (
    Actor,
    ActorName,
    Identifier,
    Issue,
    Membership,
    Option,
    OptionAlias,
    Pair,
    Refused,
)
from positions.models.changes import recording, require
from positions.names import name_key
from positions.pairing import MODELS
from positions.sameness import surely_two

# How alike names must be; persons are spelt in more ways than states.
LEAST, LEAST_OF_PERSONS = 0.85, 0.80
# An acronym is the alias of many.
ALIAS, ACRONYM, LONGEST_ACRONYM = 0.98, 0.9, 4
# Other codes of one register: not for certain two, as registers err as well.
AGAINST = 0.15
# Kinds that people mistake for each other; every other kind is compared with itself.
ONE_KIND = {ActorKind.BLOC, ActorKind.GROUP, ActorKind.ORGANIZATION, ActorKind.NGO}
# A run files so many, the most alike first; the next run goes on.
MOST = 2000
BATCH = 500
# Nobody waits for a page that compares more records than this.
MOST_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Found:
    """How many pairs a run filed, knew already, and left for the next run."""

    made: int = 0
    known: int = 0
    left: int = 0

    def __str__(self) -> str:
        said = f"{self.made} found, {self.known} known already"
        return f"{said}, {self.left} left for the next run" if self.left else said


@dataclass(frozen=True, slots=True)
class Register:
    """The names of all records of a kind that are read, by survivor.

    `place` is a survivor's place in the database's order of keys; `classes` hold what
    is compared with each other: class -> names; `printed` is a name as it is written.
    """

    keys: dict[int, str]
    place: dict[int, int]
    heads: dict[str, int]  # key of any record -> its survivor
    classes: dict[Any, set[Name]]
    texts: Callable[[], Iterator[tuple[int, str]]]  # (survivor, name as it is written)
    own: dict[int, str]  # survivor -> the name key of its own name


def look(who: Any, kind: str) -> Found:
    """`find` for somebody who waits for the answer: only in a small register."""
    require(who, "add_pair", "Only coders look for duplicates.")
    model = MODELS[kind]
    if model.objects.count() > MOST_AT_ONCE:
        plural = model._meta.verbose_name_plural
        raise Refused(
            f"There are more than {MOST_AT_ONCE:,} {plural}: run "
            f"`manage.py find_duplicates --kind {kind}`, which takes a minute."
        )
    return find(kind)


# -- finding -----------------------------------------------------------------------


def find(
    kind: str, records: Collection[Any] | None = None, *, tool: str = "find_duplicates"
) -> Found:
    """File the pairs of a kind whose names are alike, each once for ever.

    With `records`, only pairs that one of them is in. Idempotent; at most `MOST` a run.
    """
    named = _READ[PairKind(kind)]()
    only = None if records is None else {record.survivor.pk for record in records}
    alike = [
        one
        for group, names in named.classes.items()
        for one in likeness.alike(names, least=_least(group)).values()
        if only is None or only & {one.one.owner, one.other.owner}
    ]
    known = _known(kind, named)
    fresh = [one for one in alike if _owners(one) not in known]
    possible = list(_possible(kind, fresh))
    printed = _printed(named, (one for one, _ in possible))
    rows = sorted(
        (_row(kind, one, named, printed, against) for one, against in possible),
        key=lambda row: (-row.score, row.first, row.second),
    )
    with recording(tool=tool):
        # Another run may have filed the same at the same moment.
        Pair.objects.bulk_create(rows[:MOST], batch_size=BATCH, ignore_conflicts=True)
    made = min(len(rows), MOST)
    return Found(made, len(alike) - len(fresh), len(rows) - made)


def _least(group: Any) -> float:
    return LEAST_OF_PERSONS if group == ActorKind.PERSON else LEAST


def _owners(one: Likeness) -> frozenset[int]:
    return frozenset((one.one.owner, one.other.owner))


def _known(kind: str, named: Register) -> set[frozenset[int]]:
    """Pairs filed before, as their records are read now."""
    rows = Pair.objects.filter(kind=kind).values_list("first", "second")
    return {
        frozenset((named.heads[first], named.heads[second]))
        for first, second in rows.iterator()
        if first in named.heads and second in named.heads
    }


def _printed(named: Register, found: Iterable[Likeness]) -> dict[Name, str]:
    """Names as they are written, of those that are alike."""
    wanted = {name for one in found for name in (one.one, one.other)}
    return {
        name: text
        for owner, text in (named.texts() if wanted else ())
        if (name := Name(owner, name_key(text))) in wanted
    }


def _row(
    kind: str,
    one: Likeness,
    named: Register,
    printed: Mapping[Name, str],
    against: str,
) -> Pair:
    # The database says which key is the first: its order is its own.
    both = sorted((one.one, one.other), key=lambda name: named.place[name.owner])
    score, reason = _told(one.score, both, named, printed)
    if against:
        score, reason = score - AGAINST, f"{reason}; but {against}"
    return Pair(
        kind=kind,
        first=named.keys[both[0].owner],
        second=named.keys[both[1].owner],
        score=round(score, 3),
        reason=reason[:300],
    )


def _told(
    score: float,
    both: Sequence[Name],
    named: Register,
    printed: Mapping[Name, str],
) -> tuple[float, str]:
    """The score of two names, and the reason in words."""
    words = [f"“{printed[name]}”" for name in both]
    if score < likeness.SAME:
        return score, f"names alike: {' / '.join(words)}"
    if all(name.key == named.own[name.owner] for name in both):
        return score, f"same name: {' / '.join(dict.fromkeys(words))}"
    short = len(both[0].key) <= LONGEST_ACRONYM
    return ACRONYM if short else ALIAS, f"same alias: {words[0]}"


# -- what is compared --------------------------------------------------------------


def _collect(
    records: QuerySet[Any],
    names: Callable[[], Iterable[tuple[int, str]]],
    group_of: Mapping[int, Any],
) -> Register:
    """Names of records by their survivors; `names` are (primary key, name) pairs."""
    rows = list(records.order_by("key").values_list("pk", "key", "merged_into", "name"))
    head = {pk: survivor or pk for pk, _, survivor, _ in rows}

    def texts() -> Iterator[tuple[int, str]]:
        own = ((pk, name) for pk, _, _, name in rows)
        for pk, text in chain(own, names()):
            if pk in head:
                yield head[pk], text

    classes: dict[Any, set[Name]] = defaultdict(set)
    for owner, text in texts():
        if (group := group_of.get(owner)) is not None:
            classes[group].add(Name(owner, name_key(text)))
    return Register(
        keys={pk: key for pk, key, _, _ in rows},
        place={pk: place for place, (pk, *_) in enumerate(rows)},
        heads={key: head[pk] for pk, key, _, _ in rows},
        classes=classes,
        texts=texts,
        own={pk: name_key(name) for pk, _, _, name in rows},
    )


def _actors() -> Register:
    kinds = Actor.objects.values_list("pk", "kind")
    groups = {pk: "group" if kind in ONE_KIND else kind for pk, kind in kinds}
    names = ActorName.objects.values_list("actor", "name")
    return _collect(Actor.objects.all(), names.iterator, groups)


def _options() -> Register:
    """Options are compared within their issue; its whole is what the issue is."""
    rows = Option.objects.exclude(kind=OptionKind.WHOLE)
    issues = rows.values_list("pk", "issue", "issue__merged_into")
    groups = {pk: survivor or issue for pk, issue, survivor in issues}
    names = [
        *rows.values_list("pk", "short_name"),
        *OptionAlias.objects.values_list("option", "name"),
    ]
    return _collect(rows, lambda: names, groups)


def _issues() -> Register:
    pks = Issue.objects.values_list("pk", flat=True)
    return _collect(Issue.objects.all(), tuple, dict.fromkeys(pks, "issue"))


_READ = {
    PairKind.ACTOR: _actors,
    PairKind.OPTION: _options,
    PairKind.ISSUE: _issues,
}


# -- what speaks against it ----------------------------------------------------------


def _possible(kind: str, found: list[Likeness]) -> Iterator[tuple[Likeness, str]]:
    """Those that are not surely two, each with what speaks against it."""
    found.sort(key=lambda one: -one.score)
    if kind == PairKind.OPTION:
        pks = {pk for one in found for pk in _owners(one)}
        options = Option.objects.select_related("issue", "parent").in_bulk(pks)
        for one in found:
            if not surely_two(options[one.one.owner], options[one.other.owner]):
                yield one, ""
        return
    if kind == PairKind.ISSUE:
        yield from ((one, "") for one in found)
        return
    for start in range(0, len(found), BATCH):
        yield from _possible_actors(found[start : start + BATCH])


def _possible_actors(found: list[Likeness]) -> Iterator[tuple[Likeness, str]]:
    pks = {pk for one in found for pk in _owners(one)}
    codes, inside, states = _codes_of(pks), _inside(pks), _states_of(pks)
    for one in found:
        if _owners(one) in inside:
            continue
        # Every state has a ministry that is called so.
        homes = states[one.one.owner], states[one.other.owner]
        if all(homes) and not homes[0] & homes[1]:
            continue
        mine, theirs = codes[one.one.owner], codes[one.other.owner]
        differ = sorted(
            scheme
            for scheme in mine.keys() & theirs.keys()
            if not mine[scheme] & theirs[scheme]
        )
        # Nothing has two codes of ISO 3166.
        if any(scheme.startswith("iso") for scheme in differ):
            continue
        yield one, f"their codes of {', '.join(differ)} differ" if differ else ""


def _codes_of(pks: Collection[int]) -> dict[int, dict[str, set[str]]]:
    """Survivor -> scheme -> values, of all that are read as it."""
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = Identifier.objects.values_list(
        "actor", "actor__merged_into", "scheme", "value"
    )
    for own in ("actor__in", "actor__merged_into__in"):
        for pk, survivor, scheme, value in rows.filter(**{own: pks}):
            found[survivor or pk][scheme].add(value)
    return found


def _inside(pks: Collection[int]) -> set[frozenset[int]]:
    """Pairs of which one is a member of the other."""
    rows = Membership.objects.filter(member__in=pks, group__in=pks)
    return {frozenset(pair) for pair in rows.values_list("member", "group")}


def _states_of(pks: Collection[int]) -> dict[int, set[int]]:
    """Survivor -> the states whose body or party it is."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(
        group__kind=ActorKind.STATE, member__kind__in=(ActorKind.BODY, ActorKind.PARTY)
    ).values_list("member", "member__merged_into", "group", "group__merged_into")
    for own in ("member__in", "member__merged_into__in"):
        for member, survivor, state, read_as in rows.filter(**{own: pks}):
            found[survivor or member].add(read_as or state)
    return found

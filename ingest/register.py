"""Whom the database has under a key, a code or a name: each is asked for once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from positions import names
from positions.models import Actor, ActorName, Identifier

# So many terms are asked for by one query.
AT_ONCE = 500


class Term(NamedTuple):
    """What an actor may be found by: a key, a scheme and value, or a name key."""

    kind: str
    value: str


KEY, NAME = "key", "name"


def key(text: str) -> Term:
    return Term(KEY, text)


def code(scheme: str, value: str) -> Term:
    return Term(f"{scheme}:", value)


def name(text: str) -> Term:
    return Term(NAME, names.name_key(text))


@dataclass
class Register:
    """The actors that survive, by what they are found by."""

    _known: dict[Term, set[Actor]] = field(default_factory=dict)

    def actors(self, term: Term) -> set[Actor]:
        self.ask([term])
        return self._known[term]

    def ask(self, terms: Iterable[Term]) -> None:
        """Look up those of the terms that nobody has asked for yet."""
        left = [term for term in dict.fromkeys(terms) if term not in self._known]
        for start in range(0, len(left), AT_ONCE):
            some = left[start : start + AT_ONCE]
            self._known.update((term, set()) for term in some)
            _by_key(self._known, [t.value for t in some if t.kind == KEY])
            _by_name(self._known, [t.value for t in some if t.kind == NAME])
            _by_code(self._known, [t for t in some if t.kind.endswith(":")])

    def forget(self, terms: Iterable[Term] | None = None) -> None:
        """Ask for these terms again, or for all."""
        if terms is None:
            self._known.clear()
        else:
            for term in terms:
                self._known.pop(term, None)


def _by_key(known: dict[Term, set[Actor]], keys: list[str]) -> None:
    if keys:
        for actor in Actor.objects.filter(key__in=keys).select_related("merged_into"):
            known[Term(KEY, actor.key)].add(actor.survivor)


def _by_name(known: dict[Term, set[Actor]], keys: list[str]) -> None:
    if not keys:
        return
    own = Actor.objects.filter(name_key__in=keys).select_related("merged_into")
    for actor in own:
        known[Term(NAME, actor.name_key)].add(actor.survivor)
    others = ActorName.objects.filter(name_key__in=keys)
    for row in others.select_related("actor__merged_into"):
        known[Term(NAME, row.name_key)].add(row.actor.survivor)


def _by_code(known: dict[Term, set[Actor]], terms: list[Term]) -> None:
    if not terms:
        return
    asked = Identifier.objects.filter(
        scheme__in={term.kind[:-1] for term in terms},
        value__in={term.value for term in terms},
    )
    for row in asked.select_related("actor__merged_into"):
        term = code(row.scheme, row.value)
        if term in known:
            known[term].add(row.actor.survivor)

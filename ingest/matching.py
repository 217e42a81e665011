"""Names and codes -> known actors, or nobody for sure: never a guess.

A name is resolved by identifier, by key, by a name as it stands, then by what the
name says written another way (`spellings`); else it is unsure, with the actors most
like it. Actors are made only for posts and states of the data tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import NamedTuple

from rapidfuzz import fuzz, process

from ingest import posts, register
from ingest.register import Register, Term
from positions import names
from positions.choices import ActorKind
from positions.models import Actor, ActorName, Identifier, Membership
from positions.models.changes import Recording

ISO3 = "iso3"
# How like a name must be (0 to 100) to be worth showing beside an unknown one.
LIKE = 70

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9-]{1,39}):(?P<value>\S.*)")
_FOOTNOTES = re.compile(
    r"(?<=[^\W\d]|\))\s*"
    r"(?:(?:\d{1,2}\s*,\s*)*\d{1,2}|\[\d{1,2}\]|[\u00b9\u00b2\u00b3\u2070-\u2079]+"
    r"|[*\u2020\u2021]+)\s*\Z"
)
_BRACKETS = re.compile(r"(?P<before>[^()]+?)\s*\((?P<inside>[^()]+)\)\s*\Z")
_COMMA = re.compile(r"(?P<before>[^,]+),\s*(?P<after>[^,]+)\Z")
_ARTICLE = re.compile(
    r"\A(?:(?:the|la|le|les|el|los|las)\s+|l['’])"
    r"|\s*\((?:the|la|le|les|l['’]|el|los|las)\)",
    re.I,
)
_SHORT = {
    "rep": "republic",
    "dem": "democratic",
    "fed": "federal",
    "st": "saint",
    "is": "islands",
    "&": "and",
}
_WORD = re.compile(r"[^\W\d]+\.?|&")


class Candidate(NamedTuple):
    """A known actor that a name may mean, and how like (0 to 100) it is."""

    key: str
    name: str
    likeness: float


@dataclass(frozen=True)
class Match:
    """What a name means: one actor for sure, or nobody and the candidates.

    `several`: more than one actor has just this name.
    """

    actor: Actor | None
    several: bool = False
    rank: Callable[[], tuple[Candidate, ...]] = tuple

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Those most like the name, the best first; ranked when asked for."""
        return self.rank() if self.actor is None else ()

    @property
    def sentence(self) -> str:
        """Why it is unsure, and who it may be."""
        if self.several:
            same = [c.key for c in self.candidates if c.likeness == 100]
            return f"more than one actor has this name: {', '.join(same)}."
        if not self.candidates:
            return "nobody in the register has this name."
        nearest = ", ".join(c.key for c in self.candidates)
        return f"nobody in the register has this name; the nearest: {nearest}."


@dataclass
class Matcher:
    """Names resolved over one run, each looked up once."""

    register: Register = field(default_factory=Register)
    _matches: dict[str, Match] = field(default_factory=dict)
    _names: dict[str, set[str]] | None = None

    def match(self, text: str) -> Match:
        if text not in self._matches:
            actors = _meant(text, self.register)
            actor = next(iter(actors)) if len(actors) == 1 else None
            rank = partial(self.candidates, text)
            self._matches[text] = Match(actor, len(actors) > 1, rank)
        return self._matches[text]

    def namesakes(self, name: str) -> set[Actor]:
        """The actors that have just this name."""
        return self.register.actors(register.name(name))

    def look_up(self, texts: Iterable[str]) -> None:
        """Ask at once for all that these texts, which will be matched, may mean."""
        new = [text for text in dict.fromkeys(texts) if text not in self._matches]
        self.register.ask(term for text in new for term in _sure_terms(text))
        others = (text for text in new if not _SCHEME.match(text))
        self.register.ask(term for text in others for term in _name_terms(text))

    def learn(
        self,
        actor: Actor,
        called: Iterable[str],
        codes: Iterable[tuple[str, str]] = (),
    ) -> None:
        """An actor was made, or got these names or codes: they are asked for again."""
        self._matches.clear()
        called = {actor.name, *called}
        terms = [register.key(actor.key), *map(register.name, called)]
        terms += [register.code(*code) for code in codes]
        self.register.forget(terms)
        if self._names is not None:
            for text in called:
                keys = self._names.setdefault(names.name_key(text), set())
                keys.add(actor.survivor.key)

    def forget(self) -> None:
        """Look everything up again: actors that were made may be gone."""
        self._matches.clear()
        self.register.forget()
        self._names = None

    def candidates(self, text: str, limit: int = 3) -> tuple[Candidate, ...]:
        """The known actors whose names are most like the text, the best first."""
        if _SCHEME.match(text):
            # A code is like no name.
            return ()
        if self._names is None:
            self._names = _keys_by_name()
        asked = names.name_key(text)
        found = process.extract(
            asked,
            self._names.keys(),
            scorer=fuzz.WRatio,
            limit=4 * limit,
            score_cutoff=LIKE,
        )
        best: dict[str, float] = {}
        for name, likeness, _ in found:
            # Only the very same name is like to the full.
            likeness = 100.0 if name == asked else min(likeness, 99.0)
            for key in sorted(self._names[name]):
                best.setdefault(key, likeness)
        shown = dict(Actor.objects.filter(key__in=best).values_list("key", "name"))
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(
            Candidate(key, shown.get(key, key), likeness)
            for key, likeness in ranked[:limit]
        )


def _keys_by_name() -> dict[str, set[str]]:
    """name key -> keys of the surviving actors that have it, aliases included."""
    found: dict[str, set[str]] = {}
    own = Actor.objects.values_list("name_key", "key", "merged_into__key")
    others = ActorName.objects.values_list(
        "name_key", "actor__key", "actor__merged_into__key"
    )
    for rows in (own, others):
        for name, key, survivor in rows.iterator():
            found.setdefault(name, set()).add(survivor or key)
    return found


def match(text: str) -> Match:
    """What one name means."""
    return Matcher().match(text)


def actor_named(text: str) -> Actor | None:
    """The one actor that a text means for sure; None where nobody or several are.

    A text is a key, "scheme:value", an ISO 3166 alpha-3 code or a name. A merged
    actor stands for the one it was merged into.
    """
    return match(text).actor


def _meant(text: str, known: Register) -> set[Actor]:
    """The actors that a text may mean: one for sure, several, or none."""
    known.ask(_sure_terms(text))
    for term in _sure_terms(text):
        if known.actors(term):
            return known.actors(term)
    if _SCHEME.match(text):
        return set()
    known.ask(_name_terms(text))
    for spelling in (text, *spellings(text)):
        found = known.actors(register.name(spelling))
        if found:
            return found
    sides = [known.actors(register.name(side)) for side in _sides_of_bracket(text)]
    # "Myanmar (Burma)": both are names of one actor; "China (Taiwan)" are not.
    return sides[0] if sides and len(sides[0]) == 1 and sides[0] == sides[1] else set()


def _sure_terms(text: str) -> tuple[Term, ...]:
    """A key, and a code: of ISO 3166 where the text names no other register."""
    coded = _SCHEME.match(text)
    scheme, value = coded.groups() if coded else (ISO3, text)
    return register.key(text), register.code(scheme, value)


def _name_terms(text: str) -> Iterator[Term]:
    return map(register.name, (text, *spellings(text), *_sides_of_bracket(text)))


def spellings(text: str) -> Iterator[str]:
    """Other ways of writing the same name, the nearest first.

    Without a footnote's number at the end ("Belize 1"); a bracket or what follows a
    comma put first ("Netherlands (Kingdom of the)", "Korea, Republic of"); without
    the article; with what is abbreviated written out ("Dominican Rep.").
    """
    plain = _FOOTNOTES.sub("", text.strip())
    forms = [plain, _ARTICLE.sub("", plain)]
    for turned in (_BRACKETS.match(plain), _COMMA.match(plain)):
        if turned:
            before, last = turned.groups()
            forms.append(f"{last} {before}")
    forms += [_ARTICLE.sub("", form) for form in forms]
    forms += [_WORD.sub(_written_out, form) for form in forms]
    return (form for form in dict.fromkeys(forms) if form and form != text)


def _written_out(word: re.Match[str]) -> str:
    return _SHORT.get(word[0].rstrip(".").lower(), word[0])


def _sides_of_bracket(text: str) -> tuple[str, ...]:
    """("Myanmar", "Burma") of "Myanmar (Burma)"; nothing without a bracket."""
    bracket = _BRACKETS.match(_FOOTNOTES.sub("", text.strip()))
    return bracket.groups() if bracket else ()


def _identified(text: str) -> Actor | None:
    with_scheme = _SCHEME.match(text)
    scheme, value = with_scheme.groups() if with_scheme else (ISO3, text)
    row = (
        Identifier.objects.filter(scheme=scheme, value=value)
        .select_related("actor__merged_into")
        .first()
    )
    return row.actor if row else None


# -- posts and states, made on first sight ---------------------------------------------


def post_actors(rec: Recording, wanted: Iterable[posts.Post]) -> dict[str, Actor]:
    """Key -> the actor that a post is ("AMEMBASSY TOKYO"), for each of these posts.

    Made on first sight, with its state and its place in it.
    """
    by_key = {post.actor_key: post for post in wanted}
    found = Actor.objects.filter(key__in=by_key).select_related("merged_into")
    actors = {actor.key: actor.survivor for actor in found}
    new = {key: post for key, post in by_key.items() if key not in actors}
    if not new:
        return actors
    made = [
        Actor(
            key=key,
            name=post.actor_name,
            name_key=names.name_key(post.actor_name),
            kind=post.kind,
        )
        for key, post in new.items()
    ]
    rec.insert(made)
    for actor in made:
        _note_made(rec, actor)
    states = {code: state_actor(rec, code) for code in {p.of for p in new.values()}}
    pairs = [(actor, states[new[actor.key].of]) for actor in made]
    rec.insert(
        [
            Membership(member=actor, group=state)
            for actor, state in pairs
            if state is not None and state != actor
        ]
    )
    return {**actors, **{actor.key: actor for actor in made}}


def state_actor(rec: Recording, iso3: str) -> Actor | None:
    """The state of an ISO 3166 alpha-3 code; made if the table of states has it."""
    found = _identified(iso3)
    if found is not None:
        return found.survivor
    name = _state_names().get(iso3)
    if name is None:
        return None
    # A state that a person made without its code is this state, and stays as it is.
    state = Actor.objects.named(name).filter(kind=ActorKind.STATE).first()
    if state is None:
        state = Actor(name=name, kind=ActorKind.STATE)
        state.save()
        _note_made(rec, state)
        Identifier.objects.create(actor=state, scheme=ISO3, value=iso3)
    return state.survivor


@cache
def _state_names() -> dict[str, str]:
    return {row["alpha3"]: row["name"] for row in posts.read_data("states")}


def _note_made(rec: Recording, actor: Actor) -> None:
    rec.note(actor, "created", why="The table of posts names it.")


class Posts:
    """Addresses -> actors, each looked up once a run; what is unknown stays text."""

    def __init__(self) -> None:
        self._known: dict[str, Actor | None] = {}

    def actor_of(self, rec: Recording, address: str) -> Actor | None:
        """The actor that an address of a cable denotes, if the tables have it."""
        self._look_up(rec, {address})
        return self._known[address]

    def keys_of(self, rec: Recording, addresses: Iterable[str]) -> dict[str, int]:
        """The primary keys of those of these addresses that denote an actor."""
        wanted = set(addresses)
        self._look_up(rec, wanted)
        known = ((address, self._known[address]) for address in wanted)
        return {address: actor.pk for address, actor in known if actor is not None}

    def _look_up(self, rec: Recording, addresses: set[str]) -> None:
        new = {a: posts.post_of(a) for a in addresses - self._known.keys()}
        wanted = {post for post in new.values() if post is not None}
        actors = post_actors(rec, wanted) if wanted else {}
        for address, post in new.items():
            self._known[address] = None if post is None else actors[post.actor_key]

    def forget(self) -> None:
        """Look everything up again: actors made in a failed transaction are gone."""
        self._known.clear()

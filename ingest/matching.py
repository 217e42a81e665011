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

from ingest import posts
from positions import names
from positions.choices import ActorKind
from positions.models import Actor, ActorName, Identifier, Membership
from positions.models.changes import Recording

ISO3 = "iso3"
# How like a name must be (0 to 100) to be worth showing beside an unknown one.
LIKE = 70

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9-]{1,39}):(?P<value>\S.*)")
_FOOTNOTES = re.compile(r"(?<=[^\W\d]|\))\s*(?:(?:\d{1,2}\s*,\s*)*\d{1,2}|\*+)\s*\Z")
_BRACKETS = re.compile(r"(?P<before>[^()]+?)\s*\((?P<inside>[^()]+)\)\s*\Z")
_COMMA = re.compile(r"(?P<before>[^,]+),\s*(?P<after>[^,]+)\Z")
_ARTICLE = re.compile(
    r"\A(?:the|la|le|les|el)\s+|\s*\((?:the|la|le|les|l['’]|el|los|las)\)", re.I
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

    _sure: dict[str, Match] = field(default_factory=dict)
    _unsure: dict[str, Match] = field(default_factory=dict)
    _names: dict[str, set[str]] | None = None

    def match(self, text: str) -> Match:
        found = self._sure.get(text) or self._unsure.get(text)
        if found is None:
            actors = _meant(text)
            actor = actors.pop() if len(actors) == 1 else None
            found = Match(actor, len(actors) > 1, partial(self.candidates, text))
            (self._sure if actor else self._unsure)[text] = found
        return found

    def learn(self, actor: Actor, called: Iterable[str]) -> None:
        """An actor was made, or got these names: whom they mean is asked again."""
        self._unsure.clear()
        keys = {names.name_key(name) for name in (actor.name, *called)}
        for text in [t for t in self._sure if names.name_key(t) in keys]:
            del self._sure[text]
        if self._names is not None:
            for key in keys:
                self._names.setdefault(key, set()).add(actor.survivor.key)

    def forget(self) -> None:
        """Look everything up again: actors that were made may be gone."""
        self._sure.clear()
        self._unsure.clear()
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
    found = _meant(text)
    return found.pop() if len(found) == 1 else None


def _meant(text: str) -> set[Actor]:
    """The actors that a text may mean: one for sure, several, or none."""
    found = Actor.objects.filter(key=text).first() or _identified(text)
    if found is not None:
        return {found.survivor}
    for spelling in (text, *spellings(text)):
        known = _named(spelling)
        if known:
            return known
    return _both_sides_of_bracket(text)


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


def _both_sides_of_bracket(text: str) -> set[Actor]:
    """ "Myanmar (Burma)": both are names of one actor; "China (Taiwan)" are not."""
    bracket = _BRACKETS.match(_FOOTNOTES.sub("", text.strip()))
    if bracket is None:
        return set()
    before, inside = (_named(part) for part in bracket.groups())
    return before if len(before) == 1 and before == inside else set()


def _named(text: str) -> set[Actor]:
    found = Actor.objects.named(text).select_related("merged_into")
    return {actor.survivor for actor in found}


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


def post_actor(rec: Recording, address: str) -> Actor | None:
    """The actor that an address of a cable denotes ("AMEMBASSY TOKYO").

    Made on first sight, with its state and its place in it, if the table of posts
    has the address; None for any other.
    """
    post = posts.post_of(address)
    if post is None:
        return None
    actor = Actor.objects.filter(key=post.actor_key).first()
    if actor is None:
        actor = Actor(key=post.actor_key, name=post.actor_name, kind=post.kind)
        _add(rec, actor)
        state = state_actor(rec, post.of)
        if state is not None and state != actor:
            Membership.objects.create(member=actor, group=state)
    return actor.survivor


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
        _add(rec, state)
        Identifier.objects.create(actor=state, scheme=ISO3, value=iso3)
    return state.survivor


@cache
def _state_names() -> dict[str, str]:
    return {row["alpha3"]: row["name"] for row in posts.read_data("states")}


def _add(rec: Recording, actor: Actor) -> None:
    actor.save()
    rec.note(actor, "created", why="The table of posts names it.")


class Posts:
    """Addresses -> actors, each looked up once a run; what is unknown stays text."""

    def __init__(self) -> None:
        self._known: dict[str, Actor | None] = {}

    def actor_of(self, rec: Recording, address: str) -> Actor | None:
        if address not in self._known:
            self._known[address] = post_actor(rec, address)
        return self._known[address]

    def forget(self) -> None:
        """Look everything up again: actors made in a failed transaction are gone."""
        self._known.clear()

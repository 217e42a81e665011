"""Names and codes -> known actors, or nothing: never a guess.

Actors are made only for posts and countries of the data tables (`posts.py`).
"""

from __future__ import annotations

from functools import cache

from rapidfuzz import fuzz, process

from ingest import posts
from positions import names
from positions.choices import ActorKind
from positions.models import Actor, Identifier, Membership
from positions.models.changes import Recording

ISO3 = "iso3"
# How like a name must be (0 to 100) to be worth showing beside an unknown one.
LIKE = 70


def actor_named(text: str) -> Actor | None:
    """The one actor that a cell of a table names: by key, ISO 3166 code or name.

    None where nobody or more than one actor is meant. A merged actor stands for
    the one it was merged into.
    """
    found = Actor.objects.filter(key=text).first() or _coded(text)
    if found is None:
        survivors = {actor.survivor for actor in Actor.objects.named(text)}
        found = survivors.pop() if len(survivors) == 1 else None
    return found.survivor if found else None


def alike(text: str, limit: int = 3) -> list[str]:
    """Keys of the known actors whose names are most like the text, best first."""
    known = dict(Actor.objects.current().values_list("key", "name_key"))
    found = process.extract(
        names.name_key(text), known, scorer=fuzz.WRatio, limit=limit, score_cutoff=LIKE
    )
    return [key for _, _, key in found]


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
    """The state of an ISO 3166 alpha-3 code; made if the table of countries has it."""
    found = _coded(iso3)
    if found is not None:
        return found.survivor
    name = _country_names().get(iso3)
    if name is None:
        return None
    # A state that a person made without its code is this state, and stays as it is.
    state = Actor.objects.named(name).filter(kind=ActorKind.STATE).first()
    if state is None:
        state = Actor(name=name, kind=ActorKind.STATE)
        _add(rec, state)
        Identifier.objects.create(actor=state, scheme=ISO3, value=iso3)
    return state.survivor


def _coded(iso3: str) -> Actor | None:
    row = (
        Identifier.objects.filter(scheme=ISO3, value=iso3)
        .select_related("actor__merged_into")
        .first()
    )
    return row.actor if row else None


@cache
def _country_names() -> dict[str, str]:
    return {row["alpha3"]: row["name"] for row in posts.read_data("countries")}


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

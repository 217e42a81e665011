"""Other people's words for kinds of actors -> our own: a table, never a guess."""

from functools import cache
from types import MappingProxyType

from ingest import posts
from positions.choices import ActorKind
from positions.names import name_key


def kind_of(word: str) -> ActorKind | None:
    """The kind that a word means ("NGO", "Political party"); None if it is unknown."""
    return _kinds().get(name_key(word))


@cache
def _kinds() -> MappingProxyType[str, ActorKind]:
    rows = posts.read_data("actor_kinds")
    return MappingProxyType(
        {name_key(row["word"]): ActorKind(row["kind"]) for row in rows}
    )

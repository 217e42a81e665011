"""Who an address, a station or a country code of a cable denotes: the data tables.

Only what stands in `ingest/data` is known; nothing is guessed from free text.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from rapidfuzz.distance import OSA

from positions.choices import ActorKind

DATA = Path(__file__).parent / "data"

_SUFFIX = re.compile(r"\s+BY\s+POUCH$")
# How publishers name the offices that addresses call otherwise.
_OFFICES = (("EMBASSY ", "AM"), ("CONSULATE ", "AMCONSUL "), ("MISSION ", "US"))


@dataclass(frozen=True, slots=True)
class Post:
    """A post or body that cables are addressed to, and the actor that it is.

    `of` is the ISO 3166 alpha-3 code of the state whose post it is.
    """

    name: str
    station: str
    actor_key: str
    actor_name: str
    kind: ActorKind
    of: str
    note: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country by the government's own two-letter code (FIPS 10-4).

    `alpha2` and `alpha3` are "" for a state that ISO 3166 never coded; for one
    that is gone they are its withdrawn codes, as the note says.
    """

    fips: str
    alpha2: str
    alpha3: str
    name: str
    note: str


def post_of(name: str) -> Post | None:
    """The post that an address names ("AMEMBASSY TOKYO"), if the table has it."""
    return _posts_by_name().get(_address_key(name))


def post_of_station(station: str) -> Post | None:
    """The post whose station this is ("TOKYO", "RIO DE JANEIRO"), aliases read."""
    return _posts_by_station().get(canonical_station(station))


def address_of_office(origin: str) -> str:
    """The address of a post as publishers name it ("Embassy Bern"), "" if unknown."""
    words = _address_key(origin)
    if words in _posts_by_name():
        return words
    for office, prefix in _OFFICES:
        if words.startswith(office):
            rest = words if prefix in ("AM", "US") else words.removeprefix(office)
            return prefix + rest if post_of(prefix + rest) else ""
    return ""


def country_of(fips: str) -> Country | None:
    """The country of a geo TAG ("JA" is Japan, "CH" China)."""
    return _countries().get(fips.strip().upper())


def canonical_station(origin: str) -> str:
    """A station as it stands in reference ids: capitals only, aliases resolved.

    "Rio de Jan" is RIODEJANEIRO, "0TTAWA" OTTAWA; an unknown one is only
    stripped of what is not a letter.
    """
    letters = re.sub(r"[^A-Z]", "", origin.upper().replace("0", "O"))
    return station_aliases().get(letters, letters)


def is_station(origin: str) -> bool:
    """True if the origin, aliases read, is a station of the tables."""
    return canonical_station(origin) in stations()


@cache
def nearest_station(letters: str) -> str:
    """The one known station that differs by one letter dropped, doubled, changed or
    swapped; "" if there is none, or more than one.
    """
    near = [
        station
        for station in stations()
        if len(station) > 3 and OSA.distance(letters, station, score_cutoff=1) <= 1
    ]
    return near[0] if len(near) == 1 else ""


@cache
def station_beginning_with(letters: str) -> str:
    """The one station, or alias of one, that begins so; "" if more than one does."""
    if len(letters) < 5:
        return ""
    names = {*stations(), *station_aliases()}
    found = {canonical_station(name) for name in names if name.startswith(letters)}
    return found.pop() if len(found) == 1 else ""


@cache
def station_aliases() -> MappingProxyType[str, str]:
    """Other spellings of stations -> the station of reference ids."""
    rows = read_data("station_aliases")
    return MappingProxyType({row["alias"]: row["station"] for row in rows})


@cache
def stations() -> frozenset[str]:
    """Every station that the tables name."""
    posts = {post.station for post in _posts_by_name().values()}
    return frozenset(posts | set(station_aliases().values()))


def read_data(name: str) -> list[dict[str, str]]:
    """The rows of a table of `ingest/data`, by column."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _posts_by_name() -> MappingProxyType[str, Post]:
    posts = {}
    for row in read_data("posts"):
        kind = ActorKind(row.pop("kind"))
        post = Post(kind=kind, **row)
        posts[_address_key(post.name)] = post
    return MappingProxyType(posts)


@cache
def _posts_by_station() -> MappingProxyType[str, Post]:
    posts: dict[str, Post] = {}
    # Where an embassy and a closed section shared a city, the first row wins.
    for post in _posts_by_name().values():
        if post.station not in station_aliases():
            posts.setdefault(post.station, post)
    return MappingProxyType(posts)


@cache
def _countries() -> MappingProxyType[str, Country]:
    rows = read_data("countries")
    return MappingProxyType({row["fips"]: Country(**row) for row in rows})


def _address_key(name: str) -> str:
    words = re.sub(r"[^A-Z0-9 ]", "", name.upper().replace("-", " "))
    return " ".join(_SUFFIX.sub("", words).split())

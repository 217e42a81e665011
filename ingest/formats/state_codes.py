"""States by their codes, and on a day: the state that voted is the one there was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import pycountry

from ingest.posts import read_data
from positions.names import name_key, quoted

# A code that was given twice says nothing by itself: Czechoslovakia's is also that
# of Serbia and Montenegro.
TWICE = frozenset({"CS"})


@dataclass(frozen=True, slots=True)
class Voter:
    """A state by its name and ISO 3166 alpha-3 code ("" = not told).

    `problem` is a code and a sentence where the table names another state than the
    one there was; `exists` is False where there was none on that day.
    """

    name: str
    iso3: str = ""
    problem: tuple[str, str] | None = None
    exists: bool = True


def voter(name: str, code: str, day: date | None) -> Voter:
    """The state that voted: a state that continues another stands for it by the day."""
    iso3 = iso3_of(name, code) or coded(name)
    if day is None or not iso3:
        return Voter(name, iso3)
    now = _on(iso3, day)
    own = _states().get(now)
    if own is not None and not _lasted(own, day):
        message = f"There was no {own['name']} on {day}; the vote is not coded."
        return Voter(name, now, ("no_such_state", message), exists=False)
    if now == iso3 or own is None:
        return Voter(name, iso3)
    message = f"{quoted(name)} is {own['name']} on {day}."
    return Voter(own["name"], now, ("continuing_state", message))


def iso3_of(name: str, code: str) -> str:
    """The alpha-3 code of an alpha-2 or alpha-3 code; "" for any other."""
    code = code.strip().upper()
    # NA is Namibia's code, and what programs write for "not available".
    if code in TWICE or (code == "NA" and name_key(name) != "namibia"):
        return ""
    if len(code) == 3:
        return code if code in _states() else ""
    return _alpha3().get(code, "")


def coded(name: str) -> str:
    """The alpha-3 code of the one state that is called so, or has this code; or ""."""
    return iso3_of("", name) or _coded().get(name_key(name), "")


def name_of(iso3: str) -> str:
    """What a state is usually called; "" for an unknown code."""
    return _states().get(iso3, {}).get("name", "")


@cache
def _alpha3() -> MappingProxyType[str, str]:
    """Alpha-2 -> alpha-3, withdrawn codes included where nobody has them now."""
    found = {}
    for register in (pycountry.historic_countries, pycountry.countries):
        for country in register:
            if getattr(country, "alpha_2", "") and getattr(country, "alpha_3", ""):
                found[country.alpha_2] = country.alpha_3
    return MappingProxyType(found)


@cache
def _states() -> MappingProxyType[str, dict[str, str]]:
    return MappingProxyType({row["alpha3"]: row for row in read_data("states")})


@cache
def _coded() -> MappingProxyType[str, str]:
    """Name key -> alpha-3 code, of the names in the table that only one state has."""
    found: dict[str, str] = {}
    for code, row in _states().items():
        for name in (row["name"], *row["names"].split(";")):
            key = name_key(name)
            found[key] = code if found.get(key, code) == code else ""
    return MappingProxyType(found)


@cache
def _continuing() -> tuple[tuple[str, str, date], ...]:
    return tuple(
        (row["before"], row["after"], date.fromisoformat(row["day"]))
        for row in read_data("continuing_states")
    )


def _on(iso3: str, day: date) -> str:
    """The state that was there on a day, of those that continue one another."""
    for before, after, since in _continuing():
        if iso3 == before and day >= since:
            iso3 = after
    for before, after, since in reversed(_continuing()):
        if iso3 == after and day < since:
            iso3 = before
    return iso3


def _lasted(state: dict[str, str], day: date) -> bool:
    """Was the state there on the day?"""
    since, until = state["since"], state["until"]
    return (not since or since <= day.isoformat()) and (
        not until or day.isoformat() < until
    )

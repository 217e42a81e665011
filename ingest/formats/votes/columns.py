"""What the columns of a table of votes are called, and which of them it must have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from ingest.posts import read_data

_SHORT = re.compile(r"R/\d+/\d+[A-Z]?")


@cache
def _meanings() -> MappingProxyType[str, str]:
    rows = read_data("vote_columns")
    return MappingProxyType({row["column"]: row["means"] for row in rows})


def columns_of(names: Sequence[str]) -> Mapping[str, int]:
    """What a column means -> its place; of two that mean the same, the first.

    Beside a column of the countries' names, the one called "country" has their codes.
    """
    plain = [n.lstrip("\ufeff").strip().lower().replace(" ", "_") for n in names]
    found: dict[str, int] = {}
    for place, name in enumerate(plain):
        means = _meanings().get(name)
        if name == "country" and "countryname" in plain:
            means = "code"
        if means:
            found.setdefault(means, place)
    return found


def lacking(columns: Mapping[str, int]) -> str:
    """What a table of votes must have and this one has not ("" = nothing)."""
    for means in ("country", "vote"):
        if means not in columns:
            return f"no column of the {means}"
    if not {"resolution", "roll"} & columns.keys():
        return "no column of the resolution or of the roll call's number"
    return ""


def cell(cells: Sequence[str], columns: Mapping[str, int], means: str) -> str:
    """The cell of a line in the column of this meaning; NA of a program is none."""
    place = columns.get(means, -1)
    text = cells[place] if 0 <= place < len(cells) else ""
    # "NA" is also Namibia's code.
    return "" if text in ("NA", "NULL", "nan") and means != "code" else text


def subject(cells: Sequence[str], columns: Mapping[str, int]) -> str:
    """What a line's vote is on: its resolution, else the number of the roll call."""
    resolution = symbol(cell(cells, columns, "resolution"))
    roll = number(cell(cells, columns, "roll"))
    return resolution or (f"roll call {roll}" if roll else "")


def symbol(resolution: str) -> str:
    """A resolution's symbol: "R/70/54" in tables of votes is A/RES/70/54."""
    words = "".join(resolution.split())
    return f"A/RES/{words[2:]}" if _SHORT.fullmatch(words) else words


def number(text: str) -> str:
    """A number as it was before a program made 5422.0 of it."""
    return text.removesuffix(".0")

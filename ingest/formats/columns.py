"""The columns of our own tables: what each cell may hold, and how it is read.

Lists in a cell are joined by ";". The names are the glossary's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from positions import choices, dates


@dataclass(frozen=True, slots=True)
class Column:
    """How a cell is read; `length` is what the database keeps of it.

    `words` are all that it may hold (none = anything that can be read).
    """

    read: Callable[[str], Any]
    required: bool = False
    length: int = 0
    words: tuple[str, ...] = ()


# -- how cells are read; each raises ValueError with one sentence ---------------------


def _text(cell: str) -> str:
    return cell


def _key(cell: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", cell):
        raise ValueError("a key has only small letters, digits and single hyphens")
    return cell


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _truth(cell: str) -> bool:
    words = {"true": True, "yes": True, "1": True}
    words |= {"false": False, "no": False, "0": False}
    if cell.lower() not in words:
        raise ValueError("write true or false")
    return words[cell.lower()]


def _day(cell: str) -> date:
    return dates.day(cell)


def _share(cell: str) -> float:
    try:
        share = float(cell)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError("write a number from 0 to 1")
    return share


def _dated(cell: str) -> str:
    # "Since" is closed by the day it was said, which the row itself may not know.
    dates.parse(cell, said=date.max)
    return cell


def _codes(cell: str) -> tuple[tuple[str, str], ...]:
    """Codes of registers: "wikidata:Q17;cow:740"."""
    pairs = []
    for part in _list(cell):
        scheme, colon, value = part.partition(":")
        if not re.fullmatch(r"[a-z][a-z0-9_-]{1,39}", scheme) or not value.strip():
            raise ValueError("write each as scheme:value")
        pairs.append((scheme, value.strip()))
    return tuple(pairs)


def _level(cell: str) -> int:
    levels = {"U": 0, "SBU": 1, "C": 2, "S": 3, "TS": 4}
    if cell.upper() not in levels:
        raise ValueError(f"it is none of {', '.join(levels)}")
    return levels[cell.upper()]


def _must(read: Callable[[str], Any], length: int = 0) -> Column:
    return Column(read, required=True, length=length)


def _may(read: Callable[[str], Any], length: int = 0) -> Column:
    return Column(read, length=length)


def _one_of(words: type[Enum], *, required: bool = False) -> Column:
    known = {str(member.value): member.value for member in words}

    def read(cell: str) -> Any:
        if cell not in known:
            raise ValueError(f"it is none of {', '.join(known)}")
        return known[cell]

    return Column(read, required=required, words=tuple(known))


KEY, TEXT, LIST, DAY, DATED = (
    _must(_key, 80),
    _may(_text),
    _may(_list),
    _may(_day),
    (_may(_dated, 40)),
)
NAME = _must(_text, 200)

# Table -> its columns.
TABLES: dict[str, dict[str, Column]] = {
    "collections": {
        "key": KEY,
        "title": NAME,
        "visibility": _one_of(choices.Visibility),
        "level": _may(_level),
        "note": TEXT,
    },
    "actors": {
        # Without a key, an actor is known by its codes and names.
        "key": _may(_key, 80),
        "name": NAME,
        "kind": _one_of(choices.ActorKind, required=True),
        "iso3": _may(_text, 100),
        "cow": _may(_text, 100),
        "wikidata": _may(_text, 100),
        "identifiers": _may(_codes),
        "names": LIST,
        "valid_from": DAY,
        "valid_to": DAY,
        "note": TEXT,
    },
    "memberships": {
        "member": NAME,
        "group": NAME,
        "role": _may(_text, 200),
        "rank": _one_of(choices.SpeakerRank),
        "since": DAY,
        "until": DAY,
        "note": TEXT,
    },
    "issues": {
        "key": KEY,
        "name": NAME,
        "question": _may(_text, 300),
        "description": TEXT,
    },
    "options": {
        "key": KEY,
        "issue": _must(_key),
        "name": NAME,
        "short_name": _may(_text, 80),
        "kind": _one_of(choices.OptionKind, required=True),
        "parent": _may(_key),
        "valid_from": DAY,
        "valid_to": DAY,
        "succeeded_by": _may(_key),
        "alternatives": LIST,
        "headline": _may(_truth),
        "definition": TEXT,
        "includes": _may(_text, 300),
        "excludes": _may(_text, 300),
        "aliases": LIST,
    },
    "reasons": {"issue": _must(_key), "key": KEY, "name": _must(_text, 120)},
    "events": {
        "key": KEY,
        "name": NAME,
        "kind": _one_of(choices.EventKind, required=True),
        "dated": _must(_dated, 40),
        "place": _may(_text, 120),
        "issues": LIST,
        "actor": _may(_text, 200),
        "note": TEXT,
    },
    "participations": {
        "event": _must(_key),
        "actor": NAME,
        "part": _one_of(choices.Part, required=True),
    },
    "statements": {
        "ref": _may(_text, 60),
        "utterance": _may(_text, 60),
        "citation_role": _one_of(choices.CitationRole),
        "collection": _may(_key),
        "source": _must(_text, 200),
        "paragraph": _must(_text, 40),
        "quote": _must(_text),
        "translation": TEXT,
        "actor": TEXT,
        "option": _may(_key),
        "over_option": _may(_key),
        "disposition": TEXT,
        "speaker_name": _may(_text, 200),
        "speaker_role": _may(_text, 200),
        "speaker_rank": _one_of(choices.SpeakerRank),
        "speaker_actor": TEXT,
        "on_authority_of": _may(_text, 200),
        "audience": _may(_text, 300),
        "reporter": TEXT,
        "standing": _one_of(choices.Standing),
        "form": _one_of(choices.Form),
        "publicity": _one_of(choices.Publicity),
        "modality": _one_of(choices.Modality),
        "condition": _may(_text, 300),
        "event": _may(_key),
        "said_on": DATED,
        "said_basis": _one_of(choices.DateBasis),
        "holds_on": DATED,
        "mode": _one_of(choices.Mode),
        "reasons": LIST,
        "reliability": _one_of(choices.Reliability),
        "credibility": _one_of(choices.Credibility),
        "extends_to": _one_of(choices.ExtendsTo),
        "extends_except": LIST,
        "state": _one_of(choices.StatementState),
        "note": TEXT,
    },
    "suggestions": {
        "collection": _may(_key),
        "source": _must(_text, 200),
        "paragraph": _must(_text, 40),
        "quote": _must(_text),
        "actor": _must(_text, 200),
        "option": _must(_key),
        "over_option": _may(_key),
        "disposition": _must(_text, 40),
        "mode": _one_of(choices.Mode),
        "speaker_name": _may(_text, 200),
        "speaker_role": _may(_text, 200),
        "speaker_rank": _one_of(choices.SpeakerRank),
        "speaker_actor": TEXT,
        "on_authority_of": _may(_text, 200),
        "standing": _one_of(choices.Standing),
        "form": _one_of(choices.Form),
        "modality": _one_of(choices.Modality),
        "condition": _may(_text, 300),
        "said_on": DATED,
        "said_basis": _one_of(choices.DateBasis),
        "holds_on": DATED,
        "confidence": _must(_share),
        "reason": _must(_text, 300),
        "tool": _must(_text, 60),
        "tool_version": _may(_text, 20),
    },
    "checks": {
        "collection": _may(_key),
        "source": _must(_text, 200),
        "paragraph": _may(_text, 40),
        "actor": TEXT,
        "issue": _must(_key),
        "finding": _one_of(choices.Finding),
        "note": _may(_text, 300),
    },
    "stances": {
        "actor": NAME,
        "option": _must(_key),
        "disposition": _must(_text),
        "holds_from": _must(_day),
        "holds_to": DAY,
        "confidence": _one_of(choices.Confidence),
        "rationale": TEXT,
        "evidence": _must(_list),
    },
}

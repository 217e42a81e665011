"""Front matter: what a plain document says of itself, in `key: value` lines.

It stands between two `---` lines at the very beginning of a file, or between two `+++`
lines as `key = "value"`; a form's fields are read by the same rules.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.cable.classification import (
    CLASSIFICATION,
    find_mark,
    handling_of,
    level_of_words,
)
from ingest.records import Problem
from positions import dates, names
from positions.choices import SourceKind

# The keys, and how many characters of each are kept.
FIELDS = {
    "identifier": 120,
    "title": 500,
    "dated": 40,
    "issuer": 200,
    "kind": 40,
    "language": 20,
    "marking": 60,
    "symbol": 120,
    "url": 500,
    "published": 40,
    "obtained": 300,
}
# What other programs call them.
ALIASES = {
    "author": "issuer",
    "date": "dated",
    "id": "identifier",
    "lang": "language",
}
# A file of nothing but unknown keys must not make a million rows.
MOST_PROBLEMS = 20

_FENCE = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)")
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")
_KEY = r"[ \t]*([A-Za-z][A-Za-z_ -]{0,30}?)[ \t]*"
_FIELDS = {
    "---": re.compile(rf"{_KEY}:(?:[ \t]+(.*))?"),
    "+++": re.compile(rf"{_KEY}=[ \t]*(.*)"),
}
# Programs that write pages date them to the second.
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}\S*(?: \S+)?")
# A list, or more of a value, in the lines after its key.
_MORE = re.compile(r"[ \t]+\S.*|-[ \t]+\S.*")
_CLASSIFICATION = re.compile(CLASSIFICATION, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Front:
    """What front matter said, where the text begins after it, what was odd."""

    fields: Mapping[str, str] = field(default_factory=dict)
    end: int = 0
    problems: tuple[Problem, ...] = ()


def read_front(raw: str) -> Front:
    """The front matter of a raw text, with the blank lines after it.

    There is none if the closing line is missing, a line is no field, or no key is
    known: then it is a text that begins with a rule. Of a key given twice the last
    counts; of a value of many lines only what stands beside its key.
    """
    fence = _FENCE.match(raw)
    if not fence:
        return Front()
    fields: dict[str, str] = {}
    problems: list[Problem] = []
    keys = 0
    for number, line in enumerate(_LINE.finditer(raw, fence.end()), 2):
        found = _FIELDS[fence[1]].fullmatch(line[1])
        if line[1].strip() == fence[1] and fields:
            blank = _BLANK_LINES.match(raw, line.end())
            end = blank.end() if blank else line.end()
            return Front(fields, end, tuple(problems[:MOST_PROBLEMS]))
        if not found:
            comment = line[1].startswith("#")
            if line[1].strip() and not (keys and (comment or _MORE.fullmatch(line[1]))):
                break
            continue
        keys += 1
        key = found[1].lower().replace(" ", "_")
        key = ALIASES.get(key, key)
        if key in FIELDS:
            value = _tidy(found[2] or "")
            instant = _INSTANT.fullmatch(value)
            fields[key] = instant[1] if instant else value
        else:
            message = f"“{found[1]}” is no field of front matter."
            problems.append(Problem("front_matter", f"line {number}", message))
    return Front()


def check(fields: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The fields that can be kept, and a problem for each that cannot as it is."""
    kept: dict[str, str] = {}
    problems = []
    for key, given in fields.items():
        value = _tidy(given)
        if len(value) > FIELDS[key]:
            value = value[: FIELDS[key]].rstrip()
            message = f"The {key} was cut to {FIELDS[key]} characters."
            problems.append(Problem("too_long", "front matter", message))
        fault = _fault_of(key, value) if value else ""
        if fault:
            problems.append(Problem("front_matter", "front matter", fault))
        elif value:
            kept[key] = value
    return kept, problems


def describe(fields: Mapping[str, str]) -> dict[str, Any]:
    """What checked fields say of a document as a whole, as arguments of Document.

    Symbol, url, published and obtained stand in its header.
    """
    level, controls = read_marking(fields.get("marking", "")) or (None, "")
    in_header = ("symbol", "url", "published", "obtained")
    return {
        "kind": _kind_of(fields.get("kind", "")) or SourceKind.OTHER,
        "language": fields.get("language", ""),
        "dated": fields.get("dated", ""),
        "issuer": fields.get("issuer", ""),
        "level": level,
        "controls": controls,
        "header": {key: fields[key] for key in in_header if key in fields},
    }


def read_marking(value: str) -> tuple[int, str] | None:
    """(level, controls) of a marking in letters (C/NF) or words (SECRET NOFORN)."""
    words = _CLASSIFICATION.fullmatch(value)
    if words:
        level = level_of_words(words["level"], words["handling"])
        return level, "/".join(handling_of(words["handling"]))
    letters = f"({value.strip('()').upper()})"
    mark = find_mark(letters)
    return (mark.level, mark.controls) if mark and mark.raw == letters else None


def _fault_of(key: str, value: str) -> str:
    """Why the value of a field cannot be kept; "" if it can."""
    if key in ("dated", "published"):
        try:
            dates.parse(value)
        except dates.BadDate as fault:
            return f"{key}: {fault}"
    if key == "kind" and _kind_of(value) is None:
        return f"kind: “{value}” is none of {', '.join(SourceKind.values)}."
    if key == "marking" and read_marking(value) is None:
        return f"marking: “{value}” is no marking, such as U, C/NF or SECRET."
    return ""


def _kind_of(value: str) -> SourceKind | None:
    """A kind of source by its key or its label."""
    value = value.casefold()
    return next((k for k in SourceKind if value in (k.value, k.label.casefold())), None)


def _tidy(value: str) -> str:
    """A value as it is stored: on one line, without quotation marks around it."""
    value = "".join(c if c.isprintable() else " " for c in names.clean_text(value))
    value = " ".join(value.split())
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return value

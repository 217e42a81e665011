"""The lines above the date in the layout of the 1970s: bureaus, drafter, clearances."""

import re

_BUREAUS = re.compile(r"(?P<sign>ORIGIN|ACTION|INFO)[ ]+(?P<bureaus>[A-Z]+-\d\d\b.*)")
_MORE_BUREAUS = re.compile(
    r"(?:[A-Z]+-\d\d[ ]*)+(?:/\d{3}[ ]*[A-Z]?)?|/\d{3}[ ]*[A-Z]?"
)
_STAFF = re.compile(
    r"(?P<what>DRAFTED BY|APPROVED BY|DESIRED DISTRIBUTION)[ :]*(?P<text>.*)"
)
_DASHES = re.compile(r"-{5,}.*")
_KEYS = {
    "ORIGIN": "origin",
    "ACTION": "action",
    "INFO": "information",
    "DRAFTED BY": "drafted_by",
    "APPROVED BY": "approved_by",
    "DESIRED DISTRIBUTION": "desired",
}


def read_distribution(lines: list[str]) -> dict[str, list[str]]:
    """What the lines above the date say, {} where they are of another layout.

    The lines below APPROVED BY name who cleared the telegram.
    """
    said: dict[str, list[str]] = {}
    key = ""
    for line in lines:
        if match := _BUREAUS.fullmatch(line):
            key = _KEYS[match["sign"]]
            said.setdefault(key, []).extend(match["bureaus"].split())
        elif match := _STAFF.fullmatch(line):
            key = _KEYS[match["what"]]
            said.setdefault(key, []).extend([match["text"]] if match["text"] else [])
            key = "cleared_by" if key == "approved_by" else key
        elif _DASHES.fullmatch(line):
            key = ""
        elif _MORE_BUREAUS.fullmatch(line) and key in (
            "origin",
            "action",
            "information",
        ):
            said[key].extend(line.split())
        elif key in ("cleared_by", "desired"):
            said.setdefault(key, []).append(line)
    return said

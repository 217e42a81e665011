"""TAGS: the geography and subject codes of a cable, raw and normalised."""

import re
from functools import cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from ingest.formats.cable.findings import Findings
from ingest.posts import country_of, read_data

# The tags after which the manual of 1974 asks for a person's name.
_PERSON_TAGS = ("OVIP", "OREP", "OEXC", "OTRA", "OCON")
_SUBJECT_LETTERS = "ABCELMOPST"
_BRACKETED = re.compile(r"\((?P<inside>[^()]{1,200})\)")
_PLAIN_NAME = re.compile(r"[A-Z][A-Z'-]{1,30}")
_NOT_TAGS = frozenset(("SIPDIS", "TAGS", "NOFORN"))
# Longer than any run of tags glued together that has been seen.
_LONGEST_RUN = 120


def read_tags(text: str, findings: Findings, at: int) -> list[dict[str, str]]:
    """The tags of a TAGS line's text: code, kind and, for a country, its name.

    Each stands once, in the order of first appearance. Kinds: geo, subject,
    programme, person, organisation, topic, unknown.
    """
    pieces = _pieces(" ".join(text.upper().split()).rstrip(". "))
    tags: dict[str, dict[str, str]] = {}
    for code, kind in _codes(pieces, findings, at):
        tag = {"code": code, "kind": kind}
        if kind == "geo" and (country := country_of(code)):
            tag["country"] = country.alpha3 or country.name
        tags.setdefault(code, tag)
    return list(tags.values())


def kind_of(code: str) -> str:
    """The kind of a tag by the table, else by its form; "unknown" if neither."""
    # UNGA/C-6 is a committee of its organisation.
    known = known_tags().get(code) or known_tags().get(code.partition("/")[0])
    if known and known[0] != "damaged":
        return known[0]
    if len(code) == 2 and code.isalpha():
        return "geo" if country_of(code) else "unknown"
    if len(code) == 4 and code.isalpha():
        if code[0] == "K":
            return "programme"
        if code[0] in _SUBJECT_LETTERS:
            return "subject"
    return "unknown"


@cache
def known_tags() -> MappingProxyType[str, tuple[str, str]]:
    """Tag -> (kind, meaning); for a damaged code the meaning is the right one."""
    rows = read_data("tags")
    return MappingProxyType({r["code"]: (r["kind"], r["meaning"]) for r in rows})


@cache
def _topics() -> MappingProxyType[str, tuple[tuple[str, ...], ...]]:
    """Tags of several words by the first one, the longest first."""
    topics = [tuple(code.split()) for code in known_tags() if " " in code]
    topics.sort(key=lambda words: (words[0], -len(words)))
    return MappingProxyType(
        {first: tuple(found) for first, found in groupby(topics, itemgetter(0))}
    )


def breaks_off(line: str, following: str) -> bool:
    """Does a line of tags end within a topic whose other words begin the next one?"""
    words = [word for word in re.split(r"[\s,;:]+", line.upper()) if word]
    more = re.split(r"[\s,;:]+", following.upper().strip())
    return any(
        tuple(words[-here:] + more[: len(topic) - here]) == topic
        for here in (1, 2, 3)[: len(words)]
        for topic in _topics().get(words[-here], ())
        if len(topic) > here
    )


def _pieces(text: str) -> list[str]:
    """Words, and bracketed persons in one piece with their bracket."""
    pieces: list[str] = []
    position = 0
    for match in _BRACKETED.finditer(text):
        pieces += re.split(r"[\s,;:]+", text[position : match.start()])
        pieces.append(match[0])
        position = match.end()
    pieces += re.split(r"[\s,;:]+", text[position:])
    return [piece for piece in pieces if piece.strip("().") and piece not in _NOT_TAGS]


def _codes(pieces: list[str], findings: Findings, at: int) -> list[tuple[str, str]]:
    codes: list[tuple[str, str]] = []
    last = ""  # the last tag that is not a person
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if piece.startswith("("):
            codes.append((piece.strip("()").strip(), "person"))
            index += 1
        elif length := _topic_length(pieces, index):
            codes.append((" ".join(pieces[index : index + length]), "topic"))
            index += length
        elif last in _PERSON_TAGS and _names_person(pieces, index):
            codes.append((f"{piece}, {pieces[index + 1]}", "person"))
            index += 2
        else:
            codes += _read_code(piece.strip("()."), findings, at)
            last = codes[-1][0] if codes else ""
            index += 1
    return codes


def _topic_length(pieces: list[str], index: int) -> int:
    """How many pieces from here are one topic of several words, 0 if none are."""
    for topic in _topics().get(pieces[index], ()):
        if tuple(pieces[index : index + len(topic)]) == topic:
            return len(topic)
    return 0


def _names_person(pieces: list[str], index: int) -> bool:
    """True for SURNAME GIVEN, without comma or bracket."""
    pair = pieces[index : index + 2]
    return (
        len(pair) == 2
        and all(_PLAIN_NAME.fullmatch(w) and w not in known_tags() for w in pair)
        and len(pair[0]) > 2
        and kind_of(pair[0]) == "unknown"
    )


def _read_code(piece: str, findings: Findings, at: int) -> list[tuple[str, str]]:
    known = known_tags().get(piece)
    if known and known[0] == "damaged":
        findings.add("tag_repaired", f'The tag "{piece}" was read as {known[1]}.', at)
        return [(known[1], kind_of(known[1]))]
    kind = kind_of(piece)
    if kind == "unknown":
        parts = _split_run(piece)
        if parts:
            message = f'The tags "{piece}" were read as {", ".join(parts)}.'
            findings.add("tags_split", message, at)
            return [(part, kind_of(part)) for part in parts]
        if piece:
            findings.add("tag_unknown", f'The tag "{piece[:60]}" is not known.', at)
    return [(piece, kind)] if piece else []


def _split_run(run: str) -> list[str]:
    """Known tags glued together, taken apart; [] if they leave a rest.

    Longer tags are tried first. Time is linear in the run: from each place
    at most a handful of lengths is tried, once.
    """
    if not 5 <= len(run) <= _LONGEST_RUN:
        return []
    parts: list[str] = []
    # Places from which no way leads to the end.
    dead: set[int] = set()

    def take(start: int) -> bool:
        if start == len(run):
            return True
        if start in dead:
            return False
        for length in (8, 7, 6, 5, 4, 3, 2):
            part = run[start : start + length]
            if len(part) == length and _is_known(part):
                parts.append(part)
                if take(start + length):
                    return True
                parts.pop()
        dead.add(start)
        return False

    return parts if take(0) else []


def _is_known(code: str) -> bool:
    known = known_tags().get(code)
    return known[0] != "damaged" if known else bool(country_of(code))

"""REF lines: the cables and other papers that a cable refers to."""

import re
from dataclasses import replace

from ingest.formats.cable.identity import full_year, reference_id
from ingest.posts import is_station
from ingest.records import Reference

# Papers that are not cables, by the words that give them away.
_KINDS = (
    ("email", re.compile(r"\bE-?MAILS?\b", re.I)),
    ("telcon", re.compile(r"\b(?:TELE?CONS?|TELEPHONE|PHONECON)\b", re.I)),
    ("memo", re.compile(r"\b(?:MEMOS?|MEMORANDUM|MEMCONS?|LETTER)\b", re.I)),
    ("fax", re.compile(r"\b(?:FAX|FACSIMILE)\b", re.I)),
    ("airgram", re.compile(r"\bA-\d{1,6}\b")),
    ("manual", re.compile(r"\b\d{1,2}\s+(?:FAM|FAH)\b|\bHANDBOOK\b|\bBOOK\b", re.I)),
    ("report", re.compile(r"\b(?:IIR|FBIS|OSC|TD|TDX|DAILY)\b|\bREPORT\b", re.I)),
    ("message", re.compile(r"\b(?:MSG|DTG|\d{6}Z)\b", re.I)),
    ("points", re.compile(r"\bPOINTS\b", re.I)),
)
# A) (A) [A] A. A: A.) (1) at the start of an item, doubled or not.
_ENUMERATOR = re.compile(
    r"(?:^|(?<=[\s;,.)]))(?:\u00b6\s?)?(?:REF\s+)?"
    r"(?:\((?P<a>[A-Za-z]|\d{1,2})\)|\[(?P<b>[A-Za-z]|\d{1,2})\]"
    r"|(?P<c>[A-Za-z]|\d{1,2})(?:\.\)|[.):]))[ ]*(?!\w\.)"
)
_BARE_LETTER = re.compile(r"^[ \t]*(?P<a>[A-Z])[ ]{1,3}(?=\d{2,4}[ ]|[A-Z]{3})", re.M)
# A zero within or at the end of a word is a damaged letter O.
_WORD = r"(?:[A-Z]|0(?=[A-Z]))(?:[A-Z'\u2019.]|0(?=[A-Z ]))*"
_CABLE = re.compile(
    rf"""^(?:\(?['\u2019]?(?P<year>\d{{4}}|0\d{{2}}|\dO|O\d|\d{{2}})\)?[ -]{{0,2}})?
    (?P<origin>{_WORD}(?:[ -]{_WORD}){{0,4}}?)
    (?:['\u2019]S)?[ :\#-]{{0,3}}(?P<serial>\d{{1,7}})
    (?:[ ]{{0,2}}\(['\u2019]?(?P<later>\d{{2}}|\d{{4}})\))?(?P<rest>\D.*)?$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SERIAL = re.compile(r"^(?P<serial>\d{1,7})(?P<rest>\D.*)?$", re.DOTALL)
_SPLIT = re.compile(r"[;,]|\s/\s|/(?=\s?\d{2,4}\s?[A-Z])|\s(?:AND|&)\s", re.IGNORECASE)
_BRACKET = re.compile(r"\((?![^()]{0,1}\))(?P<inside>[^()]{2,300})\)|\"[^\"]{1,300}\"")
_YEAR_INSIDE = re.compile(r"['\u2019]?(?:\d{2}|\d{4})")
_GENITIVE = re.compile(r"['\u2019]S\Z", re.IGNORECASE)
_LEADING_AND = re.compile(r"^(?:AND|&|SEE ALSO)\s+", re.IGNORECASE)
# Words that stand before a number in prose or papers, never an origin.
_PROSE = """
AND APR APRIL ARTICLE AUG AUGUST DEC DECEMBER FEB FEBRUARY ITEM JAN JANUARY JUL JULY
JUN JUNE MAR MARCH MAY NO NOTAL NOV NOVEMBER OCT OCTOBER OF ON PARA PARAGRAPH PARAS
PREVIOUS SECTION SEP SEPTEMBER
"""
_NOT_ORIGINS = frozenset(_PROSE.split())


def read_references(text: str, year: int | None) -> list[Reference]:
    """The items of a REF line's text, in order.

    `year` is the citing cable's: an item that prints none is of the same year.
    Running lines must be out of the text, or they read as self-references.
    """
    references: list[Reference] = []
    origin = ""
    for enumerator, item in _items(text):
        found, origin = _read_item(enumerator, item, year, origin)
        references += found
    return references


def _items(text: str) -> list[tuple[str, str]]:
    """(enumerator, text) of each item; an enumerator printed twice is read once."""
    text = _BARE_LETTER.sub(lambda m: f"{m['a']}. ", text)
    text = " ".join(text.split())
    cuts = [(0, 0, "")]
    for match in _ENUMERATOR.finditer(text):
        letter = (match["a"] or match["b"] or match["c"]).upper()
        if _follows(cuts[-1][2], letter, bracketed=match["c"] is None):
            cuts.append((match.start(), match.end(), letter))
    items = []
    for (_, begin, letter), (end, _, _) in zip(
        cuts, [*cuts[1:], (len(text), 0, "")], strict=True
    ):
        item = text[begin:end].strip(" ;,.")
        if item:
            items.append((letter, item))
    return items


def _follows(last: str, letter: str, *, bracketed: bool) -> bool:
    """True if the letter can be the next enumerator: not an initial in a name."""
    if letter.isdecimal():
        return (last.isdecimal() or not last) and int(letter) == int(last or 0) + 1
    if last.isdecimal():
        return False
    if not last or letter == last:
        return bracketed or letter in ("A", "B", last)
    return 0 < ord(letter) - ord(last) <= (26 if bracketed else 3)


def _read_item(
    enumerator: str, item: str, year: int | None, origin: str
) -> tuple[list[Reference], str]:
    """The references of an item, and the origin that a bare serial after it has."""
    bare, notes, years = _set_brackets_aside(item)
    pieces = [_LEADING_AND.sub("", p.strip(" .")) for p in _SPLIT.split(bare)]
    matches = [_CABLE.match(piece) for piece in pieces]
    if not any(match and is_station(match["origin"]) for match in matches):
        kind = next((kind for kind, words in _KINDS if words.search(item)), "")
        if kind:
            return [Reference(item, "", enumerator, kind)], origin
    found: list[tuple[Reference, list[str]]] = []  # with further notes of each
    item_year = year
    for piece, match in zip(pieces, matches, strict=True):
        alone = None if match else _SERIAL.match(piece)
        if match and _is_origin(match["origin"]):
            origin = _GENITIVE.sub("", match["origin"])
            printed = match["year"] or match["later"] or years
            item_year = _year(printed) if printed else year
            found.append((_cable(enumerator, piece, item_year, match, origin), []))
        elif alone and origin:
            found.append((_cable(enumerator, piece, item_year, alone, origin), []))
        elif found and piece:
            found[-1][1].append(piece)
        elif piece:
            found.append((Reference(piece, "", enumerator, "other"), []))
    if not found:
        return [Reference(item, "", enumerator, "other")], origin
    found[-1][1].extend(notes)
    return [_with_notes(reference, more) for reference, more in found], origin


def _with_notes(reference: Reference, notes: list[str]) -> Reference:
    if not notes:
        return reference
    return replace(
        reference, note="; ".join(note for note in (reference.note, *notes) if note)
    )


def _is_origin(words: str) -> bool:
    """True for a station of the tables, or words that could be one."""
    if is_station(words):
        return True
    parts = words.upper().split()
    return 3 <= len(words) <= 22 and not _NOT_ORIGINS.intersection(parts)


def _cable(
    enumerator: str, piece: str, year: int | None, match: re.Match[str], origin: str
) -> Reference:
    """The reference to a cable; one without a year has no canonical id."""
    canonical_id = ""
    if year is not None:
        canonical_id = reference_id(year, origin, match["serial"])
    note = (match["rest"] or "").strip(" .()")
    return Reference(piece, canonical_id, enumerator, "cable", note)


def _set_brackets_aside(item: str) -> tuple[str, list[str], str]:
    """The item without bracketed words, those words, and a year among them."""
    notes: list[str] = []
    years: list[str] = []

    def take(match: re.Match[str]) -> str:
        inside = match["inside"] or match[0]
        if _YEAR_INSIDE.fullmatch(inside):
            years.append(inside)
        else:
            notes.append(inside)
        return " "

    bare = " ".join(_BRACKET.sub(take, item).split())
    return bare, notes, years[0] if years else ""


def _year(printed: str) -> int:
    """The year meant: letter O for zero, a stray third digit, two digits or four."""
    digits = printed.strip("'\u2019").upper().replace("O", "0")
    return full_year(digits[:2] if len(digits) == 3 else digits)

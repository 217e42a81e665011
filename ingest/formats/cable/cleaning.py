"""Raw text -> reading text: damage mended and running lines taken out, by patches.

What is mended: line ends, trailing blanks, NULs, lone surrogates, HTML
entities, Markdown links, backslashes and doubled quotes of a CSV dump, headers in
small letters. What is taken out: the running lines that join sections and pages,
with the blank lines after them, and headings printed twice.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from ingest.formats.cable.findings import Findings
from ingest.formats.cable.header import LABEL_LINE
from ingest.formats.cable.identity import CLASSIFICATION_LINE, MRN
from ingest.formats.cable.patching import Edit, apply, reading_offset
from ingest.formats.cable.repeats import find_doubled_heading, find_repeated_headings
from ingest.records import Patch

# Raw offset of a running line -> the section and the page that start there.
Breaks = dict[int, tuple[int | None, int | None]]


class RawLines(NamedTuple):
    """The lines of the raw text: where each starts and ends, line end included.

    `contents` are without the blanks, or the backslash of a dump, behind them.
    """

    starts: list[int]
    contents: list[str]
    ends: list[int]


class Running(NamedTuple):
    """A running line taken out: where in the reading text, and what it said."""

    at: int
    raw: str
    section: int | None
    page: int | None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Reading text, the patches that undo it, running lines, raw line starts.

    `doubled`: its heading was printed twice.
    """

    text: str
    patches: tuple[Patch, ...]
    running: tuple[Running, ...]
    raw_lines: tuple[int, ...]
    doubled: bool = False


_LINE_END = re.compile(r"\r\n|\r|\n")
# Each kind of damage has its hint, so that sound texts are not searched for it. A
# single character is found many times faster than two.
_DAMAGE = {
    "nul": ("\0", re.compile(r"\x00")),
    "entity": (
        "&",
        re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp);"),
    ),
    "link": (
        "[",
        re.compile(
            r"\[(?P<link>[^\[\]\r\n]{1,200})\]\((?:#|https?://)[^()\s]{0,500}\)"
        ),
    ),
    "quote": ("\\", re.compile(r'\\"')),
    "doubled": ('"', re.compile(r'""')),
    # the PresidentQs Office
    "apostrophe": ("Q", re.compile(r"Q(?<=[a-z]Q)(?=(?:s|t|re|ve|ll|d)\b)")),
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_MESSAGES = {
    "nul": ("nul_removed", "NUL characters were taken out"),
    "surrogate": ("characters_lost", "Broken characters were replaced"),
    "entity": ("entities", "HTML entities were resolved"),
    "link": ("links", "Links were replaced by their text"),
    "quote": ("backslashes", "Backslashes before quotation marks were taken out"),
    "doubled": ("doubled_quotes", "Doubled quotation marks were read as one"),
    "apostrophe": ("apostrophes_lost", "Q in place of an apostrophe was mended"),
    "line": ("backslashes", "Backslashes at the ends of lines were taken out"),
}
# TOKYO 00001212  002.2 OF 003: serial of eight digits, section, page of it.
_JOIN = re.compile(
    r"(?<![\w.])(?P<serial>\d{8})[ ]{1,4}(?P<section>\d{3})(?:\.\d)?"
    r"[ ]{1,2}OF[ ]{1,2}\d{3}(?![\w.])"
)
_ORIGIN = re.compile(r"\s*[A-Z][A-Z']{1,16}(?:[ ][A-Z][A-Z']{1,12}){0,3}[ ]{1,4}\Z")
_LAST_WORD = re.compile(r"[A-Z][A-Z']{2,16}[ ]{1,4}\Z")
# PAGE 02 ROME 01196 01 OF 02 082030Z, its classification in front or not.
_PAGE = re.compile(
    r"(?:(?:UNCLASSIFIED|CONFIDENTIAL|SECRET|LIMITED[ ]OFFICIAL[ ]USE)[ ]{2,40})?"
    r"\bPAGE[ ]{1,12}(?P<page>\d{2,3})[ ]{1,12}"
    r"[A-Z][A-Z']{1,16}(?:[ ][A-Z][A-Z']{1,12}){0,3}[ ]{1,12}\d{4,6}"
    r"(?:[ ]{1,12}(?P<section>\d{2})[ ]OF[ ]\d{2})?(?:[ ]{1,12}\d{6}Z)?(?![\w.])"
)
_BANNER = re.compile(
    r"[ \t]*(?:UNCLASSIFIED|CONFIDENTIAL|SECRET|LIMITED OFFICIAL USE"
    r"|U ?N ?C ?L ?A ?S|C O N F I D E N T I A L|S E C R E T)[ \t]*"
)
# What stands in every running line, and in few others.
# Patterns that begin with plain letters are searched for fastest.
_RUNNING = (
    re.compile(r"OF(?<=\d[ ]OF|[ ][ ]OF)[ ]{1,2}\d{3}"),
    re.compile(r"PAGE[ ]{1,12}\d\d"),
)
_RUNNING_SMALL = tuple(re.compile(p.pattern, re.IGNORECASE) for p in _RUNNING)
# Format lines that a copy has in small letters, then all of them; a line's end is
# found faster than its beginning.
_SMALL_HEADER = re.compile(r"\n(?:vzczc[a-z]{3}\d|fm [a-z]{3,}|de r[a-z]{3,7} #\d)")
_SMALL_LETTERS = re.compile(r"[a-z]+")
_SMALL_MARK = re.compile(
    r"^[ \t]*\u00b6?\d{1,3}[ ]?\.[ ]{0,3}"
    r"(?P<mark>\((?:ts|sbu|s|c|u)(?://?(?:nf|noforn))?\))",
    re.MULTILINE,
)
# The routing header stands among the first lines.
_MOST_HEADER = 6000


def clean(raw: str, findings: Findings) -> Cleaned:
    """Reading text of a raw text. Never raises; time linear in the length.

    No NUL, carriage return or lone surrogate is left in it; `rebuild(text,
    patches)` is the raw text again.
    """
    lines, line_ends = _read_lines(raw)
    small = _is_small(raw[:_MOST_HEADER])
    cuts, breaks = _cut_running_lines(raw, lines, small=small)
    repeated = _cut_repeated_headings(raw, lines, breaks, findings)
    damage = _scan_damage(raw)
    edits = line_ends + cuts + repeated
    if small:
        edits += _raise_small_letters(raw, lines, findings)
    text, patches = apply(raw, edits + [edit for edit, _ in damage])
    if "\\" in raw:
        damage += [
            (edit, "line") for edit in line_ends if "\\" in raw[edit[0] : edit[1]]
        ]
    for kind, (code, message) in _MESSAGES.items() if damage else ():
        count = sum(k == kind for _, k in damage)
        if count:
            first = next(e[0] for e, k in damage if k == kind)
            at = reading_offset(patches, first)
            findings.add(code, f"{message} ({count} in all).", at)
    return Cleaned(
        text,
        patches,
        _running(patches, breaks),
        tuple(lines.starts),
        doubled=any(edit[0] not in breaks for edit in repeated),
    )


def _scan_damage(raw: str) -> list[tuple[Edit, str]]:
    """Edits that mend single characters, each with its kind, in order of place."""
    found: list[tuple[Edit, str]] = []
    for kind, (hint, pattern) in _DAMAGE.items():
        if hint in raw:
            for match in pattern.finditer(raw):
                edit = (match.start(), match.end(), _mended(kind, match))
                found.append((edit, kind))
    if not raw.isascii():
        for match in _SURROGATE.finditer(raw):
            found.append(((match.start(), match.end(), "\ufffd"), "surrogate"))
    return sorted(found)


def _mended(kind: str, match: re.Match[str]) -> str:
    """What stands in the reading text for a piece of damage."""
    if kind == "nul":
        return ""
    if kind in ("quote", "doubled"):
        return '"'
    if kind == "apostrophe":
        return "'"
    # An entity for a line end stands for the same in the reading text.
    text = match["link"] if kind == "link" else html.unescape(match[0])
    text = text.replace("\r", "\n").replace("\xa0", " ").replace("\0", "")
    return _SURROGATE.sub("\ufffd", text)


def _read_lines(raw: str) -> tuple[RawLines, list[Edit]]:
    """The lines, and the edits that drop trailing blanks and make one LF of line ends.

    There is no empty line at the end.
    """
    if "\r" in raw:
        return _read_odd_lines(raw)
    contents = raw.removesuffix("\n").split("\n")
    ends = list(accumulate([len(content) + 1 for content in contents]))
    starts = [0, *ends[:-1]]
    ends[-1] = min(ends[-1], len(raw))
    kept = list(map(_without_end if "\\" in raw else str.rstrip, contents))
    # Nearly all lines are as they should be, and so are whole texts.
    edits = (
        []
        if kept == contents
        else [
            (start + len(content), start + len(whole), "")
            for start, content, whole in zip(starts, kept, contents, strict=True)
            if len(content) < len(whole)
        ]
    )
    return RawLines(starts, kept, ends), edits


def _read_odd_lines(raw: str) -> tuple[RawLines, list[Edit]]:
    """The same of a text that has carriage returns."""
    lines = RawLines([], [], [])
    edits: list[Edit] = []
    start = 0
    for match in _LINE_END.finditer(raw):
        kept = _without_end(raw[start : match.start()])
        stop = start + len(kept)
        if match[0] != "\n" or stop < match.start():
            edits.append((stop, match.end(), "\n"))
        _append(lines, start, kept, match.end())
        start = match.end()
    if start < len(raw):
        kept = _without_end(raw[start:])
        edits.append((start + len(kept), len(raw), ""))
        _append(lines, start, kept, len(raw))
    return lines, edits


def _append(lines: RawLines, start: int, content: str, end: int) -> None:
    lines.starts.append(start)
    lines.contents.append(content)
    lines.ends.append(end)


def _without_end(content: str) -> str:
    content = content.rstrip()
    return content.rstrip("\\ \t") if content[-1:] == "\\" else content


def _cut_running_lines(
    raw: str, lines: RawLines, *, small: bool
) -> tuple[list[Edit], Breaks]:
    """Edits that take the running lines out, and what each said by its offset.

    With one that is alone on its line the classification lines above it go, and the
    blank lines below. `small`: it may stand in small letters.
    """
    edits: list[Edit] = []
    breaks: Breaks = {}
    done = -1
    hints = _RUNNING_SMALL if small else _RUNNING
    for at in sorted(hint.start() for p in hints for hint in p.finditer(raw)):
        index = bisect_right(lines.starts, at) - 1
        if index <= done:
            continue
        # One look at each line, however many hints stand in it.
        floor, done = done + 1, index
        content = lines.contents[index]
        found = _find_running_line(content.upper() if small else content)
        if not found:
            continue
        low, high, section, page = found
        start = lines.starts[index]
        if low == 0 and high == len(content):
            first = _first_banner(lines.contents, index, floor)
            done = _last_blank(lines.contents, index)
            edits.append((lines.starts[first], lines.ends[done], ""))
        else:
            edits.append((start + low, start + high, ""))
        breaks[edits[-1][0]] = (section, page)
    return edits, breaks


def _first_banner(contents: Sequence[str], index: int, floor: int) -> int:
    """The first of the classification lines that stand above a line, or the line."""
    first = index
    for above in range(index - 1, floor - 1, -1):
        if _BANNER.fullmatch(contents[above]):
            first = above
        elif contents[above]:
            break
    return first


def _last_blank(contents: Sequence[str], index: int) -> int:
    """The last of the blank lines that stand below a line, or the line."""
    while index + 1 < len(contents) and not contents[index + 1]:
        index += 1
    return index


def _cut_repeated_headings(
    raw: str, lines: RawLines, breaks: Breaks, findings: Findings
) -> list[Edit]:
    """Edits that leave one heading of those of the sections, or of one twice."""
    sections = raw.count("ECTION") > 1
    doubled = raw.count("TAGS") > 1 or raw.count("SUBJ") > 1
    if not (sections or doubled):
        return []
    edits: list[Edit] = []
    if sections:
        for first, last, section in find_repeated_headings(lines.contents):
            edits.append((lines.starts[first], lines.ends[last], ""))
            breaks[lines.starts[first]] = (section, None)
    if doubled and (span := find_doubled_heading(lines.contents)):
        edits.append((lines.starts[span[0]], lines.ends[span[1]], ""))
        message = "The heading is printed twice; the shorter one was left out."
        findings.add("heading_doubled", message)
    return edits


def _is_small(head: str) -> bool:
    """True if format lines stand in small letters."""
    return _SMALL_HEADER.search("\n" + head) is not None


def _raise_small_letters(raw: str, lines: RawLines, findings: Findings) -> list[Edit]:
    """Capitals for a routing header and for portion marks in small letters."""
    edits: list[Edit] = []
    for start, content in zip(lines.starts, lines.contents, strict=True):
        if MRN.match(content) or CLASSIFICATION_LINE.match(content):
            break
        if start > _MOST_HEADER or LABEL_LINE.match(content):
            break
        for match in _SMALL_LETTERS.finditer(raw, start, start + len(content)):
            edits.append((*match.span(), match[0].upper()))
    for match in _SMALL_MARK.finditer(raw):
        edits.append((*match.span("mark"), match["mark"].upper()))
    message = "The routing header stood in small letters and was read in capitals."
    findings.add("small_letters", message)
    return edits


def _find_running_line(line: str) -> tuple[int, int, int | None, int | None] | None:
    """(from, to, section, page) of the running line in a line.

    Spliced into a sentence, it leaves one of the blanks around it.
    """
    match = _PAGE.search(line)
    if match:
        low, page = match.start(), int(match["page"])
        section = int(match["section"]) if match["section"] else None
    else:
        match = _JOIN.search(line)
        if not match:
            return None
        section, page = int(match["section"]), None
        before = line[max(0, match.start() - 70) : match.start()]
        alone = not line[match.end() :].strip()
        origin = (alone and _ORIGIN.fullmatch(before)) or _LAST_WORD.search(before)
        low = match.start() - (len(origin[0]) if origin else 0)
    rest = line[match.end() :]
    high = match.end() + len(rest) - len(rest.lstrip())
    if not line[:low].strip() or not rest.strip():
        low = len(line[:low].rstrip())
    return low, high, section, page


def _running(patches: Sequence[Patch], breaks: Breaks) -> tuple[Running, ...]:
    """The running lines that patches have taken out, in order."""
    running: list[Running] = []
    shift = 0
    for patch in patches:
        told = breaks.get(patch.start + shift)
        if told and patch.start == patch.end:
            running.append(Running(patch.start, patch.raw, *told))
        shift += len(patch.raw) - (patch.end - patch.start)
    return tuple(running)

"""Raw text -> reading text: damage mended and running lines taken out, by patches.

What is mended: line ends, trailing blanks, NULs, lone surrogates, HTML
entities, Markdown links, backslashes of a CSV dump. What is taken out: the
running lines that join sections and pages, with the blank lines after them.
"""

import html
import re
from dataclasses import dataclass
from typing import NamedTuple

from ingest.formats.cable.findings import Findings
from ingest.formats.cable.repeats import find_repeated_headings
from ingest.records import Patch

# (start, end, what stands there in the reading text), in raw offsets.
Edit = tuple[int, int, str]
# Raw offset of a running line -> the section and the page that start there.
Breaks = dict[int, tuple[int | None, int | None]]


class Line(NamedTuple):
    """A raw line: `kept` ends what is read, `stop` the line, `end` its line end."""

    start: int
    kept: int
    stop: int
    end: int


@dataclass(frozen=True, slots=True)
class Running:
    """A running line taken out: where in the reading text, and what it said."""

    at: int
    raw: str
    section: int | None
    page: int | None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Reading text, the patches that undo it, running lines, raw line starts."""

    text: str
    patches: tuple[Patch, ...]
    running: tuple[Running, ...]
    raw_lines: tuple[int, ...]


_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
# Each kind of damage has its hint, so that sound texts are not searched for it.
_DAMAGE = {
    "nul": ("\0", re.compile(r"\x00")),
    "entity": (
        "&",
        re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp);"),
    ),
    "link": (
        "](",
        re.compile(
            r"\[(?P<link>[^\[\]\r\n]{1,200})\]\((?:#|https?://)[^()\s]{0,500}\)"
        ),
    ),
    "quote": ('\\"', re.compile(r'\\"')),
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_MESSAGES = {
    "nul": ("nul_removed", "NUL characters were taken out"),
    "surrogate": ("characters_lost", "Broken characters were replaced"),
    "entity": ("entities", "HTML entities were resolved"),
    "link": ("links", "Links were replaced by their text"),
    "quote": ("backslashes", "Backslashes before quotation marks were taken out"),
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
    r"[ \t]*(?:UNCLASSIFIED|CONFIDENTIAL|SECRET|LIMITED OFFICIAL USE)[ \t]*"
)


def clean(raw: str, findings: Findings) -> Cleaned:
    """Reading text of a raw text. Never raises; time linear in the length.

    No NUL, carriage return or lone surrogate is left in it; `rebuild(text,
    patches)` is the raw text again.
    """
    lines = _scan_lines(raw)
    cuts, breaks = _cut_running_lines(raw, lines)
    cuts += _cut_repeated_headings(raw, lines, breaks)
    damage = _scan_damage(raw)
    edits = cuts + _mend_line_ends(raw, lines) + [edit for edit, _ in damage]
    text, patches, running = _apply(raw, edits, breaks)
    for kind, (code, message) in _MESSAGES.items():
        count = sum(k == kind for _, k in damage)
        if count:
            first = next(e[0] for e, k in damage if k == kind)
            at = _reading_offset(patches, first)
            findings.add(code, f"{message} ({count} in all).", at)
    return Cleaned(text, patches, running, tuple(line.start for line in lines))


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
    if kind == "quote":
        return '"'
    # An entity for a line end stands for the same in the reading text.
    text = match["link"] if kind == "link" else html.unescape(match[0])
    text = text.replace("\r", "\n").replace("\xa0", " ").replace("\0", "")
    return _SURROGATE.sub("\ufffd", text)


def _scan_lines(raw: str) -> list[Line]:
    lines = []
    for match in _LINE.finditer(raw):
        start, stop = match.span(1)
        if start == match.end() and start:
            break
        kept = len(match[1].rstrip())
        if match[1].endswith("\\", 0, kept):
            kept = len(match[1][:kept].rstrip("\\ \t"))
        lines.append(Line(start, start + kept, stop, match.end()))
    return lines


def _mend_line_ends(raw: str, lines: list[Line]) -> list[Edit]:
    """Drop trailing blanks and the backslash of a dump; one LF for any line end."""
    edits: list[Edit] = []
    for line in lines:
        if raw[line.stop : line.end] in ("\n", ""):
            if line.kept < line.stop:
                edits.append((line.kept, line.stop, ""))
        else:
            edits.append((line.kept, line.end, "\n"))
    return edits


def _cut_running_lines(raw: str, lines: list[Line]) -> tuple[list[Edit], Breaks]:
    """Edits that take the running lines out, and what each said by its offset."""
    edits: list[Edit] = []
    breaks: Breaks = {}
    banner: int | None = None  # start of a classification line just above
    open_cut: int | None = None  # start of a cut that takes the blank lines after it
    for line in lines:
        content = raw[line.start : line.kept]
        if open_cut is not None and not content:
            edits[-1] = (open_cut, line.end, "")
            continue
        open_cut = None
        # The one cheap test that most lines fail.
        found = None
        if " OF " in content or "PAGE" in content:
            found = _find_running_line(content)
        if found:
            low, high, section, page = found
            if low == 0 and high == len(content):
                open_cut = line.start if banner is None else banner
                edits.append((open_cut, line.end, ""))
            else:
                edits.append((line.start + low, line.start + high, ""))
            breaks[edits[-1][0]] = (section, page)
        if content:
            banner = line.start if _BANNER.fullmatch(content) else None
    return edits, breaks


def _cut_repeated_headings(raw: str, lines: list[Line], breaks: Breaks) -> list[Edit]:
    if raw.count("ECTION") < 2:
        return []
    contents = [raw[line.start : line.kept] for line in lines]
    edits: list[Edit] = []
    for first, last, section in find_repeated_headings(contents):
        edits.append((lines[first].start, lines[last].end, ""))
        breaks[lines[first].start] = (section, None)
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


def _apply(
    raw: str, edits: list[Edit], breaks: dict[int, tuple[int | None, int | None]]
) -> tuple[str, tuple[Patch, ...], tuple[Running, ...]]:
    """Text after the edits (the earlier, then longer one wins where two overlap)."""
    parts: list[str] = []
    patches: list[Patch] = []
    running: list[Running] = []
    length = position = 0
    for start, end, instead in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start < position:
            continue
        parts += raw[position:start], instead
        length += start - position
        patches.append(Patch(length, length + len(instead), raw[start:end]))
        if start in breaks and not instead:
            section, page = breaks[start]
            running.append(Running(length, raw[start:end], section, page))
        length += len(instead)
        position = end
    parts.append(raw[position:])
    return "".join(parts), tuple(patches), tuple(running)


def _reading_offset(patches: tuple[Patch, ...], raw_at: int) -> int:
    """Offset in the reading text of a raw offset (at a patch: the patch's start)."""
    at = shift = 0
    for patch in patches:
        raw_start = patch.start + shift
        if raw_start > raw_at:
            break
        shift += len(patch.raw) - (patch.end - patch.start)
        at = patch.end
        if raw_start == raw_at:
            return patch.start
    return max(at, raw_at - shift)

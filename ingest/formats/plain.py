"""A plain document: a text typed, pasted or in a file, with front matter or without.

- Blank lines separate paragraphs; line breaks inside a paragraph stay.
- A heading is a line `# like this`; a line or two with a rule of hyphens, equal
  signs or the like above or below; or a short line in capitals between blank lines
  with something after it. It governs what follows, up to the next. A rule alone
  is nothing.
- Labels, marks, numbers and headings: see outline.py.
- Summaries, comments and notes, as paragraphs or in brackets, are known as in a cable.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from ingest.formats import front_matter, outline
from ingest.formats.cable.findings import Findings
from ingest.formats.mending import DAMAGE, INSTEAD, MESSAGES
from ingest.formats.outline import LABEL, Block, first_heading, trimmed
from ingest.records import Document, ImportFault, Patch

PARSER = "plain"
VERSION = "2"

# A line in capitals longer than this, or with fewer letters, is a paragraph; one
# with a rule may be longer.
CAPITALS_LENGTH = 80
CAPITALS_LEAST = 3
RULED_LENGTH = 160

_RAW_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"\s*([-_=*#~\u2010-\u2015])\1{2,}\s*")
_HASHES = re.compile(r" {0,3}#{1,6}[ \t]+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Mended:
    """Reading text, the patches that undo it, and where each new page begins."""

    text: str
    patches: tuple[Patch, ...]
    pages: tuple[int, ...]


def parse(
    raw: str, name: str = "-", *, given: Mapping[str, str] | None = None
) -> Document:
    """The document that a decoded text is.

    `given` are values for keys of `front_matter.FIELDS`, as a form has them; they go
    before the front matter's. Without an identifier the file's name is one. Raises
    ImportFault for a text without a word, and where there is no identifier; nothing
    else. Same input, same output; time linear in the length.
    """
    front = front_matter.read_front(raw)
    findings = Findings()
    mended = _mend(raw, front.end, findings)
    blocks = [_on_page(block, mended.pages) for block in _blocks(mended.text)]
    paragraphs = outline.paragraphs(mended.text, blocks, findings)
    if not paragraphs:
        raise ImportFault(name, "The text is empty.")
    stated = {key: value for key, value in (given or {}).items() if value.strip()}
    unnamed = {"identifier": PurePath(name).stem.strip("- .")}
    fields, odd = front_matter.check({**unnamed, **front.fields, **stated})
    if "identifier" not in fields:
        raise ImportFault(name, "The text has no identifier; give it one.")
    raw_lines = tuple(found.start() for found in _RAW_LINE.finditer(raw))
    found = findings.problems(mended.patches, raw_lines)
    return Document(
        identifier=fields["identifier"].replace("/", "-"),
        printed_identifier=front.fields.get("identifier", ""),
        title=fields.get("title") or first_heading(mended.text, paragraphs),
        text=mended.text,
        patches=mended.patches,
        paragraphs=paragraphs,
        problems=(*front.problems, *odd, *found),
        parser=PARSER,
        parser_version=VERSION,
        shape="front matter" if front.end else "text",
        **front_matter.describe(fields),
    )


def _mend(raw: str, begin: int, findings: Findings) -> _Mended:
    """Reading text of raw[begin:]: LF only, no controls, no blanks at line ends."""
    parts: list[str] = []
    patches = [Patch(0, 0, raw[:begin])] if begin else []
    pages = []
    first: dict[str, int] = {}
    counts: Counter[str] = Counter()
    length, position = 0, begin
    for found in DAMAGE.finditer(raw, begin):
        kind = found.lastgroup or ""
        instead = INSTEAD.get(kind, "")
        length += found.start() - position
        parts += raw[position : found.start()], instead
        patches.append(Patch(length, length + len(instead), found[0]))
        first.setdefault(kind, length)
        counts[kind] += len(found[0])
        length += len(instead)
        position = found.end()
        if kind == "page":
            pages.append(length)
    parts.append(raw[position:])
    for kind, (code, message) in MESSAGES.items():
        if kind in counts:
            findings.add(code, f"{message} ({counts[kind]} in all).", first[kind])
    return _Mended("".join(parts), tuple(patches), tuple(pages))


def _on_page(block: Block, pages: tuple[int, ...]) -> Block:
    return replace(block, page=bisect(pages, block.start) + 1) if pages else block


def _blocks(text: str) -> list[Block]:
    """The headings and paragraphs; of a text of nothing but rules, all of it."""
    groups = list(_groups(text))
    blocks = [
        block
        for n, lines in enumerate(groups, 1)
        if (block := _block(text, lines, last=n == len(groups)))
    ]
    if groups and not blocks:
        return [Block(*trimmed(text, groups[0][0][0], groups[-1][-1][1]))]
    return blocks


def _groups(text: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines, each [start, end); a line with hashes stands by itself."""
    group: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        blank, hashes = line[0].isspace(), _HASHES.match(line[0])
        apart = group and line.start() > group[-1][1] + 1
        if group and (blank or hashes or apart):
            yield group
            group = []
        if hashes:
            yield [line.span()]
        elif not blank:
            group.append(line.span())
    if group:
        yield group


def _block(text: str, lines: list[tuple[int, int]], *, last: bool) -> Block | None:
    """What a run of lines is, without its rules; None if it is only rules."""
    inner = [line for line in lines if not _RULE.fullmatch(text, *line)]
    if not inner:
        return None
    start, end = inner[0][0], inner[-1][1]
    hashes = _HASHES.match(text, start, end)
    start, end = trimmed(text, hashes.end() if hashes else start, end)
    if hashes:
        return Block(start, end, heading=True)
    words = text[start:end]
    if LABEL.match(words):
        return Block(start, end)
    if len(inner) < len(lines):
        return Block(start, end, len(inner) <= 2 and len(words) <= RULED_LENGTH)
    if len(lines) > 1 or last or len(words) > CAPITALS_LENGTH:
        return Block(start, end)
    letters = sum(c.isalpha() for c in words)
    return Block(start, end, words.isupper() and letters >= CAPITALS_LEAST)

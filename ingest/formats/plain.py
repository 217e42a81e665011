"""A plain document: a text typed, pasted or in a file, with front matter or without.

- Blank lines separate paragraphs; line breaks inside a paragraph stay.
- A heading is a line `# like this`; a line or two with a rule of hyphens, equal
  signs or the like above or below; or a short line in capitals between blank lines
  with something after it. It governs what follows, up to the next. A rule alone
  is nothing.
- "3.", "3)" or "¶3." at the beginning of a paragraph is its label, and a portion
  mark may follow it. If the labels of the text run on without gap or repetition,
  they give the numbers, and a paragraph without one stays unnumbered; otherwise all
  paragraphs are counted.
- Summaries, comments and notes, as paragraphs or in brackets, are known as in a cable.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from ingest.formats import front_matter
from ingest.formats.cable.blocks import with_roles_and_voices
from ingest.formats.cable.classification import Mark, find_mark
from ingest.formats.cable.findings import Findings
from ingest.records import Document, ImportFault, Paragraph, Patch
from positions.choices import ParagraphRole

PARSER = "plain"
VERSION = "1"

# A line in capitals longer than this, or with fewer letters, is a paragraph; one
# with a rule may be longer.
CAPITALS_LENGTH = 80
CAPITALS_LEAST = 3
RULED_LENGTH = 160
TITLE_LENGTH = front_matter.FIELDS["title"]

# What is mended: each kind stands for one thing in the reading text.
_DAMAGE = re.compile(
    r"""(?P<blanks>(?<![ \t])[ \t]+(?=[\r\n\v\f\x85\u2028\u2029]|\Z))
    | (?P<line>\r\n?|\v|\x85|\u2028)
    | (?P<page>\f)
    | (?P<paragraph>\u2029)
    | (?P<signature>\A\ufeff)
    | (?P<control>[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+)
    | (?P<surrogate>[\ud800-\udfff])""",
    re.VERBOSE,
)
_INSTEAD = {"line": "\n", "page": "\n", "paragraph": "\n\n", "surrogate": "\ufffd"}
_MESSAGES = {
    "control": ("controls_removed", "Control characters were taken out"),
    "surrogate": ("characters_lost", "Broken characters were replaced"),
}
_RAW_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"\s*([-_=*#~\u2010-\u2015])\1{2,}\s*")
_HASHES = re.compile(r" {0,3}#{1,6}[ \t]+(?=\S)")
_LABEL = re.compile(
    r"(?P<label>(?:¶[ ]?)?(?P<number>[0-9]{1,3})[.)]|¶[ ]?(?P<bare>[0-9]{1,3}))"
    r"(?=[\s(])\s*"
)


@dataclass(frozen=True, slots=True)
class _Mended:
    """Reading text, the patches that undo it, and where each new page begins."""

    text: str
    patches: tuple[Patch, ...]
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """[start, end) of the reading text: a heading or a paragraph."""

    start: int
    end: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class _Label:
    """A printed paragraph number, its mark if one follows, and where words begin."""

    text: str
    number: int
    mark: Mark | None
    end: int


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
    bare = list(_paragraphs(mended, findings))
    paragraphs = tuple(with_roles_and_voices(mended.text, bare, findings))
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
        title=fields.get("title") or _first_heading(mended.text, paragraphs),
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
    for found in _DAMAGE.finditer(raw, begin):
        kind = found.lastgroup or ""
        instead = _INSTEAD.get(kind, "")
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
    for kind, (code, message) in _MESSAGES.items():
        if kind in counts:
            findings.add(code, f"{message} ({counts[kind]} in all).", first[kind])
    return _Mended("".join(parts), tuple(patches), tuple(pages))


def _paragraphs(mended: _Mended, findings: Findings) -> Iterator[Paragraph]:
    text = mended.text
    blocks = _blocks(text)
    labels = {b.start: label for b in blocks if (label := _label_of(text, b))}
    counted = _are_counted(labels, blocks, findings)
    heading, count = "", 0
    for order, block in enumerate(blocks, 1):
        page = bisect(mended.pages, block.start) + 1 if mended.pages else None
        if block.heading:
            heading = " ".join(text[block.start : block.end].split())
            role = ParagraphRole.HEADING
            yield Paragraph(order, block.start, block.end, role, page=page)
            continue
        count += 1
        label = labels.get(block.start)
        start, mark = (label.end, label.mark) if label else (block.start, None)
        number = str(count) if counted else str(label.number) if label else ""
        yield Paragraph(
            order,
            start,
            block.end,
            number=number,
            label=label.text if label else "",
            level=mark.level if mark else None,
            controls=mark.controls if mark else "",
            marking=mark.raw if mark else "",
            heading=heading,
            page=page,
        )


def _blocks(text: str) -> list[_Block]:
    """The headings and paragraphs; of a text of nothing but rules, all of it."""
    groups = list(_groups(text))
    blocks = [
        block
        for n, lines in enumerate(groups, 1)
        if (block := _block(text, lines, last=n == len(groups)))
    ]
    if groups and not blocks:
        return [_Block(*_trimmed(text, groups[0][0][0], groups[-1][-1][1]))]
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


def _block(text: str, lines: list[tuple[int, int]], *, last: bool) -> _Block | None:
    """What a run of lines is, without its rules; None if it is only rules."""
    inner = [line for line in lines if not _RULE.fullmatch(text, *line)]
    if not inner:
        return None
    start, end = inner[0][0], inner[-1][1]
    hashes = _HASHES.match(text, start, end)
    start, end = _trimmed(text, hashes.end() if hashes else start, end)
    if hashes:
        return _Block(start, end, heading=True)
    words = text[start:end]
    if _LABEL.match(words):
        return _Block(start, end)
    if len(inner) < len(lines):
        return _Block(start, end, len(inner) <= 2 and len(words) <= RULED_LENGTH)
    if len(lines) > 1 or last or len(words) > CAPITALS_LENGTH:
        return _Block(start, end)
    letters = sum(c.isalpha() for c in words)
    return _Block(start, end, words.isupper() and letters >= CAPITALS_LEAST)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) without the blanks at its ends."""
    end = start + len(text[start:end].rstrip())
    return end - len(text[start:end].lstrip()), end


def _are_counted(
    labels: Mapping[int, _Label], blocks: list[_Block], findings: Findings
) -> bool:
    """True unless the printed numbers run on and so are the paragraphs' numbers.

    A single printed number is one if it is 1, or the only paragraph's.
    """
    if not labels:
        return True
    numbers = [label.number for label in labels.values()]
    run_on = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    alone = sum(not block.heading for block in blocks) == 1
    if run_on and (len(numbers) > 1 or numbers == [1] or alone):
        return False
    message = "The printed numbers do not run on, so the paragraphs were counted."
    findings.add("numbers_counted", message, next(iter(labels)))
    return True


def _label_of(text: str, block: _Block) -> _Label | None:
    """The label that a paragraph begins with, if words follow it."""
    found = None if block.heading else _LABEL.match(text, block.start, block.end)
    if not found or found.end() == block.end:
        return None
    number, end = int(found["number"] or found["bare"]), found.end()
    mark = find_mark(text, end, block.end)
    after = end + len(mark.raw) if mark and mark.raw.startswith("(") else end
    after, _ = _trimmed(text, after, block.end)
    if after == block.end or after == end:
        return _Label(found["label"], number, None, end)
    return _Label(found["label"], number, mark, after)


def _first_heading(text: str, paragraphs: tuple[Paragraph, ...]) -> str:
    """The heading that the document begins with, as its title; else ""."""
    first = paragraphs[0]
    if first.role != ParagraphRole.HEADING:
        return ""
    return " ".join(text[first.start : first.end].split())[:TITLE_LENGTH]

"""Lines of Markdown -> a reading text and its blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.formats.markdown.inline import edits
from ingest.formats.mending import Mender
from ingest.formats.outline import Block
from ingest.records import Skip

BULLET = "•"

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_INDENT = re.compile(r"[ \t]*")
_QUOTE = re.compile(r"(?:[ \t]{0,3}>[ \t]?)+")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]+|\Z)")
_HASHES = re.compile(r"(?:[ \t]+#+)?[ \t]*\Z")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:=+|-{2,})[ \t]*")
_RULE = re.compile(r"[ \t]{0,3}([-_*])[ \t]*(?:\1[ \t]*){2,}")
_ITEM = re.compile(
    r"[ \t]*(?P<label>[-+*]|\d{1,3}[.)])(?:[ \t]+(?:\[[ xX]\][ \t]+)?|\Z)"
)
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[^`]*")
_NOTE = re.compile(r"[ ]{0,3}\[\^(?P<label>[^\]\s]{1,20})\]:[ \t]*")
_DEFINITION = re.compile(r"[ ]{0,3}\[[^\]^][^\]]{0,200}\]:[ \t]*\S.*")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_BORDER = re.compile(r"[ \t]*\|?[ \t]*")
_END_OF_LINE = re.compile(r"\\?[ \t]*\Z")
_END_OF_ROW = re.compile(r"[ \t]*(?<!\\)\|?[ \t]*\Z")


@dataclass(slots=True)
class _Open:
    """A block while its lines come: (what is taken out before, text, line's end)."""

    shape: Block
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    # "text", "heading", "item", "note", "row" or "code".
    kind: str = "text"


class Blocks:
    """The reading text of Markdown, laid out line by line."""

    def __init__(self) -> None:
        self.mender = Mender()
        self.blocks: list[Block] = []
        self._open: _Open | None = None
        self._fence = ""
        self._in_comment = False
        self._in_table = False
        # Raw text since the last block that nobody reads.
        self._between: list[str] = []

    def read(self, raw: str, begin: int) -> None:
        """Lay out the text from an offset; what stands before it is left out."""
        self._between.append(raw[:begin])
        lines = [found.groups() for found in _LINE.finditer(raw, begin)]
        for number, (line, end) in enumerate(lines):
            following = lines[number + 1][0] if number + 1 < len(lines) else ""
            self._read_line(line, end, following)
        self._close()
        self.mender.put("".join(self._between), "")

    def _read_line(self, line: str, end: str, following: str) -> None:
        quote = _QUOTE.match(line)
        before = quote[0] if quote and not self._fence else ""
        rest = line[len(before) :]
        if self._fence:
            self._read_code(rest, end)
        elif self._in_comment or rest.lstrip().startswith("<!--"):
            self._in_comment = "-->" not in rest
            self._leave_out(line + end)
        elif not rest.strip():
            self._in_table = False
            self._leave_out(line + end)
        elif fence := _FENCE.fullmatch(rest):
            self._fence = fence[1]
            self._leave_out(line + end)
        else:
            self._read_words(before, rest, end, following)

    def _read_code(self, line: str, end: str) -> None:
        closing = line.strip()
        if closing.startswith(self._fence) and not closing.strip(self._fence[0]):
            self._fence = ""
            self._leave_out(line + end)
            return
        if self._open is None:
            self._open = _Open(Block(0, 0), kind="code")
        self._open.lines.append(("", line, end))

    def _read_words(self, quote: str, rest: str, end: str, following: str) -> None:
        """A line that is not blank, after its signs of quotation."""
        now = self._open
        is_text = now is not None and now.kind == "text"
        if is_text and now and _UNDERLINE.fullmatch(rest) and len(now.lines) < 3:
            now.kind = "heading"
            self._leave_out(quote + rest + end)
        elif _RULE.fullmatch(rest) or _DEFINITION.fullmatch(rest):
            self._leave_out(quote + rest + end)
        elif self._in_table or self._is_table(rest, following):
            self._read_row(quote, rest, end)
        elif found := _HEADING.match(rest):
            self._begin("heading", quote)
            self._add(quote + found[0], rest[found.end() :], end, _HASHES)
            self._close()
        elif found := _NOTE.match(rest):
            self._begin("note", quote, found["label"])
            self._add(quote + found[0], rest[found.end() :], end)
        elif (found := _ITEM.match(rest)) and self._is_item(found["label"]):
            label = found["label"] if found["label"][0].isdigit() else BULLET
            self._begin("item", quote, label)
            self._add(quote + found[0], rest[found.end() :], end)
        else:
            if now is None or now.kind == "row" or now.shape.quoted != bool(quote):
                self._begin("text", quote)
            indent = _INDENT.match(rest)
            blanks = indent[0] if indent else ""
            self._add(quote + blanks, rest[len(blanks) :], end)

    def _is_item(self, label: str) -> bool:
        """Inside a paragraph only a bullet or a 1 begins a list."""
        in_text = self._open is not None and self._open.kind == "text"
        return not in_text or not label[0].isdigit() or label[:-1] == "1"

    def _is_table(self, rest: str, following: str) -> bool:
        return (
            "|" in rest and "|" in following and bool(_TABLE_RULE.fullmatch(following))
        )

    def _read_row(self, quote: str, rest: str, end: str) -> None:
        self._in_table = "|" in rest
        if _TABLE_RULE.fullmatch(rest):
            self._leave_out(quote + rest + end)
            return
        border = _BORDER.match(rest)
        before = border[0] if border else ""
        self._begin("row", quote)
        self._add(quote + before, rest[len(before) :], end, _END_OF_ROW)

    def _begin(self, kind: str, quote: str, label: str = "") -> None:
        self._close()
        shape = Block(0, 0, note=kind == "note", quoted=bool(quote), label=label)
        self._open = _Open(shape, kind=kind)

    def _add(
        self, before: str, text: str, end: str, ending: re.Pattern[str] = _END_OF_LINE
    ) -> None:
        found = ending.search(text)
        after = found.start() if found else len(text)
        if self._open is not None:
            self._open.lines.append((before, text[:after], text[after:] + end))

    def _leave_out(self, raw: str) -> None:
        self._close()
        self._between.append(raw)

    # -- writing ----------------------------------------------------------------------

    def _close(self) -> None:
        """Write the open block, if there is one."""
        now, self._open = self._open, None
        if now is None or not now.lines:
            return
        mender = self.mender
        begun = -1
        skips: list[Skip] = []
        text = "\n".join(line for _, line, _ in now.lines)
        signs = iter([] if now.kind == "code" else edits(text))
        at = 0
        sign = next(signs, None)
        for before, line, end in now.lines:
            if begun < 0:
                raw = "".join(self._between) + before
                mender.put(raw, "\n\n" if mender.length else "")
                begun = mender.length
            else:
                mender.put(self._between[0] + before, "\n")
            stop = at + len(line)
            while sign is not None and sign.end <= stop:
                raw = text[sign.start : sign.end]
                mender.add(text[at : sign.start], goes_on=True)
                mender.put(raw, sign.instead)
                if sign.note:
                    skips.append(Skip(mender.length - begun, raw))
                at = sign.end
                sign = next(signs, None)
            mender.add(text[at:stop], goes_on=True)
            at = stop + 1
            self._between = [end]
        block = replace(now.shape, start=begun, end=mender.length, skips=tuple(skips))
        self.blocks.append(replace(block, heading=now.kind == "heading"))


def lay_out(raw: str, begin: int) -> tuple[Mender, Iterator[Block]]:
    """The reading text of raw[begin:], and its blocks."""
    blocks = Blocks()
    blocks.read(raw, begin)
    return blocks.mender, iter(blocks.blocks)

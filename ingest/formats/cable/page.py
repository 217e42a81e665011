"""The publisher's HTML page of a cable -> its text, by edits of the page.

The text stands in one or two preformatted blocks: routing header and message. The
table above them gives the publisher's columns.
"""

import html
import re
from dataclasses import replace

from ingest.formats.cable.patching import Edit
from ingest.formats.cable.publishing import Published
from ingest.reading import HTML, SAMPLE

_BLOCK = re.compile(
    r"<pre\b[^<>]{0,500}>(?P<text>.*?)(?P<close></pre\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# The site's key stands in a block too.
_NOT_THE_CABLE = re.compile(r"\s*-----BEGIN PGP")
_CABLE = re.compile(
    r"VZCZC|\bFM [A-Z]|E\.O\. ?\d|\bTAGS\b|\bSUBJ|\bSIPDIS\b|partial extract"
    r"|\((?:U|SBU|C|S)\)"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = re.compile(_TAG.pattern + "|" + _ENTITY.pattern)
_TABLE = re.compile(
    r"<table\b[^<>]{0,200}\bclass\s*=\s*['\"]cable['\"][^<>]{0,200}>(?P<rows>.*?)</table",
    re.IGNORECASE | re.DOTALL,
)
_CELL = re.compile(
    r"<(?P<kind>t[hd])\b[^<>]{0,300}>(?P<text>.*?)(?=</?t[hdr]\b|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_VIEWING = re.compile(r"Viewing cable (?P<identifier>\d\d[A-Z0-9]{3,60})\b")
_COLUMNS = {
    "reference id": "identifier",
    "created": "created",
    "released": "released",
    "classification": "classification",
    "origin": "origin",
}
_SURROGATE = re.compile("[\ud800-\udfff]")
# What separates the blocks in the reading text.
_BETWEEN = "\n\n"


def is_page(text: str) -> bool:
    """True for a text that begins as an HTML page does."""
    return text[:SAMPLE].lstrip("\ufeff \t\r\n").startswith("<") and bool(
        HTML.match(text[:SAMPLE].lstrip("\ufeff").encode("utf-8", "replace"))
    )


def read_page(text: str) -> tuple[list[Edit], Published, bool]:
    """(edits that leave the cable's text, the columns, breaks off in the text).

    Without a preformatted block there are no edits: the page is not a cable's.
    """
    blocks = _blocks(text)
    if not blocks:
        return [], Published(), False
    edits: list[Edit] = []
    position = 0
    for number, block in enumerate(blocks):
        start, end = block.span("text")
        edits.append((position, start, _BETWEEN if number else ""))
        edits += [
            (match.start(), match.end(), resolved)
            for match in _MARKUP.finditer(text, start, end)
            if (resolved := _resolved(match[0])) != match[0]
        ]
        position = end
    edits.append((position, len(text), ""))
    return edits, _columns(text, blocks[0].start()), not blocks[-1]["close"]


def _blocks(text: str) -> list[re.Match[str]]:
    """The blocks that hold the cable, in order."""
    blocks = [
        block
        for block in _BLOCK.finditer(text)
        if block["text"].strip() and not _NOT_THE_CABLE.match(block["text"])
    ]
    if len(blocks) > 2:
        blocks = [block for block in blocks if _CABLE.search(block["text"])]
    return blocks


def _resolved(markup: str) -> str:
    """What stands in the text for a tag (nothing) or an entity (its character)."""
    if markup[0] == "<":
        return ""
    resolved = html.unescape(markup).replace("\r", "\n").replace("\xa0", " ")
    return _SURROGATE.sub("\ufffd", resolved)


def _columns(text: str, limit: int) -> Published:
    """The publisher's columns, from the table or the title above the text."""
    found: dict[str, str] = {}
    if table := _TABLE.search(text, 0, limit):
        cells = list(_CELL.finditer(table["rows"]))
        names = [_words(cell["text"]) for cell in cells if cell["kind"] in "THth"]
        values = [_words(cell["text"]) for cell in cells if cell["kind"] in "TDtd"]
        for name, value in zip(names, values, strict=False):
            if column := _COLUMNS.get(name.lower()):
                found[column] = value
    if not found.get("identifier") and (viewing := _VIEWING.search(text, 0, limit)):
        found["identifier"] = viewing["identifier"]
    return replace(Published(), **found)  # type: ignore[arg-type]


def _words(markup: str) -> str:
    text = html.unescape(_TAG.sub(" ", markup)).replace("\0", "")
    return " ".join(_SURROGATE.sub("\ufffd", text).split())

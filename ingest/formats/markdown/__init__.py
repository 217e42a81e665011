"""Markdown: what its reader sees, paragraph by paragraph.

- Front matter as in plain documents; blocks by small rules after CommonMark: headings
  (# and underlined), lists, block quotes, fenced code, tables row by row.
- The reading text is what a reader of the page sees: signs of emphasis, links, quotes
  and lists are taken out as patches, entities and escapes are what they mean.
- Each item of a list is a paragraph, its number or bullet the label. A block quote is
  a quoted voice. Footnotes are notes in their place; a skip says where the mark stood.
"""

from pathlib import PurePath

from ingest.formats import front_matter, outline
from ingest.formats.cable.findings import Findings
from ingest.formats.making import named_after
from ingest.formats.markdown.blocks import lay_out
from ingest.formats.outline import first_heading, with_words
from ingest.reading import Read, decode
from ingest.records import Document, ImportFault, Problem

PARSER = "markdown"
VERSION = "2"

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")


def fits(name: str, head: bytes) -> bool:
    """Told by its name only: every text may be Markdown."""
    return PurePath(name).suffix.lower() in _SUFFIXES


def parse(read: Read) -> Document:
    """The document that a Markdown file is. Raises ImportFault for one with no word."""
    decoded = decode(read.data, read.name)
    front = front_matter.read_front(decoded.text)
    mender, laid_out = lay_out(decoded.text, front.end)
    text = mender.text
    blocks = list(with_words(text, list(laid_out)))
    if not blocks:
        raise ImportFault(read.name, "The text is empty.", read.place)
    findings = Findings()
    paragraphs = outline.paragraphs(text, blocks, findings)
    fields, odd = front_matter.check(front.fields)
    given = fields.get("identifier", "").replace("/", "-")
    return Document(
        identifier=given or named_after(read),
        printed_identifier=front.fields.get("identifier", ""),
        title=fields.get("title") or first_heading(text, paragraphs),
        text=text,
        patches=tuple(mender.patches),
        paragraphs=paragraphs,
        problems=(
            *decoded.problems,
            *front.problems,
            *odd,
            *mender.problems(),
            *(Problem(code, "", message) for code, message, _ in findings.found),
        ),
        media_type="text/markdown",
        shape="front matter" if front.end else "text",
        parser=PARSER,
        parser_version=VERSION,
        **front_matter.describe(fields),
    )

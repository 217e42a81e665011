"""Word documents (.docx): paragraphs, rows of tables, footnotes.

- Headings are told by their style, whatever it is called in the writer's language.
- The numbers of lists, which stand nowhere in the text, are the paragraphs' labels.
- A table is read row by row, one paragraph each.
- Of tracked changes the inserted words are kept and the deleted ones left out, as when
  all are accepted; hidden words are left out. What is left out stays in the raw text.
- Footnotes and endnotes come after the body; where their mark stood, a skip says.
- On which page a paragraph stands only a printing program knows: there is no page.
"""

from collections.abc import Iterator
from pathlib import PurePath

from ingest.formats import outline
from ingest.formats.cable.findings import Findings
from ingest.formats.docx.body import Body
from ingest.formats.docx.package import OLE, Package
from ingest.formats.making import made_by, named_after
from ingest.formats.outline import first_heading, with_words
from ingest.reading import Read
from ingest.records import Document, Problem

PARSER = "docx"
VERSION = "1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_SUFFIXES = (".docx", ".docm", ".dotx", ".doc")
_MESSAGES = {
    "deleted": ("deletions_left_out", "Words that a tracked change deleted, left out"),
    "inserted": ("insertions_kept", "Words that a tracked change inserted, kept"),
    "hidden": ("hidden_words", "Hidden words were left out"),
    "comment": ("comments_left_out", "Comments in the margin were left out"),
    "symbol": ("characters_lost", "Signs of symbol fonts were replaced"),
}


def fits(name: str, head: bytes) -> bool:
    """A zip, which as an archive would have been opened, or an old .doc by name."""
    if head.startswith(b"PK\x03\x04"):
        return True
    return head.startswith(OLE) and PurePath(name).suffix.lower() in _SUFFIXES


def parse(read: Read) -> Document:
    """The document that a Word file is.

    Raises ImportFault for another office document, one that is locked, damaged or too
    large, and one without words.
    """
    package = Package(read)
    body = Body(package)
    body.read()
    text = body.mender.text
    blocks = list(with_words(text, body.blocks))
    if not blocks:
        raise package.fault("The Word document has no text.")
    findings = Findings()
    paragraphs = outline.paragraphs(text, blocks, findings)
    properties = package.properties()
    made, undated = made_by(
        properties.get("creator", ""), properties.get("created", "")
    )
    return Document(
        identifier=named_after(read),
        title=properties.get("title", "") or first_heading(text, paragraphs),
        language=properties.get("language", ""),
        text=text,
        patches=tuple(body.mender.patches),
        paragraphs=paragraphs,
        problems=(
            *undated,
            *body.mender.problems(),
            *_problems(body),
            *(Problem(code, "", message) for code, message, _ in findings.found),
        ),
        header=made,
        media_type=MEDIA_TYPE,
        shape="docx",
        parser=PARSER,
        parser_version=VERSION,
    )


def _problems(body: Body) -> Iterator[Problem]:
    for kind, (code, message) in _MESSAGES.items():
        if body.seen[kind]:
            yield Problem(code, "", f"{message} ({body.seen[kind]} in all).")

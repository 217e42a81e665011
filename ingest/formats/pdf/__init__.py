"""PDF with a text layer: its paragraphs, each with the page on which it begins.

- Pages are counted from 1 as they stand in the file, whatever number is printed.
- Heads, feet and numbers of pages are taken out where they are sure to be such.
- Words cut at a line's end are joined; `layout.py` says what begins a paragraph.
- A page that is a picture has no text: where all are, the PDF is refused.
- The day on which the file was made is not the document's date.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.formats import outline
from ingest.formats.cable.findings import Findings
from ingest.formats.making import made_by, named_after
from ingest.formats.outline import first_heading, with_words
from ingest.formats.pdf.layout import Layout, lay_out
from ingest.formats.pdf.pages import Page, open_pdf
from ingest.reading import Read
from ingest.records import Document, ImportFault, Problem
from positions.names import clean_text

PARSER = "pdf"
VERSION = "1"

TITLE_LENGTH = 500
# A list of pages names so many ranges.
RANGES = 20

SCANNED = (
    "The pages are pictures without a text layer; run text recognition first ({})."
)
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"(?:untitled|document\d*|microsoft word - .*|.*\.(?:docx?|pdf|rtf|odt|indd|qxd))?",
    re.IGNORECASE,
)
# Readers take a PDF whose first line stands somewhere in the first kilobyte.
_HEADER = re.compile(rb"%PDF-\d")
_SEARCHED = 1024


def fits(name: str, head: bytes) -> bool:
    """Whatever its name, a PDF says so near its beginning."""
    start = head[:_SEARCHED]
    return start.startswith(b"%PDF-") or (
        name.lower().endswith(".pdf") and _HEADER.search(start) is not None
    )


def parse(read: Read) -> Document:
    """The document that a PDF is.

    Raises ImportFault for one that is locked, damaged, too large, without a word or
    of pictures only.
    """
    if not _HEADER.search(read.data[:_SEARCHED]):
        raise ImportFault(read.name, "This is not a PDF.", read.place)
    opened = open_pdf(read)
    layout = lay_out(opened.pages)
    text = layout.mender.text
    blocks = list(with_words(text, layout.blocks))
    textless = [
        page.number
        for page in opened.pages
        if page.has_pictures and page.number not in layout.pages
    ]
    if not blocks:
        raise ImportFault(read.name, _no_text(opened.pages, textless), read.place)
    findings = Findings()
    paragraphs = outline.paragraphs(text, blocks, findings)
    made, undated = made_by(opened.author, opened.made)
    return Document(
        identifier=named_after(read),
        title=_title(opened.title) or first_heading(text, paragraphs),
        text=text,
        patches=tuple(layout.mender.patches),
        paragraphs=paragraphs,
        problems=(
            *_problems(opened.pages, textless),
            *undated,
            *layout.mender.problems(),
            *_repairs(layout),
            *(Problem(code, "", message) for code, message, _ in findings.found),
        ),
        header={**made, "pages": len(opened.pages)},
        media_type="application/pdf",
        shape="pdf",
        parser=PARSER,
        parser_version=VERSION,
    )


def _no_text(pages: Sequence[Page], textless: list[int]) -> str:
    """Why there is nothing to read."""
    broken = [page.number for page in pages if page.fault]
    if textless:
        return SCANNED.format(_listed(textless))
    if broken:
        return f"The PDF cannot be read: {_listed(broken)} {_fault(pages)}."
    return "The PDF has no text; if its pages show any, run text recognition first."


def _problems(pages: Sequence[Page], textless: list[int]) -> Iterator[Problem]:
    """Which pages were left out, and why."""
    if textless:
        where = _listed(textless)
        message = f"Left out, pictures without a text layer: {where}."
        yield Problem("pictures", where, message)
    broken = [page.number for page in pages if page.fault]
    if broken:
        where = _listed(broken)
        message = f"Left out, because it cannot be read: {where} ({_fault(pages)})."
        yield Problem("page_lost", where, message)


def _repairs(layout: Layout) -> Iterator[Problem]:
    if layout.joined:
        message = (
            f"Words cut at the ends of lines were joined ({layout.joined} in all)."
        )
        yield Problem("words_joined", "", message)
    if layout.running:
        message = f"Running lines were taken out ({layout.running} in all)."
        yield Problem("running_lines", "", message)


def _fault(pages: Sequence[Page]) -> str:
    return next(page.fault for page in pages if page.fault)


def _listed(numbers: list[int]) -> str:
    """[1, 3, 4, 5] -> pages 1, 3-5."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    shown = ["–".join(map(str, r)) for r in ranges[:RANGES]]
    more = " and more" if len(ranges) > RANGES else ""
    plural = "s" if len(numbers) > 1 else ""
    return f"page{plural} {', '.join(shown)}{more}"


def _title(given: str) -> str:
    title = " ".join(clean_text(given).split())[:TITLE_LENGTH]
    return "" if _NO_TITLE.fullmatch(title) else title

"""What a copy wraps a cable's text in, taken off: page, record of a dump, leaks.

Each layer is a set of edits, so that patches lead back to the copy as received.
"""

from dataclasses import dataclass, field

from ingest.formats.cable.dump import is_record, read_record
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.layout import (
    breaks_words,
    is_collapsed,
    rejoin_words,
    restore_lines,
)
from ingest.formats.cable.leaks import find_leaks
from ingest.formats.cable.page import is_page, read_page
from ingest.formats.cable.patching import Edit, apply, compose
from ingest.formats.cable.publishing import Published
from ingest.records import Patch

PAGE, DUMP = "html page", "dump"


@dataclass(slots=True)
class Unwrapped:
    """The text of a cable, the patches back to its copy, and what the copy is.

    `shape` is "" for a copy that is nothing but the text. `sound` is false for a copy
    that should hold a cable's text and does not.
    """

    text: str
    patches: tuple[Patch, ...] = ()
    shape: str = ""
    published: Published = field(default_factory=Published)
    collapsed: bool = False
    sound: bool = True

    def edit(self, edits: list[Edit]) -> None:
        if edits:
            text, patches = apply(self.text, edits)
            self.patches = compose(text, patches, self.text, self.patches)
            self.text = text


def unwrap(raw: str, identifier: str, findings: Findings) -> Unwrapped:
    """The cable's text of any copy of it. Never raises; time linear in the length."""
    copy = Unwrapped(raw)
    if is_page(raw):
        _take_page(copy, findings)
    elif is_record(raw):
        _take_record(copy, findings)
    known = copy.published.identifier or identifier
    on_page = copy.shape == PAGE
    copy.edit(find_leaks(copy.text, known, findings, on_page=on_page))
    copy.edit(restore_lines(copy.text, findings))
    copy.collapsed = is_collapsed(copy.text)
    if copy.collapsed or breaks_words(copy.text):
        copy.edit(rejoin_words(copy.text, findings))
    return copy


def _take_page(copy: Unwrapped, findings: Findings) -> None:
    edits, copy.published, cut_off = read_page(copy.text)
    copy.shape = PAGE
    copy.sound = bool(edits)
    copy.edit(edits)
    if cut_off:
        message = "The page breaks off within the text."
        findings.add("copy_cut_off", message)


def _take_record(copy: Unwrapped, findings: Findings) -> None:
    read = read_record(copy.text)
    copy.shape = DUMP
    copy.sound = read is not None
    if read is None:
        return
    edits, copy.published, cut_off = read
    copy.edit(edits)
    if cut_off:
        message = "The record breaks off within the text."
        findings.add("copy_cut_off", message)

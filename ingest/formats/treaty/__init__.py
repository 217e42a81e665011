"""Status pages of the UN Treaty Collection (HTML) -> one document with its acts.

The table of participants gives one paragraph a row and one statement for each
signature, consent to be bound and withdrawal; each declaration, reservation and
objection is a paragraph of its state, ready to code; the end notes follow. A later
page of the same treaty has the same identifier, and its acts the same identities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BufferedReader

from ingest.formats.treaty.acts import columns_of
from ingest.formats.treaty.page import read_page
from ingest.formats.treaty.rows import rows_of
from ingest.formats.treaty.text import write_document
from ingest.reading import Read
from ingest.records import Document, ImportFault

PARSER = "un-treaty-status"
VERSION = "2"

# The longest page of the collection has about 3 MB.
SIZE_LIMIT = 16 * 2**20
_MARKS = (b"treaties.un.org", b"united nations treaty collection", b"mtdsg_no=")


def fits(name: str, head: bytes) -> bool:
    """Does a file begin as a page of the treaty collection does?"""
    begin = head.lower()
    return b"<" in begin and any(mark in begin for mark in _MARKS)


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """A page is one document; what is larger than any page is refused unread."""
    data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        reason = f"The page is larger than the limit of {SIZE_LIMIT} bytes."
        yield ImportFault(name, reason)
    else:
        yield Read(name, data)


def parse(read: Read) -> Document:
    """The document that a page is. Raises ImportFault for anything but a status page.

    Same bytes, same document; time linear in the length.
    """
    page = read_page(read.data, read.name)
    columns = columns_of(page.heads)
    if not any(column.acts for column in columns):
        raise ImportFault(
            read.name,
            "The table of participants has no column of signatures or consents.",
        )
    written = write_document(page, columns)
    return replace(
        written.document,
        parser=PARSER,
        parser_version=VERSION,
        rows=tuple(rows_of(written, read.name)),
        problems=(*page.problems, *written.document.problems),
    )

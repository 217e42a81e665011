"""A Word document's package: its parts by how they refer to each other, within limits.

The zip is opened by the standard library, not by python-docx, which unpacks every
part without a limit and leaves out footnotes and words that a change inserted.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.archives.streams import BROKEN
from ingest.formats import xml
from ingest.formats.xml import Element
from ingest.reading import Read
from ingest.records import ImportFault

MAIN = "officeDocument"
OLE = b"\xd0\xcf\x11\xe0"


class Package:
    """The parts of a document by the kind of their relation to others.

    Raises ImportFault for what is no Word document, locked, damaged or too large.
    """

    def __init__(self, read: Read) -> None:
        self.read = read
        if read.data.startswith(OLE):
            raise self.fault(
                "This is an old office document, or one locked with a password; save "
                "it as .docx without a password."
            )
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(read.data))
        except BROKEN as fault:
            raise self.fault("The Word document is cut off or damaged.") from fault
        self.main = self._related("").get(MAIN, "")
        self.related = self._related(self.main) if self.main else {}

    def fault(self, reason: str) -> ImportFault:
        return ImportFault(self.read.name, reason, self.read.place)

    def document(self) -> Element:
        """The root of the document's own part."""
        root = self.tree(self.main)
        if root is None or xml.tag(root) != "document":
            reason = "This office document is no Word document (.docx)."
            raise self.fault(reason)
        return root

    def part(self, kind: str) -> Element | None:
        """The part that the document refers to as this (styles, footnotes ...)."""
        return self.tree(self.related.get(kind, ""))

    def properties(self) -> Mapping[str, str]:
        """Title, creator, created and language, as the writing program noted them."""
        root = self.tree(self._related("").get("core-properties", ""))
        if root is None:
            return {}
        return {
            xml.tag(element): xml.words(element)
            for element in root.iterchildren(tag="{*}*")
        }

    def tree(self, name: str) -> Element | None:
        """A part as XML; None if there is none of this name."""
        try:
            member = self.zip.getinfo(name)
        except KeyError:
            return None
        if member.flag_bits & 0x1:
            raise self.fault("The Word document is locked with a password.")
        if member.file_size > xml.SIZE_LIMIT:
            reason = (
                f"A part of the document unpacks to more than {xml.SIZE_LIMIT} bytes."
            )
            raise self.fault(reason)
        try:
            with self.zip.open(member) as part:
                data = part.read(xml.SIZE_LIMIT + 1)
        except BROKEN as fault:
            raise self.fault("The Word document is damaged.") from fault
        return xml.parse(data, self.read.name, self.read.place)

    def _related(self, part: str) -> dict[str, str]:
        """Kind of relation -> name of the part that a part refers to by it."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        if root is None:
            return {}
        relations: Iterator[Any] = xml.elements(root, "Relationship")
        return {
            relation.get("Type", "").rpartition("/")[2]: _target(
                folder, relation.get("Target", "")
            )
            for relation in relations
            if relation.get("TargetMode") != "External"
        }


def _target(folder: str, target: str) -> str:
    """The name of a part that is named from a folder, or from the root."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")

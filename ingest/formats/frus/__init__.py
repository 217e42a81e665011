"""Foreign Relations of the United States: a volume in TEI XML -> its documents.

One file is a volume and many documents; `volume.py` cuts it, `document.py` reads one.
"""

from ingest.formats import xml
from ingest.formats.frus import persons
from ingest.formats.frus.document import PARSER, VERSION, read_document
from ingest.formats.frus.volume import fits, split
from ingest.formats.xml import ID
from ingest.reading import Read
from ingest.records import Document, ImportFault, Tables

__all__ = ["PARSER", "VERSION", "fits", "parse", "split"]


def parse(read: Read) -> Document | Tables:
    """The document, or the volume's persons, in what `split` cut.

    Raises ImportFault for anything else.
    """
    root = xml.parse(read.data, read.name, read.place)
    division = next(
        (d for d in xml.elements(root, "div") if d.get("type") == "document"), None
    )
    if division is not None:
        return read_document(root, division, read)
    rows = tuple(persons.rows_of(root, root.get(ID, ""), read.name))
    if not rows:
        reason = "This is no document of a FRUS volume."
        raise ImportFault(read.name, reason, read.place)
    return Tables(rows)

"""Databases of Discourse Network Analyzer 2 and 3 (.dna): documents with statements.

The file is cut into one part for the people, organizations and concepts that its
statements name, and one for each document with the statements coded in it. A part is
JSON with its names in order, so that the same document always gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from ingest.formats.dna import database, documents, naming
from ingest.reading import Read
from ingest.records import Document, ImportFault, Tables
from positions.names import clean_json

PARSER = documents.PARSER
VERSION = documents.VERSION


def fits(name: str, head: bytes) -> bool:
    """An SQLite database, or a file of that name."""
    return head.startswith(database.MAGIC) or name.lower().endswith(".dna")


def split(name: str, file: BufferedReader) -> Iterator[Read | ImportFault]:
    """The parts of a database; a document that cannot be read is a fault."""
    for part in database.parts(name, file):
        if isinstance(part, ImportFault):
            yield part
        else:
            yield Read(name, packed(part.content), part.place, part.key)


def packed(content: dict[str, Any]) -> bytes:
    """The bytes of a part: the same for the same content."""
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode("utf-8", "replace")


def parse(read: Read) -> Document | Tables:
    """What one part says. Raises ImportFault for anything that is no part."""
    if read.data.startswith(database.MAGIC):
        reason = "This is a whole database; import it with “manage.py import_dna FILE”."
        raise ImportFault(read.name, reason, read.place)
    try:
        content = json.loads(read.data)
        if "entities" in content:
            return naming.tables(read, clean_json(content["entities"]))
        return documents.document(read, content)
    except ImportFault:
        raise
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as fault:
        reason = "This is no document of Discourse Network Analyzer."
        raise ImportFault(read.name, reason, read.place) from fault

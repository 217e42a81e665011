"""What a file says of its own making: by whom, on which day. It dates no document."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from ingest.reading import Read
from ingest.records import ImportFault, Problem
from positions import dates
from positions.names import clean_text

LENGTH = 200
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def named_after(read: Read) -> str:
    """The identifier of a document that has only its file's name for one."""
    name = read.key or PurePath(read.name).stem.strip("- .")
    if not name:
        reason = "The document has no identifier; give its file a name."
        raise ImportFault(read.name, reason, read.place)
    return name.replace("/", "-")


def made_by(author: str, made: str) -> tuple[dict[str, Any], Sequence[Problem]]:
    """For a header: the author and the day on which the file was made (ISO 8601).

    That day is not the document's, which may have been scanned or saved years later:
    it is offered to a person in a problem.
    """
    header = {}
    if author := " ".join(clean_text(author).split())[:LENGTH]:
        header["author"] = author
    found = _DAY.match(made)
    day = found[0] if found else ""
    try:
        dates.parse(day or "-")
    except dates.BadDate:
        return header, ()
    header["made"] = day
    message = f"Its file was made on {day}; the document's own date is not known."
    return header, (Problem("undated", "", message),)

"""Records of a dump that stand in the text of a published cable, to be taken out.

A body that ended in a backslash took the mark that closes it along: on some pages
the columns of the cable's own record, or whole records of other cables, follow.
"""

import re

from ingest.formats.cable.findings import Findings
from ingest.formats.cable.identity import canonical_id
from ingest.formats.cable.patching import Edit

_RECORD = re.compile(
    r"^(?:\d{1,9}\t)?(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}) \d{1,2}:\d\d(?::\d\d)?\t"
    r"(?P<identifier>[^\t\n]{3,80})\t[^\t\n]{0,100}\t[^\t\n]{0,100}\t[^\t\n]{0,2000}\t"
    r"(?P<header>[^\t]{0,12000})\t",
    re.MULTILINE,
)
# What an index said of the cable, behind its signature: day, number, tags, title.
_INDEX = re.compile(
    r"(?<=[A-Z.\n])\s\d\s\d\d/\d\d/\d{4}\s\d{2,6}\s[A-Z]{2,5}(?:,[A-Z]{2,5}){1,20}\s"
)
_HEADER = re.compile(r"^(?:VZCZC|FM [A-Z]|DE R[A-Z]+ #)", re.MULTILINE)


def find_leaks(
    text: str, identifier: str, findings: Findings, *, on_page: bool
) -> list[Edit]:
    """Edits that take leaked records out of the text of the cable `identifier`.

    Of its own record the columns go, and a routing header that stands above already;
    a record of another cable goes as a whole. `on_page`: it is the publisher's page,
    where an index leaked too.
    """
    records = list(_RECORD.finditer(text)) if text.count("\t") > 4 else []
    own = canonical_id(identifier)
    edits: list[Edit] = []
    cut_from: int | None = None
    for record in records:
        if cut_from is not None:
            edits.append((cut_from, record.start(), ""))
            cut_from = None
        leaked = canonical_id(record["identifier"])
        own = own or leaked
        if leaked == own:
            edits += _own_columns(text, record, findings)
        else:
            cut_from = record.start()
            message = (
                f"Another cable, {record['identifier']}, follows; it was left out."
            )
            findings.add("other_cable", message)
    if cut_from is not None:
        edits.append((cut_from, len(text), ""))
    elif on_page and (index := _INDEX.search(text, max(0, len(text) - 6000))):
        edits.append((index.start(), len(text), ""))
        message = "Words of an index follow the text; they were left out."
        findings.add("index_leaked", message)
    return edits


def _own_columns(text: str, record: re.Match[str], findings: Findings) -> list[Edit]:
    message = "Columns of the cable's record stand in its text; they were left out."
    findings.add("record_leaked", message)
    header = record.start("header")
    if _HEADER.search(text, 0, record.start()):
        return [(record.start(), record.end(), "")]
    return [(record.start(), header, ""), (record.end() - 1, record.end(), "\n\n")]

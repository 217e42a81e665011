"""Documents for tests of the imports: cables, plain texts, records, tables."""

from pathlib import Path

from factories import make_collection

from ingest import formats, loading
from ingest.copies import lay_out
from ingest.formats import FORMATS, Format
from ingest.models import ImportRun
from ingest.pipeline import documents
from ingest.records import Document, Paragraph, Party, Problem, Voice
from ingest.session import ByHand, Session
from positions.choices import AddresseeRole, SourceKind, VoiceKind

PARAGRAPHS = (
    "Summary: the officials met on April 23.",
    "The official said that Japan's first priority is the CCW.",
    "He added that public pressure keeps Japan in the Oslo Process.",
)
CABLE = """\
VZCZCXRO0000
OO RUEHFK
DE RUEHKO #{serial}/01 1130100
ZNY SSSSS ZZH
O 220100Z APR 08
FM AMEMBASSY TOKYO
TO RUEHC/SECSTATE WASHDC IMMEDIATE 4000
INFO RUEHBJ/AMEMBASSY BEIJING PRIORITY 0001
RHXXXX/DESK OF NOBODY KNOWN

S E C R E T TOKYO 00{serial}

SIPDIS

E.O. 12958: DECL: 04/22/2018
TAGS: PREL MOPS JA
SUBJECT: {subject}

Classified By: Somebody for reason 1.4 (b).

{body}
SIGNED
"""


def cable(paragraphs=PARAGRAPHS, *, serial="1001", subject="CLUSTER MUNITIONS"):
    """The text of a cable whose paragraphs are numbered and marked (S)."""
    body = "\n\n".join(f"{n}. (S) {text}" for n, text in enumerate(paragraphs, start=1))
    return CABLE.format(serial=serial, subject=subject, body=body)


def write_cable(folder, identifier="08TOKYO1001", *, encoding="utf-8", **fields):
    """A cable's file in a folder, named for the identifier."""
    path = Path(folder) / f"{identifier}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cable(**fields).encode(encoding))
    return path


def document(paragraphs=PARAGRAPHS, *, voices=(), **overrides):
    """A record of a document with numbered paragraphs marked as given."""
    text, rows, start = "\n\n".join(paragraphs), [], 0
    for order, words in enumerate(paragraphs, start=1):
        spans = tuple(
            Voice(v[1], v[2], VoiceKind.COMMENT) for v in voices if v[0] == order
        )
        end = start + len(words)
        rows.append(Paragraph(order, start, end, number=str(order), voices=spans))
        start = end + 2
    defaults = {
        "identifier": "08TOKYO1001",
        "text": text,
        "parser": "plain",
        "parser_version": "1",
        "shape": "text",
        "kind": SourceKind.CABLE,
        "title": "Cluster munitions",
        "dated": "2008-04-22",
        "issuer": "AMEMBASSY TOKYO",
        "paragraphs": tuple(rows),
    }
    return Document(**{**defaults, **overrides})


def party(name, role=AddresseeRole.ACTION, **fields):
    return Party(role, name, **fields)


def problem(code="odd", place="line 3", message="Something is odd."):
    return Problem(code, place, message)


def session(collection=None, who=None, **by_hand):
    """An import run under way in a collection; `by_hand` as a person decided."""
    run = ImportRun.objects.create(command="import_tests", who=who)
    return Session(run, collection or make_collection(), who, ByHand(**by_hand))


def copy_of(record, data=None, *, file="one.txt", place=""):
    """A record with the bytes it came in: its own text, if not given."""
    data = record.text.encode() if data is None else data
    return lay_out(record, data, file=file, place=place)


def load(into, record, data=None, *, file="one.txt"):
    return loading.load(into, copy_of(record, data, file=file))


def write_table(folder, table, text):
    path = Path(folder) / f"{table}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def write_cables(folder, count, first=1001):
    """So many cables of Tokyo, numbered from the first."""
    for n in range(first, first + count):
        write_cable(folder, f"08TOKYO{n}", serial=n)
    return folder


def import_cables(*paths, collection="cables", **options):
    """The report of an import of cables as the command makes it."""
    return documents.run(paths, "cable", collection, command="import_cables", **options)


def know(monkeypatch, name, parser):
    """A format of this name for the test's time."""
    made = Format(name.capitalize(), "cable", "1", parser)
    monkeypatch.setattr(formats, "FORMATS", {**FORMATS, name: made})

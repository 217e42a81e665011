"""What the tests of XML formats share: files cut and read, and rules for all."""

import io
from itertools import pairwise
from pathlib import Path

from ingest import formats
from ingest.formats import xml
from ingest.reading import Read
from ingest.records import Document, ImportFault, Tables

DATA = Path(__file__).parent / "data"
BOMB = (
    '<!DOCTYPE TEI [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
    + "]><TEI>&i;</TEI>"
).encode()

# What no format of XML reads, and how it says so.
BAD = [
    (b"", "The file is empty"),
    (b" \n", "The file is empty"),
    (b"%PDF-1.4 x", "This is a PDF file"),
    (b'{"a": 1}', "This is not XML"),
    (b"just words", "This is not XML"),
    (b"<TEI><text>breaks off", "The XML breaks off at line 1"),
    (b"<TEI>\n<text></TEI>", "not well-formed XML \\(line 2"),
    (b"<TEI>\xff</TEI>", "not in the encoding that it declares"),
    (
        '<?xml version="1.0" encoding="UTF-8"?><TEI>é</TEI>'.encode("latin-1"),
        "not in the encoding that it declares",
    ),
    (b'<?xml version="1.0" encoding="klingon"?><TEI/>', "encoding that it declares"),
    (BOMB, "declares entities that multiply|declares an entity"),
    (
        b'<!DOCTYPE TEI [<!ENTITY x SYSTEM "file:///etc/hostname">]><TEI>&x;</TEI>',
        "declares an entity",
    ),
    (
        b'<!DOCTYPE TEI [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]><TEI/>',
        "declares an entity",
    ),
    (b"<TEI>a&nbsp;b</TEI>", "uses an entity"),
    (b'<!DOCTYPE TEI SYSTEM "tei.dtd"><TEI>a&nbsp;b</TEI>', "uses an entity"),
    (b"<a>" * 300 + b"</a>" * 300, "nested deeper than the limit of 256"),
    (b"<TEI>" + b"x" * 10_100_000 + b"</TEI>", "longer than the limit of 10,000,000"),
    (b'<TEI a="' + b"x" * 10_100_000 + b'"/>', "longer than the limit of 10,000,000"),
    (b"<TEI>" + b"<a/>" * 700_000 + b"</TEI>", "more than 700000 elements"),
    (b"<TEI>" + b"x" * xml.SIZE_LIMIT + b"</TEI>", "larger than the limit"),
    (b"<p:TEI/>", "not well-formed XML"),
    (b"<TEI>&#0;</TEI>", "not well-formed XML"),
]


def cut(path, format_name, data=None):
    """What a format cuts a file into."""
    data = Path(path).read_bytes() if data is None else data
    file = io.BufferedReader(io.BytesIO(data))
    return list(formats.FORMATS[format_name].split(str(path), file))


def read_all(path, format_name, data=None):
    """The documents and tables of a file; its faults fail the test."""
    found = []
    for read in cut(path, format_name, data):
        if isinstance(read, ImportFault):
            raise read
        found.append(formats.FORMATS[format_name].parse(read))
    return found


def read_or_fault(data, format_name):
    """Every document, table or fault that any bytes give; nothing else is raised."""
    found = []
    for read in cut("test.xml", format_name, data):
        try:
            found.append(
                read
                if isinstance(read, ImportFault)
                else formats.FORMATS[format_name].parse(read)
            )
        except ImportFault as fault:
            found.append(fault)
    for item in found:
        if isinstance(item, ImportFault):
            assert item.reason.endswith("."), item
            assert "\n" not in item.reason
        elif isinstance(item, Document):
            check_rules(item)
        else:
            assert isinstance(item, Tables)
            assert item.rows
    return found


def check_rules(document):
    """What holds of every document, whatever it was read from."""
    assert document.identifier
    assert "/" not in document.identifier
    paragraphs = document.paragraphs
    assert [p.order for p in paragraphs] == list(range(1, len(paragraphs) + 1))
    past = 0
    for p in paragraphs:
        assert past <= p.start < p.end <= len(document.text)
        assert document.text_of(p) == document.text_of(p).strip()
        assert all(0 <= v.start < v.end <= p.end - p.start for v in p.voices)
        past = p.end
    lengths = [patch.end for patch in document.patches]
    assert lengths == sorted(lengths)
    assert document.text == document.text.strip(xml.BLANK)


def words(document, *roles):
    """The texts of the paragraphs that have one of the roles."""
    return [document.text_of(p) for p in document.paragraphs if p.role in roles]


def as_read(data, **fields):
    return Read("test.xml", data, **fields)

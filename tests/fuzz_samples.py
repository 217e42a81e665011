"""Small files of every format, written by us, for damage to be done to them."""

import csv
import io
import json
import tempfile
from pathlib import Path

from tests import documents, fuzz_markup
from tests.bench import cables
from tests.books import book
from tests.cables import cable_text
from tests.coded import hearing

DATA = Path(__file__).parent / "data"


def files_in(folder):
    return [
        (str(path.relative_to(DATA)), path.read_bytes())
        for path in sorted((DATA / folder).rglob("*"))
        if path.is_file()
    ]


def cable_files():
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder, "dump.csv")
        cables.write_dump(dump, 2)
        records = dump.read_bytes()
    return [
        ("08OSLO1.txt", cable_text().encode()),
        ("08OSLO1.txt", cable_text().replace("\n", "\r\n").encode("utf-16")),
        *((read.name, read.data) for read in cables.reads(3)),
        *files_in("cable"),
        ("cables.csv", records),
        ("cables.csv", records.replace(b"The ", b'\\"The\\" ')),
    ]


def dna_files():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "hearing.dna")
        return [
            (path.name, hearing(path, version=version).read_bytes())
            for version in (2, 3)
        ]


NOTE = """\
---
identifier: note-1
title: Talks in the capital
date: 2009-03-02
language: en
---

# Talks in the capital

1. The minister said that the zone was closed.

2. “We agree,” she added; see ¶ 1.

Signed, A. Holm
"""
LETTER = "Sehr geehrte Frau Präsidentin,\r\n\r\nnein.\r\n"
MATRIX = """\
Buoys,AU,NZ,US,JP
Lights at night,1,0,1,0.5
"Bells, if heard",0,0.5,-,1
Keels,,1,0,0
"""
VOTES = """\
rcid,country,country_code,vote,session,date,unres
7001.0,Norway,NO,yes,63.0,2008-12-02,R/63/71
7001.0,Japan,JP,abstain,63.0,2008-12-02,R/63/71
7001.0,"Congo, Dem. Rep.",CD,absent,63.0,2008-12-02,R/63/71
7002.0,Norway,NO,no,63.0,2008-12-03,R/63/72
7002.0,Japan,JP,1,63.0,2008-12-03,R/63/72
"""

MARKDOWN = """\
# Talks

Intro with *emphasis*, a [link](https://example.org "t") and `code`.[^1]

## First day

1. One
2. Two
   - nested

> They said no.

| a | b |
|---|---|
| 1 | 2 |

[^1]: A note.
"""
SECTION = {
    "countries": ["Norway", "Japan"],
    "topics": [],
    "section_title": "BUOYS AND LIGHTS",
    "enb_start_date": "28-Nov-05",
    "enb_end_date": "10-Dec-05",
    "enb_short_title": "A meeting",
    "subtype": "PLENARY",
    "actors": ["G-77"],
    "sentences": ["Norway\x92s request was heard.", "Japan said no."],
    "id": "enb99999e_1",
}
ACTORS = """\
key,name,kind,names,identifiers,valid_from,note
japan,Japan,state,Nippon;ja:日本,wikidata:Q17;cow:740,1868-01-03,"Islands, ""many""."
oslo,Oslo Group,group,,,2007-02-22,
"""
MEMBERSHIPS = "member,group,role,since\njapan,oslo,observer,2008-02-22\n"
POPOLO = {
    "persons": [
        {
            "id": "bc584d7f-86a1-4c2d-97b4-000000000001",
            "name": "Ada Holm",
            "other_names": [{"lang": "de", "name": "Ada von Holm"}],
            "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
            "birth_date": "1951-03-25",
        }
    ],
    "organizations": [
        {"id": "house", "name": "The House", "classification": "legislature"},
        {"id": "A", "name": "Party A", "classification": "party"},
    ],
    "memberships": [
        {
            "person_id": "bc584d7f-86a1-4c2d-97b4-000000000001",
            "organization_id": "house",
            "on_behalf_of_id": "A",
            "legislative_period_id": "term/1",
            "role": "member",
            "start_date": "2015-04",
        }
    ],
    "events": [
        {
            "id": "term/1",
            "classification": "legislative period",
            "name": "First",
            "start_date": "2015-03-30",
            "end_date": "2019",
        }
    ],
}


def docx_files():
    body = (
        documents.paragraph("Talks", style="Heading1")
        + documents.paragraph("The minister said no.")
        + "<w:tbl><w:tr><w:tc>"
        + documents.paragraph("a")
        + "</w:tc></w:tr></w:tbl>"
    )
    core = "<dc:title>Talks</dc:title><t:created>2009-03-02T00:00:00Z</t:created>"
    return [("talks.docx", documents.make_docx(body, core=core))]


def pdf_files():
    pages = [
        documents.printed((72, 700, f"{n}. The minister said no."), (72, 60, f"{n}"))
        for n in (1, 2)
    ]
    made = documents.make_pdf(*pages, info=b"/Title (Talks) /CreationDate (D:20090302)")
    return [("talks.pdf", made)]


def table_files():
    named = [("actors.csv", ACTORS), ("memberships.csv", MEMBERSHIPS)]
    return [
        *((file, text.encode()) for file, text in named),
        ("actors.csv", ACTORS.replace("\n", "\r\n").encode("utf-16")),
    ]


def workbooks():
    actors, memberships = (
        list(csv.reader(io.StringIO(text))) for text in (ACTORS, MEMBERSHIPS)
    )
    title = ["Who was there"]
    return [
        ("tables.xlsx", book(actors=actors, memberships=[title, *memberships])),
    ]


SAMPLES = {
    "akoma_ntoso": [("debate.xml", fuzz_markup.AKOMA_NTOSO.encode())],
    "cable": cable_files(),
    "climate": [("enb99999e_1.json", json.dumps(SECTION, indent=1).encode())],
    "csv": table_files(),
    "dna": dna_files(),
    "docx": docx_files(),
    "frus": [("frus1969-76ve99.xml", fuzz_markup.FRUS.encode())],
    "markdown": [("talks.md", MARKDOWN.encode())],
    "matrix": [
        ("positions_sea.csv", MATRIX.encode()),
        ("positions_sea.csv", MATRIX.replace("\n", "\r\n").encode("utf-8-sig")),
    ],
    "parlamint": [
        ("ParlaMint-XX_2014-04-16-1.xml", fuzz_markup.PARLAMINT.encode()),
        ("ParlaMint-XX.xml", fuzz_markup.PARLAMINT_LISTS.encode()),
    ],
    "pdf": pdf_files(),
    "popolo": [("house.json", json.dumps(POPOLO, indent=1).encode())],
    "plain": [
        ("note.txt", NOTE.encode()),
        ("note.md", NOTE.encode("utf-8-sig")),
        ("letter.txt", LETTER.encode("cp1252")),
    ],
    "treaty": [("ccx.html", fuzz_markup.TREATY.encode())],
    "votes": [
        ("votes.csv", VOTES.encode()),
        ("votes.csv", VOTES.replace(",", ";").encode("cp1252")),
    ],
    "xlsx": workbooks(),
}

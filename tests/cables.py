"""Small cables for tests, invented; each test changes the part it is about."""

from ingest.formats.cable import parse_text

HEADER = """\
VZCZCXRO0001
OO RUEHAA
DE RUEHNY #0001/01 0140930
ZNY CCCCC ZZH
O 140930Z JAN 08
FM AMEMBASSY OSLO
TO RUEHC/SECSTATE WASHDC IMMEDIATE 4001
"""
HEADING = """\
C O N F I D E N T I A L OSLO 000001

SIPDIS

E.O. 12958: DECL: 01/14/2018
TAGS: PREL, NO
SUBJECT: BUOYS AND LIGHTS

REF: STATE 12

Classified By: DCM Ada Holm. Reasons 1.4 (b) and (d).
"""
BODY = """\
1. (C) The first paragraph.

2. (C) The second paragraph.
"""


def cable_text(header=HEADER, heading=HEADING, body=BODY):
    return f"{header}\n{heading}\n{body}"


def read(header=HEADER, heading=HEADING, body=BODY, name="08OSLO1.txt"):
    return parse_text(cable_text(header, heading, body), name)


def read_lines(*lines, heading=HEADING):
    """The cable whose body is these lines."""
    return read(heading=heading, body="\n".join(lines) + "\n")


def texts(document, *roles):
    """Text of each paragraph of the body, or of those with one of the roles."""
    return [
        document.text_of(p)
        for p in document.paragraphs
        if (p.role in roles if roles else p.role not in ("heading", "subject"))
    ]


def numbers(document):
    return [p.number for p in document.paragraphs if p.label]


def codes(document):
    return [problem.code for problem in document.problems]


def voices(document):
    """(words, kind) of every voice."""
    return [
        (document.text_of(p)[v.start : v.end], v.kind)
        for p in document.paragraphs
        for v in p.voices
    ]

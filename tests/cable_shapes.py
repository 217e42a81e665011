"""One invented cable in every shape that cables are published in."""

import html
import re

TEXT = """\
VZCZCXRO2207
OO RUEHAA RUEHBB
DE RUEHNY #0311/01 0720915
ZNY CCCCC ZZH
O P 120915Z MAR 08
FM AMEMBASSY OSLO
TO RUEHC/SECSTATE WASHDC IMMEDIATE 4311
INFO RUEHZL/EUROPEAN POLITICAL COLLECTIVE PRIORITY, XMT AMCONSUL MUNICH
RUEHSM/AMEMBASSY STOCKHOLM PRIORITY 0102
"""
MESSAGE = """\
C O N F I D E N T I A L SECTION 01 OF 02 OSLO 000311

SIPDIS

STATE FOR EUR/NB

E.O. 12958: DECL: 03/12/2018
TAGS: EWWT, PREL, NO, SW
SUBJECT: LIGHTHOUSES: NORWAY "WILL NOT PAY" FOR
BUOYS

REF: A. STATE 20417
     B. 07 STOCKHOLM 1188

Classified By: DCM Ada Holm for reasons 1.4 (b) and (d).

1. (C) SUMMARY: Norway will not pay for the buoys, the harbour
director told us. End Summary.

------------------
Money Without End
------------------

2. (C) The director's deputy called the plan "a leaking
barrel".  (Comment: He was a fisherman. End Comment.)  Norway

OSLO 00000311  002 OF 002

prefers lights.

3. (SBU) COMMENT: We expect no change before spring. End Comment.
HOLM
"""
HEADER, BODY = TEXT.strip(), MESSAGE.strip()
IDENTIFIER = "08OSLO311"
CHROME = """\
<?xml version='1.0' encoding='utf-8' ?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x.dtd">
<html lang='en'>
<head>
<title>Cable Viewer</title>
</head>
<body>
<a href='/date/2008-03_0.html'>2008/03</a>
<h3>Viewing cable {identifier}, LIGHTHOUSES</h3>
<table class='cable'>
<tr>
<th>Reference ID</th>
<th>Created</th>
<th>Released</th>
<th>Classification</th>
<th>Origin</th>
</tr>
<tr>
<td><a href='/cable/2008/03/{identifier}.html'>{identifier}</a></td>
<td>
<a href='/date/2008-03_0.html' title='2008-03-12 09:15'>2008-03-12 09:15</a>
</td>
<td><a href='/reldate/2011-08-30_0.html'>2011-08-30 01:44</a></td>
<td><a href='/classification/1_0.html'>CONFIDENTIAL</a></td>
<td><a href='/origin/5_0.html'>Embassy Oslo</a></td>
</tr>
</table>
"""
FOOT = "</div>\n<script src='/cables.js'></script>\n</body></html>\n"


def page(*blocks, identifier=IDENTIFIER, foot=FOOT):
    """The publisher's page of the blocks, header and message if none are given."""
    marked = [block(text) for text in blocks or (TEXT, MESSAGE)]
    return CHROME.format(identifier=identifier) + "\n".join(marked) + "\n" + foot


def block(text):
    """A text as it stands on the page: links, paragraph marks, entities."""
    marked = html.escape(text, quote=False)
    marked = re.sub(
        r"(?<=TAGS: )(.*)",
        lambda m: re.sub(r"([A-Z]+),?", r"<a href='/tag/\1_0.html'>\1</a>", m[1]),
        marked,
    )
    marked = re.sub(
        r"^([ ]*)(\d+|[A-Z])\. ",
        r"\1<a id='par\2' href='#par\2'>¶</a>\2. ",
        marked,
        flags=re.MULTILINE,
    )
    marked = marked.replace("director's", "director&#8217;s")
    return f"<code><pre>{marked}</pre></code>".replace("\n", "&#x000A;")


def columns(
    identifier=IDENTIFIER,
    created="3/12/2008 9:15",
    origin="Embassy Oslo",
    classification="CONFIDENTIAL",
    references="08STATE20417|07STOCKHOLM1188",
    header=HEADER,
    body=BODY,
    row="141",
):
    return row, created, identifier, origin, classification, references, header, body


def record(*fields, doubled=False):
    """A record of the dump, quotes escaped by a backslash or, `doubled`, by another."""
    escaped = []
    for field in fields or columns():
        field = field.replace('"', '""') if doubled else field
        if not doubled:
            field = field.replace("\\", "\\\\").replace('"', '\\"')
        escaped.append(f'"{field}"')
    return ",".join(escaped)


def press():
    """No blank lines, and words broken where the line was full."""
    text = re.sub(r"\n\s*\n+", "\n", TEXT + MESSAGE)
    text = text.replace("1.4 (b) and (d)", "1.4 (b) a\nnd (d)")
    text = text.replace("the harbour\ndirector", "the harbour di\nrector")
    return text.replace("     B.", "B.")


def run_together():
    """Header and heading on one line, each paragraph behind the other."""
    return " ".join((TEXT + MESSAGE).split())


def mirrored():
    """The mirror's copy: no routing header, every line with a blank at its end."""
    return MESSAGE.replace("\n", " \n")


def collapsed():
    return re.sub(r"\n\s*\n+", "\n", MESSAGE)


def doubled_heading():
    """The fan mirror's copy: the heading twice, the first time with its title cut."""
    heading, body = MESSAGE.split("\n1. (C)", 1)
    cut = heading.replace(' "WILL NOT PAY" FOR\nBUOYS', " NORW...")
    return f"{TEXT}\n{cut}\n{heading}\n1. (C){body}"


def small_letters():
    body = MESSAGE.lower().replace("sipdis", "SIPDIS")
    return TEXT.lower() + "\n" + body


SEVENTIES = """\
CONFIDENTIAL

PAGE 01        OSLO 01188  01 OF 02  120915Z

41
ACTION EUR-12

INFO  OCT-01  ISO-00  EB-07  L-03  /024 W
DRAFTED BY EUR/NB:AHOLM:KL
APPROVED BY EUR/NB:JVANCE
L/OES - MR. BERG
DESIRED DISTRIBUTION
S/S-O
                     --------------------- 053129
R 120915Z MAR 75
FM AMEMBASSY OSLO
TO SECSTATE WASHDC 4311
INFO AMEMBASSY STOCKHOLM
CONFIDENTIAL

PAGE 02        OSLO 01188  01 OF 02  120915Z

USMISSION EC BRUSSELS

C O N F I D E N T I A L SECTION 1 OF 2 OSLO 1188

E.O. 11652: GDS
TAGS: EWWT, NO
SUBJ: LIGHTHOUSES AND THE COMMUNITIES

REF: STATE 150591

1. SUMMARY. THE LIGHTHOUSE BOARD WILL RAISE THE QUESTION OF COMMUNICA-
TIONS WITH SHIPS. END SUMMARY.

2. COMMUNICATIONS WITH SHIPS ARE THE BOARD'S TASK, ITS CHAIRMAN
TOLD EMBOFF, AND NOT
CONFIDENTIAL

CONFIDENTIAL

PAGE 03        OSLO 01188  02 OF 02  120930Z

THAT OF THE HARBOURS.

3. DEPARTMENT PLEASE ADVISE. HOLM

CONFIDENTIAL


NNNN
"""

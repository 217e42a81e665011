"""Synthetic cables in any number, with the statistics of a real collection.

Median 9 numbered paragraphs with a tail to 77, bodies of 4 to 6 kB, half with
references, 60 percent in sections, half with headings. The words are made of
syllables and as unevenly common as words are; each cable depends on the seed and its
number alone, so that a larger collection begins with the smaller one.
"""

import csv
import itertools
import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from ingest.formats.cable.identity import reference_id
from ingest.posts import read_data
from ingest.reading import Read

SEED = 1
MEDIAN_PARAGRAPHS, MOST_PARAGRAPHS, SPREAD = 9, 77, 0.65
WORDS_A_PARAGRAPH, WORDS_A_SENTENCE, WORDS_A_LINE = 86, 20, 11
WITH_REFERENCES, IN_SECTIONS, WITH_HEADINGS = 0.5, 0.6, 0.5
LINES_A_SECTION = 90

FIRST_DAY, DAYS = datetime(2003, 1, 1), 7 * 365
LEVELS = {
    "UNCLAS": ("U", "UUUUU"),
    "C O N F I D E N T I A L": ("C", "CCCCC"),
    "S E C R E T": ("S", "SSSSS"),
}
CLASSIFICATIONS = {level: level.replace(" ", "") for level in LEVELS} | {
    "UNCLAS": "UNCLASSIFIED"
}
LEVEL_WEIGHTS = (53, 41, 6)
SUBJECTS = ("PREL", "PGOV", "ECON", "MOPS", "PARM", "PHUM", "KDEM", "EAID", "SNAR")


@dataclass(frozen=True)
class Cable:
    """A cable as a copy of the collection holds it: header and body apart."""

    identifier: str
    sent: datetime
    origin: str
    classification: str
    references: tuple[str, ...]
    header: str
    body: str

    @property
    def text(self):
        return f"{self.header}\n\n{self.body}\n"

    @property
    def read(self):
        """The cable as an importer reads it from a folder."""
        return Read(f"{self.identifier}.txt", self.text.encode(), format="cable")

    @property
    def record(self):
        """The eight columns of the collection's dump, the row's number left out."""
        sent = self.sent
        created = f"{sent.month}/{sent.day}/{sent.year} {sent.hour}:{sent:%M}"
        references = "|".join(self.references)
        about = (created, self.identifier, self.origin, self.classification)
        return (*about, references, self.header, self.body)


def cable(number, seed=SEED):
    """The cable with this number, counted from 0."""
    rng = random.Random(f"{seed}/{number}")
    post, level = rng.choice(embassies()), rng.choices([*LEVELS], LEVEL_WEIGHTS)[0]
    sent = FIRST_DAY + timedelta(days=rng.random() * DAYS)
    serial = number + 1
    lines = body(rng, LEVELS[level][0])
    sections = 1
    if rng.random() < IN_SECTIONS:
        sections = max(2, math.ceil(len(lines) / LINES_A_SECTION))
        lines = in_sections(lines, sections, f"{post['city']} {serial:08d}")
    cited = references(rng, sent) if rng.random() < WITH_REFERENCES else []
    return Cable(
        identifier=f"{sent:%y}{post['station']}{serial}",
        sent=sent,
        origin=f"Embassy {post['city'].title()}",
        classification=CLASSIFICATIONS[level],
        references=tuple(reference_id(y, to["city"], n) for y, to, n in cited),
        header="\n".join(header(rng, post, level, sent, serial)),
        body="\n".join(
            (
                *heading(rng, post, level, sent, serial, sections, cited),
                "",
                *lines,
                surname(rng).upper(),
            )
        ),
    )


def reads(count, *, first=0, seed=SEED):
    """So many cables, one by one, as an importer reads them from a folder."""
    return (cable(number, seed).read for number in range(first, first + count))


def write(folder, count, *, first=0, seed=SEED):
    """Write so many cables into a folder, one a file; their size in bytes."""
    size = 0
    for read in reads(count, first=first, seed=seed):
        size += Path(folder, read.name).write_bytes(read.data)
    return size


def write_dump(path, count, *, first=0, seed=SEED):
    """Write so many cables into one file, as the collection's dump; its bytes."""
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        dump = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number in range(first, first + count):
            dump.writerow((number + 1, *cable(number, seed).record))
    return Path(path).stat().st_size


# -- pieces of a cable ---------------------------------------------------------------


def header(rng, post, level, sent, serial):
    letters, day = LEVELS[level][1], f"{sent:%d%H%MZ %b %y}".upper()
    routing = rng.sample(range(100, 999), k=rng.randint(2, 20))
    action, *others = rng.sample(embassies(), k=len(routing))
    return [
        f"VZCZCXRO{serial % 10_000:04d}",
        "PP RUEHZZ",
        f"DE RUEH{post['city'][:2]} #{serial % 10_000:04d}/01 {sent:%j%H%M}",
        f"ZN{'R' if level == 'UNCLAS' else 'Y'} {letters} ZZH",
        f"P {day}",
        f"FM {post['name']}",
        f"TO RUEHC/SECSTATE WASHDC PRIORITY {routing[0]:04d}",
        f"INFO RUEH{action['city'][:2]}/{action['name']} PRIORITY {routing[1]:04d}",
        *(
            f"RUEH{other['city'][:2]}/{other['name']} {number:04d}"
            for other, number in zip(others, routing[1:], strict=True)
        ),
    ]


def heading(rng, post, level, sent, serial, sections, cited):
    part = f"SECTION 01 OF {sections:02d} " if sections > 1 else ""
    lines = [
        f"{level} {part}{post['city']} {serial:06d}",
        "",
        "SIPDIS",
        "",
        f"E.O. 12958: DECL: {sent + timedelta(days=3650):%m/%d/%Y}",
        f"TAGS: {', '.join(rng.sample(SUBJECTS, k=rng.randint(2, 5)))}",
        f"SUBJECT: {words(rng, rng.randint(4, 9)).upper()}",
        "",
    ]
    if cited:
        lines += [*reference_lines(cited), ""]
    if level != "UNCLAS":
        name = f"{surname(rng)} {surname(rng)}"
        lines.append(f"Classified By: DCM {name}. Reasons 1.4 (b) and (d).")
    return lines


def references(rng, sent):
    """(year of two digits, post, serial) of the cables that a cable refers to."""
    count = rng.choices((1, 2, 3, 6), (50, 25, 15, 10))[0]
    return [
        ((sent.year - rng.randint(0, 2)) % 100, post, rng.randint(1, 4000))
        for post in rng.sample(embassies(), k=count)
    ]


def reference_lines(cited):
    for letter, (year, post, serial) in zip("ABCDEF", cited, strict=False):
        label = "REF: " if letter == "A" else "     "
        enumerator = "" if len(cited) == 1 else f"{letter}. "
        yield f"{label}{enumerator}{year:02d} {post['city']} {serial}"


def body(rng, mark):
    """The lines of the numbered paragraphs, each marked, some under headings."""
    count = round(MEDIAN_PARAGRAPHS * math.exp(rng.gauss(0, SPREAD)))
    has_headings = rng.random() < WITH_HEADINGS
    lines = []
    for number in range(1, max(1, min(count, MOST_PARAGRAPHS)) + 1):
        if has_headings and number % 4 == 1:
            title = words(rng, rng.randint(1, 6)).title()
            lines += ["-" * len(title), title, "-" * len(title), ""]
        length = max(12, round(rng.gauss(WORDS_A_PARAGRAPH, WORDS_A_PARAGRAPH / 3)))
        lines += wrapped([f"{number}.", f"({mark})", *in_sentences(rng, length)])
        lines.append("")
    return lines


def in_sections(lines, sections, name):
    """The lines with a running line wherever a further section begins."""
    cut, parts = math.ceil(len(lines) / sections), []
    for part in range(sections):
        if part:
            parts += ["", f"{name}  {part + 1:03d} OF {sections:03d}", ""]
        parts += lines[part * cut : (part + 1) * cut]
    return parts


def wrapped(found):
    for start in range(0, len(found), WORDS_A_LINE):
        yield " ".join(found[start : start + WORDS_A_LINE])


# -- words ---------------------------------------------------------------------------


def sentences(rng, count):
    """So many words in sentences of about twenty."""
    return " ".join(in_sentences(rng, count))


def in_sentences(rng, count):
    found = []
    while len(found) < count:
        first, *others = drawn(rng, min(WORDS_A_SENTENCE, count - len(found)))
        found += first.capitalize(), *others
        found[-1] += "."
    return found


def words(rng, count):
    return " ".join(drawn(rng, count))


def drawn(rng, count):
    """So many words in a row from some place among all draws."""
    places = draws()
    start = int(rng.random() * (len(places) - count))
    return places[start : start + count]


def surname(rng):
    return "".join(rng.choices(syllables(), k=3)).capitalize()


@cache
def vocabulary():
    """30,000 words, the commonest first and the shortest among them."""
    rng = random.Random(SEED)
    found = {}
    while len(found) < 30_000:
        most = 2 + min(2, len(found) // 200)
        found["".join(rng.choices(syllables(), k=rng.randint(1, most)))] = None
    return list(found)


@cache
def draws():
    """A quarter of a million words, the n-th an n-th as common as the first, mixed.

    Drawing them once for all cables makes a cable several times faster.
    """
    found = vocabulary()
    weights = itertools.accumulate(1 / (n + 1) for n in range(len(found)))
    return random.Random(SEED).choices(found, cum_weights=list(weights), k=2**18)


@cache
def syllables():
    return [first + vowel for first in "bdfghklmnprstvwz" for vowel in "aeiou"] + [
        vowel + last for vowel in "aeiou" for last in "lmnrst"
    ]


@cache
def embassies():
    """Posts that the data tables know, with the city as cables print it."""
    return [
        {**row, "city": row["name"].removeprefix("AMEMBASSY ")}
        for row in read_data("posts")
        if row["name"].startswith("AMEMBASSY ")
    ]

"""The labelled set: reading its files, and scoring what is proposed for them.

There are two sets in one format, of which `tests/data/labelled/README.md` says how it
is written: WITH_RULES was written by the hand that wrote the rules, UNSEEN by one that
had not read them. What the rules are worth elsewhere is what UNSEEN says.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ingest.records import Speaker, Voice
from ingest.suggesting import Known, KnownActor, KnownOption, Line, Page, suggest
from positions.choices import ParagraphRole, SourceKind, VoiceKind

DATA = Path(__file__).parent / "data"
WITH_RULES = DATA / "labelled"
UNSEEN = DATA / "unseen"
SETS = (WITH_RULES, UNSEEN)
CODEBOOK = Path(__file__).parents[1] / "positions" / "data" / "codebook.csv"
HALVES = ("development", "held_out")

_HEAD = re.compile(r"\[(?P<role>\w+)(?:; (?P<speaker>[^\]]+))?\]")


@dataclass(frozen=True)
class Gold:
    """A statement that a coder makes of [start, end) of a paragraph."""

    paragraph: int
    start: int
    end: int
    actor: str
    option: str
    disposition: str
    standing: str
    modality: str
    said_on: str
    repeats: bool


@dataclass(frozen=True)
class Labelled:
    """One document of the set."""

    name: str
    register: str
    page: Page
    gold: tuple[Gold, ...]


@dataclass
class Score:
    """What was proposed of what was coded; counts, from which the shares come."""

    gold: int = 0
    proposed: int = 0
    matched: int = 0
    right: Counter = field(default_factory=Counter)
    overlap: float = 0.0
    repeated: int = 0
    repeats: int = 0
    missed: list = field(default_factory=list)
    wrong: list = field(default_factory=list)

    @property
    def precision(self):
        return self.matched / self.proposed if self.proposed else 0.0

    @property
    def recall(self):
        return self.matched / self.gold if self.gold else 0.0

    def given(self, name):
        """The share of the matched in which a field is right too."""
        return self.right[name] / self.matched if self.matched else 0.0


@cache
def known(folder=WITH_RULES):
    """The actors and options of a set."""
    return Known(
        actors=tuple(
            KnownActor(
                key=row["key"],
                kind=row["kind"],
                name=row["name"],
                names=split(row["names"]),
                iso3=row["iso3"],
                of=row["of"],
                groups=split(row["member_of"]),
            )
            for row in table(folder, "actors")
        ),
        options=tuple(
            KnownOption(
                key=row["key"],
                issue=row["issue"],
                kind=row["kind"],
                short_name=row["short_name"],
                name=row["name"],
                aliases=split(row["aliases"]),
                whole=row["whole"],
            )
            for row in table(folder, "options")
        ),
    )


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(cell):
    return tuple(part for part in cell.split(";") if part)


@cache
def documents(half, folder=WITH_RULES):
    """The documents of a half, by name."""
    paths = sorted((folder / half).glob("*.txt"))
    return tuple(read(path) for path in paths)


def read(path):
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    pairs = [line.partition(":")[::2] for line in head.splitlines()]
    values = {key.strip(): value.strip() for key, value in pairs}
    speakers = [value for key, value in pairs if key.strip() == "speaker"]
    lines, gold = [], []
    for order, block in enumerate(re.split(r"\n\n+", body.strip()), 1):
        line, found = paragraph(order, block)
        lines.append(line)
        gold += found
    page = Page(
        paragraphs=tuple(lines),
        dated=values["dated"],
        kind=SourceKind(values["kind"]),
        issuer=values["issuer"],
        speakers=tuple(speaker(cell) for cell in speakers),
    )
    return Labelled(path.stem, values["register"], page, tuple(gold))


def speaker(cell):
    cells = [part.strip() for part in cell.split("|")] + [""] * 5
    name, actor, role, rank, person = cells[:5]
    return Speaker(name, actor, person, role, int(rank) if rank else None)


def paragraph(order, block):
    """A paragraph's line and its gold statements."""
    head, *rest = block.split("\n")
    found = _HEAD.fullmatch(head)
    text = "\n".join(line for line in rest if not re.match(r"[=&~] ", line))
    marks = [line for line in rest if re.match(r"[=&~] ", line)]
    voices = [
        Voice(*place(text, cell(mark)[1]), VoiceKind(cell(mark)[0]))
        for mark in marks
        if mark[0] == "~"
    ]
    gold = [coded(order, text, mark) for mark in marks if mark[0] != "~"]
    role = ParagraphRole(found["role"])
    return Line(order, text, role, tuple(voices), found["speaker"] or ""), gold


def cell(mark):
    return [part.strip() for part in mark[2:].split("|")]


def coded(order, text, mark):
    actor, option, disposition, standing, modality, said_on, words = cell(mark)
    start, end = place(text, words)
    row = (actor, option, disposition, standing, modality)
    return Gold(order, start, end, *row, said_on, mark[0] == "&")


def place(text, words):
    """Where the words stand, once, whatever the line breaks."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    (found,) = re.finditer(pattern, text)
    return found.span()


@cache
def facets():
    with CODEBOOK.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["facet"] for row in csv.DictReader(file)}


def score(half, register="", folder=WITH_RULES):
    """The score of a half, or of its documents of one register."""
    total = Score()
    for document in documents(half, folder):
        if register in ("", document.register):
            add(total, document, suggest(document.page, known(folder)))
    return total


def add(total, document, proposals):
    """Match by paragraph, actor and option; of several, the most alike."""
    left = list(proposals)
    total.gold += len(document.gold)
    total.proposed += len(left)
    pairs = []
    for gold in document.gold:
        total.repeats += gold.repeats
        for one in left:
            if (one.paragraph, one.actor, one.option) == (
                gold.paragraph,
                gold.actor,
                gold.option,
            ):
                pairs.append((one.disposition == gold.disposition, shared(one, gold)))
                pairs[-1] = (*pairs[-1], gold, one)
    used_gold, used = set(), set()
    for _, overlap, gold, one in sorted(pairs, key=lambda p: p[:2], reverse=True):
        if id(gold) in used_gold or id(one) in used:
            continue
        used_gold.add(id(gold))
        used.add(id(one))
        compare(total, document, gold, one, overlap)
    total.missed += [
        (document.name, g) for g in document.gold if id(g) not in used_gold
    ]
    total.wrong += [(document.name, p) for p in left if id(p) not in used]


def compare(total, document, gold, one, overlap):
    total.matched += 1
    total.overlap += overlap
    said_on = document.page.dated if gold.said_on == "-" else gold.said_on
    total.right["disposition"] += one.disposition == gold.disposition
    total.right["facet"] += facets()[one.disposition] == facets()[gold.disposition]
    total.right["standing"] += one.standing == gold.standing
    total.right["modality"] += one.modality == gold.modality
    total.right["date"] += one.said_on == said_on
    total.right["span"] += overlap >= 0.5
    total.repeated += gold.repeats and bool(one.repeats)
    for name in ("disposition", "standing", "modality"):
        if getattr(one, name) != getattr(gold, name):
            total.wrong.append((document.name, name, gold, one))
    if one.said_on != said_on:
        total.wrong.append((document.name, "date", gold, one))


def shared(one, gold):
    """The characters in both spans, of those in either."""
    both = min(one.end, gold.end) - max(one.start, gold.start)
    either = max(one.end, gold.end) - min(one.start, gold.start)
    return max(0, both) / either

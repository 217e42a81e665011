"""What a language's tables say: words of attitude, of speech and of office, compiled.

Each rule is one line of a table in `ingest/data/suggesting/<language>/`, with an
example sentence and what is to be proposed for it; `tests/test_suggesting_lexicon.py`
runs every line. Patterns are regular expressions with short forms (`patterns.py`) over
a *masked* sentence (`masking.py`), in which an actor or an option is one character.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.suggesting.patterns import Patterns
from positions.choices import OptionKind, SpeakerRank

DATA = Path(__file__).resolve().parents[1] / "data" / "suggesting"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that tell a disposition.

    `shape` says where actor and option stand: *active* (actor, words, option), *near*
    (the same, the option at once), *inside* (the words hold the option), *full* (they
    hold both), *noun* (the same, as a name for it), *bare* (the option was named
    before), *linked* (after a form of "to be"), *voiced* (a speaker's judgement of an
    option), *echo* ("so did", "opposed by": who, of an option named before).
    `says` is the disposition if it stands plainly, `denied` under a negation, `ahead`
    and `ahead_denied` of the future ("" = as `says` and `denied`); a blank `denied`
    proposes nothing. `kinds`: of which options ("" = all). A sentence without any of
    `anchors` need not be searched (none: every sentence must be).
    """

    pattern: re.Pattern[str]
    words: str
    anchors: frozenset[str]
    shape: str
    kinds: frozenset[str]
    says: str
    denied: str
    ahead: str
    ahead_denied: str
    strength: float
    form: str

    def disposition(self, *, denied: bool, ahead: bool) -> str:
        """The disposition's code, or "" where the words tell none."""
        if denied:
            return (ahead and self.ahead_denied) or self.denied
        return (ahead and self.ahead) or self.says


@dataclass(frozen=True, slots=True)
class Rule:
    """Words and the effect that they have where they stand."""

    pattern: re.Pattern[str]
    effect: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How a language names a state, its people and where its government sits.

    A vanished state may have an heir: `until` that year the heir's seats were its own.
    """

    iso3: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    seats: tuple[str, ...]
    heir: str = ""
    until: int = 0


@dataclass(frozen=True, slots=True)
class Title:
    """A title or office: the rank of who bears it, and whose it is.

    `of` is "issuer" (an officer of the document's issuer), "other" (does not speak
    for a government), an ISO 3166 alpha-3 code, or "".
    """

    words: str
    rank: int
    of: str

    @property
    def is_courtesy(self) -> bool:
        """A form of address ("Mr."), and no office."""
        return self.rank == SpeakerRank.UNKNOWN and not self.of


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All tables of one language, compiled."""

    cues: tuple[Cue, ...]
    gaps: tuple[Rule, ...]
    links: tuple[Rule, ...]
    attributions: tuple[Rule, ...]
    conditions: tuple[Rule, ...]
    urging: tuple[Rule, ...]
    states: tuple[State, ...]
    titles: tuple[Title, ...]
    bodies: Mapping[str, str]
    anaphora: Mapping[str, str]
    grammar: Mapping[str, re.Pattern[str]]
    words: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, frozenset[str]]

    def are(self, name: str) -> frozenset[str]:
        """The words of a class ("pronoun", "month"), as they are compared."""
        return self.classes[name]


def read_rows(language: str, table: str) -> list[dict[str, str]]:
    """The rows of a table of a language, by column."""
    with (DATA / language / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def has_language(language: str) -> bool:
    """Are there tables for this language ("en", "en-GB")?"""
    return _folder_of(language) is not None


def lexicon(language: str) -> Lexicon | None:
    """The tables of a language; None if there are none. No language is English."""
    folder = _folder_of(language)
    return _read(folder) if folder else None


def _folder_of(language: str) -> str | None:
    primary = re.split("[-_]", language.strip().lower())[0] or "en"
    if not re.fullmatch("[a-z]{2,3}", primary):
        return None
    return primary if (DATA / primary).is_dir() else None


@cache
def _read(language: str) -> Lexicon:
    irregular = {
        r["base"]: r["forms"].split("|") for r in read_rows(language, "irregular")
    }
    grammar = {row["name"]: row["pattern"] for row in read_rows(language, "grammar")}
    patterns = Patterns(irregular, grammar)
    words: dict[str, tuple[str, ...]] = {}
    for row in read_rows(language, "words"):
        words[row["class"]] = tuple(row["words"].split("|"))
    return Lexicon(
        cues=tuple(_cues(language, patterns)),
        gaps=tuple(_rules(language, "gaps", patterns)),
        links=tuple(_rules(language, "links", patterns)),
        attributions=tuple(_rules(language, "attribution", patterns)),
        conditions=tuple(_rules(language, "conditions", patterns)),
        urging=tuple(_rules(language, "urging", patterns)),
        states=tuple(
            State(
                row["iso3"],
                names=_split(row["names"]),
                adjectives=_split(row["adjectives"]),
                seats=_split(row["seats"]),
                # A line may end before the columns of what only few have.
                heir=row["heir"] or "",
                until=int(row["until"] or 0),
            )
            for row in read_rows(language, "states")
        ),
        titles=tuple(
            Title(title, int(row["rank"]), row["of"])
            for row in read_rows(language, "titles")
            for title in row["title"].split("|")
        ),
        bodies={
            name: row["alone"]
            for row in read_rows(language, "bodies")
            for name in row["words"].split("|")
        },
        anaphora={
            noun: row["kinds"]
            for row in read_rows(language, "anaphora")
            for noun in row["noun"].split("|")
        },
        grammar={name: patterns.grammar(text) for name, text in grammar.items()},
        words=words,
        classes={name: frozenset(row) for name, row in words.items()},
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


def _cues(language: str, patterns: Patterns) -> Iterator[Cue]:
    """Each cue once, however many lines (examples) it has; stronger ones first."""
    seen = set()
    for row in read_rows(language, "cues"):
        key = (row["pattern"], row["kinds"])
        if key in seen:
            continue
        seen.add(key)
        kinds = frozenset(_split(row["kinds"]))
        unknown = kinds - set(OptionKind.values)
        if unknown:
            raise ValueError(f"cues.csv: no such kind of option: {sorted(unknown)}")
        yield Cue(
            pattern=patterns.words(row["pattern"]),
            words=row["pattern"],
            anchors=frozenset(patterns.anchors(row["pattern"])),
            shape=row["shape"],
            kinds=kinds,
            says=row["says"],
            denied=row["denied"],
            ahead=row["ahead"],
            ahead_denied=row["ahead_denied"],
            strength=float(row["strength"]),
            form=row["form"],
        )


def _rules(language: str, table: str, patterns: Patterns) -> Iterator[Rule]:
    for row in read_rows(language, table):
        effect = row.get("effect") or row.get("shape") or ""
        yield Rule(patterns.words(row["words"]), effect, row.get("kind", ""))

"""The derivation rule, version 1: from accepted statements to dated periods.

Pure: values in, values out. `derive` reads all statements of one actor on one
issue and answers for each cell (option and facet) which disposition held from
which day to which day, what each answer rests on, and for every statement that
makes no answer the clause that says so.

 1. *What counts.* A statement counts when its words are exact in the revision
    coded, its disposition has a score, it is the actor's own word or a recorded
    act of the actor (whoever records it), and it is stated or intended. A
    characterisation, reliability E and credibility 5 do not count. What others or
    the document's author say about the actor, and what is conditional or
    expected, stands beside the timeline. Declined and deferred are marks.
 2. *Once per event.* Statements of one cell, disposition and event are one piece
    of evidence; without an event, those of one speaker on one day. A piece has
    the days of its most exactly dated statement, the strength of its strongest.
 3. *Its day.* A range opens on its last day and confirms for its first only: all
    that it surely says. An open *since* opens on its first day, however long ago,
    and speaks for all days up to the one on which it was said. A range longer
    than a year, and one in which lies the day of other evidence that is at least
    as exact, neither opens nor closes: it supports what agrees with it in its
    days, contests what does not, or is set aside. A range is cut at the option's
    last valid day; what speaks only of later days is set aside (6).
 4. *Order.* By day; on one day acts before words, then the better rank, then an
    authority named, then verbatim or official text. The strongest speaks for the
    day. Weaker words of a lower rank that differ contest it (7), those of the same
    rank are set aside. Equals that differ are a tie: the day is contested. Acts of
    one day that point the same way are no tie, the furthest stands (a state may
    sign and ratify on one day).
 5. *Opening and replacing.* The first evidence opens. The same disposition
    confirms. Another replaces if it is an act, or of the same or a better rank
    than the best on which the open period rests (an act ranks above all words),
    or comes more than 90 days after its last confirmation.
 6. *Ending without evidence.* On the day after the option's last valid day; and
    by lapse, some calendar months after the last confirmation (`Horizons`), with
    "carried" from half-way; evidence of the very day of a lapse still confirms.
    Commitments do not lapse. A change of government ends nothing and is named
    until a confirmation follows on a later day.
 7. *Contested.* What differs and does not replace contests until the next
    evidence that can open or close, on a later day. A vague piece contests only
    within 90 days of the last confirmation. Words said in public and in
    confidence are read apart as well; where the two differ on some day, both
    lanes are shown in place of the one. Leaked words, words of unknown publicity
    and acts belong to both. Only the actor's own words set lanes apart.
 8. *Enough evidence.* A period shows when it rests on an act, on an event with a
    speaker of rank 1 to 3, or on two events; a tie, when each side does. Others
    are kept as thin.
 9. *Groups.* A group's word counts apart from the actor's own. It never replaces,
    contests or confirms the actor's own evidence: what falls on a day of that, or
    into a period of it (thin ones too), is set aside, and the first own period
    ends what came through a group.
10. *Alternatives.* Signing or becoming bound (own, shown, not contested) ends an
    earlier *prefer* for an alternative that either option declares, until it is
    stated again, on that day or later.
11. *Phrase.* See `phrases.py`.
12. *Person over rule.* See `drift`.

Where the text of the rule leaves something open, the reading here is the one that
claims less.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from positions.choices import EvidenceLevel, Facet

from .derivation.cells import Answer, Cell, drift
from .derivation.evidence import (
    Evidence,
    Extension,
    Mark,
    MemberSpan,
    SetAside,
    extend_to_members,
    sift,
)
from .derivation.lanes import APART, Bounds, LaneRead, read_lanes
from .derivation.periods import (
    RULE_VERSION,
    Lane,
    Period,
    Setting,
    lanes_differ,
    make_periods,
)
from .derivation.runs import Run, Stop

__all__ = [
    "RULE_VERSION",
    "Answer",
    "Cell",
    "Evidence",
    "Extension",
    "Horizons",
    "Mark",
    "MemberSpan",
    "OptionFacts",
    "Period",
    "SetAside",
    "Timeline",
    "derive",
    "drift",
    "extend_to_members",
]

# Clause 10: the codes of the codebook that it names; a code never changes.
PREFER = "prefer"
DONE_BY = {"signed": "signing", "bound": "becoming bound by"}

CellKey = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """What the rule needs to know of an option; `valid_to` is its last valid day."""

    key: str
    valid_to: date | None = None
    alternatives: frozenset[str] = frozenset()
    name: str = ""  # for sentences; empty: the key


@dataclass(frozen=True, slots=True)
class Horizons:
    """Calendar months until a facet lapses (None: never), days of a contest."""

    preference: int | None = 24
    engagement: int | None = 12
    contest_days: int = 90

    def of(self, facet: str) -> int | None:
        return {
            Facet.PREFERENCE.value: self.preference,
            Facet.ENGAGEMENT.value: self.engagement,
        }.get(str(facet))


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the rule makes of one actor's statements on one issue."""

    cells: tuple[Cell, ...]
    horizons: Horizons
    codebook_version: str
    rule_version: str = RULE_VERSION

    def cell(self, option: str, facet: str | None) -> Cell | None:
        wanted = option, facet
        return next((c for c in self.cells if (c.option, c.facet) == wanted), None)

    def at(self, day: date) -> dict[CellKey, Answer]:
        """How each cell with a facet stands on a day."""
        return {(c.option, c.facet): c.at(day) for c in self.cells if c.facet}


def derive(
    evidence: Iterable[Evidence],
    *,
    options: Mapping[str, OptionFacts],
    codebook_version: str,
    horizons: Horizons = Horizons(),  # noqa: B008 (frozen)
    government_changes: Sequence[date] = (),
    scope: str = "",
) -> Timeline:
    """Derive all cells of one actor on one issue; the order of input never matters.

    An option that `options` does not have has no end and no alternatives. `scope`
    names actor and issue in the periods' ids. Raises ValueError when two
    different statements have one key.
    """
    reader = _Reader(
        options=options,
        horizons=horizons,
        codebook_version=codebook_version,
        government_changes=tuple(sorted(set(government_changes))),
        scope=scope,
    )
    cells: dict[CellKey, Cell] = {}
    stops: dict[str, list[Stop]] = defaultdict(list)
    by_cell = _by_cell(evidence)
    # Commitments first: what was signed ends preferences elsewhere (clause 10).
    for key in sorted(by_cell, key=lambda key: key[1] != Facet.COMMITMENT):
        option, facet = key
        heard = stops[option] if facet == Facet.PREFERENCE else []
        cells[key], runs = reader.read(by_cell[key], sorted(heard, key=_day_and_key))
        if facet == Facet.COMMITMENT:
            for alternative in reader.alternatives_of(option):
                stops[alternative] += reader.signings(option, runs)
    ordered = sorted(cells, key=lambda key: (key[0], key[1] or ""))
    return Timeline(tuple(cells[key] for key in ordered), horizons, codebook_version)


def _by_cell(evidence: Iterable[Evidence]) -> dict[CellKey, list[Evidence]]:
    known: dict[str, Evidence] = {}
    for item in evidence:
        if known.setdefault(item.key, item) != item:
            raise ValueError(f"Two different statements have the key {item.key}.")
    found: dict[CellKey, list[Evidence]] = defaultdict(list)
    for item in sorted(known.values(), key=lambda item: item.key):
        found[item.option, item.facet].append(item)
    return found


def _day_and_key(stop: Stop) -> tuple[date, str]:
    return stop.day, stop.by


@dataclass(frozen=True, slots=True)
class _Sifted:
    """Clauses 1 and 6: the statements of a cell, told apart before reading."""

    counted: list[Evidence] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    beside: list[SetAside] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def take(self, item: Evidence, last_day: date) -> None:
        found = sift(item)
        if found is None and item.earliest > last_day:
            reason = "It speaks of a day after the option's last valid day."
            self.set_aside.append(SetAside(item.key, 6, reason, item.day, counted=True))
        elif found is None:
            self.counted.append(replace(item, latest=min(item.latest, last_day)))
        elif found.place == "mark":
            self.marks.append(Mark(item.key, item.disposition, item.label, item.day))
        else:
            place = self.beside if found.place == "beside" else self.set_aside
            place.append(
                SetAside(
                    item.key, found.clause, found.reason, item.day, about=found.about
                )
            )


@dataclass(frozen=True, slots=True)
class _LaneMade:
    """One lane of a cell: what was read, and the periods made of it."""

    read: LaneRead
    shown: list[Period]
    thin: list[Period]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one cell after another with the same options, horizons and scope."""

    options: Mapping[str, OptionFacts]
    horizons: Horizons
    codebook_version: str
    government_changes: tuple[date, ...]
    scope: str

    def read(
        self, items: Sequence[Evidence], stops: Sequence[Stop]
    ) -> tuple[Cell, list[Run]]:
        """One cell, and the runs of all its evidence read together."""
        option, facet = items[0].option, items[0].facet
        sifted = _Sifted()
        for item in items:
            sifted.take(item, self._facts(option).valid_to or date.max)
        lanes: list[_LaneMade] = []
        runs: list[Run] = []
        if facet is not None and sifted.counted:
            made = self._make(option, facet, sifted.counted, stops)
            runs = made["any"].read.runs
            lanes = [made["any"]]
            if len(made) > 1 and lanes_differ(*(made[lane].shown for lane in APART)):
                lanes = [made[lane] for lane in APART]
        cell = Cell(
            option,
            facet,
            periods=tuple(period for lane in lanes for period in lane.shown),
            thin_periods=tuple(period for lane in lanes for period in lane.thin),
            beside=tuple(sifted.beside),
            marks=tuple(sifted.marks),
        )
        unused = _unused(cell, [lane.read for lane in lanes])
        return replace(cell, set_aside=(*sifted.set_aside, *unused)), runs

    def _make(
        self,
        option: str,
        facet: str,
        counted: Sequence[Evidence],
        stops: Sequence[Stop],
    ) -> dict[Lane, _LaneMade]:
        horizon = self.horizons.of(facet)
        bounds = Bounds(
            horizon, self.horizons.contest_days, self._facts(option).valid_to
        )
        setting = Setting(
            option=option,
            facet=facet,
            lane="any",
            horizon=horizon,
            facts={item.disposition: item for item in counted},
            government_changes=self.government_changes,
            codebook_version=self.codebook_version,
            scope=self.scope,
        )
        return {
            lane: _LaneMade(read, *make_periods(read.runs, replace(setting, lane=lane)))
            for lane, read in read_lanes(counted, bounds, stops).items()
        }

    def _facts(self, option: str) -> OptionFacts:
        return self.options.get(option) or OptionFacts(option)

    def alternatives_of(self, option: str) -> list[str]:
        """The options declared alternatives of this one, by either side."""
        declaring = {
            key for key, facts in self.options.items() if option in facts.alternatives
        }
        return sorted((declaring | self._facts(option).alternatives) - {option})

    def signings(self, option: str, runs: Iterable[Run]) -> list[Stop]:
        """Clause 10: the days from which an alternative must be stated again."""
        name = self._facts(option).name or option
        return [
            Stop(
                day=run.start,
                reason="not_restated",
                by=run.support[0].lead.key,
                note=f"not restated since {DONE_BY[done]} {name} on {run.start}",
                disposition=PREFER,
            )
            for run in runs
            for done in run.stretches()[0].dispositions
            if done in DONE_BY and _is_own_and_sure(run)
        ]


def _is_own_and_sure(run: Run) -> bool:
    return (
        run.support[0].lead.through is None
        and len(run.stretches()[0].dispositions) == 1
        and run.level() != EvidenceLevel.THIN
    )


def _unused(cell: Cell, reads: Iterable[LaneRead]) -> list[SetAside]:
    """What no lane of the cell used, each statement once."""
    taken = cell.used | cell.contradicting
    left = {
        item.key: item
        for read in reads
        for item in read.set_aside
        if item.key not in taken
    }
    return [left[key] for key in sorted(left)]

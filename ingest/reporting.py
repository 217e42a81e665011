"""What an import says of itself: one item a document or row, counts, reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ingest.models import ImportRun
from ingest.session import Outcome
from positions.models import Source
from positions.revising import Settled

# Reasons kept in memory; all of them stand in the run's problems.
MOST_REASONS = 200

_WOULD = {
    Outcome.CREATED: "would create",
    Outcome.CHANGED: "would change",
    Outcome.UNCHANGED: "unchanged",
    Outcome.CONFLICT: "would keep",
    Outcome.UNSURE: "unsure",
    Outcome.REJECTED: "rejected",
}


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one document or row; `name` is its public key.

    `size` is how many bytes of the files it was, if they are counted.
    """

    outcome: Outcome
    file: str
    name: str = ""
    record: str = ""
    sentences: tuple[str, ...] = ()
    source: Source | None = None
    settled: Settled | None = None
    size: int = 0

    def of_size(self, size: int) -> Item:
        """The item, of so many bytes."""
        if not size:
            return self
        told = (self.outcome, self.file, self.name, self.record, self.sentences)
        return Item(*told, self.source, self.settled, size)

    def as_json(self) -> dict[str, Any]:
        """The item for a machine, without what is empty."""
        fields = {
            "outcome": str(self.outcome),
            "file": self.file,
            "record": self.record,
            "name": self.name,
            "sentences": list(self.sentences),
        }
        return {name: value for name, value in fields.items() if value}

    @property
    def reasons(self) -> list[str]:
        """One line for each thing that a person should know."""
        where = ", ".join(filter(None, (self.file, self.record)))
        return [f"{where}: {sentence}" for sentence in self.sentences]


@dataclass
class Report:
    """Counts of one run by outcome, and the first reasons."""

    dry_run: bool = False
    run: ImportRun | None = None
    counts: Counter[Outcome] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    unlisted: int = 0
    stopped: str = ""
    last: Item | None = None

    def add(self, item: Item) -> None:
        self.counts[item.outcome] += 1
        self.last = item
        if not item.sentences:
            return
        room = MOST_REASONS - len(self.reasons)
        self.reasons += item.reasons[:room]
        self.unlisted += max(0, len(item.reasons) - room)

    @property
    def created(self) -> int:
        return self.counts[Outcome.CREATED]

    @property
    def changed(self) -> int:
        return self.counts[Outcome.CHANGED]

    @property
    def conflicts(self) -> int:
        """What a person made was kept, and the difference listed."""
        return self.counts[Outcome.CONFLICT]

    @property
    def unchanged(self) -> int:
        return self.counts[Outcome.UNCHANGED]

    @property
    def unsure(self) -> int:
        """Names that nobody is meant by for sure."""
        return self.counts[Outcome.UNSURE]

    @property
    def rejected(self) -> int:
        return self.counts[Outcome.REJECTED]

    @property
    def in_vain(self) -> bool:
        """There was something to import, and nothing of it could be."""
        lost = self.rejected + self.unsure
        return lost > 0 and lost == self.counts.total()

    @property
    def nothing_new(self) -> bool:
        return self.counts.total() == self.unchanged

    def as_json(self) -> dict[str, Any]:
        """The counts for a machine, and why it stopped ("" = it came to its end)."""
        return {
            "run": self.run.pk if self.run and not self.dry_run else None,
            "dry_run": self.dry_run,
            "stopped": self.stopped,
            "counts": {str(outcome): self.counts[outcome] for outcome in Outcome},
        }

    def summary(self) -> str:
        """`3 created, 1 changed, 0 unchanged, 2 rejected`, in the words of the run."""
        shown = (Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED)
        always = [(outcome, self.counts[outcome]) for outcome in shown]
        if self.conflicts:
            always.append((Outcome.CONFLICT, self.conflicts))
        if self.unsure:
            always.append((Outcome.UNSURE, self.unsure))
        always.append((Outcome.REJECTED, self.rejected))
        return ", ".join(f"{n} {self._word(outcome)}" for outcome, n in always)

    def _word(self, outcome: Outcome) -> str:
        if self.dry_run:
            return _WOULD[outcome]
        return "kept as they are" if outcome == Outcome.CONFLICT else str(outcome)

    def lines(self) -> list[str]:
        """All that a person should read at the end, the summary last."""
        more = [f"... and {self.unlisted} more."] if self.unlisted else []
        stopped = [self.stopped] if self.stopped else []
        return [*self.reasons, *more, *stopped, self.summary()]

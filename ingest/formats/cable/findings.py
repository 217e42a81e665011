"""Warnings gathered while a text is read, each at its offset in the reading text."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.records import Patch, Problem

# A text of nothing but damage must not make a million rows.
MOST_OF_A_KIND = 200


@dataclass(slots=True)
class Findings:
    """Warnings in the order they were found; `problems` gives them their lines."""

    found: list[tuple[str, str, int | None]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, code: str, message: str, at: int | None = None) -> None:
        """Note a warning; `at` is an offset in the reading text, None = all of it."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= MOST_OF_A_KIND:
            self.found.append((code, message, at))

    def problems(
        self, patches: Sequence[Patch], raw_lines: Sequence[int]
    ) -> tuple[Problem, ...]:
        """The warnings with the line numbers of the raw text, in their order.

        `raw_lines` holds the offset at which each line of the raw text starts.
        """
        starts = [patch.start for patch in patches]
        shifts = [0]
        for patch in patches:
            shifts.append(shifts[-1] + len(patch.raw) - (patch.end - patch.start))
        problems = []
        for code, message, at in self.found:
            place = ""
            if at is not None:
                raw_at = at + shifts[bisect_right(starts, at)]
                place = f"line {bisect_right(raw_lines, raw_at)}"
            problems.append(Problem(code, place, message))
        for code, count in self.counts.items():
            if count > MOST_OF_A_KIND:
                message = f"{count - MOST_OF_A_KIND} more of this kind are not listed."
                problems.append(Problem(code, "", message))
        return tuple(problems)

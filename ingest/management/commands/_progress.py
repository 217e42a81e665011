"""How an import shows that it goes on, how fast, and how long it will take."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ingest.reporting import Item

# Where there is no terminal, a line is written after so many.
LINE_EVERY = 1000


def bar(stream: Any) -> Progress:
    return Progress(
        SpinnerColumn(),
        BarColumn(bar_width=24),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=Console(file=stream),
        transient=True,
    )


class _Counter:
    """Counts items and bytes since it began."""

    def __init__(self, total: int | None) -> None:
        self.total, self.count, self.size = total, 0, 0
        self.since = time.monotonic()

    def add(self, item: Item) -> None:
        self.count += 1
        self.size += item.size

    @property
    def passed(self) -> float:
        return max(time.monotonic() - self.since, 0.001)

    @property
    def rate(self) -> float:
        """Items a second."""
        return self.count / self.passed

    @property
    def remaining(self) -> float | None:
        """Seconds that the rest takes at the rate so far; None if nobody knows."""
        if not self.total or not self.size:
            return None
        return self.passed * max(self.total - self.size, 0) / self.size


class Lines:
    """Progress for logs: a plain line now and then."""

    def __init__(self, out: Any, total: int | None) -> None:
        self.out, self.counter = out, _Counter(total)

    def __call__(self, item: Item) -> None:
        counter = self.counter
        counter.add(item)
        if counter.count % LINE_EVERY == 0:
            left = counter.remaining
            shown = "" if left is None else f", {_duration(left)} left"
            rate = f"{counter.rate:.0f} a second{shown}"
            self.out.write(f"{counter.count} read, {rate}, now {item.file}")


class Moving:
    """Progress for people: one line with the count, the rate and the file."""

    def __init__(self, shown: Progress, total: int | None) -> None:
        self.shown, self.counter = shown, _Counter(total)
        self.task = shown.add_task("Reading", total=total)

    def __call__(self, item: Item) -> None:
        counter = self.counter
        counter.add(item)
        text = f"{counter.count} read, {counter.rate:.0f} a second: {item.file[-50:]}"
        self.shown.update(
            self.task, description=text.replace("[", "\\["), completed=counter.size
        )


def _duration(seconds: float) -> str:
    """ "40 s", "3 min", "2 h 5 min"."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{seconds:.0f} s"
    return (
        f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    )

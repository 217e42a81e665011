"""What the import commands have in common: options, progress, report."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ingest.reporting import Item, Report

# Where there is no terminal, a line is written after so many.
LINE_EVERY = 1000


class ImportCommand(BaseCommand):
    """A command that imports something and says what became of it."""

    tries = True  # it has a dry run

    @property
    def name(self) -> str:
        """The name it is called by."""
        return self.__module__.rpartition(".")[2]

    def add_arguments(self, parser: ArgumentParser) -> None:
        if self.tries:
            parser.add_argument(
                "--dry-run",
                action="store_true",
                help="do all of it, say what would happen, and undo it",
            )
        parser.add_argument(
            "--as", dest="who", metavar="USERNAME", help="the user who answers for it"
        )

    def user(self, name: str | None) -> Any:
        """The active user of a name; None for no name."""
        if not name:
            return None
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user “{name}”.")
        return user

    @contextmanager
    def progress(self) -> Iterator[Any]:
        """A function to call with each item: a moving line, or plain lines."""
        stream: Any = self.stdout._out
        if not stream.isatty():
            yield _Lines(self.stdout)
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"))
        with Progress(
            *columns, TimeElapsedColumn(), console=Console(file=stream), transient=True
        ) as shown:
            yield _Moving(shown)

    def tell(self, report: Report) -> None:
        """Print the report; raises CommandError if nothing of it could be imported."""
        *reasons, summary = report.lines()
        if report.in_vain or report.stopped:
            raise CommandError("\n".join([*reasons, summary]))
        for reason in reasons:
            self.stderr.write(reason)
        self.stdout.write(summary)


class _Lines:
    """Progress for logs: a plain line now and then."""

    def __init__(self, out: Any) -> None:
        self.out, self.count = out, 0

    def __call__(self, item: Item) -> None:
        self.count += 1
        if self.count % LINE_EVERY == 0:
            self.out.write(f"{self.count} read, now {item.file}")


class _Moving:
    """Progress for people: one line with the count, the rate and the file."""

    def __init__(self, shown: Progress) -> None:
        self.shown, self.count, self.since = shown, 0, time.monotonic()
        self.task = shown.add_task("Reading", total=None)

    def __call__(self, item: Item) -> None:
        self.count += 1
        rate = self.count / max(time.monotonic() - self.since, 0.001)
        text = f"{self.count} read, {rate:.0f} a second: {item.file[-50:]}"
        self.shown.update(self.task, description=text.replace("[", "\\["))

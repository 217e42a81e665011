"""What the import commands have in common: options, progress, report."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TextIO

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from ingest.pipeline import runs
from ingest.reporting import Item, Report

from ._progress import Lines, Moving, bar

Tell = Callable[[Item], None]


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
        parser.add_argument(
            "--report",
            metavar="FILE",
            help="write what becomes of each document and row into this file, a line "
            "of JSON each, the counts in the last",
        )

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Open the file of the report first: nothing is done that cannot be told."""
        self._report: TextIO | None = None
        with ExitStack() as opened:
            if path := options.get("report"):
                try:
                    file = open(path, "w", encoding="utf-8")  # noqa: SIM115
                except (OSError, ValueError) as fault:
                    reason = getattr(fault, "strerror", None) or fault
                    raise CommandError(
                        f"The report cannot be written to {path}: {reason}."
                    ) from fault
                self._report = opened.enter_context(file)
            return super().execute(*args, **options)

    def user(self, name: str | None) -> Any:
        """The active user of a name; None for no name."""
        if not name:
            return None
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user “{name}”.")
        return user

    @contextmanager
    def progress(self, total: int | None = None) -> Iterator[Tell]:
        """A function to call with each item: a moving line, or plain lines.

        `total` is how many bytes there are to read, if that is known.
        """
        stream: Any = self.stdout._out
        with ExitStack() as shown:
            tell: Tell
            if stream.isatty():
                tell = Moving(shown.enter_context(bar(stream)), total)
            else:
                tell = Lines(self.stdout, total)
            yield self._reporting(tell)

    def _reporting(self, tell: Tell) -> Tell:
        """The same, written into the report as well, if there is one."""
        report = self._report
        if report is None:
            return tell

        def both(item: Item) -> None:
            report.write(json.dumps(item.as_json(), ensure_ascii=False) + "\n")
            tell(item)

        return both

    def tell(self, report: Report) -> None:
        """Print the report; raises CommandError if nothing of it could be imported."""
        if self._report is not None:
            self._report.write(json.dumps(report.as_json(), ensure_ascii=False) + "\n")
        *reasons, summary = report.lines()
        if report.in_vain or report.stopped:
            raise CommandError("\n".join([*reasons, summary]))
        for reason in reasons:
            self.stderr.write(reason)
        self.stdout.write(summary)


class ReadingCommand(ImportCommand):
    """A command that imports what files, folders, archives or a stream hold."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            help="files, folders, archives (.zip, .tar.gz, .gz), or - for standard "
            "input",
        )
        parser.add_argument(
            "--limit",
            type=count,
            metavar="N",
            help="read no more documents or rows than this",
        )
        parser.add_argument(
            "--on-conflict",
            choices=(runs.KEEP, runs.FILE),
            default=runs.FILE,
            help="what differs from a person's work is not taken over: keep says "
            "nothing of it, file puts it on a work list (default: %(default)s)",
        )


def count(text: str) -> int:
    """A whole number of at least one; raises ArgumentTypeError."""
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise ArgumentTypeError(f"“{text}” is not a whole number of at least one.")
    return int(text)

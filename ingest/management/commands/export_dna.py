"""export_dna: statements -> an event list as Discourse Network Analyzer writes it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingest import exporting
from positions.models import Issue

from ._agreement import MAPPING, agreement


class Command(BaseCommand):
    help = (
        "Write the statements on an issue as an event list (CSV) with the columns of "
        "Discourse Network Analyzer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--issue", required=True, metavar="KEY")
        parser.add_argument("--collection", default="", metavar="KEY")
        parser.add_argument("--mapping", metavar="FILE", help=MAPPING)
        parser.add_argument(
            "--output", metavar="FILE", help="where it goes (default: standard output)"
        )

    def handle(
        self,
        *,
        issue: str,
        collection: str,
        mapping: str | None,
        output: str | None,
        **options: Any,
    ) -> None:
        found = Issue.objects.filter(key=issue).first()
        if found is None:
            raise CommandError(f"There is no issue “{issue}”.")
        events = exporting.events(found, agreement(mapping), collection)
        if not output:
            exporting.write_events(events, self.stdout._out)  # type: ignore[arg-type]
            return
        try:
            with Path(output).open("w", encoding="utf-8", newline="") as out:
                count = exporting.write_events(events, out)
        except OSError as fault:
            raise CommandError(f"{output} cannot be written: {fault}.") from fault
        self.stdout.write(f"{count} statements written to {output}")

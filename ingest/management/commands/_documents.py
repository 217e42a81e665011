"""What the commands that import documents have in common."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from ingest import offering, reading
from ingest.pipeline import documents
from ingest.pipeline.rows import Stated
from ingest.reporting import Report
from positions.suggestions import Filed

from ._importing import ReadingCommand, count

# Options that the pipeline takes as they are.
PASSED_ON = ("dry_run", "limit", "jobs", "on_conflict")


class DocumentsCommand(ReadingCommand):
    """A command that imports documents of some formats into a collection."""

    formats: tuple[str, ...]
    collection: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--collection",
            default=self.collection,
            metavar="KEY",
            help=f"where they go (default: {self.collection}); a new one is private",
        )
        parser.add_argument(
            "--jobs",
            type=count,
            default=1,
            metavar="N",
            help="so many processes parse while this one loads (default: it does both)",
        )

        parser.add_argument(
            "--suggest",
            action="store_true",
            help="propose statements from each text that came in, for people to decide",
        )

    def handle(
        self,
        *,
        paths: list[str],
        collection: str,
        who: str | None,
        **options: Any,
    ) -> None:
        user = self.user(who)
        with self.progress(reading.size_of(paths)) as progress:
            report = documents.run(
                paths,
                self.formats,
                collection,
                command=self.name,
                who=user,
                progress=progress,
                say=self.stdout.write,
                stated=self.stated(user, options),
                **{name: options[name] for name in PASSED_ON},
            )
        self.tell(report)
        if options["suggest"]:
            self.suggest(report)

    def suggest(self, report: Report) -> None:
        """Propose statements from each text that the run has brought."""
        if report.run and not report.dry_run:
            offered = offering.Offering().suggest_all(offering.brought_by(report.run))
            self.stdout.write(str(sum((filed for _, filed in offered), Filed())))

    def stated(self, who: Any, options: dict[str, Any]) -> Stated:
        """What becomes of the rows that the documents state."""
        return Stated(who=who, command=self.name)

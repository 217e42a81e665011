"""import_positions: our own tables of issues, events and evidence."""

from argparse import ArgumentParser
from typing import Any

from ingest.pipeline import rows, tables

from ._importing import ReadingCommand


class Command(ReadingCommand):
    help = (
        "Import tables (CSV or XLSX) from folders, files or archives; files or sheets "
        "are named like the table: collections, issues, options, reasons, events, "
        "participations, statements, checks, suggestions, stances. See write_templates."
    )
    wanted: tuple[str, ...] = (*rows.REFERENCE, *rows.EVIDENCE)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--table",
            default="",
            choices=self.wanted,
            metavar="NAME",
            help="which table it is, where no name of a file or sheet says so",
        )

    def handle(
        self,
        *,
        paths: list[str],
        table: str,
        dry_run: bool,
        who: str | None,
        **options: Any,
    ) -> None:
        user = self.user(who)
        with self.progress() as progress:
            report = tables.run(
                paths,
                self.wanted,
                command=self.name,
                dry_run=dry_run,
                who=user,
                progress=progress,
                create=options.get("create", False),
                table=table,
                limit=options["limit"],
                on_conflict=options["on_conflict"],
            )
        self.tell(report)

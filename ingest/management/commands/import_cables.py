"""import_cables: diplomatic cables as plain text -> sources."""

from argparse import ArgumentParser
from typing import Any

from ingest.pipeline import documents

from ._importing import ImportCommand


class Command(ImportCommand):
    help = "Import diplomatic cables: files, folders, or - for standard input."
    format = "cable"
    collection = "cables"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument(
            "--collection",
            default=self.collection,
            metavar="KEY",
            help=f"where they go (default: {self.collection}); a new one is private",
        )

    def handle(
        self,
        *,
        paths: list[str],
        collection: str,
        dry_run: bool,
        who: str | None,
        **options: Any,
    ) -> None:
        user = self.user(who)
        with self.progress() as progress:
            report = documents.run(
                paths,
                self.format,
                collection,
                command=f"import_{self.collection}",
                dry_run=dry_run,
                who=user,
                progress=progress,
            )
        self.tell(report)

"""reparse: read texts again by the newer version of their parser."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ingest.pipeline import reparsing, runs
from ingest.reporting import Report
from positions.models import Collection

from ._importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Read the texts that an older version of their parser read again, from the "
        "bytes they came in. Citations are carried over; what moved or is gone is "
        "listed for a person, and nothing published changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--collection", metavar="KEY", help="only of this one")

    def handle(
        self, *, collection: str | None, dry_run: bool, who: str | None, **options: Any
    ) -> None:
        user = self.user(who)
        if collection and not Collection.objects.filter(key=collection).exists():
            raise CommandError(f"There is no collection “{collection}”.")
        report = Report(dry_run=dry_run)
        with (
            self.progress() as progress,
            runs.recorded(
                report,
                command=self.name,
                who=user,
                arguments={"collection": collection},
            ) as run,
        ):
            for item in reparsing.reparse(run, user, collection):
                runs.account(report, item, progress)
        self.tell(report)

"""setup_actors: states, blocs and memberships, foreign ministries -> actors."""

from argparse import ArgumentParser
from typing import Any

from ingest import states
from ingest.pipeline import runs
from ingest.reporting import Report

from ._importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Make the states of ISO 3166 and vanished ones with their names and codes, "
        "blocs with their members, and the foreign ministries that documents name. "
        "What is there is never changed; run it again after imports."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--languages",
            default=",".join(states.LANGUAGES),
            metavar="TAGS",
            help="languages of the names beside English (default: %(default)s)",
        )

    def handle(
        self, *, languages: str, dry_run: bool, who: str | None, **options: Any
    ) -> None:
        user = self.user(who)
        report = Report(dry_run=dry_run)
        wanted = [tag.strip() for tag in languages.split(",") if tag.strip()]
        arguments = {"languages": wanted}
        with (
            runs.recorded(report, command=self.name, who=user, arguments=arguments),
            self.progress() as progress,
        ):
            for item in states.load(user, wanted, tool=self.name):
                runs.account(report, item, progress)
        self.tell(report)

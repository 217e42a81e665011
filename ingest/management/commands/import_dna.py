"""import_dna: coded databases of Discourse Network Analyzer -> sources, statements."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from ingest.pipeline.rows import Stated
from positions.choices import ActorKind
from positions.models import Issue
from positions.models.changes import recording

from ._agreement import MAPPING, agreement
from ._documents import DocumentsCommand


class Command(DocumentsCommand):
    help = (
        "Import databases of Discourse Network Analyzer 2 and 3 (.dna): each document "
        "becomes a source, each concept an option of the issue, each statement a draft."
    )
    formats = ("dna",)
    collection = "dna"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--issue", required=True, metavar="KEY", help="the issue of the concepts"
        )
        parser.add_argument(
            "--create",
            action="store_true",
            help="make the issue, options, organizations and people that are missing",
        )
        parser.add_argument(
            "--kind",
            default=ActorKind.NGO,
            choices=ActorKind.values,
            help="what an organization is made whose type tells no kind "
            "(default: %(default)s)",
        )
        parser.add_argument("--mapping", metavar="FILE", help=MAPPING)

    def handle(self, **options: Any) -> None:
        tries = options["dry_run"]
        with transaction.atomic() if tries else nullcontext():
            self._find(options["issue"], options["create"], options["who"])
            super().handle(**options)
            if tries:
                transaction.set_rollback(True)

    def stated(self, who: Any, options: dict[str, Any]) -> Stated:
        of_issue = {"issue": options["issue"]}
        return Stated(
            who=who,
            command=self.name,
            given={
                "actors": {"kind": options["kind"]},
                "options": of_issue,
                "statements": of_issue,
            },
            dispositions=agreement(options["mapping"]),
            create=options["create"],
        )

    def _find(self, key: str, create: bool, who: str | None) -> None:
        """Make the issue, if it is missing and may be made."""
        if Issue.objects.filter(key=key).exists():
            return
        if not create:
            raise CommandError(f"There is no issue “{key}”; --create makes it.")
        with recording(self.user(who), tool=self.name) as rec:
            issue = Issue(key=key, name=key.replace("-", " ").capitalize())
            try:
                issue.full_clean()
            except ValidationError as fault:
                raise CommandError(f"“{key}” cannot be a key of an issue.") from fault
            issue.save()
            rec.note(issue, "created")

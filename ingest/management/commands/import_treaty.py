"""import_treaty: status pages of the UN Treaty Collection -> sources, commitments."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from positions.models import Issue, Option

from ._stating import StatingCommand


class Command(StatingCommand):
    help = (
        "Import status pages of the UN Treaty Collection (HTML): each signature, "
        "consent to be bound and withdrawal becomes a statement of its state on the "
        "treaty, each declaration and objection a paragraph of its state."
    )
    formats = ("treaty",)
    collection = "treaties"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--option",
            metavar="KEY",
            help="the treaty among the options of the issue (default: the one that "
            "has the page's title as a name); with --create made if it is missing",
        )

    def given(self, issue: Issue, options: dict[str, Any]) -> dict[str, dict[str, Any]]:
        key = options["option"]
        missing = key and not Option.objects.filter(key=key).exists()
        if missing and not options["create"]:
            raise CommandError(f"There is no option “{key}”; --create makes it.")
        if key and not missing:
            self.option_of(issue, "option", key)
        return super().given(issue, options)

"""import_votes: tables of recorded votes -> sources, events, acts on resolutions."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from ingest.pipeline.votes import changes_of
from positions.models import Issue

from ._stating import StatingCommand

# More changes than these are counted, not listed.
MOST_CHANGES = 100


class Command(StatingCommand):
    help = (
        "Import tables of recorded votes (CSV or XLSX, a line for each country and "
        "resolution): each resolution becomes a source, an event and an option, each "
        "vote an act of its state. Who voted otherwise than before is listed."
    )
    formats = ("votes",)
    collection = "votes"
    dispositions = {"yes": "support", "no": "oppose", "abstain": "abstain"}

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--parent",
            metavar="KEY",
            help="the option that the resolutions are about (a treaty); those under "
            "it are one series",
        )

    def given(self, issue: Issue, options: dict[str, Any]) -> dict[str, dict[str, Any]]:
        given = super().given(issue, options)
        if options["parent"]:
            parent = self.option_of(issue, "parent", options["parent"])
            given["options"]["parent"] = parent.key
        return given

    def handle(self, **options: Any) -> None:
        super().handle(**options)
        if not options["dry_run"]:
            self._tell_changes(**options)

    def _tell_changes(
        self, *, collection: str, issue: str, parent: str | None, **options: Any
    ) -> None:
        found = changes_of(collection, issue, parent or "")
        self.stdout.write(f"Changes of vote in the series: {len(found)}")
        for change in found[:MOST_CHANGES]:
            self.stdout.write(f"  {change.on}: {change} (since {change.since})")
        if len(found) > MOST_CHANGES:
            self.stdout.write(f"  ... and {len(found) - MOST_CHANGES} more.")

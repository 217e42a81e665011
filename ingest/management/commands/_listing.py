"""What the commands have in common whose files list people and organizations."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from ingest.pipeline.rows import Stated
from ingest.records import Row
from ingest.reporting import Item
from positions.models import Revision

from ._documents import DocumentsCommand


class Unlisted(Stated):
    """Rows that nobody asked for are left where they are."""

    def items(
        self, rows: Iterable[Row], revision: Revision | None = None
    ) -> Iterator[Item]:
        return iter(())


class ListingCommand(DocumentsCommand):
    """A command whose files list actors, which are loaded if they may be made.

    Without that, every name that the register lacks would be told as a fault.
    """

    lists: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--create", action="store_true", help=self.lists)

    def stated(self, who: Any, options: dict[str, Any]) -> Stated:
        create = options["create"]
        kind = Stated if create else Unlisted
        return kind(who=who, command=self.name, create=create)

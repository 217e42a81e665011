"""import_actors: actors and memberships, from our own tables or Popolo JSON."""

from argparse import ArgumentParser

from ingest.pipeline import rows

from .import_positions import Command as ImportPositions


class Command(ImportPositions):
    help = (
        "Import actors and memberships: tables (CSV or XLSX) from folders, files or "
        "archives, named like the table, and Popolo JSON (.json). See write_templates."
    )
    wanted = rows.ACTORS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--create",
            action="store_true",
            help="make the actors without a key that nobody in the register is",
        )

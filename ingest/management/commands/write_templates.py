"""write_templates: empty templates of our own tables, CSV or XLSX."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingest.formats import templates
from ingest.formats.columns import TABLES


class Command(BaseCommand):
    help = (
        "Write empty templates of our own tables into a folder: one CSV each, or one "
        "workbook with a sheet each."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER")
        parser.add_argument("--format", choices=("csv", "xlsx"), default="csv")
        parser.add_argument(
            "--table",
            action="append",
            choices=tuple(TABLES),
            metavar="NAME",
            help=f"only this one (may be repeated): {', '.join(TABLES)}",
        )

    def handle(
        self, *, folder: str, format: str, table: list[str] | None, **options: Any
    ) -> None:
        wanted = table or list(TABLES)
        if format == "xlsx":
            name = f"{wanted[0]}.xlsx" if len(wanted) == 1 else "tables.xlsx"
            files = {name: templates.as_workbook(wanted)}
        else:
            files = {f"{t}.csv": templates.as_csv(t).encode() for t in wanted}
        for name, data in files.items():
            path = Path(folder) / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    file.write(data)
            except FileExistsError:
                raise CommandError(f"{path} exists already; it was kept.") from None
            except OSError as fault:
                raise CommandError(f"{path} cannot be written: {fault}.") from fault
            self.stdout.write(str(path))

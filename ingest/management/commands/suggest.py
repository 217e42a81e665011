"""suggest: propose statements from the texts that are here."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingest import offering
from positions.models import Collection, Source
from positions.suggestions import Filed


class Command(BaseCommand):
    help = (
        "Propose statements from the texts that are read now, for people to accept as "
        "drafts or to reject. What was decided, or coded, is never proposed again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "sources",
            nargs="*",
            metavar="SOURCE",
            help="keys of sources, such as cables/08TOKYO1212 (default: all)",
        )
        parser.add_argument("--collection", metavar="KEY", help="only of this one")

    def handle(
        self, *, sources: list[str], collection: str | None, **options: Any
    ) -> None:
        rows = Source.objects.all()
        if collection:
            if not Collection.objects.filter(key=collection).exists():
                raise CommandError(f"There is no collection “{collection}”.")
            rows = rows.filter(collection__key=collection)
        if sources:
            rows = rows.filter(pk__in=[self.source(key).pk for key in sources])
        total = Filed()
        for source, filed in offering.Offering().suggest_all(rows):
            total += filed
            if filed.made and options["verbosity"] > 1:
                self.stdout.write(f"{source.key}: {filed}")
        self.stdout.write(str(total))

    def source(self, key: str) -> Source:
        """The source of a key; raises CommandError."""
        collection, _, identifier = key.rpartition("/")
        found = Source.objects.filter(
            collection__key=collection, identifier=identifier
        ).first()
        if found is None:
            raise CommandError(f"There is no source “{key}”.")
        return found

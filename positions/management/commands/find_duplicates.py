"""find_duplicates: records of like names -> pairs that people judge."""

from django.core.management.base import BaseCommand

from positions import duplicates
from positions.choices import PairKind


class Command(BaseCommand):
    help = (
        "Compare the names of all actors, options or issues, and file the pairs that "
        "may be one record each once. A pair that was judged is never filed again."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--kind", choices=PairKind.values, help="only these; without it, all"
        )

    def handle(self, *, kind, **options):
        for one in [kind] if kind else PairKind.values:
            self.stdout.write(f"{PairKind(one).label}: {duplicates.find(one)}")

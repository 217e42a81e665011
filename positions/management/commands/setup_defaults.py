"""Make the groups and the default codebook; safe to run again."""

from django.core.management.base import BaseCommand

from positions.defaults import setup_defaults


class Command(BaseCommand):
    help = "Makes the groups and the default codebook where they are missing."

    def handle(self, **options) -> None:
        for sentence in setup_defaults() or ["Everything was there already."]:
            self.stdout.write(sentence)

"""Look over the whole database for rows that break a rule."""

from django.core.management.base import BaseCommand, CommandError

from positions import integrity


class Command(BaseCommand):
    help = "Names every row that breaks a rule which no constraint can hold."

    def handle(self, **options) -> None:
        found = 0
        for sentence in integrity.faults():
            self.stdout.write(sentence)
            found += 1
        if found:
            raise CommandError(f"{found} faults found.")
        self.stdout.write("Every rule holds.")

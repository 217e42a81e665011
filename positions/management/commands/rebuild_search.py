"""Fill the search indexes anew, after a change of what counts as a word."""

from django.core.management.base import BaseCommand

from positions import search


class Command(BaseCommand):
    help = "Fill the search indexes of paragraphs, statements and sources anew."

    def handle(self, *args, **options):
        for model in search.INDEXES:
            count = search.rebuild(model)
            name = model._meta.verbose_name_plural
            self.stdout.write(f"{name.capitalize()} indexed: {count}")

"""prune_revisions: drop what superseded texts no longer need."""

from contextlib import nullcontext

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from positions import pruning
from positions.models import Collection


class Command(BaseCommand):
    help = (
        "Drop the received bytes and the uncited paragraphs of texts that are no "
        "longer read. Their reading text and all that is cited stay; what a person "
        "typed stays whole. Bytes that are gone cannot be read again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--collection", metavar="KEY", help="only of this one")
        parser.add_argument("--dry-run", action="store_true", help="only say how much")

    def handle(self, *, collection, dry_run, **options):
        revisions = pruning.superseded()
        if collection:
            if not Collection.objects.filter(key=collection).exists():
                raise CommandError(f"There is no collection “{collection}”.")
            revisions = revisions.filter(source__collection__key=collection)
        total = pruning.Pruned()
        with transaction.atomic() if dry_run else nullcontext():
            for pruned in pruning.prune(revisions, tool="prune_revisions"):
                total += pruned
            if dry_run:
                transaction.set_rollback(True)
        done = "would drop" if dry_run else "dropped"
        self.stdout.write(
            f"{total.revisions} superseded texts: {done} {total.bytes:,} bytes and "
            f"{total.paragraphs} paragraphs"
        )

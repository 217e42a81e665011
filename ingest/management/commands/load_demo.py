"""load_demo: the demonstration, its curator, and one position with its proof."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import CommandError
from django.urls import reverse

from ingest import demo
from positions import dates

from ._importing import ImportCommand

CURATOR, PASSWORD = "curator", "demarche-demo"


class Command(ImportCommand):
    help = (
        "Load the demonstration (again: only what is missing) and print one position "
        "of it with its proof."
    )

    tries = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--site",
            default="http://127.0.0.1:8000",
            metavar="ADDRESS",
            help="where it is served (default: %(default)s)",
        )

    def handle(self, *, who: str | None, site: str, **options: Any) -> None:
        named = self.user(who)
        curator = named or self._curator()
        for step, report in demo.load(curator):
            if report.in_vain or report.rejected or report.stopped:
                raise CommandError("\n".join(report.lines()))
            if options["verbosity"] and not report.nothing_new:
                self.stdout.write(f"{step}: {report.summary()}")
        self._show(site)
        if named is None:
            self._say_who(site)

    def _curator(self) -> Any:
        """The demonstration's own user, only where this is no production."""
        if not settings.DEBUG:
            raise CommandError(
                "With DEBUG off no demo user is made: name the user who answers "
                "for the demonstration with --as USERNAME."
            )
        users = get_user_model().objects
        user = users.filter(username=CURATOR).first()
        if user is None:
            user = users.create_user(CURATOR, password=PASSWORD, is_staff=True)
            user.groups.add(Group.objects.get(name="Reviewer"))
        return user

    def _show(self, site: str) -> None:
        shown = demo.shown()
        day = dates.show(demo.DAY.isoformat())
        phrase = shown.phrase or "no position is published"
        self.stdout.write(f"\n{shown.actor} on {day}: {phrase}")
        for statement in shown.proof:
            said, cited = dates.show(statement.said_on), statement.main
            if cited is not None:
                self.stdout.write(f"  “{cited.quote}”")
                self.stdout.write(f"  {said}, {cited.paragraph.citation}")
        if shown.proof:
            page = reverse("statement", args=(shown.proof[0].key,))
            self.stdout.write(f"  {site}{page}")

    def _say_who(self, site: str) -> None:
        user = get_user_model().objects.get(username=CURATOR)
        known = user.check_password(PASSWORD)
        password = PASSWORD if known else "the one you gave it"
        admin = site + reverse("admin:index")
        self.stdout.write(f"\nSign in at {admin} as {CURATOR}, password: {password}")

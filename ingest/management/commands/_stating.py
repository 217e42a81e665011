"""What the commands have in common whose documents state acts and positions."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from ingest.pipeline.rows import Stated
from positions.choices import ActorKind, StatementState
from positions.models import Disposition, Issue, Option

from ._documents import DocumentsCommand

# What the user must be allowed who answers for statements in this state.
PERMISSIONS = {
    StatementState.DRAFT: "positions.add_statement",
    StatementState.REVIEW: "positions.submit_statement",
    StatementState.ACCEPTED: "positions.accept_statement",
}


class StatingCommand(DocumentsCommand):
    """A command that codes what its documents state, on options of one issue."""

    # A format's own words -> codes of the codebook; empty: it needs no mapping.
    dispositions: Mapping[str, str] = {}

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--issue", required=True, metavar="KEY", help="the issue they are about"
        )
        parser.add_argument(
            "--create",
            action="store_true",
            help="make options, events and states that are missing",
        )
        parser.add_argument(
            "--state",
            choices=[str(state) for state in PERMISSIONS],
            default=str(StatementState.DRAFT),
            help="the state of the statements; review and accepted need --as "
            "(default: %(default)s)",
        )
        if self.dispositions:
            shown = ", ".join(f"{w} is {c}" for w, c in self.dispositions.items())
            parser.add_argument(
                "--mapping",
                metavar="FILE",
                help="a table (CSV) with two columns, the second named disposition: "
                "words of the file, and codes of the codebook or nothing for what "
                f"says nothing (default: {shown})",
            )

    def stated(self, who: Any, options: dict[str, Any]) -> Stated:
        self._refuse_unanswered(who, options["state"])
        issue = self.record(Issue, "issue", options["issue"])
        given = self.given(issue, options)
        given["statements"]["state"] = options["state"]
        return Stated(
            who=who,
            command=self.name,
            given=given,
            dispositions={**self.dispositions, **mapping(options.get("mapping"))},
            create=options["create"],
            option=options.get("option") or "",
        )

    def given(self, issue: Issue, options: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """What the rows leave open, by table and column."""
        return {
            "actors": {"kind": ActorKind.STATE},
            "options": {"issue": issue.key},
            "events": {"issues": (issue.key,)},
            "statements": {"issue": issue.key},
        }

    def record(self, model: Any, option: str, key: str) -> Any:
        """The record of a key that an option gives; raises CommandError."""
        found = model.objects.filter(key=key).first()
        if found is None:
            what = model._meta.verbose_name
            raise CommandError(f"--{option}: there is no {what} “{key}”.")
        return found.survivor

    def option_of(self, issue: Issue, option: str, key: str) -> Option:
        """The option of the issue that has the key that an option of ours gives.

        Raises CommandError where there is none, or it is another issue's.
        """
        found: Option = self.record(Option, option, key)
        if found.issue.survivor != issue:
            raise CommandError(
                f"--{option}: “{key}” is an option of the issue “{found.issue.key}”."
            )
        return found

    def _refuse_unanswered(self, who: Any, state: str) -> None:
        if state != StatementState.DRAFT and who is None:
            raise CommandError(f"--state {state}: name who answers for it with --as.")
        if who is not None and not who.has_perm(PERMISSIONS[StatementState(state)]):
            raise CommandError(f"{who} may not bring statements in state {state}.")


def mapping(file: str | None) -> dict[str, str]:
    """Words -> codes of the codebook, as a table has them; raises CommandError."""
    if not file:
        return {}
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines, strict=True))
    except (OSError, UnicodeError, ValueError, csv.Error) as fault:
        raise CommandError(f"{file} cannot be read: {fault}.") from fault
    if not rows or len(rows[0]) != 2 or rows[0][1].strip() != "disposition":
        raise CommandError(
            f"{file}, row 1: the columns are two, the second named disposition."
        )
    known = {"", *Disposition.objects.values_list("code", flat=True)}
    found: dict[str, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != 2:
            raise CommandError(f"{file}, row {number}: it has {len(row)} cells, not 2.")
        word, code = row[0].strip().lower(), row[1].strip()
        if code not in known:
            reason = f"disposition “{code}”: the codebook has no such code"
            raise CommandError(f"{file}, row {number}: {reason}.")
        if not word or word in found:
            raise CommandError(f"{file}, row {number}: “{word}” is empty or repeated.")
        found[word] = code
    return found

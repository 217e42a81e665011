"""import_matrix: matrices of positions, provisions by actors -> sources, statements."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from positions import dates
from positions.choices import Form, Standing
from positions.models import Issue

from ._stating import StatingCommand

# Who says it decides in which form it is said.
FORMS = {
    Standing.REPORTER: Form.CHARACTERISATION,
    Standing.OTHER: Form.REPORTED,
    Standing.OWN: Form.OFFICIAL,
}


class Command(StatingCommand):
    help = (
        "Import matrices of positions (CSV or XLSX, a line for each provision, a "
        "column for each actor): each provision becomes an option, each value a "
        "statement."
    )
    formats = ("matrix",)
    collection = "matrices"
    dispositions = {"1": "accept", "0": "oppose", "0.5": "reserve"} | {
        "accepted": "accept",
        "rejected": "oppose",
        "reserved": "reserve",
    }

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--date",
            required=True,
            type=_date,
            metavar="DATE",
            help=f"when the positions were held. {dates.DATE_HELP}",
        )
        parser.add_argument(
            "--parent", metavar="KEY", help="the option that the provisions are part of"
        )
        parser.add_argument(
            "--standing",
            choices=[str(standing) for standing in FORMS],
            default=str(Standing.REPORTER),
            help="who says so: reporter, whoever made the table; own, the actors "
            "themselves; other, one of them of the others (default: %(default)s)",
        )

    def given(self, issue: Issue, options: dict[str, Any]) -> dict[str, dict[str, Any]]:
        given = super().given(issue, options)
        given["statements"] |= {
            "said_on": options["date"],
            "standing": options["standing"],
            "form": FORMS[Standing(options["standing"])],
        }
        if options["parent"]:
            parent = self.option_of(issue, "parent", options["parent"])
            given["options"]["parent"] = parent.key
        return given


def _date(text: str) -> str:
    try:
        if dates.parse(text).since:
            raise dates.BadDate("the day on which it ends is missing")
    except dates.BadDate as fault:
        raise ArgumentTypeError(str(fault)) from fault
    return text

"""Agreement as coded databases have it -> dispositions of the codebook."""

from __future__ import annotations

import csv
from pathlib import Path

from django.core.management.base import CommandError

from positions.models import Disposition

MAPPING = (
    "a table (CSV) with the columns agreement,disposition: true, false, none or the "
    "numbers of a scale, and codes of the codebook (default: true is support, false "
    "is oppose)"
)
DEFAULT = {"true": "support", "false": "oppose"}


def agreement(file: str | None) -> dict[str, str]:
    """Agreement -> code of the codebook, by a table or by default.

    Raises CommandError with one sentence.
    """
    return DEFAULT | (_read(file) if file else {})


def _read(file: str) -> dict[str, str]:
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True))
        mapping = {r["agreement"].strip(): r["disposition"].strip() for r in rows}
    except (OSError, UnicodeError, csv.Error) as fault:
        raise CommandError(f"{file} cannot be read: {fault}.") from fault
    except (KeyError, AttributeError) as fault:
        reason = "the first line names the columns agreement,disposition"
        raise CommandError(f"{file} is no mapping: {reason}.") from fault
    known = set(Disposition.objects.values_list("code", flat=True))
    for word, code in mapping.items():
        if code not in known:
            raise CommandError(f"{file}: {word}: the codebook has no code “{code}”.")
    if len(mapping) < len(rows):
        raise CommandError(f"{file}: a word of agreement stands twice.")
    return mapping

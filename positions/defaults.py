"""What every database begins with: the groups, the codebook, the clock.

Idempotent, and it never changes a row that exists: people edit the codebook.
"""

from __future__ import annotations

import csv
from pathlib import Path

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from positions.models import Clock, CodebookVersion, Disposition
from positions.models.changes import recording

CODEBOOK = Path(__file__).parent / "data" / "codebook.csv"

# What the coder may do with each kind of record.
_VIEWED = [
    "actor",
    "actorname",
    "identifier",
    "membership",
    "event",
    "participation",
    "issue",
    "option",
    "optionalias",
    "reason",
    "disposition",
    "codebookversion",
    "collection",
    "source",
    "revision",
    "paragraph",
    "voice",
    "addressee",
    "reference",
    "codingheader",
    "headerspeaker",
    "statement",
    "citation",
    "suggestion",
    "check",
    "stance",
    "evidence",
    "change",
    "pair",
    "note",
    "task",
    "coding",
    "nothinghere",
    "adjudication",
    "assignment",
]
_EDITED_BY_CODERS = [
    "actor",
    "actorname",
    "identifier",
    "membership",
    "event",
    "participation",
    "source",
    "codingheader",
    "headerspeaker",
    "voice",
    "statement",
    "suggestion",
    "citation",
    "check",
    "stance",
    "evidence",
    "pair",
    "note",
    "coding",
    "nothinghere",
    "assignment",
]
_EDITED_BY_REVIEWERS = [
    "issue",
    "option",
    "optionalias",
    "reason",
    "disposition",
    "collection",
    "codebookversion",
    "task",
    "adjudication",
]
_INGEST_VIEWED = ["importrun", "importproblem", "importedrevision"]

CODER = (
    {f"view_{name}" for name in _VIEWED + _INGEST_VIEWED}
    | {f"{verb}_{name}" for verb in ("add", "change") for name in _EDITED_BY_CODERS}
    | {"submit_statement", "submit_stance"}
)
REVIEWER = (
    CODER
    | {f"{verb}_{name}" for verb in ("add", "change") for name in _EDITED_BY_REVIEWERS}
    | {"accept_statement", "publish_stance"}
    | {"merge_actor", "merge_option", "merge_issue"}
    | {"adjudicate_task", "view_people"}
    # Rows inside a record's form (names, members): history keeps what was there.
    | {"delete_actorname", "delete_identifier", "delete_membership"}
    | {"delete_participation", "delete_optionalias", "delete_headerspeaker"}
)
READER: set[str] = set()
GROUPS = {"Coder": CODER, "Reviewer": REVIEWER, "Reader": READER}


def setup_defaults() -> list[str]:
    """Make what is missing; one sentence for each thing made."""
    with transaction.atomic():
        Clock.objects.get_or_create(pk=1, defaults={"at": timezone.now()})
        return [*_make_groups(), *_make_codebook()]


def _make_groups() -> list[str]:
    made = []
    for name, codenames in GROUPS.items():
        group, created = Group.objects.get_or_create(name=name)
        wanted = Permission.objects.filter(
            codename__in=codenames, content_type__app_label__in=("positions", "ingest")
        )
        missing = wanted.exclude(pk__in=group.permissions.values("pk"))
        group.permissions.add(*missing)
        if created:
            made.append(f"Made the group {name}.")
    return made


def _make_codebook() -> list[str]:
    if CodebookVersion.objects.exists():
        return []
    with recording(tool="setup_defaults"), CODEBOOK.open(encoding="utf-8") as file:
        entries = [_disposition(row) for row in csv.DictReader(file)]
        CodebookVersion.objects.create(number=1, note="The default codebook.")
    return [f"Made the codebook: {len(entries)} dispositions."]


def _disposition(row: dict[str, str]) -> Disposition:
    numbers = {
        name: int(row[name]) if row[name] else None
        for name in ("score", "rank", "headline")
    }
    return Disposition.objects.create(**{**row, **numbers})

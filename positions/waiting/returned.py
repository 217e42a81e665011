"""Drafts that a reviewer sent back: who did it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from positions.models import Change
from positions.models.changes import key_of


def attach(rows: Sequence[Any]) -> None:
    """Give each row `returned`: the Change that sent this version back, or None.

    One query for rows of one model.
    """
    if not rows:
        return
    found = Change.objects.filter(
        record=rows[0]._meta.model_name,
        key__in={key_of(row) for row in rows},
        action="sent back",
    )
    newest = {
        (one.key, one.version): one
        for one in found.select_related("who").order_by("seq")
    }
    for row in rows:
        row.returned = newest.get((key_of(row), row.version))


def sentence(row: Any) -> str:
    """Who sent a draft back and why, where `attach` found it; else ""."""
    returned = getattr(row, "returned", None)
    if returned is None:
        return ""
    return f"Sent back by {returned.who or 'a tool'}: {returned.why}"

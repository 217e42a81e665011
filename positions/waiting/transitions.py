"""The decisions that statements and stances share: their transitions, with undo."""

from __future__ import annotations

from positions.models import Stance, Statement
from positions.worklists import Decision


def of_reviews(
    model: type[Statement | Stance], label: str, done: str
) -> tuple[Decision, ...]:
    """Let it in, or send it back; `label` is what the kind calls letting in."""
    let_in = Decision(
        key=label.lower(),
        label=label,
        letter="a",
        done=done,
        permission=f"positions.{model.PERMISSION}",
        run=lambda who, row, why: row.let_in(who, why),
        undo=lambda who, row: row.take_back(who),
        fits=lambda row, user: row.reviewable_by(user),
        tone="main",
    )
    send_back = Decision(
        key="send-back",
        label="Send back",
        letter="b",
        done="sent back to draft.",
        permission=f"positions.submit_{model._meta.model_name}",
        run=lambda who, row, why: row.send_back(who, why),
        undo=lambda who, row: row.submit(who),
        asks="may",
    )
    return let_in, send_back


def of_drafts(
    model: type[Statement | Stance], label: str, done: str
) -> tuple[Decision, ...]:
    """Submit it, and for those who may: let it in at once."""
    submit = Decision(
        key="submit",
        label="Submit",
        letter="a",
        done="submitted; it waits for a reviewer.",
        permission=f"positions.submit_{model._meta.model_name}",
        run=lambda who, row, why: row.submit(who),
        undo=lambda who, row: row.send_back(who, "submitted by mistake"),
        tone="main",
    )
    at_once = Decision(
        key=f"submit-and-{label.lower()}",
        label=f"Submit and {label.lower()}",
        letter="p",
        done=done,
        permission=f"positions.{model.PERMISSION}",
        run=lambda who, row, why: row.submit_and_let_in(who, why),
        undo=lambda who, row: row.take_back(who),
        fits=lambda row, user: row.reviewable_by(user),
    )
    return submit, at_once

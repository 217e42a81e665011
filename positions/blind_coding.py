"""What a coder answers in a task: codings of words, or that nothing is there.

Only its two coders answer, each alone, and only until they say that they are done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from positions import coding
from positions.choices import DateBasis
from positions.models import (
    Adjudication,
    Coding,
    NotAllowed,
    NothingHere,
    Paragraph,
    Refused,
    Statement,
    Task,
)
from positions.models.changes import recording, require
from positions.tasks import both_done, done_at, locked, side_of

# What a statement checked by `coding.drafted` gives to a coding.
_FROM_THE_STATEMENT = (
    *("over_option", "disposition", "mode", "speaker", "speaker_text"),
    *("speaker_role", "speaker_rank", "on_authority_text", "standing", "form"),
    *("modality", "condition"),
)
# What makes a coding the same one again.
_ONCE = ("actor_id", "option_id", "disposition_id", "modality")
# A refusal names so many paragraphs.
_NAMED = 20


def answer(who: Any, task: Task, said: coding.Utterance) -> list[Coding]:
    """One coder's codings of some words: one for each actor and option.

    The words stand in one place of a paragraph of the task, the options are of its
    issue. Raises Refused as `coding.drafted` does, and where it is coded already.
    """
    span = _one_place(said)
    with _answering(who, task, span.paragraph) as row:
        return _code(row, who, said)


def change(who: Any, coded: Coding, said: coding.Utterance) -> list[Coding]:
    """Put other codings of the same paragraph in the place of one's own."""
    if _one_place(said).paragraph != coded.paragraph:
        raise Refused("A coding stays in its paragraph: take it out and code anew.")
    with _answering(who, coded.task, coded.paragraph) as row:
        _remove(row, who, coded)
        return _code(row, who, said)


def take_out(who: Any, coded: Coding) -> None:
    """Remove a coding of one's own, as long as one is not done."""
    with _answering(who, coded.task, coded.paragraph) as row:
        _remove(row, who, coded)


def _remove(task: Task, who: Any, coded: Coding) -> None:
    if not Coding.objects.filter(pk=coded.pk, task=task, coder=who).delete()[0]:
        raise Refused("It is not among your codings.")


def nothing_here(who: Any, task: Task, paragraph: Paragraph) -> None:
    """Answer that a paragraph says nothing on the issue; twice is once."""
    with _answering(who, task, paragraph) as row:
        answers = {"task": row, "coder": who, "paragraph": paragraph}
        if Coding.objects.filter(**answers).exists():
            raise Refused(
                f"You have coded words of {paragraph.citation}: take your codings out "
                "before you say that nothing is there."
            )
        NothingHere.objects.get_or_create(**answers)


def something_here(who: Any, task: Task, paragraph: Paragraph) -> None:
    """Take "nothing here" back."""
    with _answering(who, task, paragraph) as row:
        NothingHere.objects.filter(task=row, coder=who, paragraph=paragraph).delete()


def unanswered(task: Task, coder: Any) -> QuerySet[Paragraph]:
    """The paragraphs of a task that a coder has not answered yet, in their order."""
    mine = {"task": task, "coder": coder}
    return (
        task.paragraphs.exclude(
            pk__in=Coding.objects.filter(**mine).order_by().values("paragraph")
        )
        .exclude(pk__in=NothingHere.objects.filter(**mine).values("paragraph"))
        .defer("text", "skips")
        .order_by("order")
    )


def finish(who: Any, task: Task) -> None:
    """Say that one is done; refused with the paragraphs not answered yet."""
    with recording(who) as rec:
        row, side = _own(who, task)
        left = [paragraph.name for paragraph in unanswered(row, who)]
        if left:
            more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
            raise Refused(
                f"Not answered yet: {', '.join(left[:_NAMED])}{more}. Code each of "
                "them, or say “Nothing here”."
            )
        setattr(row, f"{side}_done_at", timezone.now())
        if both_done(row) and not row.codings.exists():
            # Both found nothing anywhere: there is nothing to judge.
            row.adjudicated_at = timezone.now()
        row.save()
        rec.note(row, "done coding")


def reopen(who: Any, task: Task, coder: Any, why: str = "") -> None:
    """Let a coder answer again; refused once anything of the task was adjudicated."""
    require(who, "change_task", "Only reviewers reopen a task.")
    with recording(who) as rec:
        row = locked(task)
        side = side_of(row, coder)
        if side is None or done_at(row, side) is None:
            raise Refused(f"{coder} is not done with this task.")
        if Adjudication.objects.filter(task=row).exists():
            raise Refused("Its adjudication has begun: undo that first.")
        setattr(row, f"{side}_done_at", None)
        row.adjudicated_at = None
        row.save()
        rec.note(row, "reopened", why=f"for {coder}. {why}".strip())


# -- how -------------------------------------------------------------------------------


def _own(who: Any, task: Task) -> tuple[Task, str]:
    """The task, locked, and the side of its coder who is not done."""
    require(who, "add_coding", "Only coders answer in a task.")
    row = locked(task)
    side = side_of(row, who)
    if side is None:
        raise NotAllowed("Only its two coders answer in this task.")
    if done_at(row, side) is not None:
        raise Refused("You have said that you are done: ask for it to be reopened.")
    return row, side


@contextmanager
def _answering(who: Any, task: Task, paragraph: Paragraph) -> Iterator[Task]:
    """The task, locked, while its coder answers about a paragraph of it.

    The log says that a paragraph is answered, or no longer, and nothing of how.
    """
    with recording(who) as rec:
        row, _ = _own(who, task)
        if not row.paragraphs.filter(pk=paragraph.pk).exists():
            raise Refused(f"{paragraph.citation} is not part of this task.")
        before = _is_answered(row, who, paragraph)
        yield row
        after = _is_answered(row, who, paragraph)
        if after != before:
            rec.note(row, "paragraph answered" if after else "answer taken back")


def _is_answered(task: Task, coder: Any, paragraph: Paragraph) -> bool:
    return not unanswered(task, coder).filter(pk=paragraph.pk).exists()


def _one_place(said: coding.Utterance) -> coding.Words:
    """The only words of a coding, which stand in their paragraph."""
    if len(said.words) != 1:
        raise Refused("A coding has words of one place.")
    (span,) = said.words
    if not 0 <= span.start < span.end <= len(span.paragraph.text):
        raise Refused("Give the words of the paragraph that say so.")
    return span


def of_the_issue(task: Task, said: coding.Utterance) -> None:
    """Refuse options of another issue than the task's."""
    ours = task.issue.survivor
    for option in said.options:
        if option.issue.survivor != ours:
            raise Refused(f"{option} is no option of {ours}.")


def _code(task: Task, who: Any, said: coding.Utterance) -> list[Coding]:
    span = _one_place(said)
    answers = {"task": task, "coder": who, "paragraph": span.paragraph}
    of_the_issue(task, said)
    if NothingHere.objects.filter(**answers).exists():
        raise Refused(
            f"You have said that nothing is in {span.paragraph.citation}: take that "
            "back before you code words of it."
        )
    rows = [
        _coding_of(draft.statement, said, span, answers)
        for draft in coding.drafted(None, said)
    ]
    if not rows:
        raise Refused("Say whose position it is, and towards what.")
    known = Coding.objects.filter(**answers).values_list(*_ONCE)
    if set(known) & {tuple(getattr(row, name) for name in _ONCE) for row in rows}:
        raise Refused(
            f"You have coded the same of {span.paragraph.citation} already: a "
            "repeated argument is no second answer."
        )
    return Coding.objects.bulk_create(rows)


def _coding_of(
    statement: Statement,
    said: coding.Utterance,
    span: coding.Words,
    answers: dict[str, Any],
) -> Coding:
    """What a checked statement says, without what the coding header gives to it."""
    given = said.fields
    basis = DateBasis.PRINTED if given.get("said_on") else DateBasis.DOCUMENT
    return Coding(
        **answers,
        source=span.paragraph.revision.source,
        start=span.start,
        end=span.end,
        quote=span.quote,
        actor=statement.actor,
        option=statement.option,
        said_on=given.get("said_on") or "",
        said_basis=given.get("said_basis") or basis,
        holds_on=given.get("holds_on") or "",
        note=given.get("note") or "",
        **{name: getattr(statement, name) for name in _FROM_THE_STATEMENT},
    )

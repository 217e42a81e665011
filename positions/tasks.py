"""Double coding: the same paragraphs given to two coders, and who sees what of it.

Until both are done, nobody but its author sees an answer: not the other coder, not
who adjudicates. The log and the lists tell how many paragraphs are answered, and
never with what. Coders answer in `blind_coding.py`, and two codings are compared and
judged in `adjudicating.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from positions.choices import ParagraphRole
from positions.models import (
    Citation,
    Coding,
    Issue,
    NothingHere,
    Paragraph,
    Refused,
    Revision,
    Source,
    Statement,
    Task,
)
from positions.models.changes import recording, require

FIRST, SECOND = "first", "second"
SIDES = (FIRST, SECOND)
# What a whole source asks: a heading or subject line is no unit of its own, and
# would count as "both found nothing" in every document.
NOT_ASKED = (ParagraphRole.HEADING, ParagraphRole.SUBJECT)
# A document's whole text has no place in a list of tasks or paragraphs.
HEAVY = tuple(f"revision__{name}" for name in ("text", "patches", "header"))
_UNFINISHED = Q(first_done_at=None) | Q(second_done_at=None)


# -- assigning -------------------------------------------------------------------------


def coders() -> QuerySet[Any]:
    """The people to whom a task may be given."""
    with_perm = get_user_model()._default_manager.with_perm
    backend = "django.contrib.auth.backends.ModelBackend"
    rows = with_perm("positions.add_coding", backend=backend)
    return rows.order_by("username")


def assign(
    who: Any,
    paragraphs: Iterable[Paragraph],
    *,
    issue: Issue,
    first: Any,
    second: Any,
    note: str = "",
) -> Task:
    """Give paragraphs of one current text to two coders.

    Raises Refused for one coder twice, for somebody who may not code, and for
    paragraphs that one of them has already in an open task on the issue.
    """
    require(who, "add_task", "Only reviewers assign tasks.")
    rows = list(dict.fromkeys(paragraphs))
    revision = _one_text(rows)
    with recording(who) as rec:
        _check_coders(first, second)
        _check_free(rows, issue, (first, second))
        task = Task.objects.create(
            issue=issue.survivor,
            revision=revision,
            first=first,
            second=second,
            note=note.strip(),
            made_by=who,
        )
        task.paragraphs.set(rows)
        rec.note(task, "assigned", why=f"to {first} and {second}")
    return task


def _one_text(rows: Sequence[Paragraph]) -> Revision:
    """The text that all of these paragraphs are of, which is read now."""
    revisions = {row.revision_id: row.revision for row in rows}
    if len(revisions) != 1:
        raise Refused("A task has paragraphs of one text.")
    (revision,) = revisions.values()
    if not revision.current:
        raise Refused(f"{revision.source} has a newer text: choose its paragraphs.")
    return revision


def assign_sources(who: Any, sources: Iterable[Source], **given: Any) -> list[Task]:
    """One task for each source, of all that is asked of it; all of them or none."""
    with recording(who):
        return [assign(who, asked_of(source), **given) for source in sources]


def asked_of(source: Source) -> list[Paragraph]:
    """What a whole source asks: its current paragraphs but headings and subject."""
    rows = [row for row in _current(source) if row.role not in NOT_ASKED]
    if not rows:
        raise Refused(f"{source} has no paragraphs to code.")
    return rows


def numbered(source: Source, text: str) -> list[Paragraph]:
    """Paragraphs by numbers or names as cited: "1-5, 8, 4 bis"; in their order.

    A range leaves headings and the subject out; who names one gets it.
    """
    rows = _current(source)
    place: dict[str, int] = {}
    for at, row in enumerate(rows):
        for name in (row.name, row.number):
            place.setdefault(name.casefold(), at)
    wanted: set[int] = set()
    for part in filter(None, (one.strip().casefold() for one in text.split(","))):
        wanted |= set(_places(part, place, rows, source))
    if not wanted:
        raise Refused("Name at least one paragraph.")
    return [rows[at] for at in sorted(wanted)]


def _places(
    part: str, place: dict[str, int], rows: list[Paragraph], source: Source
) -> Iterator[int]:
    if part in place:
        yield place[part]
        return
    ends = [one.strip() for one in part.replace("–", "-").split("-")]
    missing = [one for one in ends if one not in place]
    if missing or len(ends) != 2:
        raise Refused(f"{source} has no paragraph “{(missing or [part])[0]}”.")
    begin, end = (place[one] for one in ends)
    if begin > end:
        raise Refused(f"“{part}” runs backwards.")
    yield from (at for at in range(begin, end + 1) if rows[at].role not in NOT_ASKED)


def _current(source: Source) -> list[Paragraph]:
    rows = Paragraph.objects.current().filter(revision__source=source)
    rows = rows.select_related("revision__source").defer(*HEAVY, "text", "skips")
    return list(rows.order_by("order"))


def _check_coders(first: Any, second: Any) -> None:
    if first == second:
        raise Refused("Two different people code a task.")
    for coder in (first, second):
        if not (coder.is_active and coder.has_perm("positions.add_coding")):
            raise Refused(f"{coder} may not code.")


def _check_free(rows: Sequence[Paragraph], issue: Issue, pair: Sequence[Any]) -> None:
    """Nobody has to code the same for the same issue twice at a time."""
    taken = unfinished().filter(
        Q(first__in=pair) | Q(second__in=pair),
        issue__in=Issue.objects.group_of(issue),
        paragraphs__in=rows,
    )
    other = taken.select_related("first", "second").defer(*HEAVY).first()
    if other is not None:
        raise Refused(
            f"{rows[0].revision.source} is with {other.first} and {other.second} "
            "already: they have some of these paragraphs in an open task on this issue."
        )


# -- who sees what ---------------------------------------------------------------------


def unfinished() -> QuerySet[Task]:
    """Tasks that one of the two coders has still to finish."""
    return Task.objects.filter(_UNFINISHED)


def both_done(task: Task) -> bool:
    return task.first_done_at is not None and task.second_done_at is not None


def blind_paragraphs(user: Any) -> QuerySet[Paragraph]:
    """The paragraphs in which a user must see no suggestion and no statement.

    Those of the user's tasks as long as not both coders are done, in whatever
    revision of the source they stand: `rows.exclude(paragraph__in=...)` where such
    rows are shown, or `set(....values_list("pk", flat=True))` of a page's own.
    """
    mine = Task.objects.of_coder(user).filter(_UNFINISHED)
    return Paragraph.objects.filter(
        revision__source__revisions__tasks__in=mine,
        revision__source__revisions__tasks__paragraphs__key=F("key"),
    )


def statements_unseen(user: Any) -> QuerySet[Statement]:
    """Statements of others that cite a paragraph which a user still codes blind."""
    blind = Citation.objects.filter(paragraph__in=blind_paragraphs(user))
    rows = Statement.objects.filter(pk__in=blind.values("statement"))
    return rows.exclude(coder=user)


def seen_by(user: Any, rows: QuerySet[Any], statement: str = "pk") -> QuerySet[Any]:
    """Rows without those about statements that a user must not see yet.

    `statement` is the lookup that leads from a row to its statements. Whoever codes
    nothing blind gets the rows as they are, for one cheap question.
    """
    if not codes_blind(user):
        return rows
    return rows.exclude(**{f"{statement}__in": statements_unseen(user).values("pk")})


def sides(task: Task) -> dict[int, str]:
    """The primary keys of the two coders: which of them is which."""
    return {task.first_id: FIRST, task.second_id: SECOND}


def codes_blind(user: Any) -> bool:
    """Has a user any task that not both coders have finished? One cheap question."""
    return Task.objects.of_coder(user).filter(_UNFINISHED).exists()


def side_of(task: Task, user: Any) -> str | None:
    """Which of the two coders somebody is: "first", "second", or None."""
    return sides(task).get(user.pk)


def done_at(task: Task, side: str) -> Any:
    """When a side said that it was done; None while it codes."""
    return getattr(task, f"{side}_done_at")


def with_progress(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with how many paragraphs are `asked`, and answered by whom.

    Adds `asked`, `first_answered`, `second_answered`; numbers only, for everybody.
    """
    asked = Task.paragraphs.through.objects.filter(task=OuterRef("pk"))
    answered = {}
    for side in SIDES:
        mine = {"task": OuterRef("pk"), "coder": OuterRef(f"{side}_id")}
        # A paragraph has codings or a "nothing here", never both.
        answered[f"{side}_answered"] = _number(Coding.objects.filter(**mine)) + _number(
            NothingHere.objects.filter(**mine)
        )
    return rows.annotate(asked=_number(asked), **answered)


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many different paragraphs the rows of one task name."""
    counted = (
        rows.order_by().values("task").annotate(n=Count("paragraph", distinct=True))
    )
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def locked(task: Task) -> Task:
    """The task as the database has it now, locked until the transaction ends."""
    rows = Task.objects.select_for_update(of=("self",)).defer(*HEAVY)
    return rows.select_related(
        "issue__merged_into", "revision__source", "first", "second"
    ).get(pk=task.pk)

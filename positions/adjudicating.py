"""Adjudication: two codings of the same words compared, and judged by a third person.

An accepted coding becomes a statement of its own; both codings stay as they were.
Nothing is shown or judged before both coders are done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from positions import coding, revising, suggestions
from positions.blind_coding import of_the_issue
from positions.choices import StatementState, Verdict
from positions.models import (
    Adjudication,
    Coding,
    NotAllowed,
    NothingHere,
    Paragraph,
    Refused,
    Statement,
    Task,
    Voice,
)
from positions.models.changes import Recording, random_key, recording, require
from positions.tasks import FIRST, HEAVY, SECOND, both_done, locked, side_of, sides

Cell = tuple[int, int, str, str]


@dataclass(frozen=True)
class Match:
    """Codings of one cell by both coders, or by one of them alone.

    `decided` is the adjudication, once there is one.
    """

    first: Coding | None
    second: Coding | None
    decided: Adjudication | None = None

    @property
    def kind(self) -> str:
        """ "agreed" (the same disposition), "differing", "first" or "second"."""
        if self.first is None:
            return SECOND
        if self.second is None:
            return FIRST
        same = self.first.disposition_id == self.second.disposition_id
        return "agreed" if same else "differing"

    @property
    def codings(self) -> list[Coding]:
        return [one for one in (self.first, self.second) if one is not None]


@dataclass
class Compared:
    """A paragraph in which at least one coder coded something."""

    paragraph: Paragraph
    matches: list[Match] = field(default_factory=list)
    # The sides that said "nothing here".
    silent: list[str] = field(default_factory=list)

    @property
    def decided(self) -> bool:
        return all(one.decided for one in self.matches)


# -- comparing -------------------------------------------------------------------------


def may_look(who: Any, task: Task) -> bool:
    """May this person see both codings of a task side by side?

    Not before both coders are done; the two themselves only when all is judged, so
    that a task reopened is still coded blind.
    """
    if not both_done(task):
        return False
    if side_of(task, who):
        return task.adjudicated_at is not None
    return who.has_perm("positions.adjudicate_task")


def pairs(task: Task) -> list[Compared]:
    """The paragraphs with codings, in order, each with its codings matched.

    A constant number of queries. Raises Refused before both coders are done.
    """
    if not both_done(task):
        raise Refused("Both coders must be done first.")
    by_paragraph: dict[int, list[Coding]] = defaultdict(list)
    for row in codings_of(task):
        by_paragraph[row.paragraph_id].append(row)
    silent = defaultdict(list)
    for nothing in NothingHere.objects.filter(task=task).order_by("pk"):
        silent[nothing.paragraph_id].append(sides(task)[nothing.coder_id])
    voices = Prefetch("voices", Voice.objects.select_related("whose"))
    rows = Paragraph.objects.filter(pk__in=by_paragraph).prefetch_related(voices)
    return [
        Compared(row, _matches(task, by_paragraph[row.pk]), silent[row.pk])
        for row in rows.order_by("order")
    ]


def codings_of(task: Task) -> QuerySet[Coding]:
    """The codings of a task with all that a card shows, and their adjudications."""
    return Coding.objects.filter(task=task).select_related(
        *("actor__merged_into", "option__merged_into", "option__issue", "disposition"),
        *("over_option", "speaker", "coder"),
        *("judged_as_first__by", "judged_as_second__by"),
    )


def adjudication_of(row: Coding) -> Adjudication | None:
    """What was decided about a coding, from whichever side."""
    for side in (FIRST, SECOND):
        if (found := getattr(row, f"judged_as_{side}", None)) is not None:
            return found
    return None


def _matches(task: Task, rows: Sequence[Coding]) -> list[Match]:
    """Those judged together, as they were judged; the others by their cells."""
    judged: dict[Adjudication, dict[str, Coding]] = defaultdict(dict)
    waiting: dict[str, list[Coding]] = {FIRST: [], SECOND: []}
    for row in rows:
        side = sides(task)[row.coder_id]
        decided = adjudication_of(row)
        if decided is not None:
            judged[decided][side] = row
        else:
            waiting[side].append(row)
    done = [Match(m.get(FIRST), m.get(SECOND), one) for one, m in judged.items()]
    found = [*done, *matched(waiting[FIRST], waiting[SECOND])]
    return sorted(found, key=lambda one: min((c.start, c.pk) for c in one.codings))


def matched(first: Iterable[Coding], second: Iterable[Coding]) -> list[Match]:
    """Two coders' codings of one paragraph, paired by cell.

    Within a cell those of the same disposition go together, the others in order.
    """
    cells: dict[Cell, tuple[list[Coding], list[Coding]]] = {}
    for at, rows in enumerate((first, second)):
        for row in rows:
            cells.setdefault(cell_of(row), ([], []))[at].append(row)
    return [match for mine, theirs in cells.values() for match in _paired(mine, theirs)]


def cell_of(row: Coding) -> Cell:
    """What a coding is about: actor and option as they are read, facet, modality."""
    actor = row.actor.merged_into_id or row.actor_id
    option = row.option.merged_into_id or row.option_id
    return actor, option, row.disposition.facet, row.modality


def _paired(first: list[Coding], second: list[Coding]) -> Iterator[Match]:
    left = list(second)
    alone = []
    for row in first:
        same = [one for one in left if one.disposition_id == row.disposition_id]
        if same:
            left.remove(same[0])
            yield Match(row, same[0])
        else:
            alone.append(row)
    yield from (Match(*pair) for pair in zip_longest(alone, left))


# -- judging ---------------------------------------------------------------------------


def adjudicate(
    who: Any,
    task: Task,
    verdict: str,
    *,
    first: Coding | None = None,
    second: Coding | None = None,
    why: str = "",
    said: coding.Utterance | None = None,
) -> Adjudication:
    """Decide about two codings of one cell, or about one that the other lacks.

    Agree, first and second make an accepted statement of the coding that stands:
    coded by its coder, accepted by the adjudicator, so double-coded. Neither makes
    none. For both_wrong the adjudicator codes anew what `said` says, alone. Who may
    not accept statements leaves it in review.
    """
    why = why.strip()
    with recording(who) as rec:
        row = _judging(who, task)
        judged = _locked(row, FIRST, first), _locked(row, SECOND, second)
        _check(verdict, *judged, why)
        made = _statement(who, rec, row, verdict, judged, said)
        decided = Adjudication(verdict=verdict, why=why, by=who)
        decided.statement_key = made.key if made else ""
        _keep(rec, row, decided, *judged)
        _settle(who, rec, row)
    return decided


def agree_all(who: Any, task: Task) -> int:
    """Agree to all agreeing pairs that wait, all or none; says how many they were."""
    with recording(who, batch=random_key()):
        waiting = [
            match
            for one in pairs(_judging(who, task))
            for match in one.matches
            if match.kind == "agreed" and match.decided is None
        ]
        for one in waiting:
            adjudicate(who, task, Verdict.AGREE, first=one.first, second=one.second)
    return len(waiting)


def undo(who: Any, decided: Adjudication) -> None:
    """Take an adjudication back, with its statement, while nothing followed from it."""
    with recording(who) as rec:
        row = _judging(who, decided.task)
        found = Adjudication.objects.filter(pk=decided.pk).first()
        if found is None:
            raise Refused("It was taken back already.")
        if found.statement_key:
            _withdraw(who, found.statement_key)
        rec.note(row, "adjudication taken back", why=found.get_verdict_display())
        found.delete()
        row.adjudicated_at = row.adjudicated_by = None
        row.save()


# -- how -------------------------------------------------------------------------------


def _judging(who: Any, task: Task) -> Task:
    """The task, locked, for somebody who may judge it."""
    require(who, "adjudicate_task", "Only reviewers adjudicate double codings.")
    row = locked(task)
    if side_of(row, who):
        raise NotAllowed("A third person adjudicates, neither of the two coders.")
    if not both_done(row):
        raise Refused("Both coders must be done first.")
    return row


def _locked(task: Task, side: str, given: Coding | None) -> Coding | None:
    """The coding again, of this side of the task, not judged yet."""
    if given is None:
        return None
    rows = codings_of(task).select_for_update(of=("self",))
    row = (
        rows.select_related("paragraph__revision__source__collection")
        .defer(*(f"paragraph__{name}" for name in HEAVY))
        .prefetch_related("paragraph__voices")
        .filter(pk=given.pk)
        .first()
    )
    if row is None or sides(task).get(row.coder_id) != side:
        raise Refused(f"It is no coding of the {side} coder of this task.")
    if adjudication_of(row) is not None:
        raise Refused(f"It was decided already: {row}.")
    return row


def _check(verdict: str, first: Coding | None, second: Coding | None, why: str) -> None:
    """Refuse what does not fit the codings that are judged."""
    if verdict not in Verdict.values:
        raise Refused("Choose what you decide.")
    both = first is not None and second is not None
    if first is None and second is None:
        raise Refused("Choose the codings that you decide about.")
    if both and _place(first) != _place(second):
        raise Refused("These two codings are not about the same.")
    if verdict == Verdict.AGREE and Match(first, second).kind != "agreed":
        raise Refused("The two coders do not agree: choose the one who is right.")
    chosen = {FIRST: first, SECOND: second}
    if verdict in chosen and chosen[verdict] is None:
        raise Refused("This coder has not coded it.")
    if verdict in (Verdict.NEITHER, Verdict.BOTH_WRONG) and not why:
        raise Refused("Say why neither coding stands.")


def _place(row: Coding | None) -> Any:
    return row and (row.paragraph_id, row.task_id, cell_of(row))


def _statement(
    who: Any,
    rec: Recording,
    task: Task,
    verdict: str,
    judged: tuple[Coding | None, Coding | None],
    said: coding.Utterance | None,
) -> Statement | None:
    """What a verdict makes: a statement, in review or accepted; or nothing."""
    first, second = judged
    if verdict == Verdict.NEITHER:
        return None
    if verdict == Verdict.BOTH_WRONG:
        return _accepted(who, _coded_anew(who, task, first or second, said))
    chosen = second if verdict == Verdict.SECOND else first
    assert chosen is not None
    (draft,) = coding.drafted(None, _as_said(chosen))
    draft.statement.coder = chosen.coder
    draft.statement.coded_at = chosen.made_at
    coding.keep(rec, [draft])
    return _accepted(who, draft.statement)


def _coded_anew(
    who: Any, task: Task, judged: Coding | None, said: coding.Utterance | None
) -> Statement:
    if said is None:
        raise Refused("Code anew what the words say.")
    if len(said.actors) != 1 or len(said.options) != 1:
        raise Refused("Code one actor and one option in the place of these codings.")
    of_the_issue(task, said)
    assert judged is not None
    if any(words.paragraph != judged.paragraph for words in said.words):
        raise Refused(f"Code words of {judged.paragraph.citation}.")
    (statement,) = coding.code(who, said)
    return statement


def _as_said(row: Coding) -> coding.Utterance:
    """A coding as the utterance that a statement is made of."""
    fields = {name: getattr(row, name) for name in suggestions.FIELDS}
    fields |= {"speaker_rank": row.speaker_rank, "note": row.note}
    if row.said_on:
        fields["said_basis"] = row.said_basis
    return coding.Utterance(
        words=[coding.Words(row.paragraph, row.start, row.end)],
        actors=[row.actor.survivor],
        options=[row.option.survivor],
        disposition=row.disposition,
        fields=fields,
    )


def _accepted(who: Any, statement: Statement) -> Statement:
    """The statement submitted, and accepted if this person may accept it."""
    revising.follow(statement)
    statement.submit_and_let_in_if_able(who)
    return statement


def _withdraw(who: Any, key: str) -> None:
    """Take a statement out again that an adjudication made."""
    rows = Statement.objects.select_related("actor", "option", "disposition", "coder")
    statement = rows.filter(key=key).order_by("-version").first()
    if statement is None:
        return
    if statement.version == 1 and statement.state == StatementState.ACCEPTED:
        statement = statement.take_back(who)
    elif statement.version > 1 or statement.state != StatementState.REVIEW:
        raise Refused(f"{statement} has changed since: correct the statement itself.")
    statement.reject(who, "The adjudication was taken back.")


def _keep(
    rec: Recording,
    task: Task,
    decided: Adjudication,
    first: Coding | None,
    second: Coding | None,
) -> None:
    """Write what was decided about these codings; the log of the task tells it."""
    judged = first or second
    assert judged is not None
    decided.task, decided.paragraph = task, judged.paragraph
    decided.first, decided.second = first, second
    decided.save()
    told = f"{judged.paragraph.citation}: {decided.get_verdict_display()}."
    rec.note(task, "adjudicated", why=f"{told} {decided.why}".strip())


def _settle(who: Any, rec: Recording, task: Task) -> None:
    """The task is adjudicated when nothing coded in it waits for a decision."""
    if task.codings.filter(judged_as_first=None, judged_as_second=None).exists():
        return
    task.adjudicated_at, task.adjudicated_by = timezone.now(), who
    task.save()
    rec.note(task, "all adjudicated")

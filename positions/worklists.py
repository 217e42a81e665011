"""What waits: a register of work lists, each row with its problem and what to do.

`positions.waiting` registers the domain's own; other applications add theirs when
they are ready: `worklists.register(WorkList(...))` in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from positions.models import Paragraph, Source

# Counts stop here: what a person wants to know is whether there is much.
COUNTED = 100
# Seconds that a count is remembered where no index leads to it.
REMEMBERED = 60


@dataclass(frozen=True, slots=True)
class Action:
    """What a person does about a row: a label and the address where it is done."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that a person decides about a row without leaving the queue.

    `run(who, row, why)` does it in one transaction and raises Refused in a sentence;
    `undo(who, row)` takes it back as long as nothing followed from it. `letter` is its
    key. `reasons` are (value, label) pairs of a short list, of which one is the `why`;
    with `asks` the why is free words, "may" or "must" be given, asked for by `question`
    and begun with `answer(row)`. `fits` says whether it
    is offered for a row. What `run` returns is the record that came of it; `opens`
    leads there next.
    """

    key: str
    label: str
    letter: str
    done: str
    permission: str
    run: Callable[[Any, Any, str], object]
    undo: Callable[[Any, Any], object] | None = None
    reasons: tuple[tuple[str, str], ...] = ()
    asks: str = ""
    question: str = "Why?"
    answer: Callable[[Any], str] = lambda row: ""
    tone: str = ""
    opens: bool = False
    fits: Callable[[Any, Any], bool] = lambda row, user: True


@dataclass(frozen=True, slots=True)
class Place:
    """The words that a row is about: spans (start, end) of one paragraph."""

    paragraph: Paragraph
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkList:
    """A named list of rows that wait for somebody.

    `rows` gives the QuerySet in the order of work, with all that `problem` (one
    sentence for a row) and `action` read; ordered by one column and the primary key,
    or by the primary key alone. `permission` is what its reader needs. `of_source`
    narrows the rows to one source, for its reading page and for the queue. `place`
    gives the words shown beside a row, `decisions` what can be decided there. `panel`
    is a template for what else stands beside a row (context: `row`, `work`), and
    `prepare` gives the rows of a page what it needs, in a constant number of queries.
    `open_to` leaves out what a user must not see: who codes blind sees no suggestion
    for the same words.
    """

    key: str
    title: str
    meaning: str
    permission: str
    rows: Callable[[], QuerySet[Any]]
    problem: Callable[[Any], str]
    action: Callable[[Any], Action]
    of_source: Callable[[QuerySet[Any], Source], QuerySet[Any]] | None = None
    place: Callable[[Any], Place | None] = lambda row: None
    decisions: tuple[Decision, ...] = ()
    panel: str = ""
    prepare: Callable[[Sequence[Any]], None] | None = None
    open_to: Callable[[QuerySet[Any], Any], QuerySet[Any]] = lambda rows, user: rows
    # No index leads to its rows: the count, the same for everybody, is kept a minute.
    costly: bool = False

    def rows_for(self, user: Any) -> QuerySet[Any]:
        """The rows that a user may work on, in the order of work."""
        return self.open_to(self.rows(), user)

    def count(self, user: Any) -> str:
        """How many rows wait for a user, as `counted` says it."""
        if self.costly:
            key = f"worklists.count.{self.key}"
            known = cache.get_or_set(
                key, lambda: counted(self.rows_for(user)), REMEMBERED
            )
            return str(known)
        return counted(self.rows_for(user))


def counted(rows: QuerySet[Any]) -> str:
    """How many rows there are: "0" to "100", then "100+"."""
    number = rows.order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if number > COUNTED else str(number)


_lists: dict[str, WorkList] = {}


def register(work: WorkList) -> WorkList:
    """Add a work list, or put it in the place of the one with its key."""
    _lists[work.key] = work
    return work


def everything() -> list[WorkList]:
    """All work lists, in the order of registration."""
    return list(_lists.values())


def lists_for(user: Any) -> list[WorkList]:
    """The work lists that a user may see, in the order of registration."""
    return [work for work in everything() if user.has_perm(work.permission)]


def get(key: str, user: Any) -> WorkList | None:
    """The work list of a key, None if there is none or not for this user."""
    work = _lists.get(key)
    return work if work and user.has_perm(work.permission) else None


def rows_of_source(
    source: Source, user: Any, *, but: Collection[str] = (), limit: int = 50
) -> list[tuple[WorkList, Any]]:
    """What waits in one source: pairs of work list and row, at most `limit` a list.

    Without the lists whose keys are in `but`.
    """
    return [
        (work, row)
        for work in lists_for(user)
        if work.of_source is not None and work.key not in but
        for row in work.of_source(work.rows_for(user), source)[:limit]
    ]

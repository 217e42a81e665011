"""The clock, the log of changes, and what every curated record shares.

All writes to curated records happen inside `recording(who, why)`: one
transaction whose changes are numbered by the clock when it ends, so that the
numbers stand in commit order without gaps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import OperationalError, models, transaction
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.signals import post_create_historical_record

from positions import names


class Refused(Exception):  # noqa: N818 (reads as what it is)
    """A rule says no; the message is one sentence for the person who asked."""


class NotAllowed(Refused):
    """The person may not do this."""


class Collided(Refused):
    """Two transactions stood in each other's way; this one was undone."""


class Clock(models.Model):
    """One row: the number and the instant of the last change."""

    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="clock_one_row"),
        )

    def __str__(self) -> str:
        return f"{self.seq} at {self.at:%Y-%m-%d %H:%M:%S.%f}"

    @classmethod
    def now(cls) -> datetime:
        """The instant of the last change: what the database says is said at it."""
        row = cls.objects.values_list("at", flat=True).first()
        return row or timezone.now()

    @classmethod
    def take(cls, count: int) -> tuple[int, datetime]:
        """Lock the clock, move it by `count` numbers: the first number, the instant.

        The lock is held until the transaction ends, so this comes last in it.
        """
        cls.objects.get_or_create(pk=1, defaults={"at": timezone.now()})
        clock = cls.objects.select_for_update().get(pk=1)
        first = clock.seq + 1
        clock.seq += count
        clock.at = max(clock.at + timedelta(microseconds=1), timezone.now())
        clock.save(update_fields=("seq", "at"))
        return first, clock.at


class ChangeQuerySet(models.QuerySet):
    def of(self, record: models.Model) -> ChangeQuerySet:
        """All changes of one record, every version, newest first."""
        return self.filter(record=record._meta.model_name, key=key_of(record)).order_by(
            "-seq"
        )


class Change(models.Model):
    """One thing that happened to one curated record. Append-only."""

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    # The index `change_by` begins with it.
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    tool = models.CharField(max_length=60, blank=True)
    record = models.CharField(max_length=40, help_text="The kind of record.")
    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField(null=True, blank=True)
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    why = models.TextField(blank=True)
    public = models.BooleanField(
        default=False, help_text="It changed something that readers see."
    )
    batch = models.CharField(
        max_length=12,
        blank=True,
        help_text="Shared by changes that were decided, and are undone, together.",
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-seq",)
        indexes = (
            # The log of one record, newest first.
            models.Index(fields=("record", "key", "seq"), name="change_of"),
            # What one person did lately.
            models.Index(fields=("who", "seq"), name="change_by"),
            # What was decided together.
            models.Index(
                fields=("batch", "seq"),
                condition=~models.Q(batch=""),
                name="change_batch",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq}: {self.record} {self.key} {self.action}"


def key_of(record: models.Model) -> str:
    """The public name of a record in the log: its key, else its own short text."""
    return str(getattr(record, "log_key", None) or getattr(record, "key", record.pk))


@dataclass
class Recording:
    """What one transaction did to curated records, until the clock stamps it."""

    who: Any = None
    why: str = ""
    tool: str = ""
    batch: str = ""
    changes: list[Change] = field(default_factory=list)
    touched: dict[type[models.Model], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    opening: list[models.Model] = field(default_factory=list)
    closing: list[models.Model] = field(default_factory=list)
    history: dict[type[models.Model], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def note(
        self,
        record: models.Model,
        action: str,
        *,
        from_state: str = "",
        to_state: str = "",
        why: str = "",
        public: bool = False,
    ) -> None:
        """Log that `action` happened to `record`."""
        self.touched[type(record)].add(record.pk)
        self.changes.append(
            Change(
                who=self.who,
                tool=self.tool,
                record=record._meta.model_name,
                key=key_of(record),
                version=getattr(record, "version", None),
                action=action,
                from_state=from_state,
                to_state=to_state,
                why=why or self.why,
                public=public,
                batch=self.batch,
            )
        )

    def insert(self, rows: Sequence[models.Model]) -> None:
        """Insert new records of one model at once, each with its own history.

        `save` is not called: what it fills in must be there.
        """
        if not rows:
            return
        kept: Any = type(rows[0])
        kept._base_manager.bulk_create(rows)
        made = kept.history.bulk_history_create(rows, default_user=self.who)
        self.history[kept.history.model] += [row.pk for row in made]

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of the transaction that may fail alone: undone, it never happened."""
        lists: list[list[Any]] = [self.changes, self.opening, self.closing]
        noted = [len(kept) for kept in lists]
        history = {model: len(keys) for model, keys in self.history.items()}
        try:
            with transaction.atomic():
                yield
        except BaseException:
            for kept, length in zip(lists, noted, strict=True):
                del kept[length:]
            for model, keys in self.history.items():
                del keys[history.get(model, 0) :]
            raise

    def stamp(self) -> None:
        """Number the changes and write the instant where it belongs."""
        for listener in _listeners:
            for model, keys in self.touched.items():
                listener(model, keys)
        if not self.changes:
            return
        first, at = Clock.take(len(self.changes))
        for offset, change in enumerate(self.changes):
            change.seq, change.at = first + offset, at
        Change.objects.bulk_create(self.changes)
        _write_instant(self.opening, "public_from", at)
        _write_instant(self.closing, "public_to", at)
        for model, keys in self.history.items():
            model._base_manager.filter(pk__in=keys).update(history_date=at)


def _write_instant(records: list[models.Model], column: str, at: datetime) -> None:
    keys: dict[type[models.Model], list[int]] = defaultdict(list)
    for record in records:
        setattr(record, column, at)
        keys[type(record)].append(record.pk)
    for model, pks in keys.items():
        model._base_manager.filter(pk__in=pks).update(**{column: at})


# What PostgreSQL and SQLite say when two transactions stood in each other's way.
_WORDS_OF_A_COLLISION = ("deadlock detected", "database is locked")

_current: ContextVar[Recording | None] = ContextVar("recording", default=None)
_listeners: list[Callable[[type[models.Model], set[int]], None]] = []


def listen(listener: Callable[[type[models.Model], set[int]], None]) -> None:
    """Call `listener(model, primary keys)` at the end of each recorded transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def current() -> Recording | None:
    """The recording under way, if there is one."""
    return _current.get()


@contextmanager
def recording(
    who: Any = None, why: str = "", *, tool: str = "", batch: str = ""
) -> Iterator[Recording]:
    """One transaction that may write curated records; nested calls join the outer.

    `who` is the user, or None with `tool` naming the program that acts. `batch` (a
    `random_key`) marks changes that are to be undone together.
    """
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    try:
        with transaction.atomic():
            inner = Recording(who=who, why=why, tool=tool, batch=batch)
            token = _current.set(inner)
            try:
                yield inner
                inner.stamp()
            finally:
                _current.reset(token)
    except OperationalError as fault:
        if not any(words in str(fault) for words in _WORDS_OF_A_COLLISION):
            raise
        raise Collided(
            "Somebody else changed the same records at the same moment; "
            "nothing was changed here. Try again."
        ) from fault


@contextmanager
def together(who: Any, why: str) -> Iterator[Recording]:
    """A recording whose changes are undone together, also inside another's.

    They have a batch and a reason of their own.
    """
    with recording(who) as rec:
        around = rec.batch, rec.why
        rec.batch, rec.why = random_key(), why
        try:
            yield rec
        finally:
            rec.batch, rec.why = around


def _remember_history(sender, history_instance, **kwargs) -> None:
    """Let the clock stamp the library's history rows as it stamps ours."""
    under_way = _current.get()
    if under_way is not None:
        under_way.history[type(history_instance)].append(history_instance.pk)


post_create_historical_record.connect(_remember_history, dispatch_uid="clock")


class _HistoryManager(HistoryManager):
    """The library's, whose class it would make anew at each save of a record."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


def history() -> HistoricalRecords:
    """The history that small tables and drafts keep of themselves."""
    return HistoricalRecords(
        user_db_constraint=False,
        custom_model_name=lambda name: f"{name}History",
        history_manager=_HistoryManager,
    )


class CuratedQuerySet(models.QuerySet):
    """Rows that people made: no bulk write passes by the log."""

    def _refuse_unrecorded(self, verb: str) -> None:
        if _current.get() is None:
            raise Refused(
                f"{self.model._meta.verbose_name_plural.capitalize()} are "
                f"{verb} only inside changes.recording(who, why)."
            )

    def update(self, **kwargs: Any) -> int:
        self._refuse_unrecorded("changed in bulk")
        return super().update(**kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._refuse_unrecorded("changed in bulk")
        return super().bulk_update(*args, **kwargs)

    def delete(self):
        self._refuse_unrecorded("deleted")
        return super().delete()


class Curated(models.Model):
    """A record that people made: never deleted, every change of it in the log."""

    objects = CuratedQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any):
        if _current.get() is None:
            raise Refused(
                f"{self} cannot be deleted: nothing that people made ever is."
            )
        return super().delete(*args, **kwargs)


def random_key() -> str:
    """A key of twelve random characters (statements, stances)."""
    return names.random_key()


def require(who: Any, permission: str, sentence: str) -> None:
    """Refuse in a sentence unless the user holds the permission of this app."""
    if who is None or not who.has_perm(f"positions.{permission}"):
        raise NotAllowed(sentence)

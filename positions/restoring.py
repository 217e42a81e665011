"""Restoring: an earlier state of a record, written back as the newest one.

Nothing that came after is erased: it stays in the history like all before it. A
small record is changed at once. What a statement or a stance said comes back as a
draft that goes the usual way, in the version that is open or in the next one.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from positions.models import Refused, Stance, Statement
from positions.models.changes import Recording, recording, require
from positions.models.versions import DRAFT, Versioned, copy_parts
from positions.readers import readers_see

# What names a record and says how it stands is not part of what it says: merging,
# transitions and their authors have ways of their own.
KEPT = frozenset(
    {
        "id",
        "key",
        "merged_into",
        "version",
        "state",
        "withheld",
        "public_from",
        "public_to",
        "changed_at",
        "utterance",
        "coder",
        "coded_at",
        "accepted_by",
        "accepted_at",
        "author",
        "published_by",
    }
)


def restore(who: Any, record: models.Model, to: models.Model, why: str = "") -> Any:
    """Write an earlier state back; the record that says so now, as it was saved.

    `to` is a row of the record's history (`Actor.history`, `Statement.history`), or,
    for a statement or a stance, the row of any of its versions, whose citations,
    evidence and reasons come back with it; a history row has none of these, so they
    stay as they are. An open version is changed in place. Without one a next version
    begins as a draft, after retraction or rejection too, and is returned: what is
    public stays public until that is accepted.

    Joins a recording under way, with its batch. Raises Refused: without the
    permission, for a row of another record, where nothing differs, and where the old
    state breaks a rule of today.
    """
    name, plural = record._meta.model_name, record._meta.verbose_name_plural
    require(who, f"change_{name}", f"You may not change {plural}.")
    if not is_state_of(record, to):
        raise Refused(f"That is no version of {record}.")
    with recording(who, why) as rec:
        if isinstance(record, Versioned):
            return _restore_version(rec, who, record, to, why)
        return _restore_in_place(rec, record, to, why)


def is_state_of(record: models.Model, to: Any) -> bool:
    """Is `to` a history row or a version of this record?"""
    of = getattr(to, "instance_type", type(to))
    if of is not type(record):
        return False
    if isinstance(record, Versioned):
        return to.key == record.key
    return is_history(to) and to.id == record.pk


def is_history(row: Any) -> bool:
    """A row of django-simple-history, and not one of ours?"""
    return hasattr(row, "history_id")


def name_of(to: Any) -> str:
    """How a sentence calls an earlier state: "version 2", "it was on ..."."""
    if is_history(to):
        return f"it was on {to.history_date:%Y-%m-%d %H:%M}"
    return f"version {to.version}"


def what_happens(record: Any, to: Any) -> str:
    """What `restore` would do, in a sentence for the person who is about to."""
    if not isinstance(record, Versioned):
        return "Its fields are written back at once, as an edit that the log keeps."
    newest, public = _ends(_versions(record))
    if not newest.frozen:
        return (
            f"Version {newest.version} is open: it is changed in place, and waits "
            f"as {newest.get_state_display().lower()}."
        )
    if public is not None:
        return (
            "A next version begins as a draft that says so again; version "
            f"{public.version} stays public until that one takes its place."
        )
    return (
        f"It was {newest.get_state_display().lower()}, so nothing of it is public. "
        "A new version begins as a draft that goes the usual way."
    )


def standing(record: Any) -> Any:
    """The row that says what the record says now: its open version, else the public
    one, else its newest; a record without versions itself."""
    if not isinstance(record, Versioned):
        return record
    newest, public = _ends(_versions(record))
    return newest if public is None or not newest.frozen else public


def says_the_same(record: Any, to: Any) -> bool:
    """Would restoring this row change no field?"""
    names = [field.attname for field in content_fields(type(record))]
    return all(getattr(record, name) == getattr(to, name) for name in names)


def content_fields(model: type[models.Model]) -> list[models.Field]:
    """The columns that say what a record says, and come back with an old state."""
    return [f for f in model._meta.concrete_fields if f.name not in KEPT]


def _restore_in_place(rec: Recording, record: Any, to: Any, why: str) -> Any:
    now = type(record)._base_manager.select_for_update().get(pk=record.pk)
    seen = readers_see(now)
    if says_the_same(now, to):
        raise Refused(f"{record} is so already: there is nothing to restore.")
    _take_over(now, to)
    _save(now)
    public = seen or readers_see(now)
    rec.note(now, "restored", why=_reason(rec, to, why), public=public)
    return now


def _restore_version(rec: Recording, who: Any, record: Any, to: Any, why: str) -> Any:
    newest, public = _ends(_versions(record, lock=True))
    standing = newest if not newest.frozen else public
    same = is_history(to) and standing is not None and says_the_same(standing, to)
    if standing == to or same:
        raise Refused(f"{record} is so already: there is nothing to restore.")
    draft = _draft_of(rec, who, newest, public)
    if not is_history(to):
        _copy_rows(draft, to)
    _take_over(draft, to)
    _save(draft)
    rec.note(draft, "restored", to_state=draft.state, why=_reason(rec, to, why))
    return draft


def _versions(record: Any, *, lock: bool = False) -> list[Any]:
    rows = type(record)._base_manager.filter(key=record.key).order_by("version")
    return list(rows.select_for_update() if lock else rows)


def _ends(versions: list[Any]) -> tuple[Any, Any]:
    """The newest version of a record, and the one that is public, if any."""
    public = (row for row in versions if row.state == row.PUBLIC_STATE)
    return versions[-1], next(public, None)


def _draft_of(rec: Recording, who: Any, newest: Any, public: Any) -> Any:
    """The open version, or the next one, begun now."""
    if not newest.frozen:
        return newest
    if public is not None:
        return public.next_version(who)
    newest._require_coder(who, "restore")
    draft = newest.copied(made_by=who)
    rec.note(draft, "next version begun", to_state=DRAFT)
    return draft


def _take_over(record: Any, to: Any) -> None:
    """Give a record the fields of an earlier state."""
    for field in content_fields(type(record)):
        setattr(record, field.attname, getattr(to, field.attname))


def _copy_rows(draft: Any, to: Any) -> None:
    """Give a draft the citations or evidence of another version, and its tags."""
    draft.parts.all().delete()
    copy_parts(to.parts, draft._meta.model_name, draft)
    for field in draft._meta.many_to_many:
        getattr(draft, field.name).set(getattr(to, field.name).all())
    if isinstance(draft, Stance):
        _cite_public_versions(draft)


def _cite_public_versions(stance: Any) -> None:
    """Where its evidence was corrected since without saying something else, follow."""
    rows = stance.evidence.select_related("statement")
    for row in rows.exclude(statement__state=Statement.PUBLIC_STATE):
        old = row.statement
        public = Statement.objects.filter(
            key=old.key,
            state=Statement.PUBLIC_STATE,
            actor=old.actor_id,
            option=old.option_id,
            disposition=old.disposition_id,
        ).first()
        if public and not stance.evidence.filter(statement=public).exists():
            row.statement = public
            row.save()


def _save(record: Any) -> None:
    """Save, and say in a sentence which rule of today the old state breaks."""
    try:
        record.full_clean()
        with transaction.atomic():
            record.save()
    except ValidationError as fault:
        raise Refused(f"It cannot be restored: {' '.join(fault.messages)}") from fault
    except IntegrityError as fault:
        raise Refused(
            "It cannot be restored: another record has the same already."
        ) from fault


def _reason(rec: Recording, to: Any, why: str) -> str:
    """What the log says: which state came back, and why."""
    return f"As {name_of(to)}. {why or rec.why}".strip()

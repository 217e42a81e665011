"""What statements and stances share: states, frozen versions, days in public."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Max, Q

from positions.choices import StatementState

from .actors import Actor
from .changes import (
    Change,
    Curated,
    CuratedQuerySet,
    Refused,
    random_key,
    recording,
    require,
)
from .issues import Issue, Option

if TYPE_CHECKING:
    from positions.readers import Reader

# The states that all versioned records have.
DRAFT, REVIEW = StatementState.DRAFT, StatementState.REVIEW


class VersionedQuerySet(CuratedQuerySet):
    """Versions of records that enter and leave the public by the clock."""

    def public(self, known_on: datetime | None = None):
        """Those public now, or as the database said at an instant of the clock."""
        rows = self.filter(withheld=False, public_from__isnull=False)
        if known_on is None:
            return rows.filter(public_to__isnull=True)
        return rows.filter(
            Q(public_to__isnull=True) | Q(public_to__gt=known_on),
            public_from__lte=known_on,
        )

    def visible_to(self, reader: Reader, known_on: datetime | None = None):
        """Rule 5: what is public; for a curator, the newest of every record."""
        if reader.curator and known_on is None:
            return self.newest()
        return self.public(known_on)

    def newest(self):
        """The last version of each record."""
        later = self.model._base_manager.filter(
            key=models.OuterRef("key"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(later))

    def locked(self) -> list:
        """The rows, locked, in the order of their primary keys.

        Asked again until nothing is new: whoever had one of them locked may have put
        its next version in its place.
        """
        rows: list = []
        while True:
            found = list(self.select_for_update(of=("self",)).order_by("pk"))
            if [row.pk for row in found] == [row.pk for row in rows]:
                return found
            rows = found

    def of_issue(self, issue: Issue):
        """Those on any option of an issue, or of one merged into it."""
        return self.filter(option__issue__in=Issue.objects.group_of(issue))

    def of_actor(self, actor: Actor):
        return self.filter(actor__in=Actor.objects.group_of(actor))

    def of_option(self, option: Option):
        return self.filter(option__in=Option.objects.group_of(option))


class Versioned(Curated):
    """A record with frozen public versions: one row a version, one key for all.

    Each kind says for itself who made it (`made_by`), which rows belong to a version
    alone (`parts`), and how the next version begins (`copied`).
    """

    key = models.CharField(max_length=12, default=random_key, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    public_from = models.DateTimeField(null=True, editable=False)
    public_to = models.DateTimeField(null=True, editable=False)
    withheld = models.BooleanField(default=False, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    PUBLIC_STATE: str
    # What the log calls the transition into the public.
    LET_IN: str
    EDITABLE_STATES: tuple[str, ...] = (DRAFT, REVIEW)
    # Who holds it may let versions into the public, and take them out.
    PERMISSION: str

    @property
    def frozen(self) -> bool:
        """Accepted or published once: corrected only by its next version."""
        return self.state not in self.EDITABLE_STATES

    @property
    def is_public(self) -> bool:
        """Whether this version is public now, as `VersionedQuerySet.public` asks."""
        entered, left = self.public_from is not None, self.public_to is not None
        return entered and not left and not self.withheld

    @property
    def log_key(self) -> str:
        return self.key

    def reviewable_by(self, who) -> bool:
        """Another person made it, or this installation allows self-review."""
        return settings.SELF_REVIEW or self.made_by != who

    def save(self, *args, **kwargs) -> None:
        """Only transitions write what is frozen (`_move`); people make a version."""
        if self.frozen and not self._state.adding:
            raise Refused(f"{self} is frozen: make its next version.")
        super().save(*args, **kwargs)

    def locked(self):
        """The row again, locked, as the database has it now."""
        return type(self)._base_manager.select_for_update().get(pk=self.pk)

    def _move(self, rec, action: str, to: str, *, why: str = "") -> None:
        """Write the state and the log; enter or leave the public with the clock."""
        before, self.state = self.state, to
        if to == self.PUBLIC_STATE:
            rec.opening.append(self)
        elif before == self.PUBLIC_STATE:
            rec.closing.append(self)
        super().save()
        rec.note(
            self,
            action,
            from_state=before,
            to_state=to,
            why=why,
            public=self.PUBLIC_STATE in (before, to),
        )

    def _must_be(self, *states: str, doing: str) -> None:
        if self.state not in states:
            raise Refused(
                f"{self} is {self.get_state_display().lower()}; "
                f"only what is {' or '.join(states)} can be {doing}."
            )

    def withhold(self, who, why: str) -> None:
        """Hide every version of it from every reader, at every instant."""
        self._set_withheld(who, why, withheld=True, action="withheld")

    def show_again(self, who, why: str) -> None:
        """Undo `withhold`."""
        self._set_withheld(who, why, withheld=False, action="shown again")

    def _set_withheld(self, who, why: str, *, withheld: bool, action: str) -> None:
        require(who, self.PERMISSION, "Only reviewers withhold records.")
        need_reason(why, "withhold a record or show it again")
        with recording(who) as rec:
            if self.locked().withheld == withheld:
                raise Refused(f"{self} is {action} already.")
            type(self).objects.filter(key=self.key).update(withheld=withheld)
            self.withheld = withheld
            rec.note(self, action, why=why, public=True)

    def earlier_public(self):
        """The version of this record that is public now, if another."""
        return (
            type(self)
            ._base_manager.select_for_update()
            .filter(key=self.key, state=self.PUBLIC_STATE)
            .exclude(pk=self.pk)
            .first()
        )

    def next_number(self) -> int:
        rows = type(self)._base_manager.filter(key=self.key)
        return rows.aggregate(last=Max("version"))["last"] + 1

    def open_version(self):
        """A version later than this one that is not finished yet, if any."""
        return (
            type(self)
            ._base_manager.filter(
                key=self.key, version__gt=self.version, state__in=self.EDITABLE_STATES
            )
            .first()
        )

    # -- transitions that both have ---------------------------------------------

    def submit(self, who) -> None:
        """Draft -> in review."""
        self._require_coder(who, "submit")
        with recording(who) as rec:
            self._relock()
            self._must_be(DRAFT, doing="submitted")
            self.check_complete()
            self._move(rec, "submitted", REVIEW)

    def let_in(self, who, why: str = "") -> None:
        """In review -> public: what each kind calls accepting or publishing."""
        raise NotImplementedError

    def may_be_let_in_by(self, who) -> bool:
        """May this person let it into the public?"""
        return who.has_perm(f"positions.{self.PERMISSION}") and self.reviewable_by(who)

    def submit_and_let_in(self, who, why: str = "") -> None:
        """Both or none; what is in review already is only let in."""
        with recording(who):
            if self.state == DRAFT:
                self.submit(who)
            self.let_in(who, why)

    def submit_and_let_in_if_able(self, who) -> bool:
        """Submit it, and let it in if this person may: else it waits in review."""
        with recording(who):
            self.submit(who)
            able = self.may_be_let_in_by(who)
            if able:
                self.let_in(who)
        return able

    def send_back(self, who, why: str) -> None:
        """In review -> draft, with a word to whoever made it."""
        self._require_coder(who, "send back")
        with recording(who) as rec:
            self._relock()
            self._must_be(REVIEW, doing="sent back")
            self._move(rec, "sent back", DRAFT, why=why)

    def next_version(self, who):
        """A draft that corrects this one; it stays public until that one is."""
        self._require_coder(who, "correct")
        with recording(who) as rec:
            self._relock()
            self._must_be(self.PUBLIC_STATE, doing="corrected")
            if (open_one := self.open_version()) is not None:
                raise Refused(f"Version {open_one.version} of it is under way already.")
            draft = self.copied(made_by=who)
            rec.note(draft, "next version begun", to_state=DRAFT)
        return draft

    def can_take_back(self) -> bool:
        """Nothing has happened to it since it was let into the public."""
        last = Change.objects.of(self).first()
        return (
            self.state == self.PUBLIC_STATE
            and last is not None
            and last.action == self.LET_IN
        )

    def take_back(self, who):
        """Undo a decision made by mistake: the next version, in review again."""
        require(who, self.PERMISSION, "Only reviewers take a decision back.")
        with recording(who, f"{self.LET_IN} by mistake") as rec:
            self._relock()
            if not self.can_take_back():
                raise Refused(f"It was changed or used since it was {self.LET_IN}.")
            again = self.copied(made_by=self.made_by)
            self._move(rec, "taken back", StatementState.RETRACTED)
            again._move(rec, "returned to review", REVIEW)
        return again

    def drop(self, who) -> None:
        """Delete a draft of one's own that was never submitted, leaving the log."""
        with recording(who) as rec:
            self._relock()
            self._must_be(DRAFT, doing="dropped")
            if self.made_by != who:
                raise Refused("Only its author may drop a draft.")
            changes = Change.objects.of(self).filter(version=self.version)
            if changes.filter(action="submitted").exists():
                raise Refused("It was submitted once: reject or correct it instead.")
            rec.note(self, "dropped", from_state=self.state)
            self.parts.all().delete()
            self.delete()

    def check_complete(self) -> None:
        """Refuse what may not be submitted yet."""

    # -- how ----------------------------------------------------------------------

    def _require_coder(self, who, doing: str) -> None:
        plural = self._meta.verbose_name_plural
        require(
            who, f"submit_{self._meta.model_name}", f"Only coders {doing} {plural}."
        )

    def _relock(self) -> None:
        """Lock the row and take over what decides transitions."""
        fresh = self.locked()
        self.state, self.version = fresh.state, fresh.version
        self.public_from, self.public_to = fresh.public_from, fresh.public_to

    def _unsaved_copy(self):
        """The fields of this version in a new draft of the next number."""
        copy = type(self)._base_manager.get(pk=self.pk)
        copy.pk = None
        copy._state.adding = True
        copy.version, copy.state = self.next_number(), DRAFT
        copy.public_from = copy.public_to = None
        return copy


def copy_parts(parts, owner: str, record: models.Model) -> None:
    """Copy rows of one version to another; `owner` is their field for it."""
    rows = list(parts.all())
    for row in rows:
        row.pk = None
        row._state.adding = True
        setattr(row, owner, record)
    parts.model._base_manager.bulk_create(rows)


def need_reason(why: str, doing: str) -> None:
    if not why.strip():
        raise Refused(f"Give a reason to {doing}.")

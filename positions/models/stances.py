"""The judgement: who held which disposition over which days, and the evidence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q

from positions.choices import (
    Basis,
    Confidence,
    EvidenceLevel,
    Facet,
    Mode,
    Relation,
    StanceState,
)

from .actors import Actor
from .changes import Refused, history, recording, require
from .constraints import CompositeForeignKey, NoOverlap
from .issues import Disposition, Option
from .statements import Statement
from .versions import Versioned, VersionedQuerySet, copy_parts, need_reason

if TYPE_CHECKING:
    from .changes import Recording

State = StanceState


class StanceQuerySet(VersionedQuerySet):
    def as_of(self, day: date):
        """Those that hold on a day."""
        return self.filter(
            Q(holds_to__isnull=True) | Q(holds_to__gt=day), holds_from__lte=day
        )

    def citing(self, statement_key: str):
        """Those with any version of a statement among their evidence."""
        return self.filter(evidence__statement__key=statement_key)

    def with_parts(self):
        """With actor, option and disposition, as every list shows them."""
        return self.select_related(
            "actor__merged_into",
            "option__issue__merged_into",
            "option__merged_into__issue__merged_into",
            "option__parent",
            "disposition",
            "through__merged_into",
        )


class Stance(Versioned):
    """An actor's disposition towards an option over [holds from, holds to)."""

    state = models.CharField(
        max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="stances")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="stances")
    disposition = models.ForeignKey(
        Disposition,
        on_delete=models.PROTECT,
        related_name="stances",
        limit_choices_to=~Q(facet=""),
    )
    facet = models.CharField(max_length=20, choices=Facet.choices, editable=False)
    mode = models.CharField(max_length=20, choices=Mode.choices, blank=True)
    holds_from = models.DateField(help_text="The first day.")
    holds_to = models.DateField(
        null=True, blank=True, help_text="The first day it no longer holds."
    )
    end_reason = models.CharField(max_length=20, blank=True, editable=False)
    changed_after = models.DateField(
        null=True,
        blank=True,
        help_text="The change came between this day and the first.",
    )
    last_confirmed = models.DateField(null=True, blank=True)
    confidence = models.CharField(
        max_length=10, choices=Confidence.choices, default=Confidence.MODERATE
    )
    rationale = models.TextField(blank=True)
    basis = models.CharField(
        max_length=10, choices=Basis.choices, default=Basis.ASSERTED, editable=False
    )
    level = models.CharField(
        "evidence level", max_length=10, choices=EvidenceLevel.choices, blank=True
    )
    through = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The group through which it holds.",
    )
    rule_version = models.CharField(max_length=10, blank=True, editable=False)
    codebook_version = models.CharField(max_length=10, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = StanceQuerySet.as_manager()
    history = history()

    PUBLIC_STATE = State.PUBLISHED
    LET_IN = "published"
    PERMISSION = "publish_stance"

    class Meta:
        ordering = ("-pk",)
        permissions = (
            ("submit_stance", "Can submit stances"),
            ("publish_stance", "Can publish and retract stances"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("key", "version"), name="stance_version_once"
            ),
            models.CheckConstraint(
                condition=Q(holds_to__isnull=True) | Q(holds_to__gt=F("holds_from")),
                name="stance_days",
                violation_error_message="A stance must begin before it ends.",
            ),
            models.CheckConstraint(
                condition=~Q(facet=""),
                name="stance_has_facet",
                violation_error_message="A disposition without a facet is no stance.",
            ),
            CompositeForeignKey(
                name="stance_facet_of_disposition",
                local=("disposition", "facet"),
                to="positions_disposition",
                remote=("id", "facet"),
            ),
            # Rule 4.
            NoOverlap(
                name="stance_no_overlap",
                same=("actor", "option", "facet"),
                since="holds_from",
                until="holds_to",
                only="state",
                value="published",
                violation_error_message="Another published stance of this actor, "
                "option and facet holds on some of these days.",
            ),
        )
        indexes = (
            # A timeline: one actor's stances in order; an issue's on a day.
            models.Index(
                fields=("actor", "option", "holds_from"), name="stance_timeline"
            ),
            models.Index(fields=("option", "holds_from"), name="stance_of_option"),
            models.Index(fields=("public_from", "public_to"), name="stance_known_on"),
            # API list: by first day, by keyset.
            models.Index(fields=("holds_from", "id"), name="stance_by_day"),
        )

    def __str__(self) -> str:
        until = f" to {self.holds_to}" if self.holds_to else ""
        return (
            f"{self.actor.survivor}: {self.disposition.say(self.option)}, "
            f"from {self.holds_from}{until}"
        )

    def clean(self) -> None:
        if self.disposition_id and not self.disposition.facet:
            raise ValidationError(
                {
                    "disposition": f"“{self.disposition}” is no position: "
                    "it serves for statements only."
                }
            )
        # The constraints that compare rows look at the copied facet.
        self.facet = self.disposition.facet if self.disposition_id else ""

    def save(self, *args, **kwargs) -> None:
        self.facet = self.disposition.facet
        super().save(*args, **kwargs)

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in [holds from, holds to)."""
        return self.holds_from <= day and (self.holds_to is None or day < self.holds_to)

    # -- transitions ----------------------------------------------------------

    def publish(self, who, why: str = "") -> None:
        """In review -> published; an earlier version leaves the public with it."""
        require(who, "publish_stance", "Only reviewers publish stances.")
        if not self.reviewable_by(who):
            raise Refused("Another reviewer must publish what you judged yourself.")
        with recording(who) as rec:
            # What is published stands under the actor and option that it is read as.
            self.actor = self.actor.held_survivor()
            self.option = self.option.held_survivor()
            self._lock_cell()
            self._relock()
            self._must_be(State.REVIEW, doing="published")
            self._check_support()
            earlier = self.earlier_public()
            if earlier is not None:
                earlier._move(rec, "replaced", State.RETRACTED, why=why)
            self.published_by = who
            self._enter(rec, "published", why)

    let_in = publish

    def retract(self, who, why: str) -> None:
        """Published -> retracted."""
        require(who, "publish_stance", "Only reviewers retract stances.")
        need_reason(why, "retract a stance")
        with recording(who) as rec:
            self._relock()
            self._must_be(State.PUBLISHED, doing="retracted")
            self._move(rec, "retracted", State.RETRACTED, why=why)

    # -- evidence -------------------------------------------------------------

    def rests_only_on(self, statement: Statement) -> bool:
        """Is this statement its only accepted support?"""
        support = self.evidence.filter(
            relation=Relation.SUPPORTS, statement__state=Statement.PUBLIC_STATE
        ).values_list("statement_id", flat=True)
        return set(support) == {statement.pk}

    def follow(
        self,
        rec: Recording,
        earlier: Statement | None,
        statement: Statement,
        *,
        retract: bool,
    ) -> None:
        """Its evidence has a new version: cite that, in a next version of ours.

        Where the new version says something else, a published stance that rests
        on it alone is not bent silently: it is refused, or retracted on request.
        """
        if earlier is None or not self.evidence.filter(statement=earlier).exists():
            return
        same = _cell_and_sense(statement) == _cell_and_sense(self)
        supports = self.evidence.filter(
            statement=earlier, relation=Relation.SUPPORTS
        ).exists()
        others = self.evidence.filter(
            relation=Relation.SUPPORTS, statement__state=Statement.PUBLIC_STATE
        ).exclude(statement=earlier)
        if same or not supports or others.exists():
            self._reissue(rec, earlier, statement, keep=same or not supports)
        elif retract:
            self._move(rec, "retracted", State.RETRACTED, why="its evidence changed")
        else:
            raise Refused(
                f"The published stance “{self}” rests on the words as they were "
                "coded: retract it as well, or give it other evidence first."
            )

    def _reissue(
        self, rec: Recording, earlier: Statement, statement: Statement, *, keep: bool
    ) -> None:
        copy = self.copied(made_by=self.author)
        cited = copy.evidence.filter(statement=earlier)
        if keep:
            cited.update(statement=statement)
        else:
            cited.delete()
        self._give_way(rec, copy, "its evidence was corrected")

    # -- whose it is ----------------------------------------------------------

    def reissue_under(
        self,
        rec: Recording,
        *,
        actor: Actor | None = None,
        option: Option | None = None,
        why: str,
    ) -> Stance:
        """Its next version, published at once, under another actor or option.

        For records that are read as one, or no longer: nothing else of it changes.
        Raises Refused where it overlaps a published stance there.
        """
        copy = self.copied(made_by=self.author)
        copy.actor, copy.option = actor or copy.actor, option or copy.option
        self._give_way(rec, copy, why)
        return copy

    # -- how ------------------------------------------------------------------

    def _give_way(self, rec: Recording, copy: Stance, why: str) -> None:
        """Leave the public for a copy; a correction under way stays the newest."""
        under_way = (
            Stance.objects.select_for_update()
            .filter(key=self.key, version__gt=self.version, version__lt=copy.version)
            .filter(state__in=self.EDITABLE_STATES)
            .first()
        )
        self._move(rec, "replaced", State.RETRACTED, why=why)
        copy.published_by = self.published_by
        copy._enter(rec, "published", why)
        if under_way is not None:
            under_way.version = self.next_number()
            under_way.save()
            rec.note(under_way, "renumbered", why=f"it comes after v{copy.version}")

    def _lock_cell(self) -> None:
        """Publishers of one cell wait for each other here, not in the constraint."""
        cell = Stance.objects.filter(
            actor=self.actor_id, option=self.option_id, facet=self.facet
        )
        list(cell.select_for_update().order_by("pk").values_list("pk"))

    def _check_support(self) -> None:
        """Rule 3, under lock: at least one accepted statement in support."""
        support = Statement.objects.select_for_update().filter(
            pk__in=self.evidence.filter(relation=Relation.SUPPORTS).values("statement"),
            state=Statement.PUBLIC_STATE,
        )
        if not support.exists():
            raise Refused(f"{self} has no accepted statement in support.")

    def _enter(self, rec: Recording, action: str, why: str) -> None:
        """Become public; the database has the last word on overlaps (rule 4)."""
        try:
            with transaction.atomic():
                self._move(rec, action, State.PUBLISHED, why=why)
        except IntegrityError as fault:
            if "stance_no_overlap" not in str(fault):
                raise
            self.state = State.REVIEW
            raise Refused(
                f"{self} overlaps another published stance of the same actor, option "
                "and facet: end that one first."
            ) from fault

    def check_complete(self) -> None:
        self.facet = self.disposition.facet

    @property
    def made_by(self):
        return self.author

    @property
    def parts(self):
        return self.evidence

    def copied(self, *, made_by) -> Stance:
        copy = self._unsaved_copy()
        copy.published_by = None
        copy.author = made_by
        copy.save()
        copy_parts(self.evidence, "stance", copy)
        return copy


def _cell_and_sense(record: Statement | Stance) -> tuple[int, int, int]:
    """Actor and option as they are read, and the disposition: what it says."""
    return record.actor.survivor.pk, record.option.survivor.pk, record.disposition_id


class Evidence(models.Model):
    """What a statement is to a stance."""

    stance = models.ForeignKey(
        Stance, on_delete=models.PROTECT, related_name="evidence"
    )
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="evidence"
    )
    relation = models.CharField(
        max_length=12, choices=Relation.choices, default=Relation.SUPPORTS
    )

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ("stance", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("stance", "statement"),
                name="evidence_once",
                violation_error_message="This statement is named already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_relation_display()}: {self.statement}"

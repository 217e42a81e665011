"""Dated evidence: statements, and the null findings beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from positions import dates
from positions.choices import (
    CitationRole,
    Credibility,
    DateBasis,
    ExtendsTo,
    Finding,
    Form,
    Modality,
    Mode,
    Publicity,
    Reliability,
    SpeakerRank,
    Standing,
    StatementState,
)

from .actors import Actor
from .changes import (
    Change,
    Curated,
    Refused,
    history,
    recording,
    require,
)
from .citations import Citation, refuse_own_comment
from .constraints import days_in_order
from .events import Event
from .issues import Disposition, Issue, Option, Reason
from .sources import Source
from .texts import Paragraph
from .versions import Versioned, VersionedQuerySet, copy_parts, need_reason

State = StatementState
# The words name a speaker, and no person of the register stands for the name.
UNRESOLVED_SPEAKER = Q(
    speaker=None, state__in=(State.DRAFT, State.REVIEW, State.ACCEPTED)
) & ~Q(speaker_text="")


class StatementQuerySet(VersionedQuerySet):
    def with_evidence(self):
        """All that a list or the rule reads, in a constant number of queries."""
        return self.select_related(
            "actor__merged_into",
            "option__issue__merged_into",
            "option__merged_into__issue__merged_into",
            "option__parent",
            "over_option__merged_into",
            "disposition",
            "speaker__merged_into",
            "on_authority_of__merged_into",
            "reporter__merged_into",
            "event",
        ).prefetch_related(
            models.Prefetch("citations", Citation.objects.with_place()),
            "reasons",
        )


class Statement(Versioned):
    """An actor's disposition towards one option, as somebody said or did it."""

    state = models.CharField(
        max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    utterance = models.CharField(
        max_length=12,
        blank=True,
        editable=False,
        db_index=True,
        help_text="Shared by statements coded at once from the same words.",
    )

    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="statements",
        help_text="Whose position: the highest body the speaker may speak for.",
    )
    option = models.ForeignKey(
        Option,
        on_delete=models.PROTECT,
        related_name="statements",
        help_text="The narrowest thing that the words are about.",
    )
    over_option = models.ForeignKey(
        Option,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="over",
        help_text="The alternative it was put before, if named.",
    )
    disposition = models.ForeignKey(
        Disposition, on_delete=models.PROTECT, related_name="statements"
    )
    mode = models.CharField(
        max_length=20,
        choices=Mode.choices,
        blank=True,
        help_text="How consent to be bound was given.",
    )
    reasons = models.ManyToManyField(Reason, blank=True, related_name="statements")

    speaker = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="spoken",
        help_text="The person, if in the register.",
    )
    speaker_text = models.CharField("speaker as printed", max_length=200, blank=True)
    speaker_role = models.CharField(max_length=200, blank=True)
    speaker_rank = models.PositiveSmallIntegerField(
        choices=SpeakerRank.choices, default=SpeakerRank.UNKNOWN
    )
    on_authority_of = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_authority_text = models.CharField(
        "on authority of, as printed", max_length=200, blank=True
    )
    audience = models.CharField(max_length=300, blank=True)
    reporter = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="reported"
    )

    standing = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.OWN
    )
    form = models.CharField(max_length=20, choices=Form.choices, default=Form.REPORTED)
    publicity = models.CharField(
        max_length=20, choices=Publicity.choices, default=Publicity.UNKNOWN
    )
    modality = models.CharField(
        max_length=20, choices=Modality.choices, default=Modality.STATED
    )
    condition = models.CharField(max_length=300, blank=True)
    extends_to = models.CharField(
        max_length=20, choices=ExtendsTo.choices, default=ExtendsTo.NOBODY
    )
    extends_except = models.ManyToManyField(Actor, blank=True, related_name="+")
    reliability = models.CharField(
        max_length=1, choices=Reliability.choices, default=Reliability.F
    )
    credibility = models.CharField(
        max_length=1, choices=Credibility.choices, default=Credibility.UNKNOWN
    )

    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
    )
    said_on = models.CharField(max_length=40, blank=True, help_text=dates.DATE_HELP)
    said_basis = models.CharField(
        max_length=10, choices=DateBasis.choices, default=DateBasis.PRINTED
    )
    said_earliest = models.DateField(null=True, editable=False)
    said_latest = models.DateField(null=True, editable=False)
    holds_on = models.CharField(
        max_length=40,
        blank=True,
        help_text="The time the words speak of; empty: the day they were said.",
    )
    holds_earliest = models.DateField(null=True, editable=False)
    holds_latest = models.DateField(null=True, editable=False)
    holds_since = models.BooleanField(default=False, editable=False)

    note = models.TextField(blank=True)
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    coded_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    accepted_at = models.DateTimeField(null=True, editable=False)

    objects = StatementQuerySet.as_manager()
    history = history()

    PUBLIC_STATE = State.ACCEPTED
    LET_IN = "accepted"
    PERMISSION = "accept_statement"

    class Meta:
        ordering = ("-pk",)
        permissions = (
            ("submit_statement", "Can submit statements"),
            ("accept_statement", "Can accept, reject, retract and replace statements"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("key", "version"), name="statement_version_once"
            ),
            models.UniqueConstraint(
                fields=("key",),
                condition=Q(state="accepted"),
                name="statement_one_accepted_version",
            ),
            # Rule 3: an accepted statement always has its days.
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(holds_earliest__isnull=False),
                name="statement_accepted_has_days",
                violation_error_message="An accepted statement needs a date.",
            ),
            days_in_order("said_earliest", "said_latest", name="statement_said_days"),
            days_in_order(
                "holds_earliest", "holds_latest", name="statement_holds_days"
            ),
            models.CheckConstraint(
                condition=~Q(over_option=F("option")),
                name="statement_over_another_option",
                violation_error_message="An option is not put before itself.",
            ),
        )
        indexes = (
            # The rule and the pages: one cell's evidence in order of its day.
            models.Index(
                fields=("actor", "option", "holds_latest"), name="statement_cell"
            ),
            models.Index(
                fields=("public_from", "public_to"), name="statement_known_on"
            ),
            # API list: newest evidence first, by keyset.
            models.Index(fields=("holds_latest", "id"), name="statement_by_day"),
            models.Index(fields=("state", "id"), name="statement_by_state"),
            # Work list: speakers as printed who are nobody in the register.
            models.Index(
                fields=("speaker_text", "actor", "id"),
                condition=UNRESOLVED_SPEAKER,
                name="statement_unnamed_speaker",
            ),
        )

    def __str__(self) -> str:
        return f"{self.actor.survivor}: {self.disposition.say(self.option)}"

    # -- what it says ---------------------------------------------------------

    @property
    def main(self) -> Citation | None:
        """Its main citation (prefetch `citations`)."""
        return next(
            (c for c in self.citations.all() if c.role == CitationRole.MAIN), None
        )

    @property
    def single_coded(self) -> bool:
        """Accepted by the one who coded it: nobody else has looked."""
        return self.accepted_by_id is not None and self.accepted_by_id == self.coder_id

    @property
    def speaker_name(self) -> str:
        return self.speaker.survivor.name if self.speaker else self.speaker_text

    @property
    def authority_name(self) -> str:
        return (
            self.on_authority_of.survivor.name
            if self.on_authority_of
            else self.on_authority_text
        )

    def clean(self) -> None:
        try:
            self._read_dates()
        except dates.BadDate as fault:
            raise ValidationError({fault_field(self): str(fault)}) from fault
        problems = self._contradictions()
        if problems:
            raise ValidationError(problems)

    def _contradictions(self) -> dict[str, str]:
        problems = {}
        if self.modality == Modality.CONDITIONAL and not self.condition:
            problems["condition"] = "A conditional statement needs its condition."
        if self.mode and self.disposition_id and self.disposition.code != "bound":
            problems["mode"] = "Only consent to be bound has a mode."
        over = self.over_option if self.over_option_id and self.option_id else None
        if over and over.issue.survivor != self.option.issue.survivor:
            problems["over_option"] = "The alternative is of another issue."
        return problems

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._read_dates()
        super().save(*args, **kwargs)

    def _document_days(self):
        """The days of the document cited, for a statement that gives none."""
        if not self.pk:
            return None, None
        source = Source.objects.filter(
            revisions__paragraphs__citations__statement=self,
            revisions__paragraphs__citations__role=CitationRole.MAIN,
        ).first()
        return (source.dated_earliest, source.dated_latest) if source else (None, None)

    def _read_dates(self) -> None:
        """Holds on, else said on, else the document's date (DESIGN, Dates)."""
        document = (None, None) if self.said_on else self._document_days()
        said = dates.parse(self.said_on, said=document[1]) if self.said_on else None
        self.said_earliest = said and said.earliest
        self.said_latest = said and said.latest
        uttered = self.said_latest or document[1]
        holds = dates.parse(self.holds_on, said=uttered) if self.holds_on else said
        if holds:
            self.holds_earliest, self.holds_latest = holds.earliest, holds.latest
            self.holds_since = holds.since
        else:
            self.holds_earliest, self.holds_latest = document
            self.holds_since = False

    # -- transitions ----------------------------------------------------------

    def accept(self, who, why: str = "", *, retract_stances: bool = False) -> None:
        """In review -> accepted; an earlier version leaves the public with it."""
        require(who, "accept_statement", "Only reviewers accept statements.")
        if not self.reviewable_by(who):
            raise Refused("Another reviewer must accept what you coded yourself.")
        with recording(who) as rec:
            stances = self._lock_stances_of_earlier()
            self._relock()
            self._must_be(State.REVIEW, doing="accepted")
            self.check_complete()
            earlier = self.earlier_public()
            if earlier is not None:
                earlier._move(rec, "replaced", State.RETRACTED, why=why)
            self.accepted_by, self.accepted_at = who, timezone.now()
            self._move(rec, "accepted", State.ACCEPTED, why=why)
            for stance in stances:
                stance.follow(rec, earlier, self, retract=retract_stances)

    let_in = accept

    def reject(self, who, why: str) -> None:
        """In review (or draft) -> rejected, with a reason."""
        require(who, "accept_statement", "Only reviewers reject statements.")
        need_reason(why, "reject a statement")
        with recording(who) as rec:
            self._relock()
            self._must_be(State.REVIEW, State.DRAFT, doing="rejected")
            self._move(rec, "rejected", State.REJECTED, why=why)

    def retract(self, who, why: str, *, retract_stances: bool = False) -> None:
        """Accepted -> retracted; refused while a published stance rests on it alone."""
        require(who, "accept_statement", "Only reviewers retract statements.")
        need_reason(why, "retract a statement")
        with recording(who) as rec:
            resting = self._stances_resting_on_it()
            self._relock()
            self._must_be(State.ACCEPTED, doing="retracted")
            if resting and not retract_stances:
                raise Refused(
                    "It is the only support of a published stance: "
                    + "; ".join(str(stance) for stance in resting)
                    + ". Retract both, or publish other evidence first."
                )
            for stance in resting:
                stance.retract(who, why)
            self._move(rec, "retracted", State.RETRACTED, why=why)

    def reopen(self, who) -> None:
        """Undo a rejection: back to the state it was rejected from."""
        require(who, "accept_statement", "Only reviewers reopen statements.")
        with recording(who, "rejected by mistake") as rec:
            self._relock()
            self._must_be(State.REJECTED, doing="reopened")
            last = Change.objects.of(self).filter(action="rejected").first()
            self._move(rec, "reopened", last.from_state if last else State.DRAFT)

    def can_take_back(self) -> bool:
        """Nothing happened to it, nor to a stance through it, since it was accepted."""
        return super().can_take_back() and not self.evidence.exists()

    # -- how ------------------------------------------------------------------

    def check_complete(self) -> None:
        """Rules 2 and 3 and the comment voice, under lock."""
        # Its source may have been given a date since it was coded.
        self._read_dates()
        citations = list(
            self.citations.select_for_update(of=("self",))
            .select_related("paragraph")
            .prefetch_related("paragraph__voices")
        )
        if not any(c.role == CitationRole.MAIN for c in citations):
            raise Refused(f"{self} has no main citation yet.")
        for citation in citations:
            citation.check_slice()
        if self.holds_earliest is None:
            raise Refused(f"{self} has no date, and its source has none either.")
        refuse_own_comment(
            self.standing,
            [(c.paragraph, c.start, c.end) for c in citations if c.role == "main"],
        )

    @property
    def made_by(self):
        return self.coder

    @property
    def parts(self):
        return self.citations

    def copied(self, *, made_by) -> Statement:
        copy = self._unsaved_copy()
        copy.accepted_by = copy.accepted_at = None
        copy.coder, copy.coded_at = made_by, timezone.now()
        copy.save()
        copy_parts(self.citations, "statement", copy)
        copy.reasons.set(self.reasons.all())
        copy.extends_except.set(self.extends_except.all())
        return copy

    def _lock_stances_of_earlier(self) -> list:
        """Published stances that cite another version of it, locked first."""
        from .stances import Stance

        return Stance.objects.filter(
            state="published", pk__in=Stance.objects.citing(self.key).values("pk")
        ).locked()

    def _stances_resting_on_it(self) -> list:
        return [s for s in self._lock_stances_of_earlier() if s.rests_only_on(self)]


def fault_field(statement: Statement) -> str:
    """Which of the two dates of a statement cannot be read."""
    try:
        if statement.said_on:
            dates.parse(statement.said_on, said=date.max)
    except dates.BadDate:
        return "said_on"
    return "holds_on"


class Check(Curated):
    """Somebody looked for an issue (and actor) here and found nothing to code."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="checks")
    paragraph = models.ForeignKey(
        Paragraph,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="checks",
        help_text="Empty: the whole source.",
    )
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="checks")
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="checks"
    )
    finding = models.CharField(
        max_length=12, choices=Finding.choices, default=Finding.NOTHING
    )
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        about = f"{self.actor}, {self.issue}" if self.actor else str(self.issue)
        return f"{self.get_finding_display()} ({about}) in {self.source}"

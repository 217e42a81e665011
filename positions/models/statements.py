"""Dated evidence: statements, the paragraphs they cite, and null findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Length
from django.utils import timezone

from positions import dates
from positions.choices import (
    Anchor,
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
    CuratedQuerySet,
    Refused,
    history,
    random_key,
    recording,
    require,
)
from .constraints import days_in_order
from .events import Event
from .issues import Disposition, Issue, Option, Reason
from .sources import Paragraph, Source

if TYPE_CHECKING:
    from positions.readers import Reader

State = StatementState


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


class Versioned(Curated):
    """A record with frozen public versions: one row a version, one key for all."""

    key = models.CharField(max_length=12, default=random_key, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    public_from = models.DateTimeField(null=True, editable=False)
    public_to = models.DateTimeField(null=True, editable=False)
    withheld = models.BooleanField(default=False, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    PUBLIC_STATE: str
    EDITABLE_STATES: tuple[str, ...]
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
        self.save()
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
        _need_reason(why, "withhold a record or show it again")
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


class StatementQuerySet(VersionedQuerySet):
    def of_issue(self, issue: Issue):
        """Those on any option of an issue, or of one merged into it."""
        return self.filter(option__issue__in=Issue.objects.group_of(issue))

    def of_actor(self, actor: Actor):
        return self.filter(actor__in=Actor.objects.group_of(actor))

    def with_evidence(self):
        """All that a list or the rule reads, in a constant number of queries."""
        return self.select_related(
            "actor__merged_into",
            "option__issue",
            "option__parent",
            "over_option",
            "disposition",
            "speaker",
            "on_authority_of",
            "reporter",
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
    PERMISSION = "accept_statement"
    EDITABLE_STATES = (State.DRAFT, State.REVIEW)

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
        )

    def __str__(self) -> str:
        return f"{self.actor}: {self.disposition} {self.option}"

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
        return self.speaker.name if self.speaker else self.speaker_text

    @property
    def authority_name(self) -> str:
        return (
            self.on_authority_of.name
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
        if over and over.issue_id != self.option.issue_id:
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

    def submit(self, who) -> None:
        """Draft -> in review."""
        require(who, "submit_statement", "Only coders submit statements.")
        with recording(who) as rec:
            self._relock()
            self._must_be(State.DRAFT, doing="submitted")
            self._check_evidence()
            self._move(rec, "submitted", State.REVIEW)

    def accept(self, who, why: str = "", *, retract_stances: bool = False) -> None:
        """In review -> accepted; an earlier version leaves the public with it."""
        require(who, "accept_statement", "Only reviewers accept statements.")
        if who.pk == self.coder_id and not settings.SELF_REVIEW:
            raise Refused("Another reviewer must accept what you coded yourself.")
        with recording(who) as rec:
            stances = self._lock_stances_of_earlier()
            self._relock()
            self._must_be(State.REVIEW, doing="accepted")
            self._check_evidence()
            earlier = self.earlier_public()
            if earlier is not None:
                earlier._move(rec, "replaced", State.RETRACTED, why=why)
            self.accepted_by, self.accepted_at = who, timezone.now()
            self._move(rec, "accepted", State.ACCEPTED, why=why)
            for stance in stances:
                stance.follow(rec, earlier, self, retract=retract_stances)

    def reject(self, who, why: str) -> None:
        """In review (or draft) -> rejected, with a reason."""
        require(who, "accept_statement", "Only reviewers reject statements.")
        _need_reason(why, "reject a statement")
        with recording(who) as rec:
            self._relock()
            self._must_be(State.REVIEW, State.DRAFT, doing="rejected")
            self._move(rec, "rejected", State.REJECTED, why=why)

    def send_back(self, who, why: str) -> None:
        """In review -> draft, with a word to the coder."""
        require(who, "submit_statement", "Only coders take statements back to draft.")
        with recording(who) as rec:
            self._relock()
            self._must_be(State.REVIEW, doing="sent back")
            self._move(rec, "sent back", State.DRAFT, why=why)

    def retract(self, who, why: str, *, retract_stances: bool = False) -> None:
        """Accepted -> retracted; refused while a published stance rests on it alone."""
        require(who, "accept_statement", "Only reviewers retract statements.")
        _need_reason(why, "retract a statement")
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

    def can_take_back(self) -> bool:
        """Nothing happened to it, nor to a stance through it, since it was accepted."""
        last = Change.objects.of(self).first()
        return (
            self.state == State.ACCEPTED
            and last is not None
            and last.action == "accepted"
            and not self.evidence.exists()
        )

    def take_back(self, who) -> Statement:
        """Undo an acceptance made by mistake: the next version, in review again."""
        require(who, "accept_statement", "Only reviewers take an acceptance back.")
        with recording(who, "accepted by mistake") as rec:
            self._relock()
            if not self.can_take_back():
                raise Refused("It has changed or been used since it was accepted.")
            again = self._copy(who, coder=self.coder)
            self._move(rec, "acceptance taken back", State.RETRACTED)
            again._move(rec, "returned to review", State.REVIEW)
        return again

    def next_version(self, who) -> Statement:
        """A draft that corrects this one; it stays public until that is accepted."""
        require(who, "submit_statement", "Only coders correct statements.")
        with recording(who) as rec:
            self._relock()
            self._must_be(State.ACCEPTED, doing="corrected")
            if (open_one := self.open_version()) is not None:
                raise Refused(f"Version {open_one.version} of it is under way already.")
            draft = self._copy(who, coder=who)
            rec.note(draft, "next version begun", to_state=State.DRAFT)
        return draft

    def drop(self, who) -> None:
        """Delete a draft of one's own that was never submitted, leaving the log."""
        with recording(who) as rec:
            self._relock()
            self._must_be(State.DRAFT, doing="dropped")
            if self.coder_id != who.pk:
                raise Refused("Only its author may drop a draft.")
            if (
                Change.objects.of(self)
                .filter(version=self.version, action="submitted")
                .exists()
            ):
                raise Refused("It was submitted once: reject it instead.")
            rec.note(self, "dropped", from_state=self.state)
            self.citations.all().delete()
            self.delete()

    # -- how ------------------------------------------------------------------

    def _relock(self) -> None:
        """Lock the row and take over what decides transitions."""
        fresh = self.locked()
        self.state, self.version = fresh.state, fresh.version
        self.public_from, self.public_to = fresh.public_from, fresh.public_to

    def _check_evidence(self) -> None:
        """Rules 2 and 3 and the comment voice, under lock."""
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

    def _copy(self, who, *, coder) -> Statement:
        """The next version as a draft, with the same citations and reasons."""
        citations, reasons = list(self.citations.all()), list(self.reasons.all())
        excepted = list(self.extends_except.all())
        copy = Statement.objects.get(pk=self.pk)
        copy.pk = None
        copy._state.adding = True
        copy.version, copy.state = self.next_number(), State.DRAFT
        copy.public_from = copy.public_to = None
        copy.accepted_by = copy.accepted_at = None
        copy.coder, copy.coded_at = coder, timezone.now()
        copy.save()
        for citation in citations:
            citation.pk, citation.statement = None, copy
            citation._state.adding = True
        Citation.objects.bulk_create(citations)
        copy.reasons.set(reasons)
        copy.extends_except.set(excepted)
        return copy

    def _lock_stances_of_earlier(self) -> list:
        """Published stances that cite another version of it, locked first."""
        from .stances import Stance

        return list(
            Stance.objects.select_for_update()
            .filter(state="published", pk__in=Stance.objects.citing(self.key))
            .order_by("pk")
        )

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


def _need_reason(why: str, doing: str) -> None:
    if not why.strip():
        raise Refused(f"Give a reason to {doing}.")


def refuse_own_comment(
    standing: str, spans: Iterable[tuple[Paragraph, int, int]]
) -> None:
    """A comment voice is the document's author: never the actor's own word."""
    if standing != Standing.OWN:
        return
    for paragraph, start, end in spans:
        for voice in paragraph.voices_touching(start, end):
            if voice.kind in ("comment", "note"):
                raise Refused(
                    "These words stand in the author's own "
                    f"{voice.get_kind_display().split()[-1]}: "
                    "their standing is reporter, not own."
                )


class CitationQuerySet(models.QuerySet):
    def with_place(self):
        """With paragraph, revision, source and collection, main citation first."""
        main_first = models.Case(
            models.When(role=CitationRole.MAIN, then=0),
            default=1,
            output_field=models.SmallIntegerField(),
        )
        return (
            self.select_related(
                "paragraph__revision__source__collection",
                "paragraph__revision__source__issuer",
                "now_paragraph",
            )
            # A whole document for each of its citations is never wanted.
            .defer(
                "paragraph__revision__text",
                "paragraph__revision__patches",
                "paragraph__revision__header",
            )
            .order_by(main_first, "pk")
        )

    def needing_a_person(self):
        """Work list: citations whose words moved or went in the current text."""
        return self.exclude(anchor=Anchor.ANCHORED)


class Citation(models.Model):
    """A statement's exact span in a paragraph as it was coded."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="citations"
    )
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.PROTECT, related_name="citations"
    )
    role = models.CharField(
        max_length=12, choices=CitationRole.choices, default=CitationRole.MAIN
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    translation = models.TextField(blank=True)
    # How it stands in the source's current revision: a work list, nothing more.
    anchor = models.CharField(
        max_length=10, choices=Anchor.choices, default=Anchor.ANCHORED
    )
    now_paragraph = models.ForeignKey(
        Paragraph,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="citations_now",
        help_text="Where it stands in the current revision, if that is another.",
    )
    now_start = models.PositiveIntegerField(null=True, blank=True)
    now_end = models.PositiveIntegerField(null=True, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ("statement", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("statement",),
                condition=Q(role="main"),
                name="citation_one_main",
                violation_error_message="A statement has one main citation.",
            ),
            # Rule 2: a quote is as long as its span, in code points.
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) & Q(end=F("start") + Length("quote")),
                name="citation_quote_length",
            ),
            models.CheckConstraint(
                condition=Q(now_paragraph__isnull=True)
                | Q(now_start__isnull=False, now_end__gt=F("now_start")),
                name="citation_now_offsets",
            ),
        )
        indexes = (
            # Work list of citations that a new revision moved or orphaned.
            models.Index(
                fields=("anchor", "id"),
                condition=~Q(anchor="anchored"),
                name="citation_unsettled",
            ),
        )

    def __str__(self) -> str:
        return f"{self.paragraph.citation}: {self.quote[:60]}"

    def check_slice(self) -> None:
        """Rule 2 under lock: the quote is exactly the slice it points at."""
        if self.paragraph.text[self.start : self.end] != self.quote:
            raise Refused(
                f"The quote of {self.paragraph.citation} is not what stands there."
            )

    def readable_by(self, reader: Reader) -> bool:
        """May the quote leave to this reader? (its paragraph's level, its groups)

        Where the text is read anew and marked higher, the higher level counts.
        """
        if reader.curator:
            return True
        levels = [p.access_level for p in (self.paragraph, self.now_paragraph) if p]
        collection = self.paragraph.revision.source.collection_id
        return max(levels) <= reader.clearance and reader.may_read_collection(
            collection
        )

    @property
    def place(self) -> tuple[Paragraph, int, int] | None:
        """Where its words stand in the current text; None when orphaned."""
        if self.anchor == Anchor.ORPHANED:
            return None
        if self.now_paragraph_id:
            return self.now_paragraph, self.now_start, self.now_end
        return self.paragraph, self.start, self.end


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

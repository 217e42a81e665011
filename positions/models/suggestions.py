"""What a machine proposes: statements nobody has said yes to. Never evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils import timezone

from positions import names
from positions.choices import (
    DateBasis,
    Form,
    Modality,
    Mode,
    RejectedBecause,
    SpeakerRank,
    Standing,
    SuggestionState,
)

from .actors import Actor
from .issues import Disposition, Option
from .sources import Source
from .statements import Statement
from .texts import Paragraph


class SuggestionQuerySet(models.QuerySet):
    def waiting(self):
        """Those that nobody has decided about, on texts that are read now."""
        return self.filter(
            state=SuggestionState.WAITING, paragraph__revision__current=True
        )

    def with_place(self):
        """With all that a row of a list shows."""
        return self.select_related(
            "actor", "option__issue", "disposition", "source__collection", "paragraph"
        ).defer("paragraph__skips")


class Suggestion(models.Model):
    """A machine's proposal of a statement about words of one paragraph.

    Accepting it makes a draft statement. Rejecting it keeps it: the same words with
    the same actor, option and disposition are never offered again in the source.
    """

    key = models.CharField(
        max_length=12, unique=True, default=names.random_key, editable=False
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="suggestions"
    )
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.PROTECT, related_name="suggestions"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="+")
    over_option = models.ForeignKey(
        Option, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    disposition = models.ForeignKey(
        Disposition, on_delete=models.PROTECT, related_name="+"
    )
    mode = models.CharField(max_length=20, choices=Mode.choices, blank=True)
    speaker = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    speaker_text = models.CharField(max_length=200, blank=True)
    speaker_role = models.CharField(max_length=200, blank=True)
    speaker_rank = models.PositiveSmallIntegerField(
        choices=SpeakerRank.choices, default=SpeakerRank.UNKNOWN
    )
    on_authority_text = models.CharField(max_length=200, blank=True)
    standing = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.OWN
    )
    form = models.CharField(max_length=20, choices=Form.choices, default=Form.REPORTED)
    modality = models.CharField(
        max_length=20, choices=Modality.choices, default=Modality.STATED
    )
    condition = models.CharField(max_length=300, blank=True)
    said_on = models.CharField(max_length=40, blank=True)
    said_basis = models.CharField(
        max_length=10, choices=DateBasis.choices, default=DateBasis.DOCUMENT
    )
    holds_on = models.CharField(max_length=40, blank=True)
    repeats = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repeated_by",
        help_text="The later proposal whose words these only repeat.",
    )
    confidence = models.FloatField(help_text="0 to 1, as the tool sees it.")
    reason = models.CharField(max_length=300)
    tool = models.CharField(max_length=60)
    tool_version = models.CharField(max_length=20, blank=True)
    fingerprint = models.CharField(
        max_length=64, help_text="Of the words, actor, option and disposition."
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    state = models.CharField(
        max_length=10,
        choices=SuggestionState.choices,
        default=SuggestionState.WAITING,
        editable=False,
    )
    because = models.CharField(
        "why rejected", max_length=20, choices=RejectedBecause.choices, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    statement_key = models.CharField(
        max_length=12, blank=True, help_text="The statement that came of it."
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ("-confidence", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "fingerprint"), name="suggestion_once"
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) & Q(end=F("start") + Length("quote")),
                name="suggestion_offsets",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1),
                name="suggestion_confidence",
            ),
        )
        indexes = (
            # The queue: the surest first.
            models.Index(
                fields=("state", "-confidence", "id"), name="suggestion_queue"
            ),
        )

    def __str__(self) -> str:
        return f"{self.actor}: {self.disposition.say(self.option)}"

    @property
    def statement(self) -> Statement | None:
        """The newest version of the statement that came of it."""
        if not self.statement_key:
            return None
        versions = Statement.objects.filter(key=self.statement_key)
        return versions.order_by("-version").first()

"""What a machine proposes: statements nobody has said yes to. Never evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils import timezone

from positions import names
from positions.choices import RejectedBecause, SuggestionState

from .proposals import Proposal
from .statements import Statement


class SuggestionQuerySet(models.QuerySet):
    def waiting(self):
        """Those that nobody has decided about, on texts that are read now."""
        return self.filter(
            state=SuggestionState.WAITING, paragraph__revision__current=True
        )

    def with_place(self):
        """With all that a row of a list shows."""
        return self.select_related(
            "actor__merged_into",
            "option__issue",
            "option__merged_into",
            "disposition",
            "source__collection",
            "paragraph",
        ).defer("paragraph__skips")


class Suggestion(Proposal):
    """A machine's proposal of a statement about words of one paragraph.

    Accepting it makes a draft statement. Rejecting it keeps it: the same words with
    the same actor, option and disposition are never offered again in the source.
    """

    key = models.CharField(
        max_length=12, unique=True, default=names.random_key, editable=False
    )
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

    @property
    def statement(self) -> Statement | None:
        """The newest version of the statement that came of it."""
        if not self.statement_key:
            return None
        versions = Statement.objects.filter(key=self.statement_key)
        return versions.order_by("-version").first()

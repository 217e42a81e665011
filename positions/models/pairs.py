"""Two records that may be one: what was found, and what people said of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from positions.choices import PairKind, PairState

from .changes import Curated, CuratedQuerySet


class PairQuerySet(CuratedQuerySet):
    def waiting(self):
        """Those that nobody has judged, the most alike first."""
        return self.filter(state=PairState.WAITING).order_by("-score", "pk")


class Pair(Curated):
    """Two actors, options or issues of like names. A judged pair is never offered
    again, whatever the judgement was."""

    kind = models.CharField(max_length=10, choices=PairKind.choices)
    # Public keys, in their order, so that a pair is one row however it was found.
    first = models.CharField(max_length=80)
    second = models.CharField(max_length=80)
    score = models.FloatField(help_text="How alike the names are, 0 to 1.")
    reason = models.CharField(max_length=300, help_text="Which names are alike.")
    state = models.CharField(
        max_length=10,
        choices=PairState.choices,
        default=PairState.WAITING,
        editable=False,
    )
    note = models.CharField(max_length=300, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ("-score", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "first", "second"), name="pair_once"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="pair_in_order"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0) & Q(score__lte=1), name="pair_score"
            ),
        )
        indexes = (
            # The queue: the most alike first.
            models.Index(fields=("state", "-score", "id"), name="pair_queue"),
        )

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"

    @property
    def log_key(self) -> str:
        return f"{self.kind}/{self.first}/{self.second}"

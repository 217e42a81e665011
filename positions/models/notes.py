"""What coders and reviewers write to each other about a statement."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from .changes import Curated


class Note(Curated):
    """One message of the thread of a statement, for all its versions. Never public."""

    statement_key = models.CharField(max_length=12)
    text = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)
        # The thread of one statement, in its order.
        indexes = (models.Index(fields=("statement_key", "id"), name="note_thread"),)

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:60]}"

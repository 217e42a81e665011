"""Who works on what waits: rows of the queue handed to a person, or being looked at."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from .changes import Curated


class Assignment(Curated):
    """A row of a work list that one person is to decide."""

    queue = models.SlugField(max_length=40, help_text="The key of the work list.")
    row = models.BigIntegerField(help_text="The primary key of the row.")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assigned"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("queue", "row"), name="assignment_once"),
        )
        # "Mine", over all work lists.
        indexes = (models.Index(fields=("to", "queue"), name="assignment_mine"),)

    def __str__(self) -> str:
        return f"{self.queue} {self.row} for {self.to}"

    @property
    def log_key(self) -> str:
        return f"{self.queue}/{self.row}"


class Claim(models.Model):
    """Somebody has a row of a work list before them until an instant.

    A claim forbids nothing: it is told to whoever comes to the same row.
    """

    queue = models.SlugField(max_length=40)
    row = models.BigIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    until = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("queue", "row"), name="claim_once"),
        )

    def __str__(self) -> str:
        return f"{self.by} has {self.queue} {self.row} until {self.until}"

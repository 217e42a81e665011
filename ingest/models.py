"""Where things came from: import runs, their problems, and what each brought.

And what waits to be imported: files that somebody uploaded and looks at.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from positions import packing
from positions.models import Collection, Revision
from positions.models.changes import random_key


class ImportRun(models.Model):
    """One run of one import command or upload, with its counts."""

    command = models.CharField(max_length=60)
    collection = models.ForeignKey(
        Collection,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_runs",
    )
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    arguments = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(
        null=True, help_text="Empty: it was stopped before its end."
    )
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    unsure = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.command} of {self.started_at:%Y-%m-%d %H:%M}"


class ImportProblemQuerySet(models.QuerySet["ImportProblem"]):
    def waiting(self) -> ImportProblemQuerySet:
        """Those about which somebody has still to do something."""
        return self.filter(settled_at=None)

    def settle(self, who: Any = None) -> int:
        """Say of those that wait that nothing more is to be done; how many.

        Without a person it is a later import that settles them.
        """
        return self.waiting().update(settled_at=timezone.now(), settled_by=who)


class ImportProblem(models.Model):
    """Something in a file that a person should know of: an error or a warning."""

    class Severity(models.TextChoices):
        REJECTED = "rejected", "Rejected"
        CONFLICT = "conflict", "Conflict"
        UNSURE = "unsure", "Unsure"
        WARNING = "warning", "Warning"

    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="problems"
    )
    severity = models.CharField(max_length=10, choices=Severity.choices)
    code = models.SlugField(max_length=60)
    file = models.CharField(max_length=500)
    record = models.CharField(max_length=200, blank=True)
    message = models.TextField()
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, related_name="import_problems"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ImportProblemQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("severity", "id"), name="problem_by_severity"),)

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"

    def settle(self, who: Any) -> None:
        """Say that nothing more is to be done about it."""
        type(self).objects.filter(pk=self.pk).settle(who)

    def unsettle(self) -> None:
        """Let it wait again."""
        type(self).objects.filter(pk=self.pk).update(settled_at=None, settled_by=None)


class ImportedRevision(models.Model):
    """Which run and file a revision came from."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="revisions"
    )
    revision = models.OneToOneField(
        Revision, on_delete=models.PROTECT, related_name="imported"
    )
    file = models.CharField(max_length=500)
    place = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.revision} from {self.file}"


class UploadQuerySet(models.QuerySet):
    """Uploads by whose they are and how old."""

    def of(self, who: Any) -> UploadQuerySet:
        """Those a person can still see: nobody else's, and not for ever."""
        mine = self.filter(who=who, made_at__gte=timezone.now() - Upload.LASTS)
        # The bytes are read only where they are imported.
        return mine.defer("packed")

    def drop_old(self) -> None:
        self.filter(made_at__lt=timezone.now() - Upload.LASTS).delete()

    def begin(self, key: str) -> bool:
        """Take an upload for importing it; False if it is taken, imported or gone.

        One that was taken long ago may be taken again: whoever had it was stopped.
        """
        now = timezone.now()
        free = Q(begun_at=None) | Q(begun_at__lt=now - Upload.TAKEN)
        mine = self.filter(free, key=key, done_at=None)
        return mine.update(begun_at=now) == 1


class Upload(models.Model):
    """A file that somebody uploaded, with what importing it would do, for a day.

    It stands in the database, so that any web process imports what another one
    showed. Once imported, its bytes are gone and its report is the import's.
    """

    LASTS = timedelta(days=1)
    TAKEN = timedelta(minutes=5)

    key = models.CharField(
        max_length=12, unique=True, default=random_key, editable=False
    )
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=255, help_text="Of the file, cleaned.")
    options = models.JSONField(default=dict)
    packed = models.BinaryField(help_text="zlib")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    report = models.JSONField(default=dict)
    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        # Nobody is given or refused it: an upload is its user's own.
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def data(self) -> bytes:
        return packing.unpack(self.packed)

    @property
    def ends_at(self) -> datetime:
        return self.made_at + self.LASTS

    @property
    def waits(self) -> bool:
        """May it be imported now, as far as anybody knows?"""
        taken = self.begun_at and self.begun_at >= timezone.now() - self.TAKEN
        return self.done_at is None and not taken

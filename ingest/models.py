"""Where things came from: import runs, their problems, and what each brought."""

from django.conf import settings
from django.db import models

from positions.models import Collection, Revision


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

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("severity", "id"), name="problem_by_severity"),)

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


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

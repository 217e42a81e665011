"""Double coding: the same paragraphs for two coders, their answers, the judgement.

A coding is one coder's answer. It is never evidence and never public; the accepted
statement that an adjudicator makes of two codings is a row of its own.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils import timezone

from positions import names
from positions.choices import Verdict

from .changes import Curated, CuratedQuerySet
from .issues import Issue
from .proposals import Proposal
from .texts import Paragraph, Revision


class TaskQuerySet(CuratedQuerySet):
    def of_coder(self, user):
        """Those in which a person is one of the two coders."""
        return self.filter(Q(first=user) | Q(second=user))

    def to_code(self, user):
        """Those that a person has still to finish."""
        return self.filter(
            Q(first=user, first_done_at=None) | Q(second=user, second_done_at=None)
        )

    def coded(self):
        """Those that both coders have finished."""
        return self.filter(first_done_at__isnull=False, second_done_at__isnull=False)

    def to_adjudicate(self):
        return self.coded().filter(adjudicated_at=None)


class Task(Curated):
    """Paragraphs of one revision that two people code blind for one issue."""

    key = models.CharField(
        max_length=12, unique=True, default=names.random_key, editable=False
    )
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="tasks")
    # A task keeps the text it was given with: units do not move under the coders.
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="tasks"
    )
    paragraphs = models.ManyToManyField(Paragraph, related_name="tasks")
    first = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    first_done_at = models.DateTimeField(null=True, editable=False)
    second_done_at = models.DateTimeField(null=True, editable=False)
    note = models.CharField(
        max_length=300, blank=True, help_text="What the coders should know."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    adjudicated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    adjudicated_at = models.DateTimeField(null=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        permissions = (
            ("adjudicate_task", "Can adjudicate double codings"),
            ("view_people", "Can see what each coder did"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="task_two_coders",
                violation_error_message="Two different people code a task.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.revision.source}: {self.issue}"


class Coding(Proposal):
    """One coder's answer in a task: a statement that the words make."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="codings")
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField(
        max_length=12, unique=True, default=names.random_key, editable=False
    )
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("task", "paragraph__order", "start", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) & Q(end=F("start") + Length("quote")),
                name="coding_offsets",
            ),
            # Coders split by cell; a repeated argument is no second answer.
            models.UniqueConstraint(
                fields=(
                    *("task", "coder", "paragraph"),
                    *("actor", "option", "disposition", "modality"),
                ),
                name="coding_once",
                violation_error_message="You have coded this in the paragraph already.",
            ),
        )


class NothingHere(models.Model):
    """One coder's answer in a task: the paragraph says nothing on the issue."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="nothings")
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "nothing here"
        constraints = (
            models.UniqueConstraint(
                fields=("task", "coder", "paragraph"), name="nothing_here_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.coder}: nothing in {self.paragraph_id}"


class Adjudication(Curated):
    """What a third person decided about two codings, or about one without another.

    `statement_key` names the statement that was made of it, if one was.
    """

    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="adjudications"
    )
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="+")
    first = models.OneToOneField(
        Coding, on_delete=models.PROTECT, null=True, related_name="judged_as_first"
    )
    second = models.OneToOneField(
        Coding, on_delete=models.PROTECT, null=True, related_name="judged_as_second"
    )
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    why = models.CharField(max_length=300, blank=True)
    statement_key = models.CharField(max_length=12, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("task", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(first__isnull=False) | Q(second__isnull=False),
                name="adjudication_of_something",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=("neither", "both_wrong")) | ~Q(why=""),
                name="adjudication_has_reason",
                violation_error_message="Say why neither coding stands.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.task}: {self.get_verdict_display()}"

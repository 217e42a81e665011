"""What positions are about, and the codebook: issues, options, dispositions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from positions import names, phrases
from positions.choices import Facet, OptionKind

from .actors import Mergeable, MergeableQuerySet
from .changes import Curated, CuratedQuerySet, Refused, history

if TYPE_CHECKING:
    from positions.readers import Reader

WHOLE = "whole"


class IssueQuerySet(MergeableQuerySet):
    def visible_to(self, reader: Reader):
        """Issues on which something is public: a statement or a stance.

        A merged issue is one with its survivor in this, too.
        """
        if reader.curator:
            return self
        from .stances import Stance
        from .statements import Statement

        on_it = Q(option__issue=OuterRef("pk")) | Q(
            option__issue__merged_into=OuterRef("pk")
        )
        public = Issue.objects.filter(
            Q(Exists(Statement.objects.public().filter(on_it)))
            | Q(Exists(Stance.objects.public().filter(on_it)))
        ).values("pk")
        return self.filter(Q(pk__in=public) | Q(merged_into__in=public))


class Issue(Mergeable):
    """A question that actors take positions on."""

    question = models.CharField(
        max_length=300, blank=True, help_text="The question in one sentence."
    )
    description = models.TextField(blank=True)
    preference_months = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Months after which an unconfirmed preference lapses; "
        "empty = the codebook's.",
    )
    engagement_months = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Months after which an unconfirmed engagement lapses; "
        "empty = the codebook's.",
    )

    objects = IssueQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ("name", "pk")
        permissions = (("merge_issue", "Can merge issues and part them again"),)

    def save(self, *args, **kwargs) -> None:
        """Each issue has an option for itself as a whole, made with it."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            if not self.options.filter(kind=OptionKind.WHOLE).exists():
                Option.objects.create(
                    issue=self,
                    key=f"{self.key}-{WHOLE}"[:80],
                    name=self.name,
                    short_name=self.name[:80],
                    kind=OptionKind.WHOLE,
                    headline=False,
                    definition="The issue as a whole, when no narrower option fits.",
                )


class OptionQuerySet(MergeableQuerySet):
    def visible_to(self, reader: Reader):
        if reader.curator:
            return self
        return self.filter(issue__in=Issue.objects.visible_to(reader))

    def valid_on(self, day: date):
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


class Option(Mergeable):
    """One answer, venue, text or proposal within an issue."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="options")
    short_name = models.CharField(
        max_length=80, help_text='As a phrase says it: "CCW", "Art. 1(b)".'
    )
    kind = models.CharField(max_length=20, choices=OptionKind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="What it is a part of. Positions never travel between the two.",
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(
        null=True, blank=True, help_text="The last day it could be answered to."
    )
    succeeded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="succeeds",
    )
    alternatives = models.ManyToManyField("self", blank=True)
    headline = models.BooleanField(
        default=False, help_text="It has a clause of its own in the short phrase."
    )
    definition = models.TextField(blank=True)
    includes = models.CharField(max_length=300, blank=True)
    excludes = models.CharField(max_length=300, blank=True)

    objects = OptionQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ("issue__name", "-headline", "name", "pk")
        permissions = (("merge_option", "Can merge options and part them again"),)
        constraints = (
            models.UniqueConstraint(
                fields=("issue",),
                condition=Q(kind="whole"),
                name="option_whole_once",
                violation_error_message="The issue has its option for the whole.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="whole", headline=True),
                name="option_whole_not_headline",
                violation_error_message="The whole of an issue is no headline.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=models.F("valid_to")),
                name="option_valid_days",
                violation_error_message="It must begin before it ends.",
            ),
        )

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args, **kwargs) -> None:
        self.short_name = self.short_name or self.name[:80]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        parent, seen = self.parent, {self.pk}
        while parent is not None:
            if parent.pk in seen:
                raise ValidationError({"parent": "An option is not a part of itself."})
            if parent.issue.survivor != self.issue.survivor:
                raise ValidationError({"parent": "The parent is of another issue."})
            seen.add(parent.pk)
            parent = parent.parent

    @property
    def path(self) -> str:
        """From the part to the whole: "Art. 1(c) – draft of 2008-01-21"."""
        parts, option = [self.name], self.parent
        while option is not None:
            parts.append(option.name)
            option = option.parent
        return " – ".join(parts)


class OptionAlias(Curated):
    """Another name that texts use for an option."""

    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)

    history = history()

    class Meta:
        verbose_name = "alias"
        verbose_name_plural = "aliases"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("option", "name_key"), name="option_alias_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.name_key = names.name_key(self.name)
        super().save(*args, **kwargs)


class Reason(Curated):
    """Why an actor says it holds a position: a tag of the issue, never scored."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="reasons")
    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)

    history = history()

    class Meta:
        ordering = ("issue__name", "name")
        constraints = (
            models.UniqueConstraint(fields=("issue", "key"), name="reason_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def log_key(self) -> str:
        """Its key is its own only within the issue."""
        return f"{self.issue.key}/{self.key}"


class CodebookVersion(Curated):
    """One state of the codebook: its number, the instant, what changed."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField(auto_now_add=True)
    note = models.TextField()
    preference_months = models.PositiveSmallIntegerField(default=24)
    engagement_months = models.PositiveSmallIntegerField(default=12)

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"Codebook version {self.number}"

    @classmethod
    def latest(cls) -> CodebookVersion:
        """The version in force; `setup_defaults` makes the first."""
        version = cls.objects.first()
        if version is None:
            raise Refused("There is no codebook yet: run `manage.py setup_defaults`.")
        return version

    @classmethod
    def begin_next(cls, note: str) -> None:
        """The codebook changed: its next version, with the horizons of the last.

        Before the first version is made there is no codebook to change.
        """
        last = cls.objects.first()
        if last is not None:
            cls.objects.create(
                number=last.number + 1,
                note=note,
                preference_months=last.preference_months,
                engagement_months=last.engagement_months,
            )


class DispositionQuerySet(CuratedQuerySet):
    def by_facet(self) -> dict[str, list[Disposition]]:
        """For forms: facet label -> its dispositions, strongest first."""
        groups: dict[str, list[Disposition]] = {
            **{label: [] for label in Facet.labels},
            "No position": [],
        }
        for disposition in self.order_by("-rank", "pk"):
            groups[disposition.get_facet_display() or "No position"].append(disposition)
        return groups


class Disposition(Curated):
    """A codebook entry: how an actor may stand to an option."""

    code = models.SlugField(max_length=40, unique=True)
    # Empty for `declined` and `deferred`: allowed for statements, never stances.
    facet = models.CharField(max_length=20, choices=Facet.choices, blank=True)
    label = models.CharField(max_length=80)
    phrase = models.CharField(
        max_length=120, blank=True, help_text="{o} stands for the option's short name."
    )
    score = models.SmallIntegerField(null=True, blank=True, help_text="-2 to +2")
    rank = models.SmallIntegerField(
        null=True, blank=True, help_text="Its order within the facet."
    )
    headline = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The smaller speaks first in a phrase."
    )
    definition = models.TextField()
    does_not_count = models.TextField(blank=True)
    example = models.TextField(blank=True)

    objects = DispositionQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ("facet", "-rank", "pk")
        constraints = (
            # The pair that a stance's copy of the facet refers to.
            models.UniqueConstraint(fields=("id", "facet"), name="disposition_facet"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(-2, 2)),
                name="disposition_score",
                violation_error_message="A score lies between -2 and +2.",
            ),
            models.CheckConstraint(
                condition=Q(facet="")
                | Q(
                    score__isnull=False,
                    rank__isnull=False,
                    headline__isnull=False,
                ),
                name="disposition_with_facet_is_scored",
                violation_error_message="A disposition of a facet needs a score, "
                "a rank and a headline number.",
            ),
        )

    def __str__(self) -> str:
        return self.label

    def say(self, option: Option) -> str:
        """It and an option, as that is read, in words: "engaged in Oslo Process".

        Without a phrase, its label and the option: "would not say – CCW".
        """
        if not self.phrase:
            return f"{self.label} – {option.survivor}"
        return phrases.say(self.phrase, str(option.survivor))

    @property
    def pattern(self) -> str:
        """Its phrase about whatever option: "engaged in …"; "" without a phrase."""
        return phrases.say(self.phrase, "…")

    @property
    def used(self) -> bool:
        return self.statements.exists() or self.stances.exists()

    def clean(self) -> None:
        if self.facet and "{o}" not in self.phrase:
            raise ValidationError({"phrase": "The phrase needs {o} for the option."})
        if not self.pk:
            return
        before = Disposition.objects.get(pk=self.pk)
        if (before.code, before.facet) != (self.code, self.facet) and self.used:
            raise ValidationError(
                "Code and facet of a disposition never change after its first use; "
                "make a new one."
            )

    def save(self, *args, **kwargs) -> None:
        """Every change of a definition is a version of the codebook."""
        if self.pk:
            self.clean()
        done = "changed" if self.pk else "added"
        with transaction.atomic():
            super().save(*args, **kwargs)
            CodebookVersion.begin_next(f"“{self.label}” was {done}.")

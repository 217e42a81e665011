"""Documents: sources as they were published, and the collections they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from positions import dates
from positions.choices import (
    Level,
    SourceKind,
    Visibility,
)

from .actors import Actor
from .changes import Curated, CuratedQuerySet, history
from .constraints import days_in_order

if TYPE_CHECKING:
    from positions.readers import Reader

    from .texts import Revision


class CollectionQuerySet(CuratedQuerySet):
    def readable_by(self, reader: Reader):
        """Collections open to all, or to a group the reader is in."""
        if reader.curator:
            return self
        return self.filter(Q(groups__isnull=True) | Q(groups__in=reader.groups))


class Collection(Curated):
    """A body of sources under one roof."""

    key = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    visibility = models.CharField(
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.PRIVATE,
        help_text="What new sources of it begin with.",
    )
    level = models.PositiveSmallIntegerField(
        "level of unmarked documents",
        choices=Level.choices,
        null=True,
        blank=True,
        help_text="Empty: a text without any marking counts as the highest level.",
    )
    groups = models.ManyToManyField(
        Group,
        blank=True,
        help_text="If any are named, only their members may read its texts.",
    )
    note = models.TextField(blank=True)

    objects = CollectionQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        before = Collection.objects.filter(pk=self.pk).values_list("level", flat=True)
        changed = list(before) not in ([], [self.level])
        super().save(*args, **kwargs)
        if changed:
            from .texts import Paragraph

            unmarked = Paragraph.objects.filter(
                revision__source__collection=self, revision__source__level__isnull=True
            )
            unmarked.count_as(Level.TOP_SECRET if self.level is None else self.level)


class SourceQuerySet(CuratedQuerySet):
    def visible_to(self, reader: Reader):
        """Sources whose page a reader may open (private ones answer 404)."""
        if reader.curator:
            return self
        return self.filter(
            visibility__in=(Visibility.PUBLIC, Visibility.CITABLE),
            collection__in=Collection.objects.readable_by(reader),
        )

    def text_visible_to(self, reader: Reader):
        """Sources whose paragraphs a reader may read, level permitting."""
        if reader.curator:
            return self
        return self.visible_to(reader).filter(visibility=Visibility.PUBLIC)


class Source(Curated):
    """A document as published; (collection, identifier) names it."""

    collection = models.ForeignKey(
        Collection,
        on_delete=models.PROTECT,
        related_name="sources",
        db_index=False,  # A unique constraint begins with it.
    )
    identifier = models.CharField(max_length=120, help_text="As published, no slash.")
    canonical_id = models.CharField(
        max_length=120,
        blank=True,
        db_index=True,
        help_text="The repaired identifier; two records of one document share it.",
    )
    title = models.CharField(max_length=500, blank=True)
    kind = models.CharField(
        max_length=20, choices=SourceKind.choices, default=SourceKind.OTHER
    )
    issuer = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="issued",
    )
    issuer_text = models.CharField("issuer as printed", max_length=200, blank=True)
    symbol = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=20, blank=True, default="en")
    level = models.PositiveSmallIntegerField(
        "document's level", choices=Level.choices, null=True, blank=True
    )
    controls = models.CharField(max_length=120, blank=True)
    addresses = models.JSONField(
        default=list, blank=True, help_text="Where it is published on the web: a list."
    )
    obtained = models.CharField("how obtained", max_length=300, blank=True)
    visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    dated = models.CharField(
        "date of the document", max_length=40, blank=True, help_text=dates.DATE_HELP
    )
    dated_earliest = models.DateField(null=True, editable=False)
    dated_latest = models.DateField(null=True, editable=False)
    dated_at = models.DateTimeField(
        "instant of the document", null=True, blank=True, help_text="Where printed."
    )
    published = models.CharField(max_length=40, blank=True, help_text=dates.DATE_HELP)
    published_earliest = models.DateField(null=True, editable=False)
    published_latest = models.DateField(null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("collection", "identifier"),
                name="source_once",
                violation_error_message="The collection has a source of this name.",
            ),
            models.CheckConstraint(
                condition=~Q(identifier__contains="/") & ~Q(identifier=""),
                name="source_identifier_no_slash",
                violation_error_message="An identifier is not empty and has no slash.",
            ),
            days_in_order("dated_earliest", "dated_latest", name="source_dated_days"),
            days_in_order(
                "published_earliest", "published_latest", name="source_published_days"
            ),
        )
        indexes = (
            # Admin list and API: sources by day of the document.
            models.Index(fields=("dated_earliest", "id"), name="source_by_day"),
        )

    def __str__(self) -> str:
        return self.identifier

    @property
    def key(self) -> str:
        """Its public address: `cables/08TOKYO1212`."""
        return f"{self.collection.key}/{self.identifier}"

    @property
    def access_level(self) -> int:
        """What an unmarked paragraph of it counts as, never empty."""
        for level in (self.level, self.collection.level):
            if level is not None:
                return level
        return Level.TOP_SECRET

    @property
    def current(self) -> Revision | None:
        """The revision that is read; None for a source without a text."""
        return self.revisions.filter(current=True).first()

    def clean(self) -> None:
        for name in ("dated", "published"):
            try:
                self._read_date(name)
            except dates.BadDate as fault:
                raise ValidationError({name: str(fault)}) from fault
        listed = isinstance(self.addresses, list)
        if not listed or not all(isinstance(text, str) for text in self.addresses):
            raise ValidationError(
                {"addresses": 'Write a list of addresses: ["https://example.org/1"].'}
            )

    def save(self, *args, **kwargs) -> None:
        """What is unmarked in its texts counts as the document, also from now on."""
        self._read_date("dated")
        self._read_date("published")
        self.canonical_id = self.canonical_id or self.identifier
        known = not self._state.adding
        super().save(*args, **kwargs)
        if known:
            from .texts import Paragraph

            Paragraph.objects.filter(revision__source=self).count_as(self.access_level)

    def _read_date(self, name: str) -> None:
        text = getattr(self, name)
        read = dates.parse(text) if text else None
        setattr(self, f"{name}_earliest", read and read.earliest)
        setattr(self, f"{name}_latest", read and read.latest)

"""The texts of a source: revisions, paragraphs, voices, addressees."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from positions import anchoring, packing
from positions.choices import (
    AddresseeRole,
    Level,
    ParagraphRole,
    RevisionReason,
    VoiceKind,
)

from .actors import Actor
from .changes import Curated
from .sources import Source

if TYPE_CHECKING:
    from positions.readers import Reader

LEVEL_MARKS = {0: "U", 1: "SBU", 2: "C", 3: "S", 4: "TS"}


class Revision(models.Model):
    """One state of a source's text; never changed, exactly one is current."""

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveIntegerField()
    current = models.BooleanField(default=True)
    text = models.TextField(help_text="What a reader reads: decoded, LF only.")
    patches = models.JSONField(
        default=list,
        help_text="[start, end, raw]: text[start:end] was printed as raw.",
    )
    sha256 = models.CharField(max_length=64, help_text="Of the received bytes.")
    media_type = models.CharField(max_length=80, default="text/plain")
    parser = models.CharField(max_length=40)
    parser_version = models.CharField(max_length=20)
    shape = models.CharField(max_length=40, blank=True)
    header = models.JSONField(
        default=dict, help_text="All that the parser read outside the paragraphs."
    )
    reason = models.CharField(max_length=20, choices=RevisionReason.choices)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("source", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "number"), name="revision_number_once"
            ),
            models.UniqueConstraint(
                fields=("source",),
                condition=Q(current=True),
                name="revision_one_current",
            ),
            # Rule 6: the same bytes read by the same parser change nothing.
            models.UniqueConstraint(
                fields=("source", "sha256", "parser", "parser_version"),
                name="revision_bytes_once",
            ),
        )
        # An import asks which bytes it has seen before it reads them.
        indexes = (models.Index(fields=("sha256",), name="revision_by_bytes"),)

    def __str__(self) -> str:
        return f"{self.source} revision {self.number}"


class ReceivedBytes(models.Model):
    """The bytes of a revision as they came, so that a better parser can read them."""

    revision = models.OneToOneField(
        Revision, on_delete=models.PROTECT, primary_key=True, related_name="received"
    )
    packed = models.BinaryField(help_text="zlib")

    class Meta:
        verbose_name_plural = "received bytes"

    def __str__(self) -> str:
        return f"Bytes of {self.revision}"

    @property
    def data(self) -> bytes:
        return packing.unpack(self.packed)

    @staticmethod
    def digest(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()


class ParagraphQuerySet(models.QuerySet):
    def current(self):
        """Those of the revisions that are read now."""
        return self.filter(revision__current=True)

    def visible_to(self, reader: Reader):
        """Current paragraphs of sources whose text the reader may read."""
        if reader.curator:
            return self.current()
        return self.current().filter(
            access_level__lte=reader.clearance,
            revision__source__in=Source.objects.text_visible_to(reader),
        )

    def numbered(self):
        return self.exclude(number="")

    def count_as(self, level: int) -> int:
        """Let those without a marking of their own count as this level."""
        unmarked = self.filter(level__isnull=True).exclude(access_level=level)
        return unmarked.update(access_level=level)


class Paragraph(models.Model):
    """One paragraph of one revision, never changed."""

    # Unique constraints begin with it, here and below: they are its index.
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="paragraphs", db_index=False
    )
    key = models.PositiveIntegerField(
        help_text="Kept through all revisions of the source."
    )
    order = models.PositiveIntegerField()
    number = models.CharField(
        max_length=20, blank=True, help_text="What a reader of any copy looks for."
    )
    label = models.CharField(max_length=20, blank=True, help_text="As printed here.")
    name = models.CharField(
        max_length=40, help_text='As cited: "3", "4 bis", "unnumbered after 4".'
    )
    marking = models.CharField(max_length=60, blank=True, help_text="As printed.")
    level = models.PositiveSmallIntegerField(
        choices=Level.choices, null=True, blank=True
    )
    controls = models.CharField(max_length=60, blank=True)
    access_level = models.PositiveSmallIntegerField(choices=Level.choices)
    role = models.CharField(
        max_length=10, choices=ParagraphRole.choices, default=ParagraphRole.BODY
    )
    heading = models.CharField(max_length=500, blank=True)
    section = models.PositiveSmallIntegerField(null=True, blank=True)
    page = models.CharField(max_length=20, blank=True)
    speaker = models.CharField(
        max_length=200, blank=True, help_text="Who utters all of it, as printed."
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    skips = models.JSONField(
        default=list,
        help_text="[at, raw]: a line taken out of the paragraph at this place.",
    )
    text = models.TextField()

    objects = ParagraphQuerySet.as_manager()

    class Meta:
        ordering = ("revision", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "key"), name="paragraph_key_once"
            ),
            models.UniqueConstraint(
                fields=("revision", "order"), name="paragraph_order_once"
            ),
            # Rule 1: offsets count code points, and so does the database's length.
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) & Q(end=F("start") + Length("text")),
                name="paragraph_offsets",
            ),
        )

    def __str__(self) -> str:
        return self.citation

    @property
    def log_key(self) -> str:
        """What the log knows it by: its key is its source's alone."""
        return f"{self.revision.source.key}#{self.key}"

    @property
    def mark(self) -> str:
        """The marking as cited: "S", "C/NF"; "" when the paragraph has none."""
        if self.level is None:
            return ""
        mark = LEVEL_MARKS[self.level]
        return f"{mark}/{self.controls}" if self.controls else mark

    @property
    def citation(self) -> str:
        """`08TOKYO1212, para 3 (S)`; needs revision__source."""
        return anchoring.citation_string(
            self.revision.source.identifier, name=self.name, marking=self.mark
        )

    @property
    def long_citation(self) -> str:
        """With how this copy prints the number, where it differs."""
        return anchoring.long_citation_string(
            self.revision.source.identifier,
            name=self.name,
            marking=self.mark,
            number=self.number,
            label=self.label,
        )

    def heading_for(self, reader: Reader) -> str:
        """The heading it stands under, which counts as the document does.

        A paragraph that is open may stand under one that is not. Needs
        revision__source__collection.
        """
        level = self.revision.source.access_level
        return self.heading if reader.curator or level <= reader.clearance else ""

    def voices_touching(self, start: int, end: int) -> list[Voice]:
        """The voices that a span of the paragraph touches (prefetch `voices`)."""
        return [v for v in self.voices.all() if v.start < end and start < v.end]


class Voice(Curated):
    """A span of a paragraph that is not the reported speaker's."""

    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.PROTECT, related_name="voices"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=VoiceKind.choices)
    whose = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("paragraph", "start")
        constraints = (
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="voice_offsets"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.start}-{self.end}"

    def clean(self) -> None:
        if self.end is not None and self.end > len(self.paragraph.text):
            raise ValidationError({"end": "The paragraph is shorter than that."})


class Addressee(models.Model):
    """One line of a document's list of addressees, as printed, resolved if known."""

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="addressees", db_index=False
    )
    order = models.PositiveIntegerField()
    role = models.CharField(max_length=12, choices=AddresseeRole.choices)
    routing = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    precedence = models.CharField(max_length=40, blank=True)
    continuity = models.CharField(max_length=20, blank=True)
    exempted_from = models.CharField(
        max_length=200, blank=True, help_text="The collective it is taken out of."
    )
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("revision", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "order"), name="addressee_order_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ReferenceQuerySet(models.QuerySet):
    def resolved(self):
        """Those whose document is here, in whatever collection."""
        return self.exclude(canonical_id="").filter(models.Exists(self._named()))

    def unresolved(self):
        """Those whose document is not here (yet), or cannot be told."""
        return self.filter(Q(canonical_id="") | ~models.Exists(self._named()))

    @staticmethod
    def _named():
        return Source.objects.filter(canonical_id=models.OuterRef("canonical_id"))


class Reference(models.Model):
    """Another document that a text refers to, as printed.

    It names the other by its canonical id and holds no key of it: a document that
    arrives later is found by the same name, from both sides.
    """

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="references", db_index=False
    )
    order = models.PositiveIntegerField()
    label = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    raw = models.CharField(max_length=300)
    canonical_id = models.CharField(max_length=120, blank=True, db_index=True)
    note = models.CharField(max_length=200, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ("revision", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "order"), name="reference_order_once"
            ),
        )

    def __str__(self) -> str:
        return self.raw

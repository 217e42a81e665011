"""Documents: collections, sources, revisions, paragraphs, and what stands in them."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from positions import anchoring, dates
from positions.choices import (
    AddresseeRole,
    DateBasis,
    Level,
    ParagraphRole,
    Publicity,
    RevisionReason,
    SourceKind,
    SpeakerRank,
    Visibility,
    VoiceKind,
)

from .actors import Actor
from .changes import Curated, CuratedQuerySet, history
from .constraints import days_in_order
from .events import Event

if TYPE_CHECKING:
    from positions.readers import Reader

LEVEL_MARKS = {0: "U", 1: "SBU", 2: "C", 3: "S", 4: "TS"}


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
        Collection, on_delete=models.PROTECT, related_name="sources"
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
            Paragraph.objects.filter(revision__source=self).count_as(self.access_level)

    def _read_date(self, name: str) -> None:
        text = getattr(self, name)
        read = dates.parse(text) if text else None
        setattr(self, f"{name}_earliest", read and read.earliest)
        setattr(self, f"{name}_latest", read and read.latest)


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
        return zlib.decompress(self.packed)

    @staticmethod
    def pack(data: bytes) -> bytes:
        return zlib.compress(data, 6)

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

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="paragraphs"
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
        Revision, on_delete=models.PROTECT, related_name="addressees"
    )
    order = models.PositiveIntegerField()
    role = models.CharField(max_length=12, choices=AddresseeRole.choices)
    routing = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    precedence = models.CharField(max_length=40, blank=True)
    continuity = models.CharField(max_length=20, blank=True)
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


class CodingHeader(Curated):
    """What all statements of a source have in common, asked once."""

    source = models.OneToOneField(
        Source, on_delete=models.PROTECT, related_name="coding_header"
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_on = models.CharField(
        max_length=40,
        blank=True,
        help_text=f"Empty: the document's date. {dates.DATE_HELP}",
    )
    reporter = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who wrote it down; empty: the issuer.",
    )
    audience = models.CharField(max_length=300, blank=True)
    publicity = models.CharField(
        max_length=20, choices=Publicity.choices, default=Publicity.UNKNOWN
    )

    history = history()

    def __str__(self) -> str:
        return f"Coding header of {self.source}"

    def statement_fields(self) -> dict:
        """What the header gives to each statement of its source."""
        said_on = self.said_on or self.source.dated
        return {
            "event": self.event,
            "said_on": said_on,
            "said_basis": (DateBasis.PRINTED if self.said_on else DateBasis.DOCUMENT),
            "reporter": self.reporter or self.source.issuer,
            "audience": self.audience,
            "publicity": self.publicity,
        }

    def clean(self) -> None:
        if self.said_on:
            try:
                dates.parse(self.said_on, said=self.source.dated_latest)
            except dates.BadDate as fault:
                raise ValidationError({"said_on": str(fault)}) from fault


class HeaderSpeaker(Curated):
    """A speaker of a source, and the actor spoken for."""

    header = models.ForeignKey(
        CodingHeader, on_delete=models.PROTECT, related_name="speakers"
    )
    name = models.CharField(
        max_length=200, help_text='As the text has it: "DDG Shimbo".'
    )
    person = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(
        choices=SpeakerRank.choices, default=SpeakerRank.UNKNOWN
    )
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="speaks for",
    )
    on_authority = models.CharField(
        "on authority of", max_length=200, blank=True, help_text="Whom they name."
    )

    history = history()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("header", "name"), name="header_speaker_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} for {self.actor}"

    def statement_fields(self) -> dict:
        """What this speaker gives to each statement."""
        return {
            "speaker": self.person,
            "speaker_text": self.name,
            "speaker_role": self.role,
            "speaker_rank": self.rank,
            "on_authority_text": self.on_authority,
        }

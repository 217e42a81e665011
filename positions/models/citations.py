"""Where a statement's words stand: the exact span of a paragraph as it was coded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from positions.choices import Anchor, CitationRole, Standing

from .changes import Refused
from .texts import Paragraph

if TYPE_CHECKING:
    from positions.readers import Reader


class CitationQuerySet(models.QuerySet):
    def with_place(self):
        """With paragraph, revision, source and collection, main citation first."""
        main_first = models.Case(
            models.When(role=CitationRole.MAIN, then=0),
            default=1,
            output_field=models.SmallIntegerField(),
        )
        return (
            self.select_related(
                "paragraph__revision__source__collection",
                "paragraph__revision__source__issuer__merged_into",
                "now_paragraph",
            )
            # A whole document for each of its citations is never wanted.
            .defer(
                "paragraph__revision__text",
                "paragraph__revision__patches",
                "paragraph__revision__header",
            )
            .order_by(main_first, "pk")
        )

    def needing_a_person(self):
        """Work list: citations whose words moved or went in the current text."""
        return self.exclude(anchor=Anchor.ANCHORED)


class Citation(models.Model):
    """A statement's exact span in a paragraph as it was coded."""

    statement = models.ForeignKey(
        "positions.Statement", on_delete=models.PROTECT, related_name="citations"
    )
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.PROTECT, related_name="citations"
    )
    role = models.CharField(
        max_length=12, choices=CitationRole.choices, default=CitationRole.MAIN
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    translation = models.TextField(blank=True)
    # How it stands in the source's current revision: a work list, nothing more.
    anchor = models.CharField(
        max_length=10, choices=Anchor.choices, default=Anchor.ANCHORED
    )
    now_paragraph = models.ForeignKey(
        Paragraph,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="citations_now",
        help_text="Where it stands in the current revision, if that is another.",
    )
    now_start = models.PositiveIntegerField(null=True, blank=True)
    now_end = models.PositiveIntegerField(null=True, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ("statement", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("statement",),
                condition=Q(role="main"),
                name="citation_one_main",
                violation_error_message="A statement has one main citation.",
            ),
            # Rule 2: a quote is as long as its span, in code points.
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) & Q(end=F("start") + Length("quote")),
                name="citation_quote_length",
            ),
            models.CheckConstraint(
                condition=Q(now_paragraph__isnull=True)
                | Q(now_start__isnull=False, now_end__gt=F("now_start")),
                name="citation_now_offsets",
            ),
        )
        indexes = (
            # Work list of citations that a new revision moved or orphaned.
            models.Index(
                fields=("anchor", "id"),
                condition=~Q(anchor="anchored"),
                name="citation_unsettled",
            ),
        )

    def __str__(self) -> str:
        return f"{self.paragraph.citation}: {self.quote[:60]}"

    def check_slice(self) -> None:
        """Rule 2 under lock: the quote is exactly the slice it points at."""
        if self.paragraph.text[self.start : self.end] != self.quote:
            raise Refused(
                f"The quote of {self.paragraph.citation} is not what stands there."
            )

    def readable_by(self, reader: Reader) -> bool:
        """May the quote leave to this reader? (its paragraph's level, its groups)

        Where the text is read anew and marked higher, the higher level counts.
        """
        if reader.curator:
            return True
        levels = [p.access_level for p in (self.paragraph, self.now_paragraph) if p]
        collection = self.paragraph.revision.source.collection_id
        return max(levels) <= reader.clearance and reader.may_read_collection(
            collection
        )

    @property
    def place(self) -> tuple[Paragraph, int, int] | None:
        """Where its words stand in the current text; None when orphaned."""
        if self.anchor == Anchor.ORPHANED:
            return None
        if self.now_paragraph_id:
            return self.now_paragraph, self.now_start, self.now_end
        return self.paragraph, self.start, self.end


def refuse_own_comment(
    standing: str, spans: Iterable[tuple[Paragraph, int, int]]
) -> None:
    """A comment voice is the document's author: never the actor's own word."""
    if standing != Standing.OWN:
        return
    for paragraph, start, end in spans:
        for voice in paragraph.voices_touching(start, end):
            if voice.kind in ("comment", "note"):
                raise Refused(
                    "These words stand in the author's own "
                    f"{voice.get_kind_display().split()[-1]}: "
                    "their standing is reporter, not own."
                )

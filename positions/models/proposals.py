"""The columns of what may become a statement. A proposal is never evidence."""

from __future__ import annotations

from django.db import models

from positions.choices import (
    DateBasis,
    Form,
    Modality,
    Mode,
    SpeakerRank,
    Standing,
)

from .actors import Actor
from .issues import Disposition, Option
from .sources import Source
from .texts import Paragraph


class Proposal(models.Model):
    """What a machine, or one coder, reads out of words of a paragraph.

    The columns of a statement-to-be: whose disposition towards what, who says so and
    how. What a source's coding header says of all its statements is not among them.
    """

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    paragraph = models.ForeignKey(
        Paragraph, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="+")
    over_option = models.ForeignKey(
        Option, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    disposition = models.ForeignKey(
        Disposition, on_delete=models.PROTECT, related_name="+"
    )
    mode = models.CharField(max_length=20, choices=Mode.choices, blank=True)
    speaker = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    speaker_text = models.CharField(max_length=200, blank=True)
    speaker_role = models.CharField(max_length=200, blank=True)
    speaker_rank = models.PositiveSmallIntegerField(
        choices=SpeakerRank.choices, default=SpeakerRank.UNKNOWN
    )
    on_authority_text = models.CharField(max_length=200, blank=True)
    standing = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.OWN
    )
    form = models.CharField(max_length=20, choices=Form.choices, default=Form.REPORTED)
    modality = models.CharField(
        max_length=20, choices=Modality.choices, default=Modality.STATED
    )
    condition = models.CharField(max_length=300, blank=True)
    said_on = models.CharField(max_length=40, blank=True)
    said_basis = models.CharField(
        max_length=10, choices=DateBasis.choices, default=DateBasis.DOCUMENT
    )
    holds_on = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.actor.survivor}: {self.disposition.say(self.option)}"

"""What a coder says of a source once: event, date, reporter, speakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models

from positions import dates
from positions.choices import (
    DateBasis,
    Publicity,
    SpeakerRank,
)

from .actors import Actor
from .changes import Curated, history
from .events import Event
from .sources import Source

if TYPE_CHECKING:
    pass


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
        return f"{self.name} for {self.actor.survivor}"

    def statement_fields(self) -> dict:
        """What this speaker gives to each statement."""
        return {
            "speaker": self.person,
            "speaker_text": self.name,
            "speaker_role": self.role,
            "speaker_rank": self.rank,
            "on_authority_text": self.on_authority,
        }

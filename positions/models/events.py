"""Something dated that positions hang on, and who took part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from positions import dates
from positions.choices import EventKind, Part

from .actors import Actor, Mergeable
from .changes import Curated, CuratedQuerySet, history
from .constraints import days_in_order
from .issues import Issue

if TYPE_CHECKING:
    from positions.readers import Reader


class EventQuerySet(CuratedQuerySet):
    def visible_to(self, reader: Reader):
        """Events of issues that are public, and events a public statement names."""
        if reader.curator:
            return self
        from .statements import Statement

        of_issue = Issue.objects.visible_to(reader).filter(events=OuterRef("pk"))
        named = Statement.objects.public().filter(event=OuterRef("pk"))
        return self.filter(Q(Exists(of_issue)) | Q(Exists(named)))


class Event(Curated):
    """A meeting, conference, vote, signing, change of government."""

    key = models.SlugField(max_length=80, unique=True, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    dated = models.CharField("date", max_length=40, help_text=dates.DATE_HELP)
    earliest = models.DateField(editable=False)
    latest = models.DateField(editable=False)
    place = models.CharField(max_length=120, blank=True)
    issues = models.ManyToManyField(Issue, blank=True, related_name="events")
    note = models.TextField(blank=True)

    objects = EventQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ("earliest", "pk")
        constraints = (days_in_order("earliest", "latest", name="event_days"),)
        # The steps of an issue page: events in order of their day.
        indexes = (models.Index(fields=("earliest", "id"), name="event_list"),)

    def __str__(self) -> str:
        return f"{self.name} ({dates.show(self.dated)})"

    def clean(self) -> None:
        try:
            self._read_date()
        except dates.BadDate as fault:
            raise ValidationError({"dated": str(fault)}) from fault

    def save(self, *args, **kwargs) -> None:
        self._read_date()
        if not self.key:
            self.key = Mergeable._free_key(self)
        super().save(*args, **kwargs)

    def _read_date(self) -> None:
        read = dates.parse(self.dated)
        self.earliest, self.latest = read.earliest, read.latest


class Participation(Curated):
    """The part an actor had in an event."""

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="participations"
    )
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="participations"
    )
    part = models.CharField(max_length=20, choices=Part.choices)

    history = history()

    class Meta:
        ordering = ("event__earliest", "actor__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("event", "actor"),
                name="participation_once",
                violation_error_message="The actor's part in this event is recorded.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.actor}: {self.get_part_display()}"

"""Who can hold a position: actors, their names, identifiers and memberships."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from positions import names
from positions.choices import ActorKind, SpeakerRank

from .changes import Curated, CuratedQuerySet, history

if TYPE_CHECKING:
    from positions.readers import Reader


class MergeableQuerySet(CuratedQuerySet):
    """Records that may be merged: merging moves nothing, reading goes through."""

    def current(self):
        """Those that are not merged into another."""
        return self.filter(merged_into__isnull=True)

    def group_of(self, record):
        """The record that survives and all that are merged into it."""
        survivor = record.survivor
        return self.filter(Q(pk=survivor.pk) | Q(merged_into=survivor))

    def locked_groups(self, pks: Iterable[int]) -> dict[int, Any]:
        """The records, with all that are read as one with them, locked: by primary key.

        In the order of their keys, so that two who merge wait for each other.
        """
        wanted = self._group_keys(pks)
        while True:
            rows = self.filter(pk__in=wanted).order_by("pk")
            # References to them go on being written meanwhile.
            locked = {row.pk: row for row in rows.select_for_update(no_key=True)}
            if (now := self._group_keys(pks)) == wanted:
                return locked
            wanted = now

    def _group_keys(self, pks: Iterable[int]) -> set[int]:
        asked = self.filter(pk__in=pks).values_list("pk", "merged_into")
        heads = {head or pk for pk, head in asked}
        merged = self.filter(merged_into__in=heads).values_list("pk", flat=True)
        return heads | set(merged)


class Mergeable(Curated):
    """A record with a public key that may be merged into another of its kind."""

    key = models.SlugField(
        max_length=80,
        unique=True,
        blank=True,
        help_text="The public address. Made from the name once, never changed.",
    )
    name = models.CharField(max_length=200)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        editable=False,
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def survivor(self):
        """The record this one is read as."""
        return self.merged_into or self

    @property
    def group(self) -> list:
        """A survivor and all that are read as it (prefetch `merged`)."""
        return [self, *self.merged.all()]

    def held_survivor(self):
        """The record this one is read as, and stays until the transaction ends."""
        # The survivor comes in a query of its own: PostgreSQL joins to a row that it
        # waited for what it had found before.
        rows = type(self)._base_manager.select_for_update(no_key=True)
        return rows.get(pk=self.pk).survivor

    def save(self, *args, **kwargs) -> None:
        if not self.key:
            self.key = self._free_key()
        super().save(*args, **kwargs)

    def _free_key(self) -> str:
        base = names.slug_of(self.name) or self._meta.model_name
        key, number = base, 1
        while type(self)._base_manager.filter(key=key).exists():
            number += 1
            key = f"{base}-{number}"
        return key


class ActorQuerySet(MergeableQuerySet):
    def visible_to(self, reader: Reader):
        """All actors but persons whom nothing public names yet."""
        if reader.curator:
            return self
        from .statements import Statement

        named = Q()
        for role in ("actor", "speaker", "on_authority_of"):
            named |= Q(**{role: OuterRef("pk")})
            named |= Q(**{f"{role}__merged_into": OuterRef("pk")})
        spoken = Statement.objects.public().filter(named)
        return self.filter(~Q(kind=ActorKind.PERSON) | Exists(spoken))

    def named(self, text: str):
        """The actors one of whose names has the same name key.

        A survivor has the names of all that are merged into it.
        """
        key = names.name_key(text)
        called = Actor.objects.filter(
            Q(name_key=key)
            | Q(pk__in=ActorName.objects.filter(name_key=key).values("actor"))
        )
        survivors = called.exclude(merged_into=None).values("merged_into")
        return self.filter(
            Q(pk__in=called.values("pk")) | Q(pk__in=survivors),
        )

    def matching(self, text: str):
        """The actors one of whose names contains the words (for search boxes).

        A survivor has the names of all that are merged into it.
        """
        rows = self
        for word in names.name_key(text).split():
            has = Q(name_key__contains=word)
            read_as_it = Actor.objects.filter(merged_into=OuterRef("pk"))
            names_of = ActorName.objects.filter(has)
            rows = rows.filter(
                has
                | Exists(names_of.filter(actor=OuterRef("pk")))
                | Exists(read_as_it.filter(has))
                | Exists(names_of.filter(actor__merged_into=OuterRef("pk")))
            )
        return rows


class Actor(Mergeable):
    """One state, body, organization, company or person that can hold a position."""

    kind = models.CharField(max_length=20, choices=ActorKind.choices)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    valid_from = models.DateField(
        null=True, blank=True, help_text="First day it existed, if that matters."
    )
    valid_to = models.DateField(
        null=True, blank=True, help_text="First day it no longer existed."
    )
    note = models.TextField(blank=True)

    objects = ActorQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ("name", "pk")
        permissions = (("merge_actor", "Can merge actors and part them again"),)
        constraints = (
            models.UniqueConstraint(
                fields=("name_key",),
                condition=Q(kind="state", merged_into__isnull=True),
                name="actor_state_name_once",
                violation_error_message="A state of this name exists already.",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")),
                name="actor_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lt=models.F("valid_to")),
                name="actor_valid_days",
                violation_error_message="It must begin before it ends.",
            ),
        )
        indexes = (models.Index(fields=("name", "id"), name="actor_list"),)

    def save(self, *args, **kwargs) -> None:
        self.name_key = names.name_key(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        # The constraints that forms ask compare it.
        self.name_key = names.name_key(self.name)
        if not self.name_key:
            raise ValidationError({"name": "A name needs at least one letter."})

    def identifier(self, scheme: str) -> str:
        """The value of one identifier, "" if none: its own, else of who is read as it.

        Prefetch `identifiers` and `merged__identifiers`.
        """
        return next((i.value for i in self.all_identifiers if i.scheme == scheme), "")

    @property
    def all_identifiers(self) -> list[Identifier]:
        """Its own, then those of who is read as it."""
        return [row for actor in self.group for row in actor.identifiers.all()]

    @property
    def all_names(self) -> list[ActorName]:
        """Its other names, and all names of who is read as it, each once.

        Prefetch `names` and `merged__names`.
        """
        found = list(self.names.all())
        for actor in self.merged.all():
            found += [ActorName(actor=actor, name=actor.name), *actor.names.all()]
        once = {(row.name, row.language): row for row in reversed(found)}
        return [row for row in reversed(once.values()) if row.name != self.name]


class ActorName(Curated):
    """Another name of an actor, in some language, used over some time."""

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    language = models.CharField(max_length=20, blank=True, help_text="BCP 47, e.g. ja")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    history = history()

    class Meta:
        verbose_name = "name"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("actor", "name_key", "language"),
                name="actor_name_once",
                violation_error_message="The actor has this name already.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.name_key = names.name_key(self.name)
        super().save(*args, **kwargs)


class Identifier(Curated):
    """What another register calls an actor: ISO 3166, Correlates of War, Wikidata."""

    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="identifiers"
    )
    scheme = models.SlugField(max_length=40, help_text="iso3, cow, wikidata ...")
    value = models.CharField(max_length=100)

    history = history()

    class Meta:
        ordering = ("scheme", "value")
        constraints = (
            models.UniqueConstraint(
                fields=("scheme", "value"),
                name="identifier_once",
                violation_error_message="Another actor has this identifier.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


class MembershipQuerySet(CuratedQuerySet):
    def on(self, day: date):
        """Those in force on a day."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day),
            Q(until__isnull=True) | Q(until__gt=day),
        )


class Membership(Curated):
    """An actor in another, in a role, over a period [since, until)."""

    member = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="memberships"
    )
    group = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="members", verbose_name="in"
    )
    role = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(
        choices=SpeakerRank.choices, default=SpeakerRank.UNKNOWN
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="First day out of it.")

    objects = MembershipQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ("group__name", "since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(member=models.F("group")),
                name="membership_not_of_itself",
                violation_error_message="An actor is not a member of itself.",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True)
                | Q(until__isnull=True)
                | Q(since__lt=models.F("until")),
                name="membership_days",
                violation_error_message="A membership must begin before it ends.",
            ),
        )

    def __str__(self) -> str:
        role = f", {self.role}" if self.role else ""
        return f"{self.member} in {self.group}{role}"

    @property
    def span(self) -> tuple[date, date]:
        """Its days as a closed-open pair, open ends made far ones."""
        return self.since or date.min, self.until or date.max

"""Who is reading: one frozen value, made once a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from positions.choices import Level

# Where a reader was found once in a request, it is kept.
_CACHE = "_demarche_reader"


@dataclass(frozen=True, slots=True)
class Reader:
    """What a reader may see; given to every `visible_to`.

    clearance is a `Level`; groups are primary keys of the reader's groups;
    closed holds the collections kept for groups the reader is not in.
    """

    curator: bool
    clearance: int
    groups: frozenset[int] = field(default=frozenset())
    closed: frozenset[int] = field(default=frozenset())

    @classmethod
    def anonymous(cls) -> Reader:
        """Anyone at all: the reader of exports and of pages without a login."""
        return cls._of_groups(frozenset())

    @classmethod
    def of(cls, user: Any) -> Reader:
        """The reader that a user is; curators are staff who may read statements."""
        if user is None or not user.is_authenticated:
            return cls.anonymous()
        if (
            user.is_active
            and user.is_staff
            and user.has_perm("positions.view_statement")
        ):
            return cls(curator=True, clearance=Level.TOP_SECRET)
        return cls._of_groups(frozenset(user.groups.values_list("pk", flat=True)))

    @classmethod
    def of_request(cls, request: Any) -> Reader:
        """The reader of a request, found once."""
        reader = getattr(request, _CACHE, None)
        if reader is None:
            reader = cls.of(getattr(request, "user", None))
            setattr(request, _CACHE, reader)
        return reader

    @classmethod
    def _of_groups(cls, groups: frozenset[int]) -> Reader:
        from positions.models import Collection

        closed = (
            Collection.objects.filter(groups__isnull=False)
            .exclude(groups__in=groups)
            .values_list("pk", flat=True)
        )
        return cls(
            curator=False,
            clearance=settings.READER_CLEARANCE,
            groups=groups,
            closed=frozenset(closed),
        )

    def may_read_collection(self, collection: int) -> bool:
        """Is the collection open to this reader?"""
        return self.curator or collection not in self.closed


def readers_see(record: Any) -> bool:
    """Does a reader who is not a curator see this record?"""
    visible = getattr(type(record).objects, "visible_to", None)
    if visible is None:
        return False
    return visible(Reader.anonymous()).filter(pk=record.pk).exists()

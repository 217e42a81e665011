"""What a run that brings much owes the database: a search index, and counted tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import Error

from ingest.bulk import count_anew
from positions.models import Addressee, Paragraph, Reference, Revision, Source
from positions.search import lookup

# From so many new paragraphs on it is worth while, if they are most of all there are.
MUCH = 50_000
# The tables that it fills.
LOADED = (Source, Revision, Paragraph, Addressee, Reference)

Say = Callable[[str], None]


@dataclass
class LateIndex:
    """Puts the index off once a run has brought much, and makes it at the end.

    Words are in it with their paragraphs, always: what is put off is the quick way
    to them. A run that is stopped leaves that to the next, or to `rebuild_search`.
    """

    say: Say
    brought: int = 0
    put_off: bool = False
    asked: bool = False

    def add(self, paragraphs: int) -> None:
        """So many new paragraphs are in."""
        self.brought += paragraphs
        if self.asked or self.brought < MUCH:
            return
        self.asked = True
        count_anew(*LOADED)
        if lookup.outnumbers(Paragraph, 2 * self.brought):
            return
        self.put_off = lookup.put_off(Paragraph)
        if self.put_off:
            self.say("Much is new: the search index is made at the end.")

    def finish(self) -> None:
        """Make what this run has put off, or one that was stopped."""
        if self.asked:
            count_anew(*LOADED)
        if lookup.is_there(Paragraph):
            return
        if not self.put_off:
            self.put_off = lookup.claim(Paragraph)
        if self.put_off:
            self.say("The search index is being made.")
            lookup.make(Paragraph)


@contextmanager
def indexed_late(say: Say) -> Iterator[LateIndex]:
    """The index of a run, made when the block ends as it should."""
    index = LateIndex(say)
    try:
        yield index
        index.finish()
    except BaseException:
        if index.put_off:
            say("The search index is not made: the next import makes it.")
        raise
    finally:
        if index.put_off:
            # A connection that is gone has released it.
            with suppress(Error):
                lookup.release(Paragraph)

"""A big office: a collection of documents, what was coded of it, and all that waits.

Some hundred cables are loaded by the importer and coded (`coding`); the database then
copies them with all that was made of them (`multiplying`).
"""

import tempfile
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.db.models import Max

from positions import worklists
from positions.models import (
    Addressee,
    Assignment,
    Change,
    Paragraph,
    Reference,
    Revision,
    Source,
    Statement,
    Voice,
)
from positions.models.changes import Clock
from tests.bench.coding import NAMED, NUMBERED, Coding
from tests.bench.loading import Load
from tests.bench.multiplying import Multiplier

# 503 times this has the sources of the collection of 2010, 3 million paragraphs,
# 200,000 statements, 50,000 suggestions, 20,000 stances and a million changes.
DOCUMENTS, PEOPLE = 500, 50
LONG_DOCUMENT, LONG_PARAGRAPH = 5_000, 500
ASSIGNED = 20
DOCUMENT = {
    Source: ("identifier", "canonical_id"),
    Revision: ("sha256",),
    Paragraph: (),
    Voice: (),
    Addressee: (),
    Reference: ("canonical_id",),
}


class Office(Coding):
    """The part that is copied, and two documents out of the ordinary beside it."""

    def __init__(self):
        super().__init__(actors=0)
        self.people = [self.who, *colleagues()]
        self.actors = [self.actor_named("Guest")]
        self.long_document = self.document_of(LONG_DOCUMENT)
        self.crowded_document = self.document_of(12)
        self.crowd(self.crowded_document)
        self.copied = Multiplier()
        with self.copied.watching(DOCUMENT):
            self.load()
        with self.copied.watching(NAMED, NUMBERED):
            self.add_actors()
            self.code()

    def grow(self, times):
        """Be so many times the part."""
        self.copied.copy(times - 1 - self.copied.copies)
        Clock.objects.update(seq=Change.objects.aggregate(last=Max("seq"))["last"])
        self.assign()

    def sizes(self):
        """How many sources, paragraphs and statements there are."""
        return [model.objects.count() for model in (Source, Paragraph, Statement)]

    def document_of(self, paragraphs):
        self.add_paragraphs(paragraphs, each=paragraphs)
        return self.collection.sources.order_by("pk").last()

    def crowd(self, source):
        """Let hundreds of statements cite one paragraph."""
        paragraph = Paragraph.objects.filter(revision__source=source)[5]
        made = [self.in_state("accepted", n) for n in range(LONG_PARAGRAPH)]
        self.cite(made, [paragraph] * LONG_PARAGRAPH)

    def load(self):
        """Cables by the importer; every fourth reference is to one that is here."""
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            Load(Path(folder, "cables"), DOCUMENTS)()
        after = self.copied.kept[Source].after
        self.sources = list(Source.objects.filter(pk__gt=after).order_by("pk"))
        references = Reference.objects.order_by("pk")[::4]
        for reference in references:
            reference.canonical_id = self.rng.choice(self.sources).canonical_id
        Reference.objects.bulk_update(references, ("canonical_id",))
        paragraphs = Paragraph.objects.filter(
            revision__source__in=self.sources, role__in=("summary", "body")
        ).select_related("revision__source")
        self.paragraphs = [one for one in paragraphs if len(one.text) > 80]
        Voice.objects.bulk_create(
            Voice(paragraph=one, start=end - 40, end=end, kind="comment")
            for one in self.paragraphs[::40]
            for end in (len(one.text),)
        )

    def assign(self):
        """The first rows of each work list are somebody's."""
        rows = [
            (work.key, row)
            for work in worklists.everything()
            for row in work.rows().values_list("pk", flat=True)[:ASSIGNED]
        ]
        Assignment.objects.bulk_create(
            (
                Assignment(
                    queue=key, row=row, to=self.rng.choice(self.people), by=self.who
                )
                for key, row in rows
            ),
            ignore_conflicts=True,
        )


def colleagues():
    """Further reviewers, who never log in."""
    made = User.objects.bulk_create(
        User(username=f"colleague{n}", password="!", is_staff=True)
        for n in range(1, PEOPLE)
    )
    Group.objects.get(name="Reviewer").user_set.add(*made)
    return made

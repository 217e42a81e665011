"""Accepted statements and published stances in any number, put in set by set.

They stand in the database as people's do, but for their log and history, which no
page that is measured here reads.
"""

import random
from datetime import date, timedelta

from tests.bench import cables

ACTORS, OPTIONS = 50, 5
PARAGRAPHS = 10
# One statement in so many has a second citation.
REPEATED = 5
FIRST_DAY, DAYS = date(2003, 1, 1), 7 * 365
# Each option has one facet of its own, so that stances can follow each other.
CODES = {
    "preference": ("prefer", "support", "accept", "reserve", "oppose"),
    "engagement": ("lead", "engage", "observe"),
    "commitment": ("considering", "pledged", "signed"),
}
SPANS = ((date(2004, 1, 1), date(2006, 1, 1)), (date(2006, 1, 1), None))


class World:
    """One issue, its actors, and what was accepted and published of it."""

    def __init__(self, actors=ACTORS):
        from positions.models import Disposition
        from positions.models.changes import Clock
        from tests import factories

        self.rng = random.Random(cables.SEED)
        self.who = factories.make_user()
        self.issue = factories.make_issue("Bench")
        self.options = [
            factories.make_option(f"Option {n}", issue=self.issue)
            for n in range(OPTIONS)
        ]
        self.event = factories.make_event()
        self.reporter = factories.make_actor("Embassy", kind="body")
        self.actors = [factories.make_actor(f"State {n:03d}") for n in range(actors)]
        self.collection = factories.make_collection("bench", level=0)
        self.now = Clock.now()
        self.dispositions = {d.code: d for d in Disposition.objects.all()}

    def add_statements(self, count, *, actors=None, each=PARAGRAPHS):
        """So many accepted statements by the actors in turn, in new documents."""
        from positions.models import Citation, Statement

        actors = actors or self.actors
        paragraphs = self.add_paragraphs(count, each=each)
        made = Statement.objects.bulk_create(
            (
                self.statement(actors[n % len(actors)], n // len(actors))
                for n in range(count)
            ),
            batch_size=500,
        )
        Citation.objects.bulk_create(
            (
                citation
                for n, statement in enumerate(made)
                for citation in self.citations(statement, paragraphs, n)
            ),
            batch_size=500,
        )
        return made

    def statement(self, actor, turn):
        from positions.models import Statement

        option = self.options[turn % OPTIONS]
        day = FIRST_DAY + timedelta(days=self.rng.randrange(DAYS))
        return Statement(
            actor=actor,
            option=option,
            disposition=self.disposition(option),
            speaker_text="A foreign-ministry official",
            speaker_role="official",
            speaker_rank=self.rng.randint(1, 5),
            audience="The embassy",
            reporter=self.reporter,
            standing=self.rng.choices(("own", "other", "reporter"), (8, 1, 1))[0],
            event=self.event if self.rng.random() < 0.3 else None,
            said_on=day.isoformat(),
            said_earliest=day,
            said_latest=day,
            holds_earliest=day,
            holds_latest=day,
            state="accepted",
            public_from=self.now,
            coder=self.who,
            accepted_by=self.who,
        )

    def disposition(self, option):
        facets = list(CODES)
        codes = CODES[facets[self.options.index(option) % len(facets)]]
        return self.dispositions[self.rng.choice(codes)]

    def citations(self, statement, paragraphs, n):
        """The main citation of the n-th statement, and of some a repeat."""
        from positions.models import Citation

        cited = [("main", paragraphs[n])]
        if n % REPEATED == 0:
            cited.append(("repeats", paragraphs[n - 1]))
        for role, paragraph in cited:
            end = len(paragraph.text) // 2
            yield Citation(
                statement=statement,
                paragraph=paragraph,
                role=role,
                start=0,
                end=end,
                quote=paragraph.text[:end],
            )

    def add_paragraphs(self, count, *, each):
        """So many paragraphs, in public documents of `each`."""
        from positions.models import Paragraph, Revision

        texts = [
            [cables.sentences(self.rng, cables.WORDS_A_PARAGRAPH) for _ in range(each)]
            for _ in range(-(-count // each))
        ]
        revisions = Revision.objects.bulk_create(
            Revision(
                source=source,
                number=1,
                text="\n\n".join(words),
                parser="bench",
                reason="first",
            )
            for source, words in zip(self.add_sources(len(texts)), texts, strict=True)
        )
        return Paragraph.objects.bulk_create(
            (
                paragraph
                for revision, words in zip(revisions, texts, strict=True)
                for paragraph in paragraphs_of(revision, words)
            ),
            batch_size=500,
        )

    def add_sources(self, count):
        from positions.models import Source

        known = Source.objects.count()
        return Source.objects.bulk_create(
            Source(
                collection=self.collection,
                identifier=f"BENCH{number}",
                canonical_id=f"BENCH{number}",
                title=cables.words(self.rng, 6),
                visibility="public",
                dated="2008-05-02",
                dated_earliest=date(2008, 5, 2),
                dated_latest=date(2008, 5, 2),
            )
            for number in range(known, known + count)
        )

    def add_stances(self):
        """Two published stances in a row of each actor on each option, proved."""
        from positions.models import Evidence, Stance, Statement

        proofs = {}
        for statement in Statement.objects.filter(standing="own").order_by("pk"):
            cell = statement.actor_id, statement.option_id
            proofs.setdefault(cell, []).append(statement)
        stances = Stance.objects.bulk_create(
            (
                self.stance(actor, option, *span)
                for actor in self.actors
                for option in self.options
                if (actor.pk, option.pk) in proofs
                for span in SPANS
            ),
            batch_size=500,
        )
        Evidence.objects.bulk_create(
            (
                Evidence(stance=stance, statement=statement)
                for stance in stances
                for statement in proofs[stance.actor_id, stance.option_id]
                if in_span(stance, statement)
            ),
            batch_size=500,
        )

    def stance(self, actor, option, since, until):
        from positions.models import Stance

        disposition = self.disposition(option)
        return Stance(
            actor=actor,
            option=option,
            disposition=disposition,
            facet=disposition.facet,
            holds_from=since,
            holds_to=until,
            rationale="As its statements say.",
            state="published",
            public_from=self.now,
            author=self.who,
            published_by=self.who,
        )


def paragraphs_of(revision, texts):
    """The paragraphs of a text that is made of theirs, a blank line between."""
    from positions.models import Paragraph

    start = 0
    for order, text in enumerate(texts, start=1):
        yield Paragraph(
            revision=revision,
            text=text,
            start=start,
            end=start + len(text),
            access_level=0,
            key=order,
            order=order,
            number=str(order),
            label=f"{order}.",
            name=str(order),
        )
        start += len(text) + 2


def in_span(stance, statement):
    day = statement.holds_latest
    return stance.holds_from <= day and (not stance.holds_to or day < stance.holds_to)

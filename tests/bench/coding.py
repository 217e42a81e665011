"""What people and tools make of documents: coded, proposed, judged, logged, waiting.

In the shares of a big office, put in set by set; the log is as long as theirs.
"""

import itertools
from datetime import UTC, datetime, timedelta

from ingest.models import ImportProblem, ImportRun
from positions.models import (
    Actor,
    ActorName,
    Change,
    Check,
    Citation,
    CodingHeader,
    Evidence,
    HeaderSpeaker,
    Note,
    Pair,
    Stance,
    Statement,
    Suggestion,
)
from positions.models.changes import random_key
from tests.bench.evidence import SPANS, World, in_span

STATES = {"accepted": 362, "draft": 24, "review": 16, "rejected": 3}
SUGGESTIONS = {"waiting": 60, "accepted": 25, "rejected": 15}
ACTORS, STANCES = 10, 42
CHANGES_A_STATEMENT = 5
LAST_DAY = datetime(2010, 2, 28, tzinfo=UTC)

# Model -> the columns that must differ from copy to copy.
NAMED = {
    Actor: ("key", "name", "name_key"),
    ActorName: ("name", "name_key"),
    CodingHeader: (),
    HeaderSpeaker: (),
    Statement: ("key",),
    Citation: (),
    Stance: ("key",),
    Evidence: (),
    Suggestion: ("key", "fingerprint", "statement_key"),
    Check: (),
    Note: ("statement_key",),
    Pair: ("first", "second"),
    ImportProblem: (),
    Change: ("key",),
}
NUMBERED = {Change: ("seq",)}


class Coding(World):
    """Needs `people`, and to code: `sources`, `paragraphs` (long enough), `actors`."""

    def code(self):
        self.head_documents()
        statements = self.state()
        self.judge(statements["accepted"])
        self.suggest(statements["draft"])
        self.look()
        self.talk(statements["review"])
        self.pair()
        self.import_with_problems()
        self.log([one for found in statements.values() for one in found])

    def add_actors(self):
        """Actors with a second name each."""
        self.actors = [self.actor_named(f"State {n:03d}") for n in range(ACTORS)]
        ActorName.objects.bulk_create(
            ActorName(actor=one, name=f"Etat {n}", name_key=f"etat {n}", language="fr")
            for n, one in enumerate(self.actors)
        )

    def actor_named(self, name):
        return Actor.objects.create(name=name, kind="state")

    def head_documents(self):
        headers = CodingHeader.objects.bulk_create(
            CodingHeader(source=source, reporter=self.reporter, event=self.event)
            for source in self.sources[::5]
        )
        HeaderSpeaker.objects.bulk_create(
            HeaderSpeaker(header=one, name="An official", actor=self.actors[0])
            for one in headers
        )

    # -- statements ---------------------------------------------------------------

    def state(self):
        """Statements by their state, some of the drafts the next of an accepted one."""
        wanted = [state for state, count in STATES.items() for _ in range(count)]
        made = [self.in_state(state, n) for n, state in enumerate(wanted)]
        found = {state: [m for m in made if m.state == state] for state in STATES}
        for later, earlier in zip(found["draft"][::8], found["accepted"], strict=False):
            later.key, later.version = earlier.key, 2
        self.rng.shuffle(made)
        self.cite(made, self.rng.choices(self.paragraphs, k=len(made)))
        return found

    def in_state(self, state, turn):
        statement = self.statement(self.rng.choice(self.actors), turn)
        statement.state = state
        statement.coder = self.rng.choice(self.people)
        statement.accepted_by = self.rng.choice(self.people)
        if state != "accepted":
            statement.public_from = statement.accepted_by = None
        return statement

    def cite(self, statements, paragraphs):
        """A statement for each paragraph, every fifth with a second citation."""
        made = Statement.objects.bulk_create(statements)
        citations = []
        for n, (one, paragraph) in enumerate(zip(made, paragraphs, strict=True)):
            citations.append(self.citation(one, paragraph))
            if n % 5 == 0:
                citations.append(self.citation(one, paragraphs[n - 1], role="repeats"))
        for n, anchor in ((7, "moved"), (11, "orphaned")):
            citations[n].anchor = anchor
        Citation.objects.bulk_create(citations)

    def citation(self, statement, paragraph, *, role="main"):
        start, end = self.span(paragraph)
        return Citation(
            statement=statement,
            paragraph=paragraph,
            role=role,
            start=start,
            end=end,
            quote=paragraph.text[start:end],
        )

    def span(self, paragraph):
        """A sentence or two of a paragraph."""
        length = len(paragraph.text)
        start = self.rng.randrange(length // 2)
        return start, min(length, start + self.rng.randint(40, 220))

    # -- stances and suggestions --------------------------------------------------

    def judge(self, statements):
        """Published stances of some actors, and of others one in each other state."""
        found = []
        for actor, option, span in itertools.product(self.actors, self.options, SPANS):
            stance = self.stance(actor, option, *span)
            if proof := [one for one in statements if proves(one, stance)]:
                found.append((stance, proof))
        found = found[:STANCES]
        stances = [stance for stance, _ in found]
        for stance, state in zip(stances, ("draft", "review"), strict=False):
            stance.state, stance.public_from = state, None
        Stance.objects.bulk_create(stances)
        Evidence.objects.bulk_create(
            Evidence(stance=stance, statement=statement)
            for stance, proof in found
            for statement in proof
        )

    def suggest(self, drafts):
        """What a tool proposes, most of it undecided; drafts came of what was good."""
        wanted = [state for state, count in SUGGESTIONS.items() for _ in range(count)]
        keys = iter([draft.key for draft in drafts])
        proposals = [self.suggestion(state) for state in wanted]
        for one in proposals:
            if one.state == "accepted":
                one.statement_key = next(keys, "")
        Suggestion.objects.bulk_create(proposals)

    def suggestion(self, state):
        paragraph = self.rng.choice(self.paragraphs)
        start, end = self.span(paragraph)
        option = self.rng.choice(self.options)
        return Suggestion(
            source=paragraph.revision.source,
            paragraph=paragraph,
            start=start,
            end=end,
            quote=paragraph.text[start:end],
            actor=self.rng.choice(self.actors),
            option=option,
            disposition=self.disposition(option),
            speaker_text="An official",
            confidence=round(self.rng.uniform(0.3, 1), 3),
            reason="Words of preference beside a name.",
            tool="rules",
            fingerprint=random_key() * 5,
            state=state,
            because="no_position" if state == "rejected" else "",
            decided_by=None if state == "waiting" else self.who,
            decided_at=None if state == "waiting" else self.now,
        )

    # -- looked at, talked about, alike, imported, logged --------------------------

    def look(self):
        Check.objects.bulk_create(
            Check(source=source, issue=self.issue, by=self.who)
            for source in self.sources[::10]
        )

    def talk(self, statements):
        Note.objects.bulk_create(
            Note(statement_key=one.key, text="Is this his own word?", by=self.who)
            for one in statements
            for _ in range(2)
        )

    def pair(self):
        """Actors of like names, most of the pairs not judged yet."""
        Pair.objects.bulk_create(
            Pair(
                kind="actor",
                first=one.key,
                second=other.key,
                score=round(self.rng.uniform(0.8, 1), 3),
                reason=f"{one.name} and {other.name}",
                state="different" if n % 3 == 2 else "waiting",
            )
            for n, (one, other) in enumerate(
                zip(self.actors[:-1], self.actors[1:], strict=True)
            )
        )

    def import_with_problems(self):
        run = ImportRun.objects.create(command="import_cables")
        severities = ("conflict", "unsure", "rejected", "rejected")
        ImportProblem.objects.bulk_create(
            ImportProblem(
                run=run,
                severity=severity,
                code="bench",
                file="dump.csv",
                record=source.identifier,
                message="A person should look at this.",
                revision=source.current,
                settled_at=self.now if n == 3 else None,
            )
            for n, (severity, source) in enumerate(
                zip(severities, self.sources, strict=False)
            )
        )

    def log(self, statements):
        """Some changes of each statement, by many people, one after the other."""
        actions = ("coded", "edited", "edited", "submitted", "accepted")
        changes = [
            (one, action)
            for one in statements
            for action in actions[:CHANGES_A_STATEMENT]
        ]
        first = Change.objects.count() + 1
        Change.objects.bulk_create(
            Change(
                seq=first + n,
                at=LAST_DAY + timedelta(minutes=n),
                who=self.rng.choice(self.people),
                record="statement",
                key=one.key,
                version=one.version,
                action=action,
                to_state=one.state,
                public=action == "accepted",
            )
            for n, (one, action) in enumerate(changes)
        )


def proves(statement, stance):
    """Is a statement of the cell of a stance, and of its days?"""
    cell = statement.actor == stance.actor and statement.option == stance.option
    return cell and in_span(stance, statement)

"""One statement with all that proves it: its words, their place, what rests on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from positions import answers, dates
from positions.choices import Anchor, DateBasis, SpeakerRank, StatementState
from positions.models import Paragraph, Stance, Statement
from positions.pages.lighting import Lit, Note, light, printed_label
from positions.pages.showing import Shown, show, show_words, shows_source
from positions.periods import Line
from positions.readers import Reader
from positions.segments import Span
from positions.telling import Sentence, tell_acceptance, tell_author, tell_day

# "Cannot be judged" says nothing: a grade is told when either half says more.
UNJUDGED = "F", "6"


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement as its page shows it; `lit` is its paragraph, if it may be read."""

    statement: Statement
    shown: Shown
    acceptance: str
    author: Sentence
    lit: tuple[Lit, ...]
    label: str
    days: list[tuple[str, str]]
    grade: str
    rank: str
    aside: Line | None
    stances: list[Stance]
    versions: list[Statement]

    @property
    def public(self) -> bool:
        return self.statement.state == StatementState.ACCEPTED

    @property
    def public_version(self) -> int | None:
        """The number of the version that readers see, if they see one."""
        return next((v.version for v in self.versions if v.is_public), None)


def proof_of(key: str, reader: Reader) -> Proof | None:
    """The statement of a key as the reader may see it; None where that is not at all.

    A curator sees the newest version, whatever its state.
    """
    statement = (
        Statement.objects.visible_to(reader)
        .with_evidence()
        .select_related("coder", "accepted_by")
        .filter(key=key)
        .first()
    )
    if statement is None:
        return None
    main, source_open = statement.main, shows_source(statement, reader)
    return Proof(
        statement=statement,
        shown=show(statement, reader),
        acceptance=tell_acceptance(statement, names=reader.curator),
        author=tell_author(statement, source_open=source_open),
        lit=tuple(_lit(statement, reader)),
        label=printed_label(main.paragraph) if main else "",
        days=[(label, text) for label, text in _days(statement, source_open) if text],
        grade=_grade(statement),
        rank=_rank(statement),
        aside=_aside(statement),
        stances=list(_stances(statement, reader)),
        versions=list(_versions(statement, reader)),
    )


def _lit(statement: Statement, reader: Reader) -> Iterable[Lit]:
    """The paragraph as it stands now, with the quote lit, if that is sure and open."""
    main = statement.main
    if main is None or main.anchor != Anchor.ANCHORED or main.place is None:
        return []
    paragraph, start, end = main.place
    row = (
        Paragraph.objects.visible_to(reader)
        .filter(pk=paragraph.pk)
        .prefetch_related("voices__whose")
        .first()
    )
    if row is None:
        return []
    note = Note(1, show_words(main, reader), ())
    return light(row, [(Span(start, end, note), note)])


def _days(statement: Statement, source_open: bool) -> Iterable[tuple[str, str]]:
    """The four dates of a statement, each with what it rests on.

    Those of its document only where the reader may open that.
    """
    main = statement.main
    source = main.paragraph.revision.source if main and source_open else None
    said = dates.show(statement.said_on) if statement.said_on else ""
    if said and statement.said_basis:
        said += f" ({DateBasis(statement.said_basis).label.lower()})"
    yield "Said on", said
    yield "Speaks of", dates.show(statement.holds_on) if statement.holds_on else ""
    span = _span(statement)
    yield "Counts for", "" if said.startswith(span) else span
    yield "Document dated", dates.show(source.dated) if source and source.dated else ""
    published = source.published if source else ""
    yield "Document published", dates.show(published) if published else ""
    yield "Coded on", tell_day(statement.coded_at.date())


def _span(statement: Statement) -> str:
    first, last = statement.holds_earliest, statement.holds_latest
    if first is None:
        return ""
    return tell_day(first) if first == last else f"{tell_day(first)} – {tell_day(last)}"


def _grade(statement: Statement) -> str:
    """The Admiralty grade in words; empty when neither half says anything."""
    if (statement.reliability, statement.credibility) == UNJUDGED:
        return ""
    source = statement.get_reliability_display().split(" – ")[-1]
    words = statement.get_credibility_display().split(" – ")[-1]
    return f"{statement.reliability}{statement.credibility}: {source}, {words}"


def _rank(statement: Statement) -> str:
    if statement.speaker_rank == SpeakerRank.UNKNOWN:
        return ""
    return statement.get_speaker_rank_display()


def _aside(statement: Statement) -> Line | None:
    """Why the rule makes no period of it, if it makes none."""
    if statement.state != StatementState.ACCEPTED:
        return None
    found = answers.set_aside(statement.option.issue.survivor, statement.actor.survivor)
    return next((x for x in found if x.statement.pk == statement.pk), None)


def _stances(statement: Statement, reader: Reader) -> Iterable[Stance]:
    return (
        Stance.objects.public()
        .filter(pk__in=Stance.objects.citing(statement.key).values("pk"))
        .with_parts()
        .order_by("holds_from", "pk")
    )


def _versions(statement: Statement, reader: Reader) -> Iterable[Statement]:
    """All versions for a curator; those that were public for everybody else."""
    rows = Statement.objects.filter(key=statement.key).select_related(
        "actor__merged_into",
        "option__merged_into",
        "over_option__merged_into",
        "disposition",
    )
    if not reader.curator:
        rows = rows.filter(public_from__isnull=False, withheld=False)
    return rows.order_by("-version")

"""What heads the pages: an issue in numbers, kinds of actors, a source's facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce

from positions import answers, dates, referring
from positions.choices import ActorKind, Form, Standing
from positions.models import Actor, Issue, Revision, Source, Statement
from positions.models.texts import LEVEL_MARKS
from positions.pages.showing import ShownLine, show_lines
from positions.periods import Line, Period, Position
from positions.readers import Reader
from positions.telling import Piece, Sentence, last_day, named

MOST_ISSUES = 200
NEWEST = 300
MOST_REFERENCES = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """An issue and how much is public on it."""

    issue: Issue
    n_actors: int
    n_statements: int
    n_sources: int
    first: date | None
    last: date | None


def issues(reader: Reader) -> list[Overview]:
    """The issues a reader may see, in two queries."""
    visible = Issue.objects.visible_to(reader).values("pk")
    rows = list(
        Issue.objects.current()
        .filter(Q(pk__in=visible) | Q(merged__in=visible))
        .distinct()
        .order_by("name", "pk")[:MOST_ISSUES]
    )
    on_them = Q(option__issue__in=rows) | Q(option__issue__merged_into__in=rows)
    numbers: dict[int, dict[str, Any]] = {
        row["issue"]: row
        for row in Statement.objects.public()
        .filter(on_them)
        .order_by()
        .values(issue=Coalesce("option__issue__merged_into", "option__issue"))
        .annotate(
            n_actors=Count(Coalesce("actor__merged_into", "actor"), distinct=True),
            n_statements=Count("key", distinct=True),
            n_sources=Count("citations__paragraph__revision__source", distinct=True),
            first=Min("holds_latest"),
            last=Max("holds_latest"),
        )
    }
    return [_overview(issue, numbers.get(issue.pk, {})) for issue in rows]


def _overview(issue: Issue, row: Mapping[str, Any]) -> Overview:
    return Overview(
        issue=issue,
        n_actors=row.get("n_actors", 0),
        n_statements=row.get("n_statements", 0),
        n_sources=row.get("n_sources", 0),
        first=row.get("first"),
        last=row.get("last"),
    )


def kinds_on(issue: Issue) -> list[tuple[str, str, int]]:
    """(kind, its label, how many actors) of those with something public on an issue."""
    rows = (
        answers.actors_of(issue)
        .order_by()
        .values("kind")
        .annotate(n=Count("pk"))
        .values_list("kind", "n")
    )
    counts = dict(rows)
    return [(k.value, k.label, counts[k]) for k in ActorKind if k in counts]


# -- an example ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Example:
    """A position that this database has, with one statement behind each clause."""

    position: Position
    shown: tuple[ShownLine, ...]


def example(reader: Reader) -> Example | None:
    """What the document that says most about one actor comes to, on its day.

    Of the newest statements, so that its cost does not grow with the database.
    """
    newest = list(
        Statement.objects.public()
        .filter(standing=Standing.OWN)
        .exclude(form=Form.ACT)
        .with_evidence()
        .order_by("-pk")[:NEWEST]
    )
    counts = Counter(map(_document, newest))
    spoken = max(newest, key=lambda s: (counts[_document(s)], -s.pk), default=None)
    if spoken is None or spoken.holds_latest is None:
        return None
    actor, issue = spoken.actor.survivor, spoken.option.issue.survivor
    (position,) = answers.positions(issue, spoken.holds_latest, actors=[actor])
    lines = [
        _newest_by(period, position.as_of)
        for period in sorted(position.periods, key=lambda p: p.clause().place)
        if period.option.headline
    ]
    shown = show_lines(filter(None, lines), reader)
    return Example(position, tuple(shown[:2])) if shown else None


def _newest_by(period: Period, day: date) -> Line | None:
    """The newest evidence of a period up to a day."""
    spoken = [line for line in period.supports if last_day(line.statement) <= day]
    return spoken[-1] if spoken else None


def _document(statement: Statement) -> tuple[int, int | None, int | None]:
    main = statement.main
    source = main.paragraph.revision.source_id if main else None
    return statement.actor_id, statement.option.issue_id, source


# -- a source ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """One line at the head of a source; `url` leads out of the database."""

    label: str
    sentence: Sentence
    url: str = ""


def facts(source: Source, reader: Reader) -> list[Fact]:
    """What is known of a document, in lines.

    What stands in its text's header is only for those who may read the text.
    """
    found = [
        _fact("Kind", source.get_kind_display()),
        _fact("Dated", dates.show(source.dated) if source.dated else ""),
        Fact("Issued by", _issuer(source, reader)),
        _fact("Symbol", source.symbol),
        _fact("Language", source.language),
        _fact("Marking", marking(source)),
        _fact("Published", dates.show(source.published) if source.published else ""),
        _fact("Obtained", source.obtained if reader.curator else ""),
    ]
    if Source.objects.text_visible_to(reader).filter(pk=source.pk).exists():
        found += _of_text(source, reader)
    found += [
        Fact("Published at", [Piece(address)], url=address)
        for address in source.addresses
        if is_web_address(address)
    ]
    return [fact for fact in found if any(piece.text for piece in fact.sentence)]


def _issuer(source: Source, reader: Reader) -> Sentence:
    """Whose document it is, unless it is a person whom nothing public names."""
    if source.issuer is None:
        return [Piece(source.issuer_text)]
    issuer = source.issuer.survivor
    if not Actor.objects.visible_to(reader).filter(pk=issuer.pk).exists():
        return []
    return [named(source.issuer)]


def _fact(label: str, text: str) -> Fact:
    return Fact(label, [Piece(text)])


def marking(source: Source) -> str:
    """The document's own level and controls: "S/NF"; empty where it has none."""
    if source.level is None:
        return source.controls
    return "/".join(filter(None, (LEVEL_MARKS[source.level], source.controls)))


def _of_text(source: Source, reader: Reader) -> list[Fact]:
    revision = (
        Revision.objects.filter(source=source, current=True)
        .defer("text", "patches")
        .first()
    )
    if revision is None:
        return []
    found = [_fact("Text", f"revision {revision.number}")]
    if source.access_level <= reader.clearance or reader.curator:
        found.insert(0, _fact("TAGS", " ".join(_tags(revision.header))))
        found += _references(source, reader)
    return found


def _references(source: Source, reader: Reader) -> list[Fact]:
    """What the text refers to, and what refers to it, as far as it may be seen."""
    named: Sentence = []
    for one in referring.refers_to(source, reader, limit=MOST_REFERENCES):
        first = one.sources[0] if one.sources else None
        named += [Piece("; " if named else ""), Piece(one.reference.raw, source=first)]
    naming: Sentence = []
    for other in referring.referred_by(source, reader)[:MOST_REFERENCES]:
        naming += [Piece("; " if naming else ""), Piece(other.identifier, source=other)]
    return [Fact("Refers to", named), Fact("Referred to by", naming)]


def _tags(header: Any) -> Iterable[str]:
    tags = header.get("tags", []) if isinstance(header, dict) else []
    if not isinstance(tags, list):
        return []
    return [tag.get("code", "") if isinstance(tag, dict) else str(tag) for tag in tags]


def is_web_address(text: Any) -> bool:
    """May it be linked? Only what a browser fetches from the web."""
    try:
        return isinstance(text, str) and urlsplit(text).scheme in ("http", "https")
    except ValueError:
        return False

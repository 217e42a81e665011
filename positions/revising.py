"""A source's next text: which paragraphs keep their key, where its citations stand.

Nothing published changes here. Citations that the new text moved or orphaned are a
work list, and a person decides about each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from positions import anchoring
from positions.choices import Anchor, Visibility
from positions.models import Citation, Paragraph, Revision, Source, Statement
from positions.models.changes import recording

# Fewer characters than this, found somewhere else, prove nothing.
FOUND_ELSEWHERE = 12


@dataclass(frozen=True, slots=True)
class Settled:
    """How many of a source's citations stand how in its current text."""

    anchored: int = 0
    moved: int = 0
    orphaned: int = 0

    def __str__(self) -> str:
        return (
            f"Citations: {self.anchored} anchored, {self.moved} moved, "
            f"{self.orphaned} orphaned."
        )


def paragraph_keys(source: Source, texts: Sequence[str]) -> list[int]:
    """The keys that paragraphs of these texts, in order, get in a new revision.

    A paragraph keeps the key it has in the current revision, or had in an earlier
    one if it comes back word for word; a key once used never names another.
    """
    used = Paragraph.objects.filter(revision__source=source)
    last = used.aggregate(last=Max("key"))["last"]
    if last is None:
        return list(range(1, len(texts) + 1))
    now = used.filter(revision__current=True).order_by("order")
    keys = anchoring.carry_keys(
        list(now.values_list("key", "text")), texts, next_key=last + 1
    )
    new = [text for key, text in zip(keys, texts, strict=True) if key > last]
    return _with_former(keys, texts, _former(used, new, keys), last) if new else keys


def _former(used: Any, texts: Sequence[str], keys: Sequence[int]) -> dict[str, int]:
    """Text -> the key it had in an earlier revision, if no paragraph has it now."""
    rows = (
        used.filter(text__in=set(texts))
        .exclude(key__in=keys)
        .order_by("key")
        .values_list("text", "key")
    )
    return dict(rows)


def _with_former(
    keys: Sequence[int], texts: Sequence[str], former: dict[str, int], last: int
) -> list[int]:
    found: list[int] = []
    for key, text in zip(keys, texts, strict=True):
        if key > last:
            # Numbers run on without gaps where some came back.
            last_new = max([last, *found])
            key = former.pop(text, last_new + 1)
        found.append(key)
    return found


def make_current(
    source: Source, revision: Revision, *, who: Any = None, why: str = ""
) -> Settled:
    """Read this revision from now on; say where the source's citations stand in it.

    One transaction. The log names the new text; no statement or stance changes.
    """
    with recording(who, why) as rec:
        citations = list(
            Citation.objects.select_for_update(of=("self",))
            .filter(paragraph__revision__source=source)
            .select_related("paragraph")
            .order_by("pk")
        )
        source.revisions.filter(current=True).exclude(pk=revision.pk).update(
            current=False
        )
        revision.current = True
        revision.save(update_fields=("current",))
        rec.note(
            source,
            f"text is now revision {revision.number}",
            why=why,
            public=source.visibility == Visibility.PUBLIC,
        )
        return _settle(citations, revision)


def follow(statement: Statement) -> None:
    """Write where the words of a new statement stand in the text that is read now.

    It may have been coded from an earlier one: a task keeps the text it was given.
    """
    citations = list(statement.citations.with_place())
    late = [one for one in citations if not one.paragraph.revision.current]
    if late:
        source = late[0].paragraph.revision.source
        _settle(late, source.revisions.get(current=True))


def _settle(citations: Sequence[Citation], revision: Revision) -> Settled:
    paragraphs = {p.key: p for p in revision.paragraphs.all()} if citations else {}
    for citation in citations:
        _stand(citation, revision, paragraphs)
    Citation.objects.bulk_update(
        citations, ("anchor", "now_paragraph", "now_start", "now_end"), batch_size=200
    )
    return _counted(citations)


def _counted(citations: Iterable[Citation]) -> Settled:
    anchors = [citation.anchor for citation in citations]
    return Settled(
        anchored=anchors.count(Anchor.ANCHORED),
        moved=anchors.count(Anchor.MOVED),
        orphaned=anchors.count(Anchor.ORPHANED),
    )


def _stand(
    citation: Citation, revision: Revision, paragraphs: Mapping[int, Paragraph]
) -> None:
    """Write where the citation stands in the revision, without saving it."""
    citation.anchor = Anchor.ANCHORED
    citation.now_paragraph = citation.now_start = citation.now_end = None
    was = citation.paragraph
    if was.revision_id == revision.pk:
        return
    heir = paragraphs.get(was.key)
    now = anchoring.Now(Anchor.ORPHANED)
    if heir is not None:
        now = anchoring.where_now(citation.quote, citation.start, was.text, heir.text)
    if now.anchor == Anchor.ORPHANED:
        heir, now = _elsewhere(citation.quote, paragraphs.values())
    citation.anchor = now.anchor
    citation.now_paragraph, citation.now_start, citation.now_end = (
        heir,
        now.start,
        now.end,
    )


def _elsewhere(
    quote: str, paragraphs: Iterable[Paragraph]
) -> tuple[Paragraph | None, anchoring.Now]:
    """The one place of the whole text where exactly these words stand, if one."""
    places = [
        (paragraph, at)
        for paragraph in paragraphs
        if len(quote) >= FOUND_ELSEWHERE and (at := paragraph.text.find(quote)) >= 0
    ]
    if len(places) != 1 or places[0][0].text.count(quote) != 1:
        return None, anchoring.Now(Anchor.ORPHANED)
    paragraph, at = places[0]
    return paragraph, anchoring.Now(Anchor.MOVED, at, at + len(quote))

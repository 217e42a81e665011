"""A text cut where spans begin and end, so that overlapping ones can be shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) of a text in code points, and what it is to be shown as."""

    start: int
    end: int
    what: Any


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text under the same spans, and the spans that end with it.

    `skipped` were taken out of the text before this piece.
    """

    text: str
    covers: tuple[Any, ...]
    ends: tuple[Any, ...] = ()
    skipped: tuple[str, ...] = ()


def segments(
    text: str, spans: Iterable[Span], skips: Iterable[tuple[int, str]] = ()
) -> list[Segment]:
    """Cut a text at every end of a span and every skip; the pieces rebuild it.

    `skips` are pairs (at, raw). Spans that reach out of the text are cut to it.
    """
    kept = [
        Span(span.start, min(span.end, len(text)), span.what)
        for span in spans
        if span.start < min(span.end, len(text))
    ]
    left_out = list(skips)
    cuts = {0, len(text), *(at for at, _ in left_out)}
    cuts |= {cut for span in kept for cut in (span.start, span.end)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    return [
        Segment(
            text[start:end],
            tuple(s.what for s in kept if s.start <= start and end <= s.end),
            tuple(s.what for s in kept if s.end == end),
            tuple(raw for at, raw in left_out if at == start),
        )
        for start, end in zip(edges, edges[1:], strict=False)
    ]

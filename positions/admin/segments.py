"""A paragraph cut where spans begin and end, so that overlapping ones can be shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """[start, end) of a text, and what it is to be shown as."""

    start: int
    end: int
    what: object


@dataclass(frozen=True)
class Segment:
    """A piece of text under the same spans; `skipped` were taken out before it."""

    text: str
    covers: tuple
    skipped: tuple = ()
    # The spans that end with this piece: their marks stand after it.
    ends: tuple = ()


def segments(text, spans, skips=()):
    """Cut a text at every end of a span and every skip; the pieces rebuild it.

    `skips` are pairs (at, raw). Spans outside the text are cut to it.
    """
    spans = [s for s in spans if s.start < min(s.end, len(text))]
    cuts = {0, len(text), *(at for at, _ in skips)}
    cuts |= {cut for s in spans for cut in (s.start, min(s.end, len(text)))}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    pieces = []
    for start, end in zip(edges, edges[1:] or [len(text)], strict=False):
        pieces.append(
            Segment(
                text[start:end],
                tuple(s.what for s in spans if s.start <= start and end <= s.end),
                tuple(raw for at, raw in skips if at == start),
                tuple(s.what for s in spans if min(s.end, len(text)) == end),
            )
        )
    return pieces

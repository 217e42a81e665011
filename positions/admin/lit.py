"""Words of a paragraph lit in the tones of the coders who coded them."""

from positions.models import Voice
from positions.segments import Span

from .paragraphs import Piece, pieces


def lit(paragraph, toned=()):
    """Pieces for `parts/pieces.html`: `toned` are pairs (tone, coding).

    A piece has the tones of all codings that cover it, so that overlaps are seen.
    """
    spans = [Span(row.start, row.end, (tone, row)) for tone, row in toned]
    return pieces(paragraph, spans, _piece)


def _piece(segment):
    voices = [what for what in segment.covers if isinstance(what, Voice)]
    codings = [what for what in segment.covers if not isinstance(what, Voice)]
    tones = [f"voice voice-{voice.kind}" for voice in voices]
    if codings:
        tones += ["coded-words", *sorted({tone for tone, _ in codings})]
    told = [voice.get_kind_display() for voice in voices]
    told += [str(row) for _, row in codings]
    return Piece(
        segment.text,
        " ".join(tones),
        "; ".join(dict.fromkeys(told)),
        segment.skipped,
        tuple(what for what in segment.ends if isinstance(what, Voice)),
        (),
    )

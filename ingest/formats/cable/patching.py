"""Edits of a text, and the patches that undo them, also through two layers."""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from ingest.records import Patch

# (start, end, what stands there afterwards), in offsets of the text before.
Edit = tuple[int, int, str]


class _Change(NamedTuple):
    """[start, end) of the text in between stands otherwise above or below it."""

    start: int
    end: int
    above: str | None  # in the reading text
    below: str | None  # in the raw text


def apply(text: str, edits: Iterable[Edit]) -> tuple[str, tuple[Patch, ...]]:
    """The text after the edits, and the patches that undo them.

    Where two overlap, the earlier holds, of two at one place the longer.
    """
    parts: list[str] = []
    patches: list[Patch] = []
    length = position = 0
    for start, end, instead in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start < position:
            continue
        parts += text[position:start], instead
        length += start - position
        if text[start:end] != instead:
            patches.append(Patch(length, length + len(instead), text[start:end]))
        length += len(instead)
        position = end
    parts.append(text[position:])
    return "".join(parts), tuple(patches)


def compose(
    text: str, upper: Sequence[Patch], middle: str, lower: Sequence[Patch]
) -> tuple[Patch, ...]:
    """The patches from `text` straight to the raw text.

    `upper` leads from `text` to `middle`, `lower` from there to the raw text.
    Time is linear in their number and in what they change.
    """
    if not lower:
        return tuple(upper)
    if not upper and text == middle:
        return tuple(lower)
    composed: list[Patch] = []
    shift = 0
    for start, end, changes in _clusters(_changes(text, upper, lower)):
        above = _with(middle, start, end, [(c.start, c.end, c.above) for c in changes])
        below = _with(middle, start, end, [(c.start, c.end, c.below) for c in changes])
        at = start + shift
        shift += len(above) - (end - start)
        if above != below:
            composed.append(Patch(at, at + len(above), below))
    return tuple(composed)


def reading_offset(patches: Sequence[Patch], at: int) -> int:
    """Where an offset of the text that patches lead back to stands in the text.

    Within what a patch stands for it is the patch's start.
    """
    shift = 0
    for patch in patches:
        begin = patch.start + shift
        if at < begin:
            break
        if at < begin + len(patch.raw):
            return patch.start
        shift += len(patch.raw) - (patch.end - patch.start)
    return max(0, at - shift)


def _changes(
    text: str, upper: Sequence[Patch], lower: Sequence[Patch]
) -> Iterator[_Change]:
    """The changes of both layers, in the offsets of the text between them."""
    found = [_Change(patch.start, patch.end, None, patch.raw) for patch in lower]
    shift = 0
    for patch in upper:
        start = patch.start + shift
        end = start + len(patch.raw)
        found.append(_Change(start, end, text[patch.start : patch.end], None))
        shift += len(patch.raw) - (patch.end - patch.start)
    return iter(sorted(found, key=itemgetter(0, 1)))


def _clusters(
    changes: Iterator[_Change],
) -> Iterator[tuple[int, int, list[_Change]]]:
    """(start, end, changes) of those that overlap one another."""
    cluster: list[_Change] = []
    start = end = 0
    for change in changes:
        if cluster and change.start >= end:
            yield start, end, cluster
            cluster = []
        if not cluster:
            start, end = change.start, change.end
        cluster.append(change)
        end = max(end, change.end)
    if cluster:
        yield start, end, cluster


def _with(
    middle: str, start: int, end: int, changes: list[tuple[int, int, str | None]]
) -> str:
    """[start, end) as it stands in the layer that the changes are of."""
    if len(changes) == 1:
        instead = changes[0][2]
        return middle[start:end] if instead is None else instead
    parts: list[str] = []
    position = start
    for begin, stop, instead in changes:
        if instead is not None:
            parts += middle[position:begin], instead
            position = stop
    parts.append(middle[position:end])
    return "".join(parts)

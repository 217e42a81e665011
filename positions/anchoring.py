"""Where words stand in a text, what becomes of them in the next, how they are cited.

Offsets count Unicode code points from 0, end exclusive. A quote is never carried
to a look-alike in silence: it is anchored where its own words stand, moved where
one place is nearly them (a person decides), and orphaned otherwise.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz

from positions.carrying import carry_keys as carry_keys
from positions.choices import Anchor

# Characters kept on either side of a quote to tell it from its likes.
CONTEXT = 32
# A text is not searched for more places than this: "e" stands everywhere.
MAX_PLACES = 1000

# Likeness is rapidfuzz's ratio: 100 for the same text; unrelated English comes to
# about 50. A near match needs this much text, and so much of it the same.
NEAR_LENGTH = 12
NEAR = 85.0
# A window as long as the quote that comes to this may grow or shrink into a match.
NEAR_START = 65.0
# Larger than this (the text's length times the square of the quote's, about a
# second's work), a text is only searched for the quote's own words.
MAX_SEARCHED = 2**38
# Where the words alone do not tell the place, their surroundings must be this much
# the same, and lead those of the next place by so much.
CONTEXT_SAME = 70.0
CONTEXT_LEAD = 10.0

_ALIKE = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
# What people paste around a quote: quotation marks, blanks, ellipses.
_WRAPPING = re.compile(r"(?:[\"' ]|\.{3}|[\[\]()]\.{3}[\[\]()])*")


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) of a text; exact if it is the quote character for character."""

    start: int
    end: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Selector:
    """A text-quote selector (W3C Web Annotation Data Model, 4.2.4)."""

    prefix: str
    exact: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Now:
    """How a quote stands in the new text; without offsets where it is orphaned."""

    anchor: Anchor
    start: int | None = None
    end: int | None = None


_ORPHANED = Now(Anchor.ORPHANED)


def locate(quote: str, text: str) -> tuple[Span, ...]:
    """Every place of the text where the quote stands, the exact ones first.

    Blanks around the quote do not count. Exact places, and those that differ only in
    the shape of quotation marks, apostrophes and dashes, in blanks and line breaks,
    soft hyphens, ligatures and how accents are composed: words copied from a page
    may be meant for either. Else the same without the quotation marks and ellipses
    pasted around the quote; else both again whatever the case. Every span is an
    exact slice of the text. A blank quote stands nowhere. At most MAX_PLACES places
    of each kind; time grows linearly.
    """
    quote = quote.strip()
    if not _plain(quote)[0].strip():
        return ()
    places = {(span.start, span.end): span for span in next(_loose(quote, text), ())}
    for at in _occurrences(quote, text):
        places[at, at + len(quote)] = Span(at, at + len(quote), exact=True)
    return tuple(sorted(places.values(), key=lambda span: (not span.exact, span.start)))


def selector(text: str, start: int, end: int, context: int = CONTEXT) -> Selector:
    """The text-quote selector of [start, end), with up to `context` characters a side.

    Raises ValueError for a span that is empty or outside the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"[{start}, {end}) is no span of {len(text)} characters.")
    before, after = text[max(0, start - context) : start], text[end : end + context]
    return Selector(before, text[start:end], after)


def where_now(quote: str, start: int, old_text: str, new_text: str) -> Now:
    """What becomes of a quote when its paragraph's text is replaced.

    Anchored: the text is the same, or the quote's own words stand in the new text,
    once. Where they stand more than once in either text, or are too short to prove
    anything, their surroundings must agree with those of one place and of no other.
    Moved: they stand there but for typography, or one place, and only one, is at
    least 85 percent the same; a place whose words stood in the old text beside the
    quote is another sentence. Orphaned: all else.
    Raises ValueError if the quote is not what stands at `start` of the old text.
    """
    if not quote or start < 0 or not old_text.startswith(quote, start):
        raise ValueError("The quote does not stand at this place of the old text.")
    if old_text == new_text:
        return Now(Anchor.ANCHORED, start, start + len(quote))
    exact = [(at, at + len(quote)) for at in _occurrences(quote, new_text)]
    if exact:
        return _choice(Anchor.ANCHORED, exact, quote, start, old_text, new_text)
    alike = [(span.start, span.end) for span in locate(quote, new_text)]
    if alike:
        return _choice(Anchor.MOVED, alike, quote, start, old_text, new_text)
    return _nearly(quote, start, old_text, new_text)


def paragraph_names(numbers: Sequence[str]) -> list[str]:
    """The name by which each paragraph of a document is cited; no two are the same.

    "3"; a second 4 is "4 bis", a third "4 ter", then "4 (4th)"; one without a number
    is "unnumbered after 4", the next "unnumbered after 4, 2nd", and before any
    number "unnumbered at the start".
    """
    names: list[str] = []
    used: set[str] = set()
    seen: dict[str, int] = {}
    place = "at the start"
    for number in numbers:
        stem = number or f"unnumbered {place}"
        name = ""
        while not name or name in used:
            seen[stem] = nth = seen.get(stem, 0) + 1
            name = _nth_name(stem, nth, numbered=bool(number))
        if number:
            place = f"after {name}"
        used.add(name)
        names.append(name)
    return names


def anchored_where(name: str) -> str:
    """A paragraph's place in words: "para 4 bis", or "unnumbered after 4"."""
    return name if name.startswith("unnumbered ") else f"para {name}"


def citation_string(identifier: str, *, name: str, marking: str = "") -> str:
    """`08TOKYO1212, para 3 (S)`, for a name of `paragraph_names`.

    The marking is given as "S" or "C/NF"; "" leaves the bracket out.
    """
    marked = f" ({marking})" if marking else ""
    return f"{identifier}, {anchored_where(name)}{marked}"


def long_citation_string(
    identifier: str, *, name: str, marking: str = "", number: str, label: str
) -> str:
    """The citation, with the label as printed here where its digits differ.

    `08TOKYO1212, para 3 (S) [printed "13." in this copy]`: a reader of another copy
    looks for the number, a reader of this one for the label.
    """
    cited = citation_string(identifier, name=name, marking=marking)
    if not label or _digits(label) == _digits(number):
        return cited
    return f'{cited} [printed "{label}" in this copy]'


def _occurrences(needle: str, text: str) -> Iterator[int]:
    return islice(_all_occurrences(needle, text), MAX_PLACES)


def _all_occurrences(needle: str, text: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)


def _loose(quote: str, text: str) -> Iterator[tuple[Span, ...]]:
    """The spans of each looser reading of the quote that stands in the text."""
    for fold in (False, True):
        plain, places = _plain(text, fold=fold)
        whole = _plain(quote, fold=fold)[0].strip()
        for needle in dict.fromkeys((whole, _unwrapped(whole))):
            spans = tuple(_slices(needle, plain, places)) if needle else ()
            if spans:
                yield spans


def _slices(needle: str, plain: str, places: list[int]) -> Iterator[Span]:
    """Slices of the text whose plain form is the needle, whole characters only."""
    for at in _occurrences(needle, plain):
        last = at + len(needle) - 1
        begins_inside = at > 0 and places[at - 1] == places[at]
        ends_inside = last + 1 < len(places) and places[last + 1] == places[last]
        if not begins_inside and not ends_inside:
            yield Span(places[at], places[last] + 1, exact=False)


def _plain(text: str, *, fold: bool = False) -> tuple[str, list[int]]:
    """The text in plain characters, and for each the place it comes from.

    Runs of blanks, and of dashes, become one.
    """
    plain: list[str] = []
    places: list[int] = []
    before = ""
    for place, character in enumerate(text):
        for c in _plain_character(character, fold):
            if c == before and c in " -":
                continue
            plain.append(c)
            places.append(place)
            before = c
    return "".join(plain), places


@lru_cache(maxsize=4096)
def _plain_character(character: str, fold: bool) -> str:
    """What one character is compared as; "" for those that are not seen."""
    if character in _ALIKE:
        return _ALIKE[character]
    if unicodedata.category(character) == "Cf":
        return ""
    plain = "".join(
        " " if c.isspace() else _ALIKE.get(c, c)
        for c in unicodedata.normalize("NFKD", character)
    )
    return plain.casefold() if fold else plain


def _unwrapped(plain: str) -> str:
    """The quote without quotation marks, blanks and ellipses around it."""
    head, tail = _WRAPPING.match(plain), _WRAPPING.match(plain[::-1])
    begin, cut = head.end() if head else 0, tail.end() if tail else 0
    return plain[begin : max(begin, len(plain) - cut)]


def _choice(
    anchor: Anchor,
    places: list[tuple[int, int]],
    quote: str,
    start: int,
    old_text: str,
    new_text: str,
) -> Now:
    """The one of these places that is the quote's, or orphaned.

    Surroundings are compared both ways: with those of the quote's other places in
    the new text, and of its likes in the old text, to which the place may belong.
    """
    length = len(quote)
    likes = [at for at in _occurrences(quote, old_text) if at != start]
    if len(places) == 1 and not likes and length >= NEAR_LENGTH:
        return Now(anchor, *places[0])
    was = selector(old_text, start, start + length)
    scored = [(_surroundings(was, selector(new_text, *at)), at) for at in places]
    best, place = max(scored)
    here = selector(new_text, *place)
    rivals = [score for score, at in scored if at != place]
    rivals += [_surroundings(selector(old_text, at, at + length), here) for at in likes]
    if best < CONTEXT_SAME or best - max(rivals, default=0.0) < CONTEXT_LEAD:
        return _ORPHANED
    return Now(anchor, *place)


def _surroundings(was: Selector, now: Selector) -> float:
    """How much alike (0 to 100) the surroundings of two quotes are."""
    before, after = (
        fuzz.ratio(was.prefix, now.prefix),
        fuzz.ratio(was.suffix, now.suffix),
    )
    return (before + after) / 2


def _nearly(quote: str, start: int, old_text: str, new_text: str) -> Now:
    """Moved, if one place and only one is nearly the quote; else orphaned."""
    found = _nearest(quote, new_text)
    if not found:
        return _ORPHANED
    begin, end = found
    if _stood_elsewhere(new_text[begin:end], old_text, start, start + len(quote)):
        return _ORPHANED
    if _nearest(quote, new_text[:begin]) or _nearest(quote, new_text[end:]):
        return _ORPHANED
    begin, end = _whole_words(quote, start, old_text, new_text, begin, end)
    if fuzz.ratio(quote, new_text[begin:end]) < NEAR:
        return _ORPHANED
    return Now(Anchor.MOVED, begin, end)


def _nearest(quote: str, text: str) -> tuple[int, int] | None:
    """The slice of the text most like the quote, if it is like it enough."""
    if len(quote) < NEAR_LENGTH or len(text) * len(quote) ** 2 > MAX_SEARCHED:
        return None
    # Never shorter than the quote: the shorter is what is looked for in the longer.
    padded = text.ljust(len(quote) + 1, "\0")
    window = fuzz.partial_ratio_alignment(quote, padded, score_cutoff=NEAR_START)
    if not window:
        return None
    start, end = window.dest_start, min(window.dest_end, len(text))
    reach = min(120, len(quote) // 4 + 4)
    for _ in range(2):
        ends = range(max(start + 1, end - reach), min(len(text), end + reach) + 1)
        end = max(ends, key=lambda e: fuzz.ratio(quote, text[start:e]), default=end)
        starts = range(min(end - 1, start + reach), max(0, start - reach) - 1, -1)
        start = max(starts, key=lambda s: fuzz.ratio(quote, text[s:end]), default=start)
    end = start + len(text[start:end].rstrip())
    start = end - len(text[start:end].lstrip())
    return (start, end) if fuzz.ratio(quote, text[start:end]) >= NEAR else None


def _stood_elsewhere(words: str, old_text: str, start: int, end: int) -> bool:
    """True if the old text has these words outside its [start, end)."""
    places = _occurrences(words, old_text)
    return any(at + len(words) <= start or end <= at for at in places)


def _whole_words(
    quote: str, start: int, old_text: str, new_text: str, begin: int, end: int
) -> tuple[int, int]:
    """The span grown to whole words at those ends where the quote had whole words."""
    if not _inside_word(old_text, start):
        while _inside_word(new_text, begin):
            begin -= 1
    if not _inside_word(old_text, start + len(quote)):
        while _inside_word(new_text, end):
            end += 1
    return begin, end


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _nth_name(stem: str, n: int, *, numbered: bool) -> str:
    if n == 1:
        return stem
    if not numbered:
        return f"{stem}, {_ordinal(n)}"
    return f"{stem} {'bis' if n == 2 else 'ter' if n == 3 else f'({_ordinal(n)})'}"


def _ordinal(n: int) -> str:
    teen = 10 < n % 100 < 14
    return f"{n}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())

"""Which names are so alike that they may be one: candidates and their scores.

Pure. Names are compared by their keys (`names.name_key`). Only names that share a key,
all words, a rare word or nearly all letters are looked at, so that half a million of
them take no longer than a list of that length; what is looked at is scored.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations
from typing import NamedTuple

from rapidfuzz import fuzz

# The very same name; the same but for blanks or the order of words; merely alike.
SAME, SAME_WORDS, AT_MOST = 1.0, 0.97, 0.95
# Shorter names are alike by chance: "WHO" and "WTO". They count where they are equal.
SHORT = 5
# A name that more records have says nothing of any two of them: "MFA".
COMMON = 5
# A word that more names have is no mark of any of them.
RARE = 20
_DIGIT = re.compile(r"\d")
# So many of one bucket are compared with each other.
BUCKET = 30


class Name(NamedTuple):
    """A name's key, and the number of the record that has it."""

    owner: int
    key: str


class Likeness(NamedTuple):
    """Two names of two records, the smaller owner first, and how alike they are."""

    score: float
    one: Name
    other: Name


def alike(names: Iterable[Name], *, least: float) -> dict[tuple[int, int], Likeness]:
    """The most alike names of every two records that have names scored at least so.

    Keys of the answer are pairs of owners, the smaller first.
    """
    owners: dict[str, set[int]] = defaultdict(set)
    for name in names:
        if name.key:
            owners[name.key].add(name.owner)
    found: dict[tuple[int, int], Likeness] = {}
    for key, having in owners.items():
        if 1 < len(having) <= COMMON:
            _keep(found, SAME, key, key, combinations(sorted(having), 2))
    long = [key for key in owners if len(_letters(key)) >= SHORT]
    for one, other in _candidates(long):
        if owners[one] == owners[other] and len(owners[one]) == 1:
            continue
        value = score(one, other, least=least)
        if value >= least:
            pairs = ((a, b) for a in owners[one] for b in owners[other] if a != b)
            _keep(found, value, one, other, pairs)
    return found


def score(one: str, other: str, *, least: float = 0) -> float:
    """How alike two name keys are, 0 to 1; what is less than `least` may come as 0.

    Words that both have say nothing for names that differ in another ("Ministry of
    Foreign Affairs of Iran", "of Iraq"), so the words that differ must be alike too.
    Names with other numbers, or other single letters, are two ("Art. 1(b)").
    """
    if one == other:
        return SAME
    mine, theirs = one.split(), other.split()
    if _letters(one) == _letters(other) or sorted(mine) == sorted(theirs):
        return SAME_WORDS
    whole = fuzz.token_sort_ratio(one, other, score_cutoff=100 * least) / 100
    if not whole or _numbers(one) != _numbers(other):
        return 0
    singles = _single_letters(mine), _single_letters(theirs)
    if all(singles) and singles[0] != singles[1]:
        return 0
    common = set(mine) & set(theirs)
    rest = [
        " ".join(sorted(word for word in words if word not in common))
        for words in (mine, theirs)
    ]
    if all(rest):
        whole = min(whole, fuzz.ratio(*rest) / 100)
    return min(whole, AT_MOST)


def _keep(
    found: dict[tuple[int, int], Likeness],
    value: float,
    one: str,
    other: str,
    pairs: Iterable[tuple[int, int]],
) -> None:
    """Keep the likeness for each pair of owners for which it is the best so far."""
    for a, b in pairs:
        likeness = Likeness(value, Name(a, one), Name(b, other))
        if a > b:
            likeness = Likeness(value, likeness.other, likeness.one)
        pair = likeness.one.owner, likeness.other.owner
        if pair not in found or found[pair].score < value:
            found[pair] = likeness


def _letters(key: str) -> str:
    return key.replace(" ", "")


def _numbers(key: str) -> list[str]:
    return sorted(word for word in key.split() if _DIGIT.search(word))


def _single_letters(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if len(word) == 1 and word.isalpha())


# -- what is looked at -----------------------------------------------------------------


def _candidates(keys: Sequence[str]) -> set[tuple[str, str]]:
    """Pairs of names worth a look, each once, in the order of their letters."""
    pairs: set[tuple[str, str]] = set()
    for bucket in chain(_by_words(keys), _by_letters(keys)):
        for one, other in combinations(bucket[:BUCKET], 2):
            pairs.add((one, other) if one < other else (other, one))
    return pairs


def _by_words(keys: Sequence[str]) -> Iterator[list[str]]:
    """Names with the same words, with a rare word in common, or their two rarest."""
    words = {key: sorted(set(key.split())) for key in keys}
    often = Counter(word for found in words.values() for word in found)
    same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    rare: dict[str, list[str]] = defaultdict(list)
    rarest: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, found in words.items():
        same[tuple(found)].append(key)
        by_rarity = sorted(found, key=lambda word: (often[word], word))
        for word in by_rarity[:2]:
            if 1 < often[word] <= RARE:
                rare[word].append(key)
        if len(by_rarity) > 1:
            rarest[tuple(by_rarity[:2])].append(key)
    for buckets in (same, rare, rarest):
        yield from (bucket for bucket in buckets.values() if len(bucket) > 1)


def _by_letters(keys: Sequence[str]) -> Iterator[list[str]]:
    """Names that are the same when a letter of each, at most, is left out.

    Length by length, so that no more than the names of two lengths are held at once.
    """
    lengths: dict[int, list[str]] = defaultdict(list)
    for key in keys:
        lengths[len(_letters(key))].append(key)
    for length in sorted(lengths.keys() | {n - 1 for n in lengths}):
        buckets: dict[str, list[str]] = {}
        for key in lengths.get(length, ()):
            buckets.setdefault(_letters(key), []).append(key)
        for key in lengths.get(length + 1, ()):
            letters = _letters(key)
            for left_out in {letters[:n] + letters[n + 1 :] for n in range(length + 1)}:
                buckets.setdefault(left_out, []).append(key)
        yield from (bucket for bucket in buckets.values() if len(bucket) > 1)

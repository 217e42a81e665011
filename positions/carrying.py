"""Which paragraphs of a new revision are which of the old: the keys they keep."""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

# A paragraph that is this much the same is the same one, corrected.
PARAGRAPH_SAME = 75.0
# Between two paragraphs that are sure, those further apart are not compared.
REACH = 50
# Larger than this (paragraphs times paragraphs; characters times characters), two
# revisions or two paragraphs are only compared for being equal.
MAX_ALIGNED = 2**28
MAX_COMPARED = 2**34

# For one place, how much alike (0 to 100) which places of the other side are.
Likenesses = defaultdict[int, list[tuple[float, int]]]


def carry_keys(
    old: Sequence[tuple[int, str]], new: Sequence[str], *, next_key: int
) -> list[int]:
    """The keys of a new revision's paragraphs, given the old ones as (key, text).

    Equal texts keep their key, aligned in order so that repeated paragraphs stay
    themselves; a text that stands once on both sides keeps it wherever it has gone.
    What lies between is the same paragraph corrected if each is the other's single
    best likeness and the order holds. Others get `next_key` and those after it: one
    greater than any ever used in the source. Raises ValueError if a key repeats or
    `next_key` has been used.
    """
    keys = [key for key, _ in old]
    if len(set(keys)) < len(keys) or any(key >= next_key for key in keys):
        raise ValueError("Keys must differ, and the next key be greater than all.")
    texts = [text for _, text in old]
    spine = _aligned(texts, new)
    pairs = {j: i for i, j in [*spine, *_moved(texts, new, spine)]}
    taken = set(pairs.values())
    for olds, news in _gaps(spine, len(old), len(new)):
        left = [i for i in olds if i not in taken]
        right = [j for j in news if j not in pairs]
        pairs |= {j: i for i, j in _corrected(left, right, texts, new)}
    carried = []
    for j in range(len(new)):
        carried.append(keys[pairs[j]] if j in pairs else next_key)
        next_key += j not in pairs
    return carried


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places (old, new) of equal texts, both ascending: the longest such list."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    pairs = [(n, n) for n in range(head)]
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle_old) * len(middle_new) <= MAX_ALIGNED:
        identity = {
            text: n for n, text in enumerate(dict.fromkeys([*middle_old, *middle_new]))
        }
        codes = LCSseq.opcodes(
            [identity[text] for text in middle_old],
            [identity[text] for text in middle_new],
        )
        for code in codes:
            if code.tag == "equal":
                span = range(code.src_end - code.src_start)
                i, j = head + code.src_start, head + code.dest_start
                pairs += [(i + n, j + n) for n in span]
    return pairs + [(len(old) - n, len(new) - n) for n in range(tail, 0, -1)]


def _moved(
    old: Sequence[str], new: Sequence[str], spine: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Places of texts that stand once among what the spine leaves on both sides."""
    olds = _single(old, {i for i, _ in spine})
    news = _single(new, {j for _, j in spine})
    return ((olds[text], news[text]) for text in olds if text in news)


def _single(texts: Sequence[str], taken: set[int]) -> dict[str, int]:
    free = [n for n in range(len(texts)) if n not in taken]
    counts = Counter(texts[n] for n in free)
    return {texts[n]: n for n in free if counts[texts[n]] == 1}


def _gaps(
    spine: list[tuple[int, int]], old_length: int, new_length: int
) -> Iterator[tuple[range, range]]:
    """The places, old and new, between one pair of the spine and the next."""
    i, j = -1, -1
    for next_i, next_j in [*spine, (old_length, new_length)]:
        yield range(i + 1, next_i), range(j + 1, next_j)
        i, j = next_i, next_j


def _corrected(
    olds: list[int], news: list[int], old: Sequence[str], new: Sequence[str]
) -> list[tuple[int, int]]:
    """Places (old, new) where each text is the other's single best likeness.

    No two pairs cross; of two that would, the more alike stays.
    """
    of_old: Likenesses = defaultdict(list)
    of_new: Likenesses = defaultdict(list)
    for n, i in enumerate(olds):
        for j in news[max(0, n - REACH) : n + REACH + 1]:
            likeness = _likeness(old[i], new[j])
            if likeness >= PARAGRAPH_SAME:
                of_old[i].append((likeness, j))
                of_new[j].append((likeness, i))
    pairs: list[tuple[int, int]] = []
    for i in sorted(of_old, key=lambda i: max(of_old[i]), reverse=True):
        best = _single_best(of_old[i])
        if best is not None and _single_best(of_new[best]) == i:
            at = bisect(pairs, (i, best))
            before, after = pairs[max(0, at - 1) : at], pairs[at : at + 1]
            if all(j < best for _, j in before) and all(best < j for _, j in after):
                pairs.insert(at, (i, best))
    return pairs


def _single_best(likenesses: list[tuple[float, int]]) -> int | None:
    """The place that is most alike, if no other is as much."""
    best = max(likenesses)
    return best[1] if sum(one[0] == best[0] for one in likenesses) == 1 else None


def _likeness(a: str, b: str) -> float:
    """How much alike (0 to 100) two paragraphs are; 0 below what is looked for."""
    if len(a) * len(b) > MAX_COMPARED:
        return 100.0 if a == b else 0.0
    return fuzz.ratio(a, b, score_cutoff=PARAGRAPH_SAME)

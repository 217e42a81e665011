"""Keys for choices that are made by hand many times a day: a letter for a label."""

from collections.abc import Sequence
from string import ascii_lowercase

from positions.names import name_key


def letters(labels: Sequence[str]) -> list[str]:
    """A letter for each label, no two the same; "" when the alphabet is used up.

    A label gets the first letter of one of its words that is free, else one of its
    other letters, else the next free one. Those before it choose first, so a label
    added at the end changes nobody's letter.
    """
    free = dict.fromkeys(ascii_lowercase)
    return [_take(label, free) for label in labels]


def _take(label: str, free: dict[str, None]) -> str:
    words = name_key(label).split()
    wanted = [*(word[0] for word in words), *"".join(words), *free]
    letter = next((one for one in wanted if one in free), "")
    free.pop(letter, None)
    return letter

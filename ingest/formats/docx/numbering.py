"""The numbers of a Word document's lists, which stand nowhere in its text."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from ingest.formats import xml
from ingest.formats.docx.styles import number_of, value
from ingest.formats.xml import Element

# Labels longer than this are no labels.
LENGTH = 20
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
BULLET = "•"


def roman(number: int) -> str:
    """12 -> xii; a number that Romans do not write stays as it is."""
    if not 0 < number < 4000:
        return str(number)
    parts = []
    for size, letters in _ROMAN:
        parts.append(letters * (number // size))
        number %= size
    return "".join(parts)


def _letters(number: int) -> str:
    """1 -> a, 27 -> aa, as Word counts."""
    if not 0 < number < 26 * LENGTH:
        return str(number)
    return "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26] * ((number - 1) // 26 + 1)


_FORMS: dict[str, Any] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
}


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered; `text` has %1 for the first level's."""

    form: str
    text: str
    start: int


class Numbering:
    """The lists of a document, counted paragraph by paragraph in document order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, str] = {}
        self._levels: dict[tuple[str, int], _Level] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, Counter[int]] = {}
        self._begun: set[str] = set()
        if root is not None:
            self._read(root)

    def label(self, list_id: str, depth: int) -> str:
        """The label of the next paragraph of a list at a depth from 0; "" = none."""
        abstract = self._abstract.get(list_id)
        level = self._levels.get((abstract or "", depth))
        if abstract is None or level is None or level.form == "none":
            return ""
        if level.form == "bullet":
            return BULLET
        counts = self._counts.setdefault(abstract, Counter())
        if list_id not in self._begun:
            self._begun.add(list_id)
            for deep, start in self._restarts.get(list_id, {}).items():
                counts[deep] = start - 1
        if depth not in counts:
            counts[depth] = level.start - 1
        counts[depth] += 1
        for deep in [deep for deep in counts if deep > depth]:
            del counts[deep]
        return self._written(abstract, level, counts)

    def _written(self, abstract: str, level: _Level, counts: Counter[int]) -> str:
        text = level.text
        for depth in range(9):
            if f"%{depth + 1}" in text:
                known = self._levels.get((abstract, depth))
                number = counts.get(depth, known.start if known else 1)
                form = _FORMS.get(known.form if known else "", str)
                text = text.replace(f"%{depth + 1}", form(number))
        text = " ".join(text.split())
        return text if len(text) <= LENGTH else ""

    def _read(self, root: Element) -> None:
        for abstract in xml.elements(root, "abstractNum"):
            key = value(abstract, "abstractNumId")
            for level in xml.elements(abstract, "lvl"):
                self._levels[key, number_of(value(level, "ilvl"))] = _level(level)
        for number in root.iterchildren("{*}num"):
            list_id = value(number, "numId")
            self._abstract[list_id] = value(xml.child(number, "abstractNumId"))
            for override in xml.elements(number, "lvlOverride"):
                start = value(xml.child(override, "startOverride"))
                if start:
                    depth = number_of(value(override, "ilvl"))
                    self._restarts.setdefault(list_id, {})[depth] = number_of(start)


def _level(level: Element) -> _Level:
    return _Level(
        form=value(xml.child(level, "numFmt")) or "decimal",
        text=value(xml.child(level, "lvlText")),
        start=number_of(value(xml.child(level, "start")) or "1"),
    )

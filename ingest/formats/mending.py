"""Damage in texts: what stands for something else in the reading text, or is left out.

Whatever is done can be undone by the patches: the raw text is what was received, or
what a library gave of it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.records import Patch, Problem

# Each kind stands for one thing in the reading text.
DAMAGE = re.compile(
    r"""(?P<blanks>(?<![ \t])[ \t]+(?=[\r\n\v\f\x85\u2028\u2029]|\Z))
    | (?P<line>\r\n?|\v|\x85|\u2028)
    | (?P<page>\f)
    | (?P<paragraph>\u2029)
    | (?P<signature>\A\ufeff)
    | (?P<control>[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+)
    | (?P<surrogate>[\ud800-\udfff])""",
    re.VERBOSE,
)
INSTEAD = {"line": "\n", "page": "\n", "paragraph": "\n\n", "surrogate": "\ufffd"}
MESSAGES = {
    "control": ("controls_removed", "Control characters were taken out"),
    "surrogate": ("characters_lost", "Broken characters were replaced"),
    "windows": ("windows_characters", "Windows-1252 characters were mended"),
}
# Bytes of Windows-1252 that somebody read as Latin-1; five of them mean nothing.
_WINDOWS = {
    chr(byte): bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


@dataclass(slots=True)
class Mender:
    """A reading text made of raw pieces, one after the other.

    `windows`: controls of the second set (U+0080 to U+009F) are characters of
    Windows-1252, as in pages that were decoded wrongly.
    """

    windows: bool = False
    length: int = 0
    patches: list[Patch] = field(default_factory=list)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    _parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(
        self, raw: str, place: str = "", *, goes_on: bool = False
    ) -> tuple[int, int]:
        """Add a piece, mended; [start, end) of its words, without blanks around.

        Blanks at its end are left out, unless the line `goes_on` after it.
        """
        before = len(self._parts)
        at = self.length
        for piece, instead, kind in self._pieces(raw, goes_on=goes_on):
            if kind in MESSAGES:
                self.found[kind, place] += len(piece)
            self.put(piece, instead)
        added = "".join(self._parts[before:])
        start = at + len(added) - len(added.lstrip())
        return start, max(start, at + len(added.rstrip()))

    def put(self, raw: str, instead: str | None = None) -> None:
        """Add a piece as it is, or something `instead` of it ("" = nothing)."""
        shown = raw if instead is None else instead
        if shown != raw:
            self.patches.append(Patch(self.length, self.length + len(shown), raw))
        if shown:
            self._parts.append(shown)
            self.length += len(shown)

    def problems(self) -> Iterator[Problem]:
        """One for each kind of damage, at the place where it stands first."""
        for kind, (code, message) in MESSAGES.items():
            places = {place: n for (k, place), n in self.found.items() if k == kind}
            if places:
                count = sum(places.values())
                yield Problem(code, next(iter(places)), f"{message} ({count} in all).")

    def _pieces(
        self, raw: str, *, goes_on: bool
    ) -> Iterator[tuple[str, str | None, str]]:
        """(raw, what stands instead or None, kind) of all of the raw text."""
        position = 0
        for found in DAMAGE.finditer(raw):
            kind = found.lastgroup or ""
            if goes_on and kind == "blanks" and found.end() == len(raw):
                break
            yield raw[position : found.start()], None, ""
            position = found.end()
            if self.windows and any("\x80" <= c <= "\x9f" for c in found[0]):
                for character in found[0]:
                    instead = _WINDOWS.get(character, "")
                    yield character, instead, "windows" if instead else "control"
            else:
                yield found[0], INSTEAD.get(kind, ""), kind
        yield raw[position:], None, ""

"""The short forms of the tables' patterns, written out as regular expressions.

`V(oppose|turn down)` is each verb in all its forms; `{A}` one or more actors and `{O}`
one or more options of a masked sentence, `{AC}` and `{OC}` one character of either
inside brackets; `{determiners}` and `{joint}` what the table of grammar says; a blank
is any white space, a blank with a question mark any or none.
"""

import re
from collections.abc import Mapping

# The characters that stand for actors and options in a masked sentence.
ACTOR, OPTION = "\ue000-\uefff", "\uf000-\uf8ff"
FIRST_ACTOR, FIRST_OPTION = 0xE000, 0xF000

_VERB = re.compile(r"V\(([^()]*)\)")
# What a pattern begins with, piece by piece: masks, optional groups, then words.
_PIECE = re.compile(
    r"(?P<look>\(\?(?:[^()]|\([^()]*\))*\)|\{[^}]*\}"
    r"|\[[^\]]*\]\??(?:\{[^}]*\})?\??|,\??|'s|\s)"
    r"|(?P<optional>\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?:\?|\{0,))"
    r"|V\((?P<verbs>[^()]*)\)"
    r"|\((?P<group>[^()]*)\)"
    r"|(?P<word>[^\s(]+|.)"
)
# A pattern that ends with a look at what follows.
_AHEAD = re.compile(r"\(\?=(?:[^()]|\([^()]*\))*\)\Z")


class Patterns:
    """Writes out the short forms of one language's patterns.

    `irregular` gives all forms of a verb; other verbs are regular English ones.
    """

    def __init__(
        self, irregular: Mapping[str, list[str]], grammar: Mapping[str, str]
    ) -> None:
        self._irregular = irregular
        self._determiners = self._plain(grammar["determiners"])
        self._joint = self._plain(grammar["actor joint"])
        options = self._plain(grammar["option joint"])
        self._actors = rf"(?P<A>[{ACTOR}](?:{self._joint}[{ACTOR}])*+)"
        another = rf"{options}{self._determiners}[{OPTION}]"
        self._options = rf"{self._determiners}(?P<O>[{OPTION}](?:{another})*+)"

    def grammar(self, pattern: str) -> re.Pattern[str]:
        """A pattern of the grammar as it stands, whatever the case."""
        return re.compile(self.expanded(pattern), re.IGNORECASE)

    def words(self, pattern: str) -> re.Pattern[str]:
        """A rule's pattern, of whole words, whatever the case."""
        head = r"(?<![\w-])" if re.match(r"[\w(]", pattern) else ""
        closed = re.search(r"[\w)?]\Z", pattern) and not _AHEAD.search(pattern)
        tail = r"(?![\w-])" if closed else ""
        return re.compile(f"{head}(?:{self.expanded(pattern)}){tail}", re.IGNORECASE)

    def expanded(self, pattern: str) -> str:
        """The pattern with its short forms written out."""
        pattern = _VERB.sub(lambda m: self._forms(m[1].split("|")), pattern)
        pattern = self._plain(pattern)
        pattern = pattern.replace("{determiners}", self._determiners)
        pattern = pattern.replace("{joint}", self._joint)
        pattern = pattern.replace("{AC}", ACTOR).replace("{OC}", OPTION)
        # A group's name stands once in a regular expression: the first is the one.
        pattern = pattern.replace("{A}", self._actors, 1).replace("{A}", f"[{ACTOR}]")
        return pattern.replace("{O}", self._options, 1).replace("{O}", f"[{OPTION}]")

    def anchors(self, pattern: str) -> set[str]:
        """Words one of which stands wherever a pattern matches; none if untold.

        The forms of the first verbs, or the words of the first group or word, that
        are not optional.
        """
        for match in _PIECE.finditer(pattern):
            if match["optional"] or match["look"]:
                continue
            if match["verbs"]:
                return {
                    _first_word(form)
                    for verb in match["verbs"].split("|")
                    for form in self._of(verb.split(" ")[0])
                }
            if match["group"]:
                words = {_first_word(part) for part in match["group"].split("|")}
            else:
                words = {_first_word(match["word"])}
            return set() if "" in words else words
        return set()

    def _plain(self, pattern: str) -> str:
        return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")

    def _forms(self, phrases: list[str]) -> str:
        """All forms of these verbs; what follows a verb stays ("turn down")."""
        found: list[str] = []
        for phrase in phrases:
            verb, blank, rest = phrase.partition(" ")
            found += [form + blank + rest for form in self._of(verb)]
        return f"(?:{'|'.join(sorted(set(found), key=lambda f: (-len(f), f)))})"

    def _of(self, verb: str) -> list[str]:
        if verb in self._irregular:
            return self._irregular[verb]
        if re.search(r"[^aeiou]y\Z", verb):
            return [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
        if verb.endswith("ee"):
            return [verb, f"{verb}s", f"{verb}d", f"{verb}ing"]
        if verb.endswith("e"):
            return [verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"]
        s = "es" if re.search(r"(?:s|sh|ch|x|z|o)\Z", verb) else "s"
        return [verb, f"{verb}{s}", f"{verb}ed", f"{verb}ing"]


def _first_word(text: str) -> str:
    """The first word, if a text begins with letters and no sign makes them optional."""
    found = re.match(r"[a-z]+(?![a-z]|[?*\[(|{])", text)
    return found[0] if found else ""

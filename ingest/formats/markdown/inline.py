"""Signs within the lines of Markdown, and what a reader sees instead of them."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Nothing in here goes over a line's end, and every repetition is bounded, so that the
# work stays in proportion to the text.
_SIGNS = re.compile(
    r"""\\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<ticks>(?<!`)`{1,9}(?!`))(?P<verbatim>[^`\n]{1,2000})(?P=ticks)(?!`)
    | (?P<comment><!--[^\n]{0,500}?-->)
    | <(?P<address>(?:https?|ftp|mailto):[^\s<>]{1,2000}|[^\s<>@]{1,99}@[^\s<>@]{1,99})>
    | (?P<tag></?[A-Za-z][A-Za-z0-9-]{0,30}(?:[ \t][^<>\n]{0,1000})?/?>)
    | (?P<entity>&(?:[A-Za-z][A-Za-z0-9]{1,31}|\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6});)
    | (?P<note>\[\^[^\]\s]{1,20}\])
    | (?P<open>!?\[)
    | (?P<close>\](?:\((?:[^()\s]|\([^()\s]{0,100}\)){0,1000}
        (?:[ \t]+(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?[ \t]*\)
        |\[[^\]\n]{0,200}\])?)
    | (?P<emphasis>\*{1,3}|_{1,3}|~~)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Edit:
    """[start, end) of a block's text shows something else; `note`: a note's mark."""

    start: int
    end: int
    instead: str = ""
    note: bool = False


def edits(text: str) -> list[Edit]:
    """All signs in a block's text, in their order, none inside another."""
    found = [*_single(text), *_paired(text)]
    return sorted(found, key=lambda edit: edit.start)


def _single(text: str) -> Iterator[Edit]:
    """Signs that mean something by themselves."""
    for sign in _SIGNS.finditer(text):
        start, end = sign.span()
        if sign["escaped"]:
            yield Edit(start, start + 1)
        elif sign["ticks"]:
            yield Edit(start, sign.start("verbatim"))
            yield Edit(sign.end("verbatim"), end)
        elif sign["address"]:
            yield Edit(start, start + 1)
            yield Edit(end - 1, end)
        elif sign["entity"]:
            meant = html.unescape(sign[0])
            if meant != sign[0]:
                yield Edit(start, end, meant)
        elif sign["comment"] or sign["tag"]:
            yield Edit(start, end)
        elif sign["note"]:
            yield Edit(start, end, note=True)


def _paired(text: str) -> Iterator[Edit]:
    """Links and emphasis: signs that mean something if there are two of them."""
    opened: list[re.Match[str]] = []
    emphasis: dict[str, list[re.Match[str]]] = {}
    for sign in _SIGNS.finditer(text):
        if sign["open"]:
            opened.append(sign)
        elif sign["close"] and opened:
            before = opened.pop()
            # Brackets without an address are brackets.
            if len(sign[0]) > 1:
                yield Edit(*before.span())
                yield Edit(*sign.span())
        elif sign["emphasis"]:
            waiting = emphasis.setdefault(sign[0], [])
            if waiting and _may_close(text, sign):
                yield Edit(*waiting.pop().span())
                yield Edit(*sign.span())
                waiting.clear()
            elif _may_open(text, sign):
                waiting.append(sign)


def _may_open(text: str, sign: re.Match[str]) -> bool:
    """Words follow, and an underline stands not within a word."""
    after = text[sign.end() : sign.end() + 1]
    before = text[sign.start() - 1 : sign.start()]
    within = sign[0][0] == "_" and (before.isalnum())
    return bool(after) and not after.isspace() and not within


def _may_close(text: str, sign: re.Match[str]) -> bool:
    """Words come before, and an underline stands not within a word."""
    after = text[sign.end() : sign.end() + 1]
    before = text[sign.start() - 1 : sign.start()]
    within = sign[0][0] == "_" and after.isalnum()
    return bool(before) and not before.isspace() and not within

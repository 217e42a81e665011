"""Where the labelled lines of a heading stand, in whatever order: E.O. to REF."""

import re
from typing import NamedTuple

from ingest.formats.cable.classification import CAPTIONS, CLASSIFICATION, PORTION
from ingest.formats.cable.identity import CLASSIFICATION_LINE
from ingest.formats.cable.tags import breaks_off

# At the start of a line a label may lack its colon; within one it may not.
LABEL = re.compile(
    # Most places fail before any label is tried: labels begin with one of a few
    # letters, and all but REF stand behind a space, a period or a bracket.
    r"""(?=[ \t\d(ACERSTU])(?:(?<![^\s.)])|(?=REF))(?:
      (?P<eo>(?:^[ \t]*|(?<=\s))E\.?[ ]?O\.?[ ]{0,2}(?=\d{3,5})|^[ \t]*(?=\d{5}[ ]?:))
    | (?P<tags>^[ \t]*TAGS?(?![A-Z])[ ]?[:;,.]?
        |(?:^[ \t]*|(?<=\s))(?:TAGS?|TAGES|TABS|TAS|TGS|AGS)[ ]?:)
    | (?P<subject>^[ \t]*(?-i:SUBJECT|SUBJ|SUBJEC|UBJECT)\b(?![ ]LINE)[ ]?[:.;]?
        |(?:^[ \t]*|(?<=\s))(?:SUBJECT|SUBJ|UBJECT)[ ]?:)
    | (?P<ref>^[ \t]*REF(?:TELS?|ERENCES?|S|\(S\))?(?![A-Z])[ ]?[:.]?
            (?=[ ]*(?:$|[A-Z0-9(\['\u2019\u00b6]))
        |REF(?:TELS?|S|\(S\))?[ ]?:)
    | (?P<by>(?:^|(?<=[\s.)]))(?:\([A-Z/]{1,6}\)[ ]{0,3})?CLASSIFIED[ ]{1,2}BY\b[ ]?:?)
    )""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
# The text may start on the next line, after a blank one.
_GAP = re.compile(r"[\s:]*")
_SPACE = re.compile(r"\s*")
_GAP_IN_LINE = re.compile(r"(?:[^\S\n]|:)*")
_BLANK = re.compile(r"\n[ \t]*\n")
_RULE = re.compile(r"^[ \t]*[-=_*#\u2010]{3,}", re.MULTILINE)
_SUBJECT_STOP = re.compile(
    r"^[ \t]*(?:[-=_*#\u2010]{3,}|(?:BEGIN[ ])?SUMMARY\b|SENSITIVE BUT UNCLASSIFIED"
    r"|THIS IS AN ACTION REQUEST|PAGE[ ]\d\d|\u00b6?\d{1,3}[ ]?\.[ ])",
    re.IGNORECASE | re.MULTILINE,
)
_TAG_LINE = re.compile(
    r"[ \t]*(?:[A-Z]{2}|[A-Z]{4})(?:[\s,]+(?:[A-Z]{2}|[A-Z]{4})\b|[\s,]*$)"
)
# A line that goes on with a list of references: an enumerator or a cable.
_ITEM = re.compile(
    r"[ \t]*(?:\u00b6?[ ]?[(\[]?[A-Za-z][)\]:.]+[ ]|\([A-Z\d]\)|\u00b6?[A-Z]\.[ ]"
    r"|(?:\(?\d{2,4}\)?[ ])?[A-Z][A-Z']{2,}(?:[ ][A-Z']+){0,3}[ ]{1,2}\d{1,7}\b)"
)
_OPEN_ITEM = re.compile(r"(?:[;,/]|\bAND|[A-Z])[ ]*\Z")
_ENDS_OPEN = re.compile(
    r"(?:[-,&/(]|\b(?:AND|OR|OF|THE|TO|FOR|IN|ON|WITH|BY|AT))\Z", re.IGNORECASE
)
_REASON_DONE = re.compile(r"1\s?\.\s?[45]|REASON", re.IGNORECASE)
CORRECTED = re.compile(r"C[ ]?O[ ]?R[ ]?R[ ]?E[ ]?C[ ]?T[ ]?E[ ]?D\b", re.IGNORECASE)
_MARK = re.compile(PORTION)
_CLASSIFIED = re.compile(CLASSIFICATION, re.IGNORECASE)


class Field(NamedTuple):
    """A labelled line: its label starts at `start`, its text is [begin, end)."""

    kind: str
    start: int
    begin: int
    end: int


def find_fields(text: str, start: int, end: int) -> list[Field]:
    """The labelled lines between two offsets, in their order, each trimmed."""
    marks = list(LABEL.finditer(text, start, end))
    fields = []
    limits = [mark.start() for mark in marks[1:]] + [end]
    for mark, limit in zip(marks, limits[: len(marks)], strict=True):
        kind = mark.lastgroup or ""
        begin, stop = _extent(kind, text, mark.end(), limit)
        fields.append(Field(kind, mark.start(), begin, stop))
    return fields


def fields_until(text: str, fields: list[Field], end: int) -> list[Field]:
    """The fields that start before a line's start, the last one no longer than that."""
    kept = [field for field in fields if field.start < end]
    if kept:
        last = kept[-1]
        begin, stop = _extent(last.kind, text, min(last.begin, end), end)
        kept[-1] = last._replace(begin=begin, end=stop)
    return kept


def best_field(fields: list[Field], kind: str) -> Field | None:
    """Of a repeated label the longest text, of equals the later one."""
    candidates = [field for field in fields if field.kind == kind]
    return max(candidates, key=lambda f: (f.end - f.begin, f.start), default=None)


def leftover_lines(
    text: str, start: int, end: int, fields: list[Field]
) -> tuple[list[str], list[str]]:
    """(captions, passing lines) of a heading: what no label governs."""
    captions: list[str] = []
    passing: list[str] = []
    position = start
    for field in [*fields, Field("", end, end, end)]:
        for line in text[position : field.start].split("\n"):
            words = line.strip()
            if not words or _RULE.match(words) or CLASSIFICATION_LINE.match(words):
                continue
            if is_caption(words):
                captions += [words] if CORRECTED.match(words) else words.split()
            else:
                passing.append(words)
        position = max(position, field.end)
    return captions, passing


def is_caption(line: str) -> bool:
    """True for a line of handling captions alone."""
    if CORRECTED.match(line):
        return True
    words = line.upper().replace(",", " ").replace("/", " ").split()
    return all(word in CAPTIONS for word in words)


def _extent(kind: str, text: str, begin: int, limit: int) -> tuple[int, int]:
    """Where the text of a labelled line begins and ends, before the next label."""
    gap = _GAP if kind in ("subject", "by", "ref") else _GAP_IN_LINE
    if match := gap.match(text, begin, limit):
        begin = match.end()
    stop = {
        "eo": _end_of_order,
        "tags": _end_of_tags,
        "subject": _end_of_subject,
        "ref": _end_of_references,
        "by": _end_of_classifier,
    }[kind](text, begin, limit)
    return begin, begin + len(text[begin:stop].rstrip())


def _line_end(text: str, start: int, limit: int) -> int:
    at = text.find("\n", start, limit)
    return limit if at < 0 else at


def _skip_blank(text: str, start: int, limit: int) -> int:
    match = _SPACE.match(text, start, limit)
    return match.end() if match else start


def _block_end(text: str, start: int, limit: int) -> int:
    match = _BLANK.search(text, start, limit)
    return match.start() if match else limit


def _end_of_order(text: str, begin: int, limit: int) -> int:
    """One line; the next too where the first only names the order."""
    end = _line_end(text, begin, limit)
    line = text[begin:end].rstrip()
    if line.endswith((":", ",", "/")) or line.upper().endswith("DECL"):
        block = _block_end(text, begin, limit)
        end = min(_line_end(text, end + 1, limit), block) if block > end else end
    return end


def _end_of_tags(text: str, begin: int, limit: int) -> int:
    """Lines that go on after a comma, or that look like tags."""
    start, end = begin, _line_end(text, begin, limit)
    while end < limit:
        following = _line_end(text, end + 1, limit)
        line = text[end + 1 : following]
        above = text[start:end]
        wrapped = above.rstrip().endswith((",", "(")) or breaks_off(above, line)
        if not line.strip() or not (wrapped or _TAG_LINE.match(line)):
            break
        if _RULE.match(line) or is_caption(line.strip()):
            break
        start, end = end + 1, following
    return end


def _end_of_subject(text: str, begin: int, limit: int) -> int:
    stop = _SUBJECT_STOP.search(text, begin, limit)
    if stop and stop.start() > begin:
        limit = stop.start()
    end = _block_end(text, begin, limit)
    # A blank line inside a title: the line above breaks off.
    while end < limit and _ENDS_OPEN.search(text[max(begin, end - 20) : end].rstrip()):
        following = _block_end(text, _skip_blank(text, end, limit), limit)
        if following <= end:
            break
        end = following
    return end


def _end_of_references(text: str, begin: int, limit: int) -> int:
    """Blocks of lines; a further block only if it goes on with the list."""
    end = _block_end(text, begin, limit)
    while end < limit:
        start = _skip_blank(text, end, limit)
        following = text[start : _line_end(text, start, limit)]
        broken_off = _OPEN_ITEM.search(text[max(begin, end - 8) : end])
        serial = broken_off and following[:1].isdigit()
        if not (_ITEM.match(following) or serial):
            break
        end = _block_end(text, start, limit)
    return end


def _end_of_classifier(text: str, begin: int, limit: int) -> int:
    """To the blank line after the reasons; blank lines before them are inside."""
    end = _block_end(text, begin, limit)
    if end < limit and not _REASON_DONE.search(text, begin, end):
        start = _skip_blank(text, end, limit)
        block = _block_end(text, start, limit)
        opening = text[start : min(start + 12, block)]
        if _REASON_DONE.match(opening.lstrip("(")):
            end = block
    return end

"""The heading: what stands between the reference line and the first paragraph."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest.formats.cable.classification import (
    CONTROL_CAPTIONS,
    Mark,
    find_mark,
    says_sensitive,
)
from ingest.formats.cable.findings import Findings
from ingest.formats.cable.identity import full_year
from ingest.formats.cable.labels import Field, best_field, leftover_lines
from ingest.formats.cable.references import read_references
from ingest.formats.cable.tags import read_tags
from ingest.records import Reference

# REF B) below REF A).
_FURTHER_ITEM = re.compile(r"[ ]*[(\[]?[B-Z][)\]:.]")
_ORDER = re.compile(r"(?P<number>\d{3,5})\s*[:;,.]?\s*(?P<rest>.*)", re.DOTALL)
_DECL = re.compile(r"D\s?E\s?C\s?L[A-Z]*\s*[:;.]?\s*", re.IGNORECASE)
_DATES = (
    re.compile(
        r"(?<!\d)(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?!\d)"),
    re.compile(
        r"(?<!\d)(?P<month>\d{1,2})-(?P<day>\d{1,2})-(?P<year>\d{4}|\d{2})(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
)
_EXEMPTION = re.compile(
    r"(?:[X1-9]?X\d(?:\s*[,/&]?\s*(?:AND\s+)?X?\d)*|OADR|X?GDS(?:-\d)?|ADS)\b",
    re.IGNORECASE,
)
_NOT_APPLICABLE = re.compile(r"N\s?/\s?A\b|NA\b|NOT APPLICABLE", re.IGNORECASE)
_HYPHEN_WRAP = re.compile(r"(?<=\w)(-)[ \t]*\n[ \t]*(?=\w)")
_COMMA_FOR_APOSTROPHE = re.compile(r"(?<=[A-Za-z]),(?=(?:S|T|RE|LL)\b)", re.IGNORECASE)

_REASON = re.compile(
    r"(?:FOR\s+)?\bR\s*E\s*A\s*S\s*O\s*N(?:\s?\(?S\)?)?\b\s*:?|E\.?\s?O\.?\s?\d{3,5}|1\s?\.\s?[45]\b",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?<!\d)1\s?\.\s?(?P<section>[45])(?!\d)")
_LETTERS = re.compile(r"(?<![A-Za-z])[a-hA-H](?![A-Za-z])")
_LETTER_RUN = re.compile(
    r"\.?(?:[\s(),/;&-]|\.(?!\s)|\bAND\b|\bOR\b|(?<![A-Za-z])[A-H](?![A-Za-z]))*",
    re.IGNORECASE,
)
_BROKEN_AND = re.compile(r"(?<![A-Za-z])a\s*n\s*d(?![A-Za-z])", re.IGNORECASE)
_BY_AGAIN = re.compile(r"(?:CLASSIFIED\s+BY\b\s*:?\s*)+", re.IGNORECASE)
_NAME_WORD = re.compile(
    r"(?:[A-Z]\.?|[A-Z0]\.|[A-Z][\w'\u2019-]+|[A-Z]{2,}|de|du|van|von|la|le)"
)
_SUFFIX = re.compile(r"(?:Jr\.?|Sr\.?|II|III|IV)", re.IGNORECASE)
# Words of offices: what is left of the classifier's text is the name.
_OFFICE_WORDS = """
a.i. a/dcm acting adcm ad adviser advisor affairs agent amb ambassador and assistant
at attache attach\u00e9 bureau c cda cg charg\u00e9 charge chief consul coordinator
counsellor counselor d'affaires d\u2019affaires daffaires dcm deputy desk director econ
econoff economic embassy environment executive first for general head hoc in
international legal military minister minister-counselor mission of office officer
officer-in-charge permanent pol pol-econ pol/econ polchief political
political-economic poloff principal public regional representative science second
secretary section security senior special state technology the to u.s. under
undersecretary unit us vice
"""
_OFFICE = frozenset(_OFFICE_WORDS.split())


@dataclass(slots=True)
class Heading:
    """What the heading said; `subject_span` is the title's place in the text."""

    captions: list[str] = field(default_factory=list)
    passing: list[str] = field(default_factory=list)
    order: dict[str, Any] = field(default_factory=dict)
    tags_raw: str = ""
    tags: list[dict[str, str]] = field(default_factory=list)
    subject: str = ""
    subject_mark: Mark | None = None
    subject_span: tuple[int, int] | None = None
    references_raw: str = ""
    references: tuple[Reference, ...] = ()
    classifier: dict[str, Any] = field(default_factory=dict)
    labels: int = 0

    @property
    def controls(self) -> str:
        """The captions that restrict who may read, once each, joined by "/"."""
        known = [word for word in self.captions if word in CONTROL_CAPTIONS]
        return "/".join(dict.fromkeys(known))

    @property
    def is_sensitive(self) -> bool:
        """Does a line of its own below UNCLAS say SENSITIVE, or the like?"""
        return any(map(says_sensitive, (*self.captions, *self.passing)))


def read_heading(
    text: str,
    start: int,
    end: int,
    fields: list[Field],
    findings: Findings,
    year: int | None,
) -> Heading:
    """The heading between two offsets, whose labelled lines these are.

    `year` completes references without one.
    """
    heading = Heading(labels=len({f.kind for f in fields}))
    heading.captions, heading.passing = leftover_lines(text, start, end, fields)
    if order := best_field(fields, "eo"):
        heading.order = read_order(text[order.begin : order.end], findings, order.begin)
    if tags := best_field(fields, "tags"):
        heading.tags_raw = text[tags.begin : tags.end]
        heading.tags = read_tags(heading.tags_raw, findings, tags.begin)
    if subject := best_field(fields, "subject"):
        _take_subject(heading, text, subject, findings)
    heading.references_raw = _references_raw(text, fields)
    heading.references = tuple(read_references(heading.references_raw, year))
    heading.classifier = classifier_of(text, fields)
    return heading


def _references_raw(text: str, fields: list[Field]) -> str:
    """The text of the REF lines: of two blocks the fuller, of REF A and REF B both."""
    blocks = [""]
    for line in (found for found in fields if found.kind == "ref"):
        raw = text[line.begin : line.end]
        if blocks[-1] and _FURTHER_ITEM.match(raw):
            blocks[-1] += f"\n{raw}"
        else:
            blocks.append(raw)
    return max(reversed(blocks), key=len)


def classifier_of(text: str, fields: list[Field]) -> dict[str, Any]:
    """What Classified By says, {} where no line is labelled so."""
    by = best_field(fields, "by")
    return read_classifier(text[by.begin : by.end]) if by else {}


def _take_subject(
    heading: Heading, text: str, subject: Field, findings: Findings
) -> None:
    begin = subject.begin
    mark = find_mark(text, begin, subject.end)
    if mark:
        heading.subject_mark = mark
        begin = text.index(mark.raw, begin) + len(mark.raw)
        begin += len(text[begin : subject.end]) - len(
            text[begin : subject.end].lstrip()
        )
    if begin < subject.end:
        heading.subject_span = (begin, subject.end)
        heading.subject = join_title(text[begin : subject.end])
        if _COMMA_FOR_APOSTROPHE.search(heading.subject):
            message = "A comma in the subject seems to stand for an apostrophe."
            findings.add("comma_for_apostrophe", message, begin)


def join_title(lines: str) -> str:
    """A title of one line: wraps joined by a blank, after a hyphen by nothing."""
    return " ".join(_HYPHEN_WRAP.sub(r"\1", lines).replace("\\", "").split())


def read_order(text: str, findings: Findings, at: int) -> dict[str, Any]:
    """E.O. record {order, raw, kind, date} of the E.O. line, label taken off.

    Kinds: date, event, exemption, not_applicable, "" (nothing said). A date
    is only ever taken from this line.
    """
    raw = " ".join(text.split())
    match = _ORDER.match(raw)
    number, rest = (match["number"], match["rest"]) if match else ("", raw)
    if len(number) != 5:
        findings.add("order_unreadable", f'"{number}" is no order\'s number.', at)
    rest = _DECL.sub("", rest, count=1).strip(" :;,.")
    record: dict[str, Any] = {"order": number, "raw": raw, "kind": "", "date": ""}
    if not rest:
        return record
    for pattern in _DATES:
        found = pattern.search(rest)
        if found:
            day = _day(found)
            if day is None:
                findings.add("date_unreadable", f'"{found[0]}" is no date.', at)
                break
            return record | {"kind": "date", "date": day.isoformat()}
    if _NOT_APPLICABLE.match(rest):
        return record | {"kind": "not_applicable"}
    if _EXEMPTION.match(rest):
        return record | {"kind": "exemption"}
    return record | {"kind": "event"}


def _day(match: re.Match[str]) -> date | None:
    year = int(match["year"])
    if len(match["year"]) == 2:
        # A day to come when the cable was written: 6/30/08, but also 1/1/33.
        year = full_year(match["year"])
    try:
        return date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def read_classifier(text: str) -> dict[str, Any]:
    """Classified By: {text, name, title, section, reasons}; letters in order."""
    joined = " ".join(text.split())
    joined = _BY_AGAIN.sub("", joined, count=1) if _BY_AGAIN.match(joined) else joined
    reason = _REASON.search(joined)
    who = joined[: reason.start()] if reason else joined
    who = re.sub(r"^\([A-Z/]{1,6}\)\s*", "", who).strip(" .,;:-")
    who = re.sub(r"[\s,]+for$", "", who, flags=re.IGNORECASE)
    name, title = _split_office(who)
    section, reasons = read_reasons(joined[reason.start() :] if reason else "")
    return {
        "text": joined,
        "name": name,
        "title": title,
        "section": section,
        "reasons": reasons,
    }


def read_reasons(text: str) -> tuple[str, list[str]]:
    """Section ("1.4", "1.5") and letters a to h of a reason, "" and [] if none."""
    section = _SECTION.search(text)
    if not section:
        return "", []
    rest = _BROKEN_AND.sub(",", text[section.end() : section.end() + 200])
    run = _LETTER_RUN.match(rest)
    letters = _LETTERS.findall(run[0]) if run else []
    return f"1.{section['section']}", sorted({letter.lower() for letter in letters})


def _split_office(who: str) -> tuple[str, str]:
    """(name, title) of "title name" or "name, title, office"; ("", "") of neither."""
    parts = [part.strip() for part in who.split(",")]
    if len(parts) > 1 and _SUFFIX.fullmatch(parts[1]):
        parts[:2] = [f"{parts[0]} {parts[1]}"]
    first, rest = parts[0].split(), ", ".join(parts[1:])
    suffix = ""
    if first and _SUFFIX.fullmatch(first[-1]):
        suffix = f" {first.pop()}"
    index = len(first)
    while index and _is_name(first[index - 1 :]):
        index -= 1
    title = ", ".join(filter(None, (" ".join(first[:index]), rest)))
    name = " ".join(first[index:])
    if name:
        return name + suffix, title
    # "title, name": the name stands behind the comma.
    if rest and _is_name(parts[-1].split()):
        return parts[-1], ", ".join(parts[:-1])
    return "", "" if who.lower() in ("", "section") else who


def _is_name(words: list[str]) -> bool:
    """True for one to five words none of which is a word of an office."""
    return 0 < len(words) <= 5 and all(
        _NAME_WORD.fullmatch(word)
        and word.lower().strip(".,") not in _OFFICE
        and word.lower() not in _OFFICE
        for word in words
    )

"""The head of a document of the series: number, title, kind, from whom to whom."""

import re
from dataclasses import dataclass

from ingest.formats.frus.dating import AT_THE_END
from ingest.formats.xml import Element, words
from positions.choices import SourceKind

# "11. Telegram", in older volumes "No. 127" and "[32]".
NUMBER = re.compile(
    r"(?:(?P<no>No\.\s)|\[)?(?P<number>\d+[a-z]?)(?(no)\.?|[.\]]{1,2})\s+(?=\S)"
)
# What a head calls the document, the more telling first, as it stands before "From".
_KINDS = (
    (r"editorial note", SourceKind.OTHER),
    (r"(?:tele|air)gram|cable", SourceKind.CABLE),
    (r"memorand(?:um|a) (?:of|for the record)|minutes|notes? of", SourceKind.REPORT),
    (r"letter|aide-m[ée]moire|note verbale|message|\bnote\b", SourceKind.LETTER),
    (r"memorandum|report|paper|estimate|study|summary|record", SourceKind.REPORT),
)
# "Assistant to the President" is nobody's addressee.
_NO_ADDRESSEE = re.compile(
    r"\b(?:Assistants?|Advis[eo]rs?|Ambassadors?|Couns?ell?ors?|Deput(?:y|ies)|Envoys?"
    r"|Representatives?|Missions?|Delegations?|Delegates?|Consultants?|Liaison"
    r"|Secretary|Aides?|Minister|Relating|Regard|According)\s\Z"
)
_TO = re.compile(r"(?:(?<=\s)|(?<=\)))to (?=\S)")
_FROM = re.compile(r"\b[Ff]rom (?=\S)")
_BY = re.compile(r"\b[Bb]y (?=\S)")
# "740.0011/755: Telegram": older volumes say above the head what it is.
_SENT = re.compile(r"\b(?:tele|air)gram\b", re.IGNORECASE)
_TEXTLESS = ("note", "date")
# No head of a document is longer.
_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Heading:
    """A head without its notes, date and number; issuer and addressee as printed."""

    number: str
    title: str
    kind: SourceKind
    issuer: str = ""
    addressee: str = ""


def read_heading(head: Element | None, filed: str = "") -> Heading:
    """What a document's head says; all "" without one.

    `filed` is what stands above it in older volumes: file number, "Telegram".
    """
    title = words(head, without=("note",))[:_LENGTH]
    bare = words(head, without=_TEXTLESS)[:_LENGTH].rstrip(" ,.")
    bare = AT_THE_END.sub("", bare)
    number = NUMBER.match(title)
    end = number.end() if number else 0
    begins = NUMBER.match(bare)
    bare = bare[begins.end() if begins else 0 :]
    issuer, addressee = _parties(head, bare)
    return Heading(
        number=number["number"] if number else "",
        title=title[end:],
        kind=_kind(bare, filed, sent=bool(issuer and addressee)),
        issuer=issuer,
        addressee=addressee,
    )


def _kind(title: str, filed: str, *, sent: bool) -> SourceKind:
    """What the head or the note above it calls the document.

    Older volumes call a letter nothing: "Mr. Adams to Mr. Seward."
    """
    if _SENT.search(filed):
        return SourceKind.CABLE
    begin = _FROM.search(title) or _BY.search(title)
    if sent and begin is None:
        return SourceKind.LETTER
    named = title[: begin.start() if begin else None].casefold()
    return next(
        (kind for pattern, kind in _KINDS if re.search(pattern, named)),
        SourceKind.OTHER,
    )


def _parties(head: Element | None, title: str) -> tuple[str, str]:
    """(issuer, addressee) of "Letter From the Ambassador (Reischauer) to ...".

    The names that older volumes mark tell where the issuer ends; without any, it is
    the first "to" that does not belong to somebody's office. Their heads may have no
    "From": "The Ambassador in Japan (Grew) to the Secretary of State".
    """
    begin = _FROM.search(title) or _begin_of_marked(head, title)
    if begin is None:
        return "", ""
    past = begin.end()
    # Of two senders the second may be an addressee that is marked wrongly.
    for name in _marked(head, "from")[:1]:
        at = title.find(name, past)
        past = at + len(name) if at >= 0 else past
    before = len(title)
    for name in _marked(head, "to")[:1]:
        at = title.find(name, past)
        before = at if at >= 0 else before
    turns = [
        turn
        for turn in _TO.finditer(title, past)
        if turn.start() <= before
        and not _NO_ADDRESSEE.search(title, begin.end(), turn.start())
    ]
    if not turns:
        return _named(title[begin.end() :]) if begin.end() else "", ""
    return _named(title[begin.end() : turns[0].start()]), _named(
        title[turns[0].end() :]
    )


def _begin_of_marked(head: Element | None, title: str) -> re.Match[str] | None:
    """Where the issuer of a head that marks its parties begins."""
    if not (_marked(head, "from") or _marked(head, "to")):
        return None
    return _BY.search(title) or re.match("", title)


def _marked(head: Element | None, part: str) -> list[str]:
    """What is marked in a head as a sender or an addressee."""
    if head is None:
        return []
    return [words(e) for e in head.iter("{*}*") if e.get("type") == part]


def _named(text: str) -> str:
    return re.sub(r"\A[Tt]he ", "", text.strip(" ,.")).strip()

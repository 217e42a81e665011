"""The routing header: the format lines FL1 to FL9 (ACP-127) above the text."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache

from ingest.formats.cable.findings import Findings
from ingest.formats.cable.identity import (
    BARE_MRN,
    CLASSIFICATION_LINE,
    MRN,
    full_year,
)
from ingest.records import Party
from positions.choices import AddresseeRole

PRECEDENCES = ("FLASH", "NIACT IMMEDIATE", "IMMEDIATE", "PRIORITY", "ROUTINE")
MONTHS = (
    *("JAN", "FEB", "MAR", "APR", "MAY", "JUN"),
    *("JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)

_TRANSMISSION = re.compile(r"(?:CABLE TEXT:\s*)?(?P<id>VZCZC[A-Z]{3}\d{0,6})$", re.I)
_FL2 = re.compile(r"(?P<letters>ZZ|OO|PP|RR)(?P<routing>(?:[ ]+R[A-Z]{3,7})*)$")
_FL2_WRAP = re.compile(r"R[A-Z]{3,7}(?:[ ]+R[A-Z]{3,7})*$")
_FL3 = re.compile(
    r"DE[ ]+(?P<station>R[A-Z]{3,7})[ ]+#(?P<serial>\d{1,7})(?:/(?P<section>\d{1,2}))?"
    r"[ ]+(?P<julian>\d{3})(?P<time>\d{4})Z?\b"
)
_FL4 = re.compile(
    r"(?P<signal>ZN[YR])[ ]+(?P<letter>[A-Z])(?P=letter){4}\b(?P<rest>.*)"
)
# O 310000Z DEC 08, R 262137Z DEC 73; Z misread as 2, O as 0, signals behind.
DTG = re.compile(
    r"(?P<letters>(?:[ZOPR0][ ]{0,2}){0,3})\b"
    r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)[ ]?[Z2][ ]+"
    r"(?P<month>[A-Z]{3,9})\.?[ ]+(?P<year>\d{4}|\d\d)\b(?P<signals>.*)"
)
# TORUEHC/SECSTATE WASHDC: glued to the routing indicator.
_PROSIGN = re.compile(r"(?P<sign>TO|INFO|XMT)(?:[ ]+|/|$|(?=R[A-Z]{4,7}/))(?P<rest>.*)")
_ROUTING = re.compile(r"(?P<routing>[A-Z]{5,8})/(?P<name>.*)")
# Addresses that go on below a blank line, as in copies with one below each line.
_POST = re.compile(
    r"(?:AMEMBASSY|AMCONSUL|AMLEGATION|USMISSION|USINT|USDEL|USLO)[ ][A-Z]"
)
# What most lines of a header are, and nothing else is.
_PLAIN_ADDRESS = re.compile(r"RU?[EHC][A-Z]{3,6}/[A-Z]")
_CONTINUITY = re.compile(r"(?P<name>.*\S)[ ]+(?P<number>\d{4,7})$")
# Names that end in a number of their own.
_UNITS = (
    *("TASK FORCE", "TASK GROUP", "CTF", "CTG", "DET", "UNIT", "SQUADRON", "WING"),
    *("GROUP", "BOX", "APO", "FPO"),
)
_EXEMPTED = re.compile(r",?[ ]+XMT[ /]+")
# What XMT takes posts out of; a single post has none to exempt.
_COLLECTIVE = re.compile(
    r"\b(?:COLLECTIVE|POSTS?|ALL|STATES|MISSIONS|MEMBERS|COUNTRIES|EMBASSIES)\b"
)
LABEL_LINE = re.compile(
    r"[ \t]*(?:E\.?[ ]?O\.?[ ]?\d|\d{5}[ ]?:"
    r"|TAGS?\b|SUBJ(?:ECT)?\b|REF|CLASSIFIED BY\b)",
    re.IGNORECASE,
)
_PARAGRAPH_LINE = re.compile(r"[ \t]*\u00b6?[ ]?1[ ]?\.(?!\d)|[ \t]*\u00b6")


@dataclass(slots=True)
class Header:
    """What the routing header said; lines it has no word for are in `other`."""

    transmission: str = ""
    precedence: str = ""
    routing: list[str] = field(default_factory=list)
    station: dict[str, str] = field(default_factory=dict)
    security: dict[str, str] = field(default_factory=dict)
    dtg: str = ""
    sent: datetime | None = None
    action_precedence: list[str] = field(default_factory=list)
    signals: str = ""
    originator: str = ""
    parties: list[Party] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def found(self) -> bool:
        return bool(self.transmission or self.station or self.dtg or self.originator)


class HeaderReader:
    """Reads lines one by one until one of them belongs to the text below."""

    def __init__(self, findings: Findings) -> None:
        self.header = Header()
        self.findings = findings
        self.role: AddresseeRole | None = None
        self.before: AddresseeRole = AddresseeRole.ACTION
        self.after_blank = False
        # The last addressee of many posts, else the last one that is not exempted.
        self.collective, self.many = "", False
        self.exempted: set[str] = set()

    def read(self, lines: list[str], starts: list[int]) -> tuple[Header, int]:
        """The header and the index of the first line below it."""
        for index, line in enumerate(lines):
            if self.role is not None and _PLAIN_ADDRESS.match(line):
                self._add_addressees(line.strip(), starts[index])
                self.after_blank = False
                continue
            if self._ends_at(line):
                if not self.header.found and _begins_below(lines, index):
                    # A reference line above the header repeats the one below it.
                    self.header.other.append(line.strip())
                    continue
                return self._closed(index)
            text = line.strip()
            if not text:
                self.after_blank = True
                continue
            if not self._take(text, starts[index]):
                return self._closed(index)
            self.after_blank = False
        return self._closed(len(lines))

    def _closed(self, index: int) -> tuple[Header, int]:
        if self.header.found:
            return self.header, index
        return Header(), 0

    def _ends_at(self, line: str) -> bool:
        if LABEL_LINE.match(line) or _PARAGRAPH_LINE.match(line):
            return True
        if MRN.match(line) or CLASSIFICATION_LINE.match(line):
            return True
        if _PROSIGN.match(line.strip()):
            return False
        below = self.header.originator and not self.role
        done = bool(self.header.parties) and self.after_blank
        return bool((below or done) and BARE_MRN.match(line))

    def _take(self, text: str, at: int) -> bool:
        """Read one line; False if the text below the addresses has begun."""
        prosign = _PROSIGN.match(text)
        if prosign and self._addresses_begin(prosign):
            self._turn_to(prosign["sign"], at)
            self._add_addressees(prosign["rest"].strip(" /"), at)
        elif text.startswith("FM ") and not self.header.originator:
            self.header.originator = " ".join(text[3:].split())
        elif self.role is not None:
            if self.after_blank and not (_ROUTING.match(text) or _POST.match(text)):
                return False
            self._add_addressees(text, at)
        else:
            self._take_format_line(text, at)
        return True

    def _addresses_begin(self, prosign: re.Match[str]) -> bool:
        """In the layout of the archives an INFO line stands above FM too."""
        known = self.header.originator or _ROUTING.match(prosign["rest"])
        return bool(known or (self.header.dtg and prosign["sign"] != "XMT"))

    def _take_format_line(self, text: str, at: int) -> None:
        header = self.header
        if match := _TRANSMISSION.match(text):
            header.transmission = match["id"].upper()
        elif match := _FL2.match(text):
            header.precedence = match["letters"]
            header.routing = match["routing"].split()
        elif header.precedence and not header.station and _FL2_WRAP.match(text):
            header.routing += text.split()
        elif match := _FL3.match(text):
            header.station = match.groupdict(default="")
        elif match := _FL4.match(text):
            header.security = {
                "signal": match["signal"],
                "letter": match["letter"],
                "signals": match["rest"].strip(),
            }
        elif not header.dtg and (match := DTG.match(text)):
            self._take_date(match, at)
        else:
            header.other.append(text)

    def _take_date(self, match: re.Match[str], at: int) -> None:
        header = self.header
        header.dtg = match[0].removesuffix(match["signals"]).strip()
        header.signals = match["signals"].strip()
        letters = match["letters"].replace("0", "O")
        header.action_precedence = [c for c in letters if c != " "]
        header.sent = read_dtg(match, self.findings, at)

    def _turn_to(self, sign: str, at: int) -> None:
        if sign == "XMT":
            if self.role is not None and self.role != AddresseeRole.EXEMPTED:
                self.before = self.role
            self.role = AddresseeRole.EXEMPTED
        else:
            action = sign == "TO"
            self.role = AddresseeRole.ACTION if action else AddresseeRole.INFORMATION

    def _add_addressees(self, text: str, at: int) -> None:
        first, *exempted = _EXEMPTED.split(text) if "XMT" in text else [text]
        if self.role == AddresseeRole.EXEMPTED:
            # A routing indicator, or a name again, shows a real addressee: the
            # exemption is over.
            if _ROUTING.match(first) or " ".join(first.split()) in self.exempted:
                self.role = self.before
            else:
                exempted, first = [first, *exempted], ""
        if name := first.strip(" ,"):
            assert self.role is not None
            party = self._party(name, self.role, at)
            self.header.parties.append(party)
            many = _is_collective(party.name)
            if many or not self.many:
                self.collective, self.many = party.name, many
        for names in exempted:
            if self.role != AddresseeRole.EXEMPTED:
                self._turn_to("XMT", at)
            for name in names.split(","):
                if name.strip():
                    self.header.parties.append(self._exempted(name.strip(), at))

    def _exempted(self, name: str, at: int) -> Party:
        party = self._party(name, AddresseeRole.EXEMPTED, at)
        self.exempted.add(party.name)
        return replace(party, exempted_from=self.collective)

    def _party(self, text: str, role: AddresseeRole, at: int) -> Party:
        routing = ""
        if match := _ROUTING.match(text):
            routing, text = match["routing"], match["name"].strip()
        continuity = ""
        match = _CONTINUITY.match(text)
        if match and not match["name"].endswith(_UNITS):
            text, continuity = match["name"], match["number"]
        name, precedence, misspelt = _split_precedence(text)
        if misspelt:
            message = f'The precedence "{misspelt}" was read as {precedence}.'
            self.findings.add("precedence_repaired", message, at)
        return Party(role, name, routing, precedence, continuity)


def _begins_below(lines: list[str], index: int) -> bool:
    """True if the first format lines stand right below a line."""
    below = (line.strip() for line in lines[index + 1 : index + 4])
    first = next((line for line in below if line), "")
    return bool(_TRANSMISSION.match(first) or _FL3.match(first))


def read_header(
    lines: list[str], starts: list[int], findings: Findings
) -> tuple[Header, int]:
    """The routing header, and the index of the first line of the text below.

    A text without one gives an empty header and 0.
    """
    header, index = HeaderReader(findings).read(lines, starts)
    if header.station and header.sent:
        julian = int(header.station["julian"])
        if julian != header.sent.timetuple().tm_yday:
            message = f"Day {julian} of the year is not the day of {header.dtg}."
            findings.add("julian_differs", message, None)
    return header, index


def read_dtg(match: re.Match[str], findings: Findings, at: int) -> datetime | None:
    """The instant of a date-time group, None (and a warning) if it is none.

    Two-digit years 66 to 99 are of the last century.
    """
    month = _month(match["month"], findings, at)
    year = full_year(match["year"])
    if len(match["year"]) == 2 and 2010 < year < 2066:
        message = (
            f'The year "{match["year"]}" is outside of the series; read as {year}.'
        )
        findings.add("year_unusual", message, at)
    try:
        return datetime(
            year,
            month,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            tzinfo=UTC,
        )
    except ValueError:
        findings.add("date_unreadable", f'"{match[0].strip()}" is no date.', at)
        return None


def _month(word: str, findings: Findings, at: int) -> int:
    """Number of a month by its first letters, one of them wrong at most; 0 = none."""
    if word[:3] in MONTHS:
        return MONTHS.index(word[:3]) + 1
    near = [
        m for m in MONTHS if sum(a != b for a, b in zip(m, word, strict=False)) == 1
    ]
    if len(near) != 1 or len(word) != 3:
        return 0
    findings.add("month_repaired", f'The month "{word}" was read as {near[0]}.', at)
    return MONTHS.index(near[0]) + 1


# Cables go to the same posts again and again.
@lru_cache(maxsize=4096)
def _split_precedence(text: str) -> tuple[str, str, str]:
    """(name, precedence, the word that it was misspelt as), "" for what is not told."""
    for words in PRECEDENCES:
        if text.endswith(f" {words}"):
            return " ".join(text.removesuffix(words).split()), words, ""
    name, _, last = text.rpartition(" ")
    if name and (words := _meant_by(last)):
        return " ".join(name.split()), words, last
    return " ".join(text.split()), "", ""


def _meant_by(word: str) -> str:
    """The precedence that a word is meant for, "" for any other word."""
    if len(word) < 5:
        return ""
    return next((known for known in PRECEDENCES if within_one_edit(word, known)), "")


@lru_cache(maxsize=4096)
def _is_collective(name: str) -> bool:
    return _COLLECTIVE.search(name) is not None


def within_one_edit(word: str, other: str) -> bool:
    """True if one letter added, dropped, changed or swapped makes one the other."""
    if abs(len(word) - len(other)) > 1:
        return False
    head = 0
    while head < min(len(word), len(other)) and word[head] == other[head]:
        head += 1
    a, b = word[head:], other[head:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or a[1::-1] + a[2:] == b

"""What holds of every text read as a cable: the invariants, and linear time."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.cable import parse, parse_text
from ingest.formats.cable.lines import Lines, in_capitals, is_rule
from ingest.records import ImportFault, pack_patches, rebuild, unpack_patches
from tests.cables import HEADER, HEADING, cable_text
from tests.guarding import hang_guard

# Pieces that cables are made of, sound and broken; a text of them in any order
# reaches more of the parser than arbitrary characters do.
PIECES = [
    *HEADER.splitlines(keepends=True),
    *HEADING.splitlines(keepends=True),
    *("1. (C) ", "¶2. ", "13. (S//NF) ", "3 (U) ", "A. ", "(a) ", "-- ", "1.4 (b) "),
    *("SUMMARY: ", "END SUMMARY. ", "BEGIN TEXT:\n", "END TEXT.\n", "COMMENT\n"),
    *("(Comment: ", "(Note: ", "End comment.", ")", "(", "]", "[", "UNQUOTE\n"),
    *("-----\n", "=====", "------- A -------\n", "A HEADING\n", "\n\n", " \n", "\n"),
    *(
        "OSLO 00000001  002 OF 003",
        "PAGE 02  OSLO 00001  082030Z\n",
        "SECTION 02 OF 03 ",
    ),
    *("The minister said no. ", "HOLM", "NNNN\n", "REF: A. OSLO 7; B) ROME 8\n"),
    *("\r\n", "\r", "\0", "\ud800", "&#8217;", "&#x0;", "[PREL](#)", '\\"', "\\\n"),
    *("\ufeff", "\u2028", "\x0b", "\x85", "\t", "¶", "١. ", "²", "ß", "\U0001f41f"),
]
texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)


@st.composite
def mutations(draw):
    """A sound cable with a few spans cut, doubled or replaced."""
    text = cable_text()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 200)))
        piece = draw(st.sampled_from([*PIECES, text[start:end] * 2, text[:end]]))
        text = text[:start] + piece + text[end:]
    return text


def assert_sound(document, raw):
    """The five invariants, and what the database asks of a document."""
    text = document.text
    assert rebuild(text, document.patches) == raw
    assert unpack_patches(pack_patches(document.patches)) == document.patches
    assert not any(c in "\0\r" or "\ud800" <= c <= "\udfff" for c in text)
    at = 0
    for patch in document.patches:
        assert at <= patch.start <= patch.end <= len(text)
        assert text[patch.start : patch.end] != patch.raw
        at = patch.end
    at = 0
    for order, paragraph in enumerate(document.paragraphs, start=1):
        assert paragraph.order == order
        assert at <= paragraph.start < paragraph.end <= len(text)
        words = document.text_of(paragraph)
        assert words == text[paragraph.start : paragraph.end]
        assert words == words.strip()
        assert_inside(paragraph, len(words))
        at = paragraph.end


def assert_inside(paragraph, length):
    at = 0
    for voice in paragraph.voices:
        assert at <= voice.start < voice.end <= length
        at = voice.end
    assert all(0 <= skip.at <= length for skip in paragraph.skips)


@given(texts)
def test_any_text_is_read_and_can_be_rebuilt(raw):
    assert_sound(parse_text(raw, "x.txt"), raw)


@given(mutations())
def test_any_damage_to_a_cable_is_read_and_can_be_rebuilt(raw):
    assert_sound(parse_text(raw, "08OSLO1.txt"), raw)


@given(mutations())
def test_the_same_text_is_read_the_same(raw):
    first, second = parse_text(raw, "x.txt"), parse_text(raw, "x.txt")
    assert first == second
    assert first.digest == second.digest


@given(
    st.one_of(
        st.binary(max_size=200),
        mutations().map(lambda text: text.encode("utf-16", "surrogatepass")),
    )
)
def test_any_bytes_give_a_document_or_a_fault_with_one_sentence(data):
    document, reason = outcome(data)
    if document is None:
        assert reason.endswith(".")
        assert "\n" not in reason
    else:
        assert document.paragraphs
        assert document.identifier


def outcome(data):
    try:
        return parse(data, "08OSLO1.txt"), None
    except ImportFault as fault:
        return None, fault.reason


ANYWHERE = [
    *("a", "(", "[", "1", "-", "\n", " ", "\t", "\r", "¶", "&", ". ", "A ", "\0"),
    *("(Comment: ", "1. ", "1. (C) x\n\n", "----\n", "A\n---\n", "A\n\n", "¶1 "),
    *("REF: A. STATE 1 ", "SUBJECT: ", "TAGS: PREL ", "Classified By: ", "A, ", "PREL"),
    *("OSLO 00000001  001 OF 002\n", "PAGE 02 OSLO 00001\n", "S E C R E T ", "[a]("),
    *("END SUMMARY ", "BEGIN TEXT\n", "x. 1. (C) ", "1. (C) x\n2. (C) y\n3. z\n"),
    *(
        "UNQUOTE\n",
        "001 OF 002 ",
        "SECTION 02 OF 03 ",
        "S E C R E T SECTION 02 OF 02 OSLO 000001\n",
    ),
]
# What the reader goes on with, line after line, once it has begun so.
GOING_ON = [
    ("FM AMEMBASSY OSLO\n", "XMT A\n"),
    ("FM AMEMBASSY OSLO\nTO A\n", "INFO A, XMT B,\n"),
    ("FM AMEMBASSY OSLO\nTO A, XMT ", "A, "),
    ("UNCLAS OSLO 1\nTAGS: ", "PREL "),
    ("UNCLAS OSLO 1\nTAGS: ", "PREL,\n"),
    ("UNCLAS OSLO 1\nTAGS: OVIP ", "ADA "),
    ("UNCLAS OSLO 1\nTAGS: ", "(ADA) "),
    ("UNCLAS OSLO 1\nSUBJECT: ", "AND\n\n"),
    ("UNCLAS OSLO 1\nSUBJECT: ", "A-\n"),
    ("UNCLAS OSLO 1\nREF: ", "OSLO 1\n\n"),
    ("UNCLAS OSLO 1\nREF: STATE 1, ", "x, "),
    ("UNCLAS OSLO 1\nREF: A. STATE 1 ", "(x y) "),
    ("UNCLAS OSLO 1\nE.O. 12958: DECL: ", "X1, "),
    ("UNCLAS OSLO 1\nClassified By: ", "Ada "),
    ("UNCLAS OSLO 1\nClassified By: A. Reason 1.4 ", "(b) "),
    (cable_text(), "----\n"),
    (cable_text(body="1. (C) One. "), "(Note: "),
    (cable_text(body="1. (C) One. "), "END COMMENT. COMMENT: "),
    (
        cable_text(body="1. (C) One.\n\nBEGIN TEXT\n\n"),
        "1. x\n\nEND TEXT\n\nBEGIN TEXT\n\n",
    ),
]


@pytest.mark.parametrize(("opening", "unit"), [("", u) for u in ANYWHERE] + GOING_ON)
def test_no_shape_of_text_keeps_it_busy_for_ever(opening, unit):
    raw = opening + unit * (128_000 // len(unit))
    # Half a second's work; with a quadratic step in it, minutes.
    with hang_guard():
        parse_text(raw, "08OSLO1.txt")


@given(st.text(max_size=40) | st.text("aßŉﬃſİıΐK", max_size=8))
def test_capitals_stand_at_the_offsets_of_their_letters(text):
    capitals = in_capitals(text)
    assert len(capitals) == len(text)
    for letter, capital in zip(text, capitals, strict=True):
        assert capital in (letter, letter.upper())


@given(
    st.lists(st.sampled_from(["", " ", "---", " == ", "1. x", "¶", "x -", "\u0662"]))
)
def test_lines_know_their_words_rules_and_numbers(lines):
    found = Lines("\n".join(lines))
    lines = lines or [""]
    assert found.words == [line.strip() for line in lines]
    assert found.rules == {i for i, line in enumerate(lines) if is_rule(line)}
    opening = re.compile(r"\s*[\d¶]")
    assert found.numbered == [i for i, line in enumerate(lines) if opening.match(line)]
    assert [found.is_blank(i) for i in range(len(lines))] == [
        not line.strip() for line in lines
    ]


@pytest.mark.parametrize("unit", ["word ", "(", "1. (C) Words of the minister.\n\n"])
def test_a_megabyte_is_read(unit):
    raw = cable_text(body=unit * (2**20 // len(unit)))
    assert_sound(parse_text(raw, "08OSLO1.txt"), raw)

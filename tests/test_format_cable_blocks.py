"""Headings, blocks and voices of a cable."""

import pytest

from positions.choices import ParagraphRole, VoiceKind
from tests.cables import (
    codes,
    read_lines,
    texts,
    voices,
)

HEADINGS, SUMMARY, COMMENT = (
    ParagraphRole.HEADING,
    ParagraphRole.SUMMARY,
    ParagraphRole.COMMENT,
)


def roles(document):
    return [p.role for p in document.paragraphs if p.role not in ("heading", "subject")]


# Headings


@pytest.mark.parametrize(
    "lines",
    [
        ["-----", "A Heading", "-----"],
        ["=========", "A Heading", "========="],
        ["A Heading", "---------"],
        ["A Heading", "‐‐‐‐‐‐‐‐‐"],
        ["---------", "A Heading"],
        ["***", "", "A Heading", "", "***"],
        ["A Heading", "", "---------"],
        ["------- A Heading -------"],
        ["A Heading -------"],
        ["### A Heading"],
        ["A HEADING"],
    ],
)
@pytest.mark.parametrize("blank", [[""], []])
def test_a_heading_is_told_by_its_rules_or_stands_in_capitals_alone(lines, blank):
    if lines == ["A HEADING"]:
        blank = [""]
    document = read_lines(
        "1. (C) One.", *blank, *lines, *blank, "2. (C) Two.", "", "3. (C) Three."
    )
    words = lines[0] if lines == ["A HEADING"] else "A Heading"
    assert texts(document, HEADINGS) == [words]
    assert [p.heading for p in document.paragraphs if p.label] == ["", words, words]
    assert texts(document) == ["One.", "Two.", "Three."]


def test_a_heading_may_have_two_lines():
    document = read_lines(
        "1. (C) One.", "", "-----", "A Long Heading", "of Two Lines", "-----", "",
        "2. (C) Two.",
    )  # fmt: skip
    assert texts(document, HEADINGS) == ["A Long Heading\nof Two Lines"]
    assert document.paragraphs[-1].heading == "A Long Heading of Two Lines"


def test_headings_above_the_first_paragraph_belong_to_the_body():
    document = read_lines("-----", "Opening", "-----", "", "1. (C) One.")
    assert texts(document, HEADINGS) == ["Opening"]
    assert document.header["passing"] == []
    assert document.header["classifier"]["reasons"] == ["b", "d"]


def test_a_heading_under_a_heading_makes_a_path():
    document = read_lines(
        "I. FISH", "-------", "", "A. Cod", "------", "", "1. (C) One.", "",
        "B. Herring", "----------", "", "2. (C) Two.", "",
        "II. BOATS", "---------", "", "3. (C) Three.",
    )  # fmt: skip
    assert [p.heading for p in document.paragraphs if p.label] == [
        "I. FISH / A. Cod",
        "I. FISH / B. Herring",
        "II. BOATS",
    ]


def test_a_table_and_a_rule_are_no_headings():
    document = read_lines(
        "1. (C) Catches:", "", "Year     Cod     Herring", "------------------------",
        "2006     11      12", "2007     13      14", "", "2. (C) Two.", "", "-----",
        "", "3. (C) Three.",
    )  # fmt: skip
    assert texts(document, HEADINGS) == []
    assert "2007     13" in texts(document)[0]
    assert texts(document)[1] == "Two."


def test_short_sentences_and_all_capitals_are_no_headings():
    document = read_lines(
        "1. WE ASKED THREE THINGS:", "", "HOW MANY.", "", "2. THEY SAID TWO.", "",
        "A. THE BOATS", "", "3. SO WE LEFT.", "", "SEE BELOW",
        "AND ABOVE FOR THE REST OF WHAT THEY SAID ON TUESDAY.",
        "", "4. END.",
    )  # fmt: skip
    assert texts(document, HEADINGS) == []


# Blocks


@pytest.mark.parametrize(
    "word",
    ["SUMMARY:", "Summary.", "SUMMARY AND COMMENT:", "SUMMARY AND ACTION REQUEST.",
     "Summary/Comment:", "BEGIN SUMMARY:", "Summay:", "SUMMARY --"],
)  # fmt: skip
def test_a_summary_is_told_by_its_first_word(word):
    document = read_lines(f"1. (C) {word} Short. End summary.", "", "2. (C) Two.")
    assert roles(document) == [SUMMARY, ParagraphRole.BODY]


@pytest.mark.parametrize(
    "end", ["END SUMMARY", "End Summary.", "(End summary.)", "End\nSummary.",
            "END SUMMARY AND COMMENT.", "End of summary."]
)  # fmt: skip
def test_a_summary_lasts_to_its_end_over_paragraphs(end):
    document = read_lines("1. (C) Summary: A.", "", f"2. (C) B. {end}", "", "3. (C) C.")
    assert roles(document) == [SUMMARY, SUMMARY, ParagraphRole.BODY]


def test_an_end_is_found_behind_letters_that_have_two_capitals():
    document = read_lines(
        "1. (C) Weiß: A.", "", "2. (C) ß ŉ. End summary.", "", "3. C."
    )
    assert roles(document) == [SUMMARY, SUMMARY, ParagraphRole.BODY]
    spoken = read_lines("1. (C) Groß. (Comment: Weiß. End comment.) So.")
    assert voices(spoken) == [("(Comment: Weiß. End comment.)", VoiceKind.COMMENT)]


def test_a_summary_with_an_end_only_begins_at_the_first_paragraph():
    document = read_lines("1. (C) A.", "", "2. (C) B. END SUMMARY.", "", "3. (C) C.")
    assert roles(document) == [SUMMARY, SUMMARY, ParagraphRole.BODY]


def test_a_summary_without_end_is_one_paragraph():
    document = read_lines("1. (C) Summary: A.", "", "2. (C) B.")
    assert roles(document) == [SUMMARY, ParagraphRole.BODY]


def test_a_summary_above_the_first_paragraph_is_read_unnumbered():
    document = read_lines(
        "SUMMARY", "-------", "", "Short.", "", "Text", "----", "", "1. (C) A."
    )
    assert roles(document) == [SUMMARY, ParagraphRole.BODY]
    assert texts(document) == ["Short.", "A."]


def test_a_heading_gives_its_paragraphs_the_role_it_names():
    document = read_lines(
        "SUMMARY", "-------", "", "1. (C) A.", "", "2. (C) B.", "",
        "COMMENT", "-------", "", "3. (C) C.",
    )  # fmt: skip
    assert roles(document) == [SUMMARY, SUMMARY, COMMENT]


def test_a_comment_paragraph_has_a_role_and_no_voice():
    document = read_lines("1. (C) A.", "", "2. (C) Comment: We doubt it. End comment.")
    assert roles(document) == [ParagraphRole.BODY, COMMENT]
    assert voices(document) == []


def test_a_note_paragraph_is_a_note():
    document = read_lines("1. (C) A.", "", "2. (U) NOTE: Minimize considered.")
    assert roles(document)[1] == ParagraphRole.NOTE


# Voices


@pytest.mark.parametrize(
    ("voice", "kind"),
    [
        ("(Comment: We doubt (very much) it.)", VoiceKind.COMMENT),
        ("(COMMENT: We doubt it. END COMMENT.)", VoiceKind.COMMENT),
        ("[Comment: We doubt it.]", VoiceKind.COMMENT),
        ("(Embassy comment: We doubt it.)", VoiceKind.COMMENT),
        ("(Note: He is ill.)", VoiceKind.NOTE),
        ("(NB: He is ill.)", VoiceKind.NOTE),
        ("(Bio note: He is ill.)", VoiceKind.NOTE),
        ("(Interpreter: or shoals.)", VoiceKind.INTERPRETER),
        ("Comment: We doubt it. End comment.", VoiceKind.COMMENT),
        ("BEGIN COMMENT: We doubt it. END COMMENT.", VoiceKind.COMMENT),
        ("Note: He is ill. End note.", VoiceKind.NOTE),
        ("Comment. We doubt it. End comment.", VoiceKind.COMMENT),
        ("COMMENT -- We doubt it. END COMMENT.", VoiceKind.COMMENT),
    ],
)
def test_a_voice_is_the_span_that_the_author_says(voice, kind):
    document = read_lines(f"1. (C) He said no. {voice} He left (at last).")
    assert voices(document) == [(voice, kind)]
    assert roles(document) == [ParagraphRole.BODY]


def test_each_voice_of_a_paragraph_is_found():
    document = read_lines("1. (C) A (Note: b) c (Comment: d (Note: e) f) g.")
    assert [words for words, _ in voices(document)] == [
        *("(Note: b)", "(Comment: d (Note: e) f)"),
    ]


def test_a_bracket_that_is_not_closed_lasts_to_the_end_and_is_warned_of():
    document = read_lines("1. (C) A. (Comment: b.", "", "2. (C) Two.")
    assert voices(document) == [("(Comment: b.", VoiceKind.COMMENT)]
    assert codes(document) == ["voice_unclosed"]


def test_the_word_comment_alone_is_no_voice():
    document = read_lines("1. (C) His comment: none. He had (no comment) more.")
    assert voices(document) == []


@pytest.mark.parametrize("sign", [":", ".", " --"])
def test_a_comment_that_opens_a_longer_paragraph_is_a_voice_in_it(sign):
    comment = f"Comment{sign} We doubt it. End comment."
    text = f"{comment} The minister then had no comment. (Note: He was ill. End note.)"
    document = read_lines(f"1. (C) {text}")
    assert roles(document) == [ParagraphRole.BODY]
    assert voices(document) == [
        (comment, VoiceKind.COMMENT),
        ("(Note: He was ill. End note.)", VoiceKind.NOTE),
    ]

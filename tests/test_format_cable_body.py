"""The body of a cable: numbers, marks, headings, blocks, voices, sections, ending."""

import pytest

from ingest.formats.cable import parse_text
from positions.choices import Level, ParagraphRole, VoiceKind
from tests.cables import (
    BODY,
    HEADER,
    HEADING,
    cable_text,
    codes,
    numbers,
    read,
    read_lines,
    texts,
    voices,
)

HEADINGS, SUMMARY, COMMENT = (
    ParagraphRole.HEADING,
    ParagraphRole.SUMMARY,
    ParagraphRole.COMMENT,
)


def marks(document):
    return [(p.level, p.controls, p.marking) for p in document.paragraphs if p.label]


def roles(document):
    return [p.role for p in document.paragraphs if p.role not in ("heading", "subject")]


# Labels, marks


@pytest.mark.parametrize(
    ("line", "label", "mark", "words"),
    [
        ("1. (C) Text.", "1.", "(C)", "Text."),
        ("1.  (S)  SUMMARY: Text.", "1.", "(S)", "SUMMARY: Text."),
        ("1.(C) Text.", "1.", "(C)", "Text."),
        ("1 . (C) Text.", "1 .", "(C)", "Text."),
        ("¶1. (S) Text.", "¶1.", "(S)", "Text."),
        ("¶1 (S) Text.", "¶1", "(S)", "Text."),
        ("¶ 1. Text.", "¶ 1.", "", "Text."),
        ("1 (U) Text.", "1", "(U)", "Text."),
        ("1.  Text.", "1.", "", "Text."),
        ("  1. Text.", "1.", "", "Text."),
        ("1. C) Text.", "1.", "C)", "Text."),
        ("1. SBU) Text.", "1.", "SBU)", "Text."),
        ("1. Summary: (SBU) Text.", "1.", "(SBU)", "Summary: (SBU) Text."),
        ("1. (SBU/NF) Text.", "1.", "(SBU/NF)", "Text."),
        ("1. (C): Text.", "1.", "(C)", "Text."),
        ("1. (U)\nText.", "1.", "(U)", "Text."),
    ],
)
def test_a_paragraph_begins_behind_label_and_mark(line, label, mark, words):
    document = read_lines(line)
    [paragraph] = [p for p in document.paragraphs if p.label]
    assert (paragraph.number, paragraph.label, paragraph.marking) == ("1", label, mark)
    assert texts(document) == [words]


@pytest.mark.parametrize(
    ("mark", "level", "controls"),
    [
        ("(U)", Level.UNCLASSIFIED, ""),
        ("(SBU)", Level.RESTRICTED, ""),
        ("(LOU)", Level.RESTRICTED, ""),
        ("(FOUO)", Level.RESTRICTED, ""),
        ("(C)", Level.CONFIDENTIAL, ""),
        ("(S)", Level.SECRET, ""),
        ("(TS)", Level.TOP_SECRET, ""),
        ("(SBU/N)", Level.RESTRICTED, "NF"),
        ("(C/NF)", Level.CONFIDENTIAL, "NF"),
        ("(S/NF)", Level.SECRET, "NF"),
        ("(S//NF)", Level.SECRET, "NF"),
        ("(C/NOFORN)", Level.CONFIDENTIAL, "NF"),
        ("(C/REL LIBYA)", Level.CONFIDENTIAL, "REL LIBYA"),
        ("(S//ORCON/NF)", Level.SECRET, "ORCON/NF"),
    ],
)
def test_a_portion_mark_is_level_and_controls(mark, level, controls):
    assert marks(read_lines(f"1. {mark} Text.")) == [(level, controls, mark)]


@pytest.mark.parametrize("words", ["(Continued)", "(CM) Text", "(B) Text", "(Ada)"])
def test_other_brackets_are_no_marks(words):
    assert marks(read_lines(f"1. {words} goes on.")) == [(None, "", "")]


def test_a_paragraph_without_mark_inherits_nothing():
    document = read_lines("1. (S) One.", "", "2. Two.")
    assert [level for level, _, _ in marks(document)] == [Level.SECRET, None]
    assert document.level == Level.CONFIDENTIAL


@pytest.mark.parametrize(
    "line", ["1. (C - ENTIRE TEXT).", "1. CONFIDENTIAL - ENTIRE TEXT."]
)
def test_entire_text_covers_all_paragraphs(line):
    document = read_lines(line, "", "2. Two.", "", "3. (U) Three.")
    assert [level for level, _, _ in marks(document)] == [2, 2, 0]
    assert texts(document)[0].strip(". ") in line
    assert numbers(document) == ["1", "2", "3"]


# Numbers


def test_reason_codes_dates_and_decimals_open_no_paragraph():
    document = read_lines(
        "1. (C) See the reasons", "1.4 (b) and", "1.5 (D) of", "2.5 percent since",
        "1999. He spoke on", "12/3 of it.", "", "2. (C) Two.",
    )  # fmt: skip
    assert numbers(document) == ["1", "2"]


def test_a_line_that_breaks_before_a_number_opens_no_paragraph():
    document = read_lines("1. (C) As said in paragraph", "2. The rest follows.")
    assert numbers(document) == ["1"]


def test_paragraphs_need_no_blank_line_between_them():
    document = read_lines("1. (C) One.", "2. (C) Two.", "3. Three.")
    assert texts(document) == ["One.", "Two.", "Three."]


def test_paragraphs_of_a_collapsed_copy_begin_within_lines():
    document = read_lines("1. (C) One ends. 2. (C) Two ends.  3. (U) Three.")
    assert numbers(document) == ["1", "2", "3"]
    assert texts(document) == ["One ends.", "Two ends.", "Three."]


def test_sub_items_stay_in_their_paragraph():
    lines = ["1. (C) These:", "", "A. One", "(b) Two", "-- three", "- four", "* five"]
    document = read_lines(*lines, "", "2. (C) Two.")
    assert texts(document)[0] == "\n".join(lines).removeprefix("1. (C) ")


def test_a_list_that_begins_at_one_stays_in_its_paragraph():
    document = read_lines(
        "1. (C) One.", "", "2. (C) Dates:", "", "1. March", "2. April", "3. May",
        "", "Take one.", "", "3. (C) Three.",
    )  # fmt: skip
    assert numbers(document) == ["1", "2", "3"]
    assert texts(document)[1].endswith("3. May\n\nTake one.")


def test_the_paragraph_sign_read_as_one_is_told_by_the_numbers_after_it():
    document = read_lines("11. (C) A.", "", "12. (C) B.", "", "¶13. (C) C.")
    assert numbers(document) == ["1", "2", "3"]
    assert [p.label for p in document.paragraphs if p.label] == ["11.", "12.", "¶13."]
    assert codes(document) == ["label_misread"] * 3


def test_ten_and_more_may_be_misread_too():
    lines = [line for n in range(1, 10) for line in (f"{n}. (C) {n}.", "")]
    document = read_lines(*lines, "110. (C) Ten.", "", "111. (C) Eleven.")
    assert numbers(document) == [str(n) for n in range(1, 12)]


def test_a_leap_that_the_numbers_after_it_do_not_confirm_is_a_gap():
    document = read_lines("1. (C) A.", "", "12. (C) B.", "", "27. (C) C.")
    assert numbers(document) == ["1", "12", "27"]
    assert codes(document) == ["number_gap", "number_gap"]


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ([1, 2, 4, 5], "number_gap"),
        ([1, 2, 2, 3], "number_repeat"),
        ([1, 2, 3, 1, 2], "number_restart"),
        ([1, 2, 3, 4, 2, 3], "number_back"),
    ],
)
def test_numbers_out_of_order_are_kept_as_printed_and_warned_of(printed, code):
    document = read_lines(*(f"{n}. (C) Text.\n" for n in printed))
    assert numbers(document) == [str(n) for n in printed]
    assert codes(document) == [code]


def test_an_unmarked_number_out_of_order_counts_only_if_the_next_follows_it():
    gap = read_lines(*(f"{n}. Text.\n" for n in (1, 2, 4, 5)))
    assert (numbers(gap), codes(gap)) == (["1", "2", "4", "5"], ["number_gap"])
    lone = read_lines("1. Text.", "", "2. Text.", "", "7. Text.")
    assert numbers(lone) == ["1", "2"]


def test_a_text_without_numbers_is_cut_at_blank_lines():
    document = read_lines("One text.", "", "Another", "text.")
    assert texts(document) == ["One text.", "Another\ntext."]
    assert numbers(document) == []


def test_a_paragraph_without_text_is_its_label():
    document = read_lines("1. (C) One.", "", "2.", "", "3. (C) Three.")
    assert texts(document) == ["One.", "2.", "Three."]
    assert "paragraph_empty" in codes(document)


# Annexed texts


@pytest.mark.parametrize(
    "begin", ["BEGIN TEXT:", "Begin text.", "BEGIN UNOFFICIAL TEXT"]
)
@pytest.mark.parametrize("end", ["END TEXT.", "(End text.)", "END UNOFFICIAL TEXT"])
def test_a_text_between_begin_and_end_has_a_series_of_its_own(begin, end):
    document = read_lines(
        "1. (C) One.", "", "2. (C) The note:", "", begin, "", "1. Ada.", "", "2. Bo.",
        "", end, "", "3. (C) Three.",
    )  # fmt: skip
    assert numbers(document) == ["1", "2", "A1", "A2", "3"]
    assert texts(document, ParagraphRole.ANNEX) == ["Ada.", "Bo."]
    assert codes(document) == []


def test_a_second_annexed_text_has_the_next_letter():
    note = ["BEGIN TEXT", "", "1. X.", "", "END TEXT", ""]
    document = read_lines("1. (C) One.", "", *note, "2. (C) Two.", "", *note)
    assert numbers(document) == ["1", "A1", "2", "B1"]


def test_a_text_announced_in_words_is_annexed_and_the_cable_goes_on():
    document = read_lines(
        "1. (C) One.", "", "2. (C) The non-paper reads:", "", "1. Ada.", "", "2. Bo.",
        "", "3. (C) Three.",
    )  # fmt: skip
    assert numbers(document) == ["1", "2", "A1", "A2", "3"]


def test_unnumbered_words_between_begin_and_end_are_annexed():
    document = read_lines(
        "1. (C) One.", "", "BEGIN TEXT:", "", "Dear all,", "", "Yours. END TEXT.", "",
        "2. (C) Two.",
    )  # fmt: skip
    assert texts(document, ParagraphRole.ANNEX) == ["Dear all,", "Yours."]
    assert numbers(document) == ["1", "2"]


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


def test_a_comment_that_opens_a_longer_paragraph_is_a_voice_in_it():
    text = "Comment: We doubt it. End comment. The minister then said much, much more."
    document = read_lines(f"1. (C) {text}")
    assert roles(document) == [ParagraphRole.BODY]
    assert voices(document) == [
        ("Comment: We doubt it. End comment.", VoiceKind.COMMENT)
    ]


# Sections and running lines


def test_a_running_line_in_a_sentence_is_taken_out_and_its_place_kept():
    document = read_lines(
        "1. (C) The minister", "OSLO 00000001  002 OF 003", "", "said no.", "",
        "2. (C) Two OSLO 00000001  003.2 OF 003  is short.",
    )  # fmt: skip
    assert texts(document) == ["The minister\nsaid no.", "Two is short."]
    assert [p.section for p in document.paragraphs if p.label] == [1, 2]
    [first], [second] = [p.skips for p in document.paragraphs if p.label]
    assert (first.at, first.raw) == (13, "OSLO 00000001  002 OF 003\n\n")
    assert (second.at, second.raw) == (4, "OSLO 00000001  003.2 OF 003  ")
    starts = document.header["sections"]["starts"]
    assert [start["section"] for start in starts] == [2, 3]
    assert document.raw.count("OF 003") == 2


def test_a_page_line_goes_with_the_classification_above_it():
    document = read_lines(
        "1. (C) The minister", "                 CONFIDENTIAL",
        "PAGE 02        OSLO  00001  01 OF 02  082030Z", "said no.", "", "2. Two.",
    )  # fmt: skip
    assert texts(document) == ["The minister\nsaid no.", "Two."]
    assert [p.page for p in document.paragraphs if p.label] == [None, 2]


def test_a_heading_repeated_for_a_section_is_taken_out():
    second = HEADING.replace("OSLO 000001", "SECTION 02 OF 02 OSLO 000001")
    first = HEADING.replace("OSLO 000001", "SECTION 01 OF 02 OSLO 000001")
    body = f"1. (C) One goes\n\n{HEADER}\n{second}\non.\n\n2. (C) Two.\n"
    document = read(heading=first, body=body)
    assert texts(document) == ["One goes\n\non.", "Two."]
    assert [p.section for p in document.paragraphs if p.label] == [1, 2]
    assert document.raw == cable_text(heading=first, body=body)


def test_a_part_that_holds_only_section_two_keeps_its_heading():
    heading = HEADING.replace("OSLO 000001", "SECTION 02 OF 02 OSLO 000001")
    document = read(heading=heading)
    assert document.header["sections"]["number"] == 2
    assert document.title == "BUOYS AND LIGHTS"


# Ending


@pytest.mark.parametrize(
    ("ending", "signer", "trailer"),
    [
        ("\nHOLM\n", "HOLM", ""),
        ("HOLM", "HOLM", ""),
        ("\nHOLM\nNNNN\n", "HOLM", "NNNN"),
        ("\nO'NEILL-HOLM\n\n##\n", "O'NEILL-HOLM", "##"),
        ("\nHOLM LEE\n\nCONFIDENTIAL\n", "HOLM LEE", "CONFIDENTIAL"),
        ("\nHOLM\n\nDeclassified/Released by the department\n", "HOLM",
         "Declassified/Released by the department"),
        ("\nUNQUOTE\nHOLM", "HOLM", ""),
        ("\nNNNN", "", "NNNN"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_signer_and_what_stands_below_are_no_paragraph(ending, signer, trailer):
    document = read(body=BODY + ending)
    assert document.header["signer"] == signer
    assert document.header["trailer"] == trailer
    assert texts(document) == ["The first paragraph.", "The second paragraph."]


def test_a_name_behind_the_last_sentence_is_the_signer():
    document = read(body="1. THEY SAID NO. HOLM\n")
    assert document.header["signer"] == "HOLM"
    assert texts(document) == ["THEY SAID NO."]


@pytest.mark.parametrize(
    "last",
    ["END COMMENT", "WE AGREE", "BY THE U.S. NAVY", "END QUOTE. END TEXT", "NATO"],
)
def test_last_words_that_are_no_name_stay_in_the_paragraph(last):
    document = read(body=f"1. THEY SPOKE OF\n{last}\n")
    assert document.header["signer"] == ""
    assert texts(document) == [f"THEY SPOKE OF\n{last}"]


# Damage


@pytest.mark.parametrize(
    ("printed", "text", "code"),
    [
        ("Bo&#8217;s &amp; &quot;his&quot;", "Bo\u2019s & \"his\"", "entities"),
        ("[Bo](#)", "Bo", "links"),
        ("[Bo](https://example.org/x)", "Bo", "links"),
        ("B\0o", "Bo", "nul_removed"),
        ("B\ud800o", "B\ufffdo", "characters_lost"),
        ('\\"Bo\\"', '"Bo"', "backslashes"),
    ],
)  # fmt: skip
def test_damage_is_mended_and_warned_of_once_with_its_line(printed, text, code):
    document = read_lines(f"1. (C) {printed} said no.")
    assert texts(document) == [f"{text} said no."]
    [problem] = document.problems
    line = document.raw[: document.raw.index(printed)].count("\n") + 1
    assert (problem.code, problem.place) == (code, f"line {line}")
    assert printed in document.raw


@pytest.mark.parametrize("end", ["\r\n", "\r", " \n", "  \r\n", "\\\n"])
def test_any_line_end_reads_as_one(end):
    text = cable_text()
    document = parse_text(text.replace("\n", end), "08OSLO1.txt")
    assert document.text == text
    assert document.raw == text.replace("\n", end)
    assert numbers(document) == ["1", "2"]

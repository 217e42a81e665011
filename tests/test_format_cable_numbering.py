"""Labels, portion marks, numbers and annexed texts of a cable."""

import pytest

from positions.choices import Level, ParagraphRole
from tests.cables import (
    codes,
    numbers,
    read_lines,
    texts,
)


def marks(document):
    return [(p.level, p.controls, p.marking) for p in document.paragraphs if p.label]


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

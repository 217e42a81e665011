"""Running lines, ending and mended damage of a cable."""

import pytest

from ingest.formats.cable import parse_text
from tests.cables import (
    BODY,
    HEADER,
    HEADING,
    cable_text,
    numbers,
    read,
    read_lines,
    texts,
)

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
        ("\nHOLM\n\nCONFIDENTIAL\n\nNNN", "HOLM", "CONFIDENTIAL\n\nNNN"),
        ("\nHOLM\nBT\n#0001\n\nNNNN", "HOLM", "BT\n#0001\n\nNNNN"),
        ("\nHOLM\n#", "HOLM", "#"),
        (" UNQUOTE HOLM", "HOLM", ""),
        ("\nCONFIDENTIAL\n\nHOLM", "HOLM", ""),
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

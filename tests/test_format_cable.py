"""Whole cables: the real one, where it is at hand, and look-alikes of each shape."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.formats import FORMATS
from ingest.formats.cable import parse
from ingest.reading import Read
from ingest.records import ImportFault, Voice, rebuild
from positions.choices import (
    AddresseeRole,
    Level,
    ParagraphRole,
    SourceKind,
    VoiceKind,
)
from tests.cables import cable_text, codes, texts, voices

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
REAL = SAMPLES / "08TOKYO1212.txt"
LOOK_ALIKES = Path(__file__).parent / "data" / "cable"

needs_the_real_cable = pytest.mark.skipif(
    not REAL.is_file(), reason="the real cable is not at hand"
)


def read(path):
    return parse(path.read_bytes(), str(path))


@pytest.fixture(scope="module")
def real():
    return read(REAL)


def numbered(document):
    return [p for p in document.paragraphs if p.number]


@needs_the_real_cable
def test_the_real_cable_is_known_by_its_file_and_by_its_text(real):
    assert real.identifier == "08TOKYO1212"
    assert real.printed_identifier == "08TOKYO1212"
    assert real.canonical_identifier == "08TOKYO1212"
    assert (real.kind, real.language) == (SourceKind.CABLE, "en")
    assert (real.parser, real.shape) == ("cable", "full")


@needs_the_real_cable
def test_the_real_cable_says_when_and_by_whom_it_was_sent(real):
    assert real.dated == "2008-05-02"
    assert real.dated_at == datetime(2008, 5, 2, 7, 2, tzinfo=UTC)
    assert real.issuer == "AMEMBASSY TOKYO"
    assert real.header["transmission"] == "VZCZCXRO3709"
    assert real.header["precedence"] == "OO"
    assert real.header["routing"] == ["RUEHFK", "RUEHKS", "RUEHNH"]
    assert real.header["station"] == {
        "station": "RUEHKO",
        "serial": "1212",
        "section": "01",
        "julian": "123",
        "time": "0702",
    }
    assert real.header["security"]["letter"] == "S"


@needs_the_real_cable
def test_the_real_cable_has_one_action_and_twenty_information_addressees(real):
    roles = [party.role for party in real.parties]
    assert roles == [AddresseeRole.ACTION] + [AddresseeRole.INFORMATION] * 20
    assert [(p.name, p.precedence, p.continuity) for p in real.parties] == [
        ("SECSTATE WASHDC", "IMMEDIATE", "3946"),
        ("ALL NATO POST COLLECTIVE", "PRIORITY", ""),
        ("AMEMBASSY BEIJING", "PRIORITY", "3131"),
        ("AMEMBASSY DUBLIN", "PRIORITY", "0134"),
        ("AMEMBASSY MOSCOW", "PRIORITY", "2268"),
        ("AMEMBASSY OSLO", "PRIORITY", "1186"),
        ("AMEMBASSY SEOUL", "PRIORITY", "9148"),
        ("AMCONSUL FUKUOKA", "PRIORITY", "7592"),
        ("AMCONSUL NAHA", "PRIORITY", "9976"),
        ("AMCONSUL OSAKA KOBE", "PRIORITY", "1271"),
        ("AMCONSUL SAPPORO", "PRIORITY", "8187"),
        ("USMISSION GENEVA", "", "3307"),
        ("JOINT STAFF WASHINGTON DC", "", ""),
        ("USFJ", "", ""),
        ("USMISSION USNATO", "", "1241"),
        ("SECDEF WASHDC", "", ""),
        ("NSC WASHDC", "", ""),
        ("HQ USPACOM HONOLULU HI", "", ""),
        ("COMUSKOREA SEOUL KOR", "", ""),
        ("USMISSION USUN NEW YORK", "", "9642"),
        ("CIA WASHDC", "", ""),
    ]
    assert (real.parties[0].routing, real.parties[13].routing) == ("RUEHC", "RHMFISS")


@needs_the_real_cable
def test_the_heading_of_the_real_cable_is_read(real):
    title = "CLUSTER MUNITIONS: JAPAN STILL WORKING CCW AND OSLO PROCESS"
    assert real.title == title
    assert real.header["subject"] == {"mark": "", "text": title}
    assert [(tag["code"], tag["kind"]) for tag in real.header["tags"]] == [
        ("PREL", "subject"),
        ("MOPS", "subject"),
        ("PARM", "subject"),
        ("JA", "geo"),
        ("NATO", "organisation"),
    ]
    assert real.header["tags"][3]["country"] == "JPN"
    assert real.header["tags_raw"] == "PREL MOPS PARM JA NATO"
    assert real.header["order"] == {
        "order": "12958",
        "raw": "12958: DECL: 05/02/2023",
        "kind": "date",
        "date": "2023-05-02",
    }
    classifier = real.header["classifier"]
    assert classifier["name"] == "Joseph Donovan"
    assert classifier["title"] == "Charge d'affaires"
    assert (classifier["section"], classifier["reasons"]) == ("1.4", ["b", "d"])
    assert real.header["captions"] == ["SIPDIS", "SIPDIS"]
    assert real.references == ()
    assert real.header["sections"] == {"number": 1, "of": 3, "starts": []}
    assert (real.level, real.controls) == (Level.SECRET, "")


@needs_the_real_cable
def test_the_misread_paragraph_signs_of_the_real_cable_give_eight_numbers(real):
    eight = numbered(real)
    assert [p.number for p in eight] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert [p.label for p in eight] == [
        *("1.", "2.", "13.", "14.", "15."),
        *("¶16.", "¶17.", "¶18."),
    ]
    assert [p.marking for p in eight] == ["(S)"] * 6 + ["(U)"] * 2
    assert [p.level for p in eight] == [Level.SECRET] * 6 + [Level.UNCLASSIFIED] * 2
    assert codes(real) == ["links"] + ["label_misread"] * 6
    raw_lines = REAL.read_text().split("\n")
    places = [int(p.place.removeprefix("line ")) for p in real.problems[1:]]
    assert [raw_lines[place - 1].split(" ")[0] for place in places] == [
        p.label for p in eight[2:]
    ]


@needs_the_real_cable
def test_each_paragraph_of_the_real_cable_stands_under_its_heading(real):
    titles = [
        "US: Criminalizing CM Will Affect PKO, Embarrass G-8",
        "Japan Position Unchanged - Prefer CCW, Settle for Oslo",
        "The Need for a Stronger Public Campaign",
        "United States Will Raise Prominence of Issue",
        "Japan May Decide Between Two Documents",
    ]
    assert [p.heading for p in numbered(real)] == ["", *titles, titles[4], titles[4]]
    assert texts(real, ParagraphRole.HEADING) == titles
    [subject] = texts(real, ParagraphRole.SUBJECT)
    assert " ".join(subject.split()) == real.title
    roles = [p.role for p in numbered(real)]
    assert roles == [ParagraphRole.SUMMARY] + [ParagraphRole.BODY] * 7
    assert [p.order for p in real.paragraphs] == list(range(1, 15))


@needs_the_real_cable
def test_the_words_of_the_real_cable_begin_behind_label_and_mark(real):
    words = [real.text_of(p) for p in numbered(real)]
    assert words[0].startswith("SUMMARY: An Oslo Process agreement")
    assert words[0].endswith("at the end of the year. End Summary.")
    assert "told MOFA\n\nDisarmament" in words[1]
    assert "simple tinkering with\n\nthe language" in words[4]
    assert words[7] == "This cable as been approved by DAS Ganyard."
    assert real.header["signer"] == "DONOVAN"


@needs_the_real_cable
def test_the_comment_in_the_third_paragraph_of_the_real_cable_is_a_voice(real):
    third = numbered(real)[2]
    assert third.voices == (Voice(1043, 1373, VoiceKind.COMMENT),)
    [(words, kind)] = voices(real)
    assert words.startswith("(Comment: PM Fukuda's ruling LDP controls")
    assert words.endswith("controls the Diet's Upper House.)")
    assert real.text_of(third).endswith(words)


@needs_the_real_cable
def test_the_real_cable_can_be_rebuilt_and_reads_the_same_twice(real):
    assert rebuild(real.text, real.patches) == REAL.read_text(encoding="utf-8")
    assert "TAGS: PREL MOPS PARM JA NATO\n" in real.text
    assert all(line == line.rstrip() for line in real.text.split("\n"))
    assert real.digest == read(REAL).digest


def test_a_merged_cable_gives_sections_annex_voices_and_residue():
    document = read(LOOK_ALIKES / "07OSLO912.txt")
    assert document.identifier == document.canonical_identifier == "07OSLO912"
    assert [p.number for p in numbered(document)] == [
        *("1", "2", "3", "4", "A1", "A2", "5"),
    ]
    assert [p.role for p in numbered(document)] == [
        *(ParagraphRole.SUMMARY, ParagraphRole.SUMMARY),
        *(ParagraphRole.BODY, ParagraphRole.BODY),
        *(ParagraphRole.ANNEX, ParagraphRole.ANNEX),
        ParagraphRole.COMMENT,
    ]
    assert [p.heading for p in numbered(document)] == [
        *("SUMMARY", "SUMMARY"),
        *["Hosting without Leading"] * 4,
        "COMMENT",
    ]
    assert [p.section for p in document.paragraphs] == [1] * 6 + [2] * 5
    third = numbered(document)[2]
    [skip] = third.skips
    assert skip.raw == "OSLO 00000912  002 OF 002\n"
    words = document.text_of(third)
    assert words[: skip.at].endswith("He asked that\n")
    assert words[skip.at :].startswith("Washington not read this")
    assert voices(document) == [
        (
            "(Comment: He made the\nsame point (twice) in July. End comment.)",
            VoiceKind.COMMENT,
        )
    ]
    assert "1. Fixed lights" in words
    assert document.header["signer"] == "VANCE"
    assert document.header["trailer"] == "NNNN"
    assert [r.canonical_id or r.kind for r in document.references] == [
        *("07OSLO877", "06HELSINKI1204", "email"),
    ]
    assert document.controls == "NOFORN"
    assert codes(document) == ["precedence_repaired"]


def test_a_printed_telegram_of_the_seventies_is_read():
    document = read(LOOK_ALIKES / "74VALLETTA77.txt")
    assert document.canonical_identifier == "74VALLETTA77"
    assert document.dated_at == datetime(1974, 2, 14, 15, 30, tzinfo=UTC)
    assert [p.number for p in numbered(document)] == ["1", "2", "3"]
    assert texts(document)[1].endswith("4. MARCH 6\n\nWE SUGGEST THE LAST.")
    assert texts(document)[2] == "PLEASE ADVISE."
    assert document.header["signer"] == "ABELA"
    assert (document.level, document.shape) == (None, "print")
    assert codes(document) == ["month_repaired"]


def test_a_copy_without_header_takes_its_year_from_the_published_id():
    document = read(LOOK_ALIKES / "09SOFIA44_a.txt")
    assert document.identifier == "09SOFIA44_a"
    assert document.printed_identifier == "09SOFIA44"
    assert document.canonical_identifier == "09SOFIA44"
    assert (document.dated, document.dated_at) == ("2009", None)
    assert (document.issuer, document.shape) == ("", "body only")
    assert document.title == "FERRY FARES: BULGARIA\u2019S VIEW"
    assert document.level == Level.RESTRICTED
    assert [p.marking for p in numbered(document)] == ["(SBU)", "(SBU)", "(U)"]
    assert [p.number for p in numbered(document)] == ["1", "2", "3"]
    assert texts(document)[0].startswith("Summary: (SBU) Fares")
    assert document.header["signer"] == "Hartwell"


def test_standard_input_is_named_by_the_id_that_the_text_prints():
    document = parse(cable_text().encode(), "-")
    assert document.identifier == "08OSLO1"


def test_the_text_wins_over_a_published_id_that_says_something_else():
    document = parse(cable_text().encode(), "08OSLO17.txt")
    assert document.identifier == "08OSLO17"
    assert document.canonical_identifier == "08OSLO1"
    assert "id_differs" in codes(document)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        ("<html><p>" + cable_text(), "This is an HTML page without a preformatted"),
        ("Dear all,\n\n1. Lunch is at one.\n", "This is not a cable: no heading"),
        (cable_text(body=""), "The cable breaks off in its heading"),
        ("FM AMEMBASSY OSLO\nTO SECSTATE", "This is not a cable: no heading"),
        ("VZCZCXRO0001\nO 140930Z JAN 08\nFM AMEM", "The cable breaks off in its"),
    ],
)
def test_what_is_no_whole_cable_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(ImportFault, match=sentence) as caught:
        parse(text.encode(), "x.txt")
    assert caught.value.file == "x.txt"
    assert "\n" not in caught.value.reason


def test_a_cable_without_any_identifier_is_refused():
    with pytest.raises(ImportFault, match="no identifier"):
        parse(cable_text(header="").encode(), "-")


def test_the_decoding_is_warned_of_before_all_else():
    data = cable_text(body="1. (C) Café.\n").encode("latin-1")
    document = parse(data, "08OSLO1.txt")
    assert codes(document)[0] == "encoding"
    assert texts(document) == ["Café."]


def test_fifty_megabytes_of_one_line_are_refused_in_one_sentence():
    with pytest.raises(ImportFault, match="This is not a cable"):
        parse(b"word " * (10 * 2**20), "x.txt")


def test_the_register_knows_the_cable():
    document = FORMATS["cable"].parse(Read("08OSLO1.txt", cable_text().encode()))
    assert document.parser == FORMATS["cable"].parser
    assert document.parser_version == FORMATS["cable"].version

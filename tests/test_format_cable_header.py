"""The routing header, the reference line and the identifiers of a cable."""

import re
from datetime import UTC, datetime

import pytest

from ingest.formats.cable.findings import Findings
from ingest.formats.cable.header import DTG, read_dtg, read_header, within_one_edit
from ingest.formats.cable.identity import canonical_id, reference_id
from ingest.formats.cable.lines import Lines
from positions.choices import AddresseeRole, Level
from tests.cables import BODY, HEADER, HEADING, codes, read

ACTION, INFORMATION, EXEMPTED = AddresseeRole


def header_of(*lines):
    findings = Findings()
    text = Lines("\n".join(lines))
    header, index = read_header(text.lines, text.starts, findings)
    return header, index, [code for code, _, _ in findings.found]


def party_of(line):
    header, _, found = header_of("FM AMEMBASSY OSLO", f"TO {line}")
    [party] = header.parties
    return party, found


@pytest.mark.parametrize(
    ("group", "sent"),
    [
        ("O 310000Z DEC 08", (2008, 12, 31, 0, 0)),
        ("P R 221405Z AUG 07", (2007, 8, 22, 14, 5)),
        ("PR 241140Z NOV 73", (1973, 11, 24, 11, 40)),
        ("R 100045 Z MAR 73", (1973, 3, 10, 0, 45)),
        ("010000Z JAN 66", (1966, 1, 1, 0, 0)),
        ("010000Z JAN 99", (1999, 1, 1, 0, 0)),
        ("010000Z JAN 00", (2000, 1, 1, 0, 0)),
        ("010000Z JAN 10", (2010, 1, 1, 0, 0)),
        ("O 010000Z JAN 2009", (2009, 1, 1, 0, 0)),
        ("0 132344Z SEPT 76", (1976, 9, 13, 23, 44)),
        ("2317462 JUL 75", (1975, 7, 23, 17, 46)),
        ("O 290039Z SEP 76 ZFF4", (1976, 9, 29, 0, 39)),
    ],
)
def test_a_date_time_group_is_an_instant(group, sent):
    header, _, found = header_of(group, "FM AMEMBASSY OSLO")
    assert header.sent == datetime(*sent, tzinfo=UTC)
    assert found == []


@pytest.mark.parametrize(
    ("group", "code"),
    [
        ("R 310000Z FEB 08", "date_unreadable"),
        ("R 012500Z FEB 08", "date_unreadable"),
        ("R 010000Z XYZ 08", "date_unreadable"),
        ("R 150341Z PEB 76", "month_repaired"),
        ("R 010000Z JAN 44", "year_unusual"),
    ],
)
def test_an_odd_date_time_group_is_warned_of(group, code):
    header, _, found = header_of(group, "FM AMEMBASSY OSLO")
    assert found == [code]
    assert (header.sent is None) == (code == "date_unreadable")


def test_the_month_of_a_date_is_mended_only_where_one_month_is_near():
    findings = Findings()
    match = DTG.match("R 010000Z JUX 08")
    assert read_dtg(match, findings, 0) is None


def test_signals_behind_the_date_are_kept():
    header, _, _ = header_of("O R 212245Z JUN 75 ZFF-4", "FM AMEMBASSY OSLO")
    assert header.signals == "ZFF-4"
    assert header.dtg == "O R 212245Z JUN 75"
    assert header.action_precedence == ["O", "R"]


@pytest.mark.parametrize(
    ("line", "name", "precedence", "continuity", "routing"),
    [
        ("RUEHC/SECSTATE WASHDC IMMEDIATE 9662", "SECSTATE WASHDC", "IMMEDIATE", "9662",
         "RUEHC"),
        ("RUEHBJ/AMEMBASSY BEIJING PRIORITY 0000", "AMEMBASSY BEIJING", "PRIORITY",
         "0000", "RUEHBJ"),
        ("AMEMBASSY ROME NIACT IMMEDIATE 12", "AMEMBASSY ROME NIACT IMMEDIATE 12", "",
         "", ""),
        ("AMEMBASSY ROME NIACT IMMEDIATE", "AMEMBASSY ROME", "NIACT IMMEDIATE", "", ""),
        ("SECSTATE WASHDC FLASH 1126", "SECSTATE WASHDC", "FLASH", "1126", ""),
        ("AMEMBASSY ROME ROUTINE", "AMEMBASSY ROME", "ROUTINE", "", ""),
        ("RUEHGV/USMISSION GENEVA 3307", "USMISSION GENEVA", "", "3307", "RUEHGV"),
        ("RHMFISS/COMUSJAPAN YOKOTA AB JA PRIORITY", "COMUSJAPAN YOKOTA AB JA",
         "PRIORITY", "", "RHMFISS"),
        ("RUEHAK/39OS INCIRLIK AB TU", "39OS INCIRLIK AB TU", "", "", "RUEHAK"),
        ("DET 1 39LG ANKARA TU", "DET 1 39LG ANKARA TU", "", "", ""),
        ("RUEHAK/TASK FORCE 5100", "TASK FORCE 5100", "", "", "RUEHAK"),
        ("RUEHC/DEPT/OTHER", "DEPT/OTHER", "", "", "RUEHC"),
        ("NSC/STAFF", "NSC/STAFF", "", "", ""),
    ],
)  # fmt: skip
def test_an_addressee_is_split(line, name, precedence, continuity, routing):
    party, found = party_of(line)
    assert (party.name, party.precedence) == (name, precedence)
    assert (party.continuity, party.routing) == (continuity, routing)
    assert party.role == ACTION
    assert found == []


@pytest.mark.parametrize("word", ["PIORITY", "PRIOITY", "PRIORTIY", "PRIORITTY"])
def test_a_misspelt_precedence_is_read_and_warned_of(word):
    party, found = party_of(f"RUEHRO/AMEMBASSY ROME {word} 8111")
    assert (party.name, party.precedence) == ("AMEMBASSY ROME", "PRIORITY")
    assert (party.continuity, found) == ("8111", ["precedence_repaired"])


@pytest.mark.parametrize(
    ("word", "near"),
    [("FLASH", True), ("FLAS", True), ("FLASHH", True), ("FALSH", True),
     ("SLASH", True), ("FL", False), ("CRASH", False), ("HSALF", False)],
)  # fmt: skip
def test_words_one_edit_apart_are_told_from_others(word, near):
    assert within_one_edit(word, "FLASH") is near


def test_a_role_holds_until_the_next_prosign():
    header, index, _ = header_of(
        "FM AMEMBASSY OSLO",
        "TO RUEHC/SECSTATE WASHDC",
        "RUEHRO/AMEMBASSY ROME",
        "INFO RUEHHE/AMEMBASSY HELSINKI",
        "RUEHCP/AMEMBASSY COPENHAGEN",
        "",
        "UNCLAS OSLO 000001",
    )
    assert [p.role for p in header.parties] == [ACTION] * 2 + [INFORMATION] * 2
    assert index == 6


@pytest.mark.parametrize(
    "lines",
    [
        ["TO ALL POSTS", "XMT AMCONSUL NAPLES", "AMEMBASSY SUVA"],
        ["TO ALL POSTS, XMT AMCONSUL NAPLES, AMEMBASSY SUVA"],
        ["TO ALL POSTS", "XMT/AMCONSUL NAPLES", "AMEMBASSY SUVA"],
        ["TO ALL POSTS, XMT AMCONSUL NAPLES", "AMEMBASSY SUVA"],
    ],
)
def test_exempted_posts_name_their_collective(lines):
    header, _, _ = header_of("FM AMEMBASSY OSLO", *lines)
    assert [(p.role, p.name, p.exempted_from) for p in header.parties] == [
        (ACTION, "ALL POSTS", ""),
        (EXEMPTED, "AMCONSUL NAPLES", "ALL POSTS"),
        (EXEMPTED, "AMEMBASSY SUVA", "ALL POSTS"),
    ]


def test_a_routing_indicator_ends_the_exemption():
    header, _, _ = header_of(
        "FM AMEMBASSY OSLO",
        "INFO RUEHXP/ALL NATO POST COLLECTIVE, XMT AMCONSUL NAPLES",
        "RUEHHE/AMEMBASSY HELSINKI",
    )
    roles = [party.role for party in header.parties]
    assert roles == [INFORMATION, EXEMPTED, INFORMATION]


def test_a_cable_may_have_no_action_addressee():
    header, _, _ = header_of("FM SECSTATE WASHDC", "INFO AMEMBASSY ROME")
    assert [party.role for party in header.parties] == [INFORMATION]


def test_a_page_line_behind_to_hides_no_addressee():
    document = read(
        header="O 140930Z JAN 08\nFM SECSTATE WASHDC\n"
        "TO PAGE 02   STATE   015113  182333Z\nAMEMBASSY ROME IMMEDIATE\n"
        "PAGE 03   STATE   015113  182333Z\nAMEMBASSY OSLO\n"
    )
    assert [(p.role, p.name) for p in document.parties] == [
        (ACTION, "AMEMBASSY ROME"),
        (ACTION, "AMEMBASSY OSLO"),
    ]


def test_info_lines_above_the_originator_are_no_addressees():
    header, _, _ = header_of(
        "PAGE 01 STATE 150591",
        "ORIGIN DRC-01",
        "INFO OCT-01 ISO-00 /002 R",
        "DRAFTED BY: A/B: C D",
        "------------- 023461",
        "R 061200Z JUL 74",
        "FM SECSTATE WASHDC",
        "TO AMEMBASSY ROME",
    )
    assert [party.name for party in header.parties] == ["AMEMBASSY ROME"]
    assert header.originator == "SECSTATE WASHDC"


def test_the_format_lines_are_kept_and_the_second_may_wrap():
    header, _, _ = header_of(
        "VZCZCXYZ0000",
        "RR RUEHWEB RUEHAA",
        "RUEHBB RUEHCC",
        "DE RUEHKO #3532/02 3660000",
        "ZNR UUUUU ZZH ZDK",
        "R 310000Z DEC 08",
        "FM AMEMBASSY TOKYO",
    )
    assert header.transmission == "VZCZCXYZ0000"
    assert header.precedence == "RR"
    assert header.routing == ["RUEHWEB", "RUEHAA", "RUEHBB", "RUEHCC"]
    assert header.station["section"] == "02"
    assert header.security == {"signal": "ZNR", "letter": "U", "signals": "ZZH ZDK"}


def test_a_text_without_header_begins_at_its_first_line():
    header, index, _ = header_of("Some words", "", "UNCLAS OSLO 000001")
    assert (header.found, index) == (False, 0)


def test_the_day_of_the_year_is_checked_against_the_date():
    assert "julian_differs" not in codes(read())
    other = HEADER.replace("0140930", "0150930")
    assert "julian_differs" in codes(read(header=other))


def test_the_letter_of_the_header_is_checked_against_the_text():
    assert "classification_differs" not in codes(read())
    document = read(header=HEADER.replace("CCCCC", "SSSSS"))
    assert "classification_differs" in codes(document)
    assert document.level == Level.CONFIDENTIAL


def test_the_serial_of_the_header_is_checked_against_the_text():
    assert codes(read()) == []
    assert codes(read(header=HEADER.replace("#0001", "#0017"))) == ["serial_differs"]
    long = HEADING.replace("000001", "120001")
    assert codes(read(heading=long, name="08OSLO120001")) == []


def test_a_copy_that_calls_itself_an_extract_is_warned_of():
    words = "This record is a partial extract of the original cable. "
    document = read(heading=words + "The full text is not available.\n\n" + HEADING)
    assert codes(document) == ["partial_extract"]


@pytest.mark.parametrize(
    ("line", "level", "controls", "printed"),
    [
        ("S E C R E T SECTION 01 OF 05 OSLO 003532", Level.SECRET, "", "08OSLO3532"),
        ("S e c r e t oslo 001938", Level.SECRET, "", "08OSLO1938"),
        ("C O N F I D E N T I A L  OSLO 000001", Level.CONFIDENTIAL, "", "08OSLO1"),
        ("CONFIDENTIAL THE HAGUE 000012", Level.CONFIDENTIAL, "", "08THEHAGUE12"),
        ("UNCLAS OSLO 000012", Level.UNCLASSIFIED, "", "08OSLO12"),
        ("UNCLASSIFIED OSLO 12", Level.UNCLASSIFIED, "", "08OSLO12"),
        ("UNCLAS SENSITIVE OSLO 000012", Level.RESTRICTED, "SENSITIVE", "08OSLO12"),
        ("UNCLAS//FOR OFFICIAL USE ONLY OSLO 000012", Level.RESTRICTED,
         "FOROFFICIALUSEONLY", "08OSLO12"),
        ("UNCLAS E F T O OSLO 000012", Level.RESTRICTED, "EFTO", "08OSLO12"),
        ("LIMITED OFFICIAL USE OSLO 000012", Level.RESTRICTED, "", "08OSLO12"),
        ("T O P S E C R E T OSLO 000012", Level.TOP_SECRET, "", "08OSLO12"),
        ("C O N F I D E N T I A L NOFORN OSLO 000012", Level.CONFIDENTIAL, "NOFORN",
         "08OSLO12"),
        ("S E C R E T SCTION 01 GF 02 OSLO 000012", Level.SECRET, "", "08OSLO12"),
        ("UNCLAS N'DJAMENA 000012", Level.UNCLASSIFIED, "", "08NDJAMENA12"),
    ],
)  # fmt: skip
def test_the_reference_line_gives_level_and_identifier(line, level, controls, printed):
    heading = HEADING.replace("C O N F I D E N T I A L OSLO 000001", line)
    document = read(heading=heading)
    assert document.level == level
    assert document.controls == controls
    assert document.printed_identifier == printed
    assert document.title == "BUOYS AND LIGHTS"


def test_addresses_go_on_below_blank_lines():
    lines = "FM AMEMBASSY OSLO", "TO SECSTATE WASHDC", "INFO AMEMBASSY ROME"
    header = "\n\n".join(["O 310000Z DEC 08", *lines, "AMEMBASSY PARIS"])
    document = read(header=header + "\n\n")
    assert [party.name for party in document.parties] == [
        *("SECSTATE WASHDC", "AMEMBASSY ROME", "AMEMBASSY PARIS")
    ]
    assert document.title == "BUOYS AND LIGHTS"


@pytest.mark.parametrize(
    ("level", "captions", "found"),
    [
        ("UNCLAS", "SENSITIVE", Level.RESTRICTED),
        ("UNCLAS", "SIPDIS\n\nSENSITIVE", Level.RESTRICTED),
        ("UNCLAS", "S E N S I T I V E", Level.RESTRICTED),
        ("UNCLAS", "SENSITIVE BUT UNCLASSIFIED", Level.RESTRICTED),
        ("UNCLAS", "SIPDIS\n\nOSLO FOR SENSITIVE ISSUES UNIT", Level.UNCLASSIFIED),
        ("S E C R E T", "SENSITIVE", Level.SECRET),
    ],
)
def test_sensitive_on_a_line_of_its_own_restricts_what_is_unclassified(
    level, captions, found
):
    heading = HEADING.replace("C O N F I D E N T I A L", level)
    head, line, rest = heading.partition("OSLO 000001")
    document = read(heading=f"{head}{line}\n\n{captions}{rest}")
    assert document.level == found
    assert document.title == "BUOYS AND LIGHTS"


def test_a_second_series_of_numbers_is_kept_beside_the_serial():
    heading = HEADING.replace(
        "C O N F I D E N T I A L OSLO 000001", "SECRET STATE 266331 TOSEC 270030"
    )
    document = read(heading=heading)
    assert document.printed_identifier == "08STATE266331"
    assert document.header["mrn"]["tosec"] == "TOSEC 270030"


def test_everything_from_reference_line_to_tags_may_stand_on_one_line():
    document = read(
        heading="UNCLAS OSLO 000001 SIPDIS STATE FOR EUR E.O. 12958: N/A TAGS: PREL, NO"
        "\nSUBJECT: BUOYS\n"
    )
    assert document.printed_identifier == "08OSLO1"
    assert document.header["order"]["kind"] == "not_applicable"
    assert [tag["code"] for tag in document.header["tags"]] == ["PREL", "NO"]
    assert document.title == "BUOYS"


@pytest.mark.parametrize(
    ("above", "originator", "printed"),
    [
        ("ROME 9878", "AMEMBASSY ROME", "08ROME9878"),
        ("138330", "SECSTATE WASHDC", "08STATE138330"),
        ("138330", "AMEMBASSY ATLANTIS", ""),
    ],
)
def test_a_print_may_have_the_serial_above_the_header_only(above, originator, printed):
    document = read(
        header=f"TELEGRAM\n{above}\n\nR 140930Z JAN 08\n\nFM {originator}\nTO NSC\n",
        heading="E.O. 12958: N/A\nTAGS: PREL\nSUBJECT: BUOYS\n",
    )
    assert document.printed_identifier == printed
    assert document.header["above"] == ["TELEGRAM", above]


@pytest.mark.parametrize(
    "name", ["a/08OSLO1.txt", "08OSLO1.txt", "x\\08OSLO1", "\udcff.txt"]
)
def test_an_identifier_has_no_slash_blank_or_surrogate(name):
    identifier = read(name=name).identifier
    assert identifier.isascii()
    assert not set(identifier) & set("/\\ ")
    assert identifier.endswith("08OSLO1")


def test_a_body_that_names_a_level_is_no_reference_line():
    heading = re.sub(r"C O N.*\n", "", HEADING)
    document = read(heading=heading, body=BODY + "\nSECRET TALKS BEGAN 1999\n")
    assert document.printed_identifier == ""
    assert document.level is None


@pytest.mark.parametrize(
    ("published", "canonical"),
    [
        ("08TOKYO3532", "08TOKYO3532"),
        ("08TOKYO003532", "08TOKYO3532"),
        ("08TOKYO3532_a", "08TOKYO3532"),
        ("08tokyo3532", "08TOKYO3532"),
        ("7575LIBREVILLE1895", "75LIBREVILLE1895"),
        ("75LIBREVILLE1895_b", "75LIBREVILLE1895"),
        ("08ECTION01OF02MANAMA492", "08MANAMA492"),
        ("08SECTION01GF02MANAMA492", "08MANAMA492"),
        ("05EFTOLONDON12", "05LONDON12"),
        ("05NOFORNLONDON12", "05LONDON12"),
        ("05AMEMBASSYLONDON12", "05LONDON12"),
        ("76STATE266331TOSEC270030", "76STATE266331"),
        ("08STATE17ZFR2585", "08STATE17"),
        ("08STATE17ZDK164", "08STATE17"),
        ("08STATE17SUSPECTEDDUPLICATE", "08STATE17"),
        ("10-OTTAWA-57", "10OTTAWA57"),
        ("050TTAWA3518", "05OTTAWA3518"),
        ("06RIO12", "06RIODEJANEIRO12"),
        ("06UNVIE12", "06UNVIEVIENNA12"),
        ("06USEU12", "06USEUBRUSSELS12"),
        ("06SECSTATE12", "06STATE12"),
        ("06SOIA12", "06SOFIA12"),
        ("06ASTANA", "06ASTANA204"),
        ("06ATLANTIS", ""),
        ("d10", ""),
        ("", ""),
        ("STATE17", ""),
        ("08AB17", ""),
    ],
)
def test_a_published_id_is_mended_to_the_canonical_one(published, canonical):
    assert canonical_id(published) == canonical
    if canonical:
        assert canonical_id(canonical) == canonical


def test_a_reference_id_has_no_blanks_apostrophes_or_zeros_before_its_serial():
    assert reference_id(2006, "Rio de Janeiro", "000012") == "06RIODEJANEIRO12"
    assert reference_id(1999, "N'DJAMENA", "7") == "99NDJAMENA7"

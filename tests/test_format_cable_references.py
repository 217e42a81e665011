"""REF lines of a cable."""

import pytest

from ingest.formats.cable.references import read_references
from tests.cables import HEADING, numbers, read


def canonical(text, year=2008):
    return [reference.canonical_id for reference in read_references(text, year)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("STATE: 73097", ["08STATE73097"]),
        ("09CAIRO0561; 08CAIRO2528", ["09CAIRO561", "08CAIRO2528"]),
        ("10-OTTAWA-57", ["10OTTAWA57"]),
        ("PORT A 76; PORT A 100", ["08PORTAUPRINCE76", "08PORTAUPRINCE100"]),
        ("2005PANAMA2342", ["05PANAMA2342"]),
        ("05 0TTAWA 3518", ["05OTTAWA3518"]),
        ("(B)O4 CHENNAI 0944", ["04CHENNAI944"]),
        ("HCMC 196", ["08HOCHIMINHCITY196"]),
        ("05 SANTIAG0 465", ["05SANTIAGO465"]),
    ],
)
def test_nine_forms_that_other_readers_miss_are_read(text, expected):
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06 TBILISI 2601", ["06TBILISI2601"]),
        ("2007 MANAGUA 2135", ["07MANAGUA2135"]),
        ("(99) ROME 2196", ["99ROME2196"]),
        ("ASUNCION 701 (08)", ["08ASUNCION701"]),
        ("'08 HANOI 3", ["08HANOI3"]),
        ("094 PARIS 12", ["09PARIS12"]),
        ("OSLO 12", ["08OSLO12"]),
        ("RIO DE JANEIRO 12", ["08RIODEJANEIRO12"]),
        ("PORT AU PRINCE 12", ["08PORTAUPRINCE12"]),
        ("THE\nHAGUE\n\n 14", ["08THEHAGUE14"]),
        ("N'DJAMENA 12", ["08NDJAMENA12"]),
        ("BRASILIA 2799 AND 2764", ["08BRASILIA2799", "08BRASILIA2764"]),
        ("State 188314, 259032", ["08STATE188314", "08STATE259032"]),
        ("SECSTATE 1 AND SECSTATE 2", ["08STATE1", "08STATE2"]),
        ("OSLO 12 / ROME 13", ["08OSLO12", "08ROME13"]),
        ("(A) STATE 259540, (B) 17055", ["08STATE259540", "08STATE17055"]),
        ("A. STATE'S 51556", ["08STATE51556"]),
    ],
)
def test_an_item_has_year_origin_and_serial(text, expected):
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("A. OSLO 1 B. OSLO 2", "AB"),
        ("A) OSLO 1 B) OSLO 2", "AB"),
        ("(A) OSLO 1; (B) OSLO 2", "AB"),
        ("[A] OSLO 1 [B] OSLO 2", "AB"),
        ("A: OSLO 1 B: OSLO 2", "AB"),
        ("A.) OSLO 1 B.) OSLO 2", "AB"),
        ("a. OSLO 1 b. OSLO 2", "AB"),
        ("(1) OSLO 1 (2) OSLO 2", "12"),
        ("1. OSLO 1, 2. OSLO 2", "12"),
        ("A. A) OSLO 1 B. (B) OSLO 2", "AB"),
        ("A OSLO 1\nB OSLO 2", "AB"),
        ("¶A. OSLO 1\n     ¶B. OSLO 2", "AB"),
    ],
)
def test_items_are_enumerated_in_many_ways(text, letters):
    references = read_references(text, 2008)
    assert [r.label for r in references] == list(letters)
    assert [r.canonical_id for r in references] == ["08OSLO1", "08OSLO2"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("HOLM-LEE E-MAIL OF MAY 3", "email"),
        ("EUR/NB - EMBASSY TELCON OF MAY 3", "telcon"),
        ("HOLM MEMO TO LEE", "memo"),
        ("FAX OF MAY 3", "fax"),
        ("9 FAM 41.31", "manual"),
        ("IIR 6 899 0001 06", "report"),
        ("LONDON DAILY 11/3/09", "report"),
        ("SECDEF MSG DTG 301601Z SEP 08", "message"),
        ("PARIS POINTS JULY 15", "points"),
        ("A-4568, JUNE 5", "airgram"),
        ("OUR TALK", "other"),
    ],
)
def test_what_is_no_cable_is_kept_as_text_with_its_kind(text, kind):
    [reference] = read_references(text, 2008)
    assert (reference.kind, reference.canonical_id) == (kind, "")
    assert reference.raw in text


def test_notes_stay_with_their_item():
    references = read_references(
        "A. STATE 12 (NOTAL) B. OSLO 3 AND PREVIOUS C. ROME 4 (FISH IN THE NORTH)", 2008
    )
    assert [r.note for r in references] == ["NOTAL", "PREVIOUS", "FISH IN THE NORTH"]


def test_initials_in_a_name_are_no_enumerators():
    references = read_references("A. STATE 12 B. J. SMITH E-MAIL OF MAY 3", 2008)
    assert [r.label for r in references] == ["A", "B"]
    assert references[1].raw == "J. SMITH E-MAIL OF MAY 3"


def test_without_a_year_nothing_is_canonical():
    assert canonical("OSLO 12", year=None) == [""]
    assert canonical("06 OSLO 12", year=None) == ["06OSLO12"]


@pytest.mark.parametrize(
    "label", ["REF:", "REFS:", "REF.", "REF", "REF(S):", "Ref:", "Reftel:", "REF: REF:",
              "REFERENCE", "REFTELS:"]
)  # fmt: skip
def test_the_label_of_references_has_many_forms(label):
    heading = HEADING.replace("REF: STATE 12", f"{label} OSLO 77")
    [reference] = read(heading=heading).references
    assert reference.canonical_id == "08OSLO77"


def test_a_wrapped_word_of_the_subject_before_ref_stays_in_the_subject():
    heading = HEADING.replace("LIGHTS\n\nREF: STATE 12", "LIGHTS\nPROGRAM REF: OSLO 77")
    document = read(heading=heading)
    assert document.title == "BUOYS AND LIGHTS PROGRAM"
    assert document.references[0].canonical_id == "08OSLO77"


def test_a_list_goes_on_across_a_blank_line_and_a_running_line():
    heading = HEADING.replace(
        "REF: STATE 12\n",
        "REF: A. OSLO 77\n\n     B. OSLO 78\nOSLO 00000001  001.2 OF 002\n\n"
        "     C. RIO DE\n     JANEIRO 79\n",
    )
    references = read(heading=heading).references
    assert [r.canonical_id for r in references] == [
        *("08OSLO77", "08OSLO78", "08RIODEJANEIRO79"),
    ]


def test_of_two_reference_blocks_the_fuller_is_taken():
    heading = HEADING.replace("REF: STATE 12\n", "REF: OSLO 7\n\nREF: OSLO 7, ROME 8\n")
    references = read(heading=heading).references
    assert [r.canonical_id for r in references] == ["08OSLO7", "08ROME8"]


@pytest.mark.parametrize("letter", ["{})", "{}:", "({})"])
def test_references_with_a_label_each_are_all_read(letter):
    lines = [f"REF {letter.format(a)} OSLO {n}\n" for n, a in enumerate("ABC", 7)]
    heading = HEADING.replace("REF: STATE 12\n", "".join(lines))
    references = read(heading=heading).references
    assert [(r.label, r.canonical_id) for r in references] == [
        *(("A", "08OSLO7"), ("B", "08OSLO8"), ("C", "08OSLO9")),
    ]


def test_numbered_references_are_no_paragraphs():
    heading = HEADING.replace("REF: STATE 12\n", "REF:\n1. OSLO 7\n2. ROME 8\n")
    document = read(heading=heading)
    assert [r.canonical_id for r in document.references] == [
        *("08OSLO7", "08ROME8"),
    ]
    assert numbers(document) == ["1", "2"]

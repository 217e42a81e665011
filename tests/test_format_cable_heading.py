"""The heading of a cable: E.O., TAGS, SUBJECT, Classified By, captions."""

import pytest

from ingest.formats.cable.findings import Findings
from ingest.formats.cable.heading import (
    join_title,
    read_classifier,
    read_order,
    read_reasons,
)
from ingest.formats.cable.tags import kind_of, read_tags
from positions.choices import Level, ParagraphRole
from tests.cables import BODY, HEADING, codes, numbers, read, texts

SUBJECT = "SUBJECT: BUOYS AND LIGHTS"


def heading_with(subject, rest="\nREF: STATE 12\n"):
    top = HEADING[: HEADING.index("SUBJECT:")]
    return f"{top}{subject}\n{rest}"


def tags_of(text):
    findings = Findings()
    tags = [(tag["code"], tag["kind"]) for tag in read_tags(text, findings, 0)]
    return tags, [code for code, _, _ in findings.found]


@pytest.mark.parametrize(
    ("line", "order", "kind", "day"),
    [
        ("12958: DECL: 05/02/2023", "12958", "date", "2023-05-02"),
        ("12958: DECL: 5/2/2023", "12958", "date", "2023-05-02"),
        ("12958: DECL: 6/30/08", "12958", "date", "2008-06-30"),
        ("12958: DECL: 2013/05/06", "12958", "date", "2013-05-06"),
        ("12958 DECL 01/20/2019", "12958", "date", "2019-01-20"),
        ("13526: DECL: 02/23/2020", "13526", "date", "2020-02-23"),
        ("1295: DECL: 07/24/2018", "1295", "date", "2018-07-24"),
        ("12958: DECL: X1", "12958", "exemption", ""),
        ("12958: DECL: X1, X5", "12958", "exemption", ""),
        ("12356: DECL: OADR", "12356", "exemption", ""),
        ("11652: GDS", "11652", "exemption", ""),
        ("12958: DECL: AFTER KOREAN UNIFICATION", "12958", "event", ""),
        ("12958: N/A", "12958", "not_applicable", ""),
        ("11652:", "11652", "", ""),
    ],
)
def test_the_order_line_has_a_number_a_kind_and_perhaps_a_date(line, order, kind, day):
    record = read_order(line, Findings(), 0)
    assert (record["order"], record["kind"], record["date"]) == (order, kind, day)
    assert record["raw"] == line


def test_a_day_that_is_none_is_warned_of_and_read_as_an_event():
    findings = Findings()
    record = read_order("12958: DECL: 13/45/2013", findings, 0)
    assert (record["kind"], record["date"]) == ("event", "")
    assert findings.counts == {"date_unreadable": 1}


@pytest.mark.parametrize("label", ["E.O. ", "EO ", "E.o. ", "E. O. ", ""])
def test_the_order_line_has_many_labels(label):
    heading = HEADING.replace("E.O. ", label)
    assert read(heading=heading).header["order"]["date"] == "2018-01-14"


@pytest.mark.parametrize("when", ["X1", "OADR", ""])
def test_a_date_in_the_body_is_never_the_day_of_declassification(when):
    heading = HEADING.replace("DECL: 01/14/2018", f"DECL: {when}")
    body = "1. (C) On 2003/05/06 and on 05/06/2003 E.O. 12958 was read.\n"
    assert read(heading=heading, body=body).header["order"]["date"] == ""


@pytest.mark.parametrize(
    "label", ["TAGS:", "TAGS", "TAG", "TAGS;", "TAGS,", "TAGES:", "TABS:", "Tags:",
              "TAS:", "TGS:", "AGS:"]
)  # fmt: skip
def test_the_tags_have_many_labels(label):
    document = read(heading=HEADING.replace("TAGS:", label))
    assert [tag["code"] for tag in document.header["tags"]] == ["PREL", "NO"]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("PREL MOPS, JA,NATO", [("PREL", "subject"), ("MOPS", "subject"),
                                ("JA", "geo"), ("NATO", "organisation")]),
        ("prel, kpal", [("PREL", "subject"), ("KPAL", "programme")]),
        ("OVIP (HOLM, ADA B.), PREL", [("OVIP", "subject"), ("HOLM, ADA B.", "person"),
                                       ("PREL", "subject")]),
        ("OVIP HOLMQVIST ADA PREL", [("OVIP", "subject"), ("HOLMQVIST, ADA", "person"),
                                     ("PREL", "subject")]),
        ("OVIP PARM PINR", [("OVIP", "subject"), ("PARM", "subject"),
                            ("PINR", "subject")]),
        ("PHUM, HUMAN RIGHTS, IT", [("PHUM", "subject"), ("HUMAN RIGHTS", "topic"),
                                    ("IT", "geo")]),
        ("UNGA/C-6, UN", [("UNGA/C-6", "organisation"), ("UN", "organisation")]),
        ("PREL, JA, PREL, JA", [("PREL", "subject"), ("JA", "geo")]),
        ("ECON SIPDIS CA", [("ECON", "subject"), ("CA", "geo")]),
        ("ECON TAGS: CA", [("ECON", "subject"), ("CA", "geo")]),
        ("PFOR, XA", [("PFOR", "subject"), ("XA", "geo")]),
        ("OCON, FAO.", [("OCON", "subject"), ("FAO", "organisation")]),
    ],
)  # fmt: skip
def test_tags_are_told_apart_by_kind(text, tags):
    assert tags_of(text) == (tags, [])


@pytest.mark.parametrize(
    ("text", "tags", "code"),
    [
        ("KFRDCVISASECEG", ["KFRD", "CVIS", "ASEC", "EG"], "tags_split"),
        ("IZPREL", ["IZ", "PREL"], "tags_split"),
        ("PHUMBA", ["PHUM", "BA"], "tags_split"),
        ("MOPPS", ["MOPS"], "tag_repaired"),
        ("KWWMN", ["KWMN"], "tag_repaired"),
        ("RU", ["RU"], "tag_unknown"),
        ("QQQQQQQQQ", ["QQQQQQQQQ"], "tag_unknown"),
    ],
)
def test_damaged_tags_are_read_and_warned_of(text, tags, code):
    found, warned = tags_of(text)
    assert ([tag for tag, _ in found], warned) == (tags, [code])


def test_a_country_tag_names_its_country():
    [tag] = read_tags("CH", Findings(), 0)
    assert tag == {"code": "CH", "kind": "geo", "country": "CHN"}
    assert kind_of("RU") == "unknown"


@pytest.mark.parametrize(
    "wrapped",
    [
        *(
            "PREL,\nNO",
            "PREL\nNO, NATO",
            "PREL NO\nKPAL PGOV",
            "PREL, OVIP (HOLM,\nADA)",
        ),
        *("PREL, COUNTRY\nCLEARANCE", "MEDIA\nREACTION REPORT, PREL"),
    ],
)
def test_tags_wrap_after_a_comma_and_where_the_next_line_is_tags(wrapped):
    document = read(heading=HEADING.replace("PREL, NO", wrapped))
    assert document.header["tags_raw"] == wrapped
    assert document.title == "BUOYS AND LIGHTS"


def test_tags_end_where_prose_begins():
    heading = HEADING.replace("PREL, NO\n", "PREL, NO\nSome stray words of the post\n")
    document = read(heading=heading)
    assert document.header["tags_raw"] == "PREL, NO"
    assert document.header["passing"] == ["Some stray words of the post"]


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("SUBJECT: BUOYS AND\nLIGHTS", "BUOYS AND LIGHTS"),
        ("SUBJECT:\n\nBUOYS AND LIGHTS", "BUOYS AND LIGHTS"),
        ("SUBJECT BUOYS AND LIGHTS", "BUOYS AND LIGHTS"),
        ("SUBJ: BUOYS AND LIGHTS", "BUOYS AND LIGHTS"),
        ("UBJECT: BUOYS AND LIGHTS", "BUOYS AND LIGHTS"),
        ("Subject: Buoys and lights", "Buoys and lights"),
        ("SUBJECT: BUOYS AND\n\nLIGHTS", "BUOYS AND LIGHTS"),
        ("SUBJECT: US-\nLATIN  BUOYS", "US-LATIN BUOYS"),
        ("SUBJECT: BUOYS (ICELAND)", "BUOYS (ICELAND)"),
        ("SUBJECT: ROUND (JUL 30 - JUL 31)", "ROUND (JUL 30 - JUL 31)"),
        ("SUBJECT: BUOYS AND\nREF: OSLO 7", "BUOYS AND"),
        ("SUBJECT: BUOYSREF: OSLO 7", "BUOYS"),
        ("SUBJECT: BUOYS REF: OSLO 7", "BUOYS"),
        ("SUBJECT: BUOYS\nSENSITIVE BUT UNCLASSIFIED", "BUOYS"),
        ("SUBJECT: BUOYS\nThis is an action request.", "BUOYS"),
        ("SUBJECT: BUOYS\n-----", "BUOYS"),
        ("SUBJECT: BUOYS\nOSLO 00000001  001.2 OF 002\nAND LIGHTS",
         "BUOYS AND LIGHTS"),
        ("SUBJECT: A\nB\nC\nD\nE\nF", "A B C D E F"),
    ],
)  # fmt: skip
def test_a_subject_wraps_and_ends(subject, title):
    document = read(heading=heading_with(subject))
    assert document.title == title
    [words] = texts(document, ParagraphRole.SUBJECT)
    assert join_title(words) == title


def test_a_subject_may_be_followed_by_the_summary_or_the_first_paragraph():
    for body in ("SUMMARY: Short.\n\n1. (C) One.\n", "1. (C) One.\n"):
        document = read(heading=heading_with("SUBJECT: BUOYS", rest="")[:-1], body=body)
        assert document.title == "BUOYS"
        assert numbers(document) == ["1"]


@pytest.mark.parametrize(
    ("mark", "level"),
    [("(U)", 0), ("(SBU)", 1), ("(C/NF)", 2), ("(S//NF)", 3)],
)
def test_the_mark_of_a_subject_is_no_part_of_the_title(mark, level):
    document = read(heading=heading_with(f"SUBJECT: {mark} BUOYS (ICELAND)"))
    assert document.title == "BUOYS (ICELAND)"
    assert document.header["subject"] == {"mark": mark, "text": "BUOYS (ICELAND)"}
    subject = document.paragraphs[0]
    assert (subject.marking, subject.level) == (mark, Level(level))
    assert document.text_of(subject) == "BUOYS (ICELAND)"


def test_a_heading_without_subject_gives_none_even_if_the_body_has_the_word():
    heading = HEADING.replace(SUBJECT + "\n", "")
    document = read(heading=heading, body="1. (C) SUBJECT: buoys.\n\n2. (C) More.\n")
    assert document.title == ""
    assert texts(document, ParagraphRole.SUBJECT) == []
    assert "subject_missing" in codes(document)


def test_of_a_heading_printed_twice_the_complete_subject_is_taken():
    cut = HEADING.replace("BUOYS AND LIGHTS", "BUOYS AN...")
    document = read(heading=cut + "\n" + HEADING)
    assert document.title == "BUOYS AND LIGHTS"
    assert numbers(document) == ["1", "2"]


def test_a_comma_for_an_apostrophe_is_kept_and_warned_of():
    document = read(heading=heading_with("SUBJECT: THE POST,S BUOYS"))
    assert document.title == "THE POST,S BUOYS"
    assert "comma_for_apostrophe" in codes(document)


def test_captions_and_passing_lines_are_kept_in_order():
    heading = HEADING.replace(
        "SIPDIS\n",
        "SIPDIS\n\nNOFORN SIPDIS\nC O R R E C T E D  COPY (SUBJECT LINE)\n\n"
        "DEPT FOR EUR/NB, PM\nOSLO FOR DATT\n",
    )
    document = read(heading=heading)
    assert document.header["captions"] == [
        *("SIPDIS", "NOFORN", "SIPDIS"),
        "C O R R E C T E D  COPY (SUBJECT LINE)",
    ]
    assert document.header["passing"] == ["DEPT FOR EUR/NB, PM", "OSLO FOR DATT"]
    assert document.controls == "NOFORN"
    assert document.title == "BUOYS AND LIGHTS"


def test_labels_may_stand_in_any_order():
    document = read(
        heading="UNCLAS OSLO 000001\n\nCLASSIFIED BY: DCM ADA HOLM, REASON 1.5 B,D\n"
        "TAGS: PREL, NO\nE.O. 12958: DECL: X1\n\nSUBJECT: BUOYS\n"
    )
    header = document.header
    assert header["classifier"]["reasons"] == ["b", "d"]
    assert header["order"]["kind"] == "exemption"
    assert header["tags_raw"] == "PREL, NO"
    assert document.title == "BUOYS"


def test_subject_reference_and_classifier_may_stand_on_one_line():
    heading = heading_with(
        "SUBJECT: VISIT TO EGYPTREF: CAIRO 493 "
        "Classified By: DCM Ada Holm. Reason 1.4 (b)",
        rest="",
    )
    document = read(heading=heading)
    assert document.title == "VISIT TO EGYPT"
    assert document.references[0].canonical_id == "08CAIRO493"
    assert document.header["classifier"]["name"] == "Ada Holm"


@pytest.mark.parametrize(
    ("text", "name", "title", "section", "reasons"),
    [
        ("DCM John B. Smith, reasons 1.4 (b/d).", "John B. Smith", "DCM", "1.4", "bd"),
        ("Ambassador Ada Holm. Reasons: 1.4 (b,d)", "Ada Holm", "Ambassador", "1.4",
         "bd"),
        ("John Smith, Political Counselor, Embassy Oslo. Reason: 1.5 B,D", "John Smith",
         "Political Counselor, Embassy Oslo", "1.5", "bd"),
        ("ADA HOLM, DCM. REASONS 1.4(B), (D)", "ADA HOLM", "DCM", "1.4", "bd"),
        ("LEE 0. HOLM, DIRECTOR SA/PAB. 1.5.D", "LEE 0. HOLM", "DIRECTOR SA/PAB", "1.5",
         "d"),
        ("Ambassador Ada Holm, Jr., for reasons 1.4 b and d", "Ada Holm Jr",
         "Ambassador", "1.4", "bd"),
        ("DCM Tom Lee III, Reason 1.4 (c)", "Tom Lee III", "DCM", "1.4", "c"),
        ("Charge a.i. Tom Lee. Re asons 1.4 ( b) (d)", "Tom Lee", "Charge a.i.", "1.4",
         "bd"),
        ("DCM Tom Lee REA\nSONS: 1.4 (b) a\nnd (d)", "Tom Lee", "DCM", "1.4", "bd"),
        ("Classified by DCM Tom Lee for reasons 1.4 (a) - (h)", "Tom Lee", "DCM",
         "1.4", "ah"),
        ("(C) DCM Tom Lee, E.O. 12958, reason 1.4 (B) and (E)", "Tom Lee", "DCM", "1.4",
         "be"),
        ("section 1.5", "", "", "1.5", ""),
        ("", "", "", "", ""),
    ],
)  # fmt: skip
def test_the_classifier_has_name_title_and_reasons(text, name, title, section, reasons):
    found = read_classifier(text)
    assert (found["name"], found["title"]) == (name, title)
    if "E.O." not in text:
        assert (found["section"], found["reasons"]) == (section, list(reasons))
    else:
        assert found["reasons"] == list(reasons)


def test_reasons_end_where_words_begin():
    assert read_reasons("Reasons 1.4 (b) and (d). A new text") == ("1.4", ["b", "d"])
    assert read_reasons("Reason: national security") == ("", [])


def test_classified_by_as_first_paragraph_is_read_and_stays_a_paragraph():
    heading = HEADING[: HEADING.index("Classified By")]
    body = "1. CLASSIFIED BY DCM ADA HOLM. REASON 1.5 B,D.\n\n2. (C) More.\n"
    document = read(heading=heading, body=body)
    assert document.header["classifier"]["name"] == "ADA HOLM"
    assert document.header["classifier"]["reasons"] == ["b", "d"]
    assert numbers(document) == ["1", "2"]


def test_a_repeated_label_of_the_classifier_is_read_once():
    heading = HEADING.replace("Classified By: ", "Classified By: Classified by ")
    assert read(heading=heading, body=BODY).header["classifier"]["name"] == "Ada Holm"

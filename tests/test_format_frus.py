"""Volumes of the series in TEI: cut into documents, and each read."""

from datetime import UTC, datetime

import pytest
from guarding import hang_guard
from hypothesis import given
from hypothesis import strategies as st
from trees import BAD, DATA, as_read, cut, read_all, read_or_fault, words

from ingest.formats import frus, xml
from ingest.formats.frus.heading import read_heading
from ingest.formats.frus.persons import Person
from ingest.formats.frus.source_note import read_source_note
from ingest.records import Document, ImportFault, Reference, Tables
from positions.choices import Level, ParagraphRole, SourceKind, VoiceKind

VOLUME = DATA / "frus" / "frus1990v1.xml"
NOTE, BODY = ParagraphRole.NOTE, ParagraphRole.BODY
SPOKEN = [role for role in ParagraphRole if role != NOTE]


@pytest.fixture(scope="module")
def volume():
    """The documents of the invented volume, by their names in it."""
    found = zip(cut(VOLUME, "frus"), read_all(VOLUME, "frus"), strict=True)
    return {read.place: document for read, document in found}


def one(inner, head="1. Letter From A to B", before="", **attributes):
    """The one document of a volume that is written around it."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    text = (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="frus1990v2" '
        'xmlns:frus="http://history.state.gov/frus/ns/1.0"><text><body>'
        f'{before}<div type="document" n="1" xml:id="d1"{given}><head>{head}</head>'
        f"{inner}</div></body></text></TEI>"
    )
    (document,) = read_all("test.xml", "frus", text.encode())
    return document


# -- cutting --------------------------------------------------------------------------


def test_a_volume_is_cut_into_its_documents_and_its_persons():
    reads = cut(VOLUME, "frus")
    assert [read.place for read in reads] == [
        *(f"d{n}" for n in range(1, 7)),
        "persons",
    ]
    assert reads[1].key == "frus1990v1-d2"
    tei = xml.parse(reads[1].data, "d2")
    assert [xml.words(e) for e in xml.elements(tei, "term")] == ["MFA", "UN"]
    assert "Nobody" not in reads[1].data.decode()
    assert "Invented" not in reads[1].data.decode()


def test_a_document_gives_the_same_bytes_while_others_are_corrected():
    data = VOLUME.read_bytes()
    other = data.replace(b"They would accept.", b"They would not accept.")
    other = other.replace(b' type="document" n="2"', b" n='2'   type='document'")
    other = other.replace(b"mentioned nowhere", b"mentioned anywhere")
    before = {r.place: r.data for r in cut(VOLUME, "frus", data)}
    after = {r.place: r.data for r in cut(VOLUME, "frus", other)}
    changed = [place for place in before if before[place] != after[place]]
    assert changed == ["d4", "persons"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        *BAD,
        (b"<html><body/></html>", "its root is “html”, not TEI"),
        (b'<TEI xml:id="frus1"><text/></TEI>', "no division of it is a document"),
        (
            b"<TEI><text><div type='document'><p>a</p></div></text></TEI>",
            "The volume has no identifier",
        ),
    ],
)
def test_what_is_no_volume_gives_one_fault_and_nothing_else(data, reason):
    (fault,) = cut("test.xml", "frus", data)
    assert isinstance(fault, ImportFault)
    assert fault.reason.endswith(".")
    with pytest.raises(ImportFault, match=reason):
        raise fault


def test_a_volume_that_breaks_off_gives_nothing():
    data = VOLUME.read_bytes()
    for end in (len(data) - 3, len(data) // 2, 700):
        (fault,) = cut(VOLUME, "frus", data[:end])
        assert isinstance(fault, ImportFault)


def test_a_document_without_a_word_is_refused():
    with pytest.raises(ImportFault, match="The document has no text"):
        one("<p> </p><note>Only a note.</note>", head="")


def test_what_is_no_document_is_refused():
    with pytest.raises(ImportFault, match="no document of a FRUS volume"):
        frus.parse(as_read(b"<TEI/>"))


def test_a_document_within_a_document_is_a_part_of_it():
    document = one('<div type="document" xml:id="d2"><p>Inner.</p></div>')
    assert words(document, BODY) == ["Inner."]


# -- what a document says of itself ---------------------------------------------------


@pytest.mark.parametrize(
    ("place", "kind", "title", "issuer", "addressee"),
    [
        ("d1", SourceKind.OTHER, "Editorial Note", "", ""),
        (
            "d2",
            SourceKind.CABLE,
            "Telegram From the Embassy in Ruritania to the Department of State",
            "Embassy in Ruritania",
            "Department of State",
        ),
        ("d3", SourceKind.REPORT, "Memorandum of Conversation", "", ""),
        (
            "d4",
            SourceKind.LETTER,
            "Letter From the Ambassador to Ruritania (Rassendyll) to the Secretary of "
            "State",
            "Ambassador to Ruritania (Rassendyll)",
            "Secretary of State",
        ),
    ],
)
def test_the_head_tells_kind_and_parties(volume, place, kind, title, issuer, addressee):
    document = volume[place]
    assert document.identifier == document.canonical_identifier == f"frus1990v1-{place}"
    assert (document.kind, document.title) == (kind, title)
    assert document.issuer == issuer
    assert [party.name for party in document.parties] == [addressee][: bool(addressee)]
    heading = document.paragraphs[0]
    assert (heading.role, heading.label) == (ParagraphRole.HEADING, f"{place[1:]}.")
    assert document.text_of(heading) == title


@pytest.mark.parametrize(
    ("head", "issuer", "addressee"),
    [
        ("9. Telegram 5 From the Mission to the UN to the Department",
         "Mission to the UN", "Department"),
        ("Memorandum From the Assistant to the President (X) to the Secretary",
         "Assistant to the President (X)", "Secretary"),
        ("Memorandum from A", "A", ""),
        ("Memorandum From A (<persName type='from'>B</persName>) to C "
         "(<persName type='from'>D</persName>)", "A (B)", "C (D)"),
        ("Paper Prepared for the Group", "", ""),
        # Older volumes say no "From", and mark who is meant.
        ("The Minister in Ruritania (<persName type='from'>A</persName>) to the "
         "<gloss type='to'>Secretary</gloss>", "Minister in Ruritania (A)",
         "Secretary"),
        ("No. 20.<lb/><hi>Mr. <persName type='from'>A</persName> to Mr. "
         "<persName type='to'>B</persName></hi>.", "Mr. A", "Mr. B"),
        ("Memorandum by the <gloss type='from'>Secretary</gloss>", "Secretary", ""),
        ("Notes on <gloss type='to'>B</gloss>", "", ""),
    ],
)  # fmt: skip
def test_sender_and_addressee_are_told_apart(head, issuer, addressee):
    tree = xml.parse(f"<head>{head}</head>".encode(), "test.xml")
    found = read_heading(tree)
    assert (found.issuer, found.addressee) == (issuer, addressee)


@pytest.mark.parametrize(
    ("head", "number", "label", "title"),
    [
        ("No. 127<lb/>Mr. A to Mr. B", "127", "No. 127", "Mr. A to Mr. B"),
        ("No. 20.<lb/>Mr. A to Mr. B", "20", "No. 20.", "Mr. A to Mr. B"),
        ("[32] Letter From A to B", "32", "[32]", "Letter From A to B"),
        ("Letter No. 5 From A to B", "", "", "Letter No. 5 From A to B"),
        ("No. Five", "", "", "No. Five"),
    ],
)
def test_the_number_of_a_document_is_told_as_older_volumes_print_it(
    head, number, label, title
):
    document = one("<p>Words.</p>", head)
    assert (document.title, document.header.get("number", "")) == (title, number)
    heading = document.paragraphs[0]
    assert heading.label == label
    assert document.text_of(heading) == title


def old(
    opener="", filed="690B.9321/11–2853: Telegram", body="<p>308. Yours of today.</p>"
):
    """A document as the volumes up to 1954 print it: its file stands above the head."""
    text = (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="frus1953v1"><text><body>'
        '<div type="document" n="1" xml:id="d1">'
        f'<note rend="inline" type="source">{filed}</note>'
        "<head>The Minister in Ruritania (<persName type='from'>A</persName>) to the "
        f"<gloss type='to'>Secretary of State</gloss></head><opener>{opener}</opener>"
        f"{body}</div></body></text></TEI>"
    )
    (document,) = read_all("test.xml", "frus", text.encode())
    return document


def test_what_stands_above_the_head_tells_file_and_kind():
    document = old()
    assert document.kind == SourceKind.CABLE
    assert document.header["source_note"] == "690B.9321/11–2853: Telegram"
    assert document.header["telegram"] == "308"
    assert [p.number for p in document.paragraphs if p.role == BODY] == [""]
    assert old(filed="690B.9321/11–2853").kind == SourceKind.LETTER
    assert "source_note" not in old(filed="[Extract.]").header


@pytest.mark.parametrize(
    ("opener", "level", "controls"),
    [
        ("<seg><hi>top secret<lb/>priority</hi></seg>", Level.TOP_SECRET, ""),
        ("<seg>Confidential</seg><seg>No. 38</seg>", Level.CONFIDENTIAL, ""),
        (
            "<seg>No. 36.]</seg><seg>[secret; eyes only]</seg>",
            Level.SECRET,
            "EYES ONLY",
        ),
        ("<seg>Secretary's office</seg>", None, ""),
    ],
)
def test_the_classification_beside_the_dateline_counts(opener, level, controls):
    document = old(opener)
    assert (document.level, document.controls) == (level, controls)


def test_who_signed_an_enclosure_did_not_sign_the_document():
    document = one(
        "<p>Words.</p><closer><signed>A</signed></closer><frus:attachment><p>More.</p>"
        "<closer><signed>B</signed></closer></frus:attachment>"
    )
    assert document.header["signed"] == ["A"]


def test_a_list_in_a_list_names_its_participants_once():
    document = one(
        '<list type="participants"><item>Present: <list><item>Mr. A</item>'
        "<item>Mr. B</item></list></item></list><p>Words.</p>"
    )
    assert document.header["participants"] == ["Present:", "Mr. A", "Mr. B"]


def test_the_address_and_the_place_in_the_volume_stand_in_the_header(volume):
    header = volume["d2"].header
    assert header["url"] == (
        "https://history.state.gov/historicaldocuments/frus1990v1/d2"
    )
    assert header["volume"] == {
        "id": "frus1990v1",
        "title": "Foreign Relations of Elsewhere, 1990, Volume I, Ruritania",
    }
    assert header["sections"] == ["Ruritania", "The Talks"]
    assert (header["published"], header["number"], header["place"]) == (
        "2015",
        "2",
        "Strelsau",
    )
    assert header["terms"] == {
        "MFA": "Ministry of Foreign Affairs",
        "UN": "United Nations",
    }
    assert header["telegram"] == "2541"
    assert header["signed"] == ["Rassendyll"]
    assert header["withheld"] == ["[2 lines not declassified]"]
    assert volume["d3"].header["subject"] == "The future of the talks"
    assert volume["d3"].header["participants"] == ["Ruritania", "Minister Sapt"]
    assert volume["d4"].header["summary"] == "Rassendyll reported."


@pytest.mark.parametrize(
    ("place", "dated", "text"),
    [
        ("d1", "", None),
        ("d2", "1990-02-27", "February 27, 1990, 5 p.m."),
        ("d3", "1990-03-01", "March 1, 1990"),
        ("d4", "1990-03-05/1990-03-07", "undated"),
        ("d5", "1990-04-03", "April 3, 1990, 2044Z"),
        ("d6", "", "sometime in February"),
    ],
)
def test_the_date_is_the_one_printed(volume, place, dated, text):
    document = volume[place]
    assert document.dated == dated
    assert document.header.get("date", {}).get("text") == text


FRUS = "frus:doc-dateTime-"


@pytest.mark.parametrize(
    ("date", "attributes", "dated"),
    [
        # Date only; local without a zone; local with a false one; from and to.
        ('<date when="1964-01-10">January 10, 1964</date>', {}, "1964-01-10"),
        ('<date when="1965-04-06T19:00:00">April 6</date>', {}, "1965-04-06"),
        ('<date when="1964-03-04T23:52:00Z">x</date>', {}, "1964-03-04"),
        (
            '<date from="1964-01-10" to="1964-01-12">x</date>',
            {},
            "1964-01-10/1964-01-12",
        ),
        (
            '<date notBefore="1964-01" notAfter="1964-03">x</date>',
            {},
            "1964-01/1964-03",
        ),
        ('<date from="1964-01-10">x</date>', {}, "1964-01-10"),
        ('<date when="1964">1964</date>', {}, "1964"),
        # What is printed goes before an attribute that was shifted by a zone.
        ('<date when="1964-03-05T00:52:00Z">March 4, 1964</date>', {}, "1964-03-04"),
        ("<date>March 4, 1964, 5 p.m.</date>", {}, "1964-03-04"),
        ("<date>undated</date>", {}, ""),
        # Earliest and latest go before all others.
        (
            '<date when="1974-08-07T01:48:00+00:00">August 6, 1974</date>',
            {
                f"{FRUS}min": "1974-08-06T20:48:00-05:00",
                f"{FRUS}max": "1974-08-06T20:48:00-05:00",
            },
            "1974-08-06",
        ),
        (
            "<date>undated</date>",
            {
                f"{FRUS}min": "1974-01-01T00:00:00-05:00",
                f"{FRUS}max": "1974-03-31T23:59:59-05:00",
            },
            "1974-01-01/1974-03-31",
        ),
    ],
)
def test_no_day_is_shifted_by_a_zone(date, attributes, dated):
    document = one(f"<dateline>{date}</dateline><p>a</p>", **attributes)
    assert document.dated == dated
    assert document.problems == ()


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ('<date when="1965-05-19T09:27:00Z">May 19, 1965, 0927Z</date>',
         datetime(1965, 5, 19, 9, 27, tzinfo=UTC)),
        ('<date when="1975-04-03T20:44:00">April 3, 2044Z</date>',
         datetime(1975, 4, 3, 20, 44, tzinfo=UTC)),
        ('<date when="1964-03-04T19:52:00Z">March 4, 1964, 7:52 p.m.</date>', None),
        ('<date when="1964-03-04">March 4, 1964, 9999Z</date>', None),
        ("<date>2044Z</date>", None),
    ],
)  # fmt: skip
def test_only_an_hour_printed_with_its_zone_is_an_instant(date, at):
    assert one(f"<dateline>{date}</dateline><p>a</p>").dated_at == at


def test_an_impossible_date_is_a_warning_and_the_printed_one_is_taken():
    (problem,) = one('<dateline><date when="1964-02-30">x</date></dateline>').problems
    assert problem.code == "date_impossible"
    assert "1964-02-30" in problem.message
    document = one(
        '<dateline><date when="1964-02-30">February 3, 1964</date></dateline><p>a</p>'
    )
    assert (document.dated, document.problems) == ("1964-02-03", ())


def test_a_printed_day_outside_the_stated_span_is_a_warning():
    document = one(
        "<dateline><date>August 9, 1974</date></dateline><p>a</p>",
        **{f"{FRUS}min": "1974-08-06T17:48:00-05:00"},
    )
    assert document.dated == "1974-08-06"
    assert [problem.code for problem in document.problems] == ["date_differs"]


@pytest.mark.parametrize(
    ("text", "level", "controls", "classification"),
    [
        ("Source: A, RG 1. Secret.", Level.SECRET, "", "Secret"),
        ("Source: A. Secret; Priority; Nodis. X.", Level.SECRET, "NODIS",
         "Secret; Priority; Nodis"),
        ("Source: A, Confidential File, CO 141. Top Secret; Eyes Only.",
         Level.TOP_SECRET, "EYES ONLY", "Top Secret; Eyes Only"),
        ("[Source: A. Secret; Official–Informal; Roger Channel. 2 pages.]",
         Level.SECRET, "ROGER CHANNEL", "Secret; Official–Informal; Roger Channel"),
        ("Source: A. Limited Official Use. Drafted by X.", Level.RESTRICTED, "",
         "Limited Official Use"),
        ("Source: A. Unclassified.", Level.UNCLASSIFIED, "", "Unclassified"),
        ("Source: A. Top Secret; [handling designator not declassified].",
         Level.TOP_SECRET, "", "Top Secret; [handling designator not declassified]"),
        ("Source: A. No classification marking.", None, "",
         "No classification marking"),
        ("Source: A. The letter is unmarked; its attachment is Secret, Eyes Only.",
         None, "", ""),
        ("Source: A, RG 1.", None, "", ""),
        ("", None, "", ""),
    ],
)  # fmt: skip
def test_the_source_note_tells_the_level(text, level, controls, classification):
    note = read_source_note(text)
    assert (note.level, note.controls) == (level, controls)
    assert note.classification == classification


def test_the_source_note_tells_archive_and_drafting(volume):
    document = volume["d2"]
    assert (document.level, document.controls) == (Level.SECRET, "NODIS")
    assert document.header["archive"] == (
        "Archives, RG 1, Central Files, CONFIDENTIAL FILE 7"
    )
    assert document.header["drafting"] == (
        "Drafted by P.S. Tarlenheim (MFA); cleared by Gen. Fritz."
    )
    assert volume["d4"].level == Level.RESTRICTED
    assert volume["d6"].level == Level.TOP_SECRET


def test_references_lead_to_the_documents_of_this_and_other_volumes(volume):
    assert volume["d1"].references == (
        Reference("Document 2", "frus1990v1-d2", kind="document"),
        Reference("Document 12 of Volume IV", "frus1989v4-d12", kind="document"),
    )
    document = one(
        '<p><ref target="#d1">itself</ref> <ref target="#d3fn2">3</ref> '
        '<ref target="#d3">3</ref> <ref target="#pg_4">4</ref> '
        '<ref target="http://x/#d5">x</ref></p>'
    )
    assert [r.canonical_id for r in document.references] == ["frus1990v2-d3"]


# -- paragraphs -----------------------------------------------------------------------


def test_numbers_labels_marks_and_pages_are_kept_apart_from_the_words(volume):
    document = volume["d2"]
    rows = [
        (p.number, p.label, p.marking, p.page, document.text_of(p))
        for p in document.paragraphs
        if p.role != NOTE
    ][1:]
    assert rows == [
        ("", "", "", 7, "2541. Ref: Deptel 2485."),
        (
            *("1", "1.", "", 7),
            "Rassendyll met Foreign Minister Sapt, who said that Ruritania prefers the "
            "talks at the UN. [2 lines not declassified]",
        ),
        ("2", "2.", "(C)", 8, "Sapt added\nnothing. (Comment: We doubt it.)"),
        ("", "A.", "", 8, "A sub-point."),
    ]
    (voice,) = document.paragraphs[3].voices
    assert voice.kind == VoiceKind.COMMENT
    assert document.paragraphs[3].level == Level.CONFIDENTIAL


def test_what_a_list_prints_before_an_item_is_its_label():
    document = one(
        "<list><label>1.</label><item>We act.</item><label>2a.</label>"
        "<item>We wait.<p>And wait.</p></item><label>A longer term</label>"
        "<item>its meaning</item></list><p>[8.] Added.</p><frus:attachment><list>"
        "<label>(3)</label><item>Theirs.</item></list></frus:attachment>"
    )
    rows = [(p.number, p.label, document.text_of(p)) for p in document.paragraphs[1:]]
    assert rows == [
        ("1", "1.", "We act."),
        ("", "2a.", "We wait."),
        ("", "", "And wait."),
        ("", "", "A longer term"),
        ("", "", "its meaning"),
        ("8", "[8.]", "Added."),
        ("A3", "(3)", "Theirs."),
    ]


def test_of_a_misprint_and_its_correction_the_correction_is_read():
    document = one(
        "<p>We saw <choice><sic>teh<note n='2'>So printed.</note></sic><corr>the</corr>"
        "</choice> <sic>wrod</sic>.</p>"
    )
    assert words(document, BODY) == ["We saw the wrod."]


def test_a_heading_governs_what_it_stands_over_and_no_more():
    document = one(
        '<p rend="center">Part One</p><p>One.</p><div><head>Inner</head><p>Two.</p>'
        '</div><p rendition="#center">* * *</p><p>Three.</p>'
        "<frus:attachment><head>Enclosure</head><p>Four.</p></frus:attachment>"
        "<frus:attachment><p>Five.</p></frus:attachment>"
    )
    rows = [(document.text_of(p), p.heading) for p in document.paragraphs if p.heading]
    assert rows == [
        ("One.", "Part One"),
        ("Two.", "Inner"),
        ("* * *", "Part One"),
        ("Three.", "Part One"),
        ("Four.", "Enclosure"),
        ("Five.", "Part One"),
    ]


def test_footnotes_stand_behind_the_text_with_their_marks(volume):
    document = volume["d2"]
    notes = [p for p in document.paragraphs if p.role == NOTE]
    assert [(p.label, p.page, document.text_of(p)[:20]) for p in notes] == [
        ("1", 7, "Source: Archives, RG"),
        ("2", 7, "Not printed."),
        ("3", 7, "Appointed in January"),
        ("3", 7, "He resigned in May."),
        ("3a", 7, "So the record."),
        ("4", 8, "Printed from a copy."),
    ]
    marks = [m for m in document.header["notes"] if m["label"] == "3"]
    assert [m["note"] for m in marks] == [notes[2].order, notes[3].order]
    (paragraph,) = (p for p in document.paragraphs if p.order == marks[0]["paragraph"])
    text = document.text_of(paragraph)
    assert text[: marks[0]["at"]] == "Rassendyll met Foreign Minister Sapt"
    spoken = " ".join(words(document, *SPOKEN))
    assert not [note for note in words(document, NOTE) if note in spoken]


def test_the_raw_text_is_the_character_data_as_it_stands(volume):
    for read in cut(VOLUME, "frus")[:-1]:
        root = xml.parse(read.data, "test.xml")
        divisions = xml.elements(root, "div")
        division = next(d for d in divisions if d.get("type") == "document")
        assert volume[read.place].raw == xml.character_data(division)


def test_lists_tables_and_headings_are_paragraphs(volume):
    document = volume["d3"]
    rows = [
        (p.role, p.heading, p.number, document.text_of(p))
        for p in document.paragraphs
        if p.role != NOTE
    ]
    heading, subject, annex = (
        ParagraphRole.HEADING,
        ParagraphRole.SUBJECT,
        ParagraphRole.ANNEX,
    )
    assert rows[1:] == [
        (heading, "", "", "SUBJECT"),
        (subject, "SUBJECT", "", "The future of the talks"),
        (heading, "", "", "PARTICIPANTS"),
        (BODY, "PARTICIPANTS", "", "Ruritania"),
        (BODY, "PARTICIPANTS", "", "Minister Sapt"),
        (heading, "", "", "Votes"),
        (BODY, "Votes", "", "The Minister showed a table."),
        (BODY, "Votes", "", "State | Vote"),
        (BODY, "Votes", "", "Ruritania | Yes"),
        (BODY, "Votes", "", "The record says more."),
        (heading, "", "", "Attachment"),
        (annex, "Attachment", "A1", "The paper handed over."),
    ]
    assert document.paragraphs[0].page == 9


def test_dateline_salutation_and_signature_are_read_but_no_paragraphs(volume):
    document = volume["d4"]
    assert words(document, BODY) == ["They would accept."]
    for word in ("Strelsau, undated.", "Dear Mr. Secretary:", "Rassendyll"):
        assert word in document.text


def test_a_withheld_document_keeps_its_source_note_apart(volume):
    assert words(volume["d6"], NOTE)[0].startswith("[Source: Archives, RG 3.")
    document = one("<p>[Source: Archives. Secret. 2 pages not declassified.]</p>")
    assert [p.role for p in document.paragraphs] == [ParagraphRole.HEADING, NOTE]
    assert document.level == Level.SECRET


@pytest.mark.parametrize(
    ("head", "texts", "telegram", "numbers"),
    [
        (
            "1. Telegram From A to B",
            ["2541. x", "1. a", "2. b"],
            "2541",
            ["", "1", "2"],
        ),
        ("1. Telegram From A to B", ["87. x", "1. a"], "87", ["", "1"]),
        ("1. Telegram From A to B", ["87. x"], "87", [""]),
        ("1. Telegram From A to B", ["3. x", "4. y"], None, ["3", "4"]),
        ("1. Telegram From A to B", ["1. x"], None, ["1"]),
        ("1. Letter From A to B", ["87. x", "y"], None, ["87", ""]),
    ],
)
def test_a_telegrams_own_number_is_no_paragraphs(head, texts, telegram, numbers):
    document = one("".join(f"<p>{text}</p>" for text in texts), head)
    assert document.header.get("telegram") == telegram
    assert [p.number for p in document.paragraphs[1:]] == numbers


def test_a_page_is_the_last_break_before_the_paragraph():
    document = one(
        '<p>a</p><pb n="3"/><p>b <pb n="4"/>c</p><p><pb n="xii"/>d</p>',
        before='<pb n="2"/>',
    )
    assert [p.page for p in document.paragraphs] == [2, 2, 3, None]


# -- persons --------------------------------------------------------------------------


def test_mentions_are_resolved_by_the_volumes_list(volume):
    assert volume["d2"].header["mentions"] == [
        {
            "name": "Otto Sapt, Jr.",
            "note": "Foreign Minister of Ruritania",
            "printed": ["Sapt"],
        },
        {
            "name": "Rudolf Rassendyll",
            "note": "Ambassador to Ruritania from 1989",
            "printed": ["Rassendyll"],
        },
    ]
    assert volume["d2"].speakers == ()
    (mention,) = one("<p><persName>Nobody</persName></p>").header["mentions"]
    assert mention == {"name": "Nobody", "note": "", "printed": ["Nobody"]}


def test_the_list_of_persons_is_a_table_of_names(volume):
    table = volume["persons"]
    assert isinstance(table, Tables)
    assert [row.values for row in table.rows] == [
        {
            "name": "Rudolf Rassendyll",
            "kind": "person",
            "names": ("en:Rassendyll, Rudolf",),
            "note": "Ambassador to Ruritania from 1989 (frus1990v1)",
        },
        {
            "name": "Otto Sapt, Jr.",
            "kind": "person",
            "names": ("en:Sapt, Otto, Jr.",),
            "note": "Foreign Minister of Ruritania (frus1990v1)",
        },
        {
            "name": "Never Nobody",
            "kind": "person",
            "names": ("en:Nobody, Never",),
            "note": "mentioned nowhere (frus1990v1)",
        },
    ]


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("Johnson, U. Alexis", "U. Alexis Johnson"),
        ("Thomson, James C., Jr.", "James C. Thomson, Jr."),
        ("Pahlavi", "Pahlavi"),
        ("King, Lt. Col. Otto, III", "Lt. Col. Otto King, III"),
    ],
)
def test_a_name_is_given_as_it_is_spoken(listed, name):
    assert Person(listed, "").name == name


# -- printed as the cable it is -------------------------------------------------------


def test_a_raw_cable_is_read_by_the_cables_parser(volume):
    document = volume["d5"]
    assert (document.shape, document.kind) == ("raw cable", SourceKind.CABLE)
    assert document.issuer == "SECSTATE WASHDC"
    assert [p.name for p in document.parties] == ["AMEMBASSY OSLO", "AMEMBASSY TOKYO"]
    assert document.dated_at == datetime(1990, 4, 3, 20, 44, tzinfo=UTC)
    assert document.level == Level.CONFIDENTIAL
    rows = [(p.role, p.number, document.text_of(p)) for p in document.paragraphs]
    assert rows == [
        (
            ParagraphRole.HEADING,
            "",
            "Telegram 75525 From the Department of State to Certain Posts, "
            "April 3, 1990, 2044Z.",
        ),
        (ParagraphRole.SUBJECT, "", "THE TALKS"),
        (ParagraphRole.SUMMARY, "1", "SUMMARY. THE TALKS GO ON. END SUMMARY."),
        (BODY, "2", "POSTS MAY SAY SO.\nAND NO MORE."),
        (NOTE, "", "Source: Archives, RG 59. Confidential."),
        (NOTE, "", "They ended in May."),
    ]
    mark = document.header["notes"][1]
    paragraph = document.paragraphs[mark["paragraph"] - 1]
    assert document.text_of(paragraph)[: mark["at"]] == "SUMMARY. THE TALKS GO ON."
    assert [tag["code"] for tag in document.header["cable"]["tags"]] == ["PFOR", "UN"]


RAW = (
    "<p>SECRET</p><p>PAGE 01 STATE 143450</p><p>O 202313Z JUL 90</p>"
    "<p>FM SECSTATE WASHDC</p><p>TO AMEMBASSY OSLO IMMEDIATE</p>"
    "<p>INFO AMEMBASSY BONN</p><p>AMEMBASSY ROME</p><p>S E C R E T STATE 143450</p>"
    "<p>E.O. 11652: XGDS</p><p>TAGS: PINS, NO</p><p>1. THE TALKS GO ON<note n='2'>They "
    "ended.</note> AND</p><p>SECRET</p><p>PAGE 02 STATE 143450</p><p>ON.</p>"
    "<p>2. NO MORE.</p><p>SECRET</p><closer><signed>RUSH</signed></closer>"
)


def test_a_raw_cable_may_stand_below_a_dateline_and_a_subject():
    document = one(
        "<dateline><date when='1990-07-20'>July 20, 1990</date></dateline>"
        "<list type='subject'><head>SUBJECT</head><item>THE TALKS</item></list>" + RAW,
        "6. Telegram 143450 From the Department of State to the Embassy in Norway",
    )
    assert document.shape == "raw cable"
    assert document.problems == ()
    assert document.printed_identifier == "90STATE143450"
    assert [party.name for party in document.parties] == [
        *("AMEMBASSY OSLO", "AMEMBASSY BONN", "AMEMBASSY ROME")
    ]
    rows = [
        (p.order, p.role, p.number, document.text_of(p)) for p in document.paragraphs
    ]
    assert rows[1:] == [
        (2, ParagraphRole.HEADING, "", "SUBJECT"),
        (3, ParagraphRole.SUBJECT, "", "THE TALKS"),
        (4, BODY, "1", "THE TALKS GO ON AND\n\nON."),
        (5, BODY, "2", "NO MORE."),
        (6, NOTE, "", "They ended."),
    ]
    assert document.header["notes"][0]["paragraph"] == 4


@pytest.mark.parametrize(
    "body",
    [
        f"<p>I attach a telegram.</p><frus:attachment>{RAW}</frus:attachment>",
        f"<p>{'I repeat here a telegram that came in. ' * 12}</p>{RAW}",
    ],
)
def test_a_raw_cable_within_another_document_is_a_part_of_it(body):
    document = one(body, "6. Memorandum From A to B")
    assert document.shape == "document"
    assert document.kind == SourceKind.REPORT


def test_the_date_that_a_head_ends_in_counts_where_none_is_marked():
    head = "6. Telegram 5 From the Embassy to the Department, July 20, 1990, 2313Z."
    document = one("<p>Words.</p>", head)
    assert document.dated == "1990-07-20"
    assert document.dated_at == datetime(1990, 7, 20, 23, 13, tzinfo=UTC)
    assert document.header["addressee"] == "Department"
    assert one("<p>x</p>", "6. Report on the Treaty of July 4, 1980").dated == ""


def test_a_telegram_without_a_raw_header_is_no_raw_cable():
    document = one("<p>FM is a radio band.</p><p>1. Text.</p>", "1. Telegram From A")
    assert document.shape == "document"


# -- the real volumes -----------------------------------------------------------------


@pytest.fixture(scope="module")
def japan(samples):
    return read_all(samples / "frus" / "frus1964-68v29p2.xml", "frus")


def test_the_real_volume_is_read_whole(japan):
    *documents, persons = japan
    assert len(documents) == 140
    assert len(persons.rows) == 124
    spoken = sum(len(words(d, *SPOKEN)) for d in documents)
    notes = sum(len(words(d, NOTE)) for d in documents)
    assert (spoken, notes) == (1984, 437)
    assert sum(d.header["number"] == str(n) for n, d in enumerate(documents, 1)) == 140
    assert sum(bool(d.dated) for d in documents) == 121
    assert sum(d.level is not None for d in documents) == 117
    assert [p for d in documents for p in d.problems] == []
    assert {d.paragraphs[0].page for d in documents} <= set(range(1, 317))


def test_every_p_item_and_row_outside_notes_is_a_paragraph(japan, samples):
    path = samples / "frus" / "frus1964-68v29p2.xml"
    for read, document in zip(cut(path, "frus"), japan, strict=True):
        if isinstance(document, Tables):
            continue
        root = xml.parse(read.data, "test.xml")
        blocks = [
            e
            for e in xml.elements(root, "p", "item", "row")
            if xml.within(e, "note", "front") is None
            and xml.words(e, without=("note", "p", "item", "list"))
        ]
        heads = [
            e
            for e in xml.elements(root, "head")
            if xml.within(e, "div").get("type") == "document"
        ]
        lifted = len(document.header.get("notes", ()))
        assert len(document.paragraphs) - lifted == len(blocks) + len(heads)


def test_no_text_of_a_footnote_stands_in_any_body(japan, samples):
    path = samples / "frus" / "frus1964-68v29p2.xml"
    notes = 0
    for read, document in zip(cut(path, "frus"), japan, strict=True):
        if isinstance(document, Tables):
            continue
        lifted = len(document.header.get("notes", ()))
        bodies = document.paragraphs[: len(document.paragraphs) - lifted]
        spoken = " ".join(" ".join(document.text_of(p).split()) for p in bodies)
        for note in xml.elements(xml.parse(read.data, "test.xml"), "note"):
            notes += 1
            assert xml.words(note) not in spoken
        behind = [document.text_of(p) for p in document.paragraphs[len(bodies) :]]
        assert [xml.words(n) for n in xml.elements(
            xml.parse(read.data, "test.xml"), "note"
        )] == [" ".join(text.split()) for text in behind]  # fmt: skip
    assert notes == 424


def test_the_real_modern_document_is_dated_by_its_moments(samples):
    (document,) = read_all(
        samples / "frus" / "modern-frus1969-76ve14p2-d69.xml", "frus"
    )
    assert document.identifier == "frus1969-76ve14p2-d69"
    assert document.dated == "1974-08-06"
    assert document.dated_at == datetime(1974, 8, 6, 22, 48, tzinfo=UTC)
    assert [p.number for p in document.paragraphs[1:7]] == ["", *"12345"]
    assert {p.page for p in document.paragraphs} == {216, 217}
    assert document.level == Level.RESTRICTED
    assert document.header["summary"].startswith("The Department of State provided")


def test_the_real_flat_documents_are_cables(samples):
    path = samples / "frus" / "2015-frus1969-76ve14p1-2telegrams-flat.xml"
    first, second = read_all(path, "frus")
    assert {first.shape, second.shape} == {"raw cable"}
    assert [p.number for p in first.paragraphs if p.number] == list("12345678")
    assert [p.number for p in second.paragraphs if p.number] == [
        str(n) for n in range(1, 12)
    ]
    assert len(first.parties) == 25
    assert [r.canonical_id for r in first.references] == [
        f"frus1969-76ve14p1-d{n}" for n in (16, 13, 14)
    ]


# -- whatever comes -------------------------------------------------------------------

NAMES = st.sampled_from(
    ["p", "head", "note", "list", "item", "table", "row", "cell", "dateline", "date",
     "pb", "lb", "hi", "persName", "gloss", "ref", "closer", "signed", "opener"]
)  # fmt: skip
TEXTS = st.sampled_from(
    ["", " ", "\n ", "words", "1. ", "12. x", "A. b", "(S) ", "Source: A. Secret.",
     "Comment: ", "END SUMMARY", "FM SECSTATE\nTO X", "From A to B", "January 4, 1964",
     "0927Z", "\u00a0", "é"]
)  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["n", "type", "when", "from", "to", "corresp", "target", "rend"]),
    st.sampled_from(
        ["", "1", "source", "subject", "1964-02-30", "#d2", "#p_X", "center", "x"]
    ),
    max_size=2,
)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.tuples(NAMES, ATTRIBUTES, st.lists(inner, max_size=4)),
    max_leaves=20,
)


def written(tree):
    if isinstance(tree, str):
        return tree
    name, attributes, inner = tree
    shown = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{shown}>{''.join(map(written, inner))}</{name}>"


@given(st.lists(TREES, max_size=4), TEXTS)
def test_any_division_is_a_document_or_a_fault(trees, head):
    inner = f"<head>{head}</head>{''.join(map(written, trees))}"
    text = (
        f'<TEI xml:id="frus1990v2"><div type="document" xml:id="d1">{inner}</div></TEI>'
    )
    found = read_or_fault(text.encode(), "frus")
    again = read_or_fault(text.encode(), "frus")
    assert [str(item) for item in found] == [str(item) for item in again]
    for document in found:
        if isinstance(document, Document):
            root = xml.parse(f"<div>{inner}</div>".encode(), "test.xml")
            assert document.raw == xml.character_data(root)


@given(st.data())
def test_a_mutated_volume_is_documents_or_faults(data):
    original = VOLUME.read_bytes()
    changed = bytearray(original)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=6)
        )
    assert read_or_fault(bytes(changed), "frus")


@pytest.mark.parametrize(
    "piece",
    ["<p>1. a</p>", "<p>a<note n='1'>b</note></p>", "<note><note>a</note></note>",
     "<item>a</item>", "<list><item>a</item></list>", "<pb n='1'/>",
     "<persName corresp='#p'>a</persName>", "<ref target='#d2'>a</ref>",
     "<head>a</head>", "<note>Source: A. Secret,;,;, Drafted by </note>",
     "<row><cell/></row>", "From A to "],
)  # fmt: skip
def test_no_shape_of_a_document_keeps_it_busy_for_ever(piece):
    text = piece * (60_000 // len(piece))
    # A second's work; with a quadratic step in it, minutes.
    with hang_guard():
        one(f"<list>{text}</list>", head=f"1. Telegram {text}")

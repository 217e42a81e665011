"""Treaty status pages: participants, acts, declarations, notes, and bad pages."""

from collections import Counter
from io import BytesIO

import pytest
from guarding import hang_guard
from hypothesis import given
from hypothesis import strategies as st
from treaties import HEADS, NOTES, ROWS, page

from ingest.formats import treaty
from ingest.formats.treaty.acts import columns_of, leaving, read_cell
from ingest.formats.treaty.page import Line, Piece
from ingest.reading import Read
from ingest.records import Document, ImportFault


def read(text, name="page.html"):
    data = text if isinstance(text, bytes) else text.encode()
    return treaty.parse(Read(name, data))


def refusal(text):
    with pytest.raises(ImportFault) as fault:
        read(text)
    return fault.value.reason


def read_or_fault(text):
    try:
        return read(text)
    except ImportFault as fault:
        return fault


def statements(document):
    """(disposition, actor, mode, said on, holds on, words) of each statement."""
    return [
        (
            *(r.values.get(n, "") for n in ("disposition", "actor", "mode", "said_on")),
            r.values.get("holds_on", ""),
            words(document, r.values),
        )
        for r in document.rows
        if r.table == "statements"
    ]


def words(document, values):
    text = document.text_of(document.paragraphs[values["order"] - 1])
    return text[values["start"] : values["end"]]


def column(head):
    return columns_of((line("Participant"), line(head)))[0]


def line(text):
    return Line((Piece(text),), None, frozenset(), italic=False)


def test_a_page_becomes_one_document_with_its_number_title_and_day():
    document = read(page())
    assert (document.identifier, document.printed_identifier) == ("xxvi-6", "XXVI-6")
    assert (document.title, document.kind) == ("Convention on Umbrellas", "status")
    assert (document.dated, document.language, document.level) == (
        "2026-02-03",
        "en",
        0,
    )
    assert (document.parser, document.parser_version) == (treaty.PARSER, treaty.VERSION)
    assert document.problems == ()
    assert read(page()) == document


def test_reading_text_and_patches_rebuild_the_characters_of_the_page():
    document = read(page())
    raw = document.raw
    assert "4 Dec\t 2008 " in raw
    assert "Borduria 1 " in " ".join(raw.split())
    assert "PRINT" not in raw
    assert "COPYRIGHT" not in raw
    assert "var treaty" not in raw
    for paragraph in document.paragraphs:
        text = document.text_of(paragraph)
        assert text == text.strip() != ""


def test_each_participant_is_a_paragraph_with_the_dates_as_printed():
    document = read(page())
    rows = [document.text_of(p) for p in document.paragraphs if p.number.isdigit()]
    assert rows == [
        "Atlantis | 3 Dec 2008 | – | 14 Jul 2009 A",
        "Borduria | 4 Dec 2008 | – | 9 Apr 2010 a",
        "Costaguana | [ 3 Dec 2008 ] | [24 Mar 2011 n] | [24 Mar 2011 ]",
        "Freedonia | 3 Dec 2008 | 3 Dec 2008 n | –",
        "Sylvania (Kingdom of) | – | – | 23 Aug 2010",
        "Zubrowka | – | – | 1 Jan 1994 d",
    ]
    heading = next(p.heading for p in document.paragraphs if p.number == "1")
    assert heading.startswith("Participant | Signature | Provisional application(n)")


def test_signatures_consents_and_a_withdrawal_are_stated_with_their_words():
    assert statements(read(page())) == [
        ("signed", "Atlantis", "", "2008-12-03", "", "3 Dec 2008"),
        ("bound", "Atlantis", "acceptance", "2009-07-14", "", "14 Jul 2009 A"),
        ("signed", "Borduria", "", "2008-12-04", "", "4 Dec 2008"),
        ("bound", "Borduria", "accession", "2010-04-09", "", "9 Apr 2010 a"),
        ("signed", "Costaguana", "", "2008-12-03", "", "[ 3 Dec 2008 ]"),
        ("bound", "Costaguana", "ratification", "2011-03-24", "", "[24 Mar 2011 ]"),
        *(
            ("withdrawn", "Costaguana", "", said, holds, quoted)
            for said, holds, quoted in (
                ("2024-09-06", "2025-03-06", "[24 Mar 2011 ]"),
                ("", "", "The withdrawal took effect for Costaguana on 6 March 2025"),
            )
        ),
        ("signed", "Freedonia", "", "2008-12-03", "", "3 Dec 2008"),
        (
            "bound",
            "Sylvania (Kingdom of)",
            "ratification",
            "2010-08-23",
            "",
            "23 Aug 2010",
        ),
        ("bound", "Zubrowka", "succession", "1994-01-01", "", "1 Jan 1994 d"),
    ]
    for row in read(page()).rows[1:]:
        assert (row.values["form"], row.values["standing"]) == ("act", "own")
        assert row.values["publicity"] == "public"


def test_provisional_application_is_kept_as_what_it_is():
    acts = {p["name"]: p["acts"] for p in read(page()).header["participants"]}
    assert {
        "act": "provisional",
        "mode": "",
        "day": "2008-12-03",
        "withdrawn": False,
    } in (acts["Freedonia"])
    assert [a["withdrawn"] for a in acts["Costaguana"]] == [True] * 3


def test_a_withdrawal_that_no_note_dates_holds_on_the_pages_day():
    document = read(page(notes=()))
    (row,) = (r for r in document.rows if r.values.get("disposition") == "withdrawn")
    assert (row.values["said_on"], row.values["said_basis"]) == (
        "2026-02-03",
        "document",
    )
    assert row.values["note"] == (
        "The consent of 2011-03-24 stands in brackets on 2026-02-03; "
        "since when is not told."
    )


def test_a_later_page_gives_the_same_acts_the_same_identities():
    def identities(document):
        return [r.values["identity"] for r in document.rows if r.table == "statements"]

    later = [
        *ROWS[:3],
        ("Freedonia", "3 Dec 2008", "3 Dec 2008 n", "1 Feb 2026"),
        *ROWS[4:],
    ]
    before, after = identities(read(page())), identities(read(page(later)))
    assert set(before) < set(after)
    assert set(after) - set(before) == {"bound Freedonia 2026-02-01"}


def test_declarations_and_objections_are_paragraphs_of_their_states():
    document = read(page())
    found = [
        (p.number, p.speaker, p.heading, document.text_of(p))
        for p in document.paragraphs
        if p.speaker
    ]
    section = "Declarations and Reservations –"
    assert found == [
        (
            *("D1", "Borduria", f"{section} Borduria"),
            "Declaration:\nBorduria reads article 2 & article 3 so.",
        ),
        (
            *("D2", "Freedonia", f"{section} Freedonia"),
            "Upon signature:\nNothing is promised.",
        ),
        (
            "D3",
            "Freedonia",
            f"{section} Freedonia",
            "Upon ratification:\nSomething is.",
        ),
        (
            *("O1", "Atlantis", "Objections – Atlantis"),
            "26 October 2011\nAtlantis objects to this.",
        ),
    ]


def test_notes_follow_and_the_numbers_of_notes_leave_the_names():
    document = read(page())
    notes = [p for p in document.paragraphs if p.number.startswith("note")]
    assert [(p.label, p.role, document.text_of(p)) for p in notes] == [
        ("1", "note", NOTES[0]),
        ("2", "note", NOTES[1]),
    ]
    skips = {p.number: [s.raw for s in p.skips] for p in document.paragraphs if p.skips}
    assert skips == {"2": ["1"], "3": ["2"]}


def test_a_page_without_classes_is_read_by_its_words():
    text = page()
    for name in ("heading-two", "heading-four", "bold", "content-two", "end-notes"):
        text = text.replace(f'class="{name}"', "")
    document = read(text.replace("heading-four-one", ""))
    spoken = [p.speaker for p in document.paragraphs if p.speaker]
    assert spoken == ["Borduria", "Freedonia", "Freedonia", "Atlantis"]


@pytest.mark.parametrize(
    ("suffix", "act", "mode"),
    [
        ("", "bound", "ratification"),
        ("A", "bound", "acceptance"),
        ("AA", "bound", "approval"),
        ("a", "bound", "accession"),
        ("d", "bound", "succession"),
        # Not in this column's head: the usual letters.
        ("P", "bound", "consent"),
        ("c", "bound", "consent"),
        ("s", "bound", "consent"),
        ("n", "provisional", ""),
    ],
)
def test_the_letter_decides_and_so_does_its_case(suffix, act, mode):
    (found,) = read_cell(f"14 Jul 2009 {suffix}", column(HEADS[2]), 7).acts
    assert (found.kind.act, found.kind.mode) == (act, mode)
    assert found.day.isoformat() == "2009-07-14"
    assert (found.start, found.end) == (7, 18 + (len(suffix) + 1 if suffix else 0))


@pytest.mark.parametrize(
    ("head", "cell", "mode"),
    [
        ("Accession, Succession(d)", "1 Jan 1950", "accession"),
        ("Accession(a)", "1 Jan 1950", "accession"),
        ("Succession(d), Consent to be bound(P)", "1 Jan 1950 P", "consent"),
        ("Formal confirmation(c), Ratification", "1 Jan 1950 c", "consent"),
        ("Ratification,\nAcceptance (A)", "1 January 1950 A", "acceptance"),
        ("Ratification, Accession (a)", "1 Jan 1950 (a)", "accession"),
        ("Simplified procedure(p), Participation(P), a", "1 Jan 1950 p", "consent"),
    ],
)
def test_the_columns_head_says_what_its_dates_are(head, cell, mode):
    (act,) = read_cell(cell, column(head), 0).acts
    assert (act.kind.act, act.kind.mode) == ("bound", mode)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("31 Feb 2009", "no day of the calendar"),
        ("3 Foo 2009", "no day of the calendar"),
        ("3 Dec 2009 z", "a letter that says nothing"),
        ("soon", "is no date"),
        ("3 Dec 2009 see note", "is no date"),
    ],
)
def test_what_cannot_be_read_in_a_cell_is_a_warning(cell, said):
    rows = [("Atlantis", cell, "", "1 Jan 2010")]
    document = read(page(rows, counted=""))
    (problem,) = document.problems
    assert problem.code == "cell_not_read"
    assert said in problem.message
    assert cell in document.text
    assert ("bound", "Atlantis") in [s[:2] for s in statements(document)]


def test_a_state_that_left_and_came_back_has_every_act():
    rows = [("Atlantis", "", "", "[1 Jan 1990 a] 3 Mar 2005 a")]
    found = statements(read(page(rows, counted="")))
    assert [(s[0], s[3], s[5]) for s in found] == [
        ("bound", "1990-01-01", "[1 Jan 1990 a]"),
        ("bound", "2005-03-03", "3 Mar 2005 a"),
        ("withdrawn", "1990-01-01/2005-03-03", "[1 Jan 1990 a]"),
    ]


def test_of_two_withdrawals_each_takes_the_day_that_fits_it():
    note = (
        "It notified its decision to withdraw from the Convention, which took effect on"
        " 4 November 2020. On 27 January 2025, it notified its withdrawal, which shall"
        " take effect for Atlantis on 27 January 2026."
    )
    cell = "[3 Sep 2016 A]<br>[20 Jan 2021 A]"
    rows = [("Atlantis 1", "", "", cell)]
    found = [
        row.values
        for row in read(page(rows, counted="", notes=[note])).rows
        if row.values.get("disposition") == "withdrawn" and "said_on" in row.values
    ]
    assert [values["holds_on"] for values in found] == ["2020-11-04", "2026-01-27"]


def test_a_column_of_denunciations_is_one_of_withdrawals():
    heads = ("Signature", "Ratification, Accession(a)", "Denunciation")
    rows = [("Atlantis", "", "[5 Aug 1949 a]", "12 Jul 1951")]
    found = statements(read(page(rows, heads=heads, counted="")))
    assert [(s[0], s[3]) for s in found] == [
        ("bound", "1949-08-05"),
        ("withdrawn", "1951-07-12"),
    ]


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("Participation under article 19(P), Ratification", "1 Jan 1950 P"),
        ("Undertaking, Acceptance(A)", "1 Jan 1950"),
    ],
)
def test_a_letter_of_an_unknown_act_is_not_its_usual_one(head, cell):
    found = read_cell(cell, column(head), 0)
    assert found.acts == ()
    assert "a letter that says nothing" in found.odd[0]


def test_an_act_that_stands_twice_is_stated_once():
    document = read(page([ROWS[0], ROWS[0]], counted=""))
    assert len(statements(document)) == 2


@pytest.mark.parametrize(
    ("note", "effective", "notice"),
    [
        (NOTES[1], "2025-03-06", "2024-09-06"),
        ("Denunciation received 1 May 2001, effective 1 May 2002.", "2002-05-01", None),
        (
            "On 2 June 1999, it gave a denunciation with effect from 2 June 2000.",
            *("2000-06-02", "1999-06-02"),
        ),
        (
            "On 15 May 2011, it decided to withdraw. The action became effective for"
            " Atlantis on 15 May 2012.",
            *("2012-05-15", "2011-05-15"),
        ),
    ],
)
def test_a_note_says_since_when_a_state_has_left(note, effective, notice):
    found = leaving(note)
    assert found.effective.isoformat() == effective
    assert (found.notice.isoformat() if found.notice else None) == notice
    assert 0 <= found.start < found.end <= len(note)


@pytest.mark.parametrize(
    "note",
    ["It takes effect on 1 May 2002.", "A withdrawal was announced.", "", NOTES[0]],
)
def test_other_notes_say_nothing_of_leaving(note):
    assert leaving(note) is None


def test_a_page_that_counts_otherwise_than_its_table_is_warned_of():
    (problem,) = read(page(counted="Signatories : 3. Parties : 40")).problems
    assert problem.message == "The page counts 40 Parties, its table 4."


def test_the_number_comes_from_the_head_where_no_address_gives_it():
    text = page(title="2. d Protocol on Umbrellas").replace("mtdsg_no=", "x=")
    document = read(text)
    assert (document.identifier, document.title) == (
        "xxvi-2-d",
        "Protocol on Umbrellas",
    )
    bare = read(text.replace("CHAPTER", "PART"), name="folder/ccm page.html")
    assert bare.identifier == "ccm page"


def test_an_impossible_day_of_the_status_is_no_date():
    assert read(page(status="STATUS AS AT : 31-02-2026")).dated == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.4 " + b"x" * 200, "This is a PDF file, not a text."),
        (bytes(range(256)) * 30, "This is a binary file, not a text."),
        ("<html><body><p>Hello</p></body></html>", "no table of participants"),
        ("A letter to the editor.", "no table of participants"),
        (page()[: len(page()) // 2], "The page is cut off: its end is missing."),
        (page(rows=()), "The table of participants is empty."),
        (page(heads=("Area", "Capital", "Sea")), "no column of signatures or consents"),
    ],
)
def test_what_is_no_status_page_is_refused_in_a_sentence(text, reason):
    assert reason in refusal(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(encoding):
    rows = [("Côte de Sylvanie", "3 Dec 2008", "", "")]
    document = read(page(rows, counted="").encode(encoding))
    assert "Côte de Sylvanie | 3 Dec 2008" in document.text


def test_entities_are_no_bomb_and_nothing_is_fetched():
    bomb = (
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    )
    rows = [("Atlantis &b;&x;", "3 Dec 2008", "", "")]
    document = read(page(rows, counted="").replace("<!DOCTYPE html>", bomb))
    assert "root:" not in document.raw
    assert len(document.raw) < 2000


def test_a_page_of_any_depth_or_length_ends():
    with hang_guard():
        deep = "<div>" * 20_000 + page()
        assert read_or_fault(deep)
        read(page(rows=[ROWS[0]] * 5_000, counted=""))
        read(page(notes=["On 1 May 2001 " * 10_000 + "withdrawal"]))


def test_a_page_larger_than_any_is_refused_unread():
    file = BytesIO(b"<html>" + b"x" * treaty.SIZE_LIMIT)
    (fault,) = treaty.split("page.html", file)
    assert "larger than the limit" in fault.reason
    assert [r.data for r in treaty.split("p", BytesIO(b"<p>"))] == [b"<p>"]


def test_a_page_is_known_by_its_beginning():
    assert treaty.fits("x.html", page().encode()[:4096])
    assert not treaty.fits("x.html", b"<html><title>News</title>")
    assert not treaty.fits("x.txt", b"United Nations Treaty Collection")


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_document_or_a_fault(data):
    found = read_or_fault(data)
    assert isinstance(found, Document) or found.reason.endswith(".")


@given(st.data())
def test_a_damaged_page_is_a_document_or_a_fault(data):
    text = page()
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 40))
    put = data.draw(
        st.sampled_from(("", "<", "</td>", "<table>", "[", "\0", "é", "<!--"))
    )
    found = read_or_fault(text[:at] + put + text[at + cut :])
    if isinstance(found, Document):
        for row in found.rows[1:]:
            assert words(found, row.values)
    else:
        assert found.reason.endswith(".")


# -- the real pages -------------------------------------------------------------------


def counted(document):
    return Counter(
        (r.values["disposition"], r.values.get("mode", ""))
        for r in document.rows
        if r.table == "statements" and "citation_role" not in r.values
    )


def test_the_real_page_of_cluster_munitions(samples):
    path = samples / "treaties" / "ccm.html"
    document = read(path.read_bytes(), str(path))
    assert (document.identifier, document.dated) == ("xxvi-6", "2026-02-03")
    assert document.title == "Convention on Cluster Munitions"
    assert counted(document) == {
        ("signed", ""): 108,
        ("bound", "ratification"): 94,
        ("bound", "accession"): 17,
        ("bound", "acceptance"): 2,
        ("withdrawn", ""): 1,
    }
    assert len([p for p in document.paragraphs if p.number.isdigit()]) == 125
    spoken = [p.speaker for p in document.paragraphs if p.speaker]
    assert spoken == ["Belgium", "Colombia", "El Salvador", "Holy See"]
    assert len([p for p in document.paragraphs if p.number.startswith("note ")]) == 8
    acts = [a for p in document.header["participants"] for a in p["acts"]]
    assert sum(a["act"] == "provisional" for a in acts) == 4
    assert document.problems == ()
    gone = [s for s in statements(document) if s[0] == "withdrawn"]
    assert gone[0][1:5] == ("Lithuania", "", "2024-09-06", "2025-03-06")
    assert "Netherlands (Kingdom of the)" in [s[1] for s in statements(document)]


def test_the_real_page_of_protocol_v(samples):
    path = samples / "treaties" / "ccw_p5.html"
    document = read(path.read_bytes(), str(path))
    assert document.identifier == "xxvi-2-d"
    assert counted(document) == {("bound", "consent"): 99}
    spoken = [p.speaker for p in document.paragraphs if p.speaker]
    assert spoken == ["Argentina", "Holy See", "United States of America"]
    assert len([p for p in document.paragraphs if p.number.startswith("note ")]) == 3
    assert document.problems == ()

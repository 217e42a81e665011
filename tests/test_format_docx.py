"""Word documents: paragraphs, lists, tables, notes, tracked changes, bad files."""

import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import docx as word
from ingest.formats import xml
from ingest.reading import Read
from ingest.records import ImportFault, rebuild
from positions.choices import Level, ParagraphRole
from tests.documents import make_docx, paragraph, run
from tests.guarding import hang_guard

STYLES = """
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="Mine"/>
  <w:basedOn w:val="berschrift1"/></w:style>
<w:style w:styleId="Level"><w:name w:val="Level"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Liste"><w:name w:val="List"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Round"><w:name w:val="Round"/><w:basedOn w:val="Round"/></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="5">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
    <w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>
    <w:lvlText w:val="(%2)"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/>
    <w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="6">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#61623;"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="5"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""
NOTES = """
<w:footnote w:id="-1" w:type="separator"><w:p/></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>
  <w:r><w:t> The first.</w:t></w:r></w:p>
  <w:p><w:r><w:t>Goes on.</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="3"><w:p><w:r><w:t>The second.</w:t></w:r></w:p></w:footnote>
"""


def read(body, name="folder/paper.docx", **parts):
    document = word.parse(Read(name, make_docx(body, **parts)))
    check_rules(document)
    return document


def check_rules(document):
    assert rebuild(document.text, document.patches) == document.raw
    end = 0
    for order, found in enumerate(document.paragraphs, 1):
        assert (found.order, found.page) == (order, None)
        assert end <= found.start < found.end
        end = found.end
        words = document.text_of(found)
        assert words == words.strip()
        assert all(0 <= skip.at <= len(words) for skip in found.skips)


def words(document):
    return [document.text_of(p) for p in document.paragraphs]


def refused(data, name="a.docx"):
    with pytest.raises(ImportFault) as caught:
        word.parse(Read(name, data))
    return caught.value.reason


def item(text, list_id=1, depth=0):
    numbered = (
        f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'
    )
    return paragraph(text, properties=numbered)


def test_runs_make_paragraphs_with_tabs_and_breaks():
    document = read(
        "<w:p><w:r><w:t xml:space='preserve'>One </w:t></w:r>"
        "<w:hyperlink><w:r><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r></w:hyperlink>"
        "<w:r><w:br/><w:t>four</w:t><w:noBreakHyphen/><w:t>five</w:t></w:r></w:p>"
        "<w:p/><w:sdt><w:sdtPr><w:t>no</w:t></w:sdtPr><w:sdtContent>"
        + paragraph("Six.")
        + "</w:sdtContent></w:sdt>"
    )
    assert words(document) == ["One two\tthree\nfour\u2011five", "Six."]
    assert [(p.number, p.label) for p in document.paragraphs] == [("1", ""), ("2", "")]
    assert (document.identifier, document.title) == ("paper", "")
    assert document.problems == ()


@pytest.mark.parametrize(
    ("style", "is_heading"),
    [
        ("berschrift1", True),
        ("Mine", True),
        ("Level", True),
        ("Titel", True),
        ("Liste", False),
        ("Round", False),
        ("Nowhere", False),
    ],
)
def test_headings_are_known_by_what_their_style_is_based_on(style, is_heading):
    body = paragraph("The position", style=style) + paragraph("Text.")
    document = read(body, styles=STYLES, numbering=NUMBERING)
    assert (document.paragraphs[0].role == ParagraphRole.HEADING) is is_heading
    assert document.paragraphs[1].heading == ("The position" if is_heading else "")
    assert document.title == ("The position" if is_heading else "")


def test_numbers_of_lists_are_labels():
    body = "".join(
        [
            paragraph("Opening."),
            item("a"),
            item("b"),
            item("c", depth=1),
            item("d", depth=1),
            item("e", depth=2),
            item("f"),
            item("g", depth=1),
            item("h", 2),
            item("i", 0),
            item("j", 3),
            paragraph("k", style="Liste"),
            item("l", 99),
        ]
    )
    document = read(body, styles=STYLES, numbering=NUMBERING)
    assert [p.label for p in document.paragraphs] == [
        *("", "1.", "2.", "(a)", "(b)", "2.b.III", "3.", "(a)", "•", ""),
        *("1.", "2.", ""),
    ]


def test_numbers_that_run_on_are_the_paragraphs_numbers():
    marked = item("a") + item("(S) b") + paragraph("c") + item("d")
    document = read(marked, numbering=NUMBERING)
    assert [(p.number, p.label, p.marking) for p in document.paragraphs] == [
        ("1", "1.", ""),
        ("2", "2.", "(S)"),
        ("", "", ""),
        ("3", "3.", ""),
    ]
    assert document.paragraphs[1].level == Level.SECRET


def table(*rows):
    cells = ("".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def test_a_table_is_read_row_by_row():
    inner = table([paragraph("in"), paragraph("side")])
    document = read(
        paragraph("Before.")
        + table(
            [paragraph("State"), paragraph("Vote")],
            [paragraph("Ruritania"), paragraph("yes") + paragraph("later no")],
            [paragraph(""), paragraph("")],
            [inner, paragraph("x")],
        )
    )
    assert words(document) == [
        "Before.",
        "State | Vote",
        "Ruritania | yes\nlater no",
        "in\nside | x",
    ]


def test_a_table_of_one_column_is_only_layout():
    document = read(
        table([paragraph("One.") + paragraph("Two.")], [paragraph("Three.")])
    )
    assert words(document) == ["One.", "Two.", "Three."]


def test_tracked_changes_are_read_as_accepted_and_can_be_undone():
    shown = run(".", '<w:vanish w:val="0"/>')
    deleted = "<w:del><w:r><w:delText>gone </w:delText></w:r></w:del>"
    document = read(
        f"<w:p><w:pPr><w:rPr><w:ins/></w:rPr></w:pPr>{run('Kept ')}{deleted}"
        f"<w:ins>{run('new')}</w:ins><w:moveFrom>{run('moved')}</w:moveFrom>"
        f"{run(' hidden', '<w:vanish/>')}{shown}</w:p>"
    )
    assert words(document) == ["Kept new."]
    assert document.raw == "Kept gone newmoved hidden."
    assert [(p.code, p.message) for p in document.problems] == [
        (
            "deletions_left_out",
            "Words that a tracked change deleted, left out (2 in all).",
        ),
        ("insertions_kept", "Words that a tracked change inserted, kept (1 in all)."),
        ("hidden_words", "Hidden words were left out (1 in all)."),
    ]


def test_footnotes_come_after_the_body_and_leave_a_trace():
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    document = read(
        f"<w:p>{run('Said')}{mark.format(2)}{run(' so')}{mark.format(3)}</w:p>"
        + paragraph("End.")
        + f"<w:p>{run('Lost')}{mark.format(9)}</w:p>",
        notes=NOTES,
    )
    assert words(document) == [
        *("Said so", "End.", "Lost"),
        *("The first.\nGoes on.", "The second."),
    ]
    first, *_, note, last = document.paragraphs
    assert [(skip.at, skip.raw) for skip in first.skips] == [(4, "[1]"), (7, "[2]")]
    assert (note.role, note.label, note.number) == (ParagraphRole.NOTE, "1", "")
    assert last.label == "2"


def test_a_text_box_is_read_once_and_after_its_paragraph():
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    document = read(
        f"<w:p>{run('Before')}<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>{run(' after')}"
        "</w:p>"
    )
    assert words(document) == ["Before after", "In the box."]


def test_fields_comments_and_symbols():
    document = read(
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r>"
        '<w:r><w:commentReference w:id="1"/></w:r>'
        '<w:r><w:sym w:char="F0B7"/></w:r></w:p>'
    )
    assert words(document) == ["7\ufffd"]
    assert [p.code for p in document.problems] == [
        "comments_left_out",
        "characters_lost",
    ]


def test_what_the_file_says_of_its_making_dates_no_document():
    core = (
        "<dc:title>A title</dc:title><dc:creator>O. Normal</dc:creator>"
        "<t:created>2008-05-02T12:00:00Z</t:created><dc:language>en</dc:language>"
    )
    document = read(paragraph("Words."), core=core)
    assert (document.title, document.language, document.dated) == ("A title", "en", "")
    assert document.header == {"author": "O. Normal", "made": "2008-05-02"}
    assert [p.code for p in document.problems] == ["undated"]
    assert "made on 2008-05-02" in document.problems[0].message
    odd = read(paragraph("Words."), core="<t:created>2008-02-31</t:created>")
    assert (odd.header, odd.problems) == ({}, ())


def test_a_document_that_python_docx_wrote_is_read():
    made = docx.Document()
    made.core_properties.title = "Note"
    made.add_heading("The position", 1)
    made.add_paragraph("One", style="List Number")
    made.add_paragraph("Two", style="List Number")
    made.add_paragraph("b", style="List Bullet")
    grid = made.add_table(1, 2)
    grid.cell(0, 0).text, grid.cell(0, 1).text = "x", "y"
    file = io.BytesIO()
    made.save(file)
    document = word.parse(Read("note.docx", file.getvalue()))
    check_rules(document)
    assert words(document) == ["The position", "One", "Two", "b", "x | y"]
    assert [p.label for p in document.paragraphs] == ["", "1.", "2.", "•", ""]
    assert document.title == "Note"


# Bad files.

GOOD = make_docx(paragraph("Words."), styles=STYLES, notes=NOTES)


def packed(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The Word document is cut off or damaged."),
        (GOOD[:-40], "The Word document is cut off or damaged."),
        (GOOD[:100], "The Word document is cut off or damaged."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "an old office document, or one locked"),
        (packed(a="x"), "This office document is no Word document (.docx)."),
        (packed(mimetype="application/epub+zip"), "is no Word document (.docx)."),
        (make_docx(""), "The Word document has no text."),
        (make_docx(paragraph(" ")), "The Word document has no text."),
    ],
)
def test_what_is_no_document_is_refused_in_one_sentence(data, sentence):
    assert sentence in refused(data)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("<x>", "The XML breaks off"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "entity"),
        ("<?xml version='1.0' encoding='nonsense'?><x/>", "encoding"),
        ("<x>" * 300 + "</x>" * 300, "nested deeper"),
        ("<workbook/>", "This office document is no Word document (.docx)."),
    ],
)
def test_a_part_that_is_bad_xml_refuses_the_document(part, sentence):
    assert sentence in refused(make_docx("", parts={"word/document.xml": part}.items()))


def test_a_part_that_unpacks_too_far_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(xml, "SIZE_LIMIT", 100_000)
    data = make_docx(paragraph("x" * 200_000))
    assert len(data) < 5000
    assert refused(data) == (
        "A part of the document unpacks to more than 100000 bytes."
    )


def test_a_part_that_fails_its_check_is_damaged():
    data = bytearray(GOOD)
    at = data.index(b"word/document.xml") + len("word/document.xml")
    data[at + 5] ^= 0xFF
    assert refused(bytes(data)) in (
        "The Word document is damaged.",
        "The Word document is cut off or damaged.",
    )


@pytest.mark.parametrize(
    ("name", "head", "fitting"),
    [
        ("a.txt", GOOD[:100], True),
        ("a.doc", b"\xd0\xcf\x11\xe0", True),
        ("a.bin", b"\xd0\xcf\x11\xe0", False),
        ("a.docx", b"words", False),
    ],
)
def test_a_word_document_is_known_by_its_bytes(name, head, fitting):
    assert word.fits(name, head) is fitting


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=3)), max_size=6)
)
def test_damaged_files_are_documents_or_faults(changes):
    data = bytearray(GOOD)
    for at, new in changes:
        data[at : at + len(new)] = new
    try:
        check_rules(word.parse(Read("a.docx", bytes(data))))
    except ImportFault as fault:
        assert fault.file == "a.docx"  # noqa: PT017


BODIES = st.recursive(
    st.sampled_from(
        [run("a "), run("b"), "<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>",
         '<w:r><w:footnoteReference w:id="2"/></w:r>', item("i"), paragraph("p")]
    ),
    lambda inner: st.tuples(
        st.sampled_from(["p", "tbl", "tr", "tc", "ins", "del", "sdt", "txbxContent"]),
        st.lists(inner, max_size=4).map("".join),
    ).map(lambda pair: f"<w:{pair[0]}>{pair[1]}</w:{pair[0]}>"),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(BODIES, max_size=4).map("".join))
def test_any_nesting_is_a_document_or_a_fault(body):
    try:
        read(body, numbering=NUMBERING, notes=NOTES)
    except ImportFault as fault:
        assert fault.reason == "The Word document has no text."  # noqa: PT017


@pytest.mark.parametrize(
    "piece",
    [
        paragraph("x"),
        run("x "),
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
        item("x"),
    ],
)
def test_no_shape_of_text_keeps_it_busy_for_ever(piece):
    body = piece * (500_000 // len(piece))
    if piece.startswith("<w:r>"):
        body = f"<w:p>{run('y')}{body}</w:p>"
    with hang_guard(60):
        read(body, numbering=NUMBERING, notes=NOTES)

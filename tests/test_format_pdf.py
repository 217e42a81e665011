"""PDF: paragraphs with their pages, running lines, cut words, scans, bad files."""

import io
import zlib

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import pdf
from ingest.formats.pdf import pages as pdf_pages
from ingest.reading import Read
from ingest.records import ImportFault, rebuild
from positions.choices import ParagraphRole
from tests.documents import PICTURE, make_pdf, printed
from tests.guarding import hang_guard

LEADING = 14


def read(*contents, name="folder/paper.pdf", **parts):
    document = pdf.parse(Read(name, make_pdf(*contents, **parts)))
    check_rules(document)
    return document


def check_rules(document):
    assert rebuild(document.text, document.patches) == document.raw
    end, page = 0, 1
    for order, paragraph in enumerate(document.paragraphs, 1):
        assert paragraph.order == order
        assert end <= paragraph.start < paragraph.end
        end = paragraph.end
        assert page <= paragraph.page <= document.header["pages"]
        page = paragraph.page
        words = document.text_of(paragraph)
        assert words == words.strip()
        assert all(0 <= skip.at <= len(words) for skip in paragraph.skips)


def words(document):
    return [document.text_of(p) for p in document.paragraphs]


def codes(document):
    return [problem.code for problem in document.problems]


def refused(data, name="a.pdf"):
    with pytest.raises(ImportFault) as caught:
        pdf.parse(Read(name, data))
    return caught.value.reason


def block(*lines, x=72, y=700, size=11, font="F1"):
    """Lines of one paragraph, one below the other."""
    return [(x, y - n * LEADING, text, size, font) for n, text in enumerate(lines)]


BODY = ["Words that fill a line of a page", "and one more line of them", "and so on."]


def test_lines_near_each_other_are_a_paragraph_with_its_page():
    document = read(
        printed(*block(*BODY), *block("A second one", y=630)),
        printed(*block("Another page (in brackets) begins and goes", "on.")),
    )
    assert words(document) == [
        "\n".join(BODY),
        "A second one",
        "Another page (in brackets) begins and goes\non.",
    ]
    assert [p.page for p in document.paragraphs] == [1, 1, 2]
    assert (document.identifier, document.media_type) == ("paper", "application/pdf")


def test_a_sentence_goes_on_over_the_end_of_a_page():
    document = read(
        printed(*block("The delegation of Ruritania said that the")),
        printed(*block("Ruritanian state would support the draft.", "More.", y=740)),
        printed(*block("Another page begins.")),
    )
    assert words(document) == [
        "The delegation of Ruritania said that the\nRuritanian state would support "
        "the draft.\nMore.",
        "Another page begins.",
    ]
    assert [p.page for p in document.paragraphs] == [1, 3]


@pytest.mark.parametrize(
    ("above", "below", "apart"),
    [
        (block("One line of words"), block("and another.", y=686), False),
        (block("One line of words"), block("Another one.", y=670), True),
        (block("One line of words"), block("An indent.", x=100, y=686), True),
        (block("One line of words"), block("2. A label.", y=686), True),
        (block("One line of words"), block("(b) An item.", y=686), True),
        (block("One line of words"), block("• A bullet.", y=686), True),
        (block("1. One line of words"), block("hanging.", x=90, y=686), False),
        (block("One line of words"), block("12.5 is no label.", y=686), False),
        (block("One line of words"), block("Bold", y=686, font="F2"), True),
        (block("One line of words"), block("Larger", y=686, size=16), True),
        (block("One line of words"), block("a new column", x=300, y=760), False),
        (block("One line of words."), block("A new column", x=300, y=760), True),
    ],
)
def test_what_begins_a_paragraph(above, below, apart):
    usual = block(*BODY, y=500)
    document = read(printed(*above, *below, *usual))
    found = [words for words in words(document) if words not in ("\n".join(BODY),)]
    assert len(found) == (2 if apart else 1)


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        (block("The position", size=16), True),
        (block("1. The position", font="F2"), True),
        (block("THE POSITION"), True),
        (block("The position is bold.", font="F2"), False),
        (block("The position"), False),
        (block("- - -", font="F2"), False),
    ],
)
def test_headings_are_larger_bold_or_in_capitals(line, is_heading):
    document = read(printed(*line, *block(*BODY, y=640)))
    assert (document.paragraphs[0].role == ParagraphRole.HEADING) is is_heading
    assert document.paragraphs[1].heading == (words(document)[0] if is_heading else "")
    assert document.title == (words(document)[0] if is_heading else "")


def test_in_a_document_all_in_bold_it_tells_nothing():
    document = read(
        printed(*block(*BODY, font="F2"), *block("More.", y=630, font="F2"))
    )
    assert {p.role for p in document.paragraphs} == {ParagraphRole.BODY}


def test_printed_numbers_are_labels():
    lines = [*block("1. One thing", "and more"), *block("2. Another", y=660)]
    document = read(printed(*lines))
    assert [(p.number, p.label) for p in document.paragraphs] == [
        ("1", "1."),
        ("2", "2."),
    ]


# Words cut at the ends of lines.


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("it would par-", "ticipate", "it would participate"),
        ("it would par-", "Ticipate", "it would par-\nTicipate"),
        ("in 2007-", "and later", "in 2007-\nand later"),
        ("of anti-", "personnel mines, anti-personnel", "of anti-personnel mines,"),
        ("words –", "and more", "words –\nand more"),
    ],
)
def test_a_cut_word_is_joined_unless_it_has_a_hyphen_elsewhere(first, second, joined):
    document = read(printed(*block(first, second)))
    assert words(document)[0].startswith(joined)
    assert ("words_joined" in codes(document)) == joined.endswith("participate")
    assert f"{first}\n{second}" in document.raw


def test_a_word_is_joined_over_a_page_with_its_running_lines_between():
    heads = [(72, 750, "Record of the talks"), (300, 40, "{}")]

    def page(number, *lines):
        head, foot = heads
        return printed(head, *lines, (*foot[:2], str(number)))

    filled = [*block(*BODY), *block(*BODY[:2], y=640), *block("so.", y=612)]
    document = read(
        page(1, *filled, *block("It would par-", y=580)),
        page(2, *block("ticipate in the talks.", y=720), *filled),
        page(3, *filled),
    )
    found = next(p for p in document.paragraphs if "participate" in document.text_of(p))
    assert document.text_of(found) == "It would participate in the talks."
    assert found.page == 1
    assert [(skip.at, skip.raw) for skip in found.skips] == [
        (12, "1"),
        (12, "Record of the talks"),
    ]


# Running lines.


def report(heads, feet, pages=6):
    """Pages of a filled text with a head and a foot each, by the page's number."""
    return [
        printed(
            (72, 760, heads(n)),
            *block(
                f"Line {n * 31 % 17} of page {n * 7}", "goes on", "and on", "and on."
            ),
            *block("Some more words", "to fill it.", y=500 + n * 20),
            (300, 40, feet(n)),
        )
        for n in range(1, pages + 1)
    ]


@pytest.mark.parametrize(
    ("heads", "feet", "taken"),
    [
        (lambda n: "A/TEST/1", lambda n: f"{n + 4}", 12),
        (lambda n: "A/TEST/1", lambda n: f"– {n} –", 12),
        (lambda n: "Left" if n % 2 else "Right", lambda n: f"Page {n} of 6", 12),
        (lambda n: f"A/TEST/1 Page {n}", lambda n: f"Foot of page {n}", 12),
        (lambda n: f"Unique {'x' * n}", lambda n: f"Other {'y' * n}", 0),
        (lambda n: f"{n * n} votes", lambda n: f"{n * n * 3}", 0),
    ],
)
def test_lines_that_run_through_the_pages_are_taken_out(heads, feet, taken):
    document = read(*report(heads, feet))
    patches = [patch.raw.strip("\f\n") for patch in document.patches]
    out = [
        raw for raw in patches if raw in {f(n) for f in (heads, feet) for n in range(7)}
    ]
    assert len(out) == taken
    assert ("running_lines" in codes(document)) == bool(taken)
    if taken:
        assert f"({taken} in all)" in document.problems[-1].message or taken


def test_three_annexes_of_a_page_keep_their_names():
    document = read(*report(lambda n: f"Annex {n}", lambda n: f"End {'x' * n}", 3))
    assert [text for text in words(document) if "Annex" in text] != []
    assert "running_lines" not in codes(document)


def test_two_pages_are_too_few_for_a_head_but_not_for_a_number():
    document = read(*report(lambda n: "A/TEST/1", lambda n: f"{n}", 2))
    assert sum("A/TEST/1" in text for text in words(document)) == 2
    assert not any(
        text.endswith(("\n1", "\n2")) or text == "2" for text in words(document)
    )


# What it says of itself.


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("A position", "A position"),
        ("Microsoft Word - draft.doc", "THE TITLE"),
        ("untitled", "THE TITLE"),
        ("paper.indd", "THE TITLE"),
        ("", "THE TITLE"),
    ],
)
def test_a_title_that_a_program_made_up_is_no_title(given, title):
    content = printed(*block("THE TITLE"), *block(*BODY, y=640))
    info = b"/Title (%s) /Author (O. Normal)" % given.encode()
    document = read(content, info=info)
    assert document.title == title
    assert document.header == {"author": "O. Normal", "pages": 1}


def test_the_day_it_was_made_dates_no_document():
    info = b"/CreationDate (D:20080502120000Z)"
    document = read(printed(*block("Words.")), info=info)
    assert (document.dated, document.header["made"]) == ("", "2008-05-02")
    assert codes(document) == ["undated"]
    odd = read(printed(*block("Words.")), info=b"/CreationDate (D:20081399)")
    assert odd.header == {"pages": 1}


# Pages without text.


def test_scanned_pages_are_refused_in_one_sentence():
    assert refused(make_pdf(*[PICTURE] * 3)) == (
        "The pages are pictures without a text layer; run text recognition first "
        "(pages 1–3)."
    )


def test_scanned_pages_with_a_stamp_are_still_scanned():
    pages = [PICTURE + b"\n" + printed((72, 20, "Scanned by a machine"))] * 4
    assert "run text recognition first (pages 1–4)" in refused(make_pdf(*pages))


def test_of_a_mixed_document_the_pages_with_text_are_kept():
    text = printed(*block(*BODY))
    document = read(PICTURE, text, PICTURE, PICTURE, PICTURE + b"\n" + text)
    assert [p.page for p in document.paragraphs] == [2, 5]
    (problem,) = document.problems
    assert (problem.code, problem.place) == ("pictures", "pages 1, 3–4")
    assert "pictures without a text layer" in problem.message


def test_an_empty_page_is_neither_text_nor_picture():
    assert codes(read(b"", printed(*block("Words.")), b"q Q")) == []
    assert "The PDF has no text" in refused(make_pdf(b""))


# Bad files.

GOOD = make_pdf(
    printed(*block(*BODY)), printed(*block("More words.")), info=b"/Title (x)"
)


def locked(user, owner="owner"):
    writer = pypdf.PdfWriter(io.BytesIO(GOOD))
    writer.encrypt(user, owner, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_locked_document_is_refused_and_one_that_only_forbids_printing_read():
    assert refused(locked("secret")) == "The PDF is locked with a password."
    document = pdf.parse(Read("a.pdf", locked("")))
    assert words(document)[0] == "\n".join(BODY)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This is not a PDF."),
        (b"words", "This is not a PDF."),
        (b"%PDF-1.4", "The PDF is cut off or damaged."),
        (b"%PDF-1.4\n" + b"x" * 5000, "The PDF is cut off or damaged."),
        (make_pdf(), "The PDF has no text"),
        (make_pdf(b"(" * 99), "The PDF cannot be read: page 1 is damaged."),
    ],
)
def test_what_is_no_pdf_is_refused_in_one_sentence(data, sentence):
    assert sentence in refused(data)


def test_a_document_that_is_cut_off_is_read_as_far_as_it_goes_or_refused():
    for size in range(20, len(GOOD), 97):
        try:
            check_rules(pdf.parse(Read("a.pdf", GOOD[:size])))
        except ImportFault as fault:
            assert fault.reason.endswith(".")  # noqa: PT017


def packed(data):
    data = zlib.compress(data, 9)
    return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        len(data),
        data,
    )


def test_a_page_that_unpacks_too_far_is_left_out(monkeypatch):
    monkeypatch.setattr(pdf_pages, "STREAM_BYTES", 100_000)
    bomb = packed(b"(x) Tj " * 50_000)
    document = read(printed(*block("Words.")), bomb)
    assert codes(document) == ["page_lost"]
    assert document.problems[0].place == "page 2"
    assert "unpacks to more than its limits allow" in refused(make_pdf(bomb))


@pytest.mark.parametrize("limit", ["OPERATIONS", "CHARACTERS"])
def test_all_pages_together_have_limits(monkeypatch, limit):
    monkeypatch.setattr(pdf_pages, limit, 50)
    content = printed(*block(*BODY * 9))
    assert (
        refused(make_pdf(content)) == "The PDF unpacks to more than its limits allow."
    )


def test_the_number_of_pages_is_limited(monkeypatch):
    monkeypatch.setattr(pdf_pages, "PAGES", 2)
    assert refused(make_pdf(b"", b"", b"")) == (
        "The PDF has 3 pages, more than the limit of 2."
    )


def test_forms_that_draw_each_other_come_to_an_end(monkeypatch):
    monkeypatch.setattr(pdf_pages, "OPERATIONS", 20_000)
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length %d /Resources "
        b"<< /XObject << /F 8 0 R >> >> >>\nstream\n%s\nendstream"
    )
    drawn = b"/F Do " * 10
    page = b"<< /Length 6 /Resources << >> >>\nstream\n/F Do \nendstream"
    data = make_pdf(page, objects=[form % (len(drawn), drawn)])
    with hang_guard(30):
        refused(data)


@pytest.mark.parametrize(
    ("name", "head", "fitting"),
    [
        ("a.txt", b"%PDF-1.7\n", True),
        ("a.pdf", b"junk\n%PDF-1.7", True),
        ("a.txt", b"Of %PDF-1.7 files", False),
        ("a.pdf", b"words", False),
    ],
)
def test_a_pdf_is_known_by_its_bytes(name, head, fitting):
    assert pdf.fits(name, head) is fitting


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=4)), max_size=8)
)
def test_damaged_files_are_documents_or_faults(changes):
    data = bytearray(GOOD)
    for at, new in changes:
        data[at : at + len(new)] = new
    try:
        check_rules(pdf.parse(Read("a.pdf", bytes(data))))
    except ImportFault as fault:
        assert fault.file == "a.pdf"  # noqa: PT017


LINES = st.lists(
    st.tuples(
        st.integers(0, 600),
        st.integers(0, 800),
        st.sampled_from(
            ["words", "Words.", "1", "2.", "par-", "ticipate", " ", "“x”", "A B"]
        ),
        st.sampled_from([9, 11, 16]),
        st.sampled_from(["F1", "F2"]),
    ),
    max_size=12,
).map(lambda lines: printed(*lines))


@given(st.lists(LINES, min_size=1, max_size=5))
def test_any_lines_are_a_document_or_have_no_text(contents):
    try:
        read(*contents)
    except ImportFault as fault:
        assert "has no text" in fault.reason  # noqa: PT017


@pytest.mark.parametrize(
    "piece", [b"(", b"[", b"<<", b"q ", b"BI ID EI ", b"(x) Tj ", b"1 "]
)
def test_no_shape_of_page_keeps_it_busy_for_ever(piece):
    data = make_pdf(piece * (300_000 // len(piece)))
    with hang_guard(60):
        try:
            pdf.parse(Read("a.pdf", data))
        except ImportFault as fault:
            assert fault.reason.endswith(".")  # noqa: PT017

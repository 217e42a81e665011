"""One cable in every shape that cables are published in: the same is read of each."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats.cable import fits, parse, parse_text
from ingest.formats.cable.patching import apply, compose
from ingest.records import ImportFault, rebuild
from positions.choices import Level, ParagraphRole
from tests import cable_shapes as shapes
from tests.cables import codes, texts, voices
from tests.guarding import hang_guard
from tests.test_format_cable_properties import assert_sound, outcome

WHOLE = f"{shapes.TEXT}\n{shapes.MESSAGE}"
PARTIAL = (
    "This record is a partial extract of the original cable. "
    "The full text of the original cable is not available."
)
LEAKED = (
    "2008-03-12 09:15:00\t08OSLO311\tEmbassy Oslo\tCONFIDENTIAL\t08STATE20417\t"
    + shapes.TEXT.strip().replace("\n", "\\\n")
    + "\t"
    + shapes.MESSAGE.strip().replace("\n", " \\\n")
    + " \\\n\n"
)
ANOTHERS = "121752\t" + LEAKED.replace("OSLO311", "RIGA12").replace("Oslo", "Riga")


def read(raw, name="08OSLO311.txt"):
    return parse(raw.encode(), name)


def numbers(document):
    return [p.number for p in document.paragraphs if p.number]


# (shape, raw text, name of the file, has the routing header)
COPIES = {
    "full": ("full", WHOLE, "08OSLO311.txt", True),
    "page of two blocks": ("html page", shapes.page(), "index.html", True),
    "page of one block": ("html page", shapes.page(WHOLE), "08OSLO311.html", True),
    "dump, backslashes": ("dump", shapes.record(), "cables.csv", True),
    "dump, doubled": ("dump", shapes.record(doubled=True), "cables.csv", True),
    "press": ("press", shapes.press(), "08OSLO311.txt", True),
    "press, run together": ("press", shapes.run_together(), "08OSLO311.txt", True),
    "doubled": ("doubled heading", shapes.doubled_heading(), "08OSLO311.txt", True),
    "mirror": ("body only", shapes.mirrored(), "08OSLO311_a.txt", False),
    "collapsed": ("collapsed", shapes.collapsed(), "08OSLO311_a.txt", False),
}


@pytest.fixture(params=COPIES.values(), ids=COPIES.keys())
def copy(request):
    return request.param


def test_every_shape_says_the_same(copy):
    shape, raw, name, _ = copy
    document = read(raw, name)
    assert document.shape == shape
    assert document.identifier.removesuffix("_a") == shapes.IDENTIFIER
    assert document.canonical_identifier == shapes.IDENTIFIER
    assert document.title == 'LIGHTHOUSES: NORWAY "WILL NOT PAY" FOR BUOYS'
    assert numbers(document) == ["1", "2", "3"]
    assert [p.marking for p in document.paragraphs if p.number] == [
        *("(C)", "(C)", "(SBU)"),
    ]
    assert [p.role for p in document.paragraphs] == [
        ParagraphRole.SUBJECT,
        ParagraphRole.SUMMARY,
        ParagraphRole.HEADING,
        ParagraphRole.BODY,
        ParagraphRole.COMMENT,
    ]
    assert texts(document, ParagraphRole.HEADING) == ["Money Without End"]
    assert [p.section for p in document.paragraphs if p.number] == [1, 1, 2]
    assert [words for words, _ in voices(document)] == [
        "(Comment: He was a fisherman. End Comment.)"
    ]
    assert [r.canonical_id for r in document.references] == [
        *("08STATE20417", "07STOCKHOLM1188"),
    ]
    assert [tag["code"] for tag in document.header["tags"]] == [
        *("EWWT", "PREL", "NO", "SW"),
    ]
    assert document.header["classifier"]["name"] == "Ada Holm"
    assert document.header["classifier"]["reasons"] == ["b", "d"]
    assert document.header["captions"] == ["SIPDIS"]
    assert document.header["passing"] == ["STATE FOR EUR/NB"]
    assert document.header["signer"] == "HOLM"
    assert document.level == Level.CONFIDENTIAL


def test_every_shape_has_the_same_words(copy):
    _, raw, name, _ = copy
    document = read(raw, name)
    words = [" ".join(text.split()).replace("\u2019", "'") for text in texts(document)]
    plain = read(WHOLE)
    assert words == [" ".join(text.split()) for text in texts(plain)]


def test_every_shape_with_a_header_says_when_and_to_whom(copy):
    _, raw, name, with_header = copy
    document = read(raw, name)
    if not with_header:
        assert (document.dated, document.parties) == ("2008", ())
        return
    assert document.dated_at == datetime(2008, 3, 12, 9, 15, tzinfo=UTC)
    assert document.issuer == "AMEMBASSY OSLO"
    assert [(p.role, p.name, p.exempted_from) for p in document.parties] == [
        ("action", "SECSTATE WASHDC", ""),
        ("information", "EUROPEAN POLITICAL COLLECTIVE", ""),
        ("exempted", "AMCONSUL MUNICH", "EUROPEAN POLITICAL COLLECTIVE"),
        ("information", "AMEMBASSY STOCKHOLM", ""),
    ]
    assert document.header["transmission"] == "VZCZCXRO2207"


def test_every_shape_can_be_rebuilt_and_reads_the_same_twice(copy):
    _, raw, name, _ = copy
    document = read(raw, name)
    assert document.raw == raw
    assert_sound(document, raw)
    assert document.digest == read(raw, name).digest


# -- the publisher's page -----------------------------------------------------------


def test_a_page_gives_the_publishers_columns():
    document = read(shapes.page(), "index.html")
    assert document.media_type == "text/html"
    assert document.header["published"] == {
        "identifier": "08OSLO311",
        "created": "2008-03-12 09:15",
        "released": "2011-08-30 01:44",
        "origin": "Embassy Oslo",
        "classification": "CONFIDENTIAL",
    }
    assert codes(document) == []


def test_the_text_of_a_page_is_free_of_its_markup():
    document = read(shapes.page())
    assert "TAGS: EWWT PREL NO SW\n" in document.text
    assert "the harbour\ndirector told us" in document.text
    assert "director\u2019s deputy" in document.text
    assert "Cable Viewer" not in document.text
    assert "cables.js" not in document.text
    assert [p.label for p in document.paragraphs if p.number] == ["¶1.", "¶2.", "¶3."]
    assert [r.label for r in document.references] == ["A", "B"]


def test_a_year_behind_a_paragraph_sign_opens_no_paragraph():
    text = WHOLE.replace("before spring", "before the spring of\n2009.  None")
    document = read(shapes.page(text))
    assert "of\n¶2009.  None" in document.text
    assert numbers(document) == ["1", "2", "3"]


def test_the_title_names_a_page_without_a_table():
    page = shapes.page().replace("class='cable'", "")
    assert read(page, "index.html").identifier == "08OSLO311"


def test_the_key_of_the_site_is_not_the_cable():
    key = "<pre>-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQQBBGBjDtIBH6DJa80z\n</pre>"
    page = shapes.page().replace("<h3>", key + "<h3>")
    document = read(page)
    assert "PGP" not in document.text
    assert numbers(document) == ["1", "2", "3"]
    assert document.raw == page


def test_a_partial_page_is_read_and_warned_of():
    body = shapes.MESSAGE[shapes.MESSAGE.index("2. (C)") :]
    document = read(shapes.page(PARTIAL, body), "index.html")
    assert document.identifier == document.canonical_identifier == "08OSLO311"
    assert numbers(document) == ["2", "3"]
    assert (document.dated, document.level) == ("2008-03-12", Level.CONFIDENTIAL)
    assert document.issuer == "AMEMBASSY OSLO"
    assert {"partial_extract", "date_published", "subject_missing"} <= set(
        codes(document)
    )


def test_a_page_that_breaks_off_is_read_and_warned_of():
    page = shapes.page()
    cut = page[: page.index("prefers lights")]
    document = read(cut)
    assert numbers(document) == ["1", "2"]
    assert "copy_cut_off" in codes(document)
    assert document.raw == cut


def test_the_columns_of_its_own_record_are_left_out_of_a_page():
    document = read(shapes.page(shapes.TEXT.strip(), LEAKED))
    assert "\t" not in document.text
    assert document.text.count("FM AMEMBASSY OSLO") == 1
    assert numbers(document) == ["1", "2", "3"]
    assert codes(document) == ["record_leaked", "backslashes"]
    assert document.header["signer"] == "HOLM"


def test_a_record_leaked_into_the_only_block_gives_the_header():
    document = read(shapes.page(LEAKED))
    assert document.issuer == "AMEMBASSY OSLO"
    assert len(document.parties) == 4
    assert numbers(document) == ["1", "2", "3"]
    assert codes(document) == ["record_leaked", "backslashes"]


def test_another_cable_that_follows_on_a_page_is_left_out():
    page = shapes.page(shapes.TEXT.strip(), LEAKED + ANOTHERS)
    document = read(page)
    assert "RIGA" not in document.text
    assert numbers(document) == ["1", "2", "3"]
    assert codes(document) == ["record_leaked", "other_cable", "backslashes"]
    assert "08RIGA12" in document.problems[1].message
    assert document.raw == page


def test_the_words_of_an_index_behind_the_signature_are_left_out():
    leaked = " 0 03/13/2008 9871 EWWT,PREL,NO LIGHTHOUSES: NORWAY Norway will not pay."
    document = read(shapes.page(shapes.TEXT, shapes.MESSAGE.strip() + leaked))
    assert document.header["signer"] == "HOLM"
    assert "9871" not in document.text
    assert codes(document) == ["index_leaked"]


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("<html><pre>Nothing to see.</pre></html>", "no heading of one was found"),
        ("<html><body><p>Cables</p></body></html>", "without a preformatted block"),
        ("<html><pre></pre></html>", "without a preformatted block"),
        ("<!DOCTYPE html>\n<title>x</title>", "without a preformatted block"),
    ],
)
def test_a_page_without_a_cable_is_refused_in_a_sentence(page, sentence):
    with pytest.raises(ImportFault, match=sentence) as caught:
        read(page, "page.html")
    assert "\n" not in caught.value.reason


# -- press re-posts, mirrors --------------------------------------------------------


def test_words_broken_over_two_lines_are_rejoined_with_a_warning():
    document = read(shapes.press())
    assert "for reasons 1.4 (b) and\n(d)." in document.text
    assert "the harbour director\ntold us" in document.text
    assert codes(document) == ["words_rejoined"]


def test_words_that_are_two_stay_two():
    body = "1. (C) He looked up\non the hill. Upon it he in\nto a lodge went, into it."
    document = read(f"{shapes.TEXT}UNCLAS OSLO 000311\nSUBJECT: X\n{body}\nHOLM\n")
    assert "up\non the hill" in document.text
    assert "in\nto a lodge" in document.text


def test_a_collapsed_copy_is_another_shape_than_one_with_blank_lines():
    shape_of = {name: copy[0] for name, copy in COPIES.items()}
    assert shape_of["mirror"] != shape_of["collapsed"]


def test_the_later_longer_heading_is_read_of_one_printed_twice():
    document = read(shapes.doubled_heading())
    assert codes(document) == ["heading_doubled"]
    assert document.text.count("E.O. 12958") == 1
    assert "NORW..." not in document.text
    assert "NORW..." in document.raw


def test_of_two_headings_the_first_stays_where_it_is_the_whole_one():
    heading, body = shapes.MESSAGE.split("\n1. (C)", 1)
    cut = heading.replace(' "WILL NOT PAY" FOR\nBUOYS', "")
    document = read(f"{shapes.TEXT}\n{heading}\n{cut}\n1. (C){body}")
    assert document.title.endswith("FOR BUOYS")
    assert document.text.count("E.O. 12958") == 1
    assert document.header["passing"] == ["STATE FOR EUR/NB"]


def test_two_headings_that_each_have_more_both_stay():
    heading, body = shapes.MESSAGE.split("\n1. (C)", 1)
    first = heading.replace(' "WILL NOT PAY" FOR\nBUOYS', "")
    second = heading.replace("TAGS: EWWT, PREL, NO, SW", "TAGS: EWWT")
    document = read(f"{shapes.TEXT}\n{first}\n{second}\n1. (C){body}")
    assert document.title.endswith("FOR BUOYS")
    assert len(document.header["tags"]) == 4
    assert "heading_doubled" not in codes(document)


def test_small_letters_of_header_and_marks_are_read_as_capitals():
    raw = shapes.small_letters()
    document = read(raw)
    assert document.issuer == "AMEMBASSY OSLO"
    assert [p.name for p in document.parties][0] == "SECSTATE WASHDC"
    assert document.dated == "2008-03-12"
    assert document.printed_identifier == "08OSLO311"
    assert [p.marking for p in document.paragraphs if p.number] == [
        *("(C)", "(C)", "(SBU)"),
    ]
    assert [p.section for p in document.paragraphs if p.number] == [1, 1, 2]
    assert codes(document) == ["small_letters"]
    assert document.raw == raw


def test_doubled_quotes_are_mended_with_a_warning():
    document = read(WHOLE.replace('"', '""'))
    assert document.title == 'LIGHTHOUSES: NORWAY "WILL NOT PAY" FOR BUOYS'
    assert codes(document) == ["doubled_quotes"]


def test_q_for_a_lost_apostrophe_is_mended_with_a_warning():
    document = read(WHOLE.replace("director's", "directorQs"))
    assert document.text == read(WHOLE).text
    assert codes(document) == ["apostrophes_lost"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("VZCZCXRO2207", "Cable Text:\nVZCZCXRO2207"),
        ("VZCZCXRO2207", "C O N F I D E N T I A L   OSLO   00000311\nVZCZCXRO2207"),
        ("TO RUEHC", "TORUEHC"),
        ("TO RUEHC", "TO PAGE 02   OSLO   000311  120915Z\nRUEHC"),
        (
            "INFO RUEHZL",
            "CONFIDENTIAL\n\nPAGE 02   OSLO   000311  120915Z\nINFO RUEHZL",
        ),
        ("RUEHSM/", "AMCONSUL MUNICH\nRUEHSM/"),
    ],
)
def test_odd_lines_do_not_break_the_header(old, new):
    document = read(WHOLE.replace(old, new, 1))
    assert document.header["transmission"] == "VZCZCXRO2207"
    assert document.dated == "2008-03-12"
    names = [p.name for p in document.parties if p.role != "exempted"]
    assert [n for n in names if n != "AMCONSUL MUNICH"] == [
        "SECSTATE WASHDC",
        "EUROPEAN POLITICAL COLLECTIVE",
        "AMEMBASSY STOCKHOLM",
    ]
    assert numbers(document) == ["1", "2", "3"]
    assert document.printed_identifier == "08OSLO311"


def test_an_exempted_post_named_again_is_an_addressee():
    again = "XMT AMCONSUL MUNICH\nAMCONSUL MUNICH\n"
    document = read(WHOLE.replace("XMT AMCONSUL MUNICH\n", again))
    assert [(p.role, p.name) for p in document.parties][2:] == [
        ("exempted", "AMCONSUL MUNICH"),
        ("information", "AMCONSUL MUNICH"),
        ("information", "AMEMBASSY STOCKHOLM"),
    ]


# -- the layout of the 1970s --------------------------------------------------------


@pytest.fixture(scope="module")
def seventies():
    return read(shapes.SEVENTIES, "1975OSLO01188_b.txt")


def test_the_layout_of_the_seventies_is_read(seventies):
    assert seventies.shape == "1970s"
    assert seventies.canonical_identifier == "75OSLO1188"
    assert seventies.dated_at == datetime(1975, 3, 12, 9, 15, tzinfo=UTC)
    assert [p.name for p in seventies.parties] == [
        *("SECSTATE WASHDC", "AMEMBASSY STOCKHOLM", "USMISSION EC BRUSSELS"),
    ]
    assert (seventies.title, seventies.level) == (
        "LIGHTHOUSES AND THE COMMUNITIES",
        Level.CONFIDENTIAL,
    )
    assert numbers(seventies) == ["1", "2", "3"]
    assert [(p.section, p.page) for p in seventies.paragraphs if p.number] == [
        *((1, 2), (1, 2), (2, 3)),
    ]
    assert seventies.header["order"]["kind"] == "exemption"
    assert seventies.header["signer"] == "HOLM"


def test_bureaus_drafter_and_clearances_of_the_seventies_are_kept(seventies):
    assert seventies.header["distribution"] == {
        "action": ["EUR-12"],
        "information": ["OCT-01", "ISO-00", "EB-07", "L-03", "/024", "W"],
        "drafted_by": ["EUR/NB:AHOLM:KL"],
        "approved_by": ["EUR/NB:JVANCE"],
        "cleared_by": ["L/OES - MR. BERG"],
        "desired": ["S/S-O"],
    }


def test_page_heads_of_the_seventies_are_taken_out_of_the_text(seventies):
    assert "PAGE" not in seventies.text
    assert seventies.text.count("CONFIDENTIAL") == 1
    second = next(p for p in seventies.paragraphs if p.number == "2")
    assert seventies.text_of(second).endswith("AND NOT\nTHAT OF THE HARBOURS.")
    [skip] = second.skips
    assert "PAGE 03" in skip.raw
    assert seventies.raw == shapes.SEVENTIES


def test_a_word_hyphened_at_the_end_of_a_line_is_rejoined(seventies):
    assert "QUESTION OF COMMUNICATIONS\nWITH SHIPS" in seventies.text
    assert codes(seventies) == ["words_rejoined"]


def test_a_hyphen_that_belongs_to_the_word_stays():
    raw = shapes.SEVENTIES.replace("COMMUNICA-\nTIONS", "SHIP-\nTO-SHORE TALKS")
    assert "SHIP-\nTO-SHORE" in read(raw).text


# -- all shapes ---------------------------------------------------------------------

RAWS = [raw for _, raw, *_ in COPIES.values()] + [
    shapes.SEVENTIES,
    shapes.small_letters(),
    shapes.page(shapes.TEXT.strip(), LEAKED + ANOTHERS),
]
PIECES = [
    *(
        "<pre>",
        "</pre>",
        "<a href='x'>",
        "&#x000A;",
        "&amp;",
        "&#8217;",
        "<",
        ">",
        "\t",
    ),
    *(
        '","',
        '"',
        '\\"',
        '""',
        "\\",
        "\n",
        "\r\n",
        "\0",
        "\ud800",
        "¶",
        "CONFIDENTIAL\n",
    ),
    *("PAGE 02 OSLO 00311\n", "a\nnd ", "FM A TO B ", "1. (C) ", "\ufeff"),
]


@st.composite
def damaged(draw):
    """A copy in some shape with a few spans cut, doubled or replaced."""
    raw = draw(st.sampled_from(RAWS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        end = draw(st.integers(start, min(len(raw), start + 300)))
        piece = draw(st.sampled_from([*PIECES, raw[start:end] * 2]))
        raw = raw[:start] + piece + raw[end:]
    return raw


@given(damaged())
@settings(max_examples=60)
def test_any_damage_to_any_shape_is_read_and_can_be_rebuilt(raw):
    document = parse_text(raw, "08OSLO311.txt")
    assert_sound(document, raw)
    assert parse_text(raw, "08OSLO311.txt") == document


@given(damaged(), st.integers(0, 4000))
@settings(max_examples=40)
def test_any_damaged_file_gives_a_document_or_one_sentence(raw, length):
    data = raw[:length].encode("utf-8", "surrogatepass")
    document, reason = outcome(data)
    if document is None:
        assert reason.endswith(".")
        assert "\n" not in reason
    else:
        assert document.identifier
        assert document.paragraphs


texts_and_edits = st.tuples(
    st.text("abcdef\n", max_size=30),
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 6), st.text("XY", max_size=3))
    ),
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 6), st.text("xy", max_size=3))
    ),
)


@given(texts_and_edits)
def test_patches_of_two_layers_lead_straight_back(given_edits):
    raw, lower, upper = given_edits
    middle, below = apply(raw, _fitted(lower, raw))
    text, above = apply(middle, _fitted(upper, middle))
    composed = compose(text, above, middle, below)
    assert rebuild(text, composed) == raw
    ends = [0, *(patch.end for patch in composed)]
    assert all(p.start >= end for p, end in zip(composed, ends, strict=False))
    assert all(text[p.start : p.end] != p.raw for p in composed)


def _fitted(edits, text):
    length = len(text)
    return [(min(s, length), min(s + n, length), instead) for s, n, instead in edits]


GOING_ON = [
    *(
        ("<html><pre>", unit)
        for unit in ("<a ", "&#x000A;", "<pre>", "</pre>", "&", "<")
    ),
    *(("<html><table class='cable'>", unit) for unit in ("<td>", "<tr>", "<table ")),
    *((shapes.record()[:-40], unit) for unit in ("\\", '"', '""', '",', "\\\n", ",")),
    ('1,"1/1/2008 1:00","08OSLO1","', '","'),
    ("", "1\t2008-01-01 10:00:00\t08OSLO1\ta\tb\tc\td\n"),
    ("", "2008-01-01 10:00:00\t08OSLO1\ta\tb\tc\t"),
    ("", "FM A TO B INFO "),
    (shapes.TEXT, "a\nnd "),
    (shapes.TEXT, "a-\nb-\n"),
    (shapes.TEXT, "C O N F I D E N T I A L OSLO 000311\nTAGS: A\n"),
    (shapes.TEXT.lower(), "1. (c) x\n"),
    (shapes.SEVENTIES, "CONFIDENTIAL\n\n"),
    ("FM AMEMBASSY OSLO TO SECSTATE WASHDC ", "----- A ----- "),
]


@pytest.mark.parametrize(("opening", "unit"), GOING_ON)
def test_no_copy_in_any_shape_keeps_it_busy_for_ever(opening, unit):
    raw = opening + unit * (128_000 // len(unit))
    with hang_guard():
        parse_text(raw, "08OSLO311.txt")


@pytest.mark.parametrize(
    "wrap", [shapes.page, lambda text: shapes.record(*shapes.columns(body=text))]
)
def test_a_megabyte_in_a_page_or_record_is_read(wrap):
    paragraphs = "1. (C) Words of the harbour's director.\n\n" * (2**20 // 42)
    raw = wrap(shapes.TEXT + shapes.MESSAGE + paragraphs)
    with hang_guard():
        document = parse_text(raw, "08OSLO311.txt")
    assert document.raw == raw


def test_the_document_is_plain_values_in_every_shape(copy):
    _, raw, name, _ = copy
    assert asdict(read(raw, name))["parser"] == "cable"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("08OSLO311.txt", b"", True),
        ("x.txt", WHOLE.encode(), True),
        ("x.html", shapes.page().encode()[:4096], True),
        ("cables.csv", shapes.record().encode()[:200], True),
        ("cables.csv", b"id,date\n" + shapes.record().encode()[:200], True),
        ("cables.csv", b"id,date,refid,origin,class,refs,header,body\n1,2", False),
        ("notes.txt", b"Dear all,\nlunch is at one.\n", False),
        ("d10.txt", b"TELEGRAM\nDepartment of State\n250151\n", True),
        ("page.html", b"<html><title>Votes</title>", False),
    ],
)
def test_what_may_be_a_cable_is_told_by_name_and_first_bytes(name, head, expected):
    assert fits(name, head) == expected

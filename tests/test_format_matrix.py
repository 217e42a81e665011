"""Matrices of positions: provisions by actors, values apart from blanks."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import matrix
from ingest.reading import Read
from ingest.records import Document, ImportFault

TABLE = "IP,AU,Borduria,JP\nPatents,1,,0.5\nCopyright term,0,1.0,-\n"


def read(text, name="folder/positions.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return matrix.parse(Read(name, data))


def read_or_fault(text):
    try:
        return read(text)
    except ImportFault as fault:
        return fault


def rows(document, table):
    return [row.values for row in document.rows if row.table == table]


def cells(document):
    """(actor, code, option, value, words) of each statement."""
    found = []
    for v in rows(document, "statements"):
        text = document.text_of(document.paragraphs[v["order"] - 1])
        words = text[v["start"] : v["end"]]
        found.append(
            (v["actor"], v["actor_code"], v["option"], v["disposition"], words)
        )
    return found


def test_each_provision_is_a_paragraph_and_an_option_each_value_a_statement():
    document = read(TABLE)
    assert (document.identifier, document.title) == ("positions", "IP")
    assert [(p.number, document.text_of(p)) for p in document.paragraphs] == [
        ("", "IP | AU | Borduria | JP"),
        ("1", "Patents: AU 1; JP 0.5"),
        ("2", "Copyright term: AU 0; Borduria 1.0"),
    ]
    assert cells(document) == [
        ("Australia", "iso3:AUS", "Patents", "1", "AU 1"),
        ("Japan", "iso3:JPN", "Patents", "0.5", "JP 0.5"),
        ("Australia", "iso3:AUS", "Copyright term", "0", "AU 0"),
        ("Borduria", "", "Copyright term", "1", "Borduria 1.0"),
    ]
    options = [(v["name"], v["kind"]) for v in rows(document, "options")]
    assert options == [("Patents", "provision"), ("Copyright term", "provision")]
    assert document.raw == TABLE


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *(("1", "1"), ("1.0", "1"), ("01", "1"), ("+1", "1"), ("-1", "-1")),
        *((".5", "0.5"), ("0,50", "0.5"), ("0", "0"), ("-0.0", "0"), ("10", "10")),
        *(("Reserved", "reserved"), ("?", "?"), (".", ".")),
    ],
)
def test_a_value_is_named_as_mappings_name_it(cell, value):
    assert matrix.plain_value(cell) == value


@pytest.mark.parametrize("blank", ["", "  ", "-", "–", "NA", "n/a", "NaN"])
def test_a_blank_says_nothing(blank):
    assert cells(read(f"IP,AU\nPatents,{blank}\n")) == []


def test_lines_that_are_no_provision_are_left_out_and_told():
    text = "IP,AU\n,1\nPatents,1,0\nPatents,1\nPatents,0\n\n"
    document = read(text)
    assert [c[3] for c in cells(document)] == ["1"]
    assert [(p.code, p.place) for p in document.problems] == [
        *(("row_not_read", "row 2"), ("row_not_read", "row 3")),
        ("row_not_read", "row 5"),
    ]
    assert document.raw == text


def test_a_name_is_quoted_on_one_line_and_cut():
    line = f'"Copy\nright {"term " * 30}",1\n'
    (odd,) = read(f"IP,AU\n{line}{line}").problems
    assert odd.message.startswith("“Copy right term term")
    assert odd.message.endswith("…” stands twice: the first is taken.")
    with pytest.raises(ImportFault, match="^[^\n]*The column “A U” stands twice.$"):
        read('IP,"A\nU","A\nU"\nPatents,1,0\n')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"\xff\xfe", "The file is empty."),
        ("IP\nPatents\n", "The first line names the actors"),
        ("IP,AU,\nPatents,1,0\n", "The first line names the actors"),
        ("IP,AU,AU\nPatents,1,0\n", "The column “AU” stands twice."),
        ("IP,AU\n", "The matrix has no provision."),
        ('IP,AU\n"Patents,1\n', "This is no CSV table"),
        (b"PK\x03\x04" + b"\0" * 200, "zip archive"),
        ("<html><table></table></html>", "This is an HTML page"),
    ],
)
def test_what_is_no_matrix_is_refused_in_a_sentence(text, reason):
    fault = read_or_fault(text)
    assert isinstance(fault, ImportFault)
    assert reason in fault.reason


def test_a_matrix_is_known_by_its_second_line():
    assert matrix.fits("x.csv", TABLE.encode())
    assert not matrix.fits("x.csv", b"key,name\nfirst,A long name of something\n")
    assert not matrix.fits("x.csv", b"IP,AU\n")
    assert not matrix.fits("x.csv", b"")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_a_fault(data):
    found = read_or_fault(data)
    assert isinstance(found, Document) or found.reason.endswith(".")


@given(
    st.lists(
        st.lists(st.sampled_from(("a", "1", "0.5", "", '"x"', "é", " ")), max_size=4),
        max_size=5,
    )
)
def test_a_matrix_rebuilds_its_lines(lines):
    text = "IP,AU,JP\n" + "".join(",".join(cells) + "\n" for cells in lines)
    found = read_or_fault(text)
    if isinstance(found, Document):
        assert found.raw == text
        for _, _, option, _, words in cells(found):
            assert option
            assert words.startswith(("AU ", "JP "))


def test_the_real_matrices(samples):
    counts = []
    for name in ("positions_ip.csv", "positions_sps.csv"):
        path = samples / "matrices" / name
        document = read(path.read_bytes(), str(path))
        assert document.problems == ()
        assert all(code for _, code, *_ in cells(document))
        counts.append(Counter(value for *_, value, _ in cells(document)))
    assert counts == [{"0": 152, "1": 49, "0.5": 15}, {"0.5": 20, "1": 12, "0": 4}]

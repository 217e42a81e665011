"""Databases of Discourse Network Analyzer are read row by row, exactly, and safely."""

import io
import json
import random
import sqlite3
from pathlib import Path

import pytest
from coded import TEXT, Coded, hearing
from guarding import hang_guard
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import dna
from ingest.formats.dna import database, documents
from ingest.reading import Read
from ingest.records import Document, ImportFault, Tables
from positions.names import is_storable

SAMPLE = Path("/work/shared/samples/dna/sample-v3.dna")
needs_sample = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the real samples are not on this machine"
)


def split(path, name="x.dna"):
    with open(path, "rb") as file:
        return list(dna.split(name, file))


def documents_of(path):
    found = map(dna.parse, split(path))
    return [each for each in found if isinstance(each, Document)]


def rows_of(path, table):
    parts = map(dna.parse, split(path))
    return [row for part in parts for row in part.rows if row.table == table]


def only(path):
    (document,) = documents_of(path)
    return document


def quoted(document, row):
    paragraph = document.paragraphs[row.values["order"] - 1]
    return document.text_of(paragraph)[row.values["start"] : row.values["end"]]


def told(read):
    """What a part says, or why it says nothing; any other exception is a bug."""
    try:
        return dna.parse(read)
    except ImportFault as fault:
        return fault


def faults(path):
    return [str(each) for each in split(path) if isinstance(each, ImportFault)]


# -- what is read ---------------------------------------------------------------------


@pytest.mark.parametrize("version", [2, 3])
def test_both_versions_say_the_same(tmp_path, version):
    document = only(hearing(tmp_path / "x.dna", version=version))
    assert (document.identifier, document.title) == ("Hearing", "Hearing")
    assert (document.dated, document.issuer) == ("2008-04-23", "Reporter, A.")
    assert document.raw == TEXT
    assert [document.text_of(p)[:8] for p in document.paragraphs] == [
        "A HEARIN",
        "Mr. Abe.",
        "Ms. Bo. ",
    ]
    assert [p.number for p in document.paragraphs] == ["1", "2", "3"]
    assert [quoted(document, row) for row in document.rows] == [
        "We prefer talks in Geneva",
        "A ban is right.",
        "Talks lead nowhere",
    ]
    said = ("actor", "speaker_name", "option", "disposition")
    assert [tuple(row.values[name] for name in said) for row in document.rows] == [
        ("Japan", "Mr. Abe", "Talks in Geneva", "true"),
        ("Ban Group", "Ms. Bo", "A ban", "true"),
        ("Ban Group", "", "Talks in Geneva", "false"),
    ]
    assert document.rows[2].values["note"] == (
        "Statement 3 of a .dna file, coded by Coder 2."
    )
    about = document.header["dna"]
    assert (about["time"], about["notes"]) == ("2008-04-23 00:00:00", "A note.")
    (annotation,) = about["annotations"]
    assert annotation["values"] == [["note", "long text", "Check this."]]
    assert [problem.code for problem in document.problems] == ["annotations"]


@pytest.mark.parametrize("version", [2, 3])
def test_those_whom_statements_name_come_before_the_documents(tmp_path, version):
    path = hearing(tmp_path / "x.dna", version=version)
    named, document = split(path)
    assert (named.place, document.place) == (
        "people, organizations, concepts",
        "document 1",
    )
    rows = dna.parse(named).rows
    assert [(row.table, row.place) for row in rows] == [
        ("actors", "organization “Ban Group”"),
        ("actors", "organization “Japan”"),
        ("actors", "person “Mr. Abe”"),
        ("actors", "person “Ms. Bo”"),
        ("options", "concept “A ban”"),
        ("options", "concept “Talks in Geneva”"),
    ]
    # Its type tells nothing of the one; the run says what it is made.
    assert "kind" not in rows[0].values
    assert (rows[1].values["kind"], rows[2].values["kind"]) == ("state", "person")
    assert rows[4].values["aliases"] == ("Prohibition",)


def test_the_same_document_gives_the_same_bytes(tmp_path):
    first = split(hearing(tmp_path / "a.dna"))
    coded = Coded(tmp_path / "b.dna").document("Another, before", number=7)
    assert first == split(hearing(tmp_path / "a.dna"))
    # Whatever else is in the file, and however it was written.
    coded.document(number=1).statement("We prefer talks in Geneva")
    path = coded.saved()
    before = [read.data for read in split(path) if read.key == "Hearing"]
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM DOCUMENTS WHERE ID = 7")
        db.execute("UPDATE CODERS SET Password = 'changed'")
    with sqlite3.connect(path) as db:
        db.execute("VACUUM")
    assert [read.data for read in split(path) if read.key == "Hearing"] == before


def test_no_password_leaves_the_database(tmp_path):
    for read in split(hearing(tmp_path / "x.dna")):
        assert b"password" not in read.data.lower()


def test_documents_of_one_title_have_identifiers_of_their_own(tmp_path):
    coded = Coded(tmp_path / "x.dna")
    for title in ("News", "News", "A/B", " ", "News", "x" * 300):
        coded.document(title)
    found = [read.key for read in split(coded.saved())]
    assert found[:5] == ["News", "News (2)", "A-B", "document 4", "News (5)"]
    assert len(found[5]) <= 120


def test_a_person_holds_the_position_where_no_organization_is_coded(tmp_path):
    coded = Coded(tmp_path / "x.dna").document()
    path = coded.statement("A ban", "", person="Ms. Bo").saved()
    (row,) = rows_of(path, "statements")
    assert (row.values["actor"], row.values["speaker_name"]) == ("Ms. Bo", "Ms. Bo")
    # Empty names are nobody's.
    assert [r.values["name"] for r in rows_of(path, "actors")] == ["Ms. Bo"]


def test_what_one_coder_says_twice_of_one_passage_stays_apart(tmp_path):
    coded = Coded(tmp_path / "x.dna").document()
    for agreement in (1, 0, 1):
        coded.statement("A ban is right.", agreement=agreement)
    rows = rows_of(coded.saved(), "statements")
    assert [row.values["disposition"] for row in rows] == ["true", "false", "true"]
    assert len({row.values["identity"] for row in rows}) == 3


def test_a_scale_keeps_its_numbers_and_nothing_said_is_none(tmp_path):
    coded = Coded(tmp_path / "x.dna", scale=True).document()
    for agreement in (-2, 0, 3, None):
        coded.statement("A ban", agreement=agreement)
    rows = rows_of(coded.saved(), "statements")
    words = [row.values["disposition"] for row in rows]
    assert words == ["-2", "0", "3", "none"]


def test_another_type_with_the_same_variables_is_read_as_well(tmp_path):
    coded = Coded(tmp_path / "x.dna").document().statement("A ban")
    coded.db.execute("UPDATE STATEMENTTYPES SET Label = 'Claim' WHERE ID = 1")
    coded.db.execute("UPDATE VARIABLES SET Variable = 'Concept' WHERE ID = 3")
    (row,) = rows_of(coded.saved(), "statements")
    assert row.values["option"] == "Talks in Geneva"


# -- places ---------------------------------------------------------------------------


def test_words_over_several_paragraphs_are_cited_piece_by_piece(tmp_path):
    coded = Coded(tmp_path / "x.dna").document(
        text="One two.\n\nThree four five.\n\nSix"
    )
    document = only(coded.statement((4, 30)).saved())
    assert [quoted(document, row) for row in document.rows] == [
        "two.",
        "Three four five.",
        "Six"[:2],
    ]
    roles = [row.values.get("citation_role", "main") for row in document.rows]
    assert roles == ["context", "main", "context"]
    assert len({row.values["ref"] for row in document.rows}) == 1
    assert [p.code for p in document.problems] == ["several_paragraphs"]
    assert "the longest piece is its main citation" in document.problems[0].message


def test_line_ends_around_words_are_no_words(tmp_path):
    coded = Coded(tmp_path / "x.dna").document(text="\n\nOne two.\n\nThree.\n")
    document = only(coded.statement((0, 19)).statement((1, 11)).saved())
    assert [quoted(document, row) for row in document.rows] == [
        "One two.",
        "Three.",
        "One two.",
    ]


@pytest.mark.parametrize("span", [(5, 999), (999, 1000), (-3, 4), (4, 4), (6, 2)])
def test_a_statement_outside_the_text_is_named_and_not_coded(tmp_path, span):
    coded = Coded(tmp_path / "x.dna").document(text="One two.\n\nThree.")
    document = only(coded.statement(span).statement("Three").saved())
    assert [quoted(document, row) for row in document.rows] == ["Three"]
    (odd,) = document.problems
    assert (odd.code, odd.place) == ("words_outside", "statement 1")
    assert f"({span[0]}-{span[1]})" in odd.message
    # An export has it still.
    assert len(document.header["dna"]["statements"]) == 2


def test_what_no_database_keeps_is_replaced_wherever_it_stands(tmp_path):
    bad = r"a\u0000b\ud800c"
    coded = Coded(tmp_path / "x.dna").document(title="T\0", text="One\0 two.")
    parts = split(coded.statement("two", "Ja\0pan", "A\0 ban", person="Abe").saved())
    damaged = [
        Read(part.name, part.data.replace(b"Abe", bad.encode()), part.place)
        for part in parts
    ]
    names, document = map(dna.parse, parts)
    assert document.raw == "One\0 two."
    for said in (names, document, *map(dna.parse, damaged)):
        assert all(
            is_storable(str(v)) for row in said.rows for v in row.values.values()
        )
    assert document.title == "T\ufffd"
    assert dna.parse(damaged[1]).rows[0].values["speaker_name"] == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("name", ["id", "start", "stop"])
@pytest.mark.parametrize("value", ["1.5", '"1"', "null", "[]"])
def test_a_part_with_a_place_that_is_no_number_is_refused(tmp_path, name, value):
    part = split(hearing(tmp_path / "x.dna"))[1]
    content = json.loads(part.data)
    content["statements"][0][name] = json.loads(value)
    data = json.dumps(content).encode()
    with pytest.raises(ImportFault, match="no document of"):
        dna.parse(Read(part.name, data, part.place))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # The program counts UTF-16, and a line end once.
        ("😀😀 said: a ban 😀 is right", "a ban 😀 is"),
        ("One\r\n\r\ntwo\rthree a ban here", "a ban"),
        ("𝔘𝔫\r\n\r\nfoo a ban\r\nbar", "a ban"),
    ],
)
def test_places_are_read_as_the_program_counts_them(tmp_path, text, words):
    shown = text.replace("\r\n", "\n").replace("\r", "\n")
    before = shown[: shown.index(words)].encode("utf-16-le")
    start, length = len(before) // 2, len(words.encode("utf-16-le")) // 2
    coded = Coded(tmp_path / "x.dna").document(text=text)
    document = only(coded.statement((start, start + length)).saved())
    assert quoted(document, document.rows[0]) == words
    assert document.raw == text
    assert [p.code for p in document.problems] == ["offsets_as_shown"]


def test_lines_broken_by_hand_are_one_paragraph_and_long_ones_are_each(tmp_path):
    wrapped = "One line\nand its next.\n\nAnother."
    long = f"Title\n{'word ' * 60}\nAn end.\n\nMore."
    coded = Coded(tmp_path / "x.dna").document("a", wrapped).document("b", long)
    first, second = documents_of(coded.saved())
    texts = [[d.text_of(p) for p in d.paragraphs] for d in (first, second)]
    assert texts[0] == ["One line\nand its next.", "Another."]
    assert [text[:7] for text in texts[1]] == ["Title", "word wo", "An end.", "More."]


@given(st.text(alphabet="ab \n\r\0\ud800😀.", max_size=60))
def test_any_text_is_rebuilt_and_cut_without_overlap(text):
    mended, patches = documents._mended(text)
    document = Document("x", mended, "dna", "1", patches=patches)
    assert document.raw == text
    paragraphs = list(documents._paragraphs(mended))
    spans = [edge for p in paragraphs for edge in (p.start, p.end)]
    assert spans == sorted(spans)
    outside = list(mended)
    for p in paragraphs:
        outside[p.start : p.end] = [""] * (p.end - p.start)
    assert not "".join(outside).strip()


# -- dates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "date", "dated"),
    [
        (3, 1106697600, "2005-01-26"),
        (2, 1106697600000, "2005-01-26"),
        (3, -2208988800, "1900-01-01"),
        (3, 0, "1970-01-01"),
    ],
)
def test_dates_are_seconds_in_version_3_and_milliseconds_in_version_2(
    tmp_path, version, date, dated
):
    coded = Coded(tmp_path / "x.dna", version=version).document(date=date)
    document = only(coded.saved())
    assert (document.dated, document.problems) == (dated, ())


@pytest.mark.parametrize("date", [1106697600000, 10**18, -(10**12), "soon", b"\xff"])
def test_an_impossible_date_is_a_warning(tmp_path, date):
    document = only(Coded(tmp_path / "x.dna").document(date=date).saved())
    assert document.dated == ""
    assert [problem.code for problem in document.problems] == ["impossible_date"]


def test_a_time_of_version_2_may_be_of_another_day_where_it_was_coded(tmp_path):
    coded = Coded(tmp_path / "x.dna", version=2).document(date=1106694000000)
    document = only(coded.saved())
    assert document.dated == "2005-01-25"
    assert [problem.code for problem in document.problems] == ["date_without_zone"]


# -- what cannot be read --------------------------------------------------------------


def test_what_is_no_database_is_refused(tmp_path):
    for data in (b"", b"Dear all,", b"PK\x03\x04", b"SQLite"):
        (tmp_path / "x.dna").write_bytes(data)
        assert faults(tmp_path / "x.dna") == [
            "x.dna: This is no database of Discourse Network Analyzer."
        ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("DROP TABLE STATEMENTS", "it has no table STATEMENTS."),
        ("ALTER TABLE DOCUMENTS RENAME Text TO Words", "DOCUMENTS has no column Text."),
        ("DROP TABLE ENTITIES", "its table DATASHORTTEXT has no column Value."),
    ],
)
def test_another_database_is_refused_with_what_it_lacks(tmp_path, change, reason):
    path = hearing(tmp_path / "x.dna")
    with sqlite3.connect(path) as db:
        db.execute(change)
    (fault,) = faults(path)
    assert "no database of Discourse Network Analyzer 2 or 3" in fault
    assert fault.endswith(reason)


def test_views_triggers_and_computed_columns_are_never_run(tmp_path):
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS ID, 'x' AS Name, 0 AS Password FROM n"
    )
    path = hearing(tmp_path / "x.dna")
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE CODERS")
        db.execute(f"CREATE VIEW CODERS AS {endless}")
        db.execute("ALTER TABLE DOCUMENTS RENAME TO D")
        db.execute("CREATE VIEW DOCUMENTS AS SELECT * FROM D, CODERS")
    with hang_guard():
        assert "it has no table DOCUMENTS" in faults(path)[0]
    with sqlite3.connect(path) as db:
        db.execute("DROP VIEW DOCUMENTS")
        db.execute("ALTER TABLE D RENAME TO DOCUMENTS")
    assert documents_of(path)[0].header["dna"]["coder"] == ""
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE DOCUMENTS DROP COLUMN Text")
        db.execute(
            "ALTER TABLE DOCUMENTS ADD COLUMN Text AS (hex(zeroblob(999999999)))"
        )
    assert "its table DOCUMENTS has no column Text" in faults(path)[0]


def test_a_document_that_is_too_large_does_not_stop_the_others(tmp_path, monkeypatch):
    from ingest.formats.dna import schema

    monkeypatch.setattr(schema, "SIZE_LIMIT", 20_000)
    coded = Coded(tmp_path / "x.dna").document("Large", "word " * 9000)
    path = coded.document("Small").statement("A ban").saved()
    parts = split(path)
    assert [str(p) for p in parts if isinstance(p, ImportFault)] == [
        "x.dna, document 1: The document cannot be read."
    ]
    assert [p.key for p in parts if isinstance(p, Read)] == ["", "Small"]


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "FILE_LIMIT", 10_000)
    (fault,) = faults(hearing(tmp_path / "x.dna"))
    assert "larger than the limit of 10000 bytes" in fault


def test_statements_of_no_document_are_named(tmp_path):
    coded = Coded(tmp_path / "x.dna").document().statement("A ban")
    coded.db.execute("UPDATE STATEMENTS SET DocumentId = 99")
    assert faults(coded.saved()) == [
        "x.dna, statement 1: Its document 99 is not in the database."
    ]


def test_a_document_without_text_is_refused_by_itself(tmp_path):
    coded = Coded(tmp_path / "x.dna").document("Empty", " \n").document("Full")
    empty, full = map(told, split(coded.saved()))
    assert str(empty) == "x.dna, document 1: The document has no text."
    assert full.identifier == "Full"


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_database_cut_off_is_a_clear_fault(tmp_path, part):
    path = hearing(tmp_path / "x.dna")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    found = faults(path)
    assert found
    assert all("damaged or cut off" in f or "no database" in f for f in found)


def test_a_database_with_wrong_bytes_in_it_is_never_a_crash(tmp_path):
    data = hearing(tmp_path / "x.dna").read_bytes()
    chance = random.Random(3)
    with hang_guard():
        for _ in range(150):
            broken = bytearray(data)
            for _ in range(chance.choice((1, 4, 40))):
                broken[chance.randrange(16, len(data))] = chance.randrange(256)
            stream = io.BufferedReader(io.BytesIO(bytes(broken)))
            for read in dna.split("x.dna", stream):
                found = told(read) if isinstance(read, Read) else read
                assert isinstance(found, Document | Tables | ImportFault)
                assert getattr(found, "reason", ".").endswith(".")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_a_part_or_a_clear_fault(data):
    with pytest.raises(ImportFault, match="no document of|whole database"):
        dna.parse(Read("x.dna", data))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["document", "entities", "text", "statements", "date"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_a_part_or_a_clear_fault(value):
    found = told(Read("x.dna", json.dumps(value).encode()))
    assert isinstance(found, Document | Tables | ImportFault)


def test_a_whole_database_is_not_taken_for_one_document(tmp_path):
    data = hearing(tmp_path / "x.dna").read_bytes()
    with pytest.raises(ImportFault, match="import it with"):
        dna.parse(Read("x.dna", data))


@pytest.mark.parametrize(
    ("name", "head", "fits"),
    [
        ("a.dna", b"", True),
        ("a", b"SQLite format 3\0....", True),
        ("a.txt", b"Dear", False),
    ],
)
def test_a_database_is_known_by_its_name_or_first_bytes(name, head, fits):
    assert dna.fits(name, head) is fits


# -- the real sample ------------------------------------------------------------------


@needs_sample
def test_every_statement_of_the_sample_has_the_span_that_sql_reads():
    found = documents_of(SAMPLE)
    assert len(found) == 7
    address = f"file:{SAMPLE}?mode=ro&immutable=1"
    query = (
        "SELECT s.ID, substr(d.Text, s.Start + 1, s.Stop - s.Start), d.Title, c.Name, "
        "p.Value, o.Value, k.Value, b.Value FROM STATEMENTS s "
        "JOIN DOCUMENTS d ON d.ID = s.DocumentId JOIN CODERS c ON c.ID = s.Coder "
        + "".join(
            f"JOIN DATASHORTTEXT d{v} ON d{v}.StatementId = s.ID "
            f"AND d{v}.VariableId = {n} JOIN ENTITIES {v} ON {v}.ID = d{v}.Entity "
            for n, v in ((1, "p"), (2, "o"), (3, "k"))
        )
        + "JOIN DATABOOLEAN b ON b.StatementId = s.ID ORDER BY s.ID"
    )
    expected = sqlite3.connect(address, uri=True).execute(query).fetchall()
    read = [
        (
            row.number,
            quoted(document, row),
            document.title,
            row.values["note"].rpartition(" by ")[2].rstrip("."),
            row.values["speaker_name"],
            row.values["actor"],
            row.values["option"],
            int(row.values["disposition"] == "true"),
        )
        for document in found
        for row in document.rows
    ]
    assert len(read) == 40
    assert read == expected


@needs_sample
def test_the_sample_is_counted():
    found = documents_of(SAMPLE)
    assert [len(d.paragraphs) for d in found] == [4, 6, 11, 31, 27, 30, 34]
    assert [len(d.rows) for d in found] == [4, 5, 11, 4, 6, 6, 4]
    assert sum(len(d.header["dna"]["annotations"]) for d in found) == 1
    named = dna.parse(split(SAMPLE)[0]).rows
    kinds = [row.values["kind"] for row in named if row.table == "actors"]
    assert sorted(set(kinds)) == ["body", "company", "ngo", "person"]
    assert (len(kinds), kinds.count("person"), len(named) - len(kinds)) == (14, 7, 6)

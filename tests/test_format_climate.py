"""Climate talks: sections as JSON, alone, in a list or one a line."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import climate, json_objects
from ingest.reading import Read
from ingest.records import Document, ImportFault
from positions.choices import ParagraphRole, SourceKind
from tests.guarding import hang_guard

SECTION = {
    "countries": ["Ruritania", "Freedonia", "Ruritania"],
    "topics": ["Transfer of technology"],
    "section_title": "RURITANIA\u0092S PROPOSAL",
    "enb_start_date": "28-Nov-05",
    "enb_short_title": "TEST COP 1",
    "subtype": "PLENARY",
    "actors": [],
    "sentences": [
        "On Friday, Otto Normal (Freedonia) chaired the group.",
        " Delegates could not agree on Ruritania\u0092s \u0093proposal\u0094. ",
        "It went on.",
    ],
    "enb_url": "http://www.example.org/vol1/test01e.html",
    "enb_long_title": "First session of a test of the talks",
    "type": "COP",
    "id": "enb00001e_7",
    "enb_end_date": "09-Dec-05",
}


def read(section=SECTION, *, name="folder/file.json", place="", **changes):
    data = json.dumps({**section, **changes}).encode()
    document = climate.parse(Read(name, data, place))
    check_rules(document)
    return document


def check_rules(document):
    assert [p.order for p in document.paragraphs] == list(
        range(1, len(document.paragraphs) + 1)
    )
    for paragraph in document.paragraphs:
        words = document.text_of(paragraph)
        assert words == words.strip() != ""
        assert not any("\x7f" <= c <= "\x9f" or c == "\r" for c in words)
    document.text.encode()


def refused(data, place=""):
    with pytest.raises(ImportFault) as caught:
        climate.parse(Read("a.json", data, place))
    return caught.value.reason


def cut(data):
    return [
        (read.data, read.place) if isinstance(read, Read) else str(read)
        for read in json_objects.split("a.json", io.BufferedReader(io.BytesIO(data)))
    ]


def test_a_section_is_a_document_of_its_sentences():
    document = read()
    assert document.identifier == document.printed_identifier == "enb00001e_7"
    assert document.title == "RURITANIA’S PROPOSAL (TEST COP 1)"
    assert document.dated == "2005-11-28/2005-12-09"
    assert (document.kind, document.issuer, document.language) == (
        SourceKind.REPORT,
        "Earth Negotiations Bulletin",
        "en",
    )
    assert [
        (p.role, p.number, p.heading, document.text_of(p)) for p in document.paragraphs
    ] == [
        (ParagraphRole.HEADING, "", "", "RURITANIA’S PROPOSAL"),
        (
            ParagraphRole.BODY,
            "1",
            "RURITANIA’S PROPOSAL",
            "On Friday, Otto Normal (Freedonia) chaired the group.",
        ),
        (
            ParagraphRole.BODY,
            "2",
            "RURITANIA’S PROPOSAL",
            "Delegates could not agree on Ruritania’s “proposal”.",
        ),
        (ParagraphRole.BODY, "3", "RURITANIA’S PROPOSAL", "It went on."),
    ]


def test_characters_of_windows_are_mended_with_a_warning_and_can_be_put_back():
    document = read()
    (problem,) = document.problems
    assert (problem.code, problem.place) == ("windows_characters", "title")
    assert problem.message == "Windows-1252 characters were mended (4 in all)."
    assert document.raw == "\n\n".join(
        [SECTION["section_title"], *SECTION["sentences"]]
    )


def test_countries_are_mentions_and_state_nothing():
    document = read()
    assert document.header == {
        "meeting": {
            "title": "TEST COP 1",
            "long_title": "First session of a test of the talks",
            "type": "COP",
        },
        "mentions": {
            "countries": ["Ruritania", "Freedonia"],
            "topics": ["Transfer of technology"],
        },
        "section_type": "PLENARY",
        "url": "http://www.example.org/vol1/test01e.html",
    }
    assert document.rows == document.speakers == ()


@pytest.mark.parametrize(
    ("first", "last", "dated", "odd"),
    [
        ("28-Nov-05", "28-Nov-05", "2005-11-28", 0),
        ("01-Dec-97", "10-Dec-97", "1997-12-01/1997-12-10", 0),
        ("2005-11-28", "9-December-2005", "2005-11-28/2005-12-09", 0),
        ("28-Nov-05", "", "2005-11-28", 0),
        ("31-Nov-05", "09-Dec-05", "2005-12-09", 1),
        ("28-Nov-05", "soon", "2005-11-28", 1),
        ("09-Dec-05", "28-Nov-05", "", 1),
        (None, 5, "", 1),
        ("00-Jan-00", "2005-13-01", "", 2),
    ],
)
def test_impossible_days_are_left_out_with_a_warning(first, last, dated, odd):
    document = read(enb_start_date=first, enb_end_date=last)
    assert document.dated == dated
    codes = [p.code for p in document.problems if p.code != "windows_characters"]
    assert codes == ["impossible_date"] * odd


def test_what_is_missing_or_of_another_kind_is_left_out():
    document = read({"sentences": ["Words.", "", " \x92"]}, name="x/sec 1.json")
    assert (document.identifier, document.title, document.dated) == ("sec 1", "", "")
    assert document.header == {"meeting": {}, "mentions": {}}
    assert [document.text_of(p) for p in document.paragraphs] == ["Words.", "’"]
    odd = read(section_title=["x"], countries="x", enb_url="javascript:x", type={})
    assert (odd.title, odd.paragraphs[0].heading) == ("TEST COP 1", "")
    assert "url" not in odd.header


def test_halves_of_characters_do_no_harm():
    document = read(sentences=["Words \ud800 here"], section_title="\udfff")
    assert [document.text_of(p) for p in document.paragraphs] == [
        "\ufffd",
        "Words \ufffd here",
    ]
    assert "characters_lost" in [problem.code for problem in document.problems]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"a": 1}', "it has no “sentences”"),
        (b'{"sentences": "x"}', "“sentences” is no list."),
        (b'{"sentences": ["x", 3]}', "Sentence 2 is no text."),
        (b'{"sentences": []}', "The section has no sentences."),
        (b'{"sentences": [" "]}', "The section has no sentences."),
        (b'{"sentences": ["x"], "sentences": []}', "The key “sentences” stands twice."),
        (b'{"sentences": ["x"]', "This is not JSON that can be read"),
        (b"[" * 100_000, "This is not JSON that can be read"),
        (b'{"sentences": [' + b"9" * 5000 + b"]}", "This is not JSON that can be read"),
        (b"", "The file is empty."),
        (b"%PDF-1.4", "This is a PDF file, not a text."),
    ],
)
def test_what_is_no_section_is_refused_in_one_sentence(data, sentence):
    assert sentence in refused(data)


def test_one_of_many_sections_needs_an_id():
    data = json.dumps({"sentences": ["Words."]}).encode()
    assert refused(data, "object 2") == "The section has no id."


# A file of many.

ONE, TWO = b'{"id": "1", "x": "}{\\"]"}', b'{"id": "2", "y": {"z": [{}]}}'


@pytest.mark.parametrize(
    "data",
    [
        b"[" + ONE + b",\n" + TWO + b"]",
        ONE + b"\n" + TWO + b"\n",
        b"\xef\xbb\xbf[" + ONE + b" , " + TWO + b"]\r\n",
        ONE + TWO,
    ],
)
def test_each_object_is_cut_out_with_its_own_bytes(data):
    assert cut(data) == [(ONE, "object 1"), (TWO, "object 2")]


def test_an_object_alone_has_no_place():
    assert cut(b" " + ONE + b"\n") == cut(b"[" + ONE + b"]") == [(ONE, "")]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_objects_go_over_the_ends_of_pieces(monkeypatch, size):
    monkeypatch.setattr(json_objects, "CHUNK", size)
    both = [(ONE, "object 1"), (TWO, "object 2")]
    assert cut(b"[" + ONE + b", " + TWO + b"]") == both


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", ["a.json: The file holds no JSON object."]),
        (b"[]", ["a.json: The file holds no JSON object."]),
        (b"words", [f"a.json: {json_objects.NO_JSON}"]),
        (b'["words"]', [f"a.json: {json_objects.NO_JSON}"]),
        (ONE[:-1], [f"a.json: {json_objects.CUT_OFF}"]),
        (
            ONE + TWO[:5],
            [(ONE, "object 1"), f"a.json, object 2: {json_objects.CUT_OFF}"],
        ),
        (
            ONE + b"; " + TWO,
            [(ONE, "object 1"), f"a.json, object 2: {json_objects.NO_JSON}"],
        ),
    ],
)
def test_where_json_ends_the_reading_ends_with_a_fault(data, found):
    assert cut(data) == found


def test_an_object_that_is_too_large_is_passed_over(monkeypatch):
    monkeypatch.setattr(json_objects, "OBJECT_BYTES", 30)
    large = b'{"x": "' + b"x" * 100 + b'"}'
    fault = f"a.json, object 1: {json_objects.TOO_LARGE}"
    assert cut(large + TWO) == [fault, (TWO, "object 2")]


@pytest.mark.parametrize(
    ("name", "head", "fitting"),
    [
        ("a.json", b"anything", True),
        ("a.JSONL", b"", True),
        ("a.txt", json.dumps(SECTION).encode(), True),
        ("-", b'[\n {"enb_url" : "x"', True),
        ("a.txt", b'{"name": "x"}', False),
        ("a.txt", b"A text on {json}.", False),
    ],
)
def test_a_section_is_known_by_name_or_keys(name, head, fitting):
    assert climate.fits(name, head) is fitting


# Whatever comes.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(SECTION)), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(SECTION)), JSON))
def test_any_values_are_a_document_or_a_fault(changes):
    try:
        document = read(**changes)
    except ImportFault:
        return
    assert document == read(**changes)


@given(st.binary(max_size=40) | st.text('{}[]",:\\ a', max_size=40).map(str.encode))
def test_any_bytes_are_cut_into_objects_or_a_fault(data):
    for found in json_objects.split("-", io.BufferedReader(io.BytesIO(data))):
        assert isinstance(found, Read | ImportFault)
        if isinstance(found, Read):
            assert found.data in data


@pytest.mark.parametrize(
    "piece", [b"{", b"[", b'"', b"\\", b"}", b"{}", b'{"a":"\\', b"x"]
)
def test_a_megabyte_of_anything_is_cut_in_time(piece):
    with hang_guard(30):
        cut(piece * (2**20 // len(piece)))


# The real ones.


def test_all_sections_of_the_samples_are_read(samples):
    names = sorted((samples / "climate-talks").glob("*.json"))
    documents = []
    for path in names:
        with path.open("rb") as file:
            [found] = json_objects.split(str(path), file)
        documents.append(climate.parse(found))
        assert documents[-1].identifier == path.stem
        check_rules(documents[-1])
    assert len(documents) == len({d.identifier for d in documents}) == 150
    assert all(isinstance(d, Document) and d.language == "en" for d in documents)
    sentences = [p for d in documents for p in d.paragraphs if p.number]
    headings = [p for d in documents for p in d.paragraphs if not p.number]
    assert (len(sentences), len(headings)) == (675, 150)
    assert {d.dated for d in documents} == {
        "2005-11-28/2005-12-09",
        "2006-04-26",
        "2006-04-27",
        "2006-04-28",
    }
    mended = [p for d in documents for p in d.problems]
    assert {p.code for p in mended} == {"windows_characters"}
    assert sum(len(d.patches) for d in documents) == 112
    assert sum(len(d.header["mentions"].get("countries", ())) for d in documents) > 200

"""The CSV dump: cut record by record, whatever is wrong with one of them."""

import csv
import io
import json
import tracemalloc
from contextlib import suppress
from dataclasses import asdict
from io import BufferedReader, BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import FORMATS, finding_out
from ingest.formats.cable import dump, parse, parse_read, parse_text, split
from ingest.reading import Read
from ingest.records import ImportFault
from positions.choices import Level
from tests import cable_shapes as shapes
from tests.cables import codes
from tests.guarding import hang_guard

OTHER = shapes.columns(
    identifier="66BUENOSAIRES2481",
    created="12/28/1966 18:48",
    origin="Embassy Buenos Aires",
    classification="UNCLASSIFIED",
    references="66STATE106206",
    header="R 281848Z DEC 66\nFM AMEMBASSY BUENOS AIRES\nTO SECSTATE WASHDC",
    body='UNCLAS BUENOS AIRES 2481\n\n1. HE SAID "1,2" AND\n"2","3".\nREF: "X","Y"',
    row="1",
)
NAMES = "id,datetime,identifier,created_by,classification,reference_ids,header,content"


def cut(data, name="cables.csv"):
    data = data.encode() if isinstance(data, str) else data
    return list(split(name, BufferedReader(BytesIO(data))))


def parsed(data, name="cables.csv"):
    return [parse_read(read) for read in cut(data, name)]


@pytest.fixture(params=[False, True], ids=["backslashes", "doubled"])
def dialect(request):
    return request.param


def both(dialect):
    return [
        shapes.record(*OTHER, doubled=dialect),
        shapes.record(doubled=dialect),
    ]


def test_each_record_is_read_with_its_own_bytes(dialect):
    records = both(dialect)
    reads = cut("\n".join(records) + "\n")
    assert reads == [
        Read("cables.csv", records[0].encode(), "record 1", "66BUENOSAIRES2481"),
        Read("cables.csv", records[1].encode(), "record 2", "08OSLO311"),
    ]


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_record_has_the_same_bytes_wherever_it_stands(end, mark, dialect):
    first, second = both(dialect)
    one = cut(f"{mark}{first}\r\n{second}{end}")
    two = cut(f"{mark}{second}\r\n{first}{end}")
    assert [read.data for read in one] == [read.data for read in reversed(two)]


def test_the_columns_are_those_that_pythons_csv_reads(dialect):
    options = {"doublequote": True} if dialect else {"doublequote": False}
    if not dialect:
        options["escapechar"] = "\\"
    data = "\n".join(both(dialect))
    rows = list(csv.reader(io.StringIO(data, newline=""), **options))
    assert rows == [list(OTHER), list(shapes.columns())]
    for row, document in zip(rows, parsed(data), strict=True):
        published = document.header["published"]
        assert row[1:5] == [
            published[name]
            for name in ("created", "identifier", "origin", "classification")
        ]
        assert row[5].split("|") == published["references"]
        # What is cleaned apart, header and body are the reading text.
        body = " ".join(row[7].replace("OSLO 00000311  002 OF 002", "").split())
        assert " ".join(document.text.split()).endswith(body)


def test_a_record_is_a_cable_with_the_publishers_columns(dialect):
    first, second = parsed("\n".join(both(dialect)))
    assert (first.identifier, first.shape) == ("66BUENOSAIRES2481", "dump")
    assert (first.dated, first.level) == ("1966-12-28", Level.UNCLASSIFIED)
    assert first.media_type == "text/csv"
    assert [p.number for p in first.paragraphs if p.number] == ["1"]
    assert '"2","3".' in first.text
    assert second.raw == both(dialect)[1]
    assert second.header["published"]["references"] == [
        *("08STATE20417", "07STOCKHOLM1188"),
    ]


def test_references_that_only_the_publisher_lists_are_kept():
    fields = shapes.columns(references="08STATE20417|09SECTION01OF02ROME12|07 telegram")
    [document] = parsed(shapes.record(*fields))
    assert [(r.canonical_id, r.note) for r in document.references] == [
        ("08STATE20417", ""),
        ("07STOCKHOLM1188", ""),
        ("09ROME12", "in the publisher's list only"),
        ("", "in the publisher's list only"),
    ]


def test_a_body_without_a_header_takes_day_and_office_from_the_columns():
    fields = shapes.columns(header="", body=shapes.MESSAGE)
    [document] = parsed(shapes.record(*fields))
    assert document.dated == "2008-03-12"
    assert document.issuer == "AMEMBASSY OSLO"
    assert codes(document) == ["date_published"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"created": "3/14/2008 9:15"}, "date_differs"),
        ({"created": "13/44/2008 9:15"}, "date_unreadable"),
        ({"classification": "SECRET//NOFORN"}, "classification_published"),
        ({"identifier": "08OSLO312"}, "id_differs"),
        ({"identifier": "08SECTON01OF02OSLO311"}, "id_repaired"),
    ],
)
def test_columns_that_the_text_gainsays_are_warned_of(change, code):
    [document] = parsed(shapes.record(*shapes.columns(**change)))
    assert codes(document) == [code]
    assert document.dated == "2008-03-12"
    assert document.level == Level.CONFIDENTIAL


def test_what_no_database_keeps_is_replaced_in_the_columns():
    columns = {
        "origin": "Embassy\0 Oslo",
        "classification": "SECRET\0\n//NOFORN",
        "references": "08STATE\x00 1|09ROME12",
    }
    [document] = parsed(shapes.record(*shapes.columns(**columns)))
    said = json.dumps(
        [document.header["published"], list(map(asdict, found(document)))]
    )
    assert r"\u0000" not in said
    assert document.header["published"]["origin"] == "Embassy\ufffd Oslo"
    assert document.references[-2].raw == "08STATE\ufffd 1"
    assert not any("\n" in problem.message for problem in document.problems)
    # A text that was decoded by another program may hold half a character.
    half = shapes.record(*shapes.columns(origin="Embassy\ud800 Oslo"))
    assert parse_text(half).header["published"]["origin"] == "Embassy\ufffd Oslo"


def found(document):
    return [*document.references, *document.problems]


def test_a_header_row_is_no_record(dialect):
    reads = cut("\n".join([NAMES, *both(dialect)]))
    assert [read.place for read in reads] == ["record 1", "record 2"]


def test_a_dump_with_few_quotes_is_read():
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([OTHER, shapes.columns()])
    assert [d.identifier for d in parsed(buffer.getvalue())] == [
        *("66BUENOSAIRES2481", "08OSLO311"),
    ]


def test_what_begins_in_the_middle_of_a_record_is_a_fault():
    first, second = both(dialect=False)
    fault, read = cut(f"{first[200:]}\n{second}")
    assert "in the middle of a record" in fault.reason
    assert read.key == "08OSLO311"


def test_a_record_that_breaks_off_is_read_and_warned_of(dialect):
    record = both(dialect)[1]
    [document] = parsed(record[: record.index("prefers lights")])
    assert [p.number for p in document.paragraphs if p.number] == ["1", "2"]
    assert codes(document) == ["copy_cut_off"]


def test_a_broken_record_does_not_take_the_next_one_along(dialect):
    first, second = both(dialect)
    broken = first[: first.index("UNCLAS")]
    reads = cut(f"{broken}\n{second}\n")
    assert [read.key for read in reads] == ["66BUENOSAIRES2481", "08OSLO311"]
    with pytest.raises(ImportFault) as caught:
        parse_read(reads[0])
    assert caught.value.record == "record 1"
    assert parse_read(reads[1]).identifier == "08OSLO311"


def test_a_body_that_ends_in_a_backslash_is_read_in_both_dialects():
    for closing in ("\\", "\\\\"):
        record = shapes.record()[:-1] + closing + '"'
        [document] = parsed(record)
        assert document.header["signer"] == "HOLM"
        assert document.raw == record


def test_a_record_with_other_columns_is_a_fault_with_its_place():
    record = '"1","12/28/1966 18:48","66ROME1","Embassy Rome","SECRET"'
    [read] = cut(record)
    with pytest.raises(ImportFault, match="has not 8 columns") as caught:
        parse_read(read)
    assert caught.value.record == "record 1"


def test_a_record_larger_than_any_cable_is_a_fault_and_the_next_one_is_read():
    first, second = both(dialect=False)
    large = first[:-1] + "x" * (dump.LARGEST + 1) + '"'
    with hang_guard():
        fault, read = cut(f"{large}\n{second}")
    assert (fault.record, "larger than" in fault.reason) == ("record 1", True)
    assert read.key == "08OSLO311"


def test_a_dump_is_cut_without_being_held():
    record = (shapes.record() + "\n").encode()

    class Long(io.RawIOBase):
        records, rest = 4000, b""

        def readable(self):
            return True

        def readinto(self, buffer):
            if not self.rest and self.records:
                self.records, self.rest = self.records - 1, record
            size = min(len(buffer), len(self.rest))
            buffer[:size], self.rest = self.rest[:size], self.rest[size:]
            return size

    tracemalloc.start()
    found = sum(isinstance(r, Read) for r in split("x.csv", BufferedReader(Long())))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == 4000
    assert peak < 2**20


def test_the_register_cuts_a_dump_and_leaves_other_files_whole():
    cutter = finding_out(["cable"])
    data = "\n".join(both(dialect=False)).encode()
    reads = list(cutter("cables.csv", BufferedReader(BytesIO(data))))
    assert [read.format for read in reads] == ["cable", "cable"]
    text = (shapes.TEXT + "\n" + shapes.MESSAGE).encode()
    [whole] = cutter("08OSLO311.txt", BufferedReader(BytesIO(text)))
    assert whole.data == text
    assert FORMATS["cable"].parse(reads[1]).identifier == "08OSLO311"


def test_a_kept_record_is_read_again_without_its_place_in_the_dump():
    [read] = cut(shapes.record())
    assert parse(read.data, "whatever.csv") == parse_read(read)


PIECES = [*both(False), *both(True), "x", '"', "\\", "\n", ","]


@given(st.lists(st.sampled_from(PIECES)))
@settings(max_examples=60)
def test_any_file_is_cut_into_records_and_faults(pieces):
    for read in cut("\n".join(pieces)):
        if isinstance(read, ImportFault):
            assert read.reason.endswith(".")
            continue
        with suppress(ImportFault):
            assert parse_read(read).raw == read.data.decode()

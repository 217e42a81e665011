"""Our own tables are read cell by cell; a wrong cell is named with its place."""

from datetime import date

import pytest

from ingest.formats import tables
from ingest.records import ImportFault, Row

ACTORS = "key,name,kind,valid_from,names\n"


def parse(text, table="actors"):
    data = text if isinstance(text, bytes) else text.encode()
    return list(tables.parse(data, "x.csv", table))


def test_cells_become_typed_values():
    (row,) = parse(f"{ACTORS}japan,Japan,state,1868-01-03,ja:日本; Nippon ;\n")
    assert row == Row(
        "x.csv",
        2,
        {
            "key": "japan",
            "name": "Japan",
            "kind": "state",
            "valid_from": date(1868, 1, 3),
            "names": ("ja:日本", "Nippon"),
        },
    )


@pytest.mark.parametrize(
    ("table", "header", "cells", "message"),
    [
        ("actors", "key,name,kind", "Japan!,Japan,state", "key “Japan!”: a key has"),
        ("actors", "key,name,kind", "japan,,state", "name: it is empty."),
        ("actors", "key,name,kind", "japan,Japan,land", "kind “land”: it is none of"),
        (
            "actors",
            "key,name,kind,valid_to",
            "japan,Japan,state,2008",
            "valid_to: “2008” is not a day",
        ),
        ("actors", "key,name,kind", "a" * 81 + ",J,state", "longer than 80 characters"),
        ("actors", "key,name,kind", "japan,Japan,state,x", "4 cells, and 3 columns"),
        (
            "events",
            "key,name,kind,dated",
            "e,E,vote,02.05.2008",
            "dated: “02.05.2008”",
        ),
        ("collections", "key,title,level", "c,C,XX", "level “XX”: it is none of U"),
        (
            "options",
            "key,issue,name,kind,headline",
            "o,i,O,track,perhaps",
            "headline “perhaps”: write true or false",
        ),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_column_and_value(
    table, header, cells, message
):
    (fault,) = parse(f"{header}\n{cells}\n", table)
    assert isinstance(fault, ImportFault)
    assert str(fault).startswith("x.csv, row 2: ")
    assert message in fault.reason


def test_a_wrong_cell_is_told_on_one_line():
    (fault,) = parse('key,name,kind\na,A,"st\nate"\n')
    assert fault.reason.startswith("kind “st ate”: it is none of")
    with pytest.raises(ImportFault, match="There is no column “col our”"):
        parse('key,name,kind,"col\nour"\n')


def test_one_wrong_row_does_not_hide_the_others():
    rows = parse(f"{ACTORS}a,A,state,,\nB,B,state,,\nc,C,state,,\n")
    assert [isinstance(row, ImportFault) for row in rows] == [False, True, False]
    assert [row.place if isinstance(row, Row) else row.record for row in rows] == [
        "row 2",
        "row 3",
        "row 4",
    ]


def test_rows_are_counted_as_lines_of_the_file():
    rows = parse('key,name,kind,note\na,A,state,"two\nlines"\n\nb,B,state,\n')
    assert [row.number for row in rows] == [2, 5]
    assert rows[0].values["note"] == "two\nlines"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "The file is empty."),
        ("key,name,kind,colour\n", "There is no column “colour”"),
        ("key,name,kind,key\n", "The column key stands twice."),
        ("key,name\n", "The column kind is missing."),
        (b"\x00\x01\x02\x03" * 2000, "This is a binary file"),
        ("<html><table></table></html>", "This is an HTML page"),
        ('key,name,kind\na,"A"x,state\n', "This is no CSV table"),
        ('key,name,kind\na,"never closed,state\n', "This is no CSV table"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(data, reason):
    with pytest.raises(ImportFault) as fault:
        parse(data)
    assert reason in fault.value.reason
    assert fault.value.file == "x.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_come_in_the_encodings_that_spreadsheets_write(encoding):
    text = "key;name;kind\r\ncote;Côte d’Ivoire;state\r\n"
    (row,) = parse(text.encode(encoding))
    assert row.values["name"] == "Côte d’Ivoire"


def test_a_table_with_its_header_only_has_no_rows():
    assert parse(ACTORS) == []


@pytest.mark.parametrize("table", tables.TABLES)
def test_every_table_can_be_read_back_from_its_own_column_names(table):
    header = ",".join(tables.TABLES[table])
    assert parse(f"{header}\n", table) == []


@pytest.mark.parametrize(
    "text",
    [
        "Key,Name,Valid From,KIND\na,A,2001-02-03,ngo\n",
        "key\tname\tvalid_from\tkind\na\tA\t2001-02-03\tngo\n",
        "key,name,valid_from,kind,,\na,A,2001-02-03,ngo,,,,\n,,,,,,,\n",
    ],
)
def test_a_table_is_read_as_spreadsheet_programs_save_it(text):
    (row,) = parse(text)
    assert row.values == {
        "key": "a",
        "name": "A",
        "valid_from": date(2001, 2, 3),
        "kind": "ngo",
    }


def test_a_line_that_ends_early_lacks_its_last_cells():
    (fault,) = parse("key,name,kind\na,A\n")
    assert (fault.record, fault.reason) == ("row 2", "kind: it is empty.")

"""Workbooks are read sheet by sheet, as their cells would be typed, and safely."""

import random
import re
from datetime import date, datetime, time
from io import BytesIO

import openpyxl
import pytest
from books import book, with_part
from guarding import hang_guard

from ingest.formats import sheets, tables, templates
from ingest.formats.columns import TABLES
from ingest.records import ImportFault, Row

SHEET = "xl/worksheets/sheet1.xml"
HEADER = ["key", "name", "kind", "valid_from", "note"]
JAPAN = ["japan", "Japan", "state", date(1868, 1, 3), None]


def lines(data, sheet="actors"):
    return list(sheets.lines(data, "x.xlsx", sheet))


def parse(data, table="actors", file="x.xlsx"):
    return list(tables.parse(data, file, table))


# -- cells ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (date(2008, 5, 2), "2008-05-02"),
        (datetime(2008, 5, 2), "2008-05-02"),
        (datetime(2008, 5, 2, 13, 30), "2008-05-02T13:30:00"),
        (time(13, 30), "13:30:00"),
        (2008, "2008"),
        (2008.0, "2008"),
        (740, "740"),
        (0.5, "0.5"),
        (1e15, "1000000000000000"),
        (True, "true"),
        (False, "false"),
        ("0012", "0012"),
        ("  two words ", "  two words "),
    ],
)
def test_a_cell_is_read_as_somebody_would_type_it(cell, text):
    assert lines(book(actors=[["a", cell]])) == [(1, ["a", text])]


def test_empty_lines_and_the_ends_of_lines_are_left_out():
    data = book(actors=[["a", None, "b", None], [None], [], ["c"], [" ", ""]])
    assert lines(data) == [(1, ["a", "", "b"]), (4, ["c"])]


def test_of_merged_cells_the_first_has_the_value():
    made = openpyxl.load_workbook(BytesIO(book(actors=[["a", "b", "c"], ["d"]])))
    made["actors"].merge_cells("A1:B1")
    out = BytesIO()
    made.save(out)
    assert lines(out.getvalue()) == [(1, ["a", "", "c"]), (2, ["d"])]


def test_a_formula_is_its_value_and_without_one_a_fault():
    data = book(actors=[["a", "=1+1"], ["b", "c"]])
    # As a spreadsheet program saves it, with what it computed.
    saved = with_part(
        data, SHEET, lambda x: re.sub(b"(?<=</f>)<v ?/>|<v></v>", b"<v>2</v>", x)
    )
    assert lines(saved) == [(1, ["a", "2"]), (2, ["b", "c"])]
    fault, (number, _) = lines(data)
    assert number == 2
    assert str(fault) == (
        "x.xlsx, sheet “actors”, row 1: B1: the formula has no value; open the "
        "workbook in a spreadsheet program and save it."
    )


def test_an_error_in_a_cell_is_a_fault():
    data = book(actors=[["a", "b"], ["c", "#REF!"]])
    assert str(lines(data)[1]) == (
        "x.xlsx, sheet “actors”, row 2: B2: the cell has the error #REF!."
    )


def test_hidden_sheets_and_those_with_an_underscore_are_passed_over():
    made = openpyxl.load_workbook(BytesIO(book(actors=[], notes=[], _lists=[])))
    made["notes"].sheet_state = "hidden"
    out = BytesIO()
    made.save(out)
    assert sheets.sheet_names(out.getvalue(), "x.xlsx") == ["actors"]


# -- tables ---------------------------------------------------------------------------


def test_a_sheet_is_a_table_like_any_other():
    (row,) = parse(book(actors=[HEADER, JAPAN]))
    assert row == Row(
        "x.xlsx, sheet “actors”",
        2,
        {
            "key": "japan",
            "name": "Japan",
            "kind": "state",
            "valid_from": date(1868, 1, 3),
            "note": "",
        },
    )


def test_a_title_and_empty_lines_may_stand_above_the_columns():
    (row,) = parse(book(actors=[["States of Asia"], [], HEADER, JAPAN]))
    assert (row.number, row.values["key"]) == (4, "japan")


@pytest.mark.parametrize(
    ("rows", "where", "reason"),
    [
        ([HEADER, ["japan", "Japan", "land"]], "row 2", "kind “land”: it is none of"),
        ([HEADER, [*JAPAN, "more"]], "row 2", "It has 6 cells, and 5 columns."),
        ([HEADER, JAPAN, JAPAN], "row 3", "key “japan”: row 2 of the file has it"),
    ],
)
def test_a_wrong_row_is_named_with_sheet_row_and_column(rows, where, reason):
    fault = parse(book(actors=rows))[-1]
    assert isinstance(fault, ImportFault)
    assert str(fault).startswith(f"x.xlsx, sheet “actors”, {where}: {reason}")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["key", "name", "kind", "colour"]], "row 1: There is no column “colour”"),
        ([["key", "name", "kind", "key"]], "row 1: The column key stands twice."),
        ([["key", None, "name", "kind"]], "row 1: Column 2 has no name."),
        ([["Actors"], ["key", "name"]], "row 2: The column kind is missing."),
        ([], "row 1: The column name is missing."),
    ],
)
def test_a_sheet_that_is_no_such_table_is_refused_whole(rows, reason):
    with pytest.raises(ImportFault) as fault:
        parse(book(actors=rows))
    assert f"x.xlsx, sheet “actors”, {reason}" in str(fault.value)


@pytest.mark.parametrize(
    ("names", "file", "table", "found"),
    [
        (
            ["actors", "options"],
            "x.xlsx",
            "",
            {"actors": "actors", "options": "options"},
        ),
        (["2008-Actors ", "Notes"], "x.xlsx", "", {"actors": "2008-Actors "}),
        (["Sheet1", "Sheet2"], "2008-actors.xlsx", "", {"actors": "Sheet1"}),
        (["Sheet1"], "x.xlsx", "", {}),
        (["Sheet1"], "x.xlsx", "actors", {"actors": "Sheet1"}),
        (["options", "Sheet1"], "actors.xlsx", "", {"options": "options"}),
    ],
)
def test_sheets_or_the_file_are_named_like_tables(names, file, table, found):
    data = book(**{name: [] for name in names})
    assert tables.sheets_of(data, file, table) == found


# -- what cannot be read --------------------------------------------------------------


def test_what_is_no_workbook_is_refused():
    data = book(actors=[HEADER, JAPAN])
    for broken in (b"PK\x03\x04", data[: len(data) // 2], b"PK\x03\x04" + data[40:]):
        with pytest.raises(ImportFault, match="no workbook that can be read"):
            sheets.sheet_names(broken, "x.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    data = book(actors=[["x" * 30_000]])
    monkeypatch.setattr(sheets, "SIZE_LIMIT", 20_000)
    with pytest.raises(ImportFault, match="unpacks to more than 20000 bytes"):
        sheets.sheet_names(data, "x.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_entities_is_refused(encoding):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    data = with_part(
        book(actors=[["a"]]),
        SHEET,
        lambda part: f"{bomb}{part.decode()}".encode(encoding),
    )
    with pytest.raises(ImportFault, match="declares entities of its own"):
        sheets.sheet_names(data, "x.xlsx")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # What a sheet says of its own size may be anything.
        (b'<dimension ref="A1:B2" />', b'<dimension ref="A1:XFD1048576" />'),
        (b'r="2"', b'r="4000000000"'),
        (b'r="B2"', b'r="XFD2"'),
    ],
)
def test_sizes_and_places_that_lie_cost_nothing(old, new):
    data = book(actors=[["a", "b"], ["c", "d"]])
    broken = with_part(data, SHEET, lambda part: part.replace(old, new))
    assert broken != data
    with hang_guard():
        try:
            found = lines(broken)
        except ImportFault as fault:
            found = [fault]
    assert found[0] == (1, ["a", "b"]) or found[0].reason == (
        "The sheet is too large to be read."
    )


def test_wide_empty_lines_are_bounded(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_CELLS", 1000)
    with pytest.raises(ImportFault, match="too large"):
        lines(book(actors=[[None] * 500 + ["x"]] * 3))


def test_a_workbook_with_wrong_bytes_in_it_is_never_a_crash():
    data = book(actors=[HEADER, JAPAN])
    part = with_part(data, "", bytes)
    chance = random.Random(5)

    def spoil(content):
        broken = bytearray(content)
        for _ in range(chance.choice((1, 3, 20))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        return bytes(broken)

    with hang_guard():
        for n in range(150):
            name = (SHEET, "xl/workbook.xml", "xl/styles.xml")[n % 3]
            broken = spoil(part) if n % 5 == 0 else with_part(data, name, spoil)
            try:
                found = parse(broken)
            except ImportFault as fault:
                found = [fault]
            assert all(isinstance(each, Row | ImportFault) for each in found)


# -- templates ------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_a_template_is_an_empty_table(table):
    assert parse(templates.as_workbook([table]), table) == []
    assert parse(templates.as_csv(table).encode(), table, "x.csv") == []


def test_a_template_says_what_a_column_may_hold():
    made = openpyxl.load_workbook(BytesIO(templates.as_workbook(TABLES)))
    assert made.sheetnames == list(TABLES)
    heading = made["actors"]["B1"]
    assert (heading.value, heading.font.bold) == ("kind", True)
    assert "One of: state, bloc" in heading.comment.text
    offered = [rule.formula1 for rule in made["actors"].data_validations.dataValidation]
    assert offered == [f'"{",".join(TABLES["actors"]["kind"].words)}"']

"""Empty templates of our own tables: CSV, or a workbook with a sheet a table."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ingest.formats.columns import TABLES, Column

# Lines of a sheet that offer the words of a column to choose from.
OFFERED = 5000
# A spreadsheet program takes a list of words up to this length.
_LIST_LENGTH = 255
_WIDTH = 18


def as_csv(table: str) -> str:
    """The line of column names of a table, those that must be filled first."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(_ordered(TABLES[table]))
    return out.getvalue()


def as_workbook(tables: Iterable[str]) -> bytes:
    """A workbook (XLSX) with a sheet for each table.

    Columns that must be filled are bold; a comment says what a column may hold, and
    closed lists are offered in the cells.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(table)
        sheet.freeze_panes = "A2"
        for number, name in enumerate(_ordered(TABLES[table]), 1):
            _write_heading(sheet, number, name, TABLES[table][name])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _ordered(columns: dict[str, Column]) -> list[str]:
    return sorted(columns, key=lambda name: not columns[name].required)


def _write_heading(sheet: Any, number: int, name: str, column: Column) -> None:
    cell, letter = sheet.cell(1, number, name), get_column_letter(number)
    cell.font = Font(bold=column.required)
    sheet.column_dimensions[letter].width = max(_WIDTH, len(name) + 4)
    # Else a program turns 2008-05 into a day, and 0012 into 12.
    sheet.column_dimensions[letter].number_format = "@"
    must = "Must be filled." if column.required else "May stay empty."
    words = f" One of: {', '.join(column.words)}." if column.words else ""
    cell.comment = Comment(f"{must}{words}", "")
    listed = f'"{",".join(column.words)}"'
    if column.words and len(listed) <= _LIST_LENGTH:
        offered = DataValidation(type="list", formula1=listed, allow_blank=True)
        offered.add(f"{letter}2:{letter}{OFFERED}")
        sheet.add_data_validation(offered)

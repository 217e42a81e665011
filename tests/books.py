"""Workbooks for tests: sheets of rows as openpyxl writes them."""

import zipfile
from io import BytesIO

from openpyxl import Workbook


def book(**sheets):
    """The bytes of a workbook: sheet -> lists of cells."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(data, name, change):
    """The workbook with one of its parts changed (bytes -> bytes)."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return out.getvalue()

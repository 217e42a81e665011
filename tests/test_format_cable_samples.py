"""The 51 real telegrams of 1973-76, where they are at hand, and their editors' list."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from ingest.formats.cable import fits, parse
from tests.test_format_cable_properties import assert_sound

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "samples" / "cables-1973-76"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the real telegrams are not at hand"
)

# Where telegram and list differ, the telegram is right.
NUMBERS = {
    # The list takes the ten speakers that paragraph 4 lists for paragraphs.
    "d180": ["1", "2", "3", "4", "5"],
}
DATES = {
    # Printed 282123Z MAR 74, and 1974 in the list's own heading: 1973 is a slip.
    "d62": datetime(1974, 3, 28, 21, 23),
    # Printed 200750Z OCT 73; the list and its heading have 0705Z.
    "d109": datetime(1973, 10, 20, 7, 50),
}
TAGS = {
    # The list stops at the end of the line; the tags go on in the next one.
    "d159": "UNWFC, FAO, ECOSOC",
}
# Its last line is the editors' note that the rest, with the name, is left out.
CUT_SHORT = {"d70"}


def entries():
    if not FOLDER.is_dir():
        return []
    return json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))


@pytest.fixture(params=entries(), ids=lambda entry: entry["id"])
def telegram(request):
    """(entry of the list, document, text of the file)."""
    entry = request.param
    path = FOLDER / f"{entry['id']}.txt"
    data = path.read_bytes()
    return entry, parse(data, str(path)), data.decode()


def test_all_of_them_are_there():
    assert len(entries()) == 51
    assert {*NUMBERS, *DATES, *TAGS, *CUT_SHORT} <= {entry["id"] for entry in entries()}


def test_numbers_title_and_date_are_those_of_the_list(telegram):
    entry, document, _ = telegram
    listed = [str(number) for number in entry["para_numbers"]]
    found = [p.number for p in document.paragraphs if p.number]
    assert found == NUMBERS.get(entry["id"], listed)
    assert (found == listed) == (entry["id"] not in NUMBERS)
    when = datetime.fromisoformat(entry["when"])
    assert document.dated_at.replace(tzinfo=None) == DATES.get(entry["id"], when)
    assert document.title == entry["subject"]
    tags = " ".join(document.header["tags_raw"].split())
    assert tags == TAGS.get(entry["id"], entry["tags"])


def test_the_serial_is_that_of_the_editors_heading(telegram):
    entry, document, _ = telegram
    named = re.search(r"Telegram (?P<serial>\d+) From", entry["head"])
    mrn = document.header["mrn"]
    if named:
        assert int(mrn["serial"]) == int(named["serial"])
        assert document.canonical_identifier.endswith(named["serial"].lstrip("0"))
        year = f"{document.dated_at:%y}"
        assert document.canonical_identifier.startswith(year)


def test_the_printing_is_known_and_can_be_rebuilt(telegram):
    entry, document, text = telegram
    assert document.shape == "print"
    assert document.raw == text
    assert_sound(document, text)
    assert fits(f"{entry['id']}.txt", text.encode()[:4096])
    assert document.parties
    assert document.issuer
    assert document.header["signer"] or document.header["trailer"]
    cut_short = "partial_extract" in [problem.code for problem in document.problems]
    assert cut_short == (entry["id"] in CUT_SHORT)


def test_an_exempted_post_is_exempted_from_the_collective():
    document = parse((FOLDER / "d10.txt").read_bytes(), "d10.txt")
    exempted = [p for p in document.parties if p.role == "exempted"]
    assert [p.name for p in exempted] == ["AMEMBASSY SUVA", "AMEMBASSY SAIGON"]
    assert {p.exempted_from for p in exempted} == {"ALL DIPLOMATIC POSTS"}

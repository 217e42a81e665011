"""import_cables and import_documents: what a person sees of good and bad files."""

import io
import json
import re
import sys

import pytest
from django.core.management import CommandError, call_command
from factories import make_user
from papers import PARAGRAPHS, cable, write_cable

from ingest.models import ImportRun
from ingest.reporting import Item
from positions.models import Addressee, Paragraph, Revision, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(capsys):
    """Run a command: what it printed on each stream."""

    def command(name, *arguments, **options):
        call_command(name, *map(str, arguments), **options)
        return capsys.readouterr()

    return command


def refused(name, *arguments, **options):
    with pytest.raises(CommandError) as fault:
        call_command(name, *map(str, arguments), **options)
    return str(fault.value).splitlines()


def test_the_real_cable_goes_in_whole(imported, samples):
    path = samples / "08TOKYO1212.txt"
    assert imported("import_cables", path).out == (
        "1 created, 0 changed, 0 unchanged, 0 rejected\n"
    )
    source = Source.objects.get()
    assert (source.key, source.visibility) == ("cables/08TOKYO1212", "private")
    assert source.dated_at.isoformat() == "2008-05-02T07:02:00+00:00"
    numbered = Paragraph.objects.numbered().order_by("order")
    assert [p.number for p in numbered] == list("12345678")
    assert [p.mark for p in numbered] == list("SSSSSSUU")
    assert [p.citation for p in numbered][2] == "08TOKYO1212, para 3 (S)"
    assert "13." in numbered[2].long_citation
    assert [v.kind for v in numbered[2].voices.all()] == ["comment"]
    assert Addressee.objects.filter(role="action").count() == 1
    assert Addressee.objects.filter(role="information").count() == 20
    assert source.current.received.data == path.read_bytes()
    assert "1 unchanged" in imported("import_cables", path).out


@pytest.mark.parametrize(
    ("encoding", "warned"),
    [("utf-8", False), ("utf-8-sig", False), ("cp1252", True), ("latin-1", True)]
    + [("utf-16", True), ("utf-16-le", True), ("utf-16-be", True)],
)
def test_encodings_are_read_and_anything_but_utf8_warned_of(
    imported, tmp_path, encoding, warned
):
    words = ("Café: the official said so.",)
    path = write_cable(tmp_path, paragraphs=words, encoding=encoding)
    imported("import_cables", path)
    assert Paragraph.objects.get(number="1").text == words[0]
    codes = ImportRun.objects.get().problems.values_list("code", flat=True)
    assert ("encoding" in codes) is warned


# Name of the file, its bytes, and what the one line says after the name.
BAD = {
    "empty": (b"", "The file is empty."),
    "blank": (b" \n\r\n\t \n", "The file is empty."),
    "nul": (b"\0" * 5000, "The file is empty."),
    "binary": (bytes(range(256)) * 40, "This is a binary file, not a text."),
    "pdf": (b"%PDF-1.4\n" + b"x" * 300, "This is a PDF file, not a text."),
    "zip": (b"PK\x03\x04" + b"\0" * 300, "zip archive"),
    "page": (b"<!DOCTYPE html>\n<html><body>x</body></html>", "This is an HTML page"),
    "prose": (b"A letter to the editor.\n\nIt says little.\n", "This is not a cable"),
    "line": (b"a" * 50_000_000, "This is not a cable"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_cable_gets_one_clear_line(tmp_path, name):
    data, reason = BAD[name]
    path = tmp_path / f"{name}.txt"
    path.write_bytes(data)
    line, summary = refused("import_cables", path)
    assert line.startswith(f"{path}: ")
    assert reason in line
    assert summary == "0 created, 0 changed, 0 unchanged, 1 rejected"
    assert not Source.objects.exists()
    assert ImportRun.objects.get().rejected == 1


def test_a_cable_cut_off_in_its_header_gets_one_clear_line(tmp_path):
    whole = cable()
    for cut in (whole.index("TAGS"), whole.index("1. (S)")):
        path = tmp_path / "08TOKYO1001.txt"
        path.write_text(whole[:cut])
        line, _ = refused("import_cables", path)
        assert line.startswith(f"{path}: ")
        assert "breaks off" in line or "not a cable" in line
    assert not Source.objects.exists()


def test_a_few_nuls_in_a_cable_are_taken_out_with_a_warning(imported, tmp_path):
    path = tmp_path / "08TOKYO1001.txt"
    path.write_bytes(cable().replace("officials", "offi\0cials").encode())
    imported("import_cables", path)
    assert "\0" not in Revision.objects.get().text
    assert ImportRun.objects.get().problems.exists()


def test_a_very_long_line_in_a_cable_is_kept(imported, tmp_path):
    path = write_cable(tmp_path, paragraphs=("word " * 200_000 + "end.",))
    imported("import_cables", path)
    assert len(Paragraph.objects.get(number="1").text) > 900_000


def test_a_file_over_the_limit_is_refused_unread(tmp_path, monkeypatch):
    from ingest import reading

    monkeypatch.setattr(reading, "SIZE_LIMIT", 10)
    line, _ = refused("import_cables", write_cable(tmp_path))
    assert "larger than the limit of 10 bytes" in line


def test_a_missing_path_gets_one_clear_line(tmp_path):
    line, _ = refused("import_cables", tmp_path / "nowhere.txt")
    assert line == f"{tmp_path / 'nowhere.txt'}: There is no such file."


def test_a_folder_without_files_gets_one_clear_line(tmp_path):
    line, _ = refused("import_cables", tmp_path)
    assert line == f"{tmp_path}: The folder holds no files."


def test_a_folder_without_cables_gets_a_line_for_each_file(tmp_path):
    (tmp_path / "readme.txt").write_text("These are not the cables.\n")
    (tmp_path / "scan.jpg").write_bytes(b"\xff\xd8\xff" + b"\0" * 100)
    lines = refused("import_cables", tmp_path)
    assert [line.partition(": ")[0] for line in lines[:2]] == [
        str(tmp_path / "readme.txt"),
        str(tmp_path / "scan.jpg"),
    ]
    assert not Source.objects.exists()


def test_some_bad_files_do_not_fail_the_command_and_are_listed(imported, tmp_path):
    write_cable(tmp_path)
    (tmp_path / "empty.txt").write_text("")
    printed = imported("import_cables", tmp_path)
    assert printed.out == "1 created, 0 changed, 0 unchanged, 1 rejected\n"
    assert printed.err == f"{tmp_path / 'empty.txt'}: The file is empty.\n"


def test_two_texts_of_one_cable_name_both_files(imported, tmp_path):
    first = write_cable(tmp_path / "a")
    second = write_cable(tmp_path / "b", paragraphs=PARAGRAPHS[:2])
    printed = imported("import_cables", tmp_path)
    assert printed.out == "1 created, 0 changed, 0 unchanged, 1 rejected\n"
    assert f"{second}: 08TOKYO1001 stands in {first} as well" in printed.err


def test_a_cable_named_twice_is_imported_once(imported, tmp_path):
    path = write_cable(tmp_path)
    assert imported("import_cables", path, path).out == (
        "1 created, 0 changed, 1 unchanged, 0 rejected\n"
    )


def test_standard_input_is_a_file(imported, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(cable().encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert imported("import_cables", "-").out.startswith("1 created")
    assert Source.objects.get().identifier == "08TOKYO1001"


def test_a_dry_run_says_would_create_and_creates_nothing(imported, tmp_path):
    printed = imported("import_cables", write_cable(tmp_path), dry_run=True)
    assert printed.out == ("1 would create, 0 would change, 0 unchanged, 0 rejected\n")
    assert not Source.objects.exists()
    assert not ImportRun.objects.exists()


def test_another_collection_may_be_named(imported, tmp_path):
    imported("import_cables", write_cable(tmp_path), collection="mirror")
    assert Source.objects.get().key == "mirror/08TOKYO1001"


@pytest.mark.parametrize("key", ["Not A Key", "a/b", ""])
def test_a_collection_needs_a_key(tmp_path, key):
    line, _ = refused("import_cables", write_cable(tmp_path), collection=key)
    assert "08TOKYO1001.txt: " in line
    assert not Source.objects.exists()


def test_the_run_names_the_user_who_answers_for_it(imported, tmp_path):
    who = make_user("Coder")
    imported("import_cables", write_cable(tmp_path), who=who.username)
    assert ImportRun.objects.get().who == who


def test_an_unknown_user_is_refused_before_anything_is_read(tmp_path):
    assert refused("import_cables", write_cable(tmp_path), who="nobody") == [
        "There is no active user “nobody”."
    ]
    assert not ImportRun.objects.exists()


def test_a_database_that_failed_fails_the_command(tmp_path, monkeypatch):
    from django.db import OperationalError

    from ingest import loading

    def failing(session, copies):
        raise OperationalError("disk full")

    monkeypatch.setattr(loading, "load_new", failing)
    lines = refused("import_cables", write_cable(tmp_path))
    assert lines[0] == "Stopped, because the database failed: disk full."


PLAIN = """\
---
identifier: NOTE-1
title: A note on the talks
dated: 2008-05
issuer: Ministry of Nowhere
kind: letter
language: en
marking: U
---
The first paragraph of it.

The second one.
"""


def test_plain_documents_come_with_their_front_matter(imported, tmp_path):
    (tmp_path / "note.txt").write_text(PLAIN)
    (tmp_path / "bare.txt").write_text("Only a text.\n\nIn two paragraphs.\n")
    imported("import_documents", tmp_path)
    note = Source.objects.get(identifier="NOTE-1")
    assert (note.key, note.title) == ("documents/NOTE-1", "A note on the talks")
    assert (note.kind, note.dated, note.level) == ("letter", "2008-05", 0)
    # Nobody is made an actor for being named in a text.
    assert (note.issuer, note.issuer_text) == (None, "Ministry of Nowhere")
    assert note.current.paragraphs.count() == 2
    assert Source.objects.get(identifier="bare").current.paragraphs.count() == 2


def test_progress_is_plain_lines_where_there_is_no_terminal(
    imported, tmp_path, monkeypatch
):
    from ingest.management.commands import _progress

    monkeypatch.setattr(_progress, "LINE_EVERY", 2)
    for n in range(1001, 1005):
        write_cable(tmp_path, f"08TOKYO{n}", serial=n)
    lines = imported("import_cables", tmp_path).out.splitlines()
    path = re.escape(str(tmp_path / "08TOKYO1002.txt"))
    assert re.fullmatch(rf"2 read, \d+ a second.*, now {path}", lines[0])
    assert lines[1].startswith("4 read")
    assert "\x1b" not in "".join(lines)


def test_progress_moves_on_a_terminal(tmp_path):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    out = Terminal()
    call_command("import_cables", str(write_cable(tmp_path)), stdout=out)
    assert "1 read" in out.getvalue()
    assert out.getvalue().endswith("1 created, 0 changed, 0 unchanged, 0 rejected\n")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.4, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_the_time_that_is_left_is_said_in_words(seconds, shown):
    from ingest.management.commands import _progress

    assert _progress._duration(seconds) == shown


def test_what_is_left_follows_from_the_bytes_read(monkeypatch):
    from ingest.management.commands import _progress

    counter = _progress._Counter(total=1000)
    assert counter.remaining is None
    monkeypatch.setattr(_progress.time, "monotonic", lambda: counter.since + 10)
    counter.add(Item("created", "a", size=250))
    assert counter.remaining == pytest.approx(30)
    assert counter.rate == pytest.approx(0.1)


def test_a_report_for_machines_has_each_item_and_the_counts(imported, tmp_path):
    write_cable(tmp_path / "in", "08TOKYO1001")
    (tmp_path / "in" / "empty.txt").write_text("")
    report = tmp_path / "report.jsonl"
    imported("import_cables", tmp_path / "in", "--report", report)
    *items, summary = [json.loads(line) for line in report.read_text().splitlines()]
    assert [item["outcome"] for item in items] == ["created", "rejected"]
    assert items[0]["name"] == "cables/08TOKYO1001"
    assert items[1]["sentences"] == ["The file is empty."]
    assert summary["counts"]["created"] == 1
    assert summary["stopped"] == ""


def test_a_report_that_cannot_be_written_stops_before_anything_is_done(tmp_path):
    (line,) = refused(
        "import_cables",
        write_cable(tmp_path),
        *("--report", tmp_path / "nowhere" / "report.jsonl"),
    )
    assert "The report cannot be written to" in line
    assert not Source.objects.exists()

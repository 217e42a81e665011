"""Files, folders and standard input become bytes; bytes become text."""

import io
import os

import pytest

from ingest import reading
from ingest.reading import Decoded, Read, decode, read_all
from ingest.records import (
    ImportFault,
    Patch,
    pack_patches,
    rebuild,
    unpack_patches,
)


def names(reads):
    return [read.name if isinstance(read, Read) else str(read) for read in reads]


def reason(data, name="a.txt"):
    with pytest.raises(ImportFault) as caught:
        decode(data, name)
    assert caught.value.file == name
    return caught.value.reason


def test_a_folder_is_walked_in_the_order_of_names_without_hidden_files(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/y.txt", ".hidden", ".git/config", "c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    found = list(read_all([tmp_path]))
    assert [read.data for read in found] == [b"b.txt", b"c.txt", b"a/y.txt", b"a/z.txt"]


def test_files_come_before_the_folders_beside_them(tmp_path):
    (tmp_path / "2015").mkdir()
    for name in ("2015/sitting.xml", "list.xml"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    read = [name.removeprefix(f"{tmp_path}/") for name in names(read_all([tmp_path]))]
    assert read == ["list.xml", "2015/sitting.xml"]


def test_one_bad_path_is_a_fault_in_its_place_and_the_rest_is_read(tmp_path):
    good = tmp_path / "good.txt"
    good.write_bytes(b"words")
    found = list(read_all([tmp_path / "missing.txt", good]))
    assert isinstance(found[0], ImportFault)
    assert str(found[0]) == f"{tmp_path / 'missing.txt'}: There is no such file."
    assert found[1] == Read(str(good), b"words")


def test_a_folder_without_files_is_a_fault_that_names_it(tmp_path):
    (tmp_path / "empty").mkdir()
    [fault] = read_all([tmp_path])
    assert (fault.file, fault.reason) == (str(tmp_path), "The folder holds no files.")


def test_a_link_that_leads_nowhere_and_one_to_a_folder_do_no_harm(tmp_path):
    (tmp_path / "here.txt").write_text("x")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "round").symlink_to(tmp_path)
    found = list(read_all([tmp_path]))
    assert [type(read) for read in found] == [Read, ImportFault]


def test_a_file_that_may_not_be_read_is_a_fault(tmp_path, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "locked.txt").write_text("x")
    monkeypatch.setattr(reading, "open", refuse, raising=False)
    [fault] = read_all([tmp_path / "locked.txt"])
    assert fault.reason == "The file cannot be read: Permission denied."


def test_a_pipe_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    [fault] = read_all([tmp_path / "pipe"])
    assert fault.reason == "This is not an ordinary file."


def test_a_file_above_the_limit_is_refused_and_one_at_the_limit_is_read(
    tmp_path, monkeypatch
):
    (tmp_path / "a").write_bytes(b"x" * 10)
    (tmp_path / "b").write_bytes(b"x" * 11)
    monkeypatch.setattr(reading, "SIZE_LIMIT", 10)
    small, large = read_all([tmp_path])
    assert small.data == b"x" * 10
    assert large.reason == "The file is larger than the limit of 10 bytes."


def test_a_dash_is_standard_input():
    assert list(read_all(["-"], stdin=io.BytesIO(b"words"))) == [Read("-", b"words")]


def test_a_path_with_a_nul_is_a_fault():
    [fault] = read_all(["a\0b"])
    assert isinstance(fault, ImportFault)


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("¶1. Zoë".encode(), "¶1. Zoë", "utf-8"),
        ("¶1. Zoë".encode("utf-8-sig"), "¶1. Zoë", "utf-8"),
        ("¶1. Zoë".encode("utf-16"), "¶1. Zoë", "utf-16-le"),
        (b"\xfe\xff" + "¶1. Zoë".encode("utf-16-be"), "¶1. Zoë", "utf-16-be"),
        ("¶1. Zoë".encode("utf-16-le"), "¶1. Zoë", "utf-16-le"),
        ("¶1. Zoë".encode("utf-16-be"), "¶1. Zoë", "utf-16-be"),
        ("“Zoë”".encode("cp1252"), "“Zoë”", "cp1252"),
        (b"Zo\xeb \x81", "Zoë \x81", "latin-1"),
    ],
)
def test_each_encoding_is_told_by_its_bytes(data, text, encoding):
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (text, encoding)
    expected = [] if encoding == "utf-8" else ["encoding"]
    assert [problem.code for problem in decoded.problems] == expected


def test_half_a_pair_in_utf_16_does_not_come_through():
    decoded = decode(b"\xff\xfea\x00\x00\xd8b\x00")
    assert decoded.text == "a\ufffdb"
    assert [p.code for p in decoded.problems] == ["encoding", "characters_lost"]


def test_surrogates_written_as_utf_8_are_not_read_as_surrogates():
    text = decode(b"words \xed\xa0\x80 words").text
    assert not any("\ud800" <= c <= "\udfff" for c in text)


def test_stray_nuls_and_line_ends_are_left_for_the_parser_to_patch():
    assert decode(b"a\0b\r\nc\rd") == Decoded("a\0b\r\nc\rd", "utf-8")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t \n", "The file is empty."),
        (b"\0\0\0\0", "The file is empty."),
        (b"%PDF-1.4 words", "This is a PDF file, not a text."),
        (b"PK\x03\x04words", "This is a zip archive or office document, not a text."),
        (bytes(range(256)) * 8, "This is a binary file, not a text."),
        (b"words " * 100 + b"\0" * 400, "This is a binary file, not a text."),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(data, sentence):
    assert reason(data) == sentence


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html>\n<html><body>x</body></html>",
        b"\n  <HTML lang=en>",
        b"\xef\xbb\xbf<!-- saved --><html>",
        b"<pre>\nO 140930Z JAN 08\n</pre>",
    ],
)
def test_a_page_is_refused_and_its_plain_text_asked_for(page):
    assert "save the page's plain text" in reason(page)


def test_a_text_that_only_speaks_of_html_is_read():
    assert decode(b"1. The <html> tag.").text == "1. The <html> tag."


def test_fifty_megabytes_of_one_line_are_decoded():
    data = b"word " * (10 * 2**20)
    assert len(decode(data).text) == len(data)


def test_a_fault_names_file_record_and_reason():
    assert (
        str(ImportFault("a.csv", "It is bad.", "row 3")) == "a.csv, row 3: It is bad."
    )
    assert str(ImportFault("a.csv", "It is bad.")) == "a.csv: It is bad."


def test_patches_are_packed_without_nul_or_surrogate_and_come_back_the_same():
    patches = (
        Patch(0, 0, "\0"),
        Patch(3, 4, "\ud800 \\0041 \\"),
        Patch(9, 9, "\r\n plain"),
    )
    packed = pack_patches(patches)
    assert not any(c == "\0" or "\ud800" <= c <= "\udfff" for p in packed for c in p[2])
    assert unpack_patches(packed) == patches


def test_rebuild_puts_back_what_was_removed_and_what_was_replaced():
    patches = [Patch(0, 0, "\ufeff"), Patch(2, 6, "[PREL](#)"), Patch(7, 7, "  ")]
    assert rebuild("a PREL b", patches) == "\ufeffa [PREL](#)   b"


def test_how_much_there_is_to_read_is_known_of_plain_files(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"x" * 10)
    (tmp_path / "b.txt").write_bytes(b"x" * 5)
    both = [tmp_path / "in", tmp_path / "b.txt", tmp_path / "missing.txt"]
    assert reading.size_of(both) == 15
    (tmp_path / "in" / "c.tar.gz").write_bytes(b"x")
    assert reading.size_of(both) is None
    assert reading.size_of(["-"]) is None

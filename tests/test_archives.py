"""Archives are opened within limits, member by member; nothing leads out of them."""

import bz2
import gzip
import io
import random
import stat
import struct
import tarfile
import tempfile
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import archives, reading
from ingest.archives import streams, zips
from ingest.reading import Read, read_all
from ingest.records import ImportFault
from tests.guarding import hang_guard

PAIR = {"folder/a.txt": b"one", "b.txt": b"two"}


def zipped(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def entry(name, data=b"", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def tarred(entries, form=tarfile.PAX_FORMAT):
    if isinstance(entries, dict):
        entries = [entry(name, data) for name, data in entries.items()]
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for info, data in entries:
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def targz(entries):
    return gzip.compress(tarred(entries))


def through(data, name="box", split=reading.whole):
    """What a file of these bytes gives, as (name, bytes) or the fault as a string."""
    file = io.BufferedReader(io.BytesIO(data))
    return shown(archives.read(name, file, split))


def shown(reads):
    return [
        (read.name, read.data) if isinstance(read, Read) else str(read)
        for read in reads
    ]


# What is opened.


@pytest.mark.parametrize(
    ("pack", "name"),
    [
        (zipped, "box.zip"),
        (tarred, "box.tar"),
        (targz, "box.tar.gz"),
        (lambda members: bz2.compress(tarred(members)), "box.tar.bz2"),
        (lambda members: tarred(members, tarfile.USTAR_FORMAT), "box.tar"),
        (lambda members: tarred(members, tarfile.GNU_FORMAT), "box.tar"),
        (lambda members: zipped(members, zipfile.ZIP_STORED), "box"),
        (lambda members: zipped(members, zipfile.ZIP_BZIP2), "box.txt"),
    ],
)
@pytest.mark.parametrize("given", ["file", "folder", "stdin"])
def test_each_member_is_read_under_the_archives_name(tmp_path, pack, name, given):
    path = tmp_path / name
    path.write_bytes(pack(PAIR))
    if given == "stdin":
        found, name = read_all(["-"], stdin=io.BytesIO(path.read_bytes())), "-"
    else:
        found = read_all([path if given == "file" else tmp_path])
        name = str(path)
    assert shown(found) == [
        (f"{name}/folder/a.txt", b"one"),
        (f"{name}/b.txt", b"two"),
    ]


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("08TOKYO1.txt.gz", "08TOKYO1.txt.gz/08TOKYO1.txt"),
        ("08TOKYO1.TXT.GZ", "08TOKYO1.TXT.GZ/08TOKYO1.TXT"),
        ("folder/a", "folder/a"),
        ("-", "-"),
    ],
)
def test_a_packed_file_has_its_own_name(name, read_as):
    assert through(gzip.compress(b"words"), name) == [(read_as, b"words")]
    assert through(gzip.compress(b"wo") + gzip.compress(b"rds"), name) == [
        (read_as, b"words")
    ]


def test_names_are_tidied_and_folders_passed_over():
    entries = [
        entry("./x", type=tarfile.DIRTYPE),
        entry("./x//y.txt", b"y"),
        entry("Zoë/¶.txt", b"z"),
    ]
    assert through(tarred(entries)) == [("box/x/y.txt", b"y"), ("box/Zoë/¶.txt", b"z")]
    assert through(zipped({"x/": b"", "x\\y.txt": b"y"})) == [("box/x/y.txt", b"y")]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_what_systems_put_beside_files_is_passed_over(pack):
    beside = {".DS_Store": b"x", "__MACOSX/._a": b"x", "a/.git/b": b"x"}
    assert through(pack({**beside, "a.txt": b"a"})) == [("box/a.txt", b"a")]
    assert through(pack(beside)) == ["box: The archive holds no files."]


def test_an_empty_archive_is_a_fault():
    assert through(zipped({})) == ["box: The archive holds no files."]
    only_a_folder = [entry("x", type=tarfile.DIRTYPE)]
    assert through(tarred(only_a_folder)) == ["box: The archive holds no files."]


@pytest.mark.parametrize(
    "data", [b"words", b"PK is no archive", b"BZ too", b"\x1f\x8b no", b"u" * 600]
)
def test_a_file_that_is_no_archive_is_cut_as_it_is(data):
    assert through(data, "a.zip") == [("a.zip", data)]


@pytest.mark.parametrize(
    "members",
    [
        {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"},
        {"word/document.xml": b"<x/>", "[Content_Types].xml": b"<x/>"},
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""},
    ],
)
def test_an_office_document_is_one_document_alone_and_in_an_archive(members):
    document = zipped(members)
    assert through(document, "a.docx") == [("a.docx", document)]
    assert through(tarred({"a.docx": document})) == [("box/a.docx", document)]
    assert through(zipped({"a.docx": document})) == [("box/a.docx", document)]


def test_an_office_document_that_is_cut_off_stays_one_for_its_parser_to_refuse():
    document = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert through(document[:80], "a.docx") == [("a.docx", document[:80])]


def test_the_first_bytes_of_a_member_can_be_looked_at():
    def look(name, file):
        yield file.peek()[:2], file.read()

    data = bytes(range(256)) * 100
    for pack in (zipped, tarred, targz):
        file = archives.buffered(io.BytesIO(pack({"a": data})))
        assert list(archives.read("box", file, look)) == [(data[:2], data)]


# What is refused.


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    "name", ["../a.txt", "x/../../a.txt", "/etc/passwd", "C:\\a.txt", "..\\a.txt"]
)
def test_a_name_that_leads_out_is_refused_and_the_rest_is_read(pack, name):
    fault, good = through(pack({name: b"x", "b.txt": b"b"}))
    assert fault.endswith("Its name leads out of the archive, so it was not read.")
    assert good == ("box/b.txt", b"b")


def test_a_member_without_a_name_is_refused():
    data = zipped({"a": b"x"}).replace(b"a", b"\0")
    [fault] = through(data)
    assert fault.startswith("box/: Its name leads out of the archive")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, b"?"]
)
def test_links_and_devices_in_a_tar_are_refused(kind):
    entries = [entry("a", type=kind, linkname="/etc/passwd"), entry("b.txt", b"b")]
    assert through(tarred(entries)) == [
        "box/a: It is a link or a device, not a file, so it was not read.",
        ("box/b.txt", b"b"),
    ]


def test_a_link_in_a_zip_is_refused():
    info = zipfile.ZipInfo("a")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert through(zipped({info: b"/etc/passwd"})) == [
        "box/a: It is a link or a device, not a file, so it was not read."
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_of_two_members_of_one_name_the_first_is_taken(pack):
    twice = {"a.txt": b"one", "./a.txt": b"two"}
    assert through(pack(twice)) == [
        ("box/a.txt", b"one"),
        "box/a.txt: The archive has two members of this name; the first was taken.",
    ]


@pytest.mark.parametrize("inner", [zipped, tarred, targz])
@pytest.mark.parametrize("outer", [zipped, tarred, targz])
def test_an_archive_inside_an_archive_is_not_opened(inner, outer):
    found = through(outer({"in.zip": inner(PAIR), "b.txt": b"b"}))
    assert found == [
        "box/in.zip: An archive inside an archive is not opened; unpack it first.",
        ("box/b.txt", b"b"),
    ]


def test_a_member_locked_with_a_password_is_named():
    data = bytearray(zipped(PAIR, zipfile.ZIP_STORED))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + place] |= 1
    assert through(bytes(data)) == [
        "box/folder/a.txt: It is locked with a password.",
        ("box/b.txt", b"two"),
    ]


def test_a_member_packed_by_a_rare_method_is_named():
    found = through(zipped(PAIR, zipfile.ZIP_LZMA))
    assert (
        found[0] == "box/folder/a.txt: It is packed by a method that is not read (14)."
    )


# What is damaged.


def test_a_member_of_a_zip_that_fails_its_check_is_a_fault_of_its_own():
    data = zipped({"a": b"first words", "b": b"more"}, zipfile.ZIP_STORED)
    data = data.replace(b"first words", b"other words")
    assert through(data) == ["box/a: The member is damaged.", ("box/b", b"more")]


def test_a_zip_without_its_end_is_one_fault():
    assert through(zipped(PAIR)[:-30]) == [
        "box: The zip archive is cut off or damaged: it has no directory."
    ]


LONG = {f"{n}.txt": bytes([65 + n]) * 3000 for n in range(5)}


@pytest.mark.parametrize("pack", [tarred, targz])
def test_of_an_archive_that_is_cut_off_what_came_before_is_kept(pack):
    whole = through(pack(LONG))
    assert [data for _, data in whole] == list(LONG.values())
    data = pack(LONG)
    for size in range(600, len(data) - 10240, 997):
        *kept, fault = through(data[:size])
        assert fault.endswith("The archive is cut off or damaged from here on.")
        assert kept == whole[: len(kept)]
    # Of a packed archive the check comes last, of another the mark of its end.
    *kept, fault = through(data[:-8] if pack is targz else data[: 5 * (3072 + 512)])
    assert fault == "box: The archive is cut off or damaged from here on."
    assert kept == whole


def test_a_tar_that_breaks_inside_names_the_archive_not_a_good_member():
    data = bytearray(tarred(PAIR))
    data[1024 : 1024 + 512] = b"x" * 512
    assert through(bytes(data)) == [
        ("box/folder/a.txt", b"one"),
        "box: The archive is cut off or damaged from here on.",
    ]


def test_a_packed_file_that_fails_its_check_is_a_fault():
    data = bytearray(gzip.compress(b"words " * 99))
    data[-8] ^= 1
    assert through(bytes(data), "a.gz") == [
        "a.gz: The archive is cut off or damaged from here on."
    ]


def test_records_that_came_before_the_damage_are_kept():
    def lines(name, file):
        for line in file:
            yield Read(name, line)

    data = gzip.compress(b"".join(b"%099d\n" % n for n in range(500)))
    *kept, fault = through(data[:-9], "a.gz", lines)
    assert len(kept) > 300
    assert fault == "a.gz: The archive is cut off or damaged from here on."


# Limits.


@pytest.fixture
def small(monkeypatch):
    """Limits as for small machines, so that tests need no large archives."""
    monkeypatch.setattr(streams, "FLOOR", 100_000)
    monkeypatch.setattr(streams, "MEMBER_BYTES", 2_000_000)
    monkeypatch.setattr(streams, "ALL_BYTES", 3_000_000)
    monkeypatch.setattr(streams, "MEMBERS", 20)


@pytest.mark.usefixtures("small")
def test_a_bomb_is_stopped_where_it_shows():
    bomb = b"\0" * 1_900_000
    assert through(zipped({"a": bomb})) == [f"box/a: {streams.BOMB}"]
    assert through(targz({"a": bomb})) == [f"box/a: {streams.BOMB}"]
    assert through(gzip.compress(bomb), "a.gz") == [f"a.gz: {streams.BOMB}"]
    assert through(bz2.compress(bomb), "a.bz2") == [f"a.bz2: {streams.BOMB}"]


@pytest.mark.usefixtures("small")
def test_a_small_file_that_packs_well_is_no_bomb():
    assert through(gzip.compress(b"\0" * 90_000)) == [("box", b"\0" * 90_000)]


def overlapping(count, kernel):
    """A zip whose members' data hold each other: each quotes the next one's header.

    After D. Fifield, A better zip bomb (WOOT 2019).
    """
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    data, plain, entries = pack.compress(kernel) + pack.flush(), kernel, []
    for n in reversed(range(count)):
        info = zipfile.ZipInfo(f"{n:04}")
        info.compress_type = zipfile.ZIP_DEFLATED
        info.CRC, info.compress_size = zlib.crc32(plain), len(data)
        info.file_size = len(plain)
        header = info.FileHeader()
        entries.append((info, len(data)))
        size = len(header).to_bytes(2, "little")
        quoted = b"\0" + size + bytes(255 - c for c in size)
        tail = header + data
        data, plain = quoted + tail, header + plain
    directory = b""
    for info, size in reversed(entries):
        offset = len(tail) - size - 34
        directory += (
            b"PK\1\2"
            + struct.pack("<4B4HL2L5H2L", 20, 3, 20, 0, 0, 8, 0, 33, info.CRC,
                          info.compress_size, info.file_size, 4, 0, 0, 0, 0, 0, offset)
            + info.filename.encode()
        )  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory),
                      len(tail), 0)  # fmt: skip
    return tail + directory + end


def test_members_that_share_their_bytes_are_stopped_by_their_sum(monkeypatch):
    monkeypatch.setattr(streams, "FLOOR", 10_000)
    kernel = b"ab" * 50_000
    # Each is packed to a fiftieth at most; together they are not.
    data = overlapping(300, kernel)
    assert len(kernel) * 300 > 200 * len(data)
    found = through(data)
    assert sum(len(read[1]) for read in found if read[1].__class__ is bytes) < (
        250 * len(data)
    )
    assert streams.BOMB in found[-1] or "damaged" in found[-1]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("pack", [zipped, targz])
def test_the_sum_of_all_members_is_limited(pack):
    noise = random.Random(1).randbytes(1_000_000)
    found = through(pack({f"{n}": noise for n in range(5)}))
    assert [read[0] for read in found[:2]] == ["box/0", "box/1"]
    assert "unpacks to more than" in found[-1]
    assert len(found) <= 5


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_member_above_its_limit_is_refused_by_what_the_archive_says_of_it(pack):
    found = through(pack({"a": b"x" * 2_000_001}))
    assert found == ["box/a: It unpacks to more than the limit of 2000000 bytes."] or (
        found == ["box: It unpacks to more than the limit of 2000000 bytes."]
    )


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_the_number_of_members_is_limited(pack):
    found = through(pack({f"{n}": b"x" for n in range(21)}))
    assert found[-1] == "box: The archive has more members than the limit of 20."
    assert len(through(pack({f"{n}": b"x" for n in range(20)}))) == 20


def test_a_directory_too_large_for_memory_is_not_read(monkeypatch):
    monkeypatch.setattr(zips, "DIRECTORY_BYTES", 1000)
    found = through(zipped({f"{n}" * 50: b"x" for n in range(30)}))
    assert found == [f"box: The archive has more members than the limit of {300000}."]


def test_a_pipe_with_too_large_a_zip_is_refused(monkeypatch):
    monkeypatch.setattr(zips, "SPOOL_BYTES", 100)
    [fault] = read_all(["-"], stdin=io.BytesIO(zipped(PAIR)))
    assert str(fault) == "-: It unpacks to more than the limit of 100 bytes."


def test_200_megabytes_in_one_member_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "RATIO", 10**6)
    path = tmp_path / "box.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(200):
            member.write(b"x" * 2**20)
    tracemalloc.start()
    [fault] = read_all([path])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fault.reason == "The file is larger than the limit of 67108864 bytes."
    assert peak < 3 * reading.SIZE_LIMIT


def test_memory_does_not_grow_with_the_archive(monkeypatch):
    class Zeros(io.RawIOBase):
        """A tar of many members that no memory holds."""

        left = 3000

        def readable(self):
            return True

        def read(self, size=-1):
            if not self.left:
                return b""
            self.left -= 1
            info, data = entry(f"{self.left:05}.txt", b"x" * 10_000)
            return info.tobuf() + data + bytes(-len(data) % 512)

    def forget(name, file):
        file.read()
        return iter(())

    tracemalloc.start()
    stream = archives.buffered(io.BufferedReader(_Joined(Zeros())))
    [fault] = archives.read("box.tar", stream, forget)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "cut off" in fault.reason
    assert peak < 3_000_000


class _Joined(io.RawIOBase):
    """What a source gives in pieces of its own size, in pieces of any."""

    def __init__(self, source):
        self.source, self.rest = source, b""

    def readable(self):
        return True

    def readinto(self, buffer):
        self.rest = self.rest or self.source.read()
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def test_a_header_without_end_is_stopped():
    name = entry("././@LongLink", b"x" * 5_000_000, type=tarfile.GNUTYPE_LONGNAME)
    found = through(gzip.compress(tarred([name, entry("a", b"a")], tarfile.GNU_FORMAT)))
    assert found == ["box: The archive is cut off or damaged from here on."]


def test_a_member_that_says_it_is_endless_ends_the_reading():
    info = tarfile.TarInfo("a")
    info.size = 2**70
    data = info.tobuf(tarfile.GNU_FORMAT) + bytes(10_000)
    with hang_guard(20):
        assert through(data) == [
            f"box: It unpacks to more than the limit of {streams.MEMBER_BYTES} bytes."
        ]


def test_a_sparse_member_is_no_way_round_the_limits():
    info = tarfile.TarInfo("a")
    info.type = tarfile.GNUTYPE_SPARSE
    data = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    data[386 : 386 + 24] = b"00000000000\0" * 2
    data[483 : 483 + 12] = b"77777777777\0"
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data)
    found = through(bytes(data) + bytes(1024))
    assert len(found) == 1
    assert isinstance(found[0], str)


def test_nothing_is_left_on_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    through(zipped(PAIR))
    stopped = archives.read(
        "x", archives.buffered(io.BytesIO(zipped(PAIR))), reading.whole
    )
    next(stopped)
    stopped.close()
    assert list(tmp_path.iterdir()) == []


# Whatever comes.

ARCHIVES = [zipped(PAIR), tarred(PAIR), targz(PAIR), bz2.compress(tarred(PAIR))]


@given(
    st.integers(0, len(ARCHIVES) - 1),
    st.lists(st.tuples(st.integers(0, 12_000), st.binary(max_size=4)), max_size=8),
    st.integers(0, 12_000),
)
def test_damaged_archives_give_members_or_faults(which, changes, size):
    damaged = bytearray(ARCHIVES[which])
    for at, new in changes:
        at %= len(damaged)
        damaged[at : at + len(new)] = new
    file = archives.buffered(io.BytesIO(bytes(damaged[: size or None])))
    for read in archives.read("box", file, reading.whole):
        assert isinstance(read, Read | ImportFault)
        if isinstance(read, ImportFault):
            assert read.reason.endswith(".")
            assert read.file.startswith("box")

"""import_documents: every kind of document, told by its bytes, in archives as well."""

import gzip
import io
import json
import tarfile
import zipfile

import pytest
from django.core.management import call_command

from ingest.models import ImportProblem
from positions import integrity
from positions.models import Paragraph, Revision, Source
from tests.documents import PICTURE, make_docx, make_pdf, paragraph, printed

pytestmark = pytest.mark.django_db

SECTION = {"id": "enb1e_1", "section_title": "TITLE", "sentences": ["It\x92s so."]}
FILES = {
    "a.txt": b"Plain words.",
    "b.md": b"# Title\n\n*Marked* words.\n",
    "c.pdf": make_pdf(
        printed((72, 700, "Printed words.")), printed((72, 700, "More."))
    ),
    "d.docx": make_docx(paragraph("Word's words.")),
    "e.json": json.dumps(SECTION).encode(),
}
TEXTS = {
    "a": ["Plain words."],
    "b": ["Title", "Marked words."],
    "c": ["Printed words.", "More."],
    "d": ["Word's words."],
    "enb1e_1": ["TITLE", "It’s so."],
}


@pytest.fixture
def imported(capsys):
    """Run the command: what it printed, faults last."""

    def command(*arguments, **options):
        call_command("import_documents", *map(str, arguments), **options)
        return "".join(capsys.readouterr())

    return command


def texts():
    found = {}
    rows = Paragraph.objects.filter(revision__current=True).order_by("order")
    for row in rows.select_related("revision__source"):
        found.setdefault(row.revision.source.identifier, []).append(row.text)
    return found


def as_folder(path):
    for name, data in FILES.items():
        (path / name).write_bytes(data)
    return path


def as_zip(path):
    with zipfile.ZipFile(path / "box.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            archive.writestr(f"folder/{name}", data)
    return path / "box.zip"


def as_tar(path):
    with tarfile.open(path / "box.tar.gz", "w:gz") as archive:
        for name, data in FILES.items():
            info = tarfile.TarInfo(f"folder/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path / "box.tar.gz"


@pytest.mark.parametrize("given", [as_folder, as_zip, as_tar])
def test_every_kind_of_document_comes_in(imported, tmp_path, given):
    path = given(tmp_path)
    assert imported(path).startswith("5 created, 0 changed, 0 unchanged, 0 rejected")
    assert texts() == TEXTS
    assert list(integrity.faults()) == []
    assert imported(path).startswith("0 created, 0 changed, 5 unchanged")


def test_a_document_is_the_same_alone_and_in_an_archive(imported, tmp_path):
    (tmp_path / "one").mkdir()
    imported(as_folder(tmp_path / "one"))
    assert imported(as_zip(tmp_path)).startswith("0 created, 0 changed, 5 unchanged")
    assert Revision.objects.count() == 5


def test_where_a_document_stood_is_kept(imported, tmp_path):
    imported(as_zip(tmp_path))
    source = Source.objects.get(identifier="c")
    pages = source.current.paragraphs.order_by("order").values_list("page", flat=True)
    assert list(pages) == ["1", "2"]
    assert source.current.imported.file.endswith("box.zip/folder/c.pdf")
    assert source.current.media_type == "application/pdf"
    assert source.current.received.data == FILES["c.pdf"]


@pytest.mark.parametrize("name", ["a.txt", "a", "a.json.txt"])
def test_what_a_file_is_its_bytes_say(imported, tmp_path, name):
    (tmp_path / name).write_bytes(FILES["c.pdf"])
    imported(tmp_path / name)
    assert Revision.objects.get().parser == "pdf"


def test_a_packed_file_is_named_without_its_packing(imported, tmp_path):
    (tmp_path / "paper.txt.gz").write_bytes(gzip.compress(b"Plain words."))
    imported(tmp_path / "paper.txt.gz")
    assert Source.objects.get().identifier == "paper"


def test_sections_of_one_file_are_sources_of_their_own(imported, tmp_path):
    sections = [{**SECTION, "id": f"enb1e_{n}"} for n in range(3)]
    (tmp_path / "all.json").write_text(json.dumps(sections))
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, sections)))
    assert imported(tmp_path).startswith(
        "3 created, 0 changed, 3 unchanged, 0 rejected"
    )
    assert set(Source.objects.values_list("identifier", flat=True)) == {
        "enb1e_0",
        "enb1e_1",
        "enb1e_2",
    }


BAD = {
    "scan.pdf": (make_pdf(PICTURE), "run text recognition first (page 1)."),
    "cut.pdf": (FILES["c.pdf"][:40], "The PDF is cut off or damaged."),
    "cut.docx": (FILES["d.docx"][:200], "The Word document is cut off or damaged."),
    "sheet.xlsx": (b"", "The file is empty."),
    "odd.json": (b'{"a": 1}', "it has no “sentences”."),
    "cut.json": (b'{"sentences": ["x"', "The JSON breaks off in the middle"),
    "noise.txt": (bytes(range(256)) * 9, "This is a binary file, not a text."),
    "page.md": (b"<html><body>x", "This is an HTML page"),
    "cut.zip": (b"PK\x03\x04" + b"x" * 90, "it has no directory."),
    "cut.gz": (gzip.compress(b"words " * 99)[:-6], "cut off or damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence_and_the_others_come_in(imported, tmp_path, name):
    data, sentence = BAD[name]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_bytes(b"Plain words.")
    line = next(line for line in imported(tmp_path).splitlines() if name in line)
    assert line.startswith(f"{tmp_path / name}")
    assert sentence in line
    assert Source.objects.get().identifier == "good"
    assert ImportProblem.objects.filter(severity="rejected").count() == 1


def test_what_a_parser_mended_is_a_typed_warning(imported, tmp_path):
    (tmp_path / "a.json").write_bytes(FILES["e.json"])
    imported(tmp_path / "a.json")
    problem = ImportProblem.objects.get()
    assert (problem.code, problem.record) == ("windows_characters", "sentence 1")


def test_all_sections_of_the_samples_come_in_and_state_nothing(imported, samples):
    folder = samples / "climate-talks"
    assert imported(folder).startswith(
        "150 created, 0 changed, 0 unchanged, 0 rejected"
    )
    assert Source.objects.count() == 150
    assert Paragraph.objects.numbered().count() == 675
    assert not ImportProblem.objects.exclude(code="windows_characters").exists()
    assert not Paragraph.objects.filter(text__contains="\x92").exists()
    assert "150 unchanged" in imported(folder)

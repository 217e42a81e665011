"""import_cables on dumps and pages: one source however many copies of it come."""

import pytest
from django.core.management import call_command

from positions import integrity
from positions.models import Citation, Paragraph, Source
from tests import cable_shapes as shapes

pytestmark = pytest.mark.django_db
OTHER = shapes.columns(
    identifier="07STOCKHOLM1188",
    created="11/2/2007 10:01",
    origin="Embassy Stockholm",
    references="",
    header=shapes.HEADER.replace("OSLO", "STOCKHOLM")
    .replace("120915Z MAR 08", "021001Z NOV 07")
    .replace("#0311/01 0720915", "#1188/01 3061001"),
    body=shapes.BODY.replace("OSLO", "STOCKHOLM").replace("000311", "001188"),
    row="2",
)


@pytest.fixture
def report(capsys):
    """What import_cables says of files."""

    def command(*paths):
        call_command("import_cables", *map(str, paths))
        return capsys.readouterr()

    return command


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "cables.csv"
    path.write_text(f"{shapes.record()}\n{shapes.record(*OTHER)}\n")
    return path


def test_a_dump_becomes_a_source_for_each_record(report, dump):
    assert "2 created, 0 changed, 0 unchanged, 0 rejected" in report(dump).out
    oslo, stockholm = Source.objects.order_by("-identifier")
    assert (oslo.key, oslo.dated) == ("cables/08OSLO311", "2008-03-12")
    assert (stockholm.canonical_id, stockholm.dated) == (
        *("07STOCKHOLM1188", "2007-11-02"),
    )
    assert oslo.issuer.name == "Embassy of the United States in Oslo"
    assert oslo.current.shape == "dump"
    assert oslo.current.received.data == shapes.record().encode()
    assert [p.number for p in Paragraph.objects.numbered().order_by("id")] == [
        *("1", "2", "3") * 2,
    ]
    assert list(integrity.faults()) == []


def test_the_same_dump_again_changes_nothing_however_it_is_ordered(report, dump):
    report(dump)
    lines = dump.read_text()
    first, second = shapes.record(), shapes.record(*OTHER)
    dump.write_text(f"{second}\r\n{first}")
    assert dump.read_text() != lines
    assert "0 created, 0 changed, 2 unchanged, 0 rejected" in report(dump).out


def test_a_broken_record_is_named_by_its_place_and_the_others_go_in(report, dump):
    broken = '"1","12/28/1966 18:48","66ROME1","Embassy Rome","SECRET"'
    dump.write_text(f"{broken}\n{dump.read_text()}")
    said = report(dump)
    assert "2 created, 0 changed, 0 unchanged, 1 rejected" in said.out
    assert "record 1" in said.err
    assert "has not 8 columns" in said.err


def test_the_page_of_a_cable_of_the_dump_is_the_same_source(report, dump, tmp_path):
    report(dump)
    page = tmp_path / "08OSLO311.html"
    page.write_text(shapes.page())
    assert "0 created, 1 changed" in report(page).out
    source = Source.objects.get(identifier="08OSLO311")
    assert [r.shape for r in source.revisions.order_by("number")] == [
        *("dump", "html page"),
    ]
    assert source.current.shape == "html page"
    assert not Citation.objects.exists()


def test_the_references_of_a_record_find_the_other_one(report, dump):
    report(dump)
    oslo = Source.objects.get(identifier="08OSLO311").current
    found = oslo.references.resolved()
    assert [(r.raw, r.canonical_id) for r in found] == [
        ("07 STOCKHOLM 1188", "07STOCKHOLM1188"),
    ]

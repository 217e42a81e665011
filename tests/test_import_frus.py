"""import_frus: from a volume to sources, paragraphs, references and persons."""

import pytest
from django.core.management import CommandError, call_command
from trees import DATA

from ingest.models import ImportProblem
from positions import integrity
from positions.models import Actor, Collection, Paragraph, Reference, Revision, Source

pytestmark = pytest.mark.django_db
VOLUME = DATA / "frus" / "frus1990v1.xml"


def run(capsys, *arguments):
    call_command("import_frus", *map(str, arguments))
    return capsys.readouterr()


def test_a_volume_becomes_sources(capsys):
    out = run(capsys, VOLUME).out
    assert out == "6 created, 0 changed, 0 unchanged, 0 rejected\n"
    source = Source.objects.get(identifier="frus1990v1-d2")
    assert (source.key, source.visibility, source.level, source.controls) == (
        "frus/frus1990v1-d2",
        "private",
        3,
        "NODIS",
    )
    assert source.addresses == [
        "https://history.state.gov/historicaldocuments/frus1990v1/d2"
    ]
    assert (source.dated, source.published) == ("1990-02-27", "2015")
    rows = [(p.number, p.page, p.role) for p in source.current.paragraphs.all()]
    assert rows[:4] == [
        ("", "7", "heading"),
        ("", "7", "body"),
        ("1", "7", "body"),
        ("2", "8", "body"),
    ]
    assert source.current.paragraphs.get(number="1").citation == (
        "frus1990v1-d2, para 1"
    )
    assert list(integrity.faults()) == []


def test_the_same_volume_again_changes_nothing(capsys):
    run(capsys, VOLUME)
    before = Revision.objects.count(), Paragraph.objects.count()
    assert "0 created, 0 changed, 6 unchanged" in run(capsys, VOLUME).out
    assert (Revision.objects.count(), Paragraph.objects.count()) == before


def test_a_corrected_document_is_the_only_one_that_changes(capsys, tmp_path):
    run(capsys, VOLUME)
    corrected = tmp_path / VOLUME.name
    text = VOLUME.read_text().replace("They would accept.", "They would not accept.")
    corrected.write_text(text)
    assert "0 created, 1 changed, 5 unchanged" in run(capsys, corrected).out
    source = Source.objects.get(identifier="frus1990v1-d4")
    assert source.revisions.count() == 2
    assert "They would not accept." in source.current.text


def test_documents_refer_to_each_other(capsys):
    run(capsys, VOLUME)
    found = Reference.objects.filter(revision__source__identifier="frus1990v1-d1")
    assert [r.canonical_id for r in found.order_by("order")] == [
        "frus1990v1-d2",
        "frus1989v4-d12",
    ]
    other = Source.objects.get(canonical_id=found.order_by("order")[0].canonical_id)
    assert other.identifier == "frus1990v1-d2"


def test_persons_are_made_only_where_they_may_be(capsys):
    run(capsys, VOLUME)
    assert not Actor.objects.filter(kind="person").exists()
    assert "3 created, 0 changed, 6 unchanged" in run(capsys, VOLUME, "--create").out
    rudolf = Actor.objects.get(kind="person", name="Rudolf Rassendyll")
    assert [n.name for n in rudolf.names.all()] == ["Rassendyll, Rudolf"]
    # An identifier of a volume is no key outside of it.
    assert not rudolf.identifiers.exists()
    assert "0 created, 0 changed, 9 unchanged" in run(capsys, VOLUME, "--create").out


def test_a_volume_that_breaks_off_writes_nothing(tmp_path):
    path = tmp_path / VOLUME.name
    path.write_bytes(VOLUME.read_bytes()[:-40])
    with pytest.raises(CommandError, match="breaks off|not well-formed"):
        call_command("import_frus", str(path))
    assert not Source.objects.exists()
    assert not Collection.objects.filter(key="frus").exists()


def test_two_documents_of_one_name_are_told(capsys, tmp_path):
    path = tmp_path / VOLUME.name
    path.write_text(VOLUME.read_text().replace('xml:id="d4"', 'xml:id="d3"'))
    captured = run(capsys, path)
    assert "5 created, 0 changed, 0 unchanged, 1 rejected" in captured.out
    assert "frus1990v1-d3 stands in" in captured.err


def test_an_impossible_date_is_a_warning_in_the_run(capsys):
    run(capsys, VOLUME)
    (problem,) = ImportProblem.objects.filter(code="date_impossible")
    assert "1990-02-30" in problem.message


def test_a_dry_run_keeps_nothing(capsys):
    run(capsys, VOLUME, "--dry-run")
    assert not Source.objects.exists()


def test_every_real_volume_goes_in_without_a_rejection(capsys, samples):
    out = run(capsys, samples / "frus", "--create").out
    assert out == "267 created, 0 changed, 0 unchanged, 0 rejected\n"
    assert Source.objects.count() == 143
    assert Actor.objects.filter(kind="person").count() == 124
    assert Paragraph.objects.filter(role="note").count() == 443
    assert list(integrity.faults()) == []
    cable = Source.objects.get(identifier="frus1969-76ve14p1-d21")
    assert cable.issuer.name == "Department of State of the United States"
    assert "143 unchanged" in run(capsys, samples / "frus").out

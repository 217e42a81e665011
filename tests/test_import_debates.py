"""import_debates: from sittings and lists to sources, speakers and actors."""

import pytest
from django.core.management import CommandError, call_command
from trees import DATA

from ingest.models import ImportProblem
from positions import integrity
from positions.models import Actor, HeaderSpeaker, Membership, Paragraph, Source

pytestmark = pytest.mark.django_db
FOLDER = DATA / "debates"
AKN = FOLDER / "akoma_ntoso_3.xml"


def run(capsys, *arguments):
    call_command("import_debates", *map(str, arguments))
    return capsys.readouterr()


def test_sittings_of_both_kinds_become_sources(capsys):
    assert (
        run(capsys, FOLDER).out
        == "2 created, 0 changed, 0 unchanged, 2 unsure, 0 rejected\n"
    )
    assert sorted(Source.objects.values_list("identifier", "kind", "dated")) == [
        ("ParlaMint-RR_2016-01-19-lower", "debate", "2016-01-19"),
        ("akn-rr-debaterecord-2010-05-06-eng", "debate", "2010-05-06"),
    ]
    paragraph = Paragraph.objects.get(
        revision__source__identifier__startswith="akn", number="1"
    )
    assert (paragraph.speaker, paragraph.heading) == ("Mr Alfa", "Cluster munitions")
    assert [v.kind for v in paragraph.voices.all()] == ["note"]
    assert list(integrity.faults()) == []


def test_the_same_sittings_again_change_nothing(capsys):
    run(capsys, FOLDER)
    out = run(capsys, FOLDER).out
    assert out == "0 created, 0 changed, 2 unchanged, 2 unsure, 0 rejected\n"


def test_unknown_speakers_are_warnings_of_the_run(capsys):
    run(capsys, FOLDER)
    found = ImportProblem.objects.filter(code="speaker_unknown")
    assert found.count() == 4
    assert not Actor.objects.filter(kind="person").exists()


def test_actors_and_memberships_are_made_only_where_they_may_be(capsys):
    out = run(capsys, FOLDER, "--create").out
    assert "0 rejected" in out
    mauban = Actor.objects.get(
        identifiers__scheme="parlamint-rr", identifiers__value="AntoinetteMauban"
    )
    assert (mauban.name, mauban.kind) == ("Antoinette de Mauban", "person")
    rows = Membership.objects.filter(member=mauban).order_by("since", "role")
    assert {(m.group.name, m.role, str(m.since), str(m.until)) for m in rows} == {
        ("Blue Elephants", "member", "2012-03-01", "2019-12-31"),
        ("Lower House of Ruritania", "Minister of Peace", "None", "None"),
    }
    alfa = Actor.objects.get(identifiers__scheme="akn")
    assert (alfa.name, [n.name for n in alfa.names.all()]) == (
        "A B Alfa",
        ["Mr A B Alfa"],
    )
    speaker = HeaderSpeaker.objects.get(person=mauban)
    assert speaker.header.source.kind == "debate"
    before = Actor.objects.count(), Membership.objects.count()
    assert "0 created, 0 changed" in run(capsys, FOLDER, "--create").out
    assert (Actor.objects.count(), Membership.objects.count()) == before


def test_what_is_odd_in_a_list_is_told_once(capsys):
    for _ in range(2):
        err = run(capsys, FOLDER / "ParlaMint-RR.xml", "--create").err
        assert "affiliations as" in err
    problems = ImportProblem.objects.filter(code="affiliation_without_group")
    assert problems.count() == 1


def test_lists_alone_without_leave_to_make_anybody_make_nobody(capsys):
    out = run(capsys, FOLDER / "ParlaMint-RR.xml").out
    assert out == "0 created, 0 changed, 0 unchanged, 0 rejected\n"
    assert not Actor.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xml", b"<akomaNtoso><bill/></akomaNtoso>", "it holds “bill”"),
        ("b.xml", b"<TEI><text/></TEI>", "no ParlaMint debate"),
        ("c.xml", b"{}", "This is not XML"),
        ("d.xml", AKN.read_bytes()[:-20], "breaks off|not well-formed"),
    ],
)
def test_what_is_no_debate_is_rejected_in_a_sentence(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CommandError, match=reason):
        call_command("import_debates", str(tmp_path))
    assert not Source.objects.exists()


def test_one_bad_file_does_not_stop_the_others(capsys, tmp_path):
    (tmp_path / "a.xml").write_bytes(b"<akomaNtoso><bill/></akomaNtoso>")
    (tmp_path / "b.xml").write_bytes(AKN.read_bytes())
    out = run(capsys, tmp_path).out
    assert out == "1 created, 0 changed, 0 unchanged, 1 unsure, 1 rejected\n"


def test_every_real_debate_goes_in_without_a_rejection(capsys, samples):
    files = [
        *(samples / "akomantoso").glob("*.xml"),
        *(samples / "parlamint" / "ParlaMint-NL").glob("*.xml"),
    ]
    out = run(capsys, *files).out
    assert out == "8 created, 0 changed, 0 unchanged, 8 unsure, 0 rejected\n"
    spoken = Paragraph.objects.exclude(speaker="")
    assert spoken.count() == 353 + 16 + 48
    assert list(integrity.faults()) == []

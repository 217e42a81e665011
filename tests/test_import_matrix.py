"""import_matrix: a matrix becomes statements on provisions, all of one date."""

from collections import Counter

import pytest
from books import book
from django.core.management import CommandError, call_command
from factories import make_actor, make_issue, make_option

from ingest import states
from positions import integrity
from positions.models import Actor, Check, Option, Source, Statement

pytestmark = pytest.mark.django_db
TABLE = "IP,AU,Borduria,JP\nPatents,1,,0.5\nCopyright term,0,1,\n"


@pytest.fixture
def issue():
    for name in ("Australia", "Borduria", "Japan"):
        make_actor(name)
    return make_issue("Trade")


@pytest.fixture
def imported(capsys, tmp_path, issue):
    def command(text=TABLE, *, name="positions.csv", **options):
        path = tmp_path / name
        path.write_text(text)
        given = {"issue": issue.key, "date": "2013-08", "create": True}
        call_command("import_matrix", str(path), **{**given, **options})
        return capsys.readouterr()

    return command


def refused(imported, *arguments, **options):
    with pytest.raises(CommandError) as fault:
        imported(*arguments, **options)
    return str(fault.value)


def said():
    return [
        (s.actor.name, s.option.name, s.disposition.code, s.main.quote)
        for s in Statement.objects.order_by("said_earliest", "pk")
    ]


def test_a_workbook_is_the_table_that_its_sheet_is(imported, issue, tmp_path):
    rows = [["IP", "AU", "JP"], [], ["Patents", 1, 0.5], ["Copyright term", "Rejected"]]
    path = tmp_path / "positions.xlsx"
    path.write_bytes(book(Positions=rows, Empty=[]))
    given = {"issue": issue.key, "date": "2013-08", "create": True}
    for _ in range(2):
        call_command("import_matrix", str(path), **given)
    assert said() == [
        ("Australia", "Patents", "accept", "AU 1"),
        ("Japan", "Patents", "reserve", "JP 0.5"),
        ("Australia", "Copyright term", "oppose", "AU Rejected"),
    ]
    path.write_bytes(book(Positions=rows, Notes=[["Made by us."]]))
    with pytest.raises(CommandError, match="Several sheets hold lines"):
        call_command("import_matrix", str(path), **given)


def test_a_table_of_votes_is_no_matrix(imported):
    said = refused(imported, "rcid,country,vote\n1,Japan,1\n")
    assert "a table of recorded votes, which import_votes reads" in said


def test_a_value_without_a_meaning_is_told_of_the_mapping(imported):
    printed = imported("IP,JP\nPatents,7\n")
    assert "row 2: disposition “7”: the codebook has no such code; --mapping" in (
        printed.err
    )


def test_a_state_under_two_names_is_no_matrix(imported):
    said = refused(imported, "IP,JP,Japan\nPatents,1,0\n")
    assert "row 1: “JP” and “Japan” are one state." in said


def test_values_are_dispositions_reserved_and_blank_are_kept_apart(imported):
    assert "7 created, 0 changed, 0 unchanged, 0 rejected" in imported().out
    assert said() == [
        ("Australia", "Patents", "accept", "AU 1"),
        ("Japan", "Patents", "reserve", "JP 0.5"),
        ("Australia", "Copyright term", "oppose", "AU 0"),
        ("Borduria", "Copyright term", "accept", "Borduria 1"),
    ]
    assert not Check.objects.exists()
    option = Option.objects.get(name="Patents")
    assert (option.kind, option.issue.name, option.headline) == (
        *("provision", "Trade"),
        False,
    )
    statement = Statement.objects.first()
    assert (statement.said_on, statement.standing, statement.form) == (
        *("2013-08", "reporter"),
        "characterisation",
    )
    assert list(integrity.faults()) == []


def test_whoever_says_so_can_be_the_actors_themselves(imported):
    imported(standing="own")
    told = set(Statement.objects.values_list("standing", "form"))
    assert told == {("own", "official")}


def test_the_same_again_changes_nothing_and_another_day_is_another_statement(imported):
    imported()
    assert "0 created, 0 changed, 7 unchanged" in imported().out
    assert "4 created, 0 changed, 3 unchanged" in imported(date="2014").out
    assert Statement.objects.count() == 8


def test_a_provision_is_found_by_any_name_of_its_option(imported, issue):
    option = make_option("Art. 5", name="Patent rights", issue=issue, kind="provision")
    option.aliases.create(name="PATENTS")
    parent = make_option("Chapter", key="chapter", issue=issue)
    imported(parent="chapter")
    assert Statement.objects.filter(option=option).count() == 2
    assert Option.objects.get(name="Copyright term").parent == parent
    option.refresh_from_db()
    assert option.parent is None


def test_a_value_without_a_meaning_is_rejected_with_its_row(imported):
    told = imported("IP,AU,JP\nPatents,7,1\n")
    assert "positions.csv, row 2: disposition “7”" in told.err
    assert len(said()) == 1


def test_a_mapping_gives_values_their_meaning(imported, tmp_path):
    path = tmp_path / "mapping.csv"
    path.write_text("value,disposition\n1,prefer\n0,\n7,undecided\n")
    imported("IP,AU,JP,Borduria\nPatents,7,1,0\n", mapping=str(path))
    assert [row[2] for row in said()] == ["undecided", "prefer"]


def test_without_create_an_unknown_provision_is_named_once(imported, issue):
    make_option("Patents", issue=issue, kind="provision")
    told = imported(create=False)
    assert "row 3: “Copyright term”: no option of “Trade” has this name" in told.err
    assert len(said()) == 2


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        ("2013-13", "not in the calendar"),
        ("2013/", "is missing"),
        ("soon", "not a date"),
    ],
)
def test_a_wrong_date_is_told_before_anything_is_written(imported, date, reason):
    told = refused(imported, date=date)
    assert reason in told
    assert not Source.objects.exists()


def test_the_date_is_required(tmp_path, issue):
    with pytest.raises(CommandError, match="--date"):
        call_command("import_matrix", "x.csv", issue=issue.key)


def test_the_real_matrices_go_in_whole(samples, capsys, issue):
    list(states.load(languages=()))
    options = {"issue": issue.key, "date": "2013-08", "create": True}
    call_command("import_matrix", str(samples / "matrices"), **options)
    assert "275 created, 0 changed, 0 unchanged, 0 rejected" in capsys.readouterr().out
    counts = Counter(Statement.objects.values_list("disposition__code", flat=True))
    assert counts == {"oppose": 156, "accept": 61, "reserve": 35}
    assert Option.objects.filter(kind="provision").count() == 21
    assert Actor.objects.filter(kind="state").count() == 207 + 1

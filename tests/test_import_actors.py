"""Tables and Popolo JSON as desks have them: files, sheets, archives, stdin."""

import json
import zipfile
from collections import Counter
from datetime import date
from io import BytesIO, TextIOWrapper

import pytest
from books import book
from django.core.management import CommandError, call_command
from factories import make_actor
from papers import write_table
from test_format_popolo import HOUSE, LISTS, PERSON, SAMPLE, needs_sample

from ingest.models import ImportProblem
from positions.models import (
    Actor,
    ActorName,
    Change,
    Identifier,
    Issue,
    Membership,
    Option,
)

pytestmark = pytest.mark.django_db

ACTORS = [
    ["key", "name", "kind"],
    ["japan", "Japan", "state"],
    ["asia", "Asia", "bloc"],
]
MEMBERS = [["member", "group", "since"], ["Japan", "asia", date(2001, 2, 3)]]
ISSUES = [["key", "name"], ["bombs", "Bombs"]]
OPTIONS = [["key", "issue", "name", "kind"], ["ban", "bombs", "A ban", "treaty"]]


@pytest.fixture
def imported(capsys):
    def command(*paths, name="import_actors", **options):
        call_command(name, *map(str, paths), **options)
        return capsys.readouterr()

    return command


def written(path, data):
    path.write_bytes(data)
    return path


def as_csv(rows):
    return "\n".join(",".join(map(str, row)) for row in rows) + "\n"


def given(monkeypatch, data):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data)))


def refused(*paths, name="import_actors", **options):
    with pytest.raises(CommandError) as fault:
        call_command(name, *map(str, paths), **options)
    return str(fault.value).splitlines()


# -- workbooks, archives, standard input ----------------------------------------------


def test_a_workbook_brings_its_sheets_in_the_order_in_which_they_refer(
    imported, tmp_path
):
    sheets = {"memberships": MEMBERS, "notes": [["a", "b"]], "actors": ACTORS}
    path = written(tmp_path / "x.xlsx", book(**sheets, issues=ISSUES))
    assert imported(path).out == "3 created, 0 changed, 0 unchanged, 0 rejected\n"
    member = Membership.objects.get()
    assert (member.member.key, member.group.key) == ("japan", "asia")
    assert member.since == date(2001, 2, 3)
    # Its other sheets are for the other command.
    assert not Issue.objects.exists()
    printed = imported(path, name="import_positions")
    assert printed.out == "1 created, 0 changed, 0 unchanged, 0 rejected\n"
    assert imported(path).out == "0 created, 0 changed, 3 unchanged, 0 rejected\n"


def test_a_sheet_with_a_slip_in_its_name_is_named(imported, tmp_path):
    sheets = {"actors": ACTORS, "Membrships": MEMBERS}
    path = written(tmp_path / "x.xlsx", book(**sheets))
    printed = imported(path)
    assert printed.out == "2 created, 0 changed, 0 unchanged, 1 rejected\n"
    assert "sheet “Membrships”: It has the columns of memberships" in printed.err


def test_a_file_named_like_a_table_may_be_a_workbook(imported, tmp_path):
    path = written(tmp_path / "2008-actors.xlsx", book(Sheet1=ACTORS))
    assert imported(path).out.startswith("2 created")
    path = written(tmp_path / "people.xlsx", book(Sheet1=MEMBERS))
    assert imported(path, table="memberships").out.startswith("1 created")
    line, _ = refused(path)
    assert "sheet “Sheet1”: It has the columns of memberships; give it" in line


def test_a_folder_may_hold_tables_of_every_kind(imported, tmp_path):
    written(tmp_path / "tables.xlsx", book(memberships=MEMBERS))
    write_table(tmp_path, "actors", as_csv(ACTORS))
    written(tmp_path / "notes.txt", b"Nothing here.")
    written(tmp_path / "readme-actors.md", b"Nothing here either.")
    assert imported(tmp_path).out == "3 created, 0 changed, 0 unchanged, 0 rejected\n"


def test_an_archive_may_hold_them_too(imported, tmp_path):
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as box:
        box.writestr("in/memberships.csv", as_csv(MEMBERS))
        box.writestr("in/all.xlsx", book(actors=ACTORS))
        box.writestr("../actors.csv", as_csv(ACTORS))
    printed = imported(tmp_path / "box.zip")
    assert printed.out == "3 created, 0 changed, 0 unchanged, 1 rejected\n"
    # Said once, though the archive is read for each table.
    assert printed.err.count("leads out of the archive") == 1


def test_standard_input_is_a_table_or_a_workbook(imported, monkeypatch):
    given(monkeypatch, as_csv(ACTORS).encode())
    assert imported("-", table="actors").out.startswith("2 created")
    given(monkeypatch, book(memberships=MEMBERS))
    assert imported("-").out.startswith("1 created")
    given(monkeypatch, as_csv(ACTORS).encode())
    line, _ = refused("-")
    assert line == "-: Say with --table which table it is, or send a workbook."


def test_a_table_of_no_such_name_is_refused(tmp_path):
    with pytest.raises(CommandError, match="invalid choice: 'issues'"):
        call_command("import_actors", str(tmp_path), "--table", "issues")


def test_a_key_that_stands_twice_in_a_file_is_named(imported, tmp_path):
    rows = [*ACTORS, ["japan", "Nippon", "state"]]
    write_table(tmp_path, "actors", as_csv(rows))
    printed = imported(tmp_path)
    assert printed.out == "2 created, 0 changed, 0 unchanged, 1 rejected\n"
    assert "row 4: key “japan”: row 2 of the file has it already." in printed.err
    assert Actor.objects.get(key="japan").name == "Japan"


def test_what_is_no_workbook_is_a_clear_fault(tmp_path):
    path = written(tmp_path / "actors.xlsx", b"PK\x03\x04 and nothing more")
    reasons = refused(path)
    assert len(reasons) == 2
    path = written(tmp_path / "actors.xlsx", b"\xd0\xcf\x11\xe0 an old one")
    line, _ = refused(path)
    assert "This is an old office document, not a text." in line


# -- actors without a key -------------------------------------------------------------


def test_actors_without_a_key_are_known_by_codes_and_names(imported, tmp_path):
    japan = make_actor("Japan", kind="state", key="japan")
    japan.identifiers.create(scheme="wikidata", value="Q17")
    text = (
        "name,kind,identifiers,names\n"
        "Nippon,state,wikidata:Q17;undata:392,ja:日本\nAtlantis,state,,\n"
    )
    write_table(tmp_path, "actors", text)
    printed = imported(tmp_path)
    assert printed.out.startswith("0 created, 1 changed, 0 unchanged, 1 unsure")
    assert "“Atlantis”: nobody in the register has this name" in printed.err
    assert japan.identifier("undata") == "392"
    assert [name.name for name in japan.names.all()] == ["日本"]
    assert imported(tmp_path, create=True).out.startswith(
        "1 created, 0 changed, 1 unch"
    )


def test_two_of_one_name_with_different_codes_are_two(imported, tmp_path):
    text = "name,kind,wikidata\nJ. Tamm,person,Q1\nJ. Tamm,person,Q2\n"
    write_table(tmp_path, "actors", text)
    assert imported(tmp_path, create=True).out.startswith("2 created")
    assert imported(tmp_path, create=True).out.startswith(
        "0 created, 0 changed, 2 unch"
    )
    # Without a code nobody can tell which of them a third one is.
    write_table(tmp_path, "actors", "name,kind,wikidata\nJ. Tamm,person,\n")
    line, _ = refused(tmp_path, create=True)
    assert "“J. Tamm”: more than one actor has this name" in line
    write_table(tmp_path, "actors", "name,kind,wikidata\nJ. Tamm,person,Q3\n")
    line, _ = refused(tmp_path)
    assert "“J. Tamm”: whoever has this name has another code." in line


# -- options without a key ------------------------------------------------------------


MANY = [["member", "group", "since", "until"]] + [
    [f"Member {n}", "asia", f"20{n:02}-01-01", ""] for n in range(40)
]


def people(number):
    for n in range(number):
        make_actor(f"Member {n}", kind="person")


def test_rows_that_go_in_at_once_keep_their_faults_to_themselves(imported, tmp_path):
    make_actor("Asia", key="asia", kind="bloc")
    people(40)
    rows = [
        *MANY,
        ["asia", "asia", "", ""],
        ["Member 1", "asia", "2020-01-01", "2010-01-01"],
        ["Nobody", "asia", "", ""],
        MANY[3],
    ]
    path = written(tmp_path / "memberships.csv", as_csv(rows).encode())
    printed = imported(path)
    assert "40 created, 0 changed, 1 unchanged, 1 unsure, 2 rejected" in printed.out
    assert "row 42: An actor is not a member of itself." in printed.err
    assert "row 43: A membership must begin before it ends." in printed.err
    assert "row 44: member “Nobody”: nobody in the register" in printed.err
    assert Membership.objects.count() == 40
    noted = Change.objects.filter(record="membership", action="created")
    assert noted.count() == Membership.history.count() == 40


def test_what_a_row_costs_is_no_query(
    imported, tmp_path, django_assert_max_num_queries
):
    make_actor("Asia", key="asia", kind="bloc")
    people(40)
    path = written(tmp_path / "memberships.csv", as_csv(MANY).encode())
    with django_assert_max_num_queries(40):
        imported(path)
    assert Membership.objects.count() == 40


def test_an_actor_made_by_a_row_is_found_by_the_next(imported, tmp_path):
    rows = [
        ["name", "kind", "identifiers", "names"],
        ["Ann", "person", "wikidata:Q1", "Anne; fr:Annette"],
        ["Annette", "person", "", ""],
        ["Anna", "person", "wikidata:Q1", ""],
    ]
    path = written(tmp_path / "actors.csv", as_csv(rows).encode())
    printed = imported(path, create=True)
    assert "1 created, 0 changed, 2 unchanged" in printed.out


def test_an_option_is_known_by_its_name_within_its_issue():
    from ingest.options import OptionNames

    issues = [Issue.objects.create(name=name) for name in ("One", "Two")]
    first, other = (
        Option.objects.create(issue=issue, name="A ban", kind="treaty")
        for issue in issues
    )
    first.aliases.create(name="Prohibition")
    names = OptionNames()
    assert names.match(issues[0], "a  BAN") == first
    assert names.match(issues[1], "A ban") == other
    assert names.match(issues[0], "prohibition") == first
    assert names.match(issues[0], first.key) == first
    assert names.match(issues[1], "Prohibition") is None
    assert names.sentence(issues[1], "A bann") == (
        f"no option of “Two” has this name; the nearest: {other.key}."
    )
    Option.objects.create(
        issue=issues[1], name="Second", short_name="a ban", kind="draft"
    )
    names.forget()
    assert names.match(issues[1], "A ban") is None
    assert "more than one option of “Two” has this name" in names.sentence(
        issues[1], "A ban"
    )


# -- Popolo ---------------------------------------------------------------------------


def test_popolo_brings_actors_and_memberships_twice_the_same(imported, tmp_path):
    path = written(tmp_path / "diet.json", json.dumps(LISTS).encode())
    printed = imported(path, create=True)
    assert printed.out == "5 created, 0 changed, 0 unchanged, 0 rejected\n"
    person = Actor.objects.get(kind="person")
    assert (person.name, person.identifier("house-number")) == ("Abe Taro", "17")
    found = person.memberships.order_by("group__name").values_list(
        "group__name", "role", "since", "until"
    )
    days = (date(2001, 1, 10), date(2005, 1, 1))
    assert list(found) == [("Greens", "member", *days), ("The Diet", "member", *days)]
    printed = imported(path, create=True)
    assert printed.out == "0 created, 0 changed, 5 unchanged, 0 rejected\n"
    # The warning stands in the work list once.
    assert ImportProblem.objects.filter(severity="warning").count() == 1


def test_popolo_makes_nobody_unless_it_may(imported, tmp_path):
    make_actor("The Diets", kind="body", key="diets")
    path = written(tmp_path / "diet.json", json.dumps(LISTS).encode())
    reasons = refused(path)
    assert Actor.objects.count() == 1
    nearest = "“The Diet”: nobody in the register has this name; the nearest: diets."
    assert any(nearest in reason for reason in reasons)


def test_popolo_finds_those_who_are_there(imported, tmp_path):
    diet = make_actor("Kokkai", kind="body", key="kokkai")
    diet.identifiers.create(scheme="wikidata", value="Q1")
    path = written(tmp_path / "diet.json", json.dumps(LISTS).encode())
    assert imported(path, create=True).out.startswith(
        "4 created, 0 changed, 1 unchanged"
    )
    assert diet.members.count() == 1


def test_popolo_may_lie_in_a_file_for_each_list(imported, tmp_path):
    person = "ocd-person/0a5a2e9c-0000-4000-8000-000000000001"
    house = "ocd-organization/0a5a2e9c-0000-4000-8000-000000000002"
    nobody = "ocd-person/0a5a2e9c-0000-4000-8000-000000000003"
    lists = {
        "persons": [{"id": person, "name": "Abe Taro"}],
        "organizations": [{"id": house, "name": "Diet", "classification": "upper"}],
        "memberships": [
            {"person_id": person, "organization_id": house, "role": "chair"},
            {"person_id": nobody, "organization_id": house},
        ],
    }
    for name, records in lists.items():
        written(tmp_path / f"{name}.json", json.dumps(records).encode())
    printed = imported(tmp_path, create=True)
    assert "3 created, 0 changed, 0 unchanged, 1 unsure, 0 rejected" in printed.out
    assert f"memberships 2: member “popolo:{nobody}”: nobody" in printed.err
    assert str(Membership.objects.get()) == "Abe Taro in Diet, chair"
    assert "0 created, 0 changed, 3 unchanged" in imported(tmp_path, create=True).out


def test_records_that_cannot_be_read_do_not_stop_the_others(imported, tmp_path):
    lists = {
        **LISTS,
        "organizations": [*LISTS["organizations"], {**HOUSE, "name": "Again"}],
        "persons": [PERSON, {"id": "x"}],
        "memberships": [*LISTS["memberships"], {"person_id": "nobody"}],
    }
    path = written(tmp_path / "diet.json", json.dumps(lists).encode())
    printed = imported(path, create=True)
    assert printed.out == "5 created, 0 changed, 0 unchanged, 3 rejected\n"
    assert f"{path}, organizations 3: The id “house” stands twice." in printed.err
    assert f"{path}, persons 2: It has no name" in printed.err
    assert f"{path}, memberships 2: Of a membership, “nobody” is not in" in printed.err


def test_popolo_comes_by_standard_input_and_what_is_none_is_refused(
    imported, tmp_path, monkeypatch
):
    given(monkeypatch, json.dumps(LISTS).encode())
    assert imported("-", create=True).out.startswith("5 created")
    line, summary = refused(written(tmp_path / "x.json", b'{"people": []}'))
    assert line.startswith(f"{tmp_path / 'x.json'}: This is no Popolo JSON")
    assert summary.endswith("1 rejected")
    line, _ = refused(tmp_path / "x.json", name="import_positions")
    assert "There is no table of these names" in line


@needs_sample
def test_the_real_sample_comes_in_whole(imported):
    printed = imported(SAMPLE, create=True)
    assert printed.out == "799 created, 0 changed, 0 unchanged, 0 rejected\n"
    assert Counter(Actor.objects.values_list("kind", flat=True)) == {
        "person": 193,
        "party": 7,
        "body": 1,
    }
    assert Membership.objects.count() == 598
    assert ActorName.objects.count() == 448
    # Each of 193 people with the codes that the file gives, and its own UUID.
    assert Identifier.objects.filter(scheme="wikidata").count() == 201
    assert Identifier.objects.filter(scheme="popolo").count() == 194
    house = Actor.objects.get(name="Riigikogu")
    assert house.members.on(date(2015, 6, 1)).count() == 101


# -- templates ------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_templates_are_written_once_and_read_back(imported, tmp_path, format):
    call_command("write_templates", str(tmp_path / "new"), format=format)
    files = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert files == ["tables.xlsx"] if format == "xlsx" else len(files) == 12
    printed = imported(tmp_path / "new").out
    assert printed.endswith("0 created, 0 changed, 0 unchanged, 0 rejected\n")
    with pytest.raises(CommandError, match="exists already; it was kept"):
        call_command("write_templates", str(tmp_path / "new"), format=format)


def test_one_template_has_the_name_of_its_table(tmp_path, capsys):
    call_command("write_templates", str(tmp_path), table=["stances"], format="xlsx")
    assert capsys.readouterr().out == f"{tmp_path / 'stances.xlsx'}\n"

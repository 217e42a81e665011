"""import_votes: recorded votes become acts, events and changes of vote."""

from collections import Counter
from datetime import date

import pytest
from books import book
from django.core.management import CommandError, call_command
from factories import make_actor, make_issue, make_option

from ingest import states
from positions import integrity
from positions.models import (
    Actor,
    Change,
    Event,
    Identifier,
    Option,
    Participation,
    Source,
    Statement,
)

pytestmark = pytest.mark.django_db
HEAD = "country,country_code,vote,date,unres\n"
FIRST = (
    "Japan,JP,yes,2015-12-07,R/70/54\nCuba,CU,abstain,2015-12-07,R/70/54\n"
    "Chile,,no,2015-12-07,R/70/54\nMali,ML,absent,2015-12-07,R/70/54\n"
)
SECOND = (
    "Japan,JP,yes,2016-12-05,A/RES/71/45\nCuba,CU,yes,2016-12-05,A/RES/71/45\n"
    "Mali,ML,yes,2016-12-05,A/RES/71/45\n"
)
CODES = {"Japan": "JPN", "Cuba": "CUB", "Chile": "CHL", "Mali": "MLI"}


@pytest.fixture
def issue():
    for name, code in CODES.items():
        # Known by their codes: their names here are others.
        state = make_actor(name if name == "Chile" else f"State of {name}")
        Identifier.objects.create(actor=state, scheme="iso3", value=code)
    issue = make_issue("Umbrellas")
    make_option("Treaty", key="treaty", issue=issue, kind="treaty")
    return issue


@pytest.fixture
def imported(capsys, tmp_path, issue):
    def command(text, *, name="votes.csv", **options):
        path = tmp_path / name
        path.write_text(text)
        given = {"issue": issue.key, "parent": "treaty", "create": True}
        call_command("import_votes", str(path), **{**given, **options})
        return capsys.readouterr()

    return command


def refused(imported, *arguments, **options):
    with pytest.raises(CommandError) as fault:
        imported(*arguments, **options)
    return str(fault.value)


def said():
    return [
        (s.option.name, s.actor.name, s.disposition.code, s.main.quote)
        for s in Statement.objects.order_by("said_earliest", "pk")
    ]


def test_a_workbook_is_the_table_that_its_sheet_is(imported, issue, tmp_path):
    rows = [line.split(",") for line in (HEAD + FIRST).splitlines()]
    days = [[*row[:3], date(2015, 12, 7), *row[4:]] for row in rows[1:]]
    path = tmp_path / "votes.xlsx"
    path.write_bytes(book(Votes=[rows[0], *days]))
    call_command("import_votes", str(path), issue=issue.key, create=True)
    assert [row[1:] for row in said()] == [
        ("State of Japan", "support", "yes"),
        ("State of Cuba", "abstain", "abstain"),
        ("Chile", "oppose", "no"),
    ]
    assert (
        "0 created, 0 changed, 10 unchanged" in imported(HEAD + FIRST, parent=None).out
    )


def test_what_a_vote_costs_is_no_query(imported, django_assert_max_num_queries):
    states = [make_actor(f"State {n}") for n in range(60)]
    lines = [f"{state.name},,yes,2015-12-07,R/70/54\n" for state in states]
    with django_assert_max_num_queries(180):
        imported(HEAD + "".join(lines))
    assert Statement.objects.count() == Participation.objects.count() == 60
    changes = Change.objects.filter(record="statement", action="coded")
    assert changes.count() == Statement.history.count() == 60


def test_each_vote_is_an_act_on_the_resolution(imported):
    # Two documents, options and events; seven parts; six statements.
    assert (
        "19 created, 0 changed, 0 unchanged, 0 rejected"
        in imported(HEAD + FIRST + SECOND).out
    )
    assert said() == [
        ("A/RES/70/54", "State of Japan", "support", "yes"),
        ("A/RES/70/54", "State of Cuba", "abstain", "abstain"),
        ("A/RES/70/54", "Chile", "oppose", "no"),
        ("A/RES/71/45", "State of Japan", "support", "yes"),
        ("A/RES/71/45", "State of Cuba", "support", "yes"),
        ("A/RES/71/45", "State of Mali", "support", "yes"),
    ]
    option = Option.objects.get(name="A/RES/70/54")
    assert (option.kind, option.parent.key, option.headline, option.key) == (
        *("resolution", "treaty", False),
        "a-res-70-54",
    )
    event = Event.objects.get(key="vote-a-res-70-54")
    assert (event.kind, event.dated, [i.name for i in event.issues.all()]) == (
        *("vote", "2015-12-07"),
        ["Umbrellas"],
    )
    statement = Statement.objects.filter(event=event).first()
    assert (statement.form, statement.said_on) == ("act", "2015-12-07")
    source = Source.objects.get(identifier="A-RES-70-54")
    assert (source.symbol, source.kind) == ("A/RES/70/54", "vote")
    assert list(integrity.faults()) == []


def test_absence_is_a_part_and_no_statement(imported):
    imported(HEAD + FIRST)
    parts = Participation.objects.values_list("actor__name", "part")
    assert dict(parts) == {
        "State of Japan": "participant",
        "State of Cuba": "participant",
        "Chile": "participant",
        "State of Mali": "absent",
    }
    assert "State of Mali" not in [row[1] for row in said()]


def test_changes_of_vote_are_told_over_the_whole_series(imported):
    assert "Changes of vote in the series: 0" in imported(HEAD + FIRST).out
    told = imported(HEAD + SECOND, name="later.csv").out
    assert "Changes of vote in the series: 1\n" in told
    assert "A/RES/71/45: Cuba: abstain -> yes (since A/RES/70/54)" in told


def test_the_same_votes_again_in_any_order_of_resolutions_change_nothing(imported):
    imported(HEAD + FIRST + SECOND)
    again = imported(HEAD + SECOND + FIRST, name="other.csv").out
    assert "0 created, 0 changed, 19 unchanged, 0 rejected" in again


def test_a_corrected_vote_comes_in_beside_what_was_coded(imported):
    imported(HEAD + FIRST)
    told = imported(HEAD + FIRST.replace("Chile,,no", "Chile,,abstain")).out
    assert "1 created, 1 changed" in told
    assert [row[2] for row in said() if row[1] == "Chile"] == ["oppose", "abstain"]


def test_without_create_what_is_missing_is_named_once(imported):
    told = imported(HEAD + FIRST, create=False)
    assert "A/RES/70/54, row 2: “A/RES/70/54”: no option of “Umbrellas”" in told.err
    assert "So 3 rows were left out." in told.err
    assert "there is no such event; --create makes it." in told.err
    assert not Statement.objects.exists()
    assert not Participation.objects.exists()
    # The text is in, and --create finishes the work.
    assert "9 created, 0 changed, 1 unchanged" in imported(HEAD + FIRST).out


def test_create_makes_states_with_their_codes(imported):
    imported(HEAD + "Peru,PE,yes,2015-12-07,R/70/54\n")
    peru = Actor.objects.get(name="Peru")
    assert (peru.kind, peru.identifier("iso3")) == ("state", "PER")


def test_a_mapping_says_what_votes_mean(imported, tmp_path):
    path = tmp_path / "mapping.csv"
    path.write_text("vote,disposition\nyes,accept\nabstain,\n")
    imported(HEAD + FIRST, mapping=str(path))
    assert [row[2] for row in said()] == ["accept", "oppose"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("vote,disposition\nyes,like\n", "row 2: disposition “like”: the codebook"),
        ("vote,disposition\nyes,support\nYES,oppose\n", "row 3: “yes” is empty or"),
        ("vote,disposition\nyes\n", "row 2: it has 1 cells, not 2."),
        ("yes,support\n", "row 1: the columns are two, the second named disposition."),
        ("", "row 1: the columns are two"),
        (None, "cannot be read"),
    ],
)
def test_a_wrong_mapping_is_told_before_anything_is_written(
    imported, tmp_path, text, reason
):
    path = tmp_path / "mapping.csv"
    if text is not None:
        path.write_text(text)
    told = refused(imported, HEAD + FIRST, mapping=str(path))
    assert told.startswith(str(path))
    assert reason in told
    assert not Source.objects.exists()


def test_the_parent_must_be_there_and_of_the_issue(imported):
    make_option("Rain ban", key="rain-ban", issue=make_issue("Rain"))
    assert "there is no option “none”" in refused(imported, HEAD, parent="none")
    told = refused(imported, HEAD, parent="rain-ban")
    assert told == "--parent: “rain-ban” is an option of the issue “rain”."


def test_the_real_votes_go_in_whole(samples, capsys, issue):
    for actor in Actor.objects.all():
        actor.names.create(name=actor.name.removeprefix("State of "))
    list(states.load(languages=()))
    path = samples / "votes" / "unga_ccm_votes.csv"
    options = {"issue": issue.key, "parent": "treaty", "create": True}
    call_command("import_votes", str(path), **options)
    told = capsys.readouterr().out
    # Five documents, options and events; 908 parts and as many statements.
    assert "1831 created, 0 changed, 0 unchanged, 0 rejected" in told
    assert "Changes of vote in the series: 11\n" in told
    counts = Counter(Statement.objects.values_list("disposition__code", flat=True))
    assert counts == {"support": 710, "abstain": 191, "oppose": 7}
    assert Participation.objects.count() == 908
    serbia = Statement.objects.filter(actor__key="serbia")
    assert {s.main.paragraph.text for s in serbia} == {"Yugoslavia: abstain"}
    assert not Statement.objects.filter(actor__key="yugoslavia").exists()

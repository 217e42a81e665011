"""load_demo: the whole demonstration once, nothing the second time, who answers."""

import csv
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from factories import make_collection, make_source, make_user
from papers import write_table

from ingest import demo
from positions import answers
from positions.models import (
    Actor,
    Change,
    Issue,
    Paragraph,
    Revision,
    Source,
    Stance,
    Statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def debug(settings):
    settings.DEBUG = True


@pytest.fixture
def load_demo(capsys):
    def command(**options):
        call_command("load_demo", **options)
        return capsys.readouterr().out

    return command


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A demonstration of one source, one statement and no stance but the derived."""
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    (tmp_path / "sources").mkdir()
    (tmp_path / "cables").mkdir()
    text = "---\nidentifier: DEMO-1\ndated: 2008-04-23\nmarking: U\n---\n{}\n"
    words = "Japan prefers an agreement within the CCW."
    (tmp_path / "sources" / "DEMO-1.txt").write_text(text.format(words))
    cable = "1. (U) The same was said in Tokyo."
    head = (
        "R 230100Z APR 08\nFM AMEMBASSY TOKYO\nTO SECSTATE WASHDC\n\nUNCLAS TOKYO 1\n"
    )
    (tmp_path / "cables" / "DEMO-2.txt").write_text(
        f"{head}\nTAGS: PREL JA\nSUBJECT: TALKS\n\n{cable}\n"
    )
    for table, rows in {
        "collections": "key,title,visibility,level\ndemo,Demo,public,U\n",
        "actors": "key,name,kind\njapan,Japan,state\n",
        "memberships": "member,group\n",
        "issues": "key,name\ncluster-munitions,Cluster munitions\n",
        "options": "key,issue,name,short_name,kind,headline\n"
        "ccw-talks,cluster-munitions,Talks,CCW,track,true\n",
        "reasons": "issue,key,name\n",
        "events": "key,name,kind,dated\n",
        "participations": "event,actor,part\n",
        "statements": "ref,source,paragraph,quote,actor,option,disposition,standing,"
        "form,publicity,reliability,credibility,speaker_rank,said_on,state\n"
        f"s1,DEMO-1,1,{words},japan,ccw-talks,prefer,own,official,public,A,1,1,"
        "2008-04-23,accepted\n",
        "checks": "source,issue\n",
        "stances": "actor,option,disposition,holds_from,evidence\n",
    }.items():
        write_table(tmp_path, table, rows)
    return tmp_path


def test_the_phrase_is_printed_with_its_proof_on_every_run(debug, small, load_demo):
    for _ in range(2):
        printed = load_demo(site="http://127.0.0.1:9000").splitlines()
        statement = Statement.objects.get()
        shown = printed.index("Japan on 2 May 2008: prefer CCW")
        assert printed[shown + 1 : shown + 4] == [
            "  “Japan prefers an agreement within the CCW.”",
            "  23 April 2008, DEMO-1, para 1",
            f"  http://127.0.0.1:9000/statements/{statement.key}/",
        ]
        assert printed[-1] == (
            "Sign in at http://127.0.0.1:9000/admin/ as curator, "
            "password: demarche-demo"
        )


def test_a_second_run_repeats_nothing(debug, small, load_demo):
    models = (Source, Revision, Paragraph, Statement, Stance, Change, User)
    assert "Statements: 1 created" in load_demo()
    before = [model.objects.count() for model in models]
    assert "created" not in load_demo()
    assert [model.objects.count() for model in models] == before


def test_the_curator_is_a_reviewer_and_keeps_a_changed_password(
    debug, small, load_demo
):
    load_demo()
    curator = User.objects.get(username="curator")
    assert curator.is_staff
    assert not curator.is_superuser
    assert [group.name for group in curator.groups.all()] == ["Reviewer"]
    assert curator.check_password("demarche-demo")
    curator.set_password("my own words")
    curator.save()
    printed = load_demo()
    assert "password: the one you gave it" in printed
    curator.refresh_from_db()
    assert curator.check_password("my own words")


def test_with_debug_off_no_user_is_made(small, load_demo, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--as USERNAME"):
        load_demo()
    assert not User.objects.exists()
    assert not Source.objects.exists()
    who = make_user()
    printed = load_demo(who=who.username)
    assert "demarche-demo" not in printed
    assert User.objects.get() == who
    assert Statement.objects.get().accepted_by == who


def test_what_a_person_did_with_the_demonstration_stays(debug, small, load_demo):
    load_demo()
    curator = User.objects.get()
    Stance.objects.get().retract(curator, "I judge otherwise.")
    assert "Japan on 2 May 2008: no position is published" in load_demo()
    assert Stance.objects.get().state == "retracted"


def test_a_fault_in_the_data_stops_it_with_its_place(debug, small, load_demo):
    path = small / "statements.csv"
    path.write_text(path.read_text().replace("japan,ccw-talks", "japan,nothing"))
    with pytest.raises(CommandError) as fault:
        load_demo()
    assert f"{path}, row 2: option “nothing”" in str(fault.value)


def test_an_interrupted_load_is_finished_by_the_next(debug, small, load_demo):
    text = (small / "statements.csv").read_text()
    (small / "statements.csv").write_text(text.replace("japan,ccw", "japan,x"))
    with pytest.raises(CommandError):
        load_demo()
    (small / "statements.csv").write_text(text)
    assert "prefer CCW" in load_demo()


def test_other_sources_are_left_alone(debug, small, load_demo):
    other = make_source(collection=make_collection("mine"))
    load_demo()
    assert other.revisions.get().current


def expected(name):
    """The rows of one of the demonstration's tables of what must come out."""
    path = demo.FOLDER / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_whole_demonstration_says_what_it_should(debug, load_demo):
    printed = load_demo()
    assert "Japan on 2 May 2008: prefer CCW, engaged in Oslo Process" in printed
    issue = Issue.objects.get()
    wanted = expected("expected_phrases")
    for day in sorted({row["as_of"] for row in wanted}):
        rows = {row["actor"]: row for row in wanted if row["as_of"] == day}
        actors = Actor.objects.filter(key__in=rows)
        for position in answers.positions(
            issue, date.fromisoformat(day), actors=actors, layer="derived"
        ):
            assert position.short_phrase == rows[position.actor.key]["short_phrase"]
    # On the day of the cable all actors have something to show.
    asked = list(Actor.objects.filter(kind="state"))
    shown = answers.positions(issue, demo.DAY, actors=asked)
    assert sum(bool(position.short_phrase) for position in shown) >= 15
    # Said about China, by another: never China's position.
    about = Statement.objects.filter(actor__key="china", standing="other")
    assert about.exists()
    china = next(p for p in shown if p.actor.key == "china")
    assert not [
        line
        for period in china.periods
        for line in period.supports
        if line.statement.standing == "other"
    ]
    assert Statement.objects.filter(state="draft").count() == 1
    changes = Change.objects.count()
    assert "created" not in load_demo()
    assert Change.objects.count() == changes

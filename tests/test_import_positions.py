"""import_actors and import_positions: tables in, twice, and over people's work."""

import pytest
from django.core.management import CommandError, call_command
from factories import (
    make_actor,
    make_collection,
    make_issue,
    make_option,
    make_source,
    make_statement,
    make_user,
    paragraph_of,
)
from papers import write_table

from ingest.models import ImportProblem
from positions.models import (
    Actor,
    ActorName,
    Change,
    Check,
    Collection,
    Event,
    Issue,
    Membership,
    Option,
    Participation,
    Stance,
    Statement,
    Suggestion,
)

pytestmark = pytest.mark.django_db

ACTORS = """\
key,name,kind,iso3,names,valid_from,note
japan,Japan,state,JPN,ja:日本;Nippon,,
mofa,Foreign Ministry of Japan,body,,MOFA,,
eu,European Union,organization,,,1993-11-01,Of twelve states at first.
"""
MEMBERSHIPS = """\
member,group,role,rank,since,until
mofa,japan,foreign ministry,,,
Nippon,eu,guest,4,2007-01-01,2008-01-01
"""
ISSUES = "key,name,question\nbombs,Cluster bombs,What about them?\n"
OPTIONS = """\
key,issue,name,short_name,kind,parent,valid_to,succeeded_by,alternatives,headline,aliases
talks,bombs,Talks in Geneva,CCW,track,,2011-11-25,,process,true,GGE;Geneva
article,bombs,Article 1(b),Art. 1(b),provision,draft,,,,false,
draft,bombs,Draft of January,draft,draft,,,treaty,,false,
process,bombs,Oslo Process,Oslo Process,track,,,,talks,true,
treaty,bombs,Convention,CCM,treaty,,,,,true,
"""
REASONS = "issue,key,name\nbombs,allies,Working with allies\n"
EVENTS = """\
key,name,kind,dated,place,issues,actor
lima,Lima conference,conference,2007-05-23/2007-05-25,Lima,bombs,
new-cabinet,New cabinet,government_change,2007-09-26,Tokyo,,japan
"""
PARTICIPATIONS = "event,actor,part\nlima,japan,participant\n"
STATEMENTS = """\
ref,utterance,citation_role,source,paragraph,quote,\
actor,option,disposition,speaker_name,speaker_actor,said_on,reasons,event,state,note
s1,,main,DOC-1,1,first priority is an agreement within the CCW,\
japan,talks,prefer,,mofa,2008-04-23,allies,lima,accepted,
s1,,repeats,DOC-1,2,Public pressure,,,,,,,,,,
s2,u1,main,DOC-1,2,engaged in the Oslo Process,\
japan,process,engage,DDG Somebody,mofa,,,,accepted,
s3,u1,main,DOC-1,2,engaged in the Oslo Process,\
japan,treaty,support,,,,,,draft,A hunch.
"""
CHECKS = (
    "source,paragraph,actor,issue,finding,note\n"
    "DOC-1,2,eu,bombs,nothing,Not named.\nDOC-1,,,bombs,off_topic,\n"
)
STANCES = """\
actor,option,disposition,holds_from,holds_to,confidence,rationale,evidence
japan,talks,prefer,2008-04-23,2008-12-01,low,A judgement.,s1
"""


@pytest.fixture
def who():
    return make_user()


@pytest.fixture
def folder(tmp_path):
    """All tables, and the source that they are about."""
    make_source(identifier="DOC-1", collection=make_collection("papers"))
    for table, text in {
        "actors": ACTORS,
        "memberships": MEMBERSHIPS,
        "issues": ISSUES,
        "options": OPTIONS,
        "reasons": REASONS,
        "events": EVENTS,
        "participations": PARTICIPATIONS,
        "statements": STATEMENTS,
        "checks": CHECKS,
        "stances": STANCES,
    }.items():
        write_table(tmp_path, table, text)
    return tmp_path


@pytest.fixture
def imported(capsys):
    def command(name, *paths, **options):
        call_command(name, *map(str, paths), **options)
        return capsys.readouterr()

    return command


def refused(name, *paths, **options):
    with pytest.raises(CommandError) as fault:
        call_command(name, *map(str, paths), **options)
    return str(fault.value).splitlines()


def everything(imported, folder, who):
    imported("import_actors", folder)
    return imported("import_positions", folder, who=who.username)


def test_actors_come_with_names_identifiers_and_memberships(imported, folder):
    assert imported("import_actors", folder).out == (
        "5 created, 0 changed, 0 unchanged, 0 rejected\n"
    )
    japan = Actor.objects.get(key="japan")
    assert japan.identifier("iso3") == "JPN"
    names = japan.names.order_by("name").values_list("name", "language")
    assert list(names) == [("Nippon", ""), ("日本", "ja")]
    guest = Membership.objects.get(group__key="eu")
    assert (guest.member, guest.rank, str(guest.until)) == (japan, 4, "2008-01-01")


def test_options_may_refer_to_rows_below_them(imported, folder, who):
    everything(imported, folder, who)
    article = Option.objects.get(key="article")
    assert article.path == "Article 1(b) – Draft of January"
    assert article.parent.succeeded_by.key == "treaty"
    talks = Option.objects.get(key="talks")
    assert [o.key for o in talks.alternatives.all()] == ["process"]
    assert [a.name for a in talks.aliases.all()] == ["GGE", "Geneva"]
    assert Issue.objects.get().options.filter(kind="whole").count() == 1


def test_an_event_may_be_a_change_of_government(imported, folder, who):
    everything(imported, folder, who)
    lima = Event.objects.get(key="lima")
    assert [str(lima.earliest), str(lima.latest)] == ["2007-05-23", "2007-05-25"]
    assert [issue.key for issue in lima.issues.all()] == ["bombs"]
    change = Participation.objects.get(event__key="new-cabinet")
    assert change.actor.key == "japan"


def test_statements_are_coded_submitted_and_accepted_by_the_user(imported, folder, who):
    everything(imported, folder, who)
    first, second, third = Statement.objects.order_by("pk")
    assert [s.state for s in (first, second, third)] == ["accepted"] * 2 + ["draft"]
    assert (first.coder, first.accepted_by) == (who, who)
    assert first.main.quote == "first priority is an agreement within the CCW"
    assert sorted(c.role for c in first.citations.all()) == ["main", "repeats"]
    assert [reason.key for reason in first.reasons.all()] == ["allies"]
    assert first.event.key == "lima"
    assert (str(first.said_earliest), first.public_from is not None) == (
        "2008-04-23",
        True,
    )
    # Nobody named: the body speaks. A person named stays as printed.
    assert (first.speaker.key, first.speaker_text) == ("mofa", "")
    assert (second.speaker, second.speaker_text) == (None, "DDG Somebody")
    assert second.said_on == "2008-05-02"
    assert second.utterance
    assert second.utterance == third.utterance
    actions = Change.objects.of(first).values_list("action", flat=True)
    assert list(actions) == ["accepted", "submitted", "coded"]


def test_checks_and_stances_come_with_their_evidence(imported, folder, who):
    everything(imported, folder, who)
    assert set(Check.objects.values_list("actor__key", "paragraph__number")) == {
        ("eu", "2"),
        (None, None),
    }
    stance = Stance.objects.get()
    assert (stance.state, stance.basis, stance.confidence) == (
        "published",
        "asserted",
        "low",
    )
    (evidence,) = stance.evidence.all()
    assert evidence.statement.option.key == "talks"


def test_the_same_tables_twice_change_nothing(imported, folder, who):
    everything(imported, folder, who)
    models = (Change, Statement, Stance, Check, Membership, ActorName, ImportProblem)
    before = [model.objects.count() for model in models]
    assert imported("import_actors", folder).out.startswith("0 created, 0 changed, 5 ")
    printed = imported("import_positions", folder, who=who.username)
    assert printed.out == "0 created, 0 changed, 16 unchanged, 0 rejected\n"
    assert printed.err == ""
    assert [model.objects.count() for model in models] == before


def test_a_dry_run_of_tables_leaves_nothing(imported, folder, who):
    imported("import_actors", folder)
    printed = imported("import_positions", folder, who=who.username, dry_run=True)
    assert printed.out.startswith("16 would create")
    assert not Issue.objects.exists()
    assert not Statement.objects.exists()


def test_what_a_person_changed_stays_and_is_listed_once(imported, folder):
    imported("import_actors", folder)
    eu = Actor.objects.get(key="eu")
    eu.name = "The Union"
    eu.save()
    for _ in range(2):
        printed = imported("import_actors", folder)
        assert printed.out == (
            "0 created, 0 changed, 4 unchanged, 1 kept as they are, 0 rejected\n"
        )
        assert "eu: name is “The Union” here and “European Union”" in printed.err
    assert Actor.objects.get(key="eu").name == "The Union"
    problem = ImportProblem.objects.get(severity="conflict")
    assert problem.code == "row_differs"


def test_a_name_that_a_person_removed_does_not_come_back(imported, folder):
    from positions.models.changes import recording

    imported("import_actors", folder)
    with recording(tool="test"):
        ActorName.objects.get(name="Nippon").delete()
    rows = ACTORS.replace("Nippon", "Nippon;Land of the Rising Sun")
    # Without the name, the table of memberships knows nobody of it.
    write_table(folder, "memberships", "member,group\nmofa,japan\n")
    write_table(folder, "actors", rows)
    assert imported("import_actors", folder / "actors.csv").out.startswith(
        "0 created, 1 changed, 2 unchanged"
    )
    names = Actor.objects.get(key="japan").names.values_list("name", flat=True)
    assert sorted(names) == ["Land of the Rising Sun", "日本"]


def test_a_draft_that_a_person_mended_is_known_again(imported, folder, who):
    everything(imported, folder, who)
    draft = Statement.objects.get(state="draft")
    draft.option = Option.objects.get(key="draft")
    draft.save()
    assert "16 unchanged" in imported("import_positions", folder, who=who.username).out


def test_a_draft_that_a_person_dropped_does_not_come_back(imported, folder, who):
    everything(imported, folder, who)
    Statement.objects.get(state="draft").drop(who)
    assert "16 unchanged" in imported("import_positions", folder, who=who.username).out
    assert Statement.objects.count() == 2


def test_what_a_person_coded_already_is_not_coded_twice(imported, folder, who):
    imported("import_actors", folder)
    write_table(folder, "statements", "\n".join(STATEMENTS.splitlines()[:1]) + "\n")
    write_table(folder, "stances", STANCES.splitlines()[0] + "\n")
    imported("import_positions", folder, who=who.username)
    coded = make_statement(
        actor=Actor.objects.get(key="japan"),
        option=Option.objects.get(key="process"),
        code="engage",
        paragraph=paragraph_of(Collection.objects.get(key="papers").sources.get(), 2),
        quote="engaged in the Oslo Process",
    )
    header, _, _, same, _ = STATEMENTS.splitlines()
    write_table(folder, "statements", f"{header}\n{same}\n")
    printed = imported("import_positions", folder / "statements.csv", who=who.username)
    assert printed.out == "0 created, 0 changed, 1 unchanged, 0 rejected\n"
    assert Statement.objects.get() == coded


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("DOC-1,1,first", "DOC-9,1,first", "source “DOC-9”: there is none."),
        ("DOC-1,1,first", "DOC-1,7,first", "paragraph “7”: DOC-1 has no paragraph"),
        ("first priority", "last priority", "does not stand in DOC-1, para 1"),
        (
            "japan,talks,prefer",
            "Jpan,talks,prefer",
            "nobody in the register has this name",
        ),
        ("japan,talks,prefer", "japan,talkies,prefer", "no option has the key"),
        ("japan,talks,prefer", "japan,talks,like", "the codebook has no such code"),
        ("japan,talks,prefer", "japan,talks,", "disposition: it is empty."),
        ("allies,lima", "money,lima", "the issue has no reason “money”"),
        ("lima,accepted", "lima,retracted", "a table brings draft, review or accepted"),
    ],
)
def test_a_row_that_cannot_be_coded_is_named_and_the_rest_goes_in(
    imported, folder, who, old, new, reason
):
    write_table(folder, "statements", STATEMENTS.replace(old, new, 1))
    write_table(folder, "stances", STANCES.splitlines()[0] + "\n")
    printed = everything(imported, folder, who)
    assert reason in printed.err
    assert f"{folder / 'statements.csv'}, row 2: " in printed.err
    assert Statement.objects.count() == 2


def test_an_unknown_actor_is_named_with_the_nearest_known(imported, folder, who):
    write_table(folder, "participations", "event,actor,part\nlima,Japann,observer\n")
    printed = everything(imported, folder, who)
    assert (
        "actor “Japann”: nobody in the register has this name; the nearest: japan"
        in printed.err
    )


def test_accepted_rows_need_a_user_who_answers_for_them(imported, folder):
    imported("import_actors", folder)
    printed = imported("import_positions", folder)
    assert printed.err.count("--as") == 3
    assert list(Statement.objects.values_list("state", flat=True)) == ["draft"]
    assert Statement.objects.get().coder is None
    assert not Stance.objects.exists()


def test_a_coder_may_not_accept_by_way_of_a_table(imported, folder):
    coder = make_user("Coder")
    printed = everything(imported, folder, coder)
    assert "Only reviewers accept statements." in printed.err
    assert not Statement.objects.filter(state="accepted").exists()
    # What was refused halfway left nothing.
    assert Statement.objects.count() == 1


def test_an_option_that_refers_to_nothing_is_refused_whole(imported, tmp_path):
    make_issue("Bombs", key="bombs")
    write_table(
        tmp_path,
        "options",
        "key,issue,name,kind,parent\na,bombs,A,track,nothing\nb,bombs,B,track,\n",
    )
    printed = imported("import_positions", tmp_path)
    assert "parent “nothing”: no option has the key “nothing”." in printed.err
    assert [o.key for o in Option.objects.exclude(kind="whole")] == ["b"]
    assert not Change.objects.filter(key="a").exists()


def test_an_actor_refused_halfway_leaves_nothing_in_the_log(imported, tmp_path):
    make_actor("Elsewhere").identifiers.create(scheme="iso3", value="JPN")
    write_table(
        tmp_path,
        "actors",
        "key,name,kind,iso3\njapan,Japan,state,JPN\neu,EU,bloc,\n",
    )
    printed = imported("import_actors", tmp_path)
    assert "row 2: Another actor has this identifier." in printed.err
    assert not Actor.objects.filter(key="japan").exists()
    assert list(Change.objects.values_list("key", "action")) == [("eu", "created")]


def test_a_second_state_of_one_name_is_refused_in_a_sentence(imported, tmp_path):
    make_actor("Japan", key="japan")
    write_table(tmp_path, "actors", "key,name,kind\nnippon,JAPAN,state\nx,X,ngo\n")
    printed = imported("import_actors", tmp_path)
    assert "A state of this name exists already." in printed.err


def test_a_file_says_by_its_name_which_table_it_is(imported, tmp_path):
    write_table(tmp_path, "2008-actors", ACTORS)
    assert imported("import_actors", tmp_path / "2008-actors.csv").out.startswith(
        "3 created"
    )
    write_table(tmp_path, "people", ACTORS)
    line, _ = refused("import_actors", tmp_path / "people.csv")
    assert line == (
        f"{tmp_path / 'people.csv'}: There is no table of these names: actors.csv, "
        "memberships.csv."
    )


def test_a_folder_without_tables_and_a_missing_path_get_one_clear_line(tmp_path):
    line, _ = refused("import_actors", tmp_path)
    assert line == f"{tmp_path}: The folder holds no files."
    (tmp_path / "notes.txt").write_text("Nothing here.")
    line, _ = refused("import_actors", tmp_path)
    assert line.startswith(f"{tmp_path}: There is no table of these names")
    line, _ = refused("import_actors", tmp_path / "actors.csv")
    assert line == f"{tmp_path / 'actors.csv'}: There is no such file."


def test_a_statement_of_a_source_in_two_collections_needs_the_collection(
    imported, folder, who
):
    make_source(identifier="DOC-1", collection=make_collection("mirror"))
    write_table(folder, "stances", STANCES.splitlines()[0] + "\n")
    write_table(folder, "checks", CHECKS.splitlines()[0] + "\n")
    printed = everything(imported, folder, who)
    assert printed.err.count("more than one collection has it") == 3
    text = STATEMENTS.replace("DOC-1", "papers/DOC-1")
    write_table(folder, "statements", text)
    printed = imported("import_positions", folder, who=who.username)
    assert printed.out.startswith("3 created")


def test_a_table_that_cannot_be_read_does_not_stop_the_others(imported, folder, who):
    (folder / "issues.csv").write_bytes(b"")
    make_option("unused", issue=make_issue("Cluster bombs", key="bombs"))
    printed = everything(imported, folder, who)
    assert f"{folder / 'issues.csv'}: The file is empty." in printed.err
    assert Statement.objects.count() == 3


# -- suggestions --------------------------------------------------------------------

SUGGESTIONS = (
    "collection,source,paragraph,quote,actor,option,disposition,confidence,reason,tool\n"
    "papers,DOC-1,1,first priority,japan,talks,prefer,0.7,It says so.,classifier\n"
)


def suggested(imported, folder, who, table=SUGGESTIONS):
    write_table(folder, "suggestions", table)
    everything(imported, folder, who)
    return list(Suggestion.objects.all())


def test_another_tool_proposes_through_the_same_door(imported, folder, who):
    (row,) = suggested(imported, folder, who)
    assert (row.tool, row.confidence, row.reason) == ("classifier", 0.7, "It says so.")
    assert (row.quote, row.state) == ("first priority", "waiting")
    assert [r.pk for r in suggested(imported, folder, who)] == [row.pk]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("0.7", "70", "write a number from 0 to 1"),
        ("first priority", "last priority", "does not stand in"),
        ("japan", "jappan", "nobody in the register has this name"),
        ("It says so.", "", "reason: it is empty"),
    ],
)
def test_a_proposal_that_cannot_be_filed_is_named(
    imported, folder, who, before, after, why
):
    write_table(folder, "suggestions", SUGGESTIONS.replace(before, after))
    assert why in everything(imported, folder, who).err
    assert not Suggestion.objects.exists()

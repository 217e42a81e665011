"""import_treaty: a status page becomes commitments, again and again."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from factories import make_actor, make_issue, make_option, make_user
from treaties import ROWS, page

from ingest import states
from ingest.models import ImportProblem
from positions import integrity
from positions.models import Actor, Option, Source, Statement

pytestmark = pytest.mark.django_db
NAMES = ("Atlantis", "Borduria", "Costaguana", "Freedonia", "Zubrowka")


@pytest.fixture
def issue():
    for name in NAMES:
        make_actor(name)
    make_actor("Kingdom of Sylvania")
    return make_issue("Umbrellas")


@pytest.fixture
def imported(capsys, tmp_path, issue):
    """Import a page as a file: what the command printed on each stream."""

    def command(text=None, *, name="page.html", **options):
        path = tmp_path / name
        path.write_text(page() if text is None else text)
        given = {"issue": issue.key, "option": "umbrellas-treaty", "create": True}
        call_command("import_treaty", str(path), **{**given, **options})
        return capsys.readouterr()

    return command


def refused(imported, *arguments, **options):
    with pytest.raises(CommandError) as fault:
        imported(*arguments, **options)
    return str(fault.value)


def rename(old, new):
    actor = Actor.objects.get(name=old)
    actor.name = new
    actor.save()


def said(**which):
    return [
        (s.actor.name, s.disposition.code, s.mode, s.said_on, s.holds_on, s.main.quote)
        for s in Statement.objects.filter(**which).order_by("pk")
    ]


def test_a_page_becomes_statements_that_cite_the_dates_as_printed(imported):
    assert "12 created, 0 changed, 0 unchanged, 0 rejected" in imported().out
    source = Source.objects.get()
    assert (source.key, source.kind, source.dated) == (
        *("treaties/xxvi-6", "status"),
        "2026-02-03",
    )
    option = Option.objects.get(key="umbrellas-treaty")
    assert (option.name, option.kind, option.headline) == (
        *("Convention on Umbrellas", "treaty"),
        True,
    )
    assert said(actor__name="Borduria") == [
        ("Borduria", "signed", "", "2008-12-04", "", "4 Dec 2008"),
        ("Borduria", "bound", "accession", "2010-04-09", "", "9 Apr 2010 a"),
    ]
    assert said(actor__name="Kingdom of Sylvania")[0][1:3] == ("bound", "ratification")
    statement = Statement.objects.filter(disposition__code="bound").first()
    assert (
        statement.form,
        statement.standing,
        statement.publicity,
        statement.state,
    ) == (
        *("act", "own", "public"),
        "draft",
    )
    assert statement.holds_earliest == statement.holds_latest
    assert statement.option == option
    assert list(integrity.faults()) == []


def test_a_withdrawal_keeps_the_consent_and_cites_the_note_that_dates_it(imported):
    imported()
    assert [s[1:5] for s in said(actor__name="Costaguana")] == [
        ("signed", "", "2008-12-03", ""),
        ("bound", "ratification", "2011-03-24", ""),
        ("withdrawn", "", "2024-09-06", "2025-03-06"),
    ]
    gone = Statement.objects.get(disposition__code="withdrawn")
    assert gone.holds_earliest.isoformat() == "2025-03-06"
    assert [(c.role, c.quote) for c in gone.citations.order_by("pk")] == [
        ("main", "[24 Mar 2011 ]"),
        ("context", "The withdrawal took effect for Costaguana on 6 March 2025"),
    ]


def test_the_same_page_again_changes_nothing(imported):
    imported()
    keys = set(Statement.objects.values_list("key", flat=True))
    assert "0 created, 0 changed, 12 unchanged, 0 rejected" in imported().out
    assert set(Statement.objects.values_list("key", flat=True)) == keys


def test_what_a_person_dropped_does_not_come_back(imported):
    imported()
    statement = Statement.objects.get(disposition__code="withdrawn")
    statement.reject(make_user(), "not ours")
    assert "0 created, 0 changed, 12 unchanged" in imported().out


def test_a_later_page_adds_what_is_new_and_is_silent_of_what_was_known(imported):
    imported()
    later = page(
        [*ROWS[:3], ("Freedonia", "3 Dec 2008", "", "1 Feb 2026"), *ROWS[4:]],
        status="STATUS AS AT : 04-02-2026",
        counted="",
    )
    told = imported(later)
    assert "1 created, 1 changed, 10 unchanged, 0 rejected" not in told.err
    assert "1 created, 1 changed, 11 unchanged, 0 rejected" in told.out
    assert said(actor__name="Freedonia")[1][1:4] == (
        "bound",
        "ratification",
        "2026-02-01",
    )


def test_an_act_under_a_new_name_of_its_state_is_the_same_act(imported):
    imported()
    actor = Actor.objects.get(name="Borduria")
    actor.names.create(name="People’s Republic of Borduria")
    renamed = ("People’s Republic of Borduria", *ROWS[1][1:])
    told = imported(page([ROWS[0], renamed, *ROWS[2:]]))
    assert "0 created, 1 changed, 11 unchanged, 0 rejected" in told.out
    assert len(said(actor=actor)) == 2


def test_an_unknown_state_is_named_once_with_the_nearest_and_the_rest_goes_in(imported):
    rename("Borduria", "Borduva")
    told = imported(option="", create=False)
    assert "no option of “Umbrellas” has this name" in told.err
    make_option("Convention on Umbrellas", issue=Option.objects.first().issue)
    told = imported(option="", create=False)
    assert "8 created, 0 changed, 2 unchanged, 1 unsure, 0 rejected" in told.out
    (line,) = [line for line in told.err.splitlines() if "Borduria" in line]
    assert "page.html, row 2: actor “Borduria”" in line
    assert "the nearest: borduria" in line
    assert "So 2 rows were left out." in line
    assert ImportProblem.objects.filter(severity="unsure", record="row 2").exists()


def test_create_makes_the_states_that_are_missing(imported):
    rename("Borduria", "Klow")
    assert "13 created" in imported().out
    made = Actor.objects.get(name="Borduria")
    assert made.kind == "state"
    assert len(said(actor=made)) == 2


def test_a_missing_option_is_told_before_anything_is_written(imported):
    reason = refused(imported, create=False)
    assert reason == "There is no option “umbrellas-treaty”; --create makes it."
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"issue": "none"}, "--issue: there is no issue “none”."),
        ({"option": "rain-ban"}, "“rain-ban” is an option of the issue “rain”."),
        ({"state": "accepted"}, "--state accepted: name who answers for it with --as."),
    ],
)
def test_wrong_options_are_told_before_anything_is_written(imported, options, reason):
    make_option("Rain ban", key="rain-ban", issue=make_issue("Rain"))
    assert reason in refused(imported, **options)
    assert not Source.objects.exists()


def test_statements_go_in_accepted_for_the_user_who_answers_for_them(imported):
    reviewer = make_user("Reviewer")
    imported(state="accepted", who=reviewer.username)
    states = Counter(Statement.objects.values_list("state", "accepted_by__username"))
    assert states == {("accepted", reviewer.username): 10}
    assert list(integrity.faults()) == []


def test_a_coder_may_not_accept(imported):
    coder = make_user("Coder")
    reason = refused(imported, state="accepted", who=coder.username)
    assert "may not bring statements in state accepted" in reason
    assert not Statement.objects.exists()


def test_one_option_is_not_two_treaties(imported, tmp_path, capsys, issue):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text(page())
    other = page(title="7. Convention on Hats", number="XXVI-7")
    (folder / "b.html").write_text(other)
    options = {"issue": issue.key, "option": "umbrellas-treaty", "create": True}
    call_command("import_treaty", str(folder), **options)
    names = set(Statement.objects.values_list("option__name", flat=True))
    assert names == {"Convention on Umbrellas", "Convention on Hats"}
    assert Source.objects.count() == 2


def test_a_dry_run_writes_nothing(imported):
    assert "would create" in imported(dry_run=True).out
    assert not Statement.objects.exists()
    assert not Option.objects.filter(kind="treaty").exists()


def test_a_bad_page_is_rejected_in_a_sentence(imported):
    assert "no table of participants" in refused(imported, "<html></html>")
    assert "cut off" in refused(imported, page()[:2000])


def test_coding_costs_few_queries_a_row(imported, django_assert_max_num_queries):
    rows = [(f"Atlantis {'x' * n}", "3 Dec 2008", "", "") for n in range(1, 61)]
    for name, *_ in rows:
        make_actor(name)
    # Savepoint, statement, history, citation, release; and three to find the actor.
    with django_assert_max_num_queries(60 * 8 + 120):
        imported(page(rows, counted=""))
    assert Statement.objects.count() == 60


def test_the_real_pages_go_in_whole(samples, capsys, issue):
    list(states.load(languages=()))
    folder = samples / "treaties"
    options = {"issue": issue.key, "create": True}
    call_command("import_treaty", str(folder / "ccm.html"), **options, option="ccm")
    assert capsys.readouterr().out.startswith("224 created, 0 changed, 0 unchanged")
    call_command("import_treaty", str(folder / "ccw_p5.html"), **options)
    assert capsys.readouterr().out.startswith("101 created, 0 changed, 0 unchanged")
    counts = Counter(
        Statement.objects.values_list("option__key", "disposition__code", "mode")
    )
    protocol = Option.objects.get(name__startswith="Protocol on Explosive").key
    assert counts == {
        ("ccm", "signed", ""): 108,
        ("ccm", "bound", "ratification"): 94,
        ("ccm", "bound", "accession"): 17,
        ("ccm", "bound", "acceptance"): 2,
        ("ccm", "withdrawn", ""): 1,
        (protocol, "bound", "consent"): 99,
    }
    assert not ImportProblem.objects.exists()
    japan = Statement.objects.get(actor__key="japan", mode="acceptance")
    assert (japan.said_on, japan.main.quote) == ("2009-07-14", "14 Jul 2009 A")
    # No state was made: all names of both pages are known.
    assert Actor.objects.filter(kind="state").count() == 207 + len(NAMES) + 1
    call_command("import_treaty", str(folder / "ccm.html"), **options, option="ccm")
    assert capsys.readouterr().out.startswith("0 created, 0 changed, 224 unchanged")

"""Saying who a printed name is: in all statements of an actor, and taken back."""

import factories as make
import pytest
from django.urls import reverse

from positions import naming, queue, recoding, worklists
from positions.models import Actor, Change, Refused, Statement

pytestmark = pytest.mark.django_db

PRINTED = "DDG Shimbo"


@pytest.fixture
def reviewer():
    return make.make_user("Reviewer", username="rita")


@pytest.fixture
def japan():
    return make.make_actor("Japan")


def said(japan, **fields):
    return make.make_statement(actor=japan, speaker_text=PRINTED, **fields)


def speakers(*statements):
    """Who speaks in the newest versions of statements, by name."""
    newest = {row.key: row for row in Statement.objects.newest()}
    return [str(newest[one.key].speaker) for one in statements]


def waiting(user):
    work = worklists.get("speakers", user)
    return [row.speaker_text for row in queue.rows(work, user)]


def decide(user, statement, name):
    work = worklists.get("speakers", user)
    return queue.decide(user, work, statement.pk, "name", name)


def test_who_is_named_speaks_wherever_the_name_stands_for_the_actor(japan, reviewer):
    shimbo = make.make_actor("Masatoshi Shimbo", kind="person")
    first, second = said(japan), said(japan, state="accepted")
    another = make.make_statement(speaker_text=PRINTED)

    decide(reviewer, first, "masatoshi shimbo")

    assert speakers(first, second) == [str(shimbo)] * 2
    assert speakers(another) == ["None"]
    # What was accepted has a next version, and says why.
    assert Statement.objects.public().get(key=second.key).version == 2
    log = Change.objects.filter(action="recoded")
    assert {change.why for change in log} == {f"“{PRINTED}” is Masatoshi Shimbo."}
    assert len({change.batch for change in log} - {""}) == 1
    assert waiting(reviewer) == [PRINTED]
    assert another.actor != japan


def test_a_person_nobody_knows_is_added(japan, reviewer):
    statement = said(japan)

    decide(reviewer, statement, " Masatoshi Shimbo ")

    person = Actor.objects.get(name="Masatoshi Shimbo")
    assert person.kind == "person"
    assert Change.objects.of(person).get().action == "added"
    assert speakers(statement) == ["Masatoshi Shimbo"]


def test_it_is_taken_back_in_one(japan, reviewer):
    first, second = said(japan), said(japan, state="accepted")
    decide(reviewer, first, "Masatoshi Shimbo")
    assert waiting(reviewer) == []

    queue.undo(reviewer, worklists.get("speakers", reviewer), first.pk, "name")

    assert speakers(first, second) == ["None"] * 2
    assert waiting(reviewer) == [PRINTED]
    assert Actor.objects.filter(name="Masatoshi Shimbo").exists()


def test_it_is_not_taken_back_once_somebody_went_on(japan, reviewer):
    first, second = said(japan), said(japan)
    decide(reviewer, first, "Masatoshi Shimbo")
    Statement.objects.get(pk=second.pk).submit(reviewer)

    with pytest.raises(Refused, match="rita changed it since: submitted"):
        queue.undo(reviewer, worklists.get("speakers", reviewer), first.pk, "name")
    assert speakers(first, second) == ["Masatoshi Shimbo"] * 2


@pytest.mark.parametrize("by", ["another", "the same person"])
def test_another_recoding_is_not_taken_for_the_naming(japan, reviewer, by):
    statement = said(japan)
    decide(reviewer, statement, "Masatoshi Shimbo")
    who = reviewer if by == "the same person" else make.make_user("Reviewer")
    part = {"disposition": make.disposition("oppose")}
    if by == "another":
        part = {"speaker": make.make_actor("Somebody else", kind="person")}
    recoding.recode(who, [statement.key], recoding.Recoding(**part), "Read again.")

    with pytest.raises(Refused, match="It was changed since"):
        queue.undo(reviewer, worklists.get("speakers", reviewer), statement.pk, "name")
    (row,) = Statement.objects.all()
    assert all(getattr(row, name) == record for name, record in part.items())


def test_several_of_one_name_are_refused_and_nothing_changes(japan, reviewer):
    for _ in range(2):
        make.make_actor("Shimbo", kind="person")
    statement = said(japan)

    with pytest.raises(Refused, match="Several are called “Shimbo”"):
        naming.name_speaker(reviewer, statement, "Shimbo")
    assert speakers(statement) == ["None"]


def test_a_state_of_the_same_name_does_not_become_the_speaker(japan, reviewer):
    statement = said(japan)

    with pytest.raises(Refused, match="“japan” is no person but Japan"):
        naming.name_speaker(reviewer, statement, "japan")
    assert speakers(statement) == ["None"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 400])
def test_a_name_that_is_none_is_refused_in_a_sentence(client, japan, reviewer, name):
    statement = said(japan)
    client.force_login(reviewer)
    address = reverse("admin:positions_queue_decide", args=("speakers", statement.pk))
    answer = client.post(
        address,
        {"decision": "name", "why": name},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 409
    assert answer.json()["error"]
    assert speakers(statement) == ["None"]
    assert not Actor.objects.filter(kind="person").exists()


def test_what_a_coder_names_of_the_accepted_waits_for_a_reviewer(japan):
    coder = make.make_user("Coder", username="carl")
    statement = said(japan, state="accepted")

    decide(coder, statement, "Masatoshi Shimbo")

    assert speakers(statement) == ["Masatoshi Shimbo"]
    versions = Statement.objects.filter(key=statement.key).order_by("version")
    assert [row.state for row in versions] == ["accepted", "review"]
    # Until a reviewer has accepted it, what is public names nobody.
    assert waiting(coder) == [PRINTED]
    versions[1].accept(make.make_user("Reviewer"))
    assert waiting(coder) == []


def test_the_name_as_printed_stands_in_the_box(client, japan, reviewer):
    said(japan)
    client.force_login(reviewer)
    page = client.get(reverse("admin:positions_queue", args=("speakers",)))
    assert 'name="why" value="DDG Shimbo"' in page.text
    assert "Who is it, as the register calls them?" in page.text

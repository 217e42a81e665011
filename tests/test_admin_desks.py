"""Every desk opens for those who may, keeps a log, and never deletes."""

import pytest
from django.contrib import admin
from django.urls import reverse

from positions import worklists
from positions.admin import base
from positions.models import (
    Actor,
    ActorName,
    Change,
    Check,
    CodingHeader,
    Disposition,
    Event,
    Evidence,
    Issue,
    Membership,
    Option,
    Paragraph,
    Reason,
    Source,
    Stance,
    Statement,
    Voice,
)
from positions.models.changes import recording
from positions.readers import Reader
from positions.search import rebuild
from tests import factories as make

pytestmark = pytest.mark.django_db

POSITIONS = [
    model for model in admin.site._registry if model._meta.app_label == "positions"
]


@pytest.fixture
def superuser(django_user_model):
    return django_user_model.objects.create_superuser("ada", password="countess")


@pytest.fixture
def everything():
    """One record of every kind that has a desk."""
    statement = make.make_statement(state="accepted")
    make.make_stance(
        actor=statement.actor,
        option=statement.option,
        support=[statement],
        state="published",
    )
    source = statement.main.paragraph.revision.source
    make.make_event()
    with recording(None, tool="test"):
        Reason.objects.create(issue=statement.option.issue, key="cost", name="Cost")
        Check.objects.create(source=source, issue=statement.option.issue)
        Membership.objects.create(
            member=statement.actor, group=make.make_actor(kind="bloc")
        )
        CodingHeader.objects.create(source=source)
    return statement


def address(model, page, *args):
    return reverse(f"admin:positions_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", POSITIONS, ids=lambda m: m._meta.model_name)
@pytest.mark.parametrize("who", ["superuser", "Coder", "Reviewer"])
def test_list_add_and_change_page_open(model, who, everything, client, superuser):
    user = superuser if who == "superuser" else make.make_user(who)
    client.force_login(user)
    assert client.get(address(model, "changelist")).status_code == 200
    desk = admin.site._registry[model]
    request = client.get(address(model, "changelist")).wsgi_request
    added = client.get(address(model, "add")).status_code
    assert added == (200 if desk.has_add_permission(request) else 403)
    record = model._base_manager.first()
    if record is not None:
        assert client.get(address(model, "change", record.pk)).status_code == 200
        assert client.get(address(model, "history", record.pk)).status_code == 200


def test_people_without_the_group_see_no_desk(client):
    client.force_login(make.make_user("Reader", is_staff=True))
    assert client.get(address(Actor, "changelist")).status_code == 403
    page = client.get(reverse("admin:index"))
    assert "You may not see any desk yet" in page.text


@pytest.mark.parametrize("model", POSITIONS, ids=lambda m: m._meta.model_name)
def test_nothing_is_deleted_at_any_desk(model, everything, client, superuser):
    client.force_login(superuser)
    record = model._base_manager.first()
    if record is not None:
        page = client.post(address(model, "delete", record.pk), {"post": "yes"})
        assert page.status_code == 403
    listed = client.get(address(model, "changelist"))
    assert "delete_selected" not in listed.text


def test_users_are_not_deleted_either(client, superuser):
    client.force_login(superuser)
    answer = client.post(reverse("admin:auth_user_delete", args=(superuser.pk,)))
    assert answer.status_code == 403


def actor_form(name, **fields):
    empty = {
        f"{prefix}-{part}_FORMS": 0
        for prefix in ("names", "identifiers", "memberships")
        for part in ("TOTAL", "INITIAL")
    }
    return {"name": name, "kind": "state", "note": "", "key": "", **empty, **fields}


def test_adding_and_editing_an_actor_stands_in_the_log_with_what_changed(client):
    user = make.make_user("Coder")
    client.force_login(user)
    client.post(address(Actor, "add"), actor_form("Japn"))
    actor = Actor.objects.get()
    client.post(
        address(Actor, "change", actor.pk),
        actor_form(
            "Japan",
            **{
                "names-TOTAL_FORMS": 1,
                "names-0-name": "Nippon",
                "names-0-language": "ja",
                "names-0-actor": actor.pk,
            },
        ),
    )
    edited, added = Change.objects.of(actor)
    assert (added.action, added.who) == ("added", user)
    assert edited.action == "edited"
    assert "Name" in edited.why
    assert "Nippon" in edited.why
    assert edited.public
    page = client.get(address(Actor, "change", actor.pk))
    assert "What happened to it" in page.text


def test_saving_without_a_change_leaves_no_trace_in_the_log(client):
    client.force_login(make.make_user("Coder"))
    actor = make.make_actor("Japan")
    client.post(address(Actor, "change", actor.pk), actor_form("Japan"))
    assert not Change.objects.of(actor).exists()


def test_a_second_state_of_one_name_is_refused_in_a_sentence(client):
    client.force_login(make.make_user("Coder"))
    make.make_actor("Côte d’Ivoire")
    page = client.post(address(Actor, "add"), actor_form("Cote d'Ivoire"))
    assert page.status_code == 200
    assert "A state of this name exists already." in page.text


def name_rows(actor, *names):
    rows = {"names-TOTAL_FORMS": len(names)}
    for number, name in enumerate(names):
        rows |= {f"names-{number}-name": name, f"names-{number}-actor": actor.pk}
    return rows


def test_a_name_that_the_actor_has_already_is_refused_in_a_sentence(client):
    client.force_login(make.make_user("Coder"))
    actor = make.make_actor("Japan")
    url = address(Actor, "change", actor.pk)
    client.post(url, actor_form("Japan", **name_rows(actor, "Nippon")))
    page = client.post(url, actor_form("Japan", **name_rows(actor, "NIPPON")))
    assert "The actor has this name already." in page.text
    assert actor.names.count() == 1


def test_one_name_twice_in_one_form_saves_nothing_and_says_so(client):
    client.force_login(make.make_user("Coder"))
    actor = make.make_actor("Japan")
    url = address(Actor, "change", actor.pk)
    form = actor_form("Japan", **name_rows(actor, "Nippon", "NIPPON"))
    page = client.post(url, form, follow=True)
    assert "Nothing is saved: another record has the same already." in page.text
    assert not actor.names.exists()


@pytest.mark.parametrize(
    ("model", "query", "found"),
    [
        (Actor, "jap", True),
        (Actor, "japon", True),
        (Actor, "korea", False),
        (Option, "ccw", True),
        (Option, "conventional weapons", True),
        (Option, "oslo", False),
        (Issue, "CLUSTER", True),
        (Event, "tokyo", True),
        (Event, "dublin", False),
    ],
)
def test_search_boxes_compare_names_as_names_compare(client, model, query, found):
    client.force_login(make.make_user("Coder"))
    actor = make.make_actor("Japan")
    issue = make.make_issue("Clüster munitions")
    make.make_option("CCW", issue=issue, name="Conventional Weapons")
    make.make_event("Tōkyō round")
    with recording(None, tool="test"):
        ActorName.objects.create(actor=actor, name="Japon", language="fr")
    page = client.get(address(model, "changelist"), {"q": query})
    assert bool(page.context["cl"].result_list) == found


@pytest.mark.parametrize("model", [Source, Paragraph, Statement, Actor])
def test_a_query_that_asks_for_nothing_is_told_so(client, model, everything):
    client.force_login(make.make_user("Coder"))
    page = client.get(address(model, "changelist"), {"q": '-"x" a*'})
    assert page.status_code == 200
    assert page.context["cl"].result_count == 0
    assert page.context["messages"]


def test_words_of_a_text_find_sources_paragraphs_and_statements(client, everything):
    client.force_login(make.make_user("Coder"))
    for model in (Paragraph, Source, Statement):
        rebuild(model)
    for model in (Paragraph, Source, Statement):
        page = client.get(address(model, "changelist"), {"q": "priority"})
        assert page.context["cl"].result_count == 1, model


def complete(client, model, field, term):
    return client.get(
        reverse("admin:positions_autocomplete"),
        {
            "app_label": "positions",
            "model_name": model._meta.model_name,
            "field_name": field,
            "term": term,
        },
    ).json()["results"]


def test_completing_tells_two_options_of_one_name_apart(client):
    client.force_login(make.make_user("Coder"))
    for name in ("Cluster munitions", "Landmines"):
        make.make_option("CCW", issue=make.make_issue(name))
    labels = {row["text"] for row in complete(client, Statement, "option", "ccw")}
    assert labels == {"CCW (Cluster munitions)", "CCW (Landmines)"}


def test_the_beginning_of_a_word_completes_an_actor_and_a_statement(client):
    client.force_login(make.make_user("Coder"))
    statement = make.make_statement(actor=make.make_actor("Japan"))
    rebuild(Statement)
    (actor,) = complete(client, Statement, "actor", "Jap")
    assert actor["text"] == "Japan (state)"
    (found,) = complete(client, Evidence, "statement", "Jap")
    assert found["id"] == str(statement.pk)
    assert "2 May 2008" in found["text"]
    assert "para 1" in found["text"]


def test_a_list_counts_only_some_pages_ahead(client, monkeypatch):
    client.force_login(make.make_user("Coder"))
    monkeypatch.setattr(admin.site._registry[Actor], "list_per_page", 2)
    for number in range(30):
        make.make_actor(f"State number {number}")
    page = client.get(address(Actor, "changelist"))
    assert "more than 22 actors" in page.text
    page = client.get(address(Actor, "changelist"), {"p": "12"})
    assert "30 actors" in page.text


def test_the_log_can_only_be_read_and_leads_to_its_records(
    client, everything, superuser
):
    client.force_login(superuser)
    change = Change.objects.of(everything).first()
    page = client.post(address(Change, "change", change.pk), {"why": "forged"})
    assert page.status_code == 403
    answer = client.get(reverse("admin:positions_change_record", args=(change.pk,)))
    assert answer.url == address(Statement, "change", everything.pk)


def test_a_change_of_a_dropped_draft_leads_back_to_the_log(client):
    user = make.make_user("Coder")
    client.force_login(user)
    draft = make.make_statement(who=user)
    draft.drop(user)
    change = Change.objects.get(action="dropped")
    answer = client.get(reverse("admin:positions_change_record", args=(change.pk,)))
    assert answer.url == address(Change, "changelist")


def test_the_first_page_of_an_empty_database_says_what_to_do_first(client, superuser):
    client.force_login(superuser)
    page = client.get(reverse("admin:index")).text
    steps = ["Add a source", "Make an issue", "Code statements", "Derive and publish"]
    places = [page.index(step) for step in steps]
    assert places == sorted(places)


def test_the_first_page_counts_what_waits_and_shows_recent_changes(
    client, everything, superuser
):
    client.force_login(superuser)
    make.make_statement(actor=make.make_actor("Norway"))
    page = client.get(reverse("admin:index")).text
    assert "From a document to a published position" not in page
    assert "Draft statements" in page
    assert "Norway" in page


def test_counts_on_the_first_page_stop_at_a_hundred(monkeypatch):
    monkeypatch.setattr(worklists, "COUNTED", 2)
    coder = make.make_user("Coder")
    work = worklists.get("draft-statements", coder)
    for expected in ("1", "2", "2+"):
        make.make_statement()
        assert work.count(coder) == expected


def test_a_work_list_says_what_is_wrong_with_each_row_and_where_to_mend_it(client):
    client.force_login(make.make_user("Coder"))
    statement = make.make_statement()
    with recording(None, tool="test"):
        statement.citations.all().delete()
    url = reverse("admin:positions_queue", args=("draft-statements",))
    page = client.get(url).text
    assert "It has no main citation" in page
    assert address(Statement, "change", statement.pk) in page


def test_a_work_list_of_reviewers_is_closed_to_coders(client):
    client.force_login(make.make_user("Coder"))
    url = reverse("admin:positions_queue", args=("statements-in-review",))
    assert client.get(url).status_code == 403
    url = reverse("admin:positions_queue", args=("no-such-list",))
    assert client.get(url).status_code == 404


def test_another_application_adds_its_own_work_list(client, monkeypatch):
    monkeypatch.setattr(worklists, "_lists", dict(worklists._lists))
    actor = make.make_actor("Nobody")
    worklists.register(
        worklists.WorkList(
            key="nameless",
            title="Nameless actors",
            meaning="They need a name.",
            permission="positions.view_actor",
            rows=lambda: Actor.objects.order_by("pk"),
            problem=lambda row: f"{row} is no name.",
            action=lambda row: worklists.Action("Rename", f"/there/{row.pk}/"),
        )
    )
    client.force_login(make.make_user("Coder"))
    page = client.get(reverse("admin:positions_queue", args=("nameless",))).text
    assert "Nobody is no name." in page
    assert f"/there/{actor.pk}/" in page


def test_names_full_of_script_are_shown_as_text(client, superuser):
    client.force_login(superuser)
    name = "<script>alert(1)</script>"
    actor = make.make_actor(name)
    option = make.make_option(name[:80])
    statement = make.make_statement(actor=actor, option=option, state="accepted")
    stance = make.make_stance(actor=actor, option=option, support=[statement])
    for page in (
        reverse("admin:index"),
        address(Actor, "changelist"),
        address(Actor, "change", actor.pk),
        address(Statement, "changelist"),
        address(Statement, "change", statement.pk),
        address(Stance, "changelist"),
        address(Stance, "change", stance.pk),
        reverse("admin:positions_queue", args=("draft-stances",)),
        reverse("admin:positions_stance_derive")
        + f"?actor={actor.pk}&issue={option.issue_id}",
    ):
        text = client.get(page).text
        assert name not in text, page
        assert "&lt;script&gt;" in text, page


def test_a_voice_is_given_by_its_words(client):
    client.force_login(make.make_user("Coder"))
    paragraph = make.paragraph_of(make.make_source(), 1)
    form = {
        "voices-TOTAL_FORMS": 1,
        "voices-INITIAL_FORMS": 0,
        "voices-0-paragraph": paragraph.pk,
        "voices-0-kind": "comment",
        "voices-0-words": "an agreement within",
    }
    url = address(Paragraph, "change", paragraph.pk)
    refused = client.post(url, form | {"voices-0-words": "not there"})
    assert "These words do not stand in the paragraph." in refused.text
    client.post(url, form)
    voice = Voice.objects.get()
    assert paragraph.text[voice.start : voice.end] == "an agreement within"


def test_code_and_facet_of_a_used_disposition_are_read_only(client, superuser):
    client.force_login(superuser)
    used = make.make_statement().disposition
    page = client.get(address(Disposition, "change", used.pk)).text
    assert 'name="label"' in page
    assert 'name="code"' not in page
    unused = make.disposition("withdrawn")
    page = client.get(address(Disposition, "change", unused.pk)).text
    assert 'name="code"' in page


def test_a_reader_sees_an_edit_only_of_what_readers_see():
    person = make.make_actor("Somebody", kind="person")
    assert not Actor.objects.visible_to(Reader.anonymous()).filter(pk=person.pk)
    assert not base.readers_see(person)
    assert base.readers_see(make.make_actor())


@pytest.mark.parametrize(("group", "decides"), [("Coder", False), ("Reviewer", True)])
def test_only_reviewers_decide_who_may_read_a_document(client, group, decides):
    client.force_login(make.make_user(group))
    source = make.make_source(visibility="private")
    url = address(Source, "change", source.pk)
    form = {
        "title": "A better title",
        "kind": "cable",
        "visibility": "public",
        "addresses": "[]",
        "dated": "2008-05",
    }
    assert client.post(url, form).status_code == 302
    source.refresh_from_db()
    assert source.title == "A better title"
    assert str(source.dated_latest) == "2008-05-31"
    assert (source.visibility == "public") == decides


def test_a_date_that_cannot_be_read_is_told_beside_its_field(client):
    client.force_login(make.make_user("Coder"))
    source = make.make_source()
    form = {"title": "T", "kind": "cable", "addresses": "[]", "dated": "last May"}
    page = client.post(address(Source, "change", source.pk), form)
    assert page.status_code == 200
    assert "YYYY-MM-DD" in page.text

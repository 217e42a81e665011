"""Two people, one form: the second to save sees what the first changed, and decides."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from lxml import html

from positions.models import (
    Actor,
    ActorName,
    Change,
    Event,
    Participation,
    Refused,
    Source,
    Statement,
)
from positions.models.changes import recording
from tests import factories as make

pytestmark = pytest.mark.django_db


class Person:
    """Somebody at a browser: opens a form, types, saves."""

    def __init__(self, group="Reviewer"):
        self.user = make.make_user(group)
        self.client = Client()
        self.client.force_login(self.user)

    def open(self, record):
        """The form as it stands there, as a browser would post it untouched."""
        self.address = reverse(
            f"admin:positions_{record._meta.model_name}_change", args=(record.pk,)
        )
        self.form = fields_of(self.client.get(self.address).content.decode())
        return self

    def save(self, **typed):
        """Post the form with what was typed; the page that comes back."""
        self.form |= {name.replace("__", "-"): text for name, text in typed.items()}
        self.answer = self.client.post(self.address, self.form)
        text = self.answer.content.decode()
        if self.answer.status_code == 200:
            self.form = fields_of(text)
        return text

    @property
    def saved(self):
        return self.answer.status_code == 302


def fields_of(text):
    """What a browser posts of the record's form: a text a name, or a list of them."""
    page = html.fromstring(text)
    (form,) = (form for form in page.forms if form.get("id", "").endswith("_form"))
    found = {}
    for name, value in form.form_values():
        # A browser ends lines with two characters, and begins a text after the first.
        if isinstance(form.inputs[name], html.TextareaElement):
            value = value.removeprefix("\r").removeprefix("\n")
        value = value.replace("\r\n", "\n").replace("\n", "\r\n")
        if isinstance(form.inputs[name], html.SelectElement):
            several = getattr(form.inputs[name], "multiple", False)
            found[name] = [*found.get(name, []), value] if several else value
        else:
            found[name] = value
    return {name: value for name, value in found.items() if "__prefix__" not in name}


def table(text):
    """The rows of the notice: label, saw, saved since, typed."""
    rows = html.fromstring(text).xpath("//*[@class='meeting']//tbody/tr")
    return [tuple(cell.text_content().strip() for cell in row) for row in rows]


@pytest.fixture
def one():
    return Person()


@pytest.fixture
def other():
    return Person()


@pytest.fixture
def japan():
    return make.make_actor("Japan", note="An island state.\nIn Asia.")


# -- fields -------------------------------------------------------------------------


def test_the_second_sees_what_the_first_changed_and_nothing_is_written_over(
    one, other, japan
):
    one.open(japan)
    other.open(japan)
    one.save(name="Nippon")
    assert one.saved
    text = other.save(name="Nihon", note="Short.")
    assert not other.saved
    assert table(text) == [("Name", "Japan", "Nippon", "Nihon")]
    last = Change.objects.of(japan).first()
    assert f"{one.user}: edited at" in html.fromstring(text).text_content()
    assert f"{last.at:%H:%M}" in text
    japan.refresh_from_db()
    assert (japan.name, japan.note) == ("Nippon", "An island state.\nIn Asia.")


def test_what_the_second_typed_stands_in_the_form_and_is_saved_next(one, other, japan):
    one.open(japan)
    other.open(japan)
    one.save(name="Nippon")
    other.save(name="Nihon", note="Short.")
    assert (other.form["name"], other.form["note"]) == ("Nihon", "Short.")
    other.save()
    assert other.saved
    japan.refresh_from_db()
    assert (japan.name, japan.note) == ("Nihon", "Short.")


def test_what_the_second_left_alone_takes_the_value_of_the_first_and_says_so(
    one, other, japan
):
    one.open(japan)
    other.open(japan)
    one.save(name="Nippon")
    text = other.save(note="Short.")
    assert table(text) == [("Name", "Japan", "Nippon", "you left it alone")]
    assert other.form["name"] == "Nippon"
    other.save()
    japan.refresh_from_db()
    assert (japan.name, japan.note) == ("Nippon", "Short.")


def test_a_third_change_while_the_second_looks_is_shown_again(one, other, japan):
    one.open(japan)
    other.open(japan)
    one.save(name="Nippon")
    other.save(name="Nihon")
    one.open(japan).save(name="Yamato")
    text = other.save()
    assert table(text) == [("Name", "Nippon", "Yamato", "Nihon")]
    japan.refresh_from_db()
    assert japan.name == "Yamato"


def test_names_and_days_are_told_in_words(one, other):
    issue = make.make_issue()
    first, second, third = (make.make_option(issue=issue) for _ in range(3))
    part = make.make_option(issue=issue, parent=first)
    one.open(part)
    other.open(part)
    one.save(parent=second.pk, kind="treaty", valid_from="2008-01-02")
    assert one.saved
    text = other.save(parent=third.pk)
    parents = tuple(f"{option.name} ({issue})" for option in (first, second, third))
    assert [row[1:] for row in table(text)] == [
        ("Track (talks)", "Treaty", "you left it alone"),
        parents,
        ("nothing", "2008-01-02", "you left it alone"),
    ]
    other.save()
    part.refresh_from_db()
    assert (part.parent, part.kind, str(part.valid_from)) == (
        third,
        "treaty",
        "2008-01-02",
    )


def test_instants_and_lists_take_the_value_of_the_first(one, other):
    source = make.make_source()
    one.open(source)
    other.open(source)
    one.save(
        addresses='["https://example.org/1"]',
        dated_at_0="2008-05-02",
        dated_at_1="10:20:00",
    )
    assert one.saved
    other.save(title="Mine")
    other.save()
    assert other.saved
    source = Source.objects.get(pk=source.pk)
    assert source.addresses == ["https://example.org/1"]
    assert f"{source.dated_at:%Y-%m-%d %H:%M}" == "2008-05-02 10:20"
    assert source.title == "Mine"


def test_several_choices_are_compared_as_a_set(one, other):
    event = make.make_event()
    first, second = make.make_issue("Mines"), make.make_issue("Clusters")
    one.open(event)
    other.open(event)
    one.save(issues=[first.pk, second.pk])
    text = other.save(name="Oslo")
    ((label, saw, now, typed),) = table(text)
    assert (label, saw, set(now.split(", "))) == (
        "Issues",
        "nothing",
        {"Mines", "Clusters"},
    )
    other.save()
    event = Event.objects.get(pk=event.pk)
    assert (event.name, event.issues.count()) == ("Oslo", 2)


# -- no false alarm -----------------------------------------------------------------


def test_one_person_saves_twice_in_a_row(one, japan):
    for note in ("first", "second"):
        one.open(japan).save(note=note)
        assert one.saved


def test_pressing_save_twice_is_no_meeting(one, japan):
    one.open(japan)
    for _ in range(2):
        one.save(note="once")
        assert one.saved


def test_two_who_type_the_same_do_not_meet(one, other, japan):
    one.open(japan)
    other.open(japan)
    one.save(name="Nippon")
    other.save(name=" Nippon ")
    assert other.saved


@pytest.mark.parametrize(
    "record",
    [
        lambda: make.make_actor(note=" spaces \r\n and\n ends\n"),
        lambda: make.make_source(dated_at="2008-05-02T10:20:30Z", addresses=["a", "b"]),
        lambda: make.make_statement(condition=" if "),
        lambda: make.make_stance(last_confirmed="2008-05-01"),
        lambda: make.make_event(),
        lambda: make.disposition("prefer"),
        lambda: make.make_option(valid_from="2001-01-01", definition="\n\nfirst"),
        lambda: make.make_collection(),
    ],
)
def test_a_form_that_nobody_else_touched_is_never_held_back(one, record):
    record = record()
    one.open(record).save()
    assert one.saved, table(one.answer.content.decode())


def test_a_change_of_what_the_form_does_not_show_holds_nobody_back(one, other, japan):
    one.open(japan)
    with recording(other.user) as rec:
        Actor.objects.filter(pk=japan.pk).update(merged_into=make.make_actor())
        rec.note(japan, "merged")
    one.save(note="mine")
    assert one.saved


def test_a_form_with_a_mistake_says_only_that(one, japan):
    text = one.open(japan).save(name="")
    assert "This field is required" in text
    assert not table(text)
    one.save(name="Nippon")
    assert one.saved


# -- the token ----------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "forged", "of another"])
def test_who_does_not_say_what_was_seen_is_asked(one, other, japan, token):
    one.open(japan).save(name="Nippon")
    other.open(japan)
    if token == "of another":
        token = Person().open(make.make_actor()).form["_seen"]
    text = other.save(name="Nihon", _seen=token)
    assert table(text) == [("Name", "not known", "Nippon", "Nihon")]
    other.save()
    assert other.saved


def test_who_saved_last_may_do_without_a_token(one, japan):
    one.open(japan).save(name="Nippon")
    one.open(japan).save(name="Nihon", _seen="")
    assert one.saved


def test_a_token_of_older_fields_is_read_as_far_as_it_goes(one, japan):
    seen = {"seq": 0, "fields": {"name": "Japan", "gone": 1}, "rows": {}}
    salt = f"seen.positions.actor.{japan.pk}"
    one.open(japan)
    text = one.save(note="x", _seen=signing.dumps(seen, salt=salt))
    assert one.answer.status_code in (200, 302), text


# -- rows inside a form -------------------------------------------------------------


def with_names(*names):
    actor = make.make_actor()
    for name in names:
        ActorName.objects.create(actor=actor, name=name, language="en")
    return actor


def names_of(actor):
    return {row.name: row.language for row in actor.names.all()}


def test_a_row_that_the_first_added_is_named_and_stands_in_the_form(one, other):
    actor = with_names("Nippon")
    one.open(actor)
    other.open(actor)
    ActorName.objects.create(actor=actor, name="Yamato")
    text = other.save(names__0__language="ja")
    assert table(text) == [("Name “Yamato”", "not there", "added", "you left it alone")]
    assert other.form["names-INITIAL_FORMS"] == "2"
    other.save()
    assert other.saved
    assert names_of(actor) == {"Nippon": "ja", "Yamato": ""}


def test_a_row_that_the_first_changed_takes_that_value_unless_it_was_typed_into(
    one, other
):
    actor = with_names("Nihon", "Nippon")
    other.open(actor)
    one.open(actor).save(names__0__name="Yamato", names__1__language="ja")
    assert one.saved
    text = other.save(names__0__language="fr", names__1__language="de")
    assert sorted(table(text)) == [
        ("Name “Nippon, ja”: Language", "en", "ja", "de"),
        ("Name “Yamato, en”: Name", "Nihon", "Yamato", "you left it alone"),
    ]
    other.save()
    assert other.saved
    assert names_of(actor) == {"Yamato": "fr", "Nippon": "de"}


def test_a_row_that_the_first_removed_goes_unless_it_was_typed_into(one, other):
    actor = with_names("Nihon", "Nippon", "Yamato")
    other.open(actor)
    one.open(actor).save(names__0__DELETE="on", names__1__DELETE="on")
    assert one.saved
    text = other.save(names__1__language="de", names__2__language="fr")
    assert sorted(table(text)) == [
        ("Name “Nihon, en”", "there", "removed", "you left it alone"),
        ("Name “Nippon, en”", "there", "removed", "Nippon, de"),
    ]
    other.save()
    assert other.saved
    assert names_of(actor) == {"Yamato": "fr", "Nippon": "de"}


def test_a_row_that_the_second_removes_after_the_first_changed_it_is_shown(one, other):
    actor = with_names("Nippon")
    other.open(actor)
    one.open(actor).save(names__0__language="ja")
    text = other.save(names__0__DELETE="on")
    assert table(text) == [("Name “Nippon, ja”", "Nippon, en", "Nippon, ja", "removed")]
    other.save()
    assert other.saved
    assert names_of(actor) == {}


def test_new_rows_of_both_are_kept(one, other):
    event, (first, second) = make.make_event(), (make.make_actor() for _ in range(2))
    for person in (one, other):
        person.open(event)
    new = "participations__0__"
    one.save(
        **{
            f"{new}actor": first.pk,
            f"{new}part": "host",
            "participations__TOTAL_FORMS": "1",
        }
    )
    assert one.saved
    other.save(
        **{
            f"{new}actor": second.pk,
            f"{new}part": "absent",
            "participations__TOTAL_FORMS": "1",
        }
    )
    assert not other.saved
    other.save()
    assert other.saved
    parts = Participation.objects.filter(event=event).values_list("actor", "part")
    assert set(parts) == {(first.pk, "host"), (second.pk, "absent")}


def test_pressing_save_twice_adds_a_row_once(one, japan):
    one.open(japan)
    form = {**one.form, "names-TOTAL_FORMS": "1", "names-0-name": "Nippon"}
    for _ in range(2):
        one.form = dict(form)
        one.save()
    assert ActorName.objects.filter(actor=japan).count() == 1


def test_the_evidence_of_a_stance_is_compared_too(one, other):
    stance = make.make_stance(who=one.user)
    for person in (one, other):
        person.open(stance)
    one.save(evidence__0__relation="context")
    assert one.saved
    text = other.save(rationale="mine")
    ((label, *rest),) = table(text)
    assert "Relation" in label
    assert rest == ["Supports", "Context", "you left it alone"]


# -- refused and too late -----------------------------------------------------------


def test_a_refusal_while_saving_gives_back_what_was_typed(one, japan, monkeypatch):
    def refused(self, *args, **kwargs):
        raise Refused("Not on a Sunday.")

    monkeypatch.setattr(Actor, "save", refused)
    text = one.open(japan).save(note="many words")
    assert "Not on a Sunday." in text
    assert one.form["note"] == "many words"


def test_a_statement_accepted_meanwhile_shows_what_was_typed(one, other):
    statement = make.make_statement(who=one.user, state="review")
    other.open(statement)
    statement.accept(one.user)
    text = other.save(note="many words that took an hour")
    assert other.answer.status_code == 403
    assert "many words that took an hour" in text
    assert f"{one.user}: accepted" in text
    assert Statement.objects.get(pk=statement.pk).note == ""


def test_a_statement_edited_meanwhile_is_not_submitted_with_what_was_not_seen(
    one, other
):
    statement = make.make_statement(who=one.user)
    other.open(statement)
    one.open(statement).save(note="the first")
    text = other.save(note="the second", _act="submit")
    assert table(text) == [("Note", "nothing", "the first", "the second")]
    assert Statement.objects.get(pk=statement.pk).state == "draft"


def test_opening_a_form_takes_as_many_queries_for_many_rows_as_for_few(
    one, django_assert_max_num_queries
):
    few, many = with_names("a", "b"), with_names(*"abcdefghijkl")
    one.open(few)
    with django_assert_max_num_queries(40) as counted:
        one.open(few)
    with django_assert_max_num_queries(len(counted)):
        one.open(many)

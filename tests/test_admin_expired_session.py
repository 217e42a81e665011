"""A session that ends in the middle of a form: what was typed is not lost."""

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from positions.models import Actor
from tests import factories as make

pytestmark = pytest.mark.django_db

HERE = "http://testserver"
LOGIN = reverse("admin:login")


@pytest.fixture
def who():
    return make.make_user()


@pytest.fixture
def browser(who):
    """A browser that checks tokens as a real site does, signed in."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(who)
    return browser


@pytest.fixture
def japan():
    return make.make_actor("Japan")


def address(actor):
    return reverse("admin:positions_actor_change", args=(actor.pk,))


def form_of(text, marked):
    """The fields and the address of the form that has a field of this name."""
    page = html.fromstring(text)
    for form in page.forms:
        fields = dict(form.form_values())
        # A field may stand elsewhere on the page and name its form.
        outside = page.xpath("//input[@form=$name]", name=form.get("id", ""))
        fields |= {one.name: one.value for one in outside}
        if marked in fields or marked in form.inputs:
            return fields, form.action
    raise AssertionError(f"no form has the field {marked}")


def opened(browser, actor, **typed):
    """The actor's form with what was typed into it."""
    form, _ = form_of(browser.get(address(actor)).content.decode(), "_seen")
    return form | typed


def sign_out(browser):
    """The session ends; the browser keeps its other cookies."""
    del browser.cookies["sessionid"]


def sign_in(browser, login_page, user, password="secret"):
    form, action = form_of(login_page.content.decode(), "kept")
    return browser.post(
        action, form | {"username": user.username, "password": password}
    )


def test_what_was_typed_goes_through_the_login_and_is_sent_again(browser, who, japan):
    form = opened(browser, japan, note="An hour of\r\n<b>work</b>", name="Nippon")
    sign_out(browser)
    asked = browser.post(address(japan), form)
    assert asked.status_code == 403
    assert "Your session has ended. What you typed is kept" in asked.content.decode()
    shown = sign_in(browser, asked, who)
    text = shown.content.decode()
    assert "You were signed out while you wrote" in text
    assert "An hour of\n&lt;b&gt;work&lt;/b&gt;" in text.replace("\r", "")
    japan.refresh_from_db()
    assert japan.name == "Japan"
    again, action = form_of(text, "_seen")
    assert action == address(japan)
    assert browser.post(action, again).status_code == 302
    japan.refresh_from_db()
    assert (japan.name, japan.note) == ("Nippon", "An hour of\n<b>work</b>")


def test_a_wrong_password_loses_nothing(browser, who, japan):
    form = opened(browser, japan, note="An hour")
    sign_out(browser)
    page = browser.post(address(japan), form)
    for _ in range(2):
        page = sign_in(browser, page, who, password="wrong")
        assert page.status_code == 200
    assert "An hour" in sign_in(browser, page, who).content.decode()


def test_a_change_made_meanwhile_is_noticed_after_the_login_too(browser, who, japan):
    form = opened(browser, japan, name="Nippon")
    sign_out(browser)
    page = browser.post(address(japan), form)
    other = Client()
    other.force_login(make.make_user())
    other.post(address(japan), opened(other, japan, name="Nihon"))
    again, action = form_of(sign_in(browser, page, who).content.decode(), "_seen")
    assert "It was changed while you wrote" in browser.post(action, again).text
    assert Actor.objects.get(pk=japan.pk).name == "Nihon"


def test_several_values_of_one_name_and_empty_ones_are_kept():
    fields = {"issues": ["1", "2"], "name": "", "_save": "Save"}
    page = Client().post(reverse("admin:positions_event_add"), fields)
    kept = signing.loads(form_of(page.text, "kept")[0]["kept"], salt="typed")
    assert kept["fields"] == [
        ["issues", "1"],
        ["issues", "2"],
        ["name", ""],
        ["_save", "Save"],
    ]


def test_passwords_and_tokens_are_never_kept():
    fields = {"username": "new", "password1": "s3cret-a", "password2": "s3cret-a"}
    page = Client().post(reverse("admin:auth_user_add"), fields)
    kept = signing.loads(form_of(page.text, "kept")[0]["kept"], salt="typed")
    assert kept["fields"] == [["username", "new"]]
    assert "s3cret-a" not in page.text


def test_a_file_cannot_be_kept_and_is_named():
    file = SimpleUploadedFile("cable.txt", b"words")
    page = Client().post(reverse("admin:positions_actor_add"), {"a": "b", "f": file})
    assert "A file cannot be kept: choose cable.txt again" in page.text


def test_what_is_too_long_to_keep_is_said(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000
    text = "".join(chr(0x4E00 + n % 9973 * 2) for n in range(5000))
    page = Client().post(reverse("admin:positions_actor_add"), {"note": text})
    assert "too long to be kept on this page" in page.text
    assert 'name="kept"' not in page.text


def test_a_script_of_ours_is_told_to_sign_in_elsewhere(japan):
    answer = Client().post(
        address(japan), {"note": "x"}, headers={"X-Requested-With": "fetch"}
    )
    assert answer.status_code == 401
    assert answer.json() == {
        "error": "Your session has ended. Sign in in another tab, then try again: "
        "nothing you typed is lost.",
        "login": LOGIN,
    }


def test_looking_at_a_page_still_leads_to_the_login(japan):
    answer = Client().get(address(japan))
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


# -- signed in again in another tab -------------------------------------------------


def test_a_form_from_before_a_new_login_is_shown_again(browser, who, japan):
    form = opened(browser, japan, note="An hour")
    sign_out(browser)
    login, action = form_of(browser.get(LOGIN).text, "password")
    browser.post(action, login | {"username": who.username, "password": "secret"})
    shown = browser.post(address(japan), form, headers={"Origin": HERE})
    assert shown.status_code == 403
    assert "An hour" in shown.text
    again, action = form_of(shown.text, "_seen")
    assert browser.post(action, again).status_code == 302
    assert Actor.objects.get(pk=japan.pk).note == "An hour"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/admin/"},
        {"Referer": "http://[bad"},
        {"Origin": "https://evil.example", "Referer": f"{HERE}/admin/"},
    ],
)
def test_what_another_site_makes_a_browser_send_is_turned_away(browser, japan, headers):
    answer = browser.post(address(japan), {"note": "bait"}, headers=headers)
    assert answer.status_code == 403
    assert "bait" not in answer.text


def test_a_script_with_an_old_token_is_told_so(browser, japan):
    headers = {"Origin": HERE, "X-Requested-With": "fetch"}
    answer = browser.post(address(japan), {"note": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "try again" in answer.json()["error"]


# -- what else could be sent --------------------------------------------------------


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "forged",
        signing.dumps({"path": "/admin/", "fields": [], "files": []}, salt="other"),
        signing.dumps({"path": "https://evil.example/", "fields": []}, salt="typed"),
        signing.dumps({"path": "//evil.example/admin/", "fields": []}, salt="typed"),
    ],
)
def test_a_bundle_that_is_not_ours_or_leads_away_is_no_more_than_a_login(who, kept):
    fields = {"username": who.username, "password": "secret", "kept": kept}
    answer = Client().post(LOGIN, fields)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:index")


def test_who_may_not_work_here_gets_no_bundle_back(japan):
    reader = make.make_user("Reader")
    page = Client().post(address(japan), {"note": "between us"})
    form, action = form_of(page.text, "kept")
    answer = Client().post(
        action, form | {"username": reader.username, "password": "secret"}
    )
    assert answer.status_code == 200
    assert "Send it again" not in answer.text


def test_names_and_values_are_shown_as_text(who):
    evil = '"><script>alert(1)</script>'
    page = Client().post(reverse("admin:positions_actor_add"), {evil: evil})
    shown = sign_in(Client(), page, who).text
    assert "<script>alert(1)" not in page.text + shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_deactivated_person_is_asked_and_nothing_is_saved(browser, who, japan):
    form = opened(browser, japan, note="x")
    User.objects.filter(pk=who.pk).update(is_active=False)
    assert browser.post(address(japan), form).status_code == 403
    assert Actor.objects.get(pk=japan.pk).note == ""

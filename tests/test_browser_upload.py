"""A file imported in a real browser: chosen, looked at, mended, confirmed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from positions.models import Actor
from tests.browsing import brightness, press, sign_in, too_faint, too_wide
from tests.factories import make_user

TELEPHONE = {"viewport": {"width": 390, "height": 844}}
ROWS = "name,kind\nBorduria,state\nSylvania,kingdom\n"


@pytest.fixture
def curator(transactional_db):
    from positions.defaults import setup_defaults

    setup_defaults()
    return make_user("Reviewer")


def choose(page, name, text):
    page.set_input_files(
        "input[type=file]",
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()},
    )


def go_and_upload(page):
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="Import a file").first.click()
    page.get_by_role("link", name="Actors and memberships").click()
    choose(page, "2008-actors.csv", ROWS)
    press(page, "Show what would come of it")
    expect(page.get_by_text("There is nothing new in it")).to_be_visible()


def mend_and_import(page):
    page.get_by_text("Try it with other options").click()
    page.get_by_label("Make what is missing").check()
    press(page, "Show what would come of it")
    expect(page.get_by_text("1 would be created")).to_be_visible()
    assert not Actor.objects.exists()
    press(page, "Import")
    expect(page.get_by_text("1 created")).to_be_visible()
    expect(page.get_by_role("link", name="Its problems (1)")).to_be_visible()


def test_a_file_is_looked_at_mended_and_imported(page, curator):
    sign_in(page, curator)
    go_and_upload(page)
    mend_and_import(page)
    assert Actor.objects.get().name == "Borduria"
    # Back in the history to the preview: it says that it was imported already.
    page.goto(page.url)
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)


def test_a_file_is_imported_without_javascript(browser, live_server, curator):
    with browser.new_context(
        base_url=live_server.url, java_script_enabled=False
    ) as context:
        page = context.new_page()
        sign_in(page, curator)
        go_and_upload(page)
        mend_and_import(page)
    assert Actor.objects.get().name == "Borduria"


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page, curator, settings):
    settings.UPLOAD_LIMIT_BYTES = 2**20
    sign_in(page, curator)
    page.goto(reverse("admin:ingest_upload_file", args=("cables",)))
    choose(page, "all.csv", "x" * (2**20 + 1))
    note = page.get_by_role("alert")
    expect(note).to_contain_text("python manage.py import_cables FILE")
    assert page.locator("input[type=file]").input_value() == ""
    choose(page, "one.csv", "x")
    expect(note).to_have_count(0)


@pytest.mark.parametrize("page", [TELEPHONE], indirect=True)
def test_the_pages_fit_a_telephone_and_can_be_read_by_day_and_night(page, curator):
    sign_in(page, curator)
    name = "a-very-long-name-" * 8 + "-actors.csv"
    rows = [f"a{n},Actor {n},{'x' * 60}" for n in range(250)]
    page.goto(reverse("admin:ingest_upload_file", args=("actors",)))
    choose(page, name, "\n".join(["key,name,kind", *rows]))
    press(page, "Show what would come of it")
    expect(page.get_by_text("... and 50 more")).to_be_visible()
    page.get_by_text("Try it with other options").click()
    wrong = {}
    report = page.url
    for address in (
        report,
        reverse("admin:ingest_upload"),
        reverse("admin:ingest_upload_file", args=("votes",)),
    ):
        page.emulate_media(color_scheme="light")
        assert page.goto(address).ok
        found = too_wide(page) + too_faint(page)
        page.emulate_media(color_scheme="dark")
        assert brightness(page) < 64
        if found := found + too_faint(page):
            wrong[address] = found
    assert wrong == {}

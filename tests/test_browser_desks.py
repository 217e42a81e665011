"""The desks in a real browser: a statement coded, accepted, derived and published."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect

from positions.models import CodingHeader, HeaderSpeaker, Stance, Statement
from positions.models.changes import recording
from tests import accessible
from tests import factories as make


@pytest.fixture
def scene(django_user_model, transactional_db):
    """A document with its coding header, an issue, and somebody who may do all."""
    from positions.defaults import setup_defaults

    setup_defaults()
    user = django_user_model.objects.create_superuser("ada", password="countess")
    japan = make.make_actor("Japan")
    make.make_actor("Norway")
    make.make_option("CCW", issue=make.make_issue("Cluster munitions"))
    source = make.make_source()
    with recording(user):
        header = CodingHeader.objects.create(source=source, said_on="2008-04-23")
        HeaderSpeaker.objects.create(
            header=header, name="An official", rank=3, actor=japan
        )
    return source


@pytest.fixture
def desk(page, scene):
    page.goto(reverse("admin:login"))
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("countess")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Desks").wait_for()
    return page


def code(desk, scene):
    """Open the coding form at paragraph 1 and give the four answers."""
    desk.goto(reverse("admin:positions_source_read", args=(scene.pk,)))
    desk.get_by_role("link", name="Code here").first.click()
    desk.locator("[name=words]").fill("first priority is an agreement within the CCW")
    desk.get_by_label("CCW").check()
    desk.get_by_role("radio", name="prefers", exact=True).check()


def test_a_statement_is_coded_accepted_derived_and_published(desk, scene):
    code(desk, scene)
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_text("Coded as a draft").wait_for()
    assert desk.locator("mark.cited").inner_text().startswith("first priority")

    desk.get_by_role("link", name="Japan: prefer CCW").first.click()
    desk.get_by_role("button", name="Submit and accept", exact=True).click()
    desk.get_by_text("submitted and accepted.").wait_for()

    desk.goto(reverse("admin:positions_stance_derive"))
    desk.locator("select[name=issue]").select_option(label="Cluster munitions")
    desk.get_by_role("button", name="Show").click()
    desk.get_by_role("link", name="Japan").click()
    desk.get_by_role("button", name="Make draft stances").click()
    desk.get_by_text("Made 1 draft stance").wait_for()
    desk.get_by_role("button", name="Submit and publish those chosen").click()
    desk.get_by_text("1 stance submitted and published.").wait_for()
    assert Stance.objects.get().state == "published"


def test_another_actor_is_found_by_typing_the_beginning_of_its_name(desk, scene):
    code(desk, scene)
    desk.locator(".coding-form .select2-search__field").first.click()
    desk.keyboard.type("Norw")
    desk.get_by_role("option", name="Norway (state)").click()
    desk.get_by_role("button", name="Save and code next").click()
    desk.get_by_text("Coded as a draft").wait_for()
    assert Statement.objects.get().actor.name == "Norway"
    assert desk.get_by_label("CCW").is_checked()
    assert desk.locator("[name=words]").input_value() == ""


def test_the_forms_of_records_name_their_fields_to_those_who_cannot_see(desk, scene):
    user = get_user_model().objects.get()
    statement = make.make_statement(paragraph=make.paragraph_of(scene, 1), who=user)
    stance = make.make_stance()
    recode = reverse("admin:positions_statement_recode")
    pages = [
        reverse("admin:positions_statement_change", args=(statement.pk,)),
        f"{recode}?keys={statement.key}",
        reverse("admin:positions_stance_change", args=(stance.pk,)),
        reverse("admin:positions_actor_merge", args=(statement.actor.pk,)),
        reverse("admin:positions_codingheader_change", args=(scene.coding_header.pk,)),
    ]
    desk.goto(pages[0])
    chosen = desk.get_by_role("combobox", name=re.compile(f"^Actor.*{statement.actor}"))
    expect(chosen).to_be_visible()
    for page in pages:
        desk.goto(page)
        expect(desk.locator("[role=combobox][aria-label]").first).to_be_visible()
        assert accessible.faults(desk) == [], page
    # A row added, and the box that stands there only while a field is open.
    desk.get_by_role("link", name="Add another").first.click()
    assert accessible.faults(desk) == []
    desk.get_by_role("combobox", name="Event").click()
    expect(desk.get_by_role("searchbox", name="Event")).to_be_focused()


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 390, "height": 844}}], indirect=True
)
@pytest.mark.parametrize(
    "name", ["positions_source_read", "positions_source_code", "positions_stance_add"]
)
def test_the_desks_fit_a_telephone(desk, scene, name):
    args = {
        "positions_source_read": (scene.pk,),
        "positions_source_code": (scene.pk, 1),
    }
    desk.goto(reverse(f"admin:{name}", args=args.get(name)))
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_coding_form_works_without_javascript(browser, live_server, scene):
    with browser.new_context(
        base_url=live_server.url, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto(reverse("admin:login"))
        page.get_by_label("Username").fill("ada")
        page.get_by_label("Password").fill("countess")
        page.get_by_role("button", name="Log in").click()
        code(page, scene)
        page.get_by_label("Other actors by name").fill("norway; Japan")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Coded as a draft").first.wait_for()
    assert Statement.objects.count() == 2

"""The demonstration in a real browser: stepped through, on a telephone, in the dark."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ingest import demo
from positions.admin import derive
from positions.models import Actor, Issue, Paragraph, Stance, Statement
from tests.browsing import brightness, sign_in, too_faint, too_wide
from tests.factories import make_user

ISSUE = f"/issues/{demo.ISSUE}/"
TELEPHONE = {"viewport": {"width": 390, "height": 844}}

# From the day of the cable on: the steps, and what is then said of whom.
STEPS = [
    ("28 May 2008", "United Kingdom", "support ban on all types"),
    ("30 May 2008", "Japan", "adopted CCM, prefer CCW, engaged in Oslo Process"),
    ("19 June 2008", "United States", "prefer CCW, outside Oslo Process"),
    ("24 September 2008", "Japan", "adopted CCM"),
    ("31 October 2008", "Finland", "decided not to join CCM"),
    ("2 December 2008", "United States", "decided not to join CCM, prefer CCW"),
    ("4 December 2008", "Japan", "signed CCM, engaged in Oslo Process"),
    ("20 January 2009", "Japan", "signed CCM"),
    ("14 July 2009", "Japan", "party to CCM"),
]


@pytest.fixture
def curator(transactional_db):
    """A reviewer, by whom the demonstration was loaded."""
    user = make_user("Reviewer")
    for _, report in demo.load(user):
        assert not report.rejected
    return user


def row_of(page, actor):
    name = page.get_by_role("rowheader", name=actor, exact=True)
    return page.get_by_role("row").filter(has=name)


def test_the_demonstration_is_stepped_through_from_event_to_event(curator, page):
    page.goto(f"{ISSUE}?on={demo.DAY.isoformat()}")
    expect(row_of(page, "Japan")).to_contain_text("prefer CCW, engaged in Oslo Process")
    for day, actor, words in STEPS:
        page.get_by_role("link", name="Next event").click()
        expect(page.get_by_role("heading", name=f"Positions on {day}")).to_be_visible()
        expect(row_of(page, actor)).to_contain_text(words)

    # A change names its pair of statements, and each leads to words lit in their place.
    pair = page.locator("#c-japan-ccm-commitment .pair").get_by_role("link")
    expect(pair).to_have_count(2)
    pair.last.click()
    expect(page.get_by_role("main").locator("mark")).to_be_visible()


# -- every page --------------------------------------------------------------------


def addresses():
    """Pages of the site and of the admin, each with what must be seen on it."""
    cited = demo.shown().proof[0].main.paragraph
    paragraph = Paragraph.objects.get(pk=cited.pk)
    source = paragraph.revision.source
    japan, issue = Actor.objects.get(key="japan"), Issue.objects.get(key=demo.ISSUE)
    statement = Statement.objects.get(state="draft")
    read = reverse("admin:positions_source_read", args=(source.pk,))
    return {
        "/": "link:Cluster munitions",
        f"{ISSUE}?on={demo.DAY.isoformat()}": "link:Next event",
        f"{ISSUE}?on=2008-12-03": "link:Previous event",
        "/actors/japan/": "button:Show",
        "/actors/china/": "heading:Said about China",
        f"/sources/{source.key}/": "link:Paragraph 3",
        f"/statements/{statement.key}/": "link:Edit the statement in admin",
        "/search/?q=Japan": "heading:Statements",
        reverse("admin:index"): "heading:What waits",
        reverse("admin:positions_source_changelist"): "link:Add a source",
        reverse("admin:ingest_add_source"): "button:Add",
        reverse("admin:positions_source_change", args=(source.pk,)): "button:Save",
        read: "link:Code here: DEMO-TOKYO-2008, para 3 (U)",
        reverse(
            "admin:positions_source_code", args=(source.pk, paragraph.key)
        ): "button:Save and code next",
        reverse("admin:positions_codingheader_add"): "button:Save",
        reverse(
            "admin:positions_statement_change", args=(statement.pk,)
        ): "button:Submit and accept",
        derive.address(japan, issue): "button:Show",
        reverse("admin:positions_stance_changelist"): "link:Derive stances",
        reverse(
            "admin:positions_stance_change", args=(Stance.objects.first().pk,)
        ): "button:Correct: make the next version",
    }


@pytest.mark.parametrize("page", [TELEPHONE], indirect=True)
def test_every_page_fits_a_telephone_and_can_be_read_by_day_and_night(curator, page):
    """One test for both, so that the demonstration is loaded once for them."""
    sign_in(page, curator)
    wrong = {}
    for address, control in addresses().items():
        page.emulate_media(color_scheme="light")
        assert page.goto(address).ok, address
        role, name = control.split(":", 1)
        expect(page.get_by_role(role, name=name).first).to_be_visible()
        found = too_wide(page) + too_faint(page)
        page.emulate_media(color_scheme="dark")
        assert brightness(page) < 64, address
        found += [f"in the dark: {text}" for text in too_faint(page)]
        if found:
            wrong[address] = found
    assert wrong == {}

"""Agreement, people, history and duplicates in a real browser: legible, accessible."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from positions.models import Pair
from positions.models.changes import recording
from tests import accessible, browsing
from tests import factories as make
from tests.coded_twice import make_coding, make_nothing, make_task


@pytest.fixture
def office(transactional_db):
    """An issue of which two people have coded 24 paragraphs, and who manages it."""
    from positions.defaults import setup_defaults

    setup_defaults()
    manager = make.make_user("Reviewer", username="ada")
    first, second = (make.make_user("Coder", username=n) for n in ("bea", "cem"))
    issue = make.make_issue("Cluster munitions")
    option = make.make_option("CCW", issue=issue)
    actors = [make.make_actor(name) for name in ("Japan", "Côte d’Ivoire")]
    task = make_task(issue, first, second, paragraphs=24)
    for number in range(1, 25):
        for coder, code in ((first, "prefer"), (second, "support")):
            if number % 5 == 0:
                make_nothing(task, coder, number)
                continue
            same = number % 3 or coder == first
            make_coding(
                task,
                coder,
                number,
                actor=actors[number % 2],
                option=option,
                code="prefer" if same else code,
                words=(0, 20 if coder == first else 25),
            )
    return issue, manager


def test_the_agreement_page_is_accessible_and_fits(page, office):
    issue, manager = office
    browsing.sign_in(page, manager)
    page.goto(reverse("admin:positions_issue_agreement", args=(issue.pk,)))
    expect(page.get_by_role("heading", name="Same disposition")).to_be_visible()
    expect(page.get_by_text("They differ on").first).to_be_visible()
    assert accessible.looks(page) == []


def test_the_agreement_page_is_read_by_keyboard(page, office):
    issue, manager = office
    browsing.sign_in(page, manager)
    page.goto(reverse("admin:positions_issue_agreement", args=(issue.pk,)))
    links = page.get_by_role("link", name="Adjudicate")
    links.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="First is right").first).to_be_visible()
    assert accessible.looks(page) == []


def test_the_people_page_is_accessible_and_fits(page, office):
    browsing.sign_in(page, office[1])
    page.goto(reverse("admin:positions_people"))
    expect(page.get_by_text("bea and cem")).to_be_visible()
    assert accessible.looks(page) == []


def test_the_page_of_versions_is_accessible_and_fits(page, office):
    issue, manager = office
    with recording(manager, "a better question"):
        issue.question = "Should they be banned, and how, and by whom, and when?"
        issue.save()
    browsing.sign_in(page, manager)
    page.goto(reverse("admin:positions_issue_history", args=(issue.pk,)))
    assert accessible.looks(page) == []


def test_two_records_stand_side_by_side(page, office):
    _, manager = office
    keys = sorted(
        make.make_actor(name, kind="ngo").key
        for name in ("Landmine Action", "Land Mine Action")
    )
    Pair.objects.create(
        kind="actor", first=keys[0], second=keys[1], score=0.97, reason="names alike"
    )
    browsing.sign_in(page, manager)
    page.goto(reverse("admin:positions_queue", args=("duplicates",)))
    expect(page.locator(".card.current")).to_contain_text("Landmine Action")
    assert accessible.looks(page) == []
    page.keyboard.press("d")
    expect(page.locator("#desk-said")).to_contain_text("Undo: u")
    assert Pair.objects.get().state == "different"
    page.keyboard.press("u")
    expect(page.locator(".card.current")).to_contain_text("Landmine Action")

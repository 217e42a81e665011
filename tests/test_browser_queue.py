"""The queue in a real browser: decided by keyboard, undone, told who else is there."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from positions import suggestions
from positions.models import Claim, Option, Statement, Suggestion
from tests import accessible, browsing
from tests import factories as make
from tests.desk_world import make_world

# Keys that the person at the desk presses, and pages that the browser loads.
COUNT = """() => {
  window.keys = 0;
  document.addEventListener('keydown', () => { window.keys += 1; }, true);
}"""


def suggest(source, number):
    """So many proposals about a source's paragraphs, the surest first."""
    actors = [make.make_actor() for _ in range(1 + number // 6)]
    options = list(Option.objects.all()[:3])
    paragraphs = list(
        source.current.paragraphs.select_related("revision__source").order_by("order")
    )
    proposed = []
    for n in range(number):
        paragraph = paragraphs[n % len(paragraphs)]
        proposed.append(
            suggestions.Proposed(
                paragraph=paragraph,
                start=0,
                end=5,
                actor=actors[n // 6],
                option=options[n % 3],
                disposition=make.disposition("support" if n % 2 else "prefer"),
                confidence=1 - n / 100,
                reason=f"reason number {n}",
            )
        )
    filed = suggestions.file(source, proposed, tool="rules", version="1")
    assert filed.made == number


@pytest.fixture
def world(transactional_db):
    return make_world()


def open_queue(page, user, key="suggestions", **query):
    browsing.sign_in(page, user)
    page.goto(reverse("admin:positions_queue", args=(key,), query=query))


def said(page, words):
    expect(page.locator("#desk-said")).to_contain_text(words)


def current(page):
    return page.locator(".card.current")


def test_forty_suggestions_are_decided_by_keyboard_without_a_page_load(page, world):
    source, user = world
    suggest(source, 40)
    open_queue(page, user)
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.evaluate(COUNT)
    # Three of four are accepted, each fourth is rejected for the first reason.
    for n in range(40):
        expect(current(page)).to_be_focused()
        row = current(page).get_attribute("id")
        for key in ("a",) if n % 4 else ("r", "1"):
            page.keyboard.press(key)
        expect(page.locator(f"#{row}")).to_have_count(0)
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    assert page.evaluate("window.keys") == 50
    assert page.evaluate("window.keys") <= 2 * 40
    assert loads == []
    states = Suggestion.objects.values_list("state", flat=True)
    assert sorted(states) == ["accepted"] * 30 + ["rejected"] * 10
    assert Statement.objects.filter(state="draft").count() == 30


def test_a_decision_is_undone_at_once(page, world):
    source, user = world
    suggest(source, 3)
    open_queue(page, user)
    first = current(page).get_attribute("id")
    page.keyboard.press("a")
    said(page, "accepted as a draft")
    assert Statement.objects.count() == 1
    page.keyboard.press("u")
    said(page, "undone")
    expect(current(page)).to_have_id(first)
    assert Statement.objects.count() == 0
    page.keyboard.press("r")
    page.keyboard.press("2")
    said(page, "never offered again")
    page.keyboard.press("u")
    expect(current(page)).to_have_id(first)
    assert Suggestion.objects.waiting().count() == 3


def test_rows_are_stepped_through_skipped_and_shown_in_their_place(page, world):
    source, user = world
    suggest(source, 3)
    open_queue(page, user)
    expect(current(page)).to_contain_text("reason number 0")
    expect(current(page).locator("mark.asked")).to_have_text("SUMMA")
    page.keyboard.press("j")
    expect(current(page)).to_contain_text("reason number 1")
    page.keyboard.press("k")
    expect(current(page)).to_contain_text("reason number 0")
    page.keyboard.press("x")
    expect(current(page)).to_contain_text("reason number 1")
    expect(page.locator(".card").last).to_contain_text("reason number 0")


def test_two_people_are_told_of_each_other(page, world, browser, live_server):
    source, user = world
    suggest(source, 2)
    open_queue(page, user)
    expect(current(page)).to_contain_text("reason number 0")
    other = make.make_user("Coder", username="bea")
    with browser.new_context(base_url=live_server.url) as context:
        second = context.new_page()
        open_queue(second, other)
        # The row that somebody has is not the one to begin with, and is named.
        expect(current(second)).to_contain_text("reason number 1")
        expect(second.locator(".card").first).to_contain_text("ada has it open")
        second.keyboard.press("k")
        said(second, "ada has this row open as well")
        # Both decide it: the second is told what the first did.
        page.keyboard.press("a")
        said(page, "accepted as a draft. Undo: u. bea has this row open as well.")
        second.keyboard.press("a")
        said(second, "It waits no longer: ada has accepted it")
    assert Statement.objects.count() == 1
    assert Claim.objects.count() == 1


def test_a_row_is_assigned_and_found_among_ones_own(page, world):
    source, user = world
    suggest(source, 2)
    make.make_user("Coder", username="bea")
    open_queue(page, user)
    page.keyboard.press("s")
    current(page).get_by_label("To").select_option("ada")
    current(page).get_by_role("button", name="Assign", exact=True).click()
    said(page, "Assigned to ada")
    page.goto(reverse("admin:positions_queue", args=("suggestions",)) + "?whose=mine")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator("[data-list=suggestions]")).to_contain_text("2, 1 mine")


def test_several_are_decided_after_a_preview(page, world):
    source, user = world
    suggest(source, 4)
    open_queue(page, user)
    for key in ("m", "j", "m"):
        page.keyboard.press(key)
    said(page, "2 marked")
    page.get_by_label("With those marked").select_option("accept")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("table.work tbody tr")).to_have_count(2)
    assert Statement.objects.count() == 0
    page.get_by_role("button", name="Accept 2").click()
    browsing.answered(page, "Decided: 2.")
    assert Statement.objects.count() == 2


def test_a_reviewer_accepts_sends_back_and_rejects(page, world):
    source, user = world
    paragraph = make.paragraph_of(source, 2)
    for _ in range(3):
        make.make_statement(paragraph=paragraph, who=user, state="review")
    open_queue(page, user, "statements-in-review")
    page.keyboard.press("a")
    said(page, "it is public now")
    page.keyboard.press("b")
    page.keyboard.type("which article?")
    page.keyboard.press("Enter")
    said(page, "sent back to draft")
    page.keyboard.press("r")
    page.keyboard.press("1")
    said(page, "rejected.")
    page.keyboard.press("u")
    said(page, "undone")
    states = Statement.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["accepted", "draft", "review"]


def test_the_queue_works_without_a_script(browser, live_server, world):
    source, user = world
    suggest(source, 2)
    with browser.new_context(
        base_url=live_server.url, java_script_enabled=False
    ) as context:
        page = context.new_page()
        open_queue(page, user)
        page.get_by_role("button", name="Accept", exact=False).first.click()
        browsing.answered(page, "accepted as a draft")
        page.get_by_text("Reject…").first.click()
        page.get_by_role("button", name="The words take no position").click()
        browsing.answered(page, "never offered again")
        page.get_by_role("button", name="Undo").click()
        browsing.answered(page, "undone")
    assert Suggestion.objects.waiting().count() == 1


def test_the_queue_is_accessible_and_fits(page, world):
    source, user = world
    suggest(source, 3)
    open_queue(page, user)
    expect(page.locator("[data-list=suggestions] .count")).to_have_text("3")
    page.keyboard.press("r")
    assert accessible.looks(page) == []


def test_a_speaker_is_named_by_keyboard_and_waits_again_when_undone(page, world):
    source, user = world
    statement = make.make_statement(
        paragraph=make.paragraph_of(source, 1), speaker_text="DDG Shimbo"
    )
    statement.submit(user)
    statement.accept(user)
    open_queue(page, user, "speakers")
    page.keyboard.press("a")
    expect(current(page).get_by_label("Who is it")).to_have_value("DDG Shimbo")
    page.keyboard.type("Masatoshi Shimbo")
    page.keyboard.press("Enter")
    said(page, "the speaker is named. Undo: u.")
    expect(page.locator(".card")).to_have_count(0)
    assert str(Statement.objects.public().get().speaker) == "Masatoshi Shimbo"
    page.keyboard.press("u")
    said(page, "undone")
    # It is the next version that waits, which is another row.
    expect(current(page)).to_contain_text("“DDG Shimbo”")
    assert Statement.objects.public().get().speaker is None

"""Double coding in a real browser: words selected, by keyboard, on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from positions.defaults import setup_defaults
from positions.models import Coding, NothingHere, Statement
from tests.browsing import answered, sign_in, too_faint, too_wide
from tests.tasks_world import World


@pytest.fixture
def world(transactional_db):
    setup_defaults()
    return World()


def page_of(name, world, *further):
    return reverse(f"admin:positions_task_{name}", args=(world.task.pk, *further))


def select(page, words):
    """Select words of the first lit or plain piece that has them."""
    page.locator("article.paragraph .text").evaluate(
        """(text, words) => {
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return;
          }
        }""",
        words,
    )


def test_words_selected_in_the_paragraph_go_into_the_form(page, world):
    sign_in(page, world.first)
    page.goto(page_of("answer", world, world.paragraph(2).key))
    select(page, "keeps Japan engaged")
    expect(page.locator("#id_words")).to_have_value("keeps Japan engaged")
    page.get_by_role("checkbox", name="Oslo Process").check()
    page.get_by_role("radio", name="takes part").check()
    page.locator("select#id_actors").evaluate(
        """(select, pk) => select.append(new Option("Japan", pk, true, true))""",
        world.japan.pk,
    )
    page.get_by_role("button", name="Save", exact=True).click()
    answered(page, "Your answer: Japan: engaged in Oslo Process.")
    assert page.locator("mark.by-own").inner_text() == "keeps Japan engaged"
    assert Coding.objects.get().quote == "keeps Japan engaged"


# What has the focus is called so; the key that a button shows is no part of it.
NAME = """() => document.activeElement.ariaLabel
  || [...document.activeElement.childNodes].filter(node => node.nodeName !== 'KBD')
    .map(node => node.textContent).join('').trim()"""


def press_on(page, name):
    """Reach a button by the keyboard alone, and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        named = page.evaluate(NAME)
        if named == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by keyboard")


def test_a_task_is_answered_and_adjudicated_by_keyboard_alone(page, world):
    world.answer(world.first, 1)
    world.answer(world.second, 1, code="oppose")
    world.finish(world.second)
    world.nothing(world.first, 2, 3)
    sign_in(page, world.first)
    page.goto(page_of("code", world))
    press_on(page, f"Nothing here: {world.paragraph(4).citation}")
    expect(page.get_by_text("4 of 4 answered").first).to_be_visible()
    press_on(page, "I am done")
    answered(page, "you are done with this task")
    assert NothingHere.objects.filter(coder=world.first).count() == 3

    page.context.clear_cookies()
    sign_in(page, world.reviewer)
    page.goto(page_of("adjudicate", world))
    press_on(page, "Second is right")
    answered(page, "The second coder is right.")
    assert Statement.objects.get().coder == world.second


def test_letters_answer_and_adjudicate(page, world):
    world.answer(world.first, 1)
    world.answer(world.second, 1, code="oppose")
    world.finish(world.second)
    sign_in(page, world.first)
    page.goto(page_of("code", world))
    for number in (2, 3, 4):
        page.keyboard.press("n")
        expect(page.get_by_text(f"{number} of 4 answered").first).to_be_visible()
    expect(page.get_by_text("4 of 4 answered").first).to_be_visible()
    press_on(page, "I am done")
    answered(page, "you are done with this task")
    page.context.clear_cookies()
    sign_in(page, world.reviewer)
    page.goto(page_of("adjudicate", world))
    # What needs a reason is asked for it; then the same key takes the decision.
    page.keyboard.press("n")
    page.keyboard.type("only praise")
    page.keyboard.press("Enter")
    answered(page, "Neither: there is nothing to code")
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    "page",
    [
        {"viewport": {"width": 390, "height": 844}},
        {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    ],
    indirect=True,
    ids=["light", "dark"],
)
def test_every_page_fits_a_phone_and_is_legible(page, world):
    first = world.answer(world.first, 1)
    world.answer(world.second, 1, code="oppose", quote="prefers an agreement")
    world.answer(world.first, 2, quote="Pressure keeps Japan")
    sign_in(page, world.first)
    shown = [page_of("code", world), page_of("answer", world, world.paragraph(2).key)]
    look_at(page, shown)
    world.finish()
    page.context.clear_cookies()
    sign_in(page, world.reviewer)
    sources = f"?source={world.source.pk}"
    look_at(
        page,
        [
            page_of("adjudicate", world),
            f"{page_of('anew', world)}?first="
            f"{first.key}&second={world.task.codings.get(coder=world.second).key}",
            page_of("change", world),
            reverse("admin:positions_task_changelist"),
            reverse("admin:positions_task_assign") + sources,
        ],
    )


def look_at(page, addresses):
    for address in addresses:
        page.goto(address)
        assert page.locator("#content").is_visible()
        assert too_wide(page) == [], address
        assert too_faint(page) == [], address

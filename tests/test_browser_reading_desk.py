"""The reading desk in a real browser: words selected, coded, attached, by keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from positions.models import Check, Statement
from tests import accessible, browsing
from tests import factories as make
from tests.desk_world import make_world


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def desk(page, world):
    source, user = world
    browsing.sign_in(page, user)
    page.goto(reverse("admin:positions_source_read", args=(source.pk,)))
    return page


def panel(page):
    return page.get_by_role("complementary", name="Coding")


def form_opens(page):
    panel(page).locator("form.coding").wait_for()


def said(page, words):
    expect(page.locator("#desk-said")).to_contain_text(words)


def test_selected_words_are_coded_without_leaving_the_page(desk):
    desk.evaluate("window.stayed = true")
    browsing.select_words(desk, 2, "first priority is an agreement within the CCW")
    form_opens(desk)
    expect(desk.locator("[name=words]")).to_have_value(
        "first priority is an agreement within the CCW"
    )
    expect(panel(desk)).to_contain_text("08TOKYO1212, para 2")
    expect(panel(desk)).to_contain_text("said on 2008-04-23")
    expect(panel(desk).get_by_label("DDG Shimbo for Japan")).to_be_checked()
    panel(desk).get_by_role("checkbox", name="CCW").check()
    panel(desk).get_by_role("radio", name="prefers").check()
    panel(desk).get_by_role("button", name="Save", exact=True).click()
    said(desk, "Coded as a draft: Japan: prefer CCW")
    expect(desk.locator("article[data-key='2'] mark.cited")).to_have_text(
        "first priority is an agreement within the CCW"
    )
    assert desk.evaluate("window.stayed") is True
    statement = Statement.objects.get()
    assert statement.speaker_text == "DDG Shimbo"
    main = statement.main
    assert (main.start, main.quote) == (
        main.paragraph.text.index("first priority"),
        "first priority is an agreement within the CCW",
    )


def test_a_document_is_coded_and_taken_back_by_keyboard_alone(desk):
    for key in ("j", "j", "ArrowRight", "ArrowRight"):
        desk.keyboard.press(key)
    for _ in range(3):
        desk.keyboard.press("Shift+ArrowRight")
    selected = desk.evaluate("document.getSelection().toString()")
    assert selected == "Shimbo said that Japan's"
    desk.keyboard.press("s")
    desk.keyboard.press("Enter")
    form_opens(desk)
    for key in ("3", "t", "Enter"):
        desk.keyboard.press(key)
    said(desk, "Coded as a draft: Japan: engaged in Oslo Process")
    statement = Statement.objects.get()
    assert statement.main.quote.startswith("Public pressure keeps Japan")
    desk.keyboard.press("u")
    said(desk, "Taken back")
    assert not Statement.objects.exists()
    expect(desk.locator("mark.cited")).to_have_count(0)


def test_words_of_the_authors_comment_are_told_to_be_the_reporters(desk):
    browsing.select_words(desk, 3, "Tokyo will not leave Oslo")
    form_opens(desk)
    expect(panel(desk).get_by_role("note")).to_contain_text("reporter")
    desk.keyboard.press("2")
    desk.keyboard.press("t")
    desk.keyboard.press("Enter")
    said(desk, "their standing is reporter")
    assert Statement.objects.get().standing == "reporter"


def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk):
    browsing.select_words(desk, 2, "Public pressure")
    form_opens(desk)
    desk.locator("[name=words]").fill("words that nobody printed")
    panel(desk).get_by_role("button", name="Save", exact=True).click()
    expect(panel(desk)).to_contain_text("does not stand in 08TOKYO1212, para 2")
    expect(desk.locator("[name=words]")).to_have_value("words that nobody printed")
    assert not Statement.objects.exists()


def test_a_second_citation_comes_from_another_paragraph(desk):
    browsing.select_words(desk, 2, "first priority is an agreement within the CCW")
    form_opens(desk)
    browsing.select_words(desk, 3, "cannot accept Article 1(b)")
    desk.get_by_role("button", name="+ context").click()
    expect(panel(desk).locator(".further-list")).to_contain_text("08TOKYO1212, para 3")
    for key in ("1", "p", "Enter"):
        desk.keyboard.press(key)
    said(desk, "Coded as a draft")
    cited = Statement.objects.get().citations.order_by("pk")
    assert [(c.role, c.paragraph.number) for c in cited] == [
        ("main", "2"),
        ("context", "3"),
    ]
    expect(desk.locator("article[data-key='3'] mark.cited")).to_have_count(1)


def test_the_summary_is_attached_to_the_statement_of_the_body(desk, world):
    source, user = world
    statement = make.make_statement(
        paragraph=make.paragraph_of(source, 2), quote="first priority", who=user
    )
    desk.reload()
    browsing.select_words(desk, 1, "Japan prefers the CCW")
    form_opens(desk)
    desk.keyboard.press("Escape")
    select_by_keys(desk)
    desk.keyboard.press("r")
    panel(desk).get_by_text("Attach the words to a statement").wait_for()
    desk.keyboard.press("1")
    said(desk, "is cited in")
    roles = list(statement.citations.order_by("pk").values_list("role", flat=True))
    assert roles == ["main", "repeats"]


def select_by_keys(desk):
    desk.locator("article[data-key='1']").focus()
    desk.keyboard.press("a")


def test_a_citation_is_copied_with_one_key(desk, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("c")
    said(desk, "Copied: 08TOKYO1212, para 2")
    assert page.evaluate("navigator.clipboard.readText()") == "08TOKYO1212, para 2"


def test_nothing_here_is_one_key(desk):
    desk.keyboard.press("j")
    desk.keyboard.press("n")
    said(desk, "Recorded: Nothing found")
    assert Check.objects.get().paragraph.number == "1"
    expect(desk.locator("article[data-key='1'] .checked")).to_have_count(1)


def test_overlapping_statements_are_lit_and_coloured(desk, world):
    source, user = world
    paragraph = make.paragraph_of(source, 2)
    for quote, code in (
        ("first priority is an agreement", "prefer"),
        ("an agreement within the CCW", "oppose"),
    ):
        make.make_statement(paragraph=paragraph, quote=quote, code=code, who=user)
    desk.reload()
    marks = desk.locator("article[data-key='2'] mark.cited")
    expect(marks).to_have_count(3)
    expect(marks.nth(1)).to_have_class(
        "cited draft facet-preference minus2 cited-twice"
    )


def test_words_are_found_whatever_script_and_direction(page, transactional_db):
    arabic = "قالت اليابان إنها تفضل الاتفاقية. ولن توقع الآن."
    japanese = "日本は条約を優先する。オスロには参加する。"
    marks = "Co\u0302te d\u2019Ivoire e\u0301tait d\u2019accord 🙂 hier soir."
    source, user = make_world([arabic, japanese, marks])
    browsing.sign_in(page, user)
    page.goto(reverse("admin:positions_source_read", args=(source.pk,)))
    for key, quote in (
        (1, "تفضل الاتفاقية"),
        (2, "オスロには参加する"),
        (3, "hier soir"),
    ):
        browsing.select_words(page, key, quote)
        form_opens(page)
        page.keyboard.press("1")
        page.keyboard.press("s")
        page.keyboard.press("Enter")
        said(page, quote)
        statement = Statement.objects.order_by("-pk").first()
        assert statement.main.quote == quote
    page.locator("article[data-key='1']").focus()
    # In a text that runs to the left, the left arrow goes on.
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.getSelection().toString()") == "قالت"


def test_an_ended_session_loses_nothing_that_is_typed(desk):
    browsing.select_words(desk, 2, "Public pressure keeps Japan engaged")
    form_opens(desk)
    desk.keyboard.press("2")
    desk.keyboard.press("t")
    kept = desk.context.cookies()
    desk.context.clear_cookies(name="sessionid")
    desk.keyboard.press("Enter")
    said(desk, "session has ended")
    expect(desk.locator("[name=words]")).to_have_value(
        "Public pressure keeps Japan engaged"
    )
    desk.context.add_cookies([c for c in kept if c["name"] == "sessionid"])
    desk.keyboard.press("Enter")
    said(desk, "Coded as a draft")


def test_a_long_document_reads_on_as_one_scrolls(page, transactional_db):
    source, user = make_world([f"Paragraph number {n}." for n in range(1, 451)])
    browsing.sign_in(page, user)
    page.goto(reverse("admin:positions_source_read", args=(source.pk,)))
    articles = page.locator("article.paragraph")
    expect(articles).to_have_count(200)
    for count in (400, 450):
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        expect(articles).to_have_count(count)
    expect(page.locator(".scroll-on")).to_have_count(0)


def test_the_same_is_done_without_a_script(browser, live_server, world):
    source, user = world
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    browsing.sign_in(page, user)
    page.goto(reverse("admin:positions_source_read", args=(source.pk,)))
    page.get_by_role("link", name="Code here: 08TOKYO1212, para 2").click()
    page.locator("[name=words]").fill("first priority is an agreement within the CCW")
    page.get_by_role("checkbox", name="CCW").check()
    page.get_by_role("radio", name="prefers").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("mark.cited")).to_have_text(
        "first priority is an agreement within the CCW"
    )
    context.close()


def test_the_desk_is_accessible_and_fits(desk, world):
    source, user = world
    for state in ("draft", "review", "accepted"):
        make.make_statement(
            paragraph=make.paragraph_of(source, 2),
            quote="first priority",
            who=user,
            state=state,
        )
    desk.reload()
    assert accessible.looks(desk) == []
    browsing.select_words(desk, 3, "cannot accept Article 1(b)")
    form_opens(desk)
    assert accessible.looks(desk) == []
    desk.keyboard.press("Escape")
    expect(panel(desk)).to_be_hidden()

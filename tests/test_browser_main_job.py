"""The main job in a real browser: a document in, a published position out."""

import json
import re
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from positions.choices import Level
from positions.models import Statement
from tests.browsing import (
    answered,
    complete,
    fill_in_the_header,
    make_actor,
    make_event,
    make_issue,
    press,
    sign_in,
    to_the_desk,
)
from tests.conftest import SAMPLES, violations
from tests.factories import make_user

DAY = "2008-05-02"
ASKED = f"issue=cluster-munitions&as_of={DAY}"
PHRASE = "prefer CCW, engaged in Oslo Process"

NOTE = """\
Note of a meeting in Tokyo

1. (U) Officials of two governments met in Tokyo on April 23 to speak of cluster
munitions.

2. (S) The visitors asked their hosts to keep to the talks in Geneva.

3. (S) The DDG said that Japan's policy, approved by the Prime Minister, stands: "an
agreement within the CCW" is what Japan's government wants first. The pressure
of the public at home is strong, and public pressure at home keeps Japan in the
Oslo Process.

4. (S) Japan works for other words in Article 1(c).

5. (S) If Dublin agrees on a text, Japan will not be in a position to object.

6. (U) Four officials took part in the meeting.
"""


@dataclass(frozen=True)
class Paper:
    """A document and what is coded from it; words as the coder types them.

    preferred stands in paragraph 3 (S) with other quotation marks and line breaks,
    twice stands in it two times; amended is of paragraph 4; what `yielding` says
    (paragraph, words) hangs on a condition; paragraph `empty` says nothing.
    """

    identifier: str
    collection: str
    speaker: str
    preferred: str
    preferred_as_printed: str
    twice: str
    engaged: str
    amended: str
    yielding: tuple[int, str]
    empty: int


PASTED = Paper(
    identifier="TOKYO-NOTE-1",
    collection="documents",
    speaker="The DDG",
    preferred="“an agreement\nwithin  the CCW” is what Japan’s government wants first",
    preferred_as_printed='"an agreement within the CCW" is what Japan\'s government '
    "wants first",
    twice="at home",
    engaged="public pressure at home keeps Japan in the Oslo Process",
    amended="works for other words in Article 1(c)",
    yielding=(5, "Japan will not be in a position to object"),
    empty=6,
)
CABLE = Paper(
    identifier="08TOKYO1212",
    collection="documents",
    speaker="DDG Shimbo",
    preferred="Tokyo’s first priority is to reach a binding\ninternational  agreement "
    "on CM within the CCW",
    preferred_as_printed="Tokyo's first priority is to reach a binding international "
    "agreement on CM within the CCW",
    twice="domestic political realities",
    engaged="domestic political realities are forcing Japan to participate",
    amended="pushing for changes in the wording of Articles 1(b) and 1(c)",
    yielding=(6, "Japan will not be in a position to object"),
    empty=7,
)


@pytest.fixture
def real_cable():
    """The real cable's file, None where the real documents are absent."""
    file = SAMPLES / "08TOKYO1212.txt"
    return file if file.is_file() else None


@pytest.fixture
def visitor(browser, live_server):
    """A page of somebody else, who is not signed in."""
    problems = []
    with browser.new_context(base_url=live_server.url, locale="en-GB") as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.extend(violations(message)))
        yield page
    assert problems == []


@pytest.fixture
def curator(page):
    """A page on which a reviewer is signed in to an empty database."""
    sign_in(page, make_user("Reviewer"))
    page.goto(reverse("admin:index"))
    return page


def test_a_document_becomes_a_published_position(
    curator, visitor, settings, real_cable
):
    """The real cable's file; where it is absent, a note that is pasted."""
    see_what_to_do_first(curator)
    curator.get_by_role("link", name="Add a source").click()
    if real_cable:
        curator.get_by_label("File").set_input_files(real_cable)
        paper = CABLE
    else:
        paper = paste_the_note(curator)
    do_the_main_job(curator, visitor, settings, paper)


def test_a_pasted_text_is_read_in_its_paragraphs(curator):
    curator.goto(reverse("admin:ingest_add_source"))
    paper = paste_the_note(curator)
    curator.get_by_role("button", name="Add").click()
    answered(curator, f"{paper.collection}/{paper.identifier}")
    marked = curator.get_by_role("article").filter(has_text=paper.preferred_as_printed)
    expect(marked).to_have_count(1)


def paste_the_note(page):
    page.get_by_label("Identifier").fill(PASTED.identifier)
    page.get_by_label("Text").fill(NOTE)
    page.get_by_label("Date").fill(DAY)
    page.get_by_label("Issuer").fill("Embassy in Tokyo")
    return PASTED


def see_what_to_do_first(page):
    """An empty database's first page names the steps, and leads to the first."""
    steps = page.get_by_role("region", name="From a document to a published position")
    expect(steps.locator("li.todo")).to_have_count(5)
    expect(steps.locator("li.todo").first).to_contain_text("Add a source")


def do_the_main_job(page, visitor, settings, paper):
    """All that follows once the form of *Add a source* is filled in."""
    page.get_by_role("button", name="Add").click()
    answered(page, f"{paper.collection}/{paper.identifier}")
    reading = page.url
    make_issue(page)
    make_actor(page)
    make_event(page)
    page.goto(reading)
    fill_in_the_header(page, paper.speaker)
    code_the_paragraphs(page, paper)
    submit_and_accept(page)
    derive_and_publish(page)
    read_as_a_reader(visitor, settings, paper)
    keep_the_draft_from_readers(page, visitor)
    open_the_source(page, visitor, settings, paper)


# -- in the admin ------------------------------------------------------------------


def code_here(page, paper, number):
    link = page.get_by_role(
        "link", name=f"Code here: {paper.identifier}, para {number}"
    )
    link.click()


def say(page, words, *options, disposition):
    """Fill in the coding form: the words, the options and what they say."""
    page.get_by_role("group", name="The words").get_by_role("textbox").fill(words)
    for option in options:
        boxes = page.get_by_role("group", name="Towards what")
        boxes.get_by_role("checkbox", name=option, exact=True).check()
    choose_disposition(page, disposition)


def choose_disposition(page, label):
    """A disposition's button begins with its label; its definition may follow."""
    radio = page.get_by_role("radio", name=re.compile(rf"^{label}"))
    page.locator("label").filter(has=radio).click()
    expect(radio).to_be_checked()


def code_the_paragraphs(page, paper):
    code_here(page, paper, 3)
    mistype_and_mend(page, paper)
    choose_a_place(page, paper)
    say(page, paper.engaged, "Oslo Process", disposition="takes part")
    press(page, "Save")
    answered(page, "Coded as a draft: Japan: engaged in Oslo Process")

    code_here(page, paper, 4)
    say(page, paper.amended, "Art. 1(c)", disposition="seeks changes")
    press(page, "Save")
    answered(page, "Coded as a draft: Japan: seek changes to Art. 1(c)")

    number, words = paper.yielding
    code_here(page, paper, number)
    say(page, words, "Oslo Process", disposition="would go along")
    page.get_by_text("The rest follows from the coding header").click()
    page.get_by_label("Modality").select_option(label="Conditional")
    page.get_by_label("Condition").fill("agreement on a text in Dublin")
    press(page, "Save")
    answered(page, "Coded as a draft: Japan: would accept Oslo Process")

    code_here(page, paper, paper.empty)
    press(page, "Nothing here")
    answered(page, "Recorded: ")


def mistype_and_mend(page, paper):
    """Words that nobody wrote are refused, the right ones found however typed."""
    part = page.get_by_role("group", name="The words")
    words = part.get_by_role("textbox")
    ccw = page.get_by_role("checkbox", name="CCW", exact=True)
    say(page, "words that nobody wrote", "CCW", disposition="prefers")
    press(page, "Save")
    expect(part).to_contain_text("“words that nobody wrote” does not stand in")
    expect(words).to_have_value("words that nobody wrote")
    expect(ccw).to_be_checked()

    words.fill(paper.preferred)
    press(page, "Save and code next")
    answered(page, "Coded as a draft: Japan: prefer CCW")

    # All is kept but what belongs to the words.
    expect(words).to_have_value("")
    expect(page.locator("[name=disposition]:checked")).to_have_count(0)
    expect(ccw).to_be_checked()
    ccw.uncheck()


def choose_a_place(page, paper):
    """Of words that stand there twice the first is offered, the other a click away.

    The coder mistakes what they say; this draft is never submitted.
    """
    say(page, paper.twice, "Oslo Process", disposition="opposes")
    press(page, "Save and code next")
    places = page.get_by_role("radiogroup", name="Which place").get_by_role("radio")
    expect(places).to_have_count(2)
    expect(places.first).to_be_checked()
    places.last.check()
    press(page, "Save and code next")
    answered(page, "Coded as a draft: Japan: oppose Oslo Process")
    mistaken = Statement.objects.get(disposition__code="oppose").main
    assert mistaken.start == mistaken.paragraph.text.rindex(paper.twice)


def submit_and_accept(page):
    """One statement button by button, the others at once; the mistaken one stays."""
    to_the_desk(page, "Statements")
    page.get_by_role("link", name="Japan: prefer CCW").click()
    press(page, "Submit")
    answered(page, "submitted; it waits for a reviewer")
    page.get_by_text("Accept…", exact=True).click()
    press(page, "Accept")
    answered(page, "accepted; it is public now")
    state = page.get_by_label("State and what can be done")
    expect(state).to_contain_text("single-coded")

    to_the_desk(page, "Statements")
    for position in (
        "engaged in Oslo Process",
        "seek changes to Art. 1(c)",
        "would accept Oslo Process",
    ):
        page.get_by_role("checkbox", name=f"Japan: {position}").check()
    page.get_by_role("combobox", name="Action").select_option("submit_and_accept")
    press(page, "Go")
    answered(page, "3 statements submitted and accepted")


def derive_and_publish(page):
    to_the_desk(page, "Stances")
    page.get_by_role("link", name="Derive stances").click()
    page.get_by_label("Issue").select_option(label="Cluster munitions")
    complete(page, "actor", "Japan")
    press(page, "Show")
    for cell, disposition in (
        ("CCW · preference", "prefers"),
        ("Oslo Process · engagement", "takes part"),
    ):
        heading = page.get_by_role("heading", name=cell, exact=True)
        derived = page.locator("section.cell-derived").filter(has=heading)
        expect(derived.get_by_role("table")).to_contain_text(disposition)
        expect(derived.get_by_role("table")).to_contain_text("2008-04-23")
    aside = page.locator(".aside").filter(has_text="would accept Oslo Process")
    expect(aside).to_contain_text("clause 1")
    press(page, "Make draft stances of these periods")
    answered(page, "Made 3 draft stances")
    press(page, "Submit and publish those chosen")
    answered(page, "3 stances submitted and published")


# -- on the pages ------------------------------------------------------------------


def read_as_a_reader(page, settings, paper):
    """Issue, actor and API, first below and then at the level of the paragraph."""
    page.goto(f"/issues/cluster-munitions/?on={DAY}")
    expect(page.get_by_role("row").filter(has_text="Japan")).to_contain_text(PHRASE)
    page.get_by_role("link", name="Japan", exact=True).click()
    page.wait_for_url("**/actors/japan/?*")
    main = page.get_by_role("main")
    expect(main).to_contain_text(PHRASE)
    evidence = main.get_by_role("listitem").filter(has_text="para 3 (S)").first
    expect(evidence).to_contain_text("The words are withheld")
    expect(main).not_to_contain_text(paper.preferred_as_printed)
    aside = page.get_by_role("region", name="Set aside by the rule")
    expect(aside.get_by_role("listitem")).to_contain_text("Clause 1")

    settings.READER_CLEARANCE = Level.SECRET
    page.reload()
    expect(main).to_contain_text(paper.preferred_as_printed)
    page.get_by_role("contentinfo").get_by_role("link", name="JSON").click()
    page.get_by_role("link", name="As plain JSON").click()
    page.wait_for_url("**&format=json*")
    (timeline,) = json.loads(page.locator("body").inner_text())["results"]
    cited = [
        (line["statement"]["said_on"], " ".join(citation["quote"].split()))
        for period in timeline["periods"]
        for line in period["evidence"]
        for citation in line["statement"]["citations"]
    ]
    assert ("2008-04-23", paper.preferred_as_printed) in cited
    (row,) = page.request.get(f"/api/v1/positions/?{ASKED}").json()["results"]
    assert (row["actor"]["name"], row["short_phrase"]) == ("Japan", PHRASE)
    settings.READER_CLEARANCE = Level.UNCLASSIFIED


def keep_the_draft_from_readers(curator, visitor):
    """The mistaken draft: a page that says so for the curator, none for a reader."""
    draft = Statement.objects.get(state="draft")
    curator.goto(f"/statements/{draft.key}/")
    expect(curator.get_by_role("status")).to_contain_text("Only curators see it")
    assert visitor.goto(f"/statements/{draft.key}/").status == 404
    assert visitor.goto(f"/api/v1/statements/{draft.key}/").status == 404


def open_the_source(curator, visitor, settings, paper):
    """A source is private until a curator opens it; its marked paragraphs stay."""
    address = f"/sources/{paper.collection}/{paper.identifier}/"
    assert visitor.goto(address).status == 404
    curator.get_by_role("link", name="Admin", exact=True).click()
    to_the_desk(curator, "Sources")
    curator.get_by_role("link", name=paper.identifier, exact=True).click()
    curator.get_by_role("link", name="Edit the record").click()
    curator.get_by_label("Visibility").select_option("public")
    press(curator, "Save")
    answered(curator, "was changed successfully")

    curator.goto(address)
    coded = {"role": "complementary", "name": "Coded from paragraph 3"}
    expect(curator.get_by_role(**coded)).to_contain_text("oppose Oslo Process Draft")
    assert visitor.goto(address).status == 200
    number = visitor.get_by_role("link", name="Paragraph 3", exact=True)
    paragraph = visitor.locator(".paragraph").filter(has=number)
    expect(paragraph).to_contain_text("Withheld: the paragraph is marked S")
    settings.READER_CLEARANCE = Level.SECRET
    visitor.goto(f"/actors/japan/?issue=cluster-munitions&on={DAY}")
    visitor.get_by_role("link", name=f"{paper.identifier}, para 3 (S)").first.click()
    visitor.wait_for_url(f"**{address}#*")
    lit = paragraph.locator("mark", has_text=paper.preferred_as_printed)
    expect(lit).to_be_in_viewport()
    expect(visitor.get_by_role(**coded)).not_to_contain_text("oppose")

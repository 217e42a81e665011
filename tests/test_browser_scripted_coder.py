"""A coder codes the real cable: a selection and at most four keys a statement."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from positions.defaults import setup_defaults
from positions.models import CodingHeader, HeaderSpeaker, Source, Statement
from positions.models.changes import recording
from tests import browsing
from tests import factories as make

OPTIONS = ("Art. 1(b)", "Art. 1(c)", "CCW", "CM ban", "Oslo Process", "draft text")
SHIMBO, GANYARD = "DDG Shimbo", "DAS Ganyard"

# (number of the paragraph, words, who says so, towards what, letter, disposition).
CODED = (
    ("1", "Japan continues to favor addressing", SHIMBO, "CCW", "p", "prefer"),
    ("1", "keep Japan engaged in the Oslo", SHIMBO, "Oslo Process", "t", "engage"),
    ("1", "could be problematic for PKOs", SHIMBO, "draft text", "c", "reserve"),
    ("1", "working hard to change the", SHIMBO, "draft text", "c", "reserve"),
    ("1", "strengthen its focus on the CCW", GANYARD, "CCW", "s", "support"),
    ("1", "efforts to support the CCW", GANYARD, "CCW", "p", "prefer"),
    ("2", "could have an embarrassing effect", GANYARD, "Oslo Process", "o", "oppose"),
    ("2", "criminalizing possession of CM", GANYARD, "CM ban", "o", "oppose"),
    ("2", "as called for in Articles 1(b)", GANYARD, "Art. 1(b)", "o", "oppose"),
    ("2", "1(c) of the current Oslo draft", GANYARD, "Art. 1(c)", "o", "oppose"),
    ("2", "ability to protect Japan", GANYARD, "draft text", "o", "oppose"),
    ("2", "would not be as effective", GANYARD, "Oslo Process", "o", "oppose"),
    ("3", "first priority is to reach", SHIMBO, "CCW", "p", "prefer"),
    ("3", "participate in the Oslo Process", SHIMBO, "Oslo Process", "t", "engage"),
    ("3", "Tokyo's opposition to a CM ban", SHIMBO, "CM ban", "o", "oppose"),
    ("4", "draft text could be problematic", SHIMBO, "draft text", "c", "reserve"),
    ("4", "pushing for changes in the wording", SHIMBO, "Art. 1(b)", "c", "reserve"),
    ("4", "continue to press the matter", SHIMBO, "Art. 1(c)", "c", "reserve"),
    ("5", "simple tinkering with", GANYARD, "draft text", "o", "oppose"),
    ("5", "any ban on CM envisioned", GANYARD, "CM ban", "o", "oppose"),
    ("5", "discussion of CM within the CCW", GANYARD, "CCW", "p", "prefer"),
    ("6", "not be in a position to object", SHIMBO, "draft text", "w", "accept"),
    ("6", "every effort to strengthen the CCW", SHIMBO, "CCW", "s", "support"),
    ("6", "modify the Oslo Process text", SHIMBO, "draft text", "c", "reserve"),
)

COUNT = """() => {
  window.pressed = 0;
  document.addEventListener('keydown', event => {
    if (event.key !== 'Shift') window.pressed += 1;
  }, true);
}"""


@pytest.fixture
def cable(transactional_db, samples):
    """The real cable with its coding header, and the issue it is about."""
    setup_defaults()
    user = make.make_user("Coder", username="ada")
    japan, america = make.make_actor("Japan"), make.make_actor("United States")
    issue = make.make_issue("Cluster munitions")
    for name in OPTIONS:
        make.make_option(name, issue=issue)
    call_command("import_cables", samples / "08TOKYO1212.txt", verbosity=0)
    source = Source.objects.get(identifier="08TOKYO1212")
    with recording(user):
        header = CodingHeader.objects.create(source=source, said_on="2008-04-23")
        for name, actor in ((SHIMBO, japan), (GANYARD, america)):
            HeaderSpeaker.objects.create(header=header, name=name, actor=actor)
    return source, user


def test_24_statements_take_a_selection_and_at_most_four_keys_each(page, cable):
    source, user = cable
    keys = dict(source.current.paragraphs.values_list("number", "key"))
    browsing.sign_in(page, user)
    page.goto(reverse("admin:positions_source_read", args=(source.pk,)))
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.evaluate(COUNT)
    form = page.locator("#desk-panel form.coding")
    for number, quote, speaker, option, letter, _ in CODED:
        browsing.select_words(page, keys[number], quote)
        form.wait_for()
        # The speaker named last before the words is chosen already, most often.
        if not form.get_by_label(speaker).is_checked():
            page.keyboard.press(f"Shift+{(SHIMBO, GANYARD).index(speaker) + 1}")
        page.keyboard.press(str(OPTIONS.index(option) + 1))
        page.keyboard.press(letter)
        page.keyboard.press("Enter")
        expect(page.locator("#desk-said")).to_contain_text(quote)
        expect(form).to_have_count(0)
    pressed = page.evaluate("window.pressed")
    assert pressed <= 4 * len(CODED)
    assert loads == []
    assert [told(one) for one in Statement.objects.order_by("pk")] == [
        (number, quote, speaker, option, code)
        for number, quote, speaker, option, _, code in CODED
    ]
    actors = {SHIMBO: "Japan", GANYARD: "United States"}
    for one in Statement.objects.select_related("actor"):
        assert one.actor.name == actors[one.speaker_text]
    print(f"{pressed} keys for {len(CODED)} statements")


def told(statement):
    main = statement.main
    return (
        main.paragraph.number,
        main.quote,
        statement.speaker_text,
        statement.option.name,
        statement.disposition.code,
    )

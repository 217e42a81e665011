"""What a person does in a browser, in the words of a person."""

import re

from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

# A press of a button leads to a page that is still to come: `expect` waits for it,
# a plain assertion would look at the page before.
expect.set_options(timeout=10_000)

# What is wider than the window, and how wide: names and widths, the widest first.
TOO_WIDE = """() => {
  const room = window.innerWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.body.querySelectorAll('*')]
    .map(e => [e, Math.round(e.getBoundingClientRect().right)])
    .filter(([e, right]) => right > room)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([e, right]) =>
      `${e.tagName.toLowerCase()}.${e.getAttribute('class') || ''} to ${right}`);
}"""

# Text whose contrast to what lies behind it is under 4.5, or 3 where it is large
# (WCAG 2.2, success criterion 1.4.3, with its relative luminance). Backgrounds may be
# half transparent, so they are laid over each other down to an opaque one; text over
# a picture is not judged. Colours that are just changing have changed.
TOO_FAINT = """() => {
  document.getAnimations().forEach(fading => fading.finish());
  const rgba = text => {
    const n = text.match(/[\\d.]+/g).map(Number);
    return [n[0], n[1], n[2], n.length > 3 ? n[3] : 1];
  };
  const over = (top, below) => {
    const mixed = [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
    return [...mixed, 1];
  };
  const luminance = colour => {
    const [r, g, b] = colour.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.backgroundImage !== 'none') return null;
      layers.push(rgba(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    if (layers.at(-1)[3] !== 1) layers.push([255, 255, 255, 1]);
    return layers.reduceRight((below, top) => over(top, below));
  };
  const faint = new Map();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const words = texts.currentNode.data.trim();
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!words || !element.checkVisibility({visibilityProperty: true})
        || box.width < 2 || element.closest('svg, :disabled')) continue;
    const ground = behind(element);
    if (!ground) continue;
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    const found = ratio(over(rgba(style.color), ground), ground);
    if (found < (large ? 3 : 4.5)) {
      const where = `${element.tagName.toLowerCase()}.${element.className}`;
      faint.set(where, `${where} “${words.slice(0, 30)}” ${found.toFixed(2)}`);
    }
  }
  return [...faint.values()];
}"""

BRIGHTNESS = """() => {
  const colour = getComputedStyle(document.body).backgroundColor;
  return Math.max(...colour.match(/\\d+/g).slice(0, 3).map(Number));
}"""

# Select words of a paragraph as a mouse would, and let go of its button.
SELECT = """([key, quote]) => {
  const text = document.querySelector(`article[data-key="${key}"] .text`);
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest('[data-aside]')) {
      nodes.push(walker.currentNode);
    }
  }
  const whole = nodes.map(n => n.data).join('');
  const at = whole.indexOf(quote);
  if (at < 0) throw new Error(`no “${quote}” in “${whole}”`);
  const place = offset => {
    for (const node of nodes) {
      if (offset <= node.length) return [node, offset];
      offset -= node.length;
    }
  };
  const range = document.createRange();
  range.setStart(...place(at));
  range.setEnd(...place(at + quote.length));
  const selection = document.getSelection();
  selection.removeAllRanges();
  const fire = type => text.dispatchEvent(
    new PointerEvent(type, {bubbles: true, pointerType: 'mouse'}));
  fire('pointerdown');
  selection.addRange(range);
  fire('pointerup');
}"""


def sign_in(page, user):
    """Be signed in as a user; the form for it is used by test_browser_admin."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [
            {
                "name": session.key,
                "value": session.value,
                "domain": "localhost",
                "path": "/",
                "httpOnly": True,
            }
        ]
    )


def complete(page, field, words):
    """Type words into a field that completes names, and take the first one found."""
    page.locator(f"#id_{field} + .select2-container").click()
    page.locator(".select2-container--open .select2-search__field").fill(words)
    found = page.locator(".select2-results__option--highlighted")
    found.filter(has_text=re.compile(rf"^{re.escape(words)}")).click()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def answered(page, words):
    """Wait until the admin answers with these words at the top of the page."""
    expect(page.locator("ul.messagelist")).to_contain_text(words)


# -- how a page looks --------------------------------------------------------------


def too_wide(page):
    return page.evaluate(TOO_WIDE)


def too_faint(page):
    return page.evaluate(TOO_FAINT)


def brightness(page):
    """The brightest of red, green and blue of the page's background, 0 to 255."""
    return page.evaluate(BRIGHTNESS)


# -- at the desks of the admin -----------------------------------------------------


def to_the_desk(page, name):
    page.get_by_role("navigation", name="Main desks").get_by_text(name).click()


def make_issue(page):
    """The issue with two headline options, and an article below one of them."""
    page.get_by_role("link", name="Demarche").click()
    page.get_by_role("link", name="Add an issue").click()
    page.get_by_label("Name:", exact=True).fill("Cluster munitions")
    for row, name in enumerate(("CCW", "Oslo Process")):
        add_option(page, row, name, "Track (talks)")
        page.locator(f"#id_options-{row}-headline").check()
    press(page, "Save and continue editing")
    answered(page, "was added successfully")
    row = page.locator("#options-group tr.has_original").count()
    add_option(page, row, "Art. 1(c)", "Provision")
    complete(page, f"options-{row}-parent", "Oslo Process")
    press(page, "Save")
    answered(page, "was changed successfully")


def add_option(page, row, name, kind):
    page.get_by_role("button", name="Add another Option").click()
    page.locator(f"#id_options-{row}-name").fill(name)
    page.locator(f"#id_options-{row}-short_name").fill(name)
    page.locator(f"#id_options-{row}-kind").select_option(label=kind)


def make_actor(page):
    """Japan, where no import has made it already."""
    to_the_desk(page, "Actors")
    page.get_by_role("link", name="Add actor").wait_for()
    if page.get_by_role("link", name="Japan", exact=True).count():
        return
    page.get_by_role("link", name="Add actor").click()
    page.get_by_label("Name:", exact=True).fill("Japan")
    page.get_by_label("Kind").select_option(label="State")
    press(page, "Save")
    answered(page, "was added successfully")


def make_event(page):
    to_the_desk(page, "Events")
    page.get_by_role("link", name="Add event").click()
    page.get_by_label("Name:").fill("Meeting in Tokyo")
    page.get_by_label("Kind").select_option(label="Meeting")
    page.get_by_label("Date:").fill("2008-04-23")
    press(page, "Save")
    answered(page, "was added successfully")


def fill_in_the_header(page, name):
    """A meeting in Tokyo, and one speaker for Japan with this name."""
    page.get_by_role("link", name="Fill in the coding header").click()
    complete(page, "event", "Meeting in Tokyo")
    page.get_by_label("Said on").fill("2008-04-23")
    page.get_by_label("Audience").fill("visiting officials")
    page.get_by_label("Publicity").select_option(label="In confidence")
    speaker = page.locator("#speakers-0")
    speaker.get_by_label("Name").fill(name)
    complete(page, "speakers-0-actor", "Japan")
    speaker.get_by_label("Role").fill("Deputy Director-General")
    speaker.get_by_label("Rank").select_option("3")
    speaker.get_by_label("On authority of").fill("the Prime Minister")
    press(page, "Save")
    header = page.get_by_role("region", name="Coding header")
    speaker = f"{name}, Deputy Director-General for Japan"
    expect(header).to_contain_text(speaker, use_inner_text=True)


# -- at the reading desk -----------------------------------------------------------


def select_words(page, key, quote):
    """Select words of a paragraph as a mouse does."""
    page.evaluate(SELECT, [key, quote])

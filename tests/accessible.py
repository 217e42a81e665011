"""What axe-core finds wrong with a page, as sentences."""

from axe_playwright_python.sync_playwright import Axe

from tests import browsing

# What keeps people from a page; "moderate" and "minor" are read, not failed.
GRAVE = ("serious", "critical")
# It would put imported style sheets into the page, which our policy forbids; no rule
# that is run needs them.
AS_IT_IS = {"preload": False}


def faults(page):
    """The serious and critical violations on a page as it is now: "id: where"."""
    # Colours that are just changing have changed.
    page.evaluate("document.getAnimations().forEach(fading => fading.finish())")
    found = Axe().run(page, options=AS_IT_IS).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def looks(page):
    """What is wrong with a page wide and narrow, by day and by night."""
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            wrong = browsing.too_wide(page) + browsing.too_faint(page) + faults(page)
            found += [f"{width} {scheme}: {one}" for one in wrong]
    return found

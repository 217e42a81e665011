"""What axe-core finds wrong with a page, as sentences."""

from axe_playwright_python.sync_playwright import Axe

# What keeps people from a page; "moderate" and "minor" are read, not failed.
GRAVE = ("serious", "critical")


def faults(page):
    """The serious and critical violations on a page as it is now: "id: where"."""
    # Colours that are just changing have changed.
    page.evaluate("document.getAnimations().forEach(fading => fading.finish())")
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]

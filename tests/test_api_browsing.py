"""The API in a real browser: its pages work under the strict policy."""

from tests.factories import make_actor


def test_people_can_walk_the_api_by_its_links(page, transactional_db):
    for number in range(60):
        make_actor(f"Actor {number:02}", kind="body")
    page.goto("/api/v1/")
    page.get_by_role("link", name="/api/v1/actors/").click()
    page.get_by_role("heading", name="Actors").wait_for()
    assert "Actor 00" in page.get_by_label("The answer").inner_text()
    page.get_by_text("Parameters").click()
    page.get_by_text("Key of a group it is or was a member of").wait_for()
    page.get_by_role("link", name="Next page").click()
    page.get_by_role("link", name="Previous page").wait_for()
    assert "Actor 59" in page.get_by_label("The answer").inner_text()
    page.goto("/api/v1/actors/?knid=state")
    page.get_by_text("There is no such parameter here").wait_for()
    page.goto("/api/v1/nonsense/")
    page.get_by_text("Nothing is here.").wait_for()

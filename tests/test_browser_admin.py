"""The admin in a real browser: its scripts run under the strict policy."""

import pytest
from django.urls import reverse


@pytest.fixture
def desk(page, django_user_model):
    """A page on which somebody who may do everything is logged in."""
    django_user_model.objects.create_superuser("ada", password="countess")
    page.goto(reverse("admin:login"))
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("countess")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Desks").wait_for()
    return page


def test_the_widgets_of_the_admin_work_under_the_policy(desk):
    desk.goto(reverse("admin:auth_group_add"))
    desk.get_by_label("Name:").fill("Visitors")
    desk.get_by_role("button", name="Choose all permissions").click()
    chosen = desk.locator("#id_permissions_to option")
    assert chosen.count() > 0
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_text("was added successfully").wait_for()


def test_a_name_full_of_script_is_shown_as_text(desk, django_user_model):
    name = "<script>document.title = 'taken over'</script>"
    django_user_model.objects.create_user("eve", first_name=name)
    desk.goto(reverse("admin:auth_user_changelist"))
    desk.get_by_text(name).wait_for()
    assert desk.title() != "taken over"


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 390, "height": 844}}], indirect=True
)
def test_the_first_page_of_the_admin_fits_a_telephone(desk):
    width = desk.evaluate("document.documentElement.scrollWidth")
    assert width <= 390

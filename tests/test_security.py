"""What every page sends along, and what no page may contain."""

import pytest
from django.contrib import admin
from django.urls import reverse
from lxml import html


@pytest.fixture
def desk(client, django_user_model):
    """A client that is logged in and may do everything."""
    everything = django_user_model.objects.create_superuser("ada", password="x")
    client.force_login(everything)
    return client


def inline_parts(page):
    """Scripts, styles and handlers inside a page, which its policy would stop."""
    tree = html.fromstring(page)
    scripts = tree.xpath(
        "//script[not(@src) and not(@type='application/json')]"
        "| //style | //*[@style] | //a[starts-with(@href, 'javascript:')]"
    )
    handlers = tree.xpath("//*[@*[starts-with(name(), 'on')]]")
    return [html.tostring(part)[:120] for part in scripts + handlers]


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("<p>plain</p>", 0),
        ("<div><script>alert(1)</script></div>", 1),
        ("<div><script src='/a.js'></script></div>", 0),
        ("<div><script type='application/json'>{}</script></div>", 0),
        ("<div><style>p { color: red }</style></div>", 1),
        ("<p style='color: red'>x</p>", 1),
        ("<p onclick='f()'>x</p>", 1),
        ("<p><a href='javascript:f()'>x</a></p>", 1),
    ],
)
def test_inline_parts_are_found(page, count):
    assert len(inline_parts(page)) == count


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_answer_tells_the_browser_to_be_strict(client, header, expected):
    for address in (reverse("admin:login"), "/no-such-page/"):
        assert client.get(address).headers[header] == expected


@pytest.mark.django_db
def test_every_answer_carries_the_content_security_policy(client):
    for address in (reverse("admin:login"), "/no-such-page/", "/?q=%00"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


@pytest.mark.django_db
def test_no_desk_has_script_or_style_inside_its_pages(desk):
    found = {}
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
            response = desk.get(reverse(name))
            if response.status_code == 200 and inline_parts(response.content):
                found[name] = inline_parts(response.content)
    assert found == {}


@pytest.mark.django_db
def test_every_desk_opens_on_an_empty_database(desk):
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert desk.get(reverse(name)).status_code == 200, name


def test_a_visitor_without_an_account_sees_no_desk(client):
    response = client.get(reverse("admin:index"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


def test_an_unknown_address_answers_with_our_own_page(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "Nothing is here" in response.text
    assert inline_parts(response.content) == []

"""What holds at every address of the API: its shape, its limits, its cost."""

import json
from functools import cache

import jsonschema
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from positions.api.urls import router
from tests.api_world import ROOT, body_of, get, kept_world, problems, results
from tests.factories import (
    make_actor,
    make_event,
    make_issue,
    make_option,
    make_source,
    make_stance,
    make_statement,
    paragraph_of,
)

pytestmark = pytest.mark.django_db

ISSUE = {"issue": "cluster-munitions"}
LISTS = {
    "actors/": {},
    "issues/": {},
    "options/": {},
    "dispositions/": {},
    "events/": {},
    "sources/": {},
    "paragraphs/": {},
    "sources/cables/08TOKYO1212/paragraphs/": {},
    "statements/": {},
    "stances/": {},
    "positions/": ISSUE,
    "timelines/": ISSUE | {"layer": "both"},
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_world(django_db_blocker) as world:
        yield world


def details(world):
    """Path -> its path in the description."""
    return {
        "actors/japan/": "actors/{key}/",
        "issues/cluster-munitions/": "issues/{key}/",
        "options/ccw/": "options/{key}/",
        "dispositions/prefer/": "dispositions/{code}/",
        f"events/{world.event.key}/": "events/{key}/",
        "sources/cables/08TOKYO1212/": "sources/{collection}/{identifier}/",
        "sources/cables/08TOKYO1212/paragraphs/3/": (
            "sources/{collection}/{identifier}/paragraphs/{key}/"
        ),
        f"statements/{world.prefers.key}/": "statements/{key}/",
        f"stances/{world.stance.key}/": "stances/{key}/",
    }


def described(path):
    """Its path in the description."""
    return path.replace("cables/08TOKYO1212", "{collection}/{identifier}")


@cache
def description():
    return json.loads(json.dumps(SchemaGenerator().get_schema(public=True)))


def check(path, response):
    """Is the answer what the description says of this path and status?"""
    whole = description()
    told = whole["paths"][ROOT + path]["get"]["responses"][str(response.status_code)]
    schema = told["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(
        schema | {"components": whole["components"]}
    ).validate(response.json())


# -- shape --------------------------------------------------------------------------


def test_the_tests_know_every_list_of_the_router():
    known = {prefix for prefix, _, _ in router.registry}
    assert {described(path).rstrip("/") for path in LISTS} == {
        prefix.replace(
            "(?P<collection>[^/]+)/(?P<identifier>[^/]+)", "{collection}/{identifier}"
        )
        for prefix in known
    }


@pytest.mark.parametrize("path", LISTS)
def test_each_list_is_what_its_description_says(world, client, path):
    response = get(client, path, **LISTS[path])
    assert response.json()["results"]
    check(described(path), response)


def test_each_detail_is_what_its_description_says(world, client):
    for path, described_as in details(world).items():
        response = get(client, path)
        assert response.status_code == 200, path
        check(described_as, response)


def test_details_are_found_by_the_keys_that_lists_give(world, client):
    for name, key in (
        ("actors", "key"),
        ("issues", "key"),
        ("options", "key"),
        ("dispositions", "code"),
        ("events", "key"),
        ("sources", "key"),
        ("statements", "key"),
        ("stances", "key"),
    ):
        for row in results(client, f"{name}/"):
            assert get(client, f"{name}/{row[key]}/").json() == row


def test_no_answer_shows_a_primary_key(world, client):
    for path, asked in LISTS.items():
        text = body_of(get(client, path, **asked))
        assert '"id"' not in text
        assert '"pk"' not in text


def test_the_description_is_clean_and_complete(tmp_path):
    call_command(
        "spectacular", file=tmp_path / "api.yml", validate=True, fail_on_warn=True
    )
    for path, methods in description()["paths"].items():
        assert set(methods) == {"get"}
        assert {"200", "400"} <= set(methods["get"]["responses"])
        assert ("404" in methods["get"]["responses"]) == ("{" in path)
        for parameter in methods["get"]["parameters"]:
            if parameter["in"] == "query" and parameter["name"] != "format":
                assert parameter["description"]


@pytest.mark.parametrize(
    ("form", "kind"),
    [("json", "application/vnd.oai.openapi+json"), ("yaml", "application/vnd.oai")],
)
def test_the_description_is_served(client, form, kind):
    response = get(client, "schema/", format=form)
    assert response.status_code == 200
    assert response["Content-Type"].startswith(kind)


def test_script_in_a_name_stays_text(world, client):
    name = "</script><script>alert(1)</script>"
    make_actor(name)
    response = get(client, "actors/")
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert name in {row["name"] for row in response.json()["results"]}
    page = body_of(get(client, "actors/", format="api"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("path", ["", *LISTS, "nonsense/"])
def test_the_pages_for_browsing_have_no_script_or_style_inside(world, client, path):
    from tests.test_security import inline_parts

    asked = {"format": "api"} if path != "nonsense/" else {}
    response = client.get(
        ROOT + path, LISTS.get(path, {}) | asked, headers={"accept": "text/html"}
    )
    assert response["Content-Type"].startswith("text/html")
    assert inline_parts(response.content) == []
    assert "unsafe" not in response["Content-Security-Policy"]


# -- limits -------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "schema/", *LISTS])
@pytest.mark.parametrize(
    ("name", "value"),
    [("isue", "x"), ("offset", "1"), ("format", "xml"), ("format", ""), ("__all", "1")],
)
def test_what_a_list_does_not_know_is_refused_by_name(world, client, path, name, value):
    response = get(client, path, **LISTS.get(path, {}), **{name: value})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert [parameter for parameter, _ in problems(response)] == [name]


def test_what_a_detail_does_not_know_is_refused_by_name(world, client):
    for path in details(world):
        response = get(client, path, kind="state")
        assert response.status_code == 400, path
        assert problems(response)[0][0] == "kind"


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        ("page_size=0", "page_size", "from 1 to 100"),
        ("page_size=101", "page_size", "from 1 to 100"),
        ("page_size=１０", "page_size", "from 1 to 100"),
        ("page_size=" + "9" * 5000, "page_size", "from 1 to 100"),
        ("count=yes", "count", "neither true nor false"),
        ("cursor=x", "cursor", "no cursor of this list"),
        ("kind=planet", "kind", "“planet” is none of: state, bloc"),
        ("kind=state&kind=bloc", "kind", "more than once"),
        ("kind=", "kind", "empty"),
        ("q=%20", "q", "empty"),
        ("q=!!", "q", "at least one word"),
        ("member_of=atlantis", "member_of", "There is no actor “atlantis”."),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence(
    world, client, query, parameter, message
):
    response = client.get(f"{ROOT}actors/?{query}")
    assert response.status_code == 400
    ((named, said),) = problems(response)
    assert named == parameter
    assert message in said
    check("actors/", response)


def test_all_that_is_wrong_is_said_at_once(world, client):
    response = client.get(f"{ROOT}statements/?a=1&b=2&issue=")
    assert [name for name, _ in problems(response)] == ["a", "b", "issue"]
    response = get(client, "statements/", issue="x", actor="y", holds_from="z")
    assert {name for name, _ in problems(response)} == {"issue", "actor", "holds_from"}


@pytest.mark.parametrize("path", ["", "schema/", *LISTS, "actors/japan/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(world, client, path, method):
    client.force_login(world.who)
    response = getattr(client, method)(ROOT + path)
    assert response.status_code == 405
    assert response["Content-Type"] == "application/json"
    assert problems(response)[0][0] is None


@pytest.mark.parametrize("path", ["", *LISTS])
def test_the_options_of_an_address_are_told(world, client, path):
    response = client.options(ROOT + path)
    assert response.status_code == 200
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path",
    [
        "nonsense/",
        "actors/atlantis/",
        "actors/japan/names/",
        "sources/cables/",
        "sources/cables/NONE/",
        "sources/cables/NONE/paragraphs/",
        "sources/cables/08TOKYO1212/paragraphs/99/",
        "sources/cables/08TOKYO1212/paragraphs/999999999999/",
        "statements/aaaaaaaaaaaa/",
        "statements/'%20OR%201=1/",
    ],
)
def test_what_is_not_there_is_said_in_json(world, client, path):
    response = get(client, path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"
    assert problems(response) == [(None, "Nothing is here.")]


def test_an_address_without_its_slash_is_redirected(client):
    assert client.get("/api/v1/actors")["Location"] == "/api/v1/actors/"


def test_a_fault_of_ours_is_json_and_logged(client, monkeypatch, caplog):
    from positions.api import views

    def fail(self):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(views.ActorViewSet, "get_queryset", fail)
    client.raise_request_exception = False
    response = get(client, "actors/")
    assert response.status_code == 500
    assert problems(response) == [(None, "Something went wrong on our side.")]
    assert "broken on purpose" not in body_of(response)


def test_what_cannot_be_written_as_asked_is_refused(client):
    response = client.get(f"{ROOT}actors/", headers={"accept": "image/png"})
    assert response.status_code == 406
    assert response["Content-Type"] == "application/json"


# -- pages --------------------------------------------------------------------------


def test_a_list_is_read_to_its_end_by_its_links(world, client):
    for number in range(7):
        make_actor(f"Actor {number % 3}", kind="body")
    seen, address = [], f"{ROOT}actors/?page_size=3&kind=body"
    while address:
        page = client.get(address).json()
        assert "count" not in page
        seen += [row["key"] for row in page["results"]]
        last, address = page, page["next"]
    whole = results(client, "actors/", kind="body")
    assert seen == [row["key"] for row in whole]
    before = client.get(last["previous"]).json()
    assert [row["key"] for row in before["results"]] == seen[-6:-3]


def test_rows_are_counted_only_on_request(world, client):
    assert get(client, "dispositions/", count="true").json()["count"] == len(
        results(client, "dispositions/", page_size=100)
    )
    assert "count" not in get(client, "dispositions/", count="false").json()


# -- cost ---------------------------------------------------------------------------


def add_rows(world, number):
    """So many more of everything that a list shows, with all that belongs to it."""
    for _ in range(number):
        issue = make_issue()
        option = make_option(issue=issue)
        option.alternatives.add(make_option(issue=issue))
        event = make_event()
        event.issues.add(issue, world.issue)
        source = make_source(collection=world.cables, issuer=make_actor(kind="body"))
        actor = make_actor()
        given = {"who": world.who, "actor": actor, "event": event}
        for on in (option, world.ccw):
            support = make_statement(
                **given,
                option=on,
                paragraph=paragraph_of(source, 1),
                reporter=source.issuer,
                state="accepted",
            )
            make_stance(
                who=world.who,
                actor=actor,
                option=on,
                support=[support],
                state="published",
            )


# Sessions cost nothing to a visitor. Every address first asks which collections are
# closed; the rest is the list, what belongs to its rows, and what its rows name.
QUERIES = {
    "actors/": 6,
    "issues/": 2,
    "options/": 6,
    "dispositions/": 2,
    "events/": 5,
    "sources/": 2,
    "paragraphs/": 3,
    "sources/cables/08TOKYO1212/paragraphs/": 4,
    "statements/": 6,
    "stances/": 7,
    "positions/": 14,
    "timelines/": 27,
}


def count_queries(client, path):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = get(client, path, **LISTS[path], page_size=100)
    assert response.status_code == 200
    return len(queries), len(response.json()["results"])


def test_a_page_costs_the_same_number_of_queries_however_long(world, client):
    add_rows(world, 2)
    few = {path: count_queries(client, path) for path in LISTS}
    add_rows(world, 10)
    many = {path: count_queries(client, path) for path in LISTS}
    assert {path: many[path][0] for path in LISTS} == {
        path: few[path][0] for path in LISTS
    }
    grown = {path for path in LISTS if many[path][1] >= few[path][1] + 10}
    assert grown == set(LISTS) - {
        "dispositions/",
        "sources/cables/08TOKYO1212/paragraphs/",
    }
    assert {path: few[path][0] for path in LISTS} == QUERIES


# -- anything at all ----------------------------------------------------------------

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30
)
ODD = st.sampled_from(
    [
        "null",
        "None",
        "NaN",
        "-1",
        "0",
        "9" * 30,
        "true",
        "1e400",
        "''",
        '"',
        "%",
        "*",
        "0001-01-01",
        "9999-12-31",
        "2008-02-30",
        "2008-05-02T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "cluster-munitions",
        "japan",
        "ccw",
        "derived",
        "both",
        "cables/08TOKYO1212",
        "/",
        "a/b/c",
        "W10",
        "eyJ9",
        "\ufffe",
        "\u202e",
        "csv",
        "api",
    ]
)
NAMES = st.sampled_from(
    sorted(
        {
            parameter["name"]
            for methods in description.__wrapped__()["paths"].values()
            for parameter in methods["get"]["parameters"]
            if parameter["in"] == "query"
        }
    )
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(sorted(LISTS)),
    asked=st.dictionaries(NAMES, st.one_of(ODD, TEXT), max_size=3),
    complete=st.booleans(),
)
def test_no_parameter_breaks_anything(world, client, path, asked, complete):
    parameters = (LISTS[path] if complete else {}) | asked
    response = get(client, path, **parameters)
    assert response.status_code in (200, 400), (path, parameters)
    body_of(response)
    if response.status_code == 400 and asked.get("format") != "api":
        assert {name for name, _ in problems(response)} <= {*parameters, "issue"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["actors", "issues", "statements", "sources", "sources/cables"]),
    TEXT.filter(lambda text: text.strip("./")),
)
def test_no_key_breaks_anything(world, client, name, key):
    from urllib.parse import quote

    response = client.get(f"{ROOT}{name}/{quote(key, safe='')}/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"

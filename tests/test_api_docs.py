"""docs/api.md says what is so: its addresses, parameters and columns."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import resolve

from positions.api import flat
from positions.api.pagination import PARAMETERS
from positions.api.urls import router

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "api.md").read_text()
REQUESTS = re.findall(r"^`GET (\S+)`$", TEXT, flags=re.MULTILINE)
VIEWS = {prefix: viewset for prefix, viewset, _ in router.registry if "(" not in prefix}


@pytest.mark.parametrize("request_", REQUESTS)
def test_each_example_names_an_address_and_its_parameters(request_):
    parts = urlsplit(request_)
    view = resolve(parts.path).func.cls
    known = set(view.filterset_class.base_filters) | set(PARAMETERS) | {"format"}
    asked = {name for name, _ in parse_qsl(parts.query)}
    misspelt = {"isue"}
    assert asked - misspelt <= known


@pytest.mark.parametrize("prefix", VIEWS)
def test_every_list_and_each_of_its_parameters_is_described(prefix):
    assert f"`{prefix}/" in TEXT
    for name in VIEWS[prefix].filterset_class.base_filters:
        assert f"`{name}`" in TEXT, name


@pytest.mark.parametrize(
    ("title", "columns"),
    [
        ("positions", flat.POSITIONS),
        ("timelines", flat.TIMELINE),
        ("statements", flat.STATEMENTS),
    ],
)
def test_the_columns_of_each_table_are_told_in_order(title, columns):
    told = re.search(rf"\*\*{title}\*\* \([^:]*:\n(.*?)\.\n\n", TEXT, flags=re.DOTALL)
    assert tuple(re.findall(r"`(\w+)`", told[1])) == columns

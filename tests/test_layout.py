"""Who may import whom: imports point one way, from the desks to the pure rules."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# The longest prefix of a module's name decides its layer.
LAYER_OF = {
    "positions": "questions",
    "positions.choices": "pure",
    "positions.dates": "pure",
    "positions.names": "pure",
    "positions.packing": "pure",
    "positions.anchoring": "pure",
    "positions.carrying": "pure",
    "positions.likeness": "pure",
    "positions.derivation": "pure",
    "positions.timeline": "pure",
    "positions.agreement": "pure",
    "positions.coefficients": "pure",
    "positions.phrases": "pure",
    "positions.differences": "pure",
    "positions.models": "models",
    "positions.migrations": "migrations",
    "positions.admin": "admin",
    "positions.api": "api",
    "positions.pages": "pages",
    "positions.views": "pages",
    "positions.urls": "pages",
    "positions.templatetags": "pages",
    "positions.management": "commands",
    "ingest": "loading",
    "ingest.records": "records",
    "ingest.reading": "reading",
    "ingest.archives": "reading",
    "ingest.formats": "formats",
    "ingest.posts": "posts",
    "ingest.suggesting": "suggesting",
    "ingest.offering": "pipeline",
    "ingest.models": "import models",
    "ingest.migrations": "migrations",
    "ingest.matching": "matching",
    "ingest.register": "matching",
    "ingest.pipeline": "pipeline",
    "ingest.demo": "demo",
    "ingest.admin": "import admin",
    "ingest.api": "import api",
    "ingest.management": "import commands",
    "config": "config",
}

DOMAIN = {"pure", "models", "questions"}
PARSING = {"records", "reading", "formats", "posts", "suggesting"}
IMPORTING = DOMAIN | PARSING | {"import models", "matching", "loading", "pipeline"}

MAY_IMPORT = {
    "pure": {"pure"},
    "models": {"pure", "models"},
    "questions": DOMAIN,
    "migrations": DOMAIN | {"import models"},
    "admin": DOMAIN | {"admin"},
    "api": DOMAIN | {"api"},
    "pages": DOMAIN | {"pages"},
    "commands": DOMAIN | {"commands"},
    "records": {"pure", "records"},
    "reading": {"pure", "records", "reading"},
    "formats": {"pure", "records", "reading", "posts", "formats"},
    "posts": {"pure", "records", "posts"},
    "suggesting": {"pure", "records", "posts", "reading", "suggesting"},
    "import models": DOMAIN | {"import models"},
    "matching": DOMAIN | {"records", "posts", "import models", "matching"},
    "loading": DOMAIN | {"records", "posts", "import models", "matching", "loading"},
    "pipeline": IMPORTING,
    "demo": IMPORTING | {"demo"},
    "import admin": IMPORTING | {"admin", "import admin"},
    "import api": IMPORTING | {"api", "import api"},
    "import commands": IMPORTING | {"demo", "import commands"},
    "config": {"admin", "api", "pages", "import admin", "import api", "config"},
}


def modules():
    """Every module of the project: dotted name -> (path, parsed)."""
    found = {}
    for package in ("config", "ingest", "positions"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            found[name] = (path, ast.parse(path.read_text(), str(path)))
    return found


MODULES = modules()


def layer_of(module):
    prefix = module
    while prefix not in LAYER_OF:
        prefix = prefix.rpartition(".")[0]
    return LAYER_OF[prefix]


def is_for_types_only(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def run_time_nodes(tree):
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if is_for_types_only(node):
            waiting.extend(node.orelse)
        else:
            waiting.extend(ast.iter_child_nodes(node))


def imports(tree, package, known):
    """The dotted names that a module in `package` imports when it runs."""
    for node in run_time_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in known else base


def imports_of(name):
    path, tree = MODULES[name]
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    return set(imports(tree, package, MODULES))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import positions.dates", {"positions.dates"}),
        ("from positions import dates", {"positions.dates"}),
        ("from positions.dates import Span", {"positions.dates"}),
        ("from .actors import Actor", {"positions.models.actors"}),
        ("from .. import dates", {"positions.dates"}),
        ("from ..dates import Span", {"positions.dates"}),
        ("def f():\n    import ingest", {"ingest"}),
        ("if TYPE_CHECKING:\n    import ingest", set()),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import ingest", {"ingest"}),
    ],
)
def test_every_way_to_import_is_seen(source, expected):
    known = {"positions", "positions.dates", "positions.models.actors", "ingest"}
    assert set(imports(ast.parse(source), "positions.models", known)) == expected


def test_imports_point_one_way():
    broken = [
        f"{name} imports {imported}"
        for name in MODULES
        for imported in sorted(imports_of(name))
        if imported.partition(".")[0] in {"config", "ingest", "positions"}
        and layer_of(imported) not in MAY_IMPORT[layer_of(name)]
    ]
    assert broken == []


def test_the_domain_does_not_know_the_import_side_even_by_name():
    named = [
        f"{name}:{node.lineno} {node.value!r}"
        for name, (_, tree) in MODULES.items()
        if name.startswith("positions")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"(admin:)?ingest[._:]\w", node.value)
    ]
    assert named == []


def test_pure_rules_and_parsers_do_without_a_database():
    # choices declares its lists with Django's enumerations, which touch no row.
    reaching = [
        f"{name} imports {imported}"
        for name in MODULES
        if layer_of(name) in {"pure", *PARSING} and name != "positions.choices"
        for imported in sorted(imports_of(name))
        if imported.startswith("django.db")
    ]
    assert reaching == []


def test_the_pure_modules_and_the_import_side_say_every_type():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    strict = {
        pattern.removesuffix(".*")
        for override in project["tool"]["mypy"]["overrides"]
        if override.get("disallow_untyped_defs")
        for pattern in override["module"]
    }
    assert strict == {name for name, layer in LAYER_OF.items() if layer == "pure"} | {
        "ingest"
    }


def test_commands_are_thin():
    thick = [
        f"{name}: handle() has {node.end_lineno - node.lineno + 1} lines"
        for name, (_, tree) in MODULES.items()
        if ".management.commands." in name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name == "handle"
        and node.end_lineno - node.lineno + 1 > 25
    ]
    assert thick == []


def test_modules_are_named_for_what_they_hold():
    vague = {"services", "utils", "helpers", "common", "misc"}
    assert [name for name in MODULES if name.rpartition(".")[2] in vague] == []

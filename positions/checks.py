"""System checks: what can be wrong with the database at start."""

from collections.abc import Sequence

from django.apps import apps
from django.core.checks import Error
from django.db import connections

from positions.models.constraints import NoOverlap


def declared_constraints(app_configs, databases: Sequence[str] | None = None, **kwargs):
    """Every named constraint that the models declare stands in the database.

    Runs with `check --database default` and before each migrate.
    """
    return [
        Error(
            f"The table {table} of the database “{alias}” lacks the constraint {name}.",
            hint="Run `manage.py migrate`; if that does not help, the table was "
            "changed by hand.",
            id="positions.E001",
        )
        for alias in databases or ()
        for table, name in missing_constraints(alias)
    ]


def missing_constraints(alias: str) -> list[tuple[str, str]]:
    """(table, name) of each declared constraint that the database has not."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        found = _names_in_database(connection, cursor)
    return [
        (model._meta.db_table, name)
        for label in ("positions", "ingest")
        for model in apps.get_app_config(label).get_models()
        if model._meta.db_table in tables
        for constraint in model._meta.constraints
        for name in _names_expected(constraint, connection.vendor)
        if (model._meta.db_table, name) not in found
    ]


def _names_expected(constraint, vendor: str) -> list[str]:
    if vendor == "sqlite" and isinstance(constraint, NoOverlap):
        return [f"{constraint.name}_insert", f"{constraint.name}_update"]
    return [constraint.name]


def _names_in_database(connection, cursor) -> set[tuple[str, str]]:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master")
        rows = cursor.fetchall()
        # SQLite keeps a table's own constraints only in the words that made it.
        inside = {
            (table, piece.split('"')[0])
            for table, name, sql in rows
            for piece in (sql or "").split('CONSTRAINT "')[1:]
        }
        return inside | {(table, name) for table, name, sql in rows}
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint "
        "UNION SELECT tablename, indexname FROM pg_indexes"
    )
    return {(table.strip('"'), name) for table, name in cursor.fetchall()}

"""The database's own way for many rows: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connections, models, router

Row = Sequence[Any]


def keys(model: type[models.Model], count: int) -> list[int]:
    """So many new primary keys, in order, that nobody else will be given.

    Inside a transaction: on SQLite it is the transaction that keeps others out.
    """
    connection = connections[router.db_for_write(model)]
    table, key = model._meta.db_table, model._meta.pk
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = cursor.fetchone()
            first = (last[0] if last else 0) + 1
            return list(range(first, first + count))
        cursor.execute(
            "WITH sequence AS MATERIALIZED "
            "(SELECT pg_get_serial_sequence(%s, %s)::regclass AS name) "
            "SELECT nextval(name) FROM sequence, generate_series(1, %s)",
            [f'"{table}"', key.column, count],
        )
        return [value for (value,) in cursor.fetchall()]


def insert(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Row]
) -> None:
    """Insert rows that have a value for each of these fields, in this order.

    Values are as the ORM takes them, but for foreign keys (the other's primary key,
    under the field's `attname`) and JSON, which is text. The other fields take their
    defaults; a primary key that is not named is the database's to choose. Nothing
    happens for no rows. Raises what Django's own insert raises.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    named = {field.attname: field for field in model._meta.concrete_fields}
    fields = [named[name] for name in names]
    others = [
        field
        for field in named.values()
        if field not in fields and not field.primary_key
    ]
    given = tuple(
        field.get_db_prep_save(field.get_default(), connection) for field in others
    )
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in (*fields, *others))
    whole: Any = _adapted(rows, fields, connection)
    if given:
        whole = ((*row, *given) for row in whole)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * (len(fields) + len(others)))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"
            cursor.executemany(statement, whole)
            return
        statement = f"COPY {table} ({columns}) FROM STDIN"
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in whole:
                copy.write_row(row)


def count_anew(*loaded: type[models.Model]) -> None:
    """Let the planner know how much these tables hold by now.

    PostgreSQL plans by what it counted last. After a big load that is nothing, until
    its own count comes round, and it reads whole tables for a few rows.
    """
    connection = connections[router.db_for_write(loaded[0])]
    if connection.vendor == "sqlite":
        return
    tables = (connection.ops.quote_name(model._meta.db_table) for model in loaded)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _adapted(
    rows: Iterable[Row], fields: Sequence[Any], connection: Any
) -> Iterable[Row]:
    """The rows with days and instants as the driver takes them."""
    adapters: dict[int, Callable[[Any], Any]] = {}
    for place, field in enumerate(fields):
        if isinstance(field, models.DateTimeField):
            adapters[place] = connection.ops.adapt_datetimefield_value
        elif isinstance(field, models.DateField):
            adapters[place] = connection.ops.adapt_datefield_value

    def adapted(row: Row) -> Row:
        values = list(row)
        for place, adapt in adapters.items():
            values[place] = adapt(values[place])
        return values

    # PostgreSQL's driver takes them as they are.
    return map(adapted, rows) if adapters and connection.vendor == "sqlite" else rows

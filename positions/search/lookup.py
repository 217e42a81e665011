"""PostgreSQL's way from a word to its rows (GIN), which a big load does without.

Kept up row by row it costs more than made at the end. While it is not there, every
search finds the same, by reading all words. FTS5 on SQLite has nothing to leave out.
"""

from __future__ import annotations

from django.db import OperationalError, connections, models, router, transaction

from .index import INDEXES

# How long searches under way are waited for, which hold what is to be dropped.
PATIENCE = "5s"
# What the server may hold of it while it is made, before it writes it out.
ROOM = "256MB"


def is_there(model: type[models.Model]) -> bool:
    connection, table = _place(model)
    if connection.vendor == "sqlite":
        return True
    return _asked(connection, "SELECT to_regclass(%s) IS NOT NULL", f"{table}_gin")


def outnumbers(model: type[models.Model], count: int) -> bool:
    """Are there more than so many rows in the index? No more are counted."""
    connection, table = _place(model)
    rows = f"SELECT 1 FROM {table} LIMIT %s"
    counted = f"SELECT count(*) > %s FROM ({rows}) AS counted"
    return bool(_asked(connection, counted, count, count + 1))


def put_off(model: type[models.Model]) -> bool:
    """Drop it until this session makes it; False where it is to stay.

    It stays on SQLite, while a search does not end, and where another session has
    put it off. Should this session end before, the next that asks may make it.
    """
    connection, table = _place(model)
    if connection.vendor == "sqlite" or not claim(model):
        return False
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(f"DROP INDEX IF EXISTS {table}_gin")
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as fault:
        if "lock timeout" not in str(fault):
            raise
        release(model)
        return False
    return True


def make(model: type[models.Model]) -> None:
    """Make it where it is not there; searches go on, and writers wait."""
    connection, table = _place(model)
    if connection.vendor == "sqlite":
        return
    atomic = transaction.atomic(using=connection.alias)
    with atomic, connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{ROOM}'")
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {table}_gin ON {table} USING gin (words)"
        )
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")


def claim(model: type[models.Model]) -> bool:
    """Let no other session put it off or make it; False if one does already."""
    connection, table = _place(model)
    if connection.vendor == "sqlite":
        return True
    return _asked(connection, f"SELECT pg_try_advisory_lock({_LOCK})", table)


def release(model: type[models.Model]) -> None:
    """End what `claim` or `put_off` has begun."""
    connection, table = _place(model)
    if connection.vendor != "sqlite":
        _asked(connection, f"SELECT pg_advisory_unlock({_LOCK})", table)


_LOCK = "%s::regclass::oid::bigint"


def _place(model: type[models.Model]):
    return connections[router.db_for_write(model)], INDEXES[model].table


def _asked(connection, statement: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]

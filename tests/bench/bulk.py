"""The database's own bulk path: COPY on PostgreSQL, executemany on SQLite.

Every row of the database at hand that an empty one lacks is put into the empty one:
its indexes, its constraints and its tables of words are kept up. Only the writing is
timed; in one transaction, so that foreign keys are checked at its end.
"""

import sqlite3
import tempfile
from contextlib import closing

from tests.bench.measuring import timed

BATCH = 5_000
BLOCK = 2**20


def path():
    """What the bulk path of the database at hand is called."""
    from django.db import connection

    return "executemany" if connection.vendor == "sqlite" else "COPY"


def copy_all(spare):
    """Copy the rows into a spare database: the seconds it took, and how many rows."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return _by_executemany(spare)
    return _by_copy(spare)


def tables():
    """The tables of all models, and those of the words that search looks in."""
    from django.apps import apps

    from positions.search import INDEXES

    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models], list(INDEXES.values())


# -- SQLite --------------------------------------------------------------------------


def _by_executemany(spare):
    from django.db import connection

    ours, words = tables()
    options = connection.settings_dict["OPTIONS"]
    rows = 0
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        closing(sqlite3.connect(spare.path, isolation_level=None)) as target,
    ):
        target.executescript(options["init_command"])
        target.execute("PRAGMA foreign_keys = ON")
        write, spent = timed(target.executemany)
        target.execute("BEGIN IMMEDIATE")
        for table in ours:
            if _is_empty(target, table):
                rows += _copy_rows(source, write, table)
        for index in words:
            rows += _copy_words(write, index)
        commit, committing = timed(target.commit)
        commit()
    return spent.seconds + committing.seconds, rows


def _is_empty(target, table):
    return target.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is None


def _copy_rows(source, write, table):
    found, count = source.execute(f'SELECT * FROM "{table}"'), 0
    places = ", ".join("?" * len(found.description))
    while rows := found.fetchmany(BATCH):
        write(f'INSERT INTO "{table}" VALUES ({places})', rows)
        count += len(rows)
    return count


def _copy_words(write, index):
    """The table keeps no texts to be read: the same words, made ready beforehand."""
    from positions.search.index import fts5_columns

    names = ", ".join(index.columns)
    places = ", ".join("?" * (1 + len(index.columns)))
    insert = f"INSERT INTO {index.table} (rowid, {names}) VALUES ({places})"
    pks = list(index.model._base_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        batch = index.model._base_manager.filter(
            pk__range=(pks[start], pks[min(start + BATCH, len(pks)) - 1])
        )
        rows = [(pk, *fts5_columns(parts)) for pk, parts in index.texts(batch)]
        write(insert, rows)
    return len(pks)


# -- PostgreSQL ----------------------------------------------------------------------


def _by_copy(spare):
    import psycopg
    from django.db import connection

    ours, words = tables()
    connection.ensure_connection()
    rows = 0
    with psycopg.connect(spare.url) as target, target.cursor() as cursor:
        write, spent = timed(_copy_in)
        for table in [*ours, *(index.table for index in words)]:
            if cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is None:
                with tempfile.TemporaryFile() as file:
                    rows += _copy_out(connection.connection, table, file)
                    write(cursor, table, file)
        commit, committing = timed(target.commit)
        commit()
    return spent.seconds + committing.seconds, rows


def _copy_out(source, table, file):
    with source.cursor() as cursor:
        with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
            for block in copy:
                file.write(block)
        file.seek(0)
        return cursor.rowcount


def _copy_in(cursor, table, file):
    with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
        while block := file.read(BLOCK):
            copy.write(block)

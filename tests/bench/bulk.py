"""The database's own bulk path: COPY on PostgreSQL, executemany on SQLite.

Rows of the database at hand are put into a spare one: its indexes, its constraints
and its tables of words are kept up. Only the writing is timed; in one transaction, so
that foreign keys are checked at its end.
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


def copy(spare, beyond):
    """Copy the rows `beyond` those counted before: the seconds, and how many rows."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return _by_executemany(spare, beyond)
    return _by_copy(spare, beyond)


def last_rows():
    """Table -> (the column of its primary key, the highest of it), for numbered rows.

    What is beyond these is what comes from now on.
    """
    from django.db import models

    found = {}
    for model in tables()[0]:
        key = model._meta.pk
        numbers = key.target_field if key.is_relation else key
        if isinstance(numbers, models.AutoField):
            last = model._base_manager.aggregate(last=models.Max(key.attname))["last"]
            found[model._meta.db_table] = (key.column, last or 0)
    return found


def tables():
    """All models, and the indexes of the words that search looks in."""
    from django.apps import apps

    from positions.search import INDEXES

    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    return models, list(INDEXES.values())


# -- SQLite --------------------------------------------------------------------------


def _by_executemany(spare, beyond):
    from django.db import connection

    models, words = tables()
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
        for table in (model._meta.db_table for model in models):
            if table in beyond:
                rows += _copy_rows(source, write, table, *beyond[table])
        for index in words:
            _, last = beyond[index.model._meta.db_table]
            rows += _copy_words(write, index, last)
        commit, committing = timed(target.commit)
        commit()
    return spent.seconds + committing.seconds, rows


def _copy_rows(source, write, table, key, last):
    found = source.execute(f'SELECT * FROM "{table}" WHERE "{key}" > ?', (last,))
    count, places = 0, ", ".join("?" * len(found.description))
    while rows := found.fetchmany(BATCH):
        write(f'INSERT INTO "{table}" VALUES ({places})', rows)
        count += len(rows)
    return count


def _copy_words(write, index, last):
    """The table keeps no texts to be read: the same words, made ready beforehand."""
    from positions.search.index import fts5_columns

    names = ", ".join(index.columns)
    places = ", ".join("?" * (1 + len(index.columns)))
    insert = f"INSERT INTO {index.table} (rowid, {names}) VALUES ({places})"
    models = index.model._base_manager.order_by("pk")
    count = 0
    while pks := list(models.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        batch = models.filter(pk__range=(pks[0], last := pks[-1]))
        write(insert, [(pk, *fts5_columns(parts)) for pk, parts in index.texts(batch)])
        count += len(pks)
    return count


# -- PostgreSQL ----------------------------------------------------------------------


def _by_copy(spare, beyond):
    import psycopg
    from django.db import connection

    models, words = tables()
    wanted = [
        (table, *beyond[table])
        for table in (model._meta.db_table for model in models)
        if table in beyond
    ] + [(index.table, "id", beyond[index.model._meta.db_table][1]) for index in words]
    connection.ensure_connection()
    rows = 0
    with psycopg.connect(spare.url) as target, target.cursor() as cursor:
        write, spent = timed(_copy_in)
        for table, key, last in wanted:
            with tempfile.TemporaryFile() as file:
                if count := _copy_out(connection.connection, table, key, last, file):
                    write(cursor, table, file)
                    rows += count
        commit, committing = timed(target.commit)
        commit()
    return spent.seconds + committing.seconds, rows


def _copy_out(source, table, key, last, file):
    chosen = f'SELECT * FROM "{table}" WHERE "{key}" > {last:d} ORDER BY "{key}"'
    with source.cursor() as cursor:
        with cursor.copy(f"COPY ({chosen}) TO STDOUT") as copy:
            for block in copy:
                file.write(block)
        file.seek(0)
        return cursor.rowcount


def _copy_in(cursor, table, file):
    with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
        while block := file.read(BLOCK):
            copy.write(block)

"""Databases of the bench's own: migrated once, copied for each section, dropped.

The database that a URL names is never opened; on its server others are made.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]

# What would make two machines measure different things.
RULES = ("READER_CLEARANCE", "SELF_REVIEW", "SECURE_SSL_REDIRECT", "LOG_LEVEL")


@dataclass(frozen=True)
class Engine:
    """One database: what the engine is called, and the address of this one."""

    name: str
    url: str
    version: str = ""

    @property
    def path(self):
        """The file of an SQLite database."""
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def database(self):
        return urlsplit(self.url).path.removeprefix("/")

    @property
    def server(self):
        """Where databases are made and dropped."""
        return urlunsplit(urlsplit(self.url)._replace(path="/postgres"))


# For what touches no database: one that is never opened.
NONE = Engine("no database", "sqlite:///bench-never-made.sqlite3")


def environment(engine):
    """The environment of a process that works on a database."""
    kept = {name: text for name, text in os.environ.items() if name not in RULES}
    return kept | {
        "DATABASE_URL": engine.url,
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


@contextmanager
def engines():
    """Empty, migrated databases: SQLite, and PostgreSQL where a URL names a server."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file = f"sqlite:///{folder}/bench.sqlite3"
        found = [Engine("SQLite", file, sqlite3.sqlite_version)]
        if server := postgresql_named():
            found.append(_postgresql(server))
        try:
            for engine in found:
                _create(engine)
                run(engine, "manage.py", "migrate", "--verbosity", "0")
            yield found
        finally:
            for engine in found:
                drop(engine)


def _postgresql(server):
    """A database to be made on a server: its name is this process's own."""
    path = f"/demarche_bench_{os.getpid()}"
    engine = Engine("PostgreSQL", urlunsplit(urlsplit(server)._replace(path=path)))
    version = _on_server(engine, "SHOW server_version").fetchone()[0].split()[0]
    return replace(engine, version=version)


def postgresql_named():
    """The address of a PostgreSQL server, "" where the environment names none."""
    for name in ("TEST_DATABASE_URL", "DATABASE_URL"):
        url = os.environ.get(name, "")
        if urlsplit(url).scheme in ("postgres", "postgresql"):
            return url
    return ""


@contextmanager
def copies(engine, count):
    """So many copies of a database, dropped at the end."""
    made = [Engine(engine.name, f"{engine.url}_{n}") for n in range(count)]
    try:
        for copy in made:
            _create(copy, like=engine)
        yield made
    finally:
        for copy in made:
            drop(copy)


def run(engine, *arguments):
    """What a Python program that works on a database says on its standard output.

    Ends the bench if the program fails, which has said why on its standard error.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(engine),
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed on {engine.name}.")
    return done.stdout


def _create(engine, *, like=None):
    if engine.name == "SQLite":
        if like is not None:
            shutil.copy(like.path, engine.path)
        return
    template = f' TEMPLATE "{like.database}"' if like else ""
    _on_server(engine, f'CREATE DATABASE "{engine.database}"{template}')


def drop(engine):
    if engine.name == "SQLite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{engine.path}{suffix}").unlink(missing_ok=True)
        return
    _on_server(engine, f'DROP DATABASE IF EXISTS "{engine.database}" WITH (FORCE)')


def _on_server(engine, statement):
    import psycopg

    try:
        with psycopg.connect(engine.server, autocommit=True) as connection:
            return connection.execute(statement)
    except psycopg.Error as fault:
        raise SystemExit(f"PostgreSQL: {fault}") from fault

"""One section in a process of its own, on the database that DATABASE_URL names.

`python -m tests.bench.worker SECTION SIZE [URL of a second, empty database]`; the
rows stand on the last line of the standard output, as JSON.
"""

import json
import sys
from dataclasses import asdict
from importlib import import_module

from tests.bench.databases import Engine
from tests.bench.measuring import Work


def main(section, size, spare=""):
    import django
    from django.conf import settings

    django.setup()
    # As in production, but for the switches that a proxy and a name would need.
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    module = import_module(f"tests.bench.{section}")
    work = Work(int(size), Engine(name_of(spare), spare) if spare else None)
    print(json.dumps([asdict(row) for row in module.measure(work)]))


def name_of(url):
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"


if __name__ == "__main__":
    main(*sys.argv[1:])

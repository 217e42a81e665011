"""Search: filling the index against the database alone; finding as the table grows.

`python -m tests.bench.search [paragraphs]`, on the server of DATABASE_URL in a
database of its own. Ratios travel to other machines, times do not.
"""

import itertools
import os
import random
import sys
import time


def main(count: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    names = setup_databases(verbosity=0, interactive=False)
    try:
        make_paragraphs(count // 4)
        small = time_finding()
        make_paragraphs(count - count // 4)
        measure_filling(count)
        for what, took in time_finding().items():
            print(
                f"{what}: {took / small[what]:.1f} times as long among {count} "
                f"paragraphs as among a quarter of them ({took * 1000:.1f} ms)"
            )
    finally:
        teardown_databases(names, verbosity=0)


def make_paragraphs(count, *, each=20, public=50):
    """Documents of 20 paragraphs of 100 words, one document in fifty public."""
    from positions.models import Collection, Paragraph, Revision, Source

    rng = random.Random(1)
    words = [f"w{n}" for n in range(30_000)]
    weights = list(itertools.accumulate(1 / (n + 1) for n in range(len(words))))
    key = f"bench{count}"
    collection = Collection.objects.create(key=key, title="Bench", level=0)
    for start in range(0, count // each, 500):
        sources = Source.objects.bulk_create(
            Source(
                collection=collection,
                identifier=f"DOC{n}",
                visibility="private" if n % public else "public",
            )
            for n in range(start, min(start + 500, count // each))
        )
        revisions = Revision.objects.bulk_create(
            Revision(source=source, number=1, text="", parser="bench", reason="first")
            for source in sources
        )
        Paragraph.objects.bulk_create(
            Paragraph(
                revision=revision,
                key=n,
                order=n,
                name=str(n),
                access_level=0,
                start=0,
                end=len(text),
                text=text,
            )
            for revision in revisions
            for n in range(each)
            for text in [" ".join(rng.choices(words, cum_weights=weights, k=100))]
        )


def measure_filling(count):
    """The index filled set by set, against the same words put in ready-made."""
    from django.db import connection

    from positions import search
    from positions.models import Paragraph
    from positions.search.index import fts5_columns, tsvector

    ours = seconds(lambda: search.rebuild(Paragraph), times=1)
    texts = Paragraph.objects.order_by("pk").values_list("pk", "text")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE VIRTUAL TABLE bare USING fts5(words, content='', "
                "tokenize='ascii')"
            )
            rows = [(pk, *fts5_columns([[text]])) for pk, text in texts]
            insert = "INSERT INTO bare (rowid, words) VALUES (%s, %s)"
        else:
            cursor.execute("CREATE TABLE bare (id bigint PRIMARY KEY, words tsvector)")
            rows = [(pk, tsvector([[text]], ("",))) for pk, text in texts]
            insert = "INSERT INTO bare VALUES (%s, %s)"
        bare = seconds(lambda: fill_bare(connection, cursor, insert, rows), times=1)
    print(
        f"filling the index of {count} paragraphs: {ours / bare:.1f} times as long as "
        f"putting in the same words ready-made ({count / ours:.0f} paragraphs/s)"
    )


def fill_bare(connection, cursor, insert, rows):
    from django.db import transaction

    with transaction.atomic():
        if connection.vendor == "sqlite":
            cursor.executemany(insert, rows)
            return
        with cursor.copy("COPY bare (id, words) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("CREATE INDEX ON bare USING gin (words)")


def time_finding():
    """What is looked for, and the seconds that the page of its newest takes."""
    from positions import search
    from positions.models import Paragraph
    from positions.readers import Reader

    search.rebuild(Paragraph)
    readers = {
        "anybody": Reader.anonymous(),
        "a curator": Reader(curator=True, clearance=4),
    }
    return {
        f"{word} for {name}": seconds(
            lambda word=word, reader=reader: search.search(word, reader)
        )
        for word in ("w3", "w300", "w20000", '"w3 w5"', "w30*", "w3 -w5")
        for name, reader in readers.items()
    }


def seconds(work, times=5):
    def once():
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return min(once() for _ in range(times))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)

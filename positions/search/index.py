"""Where the words of paragraphs, statements and sources are kept, and their filling.

One table beside each model, outside the models and without triggers: FTS5 on
SQLite, a tsvector with GIN on PostgreSQL. Both get the same words, cut by
`names.tokens`, at the same places, so that both find the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add

from django.db import connections, models, router, transaction
from django.db.models.expressions import Expression, RawSQL

from positions.models import Actor, Option, Paragraph, Source, Statement

from .query import Query, cut, for_fts5, for_tsquery, line_of

BATCH = 1000

# PostgreSQL keeps no place beyond 16,383 and 255 places of one word, and no more than
# a megabyte of a text. Both indexes stop short of that: further words are found, but
# in no phrase, and when the room is used up no new word is.
LAST_PLACE = 16_000
BEYOND = 16_383
MOST_PLACES = 250
ROOM = 800_000
ROOM_OF_A_WORD = 8

# A word that no text and no query has: nothing stands side by side across it.
GAP = "¶"

# What a source is found by.
SOURCE_FIELDS = ("identifier", "canonical_id", "title", "symbol")

# The texts of a row in parts; a reader may have to do without the later ones.
Parts = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Index:
    """The table of one model's words: its columns, and where they come from.

    texts yields (primary key, parts) for a queryset. Only the first part may be
    searched by everybody. Rows of a `lasting` index never change.
    """

    model: type[models.Model]
    texts: Callable[[models.QuerySet], Iterator[tuple[int, Parts]]]
    columns: tuple[str, ...] = ("words",)
    lasting: bool = False

    @property
    def table(self) -> str:
        return f"{self.model._meta.db_table}_words"

    @property
    def weights(self) -> tuple[str, ...]:
        """How PostgreSQL tells the parts apart."""
        return ("A", "")[: len(self.columns)] if len(self.columns) > 1 else ("",)


def paragraph_texts(rows: models.QuerySet) -> Iterator[tuple[int, Parts]]:
    for pk, text in rows.values_list("pk", "text"):
        yield pk, [[text]]


def source_texts(rows: models.QuerySet) -> Iterator[tuple[int, Parts]]:
    for pk, *texts in rows.values_list("pk", *SOURCE_FIELDS):
        yield pk, [texts]


def statement_texts(rows: models.QuerySet) -> Iterator[tuple[int, Parts]]:
    """What everybody reads of a statement, then its quotes; never the coder's note.

    Six queries, however many rows: with each save one row is indexed.
    """
    rows = rows.select_related(
        "actor",
        "option",
        "disposition",
        "speaker__merged_into",
        "on_authority_of__merged_into",
    )
    found = list(rows.prefetch_related("citations"))
    actors = _names(Actor, "names", (row.actor for row in found))
    options = _names(Option, "aliases", (row.option for row in found))
    for row in found:
        quotes = [
            text
            for citation in row.citations.all()
            for text in (citation.quote, citation.translation)
        ]
        named = actors[_read_as(row.actor)] + options[_read_as(row.option)]
        yield row.pk, [named + _open_texts(row), quotes]


def _read_as(record: Actor | Option) -> int:
    """The primary key of the record that a record is read as."""
    return record.merged_into_id or record.pk


def _names(
    model: type[models.Model], others: str, records: Iterable
) -> dict[int, list[str]]:
    """All names of those that are read as one, by the survivor's primary key.

    `others` is where a record of the model has its other names.
    """
    survivors = {_read_as(record) for record in records}
    found: dict[int, list[str]] = {pk: [] for pk in survivors}
    one = models.Q(pk__in=survivors) | models.Q(merged_into__in=survivors)
    for record in model._base_manager.filter(one).prefetch_related(others):
        found[_read_as(record)] += [
            record.name,
            getattr(record, "short_name", ""),
            *(other.name for other in getattr(record, others).all()),
        ]
    return found


def _open_texts(row: Statement) -> list[str]:
    return [
        row.disposition.label,
        row.speaker_name,
        row.speaker_text,
        row.speaker_role,
        row.authority_name,
        row.condition,
    ]


INDEXES: dict[type[models.Model], Index] = {
    index.model: index
    for index in (
        Index(Paragraph, paragraph_texts, lasting=True),
        Index(Statement, statement_texts, columns=("words", "quotes")),
        Index(Source, source_texts),
    )
}


class Matching(Expression):
    """The primary keys of the rows that match, for `filter(pk__in=...)`.

    With `first_part`, only the words that everybody may search count. With `newest`,
    no more than so many keys, the highest.
    """

    def __init__(
        self,
        index: Index,
        query: Query,
        *,
        first_part: bool = False,
        newest: int | None = None,
    ):
        super().__init__(output_field=models.BigIntegerField())
        self.index, self.query, self.newest = index, query, newest
        self.narrow = first_part and len(index.columns) > 1

    def as_sql(self, compiler, connection) -> tuple[str, tuple[str]]:
        table = connection.ops.quote_name(self.index.table)
        if connection.vendor == "sqlite":
            column = self.index.columns[0] if self.narrow else ""
            text = for_fts5(self.query, column=column)
            key, condition = "rowid", f"{table} MATCH %s"
        else:
            weight = self.index.weights[0] if self.narrow else ""
            text = for_tsquery(self.query, weight=weight)
            key, condition = "id", "words @@ %s::tsquery"
        bound = f" ORDER BY {key} DESC LIMIT {self.newest:d}" if self.newest else ""
        return f"(SELECT {key} FROM {table} WHERE {condition}{bound})", (text,)


def index(model: type[models.Model], pks: Iterable[int]) -> None:
    """Put the words of these rows into the index, in the transaction under way.

    Rows that are indexed already are replaced (paragraphs never change and are left),
    rows that are gone leave the index. Set by set: a fixed number of queries for each
    thousand.
    """
    for batch in batches(pks):
        _write(INDEXES[model], batch)


def insert(
    model: type[models.Model], rows: Iterable[tuple[int, Sequence[str]]]
) -> None:
    """Put new rows into the index, from their texts in hand.

    rows are (primary key, texts) of rows that no index has yet. For models whose
    words are all in one part; in the transaction under way.
    """
    kept = INDEXES[model]
    connection = connections[router.db_for_write(model)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                f"INSERT INTO {kept.table} (rowid, {kept.columns[0]}) VALUES (%s, %s)",
                ((pk, *fts5_columns([texts])) for pk, texts in rows),
            )
            return
        statement = f"COPY {kept.table} (id, words) FROM STDIN"
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for pk, texts in rows:
                # Letters, digits, quotes, colons: nothing that COPY would read.
                copy.write(f"{pk}\t{tsvector([texts], kept.weights)}\n")


def batches(pks: Iterable[int]) -> Iterator[list[int]]:
    """The keys in order, each once, by the thousand."""
    ordered = sorted(set(pks))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def forget(model: type[models.Model], pks: Iterable[int]) -> None:
    """Take rows out of the index before they are deleted."""
    kept = INDEXES[model]
    alias = router.db_for_write(model)
    for batch in batches(pks):
        with connections[alias].cursor() as cursor:
            if connections[alias].vendor != "sqlite":
                cursor.execute(f"DELETE FROM {kept.table} WHERE id = ANY(%s)", (batch,))
            elif kept.lasting:
                _forget_fts5(cursor, kept, batch)
            else:
                cursor.executemany(
                    f"DELETE FROM {kept.table} WHERE rowid = %s",
                    [(pk,) for pk in batch],
                )


def _forget_fts5(cursor, kept: Index, pks: Sequence[int]) -> None:
    """A table that keeps no text must be told the words that it forgets."""
    places = ", ".join(["%s"] * len(pks))
    cursor.execute(f"SELECT rowid FROM {kept.table} WHERE rowid IN ({places})", pks)
    there = [pk for (pk,) in cursor.fetchall()]
    columns = ", ".join(kept.columns)
    values = ", ".join(["%s"] * (1 + len(kept.columns)))
    rows = kept.model._base_manager.filter(pk__in=there)
    cursor.executemany(
        f"INSERT INTO {kept.table} ({kept.table}, rowid, {columns}) "
        f"VALUES ('delete', {values})",
        [(pk, *fts5_columns(parts)) for pk, parts in kept.texts(rows)],
    )


def unindexed(model: type[models.Model]) -> models.QuerySet:
    """The rows whose words are not in the index."""
    kept = INDEXES[model]
    alias = router.db_for_write(model)
    key = "rowid" if connections[alias].vendor == "sqlite" else "id"
    there = RawSQL(f"SELECT {key} FROM {kept.table}", ())
    return model._base_manager.using(alias).exclude(pk__in=there)


def rebuild(model: type[models.Model]) -> int:
    """Empty a model's index and fill it again; the number of rows indexed.

    One transaction: until it ends, SQLite's readers see the old index and those of
    PostgreSQL wait.
    """
    kept = INDEXES[model]
    alias = router.db_for_write(model)
    pks = model._base_manager.using(alias).order_by("pk").values_list("pk", flat=True)
    total = last = 0
    with transaction.atomic(using=alias):
        _empty(connections[alias], kept)
        while batch := list(pks.filter(pk__gt=last)[:BATCH]):
            _write(kept, batch)
            total, last = total + len(batch), batch[-1]
        _finish(connections[alias], kept)
    return total


def _write(kept: Index, pks: Sequence[int]) -> None:
    alias = router.db_for_write(kept.model)
    rows = kept.model._base_manager.using(alias).filter(pk__in=pks)
    # No savepoint: FTS5 would write out what it has gathered at each.
    atomic = transaction.atomic(using=alias, savepoint=False)
    with atomic, connections[alias].cursor() as cursor:
        if connections[alias].vendor == "sqlite":
            _write_fts5(cursor, kept, pks, rows)
        else:
            _write_tsvector(cursor, kept, pks, rows)


def _write_fts5(cursor, kept: Index, pks: Sequence[int], rows) -> None:
    places = ", ".join(["%s"] * len(pks))
    if kept.lasting:
        # The table keeps no text, so that a row put in twice would stand in it twice.
        cursor.execute(f"SELECT rowid FROM {kept.table} WHERE rowid IN ({places})", pks)
        rows = rows.exclude(pk__in=[pk for (pk,) in cursor.fetchall()])
    else:
        cursor.execute(f"DELETE FROM {kept.table} WHERE rowid IN ({places})", pks)
    columns = ", ".join(kept.columns)
    values = ", ".join(["%s"] * (1 + len(kept.columns)))
    cursor.executemany(
        f"INSERT INTO {kept.table} (rowid, {columns}) VALUES ({values})",
        [(pk, *fts5_columns(parts)) for pk, parts in kept.texts(rows)],
    )


def _write_tsvector(cursor, kept: Index, pks: Sequence[int], rows) -> None:
    found = {pk: tsvector(parts, kept.weights) for pk, parts in kept.texts(rows)}
    gone = [pk for pk in pks if pk not in found]
    if gone:
        cursor.execute(f"DELETE FROM {kept.table} WHERE id = ANY(%s)", (gone,))
    conflict = "NOTHING" if kept.lasting else "UPDATE SET words = excluded.words"
    cursor.execute(
        f"INSERT INTO {kept.table} (id, words) "
        "SELECT id, words::tsvector "
        "FROM unnest(%s::bigint[], %s::text[]) AS found (id, words) "
        f"ON CONFLICT (id) DO {conflict}",
        (list(found), list(found.values())),
    )


def _empty(connection, kept: Index) -> None:
    table = kept.table
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            # An index built at the end costs a third of one kept up row by row.
            cursor.execute(f"DROP INDEX IF EXISTS {table}_gin")
            cursor.execute(f"TRUNCATE {table}")
        elif kept.lasting:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
        else:
            cursor.execute(f"DELETE FROM {table}")


def _finish(connection, kept: Index) -> None:
    table = kept.table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        else:
            cursor.execute(f"CREATE INDEX {table}_gin ON {table} USING gin (words)")
            cursor.execute(f"ANALYZE {table}")


def runs(parts: Parts) -> Iterator[tuple[int, int, list[str]]]:
    """(part, place from 1, words side by side) of what an index keeps of a row.

    Between two texts a place is left free. Beyond the limits above a word is kept
    once, at the place BEYOND, or not at all.
    """
    cuts = [[cut(text) for text in texts] for texts in parts]
    if not _fits(cuts):
        yield from _bounded(cuts)
        return
    place = 0
    for part, texts in enumerate(cuts):
        for words in filter(None, texts):
            yield part, place + 1, words
            place += len(words) + 1


def _fits(cuts: Sequence[Sequence[list[str]]]) -> bool:
    """Do the words of a row stay within all limits?"""
    words = [word for texts in cuts for text in texts for word in text]
    if len(words) <= MOST_PLACES:
        return True
    texts = sum(map(len, cuts))
    if len(words) + texts > LAST_PLACE:
        return False
    times = Counter(words)
    # A character comes to four bytes at most.
    room = 4 * sum(map(len, times)) + ROOM_OF_A_WORD * len(times)
    return room <= ROOM and max(times.values()) <= MOST_PLACES


def _bounded(
    cuts: Sequence[Sequence[list[str]]],
) -> Iterator[tuple[int, int, list[str]]]:
    """Word by word, as far as the limits go."""
    place, room = 0, ROOM
    times: Counter[str] = Counter()
    for part, texts in enumerate(cuts):
        for words in filter(None, texts):
            for word in words:
                place += 1
                seen = times[word]
                if seen == 0:
                    room -= len(word.encode()) + ROOM_OF_A_WORD
                if (seen and place > LAST_PLACE) or seen >= MOST_PLACES or room < 0:
                    continue
                times[word] += 1
                yield part, place if place <= LAST_PLACE else BEYOND, [word]
            place += 1


def fts5_columns(parts: Parts) -> list[str]:
    """What FTS5 is given: for each part its words, with GAP where places are free."""
    if line := _one_line(parts):
        return [line]
    columns: list[list[str]] = [[] for _ in parts]
    following = 1
    for part, place, words in runs(parts):
        if place != following:
            columns[part].append(GAP)
        columns[part] += words
        following = place + len(words)
    return [" ".join(column) for column in columns]


def _one_line(parts: Parts) -> str:
    """The words of a row of one short text, as nearly all are, for FTS5 to cut."""
    if len(parts) == 1 and len(parts[0]) == 1:
        line = line_of(parts[0][0])
        if line.count(" ") < MOST_PLACES:
            return line
    return ""


def tsvector(parts: Parts, weights: Sequence[str]) -> str:
    """What PostgreSQL is given: each word with its places and weights.

    A word may come again with a further place: PostgreSQL puts them together.
    Words are letters and digits: nothing in them needs escaping.
    """
    if not weights[0] and (words := _one_run(parts)):
        return "'" + " '".join(map(add, words, _PLACES))
    return " ".join(
        f"'{word}':{place}{weights[part]}"
        for part, first, words in runs(parts)
        for place, word in enumerate(words, start=first)
    )


def _one_run(parts: Parts) -> list[str]:
    """The words of a row of one short text, as nearly all are; else none."""
    if len(parts) == 1 and len(parts[0]) == 1:
        words = cut(parts[0][0])
        if len(words) <= MOST_PLACES:
            return words
    return []


# The places of a short text as they stand behind its words in a tsvector.
_PLACES = tuple(f"':{place}" for place in range(1, MOST_PLACES + 1))

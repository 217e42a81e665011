"""Rows copied many times by the database itself, with all that points at them.

Some hundred documents, loaded and coded, become a quarter of a million by an
`insert ... select` for each table and copy: primary keys are shifted, and with them
the foreign keys that point at rows that are copied as well.
"""

from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import DatabaseError, connection, models, transaction

# A copy's number is put behind what must differ; so many digits, all copies alike.
FIRST_NUMBER, DIGITS = 10_000, 5
# What is set before copying, and after it; SQLite's pages are kept in memory.
FILLING = {
    "sqlite": (
        ("PRAGMA cache_size = -500000", "PRAGMA foreign_keys = OFF"),
        ("PRAGMA cache_size = -2000", "PRAGMA foreign_keys = ON"),
    ),
    "postgresql": (
        ("SET session_replication_role = replica",),
        ("SET session_replication_role = origin",),
    ),
}


@dataclass
class Kept:
    """The rows of one model that are copied: those in (after, until].

    `named` are the columns of text that name a row, `numbered` those that count as
    the primary key does.
    """

    model: type[models.Model]
    named: tuple[str, ...]
    numbered: tuple[str, ...]
    after: int
    until: int = 0

    @property
    def span(self):
        return self.until - self.after


class Multiplier:
    """Copies the rows that were made while it was watching, in the models' order."""

    def __init__(self):
        self.kept = {}
        self.copies = 0

    @contextmanager
    def watching(self, named, numbered=None):
        """What is made of these models inside is copied.

        `named` is model -> columns, of all models in the order of their tables.
        """
        for model, columns in named.items():
            numbers = (numbered or {}).get(model, ())
            self.kept[model] = Kept(model, columns, numbers, last_key(model))
        yield
        for model in named:
            self.kept[model].until = last_key(model)

    def copy(self, count):
        """So many copies more."""
        with filling():
            for number in range(self.copies + 1, self.copies + count + 1):
                with transaction.atomic(), connection.cursor() as cursor:
                    for kept in self.kept.values():
                        cursor.execute(self.sql(kept, number))
        self.copies += count
        self._number_on()

    def sql(self, kept, number):
        quote = connection.ops.quote_name
        fields = kept.model._meta.concrete_fields
        columns = ", ".join(quote(field.column) for field in fields)
        values = ", ".join(self.value(kept, field, number) for field in fields)
        table, key = quote(kept.model._meta.db_table), quote(kept.model._meta.pk.column)
        return (
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} "
            f"WHERE {key} > {kept.after} AND {key} <= {kept.until} ORDER BY {key}"
        )

    def value(self, kept, field, number):
        """What stands in a column of the copy with this number."""
        column = connection.ops.quote_name(field.column)
        if field.is_relation and field.related_model in self.kept:
            to = self.kept[field.related_model]
            return (
                f"CASE WHEN {column} > {to.after} AND {column} <= {to.until} "
                f"THEN {column} + {number * to.span} ELSE {column} END"
            )
        if field.primary_key or field.name in kept.numbered:
            return f"{column} + {number * kept.span}"
        if field.name in kept.named:
            length = field.max_length - DIGITS
            return f"substr({column}, 1, {length}) || '{FIRST_NUMBER + number}'"
        return column

    def _number_on(self):
        """Let the database number further rows after the copies."""
        from django.core.management.color import no_style

        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [*self.kept]):
                cursor.execute(sql)


@contextmanager
def filling():
    """Foreign keys are not looked up: a copy is as whole as what it is copied from.

    PostgreSQL lets a superuser do so; for anybody else it looks them up.
    """
    before, after = FILLING[connection.vendor]
    _set(before)
    yield
    _set(after)


def _set(statements):
    with suppress(DatabaseError), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def last_key(model):
    return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0

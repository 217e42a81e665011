"""Database constraints that Django lacks on one of our two databases.

Both are declared in `Meta.constraints`, so migrations carry them, and both are
made again whenever SQLite rebuilds a table (which triggers made by a migration's
SQL would not survive).
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Q

FAR_FUTURE = "9999-12-31"


def _column(model, field: str, editor) -> str:
    return editor.quote_name(model._meta.get_field(field).column)


def _alter_table(model, editor, clause: str) -> Statement:
    table = Table(model._meta.db_table, editor.quote_name)
    # Statement interpolates with %, so a literal % of ours must be doubled.
    return Statement(f"ALTER TABLE %(table)s {clause.replace('%', '%%')}", table=table)


class _DeclaredConstraint(BaseConstraint):
    """What both share: equality by declaration, adding and dropping by name."""

    attributes: tuple[str, ...] = ()

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs.update({name: getattr(self, name) for name in self.attributes})
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        if isinstance(other, type(self)):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def create_sql(self, model, schema_editor):
        clause = self.constraint_sql(model, schema_editor)
        return clause and _alter_table(model, schema_editor, f"ADD {clause}")

    def remove_sql(self, model, schema_editor):
        name = schema_editor.quote_name(self.name)
        return _alter_table(model, schema_editor, f"DROP CONSTRAINT {name}")


class NoOverlap(_DeclaredConstraint):
    """No two rows that agree on `same` overlap in the half-open [since, until).

    Only rows whose column `only` holds `value` are compared. `since` is never
    null; a null `until` means open. PostgreSQL: an exclusion constraint (needs
    the extension btree_gist); SQLite: one trigger for insert, one for update.
    """

    attributes = ("same", "since", "until", "only", "value")

    def __init__(
        self,
        *,
        name: str,
        same: tuple[str, ...],
        since: str,
        until: str,
        only: str,
        value: str,
        **kwargs: Any,
    ) -> None:
        self.same = tuple(same)
        self.since, self.until = since, until
        self.only, self.value = only, value
        super().__init__(name=name, **kwargs)

    def constraint_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            # Run after the table stands, also after each rebuild of it.
            schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
            return None
        since, until, only = (
            _column(model, field, schema_editor)
            for field in (self.since, self.until, self.only)
        )
        same = ", ".join(
            f"{_column(model, field, schema_editor)} WITH =" for field in self.same
        )
        return (
            f"CONSTRAINT {schema_editor.quote_name(self.name)} EXCLUDE USING gist "
            f"({same}, daterange({since}, {until}, '[)') WITH &&) "
            f"WHERE ({only} = '{self.value}')"
        )

    def _triggers(self, model, editor) -> Iterator[Statement]:
        since, until, only = (
            _column(model, field, editor)
            for field in (self.since, self.until, self.only)
        )
        agree = " AND ".join(
            f"other.{column} = NEW.{column}"
            for column in (_column(model, field, editor) for field in self.same)
        )
        for verb in ("insert", "update"):
            yield Statement(
                f"CREATE TRIGGER {editor.quote_name(f'{self.name}_{verb}')} "
                f"BEFORE {verb.upper()} ON %(table)s "
                f"WHEN NEW.{only} = '{self.value}' AND EXISTS ("
                f"SELECT 1 FROM %(table)s other WHERE other.{only} = '{self.value}' "
                f"AND other.id <> ifnull(NEW.id, -1) AND {agree} "
                f"AND other.{since} < ifnull(NEW.{until}, '{FAR_FUTURE}') "
                f"AND NEW.{since} < ifnull(other.{until}, '{FAR_FUTURE}')) "
                f"BEGIN SELECT raise(ABORT, 'constraint failed: {self.name}'); END",
                table=Table(model._meta.db_table, editor.quote_name),
            )

    def overlapping(self, model, instance, using: str = DEFAULT_DB_ALIAS):
        """The rows that stand in the way of this one."""
        value = {
            field: getattr(instance, model._meta.get_field(field).attname)
            for field in (*self.same, self.since, self.until)
        }
        rows = model._base_manager.using(using).filter(
            Q(**{self.until: None}) | Q(**{f"{self.until}__gt": value[self.since]}),
            **{self.only: self.value},
            **{field: value[field] for field in self.same},
        )
        if value[self.until]:
            rows = rows.filter(**{f"{self.since}__lt": value[self.until]})
        return rows.exclude(pk=instance.pk)

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        if getattr(instance, self.only) != self.value:
            return
        if getattr(instance, self.since) is None:
            return
        if self.overlapping(model, instance, using).exists():
            raise ValidationError(
                self.get_violation_error_message(), code=self.violation_error_code
            )


class CompositeForeignKey(_DeclaredConstraint):
    """The `local` columns stand together in one row of `to` (table.columns).

    Keeps a copied column equal to the one it was copied from. `remote` must be
    unique together in the other table. Nothing cascades.
    """

    attributes = ("local", "to", "remote")

    def __init__(
        self,
        *,
        name: str,
        local: tuple[str, ...],
        to: str,
        remote: tuple[str, ...],
        **kwargs: Any,
    ) -> None:
        self.local, self.to, self.remote = tuple(local), to, tuple(remote)
        super().__init__(name=name, **kwargs)

    def constraint_sql(self, model, schema_editor):
        quote = schema_editor.quote_name
        local = ", ".join(_column(model, field, schema_editor) for field in self.local)
        remote = ", ".join(quote(column) for column in self.remote)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({local}) "
            f"REFERENCES {quote(self.to)} ({remote}) "
            # As Django's own: looked at when the transaction ends.
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        """Nothing to say: the copied column is never typed in."""


def days_in_order(earliest: str, latest: str, *, name: str) -> models.CheckConstraint:
    """Both days null, or both set and in order (DESIGN, Dates)."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{earliest}__isnull": True, f"{latest}__isnull": True})
        | Q(
            **{
                f"{earliest}__isnull": False,
                f"{latest}__isnull": False,
                f"{earliest}__lte": models.F(latest),
            }
        ),
        violation_error_message="The last day must not come before the first.",
    )

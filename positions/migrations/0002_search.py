"""The tables of words that search looks in; outside the models, without triggers.

`positions.search.index` says what stands in them; `manage.py rebuild_search` fills
them for rows that were there before.
"""

from django.db import migrations

TABLES = {
    # Kept without the text: paragraphs never change, so their words never do.
    "positions_paragraph_words": "words, content=''",
    "positions_statement_words": "words, quotes",
    "positions_source_words": "words",
}


def make_tables(apps, schema_editor):
    for table, columns in TABLES.items():
        if schema_editor.connection.vendor == "sqlite":
            # Our words are folded, with no ASCII but a-z and 0-9, and this tokenizer
            # splits them at blanks only. unicode61 would ask its own version of
            # Unicode what is a letter, and drop the sign of a gap.
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize='ascii')"
            )
        else:
            # No foreign key: these rows are filled and emptied in sets of their own.
            schema_editor.execute(
                f"CREATE TABLE {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)"
            )
            schema_editor.execute(
                f"CREATE INDEX {table}_gin ON {table} USING gin (words)"
            )
            # Without more of the common words in its statistics, the planner takes a
            # rare word for one in two hundred rows, and reads the table backwards.
            schema_editor.execute(
                f"ALTER TABLE {table} ALTER COLUMN words SET STATISTICS 1000"
            )


def drop_tables(apps, schema_editor):
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("positions", "0001_initial")]

    operations = [migrations.RunPython(make_tables, drop_tables)]

"""import_actors: our own tables of actors and memberships."""

from ingest.pipeline import rows

from .import_positions import Command as ImportPositions


class Command(ImportPositions):
    help = "Import tables (CSV) from folders or files: actors, memberships."
    wanted = rows.ACTORS

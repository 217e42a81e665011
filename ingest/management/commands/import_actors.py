"""import_actors: our own tables of actors and memberships."""

from ingest.pipeline import tables

from .import_positions import Command as ImportPositions


class Command(ImportPositions):
    help = "Import tables (CSV) from folders or files: actors, memberships."
    wanted = tables.ACTORS

"""The one way into the database: documents.py and tables.py, and runs.py for both."""

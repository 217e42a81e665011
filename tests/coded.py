"""Small databases of Discourse Network Analyzer, made as versions 2 and 3 make them."""

import sqlite3
from datetime import UTC, datetime

TEXT = (
    "\nA HEARING ON BOMBS\n\n"
    "Mr. Abe. We prefer talks in Geneva, and we say so here.\n\n"
    "Ms. Bo. A ban is right. Talks lead nowhere."
)
V3 = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT NOT NULL);
CREATE TABLE CODERS(ID INTEGER NOT NULL PRIMARY KEY, Name TEXT NOT NULL,
  Password TEXT NOT NULL);
CREATE TABLE DOCUMENTS(ID INTEGER NOT NULL PRIMARY KEY, Title TEXT NOT NULL,
  Text TEXT NOT NULL, Coder INTEGER, Author TEXT, Source TEXT, Section TEXT,
  Notes TEXT, Type TEXT, Date INTEGER NOT NULL);
CREATE TABLE STATEMENTTYPES(ID INTEGER NOT NULL PRIMARY KEY, Label TEXT NOT NULL);
CREATE TABLE VARIABLES(ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT NOT NULL,
  DataType TEXT NOT NULL, StatementTypeId INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER,
  DocumentId INTEGER, Start INTEGER NOT NULL, Stop INTEGER NOT NULL, Coder INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL,
  VariableId INTEGER NOT NULL, Value INTEGER, UNIQUE (StatementId, VariableId));
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL,
  VariableId INTEGER NOT NULL, Value INTEGER, UNIQUE (StatementId, VariableId));
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL,
  VariableId INTEGER NOT NULL, Value TEXT, UNIQUE (StatementId, VariableId));
"""
ENTITIES = """
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL,
  Value TEXT NOT NULL, UNIQUE (VariableId, Value));
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL,
  StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL, Entity INTEGER NOT NULL,
  UNIQUE (StatementId, VariableId));
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY NOT NULL,
  VariableId INTEGER NOT NULL, AttributeVariable TEXT NOT NULL);
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY NOT NULL,
  EntityId INTEGER NOT NULL, AttributeVariableId INTEGER NOT NULL,
  AttributeValue TEXT NOT NULL);
"""
INLINE = """
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL,
  StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL, Value TEXT,
  UNIQUE (StatementId, VariableId));
CREATE TABLE ATTRIBUTES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL,
  Value TEXT, Type TEXT, Alias TEXT, Notes TEXT);
"""
# Variable -> its number; the last is of annotations.
NUMBERS = {"person": 1, "organization": 2, "concept": 3, "agreement": 4, "note": 5}
DAY = datetime(2008, 4, 23, tzinfo=UTC)


class Coded:
    """A database under construction; `scale`: agreement is a number, not yes or no."""

    def __init__(self, path, *, version=3, scale=False):
        self.path, self.version, self.scale = path, version, scale
        path.unlink(missing_ok=True)
        self.db = sqlite3.connect(path)
        self.db.executescript(V3 + (ENTITIES if version == 3 else INLINE))
        self.add("SETTINGS", "version", f"{version}.0")
        self.add("CODERS", 1, "Coder 1", "the hash of a password")
        self.add("CODERS", 2, "Coder 2", "another")
        self.add("STATEMENTTYPES", 1, "DNA Statement")
        self.add("STATEMENTTYPES", 2, "Annotation")
        kind = "integer" if scale else "boolean"
        for name, number in NUMBERS.items():
            kinds = {"agreement": kind, "note": "long text"}
            of = 2 if name == "note" else 1
            self.add("VARIABLES", number, name, kinds.get(name, "short text"), of)

    def add(self, table, *values):
        marks = ", ".join("?" * len(values))
        return self.db.execute(
            f"INSERT INTO {table} VALUES ({marks})", values
        ).lastrowid

    def document(self, title="Hearing", text=TEXT, *, date=None, number=None):
        seconds = int(DAY.timestamp()) if date is None else date
        if date is None and self.version == 2:
            seconds *= 1000
        self.text = text
        about = (1, "Reporter, A.", "Daily", "Page 1", "A note.", "News", seconds)
        self.document_id = self.add("DOCUMENTS", number, title, text, *about)
        return self

    def statement(
        self,
        words,
        organization="Japan",
        concept="Talks in Geneva",
        agreement=1,
        **more,
    ):
        """A statement on words of the last document, or on a span of it."""
        span = words
        if isinstance(words, str):
            start = self.text.index(words)
            span = (start, start + len(words))
        coder = more.pop("coder", 1)
        number = self.add("STATEMENTS", None, 1, self.document_id, *span, coder)
        texts = {"person": more.pop("person", "Mr. Abe"), "organization": organization}
        for name, value in {**texts, "concept": concept}.items():
            self.short(number, NUMBERS[name], value)
        if agreement is not None:
            table = "DATAINTEGER" if self.scale else "DATABOOLEAN"
            self.add(table, None, number, NUMBERS["agreement"], agreement)
        return self

    def annotation(self, span, note):
        number = self.add("STATEMENTS", None, 2, self.document_id, *span, 2)
        self.add("DATALONGTEXT", None, number, NUMBERS["note"], note)
        return self

    def short(self, statement, variable, value):
        if self.version == 3:
            entity = ("VariableId = ? AND Value = ?", (variable, value))
            query = f"SELECT ID FROM ENTITIES WHERE {entity[0]}"
            row = self.db.execute(query, entity[1]).fetchone()
            value = row[0] if row else self.add("ENTITIES", None, variable, value)
        self.add("DATASHORTTEXT", None, statement, variable, value)

    def attribute(self, variable, value, name, attribute):
        number = NUMBERS[variable]
        if self.version == 2:
            of = {"Type": "", "Alias": "", "Notes": "", name: attribute}
            self.add("ATTRIBUTES", None, number, value, *of.values())
            return self
        query = "SELECT ID FROM ENTITIES WHERE VariableId = ? AND Value = ?"
        (entity,) = self.db.execute(query, (number, value)).fetchone()
        attributes = self.add("ATTRIBUTEVARIABLES", None, number, name)
        self.add("ATTRIBUTEVALUES", None, entity, attributes, attribute)
        return self

    def saved(self):
        self.db.commit()
        self.db.close()
        return self.path


def hearing(path, *, version=3):
    """A document with three statements of two organizations, and an annotation."""
    return (
        Coded(path, version=version)
        .document()
        .statement("We prefer talks in Geneva", agreement=1)
        .statement("A ban is right.", "Ban Group", "A ban", 1, person="Ms. Bo")
        .statement("Talks lead nowhere", "Ban Group", agreement=0, person="", coder=2)
        .annotation((1, 10), "Check this.")
        .attribute("organization", "Japan", "Type", "State")
        .attribute("concept", "A ban", "Alias", "Prohibition")
        .saved()
    )

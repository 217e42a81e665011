"""Three states of a form: what it showed, what is saved now, and what was typed."""

from dataclasses import dataclass

from .posting import as_posted, differs, in_words, posted, put, typed_value

NOT_KNOWN = "not known"
MOST_ROWS = 5000


@dataclass(frozen=True)
class Clash:
    """One value that somebody else changed, as each of the three states has it."""

    label: str
    saw: str
    now: str
    # None: it was left alone here, so that the form shows what is saved now.
    typed: str | None


@dataclass(frozen=True)
class Fields:
    """The fields of a form, or of one row of it; `at` begins their posted names.

    `seen` and `now` are values by field name; `seen` is None where nobody knows.
    """

    fields: dict
    at: str
    data: object
    seen: dict | None
    now: dict

    def typed(self, name):
        return typed_value(self.fields[name], self.data, f"{self.at}{name}")

    def touched(self, name):
        """Was another value typed than the form showed?"""
        if self.seen is None or name not in self.seen:
            return True
        return differs(self.fields[name], self.seen[name], self.typed(name))

    def clashes(self, told=""):
        """Each value that changed meanwhile to another than was typed."""
        found = []
        for name, field in self.fields.items():
            saw = self.seen.get(name) if self.seen else None
            if self.seen is not None and saw == self.now[name]:
                continue
            typed = self.typed(name)
            if not differs(field, self.now[name], typed):
                continue
            label = str(field.label or name.replace("_", " ").capitalize())
            found.append(
                Clash(
                    f"{told}: {label}" if told else label,
                    NOT_KNOWN if self.seen is None else in_words(field, saw),
                    in_words(field, self.now[name]),
                    in_words(field, typed) if self.touched(name) else None,
                )
            )
        return found

    def texts(self):
        """What to post: what was typed, and what is saved now where it was not."""
        return {
            name: (
                posted(field, self.data, f"{self.at}{name}")
                if self.touched(name)
                else as_posted(field, self.now[name])
            )
            for name, field in self.fields.items()
        }


class Rows:
    """The rows inside a form: `seen` and `now` are their values by primary key."""

    def __init__(self, formset, data, seen, now):
        self.formset, self.data = formset, data
        self.seen, self.now = seen, now
        self.pk_name = formset.model._meta.pk.name
        fields = formset.empty_form.fields
        self.fields = {name: fields[name] for name in row_fields(formset)}
        self.places = self._places()
        # Where each row that exists was posted: its primary key -> "names-0-".
        found = {data.get(f"{at}{self.pk_name}", ""): at for at in self.places}
        self.posted = {pk: at for pk, at in found.items() if pk}

    def _places(self):
        prefix = self.formset.prefix
        total = self.data.get(f"{prefix}-TOTAL_FORMS", "")
        known = total.isascii() and total.isdecimal() and len(total) < 6
        return (
            [f"{prefix}-{n}-" for n in range(min(int(total), MOST_ROWS))]
            if known
            else []
        )

    def _met(self, pk):
        """The fields of a row that is there now."""
        seen = self.seen.get(pk) if self.seen is not None else None
        return Fields(self.fields, self.posted[pk], self.data, seen, self.now[pk])

    def _removing(self, pk):
        return pk in self.posted and f"{self.posted[pk]}DELETE" in self.data

    def _told(self, pk):
        values = self.now.get(pk) or self.seen[pk]
        kind = str(self.formset.model._meta.verbose_name).capitalize()
        return f"{kind} “{self._words(values)}”"

    def _words(self, values):
        words = (in_words(self.fields[name], value) for name, value in values.items())
        return ", ".join(word for word in words if word != "nothing")

    def clashes(self):
        found = []
        for pk in self.now:
            if self.seen is not None and pk not in self.seen:
                found.append(Clash(self._told(pk), "not there", "added", None))
            elif self._removing(pk):
                found += self._removed_here(pk)
            elif pk in self.posted:
                found += self._met(pk).clashes(self._told(pk))
        for pk in self.seen or {}:
            if pk not in self.now and not self._removing(pk):
                typed = self._typed_into(pk)
                found.append(Clash(self._told(pk), "there", "removed", typed))
        return found

    def _removed_here(self, pk):
        if self.seen is not None and self.seen[pk] == self.now[pk]:
            return []
        saw = NOT_KNOWN if self.seen is None else self._words(self.seen[pk])
        return [Clash(self._told(pk), saw, self._words(self.now[pk]), "removed")]

    def _typed_into(self, pk):
        """What was typed into a row that is gone; None where nothing was."""
        if pk not in self.posted:
            return None
        seen = self.seen[pk]
        row = Fields(self.fields, self.posted[pk], self.data, seen, seen)
        if not any(row.touched(name) for name in self.fields):
            return None
        return self._words({name: row.typed(name) for name in self.fields})

    def merge_into(self, data):
        """Post the rows that are there now, then those that are new here.

        A row that somebody removed is new again, if anything was typed into it.
        """
        rows = [(pk, *self._kept(pk)) for pk in self.now]
        gone = {at for pk, at in self.posted.items() if not self._lives_on(pk)}
        for at in self.places:
            if at not in gone and at not in {self.posted.get(pk) for pk in self.now}:
                rows.append(("", self._typed_texts(at), False))
        self._clear(data)
        prefix, fk = self.formset.prefix, self.formset.fk.name
        for number, (pk, texts, removing) in enumerate(rows):
            at = f"{prefix}-{number}-"
            data[f"{at}{self.pk_name}"] = pk
            data[f"{at}{fk}"] = str(self.formset.instance.pk)
            for name, one in texts.items():
                put(data, f"{at}{name}", one)
            if removing:
                data[f"{at}DELETE"] = "on"
        data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
        data[f"{prefix}-INITIAL_FORMS"] = str(len(self.now))

    def _kept(self, pk):
        """What to post of a row that is there now, and whether to remove it."""
        if pk in self.posted:
            return self._met(pk).texts(), self._removing(pk)
        shown = {n: as_posted(one, self.now[pk][n]) for n, one in self.fields.items()}
        return shown, False

    def _lives_on(self, pk):
        """Is a posted row still there, or was it written in since it was removed?"""
        if pk in self.now:
            return True
        return pk in self.seen and not self._removing(pk) and self._typed_into(pk)

    def _typed_texts(self, at):
        return {
            name: posted(one, self.data, f"{at}{name}")
            for name, one in self.fields.items()
        }

    def _clear(self, data):
        for at in self.places:
            for name in [name for name in data if name.startswith(at)]:
                del data[name]


def row_fields(formset):
    """The fields of a row that a person fills in."""
    kept = {formset.model._meta.pk.name, formset.fk.name, "DELETE", "ORDER"}
    return [name for name in formset.empty_form.fields if name not in kept]

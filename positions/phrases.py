"""The phrase: what an actor's stances on an issue are, in a line of words.

Pure. The stances of one day come in as clauses; which of them count (current,
carried and contested ones, never lapsed, thin or unchecked) is the caller's
choice of rows (derivation rule, clause 11).

One clause is said for each option: the one with the lowest headline number. What
is contested comes after what is not, so of an option with one facet contested the
other speaks. Then clauses stand in the order of their numbers, equal ones in that
of the options' short names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

CONTESTED = "contested on {o}"
AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """One stance as a phrase may say it.

    `phrase` is the disposition's template, in which only the literal {o} stands
    for the option; `headline` is the option's, `headline_number` the
    disposition's. A contested stance has the lowest number of those it is between.
    """

    option_key: str
    option_short: str
    headline: bool
    phrase: str
    headline_number: int
    contested: bool = False

    @property
    def template(self) -> str:
        return CONTESTED if self.contested else self.phrase

    @property
    def place(self) -> tuple[bool, int, str, str, str]:
        """Where it stands among others; the last two only make it certain."""
        return (
            self.contested,
            self.headline_number,
            self.option_short,
            self.option_key,
            self.phrase,
        )


def short_phrase(clauses: Iterable[Clause]) -> str:
    """The headline options, at most three and then "and n more"; empty for none."""
    said = [say(clause.template, clause.option_short) for clause in _headline(clauses)]
    phrase = ", ".join(said[:AT_MOST])
    more = len(said) - AT_MOST
    return f"{phrase} and {more} more" if more > 0 else phrase


def long_phrase(clauses: Iterable[Clause]) -> str:
    """All headline options, then the other options, those of one template together.

    Example: "prefer CCW; seek changes to Art. 1(b), Art. 1(c)".
    """
    given = list(clauses)
    headline = [
        say(clause.template, clause.option_short) for clause in _headline(given)
    ]
    others = _one_an_option(clause for clause in given if not clause.headline)
    parts = [", ".join(headline)] if headline else []
    # Sorting is stable: within one template the options keep their order.
    for (*_, template), group in groupby(sorted(others, key=_together), key=_together):
        parts.append(say(template, ", ".join(clause.option_short for clause in group)))
    return "; ".join(parts)


def _headline(clauses: Iterable[Clause]) -> list[Clause]:
    return _one_an_option(clause for clause in clauses if clause.headline)


def _one_an_option(clauses: Iterable[Clause]) -> list[Clause]:
    """The first clause of each option, in order."""
    first: dict[str, Clause] = {}
    for clause in sorted(clauses, key=lambda clause: clause.place):
        first.setdefault(clause.option_key, clause)
    return list(first.values())


def _together(clause: Clause) -> tuple[bool, int, str]:
    """Clauses with equal values are said as one; contested ones always."""
    number = 0 if clause.contested else clause.headline_number
    return clause.contested, number, clause.template


def say(template: str, name: str) -> str:
    """A template with the name of its option: "prefer {o}" -> "prefer CCW"."""
    # Never str.format: the codebook's templates are edited by people.
    return template.replace("{o}", name)

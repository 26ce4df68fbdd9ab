"""What somebody asks of a list of dossiers (câu hỏi): read from an address, said back as one, or refused in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from forms import validators
from forms.listed import Finder, Listing
from forms.searched import Compared
from forms.sentence import Sentence
from rules.lifecycle import State
from rules.values import MAX_WHOLE, Text, decimal_words
from rules.vocabulary import FactType

Given = Mapping[str, Sequence[str]]
"""The names of an address with all their values, as a browser sends them."""

FIRST_SORT = "-received"
MOST_CODES, MOST_WORDS = 50, 100
_FROM, _TO = ".from", ".to"


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which to which value, both included; None is no bound."""

    least: Any = None
    most: Any = None


Asked = tuple[str, ...] | Bounds
"""What is asked of one field: some of its codes, one text it holds, or bounds."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything asked of a list: words anywhere, steps, fields, the order and the columns.

    `sort` is the public name of a column, with `-` before it for the greatest first.
    """

    words: str = ""
    states: tuple[str, ...] = ()
    asked: Mapping[str, Asked] = field(default_factory=dict[str, Asked])
    sort: str = FIRST_SORT
    columns: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.words or self.states or self.asked)

    @property
    def sorted_by(self) -> str:
        """The name of the column the list is sorted by."""
        return inner(self.sort.removeprefix("-"))

    @property
    def is_downwards(self) -> bool:
        """Whether the greatest comes first."""
        return self.sort.startswith("-")

    def without(self, name: str) -> "Question":
        """Return the question but for one field."""
        return replace(self, asked={other: value for other, value in self.asked.items() if other != name})

    def toggled(self, name: str, code: str) -> "Question":
        """Return the question with one code of a field asked for, or no longer."""
        before = self.asked.get(name, ())
        codes = before if isinstance(before, tuple) else ()
        after = tuple(each for each in codes if each != code) if code in codes else (*codes, code)
        return replace(self.without(name), asked={**self.without(name).asked, **({name: after} if after else {})})


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read: the name in the address, and what to do."""

    name: str
    sentence: Sentence


def public(name: str) -> str:
    """Return how a column is called in an address: `received`, or `f.` and the field."""
    return name[1:] if name.startswith("@") else f"f.{name}"


def inner(name: str) -> str:
    """Return the column that an address calls so."""
    return name[2:] if name.startswith("f.") else f"@{name}"


def read(listing: Listing, given: Given) -> tuple[Question, tuple[Fault, ...]]:
    """Return what an address asks of a list, and what in it could not be read; what is unknown asks nothing."""
    faults: list[Fault] = []
    words = _one(given, "q", validators.text_of(MOST_WORDS), Text("Tìm", "Search"), faults) or ""
    asked = {name: value for name, finder in listing.finders.items() if (value := _asked(finder, given, faults))}
    columns = tuple(name for name in map(inner, given.get("col", ())) if name in listing.columns)
    states = tuple(dict.fromkeys(state for state in given.get("state", ()) if state in set(State)))
    return Question(words, states, asked, _sort(listing, given), columns), tuple(faults)


def _sort(listing: Listing, given: Given) -> str:
    asked = next(iter(given.get("sort", ())), FIRST_SORT)
    column = listing.columns.get(inner(asked.removeprefix("-")))
    return asked if column is not None and column.compared is not None else FIRST_SORT


def _asked(finder: Finder, given: Given, faults: list[Fault]) -> Asked | None:
    name = public(finder.name)
    if finder.compared is Compared.CODE:
        known = (code for code in given.get(name, ()) if code in finder.codes)
        return tuple(dict.fromkeys(known))[:MOST_CODES] or None
    if finder.compared is Compared.WORDS:
        words = _one(given, name, validators.text_of(MOST_WORDS), finder.label, faults)
        return (words,) if words else None
    reader = _reader(finder)
    least, most = (_one(given, name + end, reader, finder.label, faults) for end in (_FROM, _TO))
    if least is not None and most is not None and least > most:
        faults.append(Fault(name + _FROM, Sentence("“%(field)s”: số đầu lớn hơn số cuối.", field=finder.label)))
        return None
    return None if least is most is None else Bounds(least, most)


def _reader(finder: Finder) -> validators.Reader:
    if finder.compared is Compared.DAY:
        return validators.day
    if finder.fact is not None and finder.fact.type is FactType.FIXED:
        return validators.measure_of(-MAX_WHOLE + 1, None, finder.scale)
    is_money = finder.fact is not None and finder.fact.type is FactType.MONEY
    return validators.money_of(-MAX_WHOLE + 1, None) if is_money else validators.whole_number_of(-MAX_WHOLE + 1, None)


def _one(given: Given, name: str, reader: Callable[[str], Any], label: Text, faults: list[Fault]) -> Any:
    typed = next(iter(given.get(name, ())), "").strip()
    if not typed:
        return None
    try:
        return reader(typed)
    except ValueError as wrong:
        said = wrong.args[0]
        what = said if isinstance(said, Sentence) else Sentence("giá trị này không đọc được.")
        faults.append(Fault(name, Sentence("“%(field)s”: %(what)s", field=label, what=what)))
        return None


def written(question: Question, listing: Listing) -> list[tuple[str, str]]:
    """Return the question as pairs of an address: `read` of them is the same question."""
    return list(_pairs(question, listing))


def _pairs(question: Question, listing: Listing) -> Iterator[tuple[str, str]]:
    if question.words:
        yield "q", question.words
    yield from (("state", state) for state in question.states)
    for name, value in question.asked.items():
        if isinstance(value, Bounds):
            ends = ((_FROM, value.least), (_TO, value.most))
            yield from (
                (public(name) + end, bound_said(listing.finders[name], at)) for end, at in ends if at is not None
            )
        else:
            yield from ((public(name), each) for each in value)
    if question.sort != FIRST_SORT:
        yield "sort", question.sort
    yield from (("col", public(name)) for name in question.columns)


def bound_said(finder: Finder, value: date | int) -> str:
    """Write a bound as people type it."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return decimal_words(value, finder.scale)

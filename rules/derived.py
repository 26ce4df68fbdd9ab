"""Facts that the registers of the law give: attributes of chosen codes, territories of the place, parameters.

They are made on the legal day, before any formula reads them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rules.definition.procedure import FactSpec, Field, ProcedureDefinition
from rules.definition.registers import PLACE_FACT, TERRITORIES, CodeItem, CodeList, Parameter, ParameterValue, Territory
from rules.errors import FactsError, Place, Problem
from rules.table.cells import ANY_CELL, Cell, Has, HasHow, Range, Within
from rules.table.decision import Row, Table
from rules.values import ALWAYS, Period
from rules.vocabulary import Facts, Source


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of one definition, arranged to be asked.

    `attributes` are the facts `fact.attribute` by id: the fact whose code is chosen, its list, and the attribute.
    `looked_up` are the facts that are a parameter's value on another day, by id.
    `dated` are the lists some of whose codes are not always in force, by the fact (and member) that chooses from them.
    """

    place_fact: str
    territories: tuple[Territory, ...]
    parameters: Mapping[str, Parameter] = field(hash=False)
    lists: Mapping[str, CodeList] = field(hash=False)
    items: Mapping[str, Mapping[str, CodeItem]] = field(hash=False)
    attributes: Mapping[str, tuple[str, str, str]] = field(hash=False)
    dated: Mapping[tuple[str, ...], str] = field(hash=False)
    looked_up: Mapping[str, FactSpec] = field(hash=False)
    lawful: frozenset[str] = field(init=False)
    """The facts whose values come from the law and not from an answer."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "lawful", frozenset((*self.parameters, *self.looked_up)))

    @property
    def reads(self) -> dict[str, tuple[str, ...]]:
        """What each of the facts made here is made from."""
        parameters = {each.id: (TERRITORIES,) if each.is_territorial else () for each in self.parameters.values()}
        chosen = {name: (fact,) for name, (fact, _, _) in self.attributes.items()}
        return {**parameters, **chosen, TERRITORIES: (self.place_fact,)}

    def day_of(self, name: str, facts: Facts, on: date) -> date | None:
        """Return the day whose law gives the value: the legal day, or that of a fact, None while it is not known."""
        return facts.get(self.looked_up[name].on) if name in self.looked_up else on

    def value_on(self, name: str, facts: Facts, on: date) -> ParameterValue | None:
        """Return the value of a parameter, or of a fact looked up in one, where these facts hold; `on`: legal day."""
        spec = self.looked_up.get(name)
        parameter, day = self.parameters[spec.parameter if spec else name], self.day_of(name, facts, on)
        return parameter.value_on(day, facts.get(TERRITORIES)) if day else None

    def waits_for_place(self, name: str, facts: Facts, on: date) -> bool:
        """Tell whether a parameter, or a fact looked up in one, has no value yet because the place is not known."""
        spec = self.looked_up.get(name)
        parameter, day = self.parameters[spec.parameter if spec else name], self.day_of(name, facts, on)
        if day is None or facts.get(TERRITORIES) is not None:
            return False
        return any(value.territory and value.period.holds(day) for value in parameter.values)


def registers_of(definition: ProcedureDefinition) -> Registers:
    """Return the registers of a definition."""
    lists = {each.id: each for each in definition.lists}
    chosen = {item.id: item.list for item in (*definition.fields, *definition.facts) if item.list}
    split = {fact.id: fact.id.partition(".") for fact in definition.vocabulary.values() if fact.source is Source.LIST}
    return Registers(
        place_fact=definition.territory_of or PLACE_FACT,
        territories=definition.territories,
        parameters={each.id: each for each in definition.parameters},
        lists=lists,
        items={each.id: {item.code: item for item in each.items} for each in definition.lists},
        attributes={name: (fact, chosen[fact], attribute) for name, (fact, _, attribute) in split.items()},
        dated=dict(_dated(definition, lists)),
        looked_up={spec.id: spec for spec in definition.facts if spec.parameter},
    )


def _dated(definition: ProcedureDefinition, lists: Mapping[str, CodeList]) -> Iterator[tuple[tuple[str, ...], str]]:
    for item in (*definition.fields, *definition.facts):
        inner = item.fields if isinstance(item, Field) else ()
        for path, each in (((item.id,), item), *(((item.id, member.id), member) for member in inner)):
            entries = lists[each.list].items if each.list else ()
            if any(entry.period.since or entry.period.until for entry in entries):
                yield path, each.list


def derived_facts(registers: Registers, facts: Facts, on: date) -> dict[str, Any]:
    """Return what the registers add to these facts on the day; what cannot be told is left out.

    Raises FactsError for a code that is not in force on the day.
    """
    _check_in_force(registers, facts, on)
    made: dict[str, Any] = {}
    for name, (fact, codes, attribute) in registers.attributes.items():
        item = registers.items[codes].get(facts.get(fact, ""))
        made[name] = item.attributes_on(on).get(attribute) if item else None
    place = made.get(registers.place_fact) or facts.get(registers.place_fact)
    if place is not None and registers.territories:
        held = [each.id for each in registers.territories if each.holds(place, on, registers.lists)]
        made[TERRITORIES] = sorted(held)
    for name in registers.parameters:
        found = registers.value_on(name, made, on)
        made[name] = found.value if found else None
    return {name: value for name, value in made.items() if value is not None}


def _check_in_force(registers: Registers, facts: Facts, on: date) -> None:
    problems = [
        Problem(
            where,
            f"“{item.label}” ({item.code}) không dùng được ngày {on:%d/%m/%Y}: mã này có hiệu lực {item.period.words}.",
            "Chọn mã có hiệu lực vào ngày tiếp nhận.",
        )
        for path, codes in registers.dated.items()
        for where, code in _chosen(facts, path)
        if not (item := registers.items[codes][code]).period.holds(on)
    ]
    if problems:
        raise FactsError(tuple(problems))


def _chosen(facts: Facts, path: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    """Yield the codes that a fact, or a member of a group's rows, holds."""
    held: Any = facts.get(path[0])
    if len(path) > 1:
        for number, row in enumerate(held or ()):
            for place, code in _chosen(row, path[1:]):
                yield (path[0], number, *place), code
    elif isinstance(held, str):
        yield path, held
    elif held is not None:
        yield from ((path, code) for code in held)


def matched(table: Table) -> Table:
    """Return the table as it is matched: where and by the law of which day rows hold is a test like any other."""
    return _with_territories(_with_days(table))


def _with_days(table: Table) -> Table:
    """Return the table in which dated rows test the day of the fact `on`; one by the legal day as it is."""
    if not table.on or not any(row.period != ALWAYS for row in table.rows):
        return table
    rows = tuple(replace(row, when=(*row.when, _day_cell(row.period)), period=ALWAYS) for row in table.rows)
    return replace(table, inputs=(*table.inputs, table.on), rows=rows)


def _day_cell(period: Period) -> Cell:
    if period == ALWAYS:
        return ANY_CELL
    since, until = (day.toordinal() if day else None for day in (period.since, period.until))
    days = Range(since, until, high_in=False)
    return Cell(f"[{period.since or ''}..{period.until or ''})", Within((days,)))


def _with_territories(table: Table) -> Table:
    """Return the table in which rows of a territory test that the place lies in it; other tables as they are."""
    if not any(row.territory for row in table.rows):
        return table
    rows = tuple(replace(row, when=(*row.when, _place_cell(row))) for row in table.rows)
    return replace(table, inputs=(*table.inputs, TERRITORIES), rows=rows)


def _place_cell(row: Row) -> Cell:
    if not row.territory:
        return ANY_CELL
    return Cell(f"has {row.territory}", Has(HasHow.ALL, (row.territory,)))

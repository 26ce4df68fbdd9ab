"""What several hit rows mean: which of them count under the table's hit policy, and what they give together.

The policies are those of OMG DMN 1.5, section 8.2.10: UNIQUE, ANY, FIRST, PRIORITY, COLLECT (list, sum, min, max,
count), RULE ORDER and OUTPUT ORDER. Rows are named by their place in the table; the matchers know nothing of this.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from rules.table.decision import LISTING, HitPolicy, Output, Row, Table
from rules.values import MAX_WHOLE
from rules.vocabulary import FactType

Places = tuple[int, ...]

Value = Output | list[str]
"""What a table gives as one value; a set of codes is a sorted list."""


def counting(table: Table, hit: Places) -> Places | None:
    """Return the rows that count among those that hit (in order), None when the policy is broken.

    It is broken by a second row of a unique table, by unequal outputs under `any`, by a sum outside ±2^62.
    """
    return _POLICIES[table.hit](table, hit)


def rank_of(table: Table, row: Row) -> tuple[int, ...]:
    """Return how good a row's outputs are, the columns that state an order one after the other; the lowest is best."""
    return tuple(column.rank(value) for column, value in zip(table.outputs, row.then, strict=True) if column.order)


def number_of(table: Table, row: Row) -> int:
    """Return the number of a row's only output: what sum, min and max work on."""
    value = row.then[0]
    assert isinstance(value, int | date)
    return value.toordinal() if isinstance(value, date) else value


def value_of(table: Table, counted: Places, output: str) -> Value | None:
    """Return the one value the counted rows give: a sum, a count, a set of codes, or the output of the one row.

    None where no row counts (a count is then 0), and for lists of anything but codes.
    """
    if table.hit is HitPolicy.COLLECT_COUNT:
        return len(counted)
    if not counted:
        return None
    if table.hit is HitPolicy.COLLECT_SUM:
        return sum(number_of(table, table.rows[place]) for place in counted)
    values = [table.output(table.rows[place], output) for place in counted]
    if table.hit in LISTING or table.outputs[table.position(output)].type is FactType.CODES:
        return _codes(values)
    return values[0]


def _codes(values: Sequence[Output | None]) -> list[str] | None:
    found: set[str] = set()
    for value in values:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, tuple):
            found.update(value)
        else:
            return None
    return sorted(found)


def _unique(table: Table, hit: Places) -> Places | None:
    del table
    return hit if len(hit) <= 1 else None


def _any(table: Table, hit: Places) -> Places | None:
    return hit[:1] if len({table.rows[place].then for place in hit}) <= 1 else None


def _first(table: Table, hit: Places) -> Places:
    del table
    return hit[:1]


def _every(table: Table, hit: Places) -> Places:
    del table
    return hit


def _sum(table: Table, hit: Places) -> Places | None:
    total = sum(number_of(table, table.rows[place]) for place in hit)
    return hit if -MAX_WHOLE < total < MAX_WHOLE else None


def _least(table: Table, hit: Places) -> Places:
    return tuple(sorted(hit, key=lambda place: number_of(table, table.rows[place]))[:1])


def _most(table: Table, hit: Places) -> Places:
    return tuple(sorted(hit, key=lambda place: -number_of(table, table.rows[place]))[:1])


def _ordered(table: Table, hit: Places) -> Places:
    return tuple(sorted(hit, key=lambda place: rank_of(table, table.rows[place])))


def _best(table: Table, hit: Places) -> Places:
    return _ordered(table, hit)[:1]


_POLICIES: Mapping[HitPolicy, Callable[[Table, Places], Places | None]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _best,
    HitPolicy.COLLECT: _every,
    HitPolicy.COLLECT_SUM: _sum,
    HitPolicy.COLLECT_MIN: _least,
    HitPolicy.COLLECT_MAX: _most,
    HitPolicy.COLLECT_COUNT: _every,
    HitPolicy.RULE_ORDER: _every,
    HitPolicy.OUTPUT_ORDER: _ordered,
}

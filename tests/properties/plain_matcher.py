"""The oracle of the matchers: every row, every cell, one after the other, nothing remembered."""

from rules.table.cells import holds
from rules.table.decision import ON_DAY


def plainly(table, facts, on, but=frozenset()):
    """Return the hit rows (by place) and the rows with exactly one failing test, each with that test's input.

    Tests of the inputs in `but` are taken as passed.
    """
    failing = [[name for name in _failing(table, row, facts, on) if name not in but] for row in table.rows]
    hit = tuple(place for place, failed in enumerate(failing) if not failed)
    return hit, [(place, failed[0]) for place, failed in enumerate(failing) if len(failed) == 1]


def _failing(table, row, facts, on):
    failed = [] if row.period.holds(on) else [ON_DAY]
    cells = zip(table.inputs, row.when, strict=True)
    return failed + [name for name, cell in cells if not holds(cell.test, facts.get(name))]

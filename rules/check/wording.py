"""The words of a part of a table's space: `“Số trang” từ 10 đến dưới 20 và “Cách nộp” là Trực tuyến`."""

from collections.abc import Iterator, Mapping

from rules.space.axes import Axis
from rules.space.runs import Runs, places, rest
from rules.space.sweep import Box
from rules.table.cell_writing import written
from rules.table.cells import ANYTHING, Known, OneOf, words
from rules.values import Text
from rules.vocabulary import Source
from rules.wording import joined, phrase

MOST_SETS_SAID = 3
EVERY_DOSSIER = Text("mọi hồ sơ", "every dossier")


def said(box: Box, axes: Mapping[str, Axis], *, of_known: bool = False) -> Text:
    """Say where a box lies; what it leaves open is not said, nor (`of_known`) that a fact is known."""
    pairs = zip(box, axes.values(), strict=True)
    parts = [part for runs, axis in pairs for part in _said(runs, axis, of_known=of_known)]
    return joined(parts, " và ", " and ") if parts else EVERY_DOSSIER


def _said(runs: Runs, axis: Axis, *, of_known: bool) -> Iterator[Text]:
    if runs == ((0, axis.size),) or (runs == axis.known and (of_known or axis.fact.source is Source.BUILT_IN)):
        return
    test = axis.test(runs)
    if test is None:
        yield _alternatives(runs, axis)
    elif isinstance(test, OneOf) and not test.negated:
        yield phrase("“{}” là {}", "“{}” is {}", axis.fact.label, words(test, axis.fact))
    else:
        yield phrase("“{}” {}", "“{}” {}", axis.fact.label, words(test, axis.fact))


def _alternatives(runs: Runs, axis: Axis) -> Text:
    """Say runs that no cell can: unknown or something else, or several sets of codes."""
    label = axis.fact.label
    if runs[0][0] == 0:
        others = rest(((0, 1),), axis.size)
        known = tuple(run for run in ((max(low, 1), high) for low, high in runs) if run[0] < run[1])
        test = axis.test(known) if known != others else Known(wanted=True)
        what = words(test, axis.fact) if test is not None else _sets(known, axis)
        return phrase("“{}” chưa biết hoặc {}", "“{}” not known or {}", label, what)
    return phrase("“{}” {}", "“{}” {}", label, _sets(runs, axis))


def _sets(runs: Runs, axis: Axis) -> Text:
    values = [axis.fact.shown(axis.value(place)) for place in places(runs)]
    told = [phrase("chỉ có {}", "just {}", value) for value in values[:MOST_SETS_SAID]]
    more = [Text("…", "…")] if len(values) > MOST_SETS_SAID else []
    return joined([*told, *more], " hoặc ", " or ")


def cells_of(box: Box, axes: Mapping[str, Axis], inputs: tuple[str, ...]) -> dict[str, str] | None:
    """Return the cells of a row that holds this box, by input; None where cells cannot say so.

    A fact that is only known is left open: where it is not, no row applies either, or it is asked for.
    """
    found: dict[str, str] = {}
    for runs, (name, axis) in zip(box, axes.items(), strict=True):
        if name not in inputs:
            continue
        test = axis.test(runs)
        if test is None:
            return None
        if test not in (ANYTHING, Known(wanted=True)):
            found[name] = written(test, axis.fact)
    return found

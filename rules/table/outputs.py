"""The outputs of tables as facts, `table.output`, so that tables feed tables and formulas."""

from collections.abc import Iterable, Iterator, Mapping

from rules.table.decision import LISTING, HitPolicy, OutputColumn, Table
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source

_CODES = frozenset({FactType.CODE, FactType.CODES})


def output_facts(tables: Iterable[Table], lists: Mapping[str, Mapping[str, Text]]) -> Iterator[Fact]:
    """Yield a fact for every output that has one value once the hit policy has spoken; texts for people have none.

    `lists` are the labels of codes by list.
    """
    for table in tables:
        for column in table.outputs:
            kind = _type(table.hit, column)
            if kind is not None:
                yield _fact(table, column, kind, lists)


def _type(hit: HitPolicy, column: OutputColumn) -> FactType | None:
    if hit is HitPolicy.COLLECT_COUNT:
        return FactType.INT
    if column.type is FactType.TEXT:
        return None
    if hit in LISTING:
        return FactType.CODES if column.type in _CODES else None
    return column.type


def _fact(table: Table, column: OutputColumn, kind: FactType, lists: Mapping[str, Mapping[str, Text]]) -> Fact:
    labels = lists.get(column.list, {})
    counted = table.hit is HitPolicy.COLLECT_COUNT
    return Fact(
        id=f"{table.id}.{column.id}",
        type=kind,
        label=column.label or table.label,
        source=Source.TABLE,
        codes={code: labels.get(code, Text(code)) for code in column.codes} if kind in _CODES else {},
        unit="" if counted else column.unit,
        scale=0 if counted else column.scale,
        of=table.over,
    )

"""Decision tables in words: cell by cell for who sees the table, and each row as a sentence for who does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.definition.process import relation_of
from rules.definition.process_words import relation_words
from rules.say.conditions import clauses_said
from rules.say.labels import HEADS, HOW_CHOSEN, LIMIT, NOTHING
from rules.say.punctuation import bare, quoted, sentence
from rules.say.readable import ReadableRow, ReadableTable
from rules.say.uses import Use, Uses, head_said, limit_said, result_said, use_said, value_said
from rules.table.cells import Anything, Cell, words
from rules.table.decision import ASCENDING, HitPolicy, Output, OutputColumn, Row, Table
from rules.values import LegalBasis, LegalDocument, Period, Text
from rules.vocabulary import NUMERIC, Fact
from rules.wording import inner, joined, phrase, same

LIMIT_COLUMNS = ("amount", "unit", "cutoff", "rolls")
"""The outputs of a time limit, read as one column."""

ROUTE_COLUMNS = ("to", "fact", "unit", "branch")
"""The outputs that say to whom a dossier goes, read as one column."""


def cited_as(basis: LegalBasis | None, documents: Mapping[str, LegalDocument]) -> Text | None:
    """Write a citation; None where there is none."""
    if basis is None:
        return None
    cited = basis.citation(documents)
    return Text(cited, cited.english)


def scope_said(period: Period, territory: Text | None) -> Text | None:
    """Say when and where something holds; None where it always does everywhere."""
    place = phrase("chỉ tại {}", "only in {}", inner(territory)) if territory else None
    parts = [part for part in (period_said(period), place) if part]
    return joined(parts, "; ") if parts else None


def period_said(period: Period) -> Text | None:
    """Say when something is in force; None where it always is."""
    return period.words if period.words.vi else None


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads the tables of one definition.

    `limits` names those whose rows give time limits, `route` the one that says where a dossier goes, `feeds` says of
    the others what reads their outputs as facts; `lists` are the labels of codes, `territories` those of territories,
    `origins` the words of shared sets by tag.
    """

    facts: Mapping[str, Fact]
    documents: Mapping[str, LegalDocument]
    uses: Uses
    limits: frozenset[str]
    feeds: Mapping[str, tuple[Text, ...]]
    lists: Mapping[str, Mapping[str, Text]]
    territories: Mapping[str, Text]
    origins: Mapping[str, Text]
    route: str = ""

    def table(self, table: Table) -> ReadableTable:
        """Say one table."""
        heads = (head_said(column, self._uses(table, column), _name(table, column)) for column in self._columns(table))
        return ReadableTable(
            id=table.id,
            label=table.label,
            how=self._how(table),
            conditions=tuple(self.facts[name].label for name in table.inputs),
            results=(*self._whole_head(table), *heads),
            rows=tuple(self._row(place, row, table) for place, row in enumerate(table.rows)),
            example=table.example,
            used_for=(
                *(use_said(use) for column in table.outputs for use in self._uses(table, column)),
                *self.feeds.get(table.id, ()),
            ),
            each=self._each(table),
            origin=self.origins.get(table.origin),
        )

    def _how(self, table: Table) -> Text:
        """Say how rows are chosen, and what ranks their results."""
        said = HOW_CHOSEN[table.hit]
        for column in table.outputs:
            if column.order:
                head, order = quoted(head_said(column, (), _name(table, column))), self._order(column)
                said = phrase("{} Thứ tự của {}: {}.", "{} Order of {}: {}.", said, head, order)
        return said

    def _each(self, table: Table) -> Text | None:
        said: list[Text] = []
        if table.over:
            vi, en = "Xét riêng từng dòng của {}.", "Each row of {} is looked at by itself."
            said.append(phrase(vi, en, quoted(self.facts[table.over].label)))
        if table.on:
            vi, en = "Dòng có hiệu lực hay không xét theo {}.", "Which rows are in force is decided by: {}."
            said.append(phrase(vi, en, quoted(self.facts[table.on].label)))
        return joined(said, " ") if said else None

    def _order(self, column: OutputColumn) -> Text:
        if column.type in NUMERIC:
            up = column.order == (ASCENDING,)
            return Text("nhỏ nhất trước", "the least first") if up else Text("lớn nhất trước", "the greatest first")
        return joined((self._value(value, column, ()) for value in column.order), ", ")

    def _value(self, value: Output | None, column: OutputColumn, uses: tuple[Use, ...]) -> Text:
        return value_said(value, column, uses, self.lists.get(column.list))

    def _row(self, place: int, row: Row, table: Table) -> ReadableRow:
        cells = [self._cell(cell, name) for cell, name in zip(row.when, table.inputs, strict=True)]
        whole = self._whole(table, row)
        values = (
            self._value(table.output(row, column.id), column, self._uses(table, column))
            for column in self._columns(table)
        )
        return ReadableRow(
            id=row.id,
            cells=tuple(cells),
            results=(*((whole,) if whole else ()), *values),
            citation=cited_as(row.basis, self.documents),
            period=self._scope(row),
            note=row.note,
            sentence=self._sentence(row, table, is_rest=table.hit is HitPolicy.FIRST and place > 0),
        )

    def _scope(self, row: Row) -> Text | None:
        return scope_said(row.period, self.territories.get(row.territory))

    def _cell(self, cell: Cell, name: str) -> Text:
        return NOTHING if isinstance(cell.test, Anything) else words(cell.test, self.facts[name])

    def _uses(self, table: Table, column: OutputColumn) -> tuple[Use, ...]:
        return self.uses.get((table.id, column.id), ())

    def _columns(self, table: Table) -> list[OutputColumn]:
        """Return the outputs that are columns of their own."""
        return [column for column in table.outputs if column.id not in self._as_one(table)]

    def _as_one(self, table: Table) -> tuple[str, ...]:
        """Return the outputs that are read together as one column."""
        if table.id in self.limits:
            return LIMIT_COLUMNS
        return ROUTE_COLUMNS if table.id == self.route else ()

    def _whole_head(self, table: Table) -> tuple[Text, ...]:
        if table.id in self.limits:
            return (LIMIT,)
        return (HEADS["to"],) if table.id == self.route else ()

    def _whole(self, table: Table, row: Row) -> Text | None:
        """Say what the outputs give that are read as one column, None where there are none."""
        if table.id in self.limits:
            return limit_said(table, row)
        return relation_words(relation_of(table, row), self.facts) if table.id == self.route else None

    def _sentence(self, row: Row, table: Table, *, is_rest: bool) -> Text:
        """Say a whole row: `Khi …, thì … (căn cứ …; từ …). Ghi chú: …`."""
        cited, period = cited_as(row.basis, self.documents), self._scope(row)
        basis = phrase("căn cứ {}", "basis: {}", cited) if cited else Text("chưa ghi căn cứ", "no legal basis given")
        said = sentence(
            phrase(
                "{}{} ({})",
                "{}{} ({})",
                self._when(row, table, is_rest=is_rest),
                joined(self._results(row, table), "; "),
                joined((basis, period) if period else (basis,), "; "),
            )
        )
        note = sentence(phrase("Ghi chú: {}", "Note: {}", bare(row.note))) if row.note else None
        return phrase("{} {}", "{} {}", said, note) if note else said

    def _when(self, row: Row, table: Table, *, is_rest: bool) -> Text:
        """Say when a row applies; of a table read from the top, a lower row applies only where none above does."""
        asked = zip(row.when, table.inputs, strict=True)
        tests = [(cell.test, self.facts[name]) for cell, name in asked if not isinstance(cell.test, Anything)]
        if not tests:
            return phrase("Với {}, ", "For {}, ", _everyone(is_rest=is_rest))
        if not is_rest:
            return phrase("Khi {}, thì ", "When {}, ", clauses_said(tests))
        vi, en = "Khi không dòng nào ở trên áp dụng và {}, thì ", "When no row above applies and {}, "
        return phrase(vi, en, clauses_said(tests))

    def _results(self, row: Row, table: Table) -> Iterator[Text]:
        """Yield what a row gives, once for each use; a result that nothing reads is named by its column."""
        whole = self._whole(table, row)
        for column in table.outputs:
            value, uses = table.output(row, column.id), self._uses(table, column)
            for use in uses:
                said = whole if whole and column.id in self._as_one(table) else self._value(value, column, (use,))
                yield result_said(value, said, column, use)
            if not uses and column in self._columns(table):
                yield phrase(
                    "{} là {}",
                    "{} is {}",
                    quoted(head_said(column, (), _name(table, column))),
                    bare(self._value(value, column, ())),
                )


def _name(table: Table, column: OutputColumn) -> Text:
    """Return what an output without a label is called: as its table, and beside others with its id."""
    return table.label if len(table.outputs) == 1 else phrase("{} ({})", "{} ({})", table.label, same(column.id))


def _everyone(*, is_rest: bool) -> Text:
    return Text("mọi hồ sơ còn lại", "every other dossier") if is_rest else Text("mọi hồ sơ", "every dossier")

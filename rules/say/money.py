"""Lines of money in words: how an amount comes about, when the line is there, and how reductions combine."""

from collections.abc import Iterator, Mapping

from rules.definition.money import Amount, Bound, Charge, Cut, FromFact, FromTable, Line, Payout
from rules.definition.procedure import ProcedureDefinition
from rules.reductions import PERCENT_DIGITS
from rules.say.conditions import condition_said
from rules.say.labels import CHARGE_KINDS, COLLECTED, ROUNDED, SET_BY
from rules.say.punctuation import as_example, quoted
from rules.say.rates import formula_sentence
from rules.say.readable import ReadableCharge, ReadablePayout, ReadableTable
from rules.say.tables import cited_as
from rules.values import Money, Text, measured
from rules.wording import joined, phrase


class MoneyReader:
    """Says the lines of money of one definition, with its facts and its tables in words at hand."""

    def __init__(self, definition: ProcedureDefinition, tables: Mapping[str, ReadableTable]) -> None:
        self._definition = definition
        self._facts = definition.vocabulary
        self._tables = tables

    def charge(self, charge: Charge) -> ReadableCharge:
        """Say one charge with the tables it reads."""
        tables = self._amount_tables(charge)
        return ReadableCharge(
            label=charge.label,
            kind=CHARGE_KINDS[charge.kind],
            set_by=SET_BY[charge.set_by],
            amount=as_example(self._amount(charge), charge.example),
            citation=self._citation(charge.amount),
            tables=tables,
            cuts=tuple(self._tables[name] for name in dict.fromkeys(cut.table for cut in charge.cuts)),
            collected=COLLECTED[charge.collected],
            refundable=charge.refundable,
            example=charge.example or next((each.example for each in tables if each.example), self._definition.example),
            limits=(*self._limits(charge), *self._most(charge)),
            combined=self._combined(charge),
        )

    def payout(self, payout: Payout) -> ReadablePayout:
        """Say one payout with the table it reads."""
        return ReadablePayout(
            label=payout.label,
            payee=payout.payee,
            amount=as_example(self._amount(payout), payout.example),
            citation=self._citation(payout.amount),
            tables=self._amount_tables(payout),
            limits=tuple(self._limits(payout)),
        )

    def _amount_tables(self, line: Line) -> tuple[ReadableTable, ...]:
        return (self._tables[line.amount.table],) if isinstance(line.amount, FromTable) else ()

    def _citation(self, amount: Amount) -> Text | None:
        return None if isinstance(amount, FromTable) else cited_as(amount.basis, self._definition.documents)

    def _amount(self, line: Line) -> Text:
        """Say where the amount comes from, and what it is multiplied by."""
        said = self._source(line.amount, line.currency)
        if line.times:
            said = phrase("{}, nhân với {}", "{}, times {}", said, quoted(self._facts[line.times].label))
        if line.for_each:
            group = quoted(self._facts[line.for_each].label)
            vi, en = "{}, tính cho từng dòng của {} rồi cộng lại", "{}, worked out for each row of {} and added up"
            said = phrase(vi, en, said, group)
        return said

    def _source(self, amount: Amount, currency: str) -> Text:
        if isinstance(amount, FromTable):
            return phrase("theo bảng {}", "by the table {}", quoted(self._tables[amount.table].label))
        if isinstance(amount, FromFact):
            return self._from_fact(amount, currency)
        vi, en = "theo thông báo của {}, ghi ở {}", "by the notice of {}, entered as {}"
        said = phrase(vi, en, amount.by, quoted(self._facts[amount.fact].label))
        if not amount.file:
            return said
        return phrase("{}, tệp ghi ở {}", "{}, its file as {}", said, quoted(self._facts[amount.file].label))

    def _from_fact(self, amount: FromFact, currency: str) -> Text:
        """Say an amount that is a fact; one of a formula is said as its formula."""
        spec = next((spec for spec in self._definition.facts if spec.id == amount.fact), None)
        label = quoted(self._facts[amount.fact].label)
        if spec is None or spec.formula is None:
            return label
        return phrase("{} = {}", "{} = {}", label, formula_sentence(spec.formula, self._facts, currency=currency))

    def _limits(self, line: Line) -> Iterator[Text]:
        """Yield when a line is there, how it is rounded, and between what it lies; where rows add up, of each."""
        if line.when:
            said = phrase("chỉ có khi {}", "only when {}", condition_said(line.when, self._facts))
            of_rows = any(self._facts[name].of == line.for_each for name in line.when.facts)
            yield self._of_each(line, said) if of_rows else said
        if isinstance(line, Charge) and line.owed_when:
            yield phrase("được ghi nợ khi {}", "owed as a debt when {}", condition_said(line.owed_when, self._facts))
        if line.rounding:
            to = Money(line.rounding.to, line.currency).words
            yield self._of_each(line, phrase("{} {}", "{} {}", ROUNDED[line.rounding.how], to))
        if line.floor is not None:
            said = phrase("không dưới {}", "no less than {}", self._bound(line.floor, line.currency))
            yield self._of_each(line, said)
        if line.cap is not None:
            yield self._of_each(line, phrase("không quá {}", "no more than {}", self._bound(line.cap, line.currency)))

    def _of_each(self, line: Line, said: Text) -> Text:
        """Say of which rows something holds that holds for each of them by itself, and not for their sum."""
        if not line.for_each:
            return said
        return phrase("mỗi dòng của {} {}", "for each row of {} {}", quoted(self._facts[line.for_each].label), said)

    def _cuts_of_each(self, charge: Charge, said: Text) -> Text:
        if not charge.for_each:
            return said
        group = quoted(self._facts[charge.for_each].label)
        return phrase("với mỗi dòng của {}, {}", "for each row of {}, {}", group, said)

    def _most(self, charge: Charge) -> Iterator[Text]:
        for cut in charge.cuts:
            if cut.most is not None:
                yield self._cuts_of_each(charge, self._cut_most(cut, cut.most, charge.currency))

    def _cut_most(self, cut: Cut, most: Bound, currency: str) -> Text:
        vi, en = "mức giảm theo bảng {} không quá {}", "a reduction by the table {} is no more than {}"
        return phrase(vi, en, quoted(self._tables[cut.table].label), self._bound(most, currency))

    def _bound(self, bound: Bound, currency: str) -> Text:
        return quoted(self._facts[bound].label) if isinstance(bound, str) else Money(bound, currency).words

    def _combined(self, charge: Charge) -> Text | None:
        stacking = charge.stacking
        if stacking is None:
            return None
        share = [] if stacking.percent is None else [measured(stacking.percent, PERCENT_DIGITS)]
        percent = [phrase("{}% mức đầy đủ", "{}% of the full amount", each) for each in share]
        money = [] if stacking.amount is None else [self._bound(stacking.amount, charge.currency)]
        said = phrase(
            "các mức cùng áp dụng được cộng lại, tổng mức giảm không quá {}",
            "those that apply are added up, to no more than {} in all",
            joined((*percent, *money), " và ", " and "),
        )
        return self._cuts_of_each(charge, said)

"""Announced fee and time (lời công bố) against the rules: what the words say that no rule gives, and the reverse.

What the rules give is what their rows give that some dossier, filed the way the words are about, can reach. Figures of
formulas, scales, parameters and limits elsewhere are known, too, but nothing is claimed of when they apply. Words that
cannot be read for certain are said to be so: silence never means that they agree.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import product
from math import prod
from typing import Any

from rules.check.announced import FeeSaid, TimeSaid, fee_said, time_said
from rules.check.findings import Finding, FindingKind, Witness
from rules.check.stated_space import ONE_ROW, Meeting, fired
from rules.clock.spans import ClockError, Limit, LimitUnit
from rules.definition.money import Charge, ChargeKind, FromTable
from rules.definition.procedure import ProcedureDefinition
from rules.definition.process import Combine
from rules.definition.stated import Stated
from rules.errors import Place, Severity
from rules.evaluation.kinds.limits import limit_of
from rules.evaluation.outcome import Evaluation
from rules.formula.nodes import wholes_in
from rules.reading import mapping_of, sequence_of
from rules.space.dossiers import DossierSpace
from rules.space.literals import Literals, failing
from rules.space.sweep import Box, BudgetSpentError
from rules.table.decision import Table
from rules.values import Money
from rules.vocabulary import CHANNELS, FactType

MOST_TOTALS = 4_096
"""So many totals of several lines are looked at."""

MOST_SAID = 80
"""So many characters of an announcement are said again."""

Keys = frozenset[Hashable]
Found = tuple[Witness, Evaluation]


def stated_findings(definition: ProcedureDefinition) -> Iterator[Finding]:
    """Yield where announced words and rules disagree, each with a dossier, and what could not be compared."""
    meeting = Meeting(definition) if definition.stated else None
    for number, each in enumerate(definition.stated):
        assert meeting is not None
        if each.fee:
            yield from _Fee(meeting, each, ("stated", number, "fee"), each.fee.vi).findings()
        if each.time:
            yield from _Time(meeting, each, ("stated", number, "time"), each.time.vi).findings()


@dataclass(frozen=True, slots=True)
class _Given:
    """What one row gives, where it counts: `key` as announcements have it, `said` in words.

    `passes`: the row is no longer in force some day, so that words may leave it out.
    """

    key: Any
    said: str
    table: str
    row: str
    line: str
    passes: bool
    space: DossierSpace
    box: Box


@dataclass(slots=True)
class _Words(ABC):
    """One announced text against the rules."""

    meeting: Meeting
    stated: Stated
    where: Place
    text: str
    undecided: bool = field(default=False, init=False)

    about = ""
    hint = "Sửa lời công bố, hoặc sửa quy định."

    @property
    def _called(self) -> str:
        way = f" khi nộp “{CHANNELS[self.stated.way].vi}”" if self.stated.way else ""
        text = " ".join(self.text.split())
        return f"Lời công bố {self.about}{way} “{text[:MOST_SAID]}{'…' if len(text) > MOST_SAID else ''}”"

    def _note(self, what: str) -> Finding:
        return Finding(self.where, f"{self._called}: {what}", "", Severity.NOTE, FindingKind.STATED)

    def _told(self, what: str, witness: Witness | None, given: _Given | None, severity: Severity) -> Finding:
        table, rows = (given.table, (given.row,)) if given and given.row else ("", ())
        said = f"{self._called} {what}"
        return Finding(self.where, said, self.hint, severity, FindingKind.STATED, table, rows, witness)

    def _reached(
        self, table: Table, beside: Iterable[Literals], line: str, keys: Mapping[int, tuple[Hashable, str]]
    ) -> Iterator[_Given]:
        """Yield the rows of a table that some dossier filed this way reaches, with the key of each."""
        space = self.meeting.space(table, self.stated.way, beside)
        for at, (key, said) in keys.items():
            row = table.rows[at]
            try:
                box = self.meeting.box(space, at)
            except BudgetSpentError:
                self.undecided = True
                continue
            if box is not None:
                yield _Given(key, said, table.id, row.id, line, row.period.until is not None, space, box)

    def _missing(self, given: Iterable[_Given], said: Keys) -> Iterator[Finding]:
        """Tell what the rules give that the words do not say; the same figure of several rows is told once."""
        told: set[Hashable] = set()
        for each in given:
            if each.key in said or each.key in told:
                continue
            told.add(each.key)
            found = self._shown(each)
            if found is None:
                yield self._note(f"chưa kết luận với dòng “{each.row}” ({each.said}), chưa thấy hồ sơ nào khác lời ấy.")
                continue
            severity = Severity.NOTE if each.passes else Severity.WARNING
            yield self._told(f"không nêu {each.said} mà dòng “{each.row}” quy định.", found[0], each, severity)

    def _never_given(self, wanted: Iterable[tuple[Hashable, str]], given: Sequence[_Given]) -> Iterator[Finding]:
        """Tell what the words say that no rule gives, with a dossier that shows what the rules give instead."""
        for _, said in wanted:
            shown = next(((each, found) for each in given if (found := self._shown(each))), None)
            each, found = shown or (None, self.meeting.any_dossier(self.stated.way))
            instead = f"chẳng hạn dòng “{each.row}” quy định {each.said}" if each else self._without
            yield self._told(
                f"nêu {said} mà không quy định nào cho; {instead}.", found and found[0], each, Severity.WARNING
            )

    _without = ""

    def _shown(self, given: _Given) -> Found | None:
        found = self.meeting.dossier(given.space, given.box)
        return found if found and self._says(found[1], given) else None

    @abstractmethod
    def _says(self, outcome: Evaluation, given: _Given) -> bool:
        """Tell whether the outcome gives what the row was to give."""


class _Fee(_Words):
    """An announced fee: what the charges come to before reductions, by the rows of their tables."""

    about = "phí, lệ phí"
    _without = "hồ sơ không phải nộp khoản nào theo bảng"

    def findings(self) -> Iterator[Finding]:
        """Yield what is found."""
        said = fee_said(self.text)
        if not said.is_read:
            yield self._note("chưa đối chiếu được, không đọc được mức thu nào.")
            return
        charges = self.meeting.definition.charges
        given = [each for line in charges for each in self._of_line(line)]
        wanted = sorted(said.amounts - self._known(given))
        if said.free and said.amounts and self._always_pays(given):
            wanted = [("VND", 0), *wanted]
        named_amounts = [(key, Money(key[1], key[0]).words.vi) for key in wanted]
        if self._is_whole:
            yield from self._never_given(named_amounts, given)
        else:  # what a formula comes to, no row names
            for _, amount in named_amounts:
                yield self._note(
                    f"chưa kết luận với {amount}: không dòng nào quy định, song có khoản tính theo cách khác."
                )
        named = {line.id for line in charges if line.kind is not ChargeKind.PRICE}
        if not said.is_open:
            yield from self._missing([each for each in given if each.line in named], self._said(said))
        yield from self._left(said)

    @property
    def _is_whole(self) -> bool:
        """Whether every amount that the charges may come to was looked at; asked after all others."""
        return not self.undecided and all(map(self._rows_of, self.meeting.definition.charges))

    def _always_pays(self, given: Sequence[_Given]) -> bool:
        """Tell whether nothing in the rules lets anybody pay nothing."""
        lines = self.meeting.definition.charges
        may = any(line.cuts or line.when or not isinstance(line.amount, FromTable) for line in lines)
        return bool(lines) and not may and not self.undecided and all(each.key[1] for each in given)

    def _left(self, said: FeeSaid) -> Iterator[Finding]:
        """Say what was not compared."""
        if said.is_open:
            yield self._note("chỉ đối chiếu được mức nêu bằng số, phần còn lại chưa đối chiếu được.")
        left = [line.label.vi for line in self.meeting.definition.charges if self._rows_of(line) is None]
        if left or self.undecided:
            named = ", ".join(f"“{each}”" for each in left) or "một số dòng"
            yield self._note(f"chưa đối chiếu được trọn vẹn với {named}.")

    def _said(self, said: FeeSaid) -> Keys:
        nothing = {(currency, 0) for currency in ("VND", "USD")} if said.free else set[tuple[str, int]]()
        return frozenset[Hashable](said.amounts | nothing)

    def _rows_of(self, line: Charge) -> Table | None:
        """Return the table of which one row alone gives the amount of a line, None where it comes about otherwise."""
        table = self.meeting.ground.tables[line.amount.table] if isinstance(line.amount, FromTable) else None
        return table if table and table.hit in ONE_ROW else None

    def _of_line(self, line: Charge) -> Iterator[_Given]:
        """Yield the amounts that the rows of a line's table give; of other lines, and of sums, none."""
        table = self._rows_of(line)
        if table is None or not isinstance(line.amount, FromTable):
            return
        keys: dict[int, tuple[Hashable, str]] = {}
        for at, row in enumerate(table.rows):
            amount = table.output(row, line.amount.output)
            if isinstance(amount, int):
                words = f"mức {Money(amount, line.currency).words.vi}" if amount else "trường hợp không thu"
                keys[at] = (line.currency, amount), words
        beside = list(failing(line.when)) if line.when else ()
        yield from self._reached(table, beside, line.id, keys)

    def _known(self, given: Sequence[_Given]) -> Keys:
        """Return every amount that the rules name: of rows that are reached, their totals, and figures elsewhere."""
        reached = {each.key for each in given}
        return frozenset({*reached, *self._totals(given), *self._elsewhere()})

    def _totals(self, given: Sequence[_Given]) -> Iterator[Hashable]:
        """Yield what several lines come to together."""
        by_line: dict[str, set[Any]] = {}
        for each in given:
            by_line.setdefault(each.line, set()).add(each.key)
        if prod(len(keys) + 1 for keys in by_line.values()) > MOST_TOTALS:
            self.undecided = True
            return
        for chosen in product(*({None, *keys} for keys in by_line.values())):
            picked = [key for key in chosen if key is not None]
            for currency in {key[0] for key in picked}:
                yield currency, sum(key[1] for key in picked if key[0] == currency)

    def _elsewhere(self) -> Iterator[Hashable]:
        """Yield every figure of formulas, scales, parameters and bounds, and of tables that give no charge itself."""
        definition = self.meeting.definition
        numbers = {number for spec in definition.facts if spec.formula for number in wholes_in(spec.formula.tree)}
        numbers |= {step.rate for scale in definition.scales for step in scale.steps}
        values = [value.value for each in definition.parameters for value in each.values]
        bounds = [bound for line in definition.charges for bound in (line.floor, line.cap)]
        numbers |= {each for each in (*values, *bounds, *self._of_other_tables()) if isinstance(each, int)}
        yield from ((line.currency, number) for number in numbers for line in definition.charges)

    def _of_other_tables(self) -> Iterator[Any]:
        lines = self.meeting.definition.charges
        direct = {line.amount.table for line in lines if isinstance(line.amount, FromTable)}
        for table in self.meeting.ground.tables.values():
            if table.id not in direct or table.hit not in ONE_ROW:
                for place, column in enumerate(table.outputs):
                    if column.type is FactType.MONEY or table.id in self.meeting.ground.read:
                        yield from (row.then[place] for row in table.rows)

    def _says(self, outcome: Evaluation, given: _Given) -> bool:
        line = next((each for each in outcome.charges if each.id == given.line), None)
        if line is None or line.amount is None or given.row not in fired(line.reasons):
            return False
        return bool(line.amount) or not given.key[1] or bool(fee_said(self.text).amounts)  # cut to nothing is free


class _Time(_Words):
    """An announced time: the limits by law or the shorter promise, whichever the words are about."""

    about = "thời hạn"
    _without = "không bảng nào cho thời hạn"

    def findings(self) -> Iterator[Finding]:
        """Yield what is found."""
        said, rule = time_said(self.text), self.meeting.definition.deadline
        if not said.is_read:
            yield self._note("chưa đối chiếu được, không đọc được số và đơn vị của thời hạn.")
            return
        if rule is None:
            return
        by_law = list(self._of_table(rule.table))
        promised = list(self._of_table(rule.committed)) if rule.committed else []
        wanted = sorted(said.limits - self._known([*by_law, *promised]))
        yield from self._never_given([(key, Limit(key[1], key[0]).words.vi) for key in wanted], [*by_law, *promised])
        own = frozenset[Hashable](said.limits)
        is_promise = bool(promised) and {each.key for each in promised} <= own
        if not said.is_open and not is_promise:
            yield from self._missing(by_law, own)
        yield from self._left(said)

    def _left(self, said: TimeSaid) -> Iterator[Finding]:
        rule = self.meeting.definition.deadline
        if said.is_open:
            yield self._note("chỉ đối chiếu được thời hạn nêu bằng số, phần còn lại chưa đối chiếu được.")
        if self.undecided or (rule and (rule.added or rule.combine is Combine.SUM)):
            yield self._note("chưa đối chiếu được thời hạn cộng từ nhiều dòng.")

    def _of_table(self, name: str) -> Iterator[_Given]:
        rule = self.meeting.definition.deadline
        assert rule is not None
        table = self.meeting.ground.tables[name]
        keys: dict[int, tuple[Hashable, str]] = {}
        for at, row in enumerate(table.rows):
            try:
                limit = limit_of(table, row, rule)
            except ClockError:
                continue  # told where the limits are checked
            keys[at] = _key(limit), f"thời hạn {limit.words.vi}"
        yield from self._reached(table, (), name, keys)

    def _known(self, given: Sequence[_Given]) -> frozenset[tuple[LimitUnit, int]]:
        """Return every limit that the rules name: of rows that are reached, sums with time on top, and elsewhere."""
        known: set[Any] = {each.key for each in given} | {_key(each) for each in _limits_in(self.meeting.definition)}
        rule = self.meeting.definition.deadline
        assert rule is not None
        more = [table for name in (*rule.added, *rule.promise_added) for table in [self.meeting.ground.tables[name]]]
        added = [_key(limit_of(table, row, rule)) for table in more for row in table.rows]
        summed = [*added, *(known if rule.combine is Combine.SUM else ())]
        for unit, amount in list(known):
            known |= {(unit, amount + another) for other, another in summed if other is unit}
        return frozenset(known)

    def _says(self, outcome: Evaluation, given: _Given) -> bool:
        found = outcome.deadline
        return found is not None and given.row in fired(found.reasons)


def _key(limit: Limit) -> tuple[LimitUnit, int]:
    """Return a limit as announcements have it."""
    return limit.unit, 0 if limit.unit is LimitUnit.SAME_DAY else limit.amount


def _limits_in(part: Any) -> Iterator[Limit]:
    """Yield every limit that stands anywhere in a part of the definition: of waits, steps, acts, the reception."""
    if isinstance(part, Limit):
        yield part
    elif (several := sequence_of(part)) is not None:
        yield from (limit for each in several for limit in _limits_in(each))
    elif (named := mapping_of(part)) is not None:
        yield from _limits_in(list(named.values()))
    elif is_dataclass(part):
        yield from (limit for each in fields(part) for limit in _limits_in(getattr(part, each.name)))

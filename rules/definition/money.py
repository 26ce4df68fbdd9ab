"""Lines of money as a definition states them: what is charged (khoản thu) and what is paid out (khoản chi trả)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rules.rounding import Rounding
from rules.table.decision import Condition
from rules.values import LegalBasis, Text

Bound = int | str
"""A limit on money: whole minor units, or the id of the money fact or parameter that says it."""


class ChargeKind(StrEnum):
    """Phí (service_fee), lệ phí (charge), giá dịch vụ (price)."""

    SERVICE_FEE = "service_fee"
    CHARGE = "charge"
    PRICE = "price"


class SetBy(StrEnum):
    """Who sets the amount: luật, Bộ Tài chính, HĐND tỉnh, đơn vị cung cấp dịch vụ, or another body."""

    LAW = "law"
    MINISTRY_OF_FINANCE = "ministry_of_finance"
    PROVINCIAL_COUNCIL = "provincial_council"
    SERVICE_UNIT = "service_unit"
    OTHER = "other"


class Collected(StrEnum):
    """When the money is collected: at filing, with the result, by a notice (theo thông báo), or never."""

    AT_FILING = "at_filing"
    AT_RESULT = "at_result"
    BY_NOTICE = "by_notice"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FromTable:
    """The value comes from an output of a table."""

    table: str
    output: str


@dataclass(frozen=True, slots=True)
class FromFact:
    """The value is a fact, with the legal basis of its formula."""

    fact: str
    basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """The amount is what another body's notice says (cơ quan khác ra thông báo): a fact that is handed in.

    `number`, `day` and `file` are the facts that hold the number, the day and the file of the notice (its attachment's
    id), where the definition has them.
    """

    fact: str
    by: Text
    basis: LegalBasis | None = None
    number: str = ""
    day: str = ""
    file: str = ""

    @property
    def notice(self) -> tuple[str, ...]:
        """The facts that tell the notice."""
        return tuple(name for name in (self.number, self.day, self.file) if name)


Amount = FromTable | FromFact | Assessed


@dataclass(frozen=True, slots=True)
class Cut:
    """Reductions from an output of a table: a percentage (whole or fixed-point), or money off; at most `most`."""

    table: str
    output: str
    most: Bound | None = None


@dataclass(frozen=True, slots=True)
class Stacking:
    """Reductions are added up (cộng dồn) to a ceiling: millionths of a percent of the full amount, money, or both."""

    percent: int | None = None
    amount: Bound | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of money to pay: its amount, times a whole-number fact if stated, less the best one of its cuts.

    `when`: the line is there only then. `for_each`: all is worked out for each row of this group, and added up. What
    the amount times `times` gives is rounded, kept between `floor` and `cap`, then reduced; with `stacking` by the sum
    of its cuts. `owed_when`: the amount stands, but as a recorded debt (ghi nợ) that is paid later.
    """

    id: str
    label: Text
    kind: ChargeKind
    set_by: SetBy
    amount: Amount
    times: str = ""
    cuts: tuple[Cut, ...] = ()
    currency: str = "VND"
    collected: Collected = Collected.AT_RESULT
    refundable: bool = False
    owed_when: Condition | None = None
    when: Condition | None = None
    for_each: str = ""
    floor: Bound | None = None
    cap: Bound | None = None
    rounding: Rounding | None = None
    stacking: Stacking | None = None
    example: Text | None = None


@dataclass(frozen=True, slots=True)
class Payout:
    """One line of money that the office pays (khoản chi trả) to the `payee`; worked out as a charge without cuts."""

    id: str
    label: Text
    payee: Text
    amount: Amount
    times: str = ""
    currency: str = "VND"
    when: Condition | None = None
    for_each: str = ""
    floor: Bound | None = None
    cap: Bound | None = None
    rounding: Rounding | None = None
    example: Text | None = None


Line = Charge | Payout


def cuts_of(line: Line) -> tuple[Cut, ...]:
    """Return the reductions of a line; a payout has none."""
    return line.cuts if isinstance(line, Charge) else ()


def stacking_of(line: Line) -> Stacking | None:
    """Return how the reductions of a line add up, None where only the best one counts."""
    return line.stacking if isinstance(line, Charge) else None


def tables_read(line: Line) -> tuple[str, ...]:
    """Return the tables that a line reads, each once: that of its amount, then those of its reductions."""
    names = [line.amount.table] if isinstance(line.amount, FromTable) else []
    names += [cut.table for cut in cuts_of(line)]
    return tuple(dict.fromkeys(names))


def facts_read(line: Line) -> Iterator[str]:
    """Yield the facts that a line names itself, not through a table."""
    yield from amounts_read(line)
    if isinstance(line.amount, Assessed):
        yield from line.amount.notice
    yield from line.when.facts if line.when else ()
    yield from line.owed_when.facts if isinstance(line, Charge) and line.owed_when else ()
    yield from (line.for_each,) if line.for_each else ()


def amounts_read(line: Line) -> Iterator[str]:
    """Yield the facts that what the line comes to is worked out from: its amount, their number, its limits."""
    if not isinstance(line.amount, FromTable):
        yield line.amount.fact
    if line.times:
        yield line.times
    stacking = stacking_of(line)
    bounds = (line.floor, line.cap, *[cut.most for cut in cuts_of(line)], stacking.amount if stacking else None)
    yield from [bound for bound in bounds if isinstance(bound, str)]

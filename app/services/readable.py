"""A definition as people read it, as plain values: fields, papers, decision tables, time limits, golden cases."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadableField:
    """A field of the form: what is asked, of what kind, when it must be answered and when it is asked at all."""

    label: str
    kind: str
    required: str
    shown: str
    limits: str
    help: str
    choices: tuple[str, ...]
    members: tuple["ReadableField", ...]


@dataclass(frozen=True, slots=True)
class ReadableSection:
    """A section of the form with its fields."""

    title: str
    fields: tuple[ReadableField, ...]


@dataclass(frozen=True, slots=True)
class ReadableRow:
    """A rule: its conditions and results by column, where the law says so, and since when it holds.

    `applies` says the conditions together in one phrase.
    """

    id: str
    cells: tuple[str, ...]
    applies: str
    results: tuple[str, ...]
    citation: str
    period: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadableTable:
    """A decision table (bảng quy định) with the labels of its columns, and what it is used for."""

    id: str
    label: str
    how: str
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    rows: tuple[ReadableRow, ...]
    example: str
    used_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadableCharge:
    """A line of money: how its amount comes about and which reductions may apply."""

    label: str
    kind: str
    set_by: str
    amount: str
    citation: str
    tables: tuple[ReadableTable, ...]
    cuts: tuple[ReadableTable, ...]
    collected: str
    refundable: bool
    example: str


@dataclass(frozen=True, slots=True)
class ReadablePaper:
    """A paper of the dossier: when it is needed, how many, and what stands in for it."""

    label: str
    need: str
    shown: str
    count: str
    handed: str
    form: str
    waived_by: str
    citation: str


@dataclass(frozen=True, slots=True)
class ReadableFact:
    """A fact that nobody types on the form: computed, or found by an officer."""

    label: str
    source: str
    how: str


@dataclass(frozen=True, slots=True)
class ReadableCase:
    """A golden case (tình huống mẫu): when, what is given, and what must come out."""

    name: str
    when: str
    given: tuple[tuple[str, str], ...]
    expects: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadableProcedure:
    """A whole definition in words."""

    code: str
    name: str
    field_of_work: str
    example: str
    parts: tuple[tuple[str, str], ...]
    sections: tuple[ReadableSection, ...]
    facts: tuple[ReadableFact, ...]
    papers: tuple[ReadablePaper, ...]
    charges: tuple[ReadableCharge, ...]
    deadline: tuple[ReadableTable, ...]
    deadline_start: str
    refusals: ReadableTable | None
    tables: tuple[ReadableTable, ...]
    documents: tuple[tuple[str, str, str], ...]
    cases: tuple[ReadableCase, ...]

    @property
    def other_tables(self) -> tuple[ReadableTable, ...]:
        """The tables that no other part shows: those about papers, and any that nothing reads."""
        shown = {table.id for charge in self.charges for table in (*charge.tables, *charge.cuts)}
        shown |= {table.id for table in self.deadline} | ({self.refusals.id} if self.refusals else set())
        return tuple(table for table in self.tables if table.id not in shown)

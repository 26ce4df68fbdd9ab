"""A definition as people read it, as plain values: fields, papers, decision tables, time limits, golden cases.

Every text is bilingual; None stands where the definition says nothing.
"""

from dataclasses import dataclass

from rules.values import Text


@dataclass(frozen=True, slots=True)
class ReadableField:
    """A field of the form: what is asked, of what kind, when it must be answered and when it is asked at all.

    `more` are clauses that say what else is stated of it.
    """

    label: Text
    kind: Text
    required: Text
    shown: Text | None
    limits: Text | None
    help: Text | None
    choices: tuple[Text, ...]
    members: tuple["ReadableField", ...]
    more: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadableSection:
    """A section of the form with its fields; the first may have no title."""

    title: Text | None
    fields: tuple[ReadableField, ...]


@dataclass(frozen=True, slots=True)
class ReadableRow:
    """A rule: its conditions and results by column, where the law says so, and when and where it holds.

    `sentence` says the whole row to who has not seen the table.
    """

    id: str
    cells: tuple[Text, ...]
    results: tuple[Text, ...]
    citation: Text | None
    period: Text | None
    note: Text | None
    sentence: Text


@dataclass(frozen=True, slots=True)
class ReadableTable:
    """A decision table (bảng quy định) with the labels of its columns, and what it is used for.

    `each` says of which group every row is looked at by itself, `origin` which shared rule set the table came with.
    """

    id: str
    label: Text
    how: Text
    conditions: tuple[Text, ...]
    results: tuple[Text, ...]
    rows: tuple[ReadableRow, ...]
    example: Text | None
    used_for: tuple[Text, ...]
    each: Text | None = None
    origin: Text | None = None


@dataclass(frozen=True, slots=True)
class ReadableCharge:
    """A line of money: how its amount comes about, when it is there, and which reductions may apply.

    `limits` say when the line is there, and how its amount is rounded and bounded; `combined` how reductions add up,
    None where only the best one counts.
    """

    label: Text
    kind: Text
    set_by: Text
    amount: Text
    citation: Text | None
    tables: tuple[ReadableTable, ...]
    cuts: tuple[ReadableTable, ...]
    collected: Text
    refundable: bool
    example: Text | None
    limits: tuple[Text, ...] = ()
    combined: Text | None = None


@dataclass(frozen=True, slots=True)
class ReadablePayout:
    """A line of money that the office pays: to whom, how its amount comes about, and within which limits."""

    label: Text
    payee: Text
    amount: Text
    citation: Text | None
    tables: tuple[ReadableTable, ...]
    limits: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ReadablePaper:
    """A paper of the dossier: when it is needed, how many, and what stands in for it.

    `more` are clauses that follow its name: for which rows, in which form, when it is valid, where it stays. `table`
    says the need, where a table does.
    """

    label: Text
    need: Text
    shown: Text | None
    count: Text | None
    handed: Text
    form: Text | None
    waived_by: Text | None
    citation: Text | None
    more: tuple[Text, ...] = ()
    table: ReadableTable | None = None


@dataclass(frozen=True, slots=True)
class ReadableFact:
    """A fact that nobody types on the form: computed, or found by an officer."""

    label: Text
    source: Text
    how: Text


@dataclass(frozen=True, slots=True)
class ReadableEntry:
    """One statement of a register of the law: of what, what it says, where the law says so, when and where it holds."""

    name: Text
    said: Text
    citation: Text | None
    scope: Text | None


@dataclass(frozen=True, slots=True)
class ReadableDocument:
    """A legal document that the definition cites: its number, its title, and the days it is in force."""

    number: str
    title: Text | None
    period: Text | None


@dataclass(frozen=True, slots=True)
class ReadableCase:
    """A golden case (tình huống mẫu): when, what is given, and what must come out."""

    name: Text
    when: str
    given: tuple[tuple[Text, Text], ...]
    expects: tuple[Text, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadableProcedure:
    """A whole definition in words."""

    code: str
    name: Text
    field_of_work: Text | None
    example: Text | None
    parts: tuple[tuple[Text, Text | None], ...]
    sections: tuple[ReadableSection, ...]
    facts: tuple[ReadableFact, ...]
    papers: tuple[ReadablePaper, ...]
    charges: tuple[ReadableCharge, ...]
    deadline: tuple[ReadableTable, ...]
    deadline_start: Text | None
    refusals: ReadableTable | None
    tables: tuple[ReadableTable, ...]
    documents: tuple[ReadableDocument, ...]
    cases: tuple[ReadableCase, ...]
    parameters: tuple[ReadableEntry, ...] = ()
    scales: tuple[ReadableEntry, ...] = ()
    territories: tuple[ReadableEntry, ...] = ()
    place: Text | None = None
    codes: tuple[ReadableEntry, ...] = ()
    included: tuple[Text, ...] = ()
    payouts: tuple[ReadablePayout, ...] = ()
    variants: tuple[ReadableEntry, ...] = ()
    notices: tuple[ReadableEntry, ...] = ()
    deadline_rules: tuple[Text, ...] = ()
    stops: tuple[ReadableEntry, ...] = ()
    steps: tuple[ReadableEntry, ...] = ()
    route: ReadableTable | None = None
    examination: ReadableTable | None = None
    examination_form: Text | None = None
    results: tuple[ReadableEntry, ...] = ()
    added: tuple[ReadableTable, ...] = ()
    process: ReadableEntry | None = None
    paper_types: tuple[ReadableEntry, ...] = ()
    result_types: tuple[ReadableEntry, ...] = ()
    linked: tuple[ReadableEntry, ...] = ()

    @property
    def paper_tables(self) -> tuple[ReadableTable, ...]:
        """The tables that say whether a paper is needed, each once."""
        return tuple({paper.table.id: paper.table for paper in self.papers if paper.table}.values())

    @property
    def other_tables(self) -> tuple[ReadableTable, ...]:
        """The tables that no other part shows: those that feed tables and formulas, and any that nothing reads."""
        parts = (
            *(table for charge in self.charges for table in (*charge.tables, *charge.cuts)),
            *(table for payout in self.payouts for table in payout.tables),
            *(*self.paper_tables, *self.deadline, *self.added),
            *(table for table in (self.refusals, self.examination, self.route) if table),
        )
        shown = {table.id for table in parts}
        return tuple(table for table in self.tables if table.id not in shown)

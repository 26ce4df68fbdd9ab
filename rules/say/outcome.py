"""What came out of the rules, in words: the details of findings that screens, papers and a comparison share.

A formula is said worked out in figures; where a dossier goes and the steps it takes are said with the labels of
the facts that tell it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from rules.clock.calendar import moment_words
from rules.clock.limit_data import StopData
from rules.definition.internal import Act, ActFrom, Late
from rules.definition.money import Collected, FromFact
from rules.definition.papers import NEED_WORDS, PAPER_FORM_WORDS, RETURNED_WORDS
from rules.definition.procedure import FactSpec, ProcedureDefinition
from rules.definition.process import ExternalSystem, Relation, To, WhoseClock
from rules.definition.process_words import act_words, external_words, quota_words, relation_words, role_words
from rules.evaluation.findings import (
    ActFinding,
    ChargeFinding,
    DataFinding,
    ExternalFinding,
    Missing,
    PaperFinding,
    PayoutFinding,
    Reason,
    RelationFinding,
    RouteFinding,
    RowAmount,
    State,
    StepFinding,
)
from rules.evaluation.outcome import Evaluation
from rules.facts import read_back
from rules.say.figures import Formulas, worked_out
from rules.say.labels import COLLECTED, LATER, NO_RULE, SOURCES, STAGES
from rules.say.plainly import AT_RECEPTION, plainly
from rules.say.punctuation import bare, quoted
from rules.say.rates import formula_sentence
from rules.say.time import stop_clauses
from rules.values import Money, Text
from rules.vocabulary import Fact, Source
from rules.wording import begun, inner, joined, phrase

MADE_BY: Mapping[str, Text] = MappingProxyType(
    {
        Source.FORM.value: Text("từ mẫu đơn", "from the form"),
        Source.OFFICER.value: Text("cán bộ ghi nhận", "recorded by an officer"),
        Source.PAPER.value: Text("ghi theo giấy tờ", "read from a paper"),
        Source.REGISTRY.value: Text("tra trong cơ sở dữ liệu", "looked up in a register"),
        Source.HISTORY.value: Text("tra trong các hồ sơ trước đây", "looked up in earlier dossiers"),
        Source.OUTSIDE.value: Text("cơ quan khác trả lời", "answered by another body"),
        Source.COMPUTED.value: Text("tính theo công thức", "computed by a formula"),
        Source.TABLE.value: Text("theo bảng quy định", "by a table of the rules"),
        Source.PARAMETER.value: Text("tham số pháp luật", "a parameter of the law"),
        Source.LIST.value: Text("theo danh mục", "from the list of codes"),
        Source.BUILT_IN.value: Text("hệ thống biết", "known to the system"),
        AT_RECEPTION: Text("cán bộ ghi nhận lúc tiếp nhận", "recorded by an officer at reception"),
    }
)
"""Where the value of a fact comes from, as it stands behind the value."""

MAY_CHANGE: Mapping[str, Text] = MappingProxyType(
    {
        "fee": Text("phí, lệ phí", "the fees"),
        "payout": Text("khoản chi trả", "what is paid out"),
        "papers": Text("giấy tờ", "the papers"),
        "deadline": Text("ngày hẹn", "the appointment"),
        "eligibility": Text("việc giải quyết hồ sơ", "whether the dossier can be granted"),
        "steps": Text("các bước nội bộ", "the internal steps"),
        "route": Text("nơi chuyển đến", "where the dossier goes"),
        "stops": Text("việc dừng tính thời hạn", "whether the clock stops"),
        "examination": Text("kết quả thẩm định", "what the examination finds"),
        "results": Text("kết quả được cấp", "which results are issued"),
    }
)
"""What an unknown fact could still change."""

_AWAITED = Text("Chưa đủ thông tin", "Not enough is known")
_IN_CONFLICT = Text("Chưa tính được", "Cannot be worked out")

MoneyLine = ChargeFinding | PayoutFinding


@dataclass(frozen=True, slots=True)
class Station:
    """One step of the internal process (quy trình nội bộ) as a station of a line.

    `who` takes it, `times` are clauses on how long; `outside`: another system has the dossier meanwhile.
    """

    label: Text
    who: Text | None
    times: tuple[Text, ...]
    outside: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A fact that a later step or another body finds, from where it comes, and what it could still change."""

    label: Text
    source: Text
    changes: Text


@dataclass(frozen=True, slots=True)
class Explained:
    """An outcome as people read it: `outcome` with its formulas said, and what it says of the dossier's way in words.

    `outcome` is for reading only: its reasons are worded otherwise than those that were kept, so its hash is another.
    """

    outcome: Evaluation
    goes_to: Text | None
    stations: tuple[Station, ...]
    awaited: tuple[Awaited, ...]


def explained(outcome: Evaluation, definition: ProcedureDefinition) -> Explained:
    """Say an outcome of this definition."""
    facts = definition.vocabulary
    return Explained(
        outcome=plainly(_with_figures(outcome, definition)),
        goes_to=goes_to(outcome.route, facts) if outcome.route else None,
        stations=tuple(_station(step, facts) for step in outcome.steps),
        awaited=awaited(outcome.missing, definition),
    )


def awaited(missing: Sequence[Missing], definition: ProcedureDefinition) -> tuple[Awaited, ...]:
    """Say unknown facts with who finds them, when, and what they could still change."""
    return tuple(_awaited(each, definition.vocabulary[each.fact]) for each in missing)


def _with_figures(outcome: Evaluation, definition: ProcedureDefinition) -> Evaluation:
    return replace(
        outcome,
        charges=tuple(replace(line, reasons=_with_formulas(line, outcome, definition)) for line in outcome.charges),
        payouts=tuple(replace(line, reasons=_with_formulas(line, outcome, definition)) for line in outcome.payouts),
    )


def _with_formulas(line: MoneyLine, outcome: Evaluation, definition: ProcedureDefinition) -> tuple[Reason, ...]:
    return tuple(_with_formula(reason, line, outcome, definition) for reason in line.reasons)


def _with_formula(reason: Reason, line: MoneyLine, outcome: Evaluation, definition: ProcedureDefinition) -> Reason:
    """Add to the reason of an amount by formula how it comes out, in figures; any other stays as it is.

    Where there are no figures to show, what it was computed from is named, and the formula in words.
    """
    stated = next((each for each in (*definition.charges, *definition.payouts) if each.id == line.id), None)
    if stated is None or not isinstance(stated.amount, FromFact) or not reason.facts:
        return reason
    spec = next((each for each in definition.facts if each.id == stated.amount.fact), None)
    if reason.facts[0].fact != stated.amount.fact or spec is None or spec.formula is None:
        return reason
    figures = worked_out(spec.id, read_back(outcome.facts, definition.vocabulary), _formulas(definition), line.currency)
    how = phrase("Cách tính: {}", "Worked out: {}", figures) if figures else _in_words(reason, spec, definition)
    return replace(reason, sentence=phrase("{}. {}", "{}. {}", reason.sentence, how))


def _formulas(definition: ProcedureDefinition) -> Formulas:
    return Formulas(definition.vocabulary, {each.id: each.formula for each in definition.facts if each.formula})


def _in_words(reason: Reason, spec: FactSpec, definition: ProcedureDefinition) -> Text:
    assert spec.formula is not None
    how = phrase("Cách tính: {}.", "By the formula: {}.", formula_sentence(spec.formula, definition.vocabulary))
    named = [fact for fact in reason.facts if fact.fact in spec.formula.facts]
    if not named:
        return how
    read = joined([phrase("{}: {}", "{}: {}", fact.label, fact.shown) for fact in named], "; ")
    return phrase("Tính từ {}. {}", "Computed from {}. {}", read, how)


def goes_to(found: RouteFinding | RelationFinding, facts: Mapping[str, Fact]) -> Text | None:
    """Say to whom a dossier or a step goes, with the unit's name where the facts tell it; None where no rule says."""
    if not found.relation:
        return None
    named = facts[found.fact].codes.get(found.unit) if found.fact and found.unit else None
    if named is not None:
        return phrase("{} (theo “{}”)", "{} (by “{}”)", Text(named.vi, named.english), facts[found.fact].label)
    to = To(found.relation)
    unit = found.unit if to is To.NAMED_UNIT else ""
    return relation_words(Relation(to, found.fact, unit, found.branch), facts)


def _station(step: StepFinding, facts: Mapping[str, Fact]) -> Station:
    return Station(
        label=step.label,
        who=_who(step, facts),
        times=tuple(_times(step)),
        outside=step.external is not None,
        reasons=step.reasons,
    )


def _who(step: StepFinding, facts: Mapping[str, Fact]) -> Text | None:
    if step.external:
        return step.external.system
    return goes_to(step.relation, facts) if step.relation else None


def _times(step: StepFinding) -> Iterator[Text]:
    if step.at_least:
        yield phrase("ít nhất {}", "at least {}", step.at_least.words)
    if step.at_most:
        yield phrase("nhiều nhất {}", "at most {}", step.at_most.words)
    if step.quota:
        yield quota_words(step.quota.limit)
    yield from (_act_said(act) for act in step.acts)
    if step.role:
        yield role_words(step.role)
    if step.external:
        yield from external_words(_system(step.external))[1:]
        yield from _heard(step.external)


def _act_said(found: ActFinding) -> Text:
    """Say an act inside a step, with its moment where it counts from the acceptance."""
    assert found.within is not None
    act = Act(found.id, found.label, found.within.limit, Late(found.late), ActFrom(found.counts_from))
    due = moment_words(datetime.fromisoformat(found.due)) if found.due else None
    return phrase("{} (hạn {})", "{} (due {})", act_words(act), due) if due else act_words(act)


def _heard(found: ExternalFinding) -> Iterator[Text]:
    """Say what came of a step that an outside system has."""
    for moment, vi, en in (
        (found.sent, "gửi lúc {}", "sent at {}"),
        (found.acknowledge_by, "phải xác nhận chậm nhất {}", "to be acknowledged by {}"),
        (found.acknowledged, "xác nhận lúc {}", "acknowledged at {}"),
    ):
        if moment:
            yield phrase(vi, en, moment_words(datetime.fromisoformat(moment)))
    if found.number:
        yield phrase("số của hệ thống đó: {}", "its number there: {}", found.number)
    if found.result is not None:
        yield phrase("trả lời: {}", "the answer: {}", found.result)


def _system(found: ExternalFinding) -> ExternalSystem:
    within = found.acknowledged_within.limit if found.acknowledged_within else None
    return ExternalSystem(found.system, WhoseClock(found.clock), within)


def _awaited(missing: Missing, fact: Fact) -> Awaited:
    return Awaited(
        label=missing.label,
        source=_finder(fact),
        changes=joined([MAY_CHANGE[each] for each in missing.could_change], ", "),
    )


def _finder(fact: Fact) -> Text:
    """Say who finds a fact, and when: `cán bộ ghi nhận khi thẩm định`."""
    if fact.source not in SOURCES or fact.source is Source.OUTSIDE:
        return MADE_BY[fact.source]
    return inner(phrase("{} {}", "{} {}", SOURCES[fact.source], STAGES.get(fact.stage, LATER)))


def source_said(source: str) -> Text:
    """Say where the value of a fact comes from."""
    return MADE_BY[source]


def amount_said(line: MoneyLine) -> Text:
    """Say the amount of a line, or why there is none: whose notice it waits for, what is wanting, no rule."""
    return Money(line.amount, line.currency).words if line.amount is not None else open_said(line)


def open_said(line: MoneyLine) -> Text:
    """Say why a line has no amount."""
    if line.state is State.CONFLICT:
        return _IN_CONFLICT
    if line.assessed:
        return phrase("Chờ thông báo của {}", "Waiting for the notice of {}", line.assessed.by)
    return _AWAITED if line.state is State.MISSING else begun(NO_RULE)


def collected_said(collected: str) -> Text:
    """Say when a charge is collected, as a clause."""
    return inner(COLLECTED[Collected(collected)])


def charge_details(line: ChargeFinding) -> tuple[Text, ...]:
    """Say when a charge is collected, and what else the law says of it that most charges do not have."""
    return tuple(_charge_details(line))


def _charge_details(line: ChargeFinding) -> Iterator[Text]:
    yield collected_said(line.collected)
    if line.owed:
        yield Text("được ghi nợ, nộp sau", "recorded as a debt, paid later")
    if line.refundable:
        yield Text("được hoàn trả khi hồ sơ không được giải quyết", "refunded when the dossier is not processed")
    if line.base is not None and line.base != line.amount:
        yield phrase("mức đầy đủ {}", "in full {}", Money(line.base, line.currency).words)
    yield from notice_said(line)


def notice_said(line: MoneyLine) -> Iterator[Text]:
    """Yield which notice of another body sets an amount, where one does and has come."""
    notice = line.assessed
    if notice is None or line.amount is None:
        return
    said = phrase("theo thông báo của {}", "by the notice of {}", notice.by)
    if notice.number:
        said = phrase("{} số {}", "{} no. {}", said, notice.number)
    if notice.day:
        year, month, day = notice.day.split("-")
        said = phrase("{} ngày {}", "{} of {}", said, f"{day}/{month}/{year}")
    yield phrase("{}, tệp {}", "{}, file {}", said, notice.file) if notice.file else said


def rows_said(line: MoneyLine) -> tuple[Text, ...]:
    """Say what a line comes to for each row of its group: `Dòng 1 (3 trang, 2 bản): 10.000 đ`."""
    return tuple(_row_said(row, line.currency) for row in line.rows)


def _row_said(row: RowAmount, currency: str) -> Text:
    amount = _row_open(row.state) if row.amount is None else Money(row.amount, currency).words
    return phrase("Dòng {} ({}): {}", "Row {} ({}): {}", str(row.row), row.shown, amount)


def _row_open(state: State) -> Text:
    return {State.MISSING: _AWAITED, State.CONFLICT: _IN_CONFLICT}.get(state, begun(NO_RULE))


def paper_details(paper: PaperFinding, papers: Sequence[PaperFinding]) -> tuple[Text, ...]:
    """Say what the law says of a paper beside its need: what stands in for it, its form, for which rows, whose it is.

    `papers` are all papers of the outcome.
    """
    return tuple(_paper_details(paper, papers))


def _paper_details(paper: PaperFinding, papers: Sequence[PaperFinding]) -> Iterator[Text]:
    if paper.need == "one_of":
        others = [quoted(each.label) for each in papers if each.one_of == paper.one_of and each.code != paper.code]
        yield phrase("hoặc thay bằng {}", "or in its place {}", joined(others, " hoặc ", " or "))
    if paper.asked and paper.accepted:
        forms = joined([PAPER_FORM_WORDS[form] for form in paper.accepted], " hoặc ", " or ")
        yield phrase("nhận {}", "good as {}", forms)
    if paper.asked and paper.sets > 1:
        yield phrase("{} bộ", "{} sets", str(paper.sets))
    if paper.asked and paper.returned:
        yield RETURNED_WORDS[paper.returned]
    if paper.valid is not None:
        yield Text("hợp lệ", "valid") if paper.valid else Text("không hợp lệ", "not valid")
    if paper.fallback:
        yield inner(bare(paper.fallback))
    yield from data_said(paper.data)


def data_said(data: Sequence[DataFinding]) -> Iterator[Text]:
    """Yield the data of a paper or result that are known: `số: 12/2026`."""
    for each in data:
        if each.shown is not None:
            yield phrase("{}: {}", "{}: {}", inner(each.label), each.shown)


def paper_rows(paper: PaperFinding) -> tuple[Text, ...]:
    """Say what each row of a group needs of a paper: `Dòng 1 (Nguyễn Văn A): phải có`."""
    return tuple(
        phrase("Dòng {} ({}): {}", "Row {} ({}): {}", str(row.row), row.shown, _row_need(row.need, row.valid))
        for row in paper.rows
    )


def _row_need(need: str, valid: bool | None) -> Text:
    if valid is None:
        return NEED_WORDS[need]
    said = Text("hợp lệ", "valid") if valid else Text("không hợp lệ", "not valid")
    return phrase("{}, {}", "{}, {}", NEED_WORDS[need], said)


def stop_details(stop: StopData) -> Text:
    """Say what a wait does to the time limit, how long it may take, and what happens when that is over."""
    return joined(list(stop_clauses(stop.rule)), "; ")

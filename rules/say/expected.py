"""What a golden case expects, in sentences; what it does not ask about is left out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType

from rules.clock.ledger import LedgerKind
from rules.definition.expected import (
    ABSENT,
    TOLD,
    Amount,
    Expected,
    ExpectedLine,
    ExpectedPaper,
    ExpectedResult,
    ExpectedRoute,
    ExpectedStep,
)
from rules.definition.money import ChargeKind, Collected, Line, SetBy
from rules.definition.papers import NEED_WORDS, PAPER_FORM_WORDS, RETURNED_WORDS
from rules.definition.procedure import Handed, ProcedureDefinition
from rules.definition.process import To, WhoseClock
from rules.say.labels import CHARGE_KINDS, COLLECTED, HANDED, NO_RULE, RELATIONS, SET_BY
from rules.say.outcome import MAY_CHANGE
from rules.say.punctuation import quoted
from rules.say.results import EXAMINED_SAID
from rules.values import Money, Text
from rules.wording import headed, joined, phrase, same

NONE = Text("không có", "none")
NO_LINE = Text("không có khoản này", "no such line")

LEDGER_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        LedgerKind.ACCEPTED.value: Text("tiếp nhận", "accepted"),
        LedgerKind.TRANSFERRED.value: Text("chuyển hồ sơ", "transferred"),
        LedgerKind.COUNTED_FROM.value: Text("bắt đầu tính", "counted from"),
        LedgerKind.DAY_OFF.value: Text("ngày nghỉ", "a day off"),
        LedgerKind.MAKEUP_DAY.value: Text("ngày làm bù", "a make-up day"),
        LedgerKind.STOPPED.value: Text("dừng tính", "stopped"),
        LedgerKind.RESUMED.value: Text("tính tiếp", "resumed"),
        LedgerKind.RESTARTED.value: Text("tính lại từ đầu", "restarted"),
        LedgerKind.EXTENDED.value: Text("gia hạn", "extended"),
        LedgerKind.REAPPOINTED.value: Text("hẹn lại", "appointed again"),
        LedgerKind.NOTED.value: Text("ghi nhận", "noted"),
        LedgerKind.STOP_LIMIT.value: Text("hết thời gian chờ", "the end of a wait"),
        LedgerKind.NO_EFFECT.value: Text("không có tác dụng", "without effect"),
        LedgerKind.TOO_OFTEN.value: Text("quá số lần", "too often"),
        LedgerKind.DUE.value: Text("đến hạn", "due"),
        LedgerKind.COMMITTED.value: Text("đến hạn cam kết", "due as promised"),
        LedgerKind.WARNING.value: Text("cảnh báo", "a warning"),
    }
)
"""What a line of the ledger tells, as a golden case names it."""


def expected_said(then: Expected, definition: ProcedureDefinition) -> Iterator[Text]:
    """Yield all that a golden case expects, in the order in which a dossier is gone through."""
    yield from _money(then, definition)
    yield from _papers(then, definition)
    yield from _dates(then)
    yield from _process(then, definition)
    if "eligible" in then.asked and then.eligible:
        yield Text("Hồ sơ được tiếp nhận", "The dossier is accepted")
    elif "eligible" in then.asked:
        yield Text("Hồ sơ không được tiếp nhận", "The dossier is not accepted")
    yield from _endings(then, definition)
    yield from _unknown(then, definition)


def _money(then: Expected, definition: ProcedureDefinition) -> Iterator[Text]:
    charges: Mapping[str, Line] = {charge.id: charge for charge in definition.charges}
    payouts: Mapping[str, Line] = {payout.id: payout for payout in definition.payouts}
    for expected, known in ((then.charges, charges), (then.payouts, payouts)):
        for name, line in expected.items():
            yield headed(known[name].label, joined(_line(line, known[name].currency), "; "))
    if "total" in then.asked:
        yield phrase("Tổng cộng: {}", "In all: {}", _amount(then.total, "VND"))


def _line(line: ExpectedLine, currency: str) -> Iterator[Text]:
    if "amount" in line.asked:
        yield _amount(line.amount, currency)
    if "base" in line.asked:
        yield phrase("trước khi giảm {}", "{} before reductions", _amount(line.base, currency))
    if "rows" in line.asked:
        yield phrase("từng dòng: {}", "row by row: {}", _listed(_amount(each, currency) for each in line.rows))
    if "cut" in line.asked:
        yield phrase("giảm theo dòng: {}", "reduced by the row: {}", same(line.cut) if line.cut else NONE)
    if "lost" in line.asked:
        lost = _listed(map(same, line.lost))
        yield phrase("khoản giảm không được tính: {}", "reductions that do not count: {}", lost)
    yield from (_told(name, line.told[name]) for name in TOLD if name in line.told)


def _told(name: str, told: str | bool) -> Text:
    """Say what else is expected of a line of money."""
    if name == "owed":
        return (
            Text("được ghi nợ", "owed as a recorded debt") if told else Text("không được ghi nợ", "not owed as a debt")
        )
    if isinstance(told, bool):
        return Text("được hoàn trả", "refundable") if told else Text("không hoàn trả", "not refundable")
    if name == "set_by":
        return phrase("mức do {} quy định", "set by: {}", SET_BY[SetBy(told)])
    if name == "collected":
        return COLLECTED[Collected(told)]
    return CHARGE_KINDS[ChargeKind(told)] if name == "kind" else _STATES[told]


_STATES: Mapping[str, Text] = MappingProxyType(
    {
        "decided": Text("đã tính được", "worked out"),
        "no_rule": Text("không có quy định áp dụng", "no rule applies"),
        "missing": Text("còn thiếu dữ kiện", "facts are wanting"),
        "conflict": Text("quy định mâu thuẫn", "the rules contradict each other"),
    }
)


def _amount(amount: Amount, currency: str) -> Text:
    if isinstance(amount, str):
        return NO_LINE
    return NO_RULE if amount is None else Money(amount, currency).words


def _papers(then: Expected, definition: ProcedureDefinition) -> Iterator[Text]:
    papers = {paper.code: paper.label for paper in definition.papers}
    if "papers" in then.asked:
        needed = _listed((papers[code] for code in then.papers), ", ")
        yield phrase("Giấy tờ phải có: {}", "Papers required: {}", needed)
    for code, each in then.each_paper.items():
        yield phrase("Giấy tờ {}: {}", "Paper {}: {}", quoted(papers[code]), joined(_paper(each), "; "))
    if "cases" in then.asked:
        labels = {each.id: each.label for each in definition.variants}
        yield phrase("Trường hợp: {}", "Cases: {}", _listed(labels[code] for code in then.cases))
    if "notices" in then.asked:
        texts = {each.id: each.text for each in definition.notices}
        yield phrase("Lưu ý: {}", "Notices: {}", _listed(texts[code] for code in then.notices))


def _paper(each: ExpectedPaper) -> Iterator[Text]:
    if each.need is not None:
        yield Text("không hỏi đến", "not asked about") if each.need == ABSENT else NEED_WORDS[each.need]
    if each.originals is not None:
        yield phrase("{} bản chính", "originals: {}", str(each.originals))
    if each.copies is not None:
        yield phrase("{} bản sao", "copies: {}", str(each.copies))
    if each.rows is not None:
        yield phrase("các dòng: {}", "rows: {}", ", ".join(map(str, each.rows)) or "–")
    if each.valid is not None:
        yield Text("hợp lệ", "valid") if each.valid else Text("không hợp lệ", "not valid")
    yield from _handed(each)


def _handed(each: ExpectedPaper) -> Iterator[Text]:
    """Say how a paper is handed in, in which forms it is good, and where it stays."""
    if each.handed is not None:
        yield HANDED[Handed(each.handed)]
    if each.accepted is not None:
        yield phrase("nhận: {}", "accepted: {}", _listed((PAPER_FORM_WORDS[form] for form in each.accepted), ", "))
    if each.returned is not None:
        yield RETURNED_WORDS[each.returned]


def _dates(then: Expected) -> Iterator[Text]:
    if "deadline" in then.asked:
        yield phrase("Hạn giải quyết: {}", "Due: {}", _due(then.deadline))
    if "committed" in then.asked:
        yield phrase("Hạn cam kết: {}", "Due as promised: {}", _due(then.committed))
    if "appointment" in then.asked:
        yield phrase("Hẹn trả: {}", "Appointment: {}", _due(then.appointment))
    for entry in then.ledger:
        kind = LEDGER_KINDS[entry.kind]
        said = phrase("{}, {}", "{}, {}", kind, _due(entry.at)) if entry.at else kind
        yield phrase("Sổ tính hạn có dòng: {}", "The ledger has the line: {}", said)


def _due(due: date | datetime | None) -> Text:
    if due is None:
        return NO_RULE
    return same(f"{due:%H:%M %d/%m/%Y}" if isinstance(due, datetime) else f"{due:%d/%m/%Y}")


def _process(then: Expected, definition: ProcedureDefinition) -> Iterator[Text]:
    if "steps" in then.asked:
        steps = {step.id: step.label for step in definition.steps}
        yield phrase("Các bước: {}", "Steps: {}", _listed((steps[name] for name in then.steps), ", "))
    for name, each in then.each_step.items():
        said = joined(_step(each, definition), "; ")
        label = quoted(next(step.label for step in definition.steps if step.id == name))
        yield phrase("Bước {}: {}", "Step {}: {}", label, said)
    if "route" in then.asked:
        goes = joined(_route(then.route), ", ") if then.route else NO_RULE
        yield phrase("Chuyển đến: {}", "Goes to: {}", goes)


def _step(step: ExpectedStep, definition: ProcedureDefinition) -> Iterator[Text]:
    if not step.asked:
        yield Text("phải làm", "taken") if step.taken else Text("không phải làm", "not taken")
    for name, limit in step.limits.items():
        yield headed(_STEP_LIMITS[name], limit.words if limit else NONE)
    if "relation" in step.asked:
        yield headed(Text("người làm", "taken by"), joined(_route(step.relation), ", ") if step.relation else NONE)
    if "role" in step.asked:
        yield headed(Text("vai trò", "role"), same(step.role) if step.role else NONE)
    if "acts" in step.asked:
        yield headed(Text("các việc", "acts"), _listed((same(each) for each in step.acts), ", "))
    yield from _outside(step, definition)


def _outside(step: ExpectedStep, definition: ProcedureDefinition) -> Iterator[Text]:
    for name, at in step.moments.items():
        yield headed(_STEP_MOMENTS[name], _due(at) if at else NONE)
    if "clock" in step.asked:
        yield _CLOCKS[step.clock]
    if "stop" in step.asked:
        stops = definition.deadline.stops if definition.deadline else ()
        label = next((quoted(stop.rule.label) for stop in stops if stop.rule.id == step.stop), NONE)
        yield phrase("là lý do dừng {}", "it is the wait {}", label)


_STEP_LIMITS: Mapping[str, Text] = MappingProxyType(
    {
        "at_least": Text("ít nhất", "at least"),
        "at_most": Text("nhiều nhất", "at most"),
        "quota": Text("được giao trong thời hạn", "given of the time limit"),
        "acknowledged_within": Text("thời gian để hệ thống ngoài xác nhận", "for the outside system to acknowledge"),
    }
)
_STEP_MOMENTS: Mapping[str, Text] = MappingProxyType(
    {
        "sent": Text("gửi đi", "sent"),
        "acknowledge_by": Text("phải được xác nhận trước", "to be acknowledged by"),
        "acknowledged": Text("được xác nhận", "acknowledged"),
    }
)
_CLOCKS: Mapping[str, Text] = MappingProxyType(
    {
        WhoseClock.OURS.value: Text("thời hạn vẫn tính trong lúc chờ", "the time limit runs on meanwhile"),
        WhoseClock.THEIRS.value: Text(
            "thời gian chờ không tính vào thời hạn", "the wait does not count against the time limit"
        ),
        "": Text("không thuộc hệ thống ngoài", "belongs to no outside system"),
    }
)


def _route(route: ExpectedRoute) -> Iterator[Text]:
    if route.to is not None:
        yield RELATIONS[To(route.to)]
    if route.unit is not None:
        yield phrase("đơn vị {}", "unit {}", route.unit or NONE)
    if route.branch is not None:
        yield phrase("chi nhánh {}", "branch {}", route.branch or NONE)


def _endings(then: Expected, definition: ProcedureDefinition) -> Iterator[Text]:
    if then.examination:
        yield EXAMINED_SAID[then.examination]
    labels = {each.id: each.label for each in definition.results}
    if "results" in then.asked:
        yield phrase("Kết quả: {}", "Results: {}", _listed((labels[name] for name in then.results), ", "))
    for name, each in then.each_result.items():
        said = joined(_result(each), "; ")
        yield phrase("Kết quả {}: {}", "Result {}: {}", quoted(labels[name]), said)


def _result(each: ExpectedResult) -> Iterator[Text]:
    if each.code is not None:
        yield phrase("mã {}", "code {}", each.code)
    if each.number is not None:
        yield phrase("mẫu số {}", "numbered as {}", each.number)
    if each.until is not None:
        yield phrase("có giá trị đến {}", "valid until {}", f"{each.until:%d/%m/%Y}")


def _unknown(then: Expected, definition: ProcedureDefinition) -> Iterator[Text]:
    facts = definition.vocabulary
    if "missing" in then.asked:
        unknown = _listed((facts[name].label for name in then.missing), ", ")
        yield phrase("Dữ kiện còn thiếu: {}", "Facts still missing: {}", unknown)
    for name, changes in then.each_missing.items():
        may = _listed((MAY_CHANGE[each] for each in changes), ", ")
        label = quoted(facts[name].label)
        yield phrase("Thiếu {} còn có thể thay đổi: {}", "Without {} these may still change: {}", label, may)


def _listed(labels: Iterable[Text], between: str = "; ") -> Text:
    texts = list(labels)
    return joined(texts, between) if texts else NONE

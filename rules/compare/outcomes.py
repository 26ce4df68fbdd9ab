"""Two outcomes of one dossier compared: everything that came out otherwise, in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from rules.clock.limit_data import StopData
from rules.clock.stops import Effect
from rules.compare.difference import Change
from rules.definition.papers import NEED_WORDS, PAPER_FORM_WORDS, RETURNED_WORDS
from rules.definition.procedure import Collected, Handed
from rules.definition.process import Relation, To
from rules.definition.process_words import relation_words
from rules.evaluation.findings import ChargeFinding, PaperFinding, PayoutFinding, State, StepFinding
from rules.evaluation.outcome import Evaluation
from rules.say.labels import COLLECTED, EFFECTS, HANDED
from rules.say.punctuation import bare, quoted
from rules.values import Money, Text
from rules.vocabulary import Fact
from rules.wording import inner, joined, phrase, same

NONE = Text("không có", "none")

Told = tuple[Text, Text]
"""What something is called, and what came out of it."""

Facts = Mapping[str, Fact]


def changes(old: Evaluation, new: Evaluation, facts: tuple[Facts, Facts]) -> tuple[Change, ...]:
    """Return what came out otherwise; `facts` are the vocabularies of both versions."""
    found: list[Change] = []
    for telling in _TELLINGS:
        before, after = dict(telling(old, facts[0])), dict(telling(new, facts[1]))
        for key in dict.fromkeys((*before, *after)):
            what, was = before.get(key, (None, NONE))
            named, now = after.get(key, (None, NONE))
            if was != now and was.vi != now.vi:
                label = named or what
                assert label is not None
                found.append(Change(label, was, now, is_question=telling is _missing))
    return tuple(found)


def _eligible(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    grounds = joined((bare(each.text) for each in outcome.refusals), "; ")
    good = Text("đủ điều kiện tiếp nhận", "may be accepted")
    said = good if outcome.eligible else phrase("không tiếp nhận: {}", "not accepted: {}", grounds)
    yield "", (Text("Điều kiện tiếp nhận", "Conditions of acceptance"), said)


def _totals(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    for currency, amount in outcome.totals.items():
        unknown = Text("chưa tính được", "cannot be told yet")
        said = unknown if amount is None else Money(amount, currency).words
        yield currency, (Text("Tổng số tiền phải nộp", "Total to pay"), said)


def _lines(lines: Iterable[ChargeFinding | PayoutFinding]) -> Iterator[tuple[str, Told]]:
    for line in lines:
        said = _STATES[line.state] if line.amount is None else Money(line.amount, line.currency).words
        if isinstance(line, ChargeFinding):
            yield f"{line.id} collected", (_of(line, "thời điểm thu", "when it is collected"), _collected(line))
        yield line.id, (quoted(line.label), said)


def _of(line: ChargeFinding, vi: str, en: str) -> Text:
    return phrase(f"{{}}, {vi}", f"{{}}, {en}", quoted(line.label))


def _collected(line: ChargeFinding) -> Text:
    said = inner(COLLECTED[Collected(line.collected)])
    if line.owed:
        said = phrase("{}, được ghi nợ", "{}, owed as a debt", said)
    return phrase("{}, được hoàn trả", "{}, refundable", said) if line.refundable else said


def _charges(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    yield from _lines(outcome.charges)


def _payouts(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    yield from _lines(outcome.payouts)


def _papers(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    for paper in outcome.papers:
        yield paper.code, (phrase("Giấy tờ {}", "The paper {}", quoted(paper.label)), _paper(paper))


def _paper(paper: PaperFinding) -> Text:
    parts = [NEED_WORDS[paper.need]]
    if paper.handed:
        parts.append(inner(HANDED[Handed(paper.handed)]))
    if paper.originals:
        parts.append(phrase("{} bản chính", "{} originals", str(paper.originals)))
    if paper.copies:
        parts.append(phrase("{} bản sao", "{} copies", str(paper.copies)))
    parts += [PAPER_FORM_WORDS[form] for form in paper.accepted]
    parts += [RETURNED_WORDS[paper.returned]] if paper.returned else []
    if paper.valid is False:
        parts.append(Text("không còn giá trị", "no longer valid"))
    return joined(parts, ", ")


def _deadline(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    if outcome.deadline:
        due = outcome.deadline
        yield "statutory", (Text("Hạn theo luật", "Deadline under the law"), _moment(due.statutory))
        yield "committed", (Text("Hạn cam kết", "Promised deadline"), _moment(due.committed))
        yield "appointment", (Text("Ngày hẹn trả", "Appointment"), _moment(due.appointment))
        for stop in due.stops:
            yield f"stop {stop.id}", (phrase("Lý do dừng {}", "The wait {}", quoted(stop.label)), _stop(stop))


def _stop(stop: StopData) -> Text:
    parts = [EFFECTS[Effect(stop.effect)]]
    if stop.limit:
        parts.append(phrase("trong {}", "within {}", stop.limit.words))
    if stop.most is not None:
        parts.append(phrase("nhiều nhất {} lần", "at most {} times", str(stop.most)))
    return joined(parts, ", ")


def _moment(due: datetime | None) -> Text:
    return same(f"{due:%H:%M %d/%m/%Y}") if due else NONE


def _route(outcome: Evaluation, facts: Facts) -> Iterator[tuple[str, Told]]:
    route = outcome.route
    if route is not None and route.relation:
        relation = Relation(To(route.relation), route.fact, route.unit, route.branch)
        named = relation_words(relation, facts)
        said = phrase("{} ({})", "{} ({})", named, route.unit) if route.fact and route.unit else named
        yield "", (Text("Nơi chuyển hồ sơ", "Where the dossier goes"), said)


def _steps(outcome: Evaluation, facts: Facts) -> Iterator[tuple[str, Told]]:
    for step in outcome.steps:
        named = phrase("Bước {}", "The step {}", quoted(step.label))
        yield step.id, (named, joined([THERE, *_step(step, facts)], ", "))
        for act in step.acts:
            what = phrase("{}, việc {}", "{}, the act {}", named, quoted(act.label))
            yield f"{step.id} {act.id}", (what, act.within.words if act.within else THERE)


def _step(step: StepFinding, facts: Facts) -> Iterator[Text]:
    for limit, vi, en in (
        (step.at_least, "ít nhất {}", "at least {}"),
        (step.at_most, "nhiều nhất {}", "at most {}"),
        (step.quota, "định mức {}", "quota {}"),
    ):
        if limit:
            yield phrase(vi, en, limit.words)
    if step.role:
        yield phrase("do {} làm", "by {}", inner(step.role))
    if step.relation:
        found = step.relation
        yield relation_words(Relation(To(found.relation), found.fact, found.unit, found.branch), facts)
    if step.external:
        yield phrase("tại hệ thống {}", "in the system {}", quoted(step.external.system))


def _told(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    for case in outcome.cases:
        yield f"case {case.code}", (phrase("Trường hợp {}", "The case {}", quoted(case.label)), THERE)
    for notice in outcome.notices:
        yield f"notice {notice.id}", (phrase("Lưu ý {}", "The notice {}", quoted(bare(notice.text))), THERE)
    for result in outcome.results:
        valid = result.valid
        said = valid.words if valid and valid.words else same(valid.until) if valid and valid.until else THERE
        yield f"result {result.id}", (phrase("Kết quả {}", "The result {}", quoted(result.label)), said)


def _examination(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    if outcome.examination and outcome.examination.refusals:
        grounds = joined((bare(each.text) for each in outcome.examination.refusals), "; ")
        yield "", (Text("Căn cứ từ chối khi thẩm định", "Grounds of refusal after examination"), grounds)


def _linked(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    if outcome.linked:
        yield "", (Text("Hạn chung của nhóm liên thông", "Ceiling of the linked group"), _iso(outcome.linked.due))
        for child in outcome.linked.children:
            what = phrase("Hạn của {}", "Deadline of {}", quoted(child.label))
            yield child.id, (what, _iso(child.due))


def _iso(moment: str) -> Text:
    return _moment(datetime.fromisoformat(moment)) if moment else THERE


def _missing(outcome: Evaluation, _: Facts) -> Iterator[tuple[str, Told]]:
    for each in outcome.missing:
        what = phrase("Dữ kiện còn thiếu {}", "Fact still to be known: {}", quoted(each.label))
        yield each.fact, (what, Text("phải hỏi", "asked for"))


_STATES: Mapping[State, Text] = {
    State.NO_RULE: Text("chưa có mức", "no amount is set"),
    State.MISSING: Text("chưa tính được vì còn thiếu dữ kiện", "cannot be told while facts are missing"),
    State.CONFLICT: Text("không tính được vì quy định mâu thuẫn", "cannot be told: the rules contradict each other"),
    State.DECIDED: Text("chưa có mức", "no amount is set"),
}
THERE = Text("có", "yes")
_TELLINGS: tuple[Callable[[Evaluation, Facts], Iterator[tuple[str, Told]]], ...] = (
    *(_eligible, _totals, _charges, _payouts, _papers, _deadline, _route, _steps, _told),
    *(_examination, _linked, _missing),
)

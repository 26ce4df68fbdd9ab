"""What a definition says of time and of who acts, beside its tables: how limits add up, waits, and queries."""

from collections.abc import Iterator, Mapping

from rules.clock.reception import ReceptionRule
from rules.clock.stops import Silence, StopRule
from rules.definition.procedure import DeadlineRule, ProcedureDefinition
from rules.definition.process import CountOf, CountWithin, HistoryQuery, Stop
from rules.say.conditions import condition_said
from rules.say.labels import BEGINS, COMBINED, EFFECTS, ROLLS_NOT
from rules.say.punctuation import bare, quoted, sentence
from rules.say.readable import ReadableEntry
from rules.say.tables import cited_as
from rules.values import LegalDocument, Text
from rules.vocabulary import Fact
from rules.wording import inner, joined, phrase, so_many


def deadline_rules_said(definition: ProcedureDefinition) -> Iterator[Text]:
    """Yield how the limits come about that the rows of the tables give."""
    rule = definition.deadline
    if rule is None:
        return
    labels = {table.id: table.label for table in definition.tables}
    yield from _added_said(rule, labels)
    if rule.combine:
        yield COMBINED[rule.combine]
    if not rule.rolls:
        vi, en = "Thời hạn tính bằng ngày hoặc tháng {}", "A limit in days or months: {}"
        yield sentence(phrase(vi, en, ROLLS_NOT))
    if rule.begins:
        yield BEGINS[rule.begins]
    if rule.reception:
        yield _reception_said(rule.reception, definition.documents)


def _reception_said(rule: ReceptionRule, documents: Mapping[str, LegalDocument]) -> Text:
    said = joined(list(_reception_clauses(rule)), "; ")
    cited = cited_as(rule.basis, documents)
    said = phrase("{} (căn cứ {})", "{} (basis: {})", said, cited) if cited else said
    return sentence(phrase("Trước khi tiếp nhận: {}", "Before acceptance: {}", said))


def _reception_clauses(rule: ReceptionRule) -> Iterator[Text]:
    if rule.receive_within:
        vi, en = "cơ quan phải tiếp nhận hoặc trả lời trong {}", "the office must receive or answer within {}"
        yield phrase(vi, en, rule.receive_within.words)
    if rule.most:
        vi, en = "yêu cầu bổ sung nhiều nhất {} lần", "a supplement may be asked for {}"
        yield phrase(vi, en, Text(str(rule.most), so_many(rule.most, "time")))
    if rule.limit:
        yield phrase("mỗi lần bổ sung trong {}", "each supplement within {}", rule.limit.words)
    if rule.at_limit:
        yield phrase("quá giới hạn đó: {}", "past that: {}", inner(bare(rule.at_limit)))


def _added_said(rule: DeadlineRule, labels: Mapping[str, Text]) -> Iterator[Text]:
    if rule.added:
        named = joined((quoted(labels[name]) for name in rule.added), " và ", " and ")
        vi = "Cộng thêm thời gian theo bảng {} khi có dòng áp dụng"
        yield sentence(phrase(vi, "Time on top is by the table {}, where a row applies", named))
    if rule.committed and rule.added and rule.committed_added is None:
        yield Text("Thời gian thêm cũng cộng vào thời hạn cam kết.", "It also counts on top of the promise.")
    if rule.committed_added:
        named = joined((quoted(labels[name]) for name in rule.committed_added), " và ", " and ")
        vi = "Thời hạn cam kết cộng thêm thời gian theo bảng {}"
        yield sentence(phrase(vi, "Time on top of the promise is by the table {}", named))


def stop_said(stop: Stop, vocabulary: Mapping[str, Fact], documents: Mapping[str, LegalDocument]) -> ReadableEntry:
    """Say what the procedure says of one kind of wait."""
    said = joined(list(_stop_clauses(stop, vocabulary)), "; ")
    return ReadableEntry(stop.rule.label, said, cited_as(stop.basis, documents), None)


def _stop_clauses(stop: Stop, vocabulary: Mapping[str, Fact]) -> Iterator[Text]:
    if stop.when:
        yield phrase("chỉ khi {}", "only when {}", condition_said(stop.when, vocabulary))
    yield from stop_clauses(stop.rule)


def stop_clauses(rule: StopRule) -> Iterator[Text]:
    """Yield what a wait does to the time limit, how often and how long it may, and what happens when that is over."""
    yield EFFECTS[rule.effect]
    if rule.most:
        vi, en = "nhiều nhất {} lần, lần sau nữa thời hạn vẫn tính", "at most {}, after that the time limit runs on"
        yield phrase(vi, en, Text(str(rule.most), so_many(rule.most, "time")))
    if rule.limit:
        yield phrase("chờ nhiều nhất {}", "the wait may take {}", rule.limit.words)
    if rule.silence is Silence.RESUMES:
        yield Text(
            "hết thời gian đó mà không có trả lời thì thời hạn tự tính tiếp",
            "unanswered, the clock then goes on by itself",
        )
    if rule.at_limit.vi:
        yield phrase("hết thời gian đó: {}", "when that is over: {}", inner(bare(rule.at_limit)))


def query_said(query: HistoryQuery) -> Text:
    """Say what a fact from history asks: `đếm số khoản đã thu “registration” trong năm`."""
    vi, en = _COUNTED[query.count]
    within_vi, within_en = _WITHIN[query.within]
    return phrase(f"{vi} {within_vi}", f"{en} {within_en}", quoted(query.kind))


_COUNTED = {
    CountOf.CHARGES: ("đếm số lần người này đã nộp khoản {}", "how often this person has paid {}"),
    CountOf.REDUCTIONS: (
        "đếm số lần người này đã được giảm theo dòng {}",
        "how often this person had the reduction {}",
    ),
    CountOf.RESULTS: ("đếm số kết quả {} người này đã nhận", "how many results {} this person has had"),
}
_WITHIN = {
    CountWithin.YEAR: ("trong năm dương lịch của ngày tiếp nhận", "in the calendar year of the acceptance"),
    CountWithin.EVER: ("từ trước đến nay", "until now"),
}

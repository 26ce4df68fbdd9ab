"""What a definition says of its papers beyond when they are needed, and its cases and notices, in words."""

from collections.abc import Iterable, Iterator, Mapping

from rules.definition.papers import PAPER_FORM_WORDS, RETURNED_WORDS, Lasting, Validity
from rules.definition.procedure import Paper, ProcedureDefinition
from rules.definition.results import so_long
from rules.say.conditions import condition_said
from rules.say.punctuation import bare, quoted
from rules.say.readable import ReadableEntry
from rules.say.tables import cited_as
from rules.say.type_register import of_type, type_of_paper
from rules.table.decision import Condition
from rules.values import Text
from rules.vocabulary import CHANNELS, Fact
from rules.wording import inner, joined, phrase

NOTE = Text("Không phải giấy tờ", "Not a paper")
NOTHING_HANDED = Text("chỉ để lưu ý", "to be noted only")
BY_OFFICE = Text("Người nộp không phải nộp", "Not handed in by the applicant")
MADE = Text("Cơ quan lập", "Made by the office")


def details_said(paper: Paper, definition: ProcedureDefinition, facts: Mapping[str, Fact]) -> Iterator[Text]:
    """Yield what is said of one paper beyond its need, each a clause that follows its name."""
    if paper.for_each:
        yield _each(paper, facts)
    if paper.sets > 1:
        yield phrase("nộp {} bộ", "handed in as {} sets", str(paper.sets))
    yield from _forms(paper)
    if paper.one_of:
        beside = (each.label for each in definition.papers if each.one_of == paper.one_of)
        yield phrase("chỉ cần một trong: {}", "one of these is enough: {}", _names(beside))
    if paper.waived_when:
        vi, en = "được miễn nộp khi {}", "waived when {}"
        yield phrase(vi, en, condition_said(paper.waived_when, facts))
    if paper.fallback:
        vi, en = "khi nguồn dữ liệu không trả lời: {}", "where the data source does not answer: {}"
        yield phrase(vi, en, bare(paper.fallback))
    if paper.valid:
        yield _valid_said(paper.valid, facts)
    yield from _of_result(paper)
    yield from of_type(type_of_paper(paper, definition), paper.data, facts)


def _valid_said(valid: Validity, facts: Mapping[str, Fact]) -> Text:
    if valid.when:
        vi, en = "chỉ hợp lệ khi {}; nếu không thì: {}", "valid only when {}; if not: {}"
        return phrase(vi, en, condition_said(valid.when, facts), bare(valid.text))
    assert valid.lasting is not None
    vi, en = "chỉ hợp lệ {}; nếu không thì: {}", "valid only {}; if not: {}"
    return phrase(vi, en, _lasting_said(valid.lasting, facts), bare(valid.text))


def _lasting_said(lasting: Lasting, facts: Mapping[str, Fact]) -> Text:
    named = quoted(facts[lasting.fact].label)
    if lasting.amount is None:
        return phrase("đến hết {}", "until the end of {}", named)
    return phrase("trong {} kể từ {}", "for {} from {}", so_long(lasting.amount, lasting.unit), named)


def _of_result(paper: Paper) -> Iterator[Text]:
    """Yield which result of a procedure the paper is, and where it stays."""
    if paper.result_code:
        vi, en = "là kết quả của một thủ tục, mã {}", "it is a result of a procedure, code {}"
        yield phrase(vi, en, paper.result_code)
    if paper.returned:
        yield RETURNED_WORDS[paper.returned]


def _each(paper: Paper, facts: Mapping[str, Fact]) -> Text:
    group = quoted(facts[paper.for_each].label)
    if paper.each_when is None:
        return phrase("mỗi dòng của {} cần một giấy tờ này", "one for each row of {}", group)
    vi, en = "mỗi dòng của {} có {} cần một giấy tờ này", "one for each row of {} where {}"
    return phrase(vi, en, group, condition_said(paper.each_when, facts))


def _forms(paper: Paper) -> Iterator[Text]:
    for each in paper.accepted:
        forms = joined((PAPER_FORM_WORDS[form] for form in each.forms), " hoặc ", " or ")
        vi, en = "khi nộp {} thì nhận {}", "filed {}, it may be: {}"
        yield phrase(vi, en, inner(CHANNELS[each.way]), forms)


def _names(labels: Iterable[Text]) -> Text:
    return joined(map(quoted, labels), ", ")


def cases_said(definition: ProcedureDefinition, facts: Mapping[str, Fact]) -> Iterator[ReadableEntry]:
    """Yield the cases of the procedure with when each applies."""
    for each in definition.variants:
        said = phrase("áp dụng khi {}", "applies when {}", condition_said(each.when, facts))
        yield ReadableEntry(each.label, said, cited_as(each.basis, definition.documents), None)


def notices_said(definition: ProcedureDefinition, facts: Mapping[str, Fact]) -> Iterator[ReadableEntry]:
    """Yield the notices with when each is given."""
    for each in definition.notices:
        yield ReadableEntry(each.text, _when(each.when, facts), cited_as(each.basis, definition.documents), None)


def _when(condition: Condition | None, facts: Mapping[str, Fact]) -> Text:
    if condition is None:
        return Text("mọi hồ sơ", "every dossier")
    return phrase("khi {}", "when {}", condition_said(condition, facts))

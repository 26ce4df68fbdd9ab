"""The registers of paper types and result types in words, and what papers and results are of them."""

from collections.abc import Iterator, Mapping

from rules.definition.papers import PAPER_FORM_WORDS, RETURNED_WORDS
from rules.definition.procedure import Paper, ProcedureDefinition
from rules.definition.results import RESTART_WORDS, RESULT_KIND_WORDS, so_long
from rules.definition.type_register import Bound, PaperType, ResultType, TypeValidity
from rules.say.punctuation import bare, quoted
from rules.say.readable import ReadableEntry
from rules.say.tables import cited_as
from rules.values import Text
from rules.vocabulary import CHANNELS, Fact
from rules.wording import inner, joined, phrase

_NO_MORE = Text("không nêu gì thêm", "nothing more is said")


def paper_types_said(definition: ProcedureDefinition) -> Iterator[ReadableEntry]:
    """Yield the types of papers with what each says."""
    for each in definition.paper_types:
        said = joined(list(_paper_parts(each)) or [_NO_MORE], "; ")
        yield ReadableEntry(each.label, said, cited_as(each.basis, definition.documents), None)


def result_types_said(definition: ProcedureDefinition) -> Iterator[ReadableEntry]:
    """Yield the types of results with what each says."""
    for each in definition.result_types:
        said = joined(list(_result_parts(each)), "; ")
        yield ReadableEntry(each.label, said, cited_as(each.basis, definition.documents), None)


def type_of_paper(paper: Paper, definition: ProcedureDefinition) -> PaperType | ResultType | None:
    """Return the type that a paper is of, None where it names none."""
    types = definition.paper_types if paper.type else definition.result_types
    return next((each for each in types if each.id in (paper.type, paper.result_type)), None)


def of_type(of: PaperType | ResultType | None, bound: Bound, facts: Mapping[str, Fact]) -> Iterator[Text]:
    """Yield which type a paper or result is of, and by which facts its data are told."""
    if of is None:
        return
    yield phrase("thuộc loại {}", "of the type {}", quoted(of.label))
    labels = {spec.id: spec.label for spec in of.data}
    told = [phrase("{} là {}", "{} is {}", inner(labels[name]), quoted(facts[fact].label)) for name, fact in bound]
    if told:
        yield joined(told, ", ")


def _paper_parts(each: PaperType) -> Iterator[Text]:
    yield from _shared_parts(each)
    for way in each.accepted:
        forms = joined([PAPER_FORM_WORDS[form] for form in way.forms], " hoặc ", " or ")
        yield phrase("khi nộp {} thì nhận {}", "filed {}, it may be: {}", inner(CHANNELS[way.way]), forms)
    if each.handed:
        yield Text("nộp", "handed in") if each.handed == "hand_in" else Text("xuất trình", "shown")
    if each.returned:
        yield RETURNED_WORDS[each.returned]


def _result_parts(each: ResultType) -> Iterator[Text]:
    yield phrase("mã kết quả {}", "result code {}", each.code)
    if each.kind:
        yield RESULT_KIND_WORDS[each.kind]
    yield from _shared_parts(each)
    if each.book:
        book = inner(bare(each.book.label))
        yield phrase("ghi vào {}, {}", "entered in: {}, {}", book, RESTART_WORDS[each.book.restarts])
    if each.number:
        yield phrase("số theo mẫu {}", "numbered as {}", quoted(Text(each.number, each.number)))
    if each.signer:
        yield phrase("người ký: {}", "signed by: {}", inner(bare(each.signer)))


def _shared_parts(each: PaperType | ResultType) -> Iterator[Text]:
    if each.form:
        yield phrase("theo {}", "on the form: {}", inner(bare(each.form)))
    if each.data:
        yield phrase("dữ liệu: {}", "data: {}", joined([inner(spec.label) for spec in each.data], ", "))
    if each.valid:
        yield _valid_said(each.valid, {spec.id: spec.label for spec in each.data})


def _valid_said(valid: TypeValidity, labels: Mapping[str, Text]) -> Text:
    if valid.amount is None:
        return phrase("có giá trị đến hết {}", "valid until: {}", quoted(labels[valid.until]))
    long = so_long(valid.amount, valid.unit)
    if valid.since:
        return phrase("có giá trị {} kể từ {}", "valid {} from: {}", long, quoted(labels[valid.since]))
    return phrase("có giá trị {}", "valid {}", long)

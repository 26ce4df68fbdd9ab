"""What a procedure ends with, in words: results with their form, validity, book and number."""

from collections.abc import Iterator, Mapping

from rules.definition.procedure import ProcedureDefinition
from rules.definition.results import RESTART_WORDS, RESULT_KIND_WORDS, Result, ResultValidity
from rules.say.conditions import condition_said
from rules.say.punctuation import bare, quoted
from rules.say.readable import ReadableEntry
from rules.say.tables import cited_as
from rules.say.type_register import of_type
from rules.values import Text
from rules.vocabulary import Fact
from rules.wording import inner, joined, phrase


def results_said(definition: ProcedureDefinition, facts: Mapping[str, Fact]) -> Iterator[ReadableEntry]:
    """Yield every result that may be issued."""
    for each in definition.results:
        types = {of.id: of for of in definition.result_types}
        of = of_type(types.get(each.type), each.data, facts)
        said = joined([*_parts(each, facts), *of], "; ")
        yield ReadableEntry(each.label, said, cited_as(each.basis, definition.documents), None)


EXAMINED_SAID: Mapping[str, Text] = {
    "refused": Text("Bị từ chối sau khi thẩm định", "Turned down after examination"),
    "passed": Text("Thẩm định không có căn cứ từ chối", "The examination finds no ground of refusal"),
    "open": Text("Chưa đủ dữ liệu để thẩm định", "Not enough is known for the examination"),
}
"""What an examination comes to, in words."""


def _parts(result: Result, facts: Mapping[str, Fact]) -> Iterator[Text]:
    yield RESULT_KIND_WORDS[result.kind]
    if result.code:
        yield phrase("mã kết quả {}", "result code {}", result.code)
    if result.when:
        yield phrase("cấp khi {}", "issued when {}", condition_said(result.when, facts))
    if result.form:
        yield phrase("theo {}", "on the form: {}", inner(bare(result.form)))
    if result.valid:
        yield _valid_said(result.valid, facts)
    if result.book:
        book = inner(bare(result.book.label))
        yield phrase("ghi vào {}, {}", "entered in: {}, {}", book, RESTART_WORDS[result.book.restarts])
    if result.number:
        yield phrase("số theo mẫu {}", "numbered as {}", quoted(Text(result.number, result.number)))
    if result.signer:
        yield phrase("người ký: {}", "signed by: {}", inner(bare(result.signer)))


def _valid_said(valid: ResultValidity, facts: Mapping[str, Fact]) -> Text:
    if valid.span:
        said = phrase("có giá trị {}", "valid {}", valid.span)
    else:
        said = phrase("có giá trị đến hết {}", "valid until: {}", quoted(facts[valid.until].label))
    return phrase("{}, {}", "{}, {}", said, inner(bare(valid.text))) if valid.text else said

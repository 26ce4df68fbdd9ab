"""A whole definition as groups of sentences, for who reads it as plain text; every sentence stands by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.say.punctuation import bare, quoted, sentence
from rules.say.readable import (
    ReadableCharge,
    ReadableEntry,
    ReadableField,
    ReadablePaper,
    ReadablePayout,
    ReadableProcedure,
    ReadableTable,
)
from rules.values import Text
from rules.wording import headed, inner, joined, phrase, same


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that belong together under a title."""

    title: Text
    sentences: tuple[Text, ...]


def listing(reading: ReadableProcedure) -> tuple[Group, ...]:
    """Return all that a definition states in groups, in the order a person asks; an empty group says what is not."""
    return (
        Group(phrase("{} {}", "{} {}", reading.code, reading.name), tuple(_parts(reading))),
        Group(Text("Tờ khai", "Form"), _or_nothing(_fields(reading), _NOTHING_ASKED)),
        Group(Text("Thành phần hồ sơ", "Papers"), _or_nothing(_papers(reading), _NO_PAPERS)),
        *_telling(reading),
        *(_table(table) for table in reading.tables),
        Group(Text("Phí, lệ phí", "Fees and charges"), _or_nothing(_charges(reading), _NO_CHARGES)),
        *_payouts(reading),
        Group(Text("Thời hạn giải quyết", "Deadline"), _or_nothing(_deadline(reading), _NO_DEADLINE)),
        *_process(reading),
        Group(Text("Điều kiện tiếp nhận", "Conditions of acceptance"), (_eligibility(reading),)),
        *_endings(reading),
        *_facts(reading),
        *_registers(reading),
        Group(Text("Văn bản căn cứ", "Legal documents"), _or_nothing(_documents(reading), _NO_DOCUMENTS)),
    )


_NOTHING_ASKED = Text("Không hỏi gì ngoài thông tin người nộp.", "Nothing is asked but who files.")
_NO_PAPERS = Text("Không phải nộp giấy tờ nào.", "No paper is needed.")
_NO_CHARGES = Text("Thủ tục này không thu tiền.", "This procedure costs nothing.")
_NO_DEADLINE = Text("Chưa có quy định về thời hạn.", "No deadline is set.")
_NO_DOCUMENTS = Text("Chưa ghi văn bản nào.", "No document is named.")
_NOT_STATED = Text("chưa ghi", "not stated")


def _or_nothing(sentences: Iterator[Text], nothing: Text) -> tuple[Text, ...]:
    return tuple(sentences) or (nothing,)


def _parts(reading: ReadableProcedure) -> Iterator[Text]:
    if reading.example:
        yield _example(reading.example)
    parts = ((Text("Lĩnh vực", "Field of work"), reading.field_of_work), *reading.parts)
    for label, said in parts:
        yield sentence(headed(label, said or _NOT_STATED))


def _example(said: Text) -> Text:
    return sentence(phrase("Ví dụ, không phải quy định: {}", "An example, not law: {}", said))


def _fields(reading: ReadableProcedure) -> Iterator[Text]:
    for section in reading.sections:
        if section.title:
            yield phrase("Phần {}:", "Section {}:", quoted(section.title))
        for field in section.fields:
            yield _field(field, quoted(field.label))
            for member in field.members:
                vi, en = "Trong mỗi dòng của {}, {}", "In each row of {}, {}"
                yield _field(member, phrase(vi, en, quoted(field.label), quoted(member.label)))


def _field(field: ReadableField, name: Text) -> Text:
    kind = inner(field.kind)
    if field.limits:
        kind = phrase("{} {}", "{}, {}", kind, field.limits)
    if field.choices:
        kind = phrase("{} trong các mục: {}", "{} of: {}", kind, joined(map(quoted, field.choices), ", "))
    said = joined((kind, *(inner(text) for text in (field.required, field.shown, *field.more) if text)), "; ")
    return _with(sentence(headed(name, said)), field.help)


def _with(said: Text, more: Text | None) -> Text:
    """Add one more sentence where there is one."""
    return phrase("{} {}", "{} {}", said, sentence(more)) if more else said


def _cited(said: Text, citation: Text | None) -> Text:
    return phrase("{} (căn cứ {})", "{} (basis: {})", said, citation) if citation else said


def _papers(reading: ReadableProcedure) -> Iterator[Text]:
    for paper in reading.papers:
        yield _paper(paper)
        yield from (sentence(headed(quoted(paper.label), clause)) for clause in paper.more)


def _telling(reading: ReadableProcedure) -> Iterator[Group]:
    """Yield the cases of the procedure and its notices; what it has none of is left out."""
    for title, entries in (
        (Text("Các trường hợp của thủ tục", "Cases of the procedure"), reading.variants),
        (Text("Lưu ý", "Notices"), reading.notices),
    ):
        if entries:
            yield Group(title, _entries(entries))


def _paper(paper: ReadablePaper) -> Text:
    name = quoted(paper.label)
    if paper.form:
        name = phrase("{} ({})", "{} ({})", name, bare(paper.form))
    count = phrase("{} {}", "{} {}", paper.handed, paper.count) if paper.count else paper.handed
    said = joined((inner(text) for text in (paper.need, paper.shown, count) if text), "; ")
    whole = sentence(_cited(headed(name, said), paper.citation))
    instead = paper.waived_by
    return _with(
        whole, phrase("Không phải nộp khi tra được: {}", "Not needed where found: {}", instead) if instead else None
    )


def _table(table: ReadableTable) -> Group:
    """Return a table as a group: what it is for, how a row is chosen, then every row."""
    used = joined(table.used_for, "; ") if table.used_for else Text("không dùng ở đâu", "nothing")
    opening = sentence(phrase("Dùng để xác định: {}", "Used for: {}", used))
    origin = (sentence(table.origin),) if table.origin else ()
    example = (_example(table.example),) if table.example else ()
    how = (*((table.how,) if len(table.rows) > 1 else ()), *((table.each,) if table.each else ()))
    rows = (phrase("[{}] {}", "[{}] {}", row.id, sentence(row.sentence)) for row in table.rows)
    title = phrase("Bảng {}", "Table {}", quoted(table.label))
    return Group(title, (opening, *origin, *example, *how, *rows))


def _charges(reading: ReadableProcedure) -> Iterator[Text]:
    for charge in reading.charges:
        name = quoted(charge.label)
        vi, en = "{} là {}, mức thu do {} quy định", "{} is a {}; its amount is set by: {}"
        yield sentence(phrase(vi, en, name, inner(charge.kind), charge.set_by))
        amount = phrase("Mức thu {}: {}", "Amount of {}: {}", name, charge.amount)
        yield sentence(_cited(amount, charge.citation))
        yield from _limits(name, charge.limits)
        yield from _cuts(charge, name)
        refund = _REFUNDED if charge.refundable else _KEPT
        yield sentence(phrase("{}: {}; {}", "{}: {}; {}", name, inner(charge.collected), refund))


def _limits(name: Text, limits: tuple[Text, ...]) -> Iterator[Text]:
    yield from (sentence(phrase("{} {}", "{}: {}", name, limit)) for limit in limits)


def _payouts(reading: ReadableProcedure) -> Iterator[Group]:
    """Yield what the office pays out, where it pays anything."""
    said = tuple(text for payout in reading.payouts for text in _payout(payout))
    if said:
        yield Group(Text("Khoản chi trả", "Payouts"), said)


def _payout(payout: ReadablePayout) -> Iterator[Text]:
    name = quoted(payout.label)
    said = phrase("{} chi trả cho {}: {}", "{}, paid to {}: {}", name, payout.payee, payout.amount)
    yield sentence(_cited(said, payout.citation))
    yield from _limits(name, payout.limits)


_REFUNDED = Text("được hoàn trả khi hồ sơ không được giải quyết", "refunded when the dossier is not processed")
_KEPT = Text("không hoàn trả", "not refunded")


def _cuts(charge: ReadableCharge, name: Text) -> Iterator[Text]:
    if not charge.cuts:
        yield sentence(phrase("{} không có miễn, giảm", "{} has no reduction", name))
        return
    tables = joined((quoted(table.label) for table in charge.cuts), " và ", " and ")
    if charge.combined:
        vi, en = "Miễn, giảm {} theo bảng {}; {}", "Reductions of {} are by the table {}; {}"
        yield sentence(phrase(vi, en, name, tables, charge.combined))
        return
    vi = "Miễn, giảm {} theo bảng {}; khi nhiều mức cùng áp dụng, chỉ tính một mức có lợi nhất cho người nộp"
    en = "Reductions of {} are by the table {}; where several apply, only the one best for the payer counts"
    yield sentence(phrase(vi, en, name, tables))


def _deadline(reading: ReadableProcedure) -> Iterator[Text]:
    names = (
        Text("Thời hạn theo luật", "The deadline under the law"),
        Text("Thời hạn tỉnh cam kết", "The deadline the province promises"),
    )
    for name, table in zip(names, reading.deadline, strict=False):
        yield sentence(phrase("{}: theo bảng {}", "{}: by the table {}", name, quoted(table.label)))
    yield from reading.deadline_rules
    if reading.deadline_start:
        yield reading.deadline_start


def _process(reading: ReadableProcedure) -> Iterator[Group]:
    """Yield what stops the clock, the internal steps and the routing; what there is none of is left out."""
    if reading.stops:
        yield Group(Text("Khi dừng tính thời hạn", "When the clock stops"), _entries(reading.stops))
    approved = (reading.process,) if reading.process else ()
    if approved or reading.steps:
        yield Group(Text("Quy trình nội bộ", "Internal process"), _entries((*approved, *reading.steps)))
    if reading.linked:
        yield Group(Text("Thủ tục liên thông", "Procedures settled together"), _entries(reading.linked))
    if reading.route:
        said = phrase("Hồ sơ chuyển theo bảng {}", "A dossier goes by the table {}", quoted(reading.route.label))
        yield Group(Text("Nơi chuyển hồ sơ", "Where a dossier goes"), (sentence(said),))


def _eligibility(reading: ReadableProcedure) -> Text:
    if reading.refusals is None:
        return Text(
            "Không có điều kiện riêng: hồ sơ đủ giấy tờ thì được tiếp nhận.",
            "No conditions of its own: a dossier with all its papers is accepted.",
        )
    vi, en = (
        "Không tiếp nhận hồ sơ khi có dòng của bảng {} đúng",
        "A dossier is not accepted when a row of the table {} holds",
    )
    return sentence(phrase(vi, en, quoted(reading.refusals.label)))


def _endings(reading: ReadableProcedure) -> Iterator[Group]:
    """Yield when a request is turned down after its examination, and what is issued; neither need be stated."""
    if reading.examination:
        vi = "Từ chối giải quyết sau khi thẩm định khi có dòng của bảng {} đúng"
        en = "A request is turned down after its examination when a row of the table {} holds"
        said = phrase(vi, en, quoted(reading.examination.label))
        if reading.examination_form:
            said = phrase("{}; thông báo theo {}", "{}; the notice is: {}", said, inner(bare(reading.examination_form)))
        yield Group(Text("Từ chối sau khi thẩm định", "Refusal after examination"), (sentence(said),))
    if reading.results:
        yield Group(Text("Kết quả được cấp", "Results issued"), _entries(reading.results))


def _facts(reading: ReadableProcedure) -> Iterator[Group]:
    """Yield what nobody types on the form: the formulas, and what officers find."""
    said = tuple(
        sentence(phrase("{} ({}): {}", "{} ({}): {}", quoted(fact.label), inner(fact.source), fact.how))
        for fact in reading.facts
    )
    if said:
        yield Group(Text("Công thức và điều cán bộ ghi nhận", "Formulas and findings of officers"), said)


def _registers(reading: ReadableProcedure) -> Iterator[Group]:
    """Yield the registers of the law that the definition holds; those it has none of are left out."""
    place = (reading.place,) if reading.place else ()
    included = tuple(map(sentence, reading.included))
    for title, said in (
        (Text("Tham số pháp luật", "Parameters of the law"), _entries(reading.parameters)),
        (Text("Biểu bậc thang", "Progressive scales"), _entries(reading.scales)),
        (Text("Địa bàn", "Territories"), (*place, *_entries(reading.territories))),
        (Text("Thuộc tính của danh mục", "Attributes of codes"), _entries(reading.codes)),
        (Text("Loại giấy tờ", "Types of papers"), _entries(reading.paper_types)),
        (Text("Loại kết quả", "Types of results"), _entries(reading.result_types)),
        (Text("Quy định dùng chung", "Shared rule sets"), included),
    ):
        if said:
            yield Group(title, said)


def _entries(entries: tuple[ReadableEntry, ...]) -> tuple[Text, ...]:
    return tuple(map(_entry, entries))


def _entry(entry: ReadableEntry) -> Text:
    basis = (phrase("căn cứ {}", "basis: {}", entry.citation),) if entry.citation else ()
    scope = (entry.scope,) if entry.scope else ()
    said = headed(quoted(entry.name), bare(entry.said))
    return sentence(phrase("{} ({})", "{} ({})", said, joined((*basis, *scope), "; ")) if basis or scope else said)


def _documents(reading: ReadableProcedure) -> Iterator[Text]:
    for document in reading.documents:
        said = headed(same(document.number), bare(document.title)) if document.title else Text(document.number)
        if document.period:
            said = phrase("{} (hiệu lực {})", "{} (in force {})", said, document.period)
        yield sentence(said)

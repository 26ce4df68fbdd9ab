"""Plain data to a procedure definition: reads everything, names every problem with its place, and gives it whole."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rules.decode import cases as decode_cases
from rules.decode import fields as decode_fields
from rules.decode import linked as decode_linked
from rules.decode import money as decode_money
from rules.decode import papers as decode_papers
from rules.decode import process as decode_process
from rules.decode import registers as decode_registers
from rules.decode import results as decode_results
from rules.decode import scales as decode_scales
from rules.decode import tables as decode_tables
from rules.decode import time as decode_time
from rules.decode import types as decode_types
from rules.decode import variants as decode_variants
from rules.decode.facts import bare_fact, with_formulas
from rules.decode.followers import without_followers
from rules.decode.parts import ReadContext, example, unique
from rules.decode.shared import FlatParts, flattened, named
from rules.definition.keeping import Desk, KeptElsewhere
from rules.definition.linked import LinkedGroup
from rules.definition.procedure import (
    FORMAT,
    CodeList,
    FactSpec,
    Field,
    FieldKind,
    ProcedureDefinition,
    Statutory,
    vocabulary_of,
)
from rules.definition.registers import Parameter
from rules.definition.variants import VARIANT, Variant, Variants
from rules.errors import DefinitionError, EnoughError, Problem, nearest
from rules.order import circle, reads_of
from rules.reading import CODE, Node, Parts, mapping_of, sequence_of
from rules.table.decision import Table
from rules.values import NO_TEXT
from rules.vocabulary import APPLICANT_KINDS, BUILT_IN, CHANNELS, DERIVED, FactType, Source, Vocabulary

_TOP = (
    *("format", "code", "name", "field_of_work", "example", "statutory", "basis", "lists", "fields", "scales", "facts"),
    "kept_elsewhere",
    *("shared", "include", "included", "territories", "territory_of", "parameters"),
    *("variants", "notices", "tables", "charges", "payouts", "papers", "deadline", "steps", "route", "eligibility"),
    *("examination", "results", "cases", "process", "patterns", "paper_types", "result_types", "linked"),
)
MAX_NESTING = 40


def definition_from(data: Mapping[str, Any]) -> ProcedureDefinition:
    """Read a procedure definition from plain data (docs/reference/definition.md).

    Raises DefinitionError with every problem found, each with its path into the data.
    """
    problems: list[Problem] = []
    if _too_deep(data, MAX_NESTING):
        raise DefinitionError((Problem((), f"Dữ liệu lồng quá {MAX_NESTING} lớp nên không phải định nghĩa thủ tục."),))
    root = Node(data, (), problems)
    try:
        definition = _definition(flattened(root.parts(*_TOP)))
    except EnoughError:
        raise DefinitionError(without_followers(problems, data)) from None
    if problems:
        raise DefinitionError(without_followers(problems, data))
    return definition


def _too_deep(data: object, left: int) -> bool:
    if left == 0:
        return True
    mapping = mapping_of(data)
    inner = mapping.values() if mapping is not None else sequence_of(data) or ()
    return any(_too_deep(item, left - 1) for item in inner)


def _definition(parts: FlatParts) -> ProcedureDefinition:
    if parts.needed("format").integer() not in (FORMAT, None):
        parts["format"].problem(f"Chỉ đọc được định dạng số {FORMAT}.")
    lists = decode_registers.lists(parts["lists"], parts.origins)
    territories = decode_registers.territories(parts["territories"], lists, parts.origins)
    documents = decode_registers.documents(parts["basis"], territories, parts.origins)
    context = ReadContext(
        Vocabulary({}), documents, territories={each.id: each for each in territories}, origins=parts.origins
    )
    parameters = decode_registers.parameters(parts["parameters"], lists, context)
    _check_scopes(parts, context)
    stated, specs, lists = _asked(parts, lists, parameters)
    fields = tuple(field for _, field in stated)
    _check_parameter_names(parts["parameters"], (*fields, *specs))
    heads = decode_tables.heads(parts["tables"], lists, [field.id for field in fields if field.fields])
    _check_outputs(parts["tables"], heads, vocabulary_of(lists, fields, specs, parameters, territories))
    cases = decode_variants.labels(parts["variants"])
    vocabulary = vocabulary_of(lists, fields, specs, parameters, territories, heads, variants=cases)
    context = replace(context, vocabulary=vocabulary)
    scales = decode_scales.scales(parts["scales"], context)
    computed = decode_fields.formulas(stated, context, scales)
    specs = with_formulas(parts["facts"], specs, context, scales, computed)
    fields = decode_fields.whole_fields(stated, context, computed)
    entries = zip(parts["tables"].items(), heads, strict=True)
    tables = tuple(decode_tables.table(node, head, context) for node, head in entries)
    variants = decode_variants.variants(parts["variants"], context)
    _check_order(parts, stated, specs, tables, variants)
    context = context.with_tables(tables)
    money = decode_money.lines(parts["charges"], parts["payouts"], context)
    issued = _papers(parts, lists, context)
    notices = decode_variants.notices(parts["notices"], context)
    acted = _process(parts, context)
    linked: LinkedGroup | None = acted["linked"]
    return ProcedureDefinition(
        code=_code(parts.needed("code")),
        name=parts.needed("name").text() or NO_TEXT,
        field_of_work=parts["field_of_work"].text() or NO_TEXT,
        statutory=_statutory(parts["statutory"]),
        example=example(parts["example"]),
        kept_elsewhere=_kept_elsewhere(parts["kept_elsewhere"], fields),
        basis=tuple(documents.values()),
        included=parts.origins.included,
        lists=lists,
        territories=territories,
        territory_of=_territory_of(parts["territory_of"], context),
        parameters=parameters,
        fields=fields,
        scales=scales,
        facts=specs,
        variants=variants,
        tables=tables,
        charges=money[0],
        payouts=money[1],
        notices=notices,
        **acted,
        **issued,
        route=decode_time.route(parts["route"], context, parts["tables"]),
        eligibility=_eligibility(parts["eligibility"], context),
        examination=decode_results.examination(parts["examination"], context),
        cases=tuple(
            decode_cases.case(
                *(node, context, money, issued["papers"], tables),
                told=(variants, notices, acted["steps"], issued["results"], linked.children if linked else ()),
                deadline=acted["deadline"],
            )
            for node in parts["cases"].items()
        ),
    )


def _asked(
    parts: FlatParts, lists: tuple[CodeList, ...], parameters: tuple[Parameter, ...]
) -> tuple[decode_fields.Stated, tuple[FactSpec, ...], tuple[CodeList, ...]]:
    """Read the fields and facts as far as they stand alone, and the lists with those that blocks bring along."""
    stated = decode_fields.bare_fields(parts["fields"])
    lists = decode_fields.with_own_lists(lists, [field for _, field in stated])
    specs = unique([bare_fact(node, parts.origins, parameters) for node in parts["facts"].items()], parts["facts"])
    _check_names(parts, lists, stated, specs)
    return stated, (*specs, *decode_fields.computed_specs(stated)), lists


def _papers(parts: FlatParts, lists: tuple[CodeList, ...], context: ReadContext) -> dict[str, Any]:
    """Read what is handed in and what is issued, each of which may be of a type."""
    types = decode_types.types(parts["paper_types"], parts["result_types"], lists, context)
    return {
        **types.kept,
        "papers": decode_papers.papers(parts["papers"], context, types),
        "results": decode_results.results(parts["results"], context, types),
    }


def _process(parts: FlatParts, context: ReadContext) -> dict[str, Any]:
    """Read what is stated of time and of who acts: the waits of the time limit may be steps."""
    deadline = decode_time.deadline(parts["deadline"], context)
    patterns = decode_process.patterns(parts["patterns"], context)
    stops = {stop.rule.id: stop for stop in deadline.stops} if deadline else {}
    return {
        "deadline": deadline,
        "process": decode_process.process(parts["process"], context),
        "patterns": tuple(pattern for pattern, _ in patterns.values()),
        "linked": decode_linked.linked(parts["linked"], context),
        "steps": decode_process.steps(parts["steps"], context, patterns, stops),
    }


def _code(node: Node) -> str:
    if isinstance(node.value, int | float):
        node.problem(
            f"Mã thủ tục đang là số ({node.value}) nên có thể đã mất số 0.", 'Đặt mã trong dấu ngoặc kép: "2.000815".'
        )
        return ""
    return node.identifier(CODE)


def _check_scopes(parts: FlatParts, context: ReadContext) -> None:
    for key, scope in parts.origins.scopes.items():
        if scope.territory:
            node = parts["shared"].at(key).at("territory", scope.territory)
            decode_registers.territory(node, context.territories)


def _check_parameter_names(node: Node, others: Iterable[Field | FactSpec]) -> None:
    taken = {*(item.id for item in others), *BUILT_IN}
    for key, entry in named(node):
        if key in taken:
            entry.problem(f"“{key}” đã là một dữ kiện.", "Đặt tên khác cho tham số này.")


def _territory_of(node: Node, context: ReadContext) -> str:
    """Read the fact whose unit decides the territories: a code that is handed in, or an attribute of one."""
    if not node:
        return ""
    name = context.fact(node, FactType.CODE)
    fact = context.vocabulary.get(name)
    if fact and fact.source in DERIVED - {Source.LIST}:
        node.problem(f"“{name}” được tính ra nên không quyết định địa bàn được.", "Dùng một dữ kiện được khai.")
    return name


def _statutory(node: Node) -> Statutory:
    parts = node.parts(
        "steps", "ways", "copies_of_dossier", "applicants", "applicant_kinds", "body", "result", "conditions"
    )
    result = parts["result"].parts("code", "name")
    ways = [_way(way) for way in parts["ways"].items()]
    return Statutory(
        steps=parts["steps"].text(),
        ways=tuple(ways),
        copies_of_dossier=parts["copies_of_dossier"].integer(1, 100),
        applicants=tuple(text for text in (item.text() for item in parts["applicants"].items()) if text),
        applicant_kinds=tuple(_applicant_kind(kind) for kind in parts["applicant_kinds"].items()),
        body=parts["body"].text(),
        result_code=result["code"].string(most=60),
        result_name=result["name"].text(),
        conditions=parts["conditions"].text(),
    )


def _kept_elsewhere(node: Node, fields: tuple[Field, ...]) -> KeptElsewhere | None:
    if not node:
        return None
    parts = node.parts("system", "desk", "number")
    texts = {field.id for field in fields if field.kind is FieldKind.TEXT}
    number = parts["number"].identifier()
    if number and number not in texts:
        parts["number"].problem(f"Không có trường kiểu text “{number}” để ghi số hồ sơ.", nearest(number, texts))
    system = parts.needed("system").text() or NO_TEXT
    return KeptElsewhere(system, parts.needed("desk").choice(Desk, Desk.GUIDES), number)


def _way(node: Node) -> str:
    way = node.string(most=60)
    if way not in CHANNELS:
        node.problem(f"Không có cách thức “{way}”.", nearest(way, CHANNELS))
    return way


def _applicant_kind(node: Node) -> str:
    kind = node.string(most=60)
    if kind not in APPLICANT_KINDS:
        node.problem(f"Không có loại người nộp “{kind}”.", nearest(kind, APPLICANT_KINDS))
    return kind


def _check_names(
    parts: Parts, lists: tuple[CodeList, ...], stated: decode_fields.Stated, specs: tuple[FactSpec, ...]
) -> None:
    known = {item.id for item in lists}
    taken = {field.id for _, field in stated}
    for node, spec in zip(parts["facts"].items(), specs, strict=False):
        if spec.id in taken:
            node.at("id").problem(f"“{spec.id}” đã là một trường của biểu mẫu.", "Đặt tên khác cho dữ kiện này.")
    listed = [*stated, *zip(parts["facts"].items(), specs, strict=False)]
    for node, item in listed:
        if item.id in BUILT_IN:
            node.at("id").problem(f"“{item.id}” là dữ kiện có sẵn.", "Đặt tên khác.")
        inner = item.fields if isinstance(item, Field) else ()
        for name in {each.list for each in (item, *inner) if each.list} - known:
            node.at("list").problem(f"Không có danh mục “{name}”.", nearest(name, known))


def _check_outputs(node: Node, heads: tuple[Table, ...], others: Vocabulary) -> None:
    """Refuse a table whose output would be called like something else that a dot names (a member of a group)."""
    for place, head in enumerate(heads):
        for name in (f"{head.id}.{column.id}" for column in head.outputs):
            if name in others:
                node.at(place).at("id").problem(f"“{name}” đã là tên của dữ kiện khác.", "Đặt tên khác cho bảng.")


def _check_order(
    parts: Parts,
    stated: decode_fields.Stated,
    specs: tuple[FactSpec, ...],
    tables: tuple[Table, ...],
    variants: tuple[Variant, ...],
) -> None:
    """Refuse facts, tables and cases that are derived from themselves, with the way round, each circle once."""
    reads = reads_of(specs, tables, [Variants(variants)])
    decode_variants.check_order(parts["variants"], variants, reads)
    computed = {field.id: node.at("computed") for node, field in stated}
    facts = [
        (computed.get(spec.id) or parts["facts"].at(place).at("on" if spec.parameter else "formula"), [spec.id])
        for place, spec in enumerate(specs)
    ]
    outputs = [
        (parts["tables"].at(place).at("inputs"), [f"{table.id}.{column.id}" for column in table.outputs])
        for place, table in enumerate(tables)
    ]
    told = {frozenset(circle(VARIANT, reads))}
    for node, names in (*facts, *outputs):
        paths = [path for path in (circle(name, reads) for name in names) if path]
        if paths and frozenset(paths[0]) not in told:
            told.add(frozenset(paths[0]))
            node.problem(f"Dữ kiện tính vòng tròn: {' → '.join(paths[0])}.", "Bỏ một mắt xích.")


def _eligibility(node: Node, context: ReadContext) -> str:
    if not node:
        return ""
    return decode_results.refusal_table(node.parts("table").needed("table"), context)

"""Proof before publication of the registers: values without a citation, gaps, and what nothing uses."""

from collections.abc import Iterator
from datetime import date

from rules.check.findings import Finding, FindingKind, Witness
from rules.check.papers import facts_of_telling
from rules.check.used_parameters import ParameterDossiers
from rules.definition.money import facts_read
from rules.definition.procedure import ProcedureDefinition
from rules.definition.registers import Parameter
from rules.errors import Problem, Severity, nearest
from rules.values import Period


def parameter_faults(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield values of parameters that cite nothing, and what has no value at all or on days between two values."""
    yield from _values_without(definition)
    yield from _days_without(definition)


def _values_without(definition: ProcedureDefinition) -> Iterator[Problem]:
    for parameter in definition.parameters:
        if not parameter.values:
            yield Problem(
                ("parameters", parameter.id),
                f"“{parameter.label}” chưa có giá trị nào: điều gì cần đến nó thì không có quy định áp dụng.",
                "Thêm giá trị khi có văn bản quy định.",
                Severity.WARNING,
            )
        for place, value in enumerate(parameter.values):
            if value.basis is None:
                yield Problem(
                    ("parameters", parameter.id, "values", place),
                    f"Giá trị thứ {place + 1} của “{parameter.label}” chưa ghi căn cứ pháp lý.",
                    "Thêm basis: {document: ...}.",
                )


def _days_without(definition: ProcedureDefinition) -> Iterator[Problem]:
    dossiers = None
    for parameter in definition.parameters:
        places = dict.fromkeys(value.territory for value in parameter.values)
        labels = {each.id: each.label.vi for each in definition.territories}
        for place in places:
            for gap in _gaps(parameter, place):
                where = f" ở địa bàn “{labels.get(place, place)}”" if place else ""
                hint = "Thêm giá trị cho các ngày đó, hoặc để hồ sơ các ngày đó không tính được."
                dossiers = dossiers or ParameterDossiers(definition)
                shown = dossiers.dossier(parameter.id, gap, place) or Witness({}, gap.since or date.min)
                yield _none(parameter, f"“{parameter.label}” không có giá trị{where} {gap.words}.", hint, shown)
        if places and "" not in places:
            named = ", ".join(f"“{labels.get(place, place)}”" for place in places)
            hint = "Thêm giá trị không ghi địa bàn, hoặc để hồ sơ nơi khác không tính được."
            yield _none(parameter, f"“{parameter.label}” không có giá trị ngoài địa bàn {named}.", hint, None)


def _none(parameter: Parameter, what: str, hint: str, witness: Witness | None) -> Finding:
    where = ("parameters", parameter.id)
    return Finding(where, what, hint, Severity.WARNING, FindingKind.PERIOD, witness=witness)


def _gaps(parameter: Parameter, place: str) -> Iterator[Period]:
    """Yield the days between two values of this territory (or of everywhere) on which no value holds there."""
    held = [value.period for value in parameter.values if value.territory in ("", place)]
    until = date.min
    for period in sorted(held, key=lambda period: period.since or date.min):
        since = period.since or date.min
        if date.min < until < since:
            yield Period(until, since)
        until = max(until, period.until or date.max)


def unknown_units(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the units of territories that no list of such units knows, such as a code with two digits changed round.

    A list knows the units of a territory when it holds at least half of them. Where none does, the units are kept
    elsewhere and nothing can be told.
    """
    lists = [{item.code for item in each.items} for each in definition.lists]
    for territory in definition.territories:
        units = [span.unit for span in territory.units]
        known = {code for codes in lists if 2 * len(codes & set(units)) >= len(units) for code in codes}
        for place, unit in enumerate(units):
            if known and unit not in known and not territory.origin:
                where = ("territories", territory.id, "units", place)
                what = f"Địa bàn “{territory.label}” ghi đơn vị “{unit}”, không danh mục nào có mã này."
                yield Problem(where, what, nearest(unit, known), Severity.WARNING)


def unused_registers(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the parameters and territories of the procedure's own that nothing reads, as warnings."""
    read = set(_facts_read(definition))
    for parameter in definition.parameters:
        if parameter.id not in read and not parameter.origin:
            what = f"Tham số “{parameter.label}” không được dùng ở đâu."
            yield Problem(("parameters", parameter.id), what, "Xóa hoặc dùng nó.", Severity.WARNING)
    used = set(_territories_used(definition))
    for territory in definition.territories:
        if territory.id not in used and not territory.origin and "territories" not in read:
            what = f"Địa bàn “{territory.label}” không được dùng ở đâu."
            yield Problem(("territories", territory.id), what, "Xóa hoặc dùng nó.", Severity.WARNING)


def _facts_read(definition: ProcedureDefinition) -> Iterator[str]:
    conditions = [each for field in definition.fields for each in field.conditions]
    yield from facts_of_telling(definition)
    for table in definition.tables:
        yield from table.reads
    for spec in definition.facts:
        yield from (*spec.reads, spec.parameter)
    conditions += [step.when for step in definition.steps]
    yield from (name for step in definition.steps if step.external for name in step.external.facts)
    conditions += [stop.when for stop in (definition.deadline.stops if definition.deadline else ())]
    conditions += [each.when for each in definition.results]
    conditions += [child.when for child in (definition.linked.children if definition.linked else ())]
    yield from (each.valid.until for each in definition.results if each.valid)
    yield from (fact for each in definition.results for _, fact in each.data)
    for condition in conditions:
        yield from condition.facts if condition else ()
    for line in (*definition.charges, *definition.payouts):
        yield from facts_read(line)


def _territories_used(definition: ProcedureDefinition) -> Iterator[str]:
    yield from (row.territory for table in definition.tables for row in table.rows)
    yield from (value.territory for parameter in definition.parameters for value in parameter.values)
    yield from (document.territory for document in definition.basis)


def lists_used_by_registers(definition: ProcedureDefinition) -> Iterator[str]:
    """Yield the lists that parameters, attributes and territories refer to."""
    yield from (parameter.list for parameter in definition.parameters)
    yield from (spec.list for each in definition.lists for spec in each.attributes)
    yield from (spec.list for each in (*definition.paper_types, *definition.result_types) for spec in each.data)
    yield from (territory.where.list for territory in definition.territories if territory.where)

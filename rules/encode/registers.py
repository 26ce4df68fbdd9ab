"""The registers of a definition as plain data: what `rules.decode.registers` reads back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.definition.registers import AttributeSpec, CodeItem, CodeList, IncludedSet, Parameter, Territory
from rules.values import LegalBasis, LegalDocument, Period, Text, decimal_text
from rules.vocabulary import FactType

Data = dict[str, Any]


def kept(**parts: Any) -> Data:
    """Return the parts that say something: what is empty is left out."""
    return {name: part for name, part in parts.items() if part not in (None, "", [], {}, ())}


def period(days: Period) -> Data:
    """Return `since` and `until`."""
    return kept(since=_iso(days.since), until=_iso(days.until))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def basis(cited: LegalBasis | None) -> Data | None:
    """Return a citation."""
    if cited is None:
        return None
    place = kept(document=cited.document, article=cited.article, clause=cited.clause, point=cited.point)
    # A note without English stays the plain text it was, so that a published definition keeps its hash.
    return {**place, **kept(note=cited.note.to_data() if cited.note.en else cited.note.vi)}


def _text(text: Text) -> dict[str, str] | None:
    return text.to_data() if text.vi else None


def in_force(days: Period, territory: str, cited: LegalBasis | None, documents: Mapping[str, LegalDocument]) -> Data:
    """Return the days and the territory of a row or value, without what it has from the document it cites."""
    document = documents.get(cited.document) if cited else None
    own = {**period(days), **kept(territory=territory)}
    inherited = {**period(document.period), **kept(territory=document.territory)} if document else {}
    return {name: said for name, said in own.items() if inherited.get(name) != said}


def document(each: LegalDocument) -> Data:
    """Return a legal document."""
    return kept(
        document=each.document,
        title=_text(each.title),
        territory=each.territory,
        **{"from": each.origin},
        **period(each.period),
    )


def included(each: IncludedSet) -> Data:
    """Return what is kept of an included set once its entries stand among the others."""
    return kept(set=each.id, version=each.version, label=_text(each.label))


def code_list(each: CodeList) -> Data | list[Data]:
    """Return a list of codes: the plain sequence where it is no more than that."""
    types = {spec.id: spec for spec in each.attributes}
    items = [_item(item, types) for item in each.items]
    if not each.attributes and not each.origin:
        return items
    attributes = {name: attribute(spec) for name, spec in types.items()}
    return kept(items=items, attributes=attributes, **{"from": each.origin})


def attribute(spec: AttributeSpec) -> Data:
    """Return an attribute of codes, or a data field of a type."""
    return kept(
        type=spec.type.value,
        label=spec.label.to_data(),
        list=spec.list,
        unit=spec.unit,
        scale=spec.scale or None,
    )


def _item(item: CodeItem, types: Mapping[str, AttributeSpec]) -> Data:
    dated = [
        {**{name: value(held, types[name]) for name, held in each.values.items()}, **period(each.period)}
        for each in item.attributes
    ]
    attributes = dated[0] if len(dated) == 1 else dated
    return kept(code=item.code, label=item.label.to_data(), attributes=attributes, **period(item.period))


def value(held: Any, spec: AttributeSpec | Parameter) -> Any:
    """Return a value as `rules.decode.registers.value` reads it."""
    if spec.type is FactType.FIXED:
        return decimal_text(held, spec.scale)
    return held.isoformat() if isinstance(held, date) else held


def territory(each: Territory) -> Data:
    """Return a territory."""
    where = each.where
    return kept(
        label=each.label.to_data(),
        units=[{"unit": span.unit, **period(span.period)} if period(span.period) else span.unit for span in each.units],
        units_where={"list": where.list, "when": _condition(where.when.any_of)} if where else None,
        **{"from": each.origin},
        **period(each.period),
    )


def _condition(any_of: tuple[Mapping[str, Any], ...]) -> list[dict[str, str]]:
    return [{name: cell.text for name, cell in group.items()} for group in any_of]


def parameter(each: Parameter, documents: Mapping[str, LegalDocument]) -> Data:
    """Return a parameter of the law."""
    values = [
        {
            "value": value(one.value, each),
            **kept(basis=basis(one.basis)),
            **in_force(one.period, one.territory, one.basis, documents),
        }
        for one in each.values
    ]
    parts = kept(
        label=each.label.to_data(),
        type=each.type.value,
        unit=each.unit,
        list=each.list,
        scale=each.scale or None,
        example=_text(each.example) if each.example else None,
        **{"from": each.origin},
    )
    return {**parts, "values": values}

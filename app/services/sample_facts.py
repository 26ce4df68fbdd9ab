"""Answers of invented dossiers (dữ kiện mẫu): drawn for any definition by chance that a seed decides.

Free text is left open: a mark stands where each dossier has words of its own.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.services.dossier import is_found_at_reception
from app.services.sample_people import mixed, name_of, words
from forms.conditions import required_fields, shown
from rules.definition.procedure import FactSpec, Field, FieldKind, ProcedureDefinition
from rules.facts import MAX_GROUP_ROWS
from rules.vocabulary import CHANNELS, FactType

WAYS = {"counter": 60, "online": 32, "post": 8}
"""How often people file in each way."""

KINDS = {"individual": 90, "organisation": 4, "enterprise": 6}
USUAL_ROWS = 3


def mark(name: str) -> str:
    """Return what stands for a value that each dossier has of its own; no text of the law has these signs."""
    return f"⟦{name}⟧"


def is_open_text(field: Field) -> bool:
    """Tell whether each dossier has words of its own in this field."""
    return field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)


def text_for(field: Field, bits: int) -> str:
    """Return words for an open field, worked out from these bits."""
    known = words()
    if field.kind is FieldKind.LONG_TEXT:
        street = known["streets"][bits % len(known["streets"])]
        return f"Số {1 + (bits >> 8) % 400} đường {street}, tỉnh Đồng Tháp"
    if "name" in field.id or "of" in field.id.split("_"):
        return name_of(bits, is_female=bool(bits >> 30 & 1))
    business = known["businesses"][(bits >> 4) % len(known["businesses"])]
    return f"{business} {known['places'][(bits >> 20) % len(known['places'])]} {1 + (bits >> 40) % 90}"


def drawn_channel(chance: Random, ways: tuple[str, ...]) -> str:
    """Return one of the ways of filing that a procedure allows, the usual ones more often."""
    known = tuple(way for way in ways if way in WAYS) or tuple(CHANNELS)
    return chance.choices(known, [WAYS.get(way, 1) for way in known])[0]


def drawn_facts(definition: ProcedureDefinition, at: datetime, chance: Random) -> dict[str, Any]:
    """Return answers of the form and findings of the desk: what is not shown is not answered."""
    facts = {field.id: _value(definition, field, at, chance) for field in definition.fields}
    facts |= {spec.id: _found(definition, spec, at, chance) for spec in definition.facts if is_found_at_reception(spec)}
    known = {name: value for name, value in facts.items() if value is not None}
    needed = required_fields(definition.fields, known)
    seen = shown(definition, known)
    fields = {field.id for field in definition.fields}
    left_out = {name for name in known if name in fields and name not in needed and chance.random() < 0.25}
    return {name: value for name, value in known.items() if name not in fields or name in seen - left_out}


def _value(definition: ProcedureDefinition, field: Field, at: datetime, chance: Random) -> Any:
    """Return an answer, None for a kind that is not invented: it is not asked, or no dossier of it is made."""
    if is_open_text(field):
        return mark(field.id)
    if field.kind is FieldKind.GROUP:
        return _rows(definition, field, at, chance)
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        codes = _codes(definition, field.list, at.date())
        return _chosen(codes, chance, several=field.kind is FieldKind.CHOICES)
    if field.kind is FieldKind.DAY:
        return _day(field, at.date(), chance)
    return _PLAIN[field.kind](field, chance) if field.kind in _PLAIN else None


def _rows(definition: ProcedureDefinition, field: Field, at: datetime, chance: Random) -> list[dict[str, Any]]:
    least, most = max(field.min_rows, 1), min(field.max_rows, max(field.min_rows, USUAL_ROWS), MAX_GROUP_ROWS)
    rows: list[dict[str, Any]] = []
    for _ in range(chance.randint(least, max(least, most))):
        row = {member.id: _member(definition, member, at, chance) for member in field.fields}
        rows.append({name: value for name, value in row.items() if value is not None})
    return rows


def _member(definition: ProcedureDefinition, member: Field, at: datetime, chance: Random) -> Any:
    if is_open_text(member):
        return chance.choice(words()["titles"])
    return _value(definition, member, at, chance)


def _codes(definition: ProcedureDefinition, name: str, on: date) -> list[str]:
    found = next((each for each in definition.lists if each.id == name), None)
    return [] if found is None else [item.code for item in found.items if item.period.holds(on)]


def _chosen(codes: list[str], chance: Random, *, several: bool) -> Any:
    if not codes:
        return None
    return sorted(chance.sample(codes, chance.randint(1, min(2, len(codes))))) if several else chance.choice(codes)


def _day(field: Field, today: date, chance: Random) -> date:
    first, last = field.days_on(today)
    if first is not None:
        return first + timedelta(days=chance.randint(0, 60))
    near = chance.random() < 0.7
    return (last or today) - timedelta(days=chance.randint(0, 80 if near else 9_000))


def _number(field: Field, chance: Random) -> int:
    low = field.min if field.min is not None else 1
    high = field.max if field.max is not None else max(low, 1) * 50
    return min(max(low, round(low + chance.expovariate(0.6))), high)


def _money(field: Field, chance: Random) -> int:
    low, high = field.min or 0, field.max or 2_000_000_000
    return min(max(low, chance.choice((5, 10, 20, 50, 100, 300)) * 1_000_000), high)


_PLAIN: Mapping[FieldKind, Callable[[Field, Random], Any]] = {
    FieldKind.WHOLE_NUMBER: _number,
    FieldKind.MEASURE: _number,
    FieldKind.MONEY: _money,
    FieldKind.YES_NO: lambda _, chance: chance.random() < 0.3,
    FieldKind.PHONE: lambda _, chance: f"0900{chance.randrange(1_000_000):06}",
    FieldKind.EMAIL: lambda _, chance: f"mau{mixed(chance.randrange(10**6)) % 10**6}@example.invalid",
}


def _found(definition: ProcedureDefinition, spec: FactSpec, at: datetime, chance: Random) -> Any:
    """Return what the desk finds; nothing of a person's history, which for them begins here."""
    if spec.query is not None:
        return 0
    match spec.type:
        case FactType.BOOL:
            return chance.random() < 0.8
        case FactType.CODE:
            codes = _codes(definition, spec.list, at.date())
            return codes[0] if codes and chance.random() < 0.9 else _chosen(codes, chance, several=False)
        case FactType.INT | FactType.MONEY:
            return max(spec.min or 0, 1)
        case _:
            return None

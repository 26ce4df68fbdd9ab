"""What a form refers to and cannot know by itself: the communes and wards of the register, dossiers, and results."""

import re
from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.services.office import ADMINISTRATIVE_SYSTEM, DOSSIER_CODE_SYSTEM
from app.storage.dossier import Dossier, DossierResult
from app.storage.office import Unit, UnitCode, UnitRevision, UnitSuccession
from app.storage.procedure import Procedure
from forms.references import LookUp
from forms.units import UnitEntry, UnitRegister
from rules.definition.fields import Field, FieldKind
from rules.definition.procedure import ProcedureDefinition
from rules.values import Period, Text

COMMUNE_KINDS = ("ward", "commune")
"""The kinds of units an address names below the province."""

FORMER_DISTRICT = "former_district"
"""The kind of what stood between province and commune until 1 July 2025."""

_BODY = re.compile(r"^Ủy ban nhân dân\s+")
_LEVEL = re.compile(r"^(?:Ủy ban nhân dân\s+)?(?:tỉnh|thành phố)\s+", re.IGNORECASE)

_REFERENCES = frozenset({FieldKind.DOSSIER, FieldKind.RESULT})


def refer(session: Session, form: Any, on: date) -> None:
    """Give a form what its fields refer to on the legal day; nothing is read for a form without such fields."""
    kinds = set(_kinds(form.specs))
    if FieldKind.UNIT in kinds:
        form.offer_units(communes(session), on)
    if kinds & _REFERENCES:
        form.look_up_with(references(session))


def _kinds(fields: tuple[Field, ...]) -> list[FieldKind]:
    return [each.kind for field in fields for each in (field, *field.fields)]


def communes(session: Session) -> UnitRegister:
    """Return the communes and wards (xã, phường) of the register, those of the past with what followed them.

    A unit is known by its administrative code, else by its identification code, else by its key.
    """
    parent = aliased(UnitRevision)
    rows = session.execute(
        select(UnitRevision, func.coalesce(_code(ADMINISTRATIVE_SYSTEM), _code(DOSSIER_CODE_SYSTEM), Unit.key),
               func.min(parent.name).label("province"))
        .join(Unit, Unit.id == UnitRevision.unit_id)
        .outerjoin(parent, (parent.unit_id == UnitRevision.parent_id) & parent.superseded_at.is_(None))
        .where(UnitRevision.superseded_at.is_(None), UnitRevision.kind.in_((*COMMUNE_KINDS, FORMER_DISTRICT)))
        .group_by(UnitRevision.id, Unit.key)
        .order_by(UnitRevision.since)
    ).all()  # fmt: skip
    codes = {revision.unit_id: code for revision, code, _ in rows}
    latest = {code: (revision, province or "") for revision, code, province in rows}
    followed: dict[int, list[str]] = defaultdict(list)
    for step in session.scalars(select(UnitSuccession).order_by(UnitSuccession.on, UnitSuccession.id)):
        if step.successor_id in codes:
            followed[step.predecessor_id].append(codes[step.successor_id])
    return UnitRegister(
        UnitEntry(
            code, place_of(revision.name), _LEVEL.sub("", province), Period(revision.since, revision.until),
            tuple(followed[revision.unit_id]), is_wider=revision.kind == FORMER_DISTRICT,
        )
        for code, (revision, province) in sorted(latest.items(), key=lambda each: each[1][0].sort_key)
    )  # fmt: skip


def names_of_communes(session: Session, definition: ProcedureDefinition) -> dict[str, Text]:
    """Return the names of communes and wards by code, none for a form that does not ask for any."""
    if FieldKind.UNIT not in _kinds(definition.fields):
        return {}
    return {code: Text(entry.called) for code, entry in communes(session).entries.items()}


def place_of(body: str) -> str:
    """Return the place of a body: `Phường Mỹ Tho` of the people's committee of that ward."""
    place = _BODY.sub("", body)
    return place[:1].upper() + place[1:]


def _code(system: str) -> Any:
    """The code of the unit in a system of codes, the latest on record."""
    return (
        select(UnitCode.code)
        .where(UnitCode.unit_id == UnitRevision.unit_id, UnitCode.system == system, UnitCode.superseded_at.is_(None))
        .order_by(UnitCode.since.desc())
        .limit(1)
        .scalar_subquery()
    )


def references(session: Session) -> LookUp:
    """Return what finds dossiers and results: only those that whoever asks may see, by the database's own rules."""

    def look_up(kind: FieldKind, code: str) -> Text | None:
        query = select(Procedure.name, Dossier.code).join(Dossier, Dossier.procedure_id == Procedure.id)
        if kind is FieldKind.RESULT:
            query = query.join(DossierResult, DossierResult.dossier_id == Dossier.id)
            query = query.where(DossierResult.number == code)
        else:
            query = query.where(Dossier.code == code)
        found = session.execute(query.limit(1)).one_or_none()
        return None if found is None else Text(f"{found[0]} ({found[1]})")

    return look_up

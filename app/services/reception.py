"""What the counter needs before it receives: the units one may act for, the procedures in force, the live outcome."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.clock import legal_day
from app.security.assignment import Duty, Rights
from app.security.verbs import Verb
from app.services.errors import NotAllowedError, UnusableInputError
from app.services.office import UnitOnDay, units_on
from app.storage.dossier import Dossier
from app.storage.folding import folded
from app.storage.procedure import Procedure, ProcedureVersion, ProcedureVersionEnd

SHOWN_AT_MOST = 40
USED_WITHIN = timedelta(days=180)
"""How far back the procedures that a unit uses most are counted."""


@dataclass(frozen=True, slots=True)
class Receivable:
    """A procedure that can be received at this desk today, and how often the unit did so lately."""

    code: str
    name: str
    field_of_work: str
    used: int


@dataclass(frozen=True, slots=True)
class Found:
    """Procedures found for a desk; `more` says that the list was cut."""

    procedures: tuple[Receivable, ...]
    more: bool


def desks(session: Session, rights: Rights, on: date) -> tuple[UnitOnDay, ...]:
    """Return the units in whose name this person may receive today."""
    wanted = {duty.acts_for_unit_id for duty in rights.receiving_units()}
    return tuple(units_on(session, wanted, on)) if wanted else ()


def desk_of(session: Session, rights: Rights, key: str, on: date) -> UnitOnDay:
    """Return the unit a form was opened for, by its key; NotAllowedError where this person may not receive there."""
    if not key:
        raise UnusableInputError("Trang gửi lên không đầy đủ.", todo="Tải lại trang rồi làm lại.")
    found = next((unit for unit in desks(session, rights, on) if unit.key == key), None)
    if found is None:
        raise NotAllowedError(
            "Hôm nay bạn không được phân công tiếp nhận tại đơn vị của mẫu này.",
            todo="Chưa có hồ sơ nào được lập. Vào Tiếp nhận hồ sơ, chọn đơn vị và mở lại thủ tục.",
        )
    return found


def duty_at(rights: Rights, unit: UnitOnDay, procedure: Procedure) -> Duty:
    """Return the duty under which this person receives this procedure for this unit; NotAllowedError without one."""
    for duty in rights.receiving_units():
        if duty.acts_for_unit_id == unit.id and duty.allows(
            Verb.RECEIVE, units=(unit.id,), procedure=procedure.code, field_of_work=procedure.field_of_work or ""
        ):
            return duty
    raise NotAllowedError(
        "Phân công của bạn tại %(unit)s không có việc tiếp nhận thủ tục %(code)s.",
        todo="Chọn thủ tục khác, chọn đơn vị khác, hoặc đề nghị người quản trị phân công cho bạn.",
        unit=unit.name,
        code=procedure.code,
    )


def receivable(session: Session, rights: Rights, unit: UnitOnDay, *, text: str, at: datetime) -> Found:
    """Return the procedures with a version in force that this person may receive for this unit, most used first.

    Every typed word must stand in the code or the name, accents or not.
    """
    on = legal_day(at)
    used = (
        select(Dossier.procedure_id, func.count().label("times"))
        .where(Dossier.receiving_unit_id == unit.id, Dossier.accepted_at > at - USED_WITHIN)
        .group_by(Dossier.procedure_id)
        .subquery()
    )
    query = (
        select(Procedure.code, Procedure.name, Procedure.field_of_work, func.coalesce(used.c.times, 0).label("used"))
        .outerjoin(used, used.c.procedure_id == Procedure.id)
        .where(_in_force(on), _assigned(rights, unit))
        .order_by(func.coalesce(used.c.times, 0).desc(), Procedure.sort_key, Procedure.code)
        .limit(SHOWN_AT_MOST + 1)
    )
    for word in folded(text)[:100].split():
        query = query.where(Procedure.folded.contains(word, autoescape=True))
    rows = session.execute(query).all()
    listed = tuple(Receivable(row.code, row.name, row.field_of_work or "", row.used) for row in rows[:SHOWN_AT_MOST])
    return Found(listed, more=len(rows) > SHOWN_AT_MOST)


def _in_force(on: date) -> Any:
    """Return whether the newest version that has begun was not ended."""
    newest = (
        select(ProcedureVersion.id)
        .where(ProcedureVersion.procedure_id == Procedure.id, ProcedureVersion.since <= on)
        .order_by(ProcedureVersion.since.desc(), ProcedureVersion.number.desc())
        .limit(1)
        .correlate(Procedure)
        .scalar_subquery()
    )
    ended = exists().where(
        ProcedureVersionEnd.version_id == newest,
        ProcedureVersionEnd.withdrawn_at.is_(None),
        ProcedureVersionEnd.until <= on,
    )
    return and_(newest.is_not(None), ~ended)


def _assigned(rights: Rights, unit: UnitOnDay) -> Any:
    return or_(
        *(
            and_(
                Procedure.code.in_(sorted(duty.procedures)) if duty.procedures else Procedure.code.is_not(None),
                Procedure.field_of_work.in_(sorted(duty.fields_of_work))
                if duty.fields_of_work
                else Procedure.code.is_not(None),
            )
            for duty in rights.receiving_units()
            if duty.acts_for_unit_id == unit.id
        )
    )

"""Assignments (phân công): who does what at which unit. Each change is an act: dated, recorded, never an overwrite."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.clock import legal_day, local
from app.security.verbs import Verb
from app.services.errors import NotFoundError, RefusalError, StaleError
from app.services.office import units_on
from app.storage.account import Officer
from app.storage.audit import Note
from app.storage.office import Assignment
from app.storage.unit_of_work import Work
from forms.sentence import Sentence

REACHES = {"unit": "Chỉ đơn vị này", "subtree": "Đơn vị này và các đơn vị trực thuộc"}
NOT_FOR_OTHERS = frozenset({Verb.PROCESS, Verb.APPROVE})
"""What nobody does on another unit's behalf: a postal clerk receives and returns, but does not rule."""


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A duty as it is given: an empty list of fields of work or procedures means all of them.

    It is in force from the day `since` until before the day `until` (None: without an end).
    """

    user_id: int
    unit_id: int
    position: str
    reach: str
    verbs: tuple[Verb, ...]
    since: date
    until: date | None = None
    on_behalf_of_id: int | None = None
    fields_of_work: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()


def as_stand_in(duty: Assignment | None, act: str) -> Sentence | None:
    """Say as whom a person did an act where it was done for another body: `Nhân viên Bưu điện, nhận thay`.

    None where the duty was one's own unit's, or no duty was needed.
    """
    if duty is None or duty.on_behalf_of_id is None:
        return None
    position = Sentence(duty.position)
    match act:
        case "receive":
            return Sentence("%(position)s, nhận thay", position=position)
        case "return_result":
            return Sentence("%(position)s, trả thay", position=position)
        case _:
            return Sentence("%(position)s, làm thay", position=position)


def assign(work: Work, wanted: NewAssignment, *, by: Officer, at: datetime) -> Assignment:
    """Give a person a duty (phân công).

    Raises RefusalError where the days, the units or the verbs do not fit, or the person has this duty already.
    """
    _check(work.session, wanted)
    row = Assignment(
        user_id=wanted.user_id, unit_id=wanted.unit_id, on_behalf_of_id=wanted.on_behalf_of_id,
        position=wanted.position, reach=wanted.reach, verbs=sorted(wanted.verbs),
        fields_of_work=list(wanted.fields_of_work), procedures=list(wanted.procedures),
        since=wanted.since, until=wanted.until, recorded_by=by.id,
    )  # fmt: skip
    work.session.add(row)
    work.flush()
    _note(work, row, "assign", by, at, {})
    work.commit()
    return row


def end(work: Work, assignment_id: UUID, *, last_day: date, reason: str, by: Officer, at: datetime) -> Assignment:
    """Let a duty end after its last day: the open line is superseded by one that has an end.

    Raises NotFoundError for an unknown duty, StaleError where somebody ended it in between, RefusalError for a last
    day before the duty began.
    """
    session = work.session
    old = session.scalars(select(Assignment).where(Assignment.uuid == assignment_id).with_for_update()).one_or_none()
    if old is None:
        raise NotFoundError("Không có phân công này.", todo="Mở lại danh sách phân công.")
    if old.superseded_at is not None:
        raise StaleError(
            "Phân công này đã được thay đổi lúc %(at)s, sau khi bạn mở trang.",
            todo="Mở lại danh sách để xem bản mới.",
            at=f"{local(old.superseded_at):%H:%M %d/%m/%Y}",
        )
    until = date.fromordinal(last_day.toordinal() + 1)
    if until <= old.since:
        raise RefusalError(
            "Ngày làm việc cuối cùng đứng trước ngày bắt đầu phân công.",
            todo="Chọn ngày từ %(day)s trở đi.",
            day=f"{old.since:%d/%m/%Y}",
        )
    if old.until is not None and until >= old.until:
        raise RefusalError(
            "Phân công này đã kết thúc sớm hơn hoặc đúng ngày đó.",
            todo="Chọn ngày trước %(day)s.",
            day=f"{old.until:%d/%m/%Y}",
        )
    old.superseded_at = at
    work.flush()
    new = _ended_copy(old, until, by)
    session.add(new)
    work.flush()
    _note(work, new, "end_assignment", by, at, {"supersedes": str(old.uuid), "reason": reason})
    work.commit()
    return new


def _ended_copy(old: Assignment, until: date, by: Officer) -> Assignment:
    return Assignment(
        user_id=old.user_id, unit_id=old.unit_id, on_behalf_of_id=old.on_behalf_of_id, position=old.position,
        reach=old.reach, verbs=list(old.verbs), fields_of_work=list(old.fields_of_work),
        procedures=list(old.procedures), since=old.since, until=until, recorded_by=by.id,
    )  # fmt: skip


def _check(session: Session, wanted: NewAssignment) -> None:
    """Refuse a duty that could not be what is meant."""
    officer = session.get(Officer, wanted.user_id)
    if officer is None or not officer.active:
        raise RefusalError(
            "Người này không có tài khoản đang hoạt động.", todo="Chọn người khác hoặc mở lại tài khoản."
        )
    if wanted.until is not None and wanted.until <= wanted.since:
        raise RefusalError("Ngày kết thúc đứng trước ngày bắt đầu.", todo="Sửa lại một trong hai ngày.")
    if not wanted.verbs:
        raise RefusalError("Chưa chọn việc nào được giao.", todo="Chọn ít nhất một việc.")
    _check_units(session, wanted)
    if _has_same(session, wanted):
        raise RefusalError(
            "Người này đã có phân công như vậy trong thời gian đó.",
            todo="Kết thúc phân công cũ trước, hoặc chọn thời gian khác.",
        )


def _check_units(session: Session, wanted: NewAssignment) -> None:
    units = {wanted.unit_id} | ({wanted.on_behalf_of_id} if wanted.on_behalf_of_id else set[int]())
    if len(units_on(session, units, wanted.since)) != len(units):
        raise RefusalError(
            "Đơn vị không hoạt động vào ngày %(day)s.",
            todo="Chọn đơn vị đang hoạt động hoặc ngày bắt đầu khác.",
            day=f"{wanted.since:%d/%m/%Y}",
        )
    if wanted.on_behalf_of_id and not NOT_FOR_OTHERS.isdisjoint(wanted.verbs):
        raise RefusalError(
            "Người làm thay cho đơn vị khác chỉ tiếp nhận và trả kết quả, không giải quyết hay phê duyệt.",
            todo="Bỏ chọn Giải quyết và Phê duyệt, hoặc bỏ đơn vị được làm thay.",
        )


def _has_same(session: Session, wanted: NewAssignment) -> bool:
    """Say whether the person has a duty of the same shape whose days overlap."""
    rows = session.scalars(
        select(Assignment).where(
            Assignment.user_id == wanted.user_id,
            Assignment.unit_id == wanted.unit_id,
            Assignment.on_behalf_of_id.is_not_distinct_from(wanted.on_behalf_of_id),
            Assignment.position == wanted.position,
            Assignment.superseded_at.is_(None),
            or_(Assignment.until.is_(None), Assignment.until > wanted.since),
        )
    )
    return any(wanted.until is None or row.since < wanted.until for row in rows)


def _note(work: Work, row: Assignment, act: str, by: Officer, at: datetime, more: dict[str, Any]) -> None:
    detail: dict[str, Any] = {
        "user": row.user_id, "position": row.position, "reach": row.reach, "verbs": list(row.verbs),
        "fields_of_work": list(row.fields_of_work), "procedures": list(row.procedures),
        "since": row.since.isoformat(), "until": None if row.until is None else row.until.isoformat(),
        "on_behalf_of": row.on_behalf_of_id,
    }  # fmt: skip
    work.note(
        Note(
            object_kind="assignment", object_id=str(row.uuid), act=act, at=at, actor_id=by.id,
            actor_name=by.get_full_name(), for_unit_id=row.unit_id, detail=detail | more,
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One line of the list of duties, with names instead of keys. `state`: now, later or over."""

    uuid: UUID
    user_id: int
    user_name: str
    person: str
    unit: str
    on_behalf_of: str
    position: str
    reach: str
    verbs: tuple[Verb, ...]
    fields_of_work: tuple[str, ...]
    procedures: tuple[str, ...]
    since: date
    last_day: date | None
    state: str


def duty_lines(
    session: Session, *, at: datetime, user_id: int | None = None, unit_id: int | None = None
) -> list[DutyLine]:
    """Return the duties that are on record, the newest first, of one person or one unit where asked."""
    query = (
        select(Assignment, Officer)
        .join(Officer, Officer.id == Assignment.user_id)
        .where(Assignment.superseded_at.is_(None))
        .order_by(Assignment.since.desc(), Assignment.id.desc())
    )
    if user_id is not None:
        query = query.where(Assignment.user_id == user_id)
    if unit_id is not None:
        query = query.where(or_(Assignment.unit_id == unit_id, Assignment.on_behalf_of_id == unit_id))
    rows = [(row, officer) for row, officer in session.execute(query)]
    names = _unit_names(session, at)
    return [_line(row, officer, names, legal_day(at)) for row, officer in rows]


def _unit_names(session: Session, at: datetime) -> dict[int, str]:
    return {unit.id: unit.name for unit in units_on(session, None, legal_day(at))}


def _line(row: Assignment, officer: Officer, names: dict[int, str], today: date) -> DutyLine:
    gone = Sentence("(đơn vị đã kết thúc hoạt động)")
    state = "later" if row.since > today else "over" if row.until is not None and row.until <= today else "now"
    return DutyLine(
        uuid=row.uuid, user_id=officer.id, user_name=officer.username, person=officer.get_full_name(),
        unit=names.get(row.unit_id, gone),
        on_behalf_of="" if row.on_behalf_of_id is None else names.get(row.on_behalf_of_id, gone),
        position=row.position, reach=row.reach, verbs=tuple(Verb(verb) for verb in row.verbs),
        fields_of_work=tuple(row.fields_of_work), procedures=tuple(row.procedures), since=row.since,
        last_day=None if row.until is None else date.fromordinal(row.until.toordinal() - 1), state=state,
    )  # fmt: skip


def duty_line(session: Session, assignment_id: UUID, *, at: datetime) -> DutyLine:
    """Return one duty with names; NotFoundError where there is none, or it was changed since."""
    found = session.execute(
        select(Assignment, Officer)
        .join(Officer, Officer.id == Assignment.user_id)
        .where(Assignment.uuid == assignment_id, Assignment.superseded_at.is_(None))
    ).one_or_none()
    if found is None:
        raise NotFoundError(
            "Không có phân công này, hoặc nó đã được thay đổi sau khi bạn mở trang.", todo="Mở lại danh sách phân công."
        )
    row, officer = found
    return _line(row, officer, _unit_names(session, at), legal_day(at))

"""The register of units (cơ quan, đơn vị) as people read it: by level, found without accents, with its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.services.errors import NotFoundError
from app.storage.folding import folded
from app.storage.office import Unit, UnitCode, UnitRevision, UnitSuccession

LEVELS: dict[str, str] = {
    "province": "Cấp tỉnh",
    "department": "Sở, ngành",
    "centre": "Trung tâm Phục vụ hành chính công",
    "ward": "Phường",
    "commune": "Xã",
    "post_office": "Bưu cục",
    "external": "Cơ quan ngoài tỉnh",
    "former_province": "Tỉnh cũ",
    "former_district": "Huyện, thị xã, thành phố cũ",
}
"""The kinds of units in the order of the page, from the province down, the former ones last."""

CODE_SYSTEMS: dict[str, str] = {"dossier_code": "Mã định danh trong mã hồ sơ", "administrative": "Mã đơn vị hành chính"}


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the list: its latest known name, and until when it was in force."""

    uuid: UUID
    name: str
    kind: str
    code: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Succession:
    """One step of succession (kế thừa): the other unit, from which day, and a note."""

    uuid: UUID
    name: str
    on: date
    note: str


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """Everything on record about one unit, the newest first."""

    id: int
    uuid: UUID
    revisions: tuple[UnitRevision, ...]
    parent: UnitLine | None
    codes: tuple[UnitCode, ...]
    came_from: tuple[Succession, ...]
    went_to: tuple[Succession, ...]
    children: tuple[UnitLine, ...]


def unit_lines(session: Session, *, search: str = "") -> list[UnitLine]:
    """Return all units by level and in alphabetical order, or those whose name or code holds the search."""
    code = select(UnitCode.code).where(
        UnitCode.unit_id == UnitRevision.unit_id, UnitCode.system == "dossier_code", UnitCode.superseded_at.is_(None)
    ).order_by(UnitCode.since.desc()).limit(1).scalar_subquery()  # fmt: skip
    query = (
        select(UnitRevision, Unit.uuid, code.label("code"))
        .join(Unit, Unit.id == UnitRevision.unit_id)
        .where(UnitRevision.superseded_at.is_(None))
        .order_by(UnitRevision.sort_key, UnitRevision.since.desc())
    )
    if search.strip():
        wanted = folded(search)
        query = query.where(
            or_(UnitRevision.folded.contains(wanted, autoescape=True), code.icontains(search.strip(), autoescape=True))
        )
    newest: dict[UUID, UnitLine] = {}
    for row, uuid, own_code in session.execute(query):
        newest.setdefault(uuid, UnitLine(uuid, row.name, row.kind, own_code or "", row.until))
    order = list(LEVELS)
    return sorted(newest.values(), key=lambda line: order.index(line.kind) if line.kind in order else len(order))


def by_level(lines: Iterable[UnitLine]) -> list[tuple[str, list[UnitLine]]]:
    """Group the lines under the names of their levels."""
    groups: dict[str, list[UnitLine]] = {}
    for line in lines:
        groups.setdefault(LEVELS.get(line.kind, line.kind), []).append(line)
    return list(groups.items())


def history_of(session: Session, unit_uuid: UUID) -> UnitHistory:
    """Return what is on record about a unit; NotFoundError where there is none."""
    unit = session.scalars(select(Unit).where(Unit.uuid == unit_uuid)).one_or_none()
    if unit is None:
        raise NotFoundError("Không có đơn vị này.", todo="Tìm lại trong danh sách đơn vị.")
    revisions = session.scalars(
        select(UnitRevision)
        .where(UnitRevision.unit_id == unit.id)
        .order_by(UnitRevision.since.desc(), UnitRevision.recorded_at.desc())
    ).all()
    codes = session.scalars(
        select(UnitCode).where(UnitCode.unit_id == unit.id).order_by(UnitCode.system, UnitCode.since.desc())
    ).all()
    parent_id = next((row.parent_id for row in revisions if row.superseded_at is None), None)
    return UnitHistory(
        id=unit.id, uuid=unit.uuid, revisions=tuple(revisions), codes=tuple(codes),
        parent=None if parent_id is None else _line_of(session, parent_id),
        came_from=_succession(session, unit.id, backwards=True),
        went_to=_succession(session, unit.id, backwards=False),
        children=_children(session, unit.id),
    )  # fmt: skip


def _line_of(session: Session, unit_id: int) -> UnitLine | None:
    return next(iter(_lines(session, UnitRevision.unit_id == unit_id)), None)


def _children(session: Session, unit_id: int) -> tuple[UnitLine, ...]:
    return tuple(_lines(session, UnitRevision.parent_id == unit_id))


def _lines(session: Session, condition: object) -> list[UnitLine]:
    rows = session.execute(
        select(UnitRevision, Unit.uuid)
        .join(Unit, Unit.id == UnitRevision.unit_id)
        .where(UnitRevision.superseded_at.is_(None), condition)  # pyright: ignore[reportArgumentType]
        .order_by(UnitRevision.sort_key)
    )
    return [UnitLine(uuid, row.name, row.kind, "", row.until) for row, uuid in rows]


def _succession(session: Session, unit_id: int, *, backwards: bool) -> tuple[Succession, ...]:
    mine, theirs = UnitSuccession.successor_id, UnitSuccession.predecessor_id
    if not backwards:
        mine, theirs = theirs, mine
    other = aliased(UnitRevision)
    rows = session.execute(
        select(Unit.uuid, other.name, UnitSuccession.on, UnitSuccession.note)
        .join(Unit, Unit.id == theirs)
        .join(other, (other.unit_id == theirs) & other.superseded_at.is_(None))
        .where(mine == unit_id)
        .order_by(UnitSuccession.on, other.sort_key)
    )
    return tuple(Succession(uuid, name, on, note or "") for uuid, name, on, note in rows)

"""The desks of a large sample (nơi tiếp nhận mẫu): communes, the centre and the departments, each with officers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.security.roles import BY_KEY
from app.security.verbs import Verb
from app.services.office import UnitOnDay, dossier_code_of, units_on
from app.services.receipt import parent_name, place_of
from app.services.sample_people import mixed, name_of
from app.storage.account import Officer, Role
from app.storage.office import Assignment
from app.storage.unit_of_work import Work
from rules.definition.procedure import ProcedureDefinition

COMMUNES = ("ward", "commune")
AT_PROVINCE = ("centre", "department")
LIKE = "tiepnhan.caolanh"
"""The demo officer whose password the officers of the other desks share."""

_POSTS = (
    ("tiepnhan", "reception", "Công chức tiếp nhận và trả kết quả", ("view", "receive", "return", "collect")),
    ("xuly", "processing", "Công chức chuyên môn", ("view", "process")),
)


@dataclass(frozen=True, slots=True)
class Clerk:
    """An officer at a desk, with the assignment under which they act there."""

    user_id: int
    user_name: str
    full_name: str
    assignment_id: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit that receives dossiers, with what its papers say and its people."""

    unit: UnitOnDay
    series: str
    parent: str
    place: str
    receivers: tuple[Clerk, ...]
    processors: tuple[Clerk, ...]

    @property
    def is_commune(self) -> bool:
        """Whether it is a commune's or a ward's."""
        return self.unit.kind in COMMUNES


def desks_of(session: Session, on: date) -> tuple[Desk, ...]:
    """Return the desks whose officers both receive and process."""
    units = [unit for unit in units_on(session, None, on) if unit.kind in COMMUNES + AT_PROVINCE]
    found = (
        Desk(
            unit, dossier_code_of(session, unit.id, on), parent_name(session, unit, on), place_of(unit),
            _clerks(session, unit, Verb.RECEIVE, on), _clerks(session, unit, Verb.PROCESS, on),
        )
        for unit in sorted(units, key=lambda unit: unit.id)
    )  # fmt: skip
    return tuple(desk for desk in found if desk.receivers and desk.processors)


def staff(work: Work, on: date) -> int:
    """Give every desk the officers that it lacks, with invented names and the password of the demo accounts."""
    model = work.session.scalars(select(Officer).where(Officer.username == LIKE)).one()
    roles = {row.name: row for row in work.session.scalars(select(Role))}
    made = 0
    for unit in units_on(work.session, None, on):
        if unit.kind not in COMMUNES + AT_PROVINCE:
            continue
        for prefix, role, position, verbs in _POSTS:
            if not _clerks(work.session, unit, Verb(verbs[1]), on):
                officer = _officer(f"{prefix}.{unit.key}", roles[BY_KEY[role].name], model)
                work.session.add(officer)
                work.flush()
                work.session.add(_assignment(officer, unit, position, verbs))
                made += 1
    return made


def _officer(user_name: str, role: Role, model: Officer) -> Officer:
    bits = mixed(sum(ord(letter) << place % 48 for place, letter in enumerate(user_name)))
    full_name = name_of(bits, is_female=bool(bits >> 50 & 1))
    family, _, given = full_name.rpartition(" ")
    return Officer(
        username=user_name, full_name=full_name, first_name=family, last_name=given,
        email=f"{user_name}@example.invalid", password=model.password, active=True, roles=[role],
    )  # fmt: skip


def _assignment(officer: Officer, unit: UnitOnDay, position: str, verbs: Iterable[str]) -> Assignment:
    return Assignment(
        user_id=officer.id, unit_id=unit.id, on_behalf_of_id=None, position=position, reach="unit",
        verbs=[*verbs, Verb.OPEN_PERSONAL_DATA], fields_of_work=[], procedures=[], since=date(2025, 7, 1), until=None,
    )  # fmt: skip


def _clerks(session: Session, unit: UnitOnDay, verb: Verb, on: date) -> tuple[Clerk, ...]:
    """Return who does this at the unit in its own name and for every field of work."""
    rows = session.execute(
        select(Officer.id, Officer.username, Officer.full_name, Assignment)
        .join(Assignment, Assignment.user_id == Officer.id)
        .where(
            Assignment.unit_id == unit.id, Assignment.on_behalf_of_id.is_(None), Assignment.superseded_at.is_(None),
            Assignment.since <= on, or_(Assignment.until.is_(None), Assignment.until > on),
        )
        .order_by(Assignment.id)
    )  # fmt: skip
    return tuple(
        Clerk(user_id, user_name, full_name, duty.id)
        for user_id, user_name, full_name, duty in rows
        if verb in duty.verbs and not duty.fields_of_work
    )


def desks_for(definition: ProcedureDefinition, desks: Sequence[Desk]) -> tuple[Desk, ...]:
    """Return the desks at which dossiers of a procedure are received: the body it names decides at which level."""
    body = definition.statutory.body
    is_commune = body is not None and "cấp xã" in body.vi
    return tuple(desk for desk in desks if desk.is_commune == is_commune) or tuple(desks)


def chosen(desks: Sequence[Desk], count: int, chance: Random) -> list[Desk]:
    """Return so many desks by chance, each as often as any other."""
    return chance.choices(desks, k=count)

"""From assignments to rights: what a person may do, and which units' dossiers they see, on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.security.verbs import Verb
from app.storage.office import Assignment, UnitRevision


@dataclass(frozen=True, slots=True)
class Duty:
    """One assignment in force, with the units it reaches (itself, or its whole branch)."""

    assignment_id: int
    unit_id: int
    on_behalf_of_id: int | None
    position: str
    units: frozenset[int]
    verbs: frozenset[Verb]
    fields_of_work: frozenset[str]
    procedures: frozenset[str]

    @property
    def acts_for_unit_id(self) -> int:
        """The unit in whose name the person acts: a postal clerk acts for the unit that delegated."""
        return self.on_behalf_of_id or self.unit_id

    def allows(self, verb: Verb, *, units: Iterable[int], procedure: str, field_of_work: str) -> bool:
        """Say whether this duty covers doing that to a dossier of any of these units and this procedure."""
        return (
            verb in self.verbs
            and not self.units.isdisjoint(units)
            and (not self.procedures or procedure in self.procedures)
            and (not self.fields_of_work or field_of_work in self.fields_of_work)
        )


@dataclass(frozen=True, slots=True)
class Rights:
    """Everything one person may do on one day."""

    user_id: int
    duties: tuple[Duty, ...]

    @property
    def scope(self) -> frozenset[int]:
        """The units whose dossiers this person may see; row-level security is told the same set."""
        return frozenset(unit for duty in self.duties if Verb.VIEW in duty.verbs for unit in duty.units)

    def duty_for(self, verb: Verb, *, units: Iterable[int], procedure: str, field_of_work: str) -> Duty | None:
        """Return the duty under which this person may do that, or None."""
        among = tuple(units)
        return next(
            (d for d in self.duties if d.allows(verb, units=among, procedure=procedure, field_of_work=field_of_work)),
            None,
        )

    def may(self, verb: Verb) -> bool:
        """Say whether any duty names this verb."""
        return any(verb in duty.verbs for duty in self.duties)

    def receiving_units(self) -> tuple[Duty, ...]:
        """Return the duties under which this person may receive dossiers."""
        return tuple(duty for duty in self.duties if Verb.RECEIVE in duty.verbs)


def rights_of(session: Session, user_id: int, on: date) -> Rights:
    """Read a person's duties in force on this day."""
    rows = session.scalars(
        select(Assignment).where(
            Assignment.user_id == user_id,
            Assignment.superseded_at.is_(None),
            Assignment.since <= on,
            or_(Assignment.until.is_(None), Assignment.until > on),
        )
    ).all()
    children = _children(session, on) if any(row.reach == "subtree" for row in rows) else {}
    return Rights(user_id, tuple(_duty(row, children) for row in rows))


def _duty(row: Assignment, children: dict[int, list[int]]) -> Duty:
    acts_for = row.on_behalf_of_id or row.unit_id
    return Duty(
        assignment_id=row.id,
        unit_id=row.unit_id,
        on_behalf_of_id=row.on_behalf_of_id,
        position=row.position,
        units=_branch(acts_for, children) if row.reach == "subtree" else frozenset({acts_for}),
        verbs=frozenset(Verb(verb) for verb in row.verbs),
        fields_of_work=frozenset(row.fields_of_work),
        procedures=frozenset(row.procedures),
    )


def _children(session: Session, on: date) -> dict[int, list[int]]:
    """Return the tree of units in force on this day."""
    found: dict[int, list[int]] = {}
    pairs = session.execute(
        select(UnitRevision.parent_id, UnitRevision.unit_id).where(
            UnitRevision.superseded_at.is_(None),
            UnitRevision.parent_id.is_not(None),
            UnitRevision.since <= on,
            or_(UnitRevision.until.is_(None), UnitRevision.until > on),
        )
    )
    for parent_id, unit_id in pairs:
        assert parent_id is not None, "the query asks for units with a parent"
        found.setdefault(parent_id, []).append(unit_id)
    return found


def _branch(root: int, children: dict[int, list[int]]) -> frozenset[int]:
    """Return a unit and all units under it."""
    found, open_units = {root}, [root]
    while open_units:
        for unit in children.get(open_units.pop(), ()):
            if unit not in found:
                found.add(unit)
                open_units.append(unit)
    return frozenset(found)

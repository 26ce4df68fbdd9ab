"""The walls of the database hold for the application role, whatever the code above does."""

import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.extensions import db
from app.storage import audit
from app.storage.audit import AuditEntry, Note
from app.storage.dossier import Dossier, next_number
from app.storage.folding import folded, sort_key
from app.storage.identity import NOBODY, Identity
from app.storage.office import Unit, UnitRevision

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def unit(key: str) -> int:
    return db.session.scalars(select(Unit.id).where(Unit.key == key)).one()


def test_the_application_role_is_no_owner_and_no_superuser(database):
    row = db.session.execute(
        text("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    ).one()
    owned = db.session.scalar(text("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"))
    assert (tuple(row), owned) == ((False, False, False), 0)


def test_a_line_of_the_record_can_be_neither_changed_nor_deleted(database):
    audit.append(db.session, Note("test", "1", "try", AT))
    db.session.commit()
    for statement in ("UPDATE audit_entry SET act = 'other'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with pytest.raises(DBAPIError, match="permission denied"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_a_dated_register_line_may_only_be_superseded_once(database):
    line = db.session.scalars(select(UnitRevision).limit(1)).one()
    with pytest.raises(ProgrammingError, match="permission denied"):
        db.session.execute(text("UPDATE unit_revision SET name = 'x' WHERE id = :id"), {"id": line.id})
    db.session.rollback()
    supersede = text("UPDATE unit_revision SET superseded_at = now() WHERE id = :id")
    db.session.execute(supersede, {"id": line.id})
    with pytest.raises(DBAPIError, match="only be superseded, once"):
        db.session.execute(supersede, {"id": line.id})
    db.session.rollback()


def test_a_chain_of_the_record_shows_where_it_was_broken(services, settings, database):
    for act in ("one", "two", "three"):
        audit.append(db.session, Note("test", "7", act, AT))
        db.session.flush()
    db.session.commit()
    assert audit.first_broken(db.session, "test", "7") is None
    with services.postgres.connected("motcua_run") as owner:
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        owner.execute("UPDATE audit_entry SET act = 'forged' WHERE object_id = '7' AND sequence = 2")
    assert audit.first_broken(db.session, "test", "7") == 2
    assert db.session.scalar(select(AuditEntry.act).where(AuditEntry.sequence == 2)) == "forged"


def test_numbers_have_no_gap_after_a_rollback(database):
    day = date(2026, 11, 20)
    first = next_number(db.session, "H20.06.01", day)
    db.session.commit()
    next_number(db.session, "H20.06.01", day)
    db.session.rollback()
    assert (first, next_number(db.session, "H20.06.01", day)) == (1, 2)
    assert next_number(db.session, "H20.06.01", date(2026, 11, 21)) == 1


def test_nobody_sees_a_dossier_outside_the_scope_the_database_was_told(database, in_name_of):
    assert db.session.scalar(text("SELECT relrowsecurity FROM pg_class WHERE relname = 'dossier'"))
    in_name_of(Identity(1, "x", frozenset({unit("phuong-cao-lanh")})))
    db.session.rollback()
    assert db.session.scalar(text("SELECT units_in_scope()")) == [unit("phuong-cao-lanh")]
    in_name_of(NOBODY)
    db.session.rollback()
    assert db.session.scalar(text("SELECT units_in_scope()")) == []
    assert db.session.scalars(select(Dossier).where(Dossier.uuid == uuid.uuid4())).all() == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Đăng ký khai sinh", "dang ky khai sinh"), ("HOÀ  Bình", "hoa binh"), ("Ủy ban", "uy ban"), ("ước", "uoc")],
)
def test_people_search_without_accents(typed, found):
    assert folded(typed) == found


def test_names_sort_by_the_vietnamese_alphabet():
    names = ["Êm", "Ba", "An", "Đà Nẵng", "Ánh", "Âu", "Ăn", "Dương", "Bắc", "Em", "Bà"]
    assert sorted(names, key=sort_key) == ["An", "Ánh", "Ăn", "Âu", "Ba", "Bà", "Bắc", "Dương", "Đà Nẵng", "Em", "Êm"]

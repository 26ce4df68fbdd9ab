from tests.desk import *
from app.storage import identity
from app.storage.identity import current_identity
from sqlalchemy import text, event
from sqlalchemy.orm import Session
def test_a(database):
    @event.listens_for(Session, "after_begin")
    def x(s, t, c): print("BEGIN", id(s), t.nested, current_identity().user_name)
    officer = db.session.scalars(select(Officer).where(Officer.username == RECEIVER)).one()
    rights = rights_of(db.session(), officer.id, legal_day(AT))
    print("in", db.session().in_transaction(), id(db.session()))
    db.session.rollback()
    print("in", db.session().in_transaction())
    token = act_as(Identity(officer.id, officer.username, rights.scope))
    print("in", db.session().in_transaction())
    print(db.session.execute(text("select current_setting('app.unit_scope', true), units_in_scope()")).all())

"""A reader of English meets a procedure under its English title wherever it is named; others under the Vietnamese."""

import pytest
from flask import g
from flask_babel import force_locale
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app.extensions import db
from app.services.titles import titles
from app.storage.procedure import Procedure
from app.web.titles import read_titles, titled
from tests.province_at_work import let_go, put_to_work, seen_by

BIRTH, COPIES = "1.001193", "2.000815"


@pytest.fixture(scope="module")
def at_work(application, services):
    put_to_work(application, services)
    yield application
    let_go(application)


@pytest.fixture
def statements():
    seen = []

    def see(connection, cursor, statement, *_):
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)


def test_titles_come_from_the_definition_published_last(at_work):
    with seen_by(at_work, "kiemtra"):
        found = titles(db.session(), [BIRTH, COPIES, "9.999999"])
        names = dict(db.session.execute(select(Procedure.code, Procedure.name)).all())
    assert set(found) == {BIRTH, COPIES}
    assert (found[BIRTH].name.vi, found[BIRTH].name.en) == (names[BIRTH], "Birth registration")
    assert found[BIRTH].field_of_work.en == "Civil status"


def test_a_page_of_several_procedures_asks_once_and_a_vietnamese_page_never(at_work, statements):
    with at_work.test_request_context(), force_locale("en"):
        read_titles([BIRTH, COPIES, BIRTH])
        asked = len([one for one in statements if "procedure_version" in one])
        shown = [
            titled("Đăng ký khai sinh", BIRTH),
            titled("Hộ tịch", BIRTH, "field_of_work"),
            titled("Tên", "9.999999"),
        ]
        assert [text.english for text in shown] == ["Birth registration", "Civil status", "Tên"]
        assert asked == 1
        assert "procedure_titles" in g
    statements.clear()
    with at_work.test_request_context(), force_locale("vi"):
        assert titled("Đăng ký khai sinh", BIRTH).en == ""
    assert statements == []

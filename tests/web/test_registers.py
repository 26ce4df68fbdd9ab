"""Registers keep their rows: threads do not mix, nobody overwrites unseen, and what is hidden cannot be acted upon."""

import html
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import g
from flask_appbuilder.actions import action
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import func, select, update
from werkzeug.exceptions import NotFound

from app.extensions import appbuilder, db
from app.security.roles import ROLES
from app.storage import audit
from app.storage.account import Officer
from app.storage.audit import AuditEntry, Note
from app.storage.folding import folded, sort_key
from app.storage.office import FieldOfWork
from app.web.admin.accounts import WORDS, WORDS_HERE
from app.web.admin.fields_of_work import FieldOfWorkView
from app.web.registers import RegisterView

ACTED_ON: list[str] = []


class ProbeView(RegisterView):
    """A register that hides everybody but one person and has an action."""

    datamodel = SQLAInterface(Officer)
    base_filters = (("username", FilterEqual, "quantri"),)
    exclude_route_methods = frozenset({"download"})
    search_columns = ("username",)
    list_columns = ("username",)
    show_columns = ("username",)
    add_columns = ("username",)
    edit_columns = ("username",)

    @action("stamp", "Đóng dấu", multiple=True)
    def stamp(self, rows):
        ACTED_ON.extend(row.username for row in (rows if isinstance(rows, list) else [rows]))
        return "stamped"


@pytest.fixture
def probe(app):
    """The probe, ready but without routes: its ways to a row are called as FAB calls them."""
    with app.app_context():
        view = ProbeView()
        view.appbuilder, view.endpoint = appbuilder, "ProbeView"
        ACTED_ON.clear()
        yield view


@pytest.fixture
def may_stamp():
    return frozenset({("ProbeView", f"can_{name}") for name in ("show", "edit", "delete")} | {("ProbeView", "stamp")})


def user_id(name: str) -> int:
    return db.session.scalars(select(Officer.id).where(Officer.username == name)).one()


def version_in(page: str) -> str:
    return re.search(r'name="lock_version" value="(\d+)"', page)[1]


def field_id(name: str) -> int:
    return db.session.scalars(select(FieldOfWork.id).where(FieldOfWork.name == name)).one()


@pytest.fixture
def crafts(app):
    """A field of work that the tests may rename; returns its key."""
    with app.app_context():
        db.session.add(FieldOfWork(name="Làng nghề", folded=folded("Làng nghề"), sort_key=sort_key("Làng nghề")))
        db.session.commit()
        yield field_id("Làng nghề")


def test_four_threads_with_different_filters_never_see_each_others_rows(app, login):
    wanted = ("caolanh", "thapmuoi", "trungtam", "quantri")
    browsers = {text: login("quantri") for text in wanted}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def look(text: str) -> list[str]:
        answers = (browsers[text].get(f"/users/list/?username={text}").get_data(as_text=True) for _ in range(12))
        cells = (re.findall(r'data-label="Tên đăng nhập"[^>]*><span>([^<]+)<', page) for page in answers)
        return [name for found in cells for name in found]

    try:
        with ThreadPoolExecutor(len(wanted)) as pool:
            seen = dict(zip(wanted, pool.map(look, wanted), strict=True))
    finally:
        sys.setswitchinterval(before)
    for text, names in seen.items():
        assert names
        assert all(text in name for name in names)


def test_a_search_without_accents_finds_names_with_them(login):
    page = login("quantri").get("/users/list/?full_name=thi bich ngan").get_data(as_text=True)
    assert "Phạm Thị Bích Ngân" in page
    assert "Võ Minh Tâm" not in page


def test_unreadable_filters_sorting_and_pages_show_a_list_and_no_error(login):
    answer = login("quantri").get("/users/list/?roles=x&active=maybe&sort=password&page=-3")
    assert answer.status_code == 200
    assert login("quantri").get("/users/list/?page=abc&full_name=%25_'").status_code == 200


def test_the_second_to_save_is_told_and_keeps_what_they_typed(login, crafts):
    first, second = login("danhmuc"), login("danhmuc")
    path = f"/fields-of-work/edit/{crafts}"
    seen_by_first = version_in(first.get(path).get_data(as_text=True))
    seen_by_second = version_in(second.get(path).get_data(as_text=True))
    assert first.post(path, data={"name": "Nghề truyền thống", "lock_version": seen_by_first}).status_code == 302

    answer = second.post(path, data={"name": "Nghề thủ công", "lock_version": seen_by_second})
    page = answer.get_data(as_text=True)

    assert answer.status_code == 409
    assert re.search(r"Chính bạn đã lưu dòng này lúc \d\d:\d\d \d\d/\d\d/\d{4} ở một trang khác", page)
    assert 'value="Nghề thủ công"' in page
    assert "Nghề truyền thống" in page
    db.session.expire_all()
    assert db.session.get(FieldOfWork, crafts).name == "Nghề truyền thống"

    assert second.post(path, data={"name": "Nghề thủ công", "lock_version": version_in(page)}).status_code == 302
    db.session.expire_all()
    assert db.session.get(FieldOfWork, crafts).name == "Nghề thủ công"


def test_a_form_without_its_lock_version_saves_nothing(login, crafts):
    answer = login("danhmuc").post(f"/fields-of-work/edit/{crafts}", data={"name": "Khác"})
    assert answer.status_code == 409
    db.session.expire_all()
    assert db.session.get(FieldOfWork, crafts).name == "Làng nghề"


def test_a_double_is_refused_in_words_of_people_not_of_the_database(login, crafts):
    answer = login("danhmuc").post("/fields-of-work/add", data={"name": "  Làng   nghề "})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Có lỗi cần sửa" in page
    assert page.partition("<title>")[2].startswith("Lỗi:")
    for internal in ("psycopg", "IntegrityError", "duplicate key", "field_of_work_name_key"):
        assert internal not in page
    assert db.session.scalar(select(func.count()).where(FieldOfWork.name == "Làng nghề")) == 1


def test_every_change_of_a_register_is_on_record_with_who_and_what(login, crafts):
    browser = login("danhmuc")
    path = f"/fields-of-work/edit/{crafts}"
    browser.post(path, data={"name": "Nghề mới", "lock_version": version_in(browser.get(path).get_data(as_text=True))})
    line = db.session.scalars(
        select(AuditEntry).where(AuditEntry.object_kind == "field_of_work", AuditEntry.object_id == str(crafts))
    ).one()
    assert (line.act, line.actor_name, line.detail["name"]) == ("edit", "Trần Thị Ngọc Diễm", ["Làng nghề", "Nghề mới"])


@pytest.mark.parametrize("way", ["action", "action_post", "show", "edit", "delete"])
def test_no_way_leads_to_a_row_that_the_base_filters_hide(app, probe, may_stamp, way):
    hidden, seen = user_id("danhmuc"), user_id("quantri")
    form = {"action": "stamp", "rowid": [str(seen), str(hidden)]}
    with app.test_request_context("/probe", method="POST", data=form):
        g.opened_pages = may_stamp
        arguments = {"action": ("stamp", str(hidden)), "action_post": ()}.get(way, (str(hidden),))
        with pytest.raises(NotFound):
            getattr(probe, way)(*arguments)
    assert ACTED_ON == []
    assert db.session.get(Officer, hidden) is not None


def test_an_action_reaches_the_rows_that_are_seen_when_the_role_opens_it(app, probe, may_stamp):
    with app.test_request_context("/probe", method="POST", data={"action": "stamp", "rowid": str(user_id("quantri"))}):
        g.opened_pages = may_stamp
        assert probe.action_post() == "stamped"
    assert ACTED_ON == ["quantri"]


def test_a_register_that_does_not_say_what_can_be_looked_for_does_not_start(app):
    class Careless(RegisterView):
        datamodel = SQLAInterface(FieldOfWork)

    with app.app_context(), pytest.raises(TypeError, match="search_columns"):
        Careless()


def test_registers_delete_nothing_unless_they_say_so(login, crafts):
    assert login("danhmuc").post(f"/fields-of-work/delete/{crafts}").status_code == 404
    assert db.session.get(FieldOfWork, crafts) is not None


def test_the_second_to_save_is_told_who_saved_first_and_when(login, crafts):
    browser = login("danhmuc")
    path = f"/fields-of-work/edit/{crafts}"
    stale = {"name": "Nghề thủ công", "lock_version": "0"}
    untold = browser.post(path, data=stale).get_data(as_text=True)
    assert "Dòng này đã được lưu ở một trang khác sau khi bạn mở trang" in untold
    at = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
    audit.append(db.session(), Note("field_of_work", str(crafts), "edit", at, user_id("pheduyet"), "Võ Minh Tâm"))
    db.session.commit()
    told = browser.post(path, data=stale).get_data(as_text=True)
    assert "Võ Minh Tâm đã lưu dòng này lúc 10:05 20/11/2026, sau khi bạn mở trang" in told


def test_a_form_that_must_be_mended_keeps_the_version_it_was_opened_with(login, crafts, monkeypatch):
    browser = login("danhmuc")
    path = f"/fields-of-work/edit/{crafts}"
    seen = version_in(browser.get(path).get_data(as_text=True))
    fill = FieldOfWorkView.fill

    def filled_while_another_saves(view, form, item):
        fill(view, form, item)
        with db.engine.begin() as other:
            other.execute(update(FieldOfWork).where(FieldOfWork.id == crafts).values(name="Nhanh", lock_version=99))

    monkeypatch.setattr(FieldOfWorkView, "fill", filled_while_another_saves)
    monkeypatch.setattr(FieldOfWorkView, "_save", lambda view, item, act, form: db.session.rollback())
    page = browser.post(path, data={"name": "Nghề thủ công", "lock_version": seen}).get_data(as_text=True)
    assert version_in(page) == seen
    blank = browser.post(path, data={"name": "", "lock_version": "99"})
    assert blank.status_code == 422
    assert version_in(blank.get_data(as_text=True)) == "99"


def test_two_who_save_at_the_same_moment_are_told_and_keep_what_they_typed(login, crafts, monkeypatch):
    browser = login("danhmuc")
    path = f"/fields-of-work/edit/{crafts}"
    seen = version_in(browser.get(path).get_data(as_text=True))
    look = FieldOfWorkView._overtaken

    def overtaken_after_the_look(view, item):
        found = look(view, item)
        with db.engine.begin() as other:
            other.execute(update(FieldOfWork).where(FieldOfWork.id == crafts).values(name="Nhanh", lock_version=99))
        return found

    monkeypatch.setattr(FieldOfWorkView, "_overtaken", overtaken_after_the_look)
    answer = browser.post(path, data={"name": "Nghề thủ công", "lock_version": seen})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert 'value="Nghề thủ công"' in page
    assert "Nhanh" in page


def test_the_page_of_roles_says_everything_that_a_role_may_do(login):
    page = login("quantri").get("/roles/").text
    told = {
        html.unescape(name): html.unescape(re.sub(r"<[^>]+>", " ", body))
        for name, body in re.findall(r'<h2 id="role-[a-z_]+">([^<]+)</h2>(.*?)</section>', page, re.DOTALL)
    }
    for word in ("tải dự thảo lên, bỏ dự thảo", "công bố và bãi bỏ phiên bản", "thử dự thảo"):
        assert word in told["Quản trị danh mục"]
    assert "công bố và bãi bỏ phiên bản" in told["Phê duyệt công bố"]
    for role in ROLES:
        for view, permission in role.opens:
            if permission == "menu_access" or view in ("AccountView", "HomeView"):
                continue
            word = WORDS_HERE.get((view, permission)) or WORDS[permission]
            assert str(word) in told[role.name], (role.name, view, permission)

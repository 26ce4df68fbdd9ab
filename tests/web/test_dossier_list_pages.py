"""The generated list as people use it: chips, finder, kept filters, acts on several, print and export."""

import csv
import html
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, select

from app.extensions import db
from app.services import dossier_export
from app.storage.audit import AuditEntry
from tests.desk import LEADER, PROCESSOR, RECEIVER
from tests.listed import GARDEN, KEEPER, filled, gardens, planted

LIST = f"/procedures/{GARDEN}/dossiers/"
HOSTILE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "<script>alert(1)</script>", "../../x")


@pytest.fixture
def garden(app):
    with app.app_context():
        gardens()
        for number, title in enumerate(("Đăng ký vườn sen", "Dang ky ao ca", *HOSTILE)):
            planted(title, kind="fish" if number == 1 else "lotus", area=95 + number, fee=-1 if number == 9 else 5_000)
        filled()
        db.session.remove()
    return app


def words(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def titles(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'<td data-label="Tên vườn"><span>(.*?)</span>', page)]


def test_the_list_is_there_with_chips_for_short_lists_and_one_click_narrows_it(garden, login):
    browser = login(RECEIVER)
    page = browser.get(LIST).text
    assert len(titles(page)) == 8
    assert "8 hồ sơ" in words(page)
    assert "<script>alert" not in page
    chip = re.search(r'href="([^"]+)">Ao cá<', page)[1]
    narrowed = browser.get(html.unescape(chip)).text
    assert titles(narrowed) == ["Dang ky ao ca"]
    assert 'aria-current="true">Ao cá<' in narrowed


def test_the_finder_leads_to_an_address_and_keeps_what_it_could_not_read(garden, login):
    browser = login(RECEIVER)
    sent = browser.post(f"{LIST}find", data={"q": "dang ky", "f.area.from": "9,6"}, follow_redirects=True)
    assert sent.request.args.to_dict() == {"q": "dang ky", "f.area.from": "9,6"}
    assert titles(sent.text) == ["Dang ky ao ca"]
    wrong = browser.post(f"{LIST}find", data={"f.planted.from": "31/02/2026", "f.kind": "lotus"})
    assert (wrong.status_code, 'value="31/02/2026"' in wrong.text) == (422, True)
    assert 'href="#find-f.planted.from"' in wrong.text


def test_an_identity_number_is_found_whole_and_stands_in_no_link(garden, login):
    browser = login(RECEIVER)
    found = browser.post(f"{LIST}find", data={"q": KEEPER})
    assert (found.status_code, len(titles(found.text)), KEEPER in found.text) == (200, 8, False)
    assert titles(browser.post(f"{LIST}find", data={"q": "087190009999"}).text) == []
    assert KEEPER not in browser.get(LIST, query_string={"q": KEEPER, "f.title": KEEPER}).text


def test_a_list_takes_at_most_eight_statements(garden, login):
    for user_name in (RECEIVER, LEADER):
        browser = login(user_name)
        browser.get(LIST)
        statements: list[str] = []

        def listen(*args: object, seen: list[str] = statements) -> None:
            seen.append(str(args[2]))

        with garden.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            assert browser.get(f"{LIST}?f.kind=lotus&f.area.from=1").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        assert len(statements) <= 8, "\n".join(statements)


def test_four_threads_with_different_filters_never_mix(garden, login):
    browsers = [login(RECEIVER) for _ in range(4)]
    asked = [
        ("f.kind=fish", ["Dang ky ao ca"]),
        ("q=%3Dcmd", [HOSTILE[0]]),
        ("q=..%2F", [HOSTILE[5]]),
        ("q=sen", ["Đăng ký vườn sen"]),
    ]

    def ask(number: int) -> bool:
        query, expected = asked[number]
        return all(titles(browsers[number].get(f"{LIST}?{query}").text) == expected for _ in range(5))

    with ThreadPoolExecutor(4) as workers:
        assert list(workers.map(ask, range(4))) == [True] * 4


def test_a_filter_is_kept_under_a_name_saved_over_once_and_dropped(garden, login):
    browser = login(RECEIVER)
    kept = browser.post(f"{LIST}filters?f.kind=fish", data={"name": "Ao <b>"}, follow_redirects=True)
    assert "Ao &lt;b&gt;" in kept.text
    saved = {name: re.search(f'name="{name}" value="([^"]+)"', kept.text)[1] for name in ("saved", "lock_version")}
    assert browser.post(f"{LIST}filters?f.kind=fish", data={"name": "Ao <b>"}).status_code == 422
    over = browser.post(f"{LIST}filters?f.kind=lotus", data={**saved, "name": "Sen"}, follow_redirects=True)
    assert len(titles(over.text)) == 7
    assert browser.post(f"{LIST}filters?f.kind=fish", data={**saved, "name": "Cũ"}).status_code == 409
    assert "Sen" not in words(login(PROCESSOR).get(LIST).text).split("Lọc theo nội dung")[0].split("để in")[1]
    saved["lock_version"] = re.search('name="lock_version" value="([^"]+)"', over.text)[1]
    assert "Đã bỏ bộ lọc" in browser.post(f"{LIST}filters", data={**saved, "drop": "true"}, follow_redirects=True).text


def test_several_are_taken_over_and_each_that_cannot_be_says_why(garden, login):
    browser = login(PROCESSOR)
    ticked = re.findall(r'name="dossier" value="([^"]+)"', browser.get(LIST).text)
    done = browser.post(f"{LIST}several", data={"act": "take_over", "dossier": ticked[:2]}, follow_redirects=True)
    assert "Xong 2 hồ sơ" in words(done.text)
    stale = browser.post(f"{LIST}several", data={"act": "return_result", "dossier": ticked[1:3]})
    assert (stale.status_code, words(stale.text).count("Chưa xong")) == (409, 2)
    nobody = login(RECEIVER).post(f"{LIST}several", data={"act": "take_over", "dossier": ticked[3:4]})
    assert "Phân công của bạn không có việc này" in words(nobody.text)
    assert browser.post(f"{LIST}several", data={"act": "take_over"}).status_code == 422


def test_a_workbook_holds_what_is_seen_and_no_text_becomes_a_formula(garden, login):
    browser = login(LEADER)
    columns = "col=f.title&col=f.fee&col=f.area&col=received&col=f.keeper&sort=received"
    answer = browser.post(f"{LIST}export?{columns}", data={"kind": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads == ["Mã hồ sơ", "Ngày nhận", "Tên vườn", "Diện tích", "Tiền giống", "Số định danh người giữ"]
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[2].value for row in rows][2:] == list(HOSTILE)
    assert {cell.data_type for row in rows for cell in row} == {"s", "n", "d"}
    first = rows[0]
    assert (first[3].value, first[3].number_format, first[4].value, first[4].number_format) == (
        9.5, "#,##0.0", 5000, '#,##0 "đ"',
    )  # fmt: skip
    assert (first[5].value, first[5].data_type, first[1].number_format) == ("•••••••••234", "s", "dd/mm/yyyy hh:mm")
    with garden.app_context():
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "dossier_export")).one()
        assert (noted.detail["rows"], noted.detail["kind"]) == (8, "xlsx")


def test_a_csv_is_marked_as_utf8_and_disarmed(garden, login):
    answer = login(LEADER).post(f"{LIST}export?col=f.title&sort=received", data={"kind": "csv"})
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[1] for row in rows[3:7]] == [f"'{each}" for each in HOSTILE[:4]]
    assert rows[7][1] == HOSTILE[4]


def test_who_may_not_export_is_refused_and_a_long_list_is_written_by_a_job(garden, login, monkeypatch):
    assert login(RECEIVER).post(f"{LIST}export", data={"kind": "csv"}).status_code == 403
    monkeypatch.setattr("app.services.dossier_list.COUNTED_AT_MOST", 3)
    monkeypatch.setattr(dossier_export, "BATCH", 3)
    browser = login(LEADER)
    waiting = browser.post(f"{LIST}export?f.kind=lotus", data={"kind": "csv"}, follow_redirects=True)
    assert "Đang ghi tệp" in waiting.text
    assert browser.get(f"{waiting.request.path}/file").status_code == 302
    with garden.app_context():
        filled()
    assert "Đã ghi 7 hồ sơ" in words(browser.get(waiting.request.path).text)
    file = browser.get(f"{waiting.request.path}/file").data.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(file)))) == 8
    assert login("lanhdao.tinh").get(waiting.request.path).status_code == 302


def test_the_printed_list_is_plain_and_says_when_there_is_more(garden, login, monkeypatch):
    monkeypatch.setattr("app.web.officer.dossier_list.MOST_PRINTED", 3)
    page = login(RECEIVER).get(f"{LIST}print?f.kind=lotus").text
    assert len(titles(page)) == 3
    assert "chỉ in 3 hồ sơ đầu" in words(page)


def test_another_procedure_or_none_is_told_in_words(garden, login):
    answer = login(RECEIVER).get("/procedures/9.999999/dossiers/")
    assert (answer.status_code, "chưa có phiên bản nào" in words(answer.text)) == (404, True)


def test_the_list_speaks_english_whole(garden, login):
    browser = login(RECEIVER)
    browser.get("/lang/en")
    page = words(browser.get(LIST).text)
    for said in ("Registration of a garden", "Dossier code", "Received", "Name of the garden", "8 dossiers"):
        assert said in page

"""The catalogue import on screen: upload, watch, preview, accept, and find the procedures by typing."""

import html
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import event, select, update

from app.extensions import db
from app.importers.columns import HEADERS, one_line, several_lines
from app.importers.excel import CatalogSheet, read_catalog
from app.services import job
from app.services.job import HANDLERS
from app.storage.catalog import CatalogImport
from app.storage.job import Job
from app.storage.procedure import Procedure, ProcedureDraft, ProcedureVersion
from samples import workbook as sample_command
from samples.workbook import ROWS, write_sample_workbook
from tests import desk

ROOT = Path(__file__).parents[2]
BIRTH = ("1.001193", "Thủ tục đăng ký khai sinh", "Bộ Tư pháp", "Ủy ban nhân dân cấp xã", "Hộ tịch")
DEATH = ("1.000656", "Thủ tục đăng ký khai tử", "Bộ Tư pháp", "Ủy ban nhân dân cấp xã", "Hộ tịch")
RESIDENCE = ("1.004222", "Đăng ký thường trú", "Bộ Công an", "Công an cấp xã", "Đăng ký, quản lý cư trú")
ADMINISTRATOR = "danhmuc"


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in (tuple(HEADERS.values()), *rows):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def browser(login):
    return login(ADMINISTRATOR)


@pytest.fixture
def sample(tmp_path) -> bytes:
    return write_sample_workbook(tmp_path / "mau.xlsx").read_bytes()


def upload(browser, content: bytes, name: str = "danh-muc.xlsx", source: str = "Cổng Dịch vụ công quốc gia"):
    return browser.post("/catalog/upload", data={"workbook": (io.BytesIO(content), name), "source": source})


def do_jobs(app: Flask) -> None:
    with app.app_context():
        waiting = db.session.scalars(select(Job.id).where(Job.state == "queued")).all()
        for job_id in waiting:
            job.run(job_id, HANDLERS)


def text_of(answer) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(words.split())


def address(answer) -> str:
    assert answer.status_code == 302, text_of(answer)
    return answer.headers["Location"]


def accepted(app: Flask, browser, content: bytes) -> str:
    page = address(upload(browser, content))
    do_jobs(app)
    assert address(browser.post(f"{page}/accept")) == page
    do_jobs(app)
    return page


def test_a_first_visit_is_told_what_to_do(browser):
    assert "Chưa nhập danh mục nào" in text_of(browser.get("/catalog/"))
    assert "Chưa có thủ tục nào" in text_of(browser.get("/procedures/"))
    assert "Chỉ khi bạn bấm Chấp nhận, danh mục mới thay đổi" in text_of(browser.get("/catalog/upload"))


def test_an_export_is_uploaded_watched_previewed_accepted_and_found(app, browser, sample):
    page = address(upload(browser, sample))
    waiting = browser.get(page)
    assert "Đang đọc tệp" in text_of(waiting)
    assert 'hx-trigger="every 1s"' in waiting.get_data(as_text=True)
    assert browser.get(f"{page}/progress").headers.get("HX-Refresh") is None
    do_jobs(app)
    assert browser.get(f"{page}/progress").headers["HX-Refresh"] == "true"
    preview = text_of(browser.get(page))
    assert "Chờ chấp nhận" in preview
    assert f"Mới {len(ROWS)}" in preview
    assert "Sẽ thêm 12 thủ tục mới vào danh sách." in preview
    assert "Chấp nhận: thêm 12 thủ tục" in preview
    assert "Thủ tục đăng ký khai sinh" in preview
    assert "Chưa có thủ tục nào" in text_of(browser.get("/procedures/"))
    address(browser.post(f"{page}/accept"))
    assert "Đang đưa vào danh mục" in text_of(browser.get(page))
    do_jobs(app)
    done = browser.get(page)
    assert "Đã thêm 12 thủ tục" in text_of(done)
    link = re.search(r'href="(/procedures/[0-9a-f-]{36})">\s*1\.001193', done.get_data(as_text=True))
    assert link
    assert "Thủ tục đăng ký khai sinh" in text_of(browser.get(link[1]))
    assert "1.004222" in text_of(browser.get("/procedures/?q=thuong tru dang ky"))


def test_preview_and_result_speak_of_the_same_numbers_that_add_up(app, browser):
    accepted(app, browser, workbook(BIRTH))
    page = address(upload(browser, workbook((BIRTH[0], "Khai sinh", *BIRTH[2:]), DEATH, RESIDENCE), source="UBND tỉnh"))
    do_jobs(app)
    preview = text_of(browser.get(page))
    assert "Mới 3" in preview
    assert (
        "Sẽ thêm 2 thủ tục mới vào danh sách. Sẽ ghi thêm nội dung của nguồn này cho 1 thủ tục đã có trong danh sách."
    ) in preview
    assert "Mới nghĩa là lần đầu có trong danh mục của nguồn này" in preview
    assert "Chấp nhận: thêm 2 thủ tục" in preview
    assert "đang ghi tên khác, sẽ đổi theo tệp này: Thủ tục đăng ký khai sinh" in preview
    address(browser.post(f"{page}/accept"))
    do_jobs(app)
    done = text_of(browser.get(page))
    assert "Mới 3" in done
    assert (
        "Đã thêm 2 thủ tục mới vào danh sách. Đã ghi thêm nội dung của nguồn này cho 1 thủ tục đã có trong danh sách."
    ) in done
    assert "tên khác" not in done


def test_the_preview_names_only_what_the_file_does_and_what_it_leaves_out(app, browser):
    accepted(app, browser, workbook(BIRTH))
    page = address(upload(browser, workbook((BIRTH[0], "Khai sinh", *BIRTH[2:]), (2.00095, "Mất số", "", "", ""))))
    do_jobs(app)
    preview = text_of(browser.get(page))
    assert "Sẽ cập nhật 1 thủ tục theo tệp này. Sẽ bỏ qua 1 dòng không nhận được." in preview
    assert "Chấp nhận: cập nhật 1 thủ tục" in preview
    assert "Sẽ thêm" not in preview
    address(browser.post(f"{page}/accept"))
    do_jobs(app)
    done = text_of(browser.get(page))
    assert "Đã cập nhật 1 thủ tục theo tệp này. Đã bỏ qua 1 dòng không nhận được." in done
    assert "Đã thêm" not in done


def test_both_additions_and_changes_stand_on_the_button(app, browser):
    accepted(app, browser, workbook(BIRTH))
    page = address(upload(browser, workbook((BIRTH[0], "Khai sinh", *BIRTH[2:]), DEATH, RESIDENCE)))
    do_jobs(app)
    preview = text_of(browser.get(page))
    assert "Sẽ thêm 2 thủ tục mới vào danh sách. Sẽ cập nhật 1 thủ tục theo tệp này." in preview
    assert "Chấp nhận: thêm 2, cập nhật 1" in preview


def test_another_source_of_procedures_that_are_all_there_says_that_it_is_recorded_with_them(app, browser):
    accepted(app, browser, workbook(BIRTH, DEATH))
    page = address(upload(browser, workbook(BIRTH, DEATH), source="UBND tỉnh"))
    do_jobs(app)
    preview = text_of(browser.get(page))
    assert "Sẽ ghi thêm nội dung của nguồn này cho 2 thủ tục đã có trong danh sách." in preview
    assert "Chấp nhận: ghi nguồn này cho 2 thủ tục" in preview
    assert "thêm 0" not in preview


def test_a_file_of_which_no_row_can_be_taken_is_not_called_unchanged(app, browser):
    page = address(upload(browser, workbook((2.00095, "Mất số", "", "", ""), ("không mã", "Tên", "", "", ""))))
    do_jobs(app)
    for shown in (text_of(browser.get(page)), text_of(browser.get("/catalog/"))):
        assert "Không nhận được dòng nào" in shown
        assert "Không có gì mới" not in shown
    answer = browser.get(page)
    assert "không có gì để chấp nhận" in text_of(answer)
    assert f"{page}/accept" not in answer.get_data(as_text=True)


def test_the_preview_says_where_a_published_procedure_keeps_its_name(app, browser):
    accepted(app, browser, workbook(BIRTH))
    with app.app_context():
        procedure = db.session.scalars(select(Procedure)).one()
        db.session.add(
            ProcedureVersion(
                procedure_id=procedure.id, number=1, definition="{}", whole_sha256="0", law_sha256="0",
                source_text="", since=date(2026, 1, 1), case_results=[],
            )
        )  # fmt: skip
        db.session.commit()
    page = address(upload(browser, workbook((BIRTH[0], "Khai sinh", *BIRTH[2:])), source="UBND tỉnh"))
    do_jobs(app)
    kept = "Danh sách thủ tục giữ tên: Thủ tục đăng ký khai sinh"
    assert kept in text_of(browser.get(page))
    address(browser.post(f"{page}/accept"))
    do_jobs(app)
    assert kept in text_of(browser.get(page))
    page = address(upload(browser, workbook((BIRTH[0], "Khai sinh mới", *BIRTH[2:]))))
    do_jobs(app)
    assert kept in text_of(browser.get(f"{page}?change=changed"))


def test_an_import_without_anything_new_asks_nobody_to_accept_and_can_be_dropped(app, browser, sample):
    accepted(app, browser, sample)
    page = address(upload(browser, sample))
    do_jobs(app)
    for shown in (text_of(browser.get(page)), text_of(browser.get("/catalog/"))):
        assert "Không có gì mới" in shown
        assert "Chờ chấp nhận" not in shown
    answer = browser.get(page)
    assert "không có gì để chấp nhận" in text_of(answer)
    assert f"{page}/accept" not in answer.get_data(as_text=True)
    assert f"{page}/drop" in answer.get_data(as_text=True)
    address(browser.post(f"{page}/drop"))
    assert "Đã bỏ" in text_of(browser.get(page))


def test_accept_pressed_eight_times_at_once_is_one_acceptance(app, browser, login):
    page = address(upload(browser, workbook(BIRTH)))
    do_jobs(app)
    browsers = [login(ADMINISTRATOR) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post(f"{page}/accept").status_code, browsers * 2))
    assert answers == [302] * 8
    with app.app_context():
        assert len(db.session.scalars(select(Job.id).where(Job.kind == "accept_catalog")).all()) == 1


def test_what_is_no_workbook_is_refused_at_the_field_and_nothing_is_kept(app, browser):
    answer = upload(browser, b"<html><table>", "danh-muc.xls")
    assert answer.status_code == 422
    assert "trang web (HTML) được đổi tên" in text_of(answer)
    assert "Có lỗi cần sửa" in text_of(answer)
    with app.app_context():
        assert db.session.scalars(select(CatalogImport.id)).all() == []


@pytest.mark.parametrize(
    "data", [{"source": "Nguồn"}, {"workbook": (io.BytesIO(workbook(BIRTH)), "a.xlsx"), "source": ""}]
)
def test_an_upload_without_file_or_source_says_what_is_missing(browser, data):
    answer = browser.post("/catalog/upload", data=data)
    assert answer.status_code == 422
    assert "Có lỗi cần sửa" in text_of(answer)


def test_a_workbook_without_the_header_ends_with_its_sentence(app, browser):
    book = Workbook()
    book.worksheets[0].append(("Mã số", "Tên gọi"))
    out = io.BytesIO()
    book.save(out)
    page = address(upload(browser, out.getvalue()))
    do_jobs(app)
    said = text_of(browser.get(page))
    assert "Không đọc được tệp này, nên không có dòng nào để xem trước hay chấp nhận." in said
    assert "thiếu cột: “Tên”" in said
    assert "Tải tệp khác lên" in said
    for offered in ("Chấp nhận:", "Bỏ lần nhập này", "Không nhận", "Dòng gốc"):
        assert offered not in said
    listed = text_of(browser.get("/catalog/"))
    assert "Không đọc được" in listed
    assert "thiếu cột: “Tên”" in listed


def test_changes_show_old_and_new_and_refused_rows_their_reasons(app, browser):
    accepted(app, browser, workbook(BIRTH))
    page = address(
        upload(browser, workbook((BIRTH[0], "Đăng ký khai sinh", *BIRTH[2:]), (2.00095, "Mất số", "", "", "")))
    )
    do_jobs(app)
    first = text_of(browser.get(page))
    assert "Danh mục!" not in first
    assert "chữ số 0 ở cuối có thể đã mất" in first
    changed = browser.get(f"{page}?change=changed").get_data(as_text=True)
    assert "<del>Thủ tục đăng ký khai sinh</del>" in changed
    assert "<ins>Đăng ký khai sinh</ins>" in changed
    assert "2.00095" in text_of(browser.get(f"{page}?change=raw"))
    assert browser.get(f"{page}?change=unknown&page=-3").status_code == 200


def test_the_preview_is_paged(app, browser):
    rows = [(f"1.{number:06}", f"Thủ tục số {number}", "", "", "") for number in range(120)]
    page = address(upload(browser, workbook(*rows)))
    do_jobs(app)
    last = text_of(browser.get(f"{page}?change=new&page=2"))
    assert "101–120 trong 120" in last
    assert "Thủ tục số 119" in last
    assert "Thủ tục số 99 " not in last


def downloaded_sample(browser) -> bytes:
    link = re.search(
        r'<a [^>]*href="([^"]+)"[^>]*>Tải tệp mẫu</a>', browser.get("/catalog/upload").get_data(as_text=True)
    )
    assert link
    answer = browser.get(link[1])
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Content-Disposition"] == "attachment; filename=danh-muc-mau.xlsx"
    return answer.data


def announced(sheet: CatalogSheet) -> list[tuple[object, ...]]:
    assert [row.problems for row in sheet.rows] == [()] * len(sheet.rows)
    return [
        (said.code, said.name, said.issuing_body, said.implementing_bodies, said.field_of_work)
        for said in (row.announcement for row in sheet.rows)
        if said
    ]


def test_the_sample_of_the_upload_page_is_read_as_a_genuine_export_is(browser):
    sheet = read_catalog(downloaded_sample(browser))
    assert (sheet.sheet, sheet.header_row) == ("Danh sách TTHC", 2)
    assert announced(sheet) == [
        (row.code, one_line(row.name), row.issuing_body, several_lines(row.implementing_bodies), row.field_of_work)
        for row in ROWS
    ]


def test_the_sample_of_the_upload_page_can_be_uploaded_accepted_and_found(app, browser):
    page = accepted(app, browser, downloaded_sample(browser))
    assert f"Đã thêm {len(ROWS)} thủ tục mới vào danh sách." in text_of(browser.get(page))
    listed = text_of(browser.get("/procedures/"))
    assert [row.code for row in ROWS if row.code not in listed] == []


@pytest.mark.parametrize("user_name", ["pheduyet", "quantri", "tiepnhan.caolanh"])
def test_who_may_not_upload_gets_no_sample_either(login, user_name):
    answer = login(user_name).get("/catalog/upload/danh-muc-mau.xlsx")
    assert answer.status_code == 403
    assert not answer.data.startswith(b"PK")


def test_the_command_writes_the_workbook_that_the_page_hands_out(browser, tmp_path, capsys):
    place = tmp_path / "mau.xlsx"
    assert sample_command.main([str(place)]) == 0
    assert capsys.readouterr().out == f"{place}\n"
    assert announced(read_catalog(place.read_bytes())) == announced(read_catalog(downloaded_sample(browser)))


def test_the_upload_page_says_of_each_column_what_belongs_there(browser):
    html = browser.get("/catalog/upload").get_data(as_text=True)
    explained = dict(re.findall(r'<dt lang="vi">([^<]+)</dt><dd>([^<]+)</dd>', html))
    assert list(explained) == list(HEADERS.values())
    assert [header for header, meaning in explained.items() if not meaning.strip().endswith(".")] == []
    assert "Bắt buộc" in explained["Mã số"]
    assert "Bắt buộc" in explained["Tên"]


def test_readme_and_guide_lead_to_the_sample_as_the_pages_name_it(browser):
    seen = text_of(browser.get("/catalog/")) + text_of(browser.get("/catalog/upload"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [row] = [line for line in readme.splitlines() if "`danhmuc`" in line]
    named = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", row)
    assert "Tải tệp mẫu" in named
    assert [label for label in named if label not in seen] == []
    guide = " ".join((ROOT / "docs" / "administrators" / "README.md").read_text(encoding="utf-8").split())
    assert "**Tải tệp mẫu** để lấy `danh-muc-mau.xlsx`" in guide
    assert [header for header in HEADERS.values() if f"**{header}**" not in guide] == []


def test_the_kept_file_comes_back_byte_for_byte_under_its_name(app, browser, sample):
    page = address(upload(browser, sample, name="Danh mục tháng 3.xlsx"))
    answer = browser.get(f"{page}/file")
    assert answer.data == sample
    answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_import_whose_reading_gave_up_says_so_and_can_be_dropped(app, browser):
    page = address(upload(browser, workbook(BIRTH)))
    with app.app_context():
        db.session.execute(update(Job).values(state="failed", message="Việc này đã thử nhiều lần mà không xong."))
        db.session.commit()
    shown = browser.get(page)
    assert "đã thử nhiều lần mà không xong" in text_of(shown)
    assert "hx-trigger" not in shown.get_data(as_text=True)
    address(browser.post(f"{page}/drop"))
    assert "Đã bỏ" in text_of(browser.get(page))


def test_a_dropped_import_leaves_the_catalogue_as_it_was(app, browser):
    page = address(upload(browser, workbook(BIRTH)))
    do_jobs(app)
    address(browser.post(f"{page}/drop"))
    assert "Đã bỏ" in text_of(browser.get(page))
    assert browser.post(f"{page}/accept").status_code == 409
    assert "Chưa có thủ tục nào" in text_of(browser.get("/procedures/"))


def test_an_import_overtaken_in_between_is_told_and_nothing_is_undone(app, browser):
    first = address(upload(browser, workbook(BIRTH)))
    do_jobs(app)
    accepted(app, browser, workbook((BIRTH[0], "Tên mới", "", "", "")))
    answer = browser.post(f"{first}/accept")
    assert answer.status_code == 409
    assert "đã đổi sau khi tệp này được đọc" in text_of(answer)


def test_text_of_a_workbook_is_never_markup(app, browser):
    evil = "<script>alert(1)</script>"
    page = accepted(app, browser, workbook(("1.001193", evil, evil, evil, evil), (evil, evil, "", "", "")))
    for path in (
        page,
        f"{page}?change=new",
        f"{page}?change=raw",
        "/procedures/",
        f"/procedures/?q={evil}",
        "/catalog/",
    ):
        assert evil not in browser.get(path).get_data(as_text=True)


def test_the_other_name_of_a_procedure_is_never_markup(app, browser):
    evil = "<script>alert(1)</script> 50% %(x)s"
    accepted(app, browser, workbook(("1.001193", evil, "", "", "")))
    page = address(upload(browser, workbook(BIRTH), source="UBND tỉnh"))
    do_jobs(app)
    shown = browser.get(page).get_data(as_text=True)
    assert "sẽ đổi theo tệp này: &lt;script&gt;alert(1)&lt;/script&gt; 50% %(x)s" in shown
    assert "<script>alert" not in shown


def test_typing_gets_the_list_alone_and_going_back_the_whole_page(app, browser, sample):
    accepted(app, browser, sample)
    typed = browser.get("/procedures/?q=khai tu", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in typed
    assert "1.000656" in typed
    assert "1.004222" not in typed
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in browser.get("/procedures/?q=khai tu", headers=back).get_data(as_text=True)


@pytest.mark.parametrize("query", ["q=%00", "q=%25%5C_%27", "field=%00", "after=x", "q=" + "dai+" * 300])
def test_odd_searches_get_an_answer(browser, query):
    assert browser.get(f"/procedures/?{query}").status_code == 200


def test_fields_of_work_stand_as_chips_with_counts_and_narrow_the_list(app, browser, sample):
    accepted(app, browser, sample)
    whole = text_of(browser.get("/procedures/"))
    assert "Hộ tịch 5" in whole
    narrowed = text_of(browser.get("/procedures/?field=Chứng thực"))
    assert "2.000815" in narrowed
    assert "1.001193" not in narrowed


def test_states_stand_as_chips_with_counts_and_narrow_the_list_together_with_words_and_field(app, browser, sample):
    accepted(app, browser, sample)
    with app.app_context():
        drafted = db.session.scalars(select(Procedure).where(Procedure.code == "2.000815")).one()
        db.session.add(ProcedureDraft(procedure_id=drafted.id, source_text="format: 1"))
        db.session.commit()
        desk.publish("1.001193")
    whole = text_of(browser.get("/procedures/"))
    assert "Mọi tình trạng 12 Đã công bố 1 Đang là dự thảo 1 Chưa có nội dung 10" in whole
    for stage, code in (("published", "1.001193"), ("draft", "2.000815")):
        assert set(re.findall(r"\b\d\.\d{6}\b", text_of(browser.get(f"/procedures/?stage={stage}")))) == {code}
    empty = browser.get("/procedures/?stage=empty&field=Hộ tịch&q=dang ky").text
    assert "1.001193" not in empty
    for name, value in (("stage", "empty"), ("field", "Hộ tịch")):
        assert f'type="hidden" name="{name}" value="{value}"' in empty
    links = [html.unescape(link) for link in re.findall(r'class="chip " href="([^"]+)"', empty)]
    assert all("q=dang+ky" in link for link in links)
    assert any("stage=published" in link and "field=" in link for link in links)
    assert "Không tìm thấy thủ tục nào" in text_of(browser.get("/procedures/?stage=draft&q=khai sinh"))
    assert browser.get("/procedures/?stage=x").status_code == 200


def test_a_file_is_chosen_in_the_readers_language(browser):
    assert "Chọn tệp Chưa chọn tệp nào" in text_of(browser.get("/catalog/upload"))
    browser.get("/lang/en")
    assert "Choose a file No file chosen yet" in text_of(browser.get("/catalog/upload"))


def test_fields_of_work_have_their_english_in_chips_and_rows(app, browser, sample):
    accepted(app, browser, sample)
    browser.get("/lang/en")
    shown = text_of(browser.get("/procedures/"))
    assert "Civil status 5" in shown
    assert "Hộ tịch" not in shown


def test_a_procedure_shows_what_each_source_announced(app, browser):
    accepted(app, browser, workbook(BIRTH))
    accepted(app, browser, workbook((BIRTH[0], "Đăng ký khai sinh", *BIRTH[2:])))
    listed = browser.get("/procedures/").get_data(as_text=True)
    [link] = set(re.findall(r'href="(/procedures/[0-9a-f-]{36})"', listed))
    shown = text_of(browser.get(link))
    assert "Trong danh mục của các nguồn" in shown
    assert "Thủ tục đăng ký khai sinh" in shown
    assert "Hiện nay" in shown
    assert "Thay ngày" in shown


@pytest.mark.parametrize("path", ["/procedures/", "/catalog/"])
def test_lists_take_at_most_ten_statements(app, browser, sample, path):
    accepted(app, browser, sample)
    statements: list[str] = []

    def listen(*args: object) -> None:
        statements.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert len(statements) <= 10, "\n".join(statements)


def test_an_import_that_does_not_exist_is_not_found(browser):
    assert browser.get("/catalog/00000000-0000-0000-0000-000000000000").status_code == 404


def test_who_may_only_read_sees_imports_but_cannot_upload_or_accept(app, browser, login):
    page = address(upload(browser, workbook(BIRTH)))
    do_jobs(app)
    reader = login("pheduyet")
    shown = reader.get(page)
    assert shown.status_code == 200
    assert "Chấp nhận: thêm" not in text_of(shown)
    assert reader.get("/catalog/upload").status_code in (302, 403)
    assert reader.post(f"{page}/accept").status_code in (302, 403)
    with app.app_context():
        assert db.session.scalars(select(CatalogImport.state)).all() == ["ready"]


def test_a_stranger_is_sent_to_the_login(client):
    for path in ("/catalog/", "/catalog/upload", "/procedures/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/login" in answer.headers["Location"]

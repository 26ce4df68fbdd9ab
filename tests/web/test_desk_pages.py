"""The pages of the desk: from the procedure to the printed receipt, the worklist, the dossier, its history."""

import html
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import event, func, select
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.services import refusal as refusals
from app.services.sample import SAMPLES
from app.storage.audit import AuditEntry, last_entry
from app.storage.dossier import Dossier, DossierResult, NumberCounter
from rules.evaluation.outcome import Evaluation
from rules.match.durable_kernel import Kernel
from tests import desk
from tests import procedure_texts as texts
from tests.desk import (
    COPIES,
    INSPECTOR,
    LEADER,
    OTHER_RECEIVER,
    POSTAL,
    PROCESSOR,
    RECEIVER,
    SECOND_PROCESSOR,
    acting,
    typed,
    typed_for_company,
)

PREVIEW = f"/reception/{COPIES}/preview"
NOWHERE = "00000000-0000-0000-0000-000000000000"
AT_FILING = texts.WHOLE.replace("    times: copies\n", "    times: copies\n    collected: at_filing\n")
RULING = {"ruling-outcome": "granted", "ruling-summary": "Đã chứng thực 3 bản.", "ruling-signed_on": "20/11/2026"}


@pytest.fixture(autouse=True)
def published(app) -> None:
    with app.app_context():
        desk.publish(COPIES)


@pytest.fixture
def browser(login) -> FlaskClient:
    return login(RECEIVER)


def words(page: str) -> str:
    """What a person reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def keys(browser: FlaskClient, code: str = COPIES) -> dict[str, str]:
    """What a form that was opened carries unseen."""
    page = browser.get(f"/reception/{code}").text
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("intake_key", "desk", "version")}


def accepted(browser: FlaskClient, **changes: object) -> str:
    """Receive a dossier through the form and return its address."""
    answer = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser), **changes))
    assert answer.status_code == 302, words(answer.text)
    return "/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]


def count(app, table: type, user_name: str = RECEIVER) -> int:
    with app.app_context(), acting(user_name):
        return db.session.scalar(select(func.count()).select_from(table))


def version_of(browser: FlaskClient, address: str) -> str:
    return re.search(r'name="lock_version" value="(\d+)"', browser.get(address).text)[1]


def test_a_dossier_goes_from_the_form_to_the_printed_receipt(browser):
    answer = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser)))
    confirmed = browser.get(answer.headers["Location"])
    shown = words(confirmed.text)
    code = re.search(r"H20\.06\.14-\d{6}-0001", shown)[0]
    assert "36.000 đ" in shown
    assert "Hẹn trả kết quả" in shown
    assert "Tiếp nhận hồ sơ tiếp theo" in shown
    assert "<svg" in confirmed.text
    address = "/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]
    assert f"{address}/receipt.pdf" in confirmed.text
    paper = browser.get(f"{address}/receipt.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.headers["Content-Disposition"] == f'inline; filename="{code}.pdf"'
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages).split())
    assert code in printed
    assert "36.000" in printed
    assert "Nguyễn Thị Đào" in printed
    assert browser.get(f"{address}/receipt.pdf").data == paper.data


def test_the_panel_says_fee_date_and_papers_with_reason_facts_and_citation(browser):
    shown = words(browser.post(PREVIEW, data=typed(), headers={"HX-Request": "true"}).text)
    assert "36.000 đ" in shown
    assert "Bằng tốt nghiệp, 10 trang, 3 bản (từ mẫu đơn)" in shown
    assert "Điều 4 Thông tư 226/2016/TT-BTC" in shown
    assert "Theo quy định trong ngày" in shown
    assert "Bản chính giấy tờ, văn bản Phải có · xuất trình 1 bản chính" in shown
    assert "Tổng cộng 36.000 đ" in shown


def test_the_panel_names_what_is_missing_and_what_stands_in_the_way(browser):
    missing = words(browser.post(PREVIEW, data=typed(**{"answers-original_finding": None})).text)
    assert "Còn thiếu thông tin Kết quả kiểm tra bản chính" in missing
    refused = words(browser.post(PREVIEW, data=typed(**{"answers-original_finding": "erased"})).text)
    assert "Không được tiếp nhận Bản chính bị tẩy xóa" in refused
    assert "Nghị định 23/2015/NĐ-CP" in refused


def test_figures_that_are_examples_and_near_misses_are_marked(app, login):
    with app.app_context():
        desk.publish(texts.CODE, AT_FILING)
    browser = login(RECEIVER)
    sent = {**keys(browser, texts.CODE), "filing-channel": "counter", "answers-copies": "3"}
    sent["applicant-applicant_kind"] = "individual"
    shown = words(browser.post(f"/reception/{texts.CODE}/preview", data=sent).text)
    assert "24.000 đ Ví dụ" in shown
    assert "Mức thu của Hà Nội, dùng làm ví dụ" in shown
    assert "Nộp trực tuyến thì 6.000 đ" in shown
    browser = login(RECEIVER)
    more = {"answers-copies": "3", "answers-says_why": "false", "received": "declaration"}
    made = browser.post(f"/reception/{texts.CODE}", data=typed(**keys(browser, texts.CODE), **more))
    told = words(browser.get(made.headers["Location"]).text)
    assert "Thu Phí bản sao: 24.000 đ. Ví dụ" in told


def test_a_conditional_question_appears_when_it_applies_and_is_not_read_when_it_does_not(app, login):
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE)
    browser = login(RECEIVER)
    opened = browser.get(f"/reception/{texts.CODE}").text
    assert re.search(r'data-answer="answers-purpose" hidden', opened)
    sent = {"desk": "phuong-cao-lanh", "filing-channel": "online", "answers-copies": "3", "answers-purpose": "study"}
    hidden = browser.post(f"/reception/{texts.CODE}", data={**sent, "refresh": "1"}).text
    assert re.search(r'data-answer="answers-purpose" hidden', hidden)
    assert "18.000 đ" in words(hidden)
    plain = browser.post(f"/reception/{texts.CODE}", data={**sent, "answers-says_why": "true", "refresh": "1"})
    assert plain.status_code == 200
    assert re.search(r'data-answer="answers-purpose" class', plain.text)


@pytest.mark.parametrize("address", [PREVIEW, f"/reception/{COPIES}"])
def test_rows_are_added_and_removed_with_and_without_a_script_and_keep_what_was_typed(browser, address):
    added = browser.post(address, data=typed(**{"answers-originals-add": "1"})).text
    assert 'name="answers-originals-1-pages"' in added
    assert "Bằng tốt nghiệp" in added
    second = {
        "answers-originals-1-title": "Học bạ",
        "answers-originals-1-pages": "5",
        "answers-originals-1-copies": "1",
    }
    removed = browser.post(address, data=typed(**second, **{"answers-originals-0-remove": "1"})).text
    assert "Học bạ" in removed
    assert 'value="Bằng tốt nghiệp"' not in removed


def test_the_update_button_shows_the_outcome_without_a_script_and_holds_nothing_against_the_form(app, browser):
    answer = browser.post(f"/reception/{COPIES}", data=typed(refresh="1", **{"applicant-phone": ""}))
    assert answer.status_code == 200
    assert "36.000 đ" in words(answer.text)
    assert "Có lỗi cần sửa" not in answer.text
    assert count(app, Dossier) == 0


def test_missing_answers_are_listed_on_top_and_beside_their_fields_with_everything_kept(app, browser):
    hidden = keys(browser)
    wrong = {"applicant-citizen_id": "123", "answers-originals-0-pages": "nhiều", "applicant-birth_day": "31/02/1990"}
    answer = browser.post(f"/reception/{COPIES}", data=typed(**hidden, **wrong))
    assert answer.status_code == 422
    assert "<title>Lỗi: " in answer.text
    assert "data-error-summary" in answer.text
    for field in wrong:
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text
        assert re.search(
            rf'<input[^>]*aria-invalid="true"[^>]*id="{field}"|id="{field}"[^>]*aria-invalid="true"', answer.text
        )
    assert 'value="nhiều"' in answer.text
    assert 'value="Nguyễn Thị Đào"' in answer.text
    assert hidden["intake_key"] in answer.text
    assert count(app, Dossier) == 0


def test_an_unknown_fact_that_could_change_the_outcome_is_asked_for_at_its_field(browser):
    answer = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser), **{"answers-original_finding": None}))
    assert answer.status_code == 422
    assert 'href="#answers-original_finding"' in answer.text
    assert "“Kết quả kiểm tra bản chính”: hãy trả lời" in words(answer.text)


def test_a_missing_paper_is_told_on_top_and_at_its_box_and_no_number_is_used_up(app, browser):
    answer = browser.post(f"/reception/{COPIES}", data=typed(**{**keys(browser), "received": None}))
    assert answer.status_code == 422
    assert words(answer.text).count("Còn thiếu giấy tờ: Bản chính giấy tờ, văn bản.") == 2
    assert 'value="Bằng tốt nghiệp"' in answer.text
    assert (count(app, Dossier), count(app, NumberCounter)) == (0, 0)


def test_the_officer_is_told_what_to_do_when_the_two_matchers_differ(app, browser, monkeypatch):
    monkeypatch.setattr(Kernel, "match", lambda self, facts, on: (0, 1, 2, 3, 4, 5))
    answer = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser)))
    assert answer.status_code == 422
    said = words(answer.text)
    assert "Hai cách tính của hệ thống không cho cùng một kết quả nên chưa được dùng kết quả nào." in said
    assert "Gửi lãnh đạo, để ấn định mức thu và ngày hẹn bằng tay có ghi lý do" in said
    assert 'value="Bằng tốt nghiệp"' in answer.text
    assert (count(app, Dossier), count(app, NumberCounter)) == (0, 0)


def test_a_double_click_on_accept_is_one_dossier(app, browser):
    sent = typed(**keys(browser))
    places = {browser.post(f"/reception/{COPIES}", data=sent).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert count(app, Dossier) == 1


def test_a_form_sent_again_ends_on_its_dossier_whatever_changed_in_between(app, login):
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE)
    browser = login(RECEIVER)
    sent = typed(
        **keys(browser, texts.CODE), **{"answers-copies": "3", "answers-says_why": "false"}, received="declaration"
    )
    first = browser.post(f"/reception/{texts.CODE}", data=sent)
    with app.app_context():
        desk.publish(texts.CODE, texts.DEARER)
    sent["applicant-full_name"] = ""
    again = browser.post(f"/reception/{texts.CODE}", data=sent)
    assert again.headers["Location"] == first.headers["Location"]
    assert "đây là hồ sơ đã lập, không có hồ sơ thứ hai" in words(browser.get(again.headers["Location"]).text)
    assert count(app, Dossier) == 1


def test_the_form_offers_the_ways_of_filing_of_its_procedure_and_no_other(app, browser):
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE)

    def offered(code: str) -> list[str]:
        choice = re.search(
            r'<select[^>]*name="filing-channel".*?</select>', browser.get(f"/reception/{code}").text, re.S
        )
        return re.findall(r'value="(\w+)"', choice[0])

    assert offered(COPIES) == ["counter"]
    assert offered(texts.CODE) == ["counter", "online"]


def test_a_way_of_filing_that_the_procedure_does_not_declare_is_refused(app, browser):
    answer = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser), **{"filing-channel": "post"}))
    assert answer.status_code == 422
    assert "“Cách nộp”: hãy chọn một mục trong danh sách." in words(answer.text)
    assert count(app, Dossier) == 0


def asks_for(page: str, name: str) -> bool:
    """Whether the page says that an answer to this question may not be left out."""
    box = re.search(rf'data-answer="{name}".*?data-optional( hidden)?', page, re.S)
    return bool(box[1]) if box else name in told_to_browser(page)["asked"]


def told_to_browser(page: str) -> dict[str, Any]:
    """What only the server knows of the form, as it tells the script of the page."""
    return json.loads(re.search(r"data-told='([^']*)'", page)[1])


def test_a_finding_that_decides_over_the_acceptance_is_never_called_optional(browser):
    for finding in (None, "none", "erased"):
        page = browser.post(PREVIEW, data=typed(**{"answers-original_finding": finding})).text
        assert asks_for(page, "answers-original_finding"), finding
    refused = browser.post(
        f"/reception/{COPIES}", data=typed(**keys(browser), **{"answers-original_finding": "erased"})
    )
    assert re.search(r'<label for="answers-original_finding">[^<]* <span[^>]*data-optional hidden', refused.text)


def birth_with_a_finding() -> str:
    """The registration of a birth in which the desk also finds what the reduction for online filings asks."""
    text = (SAMPLES / "procedures" / f"{desk.BIRTH}.yaml").read_text(encoding="utf-8")
    fact = "  - {id: in_register, type: bool, source: officer, stage: reception, label: {vi: Có trong sổ}}\n"
    for old, new in (
        ("\ntables:\n", f"{fact}\ntables:\n"),
        ("    inputs: [channel]\n", "    inputs: [channel, in_register]\n"),
        ("{channel: online}\n        then: {percent", "{channel: online, in_register: true}\n        then: {percent"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text.replace('receiving_unit: "29869"', 'receiving_unit: "29869", in_register: true')


def test_a_finding_that_changes_nothing_for_this_dossier_may_be_left_out(app, browser):
    with app.app_context():
        desk.publish(desk.BIRTH, birth_with_a_finding())
    sent = typed(**{"answers-in_register": "true", "answers-birth_day": "02/11/2020"})
    for channel, asked in (("counter", False), ("online", True)):
        sent["filing-channel"] = channel
        page = browser.post(f"/reception/{desk.BIRTH}/preview", data=sent).text
        assert asks_for(page, "answers-in_register") == asked, channel


def shows(page: str, name: str) -> bool:
    """Whether a page shows a question, to a browser with a script and to one without."""
    told = name not in told_to_browser(page)["idle"]
    box = re.search(rf'<div data-answer="{name}"( hidden)?', page)
    assert box is None or told != bool(box[1])
    return told


def test_a_finding_is_asked_for_only_where_it_could_change_something(app, browser):
    with app.app_context():
        desk.publish(desk.BIRTH, birth_with_a_finding())
    address, finding = f"/reception/{desk.BIRTH}", "answers-in_register"
    late = {"answers-birth_day": "01/05/2026", "answers-filed_by": "other", "answers-exempt_group": "false"}
    sent = typed(**keys(browser, desk.BIRTH), **late)
    for channel, answer, shown, needed in (
        ("counter", None, False, False),
        ("online", None, True, True),
        ("online", "false", True, True),
        ("counter", "false", True, False),
    ):
        said = MultiDict({**sent, "filing-channel": channel, **({finding: answer} if answer else {})})
        for page in (
            browser.post(f"{address}/preview", data=said).text,
            browser.post(address, data={**said, "refresh": "1"}).text,
        ):
            assert (shows(page, finding), asks_for(page, finding)) == (shown, needed), (channel, answer)


def test_a_finding_that_only_a_notice_reads_is_asked_for_where_the_notice_may_apply_and_may_be_left_out(app, login):
    facts = "facts: [{id: seen, type: bool, source: officer, stage: reception, label: {vi: Đã xem bản chính}}]\n"
    notice = "notices: [{id: bring, text: {vi: Mang bản chính khi nhận.}, when: {channel: online, seen: false}}]\n"
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE.replace("tables:\n", f"{facts}{notice}tables:\n", 1))
    browser = login(RECEIVER)
    for channel, shown in (("counter", False), ("online", True)):
        sent = typed(**{"filing-channel": channel, "answers-copies": "3", "answers-says_why": "false"})
        page = browser.post(f"/reception/{texts.CODE}/preview", data=sent).text
        assert (shows(page, "answers-seen"), asks_for(page, "answers-seen")) == (shown, False), channel


def test_no_day_is_promised_while_an_answer_that_could_move_it_is_wanting(app, browser):
    with app.app_context():
        desk.publish(desk.BIRTH)
    awaited = "Hẹn trả kết quả Chưa đủ thông tin: còn chờ"
    asked = "“Đã niêm yết đủ 07 ngày về việc trẻ bị bỏ rơi”."
    sent = {"answers-birth_day": "02/11/2026"}
    for more, said in (
        ({}, f"{awaited} “Chứng minh việc sinh”."),
        ({"answers-birth_proof": "abandoned"}, f"{awaited} {asked}"),
        ({"answers-birth_proof": "abandoned", "answers-notice_finished": "true"}, ""),
        ({"answers-birth_proof": "certificate"}, ""),
    ):
        page = browser.post(f"/reception/{desk.BIRTH}/preview", data=typed(**sent, **more)).text
        assert (said or "Hẹn trả kết quả") in words(page), more
        assert ('class="appointment"' in page) == (not said), more


def panel(browser: FlaskClient, code: str, **changes: object) -> str:
    """What the panel says beside a form."""
    return words(browser.post(f"/reception/{code}/preview", data=typed(**changes)).text)


def test_a_fee_that_an_answer_could_still_change_is_told_as_provisional(app, browser):
    with app.app_context():
        desk.publish(desk.RESIDENCE)
    told = panel(browser, desk.RESIDENCE)
    assert "Tạm tính 20.000 đ Còn có thể thay đổi khi có đủ thông tin." in told
    assert "Tổng cộng" not in told
    told = panel(browser, desk.RESIDENCE, **{"answers-exempt_person": "false", "applicant-digital_citizen": "false"})
    assert "Tổng cộng 20.000 đ" in told
    assert "Còn có thể thay đổi" not in told


def test_an_appointment_that_a_later_step_could_change_is_told_as_provisional(app, browser):
    with app.app_context():
        desk.publish(desk.BIRTH)
    sent = {"answers-birth_day": "02/11/2026", "answers-birth_proof": "certificate"}
    assert "Bước sau có thể làm thay đổi ngày này." in panel(browser, desk.BIRTH, **sent)
    assert "Tạm tính: còn" not in panel(browser, COPIES)


def test_only_questions_in_sight_are_listed_as_wanting(app, browser):
    with app.app_context():
        desk.publish(desk.BUSINESS)
    hidden = "Người ủy quyền có tài khoản định danh điện tử"
    for answers, is_listed in (({}, False), ({"answers-filed_by": "individual"}, True)):
        told = panel(browser, desk.BUSINESS, **answers)
        wanting = told.partition("Còn thiếu thông tin")[2].partition("Phí, lệ phí")[0]
        assert (hidden in wanting) == is_listed, answers


def test_what_the_officer_ticked_is_told_as_the_officers_and_an_organisation_is_told_nothing_it_was_not_asked(
    app, browser, login
):
    with app.app_context():
        desk.publish(desk.RESIDENCE)
    told = panel(browser, desk.RESIDENCE, **{"applicant-digital_citizen": "true"})
    assert "Công dân số Có (cán bộ ghi nhận lúc tiếp nhận)" in told
    assert "hệ thống biết" not in told
    sent = browser.post(f"/reception/{COPIES}", data=typed_for_company(**keys(browser)))
    address = "/dossiers/" + sent.headers["Location"].rsplit("/", 1)[1]
    shown = words(login(PROCESSOR).get(address).text)
    assert "Loại người nộp" in shown
    assert "Công dân số" not in shown


def test_whatever_an_empty_form_lists_as_wanting_is_shown_and_not_called_optional(app, browser):
    with app.app_context():
        desk.publish(desk.BIRTH)
    opened = browser.get(f"/reception/{desk.BIRTH}").text
    sent = {"filing-channel": "counter", "filing-return_channel": "counter"}
    told = lines_of(browser.post(f"/reception/{desk.BIRTH}", data={**keys(browser, desk.BIRTH), **sent}).text)
    asked = {target for target in told if target.startswith("answers-")}
    assert "answers-birth_proof" in asked
    for target in asked:
        name = re.sub(r"-0$", "", target)
        assert (shows(opened, name), asks_for(opened, name)) == (True, True), name


def test_fee_date_and_papers_are_read_before_the_button_that_accepts(browser):
    page = browser.get(f"/reception/{COPIES}").text
    assert page.index('id="panel"') < page.index(">Tiếp nhận hồ sơ</button>")


def test_a_version_published_in_between_is_told_and_every_answer_stays(app, login):
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE)
    browser = login(RECEIVER)
    sent = typed(
        **keys(browser, texts.CODE), **{"answers-copies": "3", "answers-says_why": "false"}, received="declaration"
    )
    with app.app_context():
        desk.publish(texts.CODE, texts.DEARER)
    answer = browser.post(f"/reception/{texts.CODE}", data=sent)
    assert answer.status_code == 409
    assert "vừa có phiên bản mới" in words(answer.text)
    assert 'value="Nguyễn Thị Đào"' in answer.text
    assert "27.000 đ" in words(answer.text)
    sent["version"] = re.search(r'name="version" value="([^"]+)"', answer.text)[1]
    assert browser.post(f"/reception/{texts.CODE}", data=sent).status_code == 302


def test_a_clerk_of_several_units_chooses_one_and_is_remembered(app, login):
    browser = login(POSTAL)
    first = browser.get("/reception/")
    assert "Chọn đơn vị bạn tiếp nhận thay" in words(first.text)
    assert browser.get(f"/reception/{COPIES}").status_code == 302
    chosen = browser.get("/reception/?desk=phuong-my-tra")
    assert "Chứng thực bản sao từ bản chính" in words(chosen.text)
    assert "Ủy ban nhân dân phường Mỹ Trà" in words(browser.get(f"/reception/{COPIES}").text)
    address = accepted(browser)
    assert "Ủy ban nhân dân phường Mỹ Trà" in words(browser.get(address).text)


def units_on(browser: FlaskClient, address: str) -> set[str]:
    """The communes whose committees are named in the content of a page."""
    page = browser.get(address).text
    return set(re.findall(r"Ủy ban nhân dân phường (Mỹ Trà|Cao Lãnh)", words(page[page.index("<main") :])))


@pytest.fixture
def of_two_desks(login) -> tuple[FlaskClient, dict[str, str]]:
    """A clerk whose form was opened for one commune before another was chosen on a second page, and the form's keys."""
    browser = login(POSTAL)
    browser.get("/reception/?desk=phuong-my-tra")
    opened = keys(browser)
    browser.get("/reception/?desk=phuong-cao-lanh")
    return browser, opened


def test_a_dossier_goes_to_the_unit_its_form_was_opened_for_whatever_was_chosen_since(of_two_desks):
    browser, opened = of_two_desks
    previewed = browser.post(PREVIEW, data=typed(**opened, **{"answers-original_finding": "erased"})).text
    assert "/reception/?desk=phuong-my-tra" in previewed
    refreshed = browser.post(f"/reception/{COPIES}", data=typed(**opened, refresh="1")).text
    assert "tiếp nhận tại Ủy ban nhân dân phường Mỹ Trà" in words(refreshed)
    assert 'name="desk" value="phuong-my-tra"' in refreshed
    answer = browser.post(f"/reception/{COPIES}", data=typed(**opened))
    assert 'href="/reception/?desk=phuong-my-tra"' in browser.get(answer.headers["Location"]).text
    assert units_on(browser, "/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]) == {"Mỹ Trà"}


def test_a_refusal_is_made_in_the_name_of_the_unit_its_form_was_opened_for(of_two_desks):
    browser, opened = of_two_desks
    sent = typed(**opened, **{"answers-original_finding": "erased"})
    address = browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"]
    assert units_on(browser, address) == {"Mỹ Trà"}
    assert 'href="/reception/?desk=phuong-my-tra"' in browser.get(address).text


def test_a_request_to_the_leader_is_made_in_the_name_of_the_unit_its_form_was_opened_for(of_two_desks, monkeypatch):
    browser, opened = of_two_desks
    with monkeypatch.context() as differing:
        differing.setattr(Kernel, "match", lambda self, facts, on: (0, 1, 2, 3, 4, 5))
        asked = browser.post(f"/by-hand/ask/{COPIES}", data=typed(**opened)).headers["Location"]
    assert units_on(browser, asked) == {"Mỹ Trà"}


@pytest.mark.parametrize(
    ("key", "status", "told"),
    [
        (None, 422, "Trang gửi lên không đầy đủ"),
        ("xa-thap-muoi", 403, "Hôm nay bạn không được phân công tiếp nhận tại đơn vị của mẫu này"),
        ("khong-co", 403, "Hôm nay bạn không được phân công tiếp nhận tại đơn vị của mẫu này"),
    ],
)
@pytest.mark.parametrize(
    "path", [PREVIEW, f"/reception/{COPIES}", f"/reception/{COPIES}/refuse", f"/by-hand/ask/{COPIES}"]
)
def test_a_form_of_a_unit_that_is_not_ones_own_or_of_none_is_refused_and_never_given_to_another(
    app, browser, path, key, status, told
):
    answer = browser.post(path, data=typed(**{**keys(browser), "desk": key}))
    assert answer.status_code == status
    assert told in words(answer.text)
    assert count(app, Dossier) == 0


def test_the_list_of_procedures_opens_forms_of_the_unit_it_was_listed_for(login):
    browser = login(POSTAL)
    listed = browser.get("/reception/?desk=phuong-my-tra").text
    browser.get("/reception/?desk=phuong-cao-lanh")
    typing = re.search(r'hx-get="([^"]+)"', listed)[1]
    found = browser.get(f"{typing}&q=chung+thuc", headers={"HX-Request": "true"}).text
    for page in (listed, found):
        browser.get("/reception/?desk=phuong-cao-lanh")
        address = html.unescape(re.search(rf'href="(/reception/{COPIES}[^"]*)"', page)[1])
        assert "tiếp nhận tại Ủy ban nhân dân phường Mỹ Trà" in words(browser.get(address).text)


def test_typing_gets_the_list_of_procedures_alone(browser):
    found = browser.get("/reception/?q=chung+thuc", headers={"HX-Request": "true"}).text
    assert "<html" not in found
    assert f"/reception/{COPIES}" in found
    nothing = browser.get("/reception/?q=khong+co", headers={"HX-Request": "true"}).text
    assert "Không tìm thấy thủ tục" in words(nothing)


@pytest.mark.parametrize("user_name", [RECEIVER, LEADER, INSPECTOR, "lanhdao.tinh"])
def test_the_worklist_takes_at_most_ten_statements(app, login, user_name):
    receiver = login(RECEIVER)
    for _ in range(3):
        accepted(receiver)
    browser = login(user_name)
    statements: list[str] = []

    def listen(*args: object) -> None:
        statements.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        answer = browser.get("/dossiers/?shelf=all")
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert answer.text.count("data-beside=") == 3
    assert len(statements) <= 10, "\n".join(statements)


def test_the_worklist_tells_code_person_procedure_step_and_time_with_counts(browser):
    accepted(browser)
    shown = words(browser.get("/dossiers/?shelf=all").text)
    assert re.search(r"H20\.06\.14-\d{6}-0001 Nguyễn Thị Đào Chứng thực bản sao .* Đã tiếp nhận Còn \d", shown)
    assert "Cần làm 0 Của tôi 0" in shown
    assert "Tất cả 1" in shown
    assert "j k xuống, lên · Enter mở hồ sơ" in shown
    assert "Không có hồ sơ nào khớp" in words(browser.get("/dossiers/?shelf=all&q=zzz").text)
    assert "Không còn việc chờ bạn" in words(browser.get("/dossiers/").text)


def test_an_identity_number_finds_dossiers_without_ever_standing_in_an_address(browser):
    accepted(browser)
    found = browser.post("/dossiers/find", data={"q": "087190001234", "shelf": "all"})
    assert found.status_code == 200
    assert "Tìm theo số vừa nhập: 1 hồ sơ" in words(found.text)
    assert not re.search(r'(href|data-address)="[^"]*087190', found.text)
    in_part = browser.post("/dossiers/find", data={"q": "08719000", "shelf": "all"})
    assert (in_part.status_code, "Số định danh phải gõ đủ" in words(in_part.text)) == (200, True)
    assert "087190" not in browser.get("/dossiers/?shelf=all&q=087190001234").text


def test_a_code_or_a_name_is_searched_for_by_an_address_that_keeps_the_pile(browser):
    sent = browser.post("/dossiers/find", data={"q": "Đào", "shelf": "late"})
    assert sent.headers["Location"] == "/dossiers/?shelf=late&q=%C4%90%C3%A0o"


def test_a_part_of_an_identity_number_is_looked_for_without_an_address_among_refusals_too(browser):
    answer = browser.post("/refusals/find", data={"q": "08719000"})
    assert (answer.status_code, "Không có phiếu từ chối nào khớp" in words(answer.text)) == (200, True)
    assert browser.post("/refusals/find", data={"q": COPIES}).headers["Location"] == f"/refusals/?q={COPIES}"


def test_a_dossier_the_post_received_says_so_on_its_page_in_its_history_and_on_its_receipt(login):
    postal = login(POSTAL)
    postal.get("/reception/?desk=phuong-cao-lanh")
    address = accepted(postal)
    said = "Trương Thị Mỹ Duyên (Nhân viên Bưu điện, nhận thay)"
    assert said in words(postal.get(address).text)
    assert "Trương Thị Mỹ Duyên Nhân viên Bưu điện, nhận thay" in words(login(INSPECTOR).get(f"{address}/history").text)
    paper = PdfReader(BytesIO(postal.get(f"{address}/receipt.pdf").data))
    printed = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "Trương Thị Mỹ Duyên Nhân viên Bưu điện, nhận thay" in printed
    own = login(RECEIVER)
    assert "nhận thay" not in words(own.get(accepted(own)).text)


def test_taking_over_from_a_colleague_says_from_whom_and_the_steps_still_name_them(login):
    address = accepted(login(RECEIVER))
    first, second = login(PROCESSOR), login(SECOND_PROCESSOR)
    assert re.search(r">\s*Nhận giải quyết\s*</button>", first.get(address).text)
    first.post(f"{address}/take-over", data={"lock_version": version_of(first, address)})
    for page in (address, f"{address}/beside"):
        assert re.search(r">\s*Nhận thay Huỳnh Văn Lộc\s*</button>", second.get(page).text)
    second.post(f"{address}/take-over", data={"lock_version": version_of(second, address)})
    assert "trước đó: Huỳnh Văn Lộc" in words(second.get(address).text)


def test_a_leader_begins_with_what_is_open(login):
    accepted(login(RECEIVER))
    page = login(LEADER).get("/dossiers/").text
    assert re.search(r'aria-current="true">Chưa có kết quả <span class="count">1<', page)
    assert page.count("data-beside=") == 1


def test_a_dossier_opens_beside_the_list_under_an_address_of_its_own(login):
    address = accepted(login(RECEIVER))
    browser = login(PROCESSOR)
    beside = browser.get(f"{address}/beside").text
    assert "<html" not in beside
    assert "Nhận giải quyết" in words(beside)
    whole = browser.get(f"/dossiers/?shelf=todo&open={address.rsplit('/', 1)[1]}").text
    assert 'aria-selected="true"' in whole
    assert "Mở trang hồ sơ" in words(whole)


@pytest.mark.parametrize("query", ["shelf=nothing", "after=7", "open=7", "q=%25%27", f"after={NOWHERE}"])
def test_mangled_addresses_of_the_worklist_get_an_answer(browser, query):
    assert browser.get(f"/dossiers/?{query}").status_code == 200


def test_the_page_of_a_dossier_shows_all_answers_that_can_decide_its_fee(login):
    address = accepted(login(RECEIVER), **{"applicant-digital_citizen": "true"})
    shown = words(login(PROCESSOR).get(address).text)
    assert "Cách nộp Trực tiếp Cách nhận kết quả Nhận trực tiếp tại nơi nộp" in shown
    assert "Loại người nộp Cá nhân Công dân số Có" in shown
    assert "Cán bộ ghi nhận Kết quả kiểm tra bản chính Không có vi phạm" in shown


def test_a_group_named_like_its_heading_is_not_named_twice(login):
    page = login(PROCESSOR).get(accepted(login(RECEIVER))).text
    assert len(re.findall(r"<h2>Bản chính cần chứng thực</h2>", page)) == 1
    assert '<dt class="visually-hidden">Bản chính cần chứng thực</dt><dd class="whole">' in page


def test_three_officers_bring_a_dossier_to_its_end(login):
    receiver, processor, second = login(RECEIVER), login(PROCESSOR), login(SECOND_PROCESSOR)
    address = accepted(receiver)
    taken = processor.post(f"{address}/take-over", data={"lock_version": version_of(processor, address)})
    assert taken.status_code == 302
    page = words(processor.get(address).text)
    assert "Bạn đã nhận giải quyết hồ sơ này." in page
    assert "Đang giữ: Huỳnh Văn Lộc" in page
    decided = second.post(f"{address}/decide", data={**RULING, "lock_version": version_of(second, address)})
    assert decided.status_code == 302
    assert "Đồng ý giải quyết" in words(second.get(address).text)
    waiting = receiver.get(address).text
    assert "Thu 36.000 đ khi trả kết quả: Phí chứng thực" in words(waiting)
    assert re.search(
        r'<input type="checkbox"[^>]* name="collected"[^>]* required>.*?>Trả kết quả</button>', waiting, re.S
    )
    seen = {"lock_version": version_of(receiver, address)}
    unpaid = receiver.post(f"{address}/return", data=seen)
    assert unpaid.status_code == 422
    assert "Chưa trả kết quả: chưa ghi đã thu tiền." in lines_of(unpaid.text)["collected"]
    assert re.search(r'name="collected"[^>]* aria-invalid="true" aria-describedby="collected-error"', unpaid.text)
    assert "chưa ghi đã thu tiền" in re.search(r'id="collected-error">.*?</div>', unpaid.text, re.S)[0]
    assert receiver.post(f"{address}/return", data={**seen, "collected": "true"}).status_code == 302
    ended = words(receiver.get(address).text)
    assert "khi trả kết quả: Phí chứng thực" not in ended
    history = words(login(INSPECTOR).get(f"{address}/history").text)
    assert re.search(r"đã thu Phí chứng thực[^:]*: 36.000 đ", history)
    assert "Hồ sơ đã xong" in ended
    assert "Đã trả" in ended


def test_nothing_is_collected_with_a_refusal_nor_where_the_money_came_at_filing(app, login):
    with app.app_context():
        desk.publish(texts.CODE, AT_FILING)
    receiver, processor = login(RECEIVER), login(PROCESSOR)
    sent = {"answers-copies": "3", "answers-says_why": "false", "received": "declaration"}
    made = receiver.post(f"/reception/{texts.CODE}", data=typed(**keys(receiver, texts.CODE), **sent))
    paid = "/dossiers/" + made.headers["Location"].rsplit("/", 1)[1]
    for address, outcome in ((accepted(receiver), "refused"), (paid, "granted")):
        seen = {"lock_version": version_of(processor, address)}
        decided = processor.post(f"{address}/decide", data={**RULING, **seen, "ruling-outcome": outcome})
        assert decided.status_code == 302
        page = receiver.get(address).text
        assert 'name="collected"' not in page
        seen = {"lock_version": version_of(receiver, address)}
        assert receiver.post(f"{address}/return", data=seen).status_code == 302


def test_an_act_in_the_wrong_state_gets_a_sentence(login):
    receiver = login(RECEIVER)
    address = accepted(receiver)
    answer = receiver.post(f"{address}/return", data={"lock_version": "1"})
    assert answer.status_code == 409
    assert "đang ở trạng thái “Đã tiếp nhận” nên không làm được việc “Trả kết quả”" in words(answer.text)


def test_an_act_done_already_is_told_on_the_dossiers_page_with_its_state_and_the_way_back(login):
    receiver, first, second = login(RECEIVER), login(PROCESSOR), login(SECOND_PROCESSOR)
    address = accepted(receiver)
    seen = {"lock_version": version_of(first, address)}
    first.post(f"{address}/take-over", data=seen)
    taken = second.post(f"{address}/take-over", data=seen)
    first.post(f"{address}/decide", data={**RULING, "lock_version": version_of(first, address)})
    seen = {"lock_version": version_of(receiver, address)}
    receiver.post(f"{address}/return", data={**seen, "collected": "true"})
    returned = receiver.post(f"{address}/return", data=seen)
    for answer, told in (
        (taken, "“Đang giải quyết”: Huỳnh Văn Lộc đã làm việc “Nhận giải quyết”"),
        (returned, "“Đã trả kết quả”: chính bạn đã làm việc “Trả kết quả”"),
    ):
        assert answer.status_code == 409
        assert told in words(answer.text)
        assert f'<a href="{address}">Mở lại hồ sơ' in answer.text
        assert "Nội dung bạn vừa nhập" not in words(answer.text)
        assert "người khác" not in words(answer.text)


def test_the_second_officers_result_is_not_recorded_and_not_lost(app, login):
    address = accepted(login(RECEIVER))
    first, second = login(PROCESSOR), login(SECOND_PROCESSOR)
    seen = version_of(second, address)
    first.post(f"{address}/take-over", data={"lock_version": seen})
    sent = {**RULING, "ruling-summary": "Lời ghi dài của người thứ hai", "lock_version": seen}
    answer = second.post(f"{address}/decide", data=sent)
    assert answer.status_code == 409
    assert "“Đang giải quyết”: Huỳnh Văn Lộc đã làm việc “Nhận giải quyết”" in words(answer.text)
    assert "Lời ghi dài của người thứ hai" in words(answer.text)
    assert "Kết quả Đồng ý giải quyết" in words(answer.text)
    assert count(app, DossierResult) == 0


def test_a_result_mended_after_somebody_else_acted_is_told_and_not_recorded(app, login):
    address = accepted(login(RECEIVER))
    first, second = login(PROCESSOR), login(SECOND_PROCESSOR)
    seen = version_of(second, address)
    first.post(f"{address}/take-over", data={"lock_version": seen})
    wrong = second.post(f"{address}/decide", data={**RULING, "ruling-signed_on": "01/01/2130", "lock_version": seen})
    assert wrong.status_code == 422
    form = wrong.text.partition(f'action="{address}/decide"')[2]
    handed_out = re.search(r'name="lock_version" value="(-?\d+)"', form)[1]
    again = second.post(f"{address}/decide", data={**RULING, "lock_version": handed_out})
    assert again.status_code == 409
    assert "“Đang giải quyết”: Huỳnh Văn Lộc đã làm việc “Nhận giải quyết”" in words(again.text)
    assert "Đã chứng thực 3 bản." in words(again.text)
    assert count(app, DossierResult) == 0


def test_a_wrong_result_for_a_dossier_that_somebody_else_decided_is_told_and_not_lost(login):
    address = accepted(login(RECEIVER))
    first, second = login(PROCESSOR), login(SECOND_PROCESSOR)
    seen = {"lock_version": version_of(second, address)}
    assert first.post(f"{address}/decide", data={**RULING, **seen}).status_code == 302
    late = {**RULING, "ruling-summary": "Lời ghi của người thứ hai", "ruling-signed_on": "01/01/2130"}
    wrong = second.post(f"{address}/decide", data={**late, **seen})
    assert wrong.status_code == 422
    assert "Hồ sơ không còn chờ bạn ghi kết quả" in words(wrong.text)
    assert "Lời ghi của người thứ hai" in words(wrong.text)
    assert lines_of(wrong.text) == {}


@pytest.mark.parametrize("user_name", [LEADER, PROCESSOR])
def test_an_empty_pile_says_so_and_offers_no_reception_to_who_may_not_receive(login, user_name):
    shown = words(login(user_name).get("/dossiers/?shelf=unpriced").text)
    assert "Mục “Chưa có mức thu” đang trống" in shown
    assert "tiếp nhận hồ sơ đầu tiên" not in shown


def test_an_empty_pile_offers_the_first_reception_to_the_desk_until_there_is_a_dossier(browser):
    offer = "hoặc tiếp nhận hồ sơ đầu tiên"
    assert offer in words(browser.get("/dossiers/?shelf=unpriced").text)
    accepted(browser)
    shown = words(browser.get("/dossiers/?shelf=unpriced").text)
    assert "Mục “Chưa có mức thu” đang trống" in shown
    assert offer not in shown


def test_a_result_without_its_answers_is_told_at_the_fields(app, login):
    address = accepted(login(RECEIVER))
    browser = login(PROCESSOR)
    answer = browser.post(f"{address}/decide", data={"lock_version": "1", "ruling-signed_on": "02/30/2026"})
    assert answer.status_code == 422
    for field in ("ruling-outcome", "ruling-summary", "ruling-signed_on"):
        assert f'href="#{field}"' in answer.text
    assert 'value="02/30/2026"' in answer.text
    assert count(app, DossierResult) == 0


@pytest.mark.parametrize("act", ["take-over", "decide", "return"])
def test_an_act_that_does_not_say_what_it_saw_is_refused(login, act):
    address = accepted(login(RECEIVER))
    answer = login(PROCESSOR).post(f"{address}/{act}", data=RULING)
    assert answer.status_code == 409


def test_another_units_dossier_is_not_found_whatever_is_tried(login):
    address = accepted(login(RECEIVER))
    stranger = login(OTHER_RECEIVER)
    for path in ("", "/beside", "/receipt.pdf"):
        assert stranger.get(f"{address}{path}").status_code == 404
        assert stranger.get(f"/dossiers/{NOWHERE}{path}").status_code == 404
    for path in ("/take-over", "/decide", "/return", "/identity"):
        sent = {**RULING, "lock_version": "1", "purpose": "xem"}
        assert stranger.post(f"{address}{path}", data=sent).status_code == 404
    assert stranger.get(address.replace("/dossiers/", "/reception/received/")).status_code == 404


def test_the_identity_number_is_masked_until_it_is_opened_with_a_purpose(app, login):
    address = accepted(login(RECEIVER))
    browser = login(PROCESSOR)
    masked = browser.get(address).text
    assert "087190001234" not in masked
    assert "•••••••••234" in masked
    asked = browser.post(f"{address}/identity", data={"purpose": " "})
    assert asked.status_code == 422
    assert lines_of(asked.text)["purpose"] == "Chưa ghi mục đích xem số định danh. Ghi mục đích rồi xem lại."
    assert '<details class="why" open><summary>Xem số định danh' in asked.text
    opened = browser.post(f"{address}/identity", data={"purpose": "Đối chiếu giấy tờ"})
    assert "087190001234" in opened.text
    assert opened.headers["Cache-Control"] == "no-store"
    assert "087190001234" not in browser.get(address).text
    with app.app_context():
        line = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "open_identity")).one()
        assert (line.actor_name, line.purpose) == (PROCESSOR, "Đối chiếu giấy tờ")


def test_who_has_no_duty_for_it_cannot_open_an_identity_number(login):
    postal = login(POSTAL)
    postal.get("/reception/?desk=phuong-cao-lanh")
    address = accepted(postal)
    assert "Xem số định danh" not in words(postal.get(address).text)
    assert postal.post(f"{address}/identity", data={"purpose": "xem"}).status_code == 403


def test_an_inspector_reads_the_history_and_computes_again(login):
    address = accepted(login(RECEIVER))
    inspector = login(INSPECTOR)
    history = inspector.get(f"{address}/history")
    shown = words(history.text)
    assert "Nhật ký nguyên vẹn" in shown
    assert re.findall(r'aria-current="page">([^<]+)<', history.text) == ["Hồ sơ"]
    assert "Phạm Thị Bích Ngân Ủy ban nhân dân phường Cao Lãnh" in shown
    replay = re.search(r'action="([^"]+/replay)"', history.text)[1]
    result = words(inspector.post(replay).text)
    hashes = re.findall(r"[0-9a-f]{64}", result)
    assert "Trùng khớp hoàn toàn" in result
    assert len(hashes) == 2
    assert hashes[0] == hashes[1]
    assert "36.000 đ" in result
    assert "Tính lại để kiểm tra lần tính 1: trùng khớp" in words(inspector.get(f"{address}/history").text)


def test_what_an_earlier_engine_kept_is_told_to_be_whole_in_both_languages(login, monkeypatch):
    with monkeypatch.context() as then:
        then.setattr("rules.evaluation.evaluate.Evaluation", lambda **parts: Evaluation(**{**parts, "engine": 1}))
        address = accepted(login(RECEIVER))
    inspector = login(INSPECTOR)
    replay = re.search(r'action="([^"]+/replay)"', inspector.get(f"{address}/history").text)[1]
    assert "Kết quả đã lưu còn nguyên vẹn, do bộ tính số 1 làm." in words(inspector.post(replay).text)
    assert "trùng khớp; đã lưu bằng bộ tính số 1" in words(inspector.get(f"{address}/history").text)
    inspector.get("/lang/en")
    assert "The kept outcome is whole; engine 1 worked it out." in words(inspector.post(replay).text)


def test_a_replay_is_never_made_by_a_link(login):
    address = accepted(login(RECEIVER))
    assert login(INSPECTOR).get(f"{address}/evaluations/{NOWHERE}/replay").status_code == 405
    assert login(INSPECTOR).post(f"{address}/evaluations/{NOWHERE}/replay").status_code == 404


ROLES = (RECEIVER, PROCESSOR, LEADER, INSPECTOR, POSTAL, "danhmuc", "quantri", "pheduyet")
OPEN_TO = {
    "/reception/": {RECEIVER, POSTAL},
    "/dossiers/": {RECEIVER, PROCESSOR, LEADER, INSPECTOR, POSTAL},
    "{dossier}": {RECEIVER, PROCESSOR, LEADER, INSPECTOR, POSTAL},
    "{dossier}/receipt.pdf": {RECEIVER, PROCESSOR, LEADER, INSPECTOR, POSTAL},
    "{dossier}/history": {LEADER, INSPECTOR},
    "POST {dossier}/take-over": {PROCESSOR},
    "POST {dossier}/evaluations/{nowhere}/replay": set(),
    f"POST /reception/{COPIES}/preview": {RECEIVER, POSTAL},
}


def test_each_page_opens_to_the_roles_that_need_it_and_to_no_other(login):
    address = accepted(login(RECEIVER))
    opened: dict[str, set[str]] = {page: set() for page in OPEN_TO}
    sent = {"lock_version": "1", "desk": "phuong-cao-lanh"}
    for user_name in ROLES:
        browser = login(user_name)
        for page in OPEN_TO:
            method, _, path = page.rpartition(" ")
            path = path.format(dossier=address, nowhere=NOWHERE)
            answer = browser.post(path, data=sent) if method else browser.get(path)
            assert answer.status_code in (200, 302, 403, 404, 409), (user_name, page, answer.status_code)
            if answer.status_code in (200, 302):
                opened[page].add(user_name)
    assert opened == OPEN_TO


@pytest.mark.parametrize("path", ["/reception/", f"/reception/{COPIES}", "/dossiers/", f"/dossiers/{NOWHERE}/history"])
def test_a_stranger_is_sent_to_the_login(client, path):
    assert "/login/" in client.get(path).headers["Location"]


def test_nothing_is_received_without_the_token_of_the_page(app, login):
    browser = login(RECEIVER)
    hidden = keys(browser)
    app.config["WTF_CSRF_ENABLED"] = True
    assert browser.post(f"/reception/{COPIES}", data=typed(**hidden)).status_code == 400
    assert count(app, Dossier) == 0


def test_what_people_type_is_never_markup(login):
    hostile = "<script>alert(1)</script>"
    browser = login(RECEIVER)
    address = accepted(browser, **{"applicant-full_name": hostile, "answers-originals-0-title": hostile})
    for path in (address, "/dossiers/?shelf=all", f"{address}/beside", f"/dossiers/?q={hostile}"):
        assert hostile not in browser.get(path).text
    assert "&lt;script&gt;" in browser.get(address).text
    assert hostile not in browser.post(PREVIEW, data=typed(**{"answers-originals-0-title": hostile})).text


def test_a_procedure_that_is_not_published_cannot_be_received(browser):
    answer = browser.get("/reception/9.999999")
    assert answer.status_code == 404
    assert "chưa có phiên bản đang áp dụng" in words(answer.text)


def test_no_page_of_the_desk_needs_an_inline_script_or_style(login):
    receiver, inspector = login(RECEIVER), login(INSPECTOR)
    address = accepted(receiver)
    pages = [receiver.get(path).text for path in ("/reception/", f"/reception/{COPIES}", "/dossiers/", address)]
    pages += [inspector.get(f"{address}/history").text, receiver.get(f"/reception/received/{address[10:]}").text]
    for page in pages:
        assert not re.search(r"<script(?![^>]*(?:\bsrc=|application/json))|\sstyle=|\son[a-z]+=", page)


def lines_of(page: str) -> dict[str, str]:
    """The error summary of a page: the id each line leads to, and its words."""
    summary = re.search(r'class="error-summary".*?</ul>', page, re.S)
    found = re.findall(r'<a href="#([^"]+)">(.*?)</a>', summary[0], re.S) if summary else []
    return {target: html.unescape(said) for target, said in found}


def test_choosing_an_organisation_shows_its_questions_and_hides_those_of_a_person(browser):
    sent = typed(**keys(browser), **{"applicant-applicant_kind": "organisation"})
    page = browser.post(f"/reception/{COPIES}", data=sent | {"refresh": "1"}).text
    for name in ("organisation_name", "decision_number", "seat", "representative_name", "representative_id"):
        assert f'data-answer="applicant-{name}" class' in page
    for name in ("full_name", "citizen_id", "birth_day", "address", "digital_citizen"):
        assert f'data-answer="applicant-{name}" hidden' in page
    assert 'data-answer="applicant-tax_code" class' in page


def test_a_wrong_answer_of_an_organisation_is_told_at_its_field_and_a_good_one_is_received(browser):
    wrong = {"applicant-tax_code": "1400999004", "applicant-representative_name": ""}
    told = lines_of(browser.post(f"/reception/{COPIES}", data=typed_for_company(**keys(browser), **wrong)).text)
    assert list(told) == ["applicant-tax_code", "applicant-representative_name"]
    assert "sai số kiểm tra" in told["applicant-tax_code"]
    answer = browser.post(f"/reception/{COPIES}", data=typed_for_company(**keys(browser)))
    assert answer.status_code == 302
    said = words(browser.get("/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]).text)
    assert "Tổ chức Công ty TNHH Sen Hồng Mã số thuế 1400999003" in said
    assert "Người đại diện Trần Văn Sáu Chức vụ Giám đốc Số định danh •••••••••235" in said
    assert "Nguyễn Thị Đào" not in said


def test_everything_that_is_missing_is_told_in_one_round_with_a_link_and_a_sentence_at_each(app, browser):
    answer = browser.post(f"/reception/{COPIES}", data={**keys(browser), "filing-channel": "counter"})
    assert answer.status_code == 422
    told = lines_of(answer.text)
    assert list(told) == [
        "applicant-applicant_kind", "applicant-full_name", "applicant-citizen_id", "applicant-birth_day",
        "applicant-phone", "applicant-address", "filing-return_channel", "answers-originals-0-title",
        "answers-originals-0-pages", "answers-originals-0-copies", "answers-original_finding", "received-original",
    ]  # fmt: skip
    assert told["received-original"] == "Còn thiếu giấy tờ: Bản chính giấy tờ, văn bản."
    for target in told:
        assert f'id="{target}-error"' in answer.text, target
        assert f'id="{target}"' in answer.text, target
    assert "data-error-summary" in answer.text
    mended = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser)))
    assert mended.status_code == 302
    assert count(app, Dossier) == 1


def test_what_the_fee_hangs_on_is_asked_together_with_what_is_left_blank(app, login):
    with app.app_context():
        desk.publish(desk.EXTRACT)
    browser = login(RECEIVER)
    sent = {"filing-channel": "counter", "filing-return_channel": "counter", "applicant-applicant_kind": "individual"}
    told = lines_of(browser.post(f"/reception/{desk.EXTRACT}", data={**keys(browser, desk.EXTRACT), **sent}).text)
    for target in ("applicant-full_name", "applicant-digital_citizen-0", "answers-copies", "received-request"):
        assert target in told
    assert "hãy trả lời, vì phí" in told["applicant-digital_citizen-0"]


def test_a_new_version_is_told_together_with_all_that_is_missing(app, login):
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE)
    browser = login(RECEIVER)
    sent = typed(**keys(browser, texts.CODE), **{"applicant-phone": "", "answers-copies": "3"})
    with app.app_context():
        desk.publish(texts.CODE, texts.DEARER)
    answer = browser.post(f"/reception/{texts.CODE}", data=sent)
    assert answer.status_code == 409
    assert "vừa có phiên bản mới" in words(answer.text)
    assert {"applicant-phone", "received-declaration"} <= set(lines_of(answer.text))


def test_a_question_that_does_not_show_yet_is_not_asked_before_the_answer_that_shows_it(app, login):
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE)
    browser = login(RECEIVER)
    sent = {"filing-channel": "online", "answers-copies": "3", "received": "declaration"}
    sent = typed(**keys(browser, texts.CODE), **{**sent, "answers-original_finding": None})
    assert set(lines_of(browser.post(f"/reception/{texts.CODE}", data=sent).text)) == {"answers-says_why-0"}
    sent["answers-says_why"] = "true"
    assert set(lines_of(browser.post(f"/reception/{texts.CODE}", data=sent).text)) == {"answers-purpose"}


@pytest.mark.parametrize(
    ("definition", "question", "answers"),
    [
        (texts.WHOLE, "answers-says_why", ("true", "false")),
        (
            texts.WHOLE.replace('shown_when: {says_why: "true"}', "required: false"),
            "answers-purpose",
            ("study", "work"),
        ),
        ("", "applicant-digital_citizen", ("true", "false")),
    ],
)
def test_an_answer_never_turns_its_question_into_an_optional_one(app, login, definition, question, answers):
    with app.app_context():
        desk.publish(desk.EXTRACT, definition)
    browser = login(RECEIVER)
    for answer in (None, *answers):
        data = typed(**{"answers-copies": "3", question: answer})
        assert asks_for(browser.post(f"/reception/{desk.EXTRACT}/preview", data=data).text, question), answer


def test_a_question_that_nothing_hangs_on_stays_optional_when_it_is_answered(app, login):
    with app.app_context():
        desk.publish(desk.EXTRACT)
    browser = login(RECEIVER)
    for answer in (None, "01/01/2020"):
        page = browser.post(
            f"/reception/{desk.EXTRACT}/preview",
            data=typed(**{"answers-copies": "3", "answers-registered_on": answer}),
        ).text
        assert not asks_for(page, "answers-registered_on"), answer


def test_a_dossier_that_may_not_be_received_is_refused_with_its_basis_and_nothing_goes_on(app, browser):
    erased = {"answers-original_finding": "erased", "received": None, "applicant-phone": ""}
    panel = browser.post(PREVIEW, data=typed(**erased))
    answer = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser), **erased))
    assert answer.status_code == 422
    for said in (words(panel.text), words(answer.text)):
        assert "Không được tiếp nhận Bản chính bị tẩy xóa" in said
        assert "khoản 1 Điều 22 Nghị định 23/2015/NĐ-CP" in said
        assert "Ghi tên người nộp rồi bấm “Từ chối tiếp nhận và in phiếu”" in said
        assert "Hồ sơ không được tiếp nhận nên không nhận giấy tờ nào." in said
        for going_on in ("36.000", "Hẹn trả kết quả", "Giấy tờ cần nhận", "bổ sung", "Còn thiếu"):
            assert going_on not in said, going_on
    assert "Lập Phiếu từ chối tiếp nhận giải quyết hồ sơ (mẫu số 03, Thông tư 03/2025/TT-VPCP)" in words(answer.text)
    assert lines_of(answer.text) == {}
    assert 'tabindex="-1" data-error-summary' in answer.text
    assert 'value="Bằng tốt nghiệp"' in answer.text
    assert (count(app, Dossier), count(app, NumberCounter)) == (0, 0)


def test_before_the_cutoff_on_the_eve_of_a_day_off_screen_and_receipt_give_the_same_day_and_reason(
    app, browser, login, monkeypatch
):
    eve = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)  # Monday 14:59 in Vietnam; Tuesday is off
    for module in ("reception", "dossier"):
        monkeypatch.setattr(f"app.web.officer.{module}.now", lambda: eve)
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE)
    sent = typed(
        **keys(browser, texts.CODE), **{"answers-copies": "3", "answers-says_why": "false"}, received="declaration"
    )
    shown = words(browser.post(f"/reception/{texts.CODE}/preview", data=sent).text)
    assert "27/11/2026 17:00 24/11 nghỉ Ngày Văn hóa Việt Nam." in shown
    answer = browser.post(f"/reception/{texts.CODE}", data=sent)
    assert answer.status_code == 302, words(answer.text)
    address = "/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]
    assert "Hẹn trả kết quả 27/11/2026 17:00" in words(browser.get(answer.headers["Location"]).text)
    assert "27/11/2026 17:00 24/11 nghỉ Ngày Văn hóa Việt Nam." in words(login(PROCESSOR).get(address).text)
    paper = PdfReader(BytesIO(browser.get(f"{address}/receipt.pdf").data))
    assert "24/11 nghỉ Ngày Văn hóa Việt Nam" in " ".join(paper.pages[0].extract_text().split())
    same_day = typed(**keys(browser))
    assert "23/11/2026 17:00 Theo quy định" in words(browser.post(PREVIEW, data=same_day).text)


def test_a_form_that_the_rules_refuse_offers_the_refusal_and_no_acceptance(browser):
    acceptance, refusal = "Tiếp nhận hồ sơ</button>", "Từ chối tiếp nhận và in phiếu</button>"
    opened = browser.get(f"/reception/{COPIES}").text
    assert (acceptance in opened, refusal in opened) == (True, False)
    listed = re.search(r'name="listed" value="([^"]+)"', opened)[1]
    for page in (
        browser.post(PREVIEW, data=typed(listed=listed, **{"answers-original_finding": "erased"})).text,
        browser.post(
            f"/reception/{COPIES}", data=typed(**keys(browser), **{"answers-original_finding": "erased"})
        ).text,
    ):
        assert (acceptance in page, refusal in page) == (False, True)
        assert f'formaction="/reception/{COPIES}/refuse"' in page
    mended = browser.post(PREVIEW, data=typed(listed="refused")).text
    assert (acceptance in mended, refusal in mended) == (True, False)


def test_a_refusal_is_kept_printed_as_form_03_and_found_by_who_inspects(app, browser, login):
    refused = {"answers-original_finding": "erased", "received": None, "applicant-citizen_id": ""}
    sent = typed(**keys(browser), **refused)
    answer = browser.post(f"/reception/{COPIES}/refuse", data=sent)
    assert answer.status_code == 302, words(answer.text)
    address = answer.headers["Location"]
    assert re.fullmatch(r"/refusals/[0-9a-f-]{36}", address)
    assert browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"] == address
    paper = browser.get(f"{address}/form-03.pdf")
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages).split())
    for said in (
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Mẫu số 03, Phụ lục I, Thông tư số 03/2025/TT-VPCP",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Đào (Trực tiếp)",
        "Bản chính bị tẩy xóa, sửa chữa, thêm bớt nội dung không hợp lệ.",
        "Căn cứ: khoản 1 Điều 22 Nghị định 23/2015/NĐ-CP.",
        "mã thủ tục: 2.000815",
        "Ủy ban nhân dân phường Cao Lãnh",
    ):
        assert said in printed, said
    assert browser.get(f"{address}/form-03.pdf").data == paper.data
    for user_name in (RECEIVER, LEADER, INSPECTOR):
        reader = login(user_name)
        assert address in reader.get("/refusals/").text
        page = words(reader.get(address).text)
        assert "khoản 1 Điều 22 Nghị định 23/2015/NĐ-CP" in page
        assert "Tên giấy tờ: Bằng tốt nghiệp" in page
    assert "Nguyễn Thị Đào" in words(browser.get("/refusals/?q=2.000815").text)
    assert "Không có phiếu từ chối nào khớp." in words(browser.get("/refusals/?q=1.001193").text)
    assert login(OTHER_RECEIVER).get(address).status_code == 404
    assert address not in login(OTHER_RECEIVER).get("/refusals/").text
    assert count(app, Dossier) == 0
    with app.app_context():
        [line] = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "refusal")).all()
        assert line.act == "refuse_reception"
        assert "Đào" not in str(line.detail)


def test_a_refusal_is_found_by_the_whole_identity_number_within_ones_units_and_the_record_does_not_show_it(
    app, browser, login
):
    erased = {"answers-original_finding": "erased"}
    address = browser.post(f"/reception/{COPIES}/refuse", data=typed(**keys(browser), **erased)).headers["Location"]
    nameless = typed(**keys(browser), **erased, **{"applicant-citizen_id": ""})
    numberless = browser.post(f"/reception/{COPIES}/refuse", data=nameless).headers["Location"]
    for number in ("087190001234", " 087190 001234 "):
        found = browser.post("/refusals/find", data={"q": number}).text
        assert (address in found, numberless in found) == (True, False)
        assert address not in browser.get("/refusals/", query_string={"q": number}).text
    for other in ("08719000123", "087190001235"):
        assert "Không có phiếu từ chối nào khớp." in words(browser.post("/refusals/find", data={"q": other}).text)
    assert browser.post("/refusals/find", data={"q": " 2.000815 "}).headers["Location"] == "/refusals/?q=2.000815"
    assert browser.get("/refusals/find").headers["Location"] == "/refusals/"  # a step back in the browser
    assert address not in login(OTHER_RECEIVER).post("/refusals/find", data={"q": "087190001234"}).text
    with app.app_context():
        lines = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "refusal")).all()
        assert not any("087190001234" in str(line.detail) for line in lines)
        assert sorted("person" in line.detail for line in lines) == [False, True]


def test_the_grounds_of_a_refusal_are_told_in_the_readers_language_and_form_03_stays_vietnamese(app, browser):
    sent = typed(**keys(browser), **{"answers-original_finding": "erased"})
    address = browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"]
    browser.get("/lang/en")
    for page in ("/refusals/", address):
        shown = words(browser.get(page).text)
        assert "The original is erased, altered or added to unlawfully." in shown, shown
        assert "Bản chính bị tẩy xóa" not in shown
    assert "Article 22, clause 1, Decree 23/2015/NĐ-CP" in words(browser.get(address).text)
    paper = PdfReader(BytesIO(browser.get(f"{address}/form-03.pdf").data))
    printed = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "Bản chính bị tẩy xóa" in printed
    assert "Decree" not in printed
    with app.app_context(), acting(RECEIVER) as rights:
        kept = last_entry(db.session(), "refusal", address.rsplit("/", 1)[1])
        assert kept.detail["grounds"][0]["sentence"]["en"].startswith("The original is erased")
        assert refusals.slip(db.session(), UUID(kept.object_id), rights).paper.grounds[0].sentence.startswith("Bản")


def test_a_refusal_kept_before_its_grounds_spoke_english_is_still_shown_and_still_the_same(app, browser, monkeypatch):
    in_both = refusals.Text.to_data
    monkeypatch.setattr(refusals.Text, "to_data", lambda text: text.vi)
    sent = typed(**keys(browser), **{"answers-original_finding": "erased"})
    address = browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"]
    monkeypatch.setattr(refusals.Text, "to_data", in_both)
    assert "Bản chính bị tẩy xóa" in words(browser.get(address).text)
    assert browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"] == address
    with app.app_context():
        assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "refusal")).all()) == 1


def test_a_refusal_sent_again_with_something_mended_gets_a_new_slip_and_the_former_stays_on_record(app, browser):
    opened = keys(browser)
    erased = {"answers-original_finding": "erased"}
    first = browser.post(f"/reception/{COPIES}/refuse", data=typed(**opened, **erased)).headers["Location"]
    again = browser.post(
        f"/reception/{COPIES}/refuse", data=typed(**opened, **erased, **{"applicant-full_name": "Nguyễn Thị Đào Hoa"})
    ).headers["Location"]
    assert first == again
    assert "Nguyễn Thị Đào Hoa" in words(browser.get(again).text)
    with app.app_context():
        lines = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "refusal")).all()
        assert [line.detail["number"][-6:] for line in lines] == ["TC0001", "TC0002"]


def test_nothing_is_refused_that_the_rules_let_in_nor_without_a_name(app, browser):
    eligible = browser.post(f"/reception/{COPIES}/refuse", data=typed(**keys(browser)))
    assert eligible.status_code == 409
    assert "không thuộc trường hợp từ chối nên chưa lập phiếu nào" in words(eligible.text)
    nameless = {"answers-original_finding": "erased", "applicant-full_name": ""}
    answer = browser.post(f"/reception/{COPIES}/refuse", data=typed(**keys(browser), **nameless))
    assert answer.status_code == 422
    assert list(lines_of(answer.text)) == ["applicant-full_name"]
    assert count(app, NumberCounter) == 0


def test_papers_ticked_before_a_refusal_are_still_ticked_after_the_slip_was_mended(browser):
    refused = browser.post(
        f"/reception/{COPIES}", data=typed(**keys(browser), **{"answers-original_finding": "secret"})
    )
    assert '<input type="hidden" name="received" value="original">' in refused.text
    mended = browser.post(PREVIEW, data=typed(listed="refused")).text
    assert re.search(r'value="original" checked', mended)


def test_the_list_of_papers_is_left_alone_while_it_stays_the_same(browser):
    listed = re.search(r'name="listed" value="([^"]+)"', browser.post(PREVIEW, data=typed()).text)[1]
    assert 'id="checklist"' not in browser.post(PREVIEW, data=typed(listed=listed)).text
    assert (
        'id="checklist"'
        in browser.post(PREVIEW, data=typed(listed=listed, **{"answers-original_finding": "erased"})).text
    )


def test_a_birth_in_the_future_is_refused_at_its_field_and_gives_no_fee(app, login):
    with app.app_context():
        desk.publish(desk.BIRTH)
    browser = login(RECEIVER)
    years = {"applicant-birth_day": "01/01/2130", "answers-birth_day": "02/02/2130"}
    sent = typed(**keys(browser, desk.BIRTH), **{**years, "answers-child_name": "Trần An", "answers-copies": "0"})
    answer = browser.post(f"/reception/{desk.BIRTH}", data=sent)
    assert answer.status_code == 422
    told = lines_of(answer.text)
    assert "01/01/2130 là ngày chưa tới, hãy nhập ngày không sau hôm nay" in told["applicant-birth_day"]
    assert "02/02/2130 là ngày chưa tới" in told["answers-birth_day"]
    assert 'value="02/02/2130"' in answer.text
    assert re.search(r'id="answers-birth_day"[^>]*|data-latest="\d{4}-\d\d-\d\d"', answer.text)
    assert "Lệ phí đăng ký khai sinh Chưa đủ thông tin" in words(answer.text)
    assert count(app, Dossier) == 0


def test_a_day_of_signing_after_today_is_told_at_its_field_and_nothing_is_recorded(app, login):
    address = accepted(login(RECEIVER))
    browser = login(PROCESSOR)
    sent = {**RULING, "ruling-signed_on": "01/01/2130", "lock_version": version_of(browser, address)}
    answer = browser.post(f"{address}/decide", data=sent)
    assert answer.status_code == 422
    assert "“Ngày ký”: 01/01/2130 là ngày chưa tới" in lines_of(answer.text)["ruling-signed_on"]
    assert 'id="ruling-signed_on-error"' in answer.text
    assert "Đã chứng thực 3 bản." in words(answer.text)
    assert count(app, DossierResult) == 0


def test_two_sendings_at_once_both_end_on_the_page_of_the_one_dossier(app, browser, login):
    sent = typed(**keys(browser))
    desks = [browser, login(RECEIVER)]
    start = Barrier(2)

    def send(number: int) -> tuple[int, str]:
        start.wait(timeout=20)
        answer = desks[number].post(f"/reception/{COPIES}", data=sent)
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(2) as pool:
        [first, second] = pool.map(send, range(2))
    assert first == second
    assert first[0] == 302
    assert re.fullmatch(r"/reception/received/[0-9a-f-]{36}", first[1])
    assert count(app, Dossier) == 1

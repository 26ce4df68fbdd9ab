"""The form at the counter: what it asks for, what stands beside it, what a click on accept does."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from werkzeug.datastructures import MultiDict

from app.storage.dossier import Dossier, NumberCounter
from rules.match.durable_kernel import Kernel
from tests import desk
from tests import procedure_texts as texts
from tests.desk import (
    COPIES,
    PROCESSOR,
    RECEIVER,
    typed,
    typed_for_company,
)
from tests.desk_pages import (
    AT_FILING,
    PREVIEW,
    asks_for,
    birth_with_a_finding,
    count,
    keys,
    lines_of,
    panel,
    shows,
    words,
)


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


def test_a_finding_that_decides_over_the_acceptance_is_never_called_optional(browser):
    for finding in (None, "none", "erased"):
        page = browser.post(PREVIEW, data=typed(**{"answers-original_finding": finding})).text
        assert asks_for(page, "answers-original_finding"), finding
    refused = browser.post(
        f"/reception/{COPIES}", data=typed(**keys(browser), **{"answers-original_finding": "erased"})
    )
    assert re.search(r'<label for="answers-original_finding">[^<]* <span[^>]*data-optional hidden', refused.text)


def test_a_finding_that_changes_nothing_for_this_dossier_may_be_left_out(app, browser):
    with app.app_context():
        desk.publish(desk.BIRTH, birth_with_a_finding())
    sent = typed(**{"answers-in_register": "true", "answers-birth_day": "02/11/2020"})
    for channel, asked in (("counter", False), ("online", True)):
        sent["filing-channel"] = channel
        page = browser.post(f"/reception/{desk.BIRTH}/preview", data=sent).text
        assert asks_for(page, "answers-in_register") == asked, channel


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


def test_a_procedure_that_is_not_published_cannot_be_received(browser):
    answer = browser.get("/reception/9.999999")
    assert answer.status_code == 404
    assert "chưa có phiên bản đang áp dụng" in words(answer.text)


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

"""The pages of setting by hand: for a received dossier without an amount, and for a form that could not be computed."""

import html
import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from app.clock import local, now
from app.extensions import db
from app.storage.dossier import Dossier, NumberCounter
from app.storage.evaluation import EvaluationRecord
from app.storage.hand_ruling import HandRequest, HandRuling
from app.storage.procedure import Procedure
from tests import desk
from tests.conftest import Beforehand
from tests.desk import COPIES, INSPECTOR, LEADER, OTHER_RECEIVER, PROCESSOR, RECEIVER, acting, typed
from tests.hand import NO_AMOUNT, OPEN_CODE, differing

WHY = {
    "hand-document": "118/2025/NĐ-CP",
    "hand-article": "Điều 17 khoản 3",
    "hand-reason": "Quy định chưa nêu mức cho hồ sơ nộp qua bưu chính.",
}

EXAMPLE = "Mức thu của Hà Nội, dùng làm ví dụ"


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def hidden(page: str, *names: str) -> dict[str, str]:
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in names}


def count(app, table: type, user_name: str = LEADER) -> int:
    with app.app_context(), acting(user_name):
        return db.session.scalar(select(func.count()).select_from(table))


def printed(browser: FlaskClient, address: str) -> str:
    paper = browser.get(f"{address}/receipt.pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages).split())


def publish_without_amount() -> None:
    desk.publish(OPEN_CODE, NO_AMOUNT)


@pytest.fixture
def beforehand() -> Beforehand:
    return publish_without_amount


@pytest.fixture
def unpriced(app, login) -> str:
    """The address of a received dossier whose fee no rule gives."""
    browser = login(RECEIVER)
    keys = hidden(browser.get(f"/reception/{OPEN_CODE}").text, "intake_key", "desk", "version")
    sent = {"filing-channel": "post", "answers-copies": "3", "answers-says_why": "false"}
    answer = browser.post(f"/reception/{OPEN_CODE}", data=typed(**keys, **sent, received="declaration"))
    assert answer.status_code == 302, words(answer.text)
    return "/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]


def form_of(browser: FlaskClient, address: str) -> dict[str, str]:
    return hidden(browser.get(f"/by-hand{address}").text, "lock_version", "act_key")


def test_an_amount_that_no_rule_gives_is_told_on_the_dossier_the_list_and_the_confirmation(login, unpriced):
    officer = login(PROCESSOR)
    shown = words(officer.get(unpriced).text)
    assert "Chưa có mức thu: chờ lãnh đạo ấn định, chưa thu tiền" in shown
    assert "Chưa có quy định áp dụng" in shown
    assert "Ấn định bằng tay…" not in shown
    listed = words(officer.get("/dossiers/?shelf=unpriced").text)
    assert "Chưa có mức thu 1" in listed
    assert "Đã tiếp nhận Chưa có mức thu" in listed


def test_the_desk_is_warned_not_to_collect_until_the_leader_has_set_the_amount(login, unpriced):
    warning, step = "Chưa thu tiền khoản chưa có mức", "Chưa thu Phí bản sao: chờ lãnh đạo ấn định mức thu."
    desk_officer, leader = login(RECEIVER), login(LEADER)
    place = unpriced.replace("/dossiers/", "/reception/received/")
    before = words(desk_officer.get(place).text)
    assert warning in before
    assert step in before
    leader.post(f"/by-hand{unpriced}", data={**form_of(leader, unpriced), **WHY, "hand-amount_copy_fee": "15.000"})
    after = words(desk_officer.get(place).text)
    assert warning not in after
    assert step not in after


def test_a_setting_mended_after_the_dossier_moved_on_is_told_and_not_recorded(app, login, unpriced):
    leader, officer = login(LEADER), login(PROCESSOR)
    sent = {**form_of(leader, unpriced), **WHY, "hand-amount_copy_fee": "mười"}
    officer.post(f"{unpriced}/take-over", data=hidden(officer.get(unpriced).text, "lock_version"))
    wrong = leader.post(f"/by-hand{unpriced}", data=sent)
    assert wrong.status_code == 422
    mended = {**sent, **hidden(wrong.text, "lock_version"), "hand-amount_copy_fee": "15.000"}
    again = leader.post(f"/by-hand{unpriced}", data=mended)
    assert again.status_code == 409
    assert "Huỳnh Văn Lộc đã làm việc “Nhận giải quyết”" in words(again.text)
    assert count(app, HandRuling) == 0


def test_a_leader_sets_the_amount_and_everybody_sees_who_why_and_on_which_basis(login, unpriced):
    leader = login(LEADER)
    assert f"/by-hand{unpriced}" in leader.get(unpriced).text
    page = leader.get(f"/by-hand{unpriced}")
    assert "Chỉ ấn định khoản mà quy định chưa có mức" in words(page.text)
    assert '<option value="118/2025/NĐ-CP">' in page.text
    assert 'name="hand-due"' not in page.text
    answer = leader.post(
        f"/by-hand{unpriced}", data={**form_of(leader, unpriced), **WHY, "hand-amount_copy_fee": "15.000"}
    )
    assert answer.status_code == 302, words(answer.text)
    for user_name, address in ((PROCESSOR, unpriced), (PROCESSOR, f"{unpriced}/beside"), (INSPECTOR, unpriced)):
        shown = words(login(user_name).get(address).text)
        assert "15.000 đ Phí · thu khi trả kết quả Ấn định bằng tay" in shown
        assert "Ai ấn định Dương Thị Hồng Gấm, Phó Chủ tịch Ủy ban nhân dân phường" in shown
        assert "Lý do Quy định chưa nêu mức cho hồ sơ nộp qua bưu chính." in shown
        assert "Căn cứ Điều 17 khoản 3 Nghị định 118/2025/NĐ-CP" in shown
    assert "Đã tiếp nhận Ấn định bằng tay" in words(leader.get("/dossiers/?shelf=all").text)
    history = words(login(INSPECTOR).get(f"{unpriced}/history").text)
    assert "Ấn định mức thu, hạn bằng tay ấn định bằng tay; Phí bản sao: 15.000 đ; lý do: Quy định chưa nêu" in history
    assert "Nhật ký nguyên vẹn" in history
    paper = printed(login(RECEIVER), unpriced)
    assert "15.000" in paper
    assert "Ấn định bằng tay. Quy định chưa nêu mức" in paper
    assert "Phí do Dương Thị Hồng Gấm" in paper


def test_only_a_figure_is_called_an_example_and_what_was_set_by_hand_is_none(login, unpriced):
    officer, leader = login(PROCESSOR), login(LEADER)
    before = words(officer.get(unpriced).text)
    assert "Chưa có quy định áp dụng Phí" in before
    assert EXAMPLE not in before
    leader.post(f"/by-hand{unpriced}", data={**form_of(leader, unpriced), **WHY, "hand-amount_copy_fee": "15.000"})
    after = words(officer.get(unpriced).text)
    assert "15.000 đ Phí" in after
    assert EXAMPLE not in after


def test_a_leader_reads_how_the_dossier_was_filed_before_setting_by_hand(login, unpriced):
    shown = words(login(LEADER).get(f"/by-hand{unpriced}").text)
    assert "Cách nộp Qua bưu chính Cách nhận kết quả Nhận trực tiếp tại nơi nộp" in shown
    assert "Số bản cần cấp 3 bản" in shown


def test_what_a_leader_leaves_out_is_told_at_its_field_with_everything_kept(app, login, unpriced):
    leader = login(LEADER)
    sent = {**form_of(leader, unpriced), "hand-amount_copy_fee": "mười", "hand-article": "Điều 5"}
    answer = leader.post(f"/by-hand{unpriced}", data=sent)
    assert answer.status_code == 422
    for field in ("hand-amount_copy_fee", "hand-document", "hand-reason"):
        assert f'href="#{field}"' in answer.text
    assert 'value="mười"' in answer.text
    assert 'value="Điều 5"' in answer.text
    assert count(app, HandRuling) == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"hand-amount_copy_fee": "0"}, "số tiền 0 phải kèm lý do không thu"),
        ({"hand-document": "1/1"}, "Sổ văn bản không có văn bản số “1/1” còn hiệu lực"),
        ({"lock_version": "7"}, "Trang vừa gửi mở trước việc đó"),
        ({"lock_version": ""}, "Trang vừa gửi mở trước việc đó"),
    ],
)
def test_a_refused_setting_stays_on_its_form(app, login, unpriced, changes, says):
    leader = login(LEADER)
    sent = {**form_of(leader, unpriced), **WHY, "hand-amount_copy_fee": "15000", **changes}
    answer = leader.post(f"/by-hand{unpriced}", data=sent)
    assert answer.status_code in (409, 422)
    assert says in words(answer.text)
    assert "Quy định chưa nêu mức" in answer.text
    assert count(app, HandRuling) == 0


def test_a_double_click_is_one_ruling_and_setting_again_keeps_the_former(app, login, unpriced):
    leader = login(LEADER)
    sent = {**form_of(leader, unpriced), **WHY, "hand-amount_copy_fee": "15000"}
    for _ in range(2):
        assert leader.post(f"/by-hand{unpriced}", data=sent).status_code == 302
    assert count(app, HandRuling) == 1
    again = leader.get(f"/by-hand{unpriced}")
    assert "Ấn định lại sẽ thay lần trước" in words(again.text)
    assert 'value="15.000"' in again.text
    more = {**form_of(leader, unpriced), **WHY, "hand-amount_copy_fee": "12000", "hand-reason": "Ghi nhầm."}
    assert leader.post(f"/by-hand{unpriced}", data=more).status_code == 302
    history = words(login(INSPECTOR).get(f"{unpriced}/history").text)
    assert "Đã được ấn định lại Phí bản sao 15.000 đ" in history
    assert "12.000 đ" in words(leader.get(unpriced).text)


def test_a_dossier_with_every_amount_from_the_rules_offers_nothing_to_set(app, login):
    with app.app_context():
        desk.publish(COPIES)
        dossier_id = desk.received()
    leader = login(LEADER)
    assert "Ấn định bằng tay…" not in words(leader.get(f"/dossiers/{dossier_id}").text)
    assert "không có khoản nào chờ ấn định" in words(leader.get(f"/by-hand/dossiers/{dossier_id}").text)
    answer = leader.post(f"/by-hand/dossiers/{dossier_id}", data={**WHY, "lock_version": "1"})
    assert answer.status_code == 409


# ---- a form that could not be computed ----


@pytest.fixture
def certified(app) -> None:
    with app.app_context():
        desk.publish(COPIES)


@pytest.fixture
def asked(app, login, certified, monkeypatch) -> str:
    """The address of a request that the officer sent from the refused form."""
    browser = login(RECEIVER)
    keys = hidden(browser.get(f"/reception/{COPIES}").text, "intake_key", "desk", "version")
    with differing(monkeypatch):
        refused = browser.post(f"/reception/{COPIES}", data=typed(**keys))
        assert refused.status_code == 422
        assert f'form="intake" formaction="/by-hand/ask/{COPIES}"' in refused.text
        sent = typed(**keys, note="Người nộp đang chờ.")
        places = {browser.post(f"/by-hand/ask/{COPIES}", data=sent).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    return places.pop()


def due_in(days: int) -> str:
    return f"{local(now()) + timedelta(days=days):%d/%m/%Y %H:%M}"


def ruled(leader: FlaskClient, address: str, **changes: str) -> int:
    keys = hidden(leader.get(address).text, "lock_version", "act_key")
    sent = {**keys, **WHY, "hand-amount_certification": "36.000", "hand-due": due_in(5), **changes}
    return leader.post(f"{address}/set", data=sent).status_code


def finished(officer: FlaskClient, asked: str) -> str:
    """Finish the reception twice, as a double click would, and return the address of its confirmation."""
    sent = {**hidden(officer.get(asked).text, "lock_version"), "received": "original"}
    places = {officer.post(f"{asked}/finish", data=sent).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    return places.pop()


def test_a_form_whose_matchers_differ_waits_for_the_leader_with_its_answers(login, asked):
    officer, leader = login(RECEIVER), login(LEADER)
    waiting = words(officer.get(asked).text)
    assert "Chờ lãnh đạo" in waiting
    assert "Bằng tốt nghiệp" in waiting
    assert "087190001234" not in officer.get(asked).text
    assert "1 hồ sơ chờ bạn ở mục Chờ ấn định" in words(leader.get("/dossiers/").text)
    listed = words(leader.get("/by-hand/").text)
    assert "Nguyễn Thị Đào Chứng thực bản sao từ bản chính" in listed
    assert "Chờ bạn ấn định" in listed
    asks = words(leader.get(asked).text)
    assert "Người nộp đang chờ." in asks
    assert "Hai cách tính khác nhau ở bảng" in asks
    assert "Kết quả kiểm tra bản chính Không có vi phạm" in asks
    assert "Giấy tờ đã nhận Bản chính giấy tờ, văn bản" in asks


def test_the_officer_finishes_what_the_leader_set_and_it_is_marked_everywhere(app, login, asked):
    officer, leader = login(RECEIVER), login(LEADER)
    assert ruled(leader, asked) == 302
    assert "1 hồ sơ chờ bạn ở mục Chờ ấn định" in words(officer.get("/dossiers/").text)
    page = officer.get(asked).text
    assert "36.000 đ" in words(page)
    assert re.search(r'name="received" value="original" checked', page)
    place = finished(officer, asked)
    confirmed = words(officer.get(place).text)
    assert "Tổng phí, lệ phí 36.000 đ" in confirmed
    assert "Ấn định bằng tay Ấn định bằng tay Ai ấn định Dương Thị Hồng Gấm" in confirmed
    address = "/dossiers/" + place.rsplit("/", 1)[1]
    for user_name in (RECEIVER, PROCESSOR, LEADER, INSPECTOR):
        browser = login(user_name)
        for page in (address, f"{address}/beside", "/dossiers/?shelf=all"):
            assert "Ấn định bằng tay" in words(browser.get(page).text), (user_name, page)
    paper = printed(officer, address)
    assert "Phí và hạn do Dương Thị Hồng Gấm, Phó Chủ tịch Ủy ban nhân dân phường ấn định bằng tay" in paper
    assert "36.000" in paper
    history = words(login(INSPECTOR).get(f"{address}/history").text)
    assert "Không có lần tính nào" in history
    assert "Yêu cầu gửi lãnh đạo" in history
    assert count(app, EvaluationRecord) == 0
    assert "Mở hồ sơ H20.06.14" in words(leader.get(asked).text)


def test_a_dossier_set_by_hand_goes_on_to_its_end(app, login, asked):
    officer, leader, processor = login(RECEIVER), login(LEADER), login(PROCESSOR)
    ruled(leader, asked)
    address = "/dossiers/" + finished(officer, asked).rsplit("/", 1)[1]
    decision = {"ruling-outcome": "granted", "ruling-summary": "Đã chứng thực."}
    seen = hidden(processor.get(address).text, "lock_version")
    assert processor.post(f"{address}/decide", data={**decision, **seen}).status_code == 302
    seen = hidden(officer.get(address).text, "lock_version")
    assert officer.post(f"{address}/return", data={**seen, "collected": "true"}).status_code == 302
    assert "Hồ sơ đã xong" in words(officer.get(address).text)


def test_a_request_set_by_somebody_else_in_between_is_not_set_or_declined_by_the_form_that_was_mended(
    app, login, asked
):
    leader = login(LEADER)
    keys = hidden(leader.get(asked).text, "lock_version", "act_key")
    assert ruled(login(LEADER), asked) == 302
    wrong = leader.post(f"{asked}/set", data={**keys, **WHY, "hand-amount_certification": "mười"})
    blank = leader.post(f"{asked}/decline", data=hidden(leader.get(asked).text, "lock_version"))
    assert (wrong.status_code, blank.status_code) == (422, 422)
    handed_out = set(re.findall(r'name="lock_version" value="(-?\d+)"', wrong.text))
    assert handed_out == {keys["lock_version"]}
    mended = {**keys, **WHY, "hand-amount_certification": "1.000", "hand-due": due_in(5)}
    assert leader.post(f"{asked}/set", data=mended).status_code == 409
    assert count(app, HandRuling) == 1


def test_a_declined_request_tells_the_officer_why_and_makes_no_dossier(app, login, asked):
    officer, leader = login(RECEIVER), login(LEADER)
    seen = hidden(leader.get(asked).text, "lock_version")
    empty = leader.post(f"{asked}/decline", data=seen)
    assert empty.status_code == 422
    assert "Chưa ghi lý do không ấn định" in re.search(r'id="decline-reason-error">.*?</div>', empty.text, re.S)[0]
    assert '<a href="#decline-reason">' in empty.text
    assert re.search(r'<details class="why confirm" open><summary>Không ấn định</summary>', empty.text)
    assert leader.post(f"{asked}/decline", data={**seen, "reason": "Bản chính không rõ."}).status_code == 302
    told = words(officer.get(asked).text)
    assert "Bản chính không rõ." in told
    assert "Chưa có hồ sơ nào được lập" in told
    refused = officer.post(f"{asked}/finish", data={**seen, "received": "original"})
    assert refused.status_code == 409
    assert (count(app, Dossier), count(app, NumberCounter)) == (0, 0)


def test_a_ruling_that_lacks_something_is_told_and_keeps_what_was_typed(app, login, asked):
    leader = login(LEADER)
    keys = hidden(leader.get(asked).text, "lock_version", "act_key")
    answer = leader.post(f"{asked}/set", data={**keys, **WHY, "hand-amount_certification": "36000"})
    assert answer.status_code == 422
    assert 'href="#hand-due"' in answer.text
    past = leader.post(
        f"{asked}/set", data={**keys, **WHY, "hand-amount_certification": "36000", "hand-due": "01/01/2020 08:00"}
    )
    assert past.status_code == 422
    assert "Ngày hẹn trả đã qua." in words(past.text)
    assert 'value="36.000"' in past.text or 'value="36000"' in past.text
    assert count(app, HandRuling) == 0


def test_a_paper_that_every_case_needs_must_be_there_to_finish(app, login, asked):
    officer = login(RECEIVER)
    ruled(login(LEADER), asked)
    answer = officer.post(f"{asked}/finish", data=hidden(officer.get(asked).text, "lock_version"))
    assert answer.status_code == 422
    assert "Còn thiếu giấy tờ: Bản chính giấy tờ, văn bản." in words(answer.text)
    assert count(app, Dossier) == 0


def test_a_form_that_computes_is_never_sent_to_a_leader(app, login, certified):
    browser = login(RECEIVER)
    keys = hidden(browser.get(f"/reception/{COPIES}").text, "intake_key", "desk", "version")
    answer = browser.post(f"/by-hand/ask/{COPIES}", data=typed(**keys))
    assert answer.status_code == 409
    assert "Hệ thống đã tính được phí và ngày hẹn" in words(answer.text)
    assert 'value="Bằng tốt nghiệp"' in answer.text
    assert count(app, HandRequest) == 0


def test_a_form_with_wrong_answers_is_mended_before_it_is_sent(app, login, certified, monkeypatch):
    browser = login(RECEIVER)
    keys = hidden(browser.get(f"/reception/{COPIES}").text, "intake_key", "desk", "version")
    with differing(monkeypatch):
        answer = browser.post(f"/by-hand/ask/{COPIES}", data=typed(**keys, **{"applicant-citizen_id": "12"}))
    assert answer.status_code == 422
    assert 'href="#applicant-citizen_id"' in answer.text
    assert count(app, HandRequest) == 0


def test_a_request_of_another_unit_is_not_found_whatever_is_tried(login, asked):
    for user_name in (OTHER_RECEIVER, "lanhdao.thapmuoi"):
        stranger = login(user_name)
        assert stranger.get(asked).status_code == 404
        assert asked not in stranger.get("/by-hand/").text
    assert login("lanhdao.thapmuoi").post(f"{asked}/set", data=WHY).status_code == 404
    assert login("lanhdao.thapmuoi").post(f"{asked}/decline", data={"reason": "x"}).status_code == 404
    assert login(OTHER_RECEIVER).post(f"{asked}/finish").status_code == 404


def test_the_catalogue_administrator_sees_the_alarm_on_the_page_of_the_procedure(app, login, asked):
    with app.app_context():
        procedure_id = db.session.scalars(select(Procedure.uuid).where(Procedure.code == COPIES)).one()
    page = login("danhmuc").get(f"/procedures/{procedure_id}")
    shown = words(page.text)
    assert "Báo động: hai cách tính khác nhau" in shown
    assert "Phiên bản 1" in shown
    assert re.search(r'<code title="[0-9a-f]{64}">', page.text)
    assert "Nguyễn Thị Đào" not in page.text
    assert "Báo động" not in words(login(LEADER).get(f"/procedures/{procedure_id}").text)


def test_what_people_type_by_hand_is_never_markup(login, unpriced):
    hostile = "<script>alert(1)</script>"
    leader = login(LEADER)
    sent = {**form_of(leader, unpriced), **WHY, "hand-amount_copy_fee": "1", "hand-reason": hostile}
    assert leader.post(f"/by-hand{unpriced}", data=sent).status_code == 302
    for path in (unpriced, f"{unpriced}/beside", f"{unpriced}/history", f"/by-hand{unpriced}"):
        assert hostile not in leader.get(path).text, path

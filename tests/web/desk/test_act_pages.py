"""What is done with a dossier on its page: acts, results, identity numbers, history, replay."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.extensions import db
from app.storage.audit import AuditEntry
from app.storage.dossier import Dossier, DossierResult
from rules.evaluation.outcome import Evaluation
from tests import desk
from tests import procedure_texts as texts
from tests.desk import (
    COPIES,
    INSPECTOR,
    OTHER_RECEIVER,
    POSTAL,
    PROCESSOR,
    RECEIVER,
    SECOND_PROCESSOR,
    typed,
)
from tests.desk_pages import AT_FILING, NOWHERE, RULING, accepted, count, keys, lines_of, version_of, words


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

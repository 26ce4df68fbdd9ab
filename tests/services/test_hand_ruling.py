"""Setting by hand: only what no rule gave, only by a leader, with reason and basis, and everything stays on record."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.clock import legal_day
from app.extensions import db
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import hand_request as requests
from app.services import hand_ruling as hands
from app.services import history as histories
from app.services import receipt
from app.services.errors import (
    MatchersDifferError,
    MoveNotAllowedError,
    NotAllowedError,
    NotComputableError,
    NotFoundError,
    NotReceivableError,
    StaleError,
    UnusableInputError,
)
from app.services.hand_ruling import Setting
from app.services.sample import SAMPLES
from app.services.worklist import Shelf, worklist
from app.storage.alarm import MatchAlarm
from app.storage.audit import AuditEntry, first_broken
from app.storage.dossier import ClockEventRecord, Dossier, DossierPaper, IssuedPaper, NumberCounter
from app.storage.evaluation import EvaluationRecord
from app.storage.hand_ruling import HandAmount, HandRequest, HandRuling
from app.storage.unit_of_work import unit_of_work
from tests.conftest import RUNNING, Beforehand
from tests.desk import (
    AT,
    COPIES,
    INSPECTOR,
    LEADER,
    ORIGINALS,
    OTHER_RECEIVER,
    PERSON,
    PROCESSOR,
    RECEIVER,
    acting,
    intake,
    publish,
    received,
    unit_id,
)
from tests.hand import NO_AMOUNT, OPEN_CODE, asked, differing

LATER = AT + timedelta(days=5)
FEE = "copy_fee"


def setting(**changes: Any) -> Setting:
    said: dict[str, Any] = {
        "act_key": uuid4(),
        "amounts": {FEE: 15_000},
        "zero_reasons": {},
        "due": None,
        "reason": "Quy định chưa nêu mức cho hồ sơ nộp qua bưu chính.",
        "document": "118/2025/NĐ-CP",
        "article": "Điều 17 khoản 3",
    }
    return Setting(**{**said, **changes})


def of_request(**changes: Any) -> Setting:
    return setting(**{"amounts": {"certification": 36_000}, "due": LATER, **changes})


def publish_without_amount() -> None:
    publish(OPEN_CODE, NO_AMOUNT)


@pytest.fixture
def beforehand() -> Beforehand:
    return publish_without_amount


@pytest.fixture
def open_dossier(database) -> UUID:
    """A received dossier whose fee no rule gives."""
    return received(
        code=OPEN_CODE, channel="post", facts={"copies": 3, "says_why": False}, received=frozenset({"declaration"})
    )


def set_by_hand(dossier_id: UUID, seen: int, given: Setting | None = None, by: str = LEADER) -> Dossier:
    with acting(by) as rights, unit_of_work() as work:
        dossier = hands.set_by_hand(work, dossier_id, given or setting(), rights=rights, seen_version=seen, at=AT)
        work.session.refresh(dossier)
        work.session.expunge_all()  # read after the transaction too
        return dossier


def standing(dossier_id: UUID) -> hands.Standing:
    with acting(RECEIVER) as rights:
        found = hands.standing(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights))
        db.session.expunge_all()
        return found


def stored(dossier_id: UUID) -> Dossier:
    with acting(RECEIVER) as rights:
        found = dossiers.open_dossier(db.session(), dossier_id, rights)
        db.session.expunge_all()
        return found


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def acts_of(object_id: UUID) -> list[str]:
    lines = select(AuditEntry.act).where(AuditEntry.object_id == str(object_id)).order_by(AuditEntry.sequence)
    return list(db.session.scalars(lines))


def at_once(app: Flask, times: int, act: Callable[[int], object]) -> list[object]:
    start = Barrier(times)

    def run(number: int) -> object:
        with app.app_context():
            try:
                start.wait(timeout=30)
                return act(number)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_an_amount_nobody_knows_is_not_zero_and_waits_for_a_leader(open_dossier):
    assert stored(open_dossier).money_state == "unknown"
    stands = standing(open_dossier)
    assert [(line.id, line.amount) for line in stands.points.lines] == [(FEE, None)]
    assert (stands.points.due, hands.totals(stands.lines)) == (False, {"VND": None})
    with acting(LEADER) as rights:
        page = worklist(db.session(), rights, shelf=Shelf.UNPRICED, text="", after=None, at=AT)
        assert [line.money for line in page.lines] == ["unknown"]
        assert page.counts[Shelf.UNPRICED] == 1


def test_a_leader_sets_the_amount_in_one_act_with_one_line_of_the_record(open_dossier):
    before = stored(open_dossier)
    due, version = before.appointment_due, before.lock_version
    after = set_by_hand(open_dossier, version)
    assert (after.money_state, after.lock_version, after.appointment_due) == ("due", version + 1, due)
    assert acts_of(open_dossier) == ["receive", "set_by_hand"]
    assert first_broken(db.session(), "dossier", str(open_dossier)) is None
    with acting(LEADER):
        ruling = db.session.scalars(select(HandRuling)).one()
        kept = db.session.scalars(select(EvaluationRecord)).one()
        assert (ruling.evaluation_id, ruling.request_id, ruling.supersedes_id) == (kept.id, None, None)
        assert ruling.citation == "Điều 17 khoản 3 Nghị định 118/2025/NĐ-CP"
        assert ruling.ruler_name == "Dương Thị Hồng Gấm"
        assert ruling.ruler_position == "Phó Chủ tịch Ủy ban nhân dân phường"
    stands = standing(open_dossier)
    assert hands.totals(stands.lines) == {"VND": 15_000}
    with acting(LEADER) as rights:
        page = worklist(db.session(), rights, shelf=Shelf.ALL, text="", after=None, at=AT)
        assert [line.money for line in page.lines] == ["by_hand"]
        assert page.counts[Shelf.UNPRICED] == 0


def test_the_kept_evaluation_stays_as_it_was_and_replays_to_the_same_hash(open_dossier):
    with acting(INSPECTOR):
        outcome = db.session.scalars(select(EvaluationRecord.outcome)).one()
    set_by_hand(open_dossier, 1)
    with acting(INSPECTOR) as rights, unit_of_work() as work:
        dossier = dossiers.open_dossier(work.session, open_dossier, rights)
        kept = evaluations.chain(work.session, dossier)[0]
        assert kept.outcome == outcome
        result = evaluations.replay(work, dossier, kept.uuid, at=AT)
    assert (result.same, result.is_kept_whole) == (True, True)
    assert [line.amount for line in result.evaluation.charges] == [None]


def test_setting_again_supersedes_with_its_reason_and_the_former_stays_visible(open_dossier):
    set_by_hand(open_dossier, 1)
    set_by_hand(open_dossier, 2, setting(amounts={FEE: 12_000}, reason="Ghi nhầm mức của bản điện tử."))
    assert [line.amount for line in standing(open_dossier).lines] == [12_000]
    with acting(INSPECTOR) as rights:
        told = histories.history(db.session(), dossiers.open_dossier(db.session(), open_dossier, rights))
        assert [ruling.amounts[0].amount for ruling in told.rulings] == [15_000, 12_000]
        assert told.rulings[1].supersedes_id == told.rulings[0].id
        details = [one.detail for one in told.happenings if one.what == "Ấn định mức thu, hạn bằng tay"]
    assert "Phí bản sao: 15.000\u00a0đ" in details[0]
    assert "lý do: Ghi nhầm mức của bản điện tử." in details[1]
    assert "căn cứ: Điều 17 khoản 3 Nghị định 118/2025/NĐ-CP" in details[1]


def test_the_same_form_sent_twice_is_one_ruling(open_dossier):
    given = setting()
    set_by_hand(open_dossier, 1, given)
    set_by_hand(open_dossier, 1, given)
    assert acts_of(open_dossier) == ["receive", "set_by_hand"]
    with acting(LEADER):
        assert (count(HandRuling), count(HandAmount)) == (1, 1)


def test_the_same_form_sent_six_times_at_once_is_one_ruling(app, open_dossier):
    given = setting()

    def send(_: int) -> str:
        try:
            set_by_hand(open_dossier, 1, given)
        except StaleError:
            return "stale"
        return "set"

    assert "set" in at_once(app, 6, send)
    assert acts_of(open_dossier) == ["receive", "set_by_hand"]


def test_of_leaders_setting_at_the_same_moment_one_is_told(app, open_dossier):
    def send(_: int) -> str:
        try:
            set_by_hand(open_dossier, 1)
        except StaleError:
            return "stale"
        return "set"

    assert sorted(at_once(app, 4, send)) == ["set", "stale", "stale", "stale"]
    assert acts_of(open_dossier) == ["receive", "set_by_hand"]


def test_who_looked_at_an_older_page_is_told_who_set_it(open_dossier):
    set_by_hand(open_dossier, 1)
    with pytest.raises(StaleError, match="chính bạn đã làm việc “Ấn định mức thu, hạn bằng tay”"):
        set_by_hand(open_dossier, 1)


def test_an_officer_whose_page_is_older_than_the_ruling_is_told(open_dossier):
    set_by_hand(open_dossier, 1)
    with (
        acting(PROCESSOR) as rights,
        pytest.raises(StaleError, match="Dương Thị Hồng Gấm đã làm việc “Ấn định mức thu, hạn bằng tay”"),
        unit_of_work() as work,
    ):
        dossiers.take_over(work, open_dossier, rights=rights, seen_version=1, at=AT)


@pytest.mark.parametrize("user_name", [RECEIVER, PROCESSOR, INSPECTOR])
def test_only_who_may_approve_sets_by_hand(open_dossier, user_name):
    with pytest.raises(NotAllowedError):
        set_by_hand(open_dossier, 1, by=user_name)
    assert acts_of(open_dossier) == ["receive"]


def test_another_units_leader_does_not_find_the_dossier(open_dossier):
    with pytest.raises(NotFoundError):
        set_by_hand(open_dossier, 1, by="lanhdao.thapmuoi")


def test_an_amount_that_the_rules_gave_is_never_overruled(database):
    publish(COPIES)
    dossier_id = received()
    with pytest.raises(MoveNotAllowedError, match="không có khoản nào chờ ấn định"):
        set_by_hand(dossier_id, 1, setting(amounts={"certification": 1}))
    assert stored(dossier_id).money_state == "due"
    with acting(LEADER):
        assert count(HandRuling) == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amounts": {}}, "Chưa ghi số tiền"),
        ({"amounts": {FEE: -1}}, "không dùng được"),
        ({"amounts": {FEE: 10**18}}, "không dùng được"),
        ({"amounts": {FEE: 0}}, "phải kèm lý do không thu"),
        ({"zero_reasons": {FEE: "được miễn"}}, "phải kèm lý do không thu"),
        ({"amounts": {FEE: 5, "other": 5}}, "đã có mức theo quy định"),
        ({"due": LATER}, "Ngày hẹn trả phải được ấn định khi quy định không cho ra"),
        ({"reason": "  "}, "phải có lý do và căn cứ"),
        ({"article": " "}, "phải có lý do và căn cứ"),
        ({"document": "99/2099/XX"}, "không có văn bản số “99/2099/XX” còn hiệu lực"),
        ({"document": "61/2018/NĐ-CP"}, "còn hiệu lực"),
        ({"document": ""}, "không có văn bản"),
    ],
)
def test_a_setting_that_lacks_something_is_refused_and_changes_nothing(open_dossier, changes, says):
    with pytest.raises(UnusableInputError) as refused:
        set_by_hand(open_dossier, 1, setting(**changes))
    assert says in refused.value.sentence
    assert refused.value.todo
    assert acts_of(open_dossier) == ["receive"]
    assert stored(open_dossier).money_state == "unknown"


def test_nothing_is_charged_only_where_it_is_said_why(open_dossier):
    set_by_hand(open_dossier, 1, setting(amounts={FEE: 0}, zero_reasons={FEE: "Lỗi của cơ quan, cấp lại."}))
    assert stored(open_dossier).money_state == "nothing_due"
    assert standing(open_dossier).lines[0].by_hand.zero_reason == "Lỗi của cơ quan, cấp lại."


def test_a_receipt_printed_before_stays_and_a_new_one_says_who_set_the_amount(open_dossier):
    def issue() -> IssuedPaper:
        with acting(RECEIVER) as rights, unit_of_work() as work:
            dossier = dossiers.open_dossier(work.session, open_dossier, rights)
            issued = receipt.issue(work, dossier, rights=rights, at=AT)
            work.session.refresh(issued)
            work.session.expunge(issued)
            return issued

    first = issue()
    assert first.data["fees"][0]["amount"] is None
    set_by_hand(open_dossier, 1)
    second = issue()
    assert issue().uuid == second.uuid != first.uuid
    fee = second.data["fees"][0]
    assert fee["amount"] == 15_000
    assert fee["reasons"] == [
        {
            "sentence": "Ấn định bằng tay. Quy định chưa nêu mức cho hồ sơ nộp qua bưu chính.",
            "citation": "Điều 17 khoản 3 Nghị định 118/2025/NĐ-CP",
            "is_example": False,
        }
    ]
    assert second.data["notes"] == [
        "Phí do Dương Thị Hồng Gấm, Phó Chủ tịch Ủy ban nhân dân phường ấn định bằng tay lúc 10:00 20/11/2026."
    ]
    with acting(RECEIVER):
        assert count(IssuedPaper) == 2
    assert receipt.pdf(second).startswith(b"%PDF")


def test_a_receipt_calls_what_was_set_by_hand_what_the_law_calls_it(database):
    publish(OPEN_CODE, NO_AMOUNT.replace("kind: service_fee", "kind: charge"))
    dossier_id = received(
        code=OPEN_CODE, channel="post", facts={"copies": 3, "says_why": False}, received=frozenset({"declaration"})
    )
    set_by_hand(dossier_id, 1)
    with acting(RECEIVER) as rights:
        paper = receipt.receipt_of(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights))
    assert paper.fees[0].kind == "Lệ phí"
    assert paper.notes[0].startswith("Lệ phí do Dương Thị Hồng Gấm")


def test_a_receipt_marks_no_figure_as_an_example_where_no_rule_gave_one(open_dossier):
    with acting(RECEIVER) as rights:
        paper = receipt.receipt_of(db.session(), dossiers.open_dossier(db.session(), open_dossier, rights))
    assert paper.fees[0].amount is None
    assert paper.fees[0].reasons
    assert not any(reason.is_example for reason in paper.fees[0].reasons)


# ---- a reception whose matchers differ ----


@pytest.fixture
def certified(database) -> None:
    publish(COPIES)


def rule(request_id: UUID, seen: int, given: Setting | None = None, by: str = LEADER) -> None:
    with acting(by) as rights, unit_of_work() as work:
        requests.rule(work, request_id, given or of_request(), rights=rights, seen_version=seen, at=AT)


def finish(request_id: UUID, seen: int, by: str = RECEIVER, at: datetime = AT, papers: tuple = ("original",)) -> UUID:
    with acting(by, at) as rights, unit_of_work() as work:
        made = requests.finish(work, request_id, frozenset(papers), rights=rights, seen_version=seen, at=at)
        return made.uuid


def test_matchers_that_differ_leave_an_alarm_that_outlives_the_refused_act(certified, monkeypatch):
    for _ in range(3):
        with differing(monkeypatch), pytest.raises(MatchersDifferError):
            received()
    alarm = db.session.scalars(select(MatchAlarm)).one()
    assert alarm.table_id
    assert alarm.interpreter_rows != alarm.kernel_rows
    assert (len(alarm.signature), alarm.day) == (64, legal_day(AT))
    with acting(RECEIVER):
        assert (count(Dossier), count(NumberCounter), count(HandRequest)) == (0, 0, 0)
    said = str({column.key: getattr(alarm, column.key) for column in MatchAlarm.__table__.columns})
    assert PERSON.full_name not in said
    assert PERSON.identifier not in said


def test_a_replay_whose_matchers_differ_is_refused_and_alarms_too(certified, monkeypatch):
    dossier_id = received()
    with differing(monkeypatch), acting(INSPECTOR) as rights, unit_of_work() as work:
        dossier = dossiers.open_dossier(work.session, dossier_id, rights)
        kept = evaluations.chain(work.session, dossier)[0]
        with pytest.raises(NotComputableError, match="không cho cùng một kết quả"):
            evaluations.replay(work, dossier, kept.uuid, at=AT)
    assert count(MatchAlarm) == 1


def test_a_refused_form_waits_with_every_answer_and_the_identity_number_sealed(certified, monkeypatch, services):
    key = uuid4()
    first, second = asked(monkeypatch, intake_key=key), asked(monkeypatch, intake_key=key)
    assert first == second
    assert acts_of(first) == ["ask_leader"]
    with acting(LEADER) as rights:
        request = requests.open_request(db.session(), first, rights)
        view = requests.view_of(db.session(), request, rights, at=AT)
        assert (request.state, request.intake_key, request.unit_id) == ("waiting", key, unit_id("phuong-cao-lanh"))
        assert request.asker.full_name == "Phạm Thị Bích Ngân"
        assert request.note == "Người nộp đang chờ tại quầy."
        assert request.facts["originals"] == ORIGINALS
        assert (view.may_rule, view.may_finish) == (True, False)
        assert [line.id for line in view.points.lines] == ["certification"]
        assert view.points.due
        assert requests.waiting_count(db.session(), rights) == 1
    with services.postgres.connected(RUNNING) as owner:
        for table in ("hand_request", "audit_entry", "match_alarm"):
            rows = owner.execute(f"SELECT t::text FROM {table} t").fetchall()
            assert not [row for row in rows if PERSON.identifier in row[0]], table


def test_nothing_is_asked_of_a_leader_where_the_calculation_succeeds(certified):
    with (
        acting(RECEIVER) as rights,
        pytest.raises(MoveNotAllowedError, match="đã tính được phí và ngày hẹn"),
        unit_of_work() as work,
    ):
        requests.ask(work, intake(rights), note="", rights=rights, at=AT)
    with acting(RECEIVER):
        assert count(HandRequest) == 0


def test_the_officer_finishes_on_what_the_leader_set_and_nothing_is_evaluated(certified, monkeypatch):
    request_id = asked(monkeypatch)
    rule(request_id, 1)
    monkeypatch.setattr(evaluations, "evaluate", lambda *_, **__: pytest.fail("nothing may be evaluated"))
    dossier_id = finish(request_id, 2)
    with acting(RECEIVER):
        dossier = db.session.scalars(select(Dossier)).one()
        assert (dossier.uuid, dossier.code) == (dossier_id, "H20.06.14-261120-0001")
        assert (dossier.money_state, dossier.appointment_due) == ("due", LATER)
        assert (dossier.statutory_due, dossier.committed_due) == (None, None)
        assert (dossier.applicant_name, dossier.filing_channel) == (PERSON.full_name, "counter")
        assert count(EvaluationRecord) == 0
        ruling = db.session.scalars(select(HandRuling)).one()
        assert (ruling.dossier_id, ruling.evaluation_id) == (dossier.id, None)
        papers = {paper.code: paper.received for paper in db.session.scalars(select(DossierPaper))}
        assert papers["original"]
        kinds = db.session.scalars(select(ClockEventRecord.kind).order_by(ClockEventRecord.id)).all()
        assert kinds == ["accepted", "set_by_hand"]
        assert db.session.scalars(select(HandRequest.state)).one() == "finished"
    assert acts_of(request_id) == ["ask_leader", "rule_request"]
    assert acts_of(dossier_id) == ["receive"]
    assert hands.totals(standing(dossier_id).lines) == {"VND": 36_000}
    with acting(INSPECTOR) as rights:
        told = histories.history(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights))
    assert (told.evaluations, len(told.rulings), told.request) == ((), 1, request_id)
    assert "ấn định bằng tay" in told.happenings[0].detail


def test_the_receipt_of_such_a_dossier_prints_who_set_fee_and_date(certified, monkeypatch):
    request_id = asked(monkeypatch)
    rule(request_id, 1)
    dossier_id = finish(request_id, 2)
    with acting(RECEIVER) as rights:
        paper = receipt.receipt_of(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights))
    assert [fee.amount for fee in paper.fees] == [36_000]
    assert paper.appointment.at == LATER
    assert paper.appointment.reasons[0].sentence.startswith("Ấn định bằng tay.")
    assert paper.notes[0].startswith("Phí và hạn do Dương Thị Hồng Gấm")
    assert paper.statutory_time == ""


def test_finishing_twice_or_at_six_desks_at_once_is_one_dossier(app, certified, monkeypatch):
    request_id = asked(monkeypatch)
    rule(request_id, 1)
    made = at_once(app, 6, lambda _: finish(request_id, 2))
    assert len({*made, finish(request_id, 2)}) == 1
    with acting(RECEIVER):
        assert count(Dossier) == 1
        assert db.session.scalars(select(NumberCounter.last)).one() == 1


def test_a_leader_sets_again_before_and_after_the_reception(certified, monkeypatch):
    request_id = asked(monkeypatch)
    rule(request_id, 1)
    rule(request_id, 2, of_request(amounts={"certification": 30_000}, reason="Tính lại số trang."))
    dossier_id = finish(request_id, 3)
    assert hands.totals(standing(dossier_id).lines) == {"VND": 30_000}
    third = of_request(amounts={"certification": 20_000}, due=LATER + timedelta(days=1), reason="Nhầm một bản.")
    set_by_hand(dossier_id, 1, third)
    assert hands.totals(standing(dossier_id).lines) == {"VND": 20_000}
    assert stored(dossier_id).appointment_due == LATER + timedelta(days=1)
    with acting(LEADER):
        rulings = db.session.scalars(select(HandRuling).order_by(HandRuling.id)).all()
        assert [each.supersedes_id for each in rulings] == [None, rulings[0].id, rulings[1].id]
        assert len({each.dossier_id for each in rulings}) == 1


def test_a_declined_request_says_why_and_is_never_received(certified, monkeypatch):
    request_id = asked(monkeypatch)
    with acting(LEADER) as rights, unit_of_work() as work, pytest.raises(UnusableInputError):
        requests.decline(work, request_id, "  ", rights=rights, seen_version=1, at=AT)
    with acting(LEADER) as rights, unit_of_work() as work:
        requests.decline(work, request_id, "Bản chính không rõ nguồn.", rights=rights, seen_version=1, at=AT)
    assert acts_of(request_id) == ["ask_leader", "decline_request"]
    for act in (lambda: rule(request_id, 2), lambda: finish(request_id, 2)):
        with pytest.raises(StaleError):
            act()
    with acting(RECEIVER) as rights:
        request = requests.open_request(db.session(), request_id, rights)
        assert (request.state, request.decline_reason) == ("declined", "Bản chính không rõ nguồn.")
        assert count(Dossier) == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"due": None}, "Ngày hẹn trả phải được ấn định"),
        ({"due": AT}, "Ngày hẹn trả đã qua"),
        ({"amounts": {}}, "Chưa ghi số tiền"),
    ],
)
def test_a_request_is_ruled_whole_or_not_at_all(certified, monkeypatch, given, says):
    request_id = asked(monkeypatch)
    with pytest.raises(UnusableInputError, match=says):
        rule(request_id, 1, of_request(**given))
    assert acts_of(request_id) == ["ask_leader"]


def test_each_act_on_a_request_is_for_those_whose_duty_it_is(certified, monkeypatch):
    request_id = asked(monkeypatch)
    for user_name in (RECEIVER, PROCESSOR, INSPECTOR):
        with pytest.raises(NotAllowedError):
            rule(request_id, 1, by=user_name)
    for user_name in ("lanhdao.thapmuoi", OTHER_RECEIVER):
        with pytest.raises(NotFoundError):
            rule(request_id, 1, by=user_name)
    rule(request_id, 1)
    for user_name in (LEADER, PROCESSOR):
        with pytest.raises(NotAllowedError):
            finish(request_id, 2, by=user_name)
    assert acts_of(request_id) == ["ask_leader", "rule_request"]


@pytest.mark.parametrize(
    ("refuse", "says", "error"),
    [
        (lambda asked: finish(asked, 1), "vừa có người khác xử lý", StaleError),
        (lambda asked: finish(asked, 2, papers=()), "Còn thiếu giấy tờ", NotReceivableError),
        (lambda asked: finish(asked, 2, at=LATER), "đã qua", MoveNotAllowedError),
    ],
)
def test_what_may_not_be_finished_says_why_and_uses_up_no_number(certified, monkeypatch, refuse, says, error):
    request_id = asked(monkeypatch)
    rule(request_id, 1)
    with pytest.raises(error) as refused:
        refuse(request_id)
    assert says in refused.value.sentence
    with acting(RECEIVER):
        assert (count(Dossier), count(NumberCounter)) == (0, 0)


def test_a_request_asked_under_an_older_version_is_not_finished(certified, monkeypatch):
    request_id = asked(monkeypatch)
    rule(request_id, 1)
    text_of_it = (SAMPLES / "procedures" / f"{COPIES}.yaml").read_text(encoding="utf-8")
    publish(COPIES, text_of_it.replace("Bản sao cần chứng thực", "Bản sao để chứng thực"))
    with pytest.raises(StaleError, match="phiên bản mới"):
        finish(request_id, 2)


def test_a_form_that_could_be_computed_after_all_is_received_and_its_request_goes_no_further(certified, monkeypatch):
    key = uuid4()
    request_id = asked(monkeypatch, intake_key=key)
    received(intake_key=key)
    with pytest.raises(MoveNotAllowedError, match="đã được tiếp nhận theo kết quả tính"):
        rule(request_id, 1)
    with acting(LEADER) as rights:
        assert requests.waiting_count(db.session(), rights) == 0


def test_the_list_says_to_each_person_what_waits_for_them(certified, monkeypatch):
    request_id = asked(monkeypatch)

    def can(user_name: str) -> list[str]:
        with acting(user_name) as rights:
            return [line.can for line in requests.requests(db.session(), rights, at=AT)]

    assert (can(LEADER), can(RECEIVER), can(OTHER_RECEIVER)) == (["rule"], [""], [])
    rule(request_id, 1)
    assert (can(LEADER), can(RECEIVER)) == ([""], ["finish"])
    with acting(RECEIVER) as rights:
        assert requests.waiting_count(db.session(), rights) == 1


# ---- the walls of the database ----


def test_what_was_set_by_hand_can_be_neither_changed_nor_deleted(open_dossier):
    set_by_hand(open_dossier, 1)
    for statement in (
        "UPDATE hand_ruling SET reason = 'khác'", "DELETE FROM hand_ruling", "UPDATE hand_amount SET amount = 1",
        "DELETE FROM hand_amount", "TRUNCATE hand_amount",
    ):  # fmt: skip
        with acting(LEADER), pytest.raises(DBAPIError, match="permission denied"):
            db.session.execute(text(statement))
    with acting(LEADER), pytest.raises(DBAPIError, match="only be superseded, once"):
        db.session.execute(text("UPDATE hand_ruling SET dossier_id = NULL"))


def test_the_answers_of_a_request_never_change_and_a_closed_one_stays_closed(certified, monkeypatch):
    request_id = asked(monkeypatch)
    for statement in ("UPDATE hand_request SET facts = '{}'", "DELETE FROM hand_request"):
        with acting(LEADER), pytest.raises(DBAPIError, match="permission denied"):
            db.session.execute(text(statement))
    with acting(LEADER) as rights, unit_of_work() as work:
        requests.decline(work, request_id, "Không rõ.", rights=rights, seen_version=1, at=AT)
    with acting(LEADER), pytest.raises(DBAPIError, match="closed stays closed"):
        db.session.execute(text("UPDATE hand_request SET state = 'waiting', decline_reason = NULL"))


def test_an_alarm_can_be_neither_changed_nor_deleted(certified, monkeypatch):
    with differing(monkeypatch), pytest.raises(MatchersDifferError):
        received()
    for statement in ("UPDATE match_alarm SET table_id = 'x'", "DELETE FROM match_alarm", "TRUNCATE match_alarm"):
        with pytest.raises(DBAPIError, match="permission denied"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_the_database_shows_requests_and_rulings_to_their_own_units_only(certified, monkeypatch):
    request_id = asked(monkeypatch)
    rule(request_id, 1)

    def seen(user_name: str) -> list[int]:
        with acting(user_name):
            return [count(table) for table in (HandRequest, HandRuling, HandAmount)]

    assert (seen(LEADER), seen("lanhdao.thapmuoi")) == ([1, 1, 1], [0, 0, 0])
    finish(request_id, 2)
    assert (seen(RECEIVER), seen(OTHER_RECEIVER)) == ([1, 1, 1], [0, 0, 0])


def test_the_database_itself_refuses_an_amount_of_nothing_without_its_reason(open_dossier):
    set_by_hand(open_dossier, 1)
    with acting(LEADER):
        known = db.session.scalars(select(HandAmount)).one()
        values = {
            column.key: getattr(known, column.key)
            for column in HandAmount.__table__.columns
            if column.key not in ("id", "recorded_at")
        }
        db.session.add(HandAmount(**values | {"line": "other", "amount": 0}))
        with pytest.raises(DBAPIError, match="hand_amount_zero_is_stated"):
            db.session.flush()


def test_lines_that_the_rules_gave_and_lines_set_by_hand_add_up(open_dossier):
    stands = standing(open_dossier)
    line = stands.lines[0]
    given = replace(stands.outcome.charges[0], id="given", amount=4_000)
    lines = (line, replace(line, id="given", finding=given))
    assert hands.totals(lines) == {"VND": None}
    assert hands.money_state(lines) == "unknown"
    by_hand = HandAmount(line=FEE, amount=6_000, currency="VND")
    assert hands.totals((replace(line, by_hand=by_hand), lines[1])) == {"VND": 10_000}
    beyond = replace(lines[1], finding=replace(given, amount=4 * 10**18))
    assert hands.totals((beyond, beyond)) == {"VND": None}

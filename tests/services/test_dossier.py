"""The acts on a dossier: each is whole or never happened, by the right person, in the right state, and written down."""

import hashlib
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import local
from app.extensions import db
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import history as histories
from app.services import receipt
from app.services.dossier import Ruling
from app.services.errors import (
    MoveNotAllowedError,
    NotAllowedError,
    NotComputableError,
    NotFoundError,
    NotReceivableError,
    RefusalError,
    StaleError,
    UnusableInputError,
)
from app.services.sample import SAMPLES
from app.storage.audit import AuditEntry, first_broken
from app.storage.dossier import (
    ChargeLine,
    ClockEventRecord,
    Dossier,
    DossierEvent,
    DossierFacts,
    DossierPaper,
    DossierResult,
    NumberCounter,
)
from app.storage.evaluation import EvaluationRecord
from app.storage.office import Calendar, CalendarDay
from app.storage.party import DossierParty, Party, PartyIdentifier
from app.storage.unit_of_work import unit_of_work
from rules.clock.limit_data import StopData
from rules.errors import KernelError, RulesError
from rules.evaluation.findings import CaseFinding, Missing, NoticeFinding, PayoutFinding, RouteFinding, StepFinding
from rules.evaluation.findings import State as Found
from rules.evaluation.outcome import ENGINE, Evaluation, kept_hash
from rules.lifecycle import Outcome, State
from rules.match.durable_kernel import Kernel
from rules.values import Text
from tests import definitions
from tests.conftest import RUNNING, Beforehand
from tests.desk import (
    AT,
    BIRTH,
    EXTRACT,
    INSPECTOR,
    LEADER,
    ORIGINALS,
    OTHER_RECEIVER,
    PERSON,
    POSTAL,
    PROCESSOR,
    RECEIVER,
    SECOND_PROCESSOR,
    acting,
    intake,
    publish,
    publish_copies,
    received,
    unit_id,
)

GRANTED = Ruling(
    outcome=Outcome.GRANTED, summary="Đã chứng thực 3 bản.", number="125/2026", signer="Dương Thị Hồng Gấm"
)


@pytest.fixture
def beforehand() -> Beforehand:
    return publish_copies


@pytest.fixture(autouse=True)
def at_work(database) -> None:
    """Every test here has the database."""


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def acts_of(dossier_id: UUID) -> list[str]:
    lines = select(AuditEntry.act).where(AuditEntry.object_id == str(dossier_id)).order_by(AuditEntry.sequence)
    return list(db.session.scalars(lines))


def take_over(user_name: str, dossier_id: UUID, seen: int) -> Dossier:
    with acting(user_name) as rights, unit_of_work() as work:
        return dossiers.take_over(work, dossier_id, rights=rights, seen_version=seen, at=AT)


def decide(user_name: str, dossier_id: UUID, seen: int, ruling: Ruling = GRANTED) -> Dossier:
    with acting(user_name) as rights, unit_of_work() as work:
        return dossiers.decide(work, dossier_id, ruling, rights=rights, seen_version=seen, at=AT)


def return_result(user_name: str, dossier_id: UUID, seen: int) -> Dossier:
    with acting(user_name) as rights, unit_of_work() as work:
        return dossiers.return_result(work, dossier_id, rights=rights, seen_version=seen, at=AT)


def at_once(app: Flask, times: int, act: Callable[[int], object]) -> list[object]:
    """Do an act in as many threads as times, all starting together."""
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


def test_receiving_writes_everything_about_the_dossier_in_one_act():
    dossier_id = received()
    with acting(RECEIVER):
        dossier = db.session.scalars(select(Dossier)).one()
        assert dossier.uuid == dossier_id
        assert dossier.code == "H20.06.14-261120-0001"
        assert (dossier.state, dossier.money_state, dossier.typed_by) == ("received", "due", "officer")
        assert f"{local(dossier.appointment_due):%H:%M %d/%m/%Y}" == "17:00 20/11/2026"
        assert dossier.frozen["field_of_work"] == "Chứng thực"
        facts = db.session.scalars(select(DossierFacts)).one()
        assert facts.facts["originals"] == ORIGINALS
        assert facts.facts["receiving_unit_kind"] == "ward"
        assert facts.facts["receiving_unit"].isdigit()
        evaluation = db.session.scalars(select(EvaluationRecord)).one()
        assert evaluation.outcome_sha256 == Evaluation.from_data(evaluation.outcome).hash
        charge = db.session.scalars(select(ChargeLine)).one()
        assert (charge.line, charge.amount, charge.evaluation_id) == ("certification", 36_000, evaluation.id)
        papers = {paper.code: paper.received for paper in db.session.scalars(select(DossierPaper))}
        assert papers == {"original": True, "copy": False}
        event = db.session.scalars(select(DossierEvent)).one()
        assert (event.act, event.from_state, event.to_state, event.event_at) == ("receive", None, "received", AT)
        assert db.session.scalars(select(ClockEventRecord.kind)).one() == "accepted"
        party = db.session.scalars(select(DossierParty)).one()
        assert party.snapshot["identifier_end"] == "234"
    assert acts_of(dossier_id) == ["receive"]
    assert first_broken(db.session(), "dossier", str(dossier_id)) is None


def test_the_identity_number_is_nowhere_in_the_clear(services):
    received()
    with services.postgres.connected(RUNNING) as owner:
        for table in ("dossier", "dossier_party", "party", "party_identifier", "audit_entry", "dossier_facts"):
            rows = owner.execute(f"SELECT t::text FROM {table} t").fetchall()
            assert not [row for row in rows if PERSON.identifier in row[0]], table


def test_one_identity_number_is_one_person_however_often_they_come():
    received()
    received(applicant=replace(PERSON, phone="0987654321"))
    assert (count(Party), count(PartyIdentifier)) == (1, 1)


def test_the_same_form_sent_twice_is_one_dossier():
    key = uuid4()
    assert received(intake_key=key) == received(intake_key=key)
    with acting(RECEIVER):
        assert (count(Dossier), count(DossierEvent)) == (1, 1)


def test_the_same_form_sent_eight_times_at_once_is_one_dossier(app):
    key = uuid4()
    made = at_once(app, 8, lambda number: received(intake_key=key))
    assert len(set(made)) == 1
    assert acts_of(made[0]) == ["receive"]
    with acting(RECEIVER):
        assert count(Dossier) == 1
        assert db.session.scalars(select(NumberCounter.last)).one() == 1


def test_eight_desks_receiving_at_once_give_unique_codes_without_a_gap(app):
    def ten_dossiers(number: int) -> list[UUID]:
        who = replace(PERSON, identifier=f"08719000{number:04d}")
        return [received(applicant=who) for _ in range(10)]

    made = at_once(app, 8, ten_dossiers)
    assert len({dossier for several in made for dossier in several}) == 80
    with acting(RECEIVER):
        codes = sorted(db.session.scalars(select(Dossier.code)))
    assert codes == [f"H20.06.14-261120-{number:04d}" for number in range(1, 81)]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"received": frozenset()}, "Còn thiếu giấy tờ: Bản chính giấy tờ, văn bản."),
        ({"facts": {"originals": ORIGINALS}}, "Chưa có thông tin: Kết quả kiểm tra bản chính."),
        ({"facts": {"original_finding": "none"}}, "Chưa có thông tin"),
        ({"facts": {"originals": ORIGINALS, "original_finding": "erased"}}, "tẩy xóa"),
        ({"facts": {"unheard_of": 1}}, "Chưa tính được kết quả"),
        ({"version_id": uuid4()}, "phiên bản mới"),
        ({"channel": "post"}, "Thủ tục 2.000815 không nhận hồ sơ theo cách nộp này"),
        ({"procedure_code": "9.999999"}, "chưa có phiên bản đang áp dụng"),
    ],
)
def test_a_refusal_says_why_and_uses_up_no_number(changes, says):
    with pytest.raises(RefusalError) as refused:
        received(**changes)
    assert says in refused.value.sentence
    assert refused.value.todo
    with acting(RECEIVER):
        assert (count(Dossier), count(NumberCounter), count(Party)) == (0, 0, 0)
    assert received() is not None
    with acting(RECEIVER):
        assert db.session.scalars(select(Dossier.code)).one().endswith("-0001")


def test_matchers_that_differ_refuse_raise_an_alarm_and_save_nothing(monkeypatch, caplog):
    with monkeypatch.context() as differing:
        differing.setattr(Kernel, "match", lambda self, facts, on: (0, 1, 2, 3, 4, 5))
        with pytest.raises(NotComputableError) as refused:
            received()
    assert "không cho cùng một kết quả" in refused.value.sentence
    assert "lãnh đạo, để ấn định mức thu và ngày hẹn bằng tay có ghi lý do" in refused.value.todo
    alarms = [line for line in caplog.records if line.levelno == logging.CRITICAL]
    assert len(alarms) == 1
    assert "the two matchers differ in table" in alarms[0].getMessage()
    with acting(RECEIVER):
        assert [count(each) for each in (Dossier, NumberCounter, Party, EvaluationRecord, DossierEvent)] == [0] * 5
    assert received() is not None


def test_a_matcher_that_does_not_answer_refuses_and_raises_an_alarm(monkeypatch, caplog):
    def silent(self, facts, on):
        raise KernelError("Bộ so khớp dừng giữa chừng: báo người quản trị.")

    monkeypatch.setattr(Kernel, "match", silent)
    with pytest.raises(NotComputableError, match="không trả lời") as refused:
        received()
    assert "Thử lại" in refused.value.todo
    assert [line.levelno for line in caplog.records if "did not answer" in line.getMessage()] == [logging.CRITICAL]


def test_every_ground_of_a_refusal_is_told_at_once():
    with pytest.raises(NotReceivableError) as refused:
        received(facts={"originals": ORIGINALS}, received=frozenset())
    assert len(refused.value.grounds) == 2


KINSHIP = """
  - {code: birth, label: Giấy khai sinh, one_of: kinship, shown_when: {filed_by: relative}, basis: {document: lht}}
  - {code: marriage, label: Giấy kết hôn, one_of: kinship, shown_when: {filed_by: relative}, basis: {document: lht}}
  - {code: compare, label: Đối chiếu ngay tại quầy, note: true}
  - {code: minutes, label: Biên bản, made_by_office: true, basis: {document: lht}}

deadline:"""


def test_of_papers_that_stand_in_for_each_other_one_is_enough_and_notes_are_not_kept_as_papers():
    sample = (SAMPLES / "procedures" / f"{EXTRACT}.yaml").read_text(encoding="utf-8")
    publish(EXTRACT, sample.replace("\n\ndeadline:", KINSHIP))
    facts = {"extract_of": "Nguyễn An", "copies": 1, "filed_by": "relative"}
    said = {"code": EXTRACT, "facts": facts, "digital_citizen": False}
    always = frozenset({"request", "identity", "authorisation"})
    with pytest.raises(NotReceivableError) as refused:
        received(**said, received=always)
    assert [str(ground) for ground in refused.value.grounds] == [
        "Còn thiếu một trong các giấy tờ: Giấy khai sinh; Giấy kết hôn."
    ]
    dossier_id = received(**said, received=always | {"marriage"})
    with acting(RECEIVER):
        kept = (
            select(DossierPaper).join(Dossier, DossierPaper.dossier_id == Dossier.id).where(Dossier.uuid == dossier_id)
        )
        papers = {paper.code: (paper.received, paper.required) for paper in db.session.scalars(kept)}
    assert papers == {
        **dict.fromkeys(always, (True, True)),
        "birth": (False, False),
        "marriage": (True, False),
        "minutes": (False, False),
    }


def test_what_only_a_later_step_finds_out_stops_no_acceptance():
    facts = {
        "child_name": "Nguyễn An", "birth_day": date(2026, 11, 2), "birth_proof": "certificate", "surrogate": False,
        "filed_by": "parent", "copies": 0, "exempt_group": False,
    }  # fmt: skip
    publish(BIRTH)
    with acting(RECEIVER) as rights:
        version = dossiers.version_to_receive(db.session(), BIRTH, AT)
        every_paper = frozenset(paper.code for paper in evaluations.definition_of(version).papers)
        asked = intake(rights, BIRTH, facts=facts, received=every_paper)
        with unit_of_work() as work:
            dossier = dossiers.receive(work, asked, rights=rights, at=AT)
        outcome = Evaluation.from_data(evaluations.latest(db.session(), dossier).outcome)
        definition = evaluations.definition_of(version)
        later = [missing.fact for missing in outcome.missing]
        assert all(definition.vocabulary[name].stage == "appraisal" for name in later)
        assert dossier.appointment_due is not None


def test_a_postal_clerk_acts_for_the_unit_that_delegated_and_the_record_says_so():
    with acting(POSTAL) as rights:
        duty = next(d for d in rights.receiving_units() if d.acts_for_unit_id == unit_id("phuong-my-tra"))
    dossier_id = received(POSTAL, duty=duty)
    with acting(POSTAL):
        dossier = db.session.scalars(select(Dossier)).one()
        assert (dossier.receiving_unit_id, dossier.typed_by) == (unit_id("phuong-my-tra"), "post")
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.object_id == str(dossier_id))).one()
    assert (line.actor_name, line.for_unit_id) == (POSTAL, unit_id("phuong-my-tra"))
    assert line.assignment_id == duty.assignment_id


def test_a_clerk_receives_only_the_fields_of_work_of_their_duty():
    publish("2.001827")
    with acting(POSTAL) as rights, pytest.raises(NotAllowedError), unit_of_work() as work:
        dossiers.receive(work, intake(rights, "2.001827"), rights=rights, at=AT)


def test_nobody_receives_under_the_duty_of_somebody_else():
    with acting(OTHER_RECEIVER) as rights:
        theirs = rights.receiving_units()[0]
    with pytest.raises(NotAllowedError):
        received(RECEIVER, duty=theirs)


def test_three_officers_take_over_decide_and_return():
    dossier_id = received()
    assert take_over(PROCESSOR, dossier_id, 1).state == State.IN_PROGRESS
    decided = decide(SECOND_PROCESSOR, dossier_id, 2)
    assert (decided.state, decided.outcome, decided.delivery_state) == ("decided", "granted", "ready")
    returned = return_result(RECEIVER, dossier_id, 3)
    assert (returned.state, returned.delivery_state, returned.returned_at) == ("returned", "handed_over", AT)
    with acting(RECEIVER):
        events = db.session.scalars(select(DossierEvent).order_by(DossierEvent.sequence)).all()
        assert [event.act for event in events] == ["receive", "take_over", "decide", "return_result"]
        assert len({event.actor_id for event in events}) == 3
        result = db.session.scalars(select(DossierResult)).one()
        assert (result.number, result.result_code) == ("125/2026", "KQ.G15.000021")
    assert acts_of(dossier_id) == ["receive", "take_over", "decide", "return_result"]
    assert first_broken(db.session(), "dossier", str(dossier_id)) is None


def test_a_dossier_ready_at_once_is_decided_without_being_taken_over():
    dossier_id = received()
    assert decide(PROCESSOR, dossier_id, 1).state == State.DECIDED


def test_taking_over_what_one_holds_already_changes_nothing():
    dossier_id = received()
    take_over(PROCESSOR, dossier_id, 1)
    take_over(PROCESSOR, dossier_id, 1)
    assert acts_of(dossier_id) == ["receive", "take_over"]


def test_the_history_of_a_second_take_over_says_from_whom():
    dossier_id = received()
    take_over(PROCESSOR, dossier_id, 1)
    take_over(SECOND_PROCESSOR, dossier_id, 2)
    with acting(INSPECTOR) as rights:
        told = histories.history(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights))
    first, second = told.happenings[1:]
    assert "nhận lại từ" not in first.detail
    assert second.detail == f"nhận lại từ {first.who}"


def test_nobody_holds_a_dossier_whose_result_is_recorded():
    dossier_id = received()
    assert take_over(PROCESSOR, dossier_id, 1).holder_id is not None
    assert decide(SECOND_PROCESSOR, dossier_id, 2).holder_id is None


@pytest.mark.parametrize("act", [return_result, take_over, decide])
def test_an_act_in_the_wrong_state_is_refused_with_a_sentence_and_changes_nothing(act):
    dossier_id = received()
    seen = 1
    if act is not return_result:
        decide(PROCESSOR, dossier_id, 1)
        seen = 2
    before = acts_of(dossier_id)
    with pytest.raises(MoveNotAllowedError) as refused:
        act(RECEIVER if act is return_result else PROCESSOR, dossier_id, seen)
    assert "đang ở trạng thái" in refused.value.sentence
    assert acts_of(dossier_id) == before


def test_who_looked_at_an_older_version_is_told_and_overwrites_nothing():
    dossier_id = received()
    take_over(PROCESSOR, dossier_id, 1)
    with pytest.raises(StaleError, match="“Đang giải quyết”: Huỳnh Văn Lộc đã làm việc “Nhận giải quyết”"):
        decide(SECOND_PROCESSOR, dossier_id, 1)
    assert acts_of(dossier_id) == ["receive", "take_over"]


def test_nobody_else_is_blamed_for_what_the_person_did_on_another_page():
    dossier_id = received()
    decide(PROCESSOR, dossier_id, 1)
    return_result(RECEIVER, dossier_id, 2)
    with pytest.raises(StaleError, match="“Đã trả kết quả”: chính bạn đã làm việc “Trả kết quả” lúc 20/11/2026 10:00"):
        return_result(RECEIVER, dossier_id, 2)


def test_of_two_officers_saving_at_the_same_moment_one_is_told(app):
    dossier_id = received()

    def save(number: int) -> str:
        try:
            decide((PROCESSOR, SECOND_PROCESSOR)[number % 2], dossier_id, 1)
        except (StaleError, MoveNotAllowedError) as refused:
            return type(refused).__name__
        return "saved"

    assert sorted(at_once(app, 6, save)).count("saved") == 1
    assert acts_of(dossier_id) == ["receive", "decide"]
    with acting(RECEIVER):
        assert count(DossierResult) == 1


def test_another_units_dossier_does_not_exist():
    dossier_id = received()
    with acting(OTHER_RECEIVER) as rights:
        for known in (dossier_id, uuid4()):
            with pytest.raises(NotFoundError) as refused:
                dossiers.open_dossier(db.session(), known, rights)
            assert "phạm vi của bạn" in refused.value.sentence
    with pytest.raises(NotFoundError):
        return_result(OTHER_RECEIVER, dossier_id, 1)


def test_an_act_needs_a_duty_that_names_it():
    dossier_id = received()
    with pytest.raises(NotAllowedError):
        take_over(RECEIVER, dossier_id, 1)
    with pytest.raises(NotAllowedError):
        decide(LEADER, dossier_id, 1)
    assert acts_of(dossier_id) == ["receive"]


def test_each_person_is_offered_exactly_the_acts_they_may_do():
    dossier_id = received()

    def offered(user_name: str) -> list[str]:
        with acting(user_name) as rights:
            opened = dossiers.open_dossier(db.session(), dossier_id, rights)
            return [move.act for move in dossiers.moves_open(opened, rights)]

    assert (offered(RECEIVER), offered(PROCESSOR), offered(LEADER)) == ([], ["take_over", "decide"], [])
    take_over(PROCESSOR, dossier_id, 1)
    assert (offered(PROCESSOR), offered(SECOND_PROCESSOR)) == (["decide"], ["take_over", "decide"])
    decide(PROCESSOR, dossier_id, 2)
    assert (offered(RECEIVER), offered(PROCESSOR)) == (["return_result"], [])


def test_reading_an_identity_number_is_written_down_with_its_purpose():
    dossier_id = received()
    with acting(PROCESSOR) as rights, unit_of_work() as work:
        number = dossiers.open_identity(work, dossier_id, purpose=" Đối chiếu ", rights=rights, at=AT)
    assert number == PERSON.identifier
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "open_identity")).one()
    assert (line.actor_name, line.purpose, line.object_id) == (PROCESSOR, "Đối chiếu", str(dossier_id))
    assert PERSON.identifier not in str(line.detail)


@pytest.mark.parametrize(
    ("user_name", "purpose", "error"),
    [(PROCESSOR, "  ", UnusableInputError), (POSTAL, "Đối chiếu", NotAllowedError)],
)
def test_an_identity_number_stays_closed_without_a_purpose_or_a_duty(user_name, purpose, error):
    dossier_id = received()
    with acting(user_name) as rights, pytest.raises(error), unit_of_work() as work:
        dossiers.open_identity(work, dossier_id, purpose=purpose, rights=rights, at=AT)
    assert acts_of(dossier_id) == ["receive"]


def received_extract() -> UUID:
    """Receive a procedure whose due day counts working days, so that the calendar matters."""
    publish(EXTRACT)
    with acting(RECEIVER):
        version = dossiers.version_to_receive(db.session(), EXTRACT, AT)
        definition = evaluations.definition_of(version)
        papers = frozenset(paper.code for paper in definition.papers)
    return received(code=EXTRACT, facts=facts_of(definition), received=papers, digital_citizen=False)


def facts_of(definition) -> dict:
    """Answer a form with the facts of its first whole golden case."""
    known = {"channel", "digital_citizen", "applicant_kind", "receiving_unit", "receiving_unit_kind"}
    case = max(definition.cases, key=lambda each: len(each.given))
    facts = {name: value for name, value in case.given.items() if name not in known}
    for field in definition.fields:
        if field.kind == "yes_no":
            facts.setdefault(field.id, False)
    return facts


def make_every_day_off(first: date, days: int) -> None:
    calendar = db.session.scalars(select(Calendar)).one()
    known = set(db.session.scalars(select(CalendarDay.day)))
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        if day not in known:
            db.session.add(CalendarDay(calendar_id=calendar.id, day=day, kind="HOLIDAY", name="Bão", source="thử"))
    db.session.commit()


def replayed(user_name: str, dossier_id: UUID, at: datetime = AT) -> evaluations.Replay:
    with acting(user_name) as rights, unit_of_work() as work:
        dossier = dossiers.open_dossier(work.session, dossier_id, rights)
        kept = evaluations.chain(work.session, dossier)[0]
        return evaluations.replay(work, dossier, kept.uuid, at=at)


def test_a_replay_gives_the_same_hash_after_the_calendar_changed():
    dossier_id = received()
    with acting(RECEIVER):
        due = db.session.scalars(select(Dossier.appointment_due)).one()
    make_every_day_off(date(2026, 11, 20), 10)
    result = replayed(INSPECTOR, dossier_id)
    assert (result.same, result.is_kept_whole) == (True, True)
    assert result.evaluation.deadline.appointment == due
    assert histories.differences(result.kept, result.evaluation, result.definition) == ()
    later = received()
    with acting(RECEIVER):
        new_due = db.session.scalars(select(Dossier.appointment_due).where(Dossier.uuid == later)).one()
        assert new_due > due
    assert acts_of(dossier_id) == ["receive", "replay"]


def test_what_a_replay_finds_different_is_named():
    dossier_id = received()
    result = replayed(INSPECTOR, dossier_id)
    line = replace(result.kept.charges[0], amount=10_000)
    changed = replace(result.kept, charges=(line,), refusals=(), papers=result.kept.papers[:1])
    found = {
        change.label: (change.before, change.after)
        for change in histories.differences(changed, result.evaluation, result.definition)
    }
    assert found["Phí chứng thực bản sao từ bản chính"] == ("10.000\u00a0đ", "36.000\u00a0đ")
    assert found["Giấy tờ: Bản sao cần chứng thực"] == ("không có", "không bắt buộc, 1 bản sao")


def test_a_replay_compares_cases_notices_payouts_waits_steps_and_routing():
    dossier_id = received()
    result = replayed(INSPECTOR, dossier_id)
    text = Text("Điều mới", "Something new")
    stop = StopData("tax", "financial_obligation", text, "pause", None, None, "")
    changed = replace(
        result.kept,
        cases=(CaseFinding("new", text, ()),),
        notices=(NoticeFinding("new", text, ()),),
        payouts=(PayoutFinding("aid", text, text, "VND", Found.DECIDED, 5_000, ()),),
        deadline=replace(result.kept.deadline, stops=(stop,)),
        steps=(StepFinding("new", text, None, None, None, None, ()),),
        route=RouteFinding(Found.DECIDED, "named_unit", "", "H20.01", "", ()),
    )
    found = {
        str(change.label): str(change.before)
        for change in histories.differences(changed, result.evaluation, result.definition)
    }
    assert found == {
        "Trường hợp": "Điều mới",
        "Lưu ý cho người nộp": "Điều mới",
        "Chi trả: Điều mới": "5.000\u00a0đ",
        "Dừng tính thời hạn: Điều mới": "tạm dừng tính thời hạn, sau đó tính tiếp phần còn lại",
        "Các bước nội bộ": "Điều mới",
        "Chuyển đến": "đơn vị H20.01, mã đơn vị H20.01",
    }


def test_a_difference_in_words_only_is_still_named():
    dossier_id = received()
    result = replayed(INSPECTOR, dossier_id)
    changed = replace(result.kept, office="0" * 64)
    assert [change.label for change in histories.differences(changed, result.evaluation, result.definition)] == [
        "Lịch và giờ làm việc đã dùng"
    ]


def test_an_evaluation_of_another_dossier_is_not_found():
    first, second = received(), received()
    with acting(INSPECTOR) as rights, unit_of_work() as work:
        theirs = evaluations.latest(work.session, dossiers.open_dossier(work.session, second, rights))
        mine = dossiers.open_dossier(work.session, first, rights)
        with pytest.raises(NotFoundError):
            evaluations.replay(work, mine, theirs.uuid, at=AT)


def test_eight_inspectors_at_once_leave_a_record_that_is_whole(app):
    dossier_id = received()
    results = at_once(app, 8, lambda number: replayed(INSPECTOR, dossier_id).same)
    assert results == [True] * 8
    assert acts_of(dossier_id) == ["receive"] + ["replay"] * 8
    assert first_broken(db.session(), "dossier", str(dossier_id)) is None


def test_the_receipt_asked_for_by_eight_desks_at_once_is_issued_once(app):
    dossier_id = received()

    def issue(number: int) -> int:
        with acting(RECEIVER) as rights, unit_of_work() as work:
            dossier = dossiers.open_dossier(work.session, dossier_id, rights)
            evaluations.hold(work.session, dossier)
            return receipt.issue(work, dossier, rights=rights, at=AT).id

    assert len(set(at_once(app, 8, issue))) == 1
    assert acts_of(dossier_id) == ["receive", "issue_receipt"]


def test_the_history_tells_every_act_and_the_first_line_that_was_forged(services):
    dossier_id = received()
    decide(PROCESSOR, dossier_id, 1)
    with acting(INSPECTOR) as rights:
        whole = histories.history(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights))
    assert whole.broken_at is None
    assert [line.what for line in whole.happenings] == ["Tiếp nhận hồ sơ", "Ghi kết quả giải quyết"]
    assert whole.happenings[1].detail.endswith("kết quả: “Đồng ý giải quyết”")
    assert {line.unit for line in whole.happenings} == {"Ủy ban nhân dân phường Cao Lãnh"}
    assert (whole.evaluations[0].total, whole.revisions[0].number) == ("36.000\u00a0đ", 1)
    with services.postgres.connected(RUNNING) as owner:
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        owner.execute("UPDATE audit_entry SET purpose = 'x' WHERE object_id = %s AND sequence = 2", (str(dossier_id),))
    with acting(INSPECTOR) as rights:
        forged = histories.history(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights))
    assert forged.broken_at == 2


def test_a_procedure_of_working_days_keeps_its_date_whatever_the_calendar_says_later():
    dossier_id = received_extract()
    make_every_day_off(date(2026, 11, 21), 20)
    result = replayed(INSPECTOR, dossier_id)
    assert (result.same, result.is_kept_whole) == (True, True)


def test_a_fact_that_could_only_change_where_a_dossier_goes_stops_no_acceptance():
    asked = {"id": "verify", "type": "bool", "source": "registry", "stage": "reception", "label": "Phải xác minh"}
    goes = definitions.table(
        "goes", ["verify"], {"to": "code"}, [definitions.row("x", {"verify": True}, {"to": "receiving_unit"})]
    )
    tables = [definitions.fee_table(), definitions.cut_table(), definitions.limit_table(), goes]
    parts = {"facts": [asked], "tables": tables, "route": {"table": "goes"}}
    outcome = definitions.outcome({"channel": "counter"}, **parts)
    assert {each.fact: each.could_change for each in outcome.missing} == {"poor": ("fee",), "verify": ("route",)}
    stopping = dossiers.missing_now(definitions.definition(**parts), outcome)
    assert [each.fact for each in stopping] == ["poor"]


def test_a_result_signed_after_today_is_refused_and_nothing_is_recorded():
    dossier_id = received()
    with pytest.raises(UnusableInputError, match="Ngày ký 21/11/2026 là ngày chưa tới") as refused:
        decide(PROCESSOR, dossier_id, 1, replace(GRANTED, signed_on=date(2026, 11, 21)))
    assert "không sau hôm nay, 20/11/2026" in refused.value.todo
    with acting(PROCESSOR):
        assert count(DossierResult) == 0
    assert acts_of(dossier_id) == ["receive"]


def test_today_is_the_legal_day_when_a_result_is_signed_late_in_the_evening_of_another_zone():
    dossier_id = received()
    evening = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)  # already the 21st in Vietnam
    ruling = replace(GRANTED, signed_on=date(2026, 11, 21))
    with acting(PROCESSOR, evening) as rights, unit_of_work() as work:
        done = dossiers.decide(work, dossier_id, ruling, rights=rights, seen_version=1, at=evening)
        assert done.state == State.DECIDED


def kept_by_the_first_engine(monkeypatch, **otherwise) -> UUID:
    """Receive a dossier as the first engine would have: its number in the outcome, and what else it said otherwise."""
    with monkeypatch.context() as then:
        then.setattr(
            "rules.evaluation.evaluate.Evaluation", lambda **parts: Evaluation(**{**parts, **otherwise, "engine": 1})
        )
        return received()


def test_the_same_answer_of_an_earlier_engine_is_told_to_be_whole_and_the_same(monkeypatch):
    dossier_id = kept_by_the_first_engine(monkeypatch)
    result = replayed(INSPECTOR, dossier_id)
    assert (result.same, result.same_answer, result.is_alarming) == (False, True, False)
    assert "còn nguyên vẹn, do bộ tính số 1 làm" in result.verdict
    assert f"Bộ tính số {ENGINE} hiện nay tính lại ra đúng như vậy" in result.verdict
    assert histories.found_different(result) == ()
    with acting(INSPECTOR) as rights:
        told = histories.history(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights))
    said = f"lần tính 1: trùng khớp; đã lưu bằng bộ tính số 1, tính lại bằng bộ tính số {ENGINE}"
    assert told.happenings[-1].detail == said


def test_what_todays_engine_says_otherwise_than_an_earlier_one_is_named_and_alarms_nobody(monkeypatch):
    missing = (Missing("digital_citizen", Text("Công dân số"), ("route",)),)
    result = replayed(INSPECTOR, kept_by_the_first_engine(monkeypatch, missing=missing))
    assert (result.same_answer, result.is_kept_whole, result.is_alarming) == (False, True, False)
    assert "vẫn là kết quả của hồ sơ" in result.verdict
    [change] = histories.found_different(result)
    assert (change.label, change.before, change.after) == ("Thông tin còn thiếu", "Công dân số", "không có")


def test_the_same_difference_within_one_engine_alarms():
    result = replayed(INSPECTOR, received())
    changed = replace(result, evaluation=replace(result.evaluation, office="0" * 64), computed_hash="0" * 64)
    assert changed.is_alarming
    assert changed.verdict.startswith("Không trùng khớp")


def test_an_earlier_outcome_in_a_form_no_longer_read_is_told_so_and_not_compared(monkeypatch):
    result = replayed(INSPECTOR, kept_by_the_first_engine(monkeypatch))
    older = {name: value for name, value in result.record.outcome.items() if name != "example"}
    sha256 = kept_hash(older)
    record = EvaluationRecord(outcome={**older, "hash": sha256}, outcome_sha256=sha256)
    unread = replace(result, record=record, stored_hash=sha256)
    assert (unread.is_kept_whole, unread.kept) == (True, None)
    assert [change.before for change in histories.found_different(unread)] == ["khuôn cũ, không đọc lại được"]


def test_where_todays_engine_cannot_recompute_an_earlier_answer_it_is_told_to_be_whole(monkeypatch):
    dossier_id = kept_by_the_first_engine(monkeypatch)

    def cannot(*_, **__):
        raise RulesError("Bảng này không đọc được nữa.")

    monkeypatch.setattr(evaluations, "evaluate", cannot)
    with pytest.raises(NotComputableError, match="còn nguyên vẹn, do bộ tính số 1 làm") as refused:
        replayed(INSPECTOR, dossier_id)
    assert "Bảng này không đọc được nữa." in refused.value.sentence
    assert "Kết quả đã lưu vẫn là kết quả của hồ sơ" in refused.value.todo
    monkeypatch.setattr(evaluations, "kept_hash", lambda outcome: "altered")
    with pytest.raises(NotComputableError, match="không còn khớp với dấu kiểm tra của chính nó"):
        replayed(INSPECTOR, dossier_id)


def test_an_evaluation_kept_in_an_older_format_is_whole_as_long_as_nobody_altered_it():
    result = replayed(INSPECTOR, received())
    older = {name: value for name, value in result.record.outcome.items() if name not in ("example", "hash")}
    text = json.dumps(older, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    kept = hashlib.sha256(text.encode()).hexdigest()
    record = EvaluationRecord(outcome={**older, "hash": kept}, outcome_sha256=kept)
    assert replace(result, record=record, stored_hash=kept).is_kept_whole
    altered = EvaluationRecord(outcome={**older, "hash": kept, "totals": {"VND": 1}}, outcome_sha256=kept)
    assert not replace(result, record=altered, stored_hash=kept).is_kept_whole

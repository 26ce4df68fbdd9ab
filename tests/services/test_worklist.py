"""The worklist shows each person what waits for them, by what is due next, in working time, whatever they type."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.extensions import db
from app.services import dossier as dossiers
from app.services import procedure as procedures
from app.services.dossier import Ruling
from app.services.party import holds_identity_number
from app.services.reception import desks, duty_at, receivable
from app.services.worklist import PAGE_SIZE, SOON, Shelf, Worklist, first_shelf, time_left, worklist
from app.storage.procedure import Procedure
from app.storage.unit_of_work import unit_of_work
from rules.clock.calendar import OfficeTime, WorkCalendar
from rules.lifecycle import Outcome
from tests.desk import (
    AT,
    COPIES,
    INSPECTOR,
    LEADER,
    OTHER_RECEIVER,
    PERSON,
    POSTAL,
    PROCESSOR,
    RECEIVER,
    SECOND_PROCESSOR,
    acting,
    publish,
    received,
)

MONDAY_NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
OFFICE = OfficeTime(WorkCalendar("thử", frozenset(), frozenset(), frozenset({2026})))


def local(text: str) -> datetime:
    """A moment on Vietnamese clocks in November 2026: `20 10:00`."""
    return datetime.strptime(f"2026-11-{text} +0700", "%Y-%m-%d %H:%M %z")


@pytest.mark.parametrize(
    ("now", "due", "words", "kind"),
    [
        ("20 10:00", "20 17:00", "Còn 5 giờ làm việc", "near"),
        ("20 10:00", "20 10:35", "Còn 35 phút làm việc", "near"),
        ("20 16:00", "24 17:00", "Còn 2 ngày 1 giờ làm việc", "going"),
        ("20 10:00", "23 10:00", "Còn 1 ngày làm việc", "near"),
        ("20 17:00", "21 03:00", "Còn 10 giờ, tính cả ngoài giờ làm việc", "near"),
        ("23 17:00", "20 17:00", "Quá hạn 1 ngày làm việc", "late"),
        ("20 20:53", "20 17:00", "Quá hạn từ 17:00 hôm nay", "late"),
        ("20 10:59", "20 10:00", "Quá hạn từ 10:00 hôm nay", "late"),
        ("20 11:00", "20 10:00", "Quá hạn 1 giờ làm việc", "late"),
        ("22 10:00", "20 17:00", "Quá hạn từ 17:00 ngày 20/11/2026", "late"),
        ("24 08:30", "20 17:00", "Quá hạn 1 ngày 1 giờ làm việc", "late"),
    ],
)
def test_time_left_is_said_in_the_working_time_of_the_office(now, due, words, kind):
    at = local(now)
    said = time_left(local(due), at, OFFICE.after_working_time(at, SOON), OFFICE)
    assert (said.words.vi, said.kind) == (words, kind)


@pytest.mark.parametrize(
    ("now", "due", "words"),
    [
        ("20 10:00", "20 17:00", "5 working hours left"),
        ("20 16:30", "20 16:31", "1 working minute left"),
        ("20 16:00", "20 17:00", "1 working hour left"),
        ("20 10:00", "23 10:00", "1 working day left"),
        ("20 16:00", "24 17:00", "2 working days 1 hour left"),
        ("20 17:00", "20 18:30", "1 hour left, counting hours off"),
        ("24 10:30", "20 17:00", "Late by 1 working day 3 hours"),
        ("20 20:53", "20 17:00", "Late since 17:00 today"),
        ("22 10:00", "20 17:00", "Late since 17:00 on 20/11/2026"),
    ],
)
def test_time_left_is_said_in_english_with_its_plurals(now, due, words):
    at = local(now)
    assert time_left(local(due), at, OFFICE.after_working_time(at, SOON), OFFICE).words.en == words


def test_a_dossier_without_an_appointment_says_so():
    assert time_left(None, AT, AT, OFFICE).words.vi == "Chưa có ngày hẹn"


@pytest.fixture
def published(database) -> None:
    publish(COPIES)


def seen_by(user_name: str, shelf: Shelf = Shelf.ALL, text: str = "", *, after=None, at: datetime = AT) -> Worklist:
    with acting(user_name) as rights:
        return worklist(db.session(), rights, shelf=shelf, text=text, after=after, at=at)


def codes(page: Worklist) -> list[str]:
    return [line.code for line in page.lines]


def numbers(page: Worklist) -> list[int]:
    return [int(code[-4:]) for code in codes(page)]


def decided(dossier_id: UUID, at: datetime = AT, seen: int = 1) -> None:
    ruling = Ruling(outcome=Outcome.GRANTED, summary="Đã chứng thực.")
    with acting(PROCESSOR) as rights, unit_of_work() as work:
        dossiers.decide(work, dossier_id, ruling, rights=rights, seen_version=seen, at=at)


def test_what_is_due_next_stands_first(published):
    received(at=AT + timedelta(days=3))
    received(at=AT)
    received(at=AT + timedelta(days=5))
    due = [line.time_left.due for line in seen_by(PROCESSOR, Shelf.WAITING).lines]
    assert len(due) == 3
    assert due == sorted(due)


def test_each_person_finds_what_waits_for_them(published):
    first, second, third = received(), received(), received()
    with acting(PROCESSOR) as rights, unit_of_work() as work:
        dossiers.take_over(work, first, rights=rights, seen_version=1, at=AT)
    decided(second)
    assert numbers(seen_by(PROCESSOR, Shelf.WAITING)) == [1, 3]
    assert numbers(seen_by(PROCESSOR, Shelf.MINE)) == [1]
    assert numbers(seen_by(SECOND_PROCESSOR, Shelf.WAITING)) == [3]
    assert numbers(seen_by(RECEIVER, Shelf.WAITING)) == [2]
    assert numbers(seen_by(LEADER, Shelf.WAITING)) == []
    assert len({first, second, third}) == 3


def test_counts_of_every_pile_are_always_there(published):
    late, waiting, _ = received(at=AT - timedelta(days=7)), received(), received()
    decided(waiting)
    page = seen_by(PROCESSOR, Shelf.MINE)
    assert dict(page.counts) == {
        Shelf.WAITING: 2,
        Shelf.MINE: 0,
        Shelf.OPEN: 2,
        Shelf.SOON: 1,
        Shelf.LATE: 1,
        Shelf.UNPRICED: 0,
        Shelf.TO_RETURN: 1,
        Shelf.RETURNED: 0,
        Shelf.ALL: 3,
    }
    with acting(RECEIVER) as rights, unit_of_work() as work:
        dossiers.return_result(work, waiting, rights=rights, seen_version=2, at=AT)
    page = seen_by(INSPECTOR, Shelf.RETURNED)
    assert (page.counts[Shelf.TO_RETURN], page.counts[Shelf.RETURNED], page.counts[Shelf.ALL]) == (0, 1, 3)
    assert page.lines[0].time_left.words.vi == "Đã trả 20/11/2026, đúng hạn"
    assert [line.uuid for line in seen_by(PROCESSOR, Shelf.LATE).lines] == [late]


def test_a_result_made_after_its_day_stays_late_for_ever(published):
    dossier_id = received()
    decided(dossier_id, at=MONDAY_NOON)
    line = seen_by(RECEIVER, Shelf.TO_RETURN, at=MONDAY_NOON).lines[0]
    assert (line.time_left.words.vi, line.time_left.kind) == ("Chờ trả từ 23/11/2026, quá hạn", "late")


@pytest.mark.parametrize("typed", ["đào", "DAO", "nguyen thi", "261120-0002", "  Thị   Đào "])
def test_a_dossier_is_found_by_code_or_name_without_accents(published, typed):
    received(applicant=replace(PERSON, full_name="Trần Văn Út"))
    received()
    assert numbers(seen_by(PROCESSOR, Shelf.ALL, typed)) == [2]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'; drop table dossier --", "x" * 5_000, "~"])
def test_odd_searches_find_nothing_and_break_nothing(published, typed):
    received()
    assert seen_by(PROCESSOR, Shelf.ALL, typed).lines == ()


def test_counts_follow_the_search(published):
    received()
    received(applicant=replace(PERSON, full_name="Trần Văn Út"))
    assert seen_by(PROCESSOR, Shelf.WAITING, "ut").counts[Shelf.WAITING] == 1


def pages(user_name: str, shelf: Shelf) -> Iterable[Worklist]:
    after = None
    while True:
        page = seen_by(user_name, shelf, after=after)
        yield page
        if not page.after:
            return
        after = UUID(page.after)


@pytest.mark.parametrize("shelf", [Shelf.WAITING, Shelf.ALL])
def test_pages_hold_every_dossier_once(published, shelf):
    for _ in range(PAGE_SIZE + 3):
        received()
    found = list(pages(PROCESSOR, shelf))
    assert [len(page.lines) for page in found] == [PAGE_SIZE, 3]
    assert sorted(number for page in found for number in numbers(page)) == list(range(1, PAGE_SIZE + 4))
    assert (found[0].is_first, found[1].is_first) == (True, False)


def test_another_unit_sees_none_of_them_and_cannot_page_by_their_keys(published):
    dossier_id = received()
    assert seen_by(OTHER_RECEIVER).lines == ()
    assert seen_by(OTHER_RECEIVER).counts[Shelf.ALL] == 0
    assert seen_by(OTHER_RECEIVER, after=dossier_id).lines == ()


def test_a_day_begins_with_ones_own_work_or_with_what_is_open_where_one_watches(database):
    with acting(PROCESSOR) as rights:
        assert first_shelf(rights) is Shelf.WAITING
    with acting(INSPECTOR) as rights:
        assert first_shelf(rights) is Shelf.OPEN


def test_what_is_open_stands_by_what_is_due_next_and_nothing_finished_is_among_it(published):
    received(at=AT + timedelta(days=3))
    received(at=AT)
    decided(received(at=AT))
    page = seen_by(LEADER, Shelf.OPEN, at=AT + timedelta(days=3))
    assert [line.time_left.kind for line in page.lines] == ["late", "near"]
    assert page.counts[Shelf.OPEN] == 2
    assert page.counts[Shelf.ALL] == 3


def test_a_whole_identity_number_finds_the_dossiers_of_that_person_within_ones_scope(published):
    received()
    received(applicant=replace(PERSON, full_name="Trần Văn Tám", identifier="087190005678"))
    assert numbers(seen_by(RECEIVER, text="0871 9000 1234")) == [1]
    assert numbers(seen_by(RECEIVER, text=" 087.190.005.678 ")) == [2]
    assert numbers(seen_by(RECEIVER, text="08719000")) == []
    assert numbers(seen_by(OTHER_RECEIVER, text="087190001234")) == []


@pytest.mark.parametrize(
    "text",
    ["087190001234", "0871 9000 1234", "087190", "087.190.001.234", "1400999003-001", "Đào 087190001234",
     "087190001234-5"],
)  # fmt: skip
def test_what_may_be_an_identity_number_or_a_part_of_one_is_known(text):
    assert holds_identity_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "Nguyễn Thị Đào", "H20.06.14-261120-0001", "h20.06.14-261120-TC0001", "0001", "261120-0001", "1.004222"],
)
def test_codes_and_names_are_no_identity_numbers(text):
    assert not holds_identity_number(text)


def found_at_desk(user_name: str, desk: str, text: str = "") -> list[str]:
    with acting(user_name) as rights:
        unit = next(unit for unit in desks(db.session(), rights, date(2026, 11, 20)) if unit.key == desk)
        return [each.code for each in receivable(db.session(), rights, unit, text=text, at=AT).procedures]


def test_the_procedures_a_unit_uses_most_are_offered_first(published):
    publish("1.004222")
    publish("2.000635")
    received()
    offered = found_at_desk(RECEIVER, "phuong-cao-lanh")
    assert offered[0] == COPIES
    assert set(offered) == {COPIES, "1.004222", "2.000635"}


@pytest.mark.parametrize("typed", ["2.000815", "chung thuc"])
def test_a_procedure_is_found_while_it_is_typed(published, typed):
    assert found_at_desk(RECEIVER, "phuong-cao-lanh", typed) == [COPIES]


def test_a_postal_clerk_chooses_among_the_units_that_delegated_and_gets_their_fields_only(published):
    publish("2.001827")
    with acting(POSTAL) as rights:
        assert {unit.key for unit in desks(db.session(), rights, date(2026, 11, 20))} == {
            "phuong-cao-lanh", "phuong-my-tra",
        }  # fmt: skip
    assert found_at_desk(POSTAL, "phuong-my-tra") == [COPIES]


def test_the_duty_at_a_desk_is_the_one_of_that_unit(published):
    with acting(POSTAL) as rights:
        version = dossiers.version_to_receive(db.session(), COPIES, AT)
        procedure = db.session.get_one(Procedure, version.procedure_id)
        for unit in desks(db.session(), rights, date(2026, 11, 20)):
            assert duty_at(rights, unit, procedure).acts_for_unit_id == unit.id


def test_a_procedure_that_ended_is_no_longer_offered(published):
    with acting("danhmuc") as rights, unit_of_work() as work:
        version = dossiers.version_to_receive(work.session, COPIES, AT)
        procedures.end_version(work, version.uuid, until=date(2026, 11, 20), reason="Bãi bỏ", rights=rights, at=AT)
    assert found_at_desk(RECEIVER, "phuong-cao-lanh") == []

"""The page for the signer says what a publication would mean, from the draft, the register and the record alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.clock import legal_day
from app.extensions import db
from app.services import dossier as dossiers
from app.services import procedure as procedures
from app.services.dossier import Ruling
from app.services.sample import SAMPLES
from app.services.signing import Summary, summary_for_signer
from app.storage.dossier import Dossier
from app.storage.open_dossiers import count_open
from app.storage.procedure import Procedure
from app.storage.unit_of_work import unit_of_work
from rules.lifecycle import Outcome
from tests.desk import AT, COPIES, EXTRACT, OTHER_RECEIVER, PROCESSOR, RECEIVER, acting, publish, received

TEXT = (SAMPLES / "procedures" / f"{COPIES}.yaml").read_text(encoding="utf-8")
REWORDED = TEXT.replace("Bản chính giấy tờ, văn bản", "Bản chính của giấy tờ, văn bản")
TODAY = legal_day(AT)
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("database")


def row(code: str = COPIES) -> Procedure:
    return db.session.scalars(select(Procedure).where(Procedure.code == code)).one()


def drafted(content: str = REWORDED, code: str = COPIES) -> None:
    with acting("danhmuc") as rights, unit_of_work() as work:
        procedures.save_draft(
            work, row(code).uuid, text=content, file_name="a.yaml", rights=rights, seen_version=None, at=AT
        )


def told(since: date = TODAY, code: str = COPIES) -> Summary:
    with acting("pheduyet"):
        draft = procedures.draft_of(db.session(), row(code))
        return summary_for_signer(db.session(), row(code), draft, since=since, today=TODAY)


def test_it_says_who_pays_what_how_long_it_takes_and_how_many_papers():
    publish(COPIES)
    drafted()
    summary = told()
    assert [charge.label.vi for charge in summary.charges] == ["Phí chứng thực bản sao từ bản chính"]
    assert "2.000\u00a0đ" in summary.charges[0].amounts[0].said.vi
    assert "Thông tư 226/2016/TT-BTC" in summary.charges[0].amounts[0].citation.vi
    assert "trong ngày" in summary.taking.statutory[0].said.vi
    assert (summary.taking.promised, summary.taking.added) == ((), ())
    assert (summary.papers.all, summary.papers.always, summary.papers.optional) == (2, 1, 1)
    assert summary.cases == summary.cases_passed >= 17
    assert summary.drafted_by == "Trần Thị Ngọc Diễm"
    assert summary.obstacles == ()


def test_it_says_the_rows_of_a_table_and_its_reductions():
    publish(EXTRACT)
    content = (SAMPLES / "procedures" / f"{EXTRACT}.yaml").read_text(encoding="utf-8")
    drafted(content.replace("vi: Tờ khai", "vi: Tờ khai cấp"), EXTRACT)
    (charge,) = told(code=EXTRACT).charges
    assert len(charge.amounts) >= 1
    assert all(clause.said.vi and clause.said.en for clause in (*charge.amounts, *charge.cuts))


def test_it_tells_each_sentence_that_is_new_or_gone_against_the_version_in_force_on_that_day():
    publish(COPIES)
    drafted()
    changes = told().changes
    assert (changes.number, changes.since) == (1, date(2025, 7, 1))
    papers = next(group for group in changes.groups if group.title.vi == "Thành phần hồ sơ")
    assert all("Bản chính của giấy tờ" in sentence.vi for sentence in papers.added)
    assert all("“Bản chính giấy tờ" in sentence.vi for sentence in papers.removed)
    assert changes.count == sum(len(group.added) + len(group.removed) for group in changes.groups)
    assert told(date(2025, 6, 30)).changes is None


def test_it_tells_which_dossiers_change_from_what_to_what_and_shows_one():
    publish(EXTRACT)
    content = (SAMPLES / "procedures" / f"{EXTRACT}.yaml").read_text(encoding="utf-8")
    assert "amount: 8000" in content
    drafted(content.replace("amount: 8000", "amount: 9000"), EXTRACT)
    changes = told(code=EXTRACT).changes
    (one,) = [each for each in changes.of_law if each.is_region]
    assert (one.old.vi, one.new.vi) == ("8.000\u00a0đ", "9.000\u00a0đ")
    assert any("24.000" in change.old.vi and "27.000" in change.new.vi for change in one.shown.changes)
    assert not changes.comparison.changes_nothing


def test_a_draft_that_only_words_change_in_is_proved_to_change_nothing():
    publish(COPIES)
    drafted()
    assert told().changes.of_law == ()
    assert told().changes.comparison.changes_nothing


def test_a_draft_that_repeats_the_version_in_force_has_no_news_and_an_obstacle():
    publish(COPIES)
    drafted(TEXT)
    summary = told()
    assert summary.changes.groups == ()
    assert "giống hệt" in summary.obstacles[0]


def test_open_dossiers_of_every_unit_are_counted_for_who_may_see_none_of_them():
    publish(COPIES)
    received(RECEIVER, AT - DAY)
    received(OTHER_RECEIVER)
    drafted()
    with acting("pheduyet"):
        assert db.session.scalar(select(func.count()).select_from(Dossier)) == 0
        assert count_open(db.session(), row().id) == 2
    summary = told(TODAY)
    assert summary.open_dossiers == 2
    assert [(way.count, way.is_done) for way in summary.transitions] == [
        (1, True), (1, False), (2, False), (2, False),
    ]  # fmt: skip
    coming = told(TODAY + DAY)
    assert [(way.count, way.is_done) for way in coming.transitions] == [(2, True), (2, False), (2, False)]


def test_a_dossier_with_a_result_is_open_no_longer():
    publish(COPIES)
    dossier_id = received()
    with acting(PROCESSOR) as rights, unit_of_work() as work:
        dossiers.decide(
            work, dossier_id, Ruling(Outcome.GRANTED, "Đã chứng thực"), rights=rights, seen_version=1, at=AT
        )  # fmt: skip
    drafted()
    assert told().open_dossiers == 0


def test_nobody_but_the_application_may_ask_how_many_are_open(services):
    publish(COPIES)
    granted = text("SELECT has_function_privilege('public', p.oid, 'EXECUTE') FROM pg_proc p WHERE proname = :name")
    assert db.session.scalar(granted, {"name": "count_open_dossiers"}) is False
    with pytest.raises(DBAPIError, match="does not exist"):
        db.session.execute(text("SELECT count_open_dossiers()"))
    db.session.rollback()


@pytest.mark.parametrize(
    ("since", "says"),
    [(TODAY + 2 * DAY, "đến hết ngày 21/11/2026"), (TODAY, "không rút lại được"), (TODAY - DAY, "không rút lại được")],
)
def test_it_says_how_to_withdraw_it_and_until_when(since, says):
    publish(COPIES)
    drafted()
    sentences = told(since).withdrawal
    assert any(says in sentence for sentence in sentences)
    assert "phiên bản 1" in sentences[-1]


def test_what_it_says_of_withdrawing_is_what_happens():
    """Ended before its first day, the new version applies to nothing, and the old one does not come back by itself."""
    publish(COPIES)
    drafted()
    since = TODAY + 2 * DAY
    with acting("danhmuc") as rights, unit_of_work() as work:
        made = procedures.publish(
            work, row().uuid, procedures.Publication(since=since), rights=rights, seen_version=1, at=AT
        )
    with acting("danhmuc") as rights, unit_of_work() as work:
        procedures.end_version(work, made.uuid, until=since, reason="Công bố nhầm", rights=rights, at=AT)
    in_force = procedures.version_in_force
    assert in_force(db.session(), COPIES, since) is None
    assert in_force(db.session(), COPIES, since - DAY).number == 1
    drafted(TEXT)
    with acting("danhmuc") as rights, unit_of_work() as work:
        procedures.publish(work, row().uuid, procedures.Publication(since=since), rights=rights, seen_version=1, at=AT)
    assert in_force(db.session(), COPIES, since).number == 3

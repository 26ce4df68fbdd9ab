"""Publication freezes what was proved, once, under its hashes; what is not proved or not seen is never published."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.security.assignment import Rights, rights_of
from app.services import procedure as procedures
from app.services import versions
from app.services.errors import NotAllowedError, NotFoundError, RefusalError, StaleError, UnusableInputError
from app.services.procedure import DefinitionRefusedError, Publication, PublicationRefusedError
from app.services.sample_procedures import publish_samples
from app.services.versions import Standing
from app.storage.account import Officer
from app.storage.audit import AuditEntry, first_broken
from app.storage.folding import folded
from app.storage.procedure import Procedure, ProcedureDraft, ProcedureVersion, ProcedureVersionEnd, version_in_force
from app.storage.unit_of_work import unit_of_work
from rules import codec
from tests import procedure_texts as texts

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ON = date(2026, 11, 20)
SINCE = date(2026, 1, 1)
SAMPLES = sorted(path.stem for path in (Path(__file__).parents[2] / "samples" / "procedures").glob("*.yaml"))

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def procedure() -> UUID:
    return new_procedure()


def new_procedure(code: str = texts.CODE) -> UUID:
    made = Procedure(code=code, name="Tên trong danh mục", folded="ten trong danh muc", sort_key="t")
    db.session.add(made)
    db.session.commit()
    return made.uuid


def rights(user_name: str = "danhmuc") -> Rights:
    officer = db.session.scalars(select(Officer.id).where(Officer.username == user_name)).one()
    return rights_of(db.session(), officer, ON)


def draft(
    procedure: UUID, content: str = texts.WHOLE, *, seen: int | None = None, by: str = "danhmuc"
) -> ProcedureDraft:
    with unit_of_work() as work:
        return procedures.save_draft(
            work, procedure, text=content, file_name="a.yaml", rights=rights(by), seen_version=seen, at=AT
        )


def publish(procedure: UUID, since: date = SINCE, *, seen: int = 1, by: str = "danhmuc", **more) -> ProcedureVersion:
    with unit_of_work() as work:
        return procedures.publish(
            work, procedure, Publication(since=since), rights=rights(by), seen_version=seen, at=AT, **more
        )


def end(version: ProcedureVersion, until: date, *, reason: str = "Bãi bỏ", by: str = "danhmuc") -> ProcedureVersionEnd:
    with unit_of_work() as work:
        return procedures.end_version(work, version.uuid, until=until, reason=reason, rights=rights(by), at=AT)


def published(procedure: UUID, content: str = texts.WHOLE, since: date = SINCE) -> ProcedureVersion:
    draft(procedure, content)
    return publish(procedure, since)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def row(procedure: UUID) -> Procedure:
    return procedures.procedure_with(db.session(), procedure)


def acts(procedure: UUID) -> list[str]:
    lines = select(AuditEntry.act).where(AuditEntry.object_id == str(procedure)).order_by(AuditEntry.sequence)
    return list(db.session.scalars(lines))


def test_publication_freezes_json_whose_hash_is_the_one_kept(procedure):
    draft(procedure)
    version = publish(procedure, SINCE)
    db.session.expire_all()
    assert hashlib.sha256(version.definition.encode()).hexdigest() == version.whole_sha256
    assert codec.law_hash(codec.definition_from_json(version.definition)) == version.law_sha256
    assert (version.number, version.since, version.source_text) == (1, SINCE, texts.WHOLE)
    assert [case["passed"] for case in version.case_results] == [True, True]
    assert version.published_by == version.drafted_by == rights().user_id


def test_publication_takes_the_draft_away_and_is_written_into_the_record(procedure):
    published(procedure)
    assert count(ProcedureDraft) == 0
    assert acts(procedure) == ["save_draft", "publish"]
    assert first_broken(db.session(), "procedure", str(procedure)) is None


def test_a_published_version_can_be_neither_changed_nor_deleted(procedure):
    published(procedure)
    for statement in ("UPDATE procedure_version SET definition = '{}'", "DELETE FROM procedure_version"):
        with pytest.raises(DBAPIError, match="permission denied"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert count(ProcedureVersion) == 1


def test_the_procedure_takes_its_name_from_the_published_definition_and_is_found_by_it(procedure):
    published(procedure)
    found = row(procedure)
    assert (found.name, found.field_of_work) == ("Cấp bản sao trích lục hộ tịch", "Hộ tịch")
    assert folded("trích lục") in found.folded
    assert texts.CODE in found.folded


@pytest.mark.parametrize(
    ("content", "sign", "says"),
    [
        (texts.UNKNOWN_FIELD, "[chanel]", "Không có dữ kiện “chanel”"),
        (texts.BROKEN_CELL, "fee.online, when", "Cần một mã của danh mục"),
        (texts.BROKEN_YAML, "\tinputs", "Cấu trúc YAML không đọc được"),
    ],
)
def test_a_definition_that_cannot_be_read_is_refused_with_its_line_and_nothing_changes(procedure, content, sign, says):
    draft(procedure)
    with pytest.raises(DefinitionRefusedError) as refused:
        draft(procedure, content, seen=1)
    first = refused.value.findings[0]
    assert first.line == texts.line_of(content, sign)
    assert says in first.what
    kept = procedures.draft_of(db.session(), row(procedure))
    assert (kept.source_text, kept.lock_version) == (texts.WHOLE, 1)
    assert acts(procedure) == ["save_draft"]


def test_a_file_that_is_no_text_is_refused_with_the_line_where_it_stops_being_one():
    with pytest.raises(DefinitionRefusedError) as refused:
        procedures.text_of(b"format: 1\ncode: \xff\xfe")
    assert refused.value.findings[0].line == 2
    assert "UTF-8" in refused.value.findings[0].what


def test_a_definition_of_another_procedure_is_refused():
    other = new_procedure("1.001193")
    with pytest.raises(UnusableInputError, match=r"thủ tục 2\.000635, không phải 1\.001193"):
        draft(other)
    assert count(ProcedureDraft) == 0


def test_a_red_golden_case_stops_publication_and_is_named(procedure):
    kept = draft(procedure, texts.RED_CASE)
    assert kept.case_results[0]["differences"] == ["Tổng số tiền: mong đợi 25.000\u00a0đ, tính ra 24.000\u00a0đ."]
    with pytest.raises(PublicationRefusedError) as refused:
        publish(procedure)
    assert refused.value.obstacles == ("Tình huống mẫu “3 bản tại quầy là 24.000 đồng” không đạt.",)
    assert (count(ProcedureVersion), count(ProcedureDraft)) == (0, 1)


def test_no_golden_case_stops_publication(procedure):
    draft(procedure, texts.NO_CASE)
    with pytest.raises(PublicationRefusedError, match="Chưa có tình huống mẫu nào"):
        publish(procedure)
    assert count(ProcedureVersion) == 0


def test_a_draft_that_somebody_changed_is_not_published(procedure):
    draft(procedure)
    draft(procedure, texts.DEARER, seen=1)
    with pytest.raises(StaleError):
        publish(procedure, seen=1)
    assert count(ProcedureVersion) == 0


def test_a_draft_that_somebody_changed_is_not_overwritten(procedure):
    draft(procedure)
    draft(procedure, texts.DEARER, seen=1)
    with pytest.raises(StaleError, match="đã đổi sau khi bạn mở trang"):
        draft(procedure, texts.REWORDED, seen=1)
    with pytest.raises(StaleError):
        draft(procedure, texts.REWORDED, seen=None)
    assert procedures.draft_of(db.session(), row(procedure)).source_text == texts.DEARER


def test_a_later_draft_is_not_taken_for_the_one_that_was_seen(procedure):
    seen = draft(procedure).uuid
    publish(procedure)
    draft(procedure, texts.DEARER)
    with pytest.raises(StaleError):
        publish(procedure, date(2026, 6, 1), seen=1, seen_draft=seen)
    assert count(ProcedureVersion) == 1


def test_the_same_publication_sent_twice_is_published_once(procedure):
    seen = draft(procedure).uuid
    first = publish(procedure, seen_draft=seen)
    again = publish(procedure, seen_draft=seen)
    assert (again.id, count(ProcedureVersion)) == (first.id, 1)
    assert acts(procedure) == ["save_draft", "publish"]


def test_publication_without_a_draft_says_so(procedure):
    with pytest.raises(NotFoundError, match="chưa có dự thảo"):
        publish(procedure)


def test_the_same_content_from_the_same_day_is_not_published_again(procedure):
    published(procedure)
    draft(procedure)
    with pytest.raises(RefusalError, match="giống hệt phiên bản 1"):
        publish(procedure)
    assert count(ProcedureVersion) == 1


def test_what_applies_already_is_not_published_again_from_a_later_day_but_may_be_from_an_earlier_one(procedure):
    since = published(procedure).since
    draft(procedure)
    with pytest.raises(PublicationRefusedError, match="giống hệt phiên bản 1"):
        publish(procedure, since + timedelta(days=30))
    assert publish(procedure, since - timedelta(days=30)).number == 2


def test_two_publishers_at_once_make_one_version_and_the_second_is_told(procedure, app: Flask):
    draft(procedure)
    start = Barrier(2)

    def press(user_name: str) -> str:
        with app.app_context():
            start.wait(timeout=20)
            try:
                return f"phiên bản {publish(procedure, by=user_name).number}"
            except StaleError as refused:
                return refused.sentence

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, ("danhmuc", "pheduyet")))
    assert answers == ["Dự thảo này không còn hoặc đã đổi sau khi bạn mở trang.", "phiên bản 1"]
    assert count(ProcedureVersion) == 1
    assert first_broken(db.session(), "procedure", str(procedure)) is None


def test_two_first_drafts_at_once_keep_one_and_the_second_is_told(procedure, app: Flask):
    start = Barrier(2)

    def press(content: str) -> str:
        with app.app_context():
            start.wait(timeout=20)
            try:
                return draft(procedure, content).source_text
            except StaleError:
                return "chưa ghi đè"

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(press, (texts.WHOLE, texts.DEARER)))
    kept = procedures.draft_of(db.session(), row(procedure)).source_text
    assert answers == {"chưa ghi đè", kept}


def test_only_who_is_assigned_configures_and_publishes(procedure):
    with pytest.raises(NotAllowedError):
        draft(procedure, by="pheduyet")
    draft(procedure)
    with pytest.raises(NotAllowedError):
        publish(procedure, by="tiepnhan.caolanh")
    assert publish(procedure, by="pheduyet").number == 1


def test_the_version_in_force_is_chosen_by_the_day(procedure):
    first = published(procedure, since=date(2026, 1, 1))
    second = published(procedure, texts.DEARER, since=date(2026, 7, 1))
    end(second, date(2026, 12, 1))

    def number(on: date) -> int | None:
        found = version_in_force(db.session(), texts.CODE, on)
        return found.number if found else None

    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 11, 30)]
    assert [number(on) for on in days] == [None, first.number, first.number, second.number, second.number]
    assert number(date(2026, 12, 1)) is None


def test_a_version_may_begin_in_the_past_and_between_two_others(procedure):
    published(procedure, since=date(2026, 7, 1))
    published(procedure, texts.DEARER, since=date(2026, 1, 1))
    published(procedure, texts.REWORDED, since=date(2026, 7, 1))
    lines = {line.version.number: line for line in versions.history(db.session(), row(procedure), ON).versions}
    assert [lines[number].until for number in (1, 2, 3)] == [date(2026, 7, 1), date(2026, 7, 1), None]
    # The first did apply: from its publication until the third was published.
    assert [lines[number].standing for number in (1, 2, 3)] == [Standing.OVER, Standing.OVER, Standing.IN_FORCE]
    assert version_in_force(db.session(), texts.CODE, ON).number == 3


def test_a_version_replaced_before_its_first_day_never_applied(procedure):
    published(procedure, since=ON + timedelta(days=30))
    published(procedure, texts.DEARER, since=ON + timedelta(days=30))
    lines = {line.version.number: line for line in versions.history(db.session(), row(procedure), ON).versions}
    assert [lines[number].standing for number in (1, 2)] == [Standing.OVERTAKEN, Standing.COMING]


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 1), ON])
def test_the_history_and_the_desk_agree_on_what_is_in_force(procedure, on):
    published(procedure, since=date(2026, 1, 1))
    end(published(procedure, texts.DEARER, since=date(2026, 6, 1)), date(2026, 11, 1))
    shown = versions.history(db.session(), row(procedure), on).in_force
    assert (shown.version if shown else None) is version_in_force(db.session(), texts.CODE, on)


def test_a_version_is_ended_once_with_a_day_and_a_reason(procedure):
    version = published(procedure)
    with pytest.raises(RefusalError, match="sớm hơn ngày bắt đầu"):
        end(version, date(2025, 12, 31))
    with pytest.raises(UnusableInputError, match="lý do"):
        end(version, date(2026, 12, 1), reason="  ")
    ended = end(version, date(2026, 12, 1), reason="QĐ 45/QĐ-UBND")
    assert end(version, date(2026, 12, 1), reason="QĐ 45/QĐ-UBND").id == ended.id
    with pytest.raises(StaleError, match="đã có ngày hết áp dụng"):
        end(version, date(2026, 12, 2))
    assert count(ProcedureVersionEnd) == 1
    assert acts(procedure) == ["save_draft", "publish", "end_version"]


def test_a_draft_is_thrown_away_only_as_it_was_seen(procedure):
    kept = draft(procedure)

    def drop(seen: int, by: str = "danhmuc") -> None:
        with unit_of_work() as work:
            procedures.drop_draft(work, procedure, rights=rights(by), seen_version=seen, seen_draft=kept.uuid, at=AT)

    with pytest.raises(StaleError):
        drop(7)
    with pytest.raises(NotAllowedError):
        drop(1, by="pheduyet")
    drop(1)
    assert count(ProcedureDraft) == 0
    assert acts(procedure) == ["save_draft", "drop_draft"]


def test_examining_a_version_again_finds_it_whole(procedure):
    found = versions.recheck(db.session(), published(procedure))
    assert found.holds
    assert [case.passed for case in found.cases] == [True, True]


def test_examining_again_shows_every_byte_that_was_changed_behind_the_walls(procedure):
    version = published(procedure)
    db.session.expunge(version)
    version.definition = version.definition.replace('"amount":8000', '"amount":800')
    found = versions.recheck(db.session(), version)
    assert (found.whole_holds, found.law_holds, found.source_holds, found.holds) == (False, False, False, False)
    assert [case.passed for case in found.cases] == [False, True]


def test_other_words_leave_the_hash_of_the_law_as_it_was(procedure):
    first = published(procedure)
    second = published(procedure, texts.REWORDED)
    assert first.law_sha256 == second.law_sha256
    assert first.whole_sha256 != second.whole_sha256


def test_the_samples_are_published_once_in_the_name_of_the_catalogue_administrator():
    assert list(publish_samples(AT)) == SAMPLES
    assert publish_samples(AT) == ()
    made = db.session.scalars(select(ProcedureVersion)).all()
    assert len(made) == len(SAMPLES)
    assert {version.published_by for version in made} == {rights().user_id}
    assert all(version_in_force(db.session(), code, ON) for code in SAMPLES)
    assert {entry.actor_name for entry in db.session.scalars(select(AuditEntry))} == {"danhmuc"}

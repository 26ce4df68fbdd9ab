"""A finding is let be by a person with a reason, on record; what may not be waived never is, and nothing is erased."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.security.assignment import Rights, rights_of
from app.services import procedure as procedures
from app.services import versions, waiver
from app.services.errors import (
    MoveNotAllowedError,
    NotAllowedError,
    NotFoundError,
    RefusalError,
    StaleError,
    UnusableInputError,
)
from app.services.finding import dossier_to_try, sorted_findings
from app.services.office import office_register, office_time
from app.services.procedure import Publication, PublicationRefusedError
from app.storage.account import Officer
from app.storage.audit import AuditEntry, first_broken
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.unit_of_work import unit_of_work
from app.storage.waiver import FindingWaiver, FindingWaiverEnd, VersionWaiver, waivers_in_force, waivers_of_version
from rules.check.findings import Finding, FindingKind, Witness
from rules.check.procedure import check
from rules.clock.calendar import OfficeTime
from rules.errors import Severity
from tests import procedure_texts as texts

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ON = date(2026, 11, 20)
REASON = "Không thu với trường hợp này theo khoản 2 Điều 3 của thông tư."
GAP = Finding(
    ("tables", 0, "rows"), "Hồ sơ nộp qua bưu chính không có dòng nào áp dụng.", "Thêm một dòng cho cách nộp này.",
    Severity.ERROR, kind=FindingKind.GAP, table="price",
    witness=Witness({"channel": "post", "copies": 3}, ON), suggested={"channel": '"post"'},
)  # fmt: skip
LACKING = Finding(("statutory",), "Chưa ghi cơ quan giải quyết.", severity=Severity.ERROR, kind=FindingKind.STATUTORY)
NOTE = Finding(("tables", 0), "Bảng này có hai dòng.", severity=Severity.NOTE, kind=FindingKind.LOOK)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def procedure() -> UUID:
    made = Procedure(code=texts.CODE, name="Tên trong danh mục", folded="2.000635 trich luc", sort_key="t")
    db.session.add(made)
    db.session.commit()
    return made.uuid


@pytest.fixture
def proved(monkeypatch) -> Callable[..., None]:
    """Let the proof tell these findings beside what it tells of the definition anyway."""

    def tell(*findings: Finding) -> None:
        monkeypatch.setattr(procedures, "check", lambda definition: (*check(definition), *findings))

    return tell


def rights(user_name: str = "danhmuc") -> Rights:
    officer = db.session.scalars(select(Officer.id).where(Officer.username == user_name)).one()
    return rights_of(db.session(), officer, ON)


def row(procedure: UUID) -> Procedure:
    return procedures.procedure_with(db.session(), procedure)


def draft(procedure: UUID, content: str = texts.WHOLE, *, seen: int | None = None):
    with unit_of_work() as work:
        return procedures.save_draft(
            work, procedure, text=content, file_name="a.yaml", rights=rights(), seen_version=seen, at=AT
        )


def waive(procedure: UUID, key: str = GAP.key, reason: str = REASON, *, by: str = "danhmuc", seen: int | None = None):
    kept = procedures.draft_of(db.session(), row(procedure))
    with unit_of_work() as work:
        return waiver.waive_finding(
            work, procedure, key, reason=reason, rights=rights(by), seen_version=seen or kept.lock_version,
            seen_draft=kept.uuid, at=AT,
        )  # fmt: skip


def take_back(made: FindingWaiver, reason: str = "Thông tư mới đã có mức thu này.", *, by: str = "danhmuc"):
    with unit_of_work() as work:
        return waiver.take_back_waiver(work, made.uuid, reason=reason, rights=rights(by), at=AT)


def publish(procedure: UUID, since: date = date(2026, 1, 1), *, seen: int = 1) -> ProcedureVersion:
    with unit_of_work() as work:
        return procedures.publish(
            work, procedure, Publication(since=since), rights=rights(), seen_version=seen, at=AT
        )  # fmt: skip


def acts(procedure: UUID) -> list[str]:
    lines = select(AuditEntry.act).where(AuditEntry.object_id == str(procedure)).order_by(AuditEntry.sequence)
    return list(db.session.scalars(lines))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_stopping_finding_that_is_waived_no_longer_stops_the_publication_and_the_version_says_so(procedure, proved):
    proved(GAP)
    draft(procedure)
    with pytest.raises(PublicationRefusedError, match="bưu chính"):
        publish(procedure)
    made = waive(procedure)
    version = publish(procedure)
    assert [each.uuid for each in waivers_of_version(db.session(), version.id)] == [made.uuid]
    assert (made.finding_key, made.kind, made.reason) == (GAP.key, "gap", REASON)
    assert GAP.what in made.finding
    assert acts(procedure) == ["save_draft", "waive_finding", "publish"]
    assert first_broken(db.session(), "procedure", str(procedure)) is None


def test_a_version_without_waived_findings_keeps_none_though_the_procedure_has_a_waiver(procedure, proved):
    proved(GAP)
    draft(procedure)
    waive(procedure)
    proved()
    assert waivers_of_version(db.session(), publish(procedure).id) == []


def test_a_waiver_holds_for_later_drafts_while_the_finding_is_the_same(procedure, proved):
    proved(GAP)
    draft(procedure)
    made = waive(procedure)
    publish(procedure)
    draft(procedure, texts.DEARER)
    assert procedures.draft_of(db.session(), row(procedure)) is not None
    version = publish(procedure, date(2026, 12, 1))
    assert [each.id for each in waivers_of_version(db.session(), version.id)] == [made.id]
    proved(replace(GAP, what="Hồ sơ nộp trực tuyến không có dòng nào áp dụng."))
    draft(procedure)
    with pytest.raises(PublicationRefusedError, match="trực tuyến"):
        publish(procedure, date(2027, 1, 1))


def test_what_the_law_demands_and_what_cannot_be_counted_is_waived_by_nobody(procedure, proved):
    proved(LACKING, replace(GAP, kind=FindingKind.FAULT))
    draft(procedure)
    for key in (LACKING.key, replace(GAP, kind=FindingKind.FAULT).key):
        with pytest.raises(MoveNotAllowedError, match="không ai được chấp nhận"):
            waive(procedure, key)
    assert count(FindingWaiver) == 0
    assert acts(procedure) == ["save_draft"]


def test_a_waiver_of_a_kind_that_is_never_waived_counts_for_nothing_even_when_it_is_there(procedure, proved):
    proved(LACKING)
    kept = draft(procedure)
    db.session.add(
        FindingWaiver(
            procedure_id=kept.procedure_id, finding_key=LACKING.key, kind="statutory", severity="error",
            finding=LACKING.what, draft_sha256="0" * 64, reason=REASON, waived_by=rights().user_id, waived_at=AT,
        )
    )  # fmt: skip
    db.session.commit()
    with pytest.raises(PublicationRefusedError, match="cơ quan giải quyết"):
        publish(procedure)


def test_a_note_has_nothing_to_waive_stops_nothing_and_is_no_warning(procedure, proved):
    proved(NOTE)
    draft(procedure)
    with pytest.raises(MoveNotAllowedError):
        waive(procedure, NOTE.key)
    found = versions.history(db.session(), row(procedure), ON).found
    assert (found.mend, found.look, found.accepted) == ((), (), ())
    assert publish(procedure).number == 1


@pytest.mark.parametrize("reason", ["", "   ", "Đồng ý", "khôngsaigìcảđâunhé"])
def test_a_reason_that_says_nothing_is_refused(procedure, proved, reason):
    proved(GAP)
    draft(procedure)
    with pytest.raises(UnusableInputError, match="lý do"):
        waive(procedure, reason=reason)
    assert count(FindingWaiver) == 0


def test_a_finding_that_the_draft_does_not_have_is_not_waived(procedure, proved):
    proved(GAP)
    draft(procedure)
    with pytest.raises(NotFoundError):
        waive(procedure, "0123456789abcdef")


def test_only_who_may_edit_drafts_waives_and_takes_back(procedure, proved):
    proved(GAP)
    draft(procedure)
    made = waive(procedure)
    for user_name in ("pheduyet", "kiemtra", "lanhdao.caolanh"):
        with pytest.raises(NotAllowedError):
            waive(procedure, by=user_name)
        with pytest.raises(NotAllowedError):
            take_back(made, by=user_name)
    assert acts(procedure) == ["save_draft", "waive_finding"]


def test_waiving_twice_in_a_row_waives_once_and_another_reason_is_told_who_was_first(procedure, proved):
    proved(GAP)
    draft(procedure)
    assert waive(procedure).uuid == waive(procedure).uuid
    with pytest.raises(StaleError, match="Trần Thị Ngọc Diễm"):
        waive(procedure, reason="Một lý do khác hẳn, ghi sau.")
    assert acts(procedure) == ["save_draft", "waive_finding"]


def test_a_finding_of_a_draft_that_changed_since_the_page_was_read_is_not_waived(procedure, proved):
    proved(GAP)
    draft(procedure)
    draft(procedure, texts.DEARER, seen=1)
    with pytest.raises(StaleError):
        waive(procedure, seen=1)
    assert count(FindingWaiver) == 0


def test_a_waiver_is_taken_back_once_by_an_act_of_its_own_and_the_finding_stops_again(procedure, proved):
    proved(GAP)
    draft(procedure)
    made = waive(procedure)
    first = take_back(made)
    assert take_back(made).id == first.id
    assert waivers_in_force(db.session(), made.procedure_id) == {}
    with pytest.raises(PublicationRefusedError):
        publish(procedure)
    assert acts(procedure) == ["save_draft", "waive_finding", "take_back_waiver"]
    again = waive(procedure)
    assert again.id != made.id
    assert (count(FindingWaiver), count(FindingWaiverEnd)) == (2, 1)


def test_taking_back_needs_a_reason_too(procedure, proved):
    proved(GAP)
    draft(procedure)
    with pytest.raises(UnusableInputError):
        take_back(waive(procedure), reason="nhầm")


@pytest.mark.parametrize("table", ["finding_waiver", "finding_waiver_end", "procedure_version_waiver"])
def test_the_record_of_waivers_can_be_neither_changed_nor_deleted(procedure, proved, services, table):
    proved(GAP)
    draft(procedure)
    made = waive(procedure)
    publish(procedure)
    take_back(made)
    for statement in (f"UPDATE {table} SET recorded_at = now()", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DBAPIError, match="permission denied"):
            db.session.execute(text(statement))
        db.session.rollback()
    with services.postgres.connected("motcua_run") as owner, pytest.raises(Exception, match="append-only"):
        owner.execute(f"DELETE FROM {table}")


def test_the_list_for_inspection_tells_every_waiver_with_its_versions_and_its_end(procedure, proved):
    proved(GAP)
    draft(procedure)
    made = waive(procedure)
    publish(procedure)
    take_back(made)
    draft(procedure, texts.DEARER)
    waive(procedure)
    found = waiver.waivers(db.session())
    assert [(line.versions, line.waiver.end is not None) for line in found.lines] == [((), False), ((1,), True)]
    assert (found.standing, found.taken_back, found.all) == (1, 1, 2)
    assert [line.waiver.end is None for line in waiver.waivers(db.session(), state="standing").lines] == [True]
    assert len(waiver.waivers(db.session(), text="2.000635").lines) == 2
    assert waiver.waivers(db.session(), text="khong co thu tuc nay").lines == ()


def test_findings_are_sorted_by_what_they_ask_for_with_their_witness_in_words(procedure, proved):
    proved(GAP, NOTE)
    kept = draft(procedure)
    proof = procedures.prove(kept.source_text, office(), waived=())
    found = sorted_findings(proof, kept.source_text, {})
    (gap,) = found.mend
    assert [(label.vi, value.vi) for label, value in gap.dossier.facts] == [
        ("Cách nộp", "Qua bưu chính"), ("Số bản cần cấp", "3 bản"),
    ]  # fmt: skip
    assert (gap.dossier.when, gap.row) == ("20/11/2026", "when: {channel: '\"post\"'}")
    assert NOTE.what in [one.finding.what for one in found.told]
    made = waive(procedure)
    proof = procedures.prove(kept.source_text, office(), waived={GAP.key})
    found = sorted_findings(proof, kept.source_text, waivers_in_force(db.session(), made.procedure_id))
    assert (found.mend, found.accepted[0].waiver.reason) == ((), REASON)


def office() -> OfficeTime:
    return office_time(office_register(db.session()))


def test_the_dossier_of_a_finding_can_be_tried_and_one_without_a_witness_cannot(procedure, proved):
    proved(GAP, NOTE)
    kept = draft(procedure)
    facts, at = dossier_to_try(db.session(), kept, GAP.key)
    assert (facts, at.date()) == ({"channel": "post", "copies": 3}, ON)
    with pytest.raises(RefusalError):
        dossier_to_try(db.session(), kept, NOTE.key)


def test_golden_cases_run_beside_a_finding_that_may_be_waived_and_not_beside_a_fault(procedure, proved):
    proved(GAP)
    assert len(draft(procedure).case_results) == 2
    proved(LACKING)
    assert draft(procedure, seen=1).case_results == []


def test_what_a_version_was_published_under_is_in_its_line_of_the_record(procedure, proved):
    proved(GAP)
    draft(procedure)
    made = waive(procedure)
    publish(procedure)
    detail = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.act == "publish")).one()
    assert detail["waivers"] == [str(made.uuid)]
    assert count(VersionWaiver) == 1

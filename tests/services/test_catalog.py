"""From a source's export to procedures people find: previewed, accepted once and whole, and never undone unseen."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import event, func, select, text

from app.extensions import db
from app.importers.columns import HEADERS
from app.services import announcement, catalog, job
from app.services.errors import MoveNotAllowedError, NotFoundError, StaleError, UnusableInputError
from app.services.job import HANDLERS
from app.storage.account import Officer
from app.storage.attachment import StoredFile, file_store
from app.storage.audit import AuditEntry, first_broken
from app.storage.catalog import CatalogEntry, CatalogImport, CatalogImportRow
from app.storage.job import Job
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.unit_of_work import unit_of_work
from forms.sentence import Sentence
from samples.workbook import ROWS, write_sample_workbook

EXPORTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "catalog_exports"
AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
PORTAL = catalog.NATIONAL_PORTAL
BIRTH = ("1.001193", "Thủ tục đăng ký khai sinh", "Bộ Tư pháp", "Ủy ban nhân dân cấp xã", "Hộ tịch")
DEATH = ("1.000656", "Thủ tục đăng ký khai tử", "Bộ Tư pháp", "Ủy ban nhân dân cấp xã", "Hộ tịch")
RESIDENCE = ("1.004222", "Đăng ký thường trú", "Bộ Công an", "Công an cấp xã", "Đăng ký, quản lý cư trú")

pytestmark = pytest.mark.usefixtures("database")


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in (tuple(HEADERS.values()), *rows):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def officer(user_name: str = "danhmuc") -> int:
    return db.session.scalars(select(Officer.id).where(Officer.username == user_name)).one()


def other_officer() -> int:
    return db.session.scalars(select(Officer.id).where(Officer.username != "danhmuc").limit(1)).one()


def upload(content: bytes, *, source: str = PORTAL, file_name: str = "danh-muc.xlsx") -> CatalogImport:
    with unit_of_work() as work:
        opened = catalog.upload(work, file_name=file_name, content=content, source=source, officer_id=officer(), at=AT)
    return seen(opened)


def after_its_job(opened: CatalogImport) -> CatalogImport:
    job.run(catalog.import_with(db.session(), opened.uuid).job_id, HANDLERS)
    return seen(opened)


def seen(opened: CatalogImport) -> CatalogImport:
    """Return the import as it is now, out of reach of what later transactions do."""
    found = catalog.import_with(db.session(), opened.uuid)
    db.session.expunge_all()
    return found


def read(content: bytes, *, source: str = PORTAL) -> CatalogImport:
    return after_its_job(upload(content, source=source))


def accept(opened: CatalogImport, officer_id: int | None = None) -> CatalogImport:
    with unit_of_work() as work:
        accepted = catalog.accept(work, opened.uuid, officer_id=officer_id or officer(), at=AT)
    return seen(accepted)


def taken(content: bytes, *, source: str = PORTAL) -> CatalogImport:
    return after_its_job(accept(read(content, source=source)))


def procedures() -> dict[str, Procedure]:
    db.session.expire_all()
    return {procedure.code: procedure for procedure in db.session.scalars(select(Procedure))}


def entries(code: str) -> list[CatalogEntry]:
    return [entry for entry, _ in catalog.announcements_of(db.session(), code)]


def publish(code: str) -> None:
    db.session.add(
        ProcedureVersion(
            procedure_id=procedures()[code].id, number=1, definition="{}", whole_sha256="0", law_sha256="0",
            source_text="", since=date(2026, 1, 1), case_results=[],
        )
    )  # fmt: skip
    db.session.commit()


def counted(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


# --- upload and reading -----------------------------------------------------------------------------------------------


def test_an_upload_keeps_the_file_and_asks_for_its_reading():
    content = workbook(BIRTH)
    opened = upload(content, file_name="C:\\Tải về\\danh muc.xlsx")
    assert opened.state == "reading"
    assert opened.file_name == "danh muc.xlsx"
    assert opened.uploaded_by == officer()
    assert file_store.content(opened.stored_file.sha256) == content
    assert opened.job is not None
    assert (opened.job.kind, opened.job.state) == ("read_catalog", "queued")


def test_a_file_that_is_no_workbook_is_refused_at_once_and_leaves_nothing():
    with pytest.raises(UnusableInputError) as refusal:
        upload(b"Ma so,Ten\n")
    assert "không phải sổ làm việc Excel" in refusal.value.sentence
    assert refusal.value.todo
    assert (counted(CatalogImport), counted(Job), counted(StoredFile)) == (0, 0, 0)


def test_a_source_without_a_name_is_refused():
    with pytest.raises(UnusableInputError):
        upload(workbook(BIRTH), source=" \n")


def test_the_same_file_sent_twice_is_one_import():
    content = workbook(BIRTH)
    assert upload(content).uuid == upload(content, source="cổng dịch vụ công  QUỐC GIA").uuid
    assert counted(CatalogImport) == 1
    assert counted(Job) == 1


def test_reading_classifies_rows_and_keeps_every_one_as_it_stood():
    opened = read(workbook(BIRTH, (2.00095, "Mất số 0", None, None, None), DEATH))
    assert opened.state == "ready"
    assert opened.counts == {"rows": 3, "new": 2, "changed": 0, "same": 0, "refused": 1}
    kept = catalog.rows_of(db.session(), opened)
    assert [row.change for row in kept] == ["new", "refused", "new"]
    assert kept[0].raw == list(BIRTH)
    assert kept[1].raw == [2.00095, "Mất số 0"]
    problem = kept[1].problems[0]
    assert "2.000950" in problem["what"]
    assert isinstance(problem["what"], Sentence), "it can still be said in another language"
    assert problem["what"].values == {"value": "2.00095", "probable": "2.000950"}
    assert procedures() == {}


def test_the_job_tells_how_far_it_is():
    rows = [(f"1.{number:06}", f"Thủ tục {number}", "", "", "") for number in range(120)]
    opened = read(workbook(*rows))
    assert opened.job is not None
    assert (opened.job.state, opened.job.progress_done, opened.job.progress_total) == ("done", 120, 120)
    assert opened.job.message == "Đã đọc 120 dòng."


def test_a_workbook_without_the_header_ends_refused_with_the_sentence():
    book = Workbook()
    book.worksheets[0].append(("Mã số", "Tên gọi"))
    out = io.BytesIO()
    book.save(out)
    opened = read(out.getvalue())
    assert opened.state == "refused"
    assert "thiếu cột: “Tên”" in (opened.refusal or "")
    assert opened.job is not None
    assert opened.job.state == "failed"
    assert opened.job.message == opened.refusal
    assert counted(CatalogImportRow) == 0


def test_a_reading_delivered_twice_happens_once():
    opened = read(workbook(BIRTH))
    db.session.execute(text("UPDATE job SET state = 'queued'"))
    db.session.commit()
    again = after_its_job(opened)
    assert again.state == "ready"
    assert again.lock_version == opened.lock_version
    assert counted(CatalogImportRow) == 1


# --- acceptance -------------------------------------------------------------------------------------------------------


def test_accepting_makes_procedures_and_entries_of_the_source(tmp_path):
    opened = taken(write_sample_workbook(tmp_path / "mau.xlsx").read_bytes())
    assert opened.state == "accepted"
    assert opened.counts["added"] == len(ROWS)
    assert opened.accepted_by == officer()
    made = procedures()
    assert set(made) == {row.code for row in ROWS}
    assert made["1.001193"].name == "Thủ tục đăng ký khai sinh"
    assert made["1.001193"].folded == "1.001193 thu tuc dang ky khai sinh"
    [entry] = entries("2.000635")
    assert entry.source == PORTAL
    assert entry.implementing_bodies == ["Cơ quan quản lý cơ sở dữ liệu hộ tịch điện tử", "Sở Tư pháp"]
    assert entry.superseded_at is None


def test_refused_rows_do_not_enter_the_catalogue():
    taken(workbook(BIRTH, ("x", "Không mã", "", "", "")))
    assert set(procedures()) == {"1.001193"}


def test_the_same_export_again_changes_nothing():
    taken(workbook(BIRTH, DEATH))
    again = read(workbook(DEATH, BIRTH))
    assert again.counts == {"rows": 2, "new": 0, "changed": 0, "same": 2, "refused": 0}
    after_its_job(accept(again))
    assert len(entries("1.001193")) == 1
    assert seen(again).counts["added"] == 0


def test_a_changed_announcement_supersedes_the_old_one_and_shows_old_and_new():
    taken(workbook(BIRTH))
    opened = read(workbook((BIRTH[0], "Đăng ký khai sinh", BIRTH[2], "Ủy ban nhân dân xã\nTrung tâm", BIRTH[4])))
    [row] = catalog.rows_of(db.session(), opened, change="changed")
    assert row.parsed is not None
    assert row.parsed["before"] == {"name": BIRTH[1], "implementing_bodies": ["Ủy ban nhân dân cấp xã"]}
    after_its_job(accept(opened))
    now_said, before = entries("1.001193")
    assert (now_said.name, now_said.superseded_at) == ("Đăng ký khai sinh", None)
    assert before.superseded_at is not None
    assert procedures()["1.001193"].name == "Đăng ký khai sinh"
    assert procedures()["1.001193"].folded == "1.001193 dang ky khai sinh"


def test_empty_cells_never_blank_out_what_was_announced_before():
    taken(workbook(BIRTH))
    opened = read(workbook(("1.001193", "Đăng ký khai sinh", "", None, " ")))
    after_its_job(accept(opened))
    entry = entries("1.001193")[0]
    assert (entry.name, entry.issuing_body, entry.field_of_work) == ("Đăng ký khai sinh", "Bộ Tư pháp", "Hộ tịch")
    assert entry.implementing_bodies == ["Ủy ban nhân dân cấp xã"]
    assert procedures()["1.001193"].field_of_work == "Hộ tịch"
    assert read(workbook(("1.001193", "Đăng ký khai sinh", "", "", ""))).counts["same"] == 1


def test_a_published_procedure_keeps_its_name_and_field():
    taken(workbook(BIRTH, DEATH))
    publish("1.001193")
    taken(workbook((BIRTH[0], "Tên mới", "", "", "Lĩnh vực mới"), (DEATH[0], "Tên mới nữa", "", "", "Lĩnh vực mới")))
    made = procedures()
    assert (made["1.001193"].name, made["1.001193"].field_of_work) == (BIRTH[1], "Hộ tịch")
    assert (made["1.000656"].name, made["1.000656"].field_of_work) == ("Tên mới nữa", "Lĩnh vực mới")
    assert entries("1.001193")[0].name == "Tên mới"
    assert catalog.find(db.session(), "").stages[made["1.001193"].id] is catalog.Stage.PUBLISHED


def test_another_source_announces_beside_the_first():
    taken(workbook(BIRTH))
    opened = taken(workbook(BIRTH, DEATH), source="UBND tỉnh")
    assert opened.counts["new"] == 2
    assert opened.counts["added"] == 1
    assert {entry.source for entry in entries("1.001193") if entry.superseded_at is None} == {PORTAL, "UBND tỉnh"}


def test_what_an_import_would_do_is_counted_as_what_it_does():
    taken(workbook(BIRTH))
    opened = read(workbook(BIRTH, DEATH, RESIDENCE), source="UBND tỉnh")
    promised = catalog.effect_of(db.session(), opened)
    assert promised == catalog.Effect(added=2, known=1, changed=0)
    done = after_its_job(accept(opened))
    assert catalog.effect_of(db.session(), done) == promised
    assert set(procedures()) == {"1.001193", "1.000656", "1.004222"}


def test_an_import_waits_for_a_person_only_with_something_new_or_changed():
    first = read(workbook(BIRTH))
    assert not catalog.has_nothing_new(first)
    after_its_job(accept(first))
    again = read(workbook(BIRTH, ("x", "Không mã", "", "", "")))
    assert catalog.has_nothing_new(again)
    assert not catalog.has_nothing_new(read(workbook((BIRTH[0], "Tên mới", "", "", ""))))
    with unit_of_work() as work:
        assert catalog.drop(work, again.uuid, at=AT).state == "dropped"


def test_procedures_with_a_published_version_are_told_from_the_others():
    taken(workbook(BIRTH, DEATH))
    publish("1.001193")
    made = procedures()
    assert catalog.published_among(db.session(), [*made.values()]) == {made["1.001193"].id}
    assert catalog.published_among(db.session(), []) == set()


def test_an_acceptance_delivered_twice_happens_once():
    opened = taken(workbook(BIRTH))
    db.session.execute(text("UPDATE job SET state = 'queued' WHERE kind = 'accept_catalog'"))
    db.session.commit()
    again = after_its_job(opened)
    assert again.accepted_at == opened.accepted_at
    assert counted(CatalogEntry) == 1


def test_a_double_click_on_accept_is_one_acceptance():
    opened = read(workbook(BIRTH))
    first, second = accept(opened), accept(opened)
    assert first.job_id == second.job_id
    assert db.session.scalar(select(func.count()).where(Job.kind == "accept_catalog")) == 1
    assert after_its_job(opened).state == "accepted"
    assert accept(opened).state == "accepted"


def test_a_second_person_who_accepts_is_told_who_was_first():
    opened = read(workbook(BIRTH))
    accept(opened)
    with pytest.raises(MoveNotAllowedError) as refusal:
        accept(opened, other_officer())
    name = db.session.scalars(select(Officer.full_name).where(Officer.username == "danhmuc")).one()
    assert refusal.value.sentence.startswith(name)


def test_of_eight_people_who_accept_at_once_one_does(app: Flask):
    opened = read(workbook(BIRTH))
    people = db.session.scalars(select(Officer.id).limit(8)).all()
    db.session.remove()

    def try_it(officer_id: int) -> bool:
        with app.app_context(), unit_of_work() as work:
            try:
                catalog.accept(work, opened.uuid, officer_id=officer_id, at=AT)
            except MoveNotAllowedError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(try_it, people)) == [False] * (len(people) - 1) + [True]


def test_an_import_overtaken_by_another_is_refused_instead_of_undoing_it():
    first, second = read(workbook(BIRTH, DEATH)), read(workbook((BIRTH[0], "Tên mới", "", "", "")))
    after_its_job(accept(second))
    with pytest.raises(StaleError) as refusal:
        accept(first)
    assert "danh-muc.xlsx" in refusal.value.sentence
    assert seen(first).state == "ready"
    assert set(procedures()) == {"1.001193"}


def test_two_acceptances_asked_for_at_once_do_not_undo_each_other():
    first, second = read(workbook(BIRTH)), read(workbook((BIRTH[0], "Tên mới", "", "", "")))
    accept(first)
    accept(second)
    assert after_its_job(second).state == "accepted"
    late = after_its_job(first)
    assert late.state == "refused"
    assert "đã đổi sau khi tệp này được đọc" in (late.refusal or "")
    assert [entry.name for entry in entries("1.001193")] == ["Tên mới"]


def test_two_take_overs_at_the_same_moment_do_not_undo_each_other(app: Flask):
    rows = [(f"1.{number:06}", f"Thủ tục {number}", "", "", "") for number in range(200)]
    opened = [read(workbook(*rows, (f"2.00000{n}", f"Riêng {n}", "", "", ""))) for n in (1, 2)]
    jobs = [accept(one).job_id for one in opened]

    def run(job_id: int) -> None:
        with app.app_context():
            job.run(job_id, HANDLERS)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, jobs))
    assert sorted(seen(one).state for one in opened) == ["accepted", "refused"]
    assert len(procedures()) == counted(CatalogEntry) == 201


def test_imports_of_one_source_that_touch_different_procedures_do_not_disturb_each_other():
    first, second = read(workbook(BIRTH)), read(workbook(DEATH))
    assert after_its_job(accept(second)).state == "accepted"
    assert after_its_job(accept(first)).state == "accepted"
    assert set(procedures()) == {"1.001193", "1.000656"}


def test_a_failure_in_the_middle_takes_nothing_over(monkeypatch):
    rows = [(f"1.{number:06}", f"Thủ tục {number}", "", "", "Thử") for number in range(120)]
    opened = accept(read(workbook(*rows)))
    working = announcement._add_unknown
    calls: list[int] = []

    def fails_at_the_second_batch(session, batch):
        calls.append(len(batch))
        if len(calls) == 2:
            raise OSError("power cut")
        return working(session, batch)

    monkeypatch.setattr(announcement, "_add_unknown", fails_at_the_second_batch)
    assert after_its_job(opened).state == "accepting"
    assert (procedures(), counted(CatalogEntry)) == ({}, 0)
    monkeypatch.undo()
    db.session.execute(text("UPDATE job SET lease_until = now() - interval '1 hour' WHERE state = 'running'"))
    db.session.commit()
    assert after_its_job(opened).state == "accepted"
    assert len(procedures()) == 120


def test_an_acceptance_whose_job_gave_up_may_be_asked_for_again():
    opened = accept(read(workbook(BIRTH)))
    db.session.execute(text("UPDATE job SET state = 'failed', message = 'x' WHERE kind = 'accept_catalog'"))
    db.session.commit()
    again = accept(opened)
    assert after_its_job(again).state == "accepted"


def test_a_dropped_import_is_not_accepted_and_an_accepted_one_not_dropped():
    dropped, accepted = read(workbook(BIRTH)), taken(workbook(DEATH))
    with unit_of_work() as work:
        assert catalog.drop(work, dropped.uuid, at=AT).state == "dropped"
    with pytest.raises(MoveNotAllowedError):
        accept(dropped)
    with unit_of_work() as work, pytest.raises(MoveNotAllowedError):
        catalog.drop(work, accepted.uuid, at=AT)
    assert counted(CatalogImportRow) == 2


def test_an_import_that_does_not_exist_is_not_found():
    with unit_of_work() as work, pytest.raises(NotFoundError):
        catalog.accept(work, uuid4(), officer_id=officer(), at=AT)


def test_every_act_leaves_one_line_in_a_whole_chain():
    opened = taken(workbook(BIRTH))
    lines = db.session.scalars(
        select(AuditEntry.act)
        .where(AuditEntry.object_kind == "catalog_import", AuditEntry.object_id == str(opened.uuid))
        .order_by(AuditEntry.sequence)
    ).all()
    assert lines == ["upload", "read", "accept", "take_over"]
    assert first_broken(db.session(), "catalog_import", str(opened.uuid)) is None


# --- finding ----------------------------------------------------------------------------------------------------------


def found(words: str, **more) -> list[str]:
    return [procedure.code for procedure in catalog.find(db.session(), words, **more).procedures]


def test_procedures_are_found_without_accents_in_any_order_by_part_and_by_code(tmp_path):
    taken(write_sample_workbook(tmp_path / "mau.xlsx").read_bytes())
    assert found("khai sinh dang ky")[0] == "1.001193"
    assert found("ĐĂNG KÝ THƯỜNG TRÚ") == ["1.004222"]
    assert found("1.0042") == ["1.004222"]
    assert found("1.001193.000.00.00.H29") == ["1.001193"]
    assert found("không có thủ tục nào như thế") == []
    assert len(found("")) == len(ROWS)


def test_signs_with_a_meaning_in_searches_are_taken_as_they_are():
    taken(workbook(("1.000001", "Giảm 50% phí_a", "", "", ""), ("1.000002", "Giảm 500 phíba", "", "", "")))
    assert found("50%") == ["1.000001"]
    assert found("phi_a") == ["1.000001"]
    assert found("\\") == []


def test_hits_with_the_accents_typed_come_first():
    taken(
        workbook(
            ("1.000001", "A: má", "", "", ""), ("1.000002", "B: mà", "", "", ""), ("1.000003", "C: Mã", "", "", "")
        )
    )
    assert found("mã") == ["1.000003", "1.000001", "1.000002"]
    assert found("ma") == ["1.000001", "1.000002", "1.000003"]


def test_pages_hold_every_procedure_once_in_one_order():
    rows = [
        (f"1.{number:06}", f"Thủ tục {'đá' if number % 3 else 'da'} số {number}", "", "", "") for number in range(60)
    ]
    taken(workbook(*rows))
    seen: list[str] = []
    after = None
    while True:
        page = catalog.find(db.session(), "đá", after=after, limit=7)
        seen += [procedure.code for procedure in page.procedures]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 60
    assert seen == found("đá", limit=100)
    assert page.total == 60


def test_a_page_after_a_procedure_that_does_not_exist_is_the_first():
    taken(workbook(BIRTH, DEATH))
    assert found("", after=uuid4()) == found("")


def test_the_count_stops_at_a_thousand():
    db.session.execute(
        text(
            "INSERT INTO procedure (uuid, code, name, folded, sort_key) "
            "SELECT gen_random_uuid(), '1.' || lpad(n::text, 6, '0'), 'Thử', 'thu', 'thu' "
            "FROM generate_series(1, 1005) n"
        )
    )
    page = catalog.find(db.session(), "thu")
    assert (page.total, page.is_more_than_counted) == (1_000, True)


def test_fields_of_work_are_counted_among_what_is_found():
    taken(workbook(BIRTH, DEATH, RESIDENCE))
    assert [(field.name, field.count) for field in catalog.fields_of_work(db.session(), "dang ky")] == [
        ("Hộ tịch", 2),
        ("Đăng ký, quản lý cư trú", 1),
    ]
    assert found("dang ky", field="Đăng ký, quản lý cư trú") == ["1.004222"]


def test_a_search_is_one_statement():
    taken(workbook(BIRTH, DEATH))
    statements: list[str] = []
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        page = catalog.find(db.session(), "dang ky", limit=1)
        catalog.find(db.session(), "dang ky", after=page.after)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len([s for s in statements if "set_config" not in s]) == 2


# --- the genuine export -----------------------------------------------------------------------------------------------


def test_the_largest_genuine_export_is_read_and_taken_over_whole():
    file = EXPORTS / "danh-sach-tthc-BoTaiChinh.xlsx"
    if not file.exists():
        pytest.skip("thư mục ../shared/data/catalog_exports không có ở đây")
    opened = after_its_job(upload(file.read_bytes(), source=PORTAL))
    assert opened.counts == {"rows": 706, "new": 706, "changed": 0, "same": 0, "refused": 0}
    assert after_its_job(accept(opened)).counts["added"] == 706
    assert set(found("chung khoan trai phieu")) == {"1.115154", "1.115155"}

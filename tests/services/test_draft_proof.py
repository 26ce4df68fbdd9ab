"""Boundary cases and typing errors of a draft: made by a job, kept with its hash, confirmed into its golden cases."""

import json
import subprocess
import sys
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from app.services import boundary_cases, draft_proof, typing_errors
from app.services import job as jobs
from app.services import procedure as procedures
from app.services.draft_cases import add_cases
from app.services.errors import NotAllowedError, NotFoundError, StaleError
from app.storage.audit import AuditEntry
from app.storage.draft_proof import DraftProof
from app.storage.job import Job
from app.storage.procedure import Procedure, ProcedureDraft
from app.storage.unit_of_work import unit_of_work
from tests import procedure_texts as texts
from tests.desk import acting
from tests.running_site import ROOT

Seen = tuple[UUID, int]

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def procedure(database) -> UUID:
    made = Procedure(code=texts.CODE, name="Trích lục hộ tịch", folded="2.000635 trich luc", sort_key="t")
    db.session.add(made)
    db.session.commit()
    return made.uuid


def drafted(procedure: UUID, text: str = texts.WHOLE) -> Seen:
    """Save a draft and return what a page would show of it: its public id and its lock version."""
    with acting("danhmuc") as rights, unit_of_work() as work:
        known = procedures.draft_of(work.session, procedures.procedure_with(work.session, procedure))
        draft = procedures.save_draft(
            work, procedure, text=text, file_name="a.yaml", rights=rights,
            seen_version=known.lock_version if known else None, at=now(),
        )  # fmt: skip
        return draft.uuid, draft.lock_version


def asked(procedure: UUID, kind: str, user_name: str = "danhmuc") -> DraftProof:
    with acting(user_name) as rights, unit_of_work() as work:
        return draft_proof.ask_proof(work, procedure, kind, rights=rights, at=now())


def done(procedure: UUID, kind: str) -> Job:
    job_id = asked(procedure, kind).job_id
    jobs.run(job_id, jobs.HANDLERS)
    db.session.expire_all()
    return db.session.get_one(Job, job_id)


def draft_of(procedure: UUID) -> ProcedureDraft:
    found = procedures.draft_of(db.session(), procedures.procedure_with(db.session(), procedure))
    assert found is not None
    return found


def page(procedure: UUID, table: str = "", state: str = "", number: int = 0) -> boundary_cases.BoundaryPage:
    return boundary_cases.boundary_page(
        db.session(), draft_of(procedure), table=table, state=state, page=number
    )  # fmt: skip


def add(procedure: UUID, cases, seen: Seen, user_name: str = "danhmuc") -> int:
    with acting(user_name) as rights, unit_of_work() as work:
        return add_cases(work, procedure, cases, rights=rights, seen_version=seen[1], seen_draft=seen[0], at=now())


def told(procedure: UUID, **which) -> list:
    return boundary_cases.cases_to_confirm(db.session(), draft_of(procedure), **which)


def test_a_job_makes_the_boundary_cases_and_the_page_tells_each_in_words(procedure):
    drafted(procedure)
    assert page(procedure).tables == ()
    assert done(procedure, "boundaries").state == "done"
    found = page(procedure, "price")
    assert [(table.id, table.label.vi) for table in found.tables] == [
        ("price", "Phí một bản"), ("exempt", "Người được miễn"), ("time_limit", "Thời hạn cấp bản sao"),
    ]  # fmt: skip
    assert found.shown is not None
    assert (found.shown.open, found.shown.confirmed) == (found.count - found.shown.confirmed, found.shown.confirmed)
    online = next(case for case in found.cases if [why.row for why in case.why] == ["fee.online"])
    assert ("Cách nộp", "Trực tuyến") in [(label.vi, said.vi) for label, said in online.dossier.facts]
    assert "6.000" in online.why[0].said.vi
    line = texts.line_of(texts.WHOLE, "fee.online")
    assert [(place.row, place.line) for place in online.places] == [("fee.online", line)]
    assert "fee.online" in online.places[0].quoted


def test_a_page_holds_ten_cases_and_the_states_narrow_it(procedure):
    drafted(procedure)
    done(procedure, "boundaries")
    every = [page(procedure, "exempt", number=number) for number in range(4)]
    keys = [case.key for each in every[: (every[0].count + 9) // 10] for case in each.cases]
    assert len(keys) == len(set(keys)) == every[0].count
    assert all(len(each.cases) <= boundary_cases.PAGE_SIZE for each in every)
    opened = page(procedure, "exempt", "open")
    assert opened.count == opened.shown.open
    assert not any(case.covered_by for case in opened.cases)


def test_a_confirmed_case_is_a_golden_case_of_the_text_just_as_the_command_prints_it(procedure, tmp_path):
    seen = drafted(procedure, texts.WHOLE.replace("cases:\n", "cases: # các tình huống của phường\n"))
    done(procedure, "boundaries")
    wanted = next(case for case in page(procedure, "price", "open").cases)
    (case,) = told(procedure, keys=[wanted.key])
    before = draft_of(procedure).source_text
    assert add(procedure, [case], seen) == 1
    after = draft_of(procedure)
    assert after.source_text.startswith(before)
    assert [each["passed"] for each in after.case_results] == [True] * 3
    path = tmp_path / "a.yaml"
    path.write_text(before, encoding="utf-8")
    printed = json.loads(
        subprocess.run(
            [sys.executable, "run.py", "procedure", "boundaries", str(path)], cwd=ROOT, capture_output=True, check=True
        ).stdout
    )
    assert case in [each["case"] for table in printed["tables"] for each in table["cases"]]
    assert next(each for each in page(procedure, "price").cases if each.key == wanted.key).covered_by == wanted.name


def test_all_open_cases_of_a_table_are_confirmed_at_once_and_nothing_of_the_law_changes(procedure):
    seen = drafted(procedure)
    done(procedure, "boundaries")
    before, _ = procedures.read_definition(draft_of(procedure).source_text)
    cases = told(procedure, table="exempt")
    assert len(cases) == page(procedure, "exempt").shown.open > 1
    assert add(procedure, cases, seen) == len(cases)
    assert page(procedure, "exempt").shown.open == 0
    after, _ = procedures.read_definition(draft_of(procedure).source_text)
    assert replace(after, cases=()) == replace(before, cases=())
    assert len(after.cases) == len(before.cases) + len(cases)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "add_cases")).one()
    assert len(entry.detail["cases"]) == len(cases)


def test_the_same_confirmation_sent_twice_adds_once_and_another_draft_than_was_seen_is_refused(procedure):
    seen = drafted(procedure)
    done(procedure, "boundaries")
    first, second = [[case] for case in told(procedure, table="exempt")[:2]]
    assert add(procedure, first, seen) == 1
    assert add(procedure, first, seen) == 0
    with pytest.raises(StaleError, match="đã thêm tình huống mẫu"):
        add(procedure, second, seen)
    drafted(procedure, texts.DEARER)
    with pytest.raises(StaleError, match="không còn khớp"):
        told(procedure, table="exempt")


def test_who_may_not_configure_confirms_nothing_but_who_signs_may_ask_for_a_proof(procedure):
    seen = drafted(procedure)
    assert asked(procedure, "mutants", "pheduyet").job_id is not None
    with pytest.raises(NotAllowedError):
        asked(procedure, "mutants", "kiemtra")
    with pytest.raises(NotAllowedError):
        add(procedure, [], seen, "pheduyet")
    with pytest.raises(NotFoundError):
        asked(procedure, "guesses")


def test_a_proof_of_the_same_draft_is_asked_for_once_and_one_of_a_changed_draft_is_refused_by_its_job(procedure):
    drafted(procedure)
    first = asked(procedure, "boundaries")
    assert asked(procedure, "boundaries").uuid == first.uuid
    job_id, first_id = first.job_id, first.uuid
    drafted(procedure, texts.DEARER)
    jobs.run(job_id, jobs.HANDLERS)
    db.session.expire_all()
    job = db.session.get_one(Job, job_id)
    assert (job.state, job.message) == ("failed", "Dự thảo đã đổi trước khi thử xong.")
    known = page(procedure).standing
    assert (known.proof, known.at_work) == (None, None)
    assert known.failed is not None
    assert asked(procedure, "boundaries").uuid != first_id


def test_a_job_that_takes_long_over_one_table_gives_signs_of_life(procedure, monkeypatch):
    drafted(procedure)
    told_of, real = [], draft_proof.boundaries

    def slow(definition, office):
        while len(told_of) < 2:
            pass  # until the clock beside it has told twice
        yield from real(definition, office)

    class Progress:
        def tell(self, done: int, total: int) -> None:
            told_of.append((done, total))

    monkeypatch.setattr(draft_proof, "BEAT", 0.01)
    monkeypatch.setattr(draft_proof, "boundaries", slow)
    proof = asked(procedure, "boundaries")
    draft_proof.make_boundaries({"proof": str(proof.uuid)}, Progress())
    assert told_of[:2] == [(0, 4), (0, 4)]
    assert told_of[-1][0] > 0


def test_typing_errors_nobody_notices_are_told_with_the_case_that_would_and_adding_it_mends_that(procedure):
    seen = drafted(procedure)
    assert done(procedure, "mutants").state == "done"
    found = typing_errors.errors_page(db.session(), draft_of(procedure))
    assert 0 < found.unnoticed < found.total
    table = next(table for table in found.tables if table.id == "price")
    assert table.unnoticed == sum(len(case.errors) for case in table.cases)
    case = table.cases[0]
    assert case.errors[0].now != case.errors[0].would
    every = [case.key for table in found.tables for case in table.cases]
    cases = typing_errors.cases_to_add(db.session(), draft_of(procedure), keys=every)
    assert add(procedure, cases, seen) == len(cases)
    after = typing_errors.errors_page(db.session(), draft_of(procedure))
    assert after.unnoticed == 0
    assert not after.standing.is_current
    done(procedure, "mutants")
    again = typing_errors.errors_page(db.session(), draft_of(procedure))
    assert again.standing.is_current
    assert again.unnoticed == 0
    assert again.total >= found.total


def test_a_red_golden_case_confirms_nothing(procedure):
    drafted(procedure)
    done(procedure, "boundaries")
    green = page(procedure, "price").shown.confirmed
    assert green
    drafted(procedure, texts.RED_CASE)
    assert page(procedure, "price").shown.confirmed < green

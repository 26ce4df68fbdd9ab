"""The long proofs of a draft (kiểm chứng): boundary cases and typing errors, done by a job and kept with its hash."""

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.security.assignment import Rights
from app.security.verbs import Verb
from app.services import job
from app.services.errors import MoveNotAllowedError, NotFoundError, RefusalError
from app.services.job import Progress, handles
from app.services.office import office_register, office_time, register_hash
from app.services.procedure import draft_of, held, note_act, read_definition, require
from app.storage.draft_proof import DraftProof, newest_proofs, proof_with
from app.storage.procedure import Procedure, ProcedureDraft
from app.storage.unit_of_work import Work, unit_of_work
from forms.sentence import Sentence, joined
from rules import codec
from rules.check.boundaries import Boundaries, boundaries
from rules.check.mutants import mutants
from rules.clock.calendar import OfficeTime
from rules.definition.procedure import ProcedureDefinition
from rules.errors import RulesError
from rules.evaluation.outcome import ENGINE
from rules.trial import trial

BOUNDARIES, MUTANTS = "boundaries", "mutants"
KINDS = (BOUNDARIES, MUTANTS)
BEAT = 15.0
"""So many seconds pass between two signs of life: less than a job's lease."""


@dataclass(frozen=True, slots=True)
class Hashes:
    """What a proof rests on: the whole definition, the same without its golden cases, and the office's time."""

    whole: str
    rules: str
    office: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a proof of a draft.

    `proof` is the newest one that holds for its rules as they are, `is_current` that it is of its golden cases, too;
    `at_work` one that a job is doing, `failed` the last one where its job gave up.
    """

    proof: DraftProof | None
    is_current: bool
    at_work: DraftProof | None
    failed: DraftProof | None


def hashes_of(definition: ProcedureDefinition, office: Mapping[str, Any]) -> Hashes:
    """Return what a proof of this definition at this office rests on."""
    bare = f"{ENGINE} {codec.whole_hash(replace(definition, cases=()))}"
    return Hashes(codec.whole_hash(definition), hashlib.sha256(bare.encode()).hexdigest(), register_hash(office))


def standing(session: Session, draft: ProcedureDraft, definition: ProcedureDefinition, kind: str) -> Standing:
    """Return what is known of this proof of the draft as it is now."""
    now = hashes_of(definition, office_register(session))
    proofs = newest_proofs(session, draft.procedure_id, kind)
    holding = [each for each in proofs if each.result is not None and _rests_on(each, now)]
    newest = proofs[0] if proofs else None
    is_open = newest is not None and newest.result is None and newest.job.state in ("queued", "running")
    gave_up = newest is not None and newest.result is None and newest.job.state == "failed"
    proof = next((each for each in holding if each.whole_sha256 == now.whole), holding[0] if holding else None)
    return Standing(
        proof=proof,
        is_current=proof is not None and proof.whole_sha256 == now.whole,
        at_work=newest if is_open else None,
        failed=newest if gave_up else None,
    )


def _rests_on(proof: DraftProof, hashes: Hashes) -> bool:
    return (proof.rules_sha256, proof.office_sha256) == (hashes.rules, hashes.office)


def ask_proof(work: Work, procedure_id: UUID, kind: str, *, rights: Rights, at: datetime) -> DraftProof:
    """Ask for a proof of the draft as it is; one that is done or at work for the very same is not asked for again."""
    if not rights.may(Verb.PUBLISH):
        require(rights, Verb.CONFIGURE)
    known_kind(kind)
    procedure = held(work.session, procedure_id)
    draft = needed_draft(work.session, procedure)
    now = hashes_of(read_definition(draft.source_text)[0], office_register(work.session))
    for known in newest_proofs(work.session, procedure.id, kind):
        is_same = _rests_on(known, now) and known.whole_sha256 == now.whole
        if is_same and (known.result is not None or known.job.state in ("queued", "running")):
            return known
    proof = DraftProof(
        uuid=uuid4(), procedure_id=procedure.id, kind=kind, whole_sha256=now.whole, rules_sha256=now.rules,
        office_sha256=now.office,
    )  # fmt: skip
    proof.job = work.ask_job(job.ask(f"prove_{kind}", f"prove_{kind}:{proof.uuid}", {"proof": str(proof.uuid)}))
    work.session.add(proof)
    work.flush()
    note_act(work, procedure, "ask_proof", at, {"kind": kind, "whole": now.whole})
    work.commit()
    return proof


def known_kind(kind: str) -> str:
    """Return the kind of a proof; raises NotFoundError where there is no such."""
    if kind not in KINDS:
        raise NotFoundError("Không có phép thử này.", todo="Mở lại từ trang dự thảo.")
    return kind


def needed_draft(session: Session, procedure: Procedure) -> ProcedureDraft:
    """Return the draft of a procedure. Raises NotFoundError where it has none."""
    draft = draft_of(session, procedure)
    if draft is None:
        raise NotFoundError(
            "Thủ tục này không có dự thảo.", todo="Mở lại trang thủ tục; tải tệp định nghĩa lên nếu cần."
        )
    return draft


Found = Iterator[Mapping[str, Any]]


@handles("prove_boundaries")
def make_boundaries(payload: dict[str, Any], progress: Progress) -> str:
    """Make the boundary cases of every table of the draft."""

    def found(definition: ProcedureDefinition, office: OfficeTime) -> Found:
        return (_boundaries_data(each) for each in boundaries(definition, office))

    tables = _done(payload, progress, found)
    return Sentence("Đã dựng %(count)s tình huống biên.", count=sum(len(table["cases"]) for table in tables))


def _boundaries_data(found: Boundaries) -> dict[str, Any]:
    """Return the cases of a table as they are printed, with the reasons and the outcome apart."""
    told = found.to_data()
    for data, case in zip(told["cases"], found.cases, strict=True):
        data.update(why=list(case.why), comes_to=list(case.comes_to), whole=list(case.whole))
    return told


@handles("prove_mutants")
def make_mutants(payload: dict[str, Any], progress: Progress) -> str:
    """Try every typing error of the draft against its golden cases."""

    def found(definition: ProcedureDefinition, office: OfficeTime) -> Found:
        return (each.to_data() for each in mutants(definition, office))

    tables = _done(payload, progress, found)
    unnoticed, total = (sum(len(each["unnoticed"]) for each in tables), sum(each["total"] for each in tables))
    return Sentence("%(count)s trong %(total)s lỗi gõ sẽ không ai nhận ra.", count=unnoticed, total=total)


def _done(
    payload: dict[str, Any],
    progress: Progress,
    prove: Callable[[ProcedureDefinition, OfficeTime], Found],
) -> list[Mapping[str, Any]]:
    """Do a proof table by table and keep what it found; no transaction stays open meanwhile."""
    with unit_of_work() as work:
        definition, office = _proved(work.session, UUID(payload["proof"]))
    problems = trial(definition)
    if problems:  # what the engine did to the trial's process it could do to this one
        raise MoveNotAllowedError(joined([problem.sentence for problem in problems]), todo="Sửa dự thảo rồi thử lại.")
    total = len(definition.tables) + 1
    tables: list[Mapping[str, Any]] = []
    with _alive(progress, tables, total):
        try:
            for table in prove(definition, office):
                tables.append(table)
                progress.tell(min(len(tables), total), total)
        except RulesError as refused:
            raise MoveNotAllowedError(
                Sentence("Chưa thử được dự thảo này: %(why)s", why=str(refused)), todo="Sửa dự thảo rồi thử lại."
            ) from refused
    with unit_of_work() as work:
        proof_with(work.session, UUID(payload["proof"])).result = {"tables": tables}
        work.commit()
    return tables


def _proved(session: Session, proof_id: UUID) -> tuple[ProcedureDefinition, OfficeTime]:
    """Return what is to be proved; a draft or a calendar that changed since the proof was asked for is refused."""
    proof = proof_with(session, proof_id)
    draft = draft_of(session, session.get_one(Procedure, proof.procedure_id))
    register = office_register(session)
    if draft is not None:
        definition, _ = read_definition(draft.source_text)
        now = hashes_of(definition, register)
        if _rests_on(proof, now) and proof.whole_sha256 == now.whole:
            return definition, office_time(register)
    raise RefusalError("Dự thảo đã đổi trước khi thử xong.", todo="Mở lại trang dự thảo để thử bản mới.")


@contextmanager
def _alive(progress: Progress, tables: list[Mapping[str, Any]], total: int) -> Generator[None]:
    """Keep the lease while one table takes long: nothing but a clock knows that the job is still at it."""
    ended = Event()

    def beat() -> None:
        while not ended.wait(BEAT):
            progress.tell(min(len(tables), total), total)

    heart = Thread(target=copy_context().run, args=(beat,), daemon=True)  # the application is known by the context
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()

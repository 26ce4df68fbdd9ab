"""Evaluating a dossier (tính kết quả), keeping what was computed, and computing it again (tính lại)."""

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import legal_day, local
from app.services.errors import MatchersDifferError, NotComputableError, NotFoundError
from app.services.office import office_register, office_time, register_hash
from app.storage.alarm import keep_apart, signature_of
from app.storage.audit import Note
from app.storage.dossier import ChargeLine, Dossier, DossierFacts
from app.storage.evaluation import EvaluationRecord, keep_register, register_content
from app.storage.identity import current_identity
from app.storage.procedure import ProcedureVersion
from app.storage.unit_of_work import Work
from forms.sentence import Sentence
from rules import codec
from rules.definition.procedure import ProcedureDefinition
from rules.errors import FactsError, KernelError, MatchersDisagreeError, RulesError
from rules.evaluation.compile import CompiledProcedure, compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import ENGINE, Evaluation, kept_hash
from rules.say.outcome import Explained, explained

log = logging.getLogger(__name__)

OFFICE = "office"
"""The name under which an evaluation keeps the hash of the calendar and hours it read."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation with the hashes of the registers it read."""

    evaluation: Evaluation
    registers: Mapping[str, str]
    office: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replay:
    """An evaluation computed again from what was kept. `same` says that nothing differs, down to the last byte.

    What an earlier engine (bộ tính) kept stays what was decided; today's engine may come to something else.
    """

    record: EvaluationRecord
    definition: ProcedureDefinition
    evaluation: Evaluation
    stored_hash: str
    computed_hash: str

    @property
    def same(self) -> bool:
        """Whether the answer is the same."""
        return self.stored_hash == self.computed_hash

    @property
    def kept(self) -> Evaluation | None:
        """The evaluation as it was kept, None where an earlier engine wrote it in a form that is no longer read."""
        try:
            return Evaluation.from_data(self.record.outcome)
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def told(self) -> Explained:
        """The answer computed again, in words."""
        return explained(self.evaluation, self.definition)

    @property
    def is_kept_whole(self) -> bool:
        """Whether what was kept still carries the hash it was kept under, in whatever format it was written then."""
        return _is_whole(self.record)

    @property
    def kept_engine(self) -> int:
        """The number of the engine that worked out what was kept."""
        return _engine_of(self.record)

    @property
    def by_another_engine(self) -> bool:
        """Whether another engine than today's worked it out."""
        return self.kept_engine != self.evaluation.engine

    @property
    def same_answer(self) -> bool:
        """Whether nothing differs but the number of the engine."""
        return replace(self.evaluation, engine=self.kept_engine).hash == self.stored_hash

    @property
    def is_alarming(self) -> bool:
        """Whether somebody must look into it: what was kept was altered, or the same engine now says otherwise."""
        return not self.is_kept_whole or not (self.same_answer or self.by_another_engine)

    @property
    def verdict(self) -> Sentence:
        """What the replay comes to, in words."""
        if not self.is_kept_whole:
            return _ALTERED
        if not self.by_another_engine:
            return _SAME if self.same else _DIFFERENT
        return _by_another(self)


def _by_another(found: Replay) -> Sentence:
    """Say of an answer of another engine that it is whole, and whether today's engine comes to the same."""
    if found.same_answer:
        return Sentence(
            "Kết quả đã lưu còn nguyên vẹn, do bộ tính số %(kept)s làm. Bộ tính số %(now)s hiện nay tính lại ra đúng "
            "như vậy; hai dấu kiểm tra khác nhau chỉ vì mỗi dấu ghi cả số của bộ tính.",
            kept=found.kept_engine, now=found.evaluation.engine,
        )  # fmt: skip
    return Sentence(
        "Kết quả đã lưu còn nguyên vẹn, do bộ tính số %(kept)s làm, và vẫn là kết quả của hồ sơ. Bộ tính số %(now)s "
        "hiện nay tính khác ở các điểm nêu dưới đây; điều đó không làm thay đổi kết quả đã lưu.",
        kept=found.kept_engine, now=found.evaluation.engine,
    )  # fmt: skip


def _is_whole(kept: EvaluationRecord) -> bool:
    return kept_hash(kept.outcome) == kept.outcome_sha256


def _engine_of(kept: EvaluationRecord) -> int:
    """Return the number of the engine; what was kept before it was written down is the first one's."""
    return int(kept.outcome.get("engine", 1))


_SAME = Sentence("Trùng khớp hoàn toàn: kết quả tính lại giống hệt kết quả đã lưu.")
_DIFFERENT = Sentence("Không trùng khớp: kết quả tính lại khác kết quả đã lưu. Các điểm khác được nêu dưới đây.")
_ALTERED = Sentence(
    "Kết quả đã lưu không còn khớp với dấu kiểm tra của chính nó. Lập biên bản và báo người quản trị hệ thống."
)


@lru_cache(maxsize=256)
def definition_with(whole_sha256: str, text: str) -> ProcedureDefinition:
    """Return the definition that this canonical JSON holds, decoded once a process; the hash is its name."""
    del whole_sha256  # part of the key of the cache
    return codec.definition_from_json(text)


def definition_of(version: ProcedureVersion) -> ProcedureDefinition:
    """Return the definition of a published version, decoded once a process."""
    return definition_with(version.whole_sha256, version.definition)


@lru_cache(maxsize=256)
def _procedure(whole_sha256: str, text: str) -> CompiledProcedure:
    return compiled(definition_with(whole_sha256, text))


def procedure_of(version: ProcedureVersion) -> CompiledProcedure:
    """Return the compiled procedure of a published version, compiled once a process."""
    return _procedure(version.whole_sha256, version.definition)


def evaluate_facts(
    session: Session,
    version: ProcedureVersion,
    facts: Mapping[str, Any],
    at: datetime,
    *,
    register: Mapping[str, Any] | None = None,
) -> Evaluated:
    """Evaluate facts under a version at a moment, with the office's calendar and hours in force now.

    `register` holds them where the caller read them a moment ago.
    """
    register = register or office_register(session)
    with _faults_told(version, at, todo=_TODO_AT_RECEPTION):
        evaluation = evaluate(
            procedure_of(version), facts, on=legal_day(at), at=local(at), office=office_time(register)
        )  # fmt: skip
    return Evaluated(evaluation, {OFFICE: register_hash(register)}, register)


_TODO_AT_RECEPTION = Sentence(
    "Chưa tiếp nhận hồ sơ này. Gửi lãnh đạo, để ấn định mức thu và ngày hẹn bằng tay có ghi lý do. "
    "Người quản trị danh mục thấy báo động này ở trang của thủ tục."
)
_TODO_AT_REPLAY = Sentence(
    "Chưa kết luận được gì về lần tính này. Người quản trị danh mục thấy báo động này ở trang của thủ tục."
)


@contextmanager
def _faults_told(version: ProcedureVersion, at: datetime, *, todo: Sentence) -> Generator[None]:
    """Turn what can go wrong in the rules into refusals; of matchers that differ an alarm is kept first."""
    try:
        yield
    except MatchersDisagreeError as differ:
        log.critical("the two matchers differ in table %s of version %s", differ.table, version.whole_sha256)
        raise MatchersDifferError(
            "Hai cách tính của hệ thống không cho cùng một kết quả nên chưa được dùng kết quả nào.",
            todo=todo,
            signature=_raise_alarm(version, differ, at),
        ) from differ
    except KernelError as silent:
        log.critical("the matcher did not answer for version %s: %s", version.whole_sha256, silent)
        raise NotComputableError(
            "Bộ so khớp của hệ thống không trả lời nên chưa tính được kết quả.",
            todo="Thử lại; nếu vẫn vậy thì báo ngay người quản trị hệ thống.",
        ) from silent
    except FactsError as unfit:
        raise NotComputableError(
            "Chưa tính được kết quả. %(why)s", todo="Kiểm tra lại phần đã nhập.", why=unfit.words
        ) from unfit
    except RulesError as cannot:
        raise NotComputableError(
            "Chưa tính được kết quả. %(why)s", todo="Kiểm tra lại phần đã nhập.", why=str(cannot)
        ) from cannot


def _raise_alarm(version: ProcedureVersion, differ: MatchersDisagreeError, at: datetime) -> str:
    """Keep the alarm, whatever becomes of the act that met it, and return its hash.

    A draft that is only tried is no version yet: nobody relies on it, so there is nothing to keep an alarm of.
    """
    signature = signature_of(version.whole_sha256, differ.table, differ.interpreter, differ.kernel)
    if not version.id:
        return signature
    keep_apart(
        version_id=version.id, version_sha256=version.whole_sha256, table_id=differ.table,
        interpreter_rows=list(differ.interpreter), kernel_rows=list(differ.kernel), engine=str(ENGINE),
        signature=signature, day=legal_day(at), seen_at=at,
    )  # fmt: skip
    return signature


def record(
    work: Work, dossier: Dossier, version: ProcedureVersion, done: Evaluated, *, at: datetime, reason: str
) -> EvaluationRecord:
    """Keep an evaluation as the next of the dossier's chain, with its registers and its lines of money."""
    keep_register(work.session, sha256=done.registers[OFFICE], kind=OFFICE, content=dict(done.office))
    last = work.session.scalar(
        select(func.max(EvaluationRecord.sequence)).where(EvaluationRecord.dossier_id == dossier.id)
    )
    data = done.evaluation.to_data()
    kept = EvaluationRecord(
        dossier_id=dossier.id, sequence=(last or 0) + 1, version_id=version.id,
        facts_revision=dossier.facts_revision, on=legal_day(at), at=at, registers=dict(done.registers),
        outcome=data, outcome_sha256=data["hash"], engine={"meaning": str(ENGINE)}, reason=reason,
    )  # fmt: skip
    work.session.add(kept)
    work.flush()
    work.session.add_all(
        ChargeLine(
            dossier_id=dossier.id, evaluation_id=kept.id, line=line.id, kind=line.kind, label=line.label.vi,
            amount=line.amount, currency=line.currency, set_by=line.set_by, collected=line.collected,
            refundable=line.refundable,
        )
        for line in done.evaluation.charges
    )  # fmt: skip
    return kept


def latest(session: Session, dossier: Dossier) -> EvaluationRecord | None:
    """Return the evaluation that holds for a dossier now, None where fee and date were set by hand without one."""
    return session.scalars(
        select(EvaluationRecord)
        .where(EvaluationRecord.dossier_id == dossier.id)
        .order_by(EvaluationRecord.sequence.desc())
        .limit(1)
    ).one_or_none()


def chain(session: Session, dossier: Dossier) -> list[EvaluationRecord]:
    """Return all evaluations of a dossier, first to last."""
    return list(
        session.scalars(
            select(EvaluationRecord)
            .where(EvaluationRecord.dossier_id == dossier.id)
            .order_by(EvaluationRecord.sequence)
        )
    )


def hold(session: Session, dossier: Dossier) -> None:
    """Lock the dossier's row until the transaction ends, for an act that only writes beside it.

    Two acts on one dossier then write their lines of the record one after the other.
    """
    session.execute(select(Dossier.id).where(Dossier.id == dossier.id).with_for_update())


def replay(work: Work, dossier: Dossier, evaluation_id: UUID, *, at: datetime) -> Replay:
    """Compute a kept evaluation of a dossier again from its own version, facts and registers, and write that down."""
    kept = work.session.scalars(
        select(EvaluationRecord).where(
            EvaluationRecord.uuid == evaluation_id, EvaluationRecord.dossier_id == dossier.id
        )
    ).one_or_none()  # fmt: skip
    if kept is None:
        raise NotFoundError("Không tìm thấy lần tính này.", todo="Mở lại từ trang lịch sử của hồ sơ.")
    computed = _computed_by_today(work.session, kept)
    hold(work.session, dossier)
    identity = current_identity()
    definition = definition_of(work.session.get_one(ProcedureVersion, kept.version_id))
    result = Replay(kept, definition, computed, kept.outcome_sha256, computed.hash)
    work.note(
        Note(
            "dossier", str(dossier.uuid), "replay", at, identity.user_id, identity.user_name,
            detail={
                "sequence": kept.sequence, "same": result.same_answer, "hash": computed.hash,
                "engines": [result.kept_engine, computed.engine],
            },
        )
    )  # fmt: skip
    work.commit()
    return result


def _computed_by_today(session: Session, kept: EvaluationRecord) -> Evaluation:
    """Compute again; where today's engine cannot, say of another one's answer whether at least that is whole."""
    try:
        return recomputed(session, kept)
    except MatchersDifferError:
        raise
    except NotComputableError as cannot:
        if _engine_of(kept) == ENGINE:
            raise
        raise _without_recomputing(kept, cannot) from cannot


def _without_recomputing(kept: EvaluationRecord, cannot: NotComputableError) -> NotComputableError:
    if not _is_whole(kept):
        return NotComputableError(
            "Kết quả đã lưu không còn khớp với dấu kiểm tra của chính nó. Bộ tính hiện nay cũng không tính lại được: "
            "%(why)s",
            todo="Lập biên bản và báo người quản trị hệ thống.", why=cannot.sentence,
        )  # fmt: skip
    return NotComputableError(
        "Kết quả đã lưu còn nguyên vẹn, do bộ tính số %(kept)s làm. Bộ tính số %(now)s hiện nay không tính lại được: "
        "%(why)s",
        todo="Kết quả đã lưu vẫn là kết quả của hồ sơ. Cần tính lại thì báo người quản trị hệ thống.",
        kept=_engine_of(kept), now=ENGINE, why=cannot.sentence,
    )  # fmt: skip


def recomputed(session: Session, kept: EvaluationRecord) -> Evaluation:
    """Evaluate again exactly what was evaluated then; nothing of today is read."""
    version = session.get_one(ProcedureVersion, kept.version_id)
    facts = session.scalars(
        select(DossierFacts.facts).where(
            DossierFacts.dossier_id == kept.dossier_id, DossierFacts.revision == kept.facts_revision
        )
    ).one()
    office = office_time(register_content(session, kept.registers[OFFICE]))
    with _faults_told(version, kept.at, todo=_TODO_AT_REPLAY):
        return evaluate(
            procedure_of(version),
            codec.facts_from_json(definition_of(version), facts),
            on=kept.on,
            at=local(kept.at),
            office=office,
        )

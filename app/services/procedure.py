"""The acts on a procedure: give it a definition, see what the checks say, publish it (công bố), end it (bãi bỏ)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local
from app.importers import strict_yaml
from app.security.assignment import Rights
from app.security.verbs import Verb
from app.services.announcement import searchable
from app.services.errors import (
    MoveNotAllowedError,
    NotAllowedError,
    NotFoundError,
    RefusalError,
    StaleError,
    UnusableInputError,
)
from app.services.office import office_register, office_time
from app.storage.account import Officer
from app.storage.audit import Note, last_entry
from app.storage.identity import current_identity
from app.storage.procedure import Procedure, ProcedureDraft, ProcedureVersion, ProcedureVersionEnd, version_in_force
from app.storage.unit_of_work import Work
from app.storage.waiver import VersionWaiver, waivers_in_force
from forms.sentence import Sentence, joined, kept
from rules import codec
from rules.check.findings import Finding, FindingKind
from rules.check.procedure import check
from rules.clock.calendar import OfficeTime
from rules.definition.procedure import ProcedureDefinition
from rules.errors import DefinitionError, Problem, Severity
from rules.evaluation.cases import CaseResult, run_cases
from rules.evaluation.compile import compiled
from rules.reading import mapping_of
from rules.trial import trial

TOLD_AT_MOST = 8
"""So many places are named in which two drafts differ."""


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding with its place in the file the administrator wrote: line 0 where it has none.

    `found` is what the proof told, with its kind, its key and its witness; None of a file that cannot be read at all.
    """

    line: int
    where: str
    what: str
    hint: str
    severity: str
    found: Finding | None = None

    @property
    def key(self) -> str:
        """What the finding is known by, in later drafts too; empty where the file cannot be read."""
        return self.found.key if self.found else ""

    @property
    def may_be_waived(self) -> bool:
        """Whether somebody may let it be with a reason: of its kind, and not a mere note."""
        return self.found is not None and self.found.may_be_waived and self.severity != Severity.NOTE

    @property
    def sentence(self) -> Sentence:
        """Line, fault and remedy on one line."""
        said = joined((self.what, self.hint))
        return Sentence("Dòng %(line)s: %(what)s", line=self.line, what=said) if self.line else said

    def to_data(self) -> dict[str, Any]:
        """Return the finding as plain JSON values, for keeping with the draft."""
        return {
            "line": self.line,
            "where": self.where,
            "what": kept(self.what),
            "hint": kept(self.hint),
            "severity": self.severity,
            "key": self.key,
        }


class DefinitionRefusedError(UnusableInputError):
    """The file is no usable definition; every finding names its line. Nothing was changed."""

    def __init__(self, findings: Sequence[PlacedFinding]) -> None:
        super().__init__(
            "Tệp định nghĩa có %(count)s chỗ cần sửa; chưa có gì được lưu.",
            todo="Sửa từng dòng được nêu rồi tải lên lại.",
            count=len(findings),
        )
        self.findings = tuple(findings)


class PublicationRefusedError(RefusalError):
    """The draft may not be published yet; `obstacles` names every reason, in sentences."""

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__(
            Sentence("Chưa công bố được. %(obstacles)s", obstacles=joined(obstacles)),
            todo="Sửa dự thảo rồi công bố lại.",
        )
        self.obstacles = tuple(obstacles)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found about a usable definition: findings of the checks, and its golden cases (tình huống mẫu).

    `waived` are the keys of findings that somebody let be with a reason.
    """

    definition: ProcedureDefinition
    findings: tuple[PlacedFinding, ...]
    cases: tuple[CaseResult, ...]
    waived: frozenset[str] = frozenset()

    def is_waived(self, finding: PlacedFinding) -> bool:
        """Tell whether somebody let it be, and may: a waiver of a kind that nobody may waive counts for nothing."""
        return finding.may_be_waived and finding.key in self.waived

    def open_findings(self, severity: Severity) -> tuple[PlacedFinding, ...]:
        """Return the findings of this weight that nobody let be."""
        return tuple(each for each in self.findings if each.severity == severity and not self.is_waived(each))

    @property
    def accepted(self) -> tuple[PlacedFinding, ...]:
        """The findings that somebody let be with a reason."""
        return tuple(each for each in self.findings if self.is_waived(each))

    @property
    def obstacles(self) -> tuple[str, ...]:
        """Why it may not be published, in sentences; empty when it may."""
        found = tuple(finding.sentence for finding in self.open_findings(Severity.ERROR))
        if not found and not self.cases:  # the checks say so too; this door does not rely on them
            found = (Sentence("Chưa có tình huống mẫu nào: mỗi thủ tục phải tự chứng minh bằng tình huống mẫu."),)
        return (*found, *self.failed_cases)

    @property
    def failed_cases(self) -> tuple[Sentence, ...]:
        """The golden cases that do not come out as expected, in sentences."""
        return tuple(
            Sentence("Tình huống mẫu “%(name)s” không đạt.", name=case.name) for case in self.cases if not case.passed
        )


@dataclass(frozen=True, slots=True)
class Publication:
    """The dates and the decision under which a version is published. A version may begin in the past."""

    since: date
    decision: str = ""
    decision_signed_on: date | None = None
    decision_received_on: date | None = None
    published_locally_on: date | None = None
    on_portal_on: date | None = None


def text_of(content: bytes) -> str:
    """Return an uploaded definition file as text; DefinitionRefusedError names the line where it is no UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = wrong.object[: wrong.start].count(b"\n") + 1
        what = Sentence("Tệp không phải văn bản UTF-8.")
        hint = Sentence("Lưu tệp với bảng mã UTF-8 rồi tải lên lại.")
        raise DefinitionRefusedError([PlacedFinding(line, "", what, hint, Severity.ERROR)]) from wrong


def read_definition(text: str) -> tuple[ProcedureDefinition, strict_yaml.Loaded]:
    """Read a definition file; DefinitionRefusedError lists everything that is wrong with it, by line."""
    try:
        loaded = strict_yaml.load(text)
    except strict_yaml.UnusableYamlError as unusable:
        raise DefinitionRefusedError(
            [PlacedFinding(p.line, "", p.what, p.hint, Severity.ERROR) for p in unusable.problems]
        ) from unusable
    data = mapping_of(loaded.data)
    if data is None:
        what, hint = Sentence("Tệp không phải là một định nghĩa."), Sentence("Bắt đầu tệp bằng format: 1.")
        raise DefinitionRefusedError([PlacedFinding(1, "", what, hint, Severity.ERROR)])
    try:
        return codec.definition_from(data), loaded
    except DefinitionError as wrong:
        raise DefinitionRefusedError([placed(problem, loaded) for problem in wrong.problems]) from wrong


def checked(text: str) -> tuple[ProcedureDefinition, tuple[PlacedFinding, ...]]:
    """Return a definition with the findings of its checks; its golden cases are not run."""
    definition, loaded = read_definition(text)
    return definition, tuple(placed(problem, loaded) for problem in check(definition))


def prove(text: str, office: OfficeTime, *, waived: Iterable[str] = ()) -> Proof:
    """Check a definition and run its golden cases; `waived` are the keys of findings that somebody let be."""
    definition, findings = checked(text)
    broken = any(_breaks(finding) for finding in findings)
    cases = () if broken else run_cases(compiled(definition), office)
    return Proof(definition, findings, cases, frozenset(waived))


def _breaks(finding: PlacedFinding) -> bool:
    """Tell whether nothing can be computed beside this finding: one that may be let be can be lived with."""
    return finding.severity == Severity.ERROR and not finding.may_be_waived


def version_to_try(text: str) -> ProcedureVersion:
    """Return a draft as a version that is nowhere kept, so that the desk's own form and rules can try it (thử)."""
    definition, findings = checked(text)
    broken = [finding.sentence for finding in findings if _breaks(finding)]
    if broken:
        raise MoveNotAllowedError(
            Sentence("Chưa thử được dự thảo này. %(obstacles)s", obstacles=joined(broken)),
            todo="Sửa các dòng được nêu rồi tải dự thảo lên lại.",
        )
    return ProcedureVersion(
        number=0, definition=codec.canonical_json(definition), whole_sha256=codec.whole_hash(definition),
        law_sha256=codec.law_hash(definition), source_text=text,
    )  # fmt: skip


def difference(draft: ProcedureDraft, text: str) -> Sentence:
    """Say where the draft that somebody else saved differs from this text: by lines of the draft, at most a few."""
    matched = SequenceMatcher(None, draft.source_text.splitlines(), text.splitlines(), autojunk=False)
    changed = [(first + 1, max(last, first + 1)) for tag, first, last, _, _ in matched.get_opcodes() if tag != "equal"]
    if not changed:
        return Sentence("Bản đang lưu (%(file)s) giống hệt bản bạn vừa gửi.", file=draft.file_name or "")
    lines = ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in changed[:TOLD_AT_MOST])
    if len(changed) > TOLD_AT_MOST:
        lines = f"{lines}, …"
    return Sentence(
        "Bản đang lưu (%(file)s) khác bản bạn vừa gửi ở dòng %(lines)s.", file=draft.file_name or "", lines=lines
    )


def quoted(text: str, line: int) -> str:
    """Return this line of the file (counted from 1) as it was written; empty where there is none."""
    lines = text.splitlines()
    return lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""


def placed(problem: Problem, loaded: strict_yaml.Loaded) -> PlacedFinding:
    """Return a problem with its line in the file the administrator wrote."""
    line = loaded.line_of(problem.where) if problem.where else 0
    return PlacedFinding(line, problem.place, problem.what, problem.hint, problem.severity, _known(problem))


def _known(problem: Problem) -> Finding:
    """Return a problem as a finding: one that came without a kind is a fault where it stops, else worth a look."""
    if isinstance(problem, Finding):
        return problem
    kind = FindingKind.FAULT if problem.severity is Severity.ERROR else FindingKind.LOOK
    return Finding(problem.where, problem.what, problem.hint, problem.severity, kind=kind)


def save_draft(
    work: Work,
    procedure_id: UUID,
    *,
    text: str,
    file_name: str,
    rights: Rights,
    seen_version: int | None,
    at: datetime,
    seen_draft: UUID | None = None,
) -> ProcedureDraft:
    """Keep a usable definition as the procedure's draft, with what the checks and the golden cases say of it.

    `seen_version` is the draft's lock version that the person saw (None: there was no draft), `seen_draft` its public
    id where a page showed it: a later draft of the same procedure counts its versions from 1 again.
    """
    require(rights, Verb.CONFIGURE)
    proof = prove(text, office_time(office_register(work.session)))
    procedure = held(work.session, procedure_id)
    _same_code(procedure, proof.definition)
    draft = draft_of(work.session, procedure)
    todo = Sentence("Mở lại trang để xem bản mới; tệp của bạn chưa ghi đè lên nó.")
    refuse_if_changed(work.session, procedure, draft, seen_version, seen_draft, todo=todo)
    if draft is None:
        draft = ProcedureDraft(procedure_id=procedure.id)
        work.session.add(draft)
    draft.source_text = text
    draft.file_name = file_name
    draft.findings = [finding.to_data() for finding in proof.findings]
    draft.case_results = [case_data(case) for case in proof.cases]
    draft.drafted_by = rights.user_id
    draft.recorded_at = at
    work.flush()
    note_act(work, procedure, "save_draft", at, {"file": file_name, "whole": codec.whole_hash(proof.definition)})
    work.commit()
    return draft


def drop_draft(
    work: Work, procedure_id: UUID, *, rights: Rights, seen_version: int, seen_draft: UUID, at: datetime
) -> None:
    """Throw the draft away (bỏ dự thảo); the record keeps its name and hash, published versions stay as they are."""
    require(rights, Verb.CONFIGURE)
    procedure = held(work.session, procedure_id)
    draft = draft_of(work.session, procedure)
    todo = Sentence("Chưa có gì bị bỏ. Mở lại trang để xem bản mới.")
    refuse_if_changed(work.session, procedure, draft, seen_version, seen_draft, todo=todo)
    work.session.delete(draft)
    note_act(work, procedure, "drop_draft", at, {"file": draft.file_name if draft else None})
    work.commit()


def publish(
    work: Work,
    procedure_id: UUID,
    publication: Publication,
    *,
    rights: Rights,
    seen_version: int,
    at: datetime,
    seen_draft: UUID | None = None,
) -> ProcedureVersion:
    """Publish the draft: checks and golden cases run again, the canonical JSON is frozen under its hashes and dated.

    A red check or golden case stops it, unless somebody let the check be with a reason: the version then keeps which
    waivers were in force. So does a draft that only repeats what applies on its first day, or that somebody changed
    since the page was read. The same person sending the same publication twice gets the version the first one made.
    """
    require(rights, Verb.PUBLISH)
    procedure = held(work.session, procedure_id)
    draft = draft_of(work.session, procedure)
    if draft is None:
        return _published_just_now(work.session, procedure, publication, rights)
    todo = Sentence("Chưa có gì được công bố. Đọc bản mới; nếu đúng thì công bố lần nữa, các ô đã điền được giữ.")
    refuse_if_changed(work.session, procedure, draft, seen_version, seen_draft, todo=todo)
    waivers = waivers_in_force(work.session, procedure.id)
    proof = prove(draft.source_text, office_time(office_register(work.session)), waived=waivers)
    # The trial compiles the tables in a child process: a table that could end a worker ends only the child.
    obstacles = (
        proof.obstacles
        or nothing_new(work.session, procedure, proof.definition, publication.since)
        or tuple(problem.sentence for problem in trial(proof.definition))
    )
    if obstacles:
        raise PublicationRefusedError(obstacles)
    version = _frozen_version(work.session, procedure, draft, proof, publication, rights)
    work.session.add(version)
    work.session.delete(draft)
    _name_as_published(procedure, proof.definition)
    work.flush()
    under = [waivers[key] for key in dict.fromkeys(finding.key for finding in proof.accepted)]
    work.session.add_all(VersionWaiver(version_id=version.id, waiver_id=waiver.id) for waiver in under)
    detail: dict[str, Any] = {
        "number": version.number, "since": version.since.isoformat(), "whole": version.whole_sha256,
    }  # fmt: skip
    if under:
        detail["waivers"] = [str(waiver.uuid) for waiver in under]
    note_act(work, procedure, "publish", at, detail)
    work.commit()
    return version


def nothing_new(
    session: Session, procedure: Procedure, definition: ProcedureDefinition, since: date
) -> tuple[Sentence, ...]:
    """Say that a version applies on this day which the definition would only repeat, word for word; else nothing."""
    whole = codec.whole_hash(definition)
    newest = newest_version(session, procedure)
    known = (version_in_force(session, procedure.code, since), newest if newest and newest.since == since else None)
    same = next((version for version in known if version and version.whole_sha256 == whole), None)
    if same is None:
        return ()
    return (
        Sentence(
            "Dự thảo giống hệt phiên bản %(number)s đã công bố, không có gì để công bố. Sửa hoặc bỏ dự thảo này.",
            number=same.number,
        ),
    )


def _published_just_now(
    session: Session, procedure: Procedure, publication: Publication, rights: Rights
) -> ProcedureVersion:
    newest = newest_version(session, procedure)
    if newest is None:
        raise NotFoundError("Thủ tục chưa có dự thảo để công bố.", todo="Tải tệp định nghĩa lên trước.")
    if newest.published_by == rights.user_id and _dates_of(newest) == publication:
        return newest
    raise _overtaken(session, procedure, todo=Sentence("Mở lại thủ tục để xem các phiên bản."))


def _dates_of(version: ProcedureVersion) -> Publication:
    return Publication(
        version.since, version.decision or "", version.decision_signed_on, version.decision_received_on,
        version.published_locally_on, version.on_portal_on,
    )  # fmt: skip


def _name_as_published(procedure: Procedure, definition: ProcedureDefinition) -> None:
    procedure.name = definition.name.vi
    procedure.field_of_work = definition.field_of_work.vi
    procedure.folded, procedure.sort_key = searchable(procedure.code, procedure.name)


def _frozen_version(
    session: Session,
    procedure: Procedure,
    draft: ProcedureDraft,
    proof: Proof,
    publication: Publication,
    rights: Rights,
) -> ProcedureVersion:
    newest = newest_version(session, procedure)
    return ProcedureVersion(
        procedure_id=procedure.id, number=1 if newest is None else newest.number + 1,
        definition=codec.canonical_json(proof.definition), whole_sha256=codec.whole_hash(proof.definition),
        law_sha256=codec.law_hash(proof.definition), source_text=draft.source_text, since=publication.since,
        decision=publication.decision or None, decision_signed_on=publication.decision_signed_on,
        decision_received_on=publication.decision_received_on, published_locally_on=publication.published_locally_on,
        on_portal_on=publication.on_portal_on, case_results=[case_data(case) for case in proof.cases],
        drafted_by=draft.drafted_by, published_by=rights.user_id,
    )  # fmt: skip


def end_version(
    work: Work, version_id: UUID, *, until: date, reason: str, rights: Rights, at: datetime
) -> ProcedureVersionEnd:
    """Say that a version applies no longer from this day (bãi bỏ); dossiers taken in before keep it.

    The same person saying the same twice gets the end that was recorded first.
    """
    require(rights, Verb.PUBLISH)
    version = work.session.scalars(select(ProcedureVersion).where(ProcedureVersion.uuid == version_id)).one_or_none()
    if version is None:
        raise NotFoundError("Không tìm thấy phiên bản này.", todo="Mở lại từ trang thủ tục.")
    procedure = held(work.session, work.session.get_one(Procedure, version.procedure_id).uuid)
    known = end_of(work.session, version)
    if known and (known.until, known.reason, known.recorded_by) == (until, reason.strip(), rights.user_id):
        return known
    check_end(work.session, version, until=until, reason=reason)
    end = ProcedureVersionEnd(version_id=version.id, until=until, reason=reason.strip(), recorded_by=rights.user_id)
    work.session.add(end)
    note_act(work, procedure, "end_version", at, {"number": version.number, "until": until.isoformat()})
    work.commit()
    return end


def check_end(session: Session, version: ProcedureVersion, *, until: date, reason: str) -> None:
    """Refuse an end without a reason, before the version begins, or of a version that has an end already."""
    if end_of(session, version) is not None:
        raise StaleError("Phiên bản này đã có ngày hết áp dụng.", todo="Mở lại trang để xem.")
    if until < version.since:
        raise RefusalError(
            "Ngày hết áp dụng sớm hơn ngày bắt đầu áp dụng.",
            todo="Chọn ngày từ %(day)s trở đi.",
            day=f"{version.since:%d/%m/%Y}",
        )
    if not reason.strip():
        raise UnusableInputError("Chưa ghi lý do bãi bỏ.", todo="Ghi văn bản hoặc lý do bãi bỏ phiên bản.")


def end_of(session: Session, version: ProcedureVersion) -> ProcedureVersionEnd | None:
    """Return the recorded end of a version, if there is one."""
    return session.scalars(
        select(ProcedureVersionEnd).where(ProcedureVersionEnd.version_id == version.id)
    ).one_or_none()


def procedure_with(session: Session, procedure_id: UUID) -> Procedure:
    """Return the procedure with this public id."""
    found = session.scalars(select(Procedure).where(Procedure.uuid == procedure_id)).one_or_none()
    if found is None:
        raise NotFoundError("Không tìm thấy thủ tục này.", todo="Tìm lại trong danh mục thủ tục.")
    return found


def held(session: Session, procedure_id: UUID) -> Procedure:
    """Return the procedure, locked until the act ends: acts on one procedure follow each other, never cross."""
    found = session.scalars(
        select(Procedure)
        .where(Procedure.uuid == procedure_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    return found or procedure_with(session, procedure_id)


def newest_version(session: Session, procedure: Procedure) -> ProcedureVersion | None:
    """Return the version published last, if there is one."""
    return session.scalars(
        select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure.id)
        .order_by(ProcedureVersion.number.desc())
        .limit(1)
    ).one_or_none()


def draft_of(session: Session, procedure: Procedure) -> ProcedureDraft | None:
    """Return the procedure's draft, if it has one."""
    return session.scalars(
        select(ProcedureDraft)
        .where(ProcedureDraft.procedure_id == procedure.id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def case_data(case: CaseResult) -> dict[str, Any]:
    """Return a golden case's result as plain JSON values."""
    return {"name": case.name, "passed": case.passed, "differences": list(case.differences)}


def _same_code(procedure: Procedure, definition: ProcedureDefinition) -> None:
    if definition.code != procedure.code:
        raise UnusableInputError(
            "Tệp là định nghĩa của thủ tục %(code)s, không phải %(wanted)s.",
            todo="Mở thủ tục %(code)s để tải tệp này lên, hoặc chọn tệp khác.",
            code=definition.code,
            wanted=procedure.code,
        )


def refuse_if_changed(
    session: Session,
    procedure: Procedure,
    draft: ProcedureDraft | None,
    seen_version: int | None,
    seen_draft: UUID | None,
    *,
    todo: Sentence,
) -> None:
    """Refuse an act on a page that showed another draft than the one there is; say who changed it."""
    current = None if draft is None else draft.lock_version
    another = seen_draft is not None and (draft is None or draft.uuid != seen_draft)
    if current != seen_version or another:
        raise _overtaken(session, procedure, todo=todo)


_DID = {
    "save_draft": Sentence("đã lưu một bản dự thảo khác"),
    "add_cases": Sentence("đã thêm tình huống mẫu"),
    "drop_draft": Sentence("đã bỏ dự thảo"),
    "publish": Sentence("đã công bố dự thảo"),
}


def _overtaken(session: Session, procedure: Procedure, *, todo: Sentence) -> StaleError:
    """Say who changed the draft and when, as the record has it."""
    last = last_entry(session, "procedure", str(procedure.uuid), acts=_DID)
    if last is None or last.actor_id is None:
        return StaleError("Dự thảo này không còn hoặc đã đổi sau khi bạn mở trang.", todo=todo)
    is_own = last.actor_id == current_identity().user_id
    name = session.scalars(select(Officer.full_name).where(Officer.id == last.actor_id)).one()
    return StaleError(
        "Dự thảo đã đổi sau khi bạn mở trang: %(who)s %(did)s lúc %(at)s.",
        todo=todo,
        who=Sentence("chính bạn") if is_own else name,
        did=_DID[last.act],
        at=f"{local(last.event_at):%H:%M %d/%m/%Y}",
    )


def require(rights: Rights, verb: Verb) -> None:
    """Refuse who has no duty with this verb."""
    if not rights.may(verb):
        raise NotAllowedError("Bạn không được giao việc này.", todo="Đề nghị người quản trị phân công cho bạn.")


def note_act(work: Work, procedure: Procedure, act: str, at: datetime, detail: dict[str, Any]) -> None:
    """Write the line of the record of an act on a procedure."""
    identity = current_identity()
    work.note(
        Note(
            "procedure", str(procedure.uuid), act, at, identity.user_id, identity.user_name,
            detail={"code": procedure.code, **detail},
        )
    )  # fmt: skip

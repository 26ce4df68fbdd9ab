"""Letting findings of the proof be (chấp nhận có lý do): the act, its taking back, and the list for inspection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.clock import local
from app.security.assignment import Rights
from app.security.verbs import Verb
from app.services.errors import MoveNotAllowedError, NotFoundError, StaleError, UnusableInputError
from app.services.procedure import (
    PlacedFinding,
    draft_of,
    held,
    note_act,
    refuse_if_changed,
    require,
)
from app.services.since_proof import draft_findings
from app.storage.folding import folded
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.unit_of_work import Work
from app.storage.waiver import WITH_PEOPLE, FindingWaiver, FindingWaiverEnd, VersionWaiver, waivers_in_force
from forms.sentence import Sentence
from rules import codec
from rules.check.findings import FindingKind
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Severity
from rules.values import Text

PAGE_SIZE = 50
SHORTEST_REASON = 15
LONGEST_REASON = 2_000

KIND_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        FindingKind.STATUTORY: Text("Thiếu bộ phận luật định", "A statutory part is missing"),
        FindingKind.FAULT: Text("Sai hoặc không tính được", "Wrong, or cannot be counted"),
        FindingKind.LOOK: Text("Cách trình bày", "How it is written"),
        FindingKind.GAP: Text("Khoảng trống", "Gap"),
        FindingKind.WAITING: Text("Chờ thông tin", "Waits for a fact"),
        FindingKind.OVERLAP: Text("Chồng lấn", "Overlap"),
        FindingKind.MASKED: Text("Dòng bị che", "Masked row"),
        FindingKind.REPEATED: Text("Dòng lặp lại", "Repeated row"),
        FindingKind.UNREACHABLE: Text("Dòng không bao giờ tới", "Row never reached"),
        FindingKind.PERIOD: Text("Ngày hiệu lực hở hoặc trùng", "Days without a value, or with several"),
        FindingKind.REPEALED: Text("Văn bản hết hiệu lực", "Repealed document"),
        FindingKind.STATED: Text("Khác với mức đã nêu", "Differs from what is stated"),
        FindingKind.UNUSED: Text("Hỏi mà không dùng", "Asked and not used"),
        FindingKind.CHANGED: Text("Đã đổi sau lần chứng minh trước", "Changed since the last proof"),
        FindingKind.UNDECIDED: Text("Chưa kết luận", "Undecided"),
    }
)


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """One waiver in the list for inspection; `versions` are the numbers of the versions published under it."""

    waiver: FindingWaiver
    versions: tuple[int, ...]

    @property
    def kind(self) -> Text:
        """What the finding is about, in words."""
        return kind_words(self.waiver.kind)


@dataclass(frozen=True, slots=True)
class WaiverList:
    """One page of the waivers of all procedures, newest first, with how many there are of each state."""

    lines: tuple[WaiverLine, ...]
    standing: int
    taken_back: int

    @property
    def all(self) -> int:
        """How many there are whatever their state."""
        return self.standing + self.taken_back


def kind_words(kind: str) -> Text:
    """Say what a finding of this kind is about; a kind that this program does not know stands as it was kept."""
    return KIND_WORDS.get(kind, Text(kind))


def waive_finding(
    work: Work,
    procedure_id: UUID,
    key: str,
    *,
    reason: str,
    rights: Rights,
    seen_version: int,
    seen_draft: UUID,
    at: datetime,
) -> FindingWaiver:
    """Let a finding of the draft be, with a reason that stays on record; it holds while drafts have this finding.

    The same person waiving the same for the same reason twice gets the waiver that the first one made.
    """
    require(rights, Verb.CONFIGURE)
    procedure = held(work.session, procedure_id)
    standing = waivers_in_force(work.session, procedure.id).get(key)
    if standing is not None:
        return _again(standing, reason, rights)
    definition, finding = _finding_to_waive(work.session, procedure, key, seen_version, seen_draft)
    waiver = FindingWaiver(
        procedure_id=procedure.id, finding_key=key, kind=finding.found.kind if finding.found else "",
        severity=Severity(finding.severity), finding=str(finding.sentence), draft_sha256=codec.whole_hash(definition),
        reason=_given(reason), waived_by=rights.user_id, waived_at=at,
    )  # fmt: skip
    work.session.add(waiver)
    work.flush()
    detail = {"finding": waiver.finding, "key": key, "waiver": str(waiver.uuid), "reason": waiver.reason}
    note_act(work, procedure, "waive_finding", at, detail)
    work.commit()
    return waiver


def _again(standing: FindingWaiver, reason: str, rights: Rights) -> FindingWaiver:
    if (standing.waived_by, standing.reason) == (rights.user_id, _given(reason)):
        return standing
    raise StaleError(
        "Điểm này đã được %(who)s chấp nhận lúc %(at)s.",
        todo="Tải lại trang để đọc lý do đã ghi; muốn ghi lý do khác thì rút lại rồi chấp nhận lại.",
        who=standing.officer.full_name,
        at=f"{local(standing.waived_at):%H:%M %d/%m/%Y}",
    )


def _finding_to_waive(
    session: Session, procedure: Procedure, key: str, seen_version: int, seen_draft: UUID
) -> tuple[ProcedureDefinition, PlacedFinding]:
    draft = draft_of(session, procedure)
    todo = Sentence("Chưa ghi gì. Tải lại trang dự thảo để xem bản mới.")
    refuse_if_changed(session, procedure, draft, seen_version, seen_draft, todo=todo)
    if draft is None:
        raise NotFoundError("Thủ tục này không có dự thảo.", todo="Mở lại trang thủ tục.")
    definition, findings = draft_findings(session, draft)
    finding = next((each for each in findings if each.key == key), None)
    if finding is None:
        raise NotFoundError("Dự thảo không có điểm này.", todo="Tải lại trang dự thảo để xem các điểm hiện có.")
    if not finding.may_be_waived:
        raise MoveNotAllowedError(
            "Điểm này không ai được chấp nhận bỏ qua: %(finding)s",
            todo="Sửa tệp định nghĩa theo cách đã nêu rồi tải lên lại.",
            finding=finding.sentence,
        )
    return definition, finding


def take_back_waiver(
    work: Work, waiver_id: UUID, *, reason: str, rights: Rights, at: datetime
) -> FindingWaiverEnd:  # fmt: skip
    """Take a waiver back (rút lại): the finding stands again; the waiver and what was published under it stay.

    The same person taking back the same twice gets the end that was recorded first.
    """
    require(rights, Verb.CONFIGURE)
    waiver = work.session.scalars(
        select(FindingWaiver).where(FindingWaiver.uuid == waiver_id).options(joinedload(FindingWaiver.procedure))
    ).one_or_none()
    if waiver is None:
        raise NotFoundError("Không tìm thấy lần chấp nhận này.", todo="Mở lại từ danh sách các điểm đã chấp nhận.")
    procedure = held(work.session, waiver.procedure.uuid)
    known = work.session.scalars(
        select(FindingWaiverEnd)
        .where(FindingWaiverEnd.waiver_id == waiver.id)
        .options(joinedload(FindingWaiverEnd.officer))
    ).one_or_none()
    if known is not None:
        return _taken_back_again(known, rights)
    end = FindingWaiverEnd(
        waiver_id=waiver.id, reason=_given(reason), taken_back_by=rights.user_id, taken_back_at=at
    )  # fmt: skip
    work.session.add(end)
    detail = {"finding": waiver.finding, "waiver": str(waiver.uuid), "reason": end.reason}
    note_act(work, procedure, "take_back_waiver", at, detail)
    work.commit()
    return end


def _taken_back_again(known: FindingWaiverEnd, rights: Rights) -> FindingWaiverEnd:
    if known.taken_back_by == rights.user_id:
        return known
    raise StaleError(
        "%(who)s đã rút lại lần chấp nhận này lúc %(at)s.",
        todo="Tải lại trang để xem.",
        who=known.officer.full_name,
        at=f"{local(known.taken_back_at):%H:%M %d/%m/%Y}",
    )


def _given(reason: str) -> str:
    """Return a reason that says something; the next reader must understand why without asking."""
    said = " ".join(reason.split())
    if len(said) < SHORTEST_REASON or " " not in said:
        raise UnusableInputError(
            "Chưa ghi rõ lý do.",
            todo="Viết ít nhất một câu: vì sao điểm này không sai, hoặc căn cứ vào văn bản nào.",
        )
    if len(said) > LONGEST_REASON:
        raise UnusableInputError("Lý do quá dài.", todo="Viết gọn trong 2.000 ký tự.")
    return said


def waivers(session: Session, *, text: str = "", state: str = "", page: int = 0) -> WaiverList:
    """Return one page of waivers, newest first: of procedures found by `text`, standing, taken back, or all."""
    found = _matching(text)
    is_over = exists().where(FindingWaiverEnd.waiver_id == FindingWaiver.id)
    query = select(FindingWaiver).join(FindingWaiver.procedure).where(*found)
    wanted = {"standing": query.where(~is_over), "taken_back": query.where(is_over)}.get(state, query)
    rows = session.scalars(
        wanted.options(*WITH_PEOPLE, joinedload(FindingWaiver.procedure))
        .order_by(FindingWaiver.id.desc())
        .limit(PAGE_SIZE)
        .offset(page * PAGE_SIZE)
        .execution_options(populate_existing=True)
    ).all()
    counted = select(func.count().filter(~is_over), func.count().filter(is_over))
    standing, over = session.execute(
        counted.select_from(FindingWaiver).join(FindingWaiver.procedure).where(*found)
    ).one()  # fmt: skip
    published = _versions_under(session, [row.id for row in rows])
    lines = tuple(WaiverLine(row, published.get(row.id, ())) for row in rows)
    return WaiverList(lines, standing, over)


def _matching(text: str) -> Sequence[ColumnElement[bool]]:
    words = folded(text)[:100]
    if not words:
        return ()
    return (or_(Procedure.folded.contains(words, autoescape=True), Procedure.code == text.strip()),)


def _versions_under(session: Session, waiver_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    rows = session.execute(
        select(VersionWaiver.waiver_id, ProcedureVersion.number)
        .join(ProcedureVersion, ProcedureVersion.id == VersionWaiver.version_id)
        .where(VersionWaiver.waiver_id.in_(waiver_ids))
        .order_by(ProcedureVersion.number)
    )
    found: dict[int, tuple[int, ...]] = {}
    for waiver_id, number in rows:
        found[waiver_id] = (*found.get(waiver_id, ()), number)
    return found

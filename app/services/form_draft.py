"""Drafts of forms (bản nháp): kept while somebody fills a form in, offered again, gone with the acceptance.

A draft is no record of the office: it is encrypted whole, its writer alone sees it, and it ends by itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from app.clock import legal_day
from app.security.assignment import Rights
from app.services.dossier import by_intake_key
from app.services.errors import MoveNotAllowedError, NotFoundError, StaleError, UnusableInputError
from app.services.hand_request import waiting_for
from app.services.office import UnitOnDay, units_on
from app.storage.form_draft import EXPIRE, FormDraft, hold_form
from app.storage.identity import Identity, act_as, act_no_longer
from app.storage.unit_of_work import Work, unit_of_work
from app.vault import vault

MOST_CHARACTERS = 300_000
"""So much may be typed into one form before it is sent in; no form of ours comes near."""

SHOWN_AT_MOST = 20
NAMES = ("applicant-full_name", "applicant-organisation_name")
"""The answers that say for whom a form is filled in."""

Answers = tuple[tuple[str, str], ...]
"""Names and values of a form as a browser sends them, in their order."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list of its writer: for whom, which procedure, at which desk, saved when."""

    uuid: UUID
    procedure_code: str
    procedure: str
    unit: UnitOnDay
    person: str
    saved_at: datetime


class DraftChangedError(StaleError):
    """The same form was saved from another window since; `lock` is its number now, 0 where it was discarded."""

    def __init__(self, draft: FormDraft | None) -> None:
        super().__init__(
            "Bản nháp này vừa được sửa ở một cửa sổ khác.",
            todo="Câu trả lời trên trang này vẫn còn. Mở bản ở cửa sổ kia, hoặc giữ bản trên trang này.",
        )
        self.lock = draft.lock_version if draft else 0
        self.draft = draft.uuid if draft else None


def keep(
    work: Work,
    intake_key: UUID,
    answers: Sequence[tuple[str, str]],
    *,
    procedure_id: int,
    unit: UnitOnDay,
    seen: int,
    rights: Rights,
    at: datetime,
) -> FormDraft:
    """Save a form as it stands, unchecked; `seen` is the number of the last save this window knows, 0 for none.

    Raises DraftChangedError where another window saved since, MoveNotAllowedError where the form was accepted already.
    """
    if sum(len(name) + len(value) for name, value in answers) > MOST_CHARACTERS:
        raise UnusableInputError(
            "Mẫu này quá dài để lưu nháp.", todo="Câu trả lời vẫn còn trên trang: rút ngắn nội dung rồi tiếp nhận."
        )
    hold_form(work.session, intake_key)
    if by_intake_key(work.session, intake_key) is not None:
        raise MoveNotAllowedError("Hồ sơ của mẫu này đã được tiếp nhận.", todo="Xem hồ sơ trong danh sách Hồ sơ.")
    draft = _own(work.session, intake_key, rights)
    if (draft.lock_version if draft else 0) != seen:
        raise DraftChangedError(draft)
    if draft is None:
        draft = FormDraft(intake_key=intake_key, user_id=rights.user_id, procedure_id=procedure_id)
        work.session.add(draft)
    draft.unit_id, draft.saved_at = unit.id, at
    draft.sealed = vault.encrypt(json.dumps(list(answers), ensure_ascii=False))
    work.commit()
    return draft


def forget(work: Work, intake_key: UUID) -> None:
    """Delete the draft of a form that is handed in, in the same transaction; a save under way waits and is refused."""
    hold_form(work.session, intake_key)
    work.session.execute(delete(FormDraft).where(FormDraft.intake_key == intake_key))


def discard(work: Work, draft_id: UUID, rights: Rights) -> None:
    """Delete a draft that its writer no longer wants."""
    work.session.execute(delete(FormDraft).where(FormDraft.uuid == draft_id, FormDraft.user_id == rights.user_id))
    work.commit()


def drafts_of(session: Session, rights: Rights, *, days: int, at: datetime) -> tuple[DraftLine, ...]:
    """Return what this person has begun and not handed in within so many days, the newest first."""
    found = session.scalars(
        select(FormDraft)
        .where(FormDraft.user_id == rights.user_id, FormDraft.saved_at >= at - timedelta(days=days))
        .options(joinedload(FormDraft.procedure))
        .order_by(FormDraft.saved_at.desc())
        .limit(SHOWN_AT_MOST)
    ).all()
    units = (
        {unit.id: unit for unit in units_on(session, {each.unit_id for each in found}, legal_day(at))} if found else {}
    )
    return tuple(
        DraftLine(
            each.uuid, each.procedure.code, each.procedure.name, units[each.unit_id], _person(each), each.saved_at
        )
        for each in found
        if each.unit_id in units
    )


def told_beside(session: Session, rights: Rights, *, days: int, at: datetime) -> tuple[int, int]:
    """Return what waits for this person beside the dossiers, in one question: open requests, and forms begun."""
    requests = waiting_for(rights)
    if requests is None:
        return 0, 0
    begun = select(func.count()).where(
        FormDraft.user_id == rights.user_id, FormDraft.saved_at >= at - timedelta(days=days)
    )
    row = session.execute(select(requests.scalar_subquery(), begun.scalar_subquery())).one()
    return row[0], row[1]


def reopened(session: Session, draft_id: UUID, code: str, rights: Rights) -> tuple[FormDraft, Answers]:
    """Return a draft of this procedure and what it holds; another person's does not exist."""
    draft = session.scalars(
        select(FormDraft)
        .where(FormDraft.uuid == draft_id, FormDraft.user_id == rights.user_id)
        .options(joinedload(FormDraft.procedure))
    ).one_or_none()
    if draft is None or draft.procedure.code != code:
        raise NotFoundError(
            "Không còn bản nháp này.",
            todo="Có thể hồ sơ đã được tiếp nhận, bản nháp đã bỏ hoặc đã quá hạn giữ. Mở lại thủ tục để nhập mới.",
        )
    return draft, _answers(draft)


def drop_expired(*, days: int, at: datetime) -> int:
    """Delete the drafts, whoever wrote them, that nobody touched for so many days; return how many."""
    token = act_as(Identity(purpose=EXPIRE))
    try:
        with unit_of_work() as work:
            old = delete(FormDraft).where(FormDraft.saved_at < at - timedelta(days=days)).returning(FormDraft.id)
            gone = len(work.session.execute(old).all())
            work.commit()
    finally:
        act_no_longer(token)
    return gone


def _own(session: Session, intake_key: UUID, rights: Rights) -> FormDraft | None:
    own = select(FormDraft).where(FormDraft.intake_key == intake_key, FormDraft.user_id == rights.user_id)
    return session.scalars(own).one_or_none()


def _answers(draft: FormDraft) -> Answers:
    return tuple((name, value) for name, value in json.loads(vault.decrypt(draft.sealed)))


def _person(draft: FormDraft) -> str:
    named = dict(_answers(draft))
    return next((named[name].strip() for name in NAMES if named.get(name, "").strip()), "")

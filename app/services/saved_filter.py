"""Filters that a person keeps for a procedure's list (bộ lọc đã lưu): their own, and guarded against two tabs."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.services.errors import NotFoundError, StaleError, UnusableInputError
from app.services.listed_versions import ListedProcedure
from app.storage.identity import current_identity
from app.storage.search import SavedFilter
from app.storage.unit_of_work import Work
from forms.question import Question, written

LONGEST_NAME, MOST_KEPT = 80, 50


def keep(
    work: Work, procedure: ListedProcedure, name: str, question: Question, *, known: UUID | None, seen_version: int
) -> SavedFilter:
    """Keep a question under a name, or put it in the place of the filter it was opened from."""
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise UnusableInputError(
            "Tên bộ lọc cần từ 1 đến %(most)s chữ.", todo="Đặt một tên ngắn, ví dụ: Chờ tôi tuần này.",
            most=LONGEST_NAME,
        )  # fmt: skip
    asked = {"pairs": [list(pair) for pair in written(question, procedure.listing)]}
    kept = _add(work, procedure) if known is None else _opened(work.session, procedure, known, seen_version)
    kept.name, kept.asked = called, asked
    _write(work, called)
    return kept


def drop(work: Work, procedure: ListedProcedure, known: UUID, *, seen_version: int) -> None:
    """Keep a filter no longer."""
    kept = _opened(work.session, procedure, known, seen_version)
    work.session.delete(kept)
    _write(work, kept.name)


def _add(work: Work, procedure: ListedProcedure) -> SavedFilter:
    if len(procedure.kept) >= MOST_KEPT:
        raise UnusableInputError(
            "Bạn đã lưu %(most)s bộ lọc cho thủ tục này, là nhiều nhất.", todo="Bỏ bớt một bộ lọc rồi lưu lại.",
            most=MOST_KEPT,
        )  # fmt: skip
    kept = SavedFilter(user_id=current_identity().user_id, procedure_id=procedure.id, lock_version=1)
    work.session.add(kept)
    return kept


def _opened(session: Session, procedure: ListedProcedure, known: UUID, seen_version: int) -> SavedFilter:
    kept = session.scalars(
        select(SavedFilter).where(SavedFilter.uuid == known, SavedFilter.procedure_id == procedure.id)
    ).one_or_none()
    if kept is None:
        raise NotFoundError("Không tìm thấy bộ lọc này.", todo="Mở lại danh sách; bộ lọc có thể đã bỏ ở trang khác.")
    if kept.lock_version != seen_version:
        raise _changed(kept.name)
    return kept


def _write(work: Work, name: str) -> None:
    try:
        work.commit()
    except IntegrityError as twice:
        work.session.rollback()
        raise UnusableInputError(
            "Bạn đã có bộ lọc tên “%(name)s”.", todo="Đặt tên khác, hoặc mở bộ lọc đó rồi lưu lại.", name=name
        ) from twice
    except StaleDataError as raced:
        work.session.rollback()
        raise _changed(name) from raced


def _changed(name: str) -> StaleError:
    return StaleError(
        "Bộ lọc “%(name)s” vừa được lưu ở một trang khác.",
        todo="Mở lại bộ lọc, xem rồi lưu lại nếu còn cần.",
        name=name,
    )

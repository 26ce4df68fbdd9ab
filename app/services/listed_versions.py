"""Lists of procedures by version: made once a process from the definition, and known by its hash.

Which version holds is read anew in each request, so that every process shows a new one at its next request.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.services import evaluation as evaluations
from app.services.errors import NotFoundError
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.search import SavedFilter
from forms.listed import Listing, listing
from rules.values import Text

MOST_KEPT = 512

_kept: OrderedDict[str, Listing] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter that the person keeps for the list: its name, and what it asks as pairs of an address."""

    uuid: UUID
    name: str
    pairs: tuple[tuple[str, str], ...]
    lock_version: int


@dataclass(frozen=True, slots=True)
class ListedProcedure:
    """A procedure whose dossiers are listed, with the list of the version that holds and the person's own filters."""

    id: int
    code: str
    name: Text
    version: int
    sha256: str
    listing: Listing
    kept: tuple[KeptFilter, ...] = ()


def listed_procedure(session: Session, code: str, on: date) -> ListedProcedure:
    """Return the procedure with the list of the version in force, else of the one that was published last.

    Raises NotFoundError where there is no version: nothing was ever received under it.
    """
    begun = case((ProcedureVersion.since <= on, 1), else_=0)
    row = session.execute(
        select(
            Procedure.id, Procedure.code, Procedure.name, ProcedureVersion.id.label("version_id"),
            ProcedureVersion.number, ProcedureVersion.whole_sha256, begun.label("begun"),
            _KEPT.label("kept"),
        )
        .join(ProcedureVersion, ProcedureVersion.procedure_id == Procedure.id)
        .where(Procedure.code == code)
        .order_by(begun.desc(), ProcedureVersion.since.desc(), ProcedureVersion.number.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFoundError(
            "Thủ tục %(code)s chưa có phiên bản nào được công bố nên chưa có danh sách hồ sơ.",
            todo="Chọn thủ tục khác, hoặc đề nghị người quản trị danh mục công bố thủ tục này.",
            code=code,
        )
    known = listings(session, {row.whole_sha256: row.version_id})[row.whole_sha256]
    kept = tuple(_filter(each) for each in row.kept or ())
    return ListedProcedure(row.id, row.code, Text(row.name), row.number, row.whole_sha256, known, kept)


# Read with the procedure, in one statement; the database shows each person their own alone.
_KEPT = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    SavedFilter.uuid, SavedFilter.name, SavedFilter.asked["pairs"], SavedFilter.lock_version
                ),
                SavedFilter.name,
            )
        )
    )
    .where(SavedFilter.procedure_id == Procedure.id)
    .correlate(Procedure)
    .scalar_subquery()
)


def _filter(read: Sequence[Any]) -> KeptFilter:
    uuid, name, pairs, lock_version = read
    return KeptFilter(UUID(uuid), name, tuple((each, value) for each, value in pairs), lock_version)


def listings(session: Session, versions: Mapping[str, int]) -> Mapping[str, Listing]:
    """Return the lists of versions by their hashes, given with their keys; only those that are new here are read."""
    found = {sha: known for sha in versions if (known := _known(sha)) is not None}
    wanted = [version for sha, version in versions.items() if sha not in found]
    if wanted:
        rows = session.execute(
            select(ProcedureVersion.whole_sha256, ProcedureVersion.definition).where(ProcedureVersion.id.in_(wanted))
        )
        for sha, text in rows:
            found[sha] = _keep(sha, listing(evaluations.definition_with(sha, text)))
    return found


def _known(sha256: str) -> Listing | None:
    with _lock:
        if sha256 in _kept:
            _kept.move_to_end(sha256)
        return _kept.get(sha256)


def _keep(sha256: str, made: Listing) -> Listing:
    with _lock:
        _kept[sha256] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made

"""The published versions of a procedure as pages show them: when each applies, who published it, whether it holds."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import VIETNAM
from app.services.errors import NotFoundError
from app.services.office import office_register, office_time
from app.services.procedure import DefinitionRefusedError, draft_of, read_definition
from app.storage.account import Officer
from app.storage.procedure import Procedure, ProcedureDraft, ProcedureVersion, ProcedureVersionEnd, versions_of
from app.storage.waiver import waivers_in_force
from rules import codec
from rules.definition.procedure import ProcedureDefinition
from rules.errors import DefinitionError, Severity
from rules.evaluation.cases import CaseResult, run_cases
from rules.evaluation.compile import compiled


class Standing(StrEnum):
    """Where a version stands on a day: in force, yet to come, over, or overtaken before it ever applied."""

    IN_FORCE = "in_force"
    COMING = "coming"
    OVER = "over"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with the day it ceases to apply (half open; None: open) and the people behind it."""

    version: ProcedureVersion
    until: date | None
    end: ProcedureVersionEnd | None
    standing: Standing
    drafted_by: str
    published_by: str
    ended_by: str
    received_under: tuple[datetime, datetime] | None
    """Since and until when dossiers were received under it, where its days alone leave none (thay trong ngày)."""

    @property
    def cases_passed(self) -> int:
        """How many golden cases passed when it was published."""
        return sum(bool(case["passed"]) for case in self.version.case_results)


@dataclass(frozen=True, slots=True)
class KeptFindings:
    """What the checks said when a draft was saved: what must be mended, what to look at, and what was let be since."""

    mend: tuple[dict[str, Any], ...] = ()
    look: tuple[dict[str, Any], ...] = ()
    accepted: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """Everything a procedure's page says of its content: the versions, newest first, and the draft."""

    versions: tuple[VersionLine, ...]
    draft: ProcedureDraft | None
    drafted_by: str
    repeats_version: bool = False
    """Whether the draft says nothing but what the version in force says, word for word."""
    found: KeptFindings = KeptFindings()

    @property
    def in_force(self) -> VersionLine | None:
        """The version in force on the day the history was read for."""
        return next((line for line in self.versions if line.standing is Standing.IN_FORCE), None)


@dataclass(frozen=True, slots=True)
class Recheck:
    """A published version examined again (kiểm tra lại): its hashes, its source text and its golden cases."""

    whole_sha256: str
    whole_holds: bool
    law_holds: bool
    source_holds: bool
    cases: tuple[CaseResult, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing at all differs."""
        return (
            self.whole_holds and self.law_holds and self.source_holds and all(case.passed for case in self.cases)
        )  # fmt: skip


def history(session: Session, procedure: Procedure, on: date) -> History:
    """Return the versions and the draft of a procedure as they stand on this day."""
    versions = versions_of(session, procedure.id)
    ends = _ends(session, versions)
    draft = draft_of(session, procedure)
    people = _names(session, versions, ends.values(), draft)
    lines = tuple(_line(version, versions, ends.get(version.id), people, on) for version in versions)
    found = History(lines, draft, people.get(draft.drafted_by, "") if draft else "")
    return replace(found, repeats_version=_repeats(draft, found.in_force), found=_kept_findings(session, draft))


def _kept_findings(session: Session, draft: ProcedureDraft | None) -> KeptFindings:
    if draft is None:
        return KeptFindings()
    standing = waivers_in_force(session, draft.procedure_id)
    left = [finding for finding in draft.findings if finding.get("key") not in standing]
    return KeptFindings(
        mend=tuple(finding for finding in left if finding["severity"] == Severity.ERROR),
        look=tuple(finding for finding in left if finding["severity"] == Severity.WARNING),
        accepted=tuple(finding for finding in draft.findings if finding.get("key") in standing),
    )


def _repeats(draft: ProcedureDraft | None, line: VersionLine | None) -> bool:
    if draft is None or line is None:
        return False
    try:
        return codec.whole_hash(read_definition(draft.source_text)[0]) == line.version.whole_sha256
    except DefinitionRefusedError:  # a format that has changed since: its own findings say so
        return False


def line_of(session: Session, procedure: Procedure, number: int, on: date) -> VersionLine:
    """Return one version of a procedure by its number."""
    lines = history(session, procedure, on).versions
    found = next((line for line in lines if line.version.number == number), None)
    if found is None:
        raise NotFoundError("Thủ tục không có phiên bản này.", todo="Mở lại từ trang thủ tục.")
    return found


def recheck(session: Session, version: ProcedureVersion) -> Recheck:
    """Hash the stored bytes again, read the source again, and run the golden cases with the office's time of today."""
    whole = hashlib.sha256(version.definition.encode()).hexdigest()
    try:
        definition = codec.definition_from_json(version.definition)
    except DefinitionError:
        return Recheck(whole, whole == version.whole_sha256, law_holds=False, source_holds=False, cases=())
    return Recheck(
        whole_sha256=whole,
        whole_holds=whole == version.whole_sha256 and codec.whole_hash(definition) == version.whole_sha256,
        law_holds=codec.law_hash(definition) == version.law_sha256,
        source_holds=_source_gives(version.source_text, definition),
        cases=run_cases(compiled(definition), office_time(office_register(session))),
    )


def _source_gives(source: str, definition: ProcedureDefinition) -> bool:
    try:
        return codec.whole_hash(read_definition(source)[0]) == codec.whole_hash(definition)
    except DefinitionRefusedError:
        return False


def _ends(session: Session, versions: Sequence[ProcedureVersion]) -> dict[int, ProcedureVersionEnd]:
    rows = session.scalars(
        select(ProcedureVersionEnd).where(
            ProcedureVersionEnd.version_id.in_([version.id for version in versions]),
            ProcedureVersionEnd.withdrawn_at.is_(None),
        )
    )
    return {row.version_id: row for row in rows}


def _names(
    session: Session,
    versions: Iterable[ProcedureVersion],
    ends: Iterable[ProcedureVersionEnd],
    draft: ProcedureDraft | None,
) -> dict[int | None, str]:
    ids = {who for version in versions for who in (version.drafted_by, version.published_by)}
    ids |= {end.recorded_by for end in ends} | ({draft.drafted_by} if draft else set[int | None]())
    officers = session.scalars(select(Officer).where(Officer.id.in_(who for who in ids if who is not None)))
    return {officer.id: officer.full_name for officer in officers}


def _line(
    version: ProcedureVersion,
    versions: Sequence[ProcedureVersion],
    end: ProcedureVersionEnd | None,
    people: dict[int | None, str],
    on: date,
) -> VersionLine:
    until = _until(version, versions, end)
    moments = _received_under(version, versions, end) if until is not None and until <= version.since else None
    return VersionLine(
        version=version,
        until=until,
        end=end,
        standing=Standing.OVER if moments else _standing(version.since, until, on),
        drafted_by=people.get(version.drafted_by, ""),
        published_by=people.get(version.published_by, ""),
        ended_by=people.get(end.recorded_by, "") if end else "",
        received_under=moments,
    )


def _until(
    version: ProcedureVersion, versions: Sequence[ProcedureVersion], end: ProcedureVersionEnd | None
) -> date | None:
    """Return the day from which the version applies no longer: its own end, or the beginning of the next one.

    The next one is the one that `version_in_force` would choose: of two that begin together the one published last.
    """
    place = (version.since, version.number)
    later = [other.since for other in versions if (other.since, other.number) > place]
    stops = [*later, end.until] if end else later
    return min(stops, default=None)


def _received_under(
    version: ProcedureVersion, versions: Sequence[ProcedureVersion], end: ProcedureVersionEnd | None
) -> tuple[datetime, datetime] | None:
    """Return since and until when a version was the one to receive under, by when each thing was recorded.

    A version that another one replaces from the same day applied until that one was published. This is read from the
    record of the versions, not from dossiers: who reads this page may not see them.
    """
    place = (version.since, version.number)
    stops = [_effective(one.since, one.published_at) for one in versions if (one.since, one.number) > place]
    stops += [_effective(end.until, end.recorded_at)] if end else []
    since, until = _effective(version.since, version.published_at), min(stops)
    return (since, until) if since < until else None


def _effective(day: date, recorded_at: datetime) -> datetime:
    return max(datetime.combine(day, time.min, VIETNAM), recorded_at)


def _standing(since: date, until: date | None, on: date) -> Standing:
    if until is not None and until <= since:
        return Standing.OVERTAKEN
    if on < since:
        return Standing.COMING
    return Standing.IN_FORCE if until is None or on < until else Standing.OVER

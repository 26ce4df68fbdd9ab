"""The page of a draft tells which lists and parameters read otherwise than in the version proved last."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from app.extensions import db
from app.security.assignment import rights_of
from app.services import procedure as procedures
from app.services.finding import dossier_to_try
from app.services.procedure import Publication
from app.services.since_proof import changes_of, draft_findings
from app.storage.account import Officer
from app.storage.procedure import Procedure
from app.storage.unit_of_work import unit_of_work
from rules.check.findings import FindingKind
from tests import procedure_texts as texts

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
OTHER_CODES = texts.WHOLE.replace("[{code: study, label: {vi: Học tập}}, ", "[{code: study, label: {vi: Đi học}}, ")

pytestmark = pytest.mark.usefixtures("database")


def rights(user_name):
    officer = db.session.scalars(select(Officer.id).where(Officer.username == user_name)).one()
    return rights_of(db.session(), officer, AT.date())


def drafted(procedure: UUID, content: str):
    with unit_of_work() as work:
        return procedures.save_draft(
            work, procedure, text=content, file_name="a.yaml", rights=rights("danhmuc"), seen_version=None, at=AT
        )


@pytest.fixture
def procedure() -> UUID:
    made = Procedure(code=texts.CODE, name="Tên trong danh mục", folded="2.000635 trich luc", sort_key="t")
    db.session.add(made)
    db.session.commit()
    return made.uuid


def test_a_list_that_changed_since_the_last_version_is_told_by_its_line_in_the_draft(procedure):
    assert changes_of(db.session(), drafted(procedure, texts.WHOLE)) == ()
    with unit_of_work() as work:
        procedures.publish(
            work, procedure, Publication(since=date(2026, 1, 1)), rights=rights("danhmuc"), seen_version=1, at=AT
        )
    draft = drafted(procedure, OTHER_CODES)
    (found,) = changes_of(db.session(), draft)
    assert found.found.kind is FindingKind.CHANGED
    assert "Danh mục “purpose” đã đổi sau lần chứng minh trước, chỉ đổi lời" in found.what
    assert "study" in OTHER_CODES.splitlines()[found.line - 1]
    assert found in draft_findings(db.session(), draft)[1]
    with pytest.raises(procedures.NotFoundError):
        dossier_to_try(db.session(), draft, found.key)

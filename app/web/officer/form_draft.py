"""Drafts at the counter: a form is kept while it is filled in, listed for its writer, and opened again as it stood."""

from datetime import datetime
from uuid import UUID

from flask import Response, current_app, jsonify, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app.clock import VIETNAM, legal_day, now
from app.extensions import appbuilder, db
from app.services import dossier as dossiers
from app.services import form_draft as drafts
from app.services import reception
from app.services.errors import RefusalError, UnusableInputError
from app.services.form_draft import DraftChangedError, DraftLine
from app.services.office import unit_on
from app.storage.form_draft import FormDraft
from app.storage.unit_of_work import unit_of_work
from app.web.formats import said
from app.web.officer import intake
from app.web.officer.intake import IntakeForm
from app.web.rights import current_rights
from app.web.titles import read_titles

NOT_KEPT = frozenset({"csrf_token", "draft"})
"""What a page sends beside the answers: it belongs to that page alone."""


def own_drafts() -> tuple[DraftLine, ...]:
    """Return what the person of this request has begun and not handed in; nothing for one who receives nothing."""
    if not appbuilder.sm.has_access("can_receive", "ReceptionView"):
        return ()
    found = drafts.drafts_of(db.session(), current_rights(), days=current_app.config["DRAFT_DAYS"], at=now())
    read_titles(line.procedure_code for line in found)
    return found


def continued(draft_id: UUID, code: str, at: datetime) -> IntakeForm:
    """Return the form of a draft as it stood, under the version and the desk of today."""
    session, rights = db.session(), current_rights()
    draft, answers = drafts.reopened(session, draft_id, code, rights)
    data = MultiDict([*answers, ("draft", str(draft.lock_version))])
    desk = unit_on(session, draft.unit_id, legal_day(at))
    unit = reception.desk_of(session, rights, desk.key, legal_day(at))
    return intake.sent(session, dossiers.version_to_receive(session, code, at), unit, data, at=at)


def kept_draft(code: str, at: datetime) -> FormDraft:
    """Save the form of this request; a refusal says why it was not."""
    unit = reception.desk_of(db.session(), current_rights(), request.form.get("desk", ""), legal_day(at))
    version = dossiers.version_to_receive(db.session(), code, at)
    key = intake.intake_key_of(request.form)
    if key is None:
        raise UnusableInputError("Trang gửi lên không đầy đủ.", todo="Tải lại trang rồi làm lại.")
    answers = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    with unit_of_work() as work:
        return drafts.keep(
            work, key, answers, procedure_id=version.procedure_id, unit=unit, seen=intake.draft_of(request.form),
            rights=current_rights(), at=at,
        )  # fmt: skip


def told_kept(draft: FormDraft) -> Response:
    """Answer the script of the page that its form is kept."""
    at = f"{draft.saved_at.astimezone(VIETNAM):%H:%M}"
    return jsonify(lock=draft.lock_version, said=gettext("Đã lưu nháp lúc %(at)s.", at=at))


def told_refused(refused: RefusalError, code: str) -> Response:
    """Answer the script of the page why its form is not kept, and where the other window's is."""
    told = {"said": f"{said(refused.sentence)} {said(refused.todo)}"}
    if isinstance(refused, DraftChangedError):
        told |= {"lock": str(refused.lock)}
        told |= {"open": url_for("ReceptionView.intake", code=code, draft=refused.draft)} if refused.draft else {}
    answer = jsonify(told)
    answer.status_code = refused.status
    return answer

"""Dossiers of any procedure for programs: list, get, receive, and the description made from the definition in force.

The rights, the scope and what is hidden are those of the pages, for the list and the acts are the same.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, ParamSpec
from uuid import UUID

from flask import Response, jsonify, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from app.clock import legal_day, now
from app.extensions import appbuilder, db
from app.services import dossier as dossiers
from app.services import dossier_list, reception
from app.services import evaluation as evaluations
from app.services.dossier_list import Row
from app.services.errors import NotFoundError, RefusalError, StaleError, UnusableInputError
from app.services.listed_versions import ListedProcedure, listed_procedure
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.unit_of_work import unit_of_work
from app.web.formats import said
from app.web.officer import intake
from app.web.officer.dossier_list import without_numbers
from app.web.rights import current_rights
from forms.listed import APPLICANT, DUE, HOLDER, RECEIVED, UNIT, Column
from forms.openapi import openapi
from forms.question import Question, read
from rules import codec
from rules.errors import FactsError

MOST_A_PAGE, A_PAGE = 200, 50

Given = ParamSpec("Given")


def answers(page: str, permission: str) -> Callable[[Callable[Given, Response]], Callable[Given, Response]]:
    """Answer in JSON whatever happens: who is not logged in, may not, or asked for what cannot be."""

    def guard(act: Callable[Given, Response]) -> Callable[Given, Response]:
        @wraps(act)
        def guarded(*args: Given.args, **named: Given.kwargs) -> Response:
            if not current_user.is_authenticated:
                return _problem(401, "Bạn chưa đăng nhập", "Đăng nhập rồi gọi lại.")
            if not appbuilder.sm.has_access(f"can_{permission}", page):
                return _problem(403, "Bạn không được giao việc này", "")
            try:
                return act(*args, **named)
            except RefusalError as refused:
                return _problem(refused.status, said(refused.sentence), said(refused.todo))

        return guarded

    return guard


def _problem(status: int, sentence: str, todo: str, errors: list[tuple[str, str]] | None = None) -> Response:
    listed = [{"field": field, "sentence": text} for field, text in errors or ()]
    answer = jsonify({"sentence": said(sentence), "todo": said(todo), "errors": listed})
    answer.status_code = status
    return answer


class DossierApi(BaseView):
    """The interface for programs, one for all procedures."""

    route_base = "/api/v1/procedures"

    @expose("/<code>/openapi.json")
    @answers("DossierView", "read")
    def description(self, code: str) -> Response:
        """Describe the interface of a procedure as its version in force has it."""
        procedure = _procedure(code)
        version = db.session().scalars(_version(procedure)).one()
        base = url_for("DossierApi.list", code=code)
        return jsonify(
            openapi(evaluations.definition_of(version), procedure.listing, base=base, number=procedure.version)
        )

    @expose("/<code>/dossiers/")
    @answers("DossierView", "read")
    def list(self, code: str) -> Response:
        """Return one page of dossiers, asked and sorted as the page of the list is."""
        procedure = _procedure(code)
        question, faults = read(procedure.listing, request.args.to_dict(flat=False))
        if faults:
            told = [(fault.name, said(fault.sentence)) for fault in faults]
            return _problem(422, "Câu hỏi không đọc được.", "Sửa các giá trị đã nêu rồi gọi lại.", told)
        size = min(max(request.args.get("limit", A_PAGE, type=int), 1), MOST_A_PAGE)
        after, before = request.args.get("after", type=UUID), request.args.get("before", type=UUID)
        page = dossier_list.page(
            db.session(), procedure, without_numbers(question), after=after, before=before, size=size
        )
        return jsonify({
            "dossiers": [_dossier(page.columns, row) for row in page.rows], "count": page.count,
            "is_capped": page.is_capped, "after": page.after, "before": page.before,
        })  # fmt: skip

    @expose("/<code>/dossiers/<uuid:dossier_id>")
    @answers("DossierView", "read")
    def get(self, code: str, dossier_id: UUID) -> Response:
        """Return one dossier with all its answers."""
        return jsonify(_whole(_procedure(code), dossier_id))

    @expose("/<code>/dossiers/", methods=["POST"])
    @answers("ReceptionView", "receive")
    def receive(self, code: str) -> Response:
        """Receive a dossier; every check of the desk's own form is made."""
        at, body = now(), _body()
        unit = reception.desk_of(db.session(), current_rights(), str(body.get("desk", "")), legal_day(at))
        version = dossiers.version_to_receive(db.session(), code, at)
        form = intake.sent(db.session(), version, unit, _typed(version, body), at=at)
        if not form.validate():
            if form.refusal is not None:
                raise form.refusal
            told = [(line.target, said(line.sentence)) for line in form.errors]
            return _problem(422, "Chưa tiếp nhận được hồ sơ.", "Sửa các câu trả lời đã nêu rồi gọi lại.", told)
        duty = reception.duty_at(current_rights(), unit, db.session().get_one(Procedure, version.procedure_id))
        with unit_of_work() as work:
            made = dossiers.receive(work, form.intake(duty), rights=current_rights(), at=at).uuid
        answer = jsonify(_whole(_procedure(code), made))
        answer.status_code = 201
        answer.headers["Location"] = url_for("DossierApi.get", code=code, dossier_id=made)
        return answer


def _procedure(code: str) -> ListedProcedure:
    return listed_procedure(db.session(), code, legal_day(now()))


def _version(procedure: ListedProcedure) -> Any:
    return (
        db.select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure.id, ProcedureVersion.number == procedure.version)
    )  # fmt: skip


def _whole(procedure: ListedProcedure, dossier_id: UUID) -> dict[str, Any]:
    dossier = dossiers.open_dossier(db.session(), dossier_id, current_rights())
    if dossier.procedure_id != procedure.id:
        raise NotFoundError("Không tìm thấy hồ sơ này ở thủ tục %(code)s.", code=procedure.code)
    every = Question(columns=tuple(procedure.listing.columns))
    page = dossier_list.page(db.session(), procedure, every, among=(dossier.id,))
    return _dossier(page.columns, page.rows[0])


def _dossier(columns: tuple[Column, ...], row: Row) -> dict[str, Any]:
    """Return a dossier in JSON: answers as they are kept, what is hidden as the page shows it, moments in UTC."""
    found: dict[str, Any] = {
        "id": row.uuid,
        "code": row.code,
        "state": row.state,
        "lock_version": row.lock_version,
        "answers": {},
    }
    for column, cell in zip(columns, row.cells, strict=True):
        if column.fact is not None:
            value = cell.shown.vi if cell.kept is None else cell.kept
            found["answers"] |= {column.name: value} if value != "" else {}
        elif column.name in _NAMES:
            at = cell.value if isinstance(cell.value, datetime) else None
            value = cell.shown.vi if at is None else at.astimezone(UTC).isoformat()
            found[_NAMES[column.name]] = value or None
    return found


_NAMES = {APPLICANT: "applicant", RECEIVED: "received_at", DUE: "appointment", HOLDER: "holder", UNIT: "unit"}

_PARTS = {"intake_key", "desk", "channel", "return_channel", "applicant", "answers", "received", "version"}


def _body() -> dict[str, Any]:
    body: Any = request.get_json(silent=True)
    parts = [body.get(name) for name in ("answers", "applicant")] if isinstance(body, dict) else [None]
    if not all(isinstance(part, dict) for part in parts):
        raise UnusableInputError("Nội dung gửi lên không phải một hồ sơ.", todo="Gửi JSON đúng mô tả openapi.json.")
    if unknown := sorted(set(body) - _PARTS):
        raise UnusableInputError("Không có mục %(names)s.", todo="Bỏ mục đó.", names=", ".join(unknown))
    return body


def _typed(version: ProcedureVersion, body: dict[str, Any]) -> MultiDict[str, str]:
    """Return what the desk's form would send for this body, so that the one form checks both."""
    if body.get("version", str(version.uuid)) != str(version.uuid):
        raise StaleError("Thủ tục này vừa có phiên bản mới.", todo="Đọc lại openapi.json rồi gửi lại.")
    definition = evaluations.definition_of(version)
    try:
        facts = codec.facts_from_json(definition, body["answers"])
    except FactsError as unfit:
        raise UnusableInputError("Câu trả lời không đọc được. %(why)s", why=unfit.words) from unfit
    applicant = {name: _day(value) if name == "birth_day" else value for name, value in body["applicant"].items()}
    filing = {name: body.get(name) for name in ("channel", "return_channel")}
    data = intake.filled_in(version, {**applicant, **filing, **facts})
    data["version"], data["intake_key"] = str(version.uuid), str(body.get("intake_key", ""))
    data.setlist("received", [str(each) for each in body.get("received") or ()])
    return data


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnusableInputError("Ngày sinh không đọc được.", todo="Viết 1990-02-01.") from None

"""Pages of a procedure's content: upload a definition, read it in words, publish it, examine it again, end it."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Response as FlaskResponse
from flask import flash, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as untyped_lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug import Response
from werkzeug.datastructures import FileStorage
from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.clock import legal_day, now
from app.extensions import db
from app.services import procedure as procedures
from app.services import versions
from app.services.errors import NotFoundError, RefusalError, StaleError, UnusableInputError
from app.services.finding import sorted_findings
from app.services.office import office_register, office_time
from app.services.procedure import DefinitionRefusedError, Proof, Publication, PublicationRefusedError
from app.services.signing import summary_for_signer
from app.services.since_proof import with_changes
from app.services.versions import History
from app.services.waiver import waive_finding
from app.storage.procedure import Procedure, ProcedureDraft
from app.storage.unit_of_work import unit_of_work
from app.storage.waiver import waivers_in_force, waivers_of_version
from app.web.formats import day
from app.web.rights import current_rights
from rules import codec
from rules.say.definition import readable

# WTForms' stubs want str; a lazy string becomes one in the language of the request.
lazy_gettext: Callable[[str], Any] = untyped_lazy_gettext
Page = str | Response | FlaskResponse | tuple[str, int]

YEARS = range(1946, 2101)
"""Years that a day of a decision may lie in; what lies outside is a slip of the keys."""


def _likely(form: FlaskForm, field: DateField) -> None:
    """Refuse a day whose year cannot be meant."""
    del form  # the field alone says it
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(gettext("Kiểm tra lại năm: ghi đủ bốn chữ số, ví dụ 01/07/2026."))


class LegalDayField(DateField):
    """A day as people write it, dd/mm/yyyy."""

    def __init__(self, label: Any, *, must: bool = False, **kwargs: Any) -> None:
        first = InputRequired(lazy_gettext("Ghi ngày theo dạng ngày/tháng/năm.")) if must else Optional()
        super().__init__(label, [first, _likely], format=["%d/%m/%Y", "%Y-%m-%d"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; say in Vietnamese what is wrong with one that cannot be read."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Không có ngày này: ghi ngày/tháng/năm, ví dụ 01/07/2026.")) from None


class SeenDraft(FlaskForm):
    """Which draft the page showed: its public id and lock version, both empty where there was none."""

    seen_draft = HiddenField()
    seen_version = HiddenField()

    def seen(self) -> tuple[UUID | None, int | None]:
        """Return what the page showed; a value that no page of ours writes is refused."""
        try:
            draft, version = self.seen_draft.data, self.seen_version.data
            return (UUID(draft) if draft else None), (int(version) if version else None)
        except ValueError:
            raise UnusableInputError("Trang gửi lên không đầy đủ.", todo="Tải lại trang rồi làm lại.") from None

    def see(self, draft: ProcedureDraft | None) -> None:
        """Let the page go on from the draft as it is now."""
        shown = _seen(draft)
        self.seen_draft.data, self.seen_version.data = shown.get("seen_draft", ""), shown.get("seen_version", "")


class UploadForm(SeenDraft):
    """A definition as a file or as pasted text."""

    definition = FileField(lazy_gettext("Tệp định nghĩa"))
    text = TextAreaField(lazy_gettext("Hoặc dán nội dung định nghĩa"))


class PublicationForm(SeenDraft):
    """The dates and the decision of a publication."""

    since = LegalDayField(lazy_gettext("Áp dụng từ ngày"), must=True)
    decision = StringField(lazy_gettext("Số quyết định công bố"), [Optional(), Length(max=200)])
    decision_signed_on = LegalDayField(lazy_gettext("Ngày ký quyết định"))
    decision_received_on = LegalDayField(lazy_gettext("Ngày tỉnh nhận quyết định"))
    published_locally_on = LegalDayField(lazy_gettext("Ngày niêm yết tại nơi tiếp nhận"))
    on_portal_on = LegalDayField(lazy_gettext("Ngày đăng trên Cổng Dịch vụ công"))

    def publication(self) -> Publication:
        """Return what was typed."""
        return Publication(
            since=self.since.data or date.max,
            decision=(self.decision.data or "").strip(),
            decision_signed_on=self.decision_signed_on.data,
            decision_received_on=self.decision_received_on.data,
            published_locally_on=self.published_locally_on.data,
            on_portal_on=self.on_portal_on.data,
        )


class DayForm(FlaskForm):
    """The first day that an address asks about: it only reads."""

    since = LegalDayField(lazy_gettext("Áp dụng từ ngày"), must=True)


class EndForm(FlaskForm):
    """From which day a version applies no longer, and why."""

    until = LegalDayField(lazy_gettext("Hết áp dụng từ ngày"), must=True)
    reason = TextAreaField(
        lazy_gettext("Lý do và văn bản bãi bỏ"),
        [DataRequired(lazy_gettext("Ghi văn bản hoặc lý do bãi bỏ phiên bản.")), Length(max=2000)],
    )


class ProcedureDraftView(BaseView):
    """The content of a procedure: its draft and its published versions."""

    menu_page = "ProcedureView"
    route_base = "/procedures"
    default_view = "draft"

    @expose("/<uuid:procedure_id>/upload", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def upload(self, procedure_id: UUID) -> Page:
        """Show the upload form; keep a usable definition as the draft, or say on this page what is wrong with it."""
        procedure = procedures.procedure_with(db.session(), procedure_id)
        form = UploadForm(**_seen(procedures.draft_of(db.session(), procedure)))
        if not form.is_submitted():
            return self._upload_page(procedure, form)
        typed = (form.text.data or "").replace("\r\n", "\n")
        # The refusal is shown here and not by app.web.errors, because the pasted text must stay on the page.
        try:
            text, file_name = _definition_of(form.definition.data, typed)
            typed = text
            self._save(procedure_id, text, file_name, form)
        except StaleError as refused:  # told what the other one changed, the person may send it again, now knowingly
            draft = procedures.draft_of(db.session(), procedure)
            form.see(draft)
            told = procedures.difference(draft, typed) if draft else ""
            return self._upload_page(procedure, form, refused=refused, typed=typed, told=told), refused.status
        except RefusalError as refused:
            return self._upload_page(procedure, form, refused=refused, typed=typed), refused.status
        flash(gettext("Đã lưu dự thảo. Xem kết quả kiểm tra bên dưới."), "success")
        return redirect(url_for("ProcedureDraftView.draft", procedure_id=procedure_id))

    def _save(self, procedure_id: UUID, text: str, file_name: str, form: UploadForm) -> None:
        seen_draft, seen_version = form.seen()
        with unit_of_work() as work:
            procedures.save_draft(
                work, procedure_id, text=text, file_name=file_name, rights=current_rights(),
                seen_version=seen_version, seen_draft=seen_draft, at=now(),
            )  # fmt: skip

    def _upload_page(
        self,
        procedure: Procedure,
        form: UploadForm,
        *,
        refused: RefusalError | None = None,
        typed: str = "",
        told: str = "",
    ) -> str:
        findings = refused.findings if isinstance(refused, DefinitionRefusedError) else ()
        return self.render_template(
            "procedure/upload.html", procedure=procedure, form=form, refused=refused, has_errors=refused is not None,
            told=told,
            findings=[(finding, procedures.quoted(typed, finding.line)) for finding in findings],
        )  # fmt: skip

    @expose("/<uuid:procedure_id>/draft")
    @has_access
    @permission_name("read")
    def draft(self, procedure_id: UUID) -> Page:
        """Show the draft in words ("Thử"), with what the checks and its golden cases say of it now."""
        return self._draft_page(procedure_id)

    def _draft_page(
        self, procedure_id: UUID, *, refused: UnusableInputError | None = None, refused_at: str = "", reason: str = ""
    ) -> str:
        procedure, draft = _draft(procedure_id)
        standing = waivers_in_force(db.session(), procedure.id)
        proof = with_changes(db.session(), draft, _proof(draft))
        return self.render_template(
            "procedure/draft.html", procedure=procedure, draft=draft, proof=proof, reading=readable(proof.definition),
            found=sorted_findings(proof, draft.source_text, standing), refused=refused, refused_at=refused_at,
            reason=reason, has_errors=refused is not None,
            results=proof.cases, history=_history(procedure), law=codec.law_hash(proof.definition),
            whole=codec.whole_hash(proof.definition), obstacles=_obstacles(procedure, proof),
        )  # fmt: skip

    @expose("/<uuid:procedure_id>/draft/waive", methods=["POST"])
    @has_access
    @permission_name("edit")
    def waive(self, procedure_id: UUID) -> Page:
        """Let a finding be, with its reason; a reason that says too little is asked for again beside the finding."""
        seen_draft, seen_version = seen_by_act()
        key, reason = request.form.get("finding", ""), request.form.get("reason", "")
        try:
            with unit_of_work() as work:
                waive_finding(
                    work, procedure_id, key, reason=reason, rights=current_rights(), seen_version=seen_version,
                    seen_draft=seen_draft, at=now(),
                )  # fmt: skip
        except UnusableInputError as refused:
            return self._draft_page(procedure_id, refused=refused, refused_at=key, reason=reason), refused.status
        flash(gettext("Đã chấp nhận có lý do. Điểm này được lưu để thanh tra xem."), "success")
        return redirect(url_for("ProcedureDraftView.draft", procedure_id=procedure_id))

    @expose("/<uuid:procedure_id>/draft/summary")
    @has_access
    @permission_name("read")
    def summary(self, procedure_id: UUID) -> Page:
        """Show the one page that the signer reads, for a first day of choice."""
        procedure, draft = _draft(procedure_id)
        today = legal_day(now())
        form = DayForm(request.args if "since" in request.args else None, since=today, meta={"csrf": False})
        since = day_asked() or today
        told = summary_for_signer(db.session(), procedure, draft, since=since, today=today)
        wrong = "since" in request.args and not form.validate()
        return self.render_template(
            "procedure/summary.html", procedure=procedure, draft=draft, form=form, told=told, has_errors=wrong
        )

    @expose("/<uuid:procedure_id>/draft/source")
    @has_access
    @permission_name("read")
    def draft_source(self, procedure_id: UUID) -> FlaskResponse:
        """Hand out the draft's text as it was uploaded."""
        procedure, draft = _draft(procedure_id)
        return _download(draft.source_text, f"{procedure.code}-du-thao.yaml", "application/yaml")

    @expose("/<uuid:procedure_id>/draft/canonical")
    @has_access
    @permission_name("read")
    def draft_canonical(self, procedure_id: UUID) -> FlaskResponse:
        """Hand out the canonical JSON that publication would freeze."""
        procedure, draft = _draft(procedure_id)
        text = codec.canonical_json(procedures.read_definition(draft.source_text)[0])
        return _download(text, f"{procedure.code}-du-thao.json", "application/json")

    @expose("/<uuid:procedure_id>/draft/drop", methods=["POST"])
    @has_access
    @permission_name("edit")
    def drop(self, procedure_id: UUID) -> Response:
        """Throw the draft away."""
        seen_draft, seen_version = seen_by_act()
        with unit_of_work() as work:
            procedures.drop_draft(
                work, procedure_id, rights=current_rights(), seen_version=seen_version, seen_draft=seen_draft, at=now()
            )
        flash(gettext("Đã bỏ dự thảo."), "success")
        return redirect(url_for("ProcedureView.show", procedure_id=procedure_id))

    @expose("/<uuid:procedure_id>/publish", methods=["GET", "POST"])
    @has_access
    @permission_name("publish")
    def publish(self, procedure_id: UUID) -> Page:
        """Show what would be signed; publish it, or name every obstacle."""
        procedure = procedures.procedure_with(db.session(), procedure_id)
        draft = procedures.draft_of(db.session(), procedure)
        form = PublicationForm(since=day_asked() or legal_day(now()), **_seen(draft))
        if not form.is_submitted():
            return self._publish_page(procedure, form)
        if not form.validate():
            return self._publish_page(procedure, form), 422
        # As with the upload: the obstacles are named beside the dates that were typed.
        try:
            number = self._published(procedure_id, form)
        except PublicationRefusedError as refused:
            return self._publish_page(procedure, form, obstacles=refused.obstacles), refused.status
        except StaleError as refused:
            current = procedures.draft_of(db.session(), procedure)
            if current is None:  # published or dropped by somebody else: there is nothing left to publish
                raise
            form.see(current)
            return self._publish_page(procedure, form, refused=refused), refused.status
        since = day(form.since.data)
        flash(gettext("Đã công bố phiên bản %(number)s, áp dụng từ %(since)s.", number=number, since=since), "success")
        return redirect(url_for("ProcedureDraftView.version", procedure_id=procedure_id, number=number))

    def _published(self, procedure_id: UUID, form: PublicationForm) -> int:
        seen_draft, seen_version = form.seen()
        with unit_of_work() as work:
            return procedures.publish(
                work, procedure_id, form.publication(), rights=current_rights(), seen_version=seen_version or 0,
                seen_draft=seen_draft, at=now(),
            ).number  # fmt: skip

    def _publish_page(
        self,
        procedure: Procedure,
        form: PublicationForm,
        *,
        refused: StaleError | None = None,
        obstacles: Sequence[str] = (),
    ) -> str:
        _, draft = _draft(procedure.uuid)
        proof = _proof(draft)
        return self.render_template(
            "procedure/publish.html", procedure=procedure, draft=draft, proof=proof, form=form, refused=refused,
            obstacles=obstacles or _obstacles(procedure, proof),
            has_errors=refused is not None or bool(form.errors),
            reading=readable(proof.definition), history=_history(procedure),
            law=codec.law_hash(proof.definition), whole=codec.whole_hash(proof.definition),
        )  # fmt: skip

    @expose("/<uuid:procedure_id>/versions/<int:number>")
    @has_access
    @permission_name("read")
    def version(self, procedure_id: UUID, number: int) -> Page:
        """Show a published version in words, with its dates and hashes."""
        return self._version_page(procedure_id, number)

    @expose("/<uuid:procedure_id>/versions/<int:number>/recheck", methods=["POST"])
    @has_access
    @permission_name("read")
    def recheck(self, procedure_id: UUID, number: int) -> Page:
        """Examine a published version again (kiểm tra lại) and show what was found."""
        return self._version_page(procedure_id, number, examine=True)

    def _version_page(self, procedure_id: UUID, number: int, *, examine: bool = False) -> str:
        procedure, line = _version(procedure_id, number)
        found = versions.recheck(db.session(), line.version) if examine else None
        return self.render_template(
            "procedure/version.html", procedure=procedure, line=line, found=found,
            waivers=waivers_of_version(db.session(), line.version.id),
            reading=readable(codec.definition_from_json(line.version.definition)),
            results=found.cases if found else (),
        )  # fmt: skip

    @expose("/<uuid:procedure_id>/versions/<int:number>/source")
    @has_access
    @permission_name("read")
    def version_source(self, procedure_id: UUID, number: int) -> FlaskResponse:
        """Hand out the text that a version was published from."""
        procedure, line = _version(procedure_id, number)
        return _download(line.version.source_text, f"{procedure.code}-phien-ban-{number}.yaml", "application/yaml")

    @expose("/<uuid:procedure_id>/versions/<int:number>/canonical")
    @has_access
    @permission_name("read")
    def version_canonical(self, procedure_id: UUID, number: int) -> FlaskResponse:
        """Hand out the frozen JSON: the very bytes under the hash."""
        procedure, line = _version(procedure_id, number)
        return _download(line.version.definition, f"{procedure.code}-phien-ban-{number}.json", "application/json")

    @expose("/<uuid:procedure_id>/versions/<int:number>/end", methods=["GET", "POST"])
    @has_access
    @permission_name("publish")
    def end(self, procedure_id: UUID, number: int) -> Page:
        """Ask from which day and why a version ends; show it once more; record it when it is confirmed."""
        procedure, line = _version(procedure_id, number)
        form = EndForm(until=legal_day(now()))
        page = {"procedure": procedure, "line": line, "form": form}
        if not form.is_submitted():
            return self.render_template("procedure/end.html", **page)
        if not form.validate():
            return self.render_template("procedure/end.html", **page), 422
        until, reason = form.until.data or date.max, form.reason.data or ""
        if "confirmed" not in request.form:
            procedures.check_end(db.session(), line.version, until=until, reason=reason)
            return self.render_template("procedure/end_confirm.html", **page)
        with unit_of_work() as work:
            procedures.end_version(
                work, line.version.uuid, until=until, reason=reason, rights=current_rights(), at=now()
            )  # fmt: skip
        flash(gettext("Đã ghi ngày hết áp dụng của phiên bản %(number)s.", number=number), "success")
        return redirect(url_for("ProcedureDraftView.version", procedure_id=procedure_id, number=number))


def _seen(draft: ProcedureDraft | None) -> dict[str, str]:
    return {"seen_draft": str(draft.uuid), "seen_version": str(draft.lock_version)} if draft else {}


def day_asked() -> date | None:
    """Return the first day that the address names, None where it names none that can be meant."""
    form = DayForm(request.args, meta={"csrf": False})
    return form.since.data if form.validate() else None


def seen_by_act() -> tuple[UUID, int]:
    """Return which draft the page showed that this act was sent from."""
    seen_draft, seen_version = SeenDraft().seen()
    if seen_draft is None or seen_version is None:
        raise UnusableInputError("Trang gửi lên không đầy đủ.", todo="Tải lại trang rồi làm lại.")
    return seen_draft, seen_version


def _draft(procedure_id: UUID) -> tuple[Procedure, ProcedureDraft]:
    procedure = procedures.procedure_with(db.session(), procedure_id)
    draft = procedures.draft_of(db.session(), procedure)
    if draft is None:
        raise NotFoundError(
            "Thủ tục này không có dự thảo.", todo="Mở lại trang thủ tục; tải tệp định nghĩa lên nếu cần."
        )
    return procedure, draft


def _obstacles(procedure: Procedure, proof: Proof) -> tuple[str, ...]:
    """Return why this draft may not be published from today, in sentences."""
    return proof.obstacles or procedures.nothing_new(db.session(), procedure, proof.definition, legal_day(now()))


def _proof(draft: ProcedureDraft) -> Proof:
    standing = waivers_in_force(db.session(), draft.procedure_id)
    return procedures.prove(draft.source_text, office_time(office_register(db.session())), waived=standing)


def _history(procedure: Procedure) -> History:
    return versions.history(db.session(), procedure, legal_day(now()))


def _version(procedure_id: UUID, number: int) -> tuple[Procedure, versions.VersionLine]:
    procedure = procedures.procedure_with(db.session(), procedure_id)
    return procedure, versions.line_of(db.session(), procedure, number, legal_day(now()))


def _definition_of(upload: FileStorage | None, typed: str) -> tuple[str, str]:
    """Return the definition's text and the name it is kept under, from the file or the pasted text, never both."""
    has_file = upload is not None and bool(upload.filename)
    if has_file == bool(typed.strip()):
        raise UnusableInputError(
            "Có cả tệp và nội dung dán." if has_file else "Chưa có tệp và cũng chưa có nội dung dán.",
            todo="Chọn một tệp, hoặc dán nội dung; chỉ dùng một trong hai.",
        )
    if upload is None or not has_file:
        return typed, gettext("nội dung dán")
    return procedures.text_of(upload.stream.read()), (upload.filename or "")[:200]


def _download(text: str, name: str, kind: str) -> FlaskResponse:
    return send_file(BytesIO(text.encode()), mimetype=kind, as_attachment=True, download_name=name)

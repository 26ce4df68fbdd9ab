"""The worklist and the page of one dossier, with its acts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import wtforms
from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from werkzeug import Response as AnyResponse
from werkzeug.datastructures import MultiDict

from app.clock import legal_day, now
from app.extensions import db
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import receipt
from app.services.dossier import Ruling
from app.services.errors import MoveNotAllowedError, RefusalError, StaleError, UnusableInputError
from app.services.hand_request import waiting_count
from app.services.handing_over import hand_over
from app.services.keeping import keeping_of
from app.services.overview import overview
from app.services.party import holds_identity_number
from app.services.worklist import SHELF_LABELS, Shelf, first_shelf, worklist
from app.storage.unit_of_work import unit_of_work
from app.web.rights import current_rights
from app.web.titles import read_titles
from forms.build import form_class
from forms.facts import read_fields
from forms.layout import error_summary
from rules.definition.procedure import CodeItem, CodeList, DayBound, Field, FieldKind
from rules.lifecycle import OUTCOME_LABELS, Outcome
from rules.values import Text

_OUTCOMES = CodeList("outcomes", tuple(CodeItem(code.value, Text(label)) for code, label in OUTCOME_LABELS.items()))
RULING = (
    Field("outcome", FieldKind.CHOICE, Text("Kết quả", "Outcome"), required=True, list="outcomes"),
    Field("summary", FieldKind.LONG_TEXT, Text("Nội dung kết quả", "Summary"), required=True),
    Field("number", FieldKind.TEXT, Text("Số văn bản kết quả", "Number")),
    Field("signed_on", FieldKind.DAY, Text("Ngày ký", "Signed on"), not_after=DayBound.TODAY),
    Field("signer", FieldKind.TEXT, Text("Người ký", "Signer")),
)
RulingForm = form_class("RulingForm", RULING, (_OUTCOMES,), wtforms.Form)
PREFIX = "ruling"


class DossierView(BaseView):
    """Dossiers (hồ sơ): the worklist, one dossier, and what is done to it."""

    route_base = "/dossiers"
    default_view = "worklist"

    @expose("/")
    @has_access
    @permission_name("read")
    def worklist(self) -> str:
        """Show one pile of the worklist; `open` names the dossier that lies open beside it."""
        shelf = _shelf(request.args) or first_shelf(current_rights())
        asked, beside = request.args.get("q", ""), request.args.get("open", type=UUID)
        text = "" if holds_identity_number(asked) else asked  # or every link of the page would repeat it
        return self._list(
            shelf, text, after=request.args.get("after", type=UUID),
            beside=self._overview(beside) if beside else None,
        )  # fmt: skip

    @expose("/find", methods=("GET", "POST"))
    @has_access
    @permission_name("read")
    def find(self) -> str | AnyResponse:
        """Find dossiers; an identity number is looked up at once, since no address may hold one."""
        # Opened again (a step back, another language), the address alone has nothing to look up.
        shelf, text = _shelf(request.form) or Shelf.ALL, request.form.get("q", "").strip()
        if not holds_identity_number(text):
            return redirect(url_for(".worklist", shelf=shelf.value, q=text or None))
        return self._list(shelf, text, is_number=True)

    def _list(
        self, shelf: Shelf, text: str, *, after: UUID | None = None, beside: Any = None, is_number: bool = False
    ) -> str:
        rights = current_rights()
        page = worklist(db.session(), rights, shelf=shelf, text=text, after=after, at=now())
        read_titles(line.procedure_code for line in page.lines)
        return self.render_template(
            "officer/worklist.html", worklist=page, labels=SHELF_LABELS, text=text, is_number=is_number,
            several_units=len(rights.scope) > 1, to_set=waiting_count(db.session(), rights), beside=beside,
        )  # fmt: skip

    @expose("/<uuid:dossier_id>/beside")
    @has_access
    @permission_name("read")
    def beside(self, dossier_id: UUID) -> str:
        """Show a dossier in short, for the panel beside the list."""
        return self.render_template("officer/beside.html", view=self._overview(dossier_id))

    @expose("/<uuid:dossier_id>")
    @has_access
    @permission_name("read")
    def show(self, dossier_id: UUID) -> Response:
        """Show a dossier: what is asked of me now, the answers and papers, the clock and the money."""
        return self._page(dossier_id, _ruling_form(now()))

    @expose("/<uuid:dossier_id>/take-over", methods=["POST"])
    @has_access
    @permission_name("act")
    def take_over(self, dossier_id: UUID) -> AnyResponse:
        """Become the officer who holds the dossier."""
        opened = dossiers.open_dossier(db.session(), dossier_id, current_rights())
        is_kept = keeping_of(db.session(), opened) is not None
        done = gettext("Bạn đã nhận theo dõi hồ sơ này.") if is_kept else gettext("Bạn đã nhận giải quyết hồ sơ này.")
        return self._press(dossiers.take_over, dossier_id, done)

    @expose("/<uuid:dossier_id>/decide", methods=["POST"])
    @has_access
    @permission_name("act")
    def decide(self, dossier_id: UUID) -> AnyResponse:
        """Record the result; what was typed is shown again where it could not be recorded."""
        at = now()
        form = _ruling_form(at, request.form)
        if not form.validate():
            return self._page(dossier_id, form, status=422)
        said = read_fields(RULING, form, {})
        ruling = Ruling(**{**said, "outcome": Outcome(said["outcome"])})
        try:
            with unit_of_work() as work:
                dossiers.decide(work, dossier_id, ruling, rights=current_rights(), seen_version=_seen(), at=at)
        except (
            StaleError,
            MoveNotAllowedError,
            UnusableInputError,
        ) as refused:  # a typed result must not be lost to an error page
            return self._page(dossier_id, form, status=refused.status, refusal=refused)
        flash(gettext("Đã ghi kết quả. Hồ sơ chờ trả cho người nộp."), "success")
        return redirect(url_for(".show", dossier_id=dossier_id))

    @expose("/<uuid:dossier_id>/return", methods=["POST"])
    @has_access
    @permission_name("act")
    def return_result(self, dossier_id: UUID) -> AnyResponse:
        """Hand the result to the applicant."""
        act = partial(hand_over, is_collected="collected" in request.form)
        try:
            return self._press(act, dossier_id, gettext("Đã trả kết quả cho người nộp."))
        except UnusableInputError as refused:
            return self._page(dossier_id, _ruling_form(now()), status=refused.status, uncollected=refused)

    @expose("/<uuid:dossier_id>/identity", methods=["POST"])
    @has_access
    @permission_name("read")
    def identity(self, dossier_id: UUID) -> AnyResponse:
        """Show the identity number and the masked answers once, after who reads them and why was written down."""
        at, purpose = now(), request.form.get("purpose", "")
        try:
            with unit_of_work() as work:
                number = dossiers.open_identity(work, dossier_id, purpose=purpose, rights=current_rights(), at=at)
        except UnusableInputError as refused:
            return self._page(dossier_id, _ruling_form(at), status=refused.status, purposeless=refused)
        return self._page(dossier_id, _ruling_form(at), identity_number=number)

    @expose("/<uuid:dossier_id>/receipt.pdf")
    @has_access
    @permission_name("read")
    def receipt(self, dossier_id: UUID) -> Response:
        """Print the receipt; the first print issues it, every later one is the same paper."""
        with unit_of_work() as work:
            dossier = dossiers.open_dossier(work.session, dossier_id, current_rights())
            evaluations.hold(work.session, dossier)
            issued = receipt.issue(work, dossier, rights=current_rights(), at=now())
        answer = Response(receipt.pdf(issued), mimetype="application/pdf")
        answer.headers["Content-Disposition"] = f'inline; filename="{dossier.code}.pdf"'
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _press(self, act: Callable[..., object], dossier_id: UUID, done: str) -> AnyResponse:
        """Do an act of one button; where the dossier has moved on, show it as it stands and say so."""
        try:
            with unit_of_work() as work:
                act(work, dossier_id, rights=current_rights(), seen_version=_seen(), at=now())
        except (StaleError, MoveNotAllowedError) as refused:
            return self._page(dossier_id, _ruling_form(now()), status=refused.status, refusal=refused)
        flash(done, "success")
        return redirect(url_for(".show", dossier_id=dossier_id))

    def _overview(self, dossier_id: UUID, *, opened: bool = False) -> Any:
        rights = current_rights()
        dossier = dossiers.open_dossier(db.session(), dossier_id, rights)
        return overview(db.session(), dossier, rights, at=now(), opened=opened)

    def _page(
        self,
        dossier_id: UUID,
        ruling: Any,
        *,
        status: int = 200,
        refusal: RefusalError | None = None,
        identity_number: str = "",
        purposeless: RefusalError | None = None,
        uncollected: RefusalError | None = None,
    ) -> Response:
        """Show the dossier. A form that must be mended keeps the version it was opened with.

        Otherwise its next sending would pass over what somebody else did in between, unseen.
        """
        page = self.render_template(
            "officer/dossier.html", view=self._overview(dossier_id, opened=bool(identity_number)), ruling=ruling,
            refusal=refusal, wrong=error_summary(ruling), identity_number=identity_number,
            has_errors=status != 200, purposeless=purposeless, uncollected=uncollected,
            opened_with=_seen() if status == UnusableInputError.status and purposeless is None else None,
        )  # fmt: skip
        return Response(page, status)


def _ruling_form(at: datetime, data: MultiDict[str, str] | None = None) -> Any:
    form = RulingForm(data, prefix=PREFIX)
    form.offer_on(legal_day(at))
    return form


def _shelf(said: Mapping[str, str]) -> Shelf | None:
    asked = said.get("shelf", "")
    return Shelf(asked) if asked in Shelf.__members__.values() else None


def _seen() -> int:
    """Return the version of the dossier that the page showed; a page without one is as good as an old one."""
    return request.form.get("lock_version", default=-1, type=int)

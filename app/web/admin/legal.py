"""Legal documents (văn bản): what rules and parameters cite, found without accents."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy import func, select

from app.clock import legal_day, now
from app.extensions import db
from app.services.errors import NotFoundError
from app.storage.folding import folded
from app.storage.office import LegalDocument
from app.web.formats import document_named
from app.web.registers import Answer

PAGE_SIZE = 50


class LegalDocumentView(BaseView):
    """The register of legal documents as it is known now; earlier states of a line stay on record."""

    route_base = "/legal-documents"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> Answer:
        """Show the documents, the newest first, narrowed by words and kind."""
        search, kind = request.args.get("q", ""), request.args.get("kind", "")
        page = max(request.args.get("page", 0, type=int), 0)
        session = db.session()
        current = select(LegalDocument).where(LegalDocument.superseded_at.is_(None))
        wanted = current.where(LegalDocument.folded.contains(folded(search), autoescape=True))
        if kind:
            wanted = wanted.where(LegalDocument.kind == kind)
        kinds = session.scalars(select(current.subquery().c.kind).distinct()).all()
        count = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        newest = wanted.order_by(LegalDocument.since.desc().nulls_last(), LegalDocument.number)
        return self.render_template(
            "admin/legal_documents.html", search=search, kind=kind, page=page,
            kind_choices=[("", gettext("Tất cả")), *_choices(kinds)],
            page_size=PAGE_SIZE, count=count, today=legal_day(now()),
            documents=session.scalars(newest.limit(PAGE_SIZE).offset(page * PAGE_SIZE)).all(),
            url_of_page=_url_of_page,
        )  # fmt: skip

    @expose("/<uuid:document_id>")
    @has_access
    @permission_name("read")
    def show(self, document_id: UUID) -> Answer:
        """Show one document, and what was recorded about its number before."""
        session = db.session()
        document = session.scalars(select(LegalDocument).where(LegalDocument.uuid == document_id)).one_or_none()
        if document is None:
            raise NotFoundError("Không có văn bản này.", todo="Tìm lại trong danh sách văn bản.")
        lines = session.scalars(
            select(LegalDocument)
            .where(LegalDocument.number == document.number)
            .order_by(LegalDocument.recorded_at.desc())
        ).all()
        successor = session.scalars(
            select(LegalDocument).where(
                LegalDocument.number == document.replaced_by, LegalDocument.superseded_at.is_(None)
            )
        ).first()  # fmt: skip
        return self.render_template(
            "admin/legal_document.html", document=document, lines=lines, successor=successor, today=legal_day(now())
        )


def _choices(kinds: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the kinds of documents as they are kept and as the reader calls them."""
    for kind in sorted(kinds, key=folded):
        yield kind, document_named(kind).striptags()


def _url_of_page(number: int) -> str:
    query: dict[str, Any] = request.args.to_dict() | {"page": number}
    return url_for("LegalDocumentView.list", **query)

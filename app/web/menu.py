"""Every page of the application in one list: what it is called, where it stands in the menu."""

from typing import Any

from flask import current_app

from app.web import dress
from app.web.account import AccountView
from app.web.admin.accounts import RoleView, UserView
from app.web.admin.assignments import AssignmentView
from app.web.admin.calendar import CalendarView
from app.web.admin.catalog import CatalogView
from app.web.admin.comparison import ComparisonView
from app.web.admin.draft_proof import DraftProofView
from app.web.admin.draft_trial import DraftTrialView
from app.web.admin.fields_of_work import FieldOfWorkView
from app.web.admin.jobs import JobView
from app.web.admin.legal import LegalDocumentView
from app.web.admin.procedure import ProcedureView
from app.web.admin.procedure_versions import ProcedureDraftView
from app.web.admin.units import UnitView
from app.web.admin.waivers import WaiverView
from app.web.api.dossiers import DossierApi
from app.web.home import HomeView
from app.web.login import LoginView
from app.web.officer.correction import CorrectionView
from app.web.officer.dossier import DossierView
from app.web.officer.dossier_list import DossierListView
from app.web.officer.hand_ruling import HandRulingView
from app.web.officer.inspection import EvaluationView
from app.web.officer.reception import ReceptionView
from app.web.officer.refusal import RefusalView
from app.web.texts import lazy_gettext

__all__ = ["HomeView", "register"]


def register(appbuilder: Any) -> None:
    """Register all pages. Menu items carry the name of their page's class: one name in menu, roles and tests."""
    dress.install(current_app)
    manager = appbuilder.sm
    manager.auth_view = appbuilder.add_view_no_menu(LoginView)
    manager.limiter.limit(manager.auth_rate_limit, methods=["POST"])(manager.auth_view.blueprint)
    _add_desk(appbuilder)
    appbuilder.add_view(ProcedureView, "ProcedureView", label=lazy_gettext("Thủ tục hành chính"), category="procedures")
    appbuilder.add_view_no_menu(ProcedureDraftView)
    appbuilder.add_view_no_menu(DraftTrialView)
    appbuilder.add_view_no_menu(DraftProofView)
    appbuilder.add_view_no_menu(ComparisonView)
    appbuilder.add_view(CatalogView, "CatalogView", label=lazy_gettext("Nhập danh mục"), category="procedures")
    appbuilder.add_view(WaiverView, "WaiverView", label=lazy_gettext("Điểm đã chấp nhận"), category="procedures")
    _add_registers(appbuilder)
    _add_system(appbuilder)


def _add_desk(appbuilder: Any) -> None:
    appbuilder.add_view(DossierView, "DossierView", label=lazy_gettext("Hồ sơ"), category="work")
    appbuilder.add_view(ReceptionView, "ReceptionView", label=lazy_gettext("Tiếp nhận hồ sơ"), category="work")
    appbuilder.add_view(HandRulingView, "HandRulingView", label=lazy_gettext("Chờ ấn định"), category="work")
    appbuilder.add_view(RefusalView, "RefusalView", label=lazy_gettext("Từ chối tiếp nhận"), category="work")
    appbuilder.add_view_no_menu(EvaluationView)
    appbuilder.add_view_no_menu(DossierListView)
    appbuilder.add_view_no_menu(CorrectionView)
    appbuilder.add_view_no_menu(DossierApi)


def _add_registers(appbuilder: Any) -> None:
    appbuilder.add_view(UnitView, "UnitView", label=lazy_gettext("Đơn vị"), category="registers")
    appbuilder.add_view(CalendarView, "CalendarView", label=lazy_gettext("Lịch làm việc"), category="registers")
    appbuilder.add_view(LegalDocumentView, "LegalDocumentView", label=lazy_gettext("Văn bản"), category="registers")
    appbuilder.add_view(FieldOfWorkView, "FieldOfWorkView", label=lazy_gettext("Các lĩnh vực"), category="registers")


def _add_system(appbuilder: Any) -> None:
    appbuilder.add_view_no_menu(AccountView)
    appbuilder.add_view(UserView, "UserView", label=lazy_gettext("Người dùng"), category="system")
    appbuilder.add_view(AssignmentView, "AssignmentView", label=lazy_gettext("Phân công"), category="system")
    appbuilder.add_view(RoleView, "RoleView", label=lazy_gettext("Vai trò"), category="system")
    appbuilder.add_view(JobView, "JobView", label=lazy_gettext("Việc chạy nền"), category="system")

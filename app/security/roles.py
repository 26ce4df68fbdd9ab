"""FAB's roles as one table in code: a role opens menus and pages, nothing more; assignments open dossiers.

The table is read by `app.security.manager` for every request and by the rights matrix of the tests, so a page that
nobody may open, or that somebody may open by accident, shows at once.
"""

from dataclasses import dataclass

READ = ("can_list", "can_show")
WRITE = ("can_add", "can_edit")


@dataclass(frozen=True, slots=True)
class Role:
    """A role (vai trò): a key for data files, the Vietnamese name that FAB stores, and what it opens."""

    key: str
    name: str
    what: str
    opens: frozenset[tuple[str, str]]
    home: str


def _opens(*pages: tuple[str, tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    """Spread `(page, permissions)` into the pairs FAB asks about; the menu item of a page has the page's name."""
    pairs = {(page, permission) for page, permissions in pages for permission in permissions}
    return frozenset(pairs | {(page, "menu_access") for page, _ in pages})


EVERYONE = _opens(
    ("AccountView", ("can_read", "can_edit")),
    ("HomeView", ("can_read",)),
)
_CATALOG_READ = (
    ("CatalogView", ("can_read",)), ("ProcedureView", ("can_read",)), ("ProcedureDraftView", ("can_read",)),
    ("DraftProofView", ("can_read",)), ("ComparisonView", ("can_read",)), ("WaiverView", ("can_read",)),
)  # fmt: skip
_REGISTERS_READ = (
    ("UnitView", ("can_read",)),
    ("CalendarView", ("can_read",)),
    ("LegalDocumentView", ("can_read",)),
    ("FieldOfWorkView", READ),
)

ROLES: tuple[Role, ...] = (
    Role(
        "system_administrator", "Quản trị hệ thống", "Quản lý người dùng, phân công, đơn vị và lịch làm việc.",
        EVERYONE | _opens(
            ("UserView", (*READ, *WRITE, "can_resetpassword")), ("RoleView", ("can_read",)),
            ("AssignmentView", ("can_read", "can_edit")), *_REGISTERS_READ, ("CalendarView", ("can_edit",)),
            ("JobView", ("can_read",)),
        ),
        "UserView.list",
    ),
    Role(
        "catalogue_administrator", "Quản trị danh mục", "Nhập danh mục thủ tục, xây dựng và công bố thủ tục.",
        EVERYONE | _opens(
            ("CatalogView", ("can_read", "can_edit")), ("ProcedureView", ("can_read",)),
            ("ProcedureDraftView", ("can_read", "can_edit", "can_publish")), ("DraftTrialView", ("can_try",)),
            ("DraftProofView", ("can_read", "can_edit", "can_run")), ("ComparisonView", ("can_read",)),
            ("WaiverView", ("can_read", "can_edit")),
            ("FieldOfWorkView", (*READ, *WRITE)), ("UnitView", ("can_read",)),
            ("CalendarView", ("can_read", "can_edit")),
            ("LegalDocumentView", ("can_read",)), ("JobView", ("can_read",)),
        ),
        "ProcedureView.list",
    ),
    Role(
        "approver", "Phê duyệt công bố", "Xem xét dự thảo và công bố thủ tục.",
        EVERYONE | _opens(
            ("CatalogView", ("can_read",)), ("ProcedureView", ("can_read",)),
            ("ProcedureDraftView", ("can_read", "can_publish")), ("DraftTrialView", ("can_try",)),
            ("DraftProofView", ("can_read", "can_run")), ("ComparisonView", ("can_read",)),
            ("WaiverView", ("can_read",)), *_REGISTERS_READ,
        ),
        "ProcedureView.list",
    ),
    Role(
        "reception", "Tiếp nhận hồ sơ", "Tiếp nhận hồ sơ và trả kết quả tại bộ phận một cửa.",
        EVERYONE | _opens(
            ("ReceptionView", ("can_read", "can_receive")), ("DossierView", ("can_read", "can_act")),
            ("HandRulingView", ("can_read", "can_ask")), ("RefusalView", ("can_read",)),
        ),
        "DossierView.worklist",
    ),
    Role(
        "processing", "Giải quyết hồ sơ", "Thụ lý và ghi kết quả giải quyết hồ sơ.",
        EVERYONE | _opens(("DossierView", ("can_read", "can_act"))),
        "DossierView.worklist",
    ),
    Role(
        "leader", "Lãnh đạo", "Theo dõi mọi hồ sơ của đơn vị theo thời hạn, xem quy định đang áp dụng.",
        EVERYONE | _opens(
            ("DossierView", ("can_read", "can_act")), ("EvaluationView", ("can_read",)),
            ("HandRulingView", ("can_read", "can_rule")), ("RefusalView", ("can_read",)),
            *_CATALOG_READ, *_REGISTERS_READ,
        ),
        "DossierView.worklist",
    ),
    Role(
        "postal_clerk", "Nhân viên Bưu điện", "Tiếp nhận và trả kết quả thay cho đơn vị được giao.",
        EVERYONE | _opens(
            ("ReceptionView", ("can_read", "can_receive")), ("DossierView", ("can_read", "can_act")),
            ("HandRulingView", ("can_read", "can_ask")), ("RefusalView", ("can_read",)),
        ),
        "DossierView.worklist",
    ),
    Role(
        "inspector", "Thanh tra", "Xem lịch sử hồ sơ và tính lại mọi kết quả.",
        EVERYONE | _opens(
            ("DossierView", ("can_read",)), ("EvaluationView", ("can_read", "can_replay")),
            ("HandRulingView", ("can_read",)), ("RefusalView", ("can_read",)), *_CATALOG_READ, *_REGISTERS_READ,
        ),
        "DossierView.worklist",
    ),
)  # fmt: skip
BY_NAME = {role.name: role for role in ROLES}
BY_KEY = {role.key: role for role in ROLES}
PUBLIC_ROLE = "Công khai"

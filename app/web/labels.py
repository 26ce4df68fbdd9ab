"""Texts that stand in tables and not in pages, so that the catalogue of English can be asked for each of them.

Pages show such a text through the filter `said` or through `gettext(label)`, where no extraction can see it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.importers.columns import HEADERS
from app.security import verbs
from app.security.roles import ROLES
from app.services import calendar, unit
from app.services.assignment import REACHES
from app.services.catalog_search import STAGE_LABELS
from app.services.history import RECORD_LABELS
from app.services.worklist import SHELF_LABELS
from app.web import errors
from rules.lifecycle import ACT_LABELS, OUTCOME_LABELS, STATE_LABELS

TABLES: tuple[Mapping[Any, str], ...] = (
    *(STATE_LABELS, OUTCOME_LABELS, ACT_LABELS, STAGE_LABELS, SHELF_LABELS, RECORD_LABELS, verbs.LABELS, REACHES),
    *(unit.LEVELS, unit.CODE_SYSTEMS, calendar.KINDS, HEADERS),
)

POSITIONS = (
    "Chuyên viên quản lý chất lượng", "Chuyên viên xử lý", "Công chức chuyên môn", "Công chức kinh tế - xã hội",
    "Công chức tiếp nhận và trả kết quả", "Công chức tư pháp - hộ tịch", "Giám đốc Trung tâm",
    "Lãnh đạo Văn phòng Ủy ban nhân dân tỉnh", "Người kiểm tra, giám sát", "Người phê duyệt công bố thủ tục",
    "Người được ủy quyền ký kết quả", "Nhân viên Bưu điện", "Phó Chủ tịch Ủy ban nhân dân phường",
    "Phó Chủ tịch Ủy ban nhân dân xã", "Quản trị danh mục thủ tục hành chính", "Quản trị hệ thống",
    "Viên chức tiếp nhận và trả kết quả",
)  # fmt: skip
"""Job titles (chức danh) that assignments usually carry: typed by people, yet known, so that they have English."""


def label_texts() -> Iterator[str]:
    """Yield every text of the tables that pages show; some stand in more than one."""
    for table in TABLES:
        yield from table.values()
    yield from POSITIONS
    for role in ROLES:
        yield from (role.name, role.what)
    for pair in (*errors.SENTENCES.values(), errors.STALE, errors.SESSION_OVER, errors.STILL_ON_THE_PAGE):
        yield from pair

"""Fields of work (lĩnh vực): a plain register."""

from typing import Any, ClassVar

from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.storage.folding import folded, sort_key
from app.storage.office import FieldOfWork
from app.web.formats import english
from app.web.registers import RegisterView
from app.web.texts import lazy_gettext


class FieldOfWorkView(RegisterView):
    """The register of fields of work, which procedures and assignments name."""

    route_base = "/fields-of-work"
    datamodel = SQLAInterface(FieldOfWork)
    exclude_route_methods = frozenset({"download", "delete", "show"})
    list_title = lazy_gettext("Các lĩnh vực")
    add_title = lazy_gettext("Thêm lĩnh vực")
    list_lead = lazy_gettext("Thủ tục và phân công gọi lĩnh vực bằng đúng tên ở đây.")
    no_rows = lazy_gettext("Chưa có lĩnh vực nào")
    first_step = lazy_gettext("Nhập danh mục quốc gia hoặc thêm từng lĩnh vực.")
    list_columns = ("name", "name_en")
    add_columns = ("name", "name_en")
    edit_columns = ("name", "name_en")
    formatters_columns: ClassVar[Any] = {"name_en": english}
    search_columns = ("name",)
    order_columns = ("sort_key",)
    base_order = ("sort_key", "asc")
    label_columns: ClassVar[Any] = {
        "name": lazy_gettext("Tên lĩnh vực"),
        "name_en": lazy_gettext("Tên tiếng Anh"),
    }

    def pre_add(self, item: FieldOfWork) -> None:
        """Make the texts that searches and sorting compare."""
        item.name = " ".join(item.name.split())
        item.name_en = " ".join((item.name_en or "").split()) or None
        item.folded, item.sort_key = folded(item.name), sort_key(item.name)

    def pre_update(self, item: FieldOfWork) -> None:
        """Make them anew for the new name."""
        self.pre_add(item)

"""People who work with the system: FAB's user with one full name, as Vietnamese names are written."""

from datetime import datetime

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

__all__ = ["Officer", "Role"]


class Officer(User):
    """An officer or postal clerk (công chức, viên chức, nhân viên Bưu điện) who can log in.

    FAB wants a first and a last name; a Vietnamese name is one (`Nguyễn Văn An`), so `full_name` is the truth
    and FAB's two columns hold the family part and the given part for its own screens.
    """

    __tablename__ = "ab_user"

    full_name: Mapped[str] = mapped_column(String(200), nullable=False, server_default="")
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), nullable=True)
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1", default=1)

    __mapper_args__ = {"version_id_col": lock_version}

    def get_full_name(self) -> str:
        """Return the name as it is written on papers."""
        return self.full_name or f"{self.first_name} {self.last_name}".strip()

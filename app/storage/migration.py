"""The schema of the database: brought up to date by the owner role, checked against the models."""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def configuration(owner_url: str, app_role: str) -> Config:
    """Return Alembic's configuration for this database; `app_role` is the restricted role that rights are given to."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    config.attributes["app_role"] = app_role
    return config


def upgrade(owner_url: str, app_role: str, revision: str = "head") -> None:
    """Migrate up to this revision."""
    command.upgrade(configuration(owner_url, app_role), revision)


def downgrade(owner_url: str, app_role: str, revision: str) -> None:
    """Migrate down to this revision."""
    command.downgrade(configuration(owner_url, app_role), revision)


def check(owner_url: str, app_role: str) -> None:
    """Raise when the models and the database differ."""
    command.check(configuration(owner_url, app_role))

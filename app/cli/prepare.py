"""The command `prepare`: bring the database up to date, make the roles, load the sample province once."""

from flask import Flask

from app.clock import now
from app.extensions import appbuilder
from app.factory import create_app
from app.security.manager import SecurityManager
from app.services import sample
from app.services.sample_dossiers import load_dossiers
from app.services.sample_procedures import publish_samples
from app.storage.migration import upgrade
from app.storage.unit_of_work import unit_of_work
from config import Settings, settings


def main(_: list[str]) -> int:
    """Prepare this deployment; running it again changes nothing."""
    prepared(settings())
    return 0


def prepared(here: Settings) -> Flask:
    """Bring a deployment up to date and return its application."""
    upgrade(here.owner_database_url, here.app_role)
    app = create_app(here)
    with app.app_context():
        manager = appbuilder.sm
        assert isinstance(manager, SecurityManager), "SECURITY_MANAGER names a class of this house or a child of it"
        manager.make_roles()
        if here.demo:
            load_sample_province(here)
    return app


def load_sample_province(here: Settings) -> None:
    """Load the sample province, its procedures and its dossiers, each once; what was stopped half-way goes on."""
    load_units_and_people(here)
    publish_samples(now())
    with unit_of_work() as work:
        if sample.were_dossiers_loaded(work):
            return
    load_dossiers(now())
    with unit_of_work() as work:
        sample.note_dossiers_loaded(work, now())
        work.commit()


def load_units_and_people(here: Settings) -> None:
    """Load units, people and registers into an empty database and keep the demo accounts' text for the launcher."""
    with unit_of_work() as work:
        if sample.is_loaded(work):
            return
        password = sample.new_password()
        sample.load_province(work, password)
        work.commit()
    here.places.demo_accounts.write_text(accounts_text(password), encoding="utf-8")
    here.places.demo_accounts.chmod(0o600)


def accounts_text(password: str) -> str:
    """Return the lines that tell who may log in to try the program."""
    rows = [(account.user_name, account.role, account.where) for account in sample.demo_accounts()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"  {name:<{widths[0]}}  {role:<{widths[1]}}  {where}" for name, role, where in rows]
    heading = f"Tài khoản dùng thử, cùng một mật khẩu (demo accounts, one password): {password}"
    return "\n".join([heading, *lines]) + "\n"

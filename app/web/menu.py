"""Every page of the application in one list: what it is called, where it stands in the menu."""

from flask import current_app
from flask_appbuilder import AppBuilder

from app.web import dress
from app.web.home import HomeView
from app.web.login import LoginView

__all__ = ["HomeView", "register"]


def register(appbuilder: AppBuilder) -> None:
    """Register all pages. Menu items carry the name of their page's class: one name in menu, roles and tests."""
    dress.install(current_app)
    manager = appbuilder.sm
    manager.auth_view = appbuilder.add_view_no_menu(LoginView)
    manager.limiter.limit(manager.auth_rate_limit, methods=["POST"])(manager.auth_view.blueprint)

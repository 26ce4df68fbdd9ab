"""Everything that the installed framework can show, printed as JSON; run as a program of its own.

Flask-AppBuilder makes titles and labels from names while it starts, so it has to start; it must not touch the
application under test, so it starts in a process of its own and without a database.
"""

import json
import logging
import sys

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA

TITLES = ("list_title", "add_title", "edit_title", "show_title", "form_title")


def framework_strings() -> dict[str, list[str]]:
    """Return the generated texts, the permissions and the screens of the framework as installed."""
    app = Flask("probe")
    app.config.update(
        SECRET_KEY="only for this process " * 2,
        SQLALCHEMY_DATABASE_URI="sqlite://",
        FAB_CREATE_DB=False,
        FAB_UPDATE_PERMS=False,
        AUTH_USER_REGISTRATION=True,
        AUTH_USER_REGISTRATION_ROLE="Public",
        RECAPTCHA_PUBLIC_KEY="none",
        RECAPTCHA_PRIVATE_KEY="none",
    )
    db = SQLA(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        views = builder.baseviews
        texts = {text for view in views for name in TITLES if type(text := getattr(view, name, None)) is str}
        texts |= {text for view in views for text in getattr(view, "label_columns", {}).values() if type(text) is str}
        rights = {right for view in views for right in view.base_permissions or ()}
        menus = {item.name for top in builder.menu.menu for item in (top, *top.childs) if item.name != "-"}
        screens = {type(view).__name__ for view in views} | menus
    return {"texts": sorted(texts - {""}), "rights": sorted(rights | {"menu_access"}), "screens": sorted(screens)}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    json.dump(framework_strings(), sys.stdout)

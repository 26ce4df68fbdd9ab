"""The extensions of the application, made here without an application and bound in `app.factory`."""

from celery import Celery
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA
from flask_session import Session
from flask_wtf import CSRFProtect

db = SQLA(
    # Rows stay readable after a commit: an act returns what it made, and the page shows it.
    session_options={"expire_on_commit": False},
    # A prepared statement outlives `set_config`, but not a change of role; psycopg's default is kept.
    # Parameters of statements are people's data: an error in the log shows the statement without them.
    engine_options={"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5, "hide_parameters": True},
)
appbuilder = AppBuilder()
celery = Celery("app")
csrf = CSRFProtect()
server_session = Session()

"""The only wiring: from settings to an application. Imported by the entry points and by nobody else."""

import logging
from datetime import timedelta

import redis
from celery import Celery
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import extensions
from app.storage import models
from app.storage.attachment import file_store
from app.vault import vault
from app.web import errors, formats, headers, health, language, menu, rights, titles
from app.workers import schedule, tasks
from config import Settings

log = logging.getLogger(__name__)


def create_app(settings: Settings) -> Flask:
    """Build the web application of this deployment."""
    app = Flask("app", static_folder="static", template_folder="templates")
    app.config.from_mapping(configuration(settings))
    app.extensions["settings"] = settings
    app.extensions["models"] = models.MODULES  # every table is known before the first query maps one
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies) if settings.trusted_proxies else app.wsgi_app
    vault.open(settings.personal_data_key)
    file_store.bind(settings.data_dir / "attachments")
    extensions.db.init_app(app)
    extensions.csrf.init_app(app)
    extensions.server_session.init_app(app)
    bind_celery(extensions.celery, settings)
    headers.install(app)
    language.install(app)
    formats.install(app)
    titles.install(app)
    errors.install(app)
    health.install(app)
    with app.app_context():
        extensions.appbuilder.indexview = menu.HomeView
        # FAB wants the session of whoever asks, which is what the scoped session is; its annotation says less.
        extensions.appbuilder.init_app(app, extensions.db.session)  # pyright: ignore[reportArgumentType]
        menu.register(extensions.appbuilder)
    rights.install(app)
    return app


def configuration(settings: Settings) -> dict[str, object]:
    """Return Flask's and FAB's configuration for these settings."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 5_000,
        # Sessions live on the server, end when idle, and can be ended from the server's side.
        "SESSION_TYPE": "redis",
        "SESSION_REDIS": redis.from_url(settings.redis_url),
        "SESSION_PERMANENT": True,
        "DRAFT_DAYS": settings.draft_days,
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=settings.session_idle_minutes),
        "SESSION_COOKIE_NAME": "motcua",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session does
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_STORAGE_URI": settings.redis_url.replace("unix://", "redis+unix://"),
        "AUTH_RATE_LIMITED": True,
        "AUTH_RATE_LIMIT": settings.login_rate_limit,
        "FAB_SECURITY_MANAGER_CLASS": settings.security_manager,
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_BASE_TEMPLATE": "appbuilder/baselayout.html",
        "AUTH_ROLE_ADMIN": "Quản trị hệ thống",
        "AUTH_ROLE_PUBLIC": "Công khai",
        "APP_NAME": "Một cửa Đồng Tháp",
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "LANGUAGES": {"vi": {"flag": "vn", "name": "Tiếng Việt"}, "en": {"flag": "gb", "name": "English"}},
    }


def bind_celery(celery: Celery, settings: Settings) -> None:
    """Point the job runner at its broker; results live in our own table, so none are kept there."""
    celery.conf.update(
        broker_url=settings.celery_broker_url,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        timezone="Asia/Ho_Chi_Minh",
        include=["app.workers.tasks"],
        worker_hijack_root_logger=False,
    )


def create_worker(settings: Settings) -> Celery:
    """Build the job runner: the same application, entered by messages instead of requests."""
    app = create_app(settings)
    tasks.bind(extensions.celery, app)
    schedule.install(extensions.celery)
    return extensions.celery

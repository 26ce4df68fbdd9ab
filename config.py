"""Settings of a deployment, read from the environment; nothing else reads `os.environ`.

Without `DATABASE_URL` the deployment is *embedded*: a private PostgreSQL and a private Redis below `var/`, keys made
once by itself, demo accounts, and the address 127.0.0.1 only.

With `DATABASE_URL` it is a real one: `DATABASE_URL` carries the **owner** of the database (migrations only) and
`APP_DATABASE_URL` the **restricted role** the application works as. Where `APP_DATABASE_URL` is absent, the role is
`<database>_app` with a password derived from `SECRET_KEY`; the launcher creates it if the owner may create roles.
The application never works as the owner.
"""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from launcher.keys import kept_keys
from launcher.places import Places

PROJECT = Path(__file__).resolve().parent
SHORTEST_KEY = 32
LOCAL_ADDRESS = "127.0.0.1"
DATABASE = "motcua"
OWNER_ROLE = "mc_owner"
APP_ROLE = "mc_app"
SUPERUSER = "mc_superuser"
# Every child of the launcher carries this in its environment, with the data folder as its value.
MARK = "MOT_CUA_RUNS_IN"


class UnusableSettingsError(Exception):
    """The environment does not describe a deployment that may start; the text says what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployment can be told. URLs are SQLAlchemy's (psycopg) and redis-py's or Celery's."""

    database_url: str
    """The restricted role; what the application and its workers connect as."""
    owner_database_url: str
    """The owner of the database; migrations only."""
    redis_url: str
    """Sessions and the shared counters of the rate limits."""
    celery_broker_url: str
    secret_key: str
    personal_data_key: str
    """Material from which the keys for identity numbers (số định danh cá nhân) are derived; at least 32 characters."""
    data_dir: Path
    demo: bool
    """True for the embedded deployment: demo accounts, bound to 127.0.0.1."""
    embedded_redis: bool
    host: str
    port: int
    public_url: str
    """The address people type, without a final slash; printed in the QR of a receipt."""
    session_idle_minutes: int
    draft_days: int
    """How many days a form that is being filled in is kept after its last change."""
    login_rate_limit: str
    """How often one address may try to log in, in Flask-Limiter's words."""
    trusted_proxies: int
    """How many reverse proxies stand before the program; their `X-Forwarded-For` is believed, no other's."""
    security_manager: str
    """Dotted path, because `app.extensions` lies below `app.security`."""
    supervised: bool
    """True in a process that `make run` started; it then ends with the process that started it."""
    temporary: Path
    """Parent of the short socket folder where the data folder's own path is too long."""

    @property
    def app_role(self) -> str:
        """The name of the restricted role that migrations give rights to."""
        return role_of(self.database_url)

    @property
    def secure_cookies(self) -> bool:
        """True where people reach the program over https; cookies are then never sent in the clear."""
        return self.public_url.startswith("https://")

    @property
    def places(self) -> Places:
        """The folders of this deployment."""
        return Places(self.data_dir, self.temporary)


def settings() -> Settings:
    """Return the settings of this process's own environment."""
    return settings_from(os.environ)


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Return the settings that this environment describes.

    Raises `UnusableSettingsError` where a value is missing, too weak or malformed. In the embedded mode the keys are
    made at the first call and kept in `var/secrets/` (mode 0600).
    """
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    data = Path(given.get("DATA_DIR", PROJECT / "var")).absolute()
    places = Places(data, Path(given.get("TMPDIR", "/tmp")))  # noqa: S108  see Places.sockets
    port = whole_number(given, "PORT", default=8080, least=1, most=65535)
    host = given.get("HOST", LOCAL_ADDRESS)
    redis_url, broker_url, embedded_redis = redis_urls(given, places)
    owner_url, app_url, secret_key, personal_data_key = databases_and_keys(given, places, host)
    return Settings(
        database_url=app_url,
        owner_database_url=owner_url,
        redis_url=redis_url,
        celery_broker_url=broker_url,
        secret_key=secret_key,
        personal_data_key=personal_data_key,
        data_dir=data,
        demo="DATABASE_URL" not in given,
        embedded_redis=embedded_redis,
        host=host,
        port=port,
        public_url=given.get("PUBLIC_URL", f"http://{LOCAL_ADDRESS}:{port}").rstrip("/"),
        session_idle_minutes=whole_number(given, "SESSION_IDLE_MINUTES", default=30, least=1, most=720),
        draft_days=whole_number(given, "DRAFT_DAYS", default=7, least=1, most=90),
        login_rate_limit=given.get("LOGIN_RATE_LIMIT", "10 per 20 second"),
        trusted_proxies=whole_number(given, "TRUSTED_PROXIES", default=0, least=0, most=5),
        security_manager=given.get("SECURITY_MANAGER", "app.security.manager.SecurityManager"),
        supervised=given.get(MARK) == str(data),
        temporary=places.temporary,
    )


def databases_and_keys(given: Mapping[str, str], places: Places, host: str) -> tuple[str, str, str, str]:
    """Return the owner's URL, the application's URL, the secret key and the key of personal data."""
    if "DATABASE_URL" not in given:
        return embedded_database(places, host)
    secret_key, personal_data_key = own_key(given, "SECRET_KEY"), own_key(given, "PERSONAL_DATA_KEY")
    if secret_key == personal_data_key:
        raise UnusableSettingsError(
            "SECRET_KEY và PERSONAL_DATA_KEY phải khác nhau (SECRET_KEY and PERSONAL_DATA_KEY must differ)."
        )
    owner = psycopg_url("DATABASE_URL", given["DATABASE_URL"])
    app = given.get("APP_DATABASE_URL")
    app_url = psycopg_url("APP_DATABASE_URL", app) if app else derived_app_url(owner, secret_key)
    if role_of(app_url) == role_of(owner):
        raise UnusableSettingsError(
            "APP_DATABASE_URL phải dùng một tài khoản khác với DATABASE_URL, không có quyền sở hữu "
            "(APP_DATABASE_URL must name another role than DATABASE_URL, one that owns nothing)."
        )
    return owner, app_url, secret_key, personal_data_key


def embedded_database(places: Places, host: str) -> tuple[str, str, str, str]:
    """Return the same four for the private PostgreSQL of this folder."""
    if host != LOCAL_ADDRESS:
        raise UnusableSettingsError(
            f"Chế độ dùng thử có tài khoản mẫu nên chỉ mở ở {LOCAL_ADDRESS}; muốn mở ở {host}, hãy đặt DATABASE_URL "
            f"(without DATABASE_URL there are demo accounts, so only {LOCAL_ADDRESS} is served)."
        )
    keys = kept_keys(places.secrets)
    owner = socket_url(OWNER_ROLE, keys.owner_password, places.sockets)
    app = socket_url(APP_ROLE, keys.app_password, places.sockets)
    return owner, app, keys.secret_key, keys.personal_data_key


def socket_url(role: str, password: str, sockets: Path, database: str = DATABASE) -> str:
    """Return the URL of a database behind a unix socket in this folder."""
    return f"postgresql+psycopg://{role}:{quote(password, safe='')}@/{database}?host={quote(str(sockets), safe='')}"


def psycopg_url(name: str, url: str) -> str:
    """Return this PostgreSQL URL with the driver named; refuse any other kind of database."""
    found = re.fullmatch(r"postgres(?:ql)?(?:\+psycopg)?(://.+)", url)
    if found is None or not urlsplit(url).username or not urlsplit(url).path.strip("/"):
        raise UnusableSettingsError(
            f"{name} phải có dạng postgresql://tài_khoản:mật_khẩu@máy_chủ/tên_cơ_sở_dữ_liệu "
            f"({name} must look like postgresql://role:password@host/database)."
        )
    return "postgresql+psycopg" + found[1]


def derived_app_url(owner_url: str, secret_key: str) -> str:
    """Return the URL of the restricted role `<database>_app` beside this owner; the password comes from the key."""
    parts = urlsplit(owner_url)
    role = unquote(parts.path.strip("/")) + "_app"
    digest = hmac.digest(secret_key.encode(), b"database role " + role.encode(), hashlib.sha256)
    password = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role, safe='')}:{password}@{where}"))


def role_of(url: str) -> str:
    """Return the name of the role in this URL."""
    return unquote(urlsplit(url).username or "")


def redis_urls(given: Mapping[str, str], places: Places) -> tuple[str, str, bool]:
    """Return Redis for sessions, the broker for Celery, and whether the private Redis is needed for either."""
    redis, broker = given.get("REDIS_URL"), given.get("CELERY_BROKER_URL")
    redis = redis or (broker if broker and re.match(r"rediss?://", broker) else None)
    broker = broker or (celery_form(redis) if redis else None)
    socket = quote(str(places.redis_socket))
    return (
        redis or f"unix://{socket}?db=0",
        broker or f"redis+socket://{socket}?virtual_host=1",
        redis is None or broker is None,
    )


def celery_form(redis_url: str) -> str:
    """Return a redis-py URL as Celery writes it: only the unix socket has another name."""
    return re.sub(r"^unix://([^?]+)\?db=(\d+)$", r"redis+socket://\1?virtual_host=\2", redis_url)


def own_key(given: Mapping[str, str], name: str) -> str:
    """Return a key that the people of this deployment chose; refuse its absence and a short one."""
    key = given.get(name, "")
    if len(key) < SHORTEST_KEY:
        raise UnusableSettingsError(
            f"Đã đặt DATABASE_URL thì phải đặt {name} riêng, ít nhất {SHORTEST_KEY} ký tự ngẫu nhiên, ví dụ: "
            f"{name}=$(python3 -c 'import secrets; print(secrets.token_urlsafe(48))') "
            f"(with DATABASE_URL, {name} of at least {SHORTEST_KEY} random characters is required)."
        )
    return key


def whole_number(given: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """Return a whole number within its bounds."""
    text = given.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise UnusableSettingsError(
            f"{name}={text} không dùng được: phải là số nguyên từ {least} đến {most} "
            f"({name} must be a whole number from {least} to {most})."
        )
    return int(text)

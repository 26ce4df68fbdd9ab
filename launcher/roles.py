"""The roles on a PostgreSQL that somebody else runs: the restricted one is made or proven before anything starts."""

from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from config import Settings, derived_app_url
from launcher.console import LauncherRefusal, both

OLDEST_SERVER = 15


def settle_roles(settings: Settings) -> None:
    """See that the application's role exists, may log in, and has no right that would blind the walls.

    Raises `LauncherRefusal` with what to do where the server is too old, cannot be reached, or the role is unfit.
    """
    with owner_connection(settings) as owner:
        if owner.info.server_version // 10000 < OLDEST_SERVER:
            raise LauncherRefusal(
                both(f"Cần PostgreSQL {OLDEST_SERVER} trở lên.", f"PostgreSQL {OLDEST_SERVER} or newer is needed")
            )
        if derived_app_url(settings.owner_database_url, settings.secret_key) == settings.database_url:
            make_derived_role(owner, settings)
        refuse_unfit_role(owner, settings.app_role)
    if not logs_in(settings.database_url):
        raise LauncherRefusal(
            both(
                f"Tài khoản {settings.app_role} (APP_DATABASE_URL) không đăng nhập được vào cơ sở dữ liệu.",
                f"the role {settings.app_role} cannot log in to the database",
            )
        )


def owner_connection(settings: Settings) -> psycopg.Connection:
    """Return a connection of the owner; each statement is its own transaction."""
    try:
        return psycopg.connect(plain(settings.owner_database_url), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        where = urlsplit(settings.owner_database_url).hostname or "unix socket"
        raise LauncherRefusal(
            both(
                f"Không kết nối được cơ sở dữ liệu ở DATABASE_URL (máy chủ {where}).",
                f"cannot connect to DATABASE_URL: {type(error).__name__}",
            )
        ) from error


def make_derived_role(owner: psycopg.Connection, settings: Settings) -> None:
    """Make the restricted role with its derived password, or give it the password again where `SECRET_KEY` changed."""
    if logs_in(settings.database_url):
        return
    role, database = settings.app_role, owner.info.dbname
    known = owner.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchall()
    statement = (
        "ALTER ROLE {} PASSWORD {}" if known else "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}"
    )
    password = unquote(urlsplit(settings.database_url).password or "")
    try:
        owner.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password)))
        owner.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), sql.Identifier(role))
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise LauncherRefusal(
            both(
                f"Tài khoản trong DATABASE_URL không được tạo tài khoản. Hãy nhờ quản trị máy chủ chạy: "
                f'CREATE ROLE "{role}" LOGIN PASSWORD \'...\'; GRANT CONNECT ON DATABASE "{database}" TO "{role}"; '
                "rồi đặt APP_DATABASE_URL.",
                "the owner may not create roles; make one and set APP_DATABASE_URL",
            )
        ) from error


def refuse_unfit_role(owner: psycopg.Connection, role: str) -> None:
    """Refuse a role that row security or the append-only walls would not hold."""
    found = owner.execute(
        """
        SELECT rolsuper OR rolbypassrls OR pg_has_role(oid, current_user, 'MEMBER')
               OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
          FROM pg_roles WHERE rolname = %s
        """,
        (role,),
    ).fetchone()
    if found is None or found[0]:
        raise LauncherRefusal(
            both(
                f"Tài khoản {role} của ứng dụng phải có sẵn, không phải superuser, không BYPASSRLS, "
                "không sở hữu bảng nào và không thuộc nhóm của tài khoản sở hữu.",
                f"the role {role} must exist and be neither superuser, BYPASSRLS, owner nor member of the owner",
            )
        )


def logs_in(url: str) -> bool:
    """Tell whether this URL opens a connection."""
    try:
        psycopg.connect(plain(url), connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def plain(url: str) -> str:
    """Return SQLAlchemy's URL as libpq reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)

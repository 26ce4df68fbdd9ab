"""The private PostgreSQL: who may do what, as whom it runs, and what its log never says."""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from config import settings_from
from launcher import identity
from launcher.console import LauncherRefusal
from launcher.keys import fresh_keys
from launcher.postgres import PostgresServer, durable_settings, embedded_binaries, throw_away_settings
from launcher.roles import plain, settle_roles
from launcher.services import start_postgres
from launcher.testing import TestServices

ROOT_ONLY = pytest.mark.skipif(os.getuid() != 0, reason="only root needs another account to run PostgreSQL")


@pytest.fixture(scope="module")
def services():
    with TestServices.from_environment(os.environ) as running:
        yield running


def connect(url):
    return psycopg.connect(plain(url), autocommit=True)


def test_the_application_role_has_no_power_of_its_own(services):
    with connect(services.app_url) as app:
        rights = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert app.execute(rights).fetchone() == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (id int)")


def test_the_application_role_touches_only_what_it_was_given(services):
    owner_url, app_url = services.new_database("granted")
    with connect(owner_url) as owner, connect(app_url) as app:
        owner.execute("CREATE TABLE entry (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT FROM entry")
        owner.execute("GRANT INSERT ON entry TO mc_app")
        assert app.execute("INSERT INTO entry VALUES (1)").rowcount == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM entry")


def test_the_server_listens_on_no_network(services):
    with connect(services.app_url) as app:
        assert app.execute("SHOW listen_addresses").fetchone() == ("",)
        assert app.execute("SELECT inet_server_addr()").fetchone() == (None,)


def test_the_text_is_utf_8_and_sorted_by_code(services):
    with connect(services.app_url) as app:
        shown = "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()"
        assert app.execute(shown).fetchone() == ("UTF8", "C")


def test_the_log_never_shows_a_value_that_a_person_typed(services):
    owner_url, _ = services.new_database("logged")
    with connect(owner_url) as owner:
        owner.execute("CREATE TABLE person (citizen_id text UNIQUE)")
        owner.execute("INSERT INTO person VALUES ('087099000123')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO person VALUES ('087099000123')")
    log = services.postgres.log.read_text()
    assert "duplicate key" in log
    assert "087099000123" not in log


def test_memory_fits_the_machine_and_stays_within_bounds():
    found = durable_settings()
    assert 128 <= int(found["shared_buffers"].removesuffix("MB")) <= 2048
    assert found["fsync"] == "on"


def test_a_role_that_row_security_would_not_hold_is_refused(services):
    settings = server_settings(services, "refused")
    with services.postgres.connected("refused") as superuser:
        superuser.execute("ALTER ROLE mc_app BYPASSRLS")
        try:
            with pytest.raises(LauncherRefusal, match="không BYPASSRLS"):
                settle_roles(settings)
        finally:
            superuser.execute("ALTER ROLE mc_app NOBYPASSRLS")
    settle_roles(settings)


def test_an_owner_that_may_not_create_roles_is_told_what_the_server_needs(services):
    owner_url, _ = services.new_database("unowned")
    with pytest.raises(LauncherRefusal, match='CREATE ROLE "unowned_app" LOGIN'):
        settle_roles(derived(owner_url))


def test_an_owner_that_may_create_roles_gets_the_restricted_one_and_a_new_key_gives_it_a_new_password(services):
    with services.postgres.connected() as superuser:
        superuser.execute("ALTER ROLE mc_owner CREATEROLE")
        try:
            owner_url, _ = services.new_database("given")
            for key in ("k" * 40, "z" * 40):
                settings = derived(owner_url, key)
                settle_roles(settings)
                with connect(settings.database_url) as app:
                    assert app.execute("SELECT current_user").fetchone() == ("given_app",)
        finally:
            superuser.execute("ALTER ROLE mc_owner NOCREATEROLE")


def derived(owner_url, key="k" * 40):
    return settings_from({"DATABASE_URL": owner_url, "SECRET_KEY": key, "PERSONAL_DATA_KEY": "p" * 40})


def server_settings(services, database):
    owner_url, app_url = services.new_database(database)
    return settings_from({
        "DATABASE_URL": owner_url, "APP_DATABASE_URL": app_url, "SECRET_KEY": "k" * 40, "PERSONAL_DATA_KEY": "p" * 40,
    })  # fmt: skip


@pytest.fixture
def server():
    """A server in a folder that only its owner can enter, not yet started."""
    folder = Path(tempfile.mkdtemp(prefix="mc-"))
    (folder / "run").mkdir(mode=0o700)
    yield PostgresServer(
        folder=folder / "postgres", sockets=folder / "run", log=folder / "log", environment=dict(os.environ),
        keys=fresh_keys(), binaries=embedded_binaries(), options=throw_away_settings(),
    )  # fmt: skip
    shutil.rmtree(folder)


def modes(folder):
    return {parent: parent.stat().st_mode for parent in folder.parents}


def test_it_runs_in_a_private_folder_also_for_root_and_no_mode_outside_changes(server):
    before = modes(server.folder)
    start_postgres(server).stop()
    assert modes(server.folder) == before
    assert server.folder.stat().st_uid == os.getuid()


@ROOT_ONLY
def test_where_namespaces_are_refused_an_unprivileged_account_runs_it_if_it_can_reach_programs_and_data(server):
    nobody = identity.account(identity.unprivileged_account())
    fallen_back = replace(server, ways=[refusing(), nobody])
    server.folder.parent.chmod(0o711)
    if nobody.reaches(server.binaries / "postgres", Path(tempfile.gettempdir())):
        start_postgres(fallen_back).stop()
        assert server.folder.stat().st_uid == nobody.owner
    else:
        with pytest.raises(LauncherRefusal, match="DATABASE_URL"):
            start_postgres(fallen_back)


@ROOT_ONLY
def test_where_nothing_works_the_sentence_names_database_url(server):
    nobody = identity.account(identity.unprivileged_account())
    with pytest.raises(LauncherRefusal, match="DATABASE_URL"):
        start_postgres(replace(server, ways=[refusing(), nobody]))
    assert not server.folder.exists()


def refusing():
    def become():
        raise PermissionError("unshare")

    return identity.Identity("namespace", 0, 0, become)


def test_initdb_broken_off_half_way_is_started_anew(server):
    half = server.folder.with_name("postgres.new")
    half.mkdir(mode=0o700)
    (half / "PG_VERSION").write_text("18\n")
    start_postgres(server).stop()
    assert (server.folder / "global").is_dir()
    assert not half.exists()

"""Migrations make FAB's tables and ours, go up and down, and leave nothing to add."""

from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from app.storage.migration import check, downgrade, upgrade
from app.storage.models import metadata


def tables(url: str) -> set[str]:
    return set(inspect(create_engine(url, poolclass=NullPool)).get_table_names())


def test_the_schema_goes_up_and_down_and_matches_the_models(services, settings):
    owner_url, _ = services.new_database("migrations")
    upgrade(owner_url, settings.app_role)
    assert tables(owner_url) == set(metadata.tables) | {"alembic_version"}
    check(owner_url, settings.app_role)
    downgrade(owner_url, settings.app_role, "base")
    assert tables(owner_url) == {"alembic_version"}
    upgrade(owner_url, settings.app_role)
    check(owner_url, settings.app_role)


def test_every_table_of_a_dossier_has_its_wall(services, settings):
    owner_url, _ = services.new_database("walls")
    upgrade(owner_url, settings.app_role)
    of_a_dossier = {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table.name == "dossier" for key in table.foreign_keys)
    } - {"outbox"}
    of_a_person = {"saved_filter"}
    before_a_dossier = {"hand_request", "hand_amount"}  # what waits for one, and what hangs on a ruling
    with create_engine(owner_url, poolclass=NullPool).connect() as connection:
        walled = set(
            connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'").scalars()
        )
    assert walled == of_a_dossier | of_a_person | before_a_dossier | {"dossier"}


def test_the_last_migration_goes_down_alone_and_up_again(services, settings):
    owner_url, _ = services.new_database("by_hand")
    upgrade(owner_url, settings.app_role)
    downgrade(owner_url, settings.app_role, "0002")
    assert tables(owner_url) & {"hand_request", "hand_ruling", "hand_amount", "match_alarm"} == set()
    upgrade(owner_url, settings.app_role)
    downgrade(owner_url, settings.app_role, "0005")
    assert tables(owner_url) & {"finding_waiver", "finding_waiver_end", "procedure_version_waiver"} == set()
    upgrade(owner_url, settings.app_role)
    downgrade(owner_url, settings.app_role, "0006")
    assert tables(owner_url) & {"dossier_field", "saved_filter"} == set()
    upgrade(owner_url, settings.app_role)
    check(owner_url, settings.app_role)

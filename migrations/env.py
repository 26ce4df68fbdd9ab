"""Run migrations as the owner of the database; FAB's tables are in the same metadata and made by the same hand."""

from alembic import context
from sqlalchemy import create_engine, pool

from app.storage.models import metadata


def run() -> None:
    """Connect by the URL in the configuration (or reuse its connection) and migrate in one transaction."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    with engine.connect() as connection:
        migrate(connection)


def migrate(connection) -> None:  # noqa: ANN001  alembic gives any connection
    """Run what was asked (upgrade, downgrade, check) over this connection."""
    context.configure(connection=connection, target_metadata=metadata, compare_server_default=False)
    with context.begin_transaction():
        context.run_migrations()


run()

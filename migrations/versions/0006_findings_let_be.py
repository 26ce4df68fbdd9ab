"""Findings let be with a reason, their taking back, what a version was published under; open dossiers as a number.

Who signs a version sees no dossier: row-level security hides them all. How many are open is answered by the owner of
the tables, as one number.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("finding_waiver", "finding_waiver_end", "procedure_version_waiver")
SIGNATURE = "count_open_dossiers(bigint, text[], timestamptz, timestamptz)"


def app_role() -> str:
    """Return the quoted name of the restricted role that the application logs in as."""
    role = context.config.attributes["app_role"]
    return '"' + role.replace('"', '""') + '"'


def upgrade() -> None:
    make_waivers()
    make_ends()
    make_bindings()
    wall_in()
    count_behind_the_wall()


def key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def code(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(collation="C"), nullable=False)


def words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def recorded() -> sa.Column:
    now = sa.text("clock_timestamp()")
    return sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=now, nullable=False)


def row_of(table: str, column: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    kind = sa.Integer() if table == "ab_user" else sa.BigInteger()
    return sa.Column(column, kind, nullable=False), sa.ForeignKeyConstraint([column], [f"{table}.id"])


def make_waivers() -> None:
    op.create_table(
        "finding_waiver",
        key(), sa.Column("uuid", sa.UUID(), nullable=False), *row_of("procedure", "procedure_id"), code("finding_key"),
        code("kind"), code("severity"), words("finding"), code("draft_sha256"), words("reason"),
        *row_of("ab_user", "waived_by"), moment("waived_at"), recorded(),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("uuid"),
        sa.CheckConstraint("btrim(reason) <> ''", name="finding_waiver_says_why"),
    )  # fmt: skip
    op.create_index("finding_waiver_key", "finding_waiver", ["procedure_id", "finding_key"])


def make_ends() -> None:
    op.create_table(
        "finding_waiver_end",
        key(), *row_of("finding_waiver", "waiver_id"), words("reason"), *row_of("ab_user", "taken_back_by"),
        moment("taken_back_at"), recorded(),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("waiver_id"),
        sa.CheckConstraint("btrim(reason) <> ''", name="finding_waiver_end_says_why"),
    )  # fmt: skip


def make_bindings() -> None:
    op.create_table(
        "procedure_version_waiver",
        key(), *row_of("procedure_version", "version_id"), *row_of("finding_waiver", "waiver_id"), recorded(),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("version_id", "waiver_id"),
    )  # fmt: skip
    op.create_index(op.f("ix_procedure_version_waiver_waiver_id"), "procedure_version_waiver", ["waiver_id"])


def wall_in() -> None:
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {app_role()}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def count_behind_the_wall() -> None:
    op.execute(
        """
        CREATE FUNCTION count_open_dossiers(
            of_procedure bigint, of_states text[], since timestamptz, until timestamptz
        ) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT count(*) FROM dossier d
            WHERE d.procedure_id = of_procedure AND d.state = ANY (of_states)
              AND (since IS NULL OR d.accepted_at >= since) AND (until IS NULL OR d.accepted_at < until)
        $$
        """
    )
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {app_role()}")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    for table in reversed(TABLES):
        op.drop_table(table)

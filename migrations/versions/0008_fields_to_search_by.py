"""Fields of dossiers to search by, in one typed table with a fixed set of indexes; filters that people keep.

Under row-level security a LIKE is no condition of an index: it could tell about rows that are hidden. So folded search
is one function of the owner of the tables, which applies the scope of the transaction itself.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SIGNATURE = "search_dossiers(bigint, text, text, text, integer)"
IN_SCOPE = """
    unit_id = ANY ((SELECT units_in_scope())::bigint[])
    OR EXISTS (SELECT 1 FROM dossier d WHERE d.id = dossier_field.dossier_id)
"""


def app_role() -> str:
    """Return the quoted name of the restricted role that the application logs in as."""
    role = context.config.attributes["app_role"]
    return '"' + role.replace('"', '""') + '"'


def upgrade() -> None:
    make_fields()
    make_filters()
    op.create_index("dossier_of_procedure", "dossier", ["procedure_id", "accepted_at", "id"])
    wall_in()
    search_behind_the_wall()


def make_fields() -> None:
    op.create_table(
        "dossier_field",
        sa.Column("dossier_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(collation="C"), nullable=False),
        sa.Column("row", sa.SmallInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("text_folded", sa.Text(collation="C"), nullable=True),
        sa.Column("text_exact", sa.Text(collation="C"), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
        sa.PrimaryKeyConstraint("dossier_id", "field", "row"),
    )
    for column in ("text_exact", "number", "day"):
        op.create_index(
            f"dossier_field_{column}", "dossier_field", ["procedure_id", "field", column, "dossier_id"],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )  # fmt: skip
    op.create_index(
        "dossier_field_folded", "dossier_field", ["text_folded"], postgresql_using="gin",
        postgresql_ops={"text_folded": "gin_trgm_ops"}, postgresql_where=sa.text("text_folded IS NOT NULL"),
    )  # fmt: skip


def make_filters() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uuid", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked", postgresql.JSONB(), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uuid"),
        sa.UniqueConstraint("user_id", "procedure_id", "name"),
        sa.CheckConstraint("btrim(name) <> ''", name="saved_filter_has_a_name"),
    )


def wall_in() -> None:
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON dossier_field, saved_filter TO {role}")
    op.execute("ALTER TABLE dossier_field ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY dossier_field_in_scope ON dossier_field USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})")
    own = "user_id = nullif(current_setting('app.user_id', true), '')::integer"
    op.execute("ALTER TABLE saved_filter ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY saved_filter_of_its_owner ON saved_filter USING ({own}) WITH CHECK ({own})")


def search_behind_the_wall() -> None:
    """Make the search; each question is planned with its own words, since common and rare ones need other ways."""
    op.execute(
        """
        CREATE FUNCTION search_dossiers(
            of_procedure bigint, of_field text, words text, said text, at_most integer
        ) RETURNS TABLE (dossier_id bigint, is_exact boolean)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            RETURN QUERY EXECUTE
                'SELECT f.dossier_id, bool_or(strpos(f.text_exact, $3) > 0) FROM (
                    SELECT s.dossier_id, s.text_exact FROM dossier_field s
                    WHERE s.text_folded LIKE $1'
                || CASE WHEN of_procedure IS NULL THEN '' ELSE ' AND s.procedure_id = $4' END
                || CASE WHEN of_field IS NULL THEN '' ELSE ' AND s.field = $5' END
                || ' AND (s.unit_id = ANY ($2) OR EXISTS (
                        SELECT 1 FROM dossier d WHERE d.id = s.dossier_id
                        AND (d.competent_unit_id = ANY ($2) OR d.holding_unit_id = ANY ($2))))
                    LIMIT $6
                ) f GROUP BY f.dossier_id'
            USING '%' || regexp_replace(words, '([%_\\\\])', '\\\\\\1', 'g') || '%',
                units_in_scope(), said, of_procedure, of_field, at_most;
        END $$
        """
    )
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {app_role()}")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.drop_index("dossier_of_procedure", "dossier")
    op.drop_table("saved_filter")
    op.drop_table("dossier_field")

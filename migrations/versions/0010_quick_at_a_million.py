"""Indexes and one function that keep the worklist quick over a million dossiers.

Under row-level security a LIKE is no condition of an index: it could tell about rows that are hidden. So the worklist's
search is a function of the owner of the tables, which applies the scope of the transaction itself.

Revision: 0010, after 0009
"""

from alembic import context, op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SIGNATURE = "find_dossiers(text, text[], integer)"


def app_role() -> str:
    """Return the quoted name of the restricted role that the application logs in as."""
    role = context.config.attributes["app_role"]
    return '"' + role.replace('"', '""') + '"'


def upgrade() -> None:
    op.execute("CREATE INDEX dossier_accepted ON dossier (accepted_at, id)")
    op.execute("CREATE INDEX dossier_finished ON dossier ((coalesce(returned_at, accepted_at)), id)")
    op.execute("CREATE INDEX dossier_state ON dossier (state)")
    op.execute(
        """
        CREATE FUNCTION find_dossiers(words text, moving text[], at_most integer) RETURNS SETOF bigint
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            seen text := ' folded LIKE $1 AND (receiving_unit_id = ANY ($2) OR competent_unit_id = ANY ($2)'
                         ' OR holding_unit_id = ANY ($2)) ';
        BEGIN
            -- Planned with the words that are asked for: common and rare ones need other ways.
            RETURN QUERY EXECUTE
                'SELECT id FROM dossier WHERE' || seen || 'AND state = ANY ($3) UNION ALL '
                '(SELECT id FROM dossier WHERE' || seen || 'AND state <> ALL ($3) LIMIT $4)'
            USING '%' || regexp_replace(words, '([%_\\\\])', '\\\\\\1', 'g') || '%', units_in_scope(), moving, at_most;
        END $$
        """
    )
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {app_role()}")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    for index in ("dossier_accepted", "dossier_finished", "dossier_state"):
        op.execute(f"DROP INDEX {index}")

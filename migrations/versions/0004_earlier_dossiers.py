"""The history of a person as a number: counted over the dossiers of every unit, without showing any of them.

Row-level security shows an officer the dossiers of their own units. A right that a person has once in the province is
used up wherever it was used, so this one question is answered by the owner of the tables.

Revision: 0004, after 0003
"""

from alembic import context, op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SIGNATURE = "count_earlier(bigint, text, text, bigint, timestamptz)"


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION count_earlier(
            of_party bigint, what text, of_kind text, of_procedure bigint, since timestamptz
        ) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            WITH mine AS (
                SELECT d.id, d.procedure_id, d.accepted_at, d.decided_at
                FROM dossier d JOIN dossier_party p ON p.dossier_id = d.id
                WHERE p.party_id = of_party AND p.role = 'applicant'
            ), computed AS (
                SELECT DISTINCT ON (e.dossier_id) e.id, e.outcome
                FROM evaluation e JOIN mine m ON m.id = e.dossier_id
                WHERE m.procedure_id = of_procedure AND (since IS NULL OR m.accepted_at >= since)
                ORDER BY e.dossier_id, e.sequence DESC
            )
            SELECT CASE what
                WHEN 'charges' THEN (
                    SELECT count(*) FROM charge_line l JOIN computed c ON c.id = l.evaluation_id
                    WHERE l.line = of_kind AND l.amount > 0
                )
                WHEN 'reductions' THEN (
                    SELECT count(*) FROM computed c
                    WHERE EXISTS (
                        SELECT 1 FROM jsonb_array_elements(c.outcome -> 'charges') line
                        CROSS JOIN LATERAL jsonb_array_elements(
                            jsonb_build_array(line -> 'cut') || coalesce(line -> 'stacked', '[]')
                        ) counted
                        WHERE counted ->> 'rule' = of_kind AND (counted ->> 'saved')::bigint > 0
                    )
                )
                WHEN 'results' THEN (
                    SELECT count(*) FROM dossier_result r JOIN mine m ON m.id = r.dossier_id
                    WHERE r.result_code = of_kind AND r.outcome IN ('granted', 'partly')
                      AND (since IS NULL OR m.decided_at >= since)
                )
            END
        $$
        """
    )
    role = context.config.attributes["app_role"].replace('"', '""')
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION {SIGNATURE} TO "{role}"')


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SIGNATURE}")

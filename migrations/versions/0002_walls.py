"""The walls: what the application role may do, what can never be changed, and which dossiers a transaction sees.

Revision: 0002, after 0001
"""

from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Nobody changes or deletes what was once written here; the application role is not even granted it.
APPEND_ONLY = (
    "audit_entry", "audit_root", "catalog_import_row", "charge_line", "clock_event", "dossier_event", "dossier_facts",
    "dossier_paper", "dossier_party", "dossier_result", "evaluation", "issued_paper", "procedure_version",
    "register_snapshot", "stored_file", "unit_succession", "dossier_code", "encryption_notice",
)  # fmt: skip
# A line of these registers may be superseded once, and nothing else about it ever changes.
SUPERSEDED_ONLY = {
    "assignment": "superseded_at", "calendar_day": "superseded_at", "calendar_year": "superseded_at",
    "catalog_entry": "superseded_at", "legal_document": "superseded_at", "unit_code": "superseded_at",
    "unit_revision": "superseded_at", "working_window": "superseded_at", "procedure_version_end": "withdrawn_at",
}  # fmt: skip
NEVER_DELETED = ("dossier", "procedure", "catalog_import", "job", "party", "party_identifier", "attachment", "unit")
OF_A_DOSSIER = (
    "attachment", "charge_line", "clock_event", "dossier_code", "dossier_event", "dossier_facts", "dossier_paper",
    "dossier_party", "dossier_result", "evaluation", "issued_paper",
)  # fmt: skip


def app_role() -> str:
    """Return the quoted name of the restricted role that the application logs in as."""
    role = context.config.attributes["app_role"]
    return '"' + role.replace('"', '""') + '"'


def upgrade() -> None:
    grant()
    refuse_changes()
    show_only_the_scope()


def grant() -> None:
    role = app_role()
    op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}")
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
    for table, column in SUPERSEDED_ONLY.items():
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
        op.execute(f"GRANT UPDATE ({column}) ON {table} TO {role}")
    for table in NEVER_DELETED:
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM {role}")


def refuse_changes() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION only_supersede() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' OR to_jsonb(OLD) ->> TG_ARGV[0] IS NOT NULL
               OR to_jsonb(NEW) - TG_ARGV[0] IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV[0] THEN
                RAISE EXCEPTION 'a line of % may only be superseded, once', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table, column in SUPERSEDED_ONLY.items():
        op.execute(
            f"CREATE TRIGGER {table}_only_supersede BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION only_supersede('{column}')"
        )


def show_only_the_scope() -> None:
    op.execute(
        """
        CREATE FUNCTION units_in_scope() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT coalesce(string_to_array(nullif(current_setting('app.unit_scope', true), ''), ',')::bigint[], '{}')
        $$
        """
    )
    # The array is computed once a statement (a sub-select), then compared by index.
    seen = " OR ".join(
        f"{column} = ANY ((SELECT units_in_scope())::bigint[])"
        for column in ("receiving_unit_id", "competent_unit_id", "holding_unit_id")
    )
    op.execute("ALTER TABLE dossier ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY dossier_in_scope ON dossier USING ({seen}) WITH CHECK ({seen})")
    for table in OF_A_DOSSIER:
        free = "dossier_id IS NULL OR " if table == "attachment" else ""
        rule = f"{free}EXISTS (SELECT 1 FROM dossier d WHERE d.id = {table}.dossier_id)"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_in_scope ON {table} USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    for table in OF_A_DOSSIER:
        op.execute(f"DROP POLICY {table}_in_scope ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY dossier_in_scope ON dossier")
    op.execute("ALTER TABLE dossier DISABLE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION units_in_scope()")
    for table in SUPERSEDED_ONLY:
        op.execute(f"DROP TRIGGER {table}_only_supersede ON {table}")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION only_supersede()")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app_role()}")
    op.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {app_role()}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {app_role()}")

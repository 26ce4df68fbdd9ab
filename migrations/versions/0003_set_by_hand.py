"""Amounts and due moments set by hand: requests, rulings, amounts; and the alarms of matchers that differ.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WALLED = ("hand_request", "hand_ruling", "hand_amount")
TABLES = ("match_alarm", *WALLED)
# What happens to a request; everything else in it is what the officer typed, and stays.
OF_THE_STATE = ("state", "declined_by", "declined_at", "decline_reason", "lock_version")


def app_role() -> str:
    """Return the quoted name of the restricted role that the application logs in as."""
    role = context.config.attributes["app_role"]
    return '"' + role.replace('"', '""') + '"'


def upgrade() -> None:
    make_alarms()
    make_requests()
    make_rulings()
    make_amounts()
    grant()
    refuse_changes()
    show_only_the_scope()


def key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def public_id() -> sa.Column:
    return sa.Column("uuid", sa.UUID(), nullable=False)


def code(name: str, **more) -> sa.Column:
    return sa.Column(name, sa.Text(collation="C"), nullable=False, **more)


def words(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def recorded() -> sa.Column:
    now = sa.text("clock_timestamp()")
    return sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=now, nullable=False)


def json(name: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)


def row_of(table: str, column: str, *, nullable: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    kind = sa.Integer() if table == "ab_user" else sa.BigInteger()
    return sa.Column(column, kind, nullable=nullable), sa.ForeignKeyConstraint([column], [f"{table}.id"])


def make_alarms() -> None:
    op.create_table(
        "match_alarm",
        key(), public_id(), *row_of("procedure_version", "version_id"), code("version_sha256"), code("table_id"),
        json("interpreter_rows"), json("kernel_rows"), code("engine"), code("signature"),
        sa.Column("day", sa.Date(), nullable=False), moment("seen_at"), recorded(),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("uuid"), sa.UniqueConstraint("signature", "day"),
    )  # fmt: skip
    op.create_index("match_alarm_of_version", "match_alarm", ["version_id", "seen_at"])


def make_requests() -> None:
    op.create_table(
        "hand_request",
        key(), public_id(), sa.Column("intake_key", sa.UUID(), nullable=False),
        *row_of("procedure", "procedure_id"), *row_of("procedure_version", "version_id"), *row_of("unit", "unit_id"),
        *row_of("assignment", "assignment_id"), *row_of("match_alarm", "alarm_id"), *row_of("ab_user", "asked_by"),
        moment("asked_at"), words("note", nullable=True), words("applicant_name"), code("applicant_kind"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False), json("facts"), code("filing_channel"),
        code("return_channel"), json("received"), recorded(), code("state", server_default=sa.text("'waiting'")),
        *row_of("ab_user", "declined_by", nullable=True), moment("declined_at", nullable=True),
        words("decline_reason", nullable=True),
        sa.Column("lock_version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("uuid"), sa.UniqueConstraint("intake_key"),
        sa.CheckConstraint("state IN ('waiting', 'ruled', 'finished', 'declined')", name="hand_request_state"),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)", name="hand_request_declined_why"
        ),
    )  # fmt: skip
    op.create_index(
        "hand_request_open", "hand_request", ["unit_id", "asked_at"],
        postgresql_where=sa.text("state IN ('waiting', 'ruled')"),
    )  # fmt: skip


def make_rulings() -> None:
    op.create_table(
        "hand_ruling",
        key(), public_id(), sa.Column("act_key", sa.UUID(), nullable=False),
        *row_of("dossier", "dossier_id", nullable=True), *row_of("evaluation", "evaluation_id", nullable=True),
        *row_of("hand_request", "request_id", nullable=True), *row_of("hand_ruling", "supersedes_id", nullable=True),
        moment("appointment_due", nullable=True), words("reason"), *row_of("legal_document", "legal_document_id"),
        words("citation"), *row_of("ab_user", "ruled_by"), words("ruler_name"), words("ruler_position"),
        *row_of("unit", "for_unit_id"), *row_of("assignment", "assignment_id"), moment("ruled_at"), recorded(),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("uuid"), sa.UniqueConstraint("act_key"),
        sa.UniqueConstraint("supersedes_id"),
        sa.CheckConstraint("num_nonnulls(evaluation_id, request_id) = 1", name="hand_ruling_stands_on_one"),
        sa.CheckConstraint("num_nonnulls(dossier_id, request_id) > 0", name="hand_ruling_is_of_something"),
        sa.CheckConstraint("btrim(reason) <> '' AND btrim(citation) <> ''", name="hand_ruling_says_why"),
    )  # fmt: skip
    op.create_index(op.f("ix_hand_ruling_dossier_id"), "hand_ruling", ["dossier_id"])
    op.create_index(op.f("ix_hand_ruling_request_id"), "hand_ruling", ["request_id"])


def make_amounts() -> None:
    op.create_table(
        "hand_amount",
        key(), *row_of("hand_ruling", "ruling_id"), code("line"), code("kind"), words("label"),
        sa.Column("amount", sa.BigInteger(), nullable=False), code("currency"), code("set_by"), code("collected"),
        sa.Column("refundable", sa.Boolean(), nullable=False), words("zero_reason", nullable=True), recorded(),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("ruling_id", "line"),
        sa.CheckConstraint("amount >= 0", name="hand_amount_not_below_zero"),
        sa.CheckConstraint("(amount = 0) = (zero_reason IS NOT NULL)", name="hand_amount_zero_is_stated"),
    )  # fmt: skip


def grant() -> None:
    role = app_role()
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {role}")
    op.execute(f"GRANT UPDATE ({', '.join(OF_THE_STATE)}) ON hand_request TO {role}")
    op.execute(f"GRANT UPDATE (dossier_id) ON hand_ruling TO {role}")


def refuse_changes() -> None:
    for table in ("match_alarm", "hand_amount"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    # The dossier of a ruling on a request is filled in once, when the dossier is received; nothing else ever changes.
    op.execute(
        "CREATE TRIGGER hand_ruling_only_bound BEFORE UPDATE OR DELETE ON hand_ruling "
        "FOR EACH ROW EXECUTE FUNCTION only_supersede('dossier_id')"
    )
    kept = "ARRAY[" + ", ".join(f"'{column}'" for column in OF_THE_STATE) + "]"
    op.execute(
        f"""
        CREATE FUNCTION keep_request() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' OR OLD.state IN ('finished', 'declined')
               OR to_jsonb(NEW) - {kept} IS DISTINCT FROM to_jsonb(OLD) - {kept} THEN
                RAISE EXCEPTION 'the answers of a request never change, and one that is closed stays closed'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER hand_request_kept BEFORE UPDATE OR DELETE ON hand_request "
        "FOR EACH ROW EXECUTE FUNCTION keep_request()"
    )


def show_only_the_scope() -> None:
    """A request is seen by its unit; a ruling with its dossier, before there is one with its request."""
    rules = {
        "hand_request": "unit_id = ANY ((SELECT units_in_scope())::bigint[])",
        "hand_ruling": "CASE WHEN dossier_id IS NOT NULL"
        " THEN EXISTS (SELECT 1 FROM dossier d WHERE d.id = hand_ruling.dossier_id)"
        " ELSE EXISTS (SELECT 1 FROM hand_request r WHERE r.id = hand_ruling.request_id) END",
        "hand_amount": "EXISTS (SELECT 1 FROM hand_ruling r WHERE r.id = hand_amount.ruling_id)",
    }
    for table, rule in rules.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_in_scope ON {table} USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_request()")

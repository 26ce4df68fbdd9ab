"""Forms that are being filled in and not handed in yet, encrypted, each seen by the person who fills it in alone.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHANGED = ("unit_id", "sealed", "saved_at", "lock_version")


def app_role() -> str:
    """Return the quoted name of the restricted role that the application logs in as."""
    role = context.config.attributes["app_role"]
    return '"' + role.replace('"', '""') + '"'


def upgrade() -> None:
    op.create_table(
        "form_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uuid", sa.UUID(), nullable=False),
        sa.Column("intake_key", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uuid"),
        sa.UniqueConstraint("user_id", "intake_key"),
    )  # fmt: skip
    op.create_index("form_draft_saved", "form_draft", ["saved_at"])
    op.execute(f"REVOKE UPDATE, TRUNCATE ON form_draft FROM {app_role()}")
    op.execute(f"GRANT SELECT, INSERT, DELETE, UPDATE ({', '.join(CHANGED)}) ON form_draft TO {app_role()}")
    rule = (
        "user_id::text = current_setting('app.user_id', true) OR current_setting('app.purpose', true) = 'expire_drafts'"
    )
    op.execute("ALTER TABLE form_draft ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY form_draft_of_its_writer ON form_draft USING ({rule}) WITH CHECK ({rule})")


def downgrade() -> None:
    op.drop_table("form_draft")

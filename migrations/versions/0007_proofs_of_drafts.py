"""What the proofs of a draft found, kept with the hashes of what was proved.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def app_role() -> str:
    """Return the quoted name of the restricted role that the application logs in as."""
    role = context.config.attributes["app_role"]
    return '"' + role.replace('"', '""') + '"'


def code(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(collation="C"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "draft_proof",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uuid", sa.UUID(), nullable=False),
        sa.Column("procedure_id", sa.BigInteger(), nullable=False),
        code("kind"), code("whole_sha256"), code("rules_sha256"), code("office_sha256"),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("uuid"),
        sa.ForeignKeyConstraint(["procedure_id"], ["procedure.id"]), sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
    )  # fmt: skip
    op.create_index("draft_proof_newest", "draft_proof", ["procedure_id", "kind", "id"])
    op.execute(f"GRANT SELECT, INSERT ON draft_proof TO {app_role()}")
    op.execute(f"GRANT UPDATE (result) ON draft_proof TO {app_role()}")


def downgrade() -> None:
    op.drop_table("draft_proof")

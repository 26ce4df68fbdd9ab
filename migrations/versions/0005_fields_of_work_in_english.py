"""Fields of work may have an English name, for who reads the interface in English.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("field_of_work", sa.Column("name_en", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("field_of_work", "name_en")

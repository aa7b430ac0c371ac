"""work by subject, filings by their end"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("filings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_filings_ending",
            ["valid_until"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL AND valid_until IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND valid_until IS NOT NULL"),
        )

    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index("ix_work_subject_kind", ["subject", "kind"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.drop_index("ix_work_subject_kind")

    with op.batch_alter_table("filings", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_filings_ending",
            sqlite_where=sa.text("closed_at IS NULL AND valid_until IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND valid_until IS NOT NULL"),
        )

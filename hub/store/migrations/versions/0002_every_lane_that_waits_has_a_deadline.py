"""Every lane that waits has a deadline"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITING = "state IN ('sent', 'received')"
DUE = "due_at IS NOT NULL"


def upgrade() -> None:
    op.drop_index("ix_lanes_due", "lanes", sqlite_where=sa.text(WAITING), postgresql_where=sa.text(WAITING))
    op.execute("UPDATE lanes SET due_at = NULL WHERE state NOT IN ('sent', 'received', 'inspection')")
    op.create_index("ix_lanes_due", "lanes", ["due_at"], sqlite_where=sa.text(DUE), postgresql_where=sa.text(DUE))


def downgrade() -> None:
    op.drop_index("ix_lanes_due", "lanes", sqlite_where=sa.text(DUE), postgresql_where=sa.text(DUE))
    op.create_index(
        "ix_lanes_due", "lanes", ["due_at"], sqlite_where=sa.text(WAITING), postgresql_where=sa.text(WAITING)
    )

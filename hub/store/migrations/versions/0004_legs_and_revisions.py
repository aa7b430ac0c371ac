"""legs and revisions: what is known of a case that was opened before becomes its one leg, which matched"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("transmission", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_legs_case")),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_legs_message")),
        sa.ForeignKeyConstraint(["transmission"], ["transmissions.id"], name=op.f("fk_legs_transmission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legs")),
    )
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legs_case"), ["case"], unique=False)
        batch_op.create_index("ix_legs_reference", ["reference"], unique=False)

    op.create_table(
        "leg_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("leg", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["leg"], ["legs.id"], name=op.f("fk_leg_keys_leg")),
        sa.PrimaryKeyConstraint("key", "leg", name=op.f("pk_leg_keys")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("passed", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("cancelling", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("remarks", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_cases_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    with op.batch_alter_table("correlations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))

    op.execute("UPDATE cases SET passed = 1")
    op.execute(
        """
        INSERT INTO legs (id, service, name, "case", partner, reference, state, revision, message, transmission,
                          ordinal, item, type, facts, at)
        SELECT 'LG' || substr(cases.id, 3), service, json_extract(facts, '$.leg'), cases.id, partner, reference,
               'joined', 1, message, messages.transmission, ordinal, 0, messages.type, '{}', opened_at
        FROM cases JOIN messages ON messages.id = cases.message
        """
    )


def downgrade() -> None:
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.drop_column("revision")

    with op.batch_alter_table("correlations", schema=None) as batch_op:
        batch_op.drop_column("revision")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_cases_due", sqlite_where=sa.text("due_at IS NOT NULL"), postgresql_where=sa.text("due_at IS NOT NULL")
        )
        batch_op.drop_column("remarks")
        batch_op.drop_column("cancelling")
        batch_op.drop_column("passed")
        batch_op.drop_column("revision")
        batch_op.drop_column("due_at")

    op.drop_table("leg_keys")
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.drop_index("ix_legs_reference")
        batch_op.drop_index(batch_op.f("ix_legs_case"))

    op.drop_table("legs")

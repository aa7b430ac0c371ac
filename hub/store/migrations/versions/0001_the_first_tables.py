"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("transmission", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_entries")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entries_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_entries_transmission"), ["transmission"], unique=False)

    op.create_table(
        "tiles",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_tiles")),
    )
    op.create_table(
        "transmissions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("syntax", sa.String(), server_default="", nullable=False),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transmissions")),
        sa.UniqueConstraint("origin", name=op.f("uq_transmissions_origin")),
    )
    with op.batch_alter_table("transmissions", schema=None) as batch_op:
        batch_op.create_index("ix_transmissions_partner_sha256", ["partner", "sha256"], unique=False)
        batch_op.create_index(
            "ix_transmissions_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )

    op.create_table(
        "work",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
    )
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index(
            "ix_work_open",
            ["opened_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("transmission", sa.String(), nullable=True),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("lane", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["transmission"], ["transmissions.id"], name=op.f("fk_deliveries_transmission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_lane"), ["lane"], unique=False)
        batch_op.create_index(
            "ix_deliveries_mailbox",
            ["partner", "folder", "id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_deliveries_planned",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index(
            "ix_deliveries_sealed",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'sealed'"),
            postgresql_where=sa.text("state = 'sealed'"),
        )
        batch_op.create_index("uq_deliveries_partner_folder_name", ["partner", "folder", "name"], unique=True)

    op.create_table(
        "interchanges",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("transmission", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["transmission"], ["transmissions.id"], name=op.f("fk_interchanges_transmission")),
        sa.PrimaryKeyConstraint("partner", "reference", name=op.f("pk_interchanges")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("transmission", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("interchange", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["transmission"], ["transmissions.id"], name=op.f("fk_messages_transmission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_transmission"), ["transmission"], unique=False)

    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name=op.f("fk_attempts_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_delivery"), ["delivery"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_cases_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_partner"), ["partner"], unique=False)
        batch_op.create_index("uq_cases_service_key", ["service", "key"], unique=True)

    op.create_table(
        "lanes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.String(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_lanes_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lanes")),
    )
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lanes_case"), ["case"], unique=False)
        batch_op.create_index(
            "ix_lanes_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('sent', 'received')"),
            postgresql_where=sa.text("state IN ('sent', 'received')"),
        )

    op.create_table(
        "correlations",
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lane"], ["lanes.id"], name=op.f("fk_correlations_lane")),
        sa.PrimaryKeyConstraint("agency", "key", name=op.f("pk_correlations")),
    )
    op.create_table(
        "receipts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("transmission", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lane"], ["lanes.id"], name=op.f("fk_receipts_lane")),
        sa.ForeignKeyConstraint(["transmission"], ["transmissions.id"], name=op.f("fk_receipts_transmission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipts_lane"), ["lane"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipts_lane"))

    op.drop_table("receipts")
    op.drop_table("correlations")
    with op.batch_alter_table("lanes", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_lanes_due",
            sqlite_where=sa.text("state IN ('sent', 'received')"),
            postgresql_where=sa.text("state IN ('sent', 'received')"),
        )
        batch_op.drop_index(batch_op.f("ix_lanes_case"))

    op.drop_table("lanes")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("uq_cases_service_key")
        batch_op.drop_index(batch_op.f("ix_cases_partner"))

    op.drop_table("cases")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_delivery"))

    op.drop_table("attempts")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_transmission"))
        batch_op.drop_index(batch_op.f("ix_messages_case"))

    op.drop_table("messages")
    op.drop_table("interchanges")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("uq_deliveries_partner_folder_name")
        batch_op.drop_index(
            "ix_deliveries_sealed",
            sqlite_where=sa.text("state = 'sealed'"),
            postgresql_where=sa.text("state = 'sealed'"),
        )
        batch_op.drop_index(
            "ix_deliveries_planned",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.drop_index(
            "ix_deliveries_mailbox",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_deliveries_lane"))
        batch_op.drop_index(batch_op.f("ix_deliveries_case"))

    op.drop_table("deliveries")
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_work_open", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )

    op.drop_table("work")
    with op.batch_alter_table("transmissions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_transmissions_waiting",
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )
        batch_op.drop_index("ix_transmissions_partner_sha256")

    op.drop_table("transmissions")
    op.drop_table("tiles")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entries_transmission"))
        batch_op.drop_index(batch_op.f("ix_entries_case"))

    op.drop_table("entries")
    op.drop_table("counters")
    op.drop_table("checkpoints")

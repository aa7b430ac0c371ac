"""The tables. Times are integer microseconds UTC; ids are ``hub.model.ids``; JSON columns hold canonical text.

A payload of at most the spool's ``inline-limit`` lies in its row; a larger one in the blob store under its sha256, and
its column is NULL.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from hub.store.naming import metadata as metadata
from hub.store.records import activations as activations
from hub.store.records import filings as filings
from hub.store.records import gaps as gaps
from hub.store.records import sequences as sequences
from hub.store.records import sightings as sightings

transmissions = Table(
    "transmissions",
    metadata,
    Column("id", String, primary_key=True),
    Column("partner", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("name", String, nullable=False),
    Column("origin", String, unique=True),  # names one arrival, so that it cannot be recorded twice
    Column("sha256", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("payload", LargeBinary),
    Column("received_at", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("syntax", String, nullable=False, server_default=""),
    Column("findings", Text),  # those about bytes outside any message
    Column("duplicate_of", String),
)
Index("ix_transmissions_waiting", transmissions.c.id, sqlite_where=text("state = 'received'"),
      postgresql_where=text("state = 'received'"))  # fmt: skip
Index("ix_transmissions_partner_sha256", transmissions.c.partner, transmissions.c.sha256)

interchanges = Table(
    "interchanges",
    metadata,
    Column("partner", String, nullable=False),
    Column("reference", String, nullable=False),  # sender, recipient and control reference; only of accepted ones
    Column("transmission", String, ForeignKey("transmissions.id"), nullable=False),
    PrimaryKeyConstraint("partner", "reference"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String, primary_key=True),
    Column("transmission", String, ForeignKey("transmissions.id"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),  # 0-based among all messages of the transmission
    Column("interchange", String, nullable=False),  # control reference
    Column("type", String, nullable=False),
    Column("ref", String, nullable=False),
    Column("state", String, nullable=False),  # accepted, refused
    Column("case", String, index=True),
    Column("findings", Text),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("service", String, nullable=False),
    Column("key", String, nullable=False),
    Column("partner", String, nullable=False, index=True),
    Column("message", String, ForeignKey("messages.id"), nullable=False),
    Column("reference", String, nullable=False),  # the trader's own document number
    Column("state", String, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("due_at", BigInteger),  # by when its legs must be there; nothing when none is waited for
    Column("revision", Integer, nullable=False, server_default="1"),  # each amendment is one more
    Column("passed", Integer, nullable=False, server_default="0"),  # the last revision that passed its checks
    Column("cancelling", Integer, nullable=False, server_default="0"),  # 1: the trader takes it back
    Column("facts", Text, nullable=False),  # what the answer to the trader must repeat
    Column("remarks", Text),  # why the hub itself refuses it
    Index("uq_cases_service_key", "service", "key", unique=True),
)
Index("ix_cases_due", cases.c.due_at, sqlite_where=text("due_at IS NOT NULL"),
      postgresql_where=text("due_at IS NOT NULL"))  # fmt: skip

legs = Table(
    "legs",
    metadata,
    Column("id", String, primary_key=True),
    Column("service", String, nullable=False),
    Column("name", String, nullable=False),
    Column("case", String, ForeignKey("cases.id"), index=True),  # nothing while it waits for its case
    Column("partner", String, nullable=False),
    Column("reference", String, nullable=False),  # the sender's own document number
    Column("state", String, nullable=False),
    Column("revision", Integer, nullable=False),  # the case's, which it came with
    Column("message", String, ForeignKey("messages.id"), nullable=False),
    Column("transmission", String, ForeignKey("transmissions.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),  # of the message in its transmission
    Column("item", Integer, nullable=False),  # of the leg in its message
    Column("type", String, nullable=False),  # the message type
    Column("facts", Text, nullable=False),  # what rules, conditions and postings ask for
    Column("document", Text),  # the message with this item only; nothing where the transmission is read again
    Column("remarks", Text),  # what is wrong with it by itself
    Column("at", BigInteger, nullable=False),
)

Index("ix_legs_reference", legs.c.reference)

leg_keys = Table(
    "leg_keys",
    metadata,
    Column("key", String, nullable=False),  # "<service>/<key>/<values>"
    Column("leg", String, ForeignKey("legs.id"), nullable=False),
    PrimaryKeyConstraint("key", "leg"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("id", String, primary_key=True),
    Column("case", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("agency", String, nullable=False),
    Column("state", String, nullable=False),
    Column("code", String, nullable=False, server_default=""),
    Column("answer", Text),  # items and texts of the business answer
    Column("opened_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),  # when somebody must look; nothing when nobody is waited for
    Column("answered_at", BigInteger),
    Column("revision", Integer, nullable=False, server_default="1"),  # of the case, which the agency was sent last
)
Index("ix_lanes_due", lanes.c.due_at, sqlite_where=text("due_at IS NOT NULL"),
      postgresql_where=text("due_at IS NOT NULL"))  # fmt: skip

correlations = Table(
    "correlations",
    metadata,
    Column("agency", String, nullable=False),
    Column("key", String, nullable=False),  # "control:…", "message:…", "reference:…"
    Column("lane", String, ForeignKey("lanes.id"), nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),  # of the case, which this key was sent with
    PrimaryKeyConstraint("agency", "key"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", String, primary_key=True),
    Column("lane", String, ForeignKey("lanes.id"), nullable=False, index=True),
    Column("transmission", String, ForeignKey("transmissions.id"), nullable=False),
    Column("stage", String, nullable=False),  # technical, business
    Column("status", String, nullable=False),
    Column("code", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("partner", String, nullable=False),
    Column("kind", String, nullable=False),  # message, signature, acknowledgement, answer, notice, report
    Column("transmission", String, ForeignKey("transmissions.id")),  # what it answers or carries on
    Column("case", String, index=True),
    Column("lane", String, index=True),
    Column("channel", String, nullable=False),  # mailbox, folder, sftp
    Column("folder", String, nullable=False),
    Column("name", String, nullable=False),
    Column("plan", Text, nullable=False),  # all that WRITE needs, so that it can be written after a restart
    Column("state", String, nullable=False),
    Column("sha256", String),
    Column("size", BigInteger),
    Column("payload", LargeBinary),
    Column("planned_at", BigInteger, nullable=False),
    Column("sealed_at", BigInteger),
    Column("due_at", BigInteger),  # when the next attempt may start
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("delivered_at", BigInteger),
    Column("removed_at", BigInteger),  # the partner deleted it from its mailbox
    Index("uq_deliveries_partner_folder_name", "partner", "folder", "name", unique=True),
)
Index("ix_deliveries_planned", deliveries.c.id, sqlite_where=text("state = 'planned'"),
      postgresql_where=text("state = 'planned'"))  # fmt: skip
Index("ix_deliveries_sealed", deliveries.c.due_at, sqlite_where=text("state = 'sealed'"),
      postgresql_where=text("state = 'sealed'"))  # fmt: skip

Index("ix_deliveries_mailbox", deliveries.c.partner, deliveries.c.folder, deliveries.c.id,
      sqlite_where=text("removed_at IS NULL"), postgresql_where=text("removed_at IS NULL"))  # fmt: skip

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("delivery", String, ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),  # NULL: in flight, or the hub was killed meanwhile
    Column("outcome", String),  # delivered, deferred, refused
    Column("note", String, nullable=False, server_default=""),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),  # "control:<partner>": interchange control numbers
    Column("value", BigInteger, nullable=False),
)

work = Table(
    "work",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False),  # the transmission, lane or delivery that needs a person
    Column("kind", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("closed_by", String),
    Index("ix_work_open", "opened_at", sqlite_where=text("closed_at IS NULL"),
          postgresql_where=text("closed_at IS NULL")),
    Index("ix_work_subject_kind", "subject", "kind"),
)  # fmt: skip

entries = Table(
    "entries",
    metadata,
    Column(
        "seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    ),  # 0-based leaf index
    Column("case", String, index=True),
    Column("transmission", String, index=True),
    Column("body", Text, nullable=False),  # canonical JSON: the leaf's bytes
    Column("leaf", LargeBinary, nullable=False),  # RFC 6962 leaf hash of body
)

tiles = Table(
    "tiles",
    metadata,
    Column("level", Integer, nullable=False),
    Column("index", BigInteger, nullable=False),
    Column("hashes", LargeBinary, nullable=False),  # up to 256 hashes of 32 bytes; on level 0 full tiles only
    PrimaryKeyConstraint("level", "index"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),  # the signed note
    Column("at", BigInteger, nullable=False),
)

# Balances. Amounts are integers in the smallest unit of their book.

accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),  # book, period and holder
    Column("book", String, nullable=False),
    Column("holder", String, nullable=False),
    Column("period", String, nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("reserved", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    CheckConstraint("reserved >= 0 AND used >= 0 AND line >= reserved + used", name="available"),
    Index("ix_accounts_book_holder", "book", "holder"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("case", String, nullable=False),
    Column("name", String, nullable=False),  # one thing that the case asks for: "limit", "goods/3"
    Column("account", String, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),  # asked for at first
    Column("committed", BigInteger, nullable=False),
    Column("returned", BigInteger, nullable=False),  # restored or called of what was committed
    Column("state", String, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),  # when it expires, if nothing happens
    PrimaryKeyConstraint("case", "name"),
)
Index("ix_reservations_due", reservations.c.due_at, sqlite_where=text("state = 'reserved' AND due_at IS NOT NULL"),
      postgresql_where=text("state = 'reserved' AND due_at IS NOT NULL"))  # fmt: skip

postings = Table(
    "postings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account", String, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("case", String),  # NULL: a person's grant, or the line of the book
    Column("name", String, nullable=False),
    Column("step", String, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("available", BigInteger, nullable=False),  # in the account, after it
    Column("at", BigInteger, nullable=False),
    Column("why", String, nullable=False),
    Index("uq_postings_case_name_step", "case", "name", "step", unique=True),
)

# Approvals

approvals = Table(
    "approvals",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False),  # what it is about: a case, a lane, a filing, a pack
    Column("kind", String, nullable=False),  # what is to be approved of it: "release", "refund"
    Column("title_zh", String, nullable=False),
    Column("title_en", String, nullable=False),
    Column("persons", Integer, nullable=False),  # how many different ones must approve
    Column("role", String, nullable=False),  # that each of them must have; empty: any
    Column("facts", Text, nullable=False),  # what they should know
    Column("asked_by", String, nullable=False),  # a person or a partner
    Column("asked_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("decided_at", BigInteger),
    Column("taken_at", BigInteger),  # when the engine acted upon the decision
    Index("uq_approvals_subject_kind", "subject", "kind", unique=True),
)
Index("ix_approvals_due", approvals.c.due_at, sqlite_where=text("state = 'asked'"),
      postgresql_where=text("state = 'asked'"))  # fmt: skip
Index("ix_approvals_untaken", approvals.c.decided_at, sqlite_where=text("decided_at IS NOT NULL AND taken_at IS NULL"),
      postgresql_where=text("decided_at IS NOT NULL AND taken_at IS NULL"))  # fmt: skip

votes = Table(
    "votes",
    metadata,
    Column("approval", String, ForeignKey("approvals.id"), nullable=False),
    Column("person", String, nullable=False),
    Column("verdict", String, nullable=False),  # approve, reject
    Column("reason", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("approval", "person"),
)

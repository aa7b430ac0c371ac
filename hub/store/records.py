"""The tables of what is on record for itself, apart from any case: packs in force, filings, tracks, sequences."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text, text

from hub.store.naming import metadata

# Packs

activations = Table(
    "activations",
    metadata,
    Column("id", String, primary_key=True),
    Column("service", String, nullable=False),
    Column("digest", String, nullable=False),  # of the pack, under which the spool keeps it
    Column("version", String, nullable=False),
    Column("at", BigInteger, nullable=False),  # when it shall be in force
    Column("asked_by", String, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("approval", String, nullable=False),
    Column("state", String, nullable=False),
    Column("begun_at", BigInteger),  # when it was put in force
    Column("ended_at", BigInteger),  # when it was replaced, refused or taken back
    Column("ended_by", String, nullable=False, server_default=""),  # who took it back, or why it came to nothing
)
Index("uq_activations_active", activations.c.service, unique=True, sqlite_where=text("state = 'active'"),
      postgresql_where=text("state = 'active'"))  # fmt: skip
Index("ix_activations_asked", activations.c.at, sqlite_where=text("state = 'asked'"),
      postgresql_where=text("state = 'asked'"))  # fmt: skip

# Filings: versions, of which the newest is open

filings = Table(
    "filings",
    metadata,
    Column("kind", String, nullable=False),  # "company", "goods", "vehicle", "mandate"
    Column("number", String, nullable=False),
    Column("holder", String, nullable=False),  # whose it is
    Column("version", Integer, nullable=False),  # 1, 2, 3 …
    Column("title", String, nullable=False),
    Column("facts", Text, nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_until", BigInteger),  # NULL: for ever
    Column("state", String, nullable=False),
    Column("source", String, nullable=False),  # the case or person that it came from
    Column("recorded_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),  # when the next version took its place
    PrimaryKeyConstraint("kind", "number", "holder", "version"),
)
Index("uq_filings_open", filings.c.kind, filings.c.number, filings.c.holder, unique=True,
      sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"))  # fmt: skip
Index("ix_filings_holder", filings.c.holder)
Index("ix_filings_ending", filings.c.valid_until,
      sqlite_where=text("closed_at IS NULL AND valid_until IS NOT NULL"),
      postgresql_where=text("closed_at IS NULL AND valid_until IS NOT NULL"))  # fmt: skip

# Tracks

sightings = Table(
    "sightings",
    metadata,
    Column("kind", String, nullable=False),  # of the subject: "container", "vehicle", "parcel"
    Column("subject", String, nullable=False),
    Column("at", BigInteger, nullable=False),  # when it happened
    Column("event", String, nullable=False),  # "gate-in", "loaded"
    Column("place", String, nullable=False),
    Column("latitude", BigInteger),  # in millionths of a degree
    Column("longitude", BigInteger),
    Column("source", String, nullable=False),  # the case, partner or transmission that told of it
    Column("recorded_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("kind", "subject", "at", "event", "place"),
    Index("ix_sightings_subject", "subject"),
)

# Sequences: the numbers under which a partner sends

sequences = Table(
    "sequences",
    metadata,
    Column("partner", String, nullable=False),
    Column("name", String, nullable=False),  # syntax, sender and recipient
    Column("last", BigInteger, nullable=False),  # the greatest number that has come
    PrimaryKeyConstraint("partner", "name"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("partner", String, nullable=False),
    Column("name", String, nullable=False),
    Column("low", BigInteger, nullable=False),  # the first number that is missing
    Column("high", BigInteger, nullable=False),  # the last
    Column("seen_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),  # when somebody is to be told; nothing when that was done
    PrimaryKeyConstraint("partner", "name", "low"),
)
Index("ix_gaps_due", gaps.c.due_at, sqlite_where=text("due_at IS NOT NULL"),
      postgresql_where=text("due_at IS NOT NULL"))  # fmt: skip

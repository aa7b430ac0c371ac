"""What every transport takes and gives: arrivals in, mailboxes out, accounts to ask; and how a refused upload is told.

The engine provides :class:`Intake`, :class:`Mailboxes` and :class:`Accounts`; transports know nothing else of the hub.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol

from hub.model.arrival import Accepted, Arrival, MailboxEntry
from hub.model.finding import Finding

__all__ = ["Accepted", "Arrival", "MailboxEntry"]


class FolderKind(StrEnum):
    """What a partner may do in one of its folders."""

    UPLOAD = "upload"  # the partner writes, the hub takes
    MAILBOX = "mailbox"  # the hub writes, the partner fetches and removes


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of a partner's root: ``name`` as the partner sees it, ``box`` as :class:`Mailboxes` calls it."""

    name: str
    kind: FolderKind
    box: str


STANDARD_FOLDERS = (
    Folder("upload", FolderKind.UPLOAD, "upload"),
    Folder("download", FolderKind.MAILBOX, "download"),
    Folder("receipts", FolderKind.MAILBOX, "receipts"),
    Folder("rejected", FolderKind.MAILBOX, "rejected"),
)


class Intake(Protocol):
    """Where arrivals go. Thread-safe; the commits of concurrent callers are made as one."""

    def accept(self, arrival: Arrival) -> Accepted:
        """Block until the arrival is durable and recorded. Raises SpoolFull or StoreError; then nothing is accepted."""
        ...

    def accept_many(self, arrivals: Sequence[Arrival]) -> list[Accepted]:
        """The same for several arrivals, all or none, in one commit; the result has their order."""
        ...


class Mailboxes(Protocol):
    """What the hub has for its partners. Thread-safe; a call sees the files of the partner that it names, no others."""

    def list(self, partner: str, folder: str) -> list[MailboxEntry]:
        """The files that wait in ``folder``."""
        ...

    def stat(self, partner: str, folder: str, name: str) -> MailboxEntry | None:
        """One waiting file, or None."""
        ...

    def open(self, partner: str, folder: str, name: str) -> bytes | BinaryIO | None:
        """The content of a waiting file: bytes, or a seekable file that the caller closes; None when not there."""
        ...

    def fetched(self, partner: str, folder: str, name: str) -> None:
        """The partner has read the file to its last byte and closed it."""
        ...

    def remove(self, partner: str, folder: str, name: str) -> bool:
        """The partner removed the file: it leaves the mailbox, never the ledger. False when it was not there."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """Who may log in, with what, to what. ``keys`` are OpenSSH public key lines (``ssh-ed25519 AAAA… comment``)."""

    partner: str
    keys: tuple[str, ...]
    folders: tuple[Folder, ...] = STANDARD_FOLDERS
    max_upload_bytes: int = 64 * 1024 * 1024
    max_sessions: int = 8


class Accounts(Protocol):
    """The accounts of the present configuration."""

    def by_user(self, user: str) -> Account | None:
        """The account behind a login name, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken: whose, by which channel, under which name, and why (in Chinese and English)."""

    partner: str
    channel: str
    name: str
    finding: Finding


OnRefused = Callable[[Refusal], None]
"""Told of every refused file, so that it can reach the partner's page or a work list. Must not block for long."""


def unheard(refusal: Refusal) -> None:
    """An :data:`OnRefused` for those who do not listen; the refusal is in the log all the same."""

"""A partner's upload folder as one session sees it, and the moment at which an upload is taken.

A file is taken when the client closes it; the close is answered after it is recorded. A name that says "in progress"
(``.tmp``, ``.part``, ``.filepart``, ``.partial``, a dot file) is taken when the client renames it; it lives in the
session only, and is discarded with it. A cut connection takes nothing. Every upload is a new transmission, also under
a name that was used before; it begins empty, so an upload is never resumed. The folder shows what this session uploads
and has uploaded. What was taken cannot be removed, renamed or read back.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from hub.clock import Clock
from hub.sftp.wire import Open, Status
from hub.spool.blobs import Blobs
from hub.transports.base import Account, Arrival, Intake, MailboxEntry, Mailboxes, OnRefused, Refusal
from hub.transports.paths import NotTaken, is_temporary
from hub.transports.uploads import INLINE_BYTES, Upload

CHANNEL = "sftp"
_MAX_PARKED = 256
_MAX_REMEMBERED = 1000


class Refused(Exception):
    """A request that is answered with ``status`` and a message."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Services:
    """What the hub lends to every session. ``inline`` in bytes: see :data:`hub.transports.uploads.INLINE_BYTES`."""

    intake: Intake
    mailboxes: Mailboxes
    blobs: Blobs
    clock: Clock
    on_refused: OnRefused
    inline: int = INLINE_BYTES


@dataclass(slots=True, eq=False)
class Uploading:
    """An upload that is not taken yet: where, under which name, into what, since when (microseconds), refusal told."""

    folder: "UploadFolder"
    name: str
    upload: Upload
    at: int
    told: bool = False

    def entry(self) -> MailboxEntry:
        """What a listing shows of it."""
        return MailboxEntry(self.name, self.upload.size, self.at)


class UploadFolder:
    """The uploads of one session. Methods raise Refused, or a HubError when the hub itself failed."""

    def __init__(self, account: Account, services: Services, log: Any) -> None:
        self._account = account
        self._services = services
        self._log = log
        self._under_way: list[Uploading] = []
        self._parked: OrderedDict[str, Uploading] = OrderedDict()  # closed under a temporary name, not yet renamed
        self._taken: OrderedDict[str, MailboxEntry] = OrderedDict()

    def entries(self) -> list[MailboxEntry]:
        """What the folder shows: taken, parked, under way; the newest of a name."""
        shown = dict(self._taken)
        shown.update((uploading.name, uploading.entry()) for uploading in (*self._parked.values(), *self._under_way))
        return list(shown.values())

    def entry(self, name: str) -> MailboxEntry | None:
        """One of :meth:`entries`, or None."""
        for uploading in reversed(self._under_way):
            if uploading.name == name:
                return uploading.entry()
        parked = self._parked.get(name)
        return self._taken.get(name) if parked is None else parked.entry()

    def open(self, name: str, flags: int) -> Uploading:
        """Begin an upload."""
        if flags & Open.APPEND:
            raise Refused(Status.OP_UNSUPPORTED, "an upload is not resumed or appended to; upload the whole file anew")
        upload = Upload(self._services.blobs, self._account.max_upload_bytes, self._services.inline)
        uploading = Uploading(self, name, upload, self._services.clock())
        self._under_way.append(uploading)
        return uploading

    def write(self, uploading: Uploading, offset: int, data: bytes) -> None:
        """Write ``data`` at ``offset``."""
        try:
            uploading.upload.write(offset, data)
        except NotTaken as error:
            raise self._refusal(uploading, error) from error

    def close(self, uploading: Uploading) -> None:
        """The client closed it: take it, or park it when its name is temporary."""
        self._under_way.remove(uploading)
        try:
            if is_temporary(uploading.name):
                uploading.upload.finish()
                self._park(uploading)
            else:
                self._take(uploading.name, uploading.upload)
        except NotTaken as error:
            raise self._refusal(uploading, error) from error
        finally:
            if self._parked.get(uploading.name) is not uploading:
                uploading.upload.discard()

    def rename(self, name: str, final: str) -> None:
        """Give a parked upload another name; a final one takes it. When the intake fails, it stays parked."""
        parked = self._parked.get(name)
        if parked is None:
            if self.entry(name) is None:
                raise Refused(Status.NO_SUCH_FILE, f"there is no {name}; a temporary name lives in its session only")
            raise Refused(Status.PERMISSION_DENIED, "only a file uploaded under a temporary name is renamed")
        if not is_temporary(final):
            self._take(final, parked.upload)
        del self._parked[name]
        if is_temporary(final):
            parked.name = final
            self._park(parked)

    def remove(self, name: str) -> None:
        """Forget a parked upload."""
        parked = self._parked.pop(name, None)
        if parked is not None:
            parked.upload.discard()
        elif self.entry(name) is not None:
            raise Refused(Status.PERMISSION_DENIED, "the file was accepted or is open; it cannot be withdrawn here")
        else:
            raise Refused(Status.NO_SUCH_FILE, f"there is no {name}")

    def abandon(self) -> None:
        """The session is over: what was not taken is discarded."""
        for uploading in self._under_way:
            uploading.upload.discard()
            self._log.warning("sftp.upload_cut", name=uploading.name, size=uploading.upload.size)
        for parked in self._parked.values():
            parked.upload.discard()
            self._refusal(parked, NotTaken("never_renamed"))
        self._under_way.clear()
        self._parked.clear()

    def _park(self, uploading: Uploading) -> None:
        former = self._parked.pop(uploading.name, None)
        if former is not None:
            former.upload.discard()
        if len(self._parked) >= _MAX_PARKED:
            raise Refused(Status.FAILURE, "too many files under temporary names; rename them before uploading more")
        self._parked[uploading.name] = uploading

    def _take(self, name: str, upload: Upload) -> None:
        """Hand the upload to the intake; only when this returns is it accepted."""
        content, partner = upload.finish(), self._account.partner
        arrival = Arrival(partner, CHANNEL, name, content.data, content.blob, content.sha256, content.size)
        accepted = self._services.intake.accept(arrival)
        self._log.info("sftp.accepted", name=name, size=content.size, transmission=accepted.transmission)
        self._taken.pop(name, None)
        self._taken[name] = MailboxEntry(name, content.size, self._services.clock())
        if len(self._taken) > _MAX_REMEMBERED:
            self._taken.popitem(last=False)

    def _refusal(self, uploading: Uploading, error: NotTaken) -> Refused:
        """The answer to the client; whoever listens is told once for each upload."""
        if not uploading.told:
            uploading.told = True
            finding = error.finding
            self._log.warning("sftp.refused", name=uploading.name, finding=finding.code, params=dict(finding.params))
            self._services.on_refused(Refusal(self._account.partner, CHANNEL, uploading.name, finding))
        return Refused(Status.FAILURE, str(error))

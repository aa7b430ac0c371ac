"""A partner's virtual root over SFTP: what it sees in its folders, and its open files. Knows nothing of packets."""

import io
from dataclasses import dataclass
from typing import Any, BinaryIO

from hub.clock import SECOND
from hub.sftp.wire import Attributes, Open, Status
from hub.transports.base import Account, Folder, FolderKind, MailboxEntry
from hub.transports.paths import NotTaken, Place, normalise, resolve
from hub.transports.upload_folder import Refused, Services, UploadFolder, Uploading
from hub.transports.uploads import Extents

_MAX_OPEN = 64
_FOLDER_MODE, _UPLOAD_MODE, _MAILBOX_MODE = 0o040770, 0o100660, 0o100440


@dataclass(slots=True)
class Fetching:
    """An open download, and which of its bytes were read."""

    folder: Folder
    entry: MailboxEntry
    file: BinaryIO
    read: Extents


@dataclass(slots=True)
class Listing:
    """An open folder: the entries that were not shown yet."""

    entries: list[tuple[str, Attributes]]


Handle = Uploading | Fetching | Listing


class VirtualRoot:
    """One session's view of one partner's folders. Methods raise Refused, or a HubError when the hub itself failed."""

    def __init__(self, account: Account, services: Services, log: Any) -> None:
        self._account = account
        self._mailboxes = services.mailboxes
        self._clock = services.clock
        self._log = log
        self._handles: dict[bytes, Handle] = {}
        self._count = 0
        self._uploads = {
            folder: UploadFolder(account, services, log)
            for folder in account.folders
            if folder.kind is FolderKind.UPLOAD
        }

    def realpath(self, path: str) -> str:
        """The path from the root; it need not exist."""
        return normalise(path)

    def stat(self, path: str) -> Attributes:
        """The attributes of a folder or file."""
        place = self._resolve(path)
        if place.folder is None or place.name is None:
            return self._folder_attributes()
        entry = self._entry(place.folder, place.name)
        if entry is None:
            raise Refused(Status.NO_SUCH_FILE, f"there is no {path}")
        return _attributes(entry, place.folder)

    def remove(self, path: str) -> None:
        """Remove a file from a mailbox, or an upload that is not taken yet."""
        folder, name = self._file(path)
        if folder in self._uploads:
            self._uploads[folder].remove(name)
        elif self._mailboxes.remove(self._account.partner, folder.box, name):
            self._log.info("sftp.removed", folder=folder.name, name=name)
        else:
            raise Refused(Status.NO_SUCH_FILE, f"there is no {path}")

    def rename(self, old: str, new: str) -> None:
        """Give an upload its name; a final name takes it."""
        folder, name = self._file(old)
        target, final = self._file(new)
        if folder in self._uploads and target == folder:
            self._uploads[folder].rename(name, final)
        elif self._entry(folder, name) is None:
            raise Refused(Status.NO_SUCH_FILE, f"there is no {old}")
        else:
            raise Refused(Status.PERMISSION_DENIED, "only an upload is renamed, and only within its folder")

    def refuse(self, path: str) -> None:
        """Refuse to make or remove a folder or a link."""
        self._resolve(path)
        raise Refused(Status.PERMISSION_DENIED, "folders and links are not made or removed here")

    def open(self, path: str, flags: int) -> bytes:
        """Open a file for reading or writing; its handle."""
        folder, name = self._file(path)
        writing = flags & (Open.WRITE | Open.APPEND | Open.CREATE | Open.TRUNCATE)
        if writing and folder not in self._uploads:
            raise Refused(Status.PERMISSION_DENIED, f"{folder.name} is for fetching; upload into the upload folder")
        if not writing and folder in self._uploads:
            raise Refused(Status.PERMISSION_DENIED, "an upload cannot be read back")
        self._check_room()
        return self._register(self._uploads[folder].open(name, flags) if writing else self._fetch(folder, name))

    def open_folder(self, path: str) -> bytes:
        """Open a folder for listing; its handle."""
        place = self._resolve(path)
        if place.name is not None:
            raise Refused(Status.NO_SUCH_FILE, f"{path} is not a folder")
        self._check_room()
        if place.folder is None:
            return self._register(Listing([(each.name, self._folder_attributes()) for each in self._account.folders]))
        return self._register(Listing(self._list(place.folder)))

    def entries(self, handle: bytes, count: int) -> list[tuple[str, Attributes]]:
        """The next ``count`` entries of an open folder; none at the end."""
        listing = self._opened(handle)
        if not isinstance(listing, Listing):
            raise Refused(Status.FAILURE, "this handle is not a folder")
        shown, listing.entries = listing.entries[:count], listing.entries[count:]
        return shown

    def read(self, handle: bytes, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes from ``offset``; empty at the end."""
        fetching = self._opened(handle)
        if not isinstance(fetching, Fetching):
            raise Refused(Status.PERMISSION_DENIED, "this file is not open for reading")
        if offset >= fetching.entry.size:
            return b""
        fetching.file.seek(offset)
        data = fetching.file.read(length)
        fetching.read.add(offset, offset + len(data))
        return data

    def write(self, handle: bytes, offset: int, data: bytes) -> None:
        """Write into an upload."""
        uploading = self._opened(handle)
        if not isinstance(uploading, Uploading):
            raise Refused(Status.PERMISSION_DENIED, "this file is not open for writing")
        uploading.folder.write(uploading, offset, data)

    def attributes(self, handle: bytes) -> Attributes:
        """The attributes of an open file or folder."""
        opened = self._opened(handle)
        if isinstance(opened, Uploading):
            return Attributes(opened.upload.size, _UPLOAD_MODE, opened.at // SECOND)
        return _attributes(opened.entry, opened.folder) if isinstance(opened, Fetching) else self._folder_attributes()

    def set_attributes(self, handle: bytes, wanted: Attributes) -> None:
        """Times and rights are accepted without effect, as clients set them after an upload; cutting it is refused."""
        if wanted.size is not None and wanted.size < (self.attributes(handle).size or 0):
            raise Refused(Status.OP_UNSUPPORTED, "an upload cannot be cut shorter; upload the file anew")

    def close(self, handle: bytes) -> None:
        """The client closed a handle: an upload is taken or parked, a download read to its end counts as fetched."""
        opened = self._opened(handle)
        del self._handles[handle]
        if isinstance(opened, Uploading):
            opened.folder.close(opened)
        elif isinstance(opened, Fetching):
            opened.file.close()
            if opened.read.gap(opened.entry.size) is None:
                self._mailboxes.fetched(self._account.partner, opened.folder.box, opened.entry.name)
                self._log.info("sftp.fetched", folder=opened.folder.name, name=opened.entry.name)

    def abandon(self) -> None:
        """The session is over: what was not taken is discarded."""
        for opened in self._handles.values():
            if isinstance(opened, Fetching):
                opened.file.close()
        self._handles.clear()
        for uploads in self._uploads.values():
            uploads.abandon()

    def _fetch(self, folder: Folder, name: str) -> Fetching:
        partner = self._account.partner
        entry = self._mailboxes.stat(partner, folder.box, name)
        content = self._mailboxes.open(partner, folder.box, name) if entry is not None else None
        if entry is None or content is None:
            raise Refused(Status.NO_SUCH_FILE, f"there is no {name} in {folder.name}")
        return Fetching(folder, entry, io.BytesIO(content) if isinstance(content, bytes) else content, Extents())

    def _list(self, folder: Folder) -> list[tuple[str, Attributes]]:
        if folder in self._uploads:
            entries = self._uploads[folder].entries()
        else:
            entries = self._mailboxes.list(self._account.partner, folder.box)
        return [(entry.name, _attributes(entry, folder)) for entry in entries]

    def _entry(self, folder: Folder, name: str) -> MailboxEntry | None:
        if folder in self._uploads:
            return self._uploads[folder].entry(name)
        return self._mailboxes.stat(self._account.partner, folder.box, name)

    def _folder_attributes(self) -> Attributes:
        return Attributes(0, _FOLDER_MODE, self._clock() // SECOND)

    def _resolve(self, path: str) -> Place:
        try:
            return resolve(path, self._account.folders)
        except NotTaken as error:
            self._log.info("sftp.path_refused", path=ascii(path)[:200], finding=error.finding.code)
            raise Refused(Status.NO_SUCH_FILE, str(error)) from error

    def _file(self, path: str) -> tuple[Folder, str]:
        place = self._resolve(path)
        if place.folder is None or place.name is None:
            raise Refused(Status.PERMISSION_DENIED, f"{path} is a folder")
        return place.folder, place.name

    def _check_room(self) -> None:
        if len(self._handles) >= _MAX_OPEN:
            raise Refused(Status.FAILURE, f"more than {_MAX_OPEN} open files; close some first")

    def _register(self, opened: Handle) -> bytes:
        self._count += 1
        handle = b"%x" % self._count
        self._handles[handle] = opened
        return handle

    def _opened(self, handle: bytes) -> Handle:
        try:
            return self._handles[handle]
        except KeyError:
            raise Refused(Status.FAILURE, "this handle is not open") from None


def _attributes(entry: MailboxEntry, folder: Folder) -> Attributes:
    mode = _MAILBOX_MODE if folder.kind is FolderKind.MAILBOX else _UPLOAD_MODE
    return Attributes(entry.size, mode, entry.modified // SECOND)

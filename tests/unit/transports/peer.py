"""A partner's SFTP server: paramiko's own, over a folder on disk. Independent of the hub's packets."""

import contextlib
import os
import socket
import threading
from pathlib import Path

import paramiko
from paramiko.sftp import SFTP_OK


class Folder(paramiko.SFTPServerInterface):
    """Serves ``root``; what is ``locked`` is not opened or removed; a rename never overwrites, as version 3 has it."""

    def __init__(self, server: "Peer") -> None:
        super().__init__(server)
        self._peer = server

    def _path(self, path: str) -> str:
        return f"{self._peer.root}/{path.lstrip('/')}"

    def _check(self, path: str) -> None:
        if os.path.basename(path) in self._peer.locked:
            raise PermissionError(13, "locked")

    def list_folder(self, path: str):  # type: ignore[no-untyped-def]
        with self._errors() as error:
            return [
                paramiko.SFTPAttributes.from_stat(os.stat(f"{self._path(path)}/{name}"), name)
                for name in os.listdir(self._path(path))
            ]
        return error.code

    def stat(self, path: str):  # type: ignore[no-untyped-def]
        with self._errors() as error:
            return paramiko.SFTPAttributes.from_stat(os.stat(self._path(path)))
        return error.code

    def open(self, path: str, flags: int, attr: object):  # type: ignore[no-untyped-def]
        with self._errors() as error:
            self._check(path)
            handle = paramiko.SFTPHandle(flags)
            file = os.fdopen(os.open(self._path(path), flags, 0o600), "wb" if flags & os.O_WRONLY else "rb")
            handle.filename, handle.readfile, handle.writefile = self._path(path), file, file
            handle.stat = lambda: self.stat(path)
            return handle
        return error.code

    def remove(self, path: str) -> int:
        with self._errors() as error:
            self._check(path)
            os.unlink(self._path(path))
        return error.code

    def rename(self, old: str, new: str) -> int:
        with self._errors() as error:
            if os.path.exists(self._path(new)):
                raise FileExistsError(17, "taken")
            os.rename(self._path(old), self._path(new))
        return error.code

    @contextlib.contextmanager
    def _errors(self):  # type: ignore[no-untyped-def]
        class Error:
            code = SFTP_OK

        error = Error()
        try:
            yield error
        except OSError as caught:
            error.code = paramiko.SFTPServer.convert_errno(caught.errno)


class Peer(paramiko.ServerInterface):
    """The server; it accepts every key."""

    def __init__(self, root: Path, host_key: Path) -> None:
        self.root = root
        self.locked: set[str] = set()
        self._key = paramiko.PKey.from_path(host_key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._transports: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):  # stopped before
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)
        self._listener.close()
        for transport in self._transports:
            transport.close()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                transport = paramiko.Transport(self._listener.accept()[0])
                transport.add_server_key(self._key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Folder)
                transport.start_server(event=threading.Event(), server=self)
                self._transports.append(transport)

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.common.AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.common.OPEN_SUCCEEDED

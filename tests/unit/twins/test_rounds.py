"""An agency's rounds against a mailbox in memory, with failures at each step."""

from pathlib import Path
from threading import Event
from typing import cast

import pytest

from hub.sftp.client import RemoteFile, SftpConnection
from hub.sftp.wire import SftpError
from hub.twins.agency import Agency, Handled
from hub.twins.desk import Desk, Item, Reply
from hub.twins.folder import TwinFolder
from hub.twins.rounds import Rounds
from hub.twins.trader import Trader


class Mailbox:
    """An SFTP session in memory. ``broken`` names a call that fails."""

    def __init__(self, **download: bytes) -> None:
        self.files = {f"download/{name.replace('_', '.')}": data for name, data in download.items()}
        self.broken = ""

    def __enter__(self) -> "Mailbox":
        return self

    def __exit__(self, *raised: object) -> None:
        self.broken = ""

    def listdir(self, folder: str) -> list[RemoteFile]:
        self._fail("listdir")
        found = [
            (path.removeprefix(f"{folder}/"), data) for path, data in self.files.items() if path.startswith(folder)
        ]
        return [RemoteFile(name, len(data), 0) for name, data in found]

    def get(self, path: str) -> bytes:
        return self.files[path]

    def put(self, path: str, data: bytes) -> None:
        self._fail("put")
        self.files[path] = data

    def remove(self, path: str) -> None:
        self._fail("remove")
        del self.files[path]

    def close(self) -> None:
        self.broken = "listdir"

    def _fail(self, call: str) -> None:
        if self.broken == call:
            raise SftpError("the connection broke")


class Clerk:
    """Stands for an agency: answers every message with its own bytes, once a second has passed."""

    def __init__(self, detached: bool = False, suspect: str = "") -> None:
        self._detached, self.suspect = detached, suspect
        self.asked: list[Item] = []

    def detached(self, name: str) -> bool:
        return self._detached

    def away(self) -> bool:
        return False

    def handle(self, item: Item) -> Handled:
        self.asked.append(item)
        if self.suspect:
            return Handled(suspect=self.suspect)
        return Handled(
            (Reply(f"{item.name}.receipt", b"got it"),), (Reply(f"{item.name}.answer", item.data, 1_000_000),)
        )


class Twin:
    """Rounds whose clock can be turned."""

    def __init__(self, root: Path, clerk: Clerk, mailbox: Mailbox) -> None:
        self.folder = TwinFolder(root)
        self.clerk, self.mailbox, self.late = clerk, mailbox, 0
        self.start()

    def start(self) -> None:
        agency = cast(Agency, self.clerk)
        self.rounds = Rounds(agency, Desk(self.folder), lambda: self.session, 1, self.now)

    @property
    def session(self) -> SftpConnection:
        return cast(SftpConnection, self.mailbox)

    def now(self) -> int:
        newest = max((path.stat().st_mtime_ns // 1000 for path in self.folder.inbox.iterdir()), default=0)
        return newest + self.late

    def turn(self) -> int:
        return self.rounds.turn(self.session)

    @property
    def sent(self) -> dict[str, bytes]:
        files = self.mailbox.files
        return {name.removeprefix("upload/"): data for name, data in files.items() if name.startswith("upload/")}


def test_the_receipt_goes_at_once_and_the_answer_when_it_is_due(tmp_path: Path) -> None:
    twin = Twin(tmp_path, Clerk(), Mailbox(a_xml=b"<a/>"))
    assert twin.turn() == 1
    assert twin.mailbox.files == {"upload/a.xml.receipt": b"got it"}
    assert twin.turn() == 0
    twin.late = 1_000_000
    assert twin.turn() == 1
    assert twin.sent == {"a.xml.receipt": b"got it", "a.xml.answer": b"<a/>"}
    assert len(twin.clerk.asked) == 1


def test_the_detached_signature_is_waited_for(tmp_path: Path) -> None:
    twin = Twin(tmp_path, Clerk(detached=True), Mailbox(a_csv=b"x"))
    twin.turn()
    assert twin.clerk.asked == []
    twin.mailbox.files["download/a.csv.p7s"] = b"signature"
    twin.turn()
    assert [item.signature for item in twin.clerk.asked] == [b"signature"]
    assert not [name for name in twin.mailbox.files if name.startswith("download/")]


@pytest.mark.parametrize("call", ["remove", "put"])
def test_a_connection_broken_at_any_step_leads_to_no_second_answer(tmp_path: Path, call: str) -> None:
    twin = Twin(tmp_path, Clerk(), Mailbox(a_xml=b"<a/>"))
    twin.late = 1_000_000
    twin.mailbox.broken = call
    with pytest.raises(SftpError):
        twin.turn()
    twin.mailbox.broken = ""
    twin.start()
    twin.turn()
    twin.start()
    assert twin.turn() == 0
    assert twin.sent == {"a.xml.receipt": b"got it", "a.xml.answer": b"<a/>"}


def test_a_message_that_comes_again_is_not_answered_again(tmp_path: Path) -> None:
    twin = Twin(tmp_path, Clerk(), Mailbox(a_xml=b"<a/>"))
    twin.late = 1_000_000
    twin.turn()
    twin.mailbox.files = {"download/a.xml": b"<a/>"}
    twin.start()
    assert twin.turn() == 0
    assert twin.mailbox.files == {}


def test_what_is_suspect_is_kept_aside_and_not_looked_at_again(tmp_path: Path) -> None:
    twin = Twin(tmp_path, Clerk(suspect="forged"), Mailbox(a_xml=b"<a/>"))
    assert twin.turn() == 0
    assert (twin.folder.suspect / "a.xml").read_bytes() == b"<a/>"
    twin.turn()
    assert len(twin.clerk.asked) == 1


def test_a_broken_connection_is_opened_again_until_told_to_stop(tmp_path: Path) -> None:
    twin, stop = Twin(tmp_path, Clerk(), Mailbox()), Event()
    opened = []

    def connect() -> SftpConnection:
        opened.append(1)
        if len(opened) == 3:
            stop.set()
        raise SftpError("not reached")

    Rounds(cast(Agency, twin.clerk), Desk(twin.folder), connect, 1, twin.now, patience=0).run(stop)
    assert len(opened) == 3


def test_a_trader_gets_each_receipt_once() -> None:
    mailbox = Mailbox()
    with Trader(lambda: cast(SftpConnection, mailbox)) as trader:
        trader.upload("a.edi", b"UNB")
        assert mailbox.files == {"upload/a.edi": b"UNB"}
        mailbox.files = {"receipts/1": b"one", "receipts/2": b"two"}
        came = trader.receipts(60)
        assert [next(came), next(came)] == [("1", b"one"), ("2", b"two")]
        assert list(trader.receipts(0.01)) == []

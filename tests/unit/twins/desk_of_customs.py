"""Customs at a counter, for tests: what the hub would send is handed in, what customs says is read."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.clock import SECOND
from hub.config.settings import load_settings
from hub.formats.read import read
from hub.model.partner import SigningKey
from hub.schema.catalog import Catalog
from hub.security import certificates, xmldsig
from hub.security.keys import load_signer, passphrase
from hub.security.signer import Signer
from hub.twins import start
from hub.twins.counter import Counter

AT = 1_795_449_600_000_000  # 2026-11-23T16:00:00Z, 24 November in Changsha


@dataclass
class Customs:
    """Customs of the demonstration in ``home``."""

    home: Path
    at: int = AT
    counter: Counter = field(init=False)
    hub: Signer = field(init=False)
    serial: int = 0

    def __post_init__(self) -> None:
        self.counter = Counter(start.agency(self.home, "customs", clock=self.clock), self.clock)
        self.hub = load_signer(load_settings(self.home).paths.signer(SigningKey.EC), passphrase())
        self.own = certificates.parse((self.home / "partners/customs/keys/sign_ec.crt").read_bytes())
        self.catalog = Catalog(load_settings(self.home).paths.schemas)

    def clock(self) -> int:
        return self.at

    def later(self, seconds: float) -> None:
        self.at += int(seconds * SECOND)

    def send(self, data: bytes, name: str = "") -> None:
        """Hand in ``data`` as the hub signs it."""
        self.serial += 1
        self.counter.hand(name or f"DL-{self.serial}.xml", xmldsig.sign(data, self.hub))

    def said(self) -> list[dict[str, Any]]:
        """The receipts that are due, item by item, in order."""
        return [item for message in self.messages() for item in message]

    def messages(self) -> list[list[dict[str, Any]]]:
        """The receipts that are due, in their messages. Each is valid, and signed by customs."""
        found = []
        for reply in self.counter.collect():
            reading = read(xmldsig.verify(reply.data, self.own), self.catalog, verified=True)
            assert reading.valid, (reply.name, reading.all_findings())
            document = reading.interchanges[0].messages[0].document or {}
            found.append(next(value for value in document.values() if isinstance(value, list)))
        return found

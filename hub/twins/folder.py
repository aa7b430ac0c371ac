"""A twin's own folder, ``twins/<id>/``: its private keys, what it knows of the hub, and its work in progress.

ssh_ed25519        its SSH key
sign_ec.pem        its signing key and certificate, if it signs
hub_sign_*.crt     the hub's certificates, to verify what the hub signed
hub_host.pub       the hub's SFTP host key; no other is accepted
inbox/ outbox/     messages taken and not yet answered, answers not yet sent
answered.log       what was answered, one line a message
scenario.log       when a scenario began, and which message was which
back               a file that, once there, ends an outage without an end
memory.log         what was decided and what that changed, one line a decision
"""

from dataclasses import dataclass
from pathlib import Path

from hub.model.partner import SigningKey


@dataclass(frozen=True, slots=True)
class TwinFolder:
    """Where the twin's things are under ``root``."""

    root: Path

    @property
    def ssh_key(self) -> Path:
        """Its private SSH key (OpenSSH)."""
        return self.root / "ssh_ed25519"

    @property
    def signing_key(self) -> Path:
        """Its signing key with the certificate (PEM)."""
        return self.root / "sign_ec.pem"

    @property
    def host_key_line(self) -> Path:
        """The hub's SFTP host key (OpenSSH public line)."""
        return self.root / "hub_host.pub"

    @property
    def inbox(self) -> Path:
        """Messages taken from the hub and not yet answered."""
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        """Answers not yet sent; their bytes are final."""
        return self.root / "outbox"

    @property
    def suspect(self) -> Path:
        """What did not verify or could not be read, for a person to look at."""
        return self.root / "suspect"

    @property
    def answered(self) -> Path:
        """What was answered."""
        return self.root / "answered.log"

    @property
    def memory(self) -> Path:
        """What it decided, and so what is on its books."""
        return self.root / "memory.log"

    def hub_certificate(self, key: SigningKey) -> Path:
        """A certificate of the hub (PEM)."""
        return self.root / f"hub_sign_{key}.crt"

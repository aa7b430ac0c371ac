"""Homes for tests: partners of the least that is valid, with real public keys."""

import base64
from pathlib import Path

PARTNER = """\
title = {{ zh = "甲", en = "A" }}
roles = ["carrier"]

[edifact]
ids = [{{ id = "{edifact}" }}]

[sftp]
keys = ["keys/ssh.pub"]
"""


def ssh_line(seed: int) -> str:
    """An OpenSSH Ed25519 public key line; any 32 bytes make one."""
    kind = b"ssh-ed25519"
    blob = len(kind).to_bytes(4, "big") + kind + (32).to_bytes(4, "big") + bytes([seed]) * 32
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} key-{seed}\n"


def write(home: Path, files: dict[str, str]) -> Path:
    """``home`` with ``files`` by relative name."""
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return home


def good(home: Path) -> Path:
    """A home with the two partners ``anna`` and ``bert``."""
    return write(
        home,
        {
            "hub.toml": "",
            "partners/anna/partner.toml": PARTNER.format(edifact="ANNA"),
            "partners/anna/keys/ssh.pub": ssh_line(1),
            "partners/bert/partner.toml": PARTNER.format(edifact="BERT"),
            "partners/bert/keys/ssh.pub": ssh_line(2),
        },
    )

"""SSH as the hub speaks it: a short list of strong algorithms, no forwarding, bounded buffers."""

import base64
import binascii
import logging
import socket
from pathlib import Path

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from paramiko.common import MSG_CHANNEL_DATA, MSG_CHANNEL_EXTENDED_DATA
from paramiko.packet import Packetizer

from hub.errors import HubError

_MAX_BUFFERED = 4 * 1024 * 1024  # twice the window that a peer is given: who sends more does not keep the protocol
_MAX_PACKET = 256 * 1024 + 1024
_MIN_RSA_BITS = 2048


class KeyUnusable(HubError):
    """An SSH key cannot be used. Make a new one: ssh-keygen -t ed25519."""


def _feed(channel: paramiko.Channel, message: paramiko.Message) -> None:
    if len(channel.in_buffer) > _MAX_BUFFERED:
        raise paramiko.SSHException("the peer sent more than its window allows")
    channel._feed(message)  # type: ignore[attr-defined]


def _drop(channel: paramiko.Channel, message: paramiko.Message) -> None:
    """SFTP has no use for the error stream; what comes there is not kept."""


class BoundedPacketizer(Packetizer):
    """Reads no packet that is longer than OpenSSH would send: its length is known before anything is verified."""

    def read_all(self, n: int, check_rekey: bool = False) -> bytes:
        """The next ``n`` bytes. Raises SSHException when there are too many."""
        if n > _MAX_PACKET:
            raise paramiko.SSHException(f"the peer announces a packet of {n} bytes")
        return super().read_all(n, check_rekey)


class StrictTransport(paramiko.Transport):
    """An SSH transport without CBC, 3DES, MD5, SHA-1 and compression, whose buffers keep to the window."""

    _preferred_kex = (
        "mlkem768x25519-sha256",
        "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521",
        "diffie-hellman-group16-sha512",
        "diffie-hellman-group14-sha256",
    )
    _preferred_ciphers = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr")
    _preferred_macs = (
        "hmac-sha2-256-etm@openssh.com",
        "hmac-sha2-512-etm@openssh.com",
        "hmac-sha2-256",
        "hmac-sha2-512",
    )
    _preferred_keys = (
        "ssh-ed25519",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "rsa-sha2-512",
        "rsa-sha2-256",
    )
    _preferred_pubkeys = _preferred_keys
    _preferred_compression = ("none",)
    _CLIENT_ID = "Hub"
    _channel_handler_table = {
        **paramiko.Transport._channel_handler_table,  # type: ignore[attr-defined]
        MSG_CHANNEL_DATA: _feed,
        MSG_CHANNEL_EXTENDED_DATA: _drop,
    }

    def __init__(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        super().__init__(sock, packetizer_class=BoundedPacketizer)
        self.logger = quiet_logger()
        self.packetizer.set_log(self.logger)

    def cut(self) -> None:
        """End the connection at once, also when a thread waits on its socket."""
        sock = self.sock
        if isinstance(sock, socket.socket):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.logger.debug("the peer was gone already")
        self.close()


def quiet_logger() -> logging.Logger:
    """Where paramiko writes: nowhere unless someone attaches a handler. What matters is logged as events by the hub."""
    logger = logging.getLogger("hub.sftp.wire")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.setLevel(logging.CRITICAL)
    return logger


def private_key(path: Path) -> paramiko.PKey:
    """The private key in ``path`` (OpenSSH or PEM; ed25519, ECDSA or RSA). Raises KeyUnusable."""
    try:
        key = paramiko.PKey.from_path(path)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm, paramiko.SSHException) as error:
        raise KeyUnusable(f"{path}: not a usable private key ({error}); make one: ssh-keygen -t ed25519") from error
    if key.get_name() == "ssh-rsa" and key.get_bits() < _MIN_RSA_BITS:
        raise KeyUnusable(f"{path}: an RSA key of {key.get_bits()} bits is too short; make one: ssh-keygen -t ed25519")
    return key


def public_blob(line: str) -> bytes:
    """The key itself in an OpenSSH public key line (``ssh-ed25519 AAAA… comment``). Raises KeyUnusable."""
    fields = line.split()
    try:
        blob = base64.b64decode(fields[1], validate=True)
        size = int.from_bytes(blob[:4], "big")
        if blob[4 : 4 + size].decode("ascii") != fields[0]:
            raise ValueError("its type and its bytes disagree")
    except (IndexError, ValueError, binascii.Error) as error:
        raise KeyUnusable(f"not an OpenSSH public key line: {line[:40]!r} ({error})") from error
    return blob


def strong_enough(key: paramiko.PKey) -> bool:
    """Whether a peer may use ``key``: RSA keys under 2,048 bits are refused."""
    return key.get_name() != "ssh-rsa" or key.get_bits() >= _MIN_RSA_BITS

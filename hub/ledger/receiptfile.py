"""The receipt file: what it holds, written in one exact form and read strictly, for it comes from anywhere.

The form is JSON with sorted keys, so that a person can read it; a file that differs from it in one byte is refused. An
entry's ``proof`` followed by ``checkpoint`` is a ``.tlog-proof`` file (C2SP tlog-proof).
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from hub.errors import HubError
from hub.ledger.notes import NoteInvalid, decoded

FORMAT = "hub-receipt/1"
MAX_BYTES = 64_000_000
MAX_ENTRIES = 10_000


class ReceiptInvalid(HubError):
    """The file is not a receipt of this hub's form."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry: its number, its body word for word, and the text of its proof."""

    seq: int
    body: str
    proof: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """``case`` or ``transmission`` is the subject, the other is None. ``payloads``: SHA-256 in hex → bytes."""

    hub: str
    key: str  # the public key, NAME+id+base64
    case: str | None
    transmission: str | None
    checkpoint: str  # the signed note
    entries: tuple[Item, ...]
    summary: tuple[str, ...]
    payloads: tuple[tuple[str, bytes], ...] = ()

    def write(self) -> bytes:
        """The file."""
        subject = {"transmission": self.transmission} if self.case is None else {"case": self.case}
        data = {
            "checkpoint": self.checkpoint,
            "entries": [{"body": item.body, "proof": item.proof, "seq": item.seq} for item in self.entries],
            "format": FORMAT,
            "hub": self.hub,
            "key": self.key,
            "payloads": [
                {"data": base64.b64encode(payload).decode(), "sha256": digest} for digest, payload in self.payloads
            ],
            "subject": subject,
            "summary": list(self.summary),
        }
        text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
        return text.encode("utf-8", "surrogatepass") + b"\n"

    @classmethod
    def read(cls, data: bytes) -> "Receipt":
        """The receipt in a file. Raises ReceiptInvalid for whatever :meth:`write` would not have written."""
        if len(data) > MAX_BYTES:
            raise ReceiptInvalid(f"larger than {MAX_BYTES} bytes: no receipt is")
        try:
            receipt = _receipt(json.loads(data.decode("utf-8")))
        except (ValueError, RecursionError, NoteInvalid) as error:
            raise ReceiptInvalid(f"not the JSON of a receipt: {str(error)[:200]}") from error
        if receipt.write() != data:
            raise ReceiptInvalid(
                "not in the exact form of a receipt: something was added, left out or written otherwise"
            )
        return receipt


def _receipt(data: Any) -> Receipt:
    _table(data, "the file", "checkpoint", "entries", "format", "hub", "key", "payloads", "subject", "summary")
    if data["format"] != FORMAT:
        raise ReceiptInvalid(f"its format is {str(data['format'])[:40]!r}, not {FORMAT}")
    subject = data["subject"]
    named = "case" if isinstance(subject, dict) and "case" in subject else "transmission"
    _table(subject, "subject", named)
    return Receipt(
        hub=_text(data, "hub"),
        key=_text(data, "key"),
        case=_text(subject, "case") if named == "case" else None,
        transmission=_text(subject, "transmission") if named == "transmission" else None,
        checkpoint=_text(data, "checkpoint"),
        entries=tuple(_item(item) for item in _items(data, "entries")),
        summary=tuple(_line(line) for line in _items(data, "summary")),
        payloads=tuple(_payload(item) for item in _items(data, "payloads")),
    )


def _item(data: Any) -> Item:
    _table(data, "an entry", "body", "proof", "seq")
    if type(data["seq"]) is not int or data["seq"] < 0:
        raise ReceiptInvalid("the seq of an entry is not a number")
    return Item(data["seq"], _text(data, "body"), _text(data, "proof"))


def _payload(data: Any) -> tuple[str, bytes]:
    _table(data, "a payload", "data", "sha256")
    return _text(data, "sha256"), decoded(_text(data, "data"))


def _line(value: Any) -> str:
    if not isinstance(value, str):
        raise ReceiptInvalid("a line of the summary is not text")
    return value


def _table(data: Any, what: str, *keys: str) -> None:
    if not isinstance(data, dict) or set(data) != set(keys):
        raise ReceiptInvalid(f"{what} does not have the keys {', '.join(keys)} and no others")


def _text(data: dict[str, Any], key: str) -> str:
    value = data[key]
    if not isinstance(value, str):
        raise ReceiptInvalid(f"{key} is not text")
    return value


def _items(data: dict[str, Any], key: str) -> list[Any]:
    value = data[key]
    if not isinstance(value, list) or len(value) > MAX_ENTRIES:
        raise ReceiptInvalid(f"{key} is not a list of at most {MAX_ENTRIES}")
    return value

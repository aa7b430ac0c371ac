"""Answers to messages that never were: whatever an answer repeats of its question is turned into something else."""

import re
from collections.abc import Iterator
from typing import Any

from hub.model.message import Document, Envelope

_NUMBER = re.compile(r"(?=.*\d).{3,}")
_TURNED = str.maketrans("0123456789", "9876543210")


def strange(answer: Document, question: Document, envelope: Envelope) -> Document:
    """``answer`` with the digits turned in all numbers that it has from ``question`` or its envelope.

    >>> strange({"ID": "DL-10", "Status": "800"}, {"Head": {"MessageID": "DL-10"}}, Envelope())
    {'ID': 'DL-89', 'Status': '800'}
    """
    known = {text for text in _texts(question) if _NUMBER.fullmatch(text)} | {envelope.control_ref}
    turned: Document = _turned(answer, known - {""})
    return turned


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for inner in node.values():
            yield from _texts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _texts(inner)
    else:
        yield str(node)


def _turned(node: Any, known: set[str]) -> Any:
    if isinstance(node, dict):
        return {key: _turned(inner, known) for key, inner in node.items()}
    if isinstance(node, list):
        return [_turned(inner, known) for inner in node]
    return node.translate(_TURNED) if node in known else node

"""Plain values → JSON, for the eyes and for programs: UTF-8, keys in the Document's order.

>>> dump({"Head": {"MessageID": "M1"}}).decode()
'{"Head": {"MessageID": "M1"}}'
"""

import json
from collections.abc import Sequence
from typing import Any

from hub.formats.form.plain import plain
from hub.model.message import Interchange


def dump(document: dict[str, Any], *, indent: int | None = None) -> bytes:
    """``document`` as JSON; ``indent`` blanks a level, or one line."""
    return json.dumps(document, ensure_ascii=False, indent=indent).encode("utf-8")


def write(interchanges: Sequence[Interchange]) -> bytes:
    """``interchanges`` as a JSON transmission. Raises WriteError for a message that could not be read."""
    return dump(plain(interchanges), indent=1) + b"\n"

"""Document → JSON, for the eyes and for programs beside the hub: UTF-8, keys in the Document's order.

>>> dump({"Head": {"MessageID": "M1"}}).decode()
'{"Head": {"MessageID": "M1"}}'
"""

import json

from hub.model.message import Document


def dump(document: Document, *, indent: int | None = None) -> bytes:
    """``document`` as JSON; ``indent`` blanks a level, or one line."""
    return json.dumps(document, ensure_ascii=False, indent=indent).encode("utf-8")

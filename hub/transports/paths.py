"""Names and paths from outside, made clean or refused; pure.

>>> from hub.transports.base import STANDARD_FOLDERS
>>> resolve("/upload/../upload/./order.edi", STANDARD_FOLDERS).name
'order.edi'
>>> clean_name("订单.edi")
'订单.edi'
"""

import unicodedata
from dataclasses import dataclass

from hub.model.finding import Finding, Language
from hub.transports.base import Folder

MAX_NAME_BYTES = 255
MAX_PATH_BYTES = 4096
_TEMPORARY = (".tmp", ".part", ".filepart", ".partial")
_FORBIDDEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})  # controls, bidi and invisible signs, line breaks


class NotTaken(Exception):
    """A name, a path or a file that is refused; ``finding`` says why, in Chinese and English."""

    def __init__(self, key: str, **params: object) -> None:
        self.finding = Finding(f"transport.{key}", params=tuple((name, str(value)) for name, value in params.items()))
        super().__init__(f"{self.finding.text(Language.EN)}; {self.finding.mend(Language.EN)}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: the root (both None), a folder (``name`` None), or a file in a folder."""

    folder: Folder | None = None
    name: str | None = None


def clean_name(name: str) -> str:
    """``name`` in Unicode's NFC form. Raises NotTaken unless it is a plain file name of at most 255 bytes."""
    name = unicodedata.normalize("NFC", name)
    for character in name:
        if character in "/\\" or unicodedata.category(character) in _FORBIDDEN_KINDS:
            raise NotTaken("name_character", character=f"U+{ord(character):04X}")
    if name in ("", ".", ".."):
        raise NotTaken("name_character", character=repr(name))
    size = len(name.encode("utf-8"))
    if size > MAX_NAME_BYTES:
        raise NotTaken("name_length", size=size, max=MAX_NAME_BYTES)
    return name


def is_temporary(name: str) -> bool:
    """Whether the name says "in progress": it ends in .tmp, .part, .filepart or .partial, or is a dot file."""
    return name.startswith(".") or name.casefold().endswith(_TEMPORARY)


def normalise(path: str) -> str:
    """``path`` from the root, with ``.``, ``..`` and doubled slashes resolved; ``..`` in the root stays in the root."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/" + "/".join(steps)


def resolve(path: str, folders: tuple[Folder, ...]) -> Place:
    """Where ``path`` leads. Raises NotTaken for all but ``/``, ``/<folder>`` and ``/<folder>/<name>``."""
    size = len(path.encode("utf-8", "surrogatepass"))
    if size > MAX_PATH_BYTES:
        raise NotTaken("name_length", size=size, max=MAX_PATH_BYTES)
    steps = normalise(path).split("/")[1:]
    if steps == [""]:
        return Place()
    folder = next((folder for folder in folders if folder.name == unicodedata.normalize("NFC", steps[0])), None)
    if folder is None or len(steps) > 2:
        raise NotTaken("no_such_place", folders=" ".join(folder.name for folder in folders))
    return Place(folder, clean_name(steps[1]) if len(steps) == 2 else None)

"""The documents of scenarios: a file for each kind, with placeholders, in which a scenario changes single values.

``tests/acceptance/scenarios/<folder>/<document>.xml`` (``.edi``, ``.csv``), and ``<document>-answer.*`` for what an
agency answers to it. In such a file

    @NUMBER@   is the number that the scenario gives the document, @NUMBER:9@ the same in nine digits
    @GUID@     is an identifier that is used once
    @CONTROL@  is a control reference of an interchange, used once; @COUNT@ counts the segments of its message
    @DAY+1@    is tomorrow, @DAY-2@ the day before yesterday, in eight digits
    @CODE@     is what an agency answers, @KEY@ the number by which the hub's message is known to the agency
    ?<line>    is there only when the scenario gives one of its elements a value
    <!-- each --> … <!-- end --> encloses what is repeated when several documents come in one message
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from hub.clock import SECOND, moment, now

DAY = 24 * 3600 * SECOND
HERE = Path(__file__).parent / "scenarios"
_EACH = re.compile(r"[ \t]*<!-- each -->\n(.*?)[ \t]*<!-- end -->\n", re.DOTALL)

Changes = Mapping[str, str]
"""What a scenario changes: the name of an XML element (``qty[2]``: the second of that name), or a text in the document
(then it is quoted in the scenario) → the new text; an empty one takes the element away."""


class Missing(Exception):
    """There is no such document, or nothing in it that is called so."""


class Papers:
    """The documents of one folder."""

    def __init__(self, folder: str) -> None:
        self._folder = HERE / folder
        if not self._folder.is_dir():
            raise Missing(f"there is no folder {self._folder}")

    def make(self, name: str, numbers: Sequence[str], changes: Mapping[str, Changes], given: Changes) -> bytes:
        """The document ``name`` for each of ``numbers`` in one message. ``changes`` are those for each number, under ""
        those for all; ``given`` are placeholders with what stands for them."""
        text = self._text(name)
        whole = _EACH.search(text)
        if whole is None:
            if len(numbers) > 1:
                raise Missing(f"{name} does not say what is repeated; enclose it with <!-- each --> and <!-- end -->")
            return _filled(_changed(text, {**changes.get("", {}), **changes.get(numbers[0], {})}), numbers[0], given)
        items = [
            _filled(_changed(whole[1], {**changes.get("", {}), **changes.get(number, {})}), number, given)
            for number in numbers
        ]
        head, tail = text[: whole.start()], text[whole.end() :]
        return b"".join(
            [_filled(_changed(head, {}), numbers[0], given), *items, _filled(_changed(tail, {}), "", given)]
        )

    def knows(self, document: str, name: str) -> bool:
        """Whether the document has an element, or a text, called so."""
        return name in self._text(document)

    def _text(self, name: str) -> str:
        found = sorted(self._folder.glob(f"{name}.*"))
        if not found:
            known = ", ".join(sorted(path.stem for path in self._folder.iterdir() if path.is_file()))
            raise Missing(f"{self._folder.name} has no document {name}; there are {known}")
        return found[0].read_bytes().decode("utf-8")


def _filled(text: str, number: str, given: Changes) -> bytes:
    for name, value in given.items():
        text = text.replace(f"@{name}@", value)
    text = re.sub(r"@NUMBER(?::(\d+))?@", lambda match: number.zfill(int(match[1] or 0)), text)
    text = re.sub(r"@DAY([+-]\d+)@", lambda match: f"{moment(now() + int(match[1]) * DAY):%Y%m%d}", text)
    text = text.replace("@CONTROL@", uuid.uuid4().hex[:12].upper())
    segments = re.findall(r"(?<!\?)'", text[text.find("UNH+") : text.find("UNZ+")])
    text = text.replace("@COUNT@", str(len(segments)))
    return re.sub("@GUID@", lambda _: str(uuid.uuid4()).upper(), text).encode()


def _changed(text: str, changes: Changes) -> str:
    for name, value in changes.items():
        text = _one(text, name, value)
    return re.sub(r"(?m)^[ \t]*\?.*\n", "", text)


def _one(text: str, name: str, value: str) -> str:
    plain, which = re.fullmatch(r"(.*?)(?:\[(\d+)\])?", name, re.DOTALL).groups()  # type: ignore[union-attr]
    tag = rf"(?P<name>(?:\w+:)?{re.escape(plain)})"
    element = re.compile(rf"(?m)^(?P<head>[ \t]*)\??<{tag}(?P<rest>[^>/]*)>[^<]*</(?P=name)>(?P<end>[^\n]*\n)")
    found = [*element.finditer(text)] if re.fullmatch(r"[\w.-]+", plain) else []
    if not found:
        if plain not in text:
            raise Missing(f"the document has no element and no text {plain}")
        return text.replace(plain, value)
    for one in reversed(found if which is None else found[int(which) - 1 : int(which)]):
        line = f"{one['head']}<{one['name']}{one['rest']}>{value}</{one['name']}>{one['end']}" if value else ""
        text = text[: one.start()] + line + text[one.end() :]
    return text

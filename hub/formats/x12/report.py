"""997 and 999, the functional acknowledgments: what the findings about a group and its sets say in X12's own codes.

Both have one structure under other names; 999 adds the context (CTX) and takes a few codes of its own. A group is
judged by its findings alone, so messages may have been stripped of their Documents.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any

from hub.formats.x12.setting import plainly
from hub.model.finding import Finding, Severity
from hub.model.message import Document, Group, Message

_Values = dict[str, Any]

ACCEPTED, PARTLY, REJECTED = "A", "P", "R"
_HAS_ELEMENT_ERRORS, _HAS_SEGMENT_ERRORS = "8", "5"  # 720 and 718
_MOST_CODES = 5
_TRIGGER = "SITUATIONAL TRIGGER"


class Kind(StrEnum):
    """Which acknowledgment."""

    FUNCTIONAL = "997"
    IMPLEMENTATION = "999"


class Report:
    """Builds acknowledgments of one kind. ``later`` says that their version is 005010, which names versions and
    conventions; what holds ``barred`` characters (our separators) is not quoted as it is."""

    def __init__(self, kind: Kind, later: bool, barred: str) -> None:
        self._later = later
        self._barred = barred
        full = kind is Kind.IMPLEMENTATION
        self._full = full
        self._segment, self._element, self._end = ("IK3", "IK4", "IK5") if full else ("AK3", "AK4", "AK5")

    def document(self, group: Group, messages: Sequence[Message]) -> Document:
        """The acknowledgment of ``group`` with its ``messages``."""
        header = {"AK101": _code(group.type, 2, 2, "XX"), "AK102": group.ref if _number(group.ref, 9) else "0"}
        if self._later:
            header["AK103"] = _clean(group.version, 12, self._barred) or "0"
        rejected = bool(_errors(group.findings))
        bad = [message for message in messages if _errors(message.findings)]
        told = bad if rejected else messages
        made: Document = {"AK1": header}
        loops = [self._set(message) for message in told]
        if loops:
            made["AK2_LOOP"] = loops
        accepted = 0 if rejected else len(messages) - len(bad)
        made["AK9"] = self._trailer(group, len(messages), accepted)
        return made

    def _trailer(self, group: Group, received: int, accepted: int) -> _Values:
        """AK9: how many sets the group says it has, how many came, how many are accepted."""
        declared = str(received)
        for finding in group.findings:
            said = dict(finding.params).get("declared", "")
            if finding.code == "x12.ge-count" and _number(said, 6):
                declared = said
        errors = _errors(group.findings)
        verdict = REJECTED if errors or (received and not accepted) else ACCEPTED if accepted == received else PARTLY
        values = {"AK901": verdict, "AK902": declared, "AK903": str(received), "AK904": str(accepted)}
        return values | _numbered("AK9", 5, _codes(errors, "ak905"))

    def _set(self, message: Message) -> _Values:
        """AK2 to AK5: one set."""
        errors = _errors(message.findings)
        header = {"AK201": _code(message.type.rpartition(":")[2], 3, 3, "000"), "AK202": _reference(message.ref)}
        if self._later and message.association:
            header["AK203"] = _clean(message.association, 35, self._barred)
        loops = list(self._segments([finding for finding in errors if self._about_segment(finding)]))
        made: _Values = {"AK2": header}
        if loops:
            made[f"{self._segment}_LOOP"] = loops
        codes = _codes(errors, "ik502" if self._full else "ak502", "ak502")
        if loops and _HAS_SEGMENT_ERRORS not in codes:
            codes = [*codes, _HAS_SEGMENT_ERRORS]
        verdict = {f"{self._end}01": REJECTED if errors else ACCEPTED}
        made[self._end] = verdict | _numbered(self._end, 2, codes)
        return made

    def _about_segment(self, finding: Finding) -> bool:
        standard = finding.standard("ak304") or finding.standard("ak403")
        return bool(finding.place.segment and finding.place.tag and standard)

    def _segments(self, errors: list[Finding]) -> Iterator[_Values]:
        """AK3 and AK4 (IK3, CTX, IK4): one for each segment that something is wrong with, in order."""
        ordered = sorted(errors, key=_position)
        for (number, tag), found in groupby(ordered, key=_position):
            here = list(found)
            elements = [one for one in here if one.place.element and one.standard("ak403")]
            whole = [one for one in here if one not in elements]
            codes = _codes(whole, "ik304" if self._full else "ak304", "ak304")
            if elements:
                codes = [*codes[: _MOST_CODES - 1], _HAS_ELEMENT_ERRORS]
            head = {f"{self._segment}01": _code(tag, 2, 3, "XX"), f"{self._segment}02": str(number)}
            loop = _loop(here[0], 6 if self._later else 4)
            if loop:
                head[f"{self._segment}03"] = loop
            made: _Values = {self._segment: head | _numbered(self._segment, 4, codes)}
            if elements:
                key = f"{self._element}_LOOP" if self._full else self._element
                made[key] = [self._about_element(one) for one in elements[:99]]
            yield made

    def _about_element(self, finding: Finding) -> _Values:
        """AK4 or IK4: which element, its number in the dictionary, the code, and a copy of what stands there."""
        place, params = finding.place, dict(finding.params)
        name = self._element
        position = {f"{name}01-01": str(min(place.element or 0, 99))}
        if place.component:
            position[f"{name}01-02"] = str(min(place.component, 99))
        if place.repetition and self._later:
            position[f"{name}01-03"] = str(min(place.repetition, 9999))
        values: _Values = {f"{name}01": position}
        if _number(params.get("number", ""), 4):
            values[f"{name}02"] = params["number"]
        code = finding.standard("ik403") if self._full or self._later else None
        values[f"{name}03"] = code or finding.standard("ak403") or ""
        copy = _clean(params.get("value", ""), 99, self._barred).strip()
        if copy:
            values[f"{name}04"] = copy
        if not self._full:
            return values
        trigger = self._trigger(finding, params)
        return {"IK4": values} | ({"CTX": [trigger]} if trigger else {})

    def _trigger(self, finding: Finding, params: dict[str, str]) -> _Values | None:
        """CTX: the element whose presence asks for (or forbids) the one that the IK4 is about."""
        trigger = params.get("trigger", "")
        if not _number(trigger, 2):
            return None
        return {
            "CTX01": [{"CTX01-01": _TRIGGER}],
            "CTX02": _code(finding.place.tag or "", 2, 3, "XX"),
            "CTX03": str(finding.place.segment),
            "CTX05": {"CTX05-01": trigger},
        }


def _position(finding: Finding) -> tuple[int, str]:
    return finding.place.segment or 0, finding.place.tag or ""


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _codes(errors: list[Finding], *families: str) -> list[str]:
    """The standard codes of ``errors``, each once; for each finding the first of ``families`` that has one."""
    found = [next((code for family in families if (code := one.standard(family))), None) for one in errors]
    return list(dict.fromkeys(code for code in found if code))[:_MOST_CODES]


def _numbered(segment: str, first: int, codes: list[str]) -> _Values:
    """``codes`` as the elements of ``segment`` from ``first`` on."""
    return {f"{segment}{at:02}": code for at, code in enumerate(codes[:_MOST_CODES], first)}


def _loop(finding: Finding, most: int) -> str:
    """The identifier of the innermost loop that the finding is in, where it is not too long."""
    loops = [step for step in (finding.place.path or "").split("/") if step.partition("~")[0].endswith("_LOOP")]
    name = loops[-1].partition("~")[0].removesuffix("_LOOP") if loops else ""
    return name if len(name) <= most else ""


def _number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most


def _code(text: str, least: int, most: int, otherwise: str) -> str:
    """``text`` where it can stand for a code of ``least`` to ``most`` characters."""
    return text if least <= len(text) <= most and text.isascii() and text.isalnum() else otherwise


def _reference(text: str) -> str:
    """A set's control number as an acknowledgment can quote it: 4 to 9 characters."""
    kept = "".join(char for char in text if char.isascii() and char.isalnum())
    return kept[:9].zfill(4)


def _clean(text: str, most: int, barred: str) -> str:
    """``text`` in characters that everyone can read and nothing takes for a separator."""
    return "".join(" " if char in barred else char for char in plainly(text))[:most].rstrip()

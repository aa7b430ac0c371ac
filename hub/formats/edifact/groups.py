"""The groups of one interchange, UNG to UNE: what they hold, and whether counts and references agree."""

from dataclasses import dataclass, field

from hub.formats.edifact.envelopes import group as group_of
from hub.formats.edifact.segments import Values
from hub.formats.edifact.service import une, ung
from hub.formats.edifact.setting import Setting
from hub.formats.edifact.trailers import counts, refers
from hub.formats.remarks import Remarks
from hub.model.finding import Severity
from hub.model.message import Group

ERROR = Severity.ERROR


@dataclass(slots=True)
class _Open:
    """A group whose UNE has not come yet."""

    ref: str
    values: Values
    remarks: Remarks
    messages: int = 0
    kinds: set[str] = field(default_factory=set)


class Groups:
    """Opens and closes them; ``count`` is how many were closed."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._open: _Open | None = None
        self._refs: set[str] = set()
        self.count = 0

    @property
    def open(self) -> bool:
        """Whether a group is open."""
        return self._open is not None

    @property
    def ref(self) -> str:
        """The reference (0048) of the open group; empty outside groups."""
        return self._open.ref if self._open is not None else ""

    def opens(self, index: int) -> None:
        """UNG is segment ``index`` of the cut; no group is open. References are unique (ISO 9735-1 annex C, 0048)."""
        setting = self._setting
        remarks = setting.remarks()
        values = setting.service(ung(setting.version), index, 0, remarks)
        setting.characters(index, index + 1, 0, remarks)
        ref = values.get("0048", "")
        if ref and ref in self._refs:
            remarks.add(
                "group-duplicate", ERROR, setting.cut.offset(index),
                segment=0, tag="UNG", element=5, path="UNG/0048", ref=ref,
            )  # fmt: skip
        self._refs.add(ref)
        self._open = _Open(ref, values, remarks)

    def holds(self, kind: str) -> None:
        """One more message of the schema id ``kind``, or a package (""), in the open group."""
        if self._open is not None:
            self._open.messages += 1
            if kind and len(self._open.kinds) < 10:
                self._open.kinds.add(kind)

    def closes(self, index: int) -> Group:
        """UNE is segment ``index``: count of messages and reference (ISO 9735-1 annex C, 0060 and 0048)."""
        setting, group = self._setting, self._open
        assert group is not None
        values = setting.service(une(), index, 0, group.remarks)
        setting.characters(index, index + 1, 0, group.remarks)
        offset = setting.cut.offset(index)
        counts(group.remarks, "UNE", offset, values.get("0060", ""), group.messages, 1, "0060")
        refers(group.remarks, "UNE", offset, values.get("0048", group.ref), group.ref, 2, "0048")
        return self._closed(group, offset)

    def unclosed(self, offset: int) -> Group:
        """Something else stands where UNE belongs, at ``offset``."""
        group = self._open
        assert group is not None
        group.remarks.add("une-missing", ERROR, offset, segment=0, tag="UNE", path="UNE")
        return self._closed(group, offset)

    def _closed(self, group: _Open, offset: int) -> Group:
        if not group.messages:
            group.remarks.add("group-empty", ERROR, offset, segment=0, tag="UNE", path="UNE")
        if len(group.kinds) > 1:
            kinds = ", ".join(sorted(group.kinds)[:5])
            group.remarks.add("group-kinds", ERROR, offset, segment=0, tag="UNG", path="UNG", types=kinds)
        self._open = None
        self.count += 1
        return group_of(group.values, group.remarks.all())

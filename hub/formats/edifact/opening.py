"""The header of an interchange: what it says, and what about it cannot be."""

from hub.formats.edifact.envelopes import envelope as envelope_of
from hub.formats.edifact.forms import Form, frame_table
from hub.formats.edifact.heads import Head
from hub.formats.edifact.layout import shown
from hub.formats.edifact.recoding import Recoded
from hub.formats.edifact.segments import Values
from hub.formats.edifact.setting import Setting
from hub.formats.remarks import Remarks
from hub.model.finding import Severity
from hub.model.message import Envelope

ERROR, WARNING = Severity.ERROR, Severity.WARNING

_VERSIONS = ("", "1", "2", "3", "4")


def opened(setting: Setting, head: Head, form: Form, remarks: Remarks) -> Envelope:
    """UNB (ISO 9735-1 annex C) or UIB (ISO 9735-3 annex C), the first segment of the cut; without one, that is all
    there is to say."""
    if head.bare:
        _add(remarks, "header-missing", ERROR, head, head.opening, wanted=form.header)
        values: Values = {}
    else:
        values = setting.service(frame_table(form.header, setting.catalog), 0, 0, remarks)
    envelope = envelope_of(values, form)
    if head.fault:
        severity = WARNING if head.fault == "una-length" else ERROR
        _add(remarks, head.fault, severity, head, "UNA" if head.advised else head.opening)
    if not head.bare:
        _said(setting, head, form.header, envelope, remarks)
        _dated(values, head, remarks)
        setting.characters(0, 1, 0, remarks)
    return envelope


def _said(setting: Setting, head: Head, tag: str, envelope: Envelope, remarks: Remarks) -> None:
    version, syntax_id = envelope.syntax_version, envelope.syntax_id
    if version not in _VERSIONS:
        _add(remarks, "syntax-version", ERROR, head, tag, f"{tag}/S001/0002", 2, version=version)
    if syntax_id and not setting.charset.known:
        _add(remarks, "charset-unknown", WARNING, head, tag, f"{tag}/S001/0001", 1, id=syntax_id)
    if type(setting.source) is Recoded and syntax_id != "UNOY":
        _add(remarks, "encoding-utf-16", ERROR, head, tag, f"{tag}/S001/0001", 1, id=syntax_id)
    if not (envelope.interactive or (envelope.sender and envelope.control_ref)):
        _add(remarks, "contrl-impossible", WARNING, head, tag)


def _dated(values: Values, head: Head, remarks: Remarks) -> None:
    """The date of UNB has six digits or, from version 4 on, eight; both are common under either."""
    date = values.get("S004", {}).get("0017", "")
    if len(date) == 7:
        params = {"value": date, "wanted": "8", "length": "7"}
        _add(remarks, "value-short", ERROR, head, "UNB", "UNB/S004/0017", 1, 4, **params)


def _add(
    remarks: Remarks,
    key: str,
    severity: Severity,
    head: Head,
    tag: str,
    path: str = "",
    component: int | None = None,
    position: int = 1,
    **params: str,
) -> None:
    name = shown(tag)
    element = position if component else None
    remarks.add(
        key, severity, head.header, segment=0, tag=name, element=element, component=component, repetition=None,
        path=path or name, **params,
    )  # fmt: skip

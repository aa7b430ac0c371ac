"""What the header of an interchange or a group says, as an Envelope or a Group."""

from hub.formats.edifact.forms import Form
from hub.formats.edifact.segments import Values
from hub.model.finding import Finding
from hub.model.message import Envelope, Group

_PARTIES = {"S001": ("0001", "0002"), "S002": ("0004", "0007"), "S003": ("0010", "0007")}
_UNB = _PARTIES | {"S004": ("0017", "0019"), "0020": (), "0026": (), "0031": (), "0035": ()}
_UIB = _PARTIES | {"S300": ("0338", "0314"), "S302": ("0300",), "0035": ()}
_UNG = {"0038": (), "0048": (), "S006": ("0040",), "S007": ("0044",)}
"""What an Envelope or a Group has fields for: composites with those of their components, and elements."""

_FLAGS = ("0031", "0035")  # … of which a field tells only whether they are 1


def envelope(values: Values, form: Form) -> Envelope:
    """The envelope that UNB or UIB opens; of an interchange without one, ``values`` are empty."""
    interactive = form.header == "UIB"
    syntax, moment = values.get("S001", {}), values.get("S300" if interactive else "S004", {})
    sender, recipient = values.get("S002", {}), values.get("S003", {})
    reference = values.get("S302", {}).get("0300", "") if interactive else values.get("0020", "")
    date, time = ("0338", "0314") if interactive else ("0017", "0019")
    return Envelope(
        sender=sender.get("0004", ""),
        sender_qualifier=sender.get("0007", ""),
        recipient=recipient.get("0010", ""),
        recipient_qualifier=recipient.get("0007", ""),
        control_ref=reference,
        prepared_at=moment.get(date, "") + moment.get(time, ""),
        application=values.get("0026", ""),
        acknowledge=values.get("0031") == "1",
        test=values.get("0035") == "1",
        syntax_id=syntax.get("0001", ""),
        syntax_version=syntax.get("0002", ""),
        interactive=interactive,
        rest=_rest(values, _UIB if interactive else _UNB),
    )


def group(values: Values, findings: tuple[Finding, ...]) -> Group:
    """The group that UNG opens."""
    sender, recipient = values.get("S006", {}), values.get("S007", {})
    return Group(
        values.get("0048", ""),
        values.get("0038", ""),
        sender.get("0040", ""),
        recipient.get("0044", ""),
        findings,
        _rest(values, _UNG),
    )


def _rest(values: Values, told: dict[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """What ``values`` hold beside what is ``told`` elsewhere."""
    found: list[tuple[str, str]] = []
    for key, value in values.items():
        if type(value) is str:
            if key not in told or (key in _FLAGS and value != "1"):
                found.append((key, value))
        elif type(value) is dict:
            known = told.get(key, ())
            found += [(f"{key}/{part}", one) for part, one in value.items() if part not in known and type(one) is str]
    return tuple(found)

"""Business errors told by APERAK: a message is well formed, so its CONTRL accepts it, but the hub cannot take it."""

from collections.abc import Sequence

from hub.clock import iso
from hub.config.partners import FILE
from hub.engine.values import ReadInterchange, ReadMessage
from hub.errors import ConfigError
from hub.mapping.loader import Mappings
from hub.model.finding import Finding, Language
from hub.model.message import Document
from hub.model.partner import Partner

ERRORS = "internal:application-errors"
_OTHER = "100"  # the code of what has none of its own


def application_errors(
    response: str, interchange: ReadInterchange, message: ReadMessage, findings: Sequence[Finding], at: int
) -> Document:
    """What DECIDE found about ``message``, as an ``internal:application-errors`` document; ``response`` is the id of
    the answer that will carry it."""
    document: Document = {
        "response": response,
        "message": message.ref,
        "message-type": message.type.rpartition(":")[2],
        "at": iso(at),
        "error": [_error(finding) for finding in findings],
    }
    return document | ({"interchange": interchange.control_ref} if interchange.control_ref else {})


def _error(finding: Finding) -> Document:
    zh, en = (f"{finding.text(one)} {finding.mend(one)}".strip() for one in (Language.ZH, Language.EN))
    error = {"code": finding.standard("aperak") or _OTHER, "text-zh": zh, "text-en": en}
    return error | ({"path": finding.place.path} if finding.place.path else {})


def check(partners: Sequence[Partner], mappings: Mappings) -> None:
    """Raises ConfigError with every partner whose business errors no mapping can tell."""
    problems: list[str] = []
    for partner in partners:
        id_ = partner.edifact.style.errors if partner.edifact else ""
        try:
            problems += _unfit(partner, id_, mappings) if id_ else []
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)


def _unfit(partner: Partner, id_: str, mappings: Mappings) -> list[str]:
    mapping = mappings.get(id_)
    if ERRORS in mapping.sources and mapping.target.startswith("edifact:"):
        return []
    wanted = f"must map from {ERRORS} to an EDIFACT message, such as APERAK"
    return [f"partners/{partner.id}/{FILE}:1: edifact.errors: {id_} {wanted}; name another mapping"]

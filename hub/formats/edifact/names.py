"""Message identifiers: from UNH S009 to a schema id, and back.

>>> schema_id(["PAXLST", "D", "02B", "UN", "IATA"])
'edifact:D.02B:PAXLST'
>>> schema_id(["CONTRL", "D", "3", "UN"]), schema_id(["CONTRL", "4", "1", "UN"])
('edifact:S3:CONTRL', 'edifact:S4:CONTRL')
>>> schema_id(["CONTRL", "2", "1", "UN"]), schema_id(["CONTRL", "2", "2", "UN"])
('edifact:S2:CONTRL', 'edifact:S2:CONTRL')
>>> identifier("edifact:D.02B:PAXLST", "IATA")
['PAXLST', 'D', '02B', 'UN', 'IATA']
"""

import re

SERVICE = ("AUTACK", "CONTRL", "KEYMAN")
_SAFE = re.compile(r"[A-Z0-9]{1,6}")


def schema_id(s009: list[str]) -> str | None:
    """The schema id that ``s009`` (0065, 0052, 0054 …) names, or None when one of the three is absent or malformed."""
    kind, version, release = (*s009, "", "", "")[:3]
    if not (_SAFE.fullmatch(kind) and _SAFE.fullmatch(version) and _SAFE.fullmatch(release)):
        return None
    if kind in SERVICE:
        number = release if version == "D" else version
        return f"edifact:S{number if number in ('1', '2', '3', '4') else '3'}:{kind}"
    return f"edifact:{version}.{release}:{kind}"


def malformed_id(s009: list[str]) -> str:
    """What stands for the schema id when ``s009`` names none: the same shape, harmless characters only."""
    kind, version, release = ("".join(filter(str.isalnum, part))[:6] for part in (*s009, "", "", "")[:3])
    return f"edifact:{version}.{release}:{kind}"


def identifier(schema_id: str, association: str = "", agency: str = "UN") -> list[str]:
    """The inverse of :func:`schema_id`: S009's components. A CONTRL is ``2:2``, ``D:3`` (both are in use) or ``4:1``
    (ISO 9735-4)."""
    _, directory, kind = schema_id.split(":", 2)
    if directory.startswith("S") and kind in SERVICE:
        version, release = {"S1": ("1", "1"), "S2": ("2", "2"), "S4": ("4", "1")}.get(directory, ("D", directory[1:]))
    else:
        version, _, release = directory.partition(".")
    return [kind, version, release, agency or "UN"] + ([association] if association else [])

"""The list of dangerous goods: the maritime safety administration's table of what the IMDG Code names."""

import re

from tools.codes.sheet import WINDOW, Missing, Reference, Sheet, tidy, words

_GROUPS = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "-": "", "": ""}
_CLASS = re.compile(r"[1-9](\.[1-6])?")
_EMS = re.compile(r"F-[A-J],S-[A-Z]")
_PROVISION = re.compile(r"见 ?SP(\d+)")


def dangerous_goods(reference: Reference) -> Sheet:
    """One row for each entry; most UN numbers have one, some have one for each packing group or form."""
    own = words("dangerous-goods")
    rows = [_entry(row, own) for row in reference.rows("MsaDtxtGjwg")]
    return Sheet(
        "dangerous-goods",
        "Dangerous goods by sea. The code is the list's own number of the entry; look up by the column un.",
        f"{WINDOW}MsaDtxtGjwg (after an IMDG Code of about 2010: newer numbers are not in it, names as printed); "
        "English names that it lacks from the UN Model Regulations.",
        (
            "entry", "un", "class", "compatibility", "subsidiary", "provision", "packing-group", "ems", "limited",
            "excepted", "stowage", "marine-pollutant", "zh", "en",
        ),
        sorted(rows),
    )  # fmt: skip


def _entry(row: dict[str, str], own: dict[str, str]) -> tuple[str, ...]:
    hazard, compatibility = _class(row["WXLB"])
    subsidiary, provision = _subsidiary(row.get("FLB1", "-"))
    ems = row.get("YJCS", "-").replace("/", "")
    english = row.get("YWMC", "-").replace("，", ",").replace("－", "-")
    return (
        row["WGXH"],
        row["UNNO"],
        hazard,
        compatibility,
        subsidiary,
        provision,
        _GROUPS[row.get("BZL", "")],
        ems if _EMS.fullmatch(ems) else "",
        _amount(row.get("XL", "-")),
        row.get("KMCL", "") if re.fullmatch(r"E\d", row.get("KMCL", "")) else "",
        row.get("JZL", "").strip("-"),
        row.get("HYWRX", ""),
        tidy(row["ZWMC"].replace("|||", "Ⅲ").replace("||", "Ⅱ").replace("-|", "-Ⅰ").strip("`")),
        own[row["UNNO"]] if english == "-" else english,
    )


def _class(text: str) -> tuple[str, str]:
    """The class or division, and for explosives the compatibility group behind it.

    >>> _class("1.1D"), _class("6.1")
    (('1.1', 'D'), ('6.1', ''))
    """
    found = _CLASS.match(text)
    if found is None:
        raise Missing(f"MsaDtxtGjwg: {text} is no class")
    return found[0], text[found.end() :]


def _subsidiary(text: str) -> tuple[str, str]:
    """The subsidiary risks, and the special provision that tells them where the list names none.

    >>> _subsidiary("3/8"), _subsidiary("见SP172"), _subsidiary("-")
    (('3/8', ''), ('', '172'), ('', ''))
    """
    provision = _PROVISION.fullmatch(text)
    return ("", provision[1]) if provision else ("" if text == "-" else text, "")


def _amount(text: str) -> str:
    """The limited quantity, ``0`` where there is none (printed FFF); empty where a provision tells it.

    >>> _amount("FFF"), _amount("5l"), _amount("100 ML"), _amount("见SP277")
    ('0', '5 L', '100 mL', '')
    """
    if text == "FFF":
        return "0"
    found = re.fullmatch(r"(\d+) ?(ml|l|g|mg|kg)", text.lower())
    return f"{found[1]} {found[2].replace('l', 'L')}" if found else ""


MAKERS = (dangerous_goods,)

"""Tables of places: countries, ports, customs districts, districts of China, offices of maritime safety."""

from tools.codes.sheet import WINDOW, Missing, Reference, Sheet, words

ISO = {"ALA": ("AX", "248"), "BLM": ("BL", "652"), "GGY": ("GG", "831"), "JEY": ("JE", "832")}
"""Codes of ISO 3166-1 that the window's list of countries lacks."""
OWN = ("ZZZ", "AUN")
"""Codes of the window's list of countries that ISO 3166-1 has not."""
NUMBERS = {"SXM": "534"}
"""ISO numbers that the window's list lacks."""
ENDED = {"ANT": "2010-12-15"}
"""Codes that ISO 3166-1 withdrew on that day."""
_COUNTRY_DIGITS = 3


def countries(reference: Reference) -> Sheet:
    """One row a country, with the code of each agency. Where two lists differ, the one made for translating holds."""
    known = {row["GB_CODE_V3"]: row for row in reference.rows("SwCountry")}
    mapped = {row["COUNTRY_CODE"]: row for row in reference.rows("CusMappingCountryCode")}
    rows = [_country(code, known.get(code, {}), mapped.get(code, {})) for code in sorted({*known, *mapped})]
    return Sheet(
        "countries",
        "Rows without alpha-2 are codes of China's own, which ISO 3166-1 has not. Border: the border inspection's.",
        f"{WINDOW}SwCountry, CusMappingCountryCode; four territories, one number and one end from ISO 3166-1.",
        ("alpha-3", "alpha-2", "numeric", "customs", "ciq", "maritime", "border", "until", "zh", "en"),
        rows,
    )


def _country(code: str, known: dict[str, str], mapped: dict[str, str]) -> tuple[str, ...]:
    iso = {} if code in OWN else known
    two, number = ISO.get(code, (iso.get("GB_CODE_V2", ""), iso.get("GB_CODE_N3", NUMBERS.get(code, ""))))
    return (
        code,
        two,
        number,
        mapped.get("CUSTOMS_COUNTRY_CODE") or known.get("CUS_CODE", ""),
        mapped.get("ECIQ_COUNTRY_CODE") or known.get("CIQ_CODE", ""),
        known.get("MSA_CODE", ""),
        known.get("MSS_CODE_V3", "") if len(known.get("MSS_CODE_V3", "")) == _COUNTRY_DIGITS else "",
        ENDED.get(code, ""),
        known.get("CUS_ENAME" if code in OWN else "GB_CNAME") or mapped.get("COUNTRY_NAME_CN") or known["CUS_ENAME"],
        words("countries").get(code) or known.get("GB_ENAME") or mapped["COUNTRY_NAME_EN"],
    )


def customs_countries(reference: Reference) -> Sheet:
    """The numbers that customs give countries, the groups of countries among them."""
    alpha = {row["GB_CODE_V3"] for row in reference.rows("SwCountry")}
    rows = []
    for row in sorted(reference.rows("CusCountry"), key=lambda row: row["COUNTRY_CODE"]):
        iso = {"ROM": "ROU"}.get(row.get("ISO_E", ""), row.get("ISO_E", ""))
        if iso and iso not in alpha:
            raise Missing(f"CusCountry: {iso} is in no list of countries")
        english = row.get("COUN_E_NAME", "")
        rows.append((row["COUNTRY_CODE"], iso, row["COUN_C_NAME"], english))
    return Sheet(
        "countries-customs",
        "The three-digit country codes of customs, with those that stand for no one country. Names as printed.",
        f"{WINDOW}CusCountry; the old code ROM of Romania is written ROU.",
        ("code", "alpha-3", "zh", "en"),
        rows,
    )


def customs_districts(reference: Reference) -> Sheet:
    """All customs districts and offices; ``district`` is the one that an office belongs to."""
    found = {row["CUSTOMS_CODE"]: row for row in reference.rows("CusCustoms")}
    rows = []
    for code, row in sorted(found.items()):
        head = f"{code[:2]}00"
        rows.append((code, head if head in found and head != code else "", row["CUSTOMS_NAME"], row["ABBR_CUST"]))
    return Sheet(
        "customs-districts",
        "Districts of customs and the offices in them.",
        f"{WINDOW}CusCustoms.",
        ("code", "district", "zh", "short"),
        rows,
    )


def districts(reference: Reference) -> Sheet:
    """Places in China as goods come from and go to."""
    rows = [
        (row["DISTRICT_CODE"], row.get("DISTRICT_TYPE", ""), row["DISTRICT_NAME"])
        for row in reference.rows("CusDistrict")
    ]
    return Sheet(
        "districts",
        "Districts of China for the origin and destination of goods (five digits).",
        f"{WINDOW}CusDistrict.",
        ("code", "type", "zh"),
        sorted(rows),
    )


def maritime_offices(reference: Reference) -> Sheet:
    """The offices of maritime safety; ``parent`` is the one above."""
    rows = [(row["JGDM"], row.get("SJJGDM", ""), row["JGMC"]) for row in reference.rows("MsaDtxtXjhsjg")]
    return Sheet(
        "maritime-offices",
        "Offices of the maritime safety administration.",
        f"{WINDOW}MsaDtxtXjhsjg.",
        ("code", "parent", "zh"),
        sorted(rows),
    )


def ports(reference: Reference) -> Sheet:
    """Ports of the world as declarations name them, with the codes of customs, quarantine and UN/LOCODE."""
    found = {row["PORT_CODE"]: row for row in reference.rows("CusMappingPortCode")}
    locodes = words("locodes")
    strange = sorted(set(locodes) - set(found))
    if strange:
        raise Missing(f"tools/codes/words.txt [locodes]: {', '.join(strange)} are not in CusMappingPortCode")
    rows = [
        (
            code,
            row["CUSTOMS_PORT_CODE"],
            row["ECIQ_PORT_CODE"],
            locodes.get(code, ""),
            row["PORT_NAME_CN"],
            row["PORT_NAME_EN"],
        )
        for code, row in sorted(found.items())
    ]
    return Sheet(
        "ports",
        "Ports of declarations. A port without a code of customs goes by its country's. UN/LOCODE: main ports.",
        f"{WINDOW}CusMappingPortCode; UN/LOCODE from general knowledge, for the main ports.",
        ("code", "customs", "ciq", "locode", "zh", "en"),
        rows,
    )


def customs_ports(reference: Reference) -> Sheet:
    """The ports' codes of customs that cross-border lists use; those of three digits are countries."""
    rows = [
        (row["PORT_CODE"], row["COUNTRY_CODE"], row.get("PORT_C_NAME", ""), row.get("PORT_E_NAME", ""))
        for row in reference.rows("CusPort")
        if "PORT_C_NAME" in row or "PORT_E_NAME" in row  # three are printed without any name
    ]
    return Sheet(
        "ports-customs",
        "The port codes of customs; country: the country's code of customs. Names as printed.",
        f"{WINDOW}CusPort.",
        ("code", "country", "zh", "en"),
        sorted(rows),
    )


MAKERS = (countries, customs_countries, customs_districts, districts, maritime_offices, ports, customs_ports)

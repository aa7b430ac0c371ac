"""Tables of what a declaration says of a trade: money, units, packages, means of transport, duties, papers."""

import re

from tools.codes.sheet import ENGLISH, WINDOW, Reference, Sheet, plain, with_english, words

NUMBERS = {"EUR": "978", "ZAR": "710"}
"""Numbers of ISO 4217 where the quarantine's code is another, or where the list has none."""
TWICE = "舱"
"""The quarantine's list gives 149 twice; the meaning that customs share is kept."""
MANIFEST = {"2": "1", "3": "2", "4": "3", "5": "4", "6": "5", "G": "7"}
"""Transport mode of a declaration → of a manifest (UNECE recommendation 19)."""
_UN_PACKAGING = re.compile(
    r"1A[12]|1B[12]|1D|1G|1H[12]|2C[12]|3A[12]|3B[12]|3H[12]|4[ABDFG]|4C2|4H[12]|5H[1-4]|5L[1-3]|5M[12]"
    r"|6H(A[12]|B[12]|C|D[12]|G[12]|H[12])|6P(A[12]|B[12]|C|D[12]|G[12]|H[12])"
)
"""Codes of packagings of the UN Model Regulations (6.1.2.7): the quarantine's list has them among its own."""


def currencies(reference: Reference) -> Sheet:
    """ISO 4217 letters, the number that customs use, the quarantine's and ISO's."""
    mapped = {row["CURRENCY_CODE"]: row for row in reference.rows("CusMappingCurrencyCode")}
    banks = {row["CURRENCY_CODE_T"]: row["CURRENCY_NAME_CN"] for row in reference.rows("BankCurrencyCode")}
    rows = []
    for code in sorted({*mapped, *banks}):
        row = mapped.get(code, {})
        ciq = row.get("ECIQ_CURRENCY_CODE", "")
        english = row.get("CURRENCY_NAME_EN", words("currencies").get(code, ""))
        bank = "yes" if code in banks else ""
        customs = row.get("CUSTOMS_CURRENCY_CODE", "")
        name = row.get("CURRENCY_NAME_CN") or banks[code]
        rows.append((code, NUMBERS.get(code, ciq), customs, ciq, bank, name, english))
    return Sheet(
        "currencies",
        "Bank: yes where duties and guarantees may be paid in it.",
        f"{WINDOW}CusMappingCurrencyCode, BankCurrencyCode; two numbers from ISO 4217.",
        ("alpha-3", "numeric", "customs", "ciq", "bank", "zh", "en"),
        rows,
    )


def units(reference: Reference) -> Sheet:
    """Units of quantity; the codes of customs and of the quarantine are the same where both have one."""
    ciq = {row["CIQ_CODE"]: row["CIQ_NAME"] for row in reference.rows("SwQuantityUnit") if row["CIQ_NAME"] != TWICE}
    customs = {row["UNIT_CODE"]: row["UNIT_NAME"] for row in reference.rows("CusUnit")}
    found = ciq | customs
    english, un = with_english("units", found), words("units-un")
    rows = [
        (code, code if code in customs else "", code if code in ciq else "", un.get(code, ""), zh, english[code])
        for code, zh in sorted(found.items())
    ]
    return Sheet(
        "units",
        "Units of quantity. UN: UNECE recommendation 20, where it has just this unit.",
        f"{WINDOW}SwQuantityUnit, CusUnit; recommendation 20 from general knowledge.{ENGLISH}",
        ("code", "customs", "ciq", "un", "zh", "en"),
        rows,
    )


def transport_modes(reference: Reference) -> Sheet:
    """How goods travel, as declarations, manifests and the quarantine number it."""
    ciq = {row["TRANSPORT_CODE"]: row["ECIQ_TRANSPORT_CODE"] for row in reference.rows("CusMappingTransportCode")}
    found = {row["TRAF_CODE"]: row["TRAF_SPEC"] for row in reference.rows("CusTransf")}
    english = with_english("transport-modes", found)
    rows = [(code, MANIFEST.get(code, ""), ciq[code], zh, english[code]) for code, zh in sorted(found.items())]
    return Sheet(
        "transport-modes",
        "Modes of transport of goods declarations; some stand for areas of bonded goods that nothing travels to.",
        f"{WINDOW}CusTransf, CusMappingTransportCode; manifest by UNECE recommendation 19.{ENGLISH}",
        ("declaration", "manifest", "ciq", "zh", "en"),
        rows,
    )


def manifest_modes(reference: Reference) -> Sheet:
    """The same for manifests."""
    rows = [
        (
            row["TRANSPORT_TYPE_CODE"],
            row["TRANSPORT_TYPE_NAME_CN"],
            row["TRANSPORT_TYPE_NAME_EN"].replace("model", "modal"),
        )
        for row in reference.rows("CusCds8ParaTransportType")
    ]
    return Sheet(
        "transport-modes-manifest",
        "Modes of transport of manifests (UNECE recommendation 19).",
        f"{WINDOW}CusCds8ParaTransportType.",
        ("code", "zh", "en"),
        sorted(rows),
    )


def trade_modes(reference: Reference) -> Sheet:
    """What kind of trade it is: 0110 ordinary, 1210 bonded e-commerce …"""
    ciq = {row["TRADE_CODE"]: row["ECIQ_TRADE_CODE"] for row in reference.rows("CusMappingTradeCode")}
    found = {row["TRADE_MODE"]: row for row in reference.rows("CusTrade")}
    english = with_english("trade-modes", found)
    rows = [
        (code, ciq.get(code, ""), row["ABBR_TRADE"], english[code], row["FULL_TRADE"])
        for code, row in sorted(found.items())
    ]
    return Sheet(
        "trade-modes",
        "Customs supervision modes.",
        f"{WINDOW}CusTrade, CusMappingTradeCode.{ENGLISH}",
        ("code", "ciq", "zh", "en", "full"),
        rows,
    )


def levy_types(reference: Reference) -> Sheet:
    """By what rule duties are levied or waived."""
    found = {row["CUT_MODE"]: row for row in reference.rows("CusLevytype")}
    english = with_english("levy-types", found)
    rows = [
        (code, row["ABBR_CUT"], english[code], row.get("FULL_CUT", row["ABBR_CUT"]))
        for code, row in sorted(found.items())
    ]
    about = "Natures of levy and exemption."
    return Sheet("levy-types", about, f"{WINDOW}CusLevytype.{ENGLISH}", ("code", "zh", "en", "full"), rows)


def packages(reference: Reference) -> Sheet:
    """Packages of declarations: the code of today, the one digit of old, the quarantine's."""
    found = {row["PACKAGEKIND_CODE"]: row for row in reference.rows("CusMappingPackagekindCode")}
    english = with_english("packages", found)
    rows = [
        (code, row["CUSTOMS_PACKAGEKIND_CODE"], row["ECIQ_PACKAGEKIND_CODE"], row["PACKAGEKIND_NAME_CN"], english[code])
        for code, row in sorted(found.items())
    ]
    return Sheet(
        "packages",
        "Packages of declarations; wrap: the one-digit code that cross-border lists use.",
        f"{WINDOW}CusMappingPackagekindCode.{ENGLISH}",
        ("code", "wrap", "ciq", "zh", "en"),
        rows,
    )


def ciq_packages(reference: Reference) -> Sheet:
    """Packages as the quarantine names them, with the letters of manifests and the code of the UN packaging."""
    found = {row["CIQ_CODE"]: row for row in reference.rows("SwPackType")}
    english = with_english("packages-ciq", found)
    rows = [
        (
            code,
            row.get("CUS_CODE", ""),
            row.get("MSA_CODE", ""),
            code if _UN_PACKAGING.fullmatch(code) else "",
            row["CIQ_NAME"],
            english[code],
        )
        for code, row in sorted(found.items())
    ]
    return Sheet(
        "packages-ciq",
        "Packages of the quarantine. Manifest, maritime: UNECE recommendation 21. UN: packagings of dangerous goods.",
        f"{WINDOW}SwPackType; UN packagings by the UN Model Regulations.{ENGLISH}",
        ("code", "manifest", "maritime", "un", "zh", "en"),
        rows,
    )


def containers(reference: Reference) -> Sheet:
    """Sizes and kinds of containers."""
    found = {row["NORMS_CODE"]: row for row in reference.rows("CusMappingNormsCode")}
    english = with_english("containers", found)
    rows = [
        (code, row["CUSTOMS_NORMS_CODE"], row.get("ECIQ_NORMS_CODE", ""), row["NORMS_NAME_CN"], english[code])
        for code, row in sorted(found.items())
    ]
    about = "Containers as declarations name them."
    source = f"{WINDOW}CusMappingNormsCode.{ENGLISH}"
    return Sheet("containers", about, source, ("code", "customs", "ciq", "zh", "en"), rows)


def certificates(reference: Reference) -> Sheet:
    """Papers of persons."""
    found = {row["GB_CODE"]: row for row in reference.rows("SwCertificateType")}
    english = with_english("certificate-types", found)
    rows = [
        (code, row["MSS_CODE"], row["MSA_CODE"], row["GB_NAME"], english[code], row["MSS_ZJJC"])
        for code, row in sorted(found.items())
    ]
    return Sheet(
        "certificate-types",
        "Identity papers of passengers and crew. Border: the border inspection's; maritime: the maritime safety's.",
        f"{WINDOW}SwCertificateType.{ENGLISH}",
        ("code", "border", "maritime", "zh", "en", "short"),
        rows,
    )


def cargo_types(reference: Reference) -> Sheet:
    """What ships carry."""
    found = {row["GB_GOODS_TYPE_CODE"]: row for row in reference.rows("SwGoodsType")}
    english = with_english("cargo-types", found)
    rows = [
        (code, row["CUS_GOODS_TYPE_CODE"], row["MSA_GOODS_TYPE_CODE"], row["GB_GOODS_TYPE_NAME"], english[code])
        for code, row in sorted(found.items())
    ]
    about = "Kinds of cargo of ships' reports."
    source = f"{WINDOW}SwGoodsType.{ENGLISH}"
    return Sheet("cargo-types", about, source, ("code", "customs", "maritime", "zh", "en"), rows)


MAKERS = (
    currencies, units, transport_modes, manifest_modes, trade_modes, levy_types, packages, ciq_packages, containers,
    certificates, cargo_types,
    plain("wraps", "The one-digit packages of customs.", "CusWrap", "WRAP_CODE", "WRAP_NAME"),
    plain("trade-terms", "Terms of delivery.", "CusTransac", "TRANS_MODE", "TRANS_SPEC"),
    plain("levy-modes", "How duties are levied on a line.", "CusLevymode", "DUTY_MODE", "DUTY_SPEC"),
    plain("licences", "Licences and documents of a declaration.", "CusLicensedocu", "DOCU_CODE", "DOCU_NAME"),
    plain("licences-ciq-import", "Papers for the quarantine, import.", "CiqLicenseI", "ITEMCODE", "ITEMNAME"),
    plain("licences-ciq-export", "Papers for the quarantine, export.", "CiqLicenseE", "ITEMCODE", "ITEMNAME"),
    plain("danger-classes", "Classes of dangerous goods.", "MsaDangerType", "DANGER_CODE", "DANGER_NAME"),
    plain("danger-packages", "Package classes of dangerous goods.", "CiqDangerPackType", "ITEMCODE", "ITEMNAME"),
)  # fmt: skip

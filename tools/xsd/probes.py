"""Values that try a simple type at its edges: what it just allows and just refuses, and what another type would allow.

>>> import xmlschema
>>> probes(xmlschema.XMLSchema.builtin_types()["boolean"])[:3]
['', ' ', 'A']
"""

from typing import Any

_COMMON = [
    "",
    " ",
    "A",
    "A B",
    " A ",
    "\tA\n",
    "a\u3000b",
    "海关",
    "0",
    "1",
    "-1",
    "+1",
    "01",
    " 1 ",
    "1.0",
    "1.5",
    "142",
    "156",
    "true",
    "2026-02-28",
    "2026-02-29",
    "2026-02-28T23:59:60",
    "2026-02-28T23:59:59",
    "A" * 6000,
]
_NUMBERS = [
    ".5",
    "5.",
    "1e3",
    "NaN",
    "INF",
    "1,000",
    "0.00001",
    "0.000001",
    "1.500000",
    "-0",
    *("9" * count for count in (3, 4, 5, 6, 9, 10, 14, 15, 19, 20)),
    *(f"{'9' * whole}.{'9' * part}" for whole, part in ((14, 5), (15, 5), (13, 6), (18, 1), (19, 1))),
    f"{'0' * 20}1",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
]
_DATES = ["2026-13-01", "2026-2-1", "20260228", "-0001-01-01", "2026-02-28Z", "2026-02-28T24:00:00", "2026-02-28+08:00"]
_MOMENTS = [*_DATES, "2026-02-28T12:00:00.123+08:00", "2026-02-28 12:00:00", "2026-02-28T12:00"]
_BINARY = ["QQ==", "QQ", "QQ=", "====", "Q Q = =", "QUJD", "QUJD!", "QR=="]
_URIS = ["urn:a:b", "http://[", "%zz", "a b", "#a"]
_NAMES = ["_a", "a:b", "1a", "a b", "é"]
_BY_PRIMITIVE = {
    "decimal": _NUMBERS,
    "date": _DATES,
    "dateTime": _MOMENTS,
    "base64Binary": _BINARY,
    "anyURI": _URIS,
}


def probes(kind: Any) -> list[str]:
    """Values for the simple type ``kind`` (xmlschema's), each once."""
    primitive = getattr(kind, "primitive_type", None)
    name = primitive.local_name if primitive is not None else ""
    found = [*_COMMON, *_BY_PRIMITIVE.get(name, []), *_lengths(kind)]
    if name == "string":
        found += [*_NAMES, *(str(value) for value in kind.enumeration or ())]
    return list(dict.fromkeys(found))


def _lengths(kind: Any) -> list[str]:
    """Texts at the bounds of ``kind``, of letters, of Chinese, of characters beyond 16 bits, and with blanks around."""
    found = []
    for bound in (kind.min_length, kind.max_length):
        for count in (bound - 1, bound, bound + 1) if bound is not None and bound < 10_000 else ():
            found += [char * count for char in "A海𠀀" if count > 0]
            found += [f"{'A' * count} ", f" {'A' * count}", f"{'A' * (count - 2)} B"] if count > 2 else []
    return found

"""libxml2's errors as findings: which code, what the value was and what it should have been."""

import re
from dataclasses import replace
from typing import Any

from lxml import etree

from hub.formats.xml.places import Places
from hub.model.finding import Finding, Place

_SHOWN = 80  # characters of a value that a finding repeats

_FACETS = {
    "SCHEMAV_CVC_ENUMERATION_VALID": "code",
    "SCHEMAV_CVC_PATTERN_VALID": "pattern",
    "SCHEMAV_CVC_LENGTH_VALID": "length",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "too-long",
    "SCHEMAV_CVC_MINLENGTH_VALID": "too-short",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "too-small",
    "SCHEMAV_CVC_MINEXCLUSIVE_VALID": "too-small",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "too-great",
    "SCHEMAV_CVC_MAXEXCLUSIVE_VALID": "too-great",
    "SCHEMAV_CVC_TOTALDIGITS_VALID": "too-many-digits",
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": "too-many-decimals",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "type",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_2": "type",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": "type",
    "SCHEMAV_CVC_ELT_5_2_2_2_2": "fixed",
    "SCHEMAV_CVC_AU": "fixed",
}
_STRUCTURE = {
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "unexpected-attribute",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "unexpected-attribute",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "missing-attribute",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "not-empty",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "unexpected-text",
    "SCHEMAV_CVC_ELT_3_1": "nil",
    "SCHEMAV_CVC_TYPE_3_1_2": "unexpected-children",
}
_NAMESPACE = re.compile(r"\{[^{}]*\}(?!\*)")
_ATTRIBUTE = re.compile(r"attribute '(?:\{[^}]*\})?([^']+)'")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)")
_LAST_QUOTED = re.compile(r"'([^']*)'\)?\.?$")
_FACET = {
    "code": re.compile(r"set \{(.*)\}\.?$", re.DOTALL),
    "pattern": re.compile(r"pattern '(.*)'\.?$", re.DOTALL),
    "type": re.compile(r"type '(.*)'\.?$"),
}


def finding(error: Any, element: Any, places: Places) -> Finding:
    """One error of libxml2 (``message``, ``type_name``) about ``element``, as a finding."""
    message: str = error.message
    named = _ATTRIBUTE.search(message)
    place = Place(line=element.sourceline, tag=etree.QName(element).localname, path=places.path(element))
    key = _FACETS.get(error.type_name)
    if key:
        attribute = named.group(1) if named else None
        params = _value(element, attribute) + _bound(key, message)
        return Finding(f"xml.{key}", _at(place, attribute), params=params)
    if error.type_name == "SCHEMAV_ELEMENT_CONTENT":
        expected = _EXPECTED.search(message)
        names = _plain(expected.group(1)) if expected else "–"
        missing = message.find("Missing child") >= 0
        return _about("missing-element" if missing else "unexpected-element", place, expected=names)
    key = _STRUCTURE.get(error.type_name)
    if key:
        return _about(key, place, **({"attribute": named.group(1)} if named else {}))
    return _about("invalid", place, reason=_plain(message))


def _about(key: str, place: Place, **params: str) -> Finding:
    shown = {"element": place.tag or "", **params}
    return Finding(f"xml.{key}", place, params=tuple((name, value[:1000]) for name, value in shown.items()))


def _value(element: Any, attribute: str | None) -> tuple[tuple[str, str], ...]:
    value = str((element.get(attribute) if attribute else element.text) or "")
    return (("value", value if len(value) <= _SHOWN else value[:_SHOWN] + "…"),)


def _bound(key: str, message: str) -> tuple[tuple[str, str], ...]:
    found = _FACET.get(key, _LAST_QUOTED).search(message)
    bound = found.group(1) if found else "–"
    return (("type", _plain(bound)) if key == "type" else ("facet", bound[:1000]),)


def _plain(text: str) -> str:
    return _NAMESPACE.sub("", text).strip()


def _at(place: Place, attribute: str | None) -> Place:
    return replace(place, path=f"{place.path}/@{attribute}") if attribute else place

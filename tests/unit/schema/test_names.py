"""Short forms of schema ids: which type is meant, and what is said when it is none or several."""

import pytest

from hub.errors import SchemaUnknown
from hub.schema.catalog import Catalog
from hub.schema.names import matching, resolve


@pytest.mark.parametrize(
    ("word", "schema_id"),
    [
        ("edifact:D.02B:PAXLST", "edifact:D.02B:PAXLST"),
        ("D.02B:PAXLST", "edifact:D.02B:PAXLST"),
        ("d02b:paxlst", "edifact:D.02B:PAXLST"),
        ("MT1401", "xsd:manifest:MT1401"),
        ("csv:quarantine:passengers", "csv:quarantine:passengers"),
        ("passengers", "csv:quarantine:passengers"),
        ("case-status", "internal:case-status"),
    ],
)
def test_short_forms(catalog: Catalog, word: str, schema_id: str) -> None:
    assert resolve(word, catalog) == schema_id


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("PAXLST", "name one of them, or just D.21B:PAXLST"),
        ("S:CONTRL", "the nearest are edifact:S1:CONTRL"),
        ("PAXLTS", "the nearest are PAXLST"),
        ("D.02B:MT1401", "the nearest are xsd:manifest:MT1401"),
        ("", "no type is called"),
    ],
)
def test_what_is_said_of_others(catalog: Catalog, word: str, said: str) -> None:
    with pytest.raises(SchemaUnknown) as caught:
        resolve(word, catalog)
    assert said in str(caught.value)


def test_patterns(catalog: Catalog) -> None:
    assert matching("D.02B:PAX", catalog) == ["edifact:D.02B:PAXLST"]
    assert matching("xsd:*:MT?401", catalog) == ["xsd:manifest:MT1401", "xsd:manifest:MT2401"]
    assert matching("nothing", catalog) == []
    assert matching("", catalog) == catalog.ids()

"""pyx12 behind its adapter: what it raises on ends in a finding and an acknowledgment; what it overlooks is found."""

import io

import pytest

from hub.formats.x12 import validator as adapter
from hub.formats.x12.acknowledgment import acknowledge
from hub.formats.x12.limits import Limits
from hub.formats.x12.validator import UNJUDGED, Fault, Validator, Walk
from hub.model.message import Envelope
from hub.model.partner import Acknowledge

HUB = Envelope("HUBCSX", "ZZ", "TRADER", "ZZ", "7", "202611231200")


@pytest.fixture
def order_map(catalog) -> Validator:
    return adapter.validator(catalog.get("x12:004010:850"))


def answered(reading, catalog, want=Acknowledge.FUNCTIONAL) -> list[str]:
    """The segments of the acknowledgment without their envelope."""
    (interchange,) = reading.interchanges
    written = acknowledge(interchange, want, envelope=HUB, catalog=catalog).decode()
    return written.rstrip("~").split("~")[1:-1]


def plain_pyx12(data: bytes, root) -> object:
    """What pyx12's own document run does with the same bytes and our maps."""
    import pyx12.error_handler
    import pyx12.params
    import pyx12.x12n_document

    version = data.decode().partition("GS*")[2].split("~")[0].split("*")[8][:6]
    folder = root / "schemas" / "x12" / (version if version in ("004010", "005010") else "004010")
    return pyx12.x12n_document.x12n_document(
        pyx12.params.ParamsBase(), io.StringIO(data.decode()), io.StringIO(), None, None, map_path=str(folder)
    )


TRAPS = {
    "no ST03": ({"version": "005010"}, ("ST*850*0001*005010~", "ST*850*0001~"), "x12.convention-missing"),
    "a set without a map": ({}, ("ST*850*", "ST*204*"), "x12.set-unknown"),
    "an unknown version": ({"version": "003040"}, None, "x12.version-unknown"),
    "a version that is none": ({"version": "LATEST"}, None, "x12.version-unknown"),
    "no GS08": ({}, ("*X*004010~", "~"), "x12.gs-version"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_what_pyx12_raises_on_is_a_finding_and_an_acknowledgment(read, wrap, order, catalog, root, trap):
    options, change, code = TRAPS[trap]
    data = wrap(*order, head=None, **options)
    if change is not None:
        data = data.replace(change[0].encode(), change[1].encode(), 1)
    if trap != "no GS08":
        with pytest.raises(Exception, match=r".+"):
            plain_pyx12(data, root)
    reading = read(data)
    (finding,) = [one for one in reading.all_findings() if one.code == code]
    assert finding.place.offset is not None
    assert any(part.startswith(("AK9*", "TA1*")) for part in answered(reading, catalog))


def test_each_map_is_loaded_once(catalog):
    one = adapter.validator(catalog.get("x12:004010:850"))
    assert adapter.validator(catalog.get("x12:004010:850")) is one


@pytest.mark.parametrize("error", adapter._RAISED)
def test_what_pyx12_did_not_think_of_is_unjudged(order_map, monkeypatch, error):
    class Node:
        def is_valid_errors(self, _segment):
            raise error("of pyx12's own")

    monkeypatch.setitem(order_map.nodes, "BEG", Node())
    assert order_map.segment("BEG", ["00"], [[]]) == [Fault(UNJUDGED, 0)]


def test_a_walk_that_raises_is_unjudged(order_map, monkeypatch):
    walk = Walk(order_map)

    def raises(*_):
        raise AttributeError("of pyx12's own")

    monkeypatch.setattr(walk._walker, "walk_errors", raises)
    path, (lapse,) = walk.step("BEG", 2)
    assert (path, lapse.code) == (None, UNJUDGED)


def test_what_is_unjudged_is_a_finding(read, wrap, order, catalog, order_map, monkeypatch):
    monkeypatch.setattr(order_map, "segment", lambda *_: [Fault(UNJUDGED, 0)])
    reading = read(wrap(*[part.replace("USD", "US1") for part in order]))
    (finding,) = reading.all_findings()
    assert (finding.code, finding.place.tag, finding.place.segment) == ("x12.unjudged", "CUR", 3)
    assert "AK3*CUR*3**8" in answered(reading, catalog)


@pytest.mark.parametrize(
    ("elements", "found"),
    [
        (["00", "SA", "PO1", "", "20261123"], []),
        (["00", "SA", "", "", "20261123"], [Fault("1", 3)]),
        (["00", "SA", "PO1", "", "2026112X"], [Fault("8", 5)]),
        (["00", "SA", "PO1", "", "20261123"] + ["1"] * 20, [Fault("3", 13)]),
    ],
)
def test_faults_have_their_place(order_map, elements, found):
    assert [one for one in order_map.segment("BEG", elements, [[]] * len(elements)) if one in found] == found


def test_separators_inside_values_are_not_taken_apart_again(order_map):
    assert order_map.segment("N1_LOOP/N1", ["ST", "A*B:C~D"], [[], []]) == []


def test_pyx12_is_asked_so_often_and_no_more(read, wrap, order, catalog):
    bad = [*order[:4], *["N1*ST*A*92*X", "N3*A"] * 30, *order[7:]]
    reading = read(wrap(*bad), limits=Limits(judged=10))
    codes = [one.code for one in reading.all_findings()]
    assert codes.count("x12.limit-judged") == 1
    assert codes.count("x12.value-short") <= 10
    assert not reading.valid
    lost = [*order[:4], *["XX*1", "REF*IA*1"] * 30, *order[7:]]
    codes = [one.code for one in read(wrap(*lost), limits=Limits(judged=10)).all_findings()]
    assert codes.count("x12.limit-judged") == 1

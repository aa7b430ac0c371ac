"""The bank answers payment orders: a guarantee is used up to its line and given back; all in EDIFACT, by a handbook."""

from pathlib import Path

import pytest

from hub.config.settings import load_settings
from hub.formats.read import read
from hub.model.message import Document
from hub.model.partner import SigningKey
from hub.schema.catalog import Catalog
from hub.security import xmldsig
from hub.security.keys import load_signer, passphrase
from hub.setup import make_home
from hub.twins import start
from hub.twins.agency import Agency
from hub.twins.counter import Counter
from hub.twins.desk import Item
from hub.twins.folder import TwinFolder
from tests.unit.engine import ecommerce

ORDER = ecommerce.order("1")


def signed(home: Path, data: bytes) -> bytes:
    """``data`` as the hub signs it."""
    return xmldsig.sign(data, load_signer(load_settings(home).paths.signer(SigningKey.EC), passphrase()))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    list(make_home(home))
    return home


def clock() -> int:
    return 1_795_449_600_000_000


def order(number: int, amount: str, purpose: str = "9") -> bytes:
    """PAYORD over ``amount`` under the guarantee G1."""
    return (
        f"UNB+UNOC:3+HUBCSX:ZZ+BANK:ZZ+261123:0815+{number}'UNH+1+PAYORD:D:16B:UN'BGM+450+PO{number}+{purpose}'"
        f"DTM+137:20261123:102'RFF+ATM:G1'MOA+9:{amount}:CNY'FII+OR+1'UNT+7+1'UNZ+1+{number}'"
    ).encode()


def answer(agency: Agency, catalog: Catalog, data: bytes, name: str = "") -> Document:
    """The APERAK that ``data`` leads to; its CONTRL comes first."""
    handled = agency.handle(Item(name or f"{hash(data)}.edi", data, None, clock()))
    assert handled.suspect == ""
    (contrl,), (aperak,) = handled.receipts, handled.answers
    assert aperak.after == 200_000
    for reply in (contrl, aperak):
        assert read(reply.data, catalog).valid
    return read(aperak.data, catalog).interchanges[0].messages[0].document or {}


def verdict(document: Document) -> tuple[str, list[str]]:
    errors = [group["ERC"]["C901"]["9321"] for group in document.get("SG4", ())]
    return document["BGM"]["4343"], errors


def test_a_guarantee_is_used_to_its_line_and_given_back(home: Path, catalog: Catalog) -> None:
    bank = start.agency(home, "bank", clock=clock)
    asked = [order(1, "600000"), order(2, "400000.01"), order(3, "400000"), order(4, "0.01")]
    assert [verdict(answer(bank, catalog, one)) for one in asked] == [
        ("AP", []), ("RE", ["AM14"]), ("AP", []), ("RE", ["AM14"]),
    ]  # fmt: skip
    assert verdict(answer(bank, catalog, order(5, "1000000.01", "1"))) == ("RE", ["AM12"])
    assert verdict(answer(bank, catalog, order(6, "600000", "1"))) == ("AP", [])
    assert verdict(answer(bank, catalog, order(7, "600000"))) == ("AP", [])


def test_the_answer_names_the_document_and_its_interchange(home: Path, catalog: Catalog) -> None:
    document = answer(start.agency(home, "bank", clock=clock), catalog, order(42, "1"))
    references = [group["RFF"]["C506"] for group in document["SG2"]]
    assert references == [{"1153": "ACW", "1154": "PO42"}, {"1153": "INO", "1154": "42"}]


def test_an_order_twice_is_refused_and_the_same_file_twice_is_not(home: Path, catalog: Catalog) -> None:
    bank = start.agency(home, "bank", clock=clock)
    for name, said in (("a.edi", "AP"), ("a.edi", "AP"), ("b.edi", "RE")):
        assert answer(bank, catalog, order(1, "1000000"), name)["BGM"]["4343"] == said


def test_what_the_bank_knows_survives_a_kill_at_any_moment(home: Path, catalog: Catalog) -> None:
    folder = TwinFolder(home / "twins" / "bank")
    folder.memory.unlink(missing_ok=True)

    def bank() -> Agency:
        return start.agency(home, "bank", clock=clock, durable=True)

    assert answer(bank(), catalog, order(1, "900000"), "a.edi")["BGM"]["4343"] == "AP"
    with folder.memory.open("a") as log:
        log.write('{"by": "half a li')
    assert answer(bank(), catalog, order(1, "900000"), "a.edi")["BGM"]["4343"] == "AP", "killed before it answered"
    assert verdict(answer(bank(), catalog, order(2, "100000.01"), "b.edi")) == ("RE", ["AM14"])
    assert verdict(answer(bank(), catalog, order(3, "100000"), "c.edi")) == ("AP", [])


def test_what_no_handbook_names_is_kept_aside_or_heard_in_silence(home: Path) -> None:
    said = {}
    for id in ("bank", "tax"):
        counter = Counter(start.agency(home, id, clock=clock), clock)
        counter.hand("a.xml", (ORDER if id == "bank" else signed(home, ORDER)))
        said[id] = (len(counter.collect()), [reason for _, reason in counter.suspect])
    assert said == {"bank": (0, ["no answer is known to xsd:ceb:CEB311"]), "tax": (0, [])}

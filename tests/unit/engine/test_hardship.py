"""What traders, time and changed configurations do to cases: nothing of it stops the others."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from hub.approvals.values import Approval
from hub.clock import now
from hub.engine.amounts import MAX_ROWS
from hub.engine.cases import Cases
from hub.engine.deadlines import Due
from hub.engine.postings import Postings
from hub.engine.rows import Known, Row, Touch
from hub.model.approval import ApprovalState
from hub.services.service import Line, Service, Services
from tests.unit.engine.hall import Hall
from tests.unit.engine.test_services import complete, send


@pytest.fixture(autouse=True)
def today(hall: Hall) -> None:
    """The declarant's certificate is as old as its home."""
    hall.at = now()


def test_a_case_whose_service_is_gone_needs_a_person_once(hall: Hall) -> None:
    send(hall, "list")
    hall.world = replace(hall.world, services=Services({}))
    hall.later(24 * 3600 + 1)
    assert [hall.tick(), hall.tick()] == [1, 0]
    assert [item["kind"] for item in hall.work()] == ["service"]


def test_a_deadline_that_cannot_be_kept_keeps_no_other(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("1", "2"):
        send(hall, "list", number)
    hall.later(24 * 3600 + 1)
    whole = Cases._settle

    def poisoned(self: Cases, case: Row, service: Service | None, touch: Touch) -> None:
        if case["reference"] == "C1":
            raise KeyError("poison")
        whole(self, case, service, touch)

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(Cases, "_settle", poisoned)
        assert hall.tick() == 2
    assert [one["event"] for one in logs if one["log_level"] == "error"][-1] == "deadline-failed"
    assert [case["state"] for case in hall.cases()] == ["waiting", "refused"]
    assert hall.tick() == 1
    assert hall.verified()


def test_the_log_names_nobody_whose_deadline_it_is() -> None:
    facts = '{"buyer":["430102199003078515"]}'
    ended = ApprovalState.EXPIRED
    asked = Approval("AP-1", "CS-1", "release/1", "放行", "Release", 1, "", facts, "partner", 1, 2, ended)
    filing = {"kind": "mandate", "number": "N1", "holder": "430102199003078515", "subject": "mandate/N1/4301021990"}
    named = Due(["LN-1"], ["CS-2"], ["AP-2"], [("CS-3", "limit/1/1")], [asked], [filing], []).named()
    assert named == "LN-1, CS-2, AP-2, CS-3/limit/1/1, AP-1, mandate N1"


def test_lines_beyond_those_that_move_a_balance_refuse_the_case(hall: Hall) -> None:
    service = hall.world.services.by_id["ecommerce-import"]
    (posting,) = service.postings[:1]
    many = replace(posting, rows=lambda _: [Line(("1", "1"))] * (MAX_ROWS + 1))
    case = {"id": "CS-1", "revision": 1}
    postings = Postings(hall.world.books, Known(), hall.clock)
    (told,) = postings.matched(case, replace(service, postings=(many,)), {})
    assert (told.code, told.path) == ("-621018", "Order/OrderHead/goodsValue")
    assert "There are more than 1000 lines" in told.en


def test_values_with_a_slash_do_not_make_the_key_of_another(hall: Hall) -> None:
    send(hall, "payment", orderNo="1/4301960A01", ebpCode="X")
    complete(hall)
    assert [case["state"] for case in hall.cases()] == ["open"]

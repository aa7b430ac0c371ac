"""Steps of scenarios about what people do at their desks: grant, file, approve."""

from dataclasses import replace

from hub.approvals.batch import Approvals
from hub.approvals.values import Decided
from hub.balances.batch import Balances
from hub.balances.values import Posted
from hub.clock import SECOND
from hub.filings.batch import Filings
from hub.filings.values import Record, Recorded
from hub.model.approval import Vote
from hub.model.balance import Step
from hub.model.filing import FilingState
from hub.model.partner import Numbers
from tests.acceptance.stage import Stage

DAY = 24 * 3600 * SECOND
PEOPLE = """
[people.li]
title = { zh = "李雷", en = "Li Lei" }
roles = ["officer"]

[people.han]
title = { zh = "韩梅", en = "Han Mei" }
roles = ["officer"]

[people.wu]
title = { zh = "吴明", en = "Wu Ming" }
roles = ["audit"]
"""
"""Who is at work in scenarios: a piece of hub.toml."""


def grants(stage: Stage, who: str, amount: str, holder: str, book: str) -> None:
    """Somebody lets the line of a balance grow."""
    hall = stage.hall
    scaled = hall.world.books[book].scaled(amount)
    assert scaled, f"{amount} is no amount of {book}"
    with hall.database.write() as connection:
        balances = Balances.load(connection, hall.world.books, [(book, holder)], [], hall.clock())
        done = balances.post(Step.GRANT, book, holder, scaled, None, "", hall.clock(), f"by {who}")
        assert isinstance(done, Posted), done
        balances.save(connection)


def available(stage: Stage, holder: str, amount: str, book: str) -> None:
    """What a holder may still reserve."""
    hall = stage.hall
    with hall.database.read() as connection:
        balances = Balances.load(connection, hall.world.books, [(book, holder)], [], hall.clock())
    found = hall.world.books[book].shown(balances.available(book, holder))
    assert found == amount, f"{found} is available"


def on_file(stage: Stage, kind: str, item: str, holder: str, since: str, until: str) -> None:
    """Something is on file from so many days from now on, until so many."""
    hall = stage.hall
    now = hall.clock()
    record = Record(kind, item, holder, kind, "scenario", now + int(since) * DAY, now + int(until) * DAY)
    with hall.database.write() as connection:
        filings = Filings.load(connection, [(kind, item)])
        done = filings.record(record, now)
        assert isinstance(done, Recorded), done
        hall.ledger.append(connection, filings.entries())
        filings.save(connection)


def revoked(stage: Stage, kind: str, item: str, holder: str) -> None:
    """What is on file does not count any more."""
    hall = stage.hall
    with hall.database.write() as connection:
        filings = Filings.load(connection, [(kind, item)])
        done = filings.end(kind, item, holder, FilingState.REVOKED, "li", hall.clock(), "scenario")
        assert isinstance(done, Recorded), done
        hall.ledger.append(connection, filings.entries())
        filings.save(connection)


def votes(stage: Stage, who: str, verb: str, what: str, number: str) -> None:
    """A person decides about a case, and the hub acts upon it."""
    done = _vote(stage, who, verb, what, number)
    assert isinstance(done, Decided), f"the vote does not count: {done}"
    stage.pass_time(1)


def cannot_vote(stage: Stage, who: str, verb: str, what: str, number: str, why: str) -> None:
    """A person's vote does not count."""
    done = _vote(stage, who, verb, what, number)
    assert not isinstance(done, Decided), f"it counts: {done}"
    assert done.why == why, f"because of {done.why}"


def _vote(stage: Stage, who: str, verb: str, what: str, number: str) -> object:
    hall = stage.hall
    case = stage.case(number)["id"]
    with hall.database.write() as connection:
        approvals = Approvals.load(connection, hall.world.settings.people, [case])
        asked = [one for one in approvals.about(case) if one.kind.partition("/")[0] == what]
        assert asked, f"nobody is asked about {what}; only {[one.kind for one in approvals.about(case)]}"
        verdict = {"approves": Vote.APPROVE, "approve": Vote.APPROVE, "rejects": Vote.REJECT}[verb]
        done = approvals.decide(asked[-1].id, who, verdict, "papers seen", hall.clock())
        hall.ledger.append(connection, approvals.entries())
        approvals.save(connection)
    return done


def nobody_is_asked(stage: Stage, what: str, number: str) -> None:
    """A question was not put."""
    with stage.hall.database.read() as connection:
        case = stage.case(number)["id"]
        found = Approvals.load(connection, stage.hall.world.settings.people, [case]).about(case)
    assert all(one.kind.partition("/")[0] != what for one in found), f"asked: {[one.kind for one in found]}"


def hears_told(stage: Stage, who: str, texts: str) -> None:
    """A text is somewhere in what a trader has heard."""
    every = "\n".join(one.texts for one in stage.heard(stage.partner(who)))
    text = texts.strip('"')
    assert text in every, f"there is no {text} in {every[-2000:]}"


def work_items(stage: Stage, count: str) -> None:
    """How much waits for a person."""
    found = [(row["kind"], row["reason"]) for row in stage.hall.work()]
    assert len(found) == int(count), f"the list has {found}"


def leaves_out_nothing(stage: Stage, who: str) -> None:
    """A partner agrees to number its interchanges consecutively."""
    configuration = stage.hall.world.configuration
    partner = configuration.partners[stage.partner(who)]
    assert partner.edifact, f"{partner.id} does not speak EDIFACT"
    changed = replace(partner, edifact=replace(partner.edifact, numbers=Numbers.CONSECUTIVE))
    partners = {**configuration.partners, partner.id: changed}
    stage.hall.world = replace(stage.hall.world, configuration=replace(configuration, partners=partners))


STEPS = [
    ("{who} has agreed to leave out no number", leaves_out_nothing),
    ("{count} items are on the work list", work_items),
    ("what {who} hears tells {texts}", hears_told),
    ("{who} grants {amount} to {holder} in {book}", grants),
    ("{holder} has {amount} available of {book}", available),
    ("the {kind} {item} of {holder} is on file from day {since} to day {until}", on_file),
    ("the {kind} {item} of {holder} is revoked", revoked),
    ("{who} cannot {verb} {what} of case {number}, because {why}", cannot_vote),
    ("nobody is asked about {what} of case {number}", nobody_is_asked),
    ("{who} {verb} {what} of case {number}", votes),
]

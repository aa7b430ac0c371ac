"""What the lines of scenarios mean: a table of patterns, each with the function that does it or looks whether it holds.

In a pattern ``{name}`` stands for some words. A line must fit one pattern as a whole; one that fits none is told with
the nearest patterns.
"""

import difflib
import itertools
import re
from collections.abc import Callable

from tests.acceptance import desk
from tests.acceptance.papers import Changes, Papers
from tests.acceptance.stage import Stage
from tests.acceptance.story import Line, Scenario, StoryError

Step = Callable[..., None]

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "year": 366 * 86400}


def play(scenario: Scenario, stage: Stage) -> None:
    """Do what each line says. Raises StoryError with the line that does not hold, or that nobody understands."""
    for line in scenario.lines:
        step, words = words_of(line)
        try:
            step(stage, **words)
        except Exception as error:
            raise StoryError(f"{line.where}: {line.text}\n    {type(error).__name__}: {error}") from error


def words_of(line: Line) -> tuple[Step, dict[str, str]]:
    """The step that reads ``line``, and what stands in it for the names of its pattern. Raises StoryError."""
    for pattern, step in _COMPILED:
        if match := pattern.fullmatch(line.text):
            return step, {name: value for name, value in match.groupdict().items() if value is not None}
    near = "\n    ".join(difflib.get_close_matches(line.text, [text for text, _ in STEPS], 3, 0.0))
    raise StoryError(f"{line.where}: no step reads {line.text!r}; the nearest are\n    {near}")


# -- Given ------------------------------------------------------------------------------------------------------------


def _papers(stage: Stage, folder: str) -> None:
    stage.papers = Papers(folder)


def _is(stage: Stage, who: str, partner: str) -> None:
    stage.who[who.removeprefix("the ")] = partner
    stage.partner(who)


def _sends(stage: Stage, who: str, partner: str, documents: str) -> None:
    _is(stage, who, partner)
    for document in _list(documents):
        stage.sends[document.removeprefix("the ").replace(" ", "-")] = partner


def _everything(stage: Stage, documents: str) -> None:
    stage.everything = tuple(_list(documents))


# -- When -------------------------------------------------------------------------------------------------------------


def _come(stage: Stage, documents: str, who: str = "", changes: str = "") -> None:
    for document, number in _named(stage, documents):
        stage.come(_paper(stage, document, number, who, changes))


def _come_together(stage: Stage, documents: str, changes: str = "") -> None:
    stage.come(*(_paper(stage, *one, "", changes) for one in _named(stage, documents)), together=True)


def _come_in_every_order(stage: Stage, documents: str) -> None:
    for number, order in enumerate(itertools.permutations(_list(documents)), 1):
        for document in order:
            stage.come(_paper(stage, document, str(number), "", ""))


def _come_in_one(stage: Stage, document: str, first: str, last: str, changes: str = "", which: str = "") -> None:
    numbers = [str(number) for number in range(int(first), int(last) + 1)]
    told = {number: _changes(changes) for number in (_list(which) if which else [""])}
    stage.come((stage.pile(document, numbers, told), stage.sends[document]))


def _all_come(stage: Stage, number: str, changes: str = "") -> None:
    for one in _numbers(number):
        for document in stage.everything:
            stage.come(_paper(stage, document, one, "", _known_to(stage, document, changes)))


def _answers(stage: Stage, who: str, document: str, number: str, code: str, changes: str = "") -> None:
    agency = stage.partner(who)
    for one in _numbers(number):
        assert stage.papers is not None
        given = {"CODE": code}
        if b"@KEY@" in stage.paper(f"{document}-answer", one, {}, given):
            given["KEY"] = stage.key(agency, one)
        stage.come((stage.paper(f"{document}-answer", one, _changes(changes), given), agency))
        _message_is(stage, "accepted")


def _time(stage: Stage, count: str, unit: str) -> None:
    stage.pass_time((1 if count in ("a", "an") else float(count)) * SECONDS[unit.removesuffix("s")])


# -- Then -------------------------------------------------------------------------------------------------------------


def _case_is(stage: Stage, number: str, state: str) -> None:
    for one in _numbers(number):
        case = stage.case(one)
        assert case["state"] == state, f"case {one} is {case['state']} ({case['remarks'] or 'no remarks'})"


def _no_case(stage: Stage, number: str) -> None:
    assert not stage.cases(number), f"there is a case {number}"


def _count_cases(stage: Stage, count: str, state: str = "") -> None:
    found = [row["state"] for row in stage.hall.cases() if not state or row["state"] == state]
    assert len(found) == int(count), f"there are {len(found)}: {sorted(found)[:20]}"


def _lane_is(stage: Stage, lane: str, number: str, state: str, code: str = "") -> None:
    row = stage.lane(lane, number)
    assert row is not None, f"the lane {lane} of case {number} is not open"
    assert (row["state"], row["code"] if code else "") == (state, code), f"it is {row['state']} {row['code']}"


def _no_lane(stage: Stage, lane: str, number: str) -> None:
    assert stage.lane(lane, number) is None, "it is open"


def _hears(stage: Stage, who: str, number: str, state: str = "", code: str = "", text: str = "") -> None:
    partner = stage.partner(who)
    for one in _numbers(number):
        heard = stage.heard(partner, one)
        assert heard, f"{who} has heard nothing of {one}"
        last = heard[-1]
        assert not state or last.status["status"] == state, f"it heard {last.status['status']}: {last.texts}"
        assert not code or code in last.codes, f"there is no {code} in {last.texts}"
        assert text in last.texts, f"it heard: {last.texts}"


def _hears_code(stage: Stage, who: str, number: str, code: str, text: str = "") -> None:
    _hears(stage, who, number, "", code, text)


def _heard_times(stage: Stage, who: str, count: str, number: str) -> None:
    heard = stage.heard(stage.partner(who), number)
    assert len(heard) == int(count), f"it has heard {len(heard)} times: {[one.status.get('status') for one in heard]}"


def _hears_nothing(stage: Stage, who: str, number: str) -> None:
    _heard_times(stage, who, "0", number)


def _gets(stage: Stage, who: str, count: str, kind: str = "") -> None:
    sent = [data for data in stage.sent(stage.partner(who)) if kind.encode() in data]
    assert len(sent) == int(count), f"it got {len(sent)}"


def _passed_on(stage: Stage, who: str, count: str, kind: str) -> None:
    rows = [row for row in stage.hall.deliveries("notice") if row["partner"] == stage.partner(who)]
    found = [row for row in rows if kind.encode() in stage.bytes_of(row)]
    assert len(found) == int(count), f"it was passed on {len(found)}"


def _gets_told(stage: Stage, who: str, texts: str) -> None:
    every = b"\n".join(stage.sent(stage.partner(who))).decode("utf-8", "replace")
    for text in _list(texts):
        assert text in every, f"there is no {text} in {every[:2000] or 'it: it got nothing'}"


def _gets_not_told(stage: Stage, who: str, texts: str) -> None:
    sent = stage.sent(stage.partner(who))
    assert sent, f"{who} got nothing at all"
    every = b"\n".join(sent).decode("utf-8", "replace")
    for text in _list(texts):
        assert text not in every, f"{text} is in what {who} gets"


def _hears_not_told(stage: Stage, who: str, texts: str) -> None:
    heard = stage.heard(stage.partner(who))
    assert heard, f"{who} heard nothing at all"
    every = "\n".join(one.data.decode("utf-8", "replace") for one in heard)
    for text in _list(texts):
        assert text not in every, f"{text} is in what {who} hears"


def _balance(stage: Stage, holder: str, book: str, reserved: str, used: str) -> None:
    found = stage.account(book, holder)
    assert found == (reserved, used), f"{found[0]} is reserved, {found[1]} used"


def _message_is(stage: Stage, state: str, code: str = "") -> None:
    row = stage.hall.transmission(stage.last)
    findings = " ".join([row["findings"] or "", *(one["findings"] or "" for one in stage.hall.messages(stage.last))])
    assert row["state"] == state, f"it is {row['state']}: {findings}"
    assert code in findings, f"it was told: {findings}"


def _work(stage: Stage, kind: str, text: str = "") -> None:
    found = [row for row in stage.hall.work() if row["kind"] == kind and text in row["reason"]]
    assert found, f"the list has {[(row['kind'], row['reason']) for row in stage.hall.work()]}"


def _no_work(stage: Stage) -> None:
    assert not stage.hall.work(), f"the list has {[(row['kind'], row['reason']) for row in stage.hall.work()]}"


def _ledger(stage: Stage) -> None:
    assert stage.hall.verified()


def _ledger_not_told(stage: Stage, texts: str) -> None:
    with stage.hall.database.read() as connection:
        every = " ".join(map(str, connection.exec_driver_sql("SELECT body FROM entries").scalars().all()))
    for text in _list(texts):
        assert text not in every, f"the ledger tells {text}"


def _report(stage: Stage, who: str, code: str, text: str = "") -> None:
    reports = stage.reports(stage.partner(who))
    assert any(code in one and text in one for one in reports), f"it finds {reports}"


def _no_report(stage: Stage, who: str) -> None:
    reports = stage.reports(stage.partner(who))
    assert not reports, f"it finds {reports}"


STEPS: list[tuple[str, Step]] = [
    ("the papers of {folder}", _papers),
    ("{who}, {partner}, sends {documents}", _sends),
    ("{who} is played by {partner}", _is),
    ("everything means {documents}", _everything),
    ("everything of {number} comes", _all_come),
    ("everything of {number} comes with {changes}", _all_come),
    ("{documents} come in every order", _come_in_every_order),
    ("{documents} come at the same moment", _come_together),
    ("{documents} come at the same moment with {changes}", _come_together),
    ("{document} {first} to {last} come in one message", _come_in_one),
    ("{document} {first} to {last} come in one message, with {changes} in {which}", _come_in_one),
    ("{documents} comes from {who}", _come),
    ("{documents} comes from {who} with {changes}", _come),
    ("{documents} comes with {changes}", _come),
    ("{documents} comes", _come),
    ("{documents} come with {changes}", _come),
    ("{documents} come", _come),
    ("{who} answers {document} {number} with {code}", _answers),
    ("{who} answers {document} {number} with {code} and {changes}", _answers),
    ("{count} {unit} pass", _time),
    ("{count} {unit} passes", _time),
    ("case {number} is {state}", _case_is),
    ("there is no case {number}", _no_case),
    ("there are {count} cases", _count_cases),
    ("{count} cases are {state}", _count_cases),
    ("{lane} of case {number} is {state}", _lane_is),
    ("{lane} of case {number} is {state} with {code}", _lane_is),
    ("{lane} has nothing of case {number}", _no_lane),
    ("{who} hears nothing of {number}", _hears_nothing),
    ("{who} has heard {count} times of {number}", _heard_times),
    ("{who} hears {code} of {number}", _hears_code),
    ("{who} hears {code} of {number}, saying {text}", _hears_code),
    ("{who} hears that {number} is {state}", _hears),
    ("{who} hears that {number} is {state}, saying {text}", _hears),
    ("{who} hears that {number} is {state}, code {code}", _hears),
    ("{who} hears that {number} is {state}, code {code}, saying {text}", _hears),
    ("{who} gets {count} messages", _gets),
    ("{who} gets {count} of {kind}", _gets),
    ("{who} is passed on {count} of {kind}", _passed_on),
    ("what {who} gets tells {texts}", _gets_told),
    ("what {who} gets does not tell {texts}", _gets_not_told),
    ("what {who} hears does not tell {texts}", _hears_not_told),
    ("{holder} has {reserved} reserved and {used} used of {book}", _balance),
    ("{who} finds no report", _no_report),
    ("{who} finds a report with {code}", _report),
    ("{who} finds a report with {code}, telling {text}", _report),
    ("the message is {state}", _message_is),
    ("the message is {state} with {code}", _message_is),
    ("somebody is to look at the {kind}", _work),
    ("somebody is to look at the {kind}, for {text}", _work),
    ("nobody has to look at anything", _no_work),
    ("the ledger holds", _ledger),
    ("the ledger does not tell {texts}", _ledger_not_told),
]
"""Every step: how it reads, and what it does. The first that fits is taken."""

_WORDS = {
    "number": r"\d+(?: to \d+)?",
    "first": r"\d+",
    "last": r"\d+",
    "count": r"\d+|an?",
    "code": r"[\w.,-]+",
    "state": r"[a-z]+",
    "unit": r"[a-z]+?s?",
    "folder": r"[\w-]+",
    "partner": r"[\w-]+",
    "document": r"[\w-]+",
    "lane": r"[\w-]+",
    "book": r"[\w-]+",
    "reserved": r"\d[\d.]*",
    "used": r"\d[\d.]*",
    "kind": r"[\w-]+",
    "text": r'"(?P<text>[^"]*)"',
    "who": r"[^,]+?",
}


def _compile(text: str) -> re.Pattern[str]:
    def placed(name: re.Match[str]) -> str:
        inner = _WORDS.get(name[1], ".+?")
        return inner if "(?P<" in inner else f"(?P<{name[1]}>{inner})"

    return re.compile(re.sub(r"\\\{(\w+)\\\}", placed, re.escape(text)))


STEPS += desk.STEPS
_COMPILED = [(_compile(text), step) for text, step in STEPS]


# -- words ------------------------------------------------------------------------------------------------------------


def _paper(stage: Stage, document: str, number: str, who: str, changes: str) -> tuple[bytes, str]:
    data = stage.paper(document, number, _changes(changes))
    return data, stage.partner(who) if who else stage.sends[document]


def _list(text: str) -> list[str]:
    """``a, b and c`` → the three; where there are quotes, what stands in them."""
    return re.findall(r'"([^"]*)"', text) or re.split(r", and |, | and ", text)


def _numbers(text: str) -> list[str]:
    first, _, last = text.partition(" to ")
    return [str(number) for number in range(int(first), int(last or first) + 1)]


def _named(stage: Stage, text: str) -> list[tuple[str, str]]:
    """``order 1, payment 1 and lists 2 to 4`` → document and number of each."""
    found = []
    for one in re.split(r", and |, | and ", text):
        match = re.fullmatch(r"(?:the )?([\w -]+?) (\d+(?: to \d+)?)", one)
        assert match, f"{one!r} is no document with its number"
        document = match[1].replace(" ", "-")
        assert document in stage.sends, f"nobody sends a {document}; there are {', '.join(stage.sends)}"
        found += [(document, number) for number in _numbers(match[2])]
    return found


def _changes(text: str) -> Changes:
    """``netWeight 9.00 and "OLD" as "NEW"`` → the name (or text) of what is changed, and its new value."""
    found: dict[str, str] = {}
    rest = text
    while rest:
        match = re.match(r'(?:,? and |, )?("[^"]*"|[^\s",]+)(?: as)? ("[^"]*"|[^\s",]+)', rest)
        assert match, f"{rest!r} does not say what is changed, and to what"
        found[match[1].strip('"')] = match[2].strip('"')
        rest = rest[match.end() :]
    return found


def _known_to(stage: Stage, document: str, changes: str) -> str:
    """Those of ``changes`` whose element the document has."""
    assert stage.papers is not None
    every = _changes(changes)
    return ", ".join(f'"{name}" "{value}"' for name, value in every.items() if stage.papers.knows(document, name))

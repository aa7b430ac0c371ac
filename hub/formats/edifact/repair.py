"""Getting a message's segments back on track: the cheapest explanation of what is wrong with their order.

A message that does not follow its structure is explained by four kinds of fault: a segment that has no place is passed
over, a mandatory one is missing, a group lacks its trigger, a segment or group comes too often. Each has a price. From
a few segments before the trouble to a few behind it, several readings are carried along side by side; the cheapest one
is kept. So one fault gives one finding, also when what it leads to shows only later.
"""

from collections.abc import Sequence

from hub.formats.edifact.steps import MessageTable, Position, Step

BEFORE, BEHIND = 12, 12  # segments around the trouble that are read in several ways
WIDTH = 16  # readings carried along
MARGIN = 24  # what is dearer than the cheapest one by more than this is given up
REMEMBERED = 8  # tags missed, or passed over, that a later one may make up for

PASSED, FURTHER, SHADOWED = 10, 3, 1  # a segment passed over; one more behind it; one that belongs to it
MISSING, HEADLESS, EXPECTED = 9, 11, 8  # a mandatory segment; a trigger whose group is there; that of a mandatory group
FULL, FULLER = 9, 1  # the first repetition too many; each further one
PAIRED = 2  # the other half of a fault that is known already
UNUSUAL = 1  # a place that is not the first one where the segment may stand


class Patience:
    """How many readings of one segment an interchange may still cost; then no more than one is looked at."""

    __slots__ = ("left",)

    def __init__(self, left: int = 1_000_000) -> None:
        self.left = left


class Counts:
    """How often each child of an open group has come; ``outer`` is the group around it."""

    __slots__ = ("by_key", "outer")

    def __init__(self, by_key: dict[str, int], outer: "Counts | None") -> None:
        self.by_key = by_key
        self.outer = outer

    def up(self, levels: int) -> "Counts":
        """The group ``levels`` around this one."""
        counts = self
        while levels and counts.outer is not None:
            counts = counts.outer
            levels -= 1
        return counts

    def room(self, step: Step) -> int:
        """How many more of the step's segment or group may come; 0 or less when it is full."""
        return step.max - self.up(step.up).by_key.get(step.key, 0)

    def after(self, step: Step) -> "Counts":
        """The counts when ``step`` was taken."""
        here = self.up(step.up)
        one_more = Counts({**here.by_key, step.key: here.by_key.get(step.key, 0) + 1}, here.outer)
        return one_more if step.enter is None else Counts({step.to.key: 1}, one_more)


class Course:
    """One way to read the segments so far; ``before`` is that way without the last one.

    ``step`` is where the last one went (None: passed over), ``opened`` leads to the group that it opens although the
    trigger is missing. ``missed`` are the positions found missing in this step.
    """

    __slots__ = (
        "at", "before", "cost", "counts", "garbled", "lost", "missed", "opened", "recovered", "run", "shadows", "step",
        "wanted",
    )  # fmt: skip

    def __init__(self, at: Position, counts: Counts, before: "Course | None", step: Step | None) -> None:
        self.at = at
        self.counts = counts
        self.before = before
        self.step = step
        self.opened: Step | None = None
        self.missed: list[Position] = []
        self.cost: int = before.cost if before is not None else 0
        self.wanted: tuple[str, ...] = before.wanted if before is not None else ()  # tags missing so far
        self.lost: tuple[str, ...] = before.lost if before is not None else ()  # tags passed over so far
        self.run = 0  # segments passed over in a row
        self.shadows: list[Position] = []  # where those would stand
        self.recovered = False  # the last one, passed over, was missed before
        self.garbled = False  # the last one, passed over, has a tag unknown here: it may stand for any segment

    def take(self, step: Step) -> "Course":
        """The course when the next segment takes ``step``."""
        course = Course(step.to, self.counts.after(step), self, step)
        room = self.counts.room(step)
        if room <= 0:
            course.cost += FULLER if room < 0 else FULL
        course.miss(step.missing, MISSING, self.garbled)
        return course

    def enter(self, opening: Step, inner: Step) -> "Course":
        """The course when the group of ``opening`` opens without its trigger, and the next segment is in it."""
        opened = self.counts.after(opening)
        course = Course(inner.to, opened.after(inner), self, inner)
        course.opened = opening
        if self.counts.room(opening) <= 0:
            course.cost += FULL
        spare = course.miss(opening.missing, MISSING, self.garbled)
        group = opening.enter
        due = group is not None and group.min > 0 and group.key not in self.counts.up(opening.up).by_key
        course.miss((opening.to,), EXPECTED if due else HEADLESS, spare)
        return course

    def skip(self, tag: str, places: list[Position]) -> "Course":
        """The course when the next segment, which would stand at ``places``, is passed over."""
        course = Course(self.at, self.counts, self, None)
        course.run = self.run + 1
        course.garbled = not places and not self.run
        shadows = [step.to for place in self.shadows for step in place.find(tag) if not step.up]
        if tag in self.wanted:
            course.cost += PAIRED
            course.wanted = _without(self.wanted, tag)
            course.recovered = True
        elif shadows:
            course.cost += SHADOWED
        else:
            course.cost += FURTHER if self.run else PASSED
            course.lost = (*self.lost[-REMEMBERED:], tag)
        course.shadows = shadows or [place for place in places if place.group.trigger is place]
        return course

    def miss(self, positions: tuple[Position, ...], price: int, spare: bool) -> bool:
        """Miss ``positions``, unless they were passed over before or, when ``spare``, are what was garbled; returns
        whether what was garbled is still to be explained."""
        for position in positions:
            if spare:
                self.cost += PAIRED
                spare = False
            elif position.tag in self.lost:
                self.cost += PAIRED
                self.lost = _without(self.lost, position.tag)
            else:
                self.cost += price
                self.wanted = (*self.wanted[-REMEMBERED:], position.tag)
                self.missed.append(position)
        return spare

    def faulty(self) -> bool:
        """Whether the last segment cost anything."""
        return self.before is not None and self.cost > self.before.cost

    def total(self) -> int:
        """The price so far."""
        return self.cost

    def to_end(self) -> int:
        """The whole price when the message ends here."""
        return self.cost + MISSING * len(self.owed())

    def owed(self) -> list[Position]:
        """What is missing when the message ends here."""
        last = Course(self.at, self.counts, self, None)
        last.miss(self.at.missing_to_end(), MISSING, self.garbled)
        return last.missed

    def overfull(self) -> Step | None:
        """The step by which the last segment is the first repetition too many, if it is."""
        step = self.opened or self.step
        return step if step is not None and self.before is not None and self.before.counts.room(step) == 0 else None


def _without(tags: tuple[str, ...], tag: str) -> tuple[str, ...]:
    at = tags.index(tag)
    return tags[:at] + tags[at + 1 :]


def explain(table: MessageTable, tags: Sequence[str], patience: Patience) -> list[Course]:
    """The cheapest way to read ``tags``, UNH to the segment before UNT: for each of them, where it went."""
    course = Course(table.start, Counts({}, None), None, None)
    chain = [course]  # as it was before segment 0, 1 …
    while len(chain) <= len(tags):
        index = len(chain) - 1
        step = regular(course.at, course.counts, tags[index])
        if step is not None:
            chain.append(course.take(step))
        elif patience.left > 0:
            del chain[max(index - BEFORE, 0) + 1 :]
            chain += _search(table, tags, chain, index, patience)
        else:
            chain.append(_bluntly(table, course, tags[index]))
        course = chain[-1]
    return chain[1:]


def regular(at: Position, counts: Counts, tag: str) -> Step | None:
    """The step that a segment ``tag`` takes when nothing is wrong."""
    for step in at.find(tag):
        if not step.missing and counts.room(step) > 0:
            return step
    return None


def _bluntly(table: MessageTable, course: Course, tag: str) -> Course:
    """The next course, no other being looked at."""
    steps = course.at.find(tag)
    return course.take(steps[0]) if steps else course.skip(tag, table.positions(tag))


def _search(
    table: MessageTable, tags: Sequence[str], chain: list[Course], trouble: int, patience: Patience
) -> list[Course]:
    """The best continuation of ``chain`` to some segments behind the last trouble, one course a segment."""
    courses = [chain[-1]]
    index = first = len(chain) - 1
    while index < len(tags) and index <= trouble + BEHIND and patience.left > 0:
        patience.left -= len(courses)
        courses = _best(_all_next(table, courses, tags[index]))
        if courses[0].faulty():
            trouble = max(trouble, index)
        index += 1
    course = courses[0] if index < len(tags) else min(courses, key=Course.to_end)
    found = [course]
    while len(found) < index - first and course.before is not None:
        course = course.before
        found.append(course)
    return found[::-1]


def _all_next(table: MessageTable, courses: list[Course], tag: str) -> list[Course]:
    """Every way on from ``courses`` for a segment ``tag``, the cheapest one to each position."""
    places = table.positions(tag)
    found: dict[int, Course] = {}
    for course in courses:
        ways = _ways(course, tag) if places else []
        for one in [*ways, course.skip(tag, places)]:
            known = found.get(id(one.at))
            if known is None or one.cost < known.cost:
                found[id(one.at)] = one
    return list(found.values())


def _ways(course: Course, tag: str) -> list[Course]:
    """The ways on in which the segment has a place."""
    at = course.at
    usual = regular(at, course.counts, tag)
    found = [course.take(step) for step in at.find(tag)]
    for one in found:
        if one.step is not usual and not one.faulty():
            one.cost += UNUSUAL
    if at.tag == tag and at.max == 1 and at.group.children[0] is not at:
        found.append(course.take(Step(at, 0, None, ())))
    return found + [course.enter(opening, inner) for opening, inner in at.headless(tag)]


def _best(courses: list[Course]) -> list[Course]:
    """The cheapest few, the cheapest first; of two that cost the same, the one that was found first."""
    courses.sort(key=Course.total)
    most = courses[0].cost + MARGIN
    return [course for course in courses[:WIDTH] if course.cost <= most]

"""A counter: an agency without a network, whose time the caller turns. What is handed in is answered when it is due."""

from dataclasses import dataclass, field

from hub.clock import Clock
from hub.twins.agency import Handled
from hub.twins.desk import Item, Reply
from hub.twins.player import Office


@dataclass(slots=True)
class Counter:
    """Serves ``agency`` by ``clock``. ``suspect`` holds (file name, reason) of all that was not answered."""

    agency: Office
    clock: Clock
    suspect: list[tuple[str, str]] = field(default_factory=list)
    _due: list[tuple[int, int, Reply]] = field(default_factory=list)
    _serial: int = 0
    _open: list[Item] = field(default_factory=list)

    def hand(self, name: str, data: bytes, signature: bytes | None = None) -> Handled:
        """Hand in a file of the agency's mailbox, with its detached signature where it has one."""
        item = Item(name, data, signature, self.clock())
        handled = Handled(waiting=True) if self.agency.away() else self.agency.handle(item)
        self._go_on(item, handled)
        return handled

    def collect(self) -> list[Reply]:
        """What is due by now, in order of time; each reply is given once. Nothing while nobody is there."""
        if self.agency.away():
            return []
        left, self._open = self._open, []
        for item in left:
            self._go_on(item, self.agency.handle(item))
        now = self.clock()
        due = sorted(one for one in self._due if one[0] <= now)
        self._due = [one for one in self._due if one[0] > now]
        return [reply for _, _, reply in due]

    @property
    def waiting(self) -> int:
        """How many replies, and messages that lack something, are still to come."""
        return len(self._due) + len(self._open)

    def _go_on(self, item: Item, handled: Handled) -> None:
        if handled.waiting:
            self._open.append(item)
            return
        if handled.suspect:
            self.suspect.append((item.name, handled.suspect))
        for reply in (*handled.receipts, *handled.answers):
            self._serial += 1
            self._due.append((item.since + reply.after, self._serial, reply))

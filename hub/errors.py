"""What can go wrong with an operation. A bad *document* is never an exception: it yields findings.

The class docstring is the default message, so that a bare ``raise SpoolFull`` still speaks plainly.
"""


class HubError(Exception):
    """The hub could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class ConfigError(HubError):
    """The configuration is wrong; ``problems`` lists every problem, one ``file:line: key: what and how to mend``."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type["ConfigError"], tuple[list[str]]]:
        """It travels from a worker process with its list of problems."""
        return ConfigError, (self.problems,)


class SchemaUnknown(HubError):
    """No schema of that name is installed. Those that are lie under schemas/."""


class WriteError(HubError):
    """A document does not fit the schema that it should be written by."""


class Unsayable(WriteError):
    """A value holds a character that the receiver's format or character set has no way to write."""

    def __init__(self, path: str, value: str, why: str) -> None:
        super().__init__(f"{path}: {value[:70]!r} {why}")
        self.path = path
        self.value = value[:70]


class SignatureInvalid(HubError):
    """The signature does not verify against the certificate of the partner."""


class LedgerBroken(HubError):
    """The ledger contradicts itself: an entry, a hash or a checkpoint was altered."""


class StoreError(HubError):
    """The database refused the work."""


class SpoolFull(HubError):
    """The disk is full; nothing was accepted. Free space, then the partner may send again."""

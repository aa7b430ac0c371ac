"""The implementation guidelines that are agreed with partners: they are there, and right."""

from collections.abc import Sequence

from hub.config.partners import FILE
from hub.errors import ConfigError, HubError
from hub.guides.library import Guides
from hub.model.partner import Partner


def check(partners: Sequence[Partner], guides: Guides) -> None:
    """Raises ConfigError with every guideline that a partner names and that is not there, or is wrong."""
    problems: dict[str, None] = {}
    for partner in partners:
        for id_ in partner.edifact.guides if partner.edifact else ():
            try:
                guides.get(id_).check()
            except ConfigError as error:
                problems |= dict.fromkeys(error.problems)
            except HubError as error:
                problems[f"partners/{partner.id}/{FILE}:1: edifact.guides: {error}"] = None
    if problems:
        raise ConfigError(list(problems))

"""States of the activation of a pack, and which may follow which."""

from enum import StrEnum


class ActivationState(StrEnum):
    """Where the activation of a pack stands."""

    ASKED = "asked"  # two persons must approve, and its time must come
    ACTIVE = "active"  # the pack is in force for its service
    REPLACED = "replaced"  # another pack has taken its place
    WITHDRAWN = "withdrawn"  # somebody took it back
    REFUSED = "refused"  # a person rejected it, or nobody decided in time
    FAILED = "failed"  # when its time came, the hub could not load it


ACTIVATION_TRANSITIONS: dict[ActivationState, frozenset[ActivationState]] = {
    ActivationState.ASKED: frozenset({ActivationState.ACTIVE, ActivationState.REFUSED, ActivationState.FAILED}),
    ActivationState.ACTIVE: frozenset({ActivationState.REPLACED, ActivationState.WITHDRAWN}),
    ActivationState.REPLACED: frozenset({ActivationState.ACTIVE}),  # what came after it was taken back
    ActivationState.WITHDRAWN: frozenset(),
    ActivationState.REFUSED: frozenset(),
    ActivationState.FAILED: frozenset(),
}

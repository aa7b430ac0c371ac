"""Whether a call in a mapping fits its function: number, kinds and meaning of the arguments, told when it is loaded."""

from collections.abc import Sequence
from decimal import Decimal

from hub.mapping import dates
from hub.mapping.functions import MAX_WIDTH, UNITS, Function


def complaint(function: Function, args: Sequence[object]) -> str | None:
    """What is wrong with calling ``function`` with ``args`` (texts, ints, Decimals), or None."""
    if not function.needs <= len(args) <= len(function.args):
        return f"{function.name} takes {_arity(function)}, not {len(args)}"
    for place, (value, kind) in enumerate(zip(args, function.args, strict=False), 1):
        if not isinstance(value, kind) and not (kind is Decimal and isinstance(value, int)):
            return f"argument {place} of {function.name} is {'a text in quotes' if kind is str else 'a number'}"
        if kind is int and not (isinstance(value, int) and _least(function) <= value <= MAX_WIDTH):
            return f"argument {place} of {function.name} is from {_least(function)} to {MAX_WIDTH}"
    return _meaning(function, args)


def _arity(function: Function) -> str:
    least, most = function.needs, len(function.args)
    if least == most:
        return f"{most} argument{'' if most == 1 else 's'}" if most else "no argument"
    return f"{least} to {most} arguments"


def _least(function: Function) -> int:
    return 0 if function.name == "decimal" else 1


def _meaning(function: Function, args: Sequence[object]) -> str | None:
    if function.name in ("date", "birth"):
        unknown = [str(fmt) for fmt in args[:2] if fmt and not dates.known(str(fmt))]
        if unknown:
            return f"date format {unknown[0]!r} is neither a 2379 code nor a pattern such as '%Y%m%d'"
        return _zone_complaint(args)
    if function.name == "quantity" and args[0] not in UNITS:
        return f"unit {args[0]!r} is not one of {', '.join(UNITS)}"
    if function.name in ("pad", "fill") and len(args) == 2 and len(str(args[1])) != 1:
        return f"argument 2 of {function.name} is one character"
    if function.name in ("split", "replace") and not args[0]:
        return f"argument 1 of {function.name} is not empty"
    return None


def _zone_complaint(args: Sequence[object]) -> str | None:
    if len(args) < 3 or not args[2]:
        return None
    try:
        dates.zone(str(args[2]))
    except ValueError as error:
        return str(error)
    return None

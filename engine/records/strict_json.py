"""Values out of JSON that we did not write: each of the kind that it has to be, or an error."""

from typing import Any

from engine.inputs.files import Unreadable

# What decoding a file that we did not write may raise.
NOT_OURS = (ValueError, TypeError, KeyError, AttributeError, RecursionError, Unreadable)


def text_of(value: Any) -> str:
    """A text out of JSON; raises ``TypeError``."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def whole_of(value: Any) -> int:
    """A whole number out of JSON; raises ``TypeError``."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def units_of(value: Any) -> int:
    """Units of a ledger per krona out of JSON; raises one of ``NOT_OURS``."""
    if whole_of(value) < 1:
        raise ValueError(value)
    return whole_of(value)

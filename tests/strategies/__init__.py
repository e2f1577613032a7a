"""What the property tests are tried on: documents that mean something, with figures to match."""

from tests.strategies.documents import cases
from tests.strategies.draft import Case
from tests.strategies.wording import expressions, names, texts

__all__ = ["Case", "cases", "expressions", "names", "texts"]

"""How long an audit looks before it says that it stopped: counted in steps, not in seconds.

A count gives the same answer on every machine.
"""

from attrs import define

# One step is one row looked at once; a million take a few seconds.
STEPS_PER_COLUMN = 600_000
STEPS_IN_ALL = 6_000_000


@define
class Budget:
    """Steps that are left.

    Attributes:
        left: how many; below zero when a search had to stop.
    """

    left: int = STEPS_PER_COLUMN

    @property
    def spent(self) -> bool:
        """Whether a search had to stop."""
        return self.left < 0

    def part(self) -> "Budget":
        """What one search may spend; what it does not, comes back with ``settle``."""
        return Budget(max(min(self.left, STEPS_PER_COLUMN), 0))

    def settle(self, part: "Budget") -> None:
        """Count what a part has spent."""
        self.left -= max(min(self.left, STEPS_PER_COLUMN), 0) - max(part.left, 0)

    def take(self, steps: int = 1) -> bool:
        """Spend some; False when there are no more."""
        self.left -= steps
        return self.left >= 0

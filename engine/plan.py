"""The plan: a program's steps in the order of computation, which can be printed and followed."""

from collections.abc import Iterator

from attrs import frozen

from dsl import syntax as s
from dsl.findings import Exact, Finding, Kronor, Phrase, Value
from dsl.printer import print_line
from dsl.program import Program
from engine.graph import Dependencies, Step, dependencies


@frozen
class Plan:
    """What is computed, in which order, and why in that order.

    Attributes:
        program: the rules.
        dependencies: which step needs which, with the places that say so.
        steps: every step after all that it needs.
    """

    program: Program
    dependencies: Dependencies
    steps: tuple[Step, ...]

    def lines(self) -> Iterator[Phrase]:
        """One sentence per step, in order."""
        for number, step in enumerate(self.steps, 1):
            yield Phrase(f"plan.{step.kind}", {"number": Exact(number), **self._data(step)})

    def _data(self, step: Step) -> dict[str, Value]:
        symbol = self.program.symbols[step.name]
        data: dict[str, Value] = {"name": step.name, "line": Exact(step.span.line)}
        if isinstance(symbol, s.Pot) and step.kind in {"send", "share"}:
            data["rule"] = print_line(symbol.flows[step.line], self.program.document.language)
        elif isinstance(symbol, s.Pot):
            amount = symbol.amount
            data["amount"] = Kronor(amount.number) if amount else Phrase("plan.inflow")
        else:
            data["rule"] = print_line(symbol, self.program.document.language)
        return data


def plan(program: Program) -> tuple[Plan | None, tuple[Finding, ...]]:
    """Put a program's steps in order, or tell which definitions run in a circle."""
    found = dependencies(program)
    steps = found.order()
    if steps is None:
        return None, found.circles()
    return Plan(program, found, steps), ()

"""The dependency graph of a program: what must be known before what, and where that is said.

A node is a step of the computation; an edge carries the place in the rules that makes it
necessary. Ordering needs only the standard library; networkx, which takes longer to load than a
whole run takes, is imported for what it is better at: explaining circles and answering questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from dsl import syntax as s
from dsl.findings import Exact, Finding, Label
from dsl.program import Program, said_rounding
from dsl.source import Span

if TYPE_CHECKING:
    import networkx as nx

Kind = Literal["figures", "define", "fill", "send", "share"]


@frozen
class Step:
    """One step of the computation.

    Attributes:
        kind: ``figures`` (a statistic is there), ``define`` (an amount or value), ``fill`` (what
            a pot holds), ``send`` (how much a line moves), ``share`` (a line is shared out).
        name: the statistic, definition or pot.
        line: which line of the pot, for ``send`` and ``share``.
        span: the place that says so.
    """

    kind: Kind
    name: str
    line: int = 0
    span: Span = field(default=s.NOWHERE, eq=False)


@frozen
class Use:
    """One step needs another; ``span`` is the place in the rules where it does."""

    user: Step
    used: Step
    span: Span = field(eq=False)


@frozen(slots=False)
class Dependencies:
    """All steps of a program, and which needs which."""

    steps: tuple[Step, ...]
    uses: tuple[Use, ...]

    def order(self) -> tuple[Step, ...] | None:
        """The steps, each after everything it needs; None when they run in a circle."""
        sorter: TopologicalSorter[Step] = TopologicalSorter(dict.fromkeys(self.steps, ()))
        for use in self.uses:
            sorter.add(use.user, use.used)
        try:
            return tuple(sorter.static_order())
        except CycleError:
            return None

    def statistics_behind(self, names: Iterable[str]) -> frozenset[str]:
        """The statistics that these names' figures come from, directly or through others."""
        return frozenset(step.name for step in self._behind(names) if step.kind == "figures")

    def names_behind(self, names: Iterable[str]) -> frozenset[str]:
        """These names, and everything that their figures or their money come from."""
        return frozenset(step.name for step in self._behind(names))

    def _behind(self, names: Iterable[str]) -> set[Step]:
        wanted = set(names)
        waiting = [step for step in self.steps if step.name in wanted]
        found = set(waiting)
        while waiting:
            for used in self._used_by.get(waiting.pop(), ()):
                if used not in found:
                    found.add(used)
                    waiting.append(used)
        return found

    @cached_property
    def _used_by(self) -> Mapping[Step, list[Step]]:
        found: dict[Step, list[Step]] = {}
        for use in self.uses:
            found.setdefault(use.user, []).append(use.used)
        return found

    @cached_property
    def graph(self) -> nx.DiGraph[Step]:
        """The same as a networkx graph: an edge points from what is used to its user."""
        import networkx as nx

        graph: nx.DiGraph[Step] = nx.DiGraph()
        graph.add_nodes_from(self.steps)
        for use in self.uses:
            graph.add_edge(use.used, use.user, span=use.span)
        return graph

    def circles(self) -> tuple[Finding, ...]:
        """One finding per knot of circular definitions, with every place of a circle in it."""
        import networkx as nx

        knots = (knot for knot in nx.strongly_connected_components(self.graph) if len(knot) > 1)
        loops = (step for step in self.graph if self.graph.has_edge(step, step))
        found = [nx.find_cycle(self.graph.subgraph(knot)) for knot in knots]
        found += [[(step, step)] for step in loops]
        return tuple(self._circle([(one[0], one[1]) for one in circle]) for circle in found)

    def _circle(self, edges: list[tuple[Step, Step]]) -> Finding:
        """The circle in the order of what needs what, from the place that comes first."""
        needs = [(used, user) for used, user in reversed(edges) if used.name != user.name]
        # A pot's line and its amount are steps of their own but one name to the reader.
        needs = needs or edges[:1]
        spans = [self.graph.edges[need]["span"] for need in needs]
        first = spans.index(min(spans, key=lambda span: (span.line, span.column)))
        order = [*range(first, len(needs)), *range(first)]
        labels = tuple(
            Label(
                spans[place],
                "place",
                {
                    "number": Exact(number),
                    "name": needs[place][1].name,
                    "needed": needs[place][0].name,
                },
            )
            for number, place in enumerate(order, 1)
        )
        names = [needs[place][1].name for place in order]
        return Finding("F104", labels, {"circle": " → ".join([*names, names[0]])})


def dependencies(program: Program) -> Dependencies:
    """Collect every step of a program and what it needs."""
    collector = _Collector(program)
    uses = tuple(collector.uses())
    steps = (*collector.steps(), *(step for use in uses for step in (use.user, use.used)))
    return Dependencies(tuple(dict.fromkeys(steps)), uses)


@frozen(slots=False)
class _Collector:
    program: Program

    @cached_property
    def _kinds(self) -> Mapping[type, Kind]:
        return {
            s.Statistic: "figures",
            s.Definition: "define",
            s.Steps: "define",
            s.Pot: "fill",
        }

    def steps(self) -> Iterator[Step]:
        for name, symbol in self.program.symbols.items():
            yield Step(self._kinds[type(symbol)], name, 0, symbol.span)

    def uses(self) -> Iterator[Use]:
        for definition in self.program.definitions:
            user = self._named(definition.name.text)
            yield from self._expression(user, definition.expression)
        for pot in self.program.pots:
            yield from self._pot(pot)

    def _named(self, name: str) -> Step:
        symbol = self.program.symbols[name]
        return Step(self._kinds[type(symbol)], name, 0, symbol.span)

    def _expression(self, user: Step, expression: s.Expression) -> Iterator[Use]:
        for reference in s.references(expression):
            yield Use(user, self._named(reference.text), reference.span)

    # ------------------------------------------------------------ pots

    def _pot(self, pot: s.Pot) -> Iterator[Use]:
        for number, flow in enumerate(pot.flows):
            send = Step("send", pot.name.text, number, flow.span)
            share = Step("share", pot.name.text, number, flow.span)
            yield Use(share, send, flow.span)
            yield from self._sent(pot, flow, send)
            yield from self._shared(pot, flow, send, share)

    def _sent(self, pot: s.Pot, flow: s.Flow, send: Step) -> Iterator[Use]:
        """What decides how much a line moves."""
        if isinstance(flow.destination, s.ToEach | s.ToName):
            for expression in flow.expressions:
                yield from self._expression(send, expression)
        if flow.in_proportion:
            yield Use(send, self._named(pot.name.text), flow.span)
            yield from self._siblings(pot, flow, send)
        match flow.amount:
            case s.Ref(name):
                yield Use(send, self._named(name.text), name.span)
            case s.Rest():
                yield Use(send, self._named(pot.name.text), flow.amount.span)
                yield from self._siblings(pot, flow, send)
            case s.All() | s.Part() | s.Quantity(_, ("percent",)):
                yield Use(send, self._named(pot.name.text), flow.amount.span)

    def _siblings(self, pot: s.Pot, flow: s.Flow, send: Step) -> Iterator[Use]:
        """The other lines of a pot: of a rest all but later rests, of claims all but rests."""
        after = False
        for number, other in enumerate(pot.flows):
            after = after or other is flow
            is_rest = isinstance(other.amount, s.Rest)
            if other is flow or (is_rest and (after or flow.in_proportion)):
                continue
            sibling = Step("send", pot.name.text, number, other.span)
            yield Use(send, sibling, other.span)

    def _shared(self, pot: s.Pot, flow: s.Flow, send: Step, share: Step) -> Iterator[Use]:
        """What decides who gets it, and which pots it fills."""
        if isinstance(flow.destination, s.ByKey | s.Equally):
            for expression in flow.expressions:
                yield from self._expression(share, expression)
        match flow.destination:
            case s.ToName(name) if isinstance(self.program.symbols.get(name.text), s.Pot):
                yield Use(self._named(name.text), send, name.span)
        rounding = said_rounding(self.program.document, pot, flow)
        bearer = rounding.difference if rounding else None
        if isinstance(bearer, s.Name) and isinstance(self.program.symbols.get(bearer.text), s.Pot):
            yield Use(self._named(bearer.text), share, bearer.span)

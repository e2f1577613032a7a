"""Rules whose pots hold other amounts than they say: which pots can, and the changed document."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TypeVar

from attrs import evolve

from dsl import syntax as s
from dsl.program import Program, all_posts, statements

Node = TypeVar("Node", s.Post, s.Pot)


def flows_on_to(program: Program, pot: str) -> frozenset[str]:
    """A pot and every pot that its money flows on to, by its lines or by what rounding leaves."""
    waiting, found = [pot], {pot}
    while waiting:
        symbol = program.symbols[waiting.pop()]
        assert isinstance(symbol, s.Pot)
        new = [name for name in _targets(program, symbol) if name not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def sources_of(program: Program, pot: str) -> tuple[str, ...]:
    """A pot whose amount can be changed and every such pot that its money comes from."""
    waiting, found = [pot], [pot]
    while waiting:
        name = waiting.pop(0)
        new = [
            one.name.text
            for one in program.pots
            if name in _targets(program, one) and one.name.text not in found
        ]
        found += new
        waiting += new
    return tuple(name for name in found if can_hold_other(program, name))


def can_hold_other(program: Program, pot: str) -> bool:
    """Whether a pot's amount is said in one place: for itself, or by one appropriation item."""
    symbol = program.symbols.get(pot)
    fed = any(pot in _targets(program, one) for one in program.pots)
    items = list(_items(program.document, pot))
    stated = isinstance(symbol, s.Pot) and symbol.amount is not None
    return not fed and (len(items) == 1 or (stated and not items))


def amount_of(program: Program, pot: str) -> int | None:
    """What the rules say that such a pot holds, in the ledger's unit, when that is whole units."""
    symbol = program.symbols[pot]
    assert isinstance(symbol, s.Pot)
    said = symbol.amount or next((one for _, one in _items(program.document, pot)), None)
    if said is None or (said.number * program.base).denominator != 1:
        return None
    return int(said.number * program.base)


def with_amounts(document: s.Document, amounts: Mapping[str, int], base: int) -> s.Document:
    """The rules when some pots hold other amounts.

    Args:
        document: the rules.
        amounts: what each of these pots holds, in whole units of the ledger.
        base: how many of them make a krona.
    """
    for pot, amount in amounts.items():
        document = _with_amount(document, pot, s.Quantity(Fraction(amount, base), ("kr",)))
    return document


def _with_amount(document: s.Document, pot: str, amount: s.Quantity) -> s.Document:
    changed: list[s.Statement] = []
    for one in document.statements:
        if isinstance(one, s.Pot) and one.name.text == pot and one.amount is not None:
            changed.append(evolve(one, amount=evolve(amount, span=one.amount.span)))
        elif isinstance(one, s.Appropriation):
            posts = tuple(_post_with(post, pot, amount) for post in one.parts)
            changed.append(evolve(one, parts=posts))
        else:
            changed.append(one)
    return evolve(document, statements=tuple(changed))


def _post_with(post: s.Post, pot: str, amount: s.Quantity) -> s.Post:
    """An item whose line to a pot has another amount, and its stated total with it."""
    parts: list[s.Flow | s.DeletedLine] = []
    more = Fraction(0)
    for part in post.parts:
        if isinstance(part, s.Flow) and _goes_to(part, pot):
            assert isinstance(part.amount, s.Quantity)
            more += amount.number - part.amount.number
            parts.append(evolve(part, amount=evolve(amount, span=part.amount.span)))
        else:
            parts.append(part)
    said = post.amount and evolve(post.amount, number=post.amount.number + more)
    return evolve(post, parts=tuple(parts), amount=said)


def _items(document: s.Document, pot: str) -> Iterator[tuple[s.Post, s.Quantity]]:
    """The lines of appropriation items that send money to a pot."""
    for post in all_posts(document):
        for flow in post.flows:
            if _goes_to(flow, pot) and isinstance(flow.amount, s.Quantity):
                yield post, flow.amount


def _goes_to(flow: s.Flow, pot: str) -> bool:
    return isinstance(flow.destination, s.ToName) and flow.destination.name.text == pot


def _targets(program: Program, pot: s.Pot) -> list[str]:
    """The pots that a pot's money goes to."""
    named = [one.destination.name for one in pot.flows if isinstance(one.destination, s.ToName)]
    bearers = (program.rounding_of(pot, flow).difference for flow in pot.flows)
    named += [one for one in bearers if isinstance(one, s.Name)]
    pots = {one.name.text for one in statements(program.document, s.Pot)}
    return [name.text for name in named if name.text in pots]

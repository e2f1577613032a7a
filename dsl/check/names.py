"""Checks names: each is declared, declared once, and of the kind that its place needs."""

from collections.abc import Iterable, Iterator

from dsl import syntax as s
from dsl.check.scope import Scope, parts_of, suggestion
from dsl.findings import Finding, Label, Phrase, Value, finding
from dsl.program import all_flows, statements
from dsl.registers import Register


def check_names(scope: Scope) -> Iterator[Finding]:
    """Unknown, repeated and misplaced names, and statistics that nothing uses."""
    yield from _declared_twice(scope)
    for expression in _expressions(scope):
        yield from _expression(scope, expression)
    for source, flow in all_flows(scope.document):
        yield from _flow(scope, source, flow)
    for pot in statements(scope.document, s.Pot):
        yield from _bearers(scope, pot)
        for adjustment in pot.adjustments:
            yield from _recipient(scope.register_of(pot), adjustment.recipient)
    for rule in statements(scope.document, s.RoundingRule):
        yield from _bearer(scope, scope.register_of(), rule.rounding)
    yield from _unused(scope)


def _declared_twice(scope: Scope) -> Iterator[Finding]:
    seen: dict[str, s.Name] = {}
    names = [one.name for one in scope.document.statements if hasattr(one, "name")]
    for line in statements(scope.document, s.OtherRecipients):
        names += line.names
    for name in names:
        if name.text in seen:
            labels = (Label(name.span, "again"), Label(seen[name.text].span, "before"))
            yield Finding("F102", labels, {"name": name.text})
        seen.setdefault(name.text, name)


# ---------------------------------------------------------------- expressions


def _expressions(scope: Scope) -> Iterator[s.Expression]:
    for one in scope.document.statements:
        match one:
            case s.Definition():
                yield one.expression
            case s.Check():
                yield one.left
                yield one.right
            case s.Table():
                yield from (part.expression for part in one.parts if isinstance(part, s.Column))
            case s.Pot():
                keys = (flow.destination for flow in one.flows)
                yield from (key.key for key in keys if isinstance(key, s.ByKey))


def _expression(scope: Scope, expression: s.Expression) -> Iterator[Finding]:
    for part in parts_of(expression):
        if isinstance(part, s.Ref) and part.name.text not in scope.symbols:
            yield _unknown(part.name, scope.symbols)
        if isinstance(part, s.SumTo) and part.name.text not in scope.others:
            yield _unknown(part.name, scope.others)


def _unknown(name: s.Name, known: Iterable[str]) -> Finding:
    data: dict[str, Value] = {"name": name.text}
    known = tuple(known)
    close = suggestion(name.text, known)
    if close is not None:
        data["suggestion"] = close
    elif known:
        data["known"] = tuple(sorted(known))
    return finding("F101", name.span, key="here", **data)


# ---------------------------------------------------------------- lines of money


def _flow(scope: Scope, source: s.Post | s.Pot, flow: s.Flow) -> Iterator[Finding]:
    if isinstance(flow.amount, s.Ref):
        yield from _amount(scope, flow.amount.name)
    if isinstance(flow.destination, s.ToName):
        register = scope.register_of(source) if isinstance(source, s.Pot) else None
        yield from _target(scope, register, flow.destination.name)
    elif isinstance(source, s.Post):
        yield finding("F114", flow.span, key="here", post=source.number)
    elif isinstance(flow.destination, s.ToEach):
        yield from _noun(scope, source, flow.destination)


def _amount(scope: Scope, name: s.Name) -> Iterator[Finding]:
    """Only a ``belopp`` is a number of whole kronor that a line can pay."""
    found = scope.symbols.get(name.text)
    if found is None:
        amounts = [key for key, one in scope.symbols.items() if _is_amount(one)]
        yield _unknown(name, amounts)
    elif not _is_amount(found):
        kind = Phrase(f"kind.{_kind(found)}")
        yield finding("F106", name.span, key="amount", name=name.text, kind=kind, wanted="belopp")


def _is_amount(symbol: object) -> bool:
    return isinstance(symbol, s.Definition) and symbol.sort == "amount"


def _kind(symbol: object) -> str:
    if isinstance(symbol, s.Definition):
        return symbol.sort
    return type(symbol).__name__.lower()


def _target(scope: Scope, register: Register | None, name: s.Name) -> Iterator[Finding]:
    if name.text in scope.others or scope.pot(name.text):
        return
    if register is not None and register.position(name.text) is not None:
        return
    found = scope.symbols.get(name.text)
    if found is not None:
        kind = Phrase(f"kind.{_kind(found)}")
        yield finding("F115", name.span, key="here", name=name.text, kind=kind)
        return
    pots = [one.name.text for one in statements(scope.document, s.Pot)]
    close = suggestion(name.text, (*pots, *scope.others))
    data: dict[str, Value] = {"name": name.text}
    if close:
        data["suggestion"] = close
    yield finding("F113", name.span, key="here", **data)


def _noun(scope: Scope, pot: s.Pot, destination: s.ToEach) -> Iterator[Finding]:
    noun = pot.noun or scope.noun
    if noun and destination.noun not in {noun, "recipient"}:
        wrong, right = Phrase(f"noun.{destination.noun}"), Phrase(f"noun.{noun}")
        yield finding(
            "F109", destination.span, key="here", wrong=wrong, right=right, pot=pot.name.text
        )


def _bearers(scope: Scope, pot: s.Pot) -> Iterator[Finding]:
    for rounding in (pot.rounding, *(flow.rounding for flow in pot.flows)):
        if rounding is not None:
            yield from _bearer(scope, scope.register_of(pot), rounding)


def _bearer(scope: Scope, register: Register | None, rounding: s.Rounding) -> Iterator[Finding]:
    """What rounding leaves goes to a recipient; when rounding down also to a pot."""
    bearer = rounding.difference
    if not isinstance(bearer, s.Name):
        return
    if rounding.method is s.Method.DOWN and scope.pot(bearer.text):
        return
    yield from _recipient(register, bearer)


def _recipient(register: Register | None, name: s.Name) -> Iterator[Finding]:
    if register is None or register.position(name.text) is not None:
        return
    yield _unknown(name, (one.name for one in register.recipients))


# ---------------------------------------------------------------- unused names


def _unused(scope: Scope) -> Iterator[Finding]:
    used = {
        part.name.text
        for expression in _expressions(scope)
        for part in parts_of(expression)
        if isinstance(part, s.Ref)
    }
    for _, flow in all_flows(scope.document):
        if isinstance(flow.amount, s.Ref):
            used.add(flow.amount.name.text)
    for one in scope.document.statements:
        if isinstance(one, s.Statistic | s.Definition) and one.name.text not in used:
            kind = Phrase(f"kind.{_kind(one)}")
            yield finding("N101", one.name.span, key="here", name=one.name.text, kind=kind)

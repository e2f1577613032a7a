"""Checks names: each is declared, declared once, and of the kind that its place needs."""

from collections.abc import Iterator

from attrs import evolve

from dsl import syntax as s
from dsl.check.scales import expressions_of
from dsl.check.scope import Scope, is_amount
from dsl.check.unknown import unknown_amount, unknown_name, unknown_target
from dsl.check.wording import form, line, written
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
            yield from _recipient(scope, scope.register_of(pot), adjustment.recipient)
    for rule in statements(scope.document, s.RoundingRule):
        yield from _bearer(scope, scope.register_of(), rule.rounding)
    yield from _unused(scope)


def _declared_twice(scope: Scope) -> Iterator[Finding]:
    seen: dict[str, s.Name] = {}
    names = [one.name for one in scope.document.statements if hasattr(one, "name")]
    for others in statements(scope.document, s.OtherRecipients):
        names += others.names
    for name in names:
        if name.text in seen:
            labels = (Label(name.span, "again"), Label(seen[name.text].span, "before"))
            yield Finding("F102", labels, {"name": name.text})
        seen.setdefault(name.text, name)


# ---------------------------------------------------------------- expressions


def _expressions(scope: Scope) -> Iterator[s.Expression]:
    for one in scope.document.statements:
        yield from expressions_of(one)


def _expression(scope: Scope, expression: s.Expression) -> Iterator[Finding]:
    apart = dict(_taken_apart(scope, expression))
    for part in s.parts_of(expression):
        if isinstance(part, s.Ref) and part.name.text in apart:
            yield _needs_marks(apart[part.name.text])
        elif isinstance(part, s.Ref) and part.name.text not in scope.symbols:
            declaration = s.Statistic(part.name, ("person",), scope.noun)
            yield unknown_name(scope, part.name, scope.symbols, declaration)
        if isinstance(part, s.SumTo) and part.name.text not in scope.others:
            yield unknown_name(scope, part.name, scope.others, s.OtherRecipients((part.name,)))


def _taken_apart(scope: Scope, expression: s.Expression) -> Iterator[tuple[str, s.Name]]:
    """Names that begin with a word of the language: “andel äldre” as the share of “äldre”."""
    for part in s.parts_of(expression):
        if isinstance(part, s.ShareOf | s.SumOf) and isinstance(part.operand, s.Ref):
            whole = s.Name(written(part.span), span=part.span)
            if part.operand.name.text not in scope.symbols and whole.text in scope.symbols:
                yield part.operand.name.text, whole


def _needs_marks(name: s.Name) -> Finding:
    return finding("F025", name.span, key="here", name=name.text, quoted=f"”{name.text}”")


# ---------------------------------------------------------------- lines of money


def _flow(scope: Scope, source: s.Post | s.Pot, flow: s.Flow) -> Iterator[Finding]:
    if isinstance(flow.amount, s.Ref):
        yield from _amount(scope, source, flow, flow.amount.name)
    if isinstance(flow.destination, s.ToName):
        register = scope.register_of(source) if isinstance(source, s.Pot) else None
        yield from _target(scope, register, flow, flow.destination.name)
    elif isinstance(source, s.Post):
        yield _shared_by_post(scope, source, flow)
    elif isinstance(flow.destination, s.ToEach | s.Equally):
        yield from _noun(scope, source, flow, flow.destination)


def _amount(scope: Scope, source: s.Post | s.Pot, flow: s.Flow, name: s.Name) -> Iterator[Finding]:
    """Only a ``belopp`` is a number of whole kronor that a line can pay."""
    found = scope.symbols.get(name.text)
    if found is None:
        yield unknown_amount(scope, name)
    elif not is_amount(found):
        data: dict[str, Value] = {"name": name.text, "kind": _kind_in_words(found)}
        data["form"] = form(scope.document, "AMOUNT")
        if isinstance(source, s.Pot) and not isinstance(found, s.Pot):
            by = s.ByKey(s.Ref(name))
            data["line"] = line(scope.document, evolve(flow, amount=s.Rest(), destination=by))
        yield finding("F106", name.span, "amount", **data)


def _shared_by_post(scope: Scope, post: s.Post, flow: s.Flow) -> Finding:
    pot = s.Name(post.title or post.number)
    sent = evolve(flow, destination=s.ToName(pot), rounding=None)
    data = {"line": line(scope.document, sent), "pot": line(scope.document, s.Pot(pot))}
    return finding("F114", flow.span, "here", post=post.number, **data)


def _kind_in_words(symbol: object) -> Phrase:
    kind = symbol.sort if isinstance(symbol, s.Defined) else type(symbol).__name__.lower()
    return Phrase(f"kind.{kind}")


def _target(
    scope: Scope, register: Register | None, flow: s.Flow, name: s.Name
) -> Iterator[Finding]:
    if name.text in scope.others or scope.pot(name.text):
        return
    if register is not None and register.position(name.text) is not None:
        return
    found = scope.symbols.get(name.text)
    if found is None:
        yield unknown_target(scope, register, flow, name)
        return
    shared = line(scope.document, evolve(flow, destination=s.ByKey(s.Ref(name))))
    kind = _kind_in_words(found)
    yield finding("F115", name.span, key="here", name=name.text, kind=kind, line=shared)


def _noun(
    scope: Scope, pot: s.Pot, flow: s.Flow, destination: s.ToEach | s.Equally
) -> Iterator[Finding]:
    noun = pot.noun or scope.noun
    if noun and destination.noun not in {noun, "recipient"}:
        data: dict[str, Value] = {
            "wrong": Phrase(f"noun.{destination.noun}"),
            "right": Phrase(f"noun.{noun}"),
            "pot": pot.name.text,
            "line": line(scope.document, evolve(flow, destination=s.ToEach(noun))),
            "head": line(scope.document, evolve(pot, noun=destination.noun)),
        }
        yield finding("F109", destination.span, "here", **data)


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
    yield from _recipient(scope, register, bearer)


def _recipient(scope: Scope, register: Register | None, name: s.Name) -> Iterator[Finding]:
    if register is None or register.position(name.text) is not None:
        return
    yield unknown_name(scope, name, (one.name for one in register.recipients))


# ---------------------------------------------------------------- unused names


def _unused(scope: Scope) -> Iterator[Finding]:
    used = {
        part.name.text
        for expression in _expressions(scope)
        for part in s.parts_of(expression)
        if isinstance(part, s.Ref)
    }
    for _, flow in all_flows(scope.document):
        if isinstance(flow.amount, s.Ref):
            used.add(flow.amount.name.text)
    for one in scope.document.statements:
        if isinstance(one, s.Statistic | s.Defined) and one.name.text not in used:
            kind = _kind_in_words(one)
            yield finding("N101", one.name.span, key="here", name=one.name.text, kind=kind)

"""Checks names: each is declared, declared once, and of the kind that its place needs."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from dsl import syntax as s
from dsl.check.scales import expressions_of
from dsl.check.scope import Scope, is_amount
from dsl.check.unknown import unknown_amount, unknown_name, unknown_target
from dsl.check.wording import form, kind_in_words, line, written
from dsl.findings import Finding, Label, Phrase, Value, finding
from dsl.program import all_flows, residue_targets, said_rounding, statements
from dsl.registers import Register, folded
from dsl.source import Span


def check_names(scope: Scope) -> Iterator[Finding]:
    """Unknown, repeated and misplaced names, and statistics that nothing uses."""
    yield from _declared_twice(scope)
    yield from _also_recipients(scope)
    yield from _ledger_sums(scope)
    for expression in _expressions(scope):
        yield from _expression(scope, expression)
    for source, flow in all_flows(scope.document):
        yield from _flow(scope, source, flow)
    yield from _bearers(scope)
    for pot in statements(scope.document, s.Pot):
        for adjustment in pot.adjustments:
            yield from _recipient(scope, scope.register_of(pot), adjustment.recipient)
    yield from _unused(scope)


def _declared_twice(scope: Scope) -> Iterator[Finding]:
    names = [one.name for one in scope.document.statements if hasattr(one, "name")]
    for others in statements(scope.document, s.OtherRecipients):
        names += others.names
    yield from _twice((folded(name.text), name.text, name.span) for name in names)
    for table in statements(scope.document, s.Table):
        yield from _twice((one.heading, one.heading, one.span) for one in table.columns)
    for appropriation in statements(scope.document, s.Appropriation):
        numbered = ((post.number, f"post {post.number}", post.span) for post in appropriation.parts)
        yield from _twice(numbered)


def _twice(named: Iterable[tuple[str, str, Span]]) -> Iterator[Finding]:
    seen: dict[str, Span] = {}
    for key, name, span in named:
        if key in seen:
            labels = (Label(span, "again"), Label(seen[key], "before"))
            yield Finding("F102", labels, {"name": name})
        seen.setdefault(key, span)


def _also_recipients(scope: Scope) -> Iterator[Finding]:
    """A pot or another recipient that has a recipient's name would get its money."""
    names = [pot.name for pot in statements(scope.document, s.Pot)]
    for name in (*names, *scope.others.values()):
        for register in scope.registers.values():
            position = register.position(name.text)
            if position is not None:
                who = register.recipients[position].name
                yield finding("F120", name.span, key="here", name=name.text, recipient=who)
                break


def _ledger_sums(scope: Scope) -> Iterator[Finding]:
    """Sums over the whole ledger are known after the run, so only checks may use them."""
    for one in scope.document.statements:
        if isinstance(one, s.Check):
            continue
        for expression in expressions_of(one):
            for part in s.parts_of(expression):
                if isinstance(part, s.SumTo | s.AllPosts):
                    yield finding("F121", part.span, key="here", what=written(part.span))


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
    elif isinstance(flow.destination, s.ToEach | s.Equally) and flow.within is None:
        yield from _noun(scope, source, flow, flow.destination)


def _amount(scope: Scope, source: s.Post | s.Pot, flow: s.Flow, name: s.Name) -> Iterator[Finding]:
    """Only a ``belopp`` is a number of whole kronor that a line can pay."""
    found = scope.symbols.get(name.text)
    if found is None:
        yield unknown_amount(scope, name)
    elif not is_amount(found):
        data: dict[str, Value] = {"name": name.text, "kind": kind_in_words(found)}
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
    kind = kind_in_words(found)
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


def _bearers(scope: Scope) -> Iterator[Finding]:
    """What rounding leaves goes to a recipient of the pot; when rounding down also to a pot."""
    seen: set[tuple[Span, str | None]] = set()
    for pot, flow, bearer in residue_targets(scope.document):
        rounding = said_rounding(scope.document, pot, flow)
        to_pot = rounding is not None and rounding.method is s.Method.DOWN
        key = (bearer.span, pot.noun)
        if key not in seen and not (to_pot and scope.pot(bearer.text)):
            yield from _recipient(scope, scope.register_of(pot), bearer)
        seen.add(key)


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
    for demand in statements(scope.document, s.Demand):
        if isinstance(demand.claim, s.Behaviour):
            used.add(demand.claim.name.text)
    for one in scope.document.statements:
        if isinstance(one, s.Statistic | s.Defined) and one.name.text not in used:
            kind = kind_in_words(one)
            yield finding("N101", one.name.span, key="here", name=one.name.text, kind=kind)

"""Makes mutants of a module's source: each is the same text with one small error put in.

What is changed: comparisons, arithmetic, ``and``, ``or``, ``not``, numbers, texts, truth values,
slices, conditions and choices, ``min``/``max``, ``any``/``all``, ``floor``/``ceil``, the direction
of ``sorted``, keyword arguments, cases of ``match``, what is returned and assigned; and statements
are left out. Not changed: annotations, aliases of types, docstrings and decorators.
"""

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from attrs import frozen

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OPPOSITES = {"min": "max", "any": "all", "floor": "ceil", "floordiv": "truediv"}
OPPOSITES |= {other: one for one, other in OPPOSITES.items()}


@frozen
class Mutant:
    """A module with one error in it.

    Attributes:
        line: where the change begins.
        reach: the lines of which a test must run one to notice it; none if loading runs it.
        within: the function or class that it stands in, by its dotted name.
        before: the lines that are changed, as they were, without the space around them.
        after: as they are now.
        source: the whole module.
    """

    line: int
    reach: range
    within: str
    before: str
    after: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines, no two of them alike."""
    lines = source.encode().splitlines(keepends=True)
    found: dict[str, Mutant] = {}
    for node, new, (within, reach) in _changes(ast.parse(source), _Scope("", None)):
        text = new if isinstance(new, str) else ast.unparse(new)
        if text == ast.unparse(node):
            continue
        text = f"({text})" if isinstance(node, ast.expr) and not _stands_alone(new) else text
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before = b"".join(lines[first : last + 1])
        kept = len(lines[last]) - (node.end_col_offset or 0)
        after = before[: node.col_offset] + text.encode() + before[len(before) - kept :]
        changed = b"".join([*lines[:first], after, *lines[last + 1 :]]).decode()
        if changed not in found:
            lines_reached = range(first + 1, last + 2) if reach is None else reach
            old, now = (" ".join(one.decode().split()) for one in (before, after))
            found[changed] = Mutant(node.lineno, lines_reached, within, old, now, changed)
    return sorted(found.values(), key=lambda one: (one.line, one.before, one.after))


def _stands_alone(new: ast.AST | str) -> bool:
    """Whether a change needs no parentheses, wherever it stands."""
    return isinstance(new, ast.Constant | ast.Name | ast.Call | ast.JoinedStr | ast.Subscript)


class _Scope(NamedTuple):
    """What a change stands in, and which lines a test must reach: its own if None."""

    within: str
    reach: range | None


_Node = TypeVar("_Node", bound=ast.AST)
Place = ast.expr | ast.stmt | ast.pattern
Change = tuple[Place, ast.AST | str, _Scope]


def _changes(node: ast.AST, scope: _Scope) -> Iterator[Change]:
    """Every change in a node and in all that it holds."""
    if isinstance(node, ast.stmt):
        yield from ((*one, scope) for one in _of_statement(node))
    elif isinstance(node, ast.expr):
        yield from ((*one, scope) for one in _of_expression(node))
    elif isinstance(node, ast.match_case):
        yield from ((*one, scope) for one in _of_case(node))
    if isinstance(node, ast.JoinedStr):
        return  # before Python 3.12 nobody knows where in a text its values stand
    for name, inner in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "ops", "op"}:
            continue
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, ast.AST) and not _is_skipped(node, one):
                yield from _changes(one, _scope_of(node, name, scope))


def _scope_of(node: ast.AST, part: str, scope: _Scope) -> _Scope:
    """The scope of what stands in a part of a node."""
    if isinstance(node, ast.Module):
        return _Scope("", range(0))
    if not isinstance(node, ast.FunctionDef | ast.ClassDef):
        return scope
    within = f"{scope.within}.{node.name}" if scope.within else node.name
    if isinstance(node, ast.ClassDef):
        return _Scope(within, range(0))
    body = range(node.body[0].lineno, (node.end_lineno or 0) + 1)
    return _Scope(within, body if part == "args" else None)


def _is_skipped(parent: ast.AST, node: ast.AST) -> bool:
    """Docstrings, and aliases of types at the top of a module."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    value = node.value if isinstance(node, ast.Assign) else None
    return isinstance(parent, ast.Module) and isinstance(value, ast.Subscript)


def _with(node: _Node, **changed: object) -> _Node:
    """The same node with other parts."""
    new = copy.copy(node)
    for name, value in changed.items():
        setattr(new, name, value)
    return new


def _without(items: list[ast.expr], number: int) -> list[ast.expr]:
    return [*items[:number], *items[number + 1 :]]


NONE = ast.Constant(None)


def _of_statement(node: ast.stmt) -> Iterator[tuple[Place, ast.AST | str]]:
    match node:
        case ast.Expr() | ast.Raise():
            yield node, "pass"
        case ast.Continue():
            yield node, "break"
        case ast.Break():
            yield node, "continue"
        case ast.Return(ast.expr() as value):
            yield value, NONE
        case ast.Assign([ast.Name() | ast.Attribute()], value):
            yield value, NONE
        case ast.AnnAssign(value=ast.expr() as value):
            yield value, NONE
        case ast.AugAssign(target, op, value):
            yield node, "pass"
            yield node, _with(node, op=ARITHMETIC[type(op)]())
            yield node, ast.Assign([target], value, lineno=node.lineno)
        case ast.If(test) | ast.While(test) | ast.Assert(test):
            yield from _negated(test)


def _negated(test: ast.expr) -> Iterator[tuple[Place, ast.AST | str]]:
    """A condition turned round, if no other change does that."""
    if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield test, ast.UnaryOp(ast.Not(), test)


def _of_case(case: ast.match_case) -> Iterator[tuple[Place, ast.AST | str]]:
    if case.guard is None:
        yield case.pattern, f"{ast.unparse(case.pattern)} if False"
    else:
        yield case.guard, ast.Constant(False)
        yield case.guard, ast.Constant(True)


def _of_expression(node: ast.expr) -> Iterator[tuple[Place, ast.AST | str]]:  # noqa: C901, PLR0912 - plain, case by case
    match node:
        case ast.Compare(ops=ops):
            for n, op in enumerate(ops):
                for kind in COMPARISONS[type(op)]:
                    yield node, _with(node, ops=[*ops[:n], kind(), *ops[n + 1 :]])
        case ast.BinOp(op=op):
            yield node, _with(node, op=ARITHMETIC[type(op)]())
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield node, operand
        case ast.BoolOp(op, values):
            yield node, _with(node, op=ast.And() if isinstance(op, ast.Or) else ast.Or())
            for n in range(len(values)):
                left = _without(values, n)
                yield node, left[0] if len(left) == 1 else _with(node, values=left)
        case ast.IfExp(test, body, orelse):
            yield node, body
            yield node, orelse
            yield from _negated(test)
        case ast.Lambda():
            yield node, _with(node, body=NONE)
        case ast.Constant():
            yield from ((node, one) for one in _of_constant(node))
        case ast.JoinedStr(values):
            for n, one in enumerate(values):
                for other in _of_constant(one) if isinstance(one, ast.Constant) else ():
                    yield node, _with(node, values=[*values[:n], other, *values[n + 1 :]])
        case ast.Subscript(slice=ast.Slice() as bounds):
            for name in ("lower", "upper", "step"):
                if getattr(bounds, name) is not None:
                    yield node, _with(node, slice=_with(bounds, **{name: None}))
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            for n, loop in enumerate(node.generators):
                for m, test in enumerate(loop.ifs):
                    fewer = _with(loop, ifs=_without(loop.ifs, m))
                    loops = [*node.generators[:n], fewer, *node.generators[n + 1 :]]
                    yield node, _with(node, generators=loops)
                    yield from _negated(test)
        case ast.Call():
            yield from _of_call(node)
        case ast.Name(name, ast.Load()) if name in OPPOSITES:
            yield node, ast.Name(OPPOSITES[name])


def _of_constant(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield ast.Constant(not node.value)
        case int():
            yield ast.Constant(node.value + 1)
            yield ast.Constant(node.value - 1)
        case str():
            yield ast.Constant(f"XX{node.value}")


def _of_call(node: ast.Call) -> Iterator[tuple[Place, ast.AST | str]]:
    for n, one in enumerate(node.keywords):
        if isinstance(one.value, ast.Constant) and isinstance(one.value.value, bool):
            continue  # its other value is a mutant already
        left = [*node.keywords[:n], *node.keywords[n + 1 :]]
        yield node, _with(node, keywords=left)
    turned = [one for one in node.keywords if one.arg == "reverse"]
    if isinstance(node.func, ast.Name) and node.func.id == "sorted" and not turned:
        reverse = ast.keyword("reverse", ast.Constant(True))
        yield node, _with(node, keywords=[*node.keywords, reverse])

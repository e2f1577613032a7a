"""Checks axes where they are declared and where statistics have them: members, names, sizes."""

from collections.abc import Iterator

from attrs import evolve

from dsl import syntax as s
from dsl.axes import MAX_AXES, MAX_CELLS, MAX_DECLARED, MAX_MEMBERS, count, in_order
from dsl.check.scope import Scope, suggestion
from dsl.check.wording import line
from dsl.findings import Finding, Label, Phrase, Value, finding
from dsl.program import statements
from dsl.registers import folded
from dsl.repair import known_word
from dsl.source import Span
from dsl.words import NOUNS, UNITS, key_of


def check_axes(scope: Scope) -> Iterator[Finding]:
    """Every ``indelning``, and every ``underlag`` that has axes."""
    dimensions = statements(scope.document, s.Dimension)
    for dimension in dimensions[:MAX_DECLARED]:
        yield from _dimension(scope, dimension)
    if len(dimensions) > MAX_DECLARED:
        yield too_many(dimensions[MAX_DECLARED].span, "axes", len(dimensions), MAX_DECLARED)
    for statistic in statements(scope.document, s.Statistic):
        if statistic.axes:
            yield from _statistic(scope, statistic)


def axes_of(scope: Scope, statistic: s.Statistic) -> tuple[str, ...]:
    """The axes of a statistic that are declared."""
    return in_order(scope.axes, (axis.text for axis in statistic.axes))


def unknown_axis(scope: Scope, name: s.Name) -> Finding:
    """A name that is not an axis where one must stand."""
    data: dict[str, Value] = {"name": name.text}
    close = suggestion(name.text, scope.axes)
    if close is not None:
        data["suggestion"] = close
    else:
        example = Phrase("example.members", wording=scope.document.language)
        data["members"] = example
        data["head"] = Phrase("head.DIMENSION", wording=scope.document.language)
    if scope.axes:
        data["known"] = tuple(scope.axes)
    return finding("F140", name.span, "here", **data)


def too_many(span: Span, key: str, number: int, limit: int) -> Finding:
    """Something that there is more of than any decision has."""
    data: dict[str, Value] = {"things": Phrase(f"grid.{key}"), "count": number, "limit": limit}
    return finding("F148", span, "here", **data)


def _dimension(scope: Scope, dimension: s.Dimension) -> Iterator[Finding]:
    name, language = dimension.name, scope.document.language
    if key_of(NOUNS, name.text, language) or key_of(UNITS, name.text, language):
        yield finding("F150", name.span, "here", name=name.text)
    seen: dict[str, Span] = {}
    for member in dimension.members:
        before = seen.setdefault(folded(member.text), member.span)
        if before is not member.span:
            labels = (Label(member.span, "again"), Label(before, "before"))
            yield Finding("F144", labels, {"name": member.text, "axis": name.text})
    if len(dimension.members) > MAX_MEMBERS:
        yield too_many(name.span, "members", len(dimension.members), MAX_MEMBERS)


def _statistic(scope: Scope, statistic: s.Statistic) -> Iterator[Finding]:
    unknown = [axis for axis in statistic.axes if axis.text not in scope.axes]
    for axis in unknown:
        yield _not_declared(scope, statistic, axis)
    yield from axes_twice(statistic.axes)
    if len(statistic.axes) > MAX_AXES:
        yield too_many(statistic.axes[MAX_AXES].span, "axes", len(statistic.axes), MAX_AXES)
    cells = count(scope.axes, axes_of(scope, statistic))
    if cells > MAX_CELLS:
        yield too_many(statistic.name.span, "cells", cells, MAX_CELLS)
    for part in statistic.parts:
        if isinstance(part, s.FromRuleset):
            plain = line(scope.document, evolve(statistic, axes=(), noun=statistic.noun))
            yield finding("F149", part.span, "here", name=statistic.name.text, line=plain)


def axes_twice(names: tuple[s.Name, ...]) -> Iterator[Finding]:
    """Axes that are named more than once where each may be named once."""
    seen: dict[str, Span] = {}
    for name in names:
        if name.text in seen:
            labels = (Label(name.span, "again"), Label(seen[name.text], "before"))
            yield Finding("F141", labels, {"axis": name.text})
        seen.setdefault(name.text, name.span)


def _not_declared(scope: Scope, statistic: s.Statistic, axis: s.Name) -> Finding:
    """An axis; or, last in a unit and where the rules have no such axis, a unit or a recipient."""
    language = scope.document.language
    alone = statistic.noun is None and axis is statistic.axes[0]
    if not alone or suggestion(axis.text, scope.axes) is not None:
        return unknown_axis(scope, axis)
    data: dict[str, Value] = {"unit": axis.text}
    meant = known_word(axis.text, UNITS, language) or known_word(axis.text, NOUNS, language)
    key = meant and key_of(UNITS, meant, language)
    noun = meant and key_of(NOUNS, meant, language)
    if meant and (key or noun):
        unit = (*statistic.unit, key) if key else statistic.unit
        mended = evolve(statistic, unit=unit, noun=noun, axes=statistic.axes[1:])
        data |= {"suggestion": meant, "line": line(scope.document, mended)}
        return finding("F107", axis.span, "here", **data)
    data["units"] = tuple(forms[language][0] for forms in UNITS.values())
    data |= {key: UNITS[key][language][0] for key in ("count", "share", "percent")}
    data["head"] = Phrase("head.DIMENSION", wording=language)
    return finding("F107", axis.span, "here", **data)

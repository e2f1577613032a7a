"""Checks larger areas: lines that are shared in two levels, and tables that add areas up."""

from collections.abc import Iterator, Mapping

from attrs import evolve

from dsl import syntax as s
from dsl.check.recipients import mixed, reach_of, uses_of
from dsl.check.scope import Scope
from dsl.check.units import table_units
from dsl.check.wording import expression_text, form, line
from dsl.findings import Finding, Phrase, Value, finding
from dsl.program import adds_up_in, noun_of_table, rounding_around, statements
from dsl.registers import Register
from dsl.units import Unit


def check_levels(scope: Scope, units: Mapping[str, Unit]) -> Iterator[Finding]:
    """Every line with ``inom varje``, and every table with ``en rad per``."""
    for pot in statements(scope.document, s.Pot):
        for flow in pot.flows:
            if flow.within is not None:
                yield from _line(scope, pot, flow, flow.within, units)

    for table in statements(scope.document, s.Table):
        if table.row_per is not None:
            yield from _table(scope, table, table.row_per)


def _table(scope: Scope, table: s.Table, rows: s.RowPer) -> Iterator[Finding]:
    """Of a table with a row per larger area the columns must be such that they can be added up."""
    noun = noun_of_table(scope.symbols, scope.noun or "", table)
    area = Phrase(f"noun.{rows.noun}")
    if _same_places(scope, noun, rows.noun):
        nouns = Phrase(f"nouns.{noun}")
        yield finding("F165", rows.span, "here", table=table.title, noun=area, nouns=nouns)
        return
    unit_of = table_units(scope)
    for part in (one for one in table.columns if isinstance(one, s.Column)):
        unit = unit_of(part.expression)
        single = not any(s.names_per_recipient(part.expression))
        if unit is not None and (single or not adds_up_in(scope.symbols, part.expression, unit)):
            yield finding("F166", part.span, "here", heading=part.heading, noun=area)


def _line(
    scope: Scope, pot: s.Pot, flow: s.Flow, within: s.Within, units: Mapping[str, Unit]
) -> Iterator[Finding]:
    noun = pot.noun or scope.noun
    one_level = line(scope.document, evolve(flow, within=None))
    if noun and _same_places(scope, noun, within.noun):
        data: dict[str, Value] = {
            "pot": pot.name.text,
            "noun": Phrase(f"noun.{within.noun}"),
            "nouns": Phrase(f"nouns.{noun}"),
            "line": one_level,
        }
        yield finding("F160", within.span, "here", **data)
        return
    if not isinstance(flow.destination, s.ByKey | s.Equally):
        only = evolve(flow, within=None, destination=within.destination)
        shared = line(scope.document, only)
        noun_text = Phrase(f"noun.{within.noun}")
        data = {"noun": noun_text, "line": shared, "other": one_level}
        example = form(scope.document, "WITHIN")
        yield finding("F161", within.span, "here", form=example, **data)
        return
    yield from _nouns(scope, pot, flow, within)
    yield from _bearer(scope, pot, flow)
    if isinstance(flow.destination, s.ByKey):
        yield from _key(scope, pot, flow.destination.key, within, units)


def _same_places(scope: Scope, noun: str, other: str) -> bool:
    one, two = scope.registers.get(noun), scope.registers.get(other)
    return noun == other or (one is not None and two is not None and _alike(one, two))


def _alike(one: Register, other: Register) -> bool:
    return one.territory == other.territory


# ---------------------------------------------------------------- equal shares


def _nouns(scope: Scope, pot: s.Pot, flow: s.Flow, within: s.Within) -> Iterator[Finding]:
    """Areas share equally among areas, and recipients among recipients."""
    noun = pot.noun or scope.noun
    outer, inner = flow.destination, within.destination
    if isinstance(outer, s.Equally) and outer.noun != within.noun:
        mended = evolve(flow, destination=s.Equally(within.noun))
        yield _other_noun(scope, outer, within.noun, mended)
    if isinstance(inner, s.Equally) and noun and inner.noun not in {noun, "recipient"}:
        mended = evolve(flow, within=evolve(within, destination=s.Equally(noun)))
        yield _other_noun(scope, inner, noun, mended)


def _other_noun(scope: Scope, wrong: s.Equally, right: str, mended: s.Flow) -> Finding:
    data: dict[str, Value] = {
        "wrong": Phrase(f"noun.{wrong.noun}"),
        "right": Phrase(f"noun.{right}"),
        "line": line(scope.document, mended),
    }
    return finding("F164", wrong.span, "here", **data)


# ---------------------------------------------------------------- rounding


def _bearer(scope: Scope, pot: s.Pot, flow: s.Flow) -> Iterator[Finding]:
    """What rounding leaves on two levels can go to the largest on each, but not to one name."""
    rounding = rounding_around(scope.document, pot, flow)
    if rounding is None or not isinstance(rounding.difference, s.Name):
        return
    largest = evolve(rounding, difference=s.Largest(), unit=None, ties=None)
    data: dict[str, Value] = {
        "pot": pot.name.text,
        "name": rounding.difference.text,
        "line": line(scope.document, evolve(flow, rounding=largest)),
    }
    yield finding("F163", flow.span, "here", **data)


# ---------------------------------------------------------------- the key of the areas


def _key(
    scope: Scope,
    pot: s.Pot,
    key: s.Expression,
    within: s.Within,
    units: Mapping[str, Unit],
) -> Iterator[Finding]:
    """Figures for the areas; or a single name whose figures can be added up for each area."""
    own = scope.register_of(pot)
    uses = list(uses_of(scope, [key], reach_of(scope)))
    known = [(scope.registers.get(one.noun) if one.noun else None) for one in uses]
    if own is None or not any(one is not None and _alike(one, own) for one in known):
        yield from mixed(scope, uses, within.noun)
        return
    unit = units.get(key.name.text) if isinstance(key, s.Ref) else None
    if isinstance(key, s.Ref) and (unit is None or unit.adds_up):
        return
    data: dict[str, Value] = {
        "text": expression_text(scope.document, key),
        "nouns": Phrase(f"nouns.{own.noun}"),
        "noun": Phrase(f"noun.{within.noun}"),
    }
    yield finding("F162", key.span, "here", **data)

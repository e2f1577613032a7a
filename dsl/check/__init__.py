"""Checks a document before anything is computed: header, names, units, flow of money.

``check`` runs every pass and reports all that they find; each pass is a module of its own.
"""

from fractions import Fraction

from dsl import syntax as s
from dsl.check.aftermath import without_aftermath
from dsl.check.axes import check_axes
from dsl.check.demands import check_demands
from dsl.check.flow import check_flow
from dsl.check.header import check_header, rounding_rule
from dsl.check.levels import check_levels
from dsl.check.names import check_names
from dsl.check.recipients import check_recipients
from dsl.check.scales import check_scales
from dsl.check.scope import Scope
from dsl.check.units import check_units
from dsl.document import Reading
from dsl.findings import Finding, errors
from dsl.program import Program, completed
from dsl.registers import Registers

# What a rounding declaration may leave unsaid: whole kronor, and among equals the lowest code.
# The method itself has no default: a ruleset without one is refused.
_UNSAID = s.Rounding(s.Method.NEAREST, None, Fraction(1), s.Ties.CODE)


def check(reading: Reading, registers: Registers) -> tuple[Program | None, tuple[Finding, ...]]:
    """Check a document against the registers of recipients that it names.

    Returns:
        The program, or None when something must be mended first; and all findings, in the order
        of the file.
    """
    scope = Scope.of(reading.document, registers)
    measured = check_units(scope)
    found = (
        *reading.findings,
        *check_header(reading.document),
        *check_names(scope),
        *check_recipients(scope),
        *check_levels(scope, measured.units),
        *check_scales(scope),
        *check_axes(scope),
        *check_demands(scope),
        *measured.findings,
        *check_flow(scope, reading.damaged),
    )
    kept = without_aftermath(found, reading)
    ordered = tuple(sorted(kept, key=lambda one: (one.span.file, one.span.line, one.span.column)))
    shares, amounts = (rounding_rule(reading.document, scope) for scope in ("shares", "amounts"))
    if errors(ordered) or shares is None:
        return None, ordered
    program = Program(
        document=reading.document,
        registers=registers,
        units=measured.units,
        columns=measured.columns,
        share_rounding=completed(shares, _UNSAID),
        amount_rounding=completed(amounts, _UNSAID) if amounts else None,
        grids=measured.grids,
    )
    return program, ordered

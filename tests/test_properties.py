"""What holds for all rules and all figures, each with the name of a theorem."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from random import Random

from attrs import evolve
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from dsl import syntax as s
from dsl.check import check
from dsl.document import Reading, read_document
from dsl.findings import Finding, errors
from dsl.numbers import Language
from dsl.printer import print_document, print_line
from dsl.program import Program
from dsl.registers import Recipient, Register
from engine.bounded import CeilingsFallShort, FloorAboveCeiling, FloorsExceed, apportion_within
from engine.checks import run_checks
from engine.column import Column
from engine.evaluate import Result, evaluate
from engine.inputs.files import Memory
from engine.ledger import (
    Adjusted,
    Earned,
    Entry,
    Fixed,
    Movement,
    Nested,
    RoundingResidue,
    Shared,
)
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.plan import plan
from engine.tabulate import tabulate
from tests.specification import Meaning, Refused, meaning
from tests.specified_rounding import Impossible, Limits, split_within
from tests.strategies import Case, cases, expressions, names, texts

LANGUAGES: tuple[Language, ...] = ("sv", "en")
Figures = Mapping[str, Mapping[str, Fraction]]


def checked(document: s.Document, case: Case) -> tuple[Program | None, tuple[Finding, ...]]:
    return check(Reading(document, ()), case.registers)


def program_of(case: Case, document: s.Document | None = None) -> Program:
    program, found = checked(document or case.document, case)
    assert program is not None, found
    return program


def read_again(document: s.Document, language: Language) -> s.Document:
    reading = read_document("rules", print_document(document, language).encode())
    assert not reading.findings
    return reading.document


def run(program: Program, figures: Figures) -> Result | None:
    order, circles = plan(program)
    assert order is not None, circles
    columns = {name: Column.of(row.values()) for name, row in figures.items()}
    result, stopped = evaluate(program, order.steps, columns)
    assert (result is None) == bool(errors(stopped))
    return result


def ran(case: Case, document: s.Document | None = None) -> Result:
    """The result, where there is one: rules may ask for what cannot be, as these figures are."""
    result = run(program_of(case, document), case.figures)
    assume(result is not None)
    assert result is not None
    return result


def given_by(result: Result) -> dict[str, dict[str, Fraction]]:
    """What each pot gives each recipient, in kronor."""
    return {pot.name.text: _row(result, pot) for pot in result.program.pots}


def _row(result: Result, pot: s.Pot) -> dict[str, Fraction]:
    codes = [one.code for one in result.program.register_of(pot).recipients]
    amounts = result.ledger.of_pot(pot.name.text) or (0,) * len(codes)
    base = result.program.base
    return {code: Fraction(one, base) for code, one in zip(codes, amounts, strict=True)}


def sent_out(result: Result) -> dict[str, Fraction]:
    """What goes to each pot, and to each name outside the register, in kronor."""
    targets = {one.target for one in result.ledger.movements if one.target is not None}
    base = result.program.base
    return {name: Fraction(result.ledger.to_other(name), base) for name in targets}


def everything(result: Result) -> object:
    return given_by(result), sent_out(result), dict(result.holds), values_in(result)


def values_in(result: Result) -> dict[str, tuple[Fraction, ...]]:
    return {name: one.values for name, one in result.values.items() if isinstance(one, Column)}


# ---------------------------------------------------------------- the documents themselves


@given(cases())
def test_every_generated_document_is_accepted(case: Case) -> None:
    program, found = checked(case.document, case)
    assert not errors(found)
    assert program is not None
    assert program.symbols.keys() >= case.figures.keys()


# ---------------------------------------------------------------- money


@given(cases())
def test_every_krona_has_one_way_out(case: Case) -> None:
    result = ran(case)
    program, ledger = result.program, result.ledger
    for pot in program.pots:
        name = pot.name.text
        assert sum(one.total for one in ledger.by_source.get(name, ())) == result.holds[name]
    pots = {pot.name.text for pot in program.pots}
    out = sum(one.total for one in ledger.movements if one.target not in pots)
    assert out == money_in(program, ledger.movements)


def money_in(program: Program, movements: Iterable[Movement]) -> Fraction:
    """All that appropriation items and pots with amounts of their own bring, in ledger units."""
    fed = {one.target for one in movements}
    posts = [flow.amount for post in program.posts for flow in post.flows]
    own = [pot.amount for pot in program.pots if pot.amount and pot.name.text not in fed]
    written = [one.number for one in (*posts, *own) if isinstance(one, s.Quantity)]
    return sum(written, Fraction(0)) * program.base


@given(cases())
def test_the_engine_agrees_with_the_specification(case: Case) -> None:
    agrees(case)


@settings(max_examples=settings().max_examples * 4)
@given(cases(dense=True))
def test_the_engine_agrees_where_most_lines_have_options(case: Case) -> None:
    agrees(case)


def agrees(case: Case) -> None:
    program = program_of(case)
    result, meant = run(program, case.figures), meaning_of(program, case.figures)
    event("refused" if meant is None else "paid")
    assert (result is None) == (meant is None)
    if result is not None and meant is not None:
        base = program.base
        assert given_by(result) == meant.pots
        assert {name: Fraction(held, base) for name, held in result.holds.items()} == meant.holds
        assert sent_out(result) == meant.others
        assert tuple(one.holds for one in run_checks(result)) == meant.checks


def meaning_of(program: Program, figures: Figures) -> Meaning | None:
    try:
        return meaning(program, figures)
    except Refused:
        return None


@given(cases(), st.randoms(use_true_random=False))
def test_order_of_statements_never_matters(case: Case, random: Random) -> None:
    statements = list(case.document.statements)
    random.shuffle(statements)
    shuffled = s.Document(case.document.language, tuple(statements))
    first, second = (
        run(program_of(case), case.figures),
        run(program_of(case, shuffled), case.figures),
    )
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert everything(first) == everything(second)


@given(cases(own_files=True), st.data())
def test_order_of_rows_never_matters(case: Case, data: st.DataObject) -> None:
    first = run_ruleset(files_of(case, None))
    second = run_ruleset(files_of(case, data))
    assert [one.code for one in first.findings] == [one.code for one in second.findings]
    assert (first.result is None) == (second.result is None)
    if first.result is not None and second.result is not None:
        assert everything(first.result) == everything(second.result)
        assert shown(first) == shown(second)


def shown(outcome: Outcome) -> list[tuple[str, tuple[Fraction, ...]]]:
    return [(one.heading, one.cells) for view in outcome.tables for one in view.columns]


def files_of(case: Case, data: st.DataObject | None) -> Memory:
    """The case as files; with rows in another order if there is data to draw it from."""

    def table(heading: str, rows: list[str]) -> bytes:
        order = data.draw(st.permutations(rows)) if data else rows
        return "\n".join((heading, *order, "")).encode()

    contents = {"rules.fordela": print_document(case.document, case.document.language).encode()}
    recipients = case.registers["region"].recipients
    contents["register.csv"] = table(
        "kod;namn;alias", [f"{one.code};{one.name};{'|'.join(one.aliases)}" for one in recipients]
    )
    origins = {
        one.name.text: one for one in case.document.statements if isinstance(one, s.Statistic)
    }
    for name, row in case.figures.items():
        path = next(part.path for part in origins[name].parts if isinstance(part, s.FromFile))
        contents[path] = table("kod;tal", [f"{code};{decimal(row[code])}" for code in row])
    return Memory(contents)


def decimal(value: Fraction) -> str:
    return f"{value.numerator * 10 // value.denominator // 10},{value * 10 % 10}"


@given(cases(own_files=True))
def test_what_is_read_from_files_is_what_was_meant(case: Case) -> None:
    outcome = run_ruleset(files_of(case, None))
    meant = meaning_of(program_of(case), case.figures)
    assert (outcome.result is None) == (meant is None)
    if outcome.result is not None and meant is not None:
        assert given_by(outcome.result) == meant.pots


# ---------------------------------------------------------------- weights


@given(cases(plain_keys=True))
def test_zero_weight_gets_nothing(case: Case) -> None:
    result = ran(case)
    pots = {pot.name.text: pot for pot in result.program.pots}
    for entry in result.ledger.entries():
        if isinstance(entry.reason, Shared) and entry.recipient is not None:
            pot = pots[entry.source]
            flow = pot.flows[entry.line]
            assert isinstance(flow.destination, s.ByKey)
            assert isinstance(flow.destination.key, s.Ref)
            weight = case.figures[flow.destination.key.name.text][entry.recipient.code]
            bears = is_named_bearer(result.program, pot, flow, entry.recipient)
            assert weight or bears or not entry.amount


def is_named_bearer(program: Program, pot: s.Pot, flow: s.Flow, recipient: Recipient) -> bool:
    bearer = program.rounding_of(pot, flow).difference
    register = program.register_of(pot)
    named = isinstance(bearer, s.Name) and register.position(bearer.text)
    return named is not False and named is not None and register.recipients[named] == recipient


@given(cases(plain_keys=True), st.fractions(min_value="1/9", max_value=9, max_denominator=9))
def test_scaling_all_weights_changes_nothing(case: Case, factor: Fraction) -> None:
    assume(factor != 1)
    in_shares = program_of(case)
    scaled = {
        name: {code: value * factor for code, value in row.items()}
        for name, row in case.figures.items()
    }
    first, second = run(in_shares, case.figures), run(in_shares, scaled)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert given_by(first) == given_by(second)
        assert sent_out(first) == sent_out(second)


METHODS = (s.Method.SAINTE_LAGUE, s.Method.LARGEST_REMAINDER)
WEIGHTS = st.lists(st.integers(0, 9), min_size=2, max_size=5).filter(any)


def one_line(
    total: int,
    method: s.Method,
    ties: s.Ties,
    weights: list[int],
    bearer: s.Largest | s.Name | None = None,
) -> Case:
    """One pot, shared by one key."""
    register = Register(
        "region", "region", tuple(Recipient(f"{n}", f"R{n}") for n in range(len(weights)))
    )
    key = s.Ref(s.Name("b"))
    document = s.Document(
        "sv",
        (
            s.RulesetName("x"),
            s.BudgetYear(2024),
            s.Recipients("region"),
            s.RoundingRule("shares", s.Rounding(method, bearer, ties=ties)),
            s.Statistic(key.name, ("count",), None, (s.FromFile("b.csv"), s.Citation("x"))),
            s.Pot(
                s.Name("P"),
                s.Quantity(Fraction(total), ("kr",)),
                parts=(s.Flow(s.All(), s.ByKey(key)),),
            ),
        ),
    )
    row = {f"{n}": Fraction(weight) for n, weight in enumerate(weights)}
    return Case(document, {"region": register}, {"b": row})


def amounts(case: Case) -> list[Fraction]:
    result = run(program_of(case), case.figures)
    assert result is not None
    return [*given_by(result)["P"].values()]


WAYS: tuple[tuple[s.Method, s.Largest | s.Name | None], ...] = (
    *((method, None) for method in METHODS),
    *((s.Method.NEAREST, bearer) for bearer in (s.Largest(), s.Name("R1"))),
    *((s.Method.DOWN, bearer) for bearer in (s.Largest(), s.Name("R0"))),
)


@settings(max_examples=settings().max_examples * 10)
@given(st.integers(0, 60), st.sampled_from(WAYS), st.sampled_from(s.Ties), WEIGHTS)
def test_every_way_of_rounding_agrees_with_its_definition(
    total: int, way: tuple[s.Method, s.Largest | s.Name | None], ties: s.Ties, weights: list[int]
) -> None:
    case = one_line(total, way[0], ties, weights, way[1])
    program = program_of(case)
    try:
        expected = meaning(program, case.figures).pots["P"]
    except Refused:  # the difference of rounding would be a debt
        assert run(program, case.figures) is None
        return
    assert amounts(case) == [*expected.values()]


LIMITS = st.tuples(st.integers(0, 12), st.none() | st.integers(0, 25))


@settings(max_examples=settings().max_examples * 10)
@given(
    st.integers(0, 60),
    st.sampled_from(WAYS),
    st.sampled_from(s.Ties),
    st.lists(st.tuples(st.integers(0, 9), LIMITS), min_size=2, max_size=5),
)
def test_floors_and_ceilings_agree_with_their_definition(
    total: int,
    way: tuple[s.Method, s.Largest | s.Name | None],
    ties: s.Ties,
    rows: list[tuple[int, tuple[int, int | None]]],
) -> None:
    weights = [weight for weight, _ in rows]
    least = [limits[0] for _, limits in rows]
    most = [limits[1] for _, limits in rows]
    assume(any(weights) and (any(least) or any(one is not None for one in most)))
    limits = Limits(list(map(Fraction, least)), [None if m is None else Fraction(m) for m in most])
    bearer = {s.Name("R0"): 0, s.Name("R1"): 1}.get(way[1]) if isinstance(way[1], s.Name) else None
    to_largest = isinstance(way[1], s.Largest)
    try:
        meant = split_within(total, weights, way[0], ties, limits, bearer, to_largest=to_largest)
    except Impossible:
        meant = None
    try:
        bounded = apportion_within(
            total, weights, way[0], least, most, ties=ties, bearer=bearer, to_largest=to_largest
        )
        paid = [*bounded.amounts]
    except (FloorsExceed, CeilingsFallShort, FloorAboveCeiling):
        paid = None
    event("refused" if meant is None else "paid")
    assert paid == meant


@given(st.integers(0, 60), st.sampled_from(s.Ties), WEIGHTS, st.data())
def test_more_weight_never_pays_less(
    total: int, ties: s.Ties, weights: list[int], data: st.DataObject
) -> None:
    who = data.draw(st.integers(0, len(weights) - 1))
    more = [weight + data.draw(st.integers(1, 5)) * (n == who) for n, weight in enumerate(weights)]
    method = s.Method.SAINTE_LAGUE
    before = amounts(one_line(total, method, ties, weights))
    assert amounts(one_line(total, method, ties, more))[who] >= before[who]


@given(st.integers(0, 60), st.sampled_from(s.Ties), WEIGHTS)
def test_a_larger_pot_pays_nobody_less(total: int, ties: s.Ties, weights: list[int]) -> None:
    smaller = amounts(one_line(total, s.Method.SAINTE_LAGUE, ties, weights))
    larger = amounts(one_line(total + 1, s.Method.SAINTE_LAGUE, ties, weights))
    assert all(less <= more for less, more in zip(smaller, larger, strict=True))


@given(st.integers(0, 60), st.sampled_from(METHODS), st.sampled_from(s.Ties), WEIGHTS)
def test_the_heavier_never_gets_less(
    total: int, method: s.Method, ties: s.Ties, weights: list[int]
) -> None:
    paid = amounts(one_line(total, method, ties, weights))
    ranked = pairwise(sorted(zip(weights, paid, strict=True)))
    assert all(less[1] <= more[1] for less, more in ranked if less[0] < more[0])


# ---------------------------------------------------------------- text


@given(cases(), st.sampled_from(LANGUAGES))
def test_parse_after_print_gives_the_same_tree(case: Case, language: Language) -> None:
    assert read_again(case.document, language) == case.document


@given(cases())
def test_swedish_and_english_give_the_same_program(case: Case) -> None:
    swedish = read_again(case.document, "sv")
    english = read_again(swedish, "en")
    assert swedish.language == "sv"
    assert english.language == "en"
    assert swedish == english
    assert program_of(case, swedish) == program_of(case, english)


@given(cases(), st.sampled_from(LANGUAGES))
def test_printing_is_idempotent(case: Case, language: Language) -> None:
    printed = print_document(case.document, language)
    assert print_document(read_again(case.document, language), language) == printed


@given(expressions(), names(), texts(), st.sampled_from(LANGUAGES))
def test_any_expression_is_read_as_it_was_printed(
    expression: s.Expression, name: str, text: str, language: Language
) -> None:
    wordings = (
        s.Definition("value", s.Name(name), expression),
        s.Check(expression, "at_least", expression),
        s.Demand(s.Comparison(expression, "at_least", expression)),
        s.Table(text, (s.Column(expression, text), s.Remark(text))),
        s.Pot(s.Name(name), parts=(s.Flow(s.Rest(), s.ByKey(expression), paid=True),)),
    )
    document = s.Document(language, (s.RulesetName(text), s.BudgetYear(2024), *wordings))
    assert read_again(document, language) == document


@given(names(), st.sampled_from(LANGUAGES))
def test_a_name_is_the_same_wherever_it_stands(text: str, language: Language) -> None:
    name, other = s.Name(text), s.Name("Någon annan")
    kr = s.Quantity(Fraction(1), ("kr",))
    down = s.Rounding(s.Method.DOWN, name, None, s.Ties.CODE)
    flows = (
        s.Flow(s.Ref(name), s.ToName(name), paid=True),
        s.Flow(s.Ref(name), s.ToEach("region")),
        s.Flow(s.Part(1, 2), s.ByKey(s.Ref(name)), down),
    )
    document = s.Document(
        language,
        (
            s.RulesetName("x"),
            s.BudgetYear(2024),
            s.RoundingRule("shares", s.Rounding(s.Method.NEAREST, name, Fraction(1, 100))),
            s.OtherRecipients((other, name)),
            s.Statistic(name, ("percent",), "county"),
            s.Dimension(s.Name("månad"), (name, other, name)),
            s.Statistic(name, ("kr", "person"), "county", axes=(s.Name("månad"), s.Name("och"))),
            s.Statistic(name, ("kr",), axes=(s.Name("månad"), s.Name("krav"), s.Name("kön"))),
            s.Definition("amount", name, s.SumOf(s.SumOf(s.Ref(name)))),
            s.Definition("value", name, s.Binary("-", s.Ref(name), s.Negative(s.Ref(name)))),
            s.Pot(name, kr, "county", down, (*flows, s.Adjustment(name, kr, "x"))),
            s.Check(s.SumTo(name), "equal", s.ShareOf(s.Ref(name)), kr),
            s.Demand(s.Behaviour("more", name, name)),
            s.Demand(s.Behaviour("equal", name)),
            s.Demand(s.Comparison(s.Binary("-", s.Ref(name), kr), "less", s.Ref(name))),
            s.Deleted("ALWAYS", s.Behaviour("double", name, other)),
            s.Deleted("ALWAYS", s.Comparison(s.Ref(name), "more", kr)),
            s.Table("x", (s.Column(s.Ref(name), "x", s.Display("percent", 1)),)),
        ),
    )
    assert read_again(document, language) == document


# ---------------------------------------------------------------- the ledger


@given(cases(), st.sampled_from(LANGUAGES))
def test_every_entry_knows_its_pot_line_recipient_reason_and_place(
    case: Case, language: Language
) -> None:
    document = read_again(case.document, language)
    result = ran(case, document)
    lines = print_document(document, language).splitlines()
    for entry in result.ledger.entries():
        node, span = node_of(document, entry), entry.span
        printed = print_line(node, language)
        assert lines[span.line - 1] == span.text
        assert span.text[span.column - 1 : span.end - 1] == printed
        assert (entry.recipient is None) != (entry.target is None)
        assert reason_fits(entry, node)
        assert entry.paid == (isinstance(node, s.Flow) and node.paid)


def node_of(document: s.Document, entry: Entry) -> s.Flow | s.Adjustment:
    """The line that an entry says it comes from: of a pot, or of an appropriation item."""
    pots = [one for one in document.statements if isinstance(one, s.Pot)]
    appropriations = [one for one in document.statements if isinstance(one, s.Appropriation)]
    flows = [(pot.name.text, number, flow) for pot in pots for number, flow in enumerate(pot.flows)]
    flows += [
        (f"{one.code} post {post.number}", number, flow)
        for one in appropriations
        for post in one.parts
        for number, flow in enumerate(post.flows)
    ]
    found: list[s.Flow | s.Adjustment] = [
        flow
        for source, number, flow in flows
        if (source, number, flow.span) == (entry.source, entry.line, entry.span)
    ]
    adjustments = [(pot.name.text, one) for pot in pots for one in pot.adjustments]
    found += [
        one for source, one in adjustments if (source, one.span) == (entry.source, entry.span)
    ]
    (node,) = found
    return node


def reason_fits(entry: Entry, node: s.Flow | s.Adjustment) -> bool:
    match entry.reason:
        case Adjusted(text):
            return isinstance(node, s.Adjustment) and node.reason == text
        case Earned(name):
            return isinstance(node, s.Flow) and node.amount == s.Ref(s.Name(name))
        case Shared() | Nested() | RoundingResidue():
            return isinstance(node, s.Flow) and isinstance(node.destination, s.ByKey | s.Equally)
        case Fixed():
            fixed = s.ToEach | s.ToName
            return isinstance(node, s.Flow) and isinstance(node.destination, fixed)


@given(cases())
def test_the_exact_share_is_less_than_a_unit_off_or_borne(case: Case) -> None:
    """What ``Shared`` records is what was shared: exact shares add up, and rounding explains."""
    for movement in ran(case).ledger.movements:
        reason = movement.reason
        if isinstance(reason, Shared) and movement.register is not None:
            exact = [reason.exact(place) for place in range(len(movement.register))]
            assert sum(exact) == reason.total
            held = reason.at_floor or reason.at_ceiling
            if reason.rounding.method is s.Method.LARGEST_REMAINDER and not held:
                pairs = zip(movement.amounts, exact, strict=True)
                assert all(abs(paid - share) < reason.unit for paid, share in pairs)


@given(cases())
def test_every_table_has_a_number_for_every_recipient(case: Case) -> None:
    result = ran(case)
    order, _ = plan(result.program)
    assert order is not None
    views, found = tabulate(result, order.dependencies)
    assert not found
    given_out = given_by(result)
    for view in views:
        for column in view.columns:
            assert len(column.cells) == len(view.register)
        first = view.table.parts[0] if view.table else None
        if isinstance(first, s.Column) and isinstance(first.expression, s.Ref):
            row = given_out[first.expression.name.text]
            assert view.columns[0].exact.values == tuple(row.values())


def ten_earned(held: int, stated: int | None) -> Result | None:
    """10 kronor are earned, which only the figures say, and the rest goes to another pot."""
    case = one_line(held, s.Method.SAINTE_LAGUE, s.Ties.CODE, [1, 1])
    *header, pot = case.document.statements
    assert isinstance(pot, s.Pot)
    half = s.Binary("*", s.Quantity(Fraction(10), ("kr",)), s.ShareOf(s.Ref(s.Name("b"))))
    earned = s.Definition("amount", s.Name("x"), half, s.Rounding(s.Method.NEAREST))
    lines = (
        s.Flow(s.Ref(earned.name), s.ToEach("region")),
        s.Flow(s.Rest(), s.ToName(s.Name("Q"))),
    )
    amount = None if stated is None else s.Quantity(Fraction(stated), ("kr",))
    target = s.Pot(s.Name("Q"), amount, parts=pot.parts)
    statements = (*header, earned, evolve(pot, parts=lines), target)
    return run(program_of(case, s.Document("sv", statements)), case.figures)


def test_a_pot_is_never_paid_another_amount_than_it_is_sent() -> None:
    assert ten_earned(20, 9) is None
    assert ten_earned(20, 11) is None
    assert ten_earned(20, 10) is not None


def test_no_pot_pays_a_krona_that_it_does_not_hold() -> None:
    assert ten_earned(9, None) is None
    nothing_left = ten_earned(10, None)
    assert nothing_left is not None
    assert nothing_left.holds == {"P": 10, "Q": 0}


def test_a_line_to_a_recipient_reaches_it_whatever_else_has_its_name() -> None:
    case = one_line(10, s.Method.SAINTE_LAGUE, s.Ties.CODE, [1, 1])
    *header, pot = case.document.statements
    assert isinstance(pot, s.Pot)
    name = s.Name("R1")
    namesake = s.Definition("value", name, s.Ref(s.Name("b")))
    lines = (
        s.Flow(s.Quantity(Fraction(7), ("kr",)), s.ToName(name)),
        s.Flow(s.Rest(), s.ToName(s.Name("R0"))),
    )
    document = s.Document("sv", (*header, namesake, evolve(pot, parts=lines)))
    result = run(program_of(case, document), case.figures)
    assert result is not None
    assert given_by(result)["P"] == {"0": 3, "1": 7}
    assert not sent_out(result)


def test_money_to_a_name_never_has_two_ways_to_go() -> None:
    case = one_line(10, s.Method.SAINTE_LAGUE, s.Ties.CODE, [1, 1, 1])
    pot = case.document.statements[-1]
    assert isinstance(pot, s.Pot)
    lines = (s.Flow(s.All(), s.ToName(s.Name("R1"))),)
    namesake = s.Pot(s.Name("R1"), parts=pot.parts)
    document = s.Document(
        "sv", (*case.document.statements[:-1], evolve(pot, parts=lines), namesake)
    )
    assert checked(document, case)[0] is None

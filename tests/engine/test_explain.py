"""An explanation is the ledger: its lines add up, and its steps end in what was paid."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desk.data.why_json import why_data
from desk.report.why import why_page
from desk.report.why_said import why_sentences
from desk.speaker import Speaker
from dsl import syntax as s
from dsl.findings import Phrase
from dsl.numbers import Language
from engine.column import Column
from engine.evaluate import evaluate
from engine.explain import explain, explain_values, pot_named, resembling, subjects
from engine.explain.steps import Answer, Receipt, Step, Subject
from engine.inputs.files import Folder, Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.plan import plan
from tests.strategies import Case, cases
from tests.test_constructs import FIGURES, HEAD, RECIPIENTS, ROUNDINGS, ran
from tests.test_properties import program_of

ROOT = Path(__file__).parents[2]
RULESETS = sorted(
    file.parent for glob in ("rulesets/*/*/r*.md", "examples/*/r*.md") for file in ROOT.glob(glob)
)
LANGUAGES: tuple[Language, ...] = ("sv", "en")
CONCLUDING = ("rounded", "exact", "held", "claim")


def everybody(outcome: Outcome) -> Iterator[tuple[s.Pot, Subject]]:
    """Every pot and each recipient of its register."""
    assert outcome.program is not None
    for pot in outcome.program.pots:
        register = outcome.program.register_of(pot)
        for place, one in enumerate(register.recipients):
            yield pot, Subject(one.name, register, place)


def by_subject(outcome: Outcome) -> Iterator[tuple[Receipt, int]]:
    """The explanation of each recipient in each pot, and what the ledger gives it there."""
    assert outcome.result is not None
    for pot, subject in everybody(outcome):
        given_by = outcome.result.ledger.of_pot(pot.name.text)
        (receipt,) = explain(outcome, (subject,), pot)
        yield receipt, given_by[subject.position] if given_by else 0


def total(steps: tuple[Step, ...]) -> Fraction:
    return sum((one.value or Fraction(0) for one in steps), Fraction(0))


def concluded(line: Step) -> Fraction | None:
    """The number that the steps of a line end in, if they have any."""
    ends = [one.value for one in line.steps if one.kind in CONCLUDING]
    return ends[-1] if ends else None


def is_explained(outcome: Outcome) -> None:
    """Every recipient's lines add up to the ledger, and each line's steps to the line."""
    assert outcome.program is not None
    base = outcome.program.base
    for receipt, ledger in by_subject(outcome):
        assert total(receipt.lines) * base == receipt.amount == ledger
        for line in receipt.lines:
            end = concluded(line)
            if end is not None:
                assert end == line.value, line
            elif line.kind in {"key", "equally"}:
                assert line.value == 0, line


def is_said(outcome: Outcome) -> None:
    """The explanations can be shown in both languages, no line wider than the page."""
    for receipt, _ in by_subject(outcome):
        answer = Answer((receipt,))
        for language in LANGUAGES:
            speaker = Speaker(language)
            lines = why_page(outcome, answer, speaker).splitlines()
            assert [line for line in lines if len(line) > speaker.width] == []
            said = why_sentences(outcome, answer, speaker)
            assert receipt.subject.name in said
        assert why_data(outcome, answer)["receipts"][0]["amount"] == receipt.amount


# ---------------------------------------------------------------- rulesets and examples


@pytest.mark.parametrize("folder", RULESETS, ids=lambda folder: folder.name)
def test_every_amount_of_every_ruleset_is_explained(folder: Path) -> None:
    outcome = run_ruleset(Folder(folder))
    is_explained(outcome)
    is_said(outcome)


@pytest.mark.parametrize("folder", RULESETS, ids=lambda folder: folder.name)
def test_what_fills_a_pot_and_goes_to_others_is_explained(folder: Path) -> None:
    outcome = run_ruleset(Folder(folder))
    program, result = outcome.program, outcome.result
    assert program is not None
    assert result is not None
    for pot in program.pots:
        (receipt,) = explain(outcome, (Subject(pot.name.text),))
        assert total(receipt.lines) * program.base == result.holds[pot.name.text]
    for name in program.others:
        (receipt,) = explain(outcome, (Subject(name),))
        assert total(receipt.lines) * program.base == result.ledger.to_other(name)
    for one in (receipt for receipt, _ in by_subject(outcome)):
        assert one.pot is not None
        assert total(one.funding) * program.base == result.holds[one.pot]


@pytest.mark.parametrize("folder", RULESETS, ids=lambda folder: folder.name)
def test_every_definition_is_explained(folder: Path) -> None:
    outcome = run_ruleset(Folder(folder))
    assert outcome.program is not None
    assert outcome.result is not None
    subject = subjects(outcome.program, outcome.program.register_of().recipients[0].code)[0]
    said = explain_values(outcome, (subject,))
    values: Mapping[str, object] = outcome.result.values
    names = (one.name.text for one in outcome.program.definitions)
    assert len(said) == sum(isinstance(values[name], Column) for name in names)
    for one in said:
        assert one.step.steps
        ends = [step.value for step in one.step.steps if step.kind in {"rounded", "exact"}]
        assert not ends or ends[-1] == one.step.value


# ---------------------------------------------------------------- constructs


POTS = {
    "floors and ceilings": "  allt efter befolkning, minst 100 kr var, högst 80 % var\n",
    "a floor that is worked out": "  allt efter befolkning, minst sökt / 2 var\n",
    "a key that is a product": "  allt efter befolkning × grad\n",
    "a key that nobody else weighs in": "  allt efter befolkning, om grad < 70 %\n",
    "a condition": "  10 kr till varje mottagare, om grad ≥ 70 %\n  resten efter befolkning\n",
    "claims that are reduced": (
        "  ansökan till varje mottagare, om grad ≥ 70 % eller befolkning > 900 personer,"
        " i proportion om potten inte räcker\n  resten till SKR\n"
    ),
    "parts": "  1/3 efter befolkning\n  20 % till Berga\n  resten till SKR, högst 100 kr\n"
    "  resten lika till varje mottagare\n",
    "a mix": "  allt efter blandning (60 % befolkning, 40 % (sökt × grad))\n",
    "a phase-in": "  allt efter infasning från befolkning till sökt (2025: 10 %, 2027: 100 %)\n",
    "a phase-in to come": "  allt efter infasning från befolkning till sökt (2027: 10 %)\n",
    "a phase-in that is over": "  allt efter infasning från befolkning till sökt (2025: 100 %)\n",
    "adjustments": "  allt efter befolkning\n  justera Alby +1 kr, enligt bilagan\n"
    "  justera Centrum −1 kr, enligt bilagan\n",
    "paid": "  50 kr till varje mottagare, redan utbetalt\n  resten efter sökt\n",
}


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("rules", POTS.values(), ids=POTS)
def test_every_construct_is_explained_whatever_the_rounding(rules: str, rounding: str) -> None:
    for held in (1001, 2003):
        outcome = ran(f"pott P = {held} kr\n{rules}", rounding)
        if outcome.result is None:
            # Not every method can share a third of a pot.
            assert "F507" in {one.code for one in outcome.findings}
            continue
        is_explained(outcome)
        is_said(outcome)


def lines_of(rules: str, who: str, rounding: str = "största rest") -> list[str]:
    """The lines of a page about one recipient of the pot P, without their layout."""
    outcome = ran(rules, rounding)
    assert outcome.program is not None
    found = subjects(outcome.program, who)
    answer = Answer(explain(outcome, found, pot_named(outcome.program, "P")))
    text = why_page(outcome, answer, Speaker("sv", width=200)).replace("\u00a0", " ")
    return [" ".join(line.split()).lstrip("│├└─ ") for line in text.splitlines()]


def test_who_bears_a_difference_is_told_so() -> None:
    said = lines_of("pott P = 10 kr\n  allt efter befolkning\n", "A", ROUNDINGS[3])
    assert "avrundat närmast: 0 kr, och bär skillnaden 1 kr: 1 kr" in said


def test_a_weight_of_nothing_is_the_reason_for_nothing() -> None:
    steps = "trappa t efter grad\n  under 70 % ger 0\n  från och med 70 % ger 1\n"
    said = lines_of(f"{steps}pott P = 1 000 kr\n  allt efter t\n", "Centrum")
    assert "andel vikten är 0 och ger därför inget" in said
    assert any(line.startswith("steg 69 % ligger i steget ”under 70 % ger 0”") for line in said)


def test_who_is_left_out_is_told_which_comparison_failed_and_both_values() -> None:
    said = lines_of("pott P = 900 kr\n  allt lika till varje mottagare, om grad ≥ 70 %\n", "C")
    assert any("grad ≥ 70 %: inte uppfyllt (69 % mot 70 %)" in line for line in said)
    assert "Centrum får 0 kr av 900 kr (P)" in said


def test_one_outside_a_pot_is_told_where_its_money_goes() -> None:
    said = lines_of("pott P = 900 kr\n  allt till SKR\n", "Alby")
    assert any("allt till SKR: 900 kr går dit" in line for line in said)


def test_a_narrow_terminal_gets_narrow_lines() -> None:
    outcome = run_ruleset(Folder(ROOT / "rulesets/2024/god-och-nara-vard"))
    assert outcome.program is not None
    answer = Answer(explain(outcome, subjects(outcome.program, "09")))
    lines = why_page(outcome, answer, Speaker("sv", width=60)).splitlines()
    assert [line for line in lines if len(line) > 60 and "─ " in line] == []


def test_long_chains_of_pots_and_definitions_are_cut_and_not_followed_for_ever() -> None:
    pots = ["pott P0 = 1 000 kr\n  resten till P1\n"]
    pots += [f"pott P{n}\n  hälften till P{n + 1}\n  resten till P{n + 1}\n" for n in range(1, 30)]
    values = ["värde v0 = befolkning\n"]
    values += [f"värde v{n} = v{n - 1} + v{n - 1} − v{n - 1}\n" for n in range(1, 60)]
    rules = "".join([*pots, "pott P30\n  allt efter v59\n", *values])
    outcome = ran(rules)
    assert outcome.result is not None, [one.code for one in outcome.findings]
    is_explained(outcome)
    is_said(outcome)


# ---------------------------------------------------------------- names


def test_a_name_may_be_a_code_an_alias_a_pot_or_one_outside_the_register() -> None:
    outcome = ran("pott P = 900 kr\n  allt till SKR\n")
    program = outcome.program
    assert program is not None
    for text in ("A", "a", "Alby", " alby "):
        assert [one.name for one in subjects(program, text)] == ["Alby"]
    assert subjects(program, "skr") == (Subject("SKR"),)
    assert subjects(program, "p") == (Subject("P"),)
    assert subjects(program, "Albi") == ()
    assert resembling(program, "Albi") == "Alby"


def test_a_region_and_its_county_are_two_recipients() -> None:
    outcome = run_ruleset(Folder(ROOT / "rulesets/2024/god-och-nara-vard"))
    assert outcome.program is not None
    found = subjects(outcome.program, "09")
    assert [one.register.noun for one in found if one.register] == ["region", "county"]
    pots = [one.pot for one in explain(outcome, found)]
    assert pots == ["Nära vård", "Ambulans", "RSS"]


# ---------------------------------------------------------------- any rules


@given(
    st.tuples(*[st.integers(0, 5000)] * 4).filter(any),
    st.integers(1, 20_000),
    st.tuples(st.integers(0, 4000), st.integers(20, 100)),
    st.sampled_from(["", ", om vikt > 100 personer", ", om vikt > 100 personer eller vikt = 1"]),
    st.sampled_from(["1 kr", "1 öre", "10 kr"]),
    st.sampled_from(ROUNDINGS),
)
def test_limits_and_conditions_are_explained_for_any_figures(
    weights: tuple[int, ...],
    pot: int,
    limits: tuple[int, int],
    condition: str,
    unit: str,
    rounding: str,
) -> None:
    names = (("A", "Alby"), ("B", "Berga"), ("C", "Centrum"), ("D", "Dal"))
    rows = ((*one, weight) for one, weight in zip(names, weights, strict=True))
    floor, ceiling = limits
    files = {
        "data/m.csv": "kod,namn\n" + "".join(f"{code},{name}\n" for code, name in names),
        "data/v.csv": "kod,namn,vikt\n" + "".join(f"{c},{n},{w}\n" for c, n, w in rows),
        "regler.fordela": f"""regelverk Prov
budgetår 2026
mottagare mottagare, från data/m.csv
avrunda till {unit}, {rounding}
underlag vikt, personer per mottagare
  från data/v.csv
  källa påhittade tal
pott P = {pot * 10} kr
  allt efter vikt{condition}, minst {floor} kr var, högst {ceiling} % var
""",
    }
    outcome = run_ruleset(Memory({name: text.encode() for name, text in files.items()}))
    assume(outcome.result is not None)
    is_explained(outcome)
    is_said(outcome)


@given(cases())
def test_the_explained_lines_are_the_ledger_for_any_rules(case: Case) -> None:
    program = program_of(case)
    order, _ = plan(program)
    assert order is not None
    columns = {name: Column.of(row.values()) for name, row in case.figures.items()}
    result, _ = evaluate(program, order.steps, columns)
    assume(result is not None)
    outcome = Outcome(Memory({}), "", (), program, order, {}, result)
    is_explained(outcome)
    for pot in program.pots:
        (receipt,) = explain(outcome, (Subject(pot.name.text),))
        assert result is not None
        assert total(receipt.lines) * program.base == result.holds[pot.name.text]


def steps_in(step: Step) -> Iterator[Step]:
    yield step
    for one in step.steps:
        yield from steps_in(one)


def explained(rules: str, who: str) -> list[Step]:
    """All steps of what the pot P gives somebody, whatever it gives."""
    outcome = ran(rules)
    is_explained(outcome)
    is_said(outcome)
    assert outcome.program is not None
    receipts = explain(outcome, subjects(outcome.program, who), pot_named(outcome.program, "P"))
    lines = (line for one in receipts for line in (*one.lines, *one.funding))
    return [step for line in lines for step in steps_in(line)]


def test_who_has_no_claim_on_a_line_of_amounts_is_told_the_condition_and_not_the_amount() -> None:
    pot = "pott P = 2 000 kr\n  ansökan till varje mottagare, om grad ≥ 70 %\n  resten till SKR\n"
    kinds = {who: {one.kind for one in explained(pot, who)} for who in ("Alby", "Centrum")}
    assert "condition" in kinds["Alby"] & kinds["Centrum"]
    assert "formula" in kinds["Alby"] - kinds["Centrum"]


def test_an_amount_that_others_share_or_get_is_told_as_the_sum_of_all() -> None:
    shared = "pott P = 2 000 kr\n  ansökan efter befolkning\n  resten till SKR\n"
    assert Fraction(1600) in [one.value for one in explained(shared, "Alby") if one.kind == "sum"]
    outcome = ran("pott P = 2 000 kr\n  ansökan till SKR\n  resten efter befolkning\n")
    assert outcome.program is not None
    (receipt,) = explain(outcome, subjects(outcome.program, "SKR"))
    assert [one.kind for one in receipt.lines[0].steps] == ["sum", "stated"]
    assert receipt.amount == 1600


def test_of_several_appropriations_the_one_that_fills_a_pot_is_told() -> None:
    items = (
        "anslag 1:5 Först\n  post 1 Ett\n    5 kr till SKR\n"
        "anslag 1:6 Sedan\n  post 1 Ett\n    7 kr till SKR\n  post 2 Två\n    1 000 kr till P\n"
    )
    (item,) = (
        one
        for one in explained(f"{items}pott P\n  allt efter befolkning\n", "Alby")
        if one.kind == "item"
    )
    assert isinstance(item.sentence, Phrase)
    assert {**item.sentence.data}.items() >= {"code": "1:6", "number": "2", "title": "Två"}.items()


def test_a_value_of_which_the_largest_bears_the_difference_is_told_so() -> None:
    value = (
        "värde v, avrunda till 1 decimaler, närmast, skillnaden till den största = sökt / 1 600\n"
    )
    pot = "pott P = 1 000 kr\n  allt efter v\n"
    plain = [one.text for one in explained(f"{value}{pot}", "Alby") if one.kind == "rounded"]
    borne = [one.text for one in explained(f"{value}{pot}", "Centrum") if one.kind == "rounded"]
    assert [one.key for one in plain if isinstance(one, Phrase)][:1] == ["why.up"]
    assert "why.borne" in [one.key for one in borne if isinstance(one, Phrase)]


def test_a_figure_that_two_values_over_axes_use_is_told_once() -> None:
    rules = (
        "indelning månad = mars, april\n"
        "underlag besök, antal per mottagare och månad\n  från data/b.csv\n  källa x\n"
        "värde a = besök + 1\nvärde b = besök × 2\n"
        "pott P = 1 000 kr\n  allt efter summan av (a + b) över månad\n"
    )
    rows = "".join(f"{c},{m},{n}\n" for n, c in enumerate("ABC", 1) for m in ("mars", "april"))
    text = (HEAD + rules).format(rounding="största rest")
    files = {
        "regler.fordela": text,
        "data/mottagare.csv": RECIPIENTS,
        "data/u.csv": FIGURES,
        "data/b.csv": f"kod,månad,besök\n{rows}",
    }
    outcome = run_ruleset(Memory({name: one.encode() for name, one in files.items()}))
    is_explained(outcome)
    is_said(outcome)
    assert outcome.program is not None
    (receipt,) = explain(outcome, subjects(outcome.program, "Alby"))
    steps = list(steps_in(receipt.lines[0]))
    places = [one for one in steps if one.kind == "place"]
    # Two for Alby each month: 1 + 1, and 1 × 2.
    assert {one.name: one.value for one in places} == {"mars": Fraction(4), "april": Fraction(4)}
    assert [one.origin.span.line for one in places if one.origin and one.origin.span] == [2, 3]

"""The parts of the search for counterexamples: what they propose, judge, make plainer and tell."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from attrs import evolve

from dsl import syntax as s
from dsl.check import check
from dsl.document import Reading
from dsl.findings import Phrase, errors
from engine.column import Column
from engine.grid import Grid
from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.proof.amounts import with_amounts
from engine.proof.promises import Breach, Counterexample, Promise, Run, Sort, Verdict
from engine.refutation.allowed import Flat, rooms_of
from engine.refutation.candidates import Proposer
from engine.refutation.changes import changes_of
from engine.refutation.judging import Judge, judge_of
from engine.refutation.replay import replayed
from engine.refutation.search import search
from engine.refutation.smaller import made_smaller
from engine.refutation.telling import told
from engine.refutation.trial import Bench, Draft, Trial
from engine.refutation.turning import turnings
from engine.refutation.verdicts import of_ruleset, unmet_demands
from tests.engine import test_levels
from tests.engine.test_proof_search import EARNED, POPULATION, claimed, found, looked_for, rules
from tests.engine.test_replay import both, folder

ROUNDED = "avrunda till 1 kr, största rest\n"
ONE = "pott P = 10 000 kr\n  allt efter folk\n"
MONTHS = """regelverk Prov
budgetår 2026
mottagare mottagare, från register.csv
avrunda till 1 kr, största rest
avrunda belopp till 1 kr, närmast
indelning månad = maj, juni
underlag folk, personer per mottagare
  från folk.csv
  källa påhittade tal
underlag vikt, antal per månad
  från vikt.csv
  källa påhittade tal
  högst 40
"""
AMOUNTS = """belopp del = 1 kr × summan av vikt över månad
pott P = 1 000 kr
  del till varje mottagare
  resten efter folk
"""
THIRDS = """underlag del, procent per mottagare
  från data/del.csv
  källa påhittade tal
  minst {least} %
  summerar till 100 %
pott P = 10 000 kr
  allt efter del
"""


def with_months(text: str) -> Outcome:
    contents = {
        "regler.fordela": MONTHS + text,
        "register.csv": "kod;namn\n1;Alfa\n2;Beta\n",
        "folk.csv": "kod;tal\n1;300\n2;200\n",
        "vikt.csv": "månad;tal\nmaj;2\njuni;3\n",
    }
    return run_ruleset(Memory({name: one.encode() for name, one in contents.items()}))


def bench_of(outcome: Outcome, left: int = 1_000) -> Bench:
    assert outcome.program is not None, outcome.findings
    assert outcome.plan is not None
    return Bench(outcome.program, outcome.plan.steps, rooms_of(outcome.program), {}, left)


def hand_of(outcome: Outcome) -> Mapping[str, Flat]:
    assert outcome.program is not None
    rooms = rooms_of(outcome.program)
    return {name: room.flat(outcome.figures[name].column) for name, room in rooms.items()}


def proposer_of(outcome: Outcome, *varied: str) -> Proposer:
    assert outcome.program is not None
    return Proposer(outcome.program, rooms_of(outcome.program), hand_of(outcome), varied)


def judged(outcome: Outcome, claim: Sort, first: Draft, then: Draft, name: str) -> Breach | None:
    judge = judge_of(bench_of(outcome), claimed(claim, name=name))
    assert judge is not None
    return judge(Trial(first, then))


def flat(*values: int) -> Flat:
    return tuple(map(Fraction, values))


def simple(*folk: int, text: str = ONE) -> Outcome:
    return rules(ROUNDED + POPULATION + text, folk=folk or (500, 300, 120, 80))


# ---------------------------------------------------------------- what figures are allowed


def test_figures_of_a_grid_are_flat_column_by_column_and_back() -> None:
    outcome = with_months(AMOUNTS)
    assert outcome.program is not None, outcome.findings
    room, values = rooms_of(outcome.program)["vikt"], outcome.figures["vikt"].column
    assert isinstance(values, Grid)
    assert room.flat(values) == flat(2, 3)
    assert room.values(flat(2, 3)) == values


def test_figures_that_cannot_make_their_total_are_not_made_up() -> None:
    text = POPULATION + "  summerar till 10,5 personer\n" + ONE
    outcome = rules(ROUNDED + text, folk=(5, 5))
    assert outcome.program is not None
    room = rooms_of(outcome.program)["folk"]
    assert room.filled(flat(5, 5)) is None  # no whole persons make 10.5
    assert evolve(room, total=Fraction(10)).filled(flat(5, 5)) == flat(5, 5)
    assert evolve(room, total=Fraction(-10)).filled(flat(5, 5)) is None
    # Nor is anything found then, where there are no figures at hand.
    order = outcome.plan
    assert order is not None
    assert search(outcome.program, order.steps, claimed(Sort.DIVIDES, "P"), {}) is None


# ---------------------------------------------------------------- what is proposed


def thirds(least: str) -> Outcome:
    text = ROUNDED + THIRDS.format(least=least)
    return rules(text, **{"del": ("33,3", "33,3", "33,4")})


def test_no_draft_is_made_of_figures_that_are_not_allowed() -> None:
    """Thirds in whole per cents are 34, 33 and 33: less than the least."""
    proposer = proposer_of(thirds("33,3"), "del")
    first = list(proposer.first(all_corners=True))
    assert {one.figures["del"] for one in first} == {proposer.hand["del"]}
    assert not list(proposer.by_chance(20))
    # Thirds are allowed here, but not the shares of the Alabama paradox.
    proposer = proposer_of(thirds("30"), "del")
    assert list(proposer.first(all_corners=True))
    assert not list(proposer.alabama())


def test_nothing_is_proposed_where_no_statistic_matters() -> None:
    proposer = proposer_of(simple())
    assert not list(proposer.first(all_corners=True))
    assert not list(proposer.by_chance(20))


def test_equal_figures_are_not_proposed_where_they_are_not_allowed() -> None:
    outcome = thirds("33,3")
    proposer = proposer_of(outcome, "del")
    changes = changes_of(proposer, claimed(Sort.EQUAL, name="del"), ())
    draft = Draft(proposer.hand)
    assert [one.first for one in changes(draft)] == [draft]


def test_of_one_recipient_there_is_nobody_to_equal_or_to_pass() -> None:
    proposer = proposer_of(simple(500), "folk")
    draft = Draft(proposer.hand)
    equal = changes_of(proposer, claimed(Sort.EQUAL, name="folk"), ())(draft)
    assert {one.first.figures["folk"] for one in equal} == {flat(500)}
    more = list(changes_of(proposer, claimed(Sort.MORE, name="folk"), ())(draft))
    assert more
    for one in more:
        assert one.then is not None
        assert one.first.figures["folk"] < one.then.figures["folk"]


def test_limits_of_steps_and_conditions_are_landmarks() -> None:
    text = """trappa påslag efter folk
  under 100 personer ger 1
  från och med 100 personer upp till 400 personer ger 2
  från och med 400 personer ger 3
pott P = 10 000 kr
  1 000 kr till varje mottagare, om folk < 90 personer
  resten efter påslag
"""
    proposer = proposer_of(simple(500, 300, text=text), "folk")
    assert set(proposer.landmarks["folk"]) == {90, 100, 400}
    near = {one.figures["folk"][0] for one in proposer.by_chance(400)}
    assert {99, 100, 101, 399, 400, 401} <= near


def test_figures_below_nothing_are_proposed_of_kronor_only() -> None:
    text = "underlag utfall, kr per mottagare\n  från data/utfall.csv\n  källa påhittade tal\n"
    text = ROUNDED + POPULATION + text + "pott P = 10 000 kr\n  allt efter folk × utfall\n"
    outcome = rules(text, folk=(5, 3), utfall=(7, 2))
    proposer = proposer_of(outcome, "folk", "utfall")
    below = [one.figures for one in proposer.below_nothing()]
    assert [one["utfall"] for one in below] == [flat(-7, 2), flat(-1, -1)]
    assert {one["folk"] for one in below} == {flat(5, 3)}


# ---------------------------------------------------------------- what is judged


def test_floors_above_one_line_are_found_by_its_line() -> None:
    text = "underlag utfall, kr per mottagare\n  från data/utfall.csv\n  källa påhittade tal\n"
    text += (
        "pott P = 10 000 kr\n  hälften efter folk, minst 95 % × utfall var\n  resten efter folk\n"
    )
    outcome = rules(ROUNDED + POPULATION + text, folk=(500, 300), utfall=(1000, 1000))
    assert outcome.result is not None, outcome.findings
    one = found(outcome, claimed(Sort.FITS, "P", 0))
    assert one.breach.stopped is not None
    assert one.breach.stopped.code == "F508"
    # The other line has no floor that could stop a run.
    assert looked_for(outcome, claimed(Sort.FITS, "P", 1)) is None


def test_who_has_nothing_of_a_statistic_cannot_get_less_for_more_of_it() -> None:
    outcome = with_months(AMOUNTS)
    assert outcome.result is not None, outcome.findings
    assert looked_for(outcome, claimed(Sort.MORE, name="vikt")) is None
    # Of counties that only share among municipalities nobody is paid either.
    outcome = test_levels.ran(test_levels.TWO)
    assert looked_for(outcome, claimed(Sort.MORE, name="arbetslösa")) is None


def test_a_statistic_of_all_that_is_doubled_pays_others() -> None:
    one = found(with_months(AMOUNTS), claimed(Sort.DOUBLE, name="vikt"))
    assert one.breach.before != one.breach.after


def test_whom_a_statistic_of_all_pays_is_not_said_of_two_kinds_of_recipients() -> None:
    text = test_levels.HEAD.format(unit="1 kr", rounding="största rest")
    text += "indelning månad = maj, juni\nunderlag vikt, antal per månad\n  från vikt.csv\n"
    text += "  källa påhittade tal\nbelopp del = 1 kr × summan av vikt över månad\n"
    text += "pott P = 1 000 kr, till kommunerna\n  del till varje kommun\n  resten efter barn\n"
    text = text.replace("underlag arb", "avrunda belopp till 1 kr, närmast\nunderlag arb")
    contents = {
        "regler.fordela": text,
        "kommuner.csv": test_levels.MUNICIPALITIES,
        "lan.csv": test_levels.COUNTIES,
        "vikt.csv": "månad,tal\nmaj,2\njuni,3\n",
    }
    outcome = run_ruleset(Memory({name: one.encode() for name, one in contents.items()}))
    assert outcome.result is not None, outcome.findings
    assert looked_for(outcome, claimed(Sort.DOUBLE, name="vikt")) is None


def test_a_statistic_for_regions_is_that_of_the_counties_that_are_paid() -> None:
    text = """regelverk Prov
budgetår 2026
mottagare regioner, från r.csv
mottagare län, från r.csv
avrunda till 1 kr, närmast, skillnaden till den största
underlag folk, personer per region
  från r.csv, kolumn folk
  källa påhittade tal
pott P = 10 000 kr, till länen
  allt efter folk
"""
    table = "kod,namn,folk\n01,Alfa,500\n03,Beta,300\n04,Gamma,120\n"
    table += "05,Delta,80\n06,Eta,77\n07,Zeta,11\n"
    contents = {"regler.fordela": text, "r.csv": table}
    outcome = run_ruleset(Memory({name: one.encode() for name, one in contents.items()}))
    assert outcome.result is not None, outcome.findings
    one = found(outcome, claimed(Sort.MORE, name="folk"))
    assert one.breach.before is not None
    assert one.breach.after is not None
    assert one.breach.after < one.breach.before


def test_two_levels_are_judged_by_what_areas_and_recipients_get() -> None:
    outcome = test_levels.ran(test_levels.TWO)
    equals = found(outcome, claimed(Sort.EQUAL, name="befolkning"))
    assert equals.breach.recipient != equals.breach.other
    larger = looked_for(outcome, claimed(Sort.LARGER_POT, "P", 0))
    assert larger is not None
    assert larger.breach.before is not None
    assert larger.breach.after is not None
    assert larger.breach.after < larger.breach.before
    # The weights of two levels are not one row of weights: nothing is said of them.
    assert looked_for(outcome, claimed(Sort.MORE_WEIGHT, "P", 0)) is None
    assert looked_for(outcome, claimed(Sort.EQUAL_WEIGHT, "P", 0)) is None


def test_only_what_is_doubled_for_everybody_is_judged_as_doubled() -> None:
    limit = "1 000 kr till varje mottagare, om folk < 400 personer"
    outcome = simple(300, 200, text=f"pott P = 10 000 kr\n  {limit}\n  resten efter folk\n")
    first = Draft(hand_of(outcome))
    twice, other = first.having("folk", flat(600, 400)), first.having("folk", flat(600, 200))
    broken = judged(outcome, Sort.DOUBLE, first, twice, "folk")
    # 1 000 each and 8 000 as 3 : 2; doubled nobody has the 1 000, and 10 000 is shared as 3 : 2.
    assert broken is not None
    assert (broken.recipient, broken.before, broken.after) == (0, 5800, 6000)
    assert judged(outcome, Sort.DOUBLE, first, other, "folk") is None
    # Nor is anything said of a run that stops.
    nothing = first.having("folk", flat(0, 0))
    assert judged(outcome, Sort.DOUBLE, nothing, nothing, "folk") is None


def test_fixed_amounts_beside_a_key_are_the_same_for_equals() -> None:
    text = "pott P = 10 000 kr\n  1 000 kr till varje mottagare\n  resten efter folk\n"
    outcome = simple(300, 300, 100, text=text)
    assert looked_for(outcome, claimed(Sort.EQUAL, name="folk")) is None


# ---------------------------------------------------------------- the search


def test_equal_shares_have_no_weight_that_could_grow() -> None:
    outcome = simple(5, 3, text="pott P = 10 000 kr\n  allt lika till varje mottagare\n")
    assert looked_for(outcome, claimed(Sort.MORE_WEIGHT, "P", 0)) is None


@pytest.mark.parametrize(
    "left", [s.AllPosts(), s.Binary("+", s.SumTo(s.Name("SKR")), s.AllPosts())], ids=str
)
def test_a_sum_over_all_posts_depends_on_every_statistic(left: s.Expression) -> None:
    text = "anslag 1:6 Bidrag\n  post 1 Stöd = 10 000 kr\n    10 000 kr till P\n"
    outcome = simple(text=f"övriga mottagare SKR\n{text}pott P\n  allt efter folk\n")
    limit = s.Quantity(Fraction(10_000), ("kr",))
    kept = s.Comparison(left, "equal", limit)
    assert looked_for(outcome, claimed(Sort.HOLDS, comparison=kept)) is None
    broken = s.Comparison(left, "less", limit)
    assert found(outcome, claimed(Sort.HOLDS, comparison=broken)).breach.recipient is None


def test_an_amount_that_the_checker_refuses_is_no_counterexample() -> None:
    """Of 28 kr the fixed 14 kr and half of it leave no rest, which the checker takes for an error.

    The third of 11 : 11 : 7 gets less of 15 kr than of 14 kr: raising 28 kr would break the claim.
    """
    text = """pott P = 40 kr
  14 kr till Q
  50 % efter folk + 500 personer
  resten till R
pott Q
  allt lika till varje mottagare
pott R
  allt lika till varje mottagare
"""
    outcome = simple(1, 1, 1, text=text)
    one = found(outcome, claimed(Sort.LARGER_POT, "P", 1))
    assert one.then is not None
    program = outcome.program
    assert program is not None
    for run in (one.run, one.then):
        document = with_amounts(program.document, run.amounts, program.base)
        checked, findings = check(Reading(document, ()), program.registers)
        assert checked is not None
        assert not errors(findings)


def test_a_search_ends_when_its_evaluations_are_used_up() -> None:
    outcome = rules(
        EARNED
        + """belopp intjänat = steg × 1 kr
pott P = 1 000 kr
  intjänat till varje mottagare
  resten efter folk
""",
        folk=(1, 2, 3),
        steg=(1, 1, 1),
    )
    assert outcome.program is not None, outcome.findings
    assert outcome.plan is not None
    steps, claim = outcome.plan.steps, claimed(Sort.ENOUGH, "P")
    at_hand = {name: one.column for name, one in outcome.figures.items()}
    assert search(outcome.program, steps, claim, at_hand, budget=3) is None
    bench = bench_of(outcome, left=1)
    first = Draft(hand_of(outcome))
    assert bench.result(first) is not None
    assert bench.run(first.having("folk", flat(3, 2, 1))) is None
    assert bench.left == 0
    assert bench.result(first) is not None  # what is remembered costs nothing


def test_figures_below_nothing_are_looked_for_last() -> None:
    text = "underlag utfall, kr per mottagare\n  från data/utfall.csv\n  källa påhittade tal\n"
    text += "pott P = 10 000 kr\n  allt efter folk\n"
    outcome = rules(ROUNDED + POPULATION + text, folk=(5, 3), utfall=(7, 2))
    assert outcome.result is not None, outcome.findings
    positive = s.Comparison(s.Ref(s.Name("utfall")), "at_least", s.Quantity(Fraction(0), ("kr",)))
    one = found(outcome, claimed(Sort.HOLDS, comparison=positive))
    column = one.run.figures["utfall"]
    assert isinstance(column, Column)
    assert min(column.values) < 0


def test_lines_of_another_total_than_the_pot_cannot_be_tried() -> None:
    text = "pott P = 100 kr\n  60 kr efter folk\n  40 kr efter folk\n"
    outcome = simple(text=text)
    assert outcome.result is not None, outcome.findings
    bench, first = bench_of(outcome), Draft(hand_of(outcome))
    assert bench.result(first) is not None
    assert bench.run(first.holding("P", 101)) is None
    assert looked_for(outcome, claimed(Sort.LARGER_POT, "P", 0)) is None


# ---------------------------------------------------------------- where a line begins to pay less


@pytest.mark.parametrize(("left", "count"), [(2, 0), (100, 1)])
def test_a_turning_is_found_while_there_are_evaluations(left: int, count: int) -> None:
    limit = "1 000 kr till varje mottagare, om folk < 433 personer"
    outcome = simple(300, 200, text=f"pott P = 10 000 kr\n  {limit}\n  resten efter folk\n")
    first = Draft(hand_of(outcome))
    trial = Trial(first, first.having_one("folk", 0, Fraction(600)))
    turned = list(turnings(bench_of(outcome, left), trial, "folk", 0))
    assert len(turned) == count
    for one in turned:
        assert one.then is not None
        assert (one.first.figures["folk"], one.then.figures["folk"]) == (
            flat(432, 200),
            flat(433, 200),
        )


# ---------------------------------------------------------------- made plainer


def smaller(outcome: Outcome, judge: Judge, trial: Trial) -> Trial:
    bench, hand = bench_of(outcome), hand_of(outcome)
    return made_smaller(bench, judge, trial, Breach(), hand)[0]


def changed(outcome: Outcome, first: Flat, then: Flat) -> Trial:
    draft = Draft(hand_of(outcome))
    return Trial(draft.having("folk", first), draft.having("folk", then))


def test_all_but_the_figure_that_is_changed_are_as_at_hand() -> None:
    outcome = simple()
    trial = changed(outcome, flat(1, 2, 3, 4), flat(9, 2, 3, 4))
    plain = smaller(outcome, lambda _trial: Breach(), trial)
    assert plain.first.figures["folk"] == flat(1, 300, 120, 80)
    assert plain.then is not None
    assert plain.then.figures["folk"] == flat(9, 300, 120, 80)


def test_figures_that_alone_break_a_claim_stay_as_they_are() -> None:
    text = POPULATION + "  högst 1 000 personer\n" + ONE
    outcome = rules(ROUNDED + text, folk=(500, 300, 120, 80))
    trial = changed(outcome, flat(996, 717, 33, 44), flat(1000, 717, 33, 44))
    seen: list[Flat] = []

    def judge(tried: Trial) -> Breach | None:
        assert tried.then is not None
        seen.append(tried.then.figures["folk"])
        same = tried.first.figures["folk"] == trial.first.figures["folk"]
        return Breach() if same and tried is trial else None

    plain = smaller(outcome, judge, trial)
    assert plain is trial
    assert max(max(one) for one in seen) <= 1000  # 1 000 and four more would not be allowed


def test_rounded_figures_that_are_doubled_stay_doubled() -> None:
    outcome, nobody_else = simple(), flat(0, 0, 0)
    trial = changed(outcome, flat(1234, 0, 0, 0), flat(2468, 0, 0, 0))

    def judge(tried: Trial) -> Breach | None:
        return Breach() if tried.first.figures["folk"][1:] == nobody_else else None

    plain = smaller(outcome, judge, trial)
    assert plain.first.figures["folk"] == flat(1000, 0, 0, 0)
    assert plain.then is not None
    assert plain.then.figures["folk"] == flat(2000, 0, 0, 0)


# ---------------------------------------------------------------- told and written


def keys(phrases: tuple[Phrase, ...]) -> list[str]:
    return [one.key for one in phrases]


def test_of_many_figures_the_first_are_named_and_the_others_counted() -> None:
    outcome = simple(1, 2, 3, 4, 5, 6)
    run = Run({"folk": Column((11, 12, 13, 14, 15, 16))})
    figures, leads_to = told(outcome, claimed(Sort.ENOUGH, "P"), Counterexample(run))
    listed = figures.data["values"]
    assert isinstance(listed, tuple)
    parts = tuple(one for one in listed if isinstance(one, Phrase))
    assert keys(parts) == ["counterexample.one"] * 5 + ["counterexample.more"]
    assert [one.data["name"] for one in parts[:5]] == ["Alfa", "Beta", "Gamma", "Delta", "Epsilon"]
    assert leads_to.key == "counterexample.fails"


def test_what_stops_a_run_is_told_by_its_title() -> None:
    outcome = simple()
    claim = claimed(Sort.DIVIDES, "P")
    figures, leads_to = told(outcome, claim, found(outcome, claim))
    assert keys((figures, leads_to)) == ["counterexample.figures", "counterexample.stops"]
    title = leads_to.data["title"]
    assert isinstance(title, Phrase)
    assert title.key == "title.F501"


def test_a_pot_that_is_changed_is_told_with_both_amounts() -> None:
    outcome = simple()
    claim = claimed(Sort.LARGER_POT, "P", 0)
    *_, leads_to = told(outcome, claim, found(outcome, claim))
    changes = leads_to.data["changes"]
    assert isinstance(changes, tuple)
    (change,) = changes
    assert isinstance(change, Phrase)
    assert change.key == "counterexample.pot_becomes"
    assert change.data["pot"] == "P"
    assert change.data["before"] != change.data["after"]


def test_figures_of_a_grid_are_written_with_its_members() -> None:
    outcome = with_months(AMOUNTS)
    claim = claimed(Sort.DOUBLE, name="vikt")
    one = found(outcome, claim)
    files = replayed(outcome, claim, one)
    assert {name.rpartition("/")[2] for name in files} >= {"vikt.csv"}
    before, after = both(outcome, files)
    assert one.then is not None
    for again, run in ((before, one.run), (after, one.then)):
        assert again.figures["vikt"].column == run.figures["vikt"]


def test_two_statistics_of_one_file_name_have_a_file_each() -> None:
    kinds = "underlag {name}, personer per mottagare\n  från data/folk.csv\n  källa påhittade tal\n"
    text = kinds.format(name="barn i stad") + kinds.format(name="barn-i-stad")
    text += "pott P = 10 000 kr\n  allt efter barn i stad + barn-i-stad\n"
    outcome = rules(ROUNDED + text, folk=(5, 3))
    assert outcome.program is not None, outcome.findings
    names = [one.name.text for one in outcome.program.statistics]
    run = Run({name: Column((n, 9)) for n, name in enumerate(names)})
    files = replayed(outcome, claimed(Sort.ENOUGH, "P"), Counterexample(run))
    assert {"data/barn-i-stad.csv", "data/barn-i-stad-2.csv"} <= files.keys()
    again = run_ruleset(folder(files))
    assert {name: one.column for name, one in again.figures.items()} == run.figures


# ---------------------------------------------------------------- verdicts


def test_of_rules_that_cannot_be_read_nothing_is_promised() -> None:
    outcome = simple(text="pott P = 10 000 kr\n  allt efter okänd\n")
    assert outcome.program is None
    assert of_ruleset(outcome, refuting=True) == ()
    assert unmet_demands(outcome) == ()


def test_an_open_promise_is_refuted_by_figures_when_they_are_looked_for() -> None:
    def larger(*, refuting: bool) -> Promise:
        promises = of_ruleset(simple(), refuting=refuting)
        return next(one for one in promises if one.claim.sort is Sort.LARGER_POT)

    assert larger(refuting=False).verdict is Verdict.OPEN
    refuted = larger(refuting=True)
    assert refuted.verdict is Verdict.REFUTED
    assert refuted.counterexample is not None

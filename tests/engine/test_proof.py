"""What is proved of a ruleset, what is refuted, and that what is proved is never refuted."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from dsl import syntax as s
from dsl.findings import Kronor, errors
from engine.inputs.files import Folder, Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.proof.promises import Claim, Promise, Sort, Verdict
from engine.proof.prove import claims, promises
from engine.refutation.search import search
from engine.refutation.verdicts import of_ruleset, proved

ROOT = Path(__file__).parents[2]
RULESETS = sorted(path.parent for path in ROOT.glob("rulesets/*/*/regler.md"))
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())

HEAD = """
regelverk Prov
budgetår 2026
mottagare mottagare, från mottagare.csv
avrunda till 1 kr, {method}
avrunda belopp till 1 kr, närmast

underlag barn, personer per mottagare
  från tal.csv, kolumn barn
  källa påhittade tal

underlag mål, procent per mottagare
  från tal.csv, kolumn mål
  källa påhittade tal
  minst 0 %
  högst 100 %

"""
FILES: Mapping[str, bytes] = {
    "mottagare.csv": b"kod,namn\nA,Alby\nB,Berga\nC,Centrum\n",
    "tal.csv": "kod,barn,mål\nA,19,100\nB,6,80\nC,30,75\n".encode(),
}


def outcome(rules: str, method: str = "uddatalsmetoden") -> Outcome:
    text = HEAD.format(method=method) + rules.strip() + "\n"
    return run_ruleset(Memory({**FILES, "regler.fordela": text.encode()}))


def found(rules: str, method: str = "uddatalsmetoden") -> dict[tuple[str, str | None], Promise]:
    """The promises by what they are about; of a sort and pot the last one."""
    ran = outcome(rules, method)
    assert ran.program is not None, ran.findings
    return {(one.claim.sort.value, one.claim.pot): one for one in proved(ran)}


def verdict(demand: str, rules: str, method: str = "uddatalsmetoden") -> Verdict:
    """What is proved of a demand, without looking for figures that refute it."""
    ran = outcome(f"{rules.strip()}\n\nalltid {demand}", method)
    assert ran.program is not None, ran.findings
    return proved(ran)[-1].verdict


ONE = "pott Stöd = 1 000 kr\n  allt efter barn"
EARNED = """
belopp intjänat = 300 kr × mål

pott Stöd = 1 000 kr
  intjänat till varje mottagare
  resten till Bonus

pott Bonus
  allt efter barn
"""


# ---------------------------------------------------------------- what is proved


def test_a_pot_that_is_shared_by_one_key_keeps_every_promise() -> None:
    assert {one.verdict for one in found(ONE).values()} == {Verdict.PROVED}


def test_what_must_hold_of_the_figures_is_stated() -> None:
    (condition,) = found(ONE)["divides", "Stöd"].conditions
    assert (condition.key, condition.data["what"]) == ("condition.some", "barn")


def test_largest_remainder_keeps_all_but_one_promise() -> None:
    others = [key for key, one in found(ONE, "största rest").items() if one.reasons and one.place]
    assert others == [("larger_pot", "Stöd")]


def test_equals_share_by_largest_remainder_as_by_sainte_lague() -> None:
    rules = "pott Stöd = 1 000 kr\n  allt lika till varje mottagare"
    assert found(rules, "största rest")["larger_pot", "Stöd"].verdict is Verdict.PROVED


def test_the_least_pot_is_the_sum_of_fixed_amounts() -> None:
    rules = "pott Stöd = 1 000 kr\n  100 kr till varje mottagare\n  resten efter barn"
    (reason,) = found(rules)["enough", "Stöd"].reasons
    assert reason.key == "reason.least_pot"
    assert reason.data["amount"] == Kronor(Fraction(300))


def test_earned_amounts_within_limits_never_overdraw() -> None:
    assert found(EARNED)["enough", "Stöd"].verdict is Verdict.PROVED


def test_a_pot_filled_by_others_states_how_much_it_must_get() -> None:
    rules = EARNED.replace("300 kr", "330 kr")
    rules = rules.replace("  allt efter barn", "  10 kr till varje mottagare\n  resten efter barn")
    (condition,) = found(rules)["enough", "Bonus"].conditions
    assert condition.key == "condition.least_pot"


def test_a_key_that_can_be_less_than_nothing_is_no_key() -> None:
    rules = "pott Stöd = 1 000 kr\n  allt efter barn − 1 person"
    assert found(rules)["divides", "Stöd"].verdict is Verdict.OPEN


def test_a_condition_on_the_key_itself_keeps_it_above_nothing() -> None:
    key = "barn − 1 person"
    rules = f"pott Stöd = 1 000 kr\n  allt efter {key}, om {key} > 0 personer"
    promise = found(rules)["divides", "Stöd"]
    assert promise.verdict is Verdict.PROVED
    assert [one.key for one in promise.conditions] == ["condition.someone_meets"]


def test_rounding_by_itself_can_take_more_than_the_exact_amounts() -> None:
    rules = EARNED.replace("300 kr × mål", "Stöd × andel barn × mål")
    (why,) = found(rules)["enough", "Stöd"].reasons
    assert why.key == "obstacle.overdraft"
    assert why.data["amount"] == Kronor(Fraction(1))


# ---------------------------------------------------------------- demands


@pytest.mark.parametrize(
    ("demand", "rules", "expected"),
    [
        ("mer barn ger aldrig mindre", ONE, Verdict.PROVED),
        ("mer Stöd ger aldrig mindre", ONE, Verdict.PROVED),
        ("lika barn ger lika", ONE, Verdict.PROVED),
        ("dubbel barn ger samma", ONE, Verdict.PROVED),
        # What is earned is taken from the rest, but never more than was gained.
        ("mer mål ger aldrig mindre", EARNED, Verdict.PROVED),
        ("mer Stöd ger aldrig mindre", EARNED, Verdict.PROVED),
        ("mer mål ger aldrig mindre ur Bonus", EARNED, Verdict.OPEN),
        ("lika barn ger lika ur Bonus", EARNED, Verdict.PROVED),
        ("lika mål ger lika", EARNED, Verdict.OPEN),
        ("dubbel barn ger samma", EARNED, Verdict.PROVED),
        ("dubbel mål ger samma", EARNED, Verdict.OPEN),
        ("intjänat ≤ 300 kr", EARNED, Verdict.PROVED),
        ("intjänat ≤ 299 kr", EARNED, Verdict.OPEN),
        ("summan av intjänat ≤ 900 kr", EARNED, Verdict.PROVED),
        ("Bonus ≥ 100 kr", EARNED, Verdict.PROVED),
        ("Bonus > 100 kr", EARNED, Verdict.OPEN),
        ("Stöd = 1 000 kr", EARNED, Verdict.PROVED),
        ("barn < 0 personer", ONE, Verdict.OPEN),
    ],
)
def test_a_demand_by_sainte_lague(demand: str, rules: str, expected: Verdict) -> None:
    assert verdict(demand, rules) is expected


@pytest.mark.parametrize(
    ("demand", "rules", "expected"),
    [
        ("mer barn ger aldrig mindre", ONE, Verdict.PROVED),
        ("mer Stöd ger aldrig mindre", ONE, Verdict.OPEN),
        # The rest shrinks as more is earned, and largest remainder may then take two from one.
        ("mer mål ger aldrig mindre", EARNED, Verdict.OPEN),
    ],
)
def test_a_demand_by_largest_remainder(demand: str, rules: str, expected: Verdict) -> None:
    assert verdict(demand, rules, "största rest") is expected


def test_a_mix_of_keys_pays_nobody_less_for_more() -> None:
    rules = "pott Stöd = 1 000 kr\n  allt efter blandning (50 % barn, 50 % mål)"
    for method in ("uddatalsmetoden", "största rest"):
        assert verdict("mer barn ger aldrig mindre", rules, method) is Verdict.PROVED


def test_a_share_times_an_own_figure_pays_nobody_less_for_more() -> None:
    rules = "pott Stöd = 1 000 kr\n  allt efter mål × andel barn"
    assert verdict("mer barn ger aldrig mindre", rules) is Verdict.PROVED


# ---------------------------------------------------------------- never refuted

SEARCHED = frozenset(Sort) - {Sort.UNITS, Sort.COVERED, Sort.PARTS, Sort.DOUBLE_WEIGHT}


def everything(ran: Outcome) -> list[Claim]:
    """All claims, and every demand that could be made by a name."""
    assert ran.program is not None
    program, place = ran.program, ran.program.document.statements[0].span
    asked = list(claims(program))
    for statistic in (one for one in program.statistics if one.per_recipient):
        name = statistic.name.text
        asked += [Claim(sort, place, name=name) for sort in (Sort.MORE, Sort.EQUAL, Sort.DOUBLE)]
        asked += [Claim(Sort.MORE, place, pot=pot.name.text, name=name) for pot in program.pots]
    asked += [Claim(Sort.MORE, place, name=pot.name.text) for pot in program.pots]
    return asked


@pytest.mark.slow
@pytest.mark.parametrize("folder", [*RULESETS, *EXAMPLES], ids=lambda path: path.name)
def test_what_is_proved_is_not_refuted(folder: Path) -> None:
    ran = run_ruleset(Folder(folder))
    assert ran.program is not None
    assert ran.plan is not None
    at_hand = {name: one.column for name, one in ran.figures.items()}
    for promise in promises(ran.program, everything(ran)):
        proved = promise.verdict is Verdict.PROVED and not promise.conditions
        if proved and promise.claim.sort in SEARCHED:
            claim = promise.claim
            assert search(ran.program, ran.plan.steps, claim, at_hand, budget=160) is None, claim


def test_every_pot_of_every_ruleset_is_proved_to_be_used_up() -> None:
    for folder in RULESETS:
        for promise in proved(run_ruleset(Folder(folder))):
            if promise.claim.sort is Sort.USED_UP:
                assert promise.verdict is Verdict.PROVED


def test_a_ruleset_that_cannot_be_checked_promises_nothing() -> None:
    ran = outcome("pott Stöd = 1 000 kr\n  allt efter okänd")
    assert ran.program is None
    assert of_ruleset(ran, refuting=True) == ()


def test_an_amount_that_stops_every_run_promises_nothing() -> None:
    rules = "pott Stöd = 1 000,50 kr\n  allt efter barn\n\nalltid mer barn ger aldrig mindre"
    ran = outcome(rules)
    assert [one.code for one in ran.findings if one.code.startswith("F")] == ["F505"]
    assert of_ruleset(ran, refuting=True) == ()


def test_twelve_kronor_too_much_are_found_in_their_corner() -> None:
    ran = run_ruleset(Folder(ROOT / "examples/tolv-kronor"))
    (broken,) = (p for p in of_ruleset(ran, refuting=True) if p.verdict is not Verdict.PROVED)
    assert broken.claim.sort is Sort.ENOUGH
    assert broken.counterexample is not None
    assert broken.counterexample.breach.stopped is not None
    assert broken.counterexample.breach.stopped.code == "F503"
    assert broken.counterexample.breach.stopped.data["difference"] == Kronor(Fraction(12))
    assert isinstance(broken.claim.pot, str)
    assert isinstance(ran.program and ran.program.symbols[broken.claim.pot], s.Pot)


@pytest.mark.parametrize("demand", ["", "alltid mer barn ger aldrig mindre\n"])
def test_nothing_is_promised_of_recipients_whose_register_cannot_be_read(demand: str) -> None:
    """Found by fuzzing: both promises and demands looked for the register that was not there."""
    rules = HEAD.format(method="största rest") + f"pott P = 10 kr\n  allt efter barn\n{demand}"
    files = {**FILES, "regler.fordela": rules.encode()}
    del files["mottagare.csv"]
    outcome = run_ruleset(Memory(files))
    assert [one.code for one in errors(outcome.findings)] == ["F306"]
    assert of_ruleset(outcome, refuting=True) == ()


# ---------------------------------------------------------------- long rules


def test_a_long_chain_of_definitions_is_followed_step_by_step() -> None:
    chain = "".join(f"värde v{n} = v{n - 1} + 1 person\n" for n in range(1, 1_000))
    rules = f"värde v0 = barn\n{chain}pott P = 1 000 kr\n  allt efter v999\n"
    assert verdict("mer barn ger aldrig mindre", rules) is Verdict.PROVED
    assert verdict("lika barn ger lika", rules) is Verdict.PROVED
    assert verdict("dubbel barn ger samma", rules) is Verdict.OPEN


def test_a_long_chain_of_pots_is_followed_once() -> None:
    chain = "".join(
        f"pott P{n}\n  1/3 till P{n + 1}\n  resten till P{n + 1}\n" for n in range(1, 200)
    )
    rules = f"pott P0 = 1 000 000 kr\n  hälften till P1\n  resten till P1\n{chain}"
    rules += "pott P200\n  allt efter barn\n"
    assert verdict("mer P0 ger aldrig mindre", rules) is Verdict.PROVED


def test_of_very_many_demands_only_some_are_searched() -> None:
    many = "\n".join(f"alltid barn ≥ {n} personer" for n in range(1, 60))
    ran = outcome(f"{ONE}\n\n{many}")
    codes = [one.code for one in ran.findings if one.code.startswith("F90")]
    assert (codes.count("F901"), codes.count("F902")) == (20, 39)

"""Rulesets for which an earlier proof said more than is so, and what must be said instead.

Each is a trap with figures that spring it; the proof must not promise what they break.
"""

from collections.abc import Mapping

import pytest

from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.proof.promises import Promise, Sort, Verdict
from engine.proof.prove import claims, promises

HEAD = """regelverk Prov
budgetår 2026
mottagare regioner, från r.csv
övriga mottagare SKR
avrunda till 1 kr, uddatalsmetoden
avrunda belopp till 1 kr, närmast
underlag a, personer per region
  från r.csv, kolumn a
  källa påhittade tal
underlag b, personer per region
  från r.csv, kolumn b
  källa påhittade tal
underlag k, kr per region
  från r.csv, kolumn k
  källa påhittade tal
"""
FIGURES = "kod,namn,a,b,k\n1,Alfa,4,6,1\n2,Beta,5,2,2\n3,Gamma,9,1,3\n"
MORE_A, MORE_P = "alltid mer a ger aldrig mindre\n", "alltid mer P ger aldrig mindre\n"
TO_A = "pott Q\n  allt efter a\n"
SMALL = [f"Förening {number}" for number in range(16)]


def ran(rules: str, figures: str = FIGURES) -> Outcome:
    contents = {"regler.fordela": HEAD + rules, "r.csv": figures}
    return run_ruleset(Memory({name: text.encode() for name, text in contents.items()}))


def promised(rules: str) -> Mapping[tuple[Sort, str | None, int | None], Promise]:
    outcome = ran(rules)
    assert outcome.program is not None, [one.code for one in outcome.findings]
    found = promises(outcome.program, tuple(claims(outcome.program)))
    return {(one.claim.sort, one.claim.pot, one.claim.line): one for one in found}


TRAPS: dict[str, tuple[str, Sort, str | None, int | None]] = {
    "an amount that is shared by another key takes from the rest": (
        "belopp X = a × 1 kr / 1 person\n"
        "pott P = 1 000 kr\n  X efter b\n  resten efter a\n" + MORE_A,
        Sort.MORE,
        None,
        None,
    ),
    "parts in hundreds become parts in kronor when the pot is one krona larger": (
        "pott P = 1 000 kr, avrunda till 100 kr, uddatalsmetoden\n"
        "  1/3 till Alfa\n  1/3 till Beta\n  resten till Gamma\n" + MORE_P,
        Sort.MORE,
        None,
        None,
    ),
    "three parts by largest remainder, one to a pot that alone is asked about": (
        (
            "pott P = 1 000 kr, avrunda största rest\n"
            "  1/7 till Q\n  3/7 till Alfa\n  3/7 till Beta\n"
            "pott Q, avrunda uddatalsmetoden\n  allt efter a\n"
            "alltid mer P ger aldrig mindre ur Q\n"
        ),
        Sort.MORE,
        "Q",
        None,
    ),
    "steps that give what grows": (
        "pott P = 1 000 kr\n  allt efter X\n"
        "trappa X efter a\n  under 5 personer ger P\n  från och med 5 personer ger 2 000 kr\n"
        "belopp Y = X\n"
        "pott R = 9 000 kr\n  Y till varje region\n  resten efter b\n" + MORE_P,
        Sort.MORE,
        None,
        None,
    ),
    "claims that are reduced to whole hundreds": (
        "belopp X = a × 1 kr / 1 person\n"
        "pott P = 95 kr\n"
        "  X till varje region, avrunda till 100 kr, uddatalsmetoden, i proportion om potten inte"
        " räcker\n  resten till SKR\n" + MORE_A,
        Sort.MORE,
        None,
        None,
    ),
    "a residue of those who take part, when the one does not": (
        "pott P = 1 000 kr\n"
        "  allt efter blandning (50 % a, 50 % b), om b > 3 personer, avrunda nedåt, resten till Q\n"
        + TO_A.replace("efter a", "efter b")
        + MORE_A,
        Sort.MORE,
        None,
        None,
    ),
    "a floor computed from the pot grows with it": (
        "pott P = 1 000 kr\n  allt efter a, minst 30 % × P var\n",
        Sort.LARGER_POT,
        "P",
        0,
    ),
    "a floor that is a share for each": (
        "värde f = andel b / 2\npott P = 1 000 kr\n  allt efter a, minst f var\n",
        Sort.EQUAL_WEIGHT,
        "P",
        0,
    ),
    "a floor for those who meet a condition, some of whom weigh nothing": (
        "pott P = 1 000 kr\n  allt efter a, om b > 1 person, minst 10 kr var\n",
        Sort.EQUAL_WEIGHT,
        "P",
        0,
    ),
    "a debt has no floors": (
        "pott P = −1 000 kr\n  allt efter a, minst 10 kr var\n",
        Sort.ENOUGH,
        "P",
        None,
    ),
    "a debt has no ceiling on a rest": (
        "pott P = −1 000 kr\n  resten till SKR, högst 10 kr\n  resten efter a\n",
        Sort.ENOUGH,
        "P",
        None,
    ),
    "what a debt leaves when it is rounded down is a debt": (
        (
            "pott P = −1 000 kr\n  allt efter a, avrunda nedåt, resten till Q\n"
            "pott Q\n  allt efter b, minst 0 kr var\n"
        ),
        Sort.ENOUGH,
        "Q",
        None,
    ),
    "a ceiling of a rest that is a share of the pot": (
        (
            "pott P = 1 000 kr\n  resten till SKR, högst 90 %\n  resten till Q\n"
            "pott Q\n  allt efter a, minst 300 kr var\n"
        ),
        Sort.FITS,
        "Q",
        0,
    ),
    "floors below nothing make no room for others": (
        "belopp X = 400 kr × (andel a − andel b)\npott P = 10 kr\n  allt efter a, minst X var\n",
        Sort.FITS,
        "P",
        0,
    ),
    "a ceiling below nothing is below the floor that goes without saying": (
        "belopp X = 400 kr − 900 kr × andel a\npott P = 10 kr\n  allt efter a, högst X var\n",
        Sort.FITS,
        "P",
        0,
    ),
    "a floor and a ceiling that no whole thousand lies between": (
        (
            "pott P = 6 000 kr\n"
            "  allt efter a, minst 1 500 kr var, högst 1 900 kr var, avrunda till 1 000 kr,"
            " uddatalsmetoden\n"
        ),
        Sort.FITS,
        "P",
        0,
    ),
    "parts of thousands that are no whole thousands": (
        (
            "pott P = 10 000 kr, avrunda till 1 000 kr, närmast, skillnaden till den största\n"
            "  25 % till SKR\n  75 % efter a\n"
        ),
        Sort.WHOLE,
        "P",
        None,
    ),
    "a whole part is not sure to be as much when the others are rounded": (
        # Sainte-Laguë gives each of the small parts a krona, and the large one 84 instead of 90.
        (
            f"övriga mottagare {', '.join(SMALL)}\n"
            "pott P = 100 kr\n  90 % till Q\n"
            + "".join(f"  1/160 till {one}\n" for one in SMALL)
            + f"{TO_A}alltid Q = 90 kr\n"
        ),
        Sort.HOLDS,
        None,
        None,
    ),
    "an amount that falls with a larger pot only above what the pot is now": (
        (
            "belopp Y = 1 000 000 kr − (P − 500 kr) × (P − 500 kr) / 1 kr\n"
            "pott P = 1 000 kr\n  allt efter b\n"
            "pott R = 9 000 000 kr\n  Y till SKR\n  resten efter b\n" + MORE_P
        ),
        Sort.MORE,
        None,
        None,
    ),
    "a ceiling that is half of a pot, of which other lines take a part": (
        # Of 19 kr the parts are 6 and 13, of which Beta gets 9 and the next rest 4; of 20 kr they
        # are 7 and 13, Beta gets 10 and the next rest 3.
        (
            "pott P = 19 kr, avrunda största rest\n"
            "  1/3 lika till varje region, avrunda uddatalsmetoden\n"
            "  resten till Beta, högst 50 %\n"
            "  resten till Gamma\n" + MORE_P
        ),
        Sort.MORE,
        None,
        None,
    ),
    "two ceilings that are halves of a pot": (
        # Of 3 kr each half is 1 kr and 1 kr is left, of 4 kr nothing.
        (
            "pott P = 3 kr\n  resten till Alfa, högst 50 %\n  resten till Beta, högst 50 %\n"
            "  resten efter a\n" + MORE_P
        ),
        Sort.MORE,
        None,
        None,
    ),
    "a ceiling that is half of what an amount leaves, of which one also has a third": (
        # With one more of a Alfa earns 1 kr. Of the 20 kr that were left, of which Alfa had 7 and
        # 10, 19 are left, of which Alfa has 6 and 9.
        (
            "belopp X = a × 1 kr / 1 person\n"
            "pott P = 38 kr\n  X till varje region\n  resten till Q\n"
            "pott Q\n  1/3 till Alfa\n  resten till Alfa, högst 50 %\n  resten till SKR\n" + MORE_A
        ),
        Sort.MORE,
        None,
        None,
    ),
    "two adjustments that only together take more than there is": (
        (
            "pott P = 400 kr\n  100 kr till varje region\n  resten till SKR\n"
            "  justera Alfa −60 kr, enligt bilagan\n  justera Alfa −60 kr, enligt brevet\n"
            "  justera Beta +120 kr, enligt bilagan\n"
        ),
        Sort.ENOUGH,
        "P",
        None,
    ),
}


@pytest.mark.parametrize(("rules", "sort", "pot", "line"), TRAPS.values(), ids=list(TRAPS))
def test_a_trap_is_not_walked_into(
    rules: str, sort: Sort, pot: str | None, line: int | None
) -> None:
    assert promised(rules)[sort, pot, line].verdict is Verdict.OPEN


def test_no_chain_of_definitions_is_too_deep_or_too_wide() -> None:
    """Two thousand values, each of the one before it twice: no traceback and no endless wait."""
    chain = "".join(f"värde v{n} = v{n - 1} + v{n - 1} × 0\n" for n in range(1, 2_000))
    outcome = ran(
        f"värde v0 = a\n{chain}pott P = 1 000 kr\n  allt efter v1999\n"
        f"{MORE_A}alltid lika a ger lika\nalltid dubbel a ger samma\n"
    )
    assert outcome.program is not None
    wanted = [one for one in claims(outcome.program) if one.name == "a"]
    assert {one.verdict for one in promises(outcome.program, wanted)} == {Verdict.PROVED}


def test_no_chain_of_pots_is_too_deep_or_too_wide() -> None:
    """Hundreds of pots, each fed by two lines of the one before it."""
    chain = "".join(
        f"pott P{n}\n  hälften till P{n + 1}\n  resten till P{n + 1}\n" for n in range(300)
    ).replace("pott P0", "pott P0 = 1 000 kr")
    outcome = ran(f"{chain}pott P300\n  allt efter a\n{MORE_A}alltid mer P0 ger aldrig mindre\n")
    assert outcome.program is not None, [one.code for one in outcome.findings]
    wanted = [one for one in claims(outcome.program) if one.sort is Sort.MORE]
    assert {one.verdict for one in promises(outcome.program, wanted)} == {Verdict.PROVED}

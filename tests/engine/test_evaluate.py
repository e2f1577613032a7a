"""Small rulesets krona by krona: what each line moves, in which order, and what stops a run."""

from collections.abc import Callable, Iterable
from fractions import Fraction

import pytest

from dsl.findings import Finding, Kronor, Phrase
from engine.column import Column
from engine.evaluate import NotConservedError, Result, evaluate
from engine.graph import Step
from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.plan import plan

HEAD = """regelverk Prov
budgetår 2026
mottagare mottagare, från m.csv
mottagare län, från l.csv
övriga mottagare SKR, LO
avrunda till {unit}, {rounding}
avrunda belopp till 1 kr, närmast
underlag a, antal per mottagare
  från a.csv
  källa prov
underlag pengar, kr per mottagare
  från k.csv
  källa prov
"""
FILES = {
    "m.csv": "kod,namn,län\n1,Ask,X\n2,Bok,X\n3,Ceder,Y\n",
    "l.csv": "kod,namn\nX,Alfa\nY,Beta\n",
    "a.csv": "kod,namn,a\n1,Ask,10\n2,Bok,20\n3,Ceder,30\n",
    "k.csv": "kod,namn,pengar\n1,Ask,100\n2,Bok,200\n3,Ceder,600\n",
}


def run(rules: str, *, rounding: str = "största rest", unit: str = "1 kr", **files: str) -> Outcome:
    text = HEAD.format(rounding=rounding, unit=unit) + rules
    contents = {**FILES, **files, "regler.fordela": text}
    return run_ruleset(Memory({name: one.encode() for name, one in contents.items()}))


def result_of(rules: str, **said: str) -> Result:
    outcome = run(rules, **said)
    assert outcome.result is not None, outcome.findings
    return outcome.result


def paid(rules: str, pot: str = "P", **said: str) -> tuple[int, ...] | None:
    return result_of(rules, **said).ledger.of_pot(pot)


def stopped(rules: str, code: str, **said: str) -> Finding:
    outcome = run(rules, **said)
    assert outcome.result is None
    (found,) = [one for one in outcome.findings if one.code == code]
    return found


def said_of(found: Finding) -> list[tuple[int, str, dict[str, object]]]:
    return [(one.span.line, one.key, dict(one.data)) for one in found.labels]


# ---------------------------------------------------------------- the ledger


def test_movements_stand_in_the_order_of_the_rules() -> None:
    rules = """pott Sist
  allt lika till varje mottagare
  justera Ask −1 kr, enligt bilagan
  justera Bok +1 kr, enligt bilagan
pott Först = 100 kr, avrunda till 1 kr, nedåt, resten till Sist
  allt efter a
anslag 1:6 Bidrag
  post 2 Två
    7 kr till SKR
    3 kr till Sist
  post 1 Ett
    5 kr till LO
"""
    result = result_of(rules)
    assert [(one.source, one.line, one.total) for one in result.ledger.movements] == [
        ("Sist", 0, 4),
        ("Sist", 1, -1),
        ("Sist", 1, 1),
        ("Först", 0, 99),
        ("Först", 0, 1),
        ("1:6 post 2", 0, 7),
        ("1:6 post 2", 1, 3),
        ("1:6 post 1", 0, 5),
    ]
    assert [one.is_item for one in result.ledger.movements] == [False] * 5 + [True] * 3
    assert result.holds == {"Sist": 4, "Först": 100}
    assert result.values["Sist"] == Column((4,))


# ---------------------------------------------------------------- errors of the engine's own


CHAIN = """pott Först = 100 kr, avrunda till 1 kr, nedåt, resten till Sist
  allt efter a
pott Sist
  allt till Ask
"""


def evaluated(rules: str, order: Callable[[list[Step]], Iterable[Step]]) -> Result | None:
    """A run whose steps are taken in another order than the plan's, or not all of them."""
    outcome = run(rules)
    assert outcome.program is not None
    order_of_all, _ = plan(outcome.program)
    assert order_of_all is not None
    figures = {name: one.column for name, one in outcome.figures.items()}
    return evaluate(outcome.program, order(list(order_of_all.steps)), figures)[0]


def test_money_that_comes_after_a_pot_was_filled_is_not_lost_in_silence() -> None:
    def first(steps: list[Step]) -> Iterable[Step]:
        late = [one for one in steps if one.name == "Först" and one.kind == "share"]
        return [one for one in steps if one not in late] + late

    with pytest.raises(NotConservedError) as raised:
        evaluated(CHAIN, first)
    assert raised.value.args == ("Sist", 0, 1)


def test_a_pot_whose_line_is_not_shared_out_is_not_conserved() -> None:
    def without(steps: list[Step]) -> Iterable[Step]:
        return [one for one in steps if one.kind != "share"]

    with pytest.raises(NotConservedError) as raised:
        evaluated("pott P = 100 kr\n  allt efter a\n", without)
    assert raised.value.args == ("P", 100, 0)
    assert evaluated("pott P = 100 kr\n  allt efter a\n", list) is not None


def test_an_empty_pot_has_nothing_to_lose() -> None:
    def without(steps: list[Step]) -> Iterable[Step]:
        return [one for one in steps if (one.kind, one.name) != ("share", "P")]

    assert evaluated(of(0, "pott P{held}\n  allt efter a\n"), without) is not None


def test_a_pot_is_not_taken_for_an_item_of_the_same_name() -> None:
    rules = """anslag 1:6 Bidrag
  post 1 Ett
    7 kr till SKR
pott ”1:6 post 1” = 60 kr
  allt efter a
"""
    result = result_of(rules)
    assert result.ledger.to_other("SKR") == 7
    assert [one.total for one in result.ledger.movements] == [7, 60]


def test_a_pot_whose_line_is_shared_out_twice_is_not_conserved() -> None:
    def twice(steps: list[Step]) -> Iterable[Step]:
        return [*steps, *(one for one in steps if one.kind == "share")]

    with pytest.raises(NotConservedError) as raised:
        evaluated("pott P = 100 kr\n  allt efter a\n", twice)
    assert raised.value.args == ("P", 100, 200)


# ---------------------------------------------------------------- what a pot holds


@pytest.mark.parametrize(("sent", "difference"), [(60, 40), (150, 50)])
def test_an_amount_that_lines_contradict_is_said_with_the_difference(
    sent: int, difference: int
) -> None:
    rules = f"""belopp lön = {sent // 6} kr × a / 10
pott P = 1 000 kr
  lön till Q
  resten till SKR
pott Q = 100 kr
  allt efter a
"""
    found = stopped(rules, "F209")
    assert found.data == {
        "pot": "Q",
        "stated": Kronor(Fraction(100)),
        "sent": Kronor(Fraction(sent)),
        "difference": Kronor(Fraction(difference)),
        "line": "pott Q",
    }
    line = HEAD.count("\n") + 3
    assert said_of(found) == [
        (line + 2, "pot", {"amount": Kronor(Fraction(100))}),
        (line, "line", {"amount": Kronor(Fraction(sent))}),
    ]


def test_an_amount_that_lines_bear_out_holds() -> None:
    rules = """belopp lön = 10 kr × a / 10
pott P = 100 kr
  lön till Q
  resten till SKR
pott Q = 60 kr
  allt efter a
"""
    assert paid(rules, "Q") == (10, 20, 30)
    assert paid("pott Q = 60 kr\n  allt efter a\n", "Q") == (10, 20, 30)


def test_an_amount_is_held_against_what_items_send_as_well() -> None:
    rules = """belopp lön = 10 kr × a / 10
anslag 1:6 Bidrag
  post 1 Ett
    40 kr till Q
pott P = 70 kr
  lön till Q
  resten till SKR
pott Q = {held} kr
  allt efter a
"""
    assert sum(paid(rules.format(held=100), "Q") or ()) == 100
    assert stopped(rules.format(held=60), "F209").data["sent"] == Kronor(Fraction(100))


# ---------------------------------------------------------------- what a line moves


def test_earned_amounts_go_to_each_or_their_sum_to_one() -> None:
    rules = (
        "belopp lön = pengar / 10\npott P = 100 kr\n  lön till varje mottagare\n  resten till SKR\n"
    )
    assert paid(rules) == (10, 20, 60)
    assert paid(rules.replace("till varje mottagare", "till Bok")) == (0, 90, 0)
    assert paid(rules.replace("till varje mottagare", "efter a")) == (15, 30, 45)


def negative(line: str, amount: str, *, noun: str = "") -> Finding:
    rules = f"belopp lön = {amount}\npott P = 9 000 kr{noun}\n  {line}\n  resten till SKR\n"
    return stopped(rules, "F512")


@pytest.mark.parametrize(
    ("line", "amount", "who", "owed"),
    [
        ("lön till varje mottagare", "pengar − 150 kr", "Ask", -50),
        ("lön till varje mottagare", "400 kr − pengar", "Ceder", -200),
        ("lön till Bok", "400 kr − pengar", "Ceder", -200),
        ("lön efter a", "199 kr − 2 × pengar", "Ask", -1),
        ("lön till Bok", "5 kr − 6 kr", "Bok", -1),
        ("lön till varje mottagare", "5 kr − 6 kr", Phrase("nouns.recipient"), -1),
        ("lön efter a", "5 kr − 6 kr", Phrase("nouns.recipient"), -1),
    ],
)
def test_nobody_pays_into_a_pot(line: str, amount: str, who: str | Phrase, owed: int) -> None:
    found = negative(line, amount)
    assert found.data == {"pot": "P", "amount": Kronor(Fraction(owed)), "recipient": who}
    assert said_of(found) == [(HEAD.count("\n") + 3, "here", {})]


def test_nobody_pays_into_a_pot_of_another_kind_of_recipients() -> None:
    found = negative("lön till varje län", "5 kr − 6 kr", noun=", till länen")
    assert found.data["recipient"] == Phrase("nouns.county")


def test_nobody_of_two_pays_into_a_pot() -> None:
    rules = """underlag hyra, kr per län
  från h.csv
  källa prov
belopp lön = hyra − 2 kr
pott P = 9 kr, till länen
  lön till varje län
  resten till SKR
"""
    found = stopped(rules, "F512", **{"h.csv": "kod,namn,hyra\nX,Alfa,5\nY,Beta,1\n"})
    assert found.data == {"pot": "P", "amount": Kronor(Fraction(-1)), "recipient": "Beta"}


def test_an_amount_of_nothing_is_no_debt() -> None:
    rules = "belopp lön = pengar − 100 kr\npott P = 700 kr\n  lön till varje mottagare\n"
    assert paid(rules + "  resten till SKR\n") == (0, 100, 500)


# ---------------------------------------------------------------- claims


CLAIMS = """belopp krav = pengar
belopp fast = 10 kr × a / 10
pott P = {held} kr
  krav till varje mottagare, i proportion om potten inte räcker
  fast till varje mottagare
  {more}resten till SKR
"""


@pytest.mark.parametrize(
    ("held", "claims"),
    [(1_000, (100, 200, 600)), (960, (100, 200, 600)), (150, (10, 20, 60)), (60, (0, 0, 0))],
)
def test_claims_take_what_the_other_lines_leave(held: int, claims: tuple[int, ...]) -> None:
    result = result_of(CLAIMS.format(held=held, more=""))
    first, second, *_ = result.ledger.movements
    assert (first.amounts, second.amounts) == (claims, (10, 20, 30))
    assert result.ledger.to_other("SKR") == max(held - 960, 0)


def test_claims_may_have_conditions() -> None:
    rules = CLAIMS.format(held=510, more="").replace(", i proportion", ", om a > 10, i proportion")
    first, *_ = result_of(rules).ledger.movements
    assert first.amounts == (0, 113, 337)


def test_a_single_claim_is_everybodys() -> None:
    rules = CLAIMS.format(held=99, more="").replace("krav = pengar", "krav = 20 kr")
    first, *_ = result_of(rules).ledger.movements
    assert first.amounts == (13, 13, 13)


def test_amounts_to_each_go_to_those_who_qualify() -> None:
    rules = "pott P = 100 kr\n  10 kr till varje mottagare, om a > 10\n  resten till SKR\n"
    assert paid(rules) == (0, 10, 10)
    every = rules.replace(", om a > 10", "")
    assert paid(every) == (10, 10, 10)


# ---------------------------------------------------------------- the rest


OTHERS = """belopp lön = {per} kr × a / 10
pott P{held}
  lön till varje mottagare
  resten till SKR
"""
EMPTY = """belopp noll = 0 kr × a
pott Annan = 5 kr
  noll till P
  resten till LO
"""


def of(held: int, rules: str, **said: int) -> str:
    """The rules of a pot that holds so much; an empty pot is one that nothing is sent to."""
    if held:
        return rules.format(held=f" = {held} kr".replace("-", "−"), **said)
    return rules.format(held="", **said) + EMPTY


@pytest.mark.parametrize(
    ("held", "per", "over"), [(59, 10, 1), (0, 10, 60), (0, 1, 6), (-1, 1, 7), (-60, 10, 120)]
)
def test_a_pot_that_is_overdrawn_is_refused_with_the_difference(
    held: int, per: int, over: int
) -> None:
    found = stopped(of(held, OTHERS, per=per), "F503")
    assert found.data == {
        "pot": "P",
        "held": Kronor(Fraction(held)),
        "taken": Kronor(Fraction(per * 6)),
        "difference": Kronor(Fraction(per * 6 - held)),
    }
    assert over == per * 6 - held
    line = HEAD.count("\n") + 3
    assert said_of(found) == [
        (line + 1, "rest", {}),
        (line, "line", {"amount": Kronor(Fraction(per * 6))}),
    ]


@pytest.mark.parametrize(
    ("held", "per", "rest"), [(61, 10, 1), (60, 10, 0), (0, 0, 0), (-60, 0, -60), (-1, 0, -1)]
)
def test_a_rest_is_what_is_left_even_if_that_is_nothing(held: int, per: int, rest: int) -> None:
    result = result_of(of(held, OTHERS, per=per))
    assert result.ledger.to_other("SKR") == rest


@pytest.mark.parametrize(
    ("limit", "first"),
    [
        ("30 kr", 30),
        ("summan av pengar / 27", 33),
        ("10 %", 10),
        ("500 kr", 100),
        ("500 kr − summan av pengar", 0),
        ("901 kr − summan av pengar", 1),
    ],
)
def test_a_rest_to_one_may_have_a_ceiling(limit: str, first: int) -> None:
    rules = f"pott P = 100 kr\n  resten till LO, högst {limit}\n  resten till SKR\n"
    result = result_of(rules)
    assert result.ledger.to_other("LO") == first
    assert result.ledger.to_other("SKR") == 100 - first


def test_several_rests_with_ceilings_are_filled_in_their_order() -> None:
    rules = """pott P = 100 kr
  resten till LO, högst 30 kr
  resten till Ask, högst 50 kr
  10 kr till Bok
  resten till SKR
"""
    result = result_of(rules)
    assert [one.total for one in result.ledger.movements] == [30, 50, 10, 10]


def test_a_rest_may_stand_before_what_it_is_the_rest_of() -> None:
    rules = "pott P = 100 kr\n  resten till LO\n  10 kr till Bok\n"
    assert result_of(rules).ledger.to_other("LO") == 90
    capped = rules.replace("LO", "LO, högst 95 kr") + "  resten till SKR\n"
    assert [one.total for one in result_of(capped).ledger.movements] == [90, 10, 0]


def test_a_ceiling_for_each_holds_nothing_of_the_rest_back() -> None:
    rules = "pott P = 110 kr\n  10 kr till SKR\n  resten efter a, högst 40 kr var\n"
    assert paid(rules) == (20, 40, 40)


def test_earned_amounts_are_rounded_to_their_own_size() -> None:
    rules = "belopp lön, avrunda till 10 kr, närmast = pengar / 7\npott P = 900 kr\n"
    assert paid(rules + "  lön till varje mottagare\n  resten till SKR\n") == (10, 30, 90)


def test_a_repayment_has_no_ceiling() -> None:
    rules = "pott P{held}\n  resten till Ask, högst 30 kr\n  resten till SKR\n"
    found = stopped(of(-100, rules), "F510")
    assert found.data["pot"] == "P"
    assert said_of(found) == [(HEAD.count("\n") + 2, "here", {})]
    assert stopped(of(-1, rules), "F510").code == "F510"
    for held in (0, 1, 30, 31):
        assert paid(of(held, rules)) == (min(held, 30), 0, 0)


# ---------------------------------------------------------------- keys, limits and conditions


def test_limits_are_for_those_who_qualify() -> None:
    pot = "pott P = 600 kr\n  allt efter a, om a > 10, minst 250 kr var, högst 500 kr var\n"
    assert paid(pot) == (0, 250, 350)
    assert paid(pot.replace("högst 500", "högst 340")) == (0, 260, 340)
    assert paid(pot.replace("250 kr", "45 %")) == (0, 270, 330)


def test_a_key_of_kronor_is_the_same_in_ore() -> None:
    for unit, base in (("1 kr", 1), ("1 öre", 100)):
        result = result_of("pott P = 90 kr\n  allt efter pengar\n", unit=unit)
        (moved,) = result.ledger.movements
        assert moved.amounts == (10 * base, 20 * base, 60 * base)
        assert getattr(moved.reason, "scale", None) == base
    (moved,) = result_of("pott P = 90 kr\n  allt efter a\n", unit="1 öre").ledger.movements
    assert getattr(moved.reason, "scale", None) == 1
    (moved,) = result_of("pott P = 90 kr\n  allt lika till varje mottagare\n").ledger.movements
    assert getattr(moved.reason, "key", None) == Column((1, 1, 1))
    assert getattr(moved.reason, "scale", None) == 1


# ---------------------------------------------------------------- adjustments


ADJUSTED = """pott P = {held} kr
  {line}
  justera {one} −{amount} kr, enligt bilagan
  justera {other} +{amount} kr, enligt bilagan
"""


def test_an_adjustment_may_take_all_but_no_more() -> None:
    said = {"held": 60, "line": "allt efter a"}
    every = ADJUSTED.format(**said, one="Ask", other="Bok", amount=10)
    assert paid(every) == (0, 30, 30)
    every = ADJUSTED.format(**said, one="Bok", other="Ask", amount=20)
    assert paid(every) == (30, 0, 30)
    for one, other, has in (("Ask", "Bok", 10), ("Bok", "Ask", 20), ("Ceder", "Ask", 30)):
        rules = ADJUSTED.format(**said, one=one, other=other, amount=has + 1)
        found = stopped(rules, "F513")
        assert found.data == {"pot": "P", "recipient": one, "left": Kronor(Fraction(-1))}
        assert said_of(found) == [(HEAD.count("\n") + 3, "here", {})]


def test_who_has_nothing_in_a_pot_has_nothing_to_give() -> None:
    rules = ADJUSTED.format(held=60, line="allt till SKR", one="Ask", other="Bok", amount=1)
    assert stopped(rules, "F513").data["left"] == Kronor(Fraction(-1))


@pytest.mark.parametrize(("held", "given"), [("0", (-1, 1, 0)), ("−60", (-11, -19, -30))])
def test_where_nobody_is_paid_anybody_may_owe(held: str, given: tuple[int, ...]) -> None:
    rules = ADJUSTED.format(held=held, line="allt efter a", one="Ask", other="Bok", amount=1)
    assert paid(rules) == given


def test_an_adjustment_of_one_krona_held_by_one() -> None:
    rules = ADJUSTED.format(held=1, line="allt till Ask", one="Ask", other="Bok", amount=2)
    assert stopped(rules, "F513").data["left"] == Kronor(Fraction(-1))


# ---------------------------------------------------------------- findings about a row


def test_a_division_by_zero_of_other_recipients_says_for_whom_of_them() -> None:
    """The third county, not the third recipient, though there are as many of each."""
    counties = """underlag invånare, antal per län
  från i.csv
  källa prov
värde hälften = invånare / 2
belopp lön = 100 kr / {key}
pott P = 9 000 kr, till länen
  lön till varje län
  resten till SKR
"""
    files = {"l.csv": "kod,namn\nX,Alfa\nY,Beta\nZ,Gamma\n"}
    files["i.csv"] = "kod,namn,invånare\nX,Alfa,5\nY,Beta,0\nZ,Gamma,0\n"
    for key in ("invånare", "hälften", "(5 − 5 + hälften)"):
        found = stopped(counties.format(key=key), "F504", **files)
        assert found.data["recipient"] == "Beta"
    total = counties.replace("värde", "värde alla = summan av invånare\nvärde")
    found = stopped(total.format(key="(alla − invånare)"), "F504", **files)
    assert found.data["recipient"] == "Alfa"
    for key in ("(summan av invånare − 5)", "(5 − 5)"):
        assert "recipient" not in stopped(counties.format(key=key), "F504", **files).data


def test_a_division_by_zero_says_for_whom() -> None:
    rules = "belopp lön = 100 kr / (a − 20)\npott P = 9 000 kr\n  lön till varje mottagare\n"
    found = stopped(rules + "  resten till SKR\n", "F504")
    assert found.data["recipient"] == "Bok"

"""Grids: long and wide tables, sums over axes, order of rows, and what a table may lack."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsl.catalogue import LANGUAGES, sentences
from dsl.document import read_document
from dsl.findings import errors
from dsl.printer import print_document
from engine.comparison.difference import compare_rulesets
from engine.grid import Grid
from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from tests.engine.test_statistics import xlsx
from tests.specification import meaning

MONTHS = ("mars", "april", "maj")
NEEDS = ("God och nära vård", "Behandling")
PEOPLE = ("Alby", "Berga", "Centrum")
REGISTER = "kod,namn\n" + "".join(f"{n},{name}\n" for n, name in enumerate(PEOPLE, 1))
HEAD = """regelverk Prov
budgetår 2026
mottagare mottagare, från data/mottagare.csv
övriga mottagare SKR
avrunda till 1 kr, största rest
avrunda belopp till 1 kr, närmast
indelning månad = mars, april, maj
indelning krav = God och nära vård, Behandling
underlag kvartar, antal per mottagare, månad och krav
  från data/k.{ending}
  källa påhittade tal
  minst 0
  högst 4
"""
RULES = "pott P = 1 000 kr\n  allt efter 1 + summan av kvartar över månad och krav\n"

LAST = "(summan av kvartar över månad från maj till maj och krav)"
AMOUNT = "belopp x = 1 kr × kvartar\npott P = 9 kr\n"

Figures = dict[tuple[str, str, str], int]
Rows = list[list[str]]


def ran(rules: str, data: str | bytes | Rows, ending: str = "csv", **more: str) -> Outcome:
    if isinstance(data, list):
        data = "\n".join(";".join(row) for row in data)
    files = {"regler.fordela": HEAD.format(ending=ending) + rules, "data/mottagare.csv": REGISTER}
    files |= {f"data/{name}.csv": text for name, text in more.items()}
    bytes_ = data if isinstance(data, bytes) else data.encode()
    memory = {name: text.encode() for name, text in files.items()}
    return run_ruleset(Memory({**memory, f"data/k.{ending}": bytes_}))


def long(figures: Figures) -> Rows:
    rows = [[*key, str(value)] for key, value in figures.items()]
    return [["namn", "månad", "krav", "kvartar"], *rows]


def wide(figures: Figures, axis: int = 1) -> Rows:
    """The table with the members of one axis as headings."""
    members, other = ((MONTHS, NEEDS), (NEEDS, MONTHS))[axis - 1]
    rows = []
    for who in PEOPLE:
        for one in other:
            keys = [(who, m, one) if axis == 1 else (who, one, m) for m in members]
            rows.append([who, one, *(str(figures[key]) for key in keys)])
    return [["namn", ("krav", "månad")[axis - 1], *members], *rows]


def amounts(rules: str, data: str | bytes | Rows, ending: str = "csv") -> tuple[int, ...]:
    outcome = ran(rules, data, ending)
    assert outcome.result is not None, [one.code for one in outcome.findings]
    return outcome.result.ledger.of_pot("P") or ()


def codes(rules: str, data: str | bytes | Rows, **more: str) -> list[str]:
    found = ran(rules, data, **more).findings
    for language in LANGUAGES:
        for one in found:
            assert sentences(one, language).title
    return [one.code for one in found if one.code not in {"N101", "N207"}]


PLACES = [(who, month, need) for who in PEOPLE for month in MONTHS for need in NEEDS]
SOME: Figures = {place: n * 7 % 5 for n, place in enumerate(PLACES)}
grids = st.lists(st.integers(0, 4), min_size=len(PLACES), max_size=len(PLACES)).map(
    lambda numbers: dict(zip(PLACES, numbers, strict=True))
)


# ---------------------------------------------------------------- what must never matter


@given(grids, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(figures: Figures, order: object) -> None:
    rows = long(figures)
    mixed = rows[1:]
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert amounts(RULES, rows) == amounts(RULES, [rows[0], *mixed])


@settings(max_examples=30)
@given(grids)
def test_long_and_wide_tables_say_the_same(figures: Figures) -> None:
    expected = amounts(RULES, long(figures))
    assert amounts(RULES, wide(figures, 1)) == expected
    assert amounts(RULES, wide(figures, 2)) == expected


@given(grids, st.permutations(range(4)))
def test_the_order_of_columns_never_matters(figures: Figures, order: Sequence[int]) -> None:
    turned = [[row[place] for place in order] for row in long(figures)]
    assert amounts(RULES, turned) == amounts(RULES, long(figures))


@settings(max_examples=20)
@given(grids)
def test_a_sum_over_both_axes_is_the_sum_over_one_of_the_sum_over_the_other(
    figures: Figures,
) -> None:
    one = "summan av kvartar över månad och krav"
    for other in (
        "summan av (summan av kvartar över månad) över krav",
        "summan av (summan av kvartar över krav) över månad",
        "summan av kvartar över krav och månad",
        f"{one.replace(' och', ' från mars till april och')} + {LAST}",
    ):
        outcome = ran(f"kontroll {one} = {other}\n{RULES}", long(figures))
        assert [check.holds for check in outcome.checks] == [True], other


@given(grids)
def test_amounts_are_the_sums_of_the_rounded_amounts(figures: Figures) -> None:
    rules = """belopp del = 1 000 kr / 7 × kvartar / 4
belopp helt = summan av del över månad och krav
pott P = 5 000 kr
  helt till varje mottagare
  resten till SKR
"""
    expected = tuple(
        sum(
            (2 * 1000 * figures[who, month, need] + 28) // 56  # half up
            for month in MONTHS
            for need in NEEDS
        )
        for who in PEOPLE
    )
    assert amounts(rules, long(figures)) == expected


def test_a_workbook_says_what_a_text_says() -> None:
    rows = [[row[0], row[1], row[2], n if n == "kvartar" else int(n)] for *row, n in long(SOME)]
    assert amounts(RULES, xlsx(*rows), "xlsx") == amounts(RULES, long(SOME))


def test_members_are_compared_without_capitals_and_blanks() -> None:
    rows = [
        [who, f" {month.upper()} ", need.replace(" ", "  "), n]
        for who, month, need, n in long(SOME)
    ]
    assert amounts(RULES, rows) == amounts(RULES, long(SOME))


# ---------------------------------------------------------------- fewer axes, no recipients


def test_a_grid_of_fewer_axes_is_the_same_for_the_others() -> None:
    rules = """underlag vikt, antal per krav
  från data/vikt.csv
  källa påhittade tal
underlag tak, antal per månad
  från data/tak.csv, kolumn tak
  källa påhittade tal
pott P = 1 000 kr
  allt efter summan av (vikt × tak × (1 + kvartar)) över krav och månad
"""
    weights, roofs = {"God och nära vård": 2, "Behandling": 3}, {"mars": 1, "april": 0, "maj": 5}
    more = {
        "vikt": "krav,vikt\n" + "".join(f"{key},{value}\n" for key, value in weights.items()),
        "tak": "mars,april,maj\n1,0,5\n".replace(
            "mars,april,maj\n1,0,5\n", "månad,tak\nmars,1\nmaj,5\napril,0\n"
        ),
    }
    outcome = ran(rules, long(SOME), **more)
    assert errors(outcome.findings) == ()
    assert outcome.result is not None
    keys = [
        sum(
            weights[need] * roofs[month] * (1 + SOME[who, month, need])
            for month in MONTHS
            for need in NEEDS
        )
        for who in PEOPLE
    ]
    shares = [Fraction(1000 * key, sum(keys)) for key in keys]
    paid = outcome.result.ledger.of_pot("P") or ()
    assert all(abs(a - b) < 1 for a, b in zip(paid, shares, strict=True))


def test_one_row_of_a_wide_table_is_enough_without_recipients() -> None:
    rules = "underlag vikt, antal per månad\n  från data/v.csv\n  källa x\n" + RULES
    outcome = ran(rules, long(SOME), v="mars,april,maj\n1,0,5\n")
    found = outcome.figures["vikt"].column
    assert isinstance(found, Grid)
    assert [one.scalar for one in found.columns.values()] == [1, 0, 5]


# Expressions of grids with different axes, and the axes that each has; of counts and numbers, so
# that they can be added.
SHARES = ("(vikt × andel (1 + kvartar))", "mk")
TERMS = (("kvartar", "mk"), ("vikt", "k"), ("tak", "m"), ("2", ""), SHARES)
OTHERS = """underlag vikt, antal per krav
  från data/vikt.csv
  källa påhittade tal
underlag tak, antal per månad
  från data/tak.csv
  källa påhittade tal
"""
AXES = {
    "m": ("månad", "månad från april till maj"),
    "k": ("krav", "krav från Behandling till Behandling"),
}


@st.composite
def keys(draw: st.DrawFn) -> str:
    """A key with one number per recipient, made of grids and sums over their axes."""
    text, axes = draw(st.sampled_from(TERMS))
    for _ in range(draw(st.integers(0, 4))):
        if axes and draw(st.booleans()):
            axis = draw(st.sampled_from(axes))
            text = f"(summan av ({text}) över {draw(st.sampled_from(AXES[axis]))})"
            axes = axes.replace(axis, "")
        else:
            other, more = draw(st.sampled_from(TERMS))
            text = f"({text} {draw(st.sampled_from('+×'))} {other})"
            axes = "".join(sorted({*axes, *more}))
    for axis in axes:
        text = f"(summan av {text} över {draw(st.sampled_from(AXES[axis]))})"
    return f"1 + befolkning × {text}"


@given(grids, keys(), st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_grids_mean_what_the_specification_says(
    figures: Figures, key: str, others: list[int]
) -> None:
    weights, roofs = (
        dict(zip(NEEDS, others, strict=False)),
        dict(zip(MONTHS, others[2:], strict=True)),
    )
    population = "underlag befolkning, antal per mottagare\n  från data/b.csv\n  källa x\n"
    rules = (
        f"{population}{OTHERS}värde v = {key}\nbelopp b = 1 kr × kvartar × vikt / 3\n"
        "belopp helt = summan av b över månad och krav\npott P = 9 000 kr\n"
        "  helt till varje mottagare\n  resten efter v\n"
    )
    outcome = ran(
        rules,
        long(figures),
        vikt="krav,vikt\n" + "".join(f"{one},{n}\n" for one, n in weights.items()),
        tak="månad,tak\n" + "".join(f"{one},{n}\n" for one, n in roofs.items()),
        b="kod,antal\n1,1\n2,20\n3,300\n",
    )
    assert outcome.program is not None, [one.code for one in outcome.findings]
    assert outcome.result is not None
    codes_ = dict(zip(PEOPLE, ("1", "2", "3"), strict=True))
    meant = meaning(
        outcome.program,
        {"befolkning": {"1": Fraction(1), "2": Fraction(20), "3": Fraction(300)}},
        {
            "kvartar": {
                (month, need): {codes_[who]: Fraction(figures[who, month, need]) for who in PEOPLE}
                for month in MONTHS
                for need in NEEDS
            },
            "vikt": {(one,): Fraction(n) for one, n in weights.items()},
            "tak": {(one,): Fraction(n) for one, n in roofs.items()},
        },
    )
    assert list(meant.pots["P"].values()) == list(outcome.result.ledger.of_pot("P") or ())


def test_a_share_in_a_grid_is_of_the_total_in_each_place() -> None:
    rules = "kontroll summan av (summan av andel (1 + kvartar) över månad och krav) = 6\n" + RULES
    assert [one.holds for one in ran(rules, long(SOME)).checks] == [True]


# ---------------------------------------------------------------- what a table may lack


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: rows[:-1], "F342"),
        (lambda rows: [row for row in rows if row[1] != "maj"], "F342"),
        (lambda rows: [row for row in rows if row[0] != "Berga"], "F342"),
        (lambda rows: [*rows, rows[1]], "F302"),
        (lambda rows: [*rows[:-1], ["Centrum", "juni", "Behandling", "1"]], "F340"),
        (lambda rows: [*rows[:-1], ["Centrum", "", "Behandling", "1"]], "F343"),
        (lambda rows: [*rows[:-1], ["Cent", "maj", "Behandling", "1"]], "F305"),
        (lambda rows: [*rows[:-1], ["Centrum", "maj", "Behandling", "5"]], "F310"),
        (lambda rows: [*rows[:-1], ["Centrum", "maj", "Behandling", "1,234"]], "F318"),
        (lambda rows: [*rows[:-1], ["Centrum", "maj", "Behandling", ""]], "F317"),
        (lambda rows: [*rows, ["Totalt", "maj", "Behandling", "999"]], "F304"),
        (lambda rows: [*rows, ["Totalt", "", "", "999"]], "F304"),
        (lambda rows: [[row[0], row[3]] for row in rows], "F341"),
        (lambda rows: [[row[0], row[1], row[3]] for row in rows], "F341"),
        (lambda rows: [["namn", "månad", "månad", "kvartar"], *rows[1:]], "F322"),
        (lambda rows: [["x", *rows[0][1:]], *(["?", *row[1:]] for row in rows[1:])], "F323"),
        (lambda rows: [[*row, "1"] for row in rows], "F307"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_said_once(change: object, code: str) -> None:
    assert callable(change)
    assert codes(RULES, change(long(SOME))) == [code]


def test_a_total_row_for_each_place_is_checked_and_no_figure() -> None:
    totals = [
        ["Totalt", month, need, str(sum(SOME[who, month, need] for who in PEOPLE))]
        for month in MONTHS
        for need in NEEDS
    ]
    assert amounts(RULES, [*long(SOME), *totals]) == amounts(RULES, long(SOME))


@given(st.lists(st.text(alphabet="AlbyBergmj ;,.%-#Totalt\n1234", max_size=40), max_size=12))
def test_whatever_stands_in_a_table_is_figures_or_findings(lines: list[str]) -> None:
    for heading in ("namn;månad;krav;kvartar", "namn;krav;mars;april;maj", "månad;krav"):
        assert codes(RULES, heading + "\n" + "\n".join(lines))


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("pott P = 9 kr\n  allt efter kvartar\n", "F145"),
        ("pott P = 9 kr\n  allt efter summan av kvartar över månad\n", "F145"),
        (f"{RULES}tabell T\n  kolumn kvartar som K\n", "F145"),
        (f"{RULES}kontroll kvartar ≥ 0\n", "F145"),
        ("pott P = 9 kr\n  allt lika till varje mottagare, om kvartar > 0\n", "F145"),
        (f"{AMOUNT}  resten lika till varje mottagare, minst x var\n", "F145"),
        (f"{AMOUNT}  x till varje mottagare\n  resten till SKR\n", "F145"),
        (f"värde x = summan av kvartar\n{RULES}", "F147"),
        (f"värde x = summan av 3 över månad\n{RULES}", "F146"),
        (f"värde x = summan av (summan av kvartar över månad) över månad\n{RULES}", "F146"),
        (f"värde x = summan av kvartar över mån\n{RULES}", "F140"),
        (f"värde x = summan av kvartar över krav och krav\n{RULES}", "F141"),
        (f"värde x = summan av kvartar över månad från maj till mars\n{RULES}", "F142"),
        (f"värde x = summan av kvartar över månad från maj till juni\n{RULES}", "F143"),
        (f"indelning vecka = 1, 2, 01, 2\n{RULES}", "F144"),
        (f"indelning Månad = 1\n{RULES}", "F102"),
        (f"indelning person = 1\n{RULES}", "F150"),
        ("indelning dygn = " + ", ".join(map(str, range(401))) + "\n" + RULES, "F148"),
    ],
)  # fmt: skip
def test_rules_that_mean_nothing_are_refused(rules: str, code: str) -> None:
    assert codes(rules, long(SOME)) == [code]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("summan av kvartar per månad och krav", "kvartar över månad och krav"),
        ("summan av kvartar för månad", "kvartar över månad"),
        ("summan av kvartar över månad, krav", "summan av kvartar över månad och krav"),
        ("summan av kvartar över Månad", "månad"),
        ("summan av kvartar över månad från mars till och med maj", "maj"),
        ("summan av kvartar över månad från mars till appril", "april"),
    ],
)
def test_near_misses_are_answered_with_what_was_meant(wrong: str, right: str) -> None:
    (one,) = (one for one in ran(f"värde x = {wrong}\n{RULES}", long(SOME)).findings)
    assert right in " ".join(sentences(one, "sv").helps)


@pytest.mark.parametrize(
    "per",
    ["mottagare, månad, krav", "mottagare per månad per krav", "mottagare och krav och månad"],
)
def test_the_formatter_has_one_way_to_list_axes(per: str) -> None:
    line = "underlag x, antal per {}\n"
    document = read_document("regler.fordela", line.format(per).encode()).document
    axes = ("krav", "månad") if "krav och" in per else ("månad", "krav")
    assert print_document(document, "sv") == line.format(f"mottagare, {axes[0]} och {axes[1]}")


def test_nested_sums_cannot_make_the_computer_work_for_hours() -> None:
    days = ", ".join(map(str, range(300)))
    axes = "".join(f"indelning d{n} = {days}\n" for n in range(6))
    figures = "".join(
        f"underlag u{n}, antal per d{n}\n  från data/u.csv\n  källa x\n" for n in range(6)
    )
    nested = "1"
    for n in range(6):
        nested = f"summan av (u{n} + {nested}) över d{n}"
    u = "d0,v\n"
    assert "F148" in codes(f"{axes}{figures}värde x = {nested}\n{RULES}", long(SOME), u=u)


def test_members_may_be_numbers_and_hold_the_word_that_joins_axes() -> None:
    rules = (
        "värde x = summan av kvartar över månad och krav från ”God och nära vård” till Behandling\n"
    )
    text = HEAD.format(ending="csv") + "indelning kvartal = 1, 2, 2024:3\n" + rules
    document = read_document("regler.fordela", text.encode()).document
    for language in LANGUAGES:
        again = read_document("regler.fordela", print_document(document, language).encode())
        assert again.findings == ()
        assert again.document == document
    printed = print_document(document, "en")
    assert "over månad and krav from God och nära vård to Behandling" in printed


# ---------------------------------------------------------------- comparing, and limits


def test_a_changed_figure_is_told_with_its_month_and_requirement() -> None:
    before, after = ran(RULES, long(SOME)), ran(RULES, long({**SOME, PLACES[3]: 4}))
    (change,) = compare_rulesets(before, after).figures
    assert change.recipient is not None
    assert (change.recipient.name, *change.members) == PLACES[3]
    assert (change.before, change.after) == (Fraction(SOME[PLACES[3]]), Fraction(4))


def test_rules_with_other_months_are_compared_without_their_figures() -> None:
    fewer = "indelning månad = mars, april\n"
    rows = [row for row in long(SOME) if row[1] != "maj"]
    text = HEAD.format(ending="csv").replace("indelning månad = mars, april, maj\n", fewer) + RULES
    data = "\n".join(";".join(row) for row in rows)
    files = {"regler.fordela": text, "data/mottagare.csv": REGISTER, "data/k.csv": data}
    before = run_ruleset(Memory({name: one.encode() for name, one in files.items()}))
    after = ran(RULES, long(SOME))
    for pair in ((before, after), (after, before)):
        compared = compare_rulesets(*pair)
        assert compared.findings == ()
        (effects,) = compared.effects
        assert sum(row.after for row in effects.rows) == 1000


def test_an_amendment_of_one_dimension_leaves_the_others() -> None:
    amended = f"{RULES}ändring från 2026-07-01\nindelning krav = Behandling\n"
    rows = [row for row in long(SOME) if row[2] != "God och nära vård"]
    outcome = ran(amended, rows)
    assert errors(outcome.findings) == ()
    assert outcome.program is not None
    assert outcome.program.axes == {"månad": MONTHS, "krav": ("Behandling",)}


def test_an_amended_statistic_has_the_axes_that_it_had_or_those_that_are_said() -> None:
    same = "ändra underlag kvartar\n  källa andra påhittade tal\n"
    fewer = "ändra underlag kvartar, antal per mottagare och månad\n  från data/m.csv\n"
    for change, axes in ((same, ("månad", "krav")), (fewer, ("månad",))):
        rules = RULES.replace("månad och krav", "månad") if axes == ("månad",) else RULES
        pot = rules.replace("pott P", "ändra pott P").replace(" = 1 000 kr", "")
        m = "namn,mars,april,maj\n" + "".join(f"{who},1,2,3\n" for who in PEOPLE)
        outcome = ran(f"{RULES}ändring från 2026-07-01\n{change}{pot}", long(SOME), m=m)
        assert errors(outcome.findings) == (), axes
        assert outcome.program is not None
        assert outcome.program.grids == {"kvartar": axes}


def test_a_possible_overdraft_of_a_sum_over_steps_is_told_in_kronor() -> None:
    rules = """trappa grad efter kvartar
  under 2 ger 0 %
  från och med 2 ger 100 %
belopp del = 10 kr × grad
belopp helt = summan av del över månad och krav
pott P = {held} kr
  helt till varje mottagare
  resten till SKR
"""
    # Three recipients, three months, two requirements: 18 × 10 kr at most.
    assert "N207" not in {one.code for one in ran(rules.format(held=180), long(SOME)).findings}
    (note,) = ran(rules.format(held=179), long(SOME)).findings
    assert note.code == "N207"
    assert "180" in " ".join(sentences(note, "sv").notes)


def test_twelve_months_and_ten_requirements_of_many_municipalities() -> None:
    people = [f"Kommun {n:03}" for n in range(40)]
    months, needs = [f"m{n}" for n in range(12)], [f"k{n}" for n in range(10)]
    register = "kod,namn\n" + "".join(f"{n},{who}\n" for n, who in enumerate(people, 1))
    rows = [f"{a},{b},{c},{n % 5}" for n, a in enumerate(people) for b in months for c in needs]
    rules = f"""regelverk Stort
budgetår 2026
mottagare kommuner, från data/kommuner.csv
avrunda till 1 kr, största rest
avrunda belopp till 1 kr, närmast
indelning månad = {", ".join(months)}
indelning krav = {", ".join(needs)}
underlag kvartar, antal per kommun, månad och krav
  från data/k.csv
  källa påhittade tal
belopp del = 100 kr × kvartar / 7
pott P = 1 000 000 kr
  allt efter summan av del över månad och krav
"""
    files = {"regler.fordela": rules, "data/kommuner.csv": register}
    files["data/k.csv"] = "namn,månad,krav,kvartar\n" + "\n".join(rows)
    outcome = run_ruleset(Memory({name: text.encode() for name, text in files.items()}))
    assert outcome.result is not None


# ---------------------------------------------------------------- odd headings and members


def test_a_member_that_heads_two_columns_is_refused() -> None:
    rows = wide(SOME)
    rows[0][3] = "mars"
    assert codes(RULES, rows) == ["F322"]


def test_a_named_column_that_a_long_table_lacks_is_refused_with_a_suggestion() -> None:
    rules = "underlag k, antal per mottagare, månad och krav\n"
    rules += "  från data/l.csv, kolumn kvartal\n  källa x\n" + RULES
    text = "\n".join(";".join(row) for row in long(SOME))
    assert codes(rules, long(SOME), l=text) == ["F321"]


def test_members_like_none_of_an_axis_are_told_together() -> None:
    rows = long(SOME)
    rows[1][1], rows[2][1], rows[3][1] = "Q1", "z" * 150, "Q1"
    found = [one for one in ran(RULES, rows).findings if one.code == "F340"]
    assert len(found) == 1
    assert found[0].data["text"] == "Q1"
    assert found[0].data["count"] == 2
    assert found[0].data["others"] == ("z" * 150,)


def test_a_total_row_of_a_member_that_there_is_none_of_is_refused() -> None:
    rows = [*long(SOME), ["Totalt", "hösten", "Behandling", "9"]]
    assert codes(RULES, rows) == ["F340"]


def test_a_changed_figure_that_is_for_no_recipient_is_a_change_for_its_members() -> None:
    rules = "underlag vikt, antal per månad\n  från data/v.csv\n  källa x\n" + RULES
    before, after = (ran(rules, long(SOME), v=f"mars,april,maj\n{n},0,5\n") for n in (1, 2))
    (change,) = compare_rulesets(before, after).figures
    assert change.recipient is None
    assert change.members == ("mars",)
    assert [change.before, change.after] == [Fraction(1), Fraction(2)]

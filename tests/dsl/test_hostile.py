"""Whatever is read and checked ends in findings with places, soon, and never in an exception."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.catalogue import LANGUAGES, sentences
from dsl.check import check
from dsl.document import read_document
from dsl.findings import Finding, errors
from dsl.numbers import Language
from dsl.printer import print_document
from dsl.program import Program
from dsl.registers import Recipient, Register
from dsl.source import MAX_LINE_LENGTH, MAX_LINES
from dsl.words import KEYWORDS, NOUNS, PARTS, SCALES, SYNONYMS, UNITS
from engine.checks import run_checks
from engine.column import Column
from engine.evaluate import Result, evaluate
from engine.plan import plan
from engine.proof.promises import Claim, Sort
from engine.proof.prove import claims, promises
from engine.tabulate import tabulate
from tests.strategies import Case, cases

HEADER = (
    "regelverk A\nbudgetår 2024\nmottagare regioner\navrunda till 1 kr, uddatalsmetoden\n"
    "underlag b, personer\n  från data/b.csv\n  källa SCB\n"
)
REGISTER = Register(
    "region",
    "region",
    (Recipient("01", "Stockholm"), Recipient("03", "Uppsala"), Recipient("12", "Skåne")),
)
KOMMUNER = tuple(Recipient(f"{n:04}", f"Kommun {n}") for n in range(5))
REGISTERS = {
    "region": REGISTER,
    "county": REGISTER,
    "municipality": Register("municipality", "municipality", KOMMUNER),
}
FIGURES = {"b": Column((5, 3, 2)), "k": Column((1, 2, 3, 4, 5))}


def checked(data: bytes, file: str = "regler.fordela") -> tuple[Program | None, list[Finding]]:
    """Read and check; every finding has its place in the file, and can be said."""
    reading = read_document(file, data)
    program, found = check(reading, REGISTERS)
    assert (program is None) == bool(errors(found))
    for finding in found:
        assert finding.labels
        for label in finding.labels:
            assert_within_its_line(
                label.span.line, label.span.column, label.span.end, label.span.text
            )
        for language in LANGUAGES:
            assert sentences(finding, language).title
    return program, list(found)


def assert_within_its_line(line: int, column: int, end: int, text: str) -> None:
    # One column past the last stands for the end of the line, where something is missing.
    assert 1 <= line <= MAX_LINES + 1
    assert 1 <= column <= len(text) + 1
    assert column <= end <= max(len(text) + 1, column + 1)


def codes_of(rules: str) -> set[str]:
    return {finding.code for finding in checked((HEADER + rules).encode())[1]}


def ran(rules: str) -> Result | None:
    """Check, order, evaluate and tabulate rules; whatever stops them is a finding."""
    program, found = checked((HEADER + rules).encode())
    assert program is not None, found
    return ran_to_the_end(program)


def figures_of(program: Program) -> dict[str, Column]:
    return {one.name.text: FIGURES[one.name.text] for one in program.statistics}


def ran_to_the_end(program: Program) -> Result | None:
    order, circles = plan(program)
    assert order is not None, circles
    result, stopped = evaluate(program, order.steps, figures_of(program))
    assert (result is None) == bool(stopped)
    if result is not None:
        run_checks(result)
        tabulate(result, order.dependencies)
    return result


def every_demand(program: Program) -> list[Claim]:
    place = program.document.statements[0].span
    sorts = (Sort.MORE, Sort.EQUAL, Sort.DOUBLE)
    named = [Claim(sort, place, name=one.name.text) for one in program.statistics for sort in sorts]
    return [*named, *(Claim(Sort.MORE, place, name=one.name.text) for one in program.pots[:2])]


# ---------------------------------------------------------------- arbitrary input

FILES = st.sampled_from(["regler.fordela", "regler.md"])
_TABLES = (*KEYWORDS.values(), *PARTS.values(), *NOUNS.values(), *UNITS.values())
WORDS = sorted(
    {form for forms in _TABLES for both in forms.values() for form in both}
    | {word for table in (SCALES, SYNONYMS) for both in table.values() for word in both}
)
FRAGMENTS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["b", "P", "SKR", "Skåne", "”till x”", "750.000.000", "97 08 737", "1/0", "1/3"]
    ),
    st.sampled_from([*"=,+−-–×*/()%≤≥<>#\"”“.:;'’²ıſßİ", "```fördela", "```", "\t", "\u00a0"]),
    st.text(max_size=6),
    st.integers(-5, 10**9).map(str),
)
LINES = st.lists(FRAGMENTS, max_size=9).map(" ".join)
SOUP = st.lists(LINES, max_size=6).map("\n".join)


@given(st.binary(max_size=300), FILES)
def test_arbitrary_bytes(data: bytes, file: str) -> None:
    checked(data, file)


@given(st.text(max_size=300), FILES)
def test_arbitrary_text(text: str, file: str) -> None:
    checked(text.encode("utf-8", "surrogatepass"), file)


@given(SOUP, st.booleans(), FILES)
def test_words_of_the_language_in_any_order(soup: str, headed: bool, file: str) -> None:
    rules = HEADER + soup if headed else soup
    checked((f"```fördela\n{rules}\n```" if file.endswith("md") else rules).encode(), file)


@given(SOUP)
def test_what_is_read_in_spite_of_mistakes_can_be_printed(soup: str) -> None:
    document = read_document("regler.fordela", (HEADER + soup).encode()).document
    for language in LANGUAGES:
        again = read_document("regler.fordela", print_document(document, language).encode())
        assert again.document == document


# ---------------------------------------------------------------- valid documents, damaged

PIECES: tuple[Callable[[str], list[str]], ...] = (
    list,
    lambda text: [piece for word in text.split(" ") for piece in (word, " ")][:-1],
    lambda text: text.splitlines(keepends=True),
)


def _damaged(text: str, data: st.DataObject) -> str:
    """Some characters, words or lines deleted, repeated, or put in each other's places."""
    for _ in range(data.draw(st.integers(1, 4))):
        pieces = data.draw(st.sampled_from(PIECES))(text)
        if not pieces:
            return text
        place, other = (data.draw(st.integers(0, len(pieces) - 1)) for _ in range(2))
        match data.draw(st.sampled_from(["delete", "repeat", "swap", "insert"])):
            case "delete":
                del pieces[place]
            case "repeat":
                pieces.insert(other, pieces[place])
            case "swap":
                pieces[place], pieces[other] = pieces[other], pieces[place]
            case "insert":
                pieces.insert(place, data.draw(FRAGMENTS))
        text = "".join(pieces)
    return text


@given(cases(), st.sampled_from(LANGUAGES), st.data())
def test_damaged_documents(case: Case, language: Language, data: st.DataObject) -> None:
    damaged = _damaged(print_document(case.document, language), data)
    checked(damaged.encode("utf-8", "replace"))


@given(cases(), st.data())
def test_a_lost_line_is_never_paid_without(case: Case, data: st.DataObject) -> None:
    """A line of a pot that cannot be read is an error, whatever else can."""
    lines = print_document(case.document, "sv").splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    if lines[place].strip():
        lines[place] = "  ¤¤¤"
        reading = read_document("regler.fordela", "\n".join(lines).encode())
        assert check(reading, case.registers)[0] is None


# ---------------------------------------------------------------- long and deep

# Two that must be put in order, over and over.
ACCENTS = "\u0301\u0316"

LONG_LINES = {
    "parentheses": f"värde v = {'(' * 900}b{')' * 900}",
    "open parentheses": f"värde v = {'(' * 1_800}b",
    "closed parentheses": f"värde v = b{')' * 1_800}",
    "signs": f"värde v = {'−' * 1_900}b",
    "shares": f"värde v = {'andel ' * 300}b",
    "sum": f"värde v = {' + '.join(['b'] * 480)}",
    "product": f"värde v = {' × '.join(['b'] * 480)}",
    "nested": f"värde v = {'b − (' * 300}b{')' * 300}",
    "name": f"värde {'a' * 1_900} = b",
    "name of words": f"värde {'a ' * 900}= b",
    "name of hyphens": f"värde a{'-a' * 900} = b",
    "name of squares": f"värde ”a{'²' * 1_900}!” = b",
    "quotation marks": f"värde {'”' * 1_900} = b",
    "quoted blanks": f"värde ”{' ' * 1_900}” = b",
    "unclosed quotation": f"värde ”{'a ' * 900}",
    "blanks": f"värde{' ' * 1_900}v = b",
    "digits": f"värde v = {'9' * 1_900}",
    "digits apart": f"värde v = {'1 ' * 900}",
    "digits with commas": f"värde v = {'1,' * 900}1",
    "digits with points": f"värde v = {'100.' * 450}000",
    "digits and quotes": f"värde v = 1{chr(39) * 1_900}1",
    "units": f"värde v = 1 kr{' per kr' * 250}",
    "commas": f"pott P{',' * 1_900}",
    "roundings": f"pott P = 4 kr{', avrunda uddatalsmetoden' * 70}",
    "recipients": f"övriga mottagare {', '.join(f'N{n}' for n in range(300))}",
    "words": "lorem " * 330,
    "keywords": "till varje " * 180,
    "dates": f"beslut {'2024-12-31' * 190}",
    "comment marks": "# " * 990,
    "accents": f"värde a{ACCENTS * 900} = b",
}


@pytest.mark.parametrize("line", LONG_LINES.values(), ids=LONG_LINES)
def test_long_lines(line: str) -> None:
    assert len(line) <= MAX_LINE_LENGTH
    checked((HEADER + line + "\npott P = 4 kr\n  allt efter b\n").encode())


def test_what_is_too_deep_or_too_long_is_said() -> None:
    assert "F017" in codes_of(LONG_LINES["sum"])
    assert "F017" in codes_of(LONG_LINES["signs"])
    assert "F019" in codes_of(LONG_LINES["name"])
    assert "F004" in codes_of(LONG_LINES["digits"])
    assert "F016" in codes_of(f"värde v = {'9' * 100_000}")
    assert not errors(tuple(checked((HEADER + LONG_LINES["parentheses"]).encode())[1]))


@pytest.mark.parametrize(
    "text",
    [
        f"```a{' ' * 1_900_000}b",
        f"```{'~' * 1_900_000}",
        f"```fördela\nvärde a{ACCENTS * 450_000}",
        f"{' ' * 1_900_000}#",
        "`" * 1_900_000,
        '"' * 1_900_000,
    ],
    ids=["blanks in a fence", "marks", "accents", "margin", "backticks", "quotation marks"],
)
def test_a_line_of_the_whole_file(text: str) -> None:
    checked(text.encode(), "regler.md")
    checked(text.encode(), "regler.fordela")


# ---------------------------------------------------------------- many statements


def pots_in_a_chain(count: int) -> str:
    pots = (f"pott P{n}\n  allt till P{n + 1}\n" for n in range(1, count))
    return f"pott P0 = 4 kr\n  allt till P1\n{''.join(pots)}pott P{count}\n  allt efter b\n"


def pots_into_one(count: int) -> str:
    pots = (f"pott P{n} = 4 kr\n  allt till Q\n" for n in range(count))
    return f"{''.join(pots)}pott Q\n  allt efter b\n"


def pots_out_of_one(count: int) -> str:
    lines = (f"  {n + 1} kr till Q{n}\n" for n in range(count))
    pots = (f"pott Q{n}\n  allt efter b\n" for n in range(count))
    return f"pott P = 900 000 000 kr\n{''.join(lines)}  resten efter b\n{''.join(pots)}"


def parts_of_a_pot(count: int) -> str:
    lines = (f"  1/{count + n + 2} efter b\n" for n in range(count))
    return f"pott P = 1 000 003 kr\n{''.join(lines)}  resten efter b\n"


def definitions_in_a_chain(count: int) -> str:
    """Each twice the next, the first of all last."""
    doubled = (f"värde v{n} = v{n + 1} + v{n + 1}\n" for n in range(count))
    pot = "pott P = 4 kr\n  allt efter v0\ntabell T\n  kolumn v0 som V\n"
    return f"{''.join(doubled)}värde v{count} = b\n{pot}"


def definitions_with_two_ways_back(count: int) -> str:
    """As many paths as Fibonacci's rabbits, and money that may overdraw its pot."""
    steps = (f"värde v{n} = v{n + 1} / 2 + v{n + 2} / 2\n" for n in range(count))
    ends = f"värde v{count} = b\nvärde v{count + 1} = b\n"
    amount = "belopp x, avrunda närmast = andel v0 × 2 kr\n"
    pot = "pott P = 4 kr\n  x till varje region\n  resten efter v0\n"
    return f"{''.join(steps)}{ends}{amount}{pot}"


def definitions_in_a_circle(count: int) -> str:
    steps = (f"värde v{n} = v{(n + 1) % count} + b\n" for n in range(count))
    return f"{''.join(steps)}pott P = 4 kr\n  allt efter v0\n"


def pots_in_a_circle(count: int) -> str:
    return "".join(f"pott P{n}\n  allt till P{(n + 1) % count}\n" for n in range(count))


def many_rests(count: int) -> str:
    return "pott P = 4 kr\n" + "".join(f"  resten till Q{n}\n" for n in range(count))


def unknown_names(count: int) -> str:
    lines = (f"värde v{n} = saknas {n} + b\n" for n in range(count))
    return f"{''.join(lines)}pott P = 4 kr\n  allt efter b\n"


def unknown_targets(count: int) -> str:
    return "".join(f"pott P{n} = 4 kr\n  allt till Saknas {n}\n" for n in range(count))


def many_posts(count: int) -> str:
    posts = (f"  post {n} A\n    {n + 1} kr till P\n" for n in range(count))
    return f"anslag 1:6 A\n{''.join(posts)}pott P\n  allt efter b\n"


def many_columns(count: int) -> str:
    columns = (f"  kolumn b som B{n}\n" for n in range(count))
    return f"pott P = 4 kr\n  allt efter b\ntabell T\n{''.join(columns)}"


RUNNING = (
    pots_in_a_chain,
    pots_into_one,
    pots_out_of_one,
    parts_of_a_pot,
    definitions_in_a_chain,
    definitions_with_two_ways_back,
    many_posts,
    many_columns,
)
STOPPED = (definitions_in_a_circle, pots_in_a_circle, many_rests)


@pytest.mark.parametrize("rules", RUNNING)
def test_many_statements_run(rules: Callable[[int], str]) -> None:
    assert ran(rules(200)) is not None


def squares_in_a_chain(count: int) -> str:
    squares = (f"värde v{n} = v{n + 1} × v{n + 1}\n" for n in range(count))
    return f"{''.join(squares)}värde v{count} = 3 × andel b\npott P = 4 kr\n  allt efter v0\n"


@pytest.mark.parametrize("rules", [*RUNNING, squares_in_a_chain])
@pytest.mark.parametrize("count", [200, 1_000])
def test_many_statements_are_proved_or_not(rules: Callable[[int], str], count: int) -> None:
    program, found = checked((HEADER + rules(count)).encode())
    assert program is not None, found
    asked = (*claims(program), *every_demand(program))
    assert len(promises(program, asked)) == len(asked)


def test_doubling_two_hundred_times_is_exact() -> None:
    result = ran(definitions_in_a_chain(200))
    assert result is not None
    assert result.values["v0"] == Column(tuple(2**200 * one for one in (5, 3, 2)))


@pytest.mark.slow
def test_as_many_pots_in_a_chain_as_a_file_can_hold() -> None:
    count = (MAX_LINES - HEADER.count("\n")) // 2 - 2
    result = ran(pots_in_a_chain(count))
    assert result is not None
    assert result.ledger.of_pot(f"P{count}") == (2, 1, 1)


@pytest.mark.parametrize("count", [1, 2, 3, 500])
def test_circles_are_said(count: int) -> None:
    program, found = checked((HEADER + definitions_in_a_circle(count)).encode())
    assert program is not None, found
    order, circles = plan(program)
    assert order is None
    assert [one.code for one in circles] == ["F104"]
    assert len(circles[0].labels) == count


def test_a_pot_that_feeds_itself_is_said() -> None:
    for rules in (pots_in_a_circle(1), pots_in_a_circle(200)):
        program, found = checked((HEADER + rules).encode())
        circles = plan(program)[1] if program else ()
        assert {one.code for one in (*found, *circles)} & {"F104", "F208"}


# How much more work ten times as many statements may take: a hundred would be the square.
MOST_GROWTH = 25


@pytest.mark.parametrize("rules", [*RUNNING, *STOPPED])
def test_work_grows_with_the_number_of_statements_not_with_its_square(
    rules: Callable[[int], str],
) -> None:
    few, many = (steps_of(_whole_run, HEADER + rules(count)) for count in (20, 200))
    assert many < MOST_GROWTH * few


@pytest.mark.slow
@pytest.mark.parametrize("rules", [unknown_names, unknown_targets])
def test_unknown_names_are_looked_up_not_searched_for(rules: Callable[[int], str]) -> None:
    few, many = (steps_of(_whole_run, HEADER + rules(count)) for count in (100, 600))
    assert many < 10 * few  # the square would be 36


def _whole_run(rules: str) -> None:
    program, _ = check(read_document("regler.fordela", rules.encode()), REGISTERS)
    order = plan(program)[0] if program else None
    if program and order:
        result, _ = evaluate(program, order.steps, figures_of(program))
        if result:
            tabulate(result, order.dependencies)


def test_the_units_of_failing_checks_are_measured_once() -> None:
    def rules(count: int) -> str:
        values = "".join(f"värde v{n} = b\n" for n in range(count))
        checks = "".join(f"kontroll v{n} < 0 personer\n" for n in range(count))
        return f"{HEADER}{values}{checks}pott P = 4 kr\n  allt efter b\n"

    def work(text: str) -> None:
        program, _ = check(read_document("regler.fordela", text.encode()), REGISTERS)
        assert program is not None
        result = ran_to_the_end(program)
        assert result is not None
        assert not any(one.holds for one in run_checks(result))

    few, many = (steps_of(work, rules(count)) for count in (20, 200))
    assert many < MOST_GROWTH * few


def steps_of(work: Callable[[str], None], rules: str) -> int:
    """How many lines of our own code are run: the same every time, however busy the machine."""
    steps = 0

    def local(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return local

    def in_our_code(frame: FrameType, _event: str, _argument: Any) -> Any:
        name = frame.f_globals.get("__name__", "")
        return local if name.startswith(("dsl.", "engine.")) else None

    before = sys.gettrace()
    sys.settrace(in_our_code)
    try:
        work(rules)
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize(
    "rules",
    [
        "pott P = 4 kr\n  ¤¤¤\n",
        "anslag 1:6 A\n  post 1 B = 5 kr\n    ¤¤¤\n",
        "¤¤¤ P\n  allt efter b\n",
    ],
)
def test_a_statement_that_lost_a_line_says_no_more_than_that(rules: str) -> None:
    _, found = checked((HEADER + rules).encode())
    assert [one.code for one in errors(tuple(found))] == ["F001"]


# ---------------------------------------------------------------- faults that are known

PER_KOMMUN = "underlag k, personer per kommun\n  från data/k.csv\n  källa SCB\n"
POT = "pott P = 4 kr\n  allt efter b\n"
ONCE_RAISED = {
    "sum to a recipient in a definition": (
        "övriga mottagare A\nvärde v = summan till A\n"
        "pott P = 4 kr\n  1 kr till A\n  resten efter b\n"
    ),
    "sum of all items in a key": f"värde v = summan av alla poster\n{POT}",
    "sum to a recipient in a table": (
        f"övriga mottagare A\n{POT}tabell T\n  kolumn summan till A som A\n"
    ),
    "figures of two kinds in one definition": f"{PER_KOMMUN}värde v = b + k\n{POT}",
    "a check that fails for others than the ruleset's recipients": (
        f"{PER_KOMMUN}kontroll k ≤ 4 personer\n{POT}"
    ),
    "pots to two kinds of recipients in one table": (
        f"{PER_KOMMUN}{POT}pott Q = 4 kr, till kommunerna\n  allt efter k\n"
        "tabell T\n  kolumn P som P\n  kolumn Q som Q\n"
    ),
}


@pytest.mark.parametrize("rules", ONCE_RAISED.values(), ids=ONCE_RAISED)
def test_what_passes_the_check_can_be_run(rules: str) -> None:
    program, _ = checked((HEADER + rules).encode())
    if program is not None:
        ran_to_the_end(program)


def test_a_bearer_is_known_to_every_pot_that_needs_one() -> None:
    header = HEADER.replace("uddatalsmetoden", "närmast, skillnaden till Skåne")
    rules = f"{header}{PER_KOMMUN}pott Q = 4 kr, till kommunerna\n  allt efter k\n{POT}"
    program, _ = checked(rules.encode())
    if program is not None:
        ran_to_the_end(program)


@pytest.mark.parametrize(
    "line",
    [
        "pott P = 4 kr, till länen, till kommunerna\n  allt efter b",
        "pott P = 4 kr, avrunda största rest, avrunda uddatalsmetoden\n  allt efter b",
        "pott P = 4 kr\n  allt efter b, avrunda största rest, avrunda nedåt, resten till Skåne",
    ],
)
def test_what_is_said_twice_on_a_line_is_refused(line: str) -> None:
    assert errors(tuple(checked((HEADER + line).encode())[1]))

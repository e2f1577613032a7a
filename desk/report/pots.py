"""Where the money went: pot by pot, outside the register, already paid, by appropriation item."""

from collections.abc import Iterator
from fractions import Fraction

from desk.speaker import Speaker
from desk.text_table import Grid, listed
from dsl import syntax as s
from dsl.findings import Exact, Kronor
from dsl.numbers import format_number
from dsl.printer import print_line
from dsl.program import Program, statements
from engine.evaluate import Result
from engine.ledger import Adjusted, Movement, RoundingResidue


def pots(result: Result, speaker: Speaker) -> list[str]:
    """What each pot held, whom it reached, and that it was used up."""
    if not result.program.pots:
        return []
    lines = ["", speaker.say("run.pots")]
    for pot in result.program.pots:
        name = pot.name.text
        lines.append(f"  {name}")
        lines += listed(list(_moves(result, pot, speaker)), speaker.width, 4, 0, right={1})
        lines.append(f"    {_sentence(result, name, speaker)}")
    return lines


def used_up(result: Result, pot: str) -> bool:
    """Whether the movements out of a pot add up to what it held."""
    return given(result, pot) == result.holds[pot]


def given(result: Result, pot: str) -> int:
    """The sum of all movements out of a pot, in the ledger's unit."""
    return sum(one.total for one in result.ledger.by_source.get(pot, ()))


def reached(result: Result, pot: str) -> int:
    """How many recipients of the register get anything from a pot."""
    return sum(1 for amount in result.ledger.of_pot(pot) or () if amount)


def kronor(result: Result, amount: int) -> Kronor:
    """An amount of the ledger in kronor."""
    return Kronor(Fraction(amount, result.program.base))


def _sentence(result: Result, pot: str, speaker: Speaker) -> str:
    good = used_up(result, pot)
    parts = [speaker.say("run.given", amount=kronor(result, given(result, pot)))]
    count = reached(result, pot)
    key = "run.reached_one" if count == 1 else "run.reached"
    parts += [speaker.say(key, count=Exact(count))] if count else []
    verdict = speaker.say(
        "run.adds_up" if good else "run.differs", held=kronor(result, result.holds[pot])
    )
    return f"{', '.join([*parts, verdict])} {speaker.mark(good)}"


def _moves(result: Result, pot: s.Pot, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """Each line of a pot and what it moves; after it, what its rounding down leaves for another."""
    language = result.program.document.language
    movements = result.ledger.by_source.get(pot.name.text, ())
    for number, flow in enumerate(pot.flows):
        moved = [one for one in movements if one.line == number]
        left = [one for one in moved if isinstance(one.reason, RoundingResidue)]
        total = sum(one.total for one in moved) - sum(one.total for one in left)
        yield print_line(flow, language), speaker.show(kronor(result, total))
        for one in left:
            text = speaker.say("run.left", name=one.target or "")
            yield text, speaker.show(kronor(result, one.total))


# ---------------------------------------------------------------- beside the register


def others(result: Result, speaker: Speaker) -> list[str]:
    """What goes to each recipient outside the register."""
    totals = [(name, result.ledger.to_other(name)) for name in result.program.others]
    return _amounts("run.others", result, [one for one in totals if one[1]], speaker)


def paid(result: Result, speaker: Speaker) -> list[str]:
    """What recipients of the register have been paid before."""
    names = [pot.name.text for pot in result.program.pots]
    sums = [(name, sum(result.ledger.of_pot(name, paid_only=True) or ())) for name in names]
    return _amounts("run.paid", result, [one for one in sums if one[1]], speaker)


def _amounts(key: str, result: Result, rows: list[tuple[str, int]], speaker: Speaker) -> list[str]:
    if not rows:
        return []
    shown = tuple((name, speaker.show(kronor(result, amount))) for name, amount in rows)
    return ["", speaker.say(key), *_aligned(shown)]


def _aligned(rows: tuple[tuple[str, ...], ...]) -> list[str]:
    """Rows that end in an amount."""
    return [f"  {line}" for line in Grid((), rows, left=len(rows[0]) - 1).body()]


def adjustments(result: Result, speaker: Speaker) -> list[str]:
    """The amounts that the rules change one by one, and why."""
    rows = [
        (one.source, _adjustment(result, one, speaker), one.reason.text)
        for one in result.ledger.movements
        if isinstance(one.reason, Adjusted)
    ]
    return ["", speaker.say("run.adjustments"), *listed(rows, speaker.width)] if rows else []


def _adjustment(result: Result, movement: Movement, speaker: Speaker) -> str:
    """Whose amount, and by how much."""
    assert movement.register is not None
    place = next((n for n, amount in enumerate(movement.amounts) if amount), 0)
    amount = Fraction(movement.amounts[place], result.program.base)
    signed = ("+" if amount > 0 else "") + format_number(amount, speaker.language)
    name = movement.register.recipients[place].name
    return speaker.say("run.adjustment", recipient=name, amount=signed)


# ---------------------------------------------------------------- appropriation items


def items(program: Program, speaker: Speaker) -> list[str]:
    """Each appropriation item with the sum of its lines, by appropriation."""
    appropriations = statements(program.document, s.Appropriation)
    if not program.posts:
        return []
    digits = max(len(post.number) for post in program.posts)
    rows = [_item(post, digits, speaker) for post in program.posts]
    if len(rows) > 1:
        total = sum(map(sum_of, program.posts), Fraction(0))
        rows.append((" " * digits, speaker.say("table.total"), speaker.show(Kronor(total))))
    aligned = _aligned(tuple(rows))
    lines = ["", speaker.say("run.items")]
    for one in appropriations:
        lines.append(f"  {one.code} {one.title}".rstrip())
        lines += [f"  {aligned.pop(0)}" for _ in one.parts]
    return [*lines, *(f"  {line}" for line in aligned)]


def _item(post: s.Post, digits: int, speaker: Speaker) -> tuple[str, ...]:
    return f"{post.number:>{digits}}", post.title, speaker.show(Kronor(sum_of(post)))


def sum_of(post: s.Post) -> Fraction:
    """What an item's lines come to, in kronor."""
    amounts = (flow.amount for flow in post.flows)
    return sum((one.number for one in amounts if isinstance(one, s.Quantity)), Fraction(0))

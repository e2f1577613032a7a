"""The page of ``fordela audit``: column by column what gives it, and what must lie behind it."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from math import ceil

from desk.speaker import Speaker
from desk.text_table import Grid, broken_text
from dsl.findings import Exact, Value
from dsl.numbers import MINUS
from dsl.syntax import Ties
from engine.audit.columns import NEAR, Audit, Beyond, ColumnAudit, Inferred
from engine.audit.following import Followed
from engine.audit.recovery import Answer, Recovery
from engine.audit.stepping import Steps
from engine.audit.ways import Line, Trial, Way

# Ways of rounding that are shown for a formula, and rows that one misses.
MAX_WAYS = 8
MAX_ROWS = 6
MAX_DECIMALS = 12


def audit_page(found: Audit, speaker: Speaker) -> str:
    """The page."""
    lines: list[str] = []
    for table in found.document.tables:
        mine = [one for one in found.columns if one.table is table]
        if mine:
            key = "audit.table_one" if len(table.places) == 1 else "audit.table"
            text = speaker.say(key, number=table.number, count=len(table.places))
            lines += ["", speaker.paint(text, "title")] if lines else [speaker.paint(text, "title")]
        for one in mine:
            lines += ["", *_column(one, speaker)]
    return "\n".join(lines)


def _column(one: ColumnAudit, speaker: Speaker) -> Iterator[str]:
    heading = one.column.heading
    key = "audit.headed" if heading else "audit.unheaded"
    yield speaker.paint(speaker.say(key, number=one.number, heading=heading), "title")
    yield from _sums(one, speaker)
    if not one.parts or one.explained:
        yield from _formulas(one, speaker)
    if (one.recovery is not None and not one.explained) or (one.recovery and one.recovery.answers):
        yield from _recovery(one, one.recovery, speaker)
    for inferred in one.inferred:
        yield from _inferred(one, inferred, speaker)
    if one.steps is not None:
        yield from _steps(one, one.steps, speaker)
    if one.beyond is not None:
        yield from _beyond(one, one.beyond, speaker)
    if one.stopped and not (one.recovery and one.recovery.stopped):
        yield from _said(speaker, "not_all_tried")


def _said(speaker: Speaker, key: str, /, **data: Value) -> list[str]:
    """A phrase, broken where it must be and moved in."""
    width = speaker.width - 2
    return [f"  {line}" for line in broken_text(speaker.say(f"audit.{key}", **data), width)]


def _sums(one: ColumnAudit, speaker: Speaker) -> Iterator[str]:
    added = _exact(one, one.added)
    if one.total is None:
        yield from _said(speaker, "added", added=added)
    else:
        good = one.total == one.added
        key = "audit.as_total" if good else "audit.not_total"
        text = speaker.say(key, added=added, total=_exact(one, one.total))
        yield f"  {text} {speaker.mark(good)}"
    if one.stated is not None:
        yield from _said(speaker, "stated", line=str(one.stated.span.line))
    if one.parts:
        yield from _said(speaker, "is_sum", parts=tuple(map(str, one.parts)))


def _exact(one: ColumnAudit, amount: int) -> Exact:
    return Exact(Fraction(amount, 10**one.decimals))


# ---------------------------------------------------------------- formulas


def _formulas(one: ColumnAudit, speaker: Speaker) -> Iterator[str]:
    tried = Exact(one.tried)
    is_near = bool(one.formulas) and (one.nearly or _is_near(one.formulas[0][0], one))
    if not one.explained and _is_told_otherwise(one, is_near):
        return
    if one.followed is not None:
        yield from _followed(one, one.followed, speaker)
        return
    if not (one.explained or is_near) or not one.formulas:
        yield from _said(speaker, "none_near", tried=tried)
        return
    for found in one.formulas:
        formula = formula_text(one, found[0].lines, speaker)
        key = "given_by" if one.explained else "nearest_is"
        yield from _said(speaker, key, formula=formula, tried=tried)
        # Two ways that are told apart only where claims are equal are said in the same words.
        shown = _shown(found) or list(found[:1])
        yield from dict.fromkeys(_trial(one, trial, speaker) for trial in shown)
        for trial in shown[:1]:
            if one.swapped(trial):
                names = [_name(one, row) for row, _ in trial.misses]
                yield from _said(speaker, "swapped", name=names[0], other=names[1])


def _followed(one: ColumnAudit, found: Followed, speaker: Speaker) -> Iterator[str]:
    """A key that most rows follow, the rate, and the rows that do not."""
    count = len(one.places) - len(found.rows)
    rate = _rate(one, found)
    names = [
        speaker.say("audit.has", name=_name(one, row), amount=_exact(one, one.amounts[row] or 0))
        for row in found.rows[:MAX_ROWS]
    ]
    more = len(found.rows) - len(names)
    names += [speaker.say("audit.and_more", count=more)] if more else []
    key = key_text(found.key.name, speaker)
    facts: dict[str, Value] = {"count": count, "of": len(one.places), "rate": rate, "by": key}
    yield from _said(speaker, "followed", rows=tuple(names), **facts)
    amounts = {one.amounts[row] for row in found.rows}
    if len(found.rows) > 1 and len(amounts) == 1:
        amount = _exact(one, amounts.pop() or 0)
        low = min(each for row, each in enumerate(one.amounts) if row not in found.rows and each)
        floor = (one.amounts[found.rows[0]] or 0) < low
        yield from _said(speaker, "floor" if floor else "ceiling", amount=amount)


def _rate(one: ColumnAudit, found: Followed) -> Exact:
    """The rate with the fewest decimals that the rows allow."""
    units = (Fraction(1, 10**decimals) for decimals in range(MAX_DECIMALS))
    rates = (ceil(found.low / unit) * unit for unit in units)
    rate = next((rate for rate in rates if rate <= found.high), found.low)
    return Exact(rate / 10**one.decimals)


def _is_told_otherwise(one: ColumnAudit, is_near: bool) -> bool:
    """Whether what lies behind a column says more than the formulas that do not give it.

    Of many keys that could, none is the answer: then a formula that nearly gives it says more,
    for it may be a row or the total that is wrong.
    """
    found = one.recovery
    return bool(
        one.inferred
        or one.steps
        or (found and found.answers and not (is_near and found.answers[1:]))
    )


def _is_near(trial: Trial, one: ColumnAudit) -> bool:
    return trial.worst <= NEAR and bool(one.places)


def _shown(found: Sequence[Trial]) -> list[Trial]:
    """The ways worth showing: those that give the column, and plain ones that nearly do."""
    agreeing = [one for one in found if one.agrees]
    plain = [one for one in found if not one.agrees and one.way.decimals is None]
    near = [one for one in (plain or found[:1]) if one.worst <= NEAR and not _is_guess(one)]
    named = [one for one in agreeing if _is_guess(one)]
    return [*(one for one in agreeing if not _is_guess(one)), *named, *near][:MAX_WAYS]


def _is_guess(trial: Trial) -> bool:
    """Whether the bearer of the difference was read out of the table itself."""
    return trial.way.bearer is not None


def _trial(one: ColumnAudit, trial: Trial, speaker: Speaker) -> str:
    way = way_text(one, trial.way, len(trial.lines) > 1, speaker)
    if trial.agrees:
        said = speaker.say("audit.gives_all")
    else:
        named = [
            speaker.say("audit.miss", name=_name(one, row), by=_signed(one, miss, speaker))
            for row, miss in trial.misses[:MAX_ROWS]
        ]
        more = len(trial.misses) - len(named)
        named += [speaker.say("audit.and_more", count=more)] if more else []
        said = speaker.say("audit.misses", count=len(trial.misses), rows=tuple(named))
    text = "\n      ".join(broken_text(f"{way}: {said}", speaker.width - 6))
    return f"    {speaker.mark(trial.agrees)} {text}"


def _name(one: ColumnAudit, row: int) -> str:
    return one.table.register.recipients[one.places[row]].name


def _signed(one: ColumnAudit, miss: int, speaker: Speaker) -> str:
    sign = "+" if miss > 0 else MINUS
    return sign + speaker.show(_exact(one, abs(miss)))


def formula_text(one: ColumnAudit, lines: Sequence[Line], speaker: Speaker) -> str:
    """A formula: sums and what each is shared by."""
    parts = [_line(one, line, speaker) for line in lines]
    if len(parts) == 1:
        return parts[0]
    return reduce(lambda one, other: speaker.say("audit.plus", one=one, other=other), parts)


def _line(one: ColumnAudit, line: Line, speaker: Speaker) -> str:
    if line.rate is not None:
        rate, key = Exact(line.rate / 10**one.decimals), key_text(line.key.name, speaker)
        return speaker.say("audit.rate_by", rate=rate, by=key)
    if line.key.name:
        amount, key = _exact(one, line.amount), key_text(line.key.name, speaker)
        return speaker.say("audit.amount_by", amount=amount, by=key)
    each, rest = divmod(line.amount, len(one.places))
    if rest:
        return speaker.say("audit.amount_equally", amount=_exact(one, line.amount))
    return speaker.say("audit.amount_each", amount=_exact(one, each))


def key_text(name: str, speaker: Speaker) -> str:
    """What a key is called; those without a heading by their column's number."""
    if name.startswith("*"):
        return speaker.say("audit.recovered_key", number=name[1:])
    if name.startswith("#"):
        return speaker.say("audit.key_of_column", number=name[1:])
    return name


def way_text(one: ColumnAudit, way: Way, several: bool, speaker: Speaker) -> str:
    """A way of rounding."""
    text = speaker.say(f"audit.{way.method.value}")
    if way.stage in {"each", "shares_each"}:
        text = speaker.say("audit.each_alone", method=text)
    elif way.to_largest:
        text = speaker.say("audit.bearer_largest", method=text)
    elif way.bearer is not None:
        text = speaker.say("audit.bearer_named", method=text, name=_name(one, way.bearer))
    if way.stage == "divisor":
        text = speaker.say("audit.divisor", method=text)
    if way.unit > 1:
        text = speaker.say(
            "audit.in_units", unit=Exact(Fraction(way.unit, 10**one.decimals)), way=text
        )
    if way.ties is Ties.LARGEST:
        text = speaker.say("audit.ties_largest", way=text)
    if way.decimals is not None:
        text = speaker.say("audit.shares_first", decimals=way.decimals, way=text)
    if several and way.stage in {"line", "sum"}:
        text = speaker.say("audit.per_line" if way.stage == "line" else "audit.sum_once", way=text)
    return text


def _ways(one: ColumnAudit, trials: Sequence[Trial], speaker: Speaker) -> str:
    agreeing = [trial for trial in trials if trial.agrees]
    plain = [trial for trial in agreeing if not _is_guess(trial)] or agreeing
    return "; ".join(way_text(one, trial.way, False, speaker) for trial in plain[:MAX_ROWS])


# ---------------------------------------------------------------- what lies behind


def _recovery(one: ColumnAudit, found: Recovery, speaker: Speaker) -> Iterator[str]:
    low, high = Exact(found.low), Exact(found.high)
    verdict = found.verdict
    if found.high < found.low:
        yield from _said(speaker, "nothing_searched")
    elif verdict == "none":
        yield from _said(speaker, "none", low=low, high=high)
    elif verdict == "several":
        totals = [answer.total for answer in found.answers]
        facts = {"least": Exact(min(totals)), "most": Exact(max(totals)), "low": low, "high": high}
        key = "several_more" if found.more or found.stopped else "several"
        yield from _said(speaker, key, count=len(totals), **facts)
    else:
        (answer,) = found.answers
        yield from _answer(one, found, answer, speaker)
    if found.stopped and verdict != "one":
        yield from _said(speaker, "stopped")


def _answer(one: ColumnAudit, found: Recovery, answer: Answer, speaker: Speaker) -> Iterator[str]:
    """The only answer, and what it may be besides a key."""
    low, high, total = Exact(found.low), Exact(found.high), Exact(answer.total)
    if answer.price is not None:
        yield from _said(speaker, "by_price", price=_exact(one, answer.price), total=total)
        yield from _listing(one, {"audit.times": answer.units}, speaker)
        return
    ways = _ways(one, answer.reproduced, speaker)
    key = "one" if found.is_telling or answer.strays else "one_perhaps"
    yield from _said(speaker, key, total=total, ways=ways, low=low, high=high)
    if answer.strays:
        divisor, rows = answer.strays
        names = tuple(_name(one, row) for row in rows[:MAX_ROWS])
        yield from _said(speaker, "strays", divisor=divisor, rows=names)
    else:
        yield from _said(speaker, "not_unique" if found.stopped else "multiples")
    yield from _listing(one, {"audit.units": answer.units}, speaker)


def _inferred(one: ColumnAudit, found: Inferred, speaker: Speaker) -> Iterator[str]:
    amount, line = Exact(found.stated.amount), str(found.stated.span.line)
    key = "audit.from_text" if found.other is None else "audit.from_both"
    source = speaker.say(key, amount=amount, line=line, number=str(found.other or ""))
    yield from _said(
        speaker,
        "inferred",
        total=Exact(found.total),
        sum=Exact(found.answer.total),
        ways=_ways(one, found.answer.reproduced, speaker),
        **{"from": source},
    )
    columns = {"audit.units": found.answer.units}
    if found.rest is not None:
        number = str(found.other)
        rest = Exact(sum(found.rest))
        yield from _said(speaker, "rest", number=number, sum=rest, amount=amount)
        columns["audit.beyond_column"] = found.rest
    yield from _listing(one, columns, speaker, str(found.other))


def _steps(one: ColumnAudit, found: Steps, speaker: Speaker) -> Iterator[str]:
    key = key_text(found.key.name, speaker)
    yield from _said(speaker, "steps", by=key)
    for each in found.structures[:1]:
        amount = Fraction(each.sum, each.divisor)
        yield from _said(
            speaker,
            "structure_once" if each.once else "structure",
            sum=Exact(amount.numerator),
            divisor=amount.denominator,
            by=key,
            parts=each.parts,
        )
    if one.beyond is None:
        yield from _listing(one, {"audit.step_count": found.numbers}, speaker)


def _beyond(one: ColumnAudit, found: Beyond, speaker: Speaker) -> Iterator[str]:
    ways = _ways(one, found.trials, speaker)
    number, total = str(found.other), Exact(sum(found.earned))
    yield from _said(speaker, "beyond", number=number, sum=total, ways=ways)
    if found.stated is not None:
        yield from _said(speaker, "stated", line=str(found.stated.span.line))
    assert one.steps is not None
    columns = {"audit.step_count": one.steps.numbers, "audit.further_steps": found.numbers}
    yield from _listing(one, {**columns, "audit.earned": found.earned}, speaker)


def _listing(
    one: ColumnAudit, columns: dict[str, tuple[int, ...]], speaker: Speaker, number: str = ""
) -> Iterator[str]:
    """Recipients, amounts, and whole numbers beside them."""
    recipients = [one.table.register.recipients[place] for place in one.places]
    amounts = one.whole or ()
    rows = [
        (
            recipient.name,
            speaker.show(_exact(one, amounts[row])),
            *(speaker.show(Exact(numbers[row])) for numbers in columns.values()),
        )
        for row, recipient in enumerate(recipients)
    ]
    total = (
        speaker.say("table.total"),
        speaker.show(_exact(one, one.added)),
        *(speaker.show(Exact(sum(numbers))) for numbers in columns.values()),
    )
    said = [speaker.say(key, number=number) for key in columns]
    grid = Grid(("", speaker.say("audit.amount"), *said), tuple(rows), total)
    yield from (f"    {line}".rstrip() for line in grid.lines(speaker.width - 4))

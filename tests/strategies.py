"""Whole rule documents that the checker accepts, with a small register and figures to match."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TypeVar

from attrs import define, evolve, field, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from hypothesis.vendor.pretty import RepresentationPrinter

from dsl import syntax as s
from dsl.numbers import Language
from dsl.printer import print_document
from dsl.registers import Recipient, Register, Registers, folded
from dsl.units import COUNT, MONEY, NUMBER, SHARE, Unit, unit_of
from dsl.words import KEYWORDS, NOUNS, PARTS, SCALES, UNITS

T = TypeVar("T")

# ---------------------------------------------------------------- names and texts

_TABLES = (KEYWORDS, PARTS, NOUNS, UNITS)
_KEYWORDS = sorted(
    {
        form
        for table in _TABLES
        for forms in table.values()
        for both in forms.values()
        for form in both
    }
    | {word for scales in SCALES.values() for word in scales}
)
_WORDS = (
    *("folkmängd", "Ö", "å", "barn- och ungdom", "januari–juni", "S:t", "O’Brien", "km²", "1:6"),
    *("0–18", "65", "3b", "2024", "Grön-Blå", "ÅÄÖ", "x", "Ambulans", "straße", "and", "SKR"),
    *("Alfa", "S:t Per", "Berg", "01"),  # recipients are called so too
)  # fmt: skip
# What a name can only have between quotation marks.
_MARKS = (
    *("-5", "− 5", "–", "×", "a/b", "(b)", "a,", "=", "≤", "50 %", "½", "²", "#1", "_x", "2&3"),
    *("a.", "'", "+", "x -y", "q\u0308", "²²²²²²²²!", "alla poster", "varje region", "each region"),
)  # fmt: skip


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_name(text: str) -> bool:
    return 0 < len(text) <= 100 and " #" not in text and not set(text) & set('”“"')


def _is_text(text: str) -> bool:
    return 0 < len(text) <= 100 and " #" not in text and text[0] not in "#:"


# Any character that a rule file may have.
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cf", "Cn", "Co", "Cs"))
_CLEAN = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_ODD = st.lists(
    st.sampled_from((*_WORDS, *_MARKS, *_KEYWORDS)), min_size=1, max_size=3
).map(" ".join)  # fmt: skip
_WILD = st.text(_CHARACTERS, min_size=1, max_size=12)


def names() -> SearchStrategy[str]:
    """Names as an author may choose them; about half need quotation marks."""
    return st.one_of(_CLEAN, _ODD, _WILD).map(_tidy).filter(_is_name)


def texts() -> SearchStrategy[str]:
    """Prose to the end of a line."""
    return st.one_of(_CLEAN, _ODD, _WILD).map(_tidy).filter(_is_text)


def paths(ending: str = "") -> SearchStrategy[str]:
    """File names, which have no commas; and do not begin with a word that makes them a ruleset."""
    return texts().map(lambda text: f"data/{_tidy(text.replace(',', ' '))}{ending}")


# ---------------------------------------------------------------- numbers and expressions

_POSITIVE = st.one_of(
    st.integers(1, 12).map(Fraction),
    st.sampled_from(["1/2", "5/4", "1/1000", "2469/2", "10000000"]).map(Fraction),
)
_PRESERVING = (s.Method.LARGEST_REMAINDER, s.Method.SAINTE_LAGUE)
_ROUND_ALONE = st.sampled_from([s.Method.NEAREST, s.Method.DOWN, s.Method.UP])
_STATISTIC_UNITS = (("count",), ("person",), ("kr",), ("kr", "person"))
_OTHER_UNITS = (("share",), ("percent",), ("point",), ("hour",), ("km2",), ("day", "person"))


def _times(left: s.Expression, right: s.Expression) -> s.Expression:
    return s.Binary("*", left, right)


def _divided(left: s.Expression, right: s.Expression) -> s.Expression:
    return s.Binary("/", left, right)


def expressions() -> SearchStrategy[s.Expression]:
    """Any expression that can be written, whether or not it means anything."""
    numbers = st.builds(
        s.Quantity, _POSITIVE, st.sampled_from([(), *_STATISTIC_UNITS, *_OTHER_UNITS])
    )
    named = st.builds(s.Name, names())
    leaves = st.one_of(
        numbers, st.builds(s.Ref, named), st.builds(s.SumTo, named), st.just(s.AllPosts())
    )
    return st.recursive(leaves, _grown, max_leaves=8)


def _grown(inner: SearchStrategy[s.Expression]) -> SearchStrategy[s.Expression]:
    signs: SearchStrategy[s.Operator] = st.sampled_from(["+", "-", "*", "/"])
    return st.one_of(
        st.builds(s.Binary, signs, inner, inner),
        st.builds(s.Negative, inner),
        st.builds(s.ShareOf, inner),
        st.builds(s.SumOf, inner),
    )


# ---------------------------------------------------------------- cases


@frozen(repr=False)
class Case:
    """A document, the registers of its recipients, and figures for its statistics."""

    document: s.Document
    registers: Registers
    figures: Mapping[str, Mapping[str, Fraction]]

    def __repr__(self) -> str:
        """As the author would have it, so that a failing example can be read."""
        rows = (
            f"# {name}: {', '.join(f'{code} {value}' for code, value in row.items())}"
            for name, row in self.figures.items()
        )
        rules = print_document(self.document, self.document.language)
        return "\n".join(("", rules, *rows, ""))

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        printer.text(repr(self))


@frozen
class Wishes:
    """What a test needs of its documents.

    Attributes:
        plain_keys: every key is a statistic by itself.
        own_files: one kind of recipients, every statistic from a file: what the file reader needs.
    """

    plain_keys: bool = False
    own_files: bool = False


@st.composite
def cases(draw: DrawFn, *, plain_keys: bool = False, own_files: bool = False) -> Case:
    """A document that the checker accepts, and figures for it."""
    author = _Author(draw, Wishes(plain_keys, own_files))
    author.write()
    language: Language = draw(st.sampled_from(["sv", "en"]))
    document = s.Document(language, author.document())
    return Case(document, author.registers, author.figures)


_NAMES = {
    "region": ("Alfa", "Östra Ås", "S:t Per", "Resten till Sjö"),
    "municipality": ("Berg", "Dal 2", "Ö-vik"),
}


def _register(noun: str, size: int) -> Register:
    recipients = [
        Recipient(f"{2 * place + 1:02}", name, (f"{name} {noun}",))
        for place, name in enumerate(_NAMES[noun][:size])
    ]
    return Register(noun, noun, tuple(recipients))


@frozen
class _Term:
    """An expression that is nowhere negative, and positive for the anchor of its register."""

    expression: s.Expression
    unit: Unit


@frozen
class _Pot:
    """A pot being written.

    Attributes:
        place: which of the pots.
        noun: who it goes to.
        static: what the rules alone say that it holds, if they do.
    """

    place: int
    noun: str
    static: Fraction | None


@define
class _Author:
    """Writes one document, each part only of what there is already."""

    draw: DrawFn
    wishes: Wishes
    registers: dict[str, Register] = field(factory=dict)
    anchors: dict[str, str] = field(factory=dict)
    figures: dict[str, dict[str, Fraction]] = field(factory=dict)
    statements: list[s.Statement] = field(factory=list)
    used: set[str] = field(factory=set)
    columns: dict[str, list[_Term]] = field(factory=dict)
    plain: dict[str, list[s.Expression]] = field(factory=dict)
    scalars: dict[str, list[_Term]] = field(factory=dict)
    others: list[s.Name] = field(factory=list)
    posts: list[s.Flow] = field(factory=list)
    pots: list[s.Name] = field(factory=list)
    nouns: list[str] = field(factory=list)
    feeds: dict[int, list[Fraction | None]] = field(factory=dict)
    targets: set[int] = field(factory=set)
    step: Fraction = Fraction(1)

    # ------------------------------------------------------------ choosing

    def one_of(self, *choices: T) -> T:
        return self.draw(st.sampled_from(choices))

    def chance(self, percent: int) -> bool:
        # Hypothesis shrinks towards False: the plainer document.
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def text(self) -> str:
        return self.draw(texts())

    def name(self, *, paid: bool = False) -> s.Name:
        """A name that is free; one that is paid is a pot's, or of a recipient of another kind."""
        name = self.draw(names().filter(lambda text: self._is_free(text, paid=paid)))
        self.used.add(folded(name))
        return s.Name(name)

    def _is_free(self, text: str, *, paid: bool) -> bool:
        # Money to a name must not be able to go two ways.
        recipient = any(one.position(text) is not None for one in self.registers.values())
        return folded(text) not in self.used and not (paid and recipient)

    # ------------------------------------------------------------ the whole

    def write(self) -> None:
        self._register("region", 4)
        if not self.wishes.own_files and self.chance(30):
            self._register("municipality", 3)
        self._header()
        for noun in self.registers:
            for _ in range(self.number(1, 3)):
                self._statistic(noun)
            for _ in range(self.number(0, 3)):
                self._definition(noun)
        self._pots()
        for _ in range(self.number(0, 2)):
            self._check()
        for _ in range(self.number(0, 2)):
            self._table()
        if self.chance(20):
            self.statements.append(s.Listing(self._listing_title(), self.draw(paths(".csv"))))

    def document(self) -> tuple[s.Statement, ...]:
        if self.others:
            half = self.number(0, len(self.others))
            for names_ in (self.others[:half], self.others[half:]):
                if names_:
                    self.statements.append(s.OtherRecipients(tuple(names_)))
        if self.chance(30):
            return tuple(self.draw(st.permutations(self.statements)))
        return tuple(self.statements)

    def _register(self, noun: str, limit: int) -> None:
        register = _register(noun, self.number(1, limit))
        if noun == "municipality":
            last = len(self.registers["region"]) - 1
            places = tuple(self.number(0, last) for _ in register.recipients)
            register = evolve(register, within={"region": places})
        self.registers[noun] = register
        self.columns[noun], self.plain[noun], self.scalars[noun] = [], [], []
        self.anchors[noun] = self.one_of(*register.recipients).code

    def _header(self) -> None:
        path = "register.csv" if self.wishes.own_files or self.chance(20) else None
        self.statements += [
            s.RulesetName(self.text()),
            s.BudgetYear(self.number(1999, 2031)),
            s.Recipients("region", path),
        ]
        if self.chance(50):
            day = date(2024, 1, self.number(1, 31)) if self.chance(50) else None
            self.statements.append(s.Decision(f"S2024/{self.number(1, 999)}", day))
        if self.chance(20):
            self.step = Fraction(1, 100)
        self._rounding_rules()

    def _rounding_rules(self) -> None:
        noun = "region" if len(self.registers) == 1 else None
        unit = self.step if self.step != 1 else self.one_of(None, Fraction(1))
        shares = self._share_rounding(noun, unit)
        self.statements.append(s.RoundingRule("shares", shares))
        if self.chance(60):
            amounts = s.Rounding(
                self.draw(_ROUND_ALONE),
                None,
                self.one_of(None, Fraction(1), self.step),
                self.one_of(None, s.Ties.CODE),
            )
            self.statements.append(s.RoundingRule("amounts", amounts))

    def _share_rounding(self, noun: str | None, unit: Fraction | None = None) -> s.Rounding:
        method = self.one_of(*(_PRESERVING * 4), s.Method.NEAREST, s.Method.DOWN)
        bearer: s.Largest | s.Name | None = None
        if method not in _PRESERVING:
            named = noun is not None and self.chance(50)
            bearer = self._recipient(noun or "") if named else s.Largest()
        return s.Rounding(method, bearer, unit, self.one_of(None, *s.Ties))

    def _recipient(self, noun: str) -> s.Name:
        recipient = self.one_of(*self.registers[noun].recipients)
        return s.Name(self.one_of(recipient.name, recipient.code, *recipient.aliases))

    # ------------------------------------------------------------ statistics and definitions

    def _statistic(self, noun: str) -> None:
        odd = () if self.wishes.own_files else _OTHER_UNITS
        name, unit = self.name(), self.one_of(*_STATISTIC_UNITS, *odd)
        said = noun if noun != "region" or self.chance(20) else None
        self.statements.append(s.Statistic(name, unit, said, self._parts_of_statistic(unit)))
        whole = self.wishes.own_files and unit in {("count",), ("person",)}
        scale = 1 if whole else self.one_of(1, 1, 10)
        self.figures[name.text] = {
            one.code: Fraction(self.number(int(one.code == self.anchors[noun]), 12), scale)
            for one in self.registers[noun].recipients
        }
        self.columns[noun].append(_Term(s.Ref(name), unit_of(unit)))
        self.plain[noun].append(s.Ref(name))
        self.scalars[noun].append(_Term(s.SumOf(s.Ref(name)), unit_of(unit)))

    def _parts_of_statistic(self, unit: tuple[str, ...]) -> tuple[s.StatisticPart, ...]:
        number = len(self.figures)
        origin: s.StatisticPart = s.FromFile(f"data/{number}.csv")
        if not self.wishes.own_files and self.chance(40):
            column = self.text() if self.chance(50) else None
            file: s.StatisticPart = s.FromFile(self.draw(paths(".csv")), column)
            origin = file
            if unit == ("kr",) and self.chance(50):
                # What another ruleset gives is kronor, and has no limits here.
                return (s.FromRuleset("2023/abc", column), s.Citation(self.text()))
        more: list[s.StatisticPart] = [s.Citation(self.text())]
        more += [s.AsOf(self.text())] if self.chance(30) else []
        more += [s.Recovered(self.text())] if self.chance(20) else []
        more += [s.Bound("at_least", s.Quantity(Fraction(0), unit))] if self.chance(20) else []
        more += [s.Bound("at_most", s.Quantity(Fraction(12), unit))] if self.chance(20) else []
        return (origin, *more)

    def _definition(self, noun: str) -> None:
        term = self._column(noun)
        sort = self.one_of("value", "sum", "amount")
        if sort == "amount":
            self._amount(noun, 20)
        elif sort == "value":
            name = self.name()
            self.statements.append(s.Definition("value", name, term.expression))
            self.columns[noun].append(_Term(s.Ref(name), term.unit))
        else:
            name = self.name()
            self.statements.append(s.Definition("value", name, s.SumOf(term.expression)))
            self.scalars[noun].append(_Term(s.Ref(name), term.unit))

    def _column(self, noun: str) -> _Term:
        """A column of its own making, of up to a few steps."""
        term = self.one_of(*self.columns[noun])
        for _ in range(0 if self.wishes.plain_keys else self.number(0, 3)):
            term = self._step(noun, term)
        return term

    def _step(self, noun: str, term: _Term) -> _Term:
        """One step of arithmetic that keeps it from being negative, or zero for the anchor."""
        kind = self.one_of("add", "scale", "divide", "share", "times", "sum", "shift", "signs")
        x, other = term.expression, self.one_of(*self.columns[noun])
        number = s.Quantity(self.draw(_POSITIVE), self.one_of((), ("percent",)))
        by = NUMBER if not number.unit else SHARE
        match kind:
            case "add" if (unit := term.unit.added_to(other.unit)) is not None:
                return _Term(s.Binary("+", x, other.expression), unit)
            case "scale":
                return _Term(_times(x, number), term.unit * by)
            case "divide":
                return _Term(_divided(x, number), term.unit / by)
            case "share":
                return _Term(s.ShareOf(x), SHARE)
            case "times":
                return _Term(_times(x, other.expression), term.unit * other.unit)
            case "sum":
                scalar = self.one_of(*self.scalars[noun])
                return _Term(_divided(x, scalar.expression), term.unit / scalar.unit)
            case "shift":
                positive = s.Binary("+", s.Negative(s.Negative(x)), s.SumOf(x))
                return _Term(_divided(other.expression, positive), other.unit / term.unit)
        return _Term(s.Negative(s.Negative(x)), term.unit)

    def _amount(self, noun: str, most: int) -> s.Name:
        """A ``belopp``, in all no more than so many units (and what rounding up adds)."""
        name, money = self.name(), s.Quantity(self.number(1, max(most, 1)) * self.step, ("kr",))
        share = s.ShareOf(self.one_of(*self.plain[noun]))
        part = s.Quantity(Fraction(self.number(1, 100)), ("percent",))
        expression = self.one_of(
            _times(money, share),
            _times(_divided(money, s.Quantity(Fraction(3))), share),
            _times(_times(share, part), money),
            s.Binary("-", money, _times(money, share)),
        )
        units = (None, None, Fraction(1), self.step, Fraction(10))
        rounding = s.Rounding(self.draw(_ROUND_ALONE), None, self.one_of(*units))
        silent = self.chance(50) and self._rounds_amounts
        said = None if silent else rounding
        self.statements.append(s.Definition("amount", name, expression, said))
        if not self.wishes.plain_keys:
            # Rounding down may leave nobody anything: the sum of two has someone's weight.
            safe = s.Binary("+", s.Ref(name), s.Quantity(Fraction(1), ("kr",)))
            self.columns[noun].append(_Term(safe, MONEY))
        return name

    @property
    def _rounds_amounts(self) -> bool:
        rules = [one for one in self.statements if isinstance(one, s.RoundingRule)]
        return any(one.scope == "amounts" for one in rules)

    # ------------------------------------------------------------ pots and what feeds them

    def _pots(self) -> None:
        count = self.number(1, 4)
        self.pots = [self.name(paid=True) for _ in range(count)]
        self.nouns = [self.one_of(*self.registers) for _ in range(count)]
        self.feeds = {place: [] for place in range(count)}
        for place in range(count):
            self._pot(place)
        self._appropriations()

    def _pot(self, place: int) -> None:
        amount, static = self._funding(place)
        pot = _Pot(place, self.nouns[place], static)
        self.targets.clear()
        flows = self._distinct(self._lines(pot))
        rounding = self._pot_rounding(pot, flows) if self.chance(30) else None
        said = pot.noun if pot.noun != "region" or self.chance(20) else None
        parts: tuple[s.Flow | s.Adjustment, ...] = (*flows, *self._adjustments(pot))
        self.statements.append(s.Pot(self.pots[place], amount, said, rounding, parts))
        for scalars in self.scalars.values():
            scalars.append(_Term(s.Ref(self.pots[place]), MONEY))

    def _pot_rounding(self, pot: _Pot, flows: tuple[s.Flow, ...]) -> s.Rounding:
        later = [*range(pot.place + 1, len(self.pots))]
        shared = [one for one in flows if isinstance(one.destination, s.ByKey) and not one.rounding]
        if any(isinstance(one.amount, s.Part) for one in flows) and self.chance(90):
            return s.Rounding(self.one_of(*_PRESERVING), None, None, self.one_of(None, *s.Ties))
        if later and shared and self.chance(40):
            self.feeds[later[-1]].append(None)
            return s.Rounding(s.Method.DOWN, self.pots[later[-1]])
        return self._share_rounding(pot.noun)

    def _funding(self, place: int) -> tuple[s.Quantity | None, Fraction | None]:
        """The pot's own amount, if it says one, and what it holds as far as the rules tell."""
        feeds = self.feeds[place]
        if not feeds and self.chance(60):
            amount = self._money(1, 150)
            return amount, amount.number
        if not feeds or self.chance(20):
            amount = self._money(1, 100)
            self.posts.append(s.Flow(amount, s.ToName(self.pots[place])))
            feeds.append(amount.number)
        known = [one for one in feeds if one is not None]
        static = sum(known, Fraction(0)) if len(known) == len(feeds) else None
        if static is not None and self._is_whole(static) and static > 0 and self.chance(30):
            return s.Quantity(static, ("kr",)), static
        return None, static

    def _money(self, low: int, high: int) -> s.Quantity:
        return s.Quantity(self.number(low, max(low, high)) * self.step, ("kr",))

    def _is_whole(self, amount: Fraction) -> bool:
        return (amount / self.step).denominator == 1

    def _appropriations(self) -> None:
        for _ in range(self.number(0, 2)):
            self.posts.append(s.Flow(self._money(1, 30), self._other(), paid=self.chance(20)))
        posts: list[s.Post] = []
        while self.posts:
            taken = self.number(1, len(self.posts))
            flows, self.posts = self._distinct(self.posts[:taken]), self.posts[taken:]
            money = [one.amount.number for one in flows if isinstance(one.amount, s.Quantity)]
            stated = s.Quantity(sum(money, Fraction(0)), ("kr",)) if self.chance(40) else None
            title = self.text().replace("=", "").strip() if self.chance(80) else ""
            number = f"{len(posts)}{self.one_of('', '1', '.2')}"
            posts.append(s.Post(number, _tidy(title), stated, flows))
        half = self.number(0, len(posts))
        for some in (posts[:half], posts[half:]):
            if some:
                self.statements.append(s.Appropriation("1:6", self.text(), tuple(some)))

    # ------------------------------------------------------------ lines

    def _lines(self, pot: _Pot) -> list[s.Flow]:
        kinds = ["all", "parts", "parts and rest"]
        if pot.static is not None and pot.static > 4 * self.step:
            kinds += ["fixed and rest", "earned and rest", "earned and rest"]
            kinds += ["fixed", "fixed and parts"] if self._is_whole(pot.static) else []
        match self.one_of(*kinds):
            case "parts":
                return self._shares(pot, whole=True)
            case "parts and rest":
                return [*self._shares(pot, whole=False), self._rest(pot)]
            case "fixed and rest":
                return self._fixed_and_rest(pot)
            case "earned and rest":
                return self._earned_and_rest(pot)
            case "fixed":
                return self._fixed(pot)
            case "fixed and parts":
                return self._fixed_and_parts(pot)
        return [self._line(pot, s.All(), pot.static)]

    def _shares(self, pot: _Pot, *, whole: bool) -> list[s.Flow]:
        """Parts of the pot, together all of it, or less."""
        shares: list[Fraction] = []
        left = Fraction(1)
        for _ in range(self.number(1, 3)):
            share = left * self.one_of(*map(Fraction, ("1/2", "1/3", "1/4", "3/4", "1/7")))
            shares.append(share)
            left -= share
        shares += [left] if whole else []
        return [self._line(pot, self._part(one), self._of(pot, one)) for one in shares]

    def _part(self, share: Fraction) -> s.Amount:
        if self.chance(50) and (share * 100_000).denominator == 1:
            return s.Quantity(share * 100, ("percent",))
        # As an author may write it: not in lowest terms.
        factor = self.one_of(1, 1, 2)
        return s.Part(share.numerator * factor, share.denominator * factor)

    def _of(self, pot: _Pot, share: Fraction) -> Fraction | None:
        return None if pot.static is None else pot.static * share

    def _rest(self, pot: _Pot, static: Fraction | None = None) -> s.Flow:
        return self._line(pot, s.Rest(), static)

    def _fixed_and_rest(self, pot: _Pot) -> list[s.Flow]:
        assert pot.static is not None
        flows, left = [], pot.static
        for _ in range(self.number(1, 3)):
            most = int((left / self.step - 1) // 1)
            if most > 0:
                amount = self.number(1, most) * self.step
                flow, taken = self._fixed_line(pot, amount)
                flows.append(flow)
                left -= taken
        return [*flows, self._rest(pot, left)]

    def _fixed_line(self, pot: _Pot, amount: Fraction) -> tuple[s.Flow, Fraction]:
        """A line of this amount; or, to each, of what it makes for each."""
        size = len(self.registers[pot.noun])
        each = Fraction(amount / self.step // size) * self.step
        if each and self.chance(30):
            noun = self.one_of(pot.noun, "recipient")
            flow = s.Flow(s.Quantity(each, ("kr",)), s.ToEach(noun), paid=self.chance(20))
            return flow, each * size
        return self._line(pot, s.Quantity(amount, ("kr",)), amount), amount

    def _fixed(self, pot: _Pot) -> list[s.Flow]:
        """Amounts that add up to the pot."""
        assert pot.static is not None
        flow, taken = self._fixed_line(pot, self.number(1, int(pot.static / self.step)) * self.step)
        left = pot.static - taken
        return [flow, *([self._line(pot, s.Quantity(left, ("kr",)), left)] if left else [])]

    def _fixed_and_parts(self, pot: _Pot) -> list[s.Flow]:
        """An amount, and parts that make exactly what it leaves, though each may not be whole."""
        assert pot.static is not None
        fixed = self.number(1, int(pot.static / self.step) - 1) * self.step
        share, count = 1 - fixed / pot.static, self.number(1, 4)
        parts = [self._line(pot, self._part(share / count), self._of(pot, share / count))
                 for _ in range(count)]  # fmt: skip
        return [self._line(pot, s.Quantity(fixed, ("kr",)), fixed), *parts]

    def _earned_and_rest(self, pot: _Pot) -> list[s.Flow]:
        """Lines of ``belopp``, and what they leave."""
        assert pot.static is not None
        flows = []
        for _ in range(self.number(1, 2)):
            # Now and then more than there is.
            most = int(pot.static / self.step) // self.one_of(4, 4, 3, 3, 3, 1)
            name = self._amount(pot.noun, most)
            if self.chance(70):
                flows.append(s.Flow(s.Ref(name), s.ToEach(pot.noun), paid=self.chance(30)))
            else:
                flows.append(self._line(pot, s.Ref(name), None))
        return [*flows, self._rest(pot)]

    def _line(self, pot: _Pot, amount: s.Amount, total: Fraction | None) -> s.Flow:
        """A line of this amount to whomever."""
        later = [one for one in range(pot.place + 1, len(self.pots)) if one not in self.targets]
        kinds = ["key", "key", "key", "other", "recipient", *(["pot", "pot"] if later else [])]
        match self.one_of(*kinds):
            case "key":
                return self._shared_line(pot, amount, total)
            case "pot":
                target = self.one_of(*later)
                self.feeds[target].append(total)
                self.targets.add(target)
                return s.Flow(amount, s.ToName(self.pots[target]))
            case "other":
                return s.Flow(amount, self._other(), paid=self.chance(20))
        destination = s.ToName(self._recipient(pot.noun))
        return s.Flow(amount, destination, paid=self.chance(20))

    def _shared_line(self, pot: _Pot, amount: s.Amount, total: Fraction | None) -> s.Flow:
        rounding = None
        if self.chance(40):
            tens = total is not None and total % 10 == 0 and self.step == 1
            unit = self.one_of(None, Fraction(10)) if tens else None
            rounding = self._share_rounding(pot.noun, unit)
        if "region" in self.registers and pot.noun == "municipality" and self.chance(40):
            return self._two_levels(amount, rounding)
        return s.Flow(amount, s.ByKey(self._key(pot.noun)), rounding, self.chance(20))

    def _two_levels(self, amount: s.Amount, own: s.Rounding | None) -> s.Flow:
        """A line that regions share, and municipalities within each of them."""
        rounding = self._share_rounding(None, own.unit if own else None)
        added = [one.expression for one in self.columns["municipality"]
                 if isinstance(one.expression, s.Ref) and one.unit.adds_up]  # fmt: skip
        keys = [*self.plain["region"], *added]
        outer: s.ByKey | s.Equally = s.Equally("region")
        inner: s.ByKey | s.Equally = s.Equally("municipality")
        if self.chance(80):
            outer = s.ByKey(self.one_of(*keys))
        if self.chance(80):
            inner = s.ByKey(self._key("municipality"))
        return s.Flow(amount, outer, rounding, within=s.Within("region", inner))

    def _key(self, noun: str) -> s.Expression:
        if self.wishes.plain_keys:
            return self.one_of(*self.plain[noun])
        key = self._column(noun).expression
        if len(self.registers[noun]) > 1 and self.chance(20):
            return s.Binary("-", s.SumOf(key), key)
        return key

    def _other(self) -> s.ToName:
        if not self.others or self.chance(40):
            self.others.append(self.name(paid=True))
        return s.ToName(self.one_of(*self.others))

    def _distinct(self, flows: list[s.Flow]) -> tuple[s.Flow, ...]:
        """The lines; of two that say the same, one goes elsewhere, as the checker demands."""
        found: list[s.Flow] = []
        for flow in flows:
            twice = flow in found
            if twice:
                self.others.append(self.name(paid=True))
            found.append(s.Flow(flow.amount, s.ToName(self.others[-1])) if twice else flow)
        return tuple(found)

    def _adjustments(self, pot: _Pot) -> list[s.Adjustment]:
        codes = [one.code for one in self.registers[pot.noun].recipients]
        if len(codes) < 2 or not self.chance(20):
            return []
        sizes = [self.number(1, 3) * self.step for _ in codes[1:]]
        signed = [-sum(sizes, Fraction(0)), *sizes]
        return [
            s.Adjustment(s.Name(code), s.Quantity(size, ("kr",)), self.text())
            for code, size in zip(codes, signed, strict=True)
        ]

    # ------------------------------------------------------------ checks and tables

    def _check(self) -> None:
        kr, relation = s.Quantity(Fraction(self.number(0, 60)), ("kr",)), self._relation()
        pot = s.Ref(self.one_of(*self.pots))
        column = self.one_of(*self.columns["region"]).expression
        sums: list[s.Expression] = [s.AllPosts(), pot, s.SumOf(pot)]
        sums += [s.SumTo(name) for name in self.others]
        sides: tuple[tuple[s.Expression, s.Expression], ...] = (
            (self.one_of(*sums), kr),
            (self.one_of(*sums), s.Binary("+", self.one_of(*sums), kr)),
            (column, column),
            (s.SumOf(column), s.SumOf(column)),
            (column, _times(s.Quantity(Fraction(2)), column)),
        )
        left, right = self.one_of(*sides)
        printed = s.Quantity(Fraction(7), ("kr",)) if right == kr and self.chance(30) else None
        self.statements.append(s.Check(left, relation, right, printed))

    def _relation(self) -> s.Relation:
        relations: tuple[s.Relation, ...] = ("equal", "at_most", "at_least")
        return self.one_of(*relations)

    def _table(self) -> None:
        noun = self.one_of(*self.nouns)
        pots = [name for name, to in zip(self.pots, self.nouns, strict=True) if to == noun]
        parts: list[s.TablePart] = [s.Column(s.Ref(pots[0]), self.text(), self._millions())]
        parts += [self._shown(noun, n) for n in range(self.number(0, 2))]
        parts += [s.Total(f"{self.text()} +")] if self.chance(40) else []
        parts += [s.Remark(self.text())] if self.chance(30) else []
        if not self.wishes.own_files:
            parts += [s.Facit(self.draw(paths(".csv")))] if self.chance(20) else []
        self.statements.append(s.Table(self.text(), tuple(parts)))

    def _shown(self, noun: str, place: int) -> s.Column:
        term = self.one_of(*self.columns[noun])
        percent = s.Display("percent", self.number(0, 3))
        dimensionless = term.unit in {NUMBER, COUNT, SHARE}
        display = percent if dimensionless and self.chance(50) else None
        return s.Column(term.expression, f"{self.text()} {place + 2}", display)

    def _millions(self) -> s.Display | None:
        return s.Display("millions", self.number(0, 2)) if self.chance(30) else None

    def _listing_title(self) -> str:
        # The grammar ends a title at the first “from” of either language.
        words = [word for word in self.text().split() if word not in {"från", "from"}]
        return " ".join(words) or "x"

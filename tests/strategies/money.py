"""Writes the money of a document: appropriations, pots, and lines that use the pots up."""

from fractions import Fraction

from attrs import define, evolve

from dsl import syntax as s
from dsl.units import MONEY
from tests.strategies.draft import PRESERVING, PotDraft, Term
from tests.strategies.figures import FigureWriter
from tests.strategies.wording import divided, tidy, times


@define
class MoneyWriter(FigureWriter):
    """Each pot pays by the figures there are, or sends its money to a later one."""

    def _pots(self) -> None:
        count = self.number(1, 2 if self.wishes.dense else 4)
        self.pots = [self.name(paid=True) for _ in range(count)]
        self.nouns = [self.one_of(*self.registers) for _ in range(count)]
        self.feeds = {place: [] for place in range(count)}
        for place in range(count):
            self._pot(place)
        self._appropriations()

    def _pot(self, place: int) -> None:
        amount, static = self._funding(place)
        pot = PotDraft(place, self.nouns[place], static)
        self.targets.clear()
        flows = self._distinct(self._lines(pot))
        rounding = self._pot_rounding(pot, flows) if self.chance(30) else None
        said = pot.noun if pot.noun != "region" or self.chance(20) else None
        parts: tuple[s.Flow | s.Adjustment, ...] = (*flows, *self._adjustments(pot))
        self.statements.append(s.Pot(self.pots[place], amount, said, rounding, parts))
        for scalars in self.scalars.values():
            scalars.append(Term(s.Ref(self.pots[place]), MONEY))

    def _pot_rounding(self, pot: PotDraft, flows: tuple[s.Flow, ...]) -> s.Rounding:
        later = [*range(pot.place + 1, len(self.pots))]
        shared = [one for one in flows if isinstance(one.destination, s.ByKey) and not one.rounding]
        if any(isinstance(one.amount, s.Part) for one in flows) and self.chance(90):
            return s.Rounding(self.one_of(*PRESERVING), None, None, self.one_of(None, *s.Ties))
        if later and shared and self.chance(40):
            self.feeds[later[-1]].append(None)
            return s.Rounding(s.Method.DOWN, self.pots[later[-1]])
        return self._share_rounding(pot.noun)

    def _funding(self, place: int) -> tuple[s.Quantity | None, Fraction | None]:
        """The pot's own amount, if it says one, and what it holds as far as the rules tell."""
        feeds = self.feeds[place]
        if not feeds and self.chance(60):
            amount = self._money(1, 150)
            if self.chance(10):  # it takes money back
                amount = s.Quantity(-amount.number, ("kr",))
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

    def _appropriations(self) -> None:
        for _ in range(0 if self.wishes.dense else self.number(0, 2)):
            self.posts.append(s.Flow(self._money(1, 30), self._other(), paid=self.chance(20)))
        posts: list[s.Post] = []
        while self.posts:
            taken = self.number(1, len(self.posts))
            flows, self.posts = self._distinct(self.posts[:taken]), self.posts[taken:]
            money = [one.amount.number for one in flows if isinstance(one.amount, s.Quantity)]
            stated = s.Quantity(sum(money, Fraction(0)), ("kr",)) if self.chance(40) else None
            title = self.text().replace("=", "").strip() if self.chance(80) else ""
            number = f"{len(posts)}{self.one_of('', '1', '.2')}"
            posts.append(s.Post(number, tidy(title), stated, flows))
        half = self.number(0, len(posts))
        for some in (posts[:half], posts[half:]):
            if some:
                self.statements.append(s.Appropriation("1:6", self.text(), tuple(some)))

    # ------------------------------------------------------------ lines

    def _lines(self, pot: PotDraft) -> list[s.Flow]:
        kinds = ["all", "parts", "parts and rest", *(["all"] * 4 if self.wishes.dense else [])]
        if pot.static is not None and pot.static > 4 * self.step:
            kinds += ["fixed and rest", "earned and rest", "earned and rest"]
            kinds += ["fixed", "fixed and parts"] if self._is_whole(pot.static) else []
        match self.one_of(*kinds):
            case "parts":
                return self._shares(pot, whole=True)
            case "parts and rest":
                return [*self._shares(pot, whole=False), *self._rests(pot)]
            case "fixed and rest":
                return self._fixed_and_rest(pot)
            case "earned and rest":
                return self._earned_and_rest(pot)
            case "fixed":
                return self._fixed(pot)
            case "fixed and parts":
                return self._fixed_and_parts(pot)
        return [self._line(pot, s.All(), pot.static)]

    def _shares(self, pot: PotDraft, *, whole: bool) -> list[s.Flow]:
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

    def _of(self, pot: PotDraft, share: Fraction) -> Fraction | None:
        return None if pot.static is None else pot.static * share

    def _rests(self, pot: PotDraft, static: Fraction | None = None) -> list[s.Flow]:
        """What is left; now and then up to a ceiling first, and then what is above it."""
        capped = [self._capped_rest(pot)] if self.option(20) else []
        return [*capped, self._line(pot, s.Rest(), None if capped else static)]

    def _capped_rest(self, pot: PotDraft) -> s.Flow:
        percent = s.Quantity(Fraction(self.number(1, 30)), ("percent",))
        ceiling = self.one_of(self._money(0, 20), percent, self._written_limit(pot.noun))
        flow = self._to_somebody(pot, s.Rest(), None)
        return evolve(flow, limits=(s.Limit("at_most", ceiling),))

    def _written_limit(self, noun: str) -> s.Expression:
        """A formula for one amount, which need not be whole kronor."""
        third = divided(self._money(1, 40), s.Quantity(Fraction(3)))
        return times(third, s.SumOf(s.ShareOf(self.one_of(*self.plain[noun]))))

    def _fixed_and_rest(self, pot: PotDraft) -> list[s.Flow]:
        assert pot.static is not None
        flows, left = [], pot.static
        for _ in range(self.number(1, 3)):
            most = int((left / self.step - 1) // 1)
            if most > 0:
                amount = self.number(1, most) * self.step
                flow, taken = self._fixed_line(pot, amount)
                flows.append(flow)
                left -= taken
        return [*flows, *self._rests(pot, left)]

    def _fixed_line(self, pot: PotDraft, amount: Fraction) -> tuple[s.Flow, Fraction]:
        """A line of this amount; or, to each, of what it makes for each."""
        size = len(self.registers[pot.noun])
        each = Fraction(amount / self.step // size) * self.step
        if each and self.chance(30):
            noun = self.one_of(pot.noun, "recipient")
            flow = s.Flow(s.Quantity(each, ("kr",)), s.ToEach(noun), paid=self.chance(20))
            return flow, each * size
        return self._line(pot, s.Quantity(amount, ("kr",)), amount), amount

    def _fixed(self, pot: PotDraft) -> list[s.Flow]:
        """Amounts that add up to the pot."""
        assert pot.static is not None
        flow, taken = self._fixed_line(pot, self.number(1, int(pot.static / self.step)) * self.step)
        left = pot.static - taken
        return [flow, *([self._line(pot, s.Quantity(left, ("kr",)), left)] if left else [])]

    def _fixed_and_parts(self, pot: PotDraft) -> list[s.Flow]:
        """An amount, and parts that make exactly what it leaves, though each may not be whole."""
        assert pot.static is not None
        fixed = self.number(1, int(pot.static / self.step) - 1) * self.step
        share, count = 1 - fixed / pot.static, self.number(1, 4)
        parts = [self._line(pot, self._part(share / count), self._of(pot, share / count))
                 for _ in range(count)]  # fmt: skip
        return [self._line(pot, s.Quantity(fixed, ("kr",)), fixed), *parts]

    def _earned_and_rest(self, pot: PotDraft) -> list[s.Flow]:
        """Lines of ``belopp``, and what they leave."""
        assert pot.static is not None
        flows: list[s.Flow] = []
        for _ in range(self.number(1, 2)):
            # Now and then more than there is.
            most = int(pot.static / self.step) // self.one_of(4, 4, 3, 3, 3, 1)
            name = self._amount(pot.noun, most)
            if self.chance(70):
                flows.append(self._claims(pot, name, any(one.in_proportion for one in flows)))
            else:
                flows.append(self._line(pot, s.Ref(name), None))
        return [*flows, *self._rests(pot)]

    def _claims(self, pot: PotDraft, name: s.Name, reduced_already: bool) -> s.Flow:
        """A ``belopp`` to each who meets the conditions; one line of a pot may be reduced."""
        flow = s.Flow(
            s.Ref(name),
            s.ToEach(pot.noun),
            paid=self.chance(30),
            conditions=self._conditions(pot.noun),
        )
        if reduced_already or not self.option(40):
            return flow
        unit = self.one_of(None, Fraction(10)) if self.step == 1 else None
        rounding = self._share_rounding(pot.noun, unit) if self.chance(40) else None
        return evolve(flow, in_proportion=True, rounding=rounding)

    def _line(self, pot: PotDraft, amount: s.Amount, total: Fraction | None) -> s.Flow:
        """A line of this amount to whomever."""
        if self.chance(90 if self.wishes.dense else 50):
            return self._shared_line(pot, amount, total)
        return self._to_somebody(pot, amount, total)

    def _to_somebody(self, pot: PotDraft, amount: s.Amount, total: Fraction | None) -> s.Flow:
        """A line to a later pot, a recipient, or someone outside the register."""
        later = [one for one in range(pot.place + 1, len(self.pots)) if one not in self.targets]
        match self.one_of("other", "recipient", *(["pot", "pot"] if later else [])):
            case "pot":
                target = self.one_of(*later)
                self.feeds[target].append(total)
                self.targets.add(target)
                return s.Flow(amount, s.ToName(self.pots[target]))
            case "other":
                return s.Flow(amount, self._other(), paid=self.chance(20))
        destination = s.ToName(self._recipient(pot.noun))
        return s.Flow(amount, destination, paid=self.chance(20))

    def _shared_line(self, pot: PotDraft, amount: s.Amount, total: Fraction | None) -> s.Flow:
        rounding = None
        if self.chance(40):
            tens = total is not None and total % 10 == 0 and self.step == 1
            unit = self.one_of(None, Fraction(10)) if tens else None
            rounding = self._share_rounding(pot.noun, unit)
        if "region" in self.registers and pot.noun == "municipality" and self.chance(40):
            return self._two_levels(amount, rounding)
        destination: s.ByKey | s.Equally = s.ByKey(self._key(pot.noun))
        if not self.wishes.plain_keys and self.chance(15):
            destination = s.Equally(self.one_of(pot.noun, "recipient"))
        return s.Flow(
            amount,
            destination,
            rounding,
            self.chance(20),
            limits=self._limits(pot, total),
            conditions=self._conditions(pot.noun),
        )

    def _two_levels(self, amount: s.Amount, own: s.Rounding | None) -> s.Flow:
        """A line that regions share, and municipalities within each of them."""
        rounding = self._share_rounding(None, own.unit if own else None)
        added = [
            one.expression
            for one in self.columns["municipality"]
            if isinstance(one.expression, s.Ref) and one.unit.adds_up
        ]
        outer: s.ByKey | s.Equally = s.Equally("region")
        inner: s.ByKey | s.Equally = s.Equally("municipality")
        if self.chance(80):
            outer = s.ByKey(self.one_of(*self.plain["region"], *added))
        if self.chance(80):
            inner = s.ByKey(self._key("municipality"))
        return s.Flow(amount, outer, rounding, within=s.Within("region", inner))

    def _limits(self, pot: PotDraft, total: Fraction | None) -> tuple[s.Limit, ...]:
        """Floors and ceilings, which mostly go together with the line's money."""
        if self.wishes.plain_keys or ((total or 0) < 0 and self.chance(90)):
            return ()
        size = len(self.registers[pot.noun].recipients)
        each = int((total or 20 * self.step) / self.step / size)
        limits: list[s.Limit] = []
        if self.option(25):
            percent = s.Quantity(Fraction(self.number(0, 60 // size)), ("percent",))
            kr = self._money(0, max(each // 2, 1))
            limits.append(s.Limit("at_least", self.one_of(kr, percent, *self._money_limits(pot))))
        if self.option(25):
            percent = s.Quantity(Fraction(self.number(100 // size, 100)), ("percent",))
            kr = self._money(max(each, 1), 2 * max(each, 1))
            limits.append(s.Limit("at_most", self.one_of(kr, percent, *self._money_limits(pot))))
        return tuple(limits)

    def _money_limits(self, pot: PotDraft) -> list[s.Expression]:
        """Limits of each recipient's own: a percentage of figures in kronor."""
        percent = s.Quantity(Fraction(self.number(50, 300)), ("percent",))
        money = [one.expression for one in self.columns[pot.noun] if one.unit == MONEY]
        return [times(percent, one) for one in money]

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

    def _adjustments(self, pot: PotDraft) -> list[s.Adjustment]:
        codes = [one.code for one in self.registers[pot.noun].recipients]
        if len(codes) < 2 or self.wishes.dense or not self.chance(20):
            return []
        sizes = [self.number(1, 3) * self.step for _ in codes[1:]]
        signed = [-sum(sizes, Fraction(0)), *sizes]
        return [
            s.Adjustment(s.Name(code), s.Quantity(size, ("kr",)), self.text())
            for code, size in zip(codes, signed, strict=True)
        ]

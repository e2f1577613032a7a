"""Checks the flow of money: every krona of every pot has exactly one way out.

What is known before any figures are read is enough to find money that is never distributed,
distributed twice, or drawn from nowhere. Amounts that depend on figures count as unknown.
"""

import math
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.catalogue import phrase
from dsl.check.holdings import Holdings, is_money, lacks_kronor, money_of, share_of_pot
from dsl.check.scope import Scope, is_amount
from dsl.check.wording import amount_text, form, key_to_propose, line, rest_line, word
from dsl.findings import Exact, Finding, Kronor, Label, Percent, Value, finding
from dsl.numbers import has_finite_decimals
from dsl.program import all_posts, statements
from dsl.source import Span

# Amounts to show how a line is written: of a pot, and to each recipient.
_ROUND = Fraction(1_000_000)
_TO_EACH = Fraction(500_000)


def check_flow(scope: Scope, damaged: frozenset[Span]) -> Iterator[Finding]:
    """Check every item and pot; those that lost a line or share their name are left alone."""
    money = Holdings.of(scope)
    for post in all_posts(scope.document):
        if post.span not in damaged:
            yield from _same_line_twice(scope.document, post.flows)
            yield from _post(scope, post)
    pots = statements(scope.document, s.Pot)
    names = Counter(pot.name.text for pot in pots)
    for pot in pots:
        if pot.span not in damaged and names[pot.name.text] == 1:
            twice = list(_same_line_twice(scope.document, (*pot.flows, *pot.adjustments)))
            yield from twice or _Uses(pot, money).findings()


# ---------------------------------------------------------------- appropriation items


def _post(scope: Scope, post: s.Post) -> Iterator[Finding]:
    fixed = [flow for flow in post.flows if is_money(flow.amount)]
    for flow in post.flows:
        if not is_money(flow.amount) and not lacks_kronor(flow.amount):
            example = line(scope.document, evolve(flow, amount=s.Quantity(_ROUND, ("kr",))))
            yield finding("F218", flow.amount.span, key="here", post=post.number, form=example)
    total = sum((money_of(flow) for flow in fixed), Fraction(0))
    if post.amount is not None and post.amount.number != total and len(fixed) == len(post.flows):
        taken = [(flow, money_of(flow)) for flow in fixed]
        data: dict[str, Value] = {
            "post": post.number,
            "stated": Kronor(post.amount.number),
            "total": Kronor(total),
            "difference": Kronor(abs(total - post.amount.number)),
        }
        yield Finding("F210", (Label(post.amount.span, "stated"), *_added_up(taken)), data)


def _added_up(taken: list[tuple[s.Flow, Fraction]]) -> Iterator[Label]:
    """The amount of each line, and what they make so far."""
    running = Fraction(0)
    for place, (flow, amount) in enumerate(taken):
        running += amount
        step: dict[str, Value] = {"amount": Kronor(amount), "running": Kronor(running)}
        yield Label(flow.span, "more" if place else "line", step)


def _same_line_twice(
    document: s.Document, parts: tuple[s.Flow | s.Adjustment, ...]
) -> Iterator[Finding]:
    counts = Counter(parts)
    first: dict[object, Span] = {}
    for part in parts:
        # Two lines that each take the rest, or all, are a finding of their own.
        once = isinstance(part, s.Flow) and isinstance(part.amount, s.Rest | s.All)
        if counts[part] > 1 and part in first and not once:
            summed = _summed(part, counts[part])
            data: dict[str, Value] = {"line": line(document, summed)} if summed else {}
            yield Finding("F212", (Label(part.span, "again"), Label(first[part], "before")), data)
        first.setdefault(part, part.span)


def _summed(part: s.Flow | s.Adjustment, times: int) -> s.Flow | s.Adjustment | None:
    """One line that moves as much as several of the same; None when there is none."""
    share = share_of_pot(part.amount) * times if _is_share(part.amount) else Fraction(0)
    percent = share * 100
    if isinstance(part, s.Flow) and share == 1:
        return evolve(part, amount=s.All())
    if isinstance(part, s.Flow) and 0 < share < 1 and has_finite_decimals(percent):
        return evolve(part, amount=s.Quantity(percent, ("percent",)))
    if isinstance(part.amount, s.Quantity) and not share:
        return evolve(part, amount=evolve(part.amount, number=part.amount.number * times))
    return None


# ---------------------------------------------------------------- how a pot is used


@frozen
class _Uses:
    """Whether one pot's lines use it up exactly."""

    pot: s.Pot
    money: Holdings

    def findings(self) -> Iterator[Finding]:
        yield from self._inflow()
        yield from self._lines()
        yield from self._reductions()
        yield from self._adjustments()
        if not self.pot.flows:
            yield self._without_lines()
        else:
            yield from self._balance()

    @property
    def _name(self) -> str:
        return self.pot.name.text

    @property
    def _head(self) -> Span:
        return self.pot.amount.span if self.pot.amount else self.pot.name.span

    @property
    def _document(self) -> s.Document:
        return self.money.scope.document

    @property
    def _rest_line(self) -> str:
        return rest_line(self.money.scope, self.pot)

    def _inflow(self) -> Iterator[Finding]:
        sources = self.money.inflows.get(self._name, [])
        fed = bool(sources) or self._name in self.money.residues
        if self.pot.amount is None:
            if not fed:
                yield self._empty()
            return
        if self._name in self.money.residues:
            text = line(self._document, evolve(self.pot, amount=None))
            yield finding("F231", self._head, "pot", pot=self._name, line=text)
            return
        sent = self.money.sent_to(self.pot) if sources else self.pot.amount.number
        if sent is not None and sent != self.pot.amount.number:
            labels = [
                Label(self.pot.amount.span, "pot", {"amount": Kronor(self.pot.amount.number)})
            ]
            for source, flow in sources:
                amount = self.money.sent(source, flow) or Fraction(0)
                labels.append(Label(flow.span, "line", {"amount": Kronor(amount)}))
            data: dict[str, Value] = {
                "pot": self._name,
                "stated": Kronor(self.pot.amount.number),
                "sent": Kronor(sent),
                "difference": Kronor(abs(sent - self.pot.amount.number)),
                "line": line(self._document, evolve(self.pot, amount=None)),
            }
            yield Finding("F209", tuple(labels), data)

    def _empty(self) -> Finding:
        filled = evolve(self.pot, amount=s.Quantity(_ROUND, ("kr",)))
        feed = s.Flow(s.Rest(), s.ToName(self.pot.name))
        data = {"line": line(self._document, filled), "feed": line(self._document, feed)}
        return finding("F208", self._head, "pot", pot=self._name, **data)

    def _without_lines(self) -> Finding:
        shared = s.Flow(s.All(), key_to_propose(self.money.scope, self.pot))
        data: dict[str, Value] = {"pot": self._name, "line": line(self._document, shared)}
        if self.pot.amount is not None:
            # Perhaps a scenario, where the pot was to keep its lines and get another amount.
            amend = word(self._document, "AMEND")
            data["amended"] = f"{amend} {line(self._document, self.pot)}"
        return finding("F213", self._head, "pot", **data)

    def _lines(self) -> Iterator[Finding]:
        for flow in self.pot.flows:
            if isinstance(flow.destination, s.ToEach) and not self._for_each(flow):
                yield self._not_for_each(flow)
            yield from self._options(flow)
            target = self._target(flow)
            if flow.paid and target is not None:
                words = word(self._document, "PAID")
                yield finding("F217", flow.span, "here", target=target.name.text, words=words)
            if isinstance(flow.amount, s.Quantity) and flow.amount.number <= 0:
                amount = amount_text(self._document, flow)
                yield finding("F214", flow.amount.span, "here", pot=self._name, amount=amount)

    def _options(self, flow: s.Flow) -> Iterator[Finding]:
        """Limits, conditions and reductions stand only where they mean something."""
        if _is_unfit(flow):
            yield finding("F220", flow.span, "here", pot=self._name)
        for again in flow.limits[1:]:
            if again.side == flow.limits[0].side:
                yield finding("F221", again.span, "here")

    def _for_each(self, flow: s.Flow) -> bool:
        amount = flow.amount
        return is_money(amount) or lacks_kronor(amount) or isinstance(amount, s.Ref)

    def _not_for_each(self, flow: s.Flow) -> Finding:
        shared = evolve(flow, destination=key_to_propose(self.money.scope, self.pot))
        data: dict[str, Value] = {
            "amount": amount_text(self._document, flow),
            "form": line(self._document, evolve(flow, amount=s.Quantity(_TO_EACH, ("kr",)))),
            "line": line(self._document, shared),
        }
        return finding("F216", flow.amount.span, "here", **data)

    def _target(self, flow: s.Flow) -> s.Pot | None:
        """The pot that a line sends money to."""
        match flow.destination:
            case s.ToName(name):
                return self.money.scope.pot(name.text)
        return None

    def _reductions(self) -> Iterator[Finding]:
        """Of two lines that are reduced nothing would say which of them is, and how much."""
        reduced = [flow for flow in self.pot.flows if flow.in_proportion]
        for again in reduced[1:]:
            labels = (Label(again.span, "again"), Label(reduced[0].span, "before"))
            words = word(self._document, "IN_PROPORTION")
            data: dict[str, Value] = {"pot": self._name, "words": words}
            yield Finding("F241", labels, {**data, **self._added_claims(reduced[0], again)})

    def _added_claims(self, first: s.Flow, again: s.Flow) -> dict[str, Value]:
        """One amount of two claims by the same recipients, and the line that pays it."""
        if first.conditions != again.conditions:
            return {}
        if not isinstance(first.amount, s.Ref) or not isinstance(again.amount, s.Ref):
            return {}
        name = s.Name(phrase("example.claims", self._document.language))
        both = s.Binary("+", first.amount, again.amount)
        return {
            "sum": line(self._document, s.Definition("amount", name, both)),
            "line": line(self._document, evolve(first, amount=s.Ref(name))),
        }

    def _adjustments(self) -> Iterator[Finding]:
        adjustments = self.pot.adjustments
        total = sum((one.amount.number for one in adjustments), Fraction(0))
        if total:
            labels = tuple(
                Label(one.span, "line", {"amount": Kronor(one.amount.number)})
                for one in adjustments
            )
            data: dict[str, Value] = {"pot": self._name, "total": Kronor(total)}
            yield Finding("F211", labels, {**data, "opposite": Kronor(-total)})

    # ------------------------------------------------------------ the balance

    def _balance(self) -> Iterator[Finding]:
        flows = self.pot.flows
        rests = [flow for flow in flows if isinstance(flow.amount, s.Rest)]
        whole = [flow for flow in flows if isinstance(flow.amount, s.All)]
        if any(not flow.limits for flow in rests[:-1]):
            labels = (Label(rests[1].span, "again"), Label(rests[0].span, "before"))
            yield Finding("F205", labels, {"pot": self._name, "form": form(self._document, "POT")})
        elif rests and rests[-1].limits and isinstance(rests[-1].destination, s.ToName):
            data = {"pot": self._name, "rest": self._rest_line}
            yield finding("F219", rests[-1].span, "here", **data)
        elif whole and len(flows) > 1:
            other = next(flow for flow in flows if flow is not whole[0])
            labels = (Label(whole[0].span, "all"), Label(other.span, "other"))
            text = line(self._document, evolve(whole[0], amount=s.Rest()))
            yield Finding("F207", labels, {"pot": self._name, "line": text})
        elif not whole and all(self._is_sound(flow) for flow in flows):
            yield from self._compare(rests[-1] if rests else None)

    def _is_sound(self, flow: s.Flow) -> bool:
        """Whether a line has no finding of its own that makes sums meaningless."""
        if isinstance(flow.amount, s.Ref):
            return is_amount(self.money.scope.symbols.get(flow.amount.name.text))
        to_each = isinstance(flow.destination, s.ToEach)
        return not lacks_kronor(flow.amount) and (not to_each or self._for_each(flow))

    def _compare(self, rest: s.Flow | None) -> Iterator[Finding]:
        """Compare what the lines take with what the pot holds."""
        lines = [flow for flow in self.pot.flows if not isinstance(flow.amount, s.Rest)]
        shares = [flow for flow in lines if _is_share(flow.amount)]
        share = sum((share_of_pot(flow.amount) for flow in shares), Fraction(0))
        if share > 1 or (len(shares) == len(lines) and not rest and share != 1):
            yield self._shares_off(shares, share)
            return
        if share == 1 and rest is not None and self.money.holds(self.pot) is None:
            yield finding("F232", rest.span, "here", pot=self._name)
            return
        if rest is not None:
            yield from self._may_overdraw(rest, lines)
        amount = self.money.holds(self.pot)
        known = [self.money.line(self.pot, flow) for flow in lines]
        taken = [one for one in known if one is not None]
        if amount is not None and (rest is not None or len(taken) == len(known)):
            yield from self._difference(rest, lines, amount, sum(taken, Fraction(0)))
        elif rest is None and len(shares) != len(lines):
            rest_of_it = self._rest_line
            yield finding("F204", lines[-1].span, "here", pot=self._name, rest=rest_of_it)

    def _difference(
        self, rest: s.Flow | None, lines: list[s.Flow], amount: Fraction, total: Fraction
    ) -> Iterator[Finding]:
        # A pot that is less than zero is used up from the other side, and pays nobody.
        given = [self.money.line(self.pot, flow) or 0 for flow in lines]
        over = total < amount or max(given, default=0) > 0 if amount < 0 else total > amount
        if over:
            yield self._off("F203", lines, amount, total)
        elif rest is None and total != amount:
            yield self._off("F201", lines, amount, total)
        elif rest is not None and total == amount:
            yield finding("F206", rest.span, "here", pot=self._name, amount=Kronor(amount))

    def _off(self, code: str, lines: list[s.Flow], amount: Fraction, total: Fraction) -> Finding:
        taken = [(flow, self.money.line(self.pot, flow)) for flow in lines]
        known = [(flow, one) for flow, one in taken if one is not None]
        labels = (Label(self._head, "pot", {"amount": Kronor(amount)}), *_added_up(known))
        data: dict[str, Value] = {
            "pot": self._name,
            "amount": Kronor(amount),
            "total": Kronor(total),
            "difference": Kronor(abs(amount - total)),
            "whole": Exact(amount),
            "used": Exact(total),
            "rest": self._rest_line,
        }
        shares = [flow for flow in lines if _is_share(flow.amount)]
        if shares:
            data |= self._room_for_shares(shares)
        else:
            data["raised"] = Kronor(total)
        return Finding(code, labels, data)

    def _room_for_shares(self, shares: list[s.Flow]) -> dict[str, Value]:
        """What shares of the pot can be together, when other lines take kronor of it."""
        data: dict[str, Value] = {}
        amount = self.money.holds(self.pot)
        flows = self.pot.flows
        known = [(one, self.money.line(self.pot, one)) for one in flows if one not in shares]
        fixed = [(flow, taken) for flow, taken in known if taken]
        total = sum((taken for _, taken in fixed), Fraction(0))
        if amount is not None and 0 < total < amount:
            targets = [flow.destination for flow, _ in fixed]
            names = [one.name.text for one in targets if isinstance(one, s.ToName)]
            data["held"] = Kronor(amount)
            data["taken" if len(names) == len(targets) else "spread"] = Kronor(total)
            data["others"] = tuple(dict.fromkeys(names))
            data["most"] = Percent(Fraction(math.floor((1 - total / amount) * 1000), 1000))
        if not any(isinstance(one.amount, s.Rest) for one in flows):
            data["last"] = line(self._document, evolve(shares[-1], amount=s.Rest()))
        return data

    def _shares_off(self, shares: list[s.Flow], share: Fraction) -> Finding:
        labels = []
        running = Fraction(0)
        for place, flow in enumerate(shares):
            running += share_of_pot(flow.amount)
            part = Percent(share_of_pot(flow.amount))
            step: dict[str, Value] = {"share": part, "running": Percent(running)}
            labels.append(Label(flow.amount.span, "line" if place == 0 else "more", step))
        data = {"pot": self._name, "share": Percent(share), **self._share_missing(share)}
        room = self._room_for_shares(shares) if share > 1 and len(shares) > 1 else {}
        data |= room if "most" in room else {"target": Percent(Fraction(1))}
        return Finding("F202", tuple(labels), data)

    def _share_missing(self, share: Fraction) -> dict[str, Value]:
        """How far the shares are from the whole pot, in kronor where the pot is known."""
        amount, difference = self.money.holds(self.pot), Percent(abs(1 - share))
        short = share < 1
        points = Exact(difference.value * 100)
        if amount is None:
            data: dict[str, Value] = {"lost": difference} if short else {"excess": points}
        else:
            money = Kronor(difference.value * amount)
            data = {"missing": difference} if short else {"surplus": points}
            data["money" if short else "overdrawn"] = money
        return {**data, "rest": self._rest_line} if short else data

    def _may_overdraw(self, rest: s.Flow, lines: list[s.Flow]) -> Iterator[Finding]:
        earned = [f for f in lines if isinstance(f.amount, s.Ref) and not f.in_proportion]
        if earned:
            labels = [Label(rest.span, "rest"), *(Label(flow.span, "earned") for flow in earned)]
            # Dropped again where limits are known: engine/overdrafts.py says how much it can be.
            data: dict[str, Value] = {"pot": self._name}
            data["limit"] = f"{word(self._document, 'AT_MOST')} …"
            yield Finding("N207", tuple(labels), data)


def _is_unfit(flow: s.Flow) -> bool:
    """Whether a line has an option that its destination gives no meaning."""
    match flow.destination:
        case s.ByKey() | s.Equally():
            return flow.in_proportion
        case s.ToEach():
            return bool(flow.limits) or (flow.in_proportion and not isinstance(flow.amount, s.Ref))
    capped = isinstance(flow.amount, s.Rest) and flow.limit("at_least") is None
    return bool(flow.conditions) or flow.in_proportion or (bool(flow.limits) and not capped)


def _is_share(amount: s.Amount) -> bool:
    if isinstance(amount, s.Part):
        return True
    return isinstance(amount, s.Quantity) and amount.unit == ("percent",)

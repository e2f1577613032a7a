"""Checks the flow of money: every krona of every pot has exactly one way out.

What is known before any figures are read is enough to find money that is never distributed,
distributed twice, or drawn from nowhere. Amounts that depend on figures count as unknown.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from dsl import syntax as s
from dsl.check.holdings import Holdings, is_money, money_of, share_of_pot
from dsl.check.scope import Scope
from dsl.findings import Finding, Kronor, Label, Percent, Value, finding
from dsl.program import all_posts, statements
from dsl.source import Span


def check_flow(scope: Scope, damaged: frozenset[Span]) -> Iterator[Finding]:
    """Check every item and pot; those that lost a line while reading are left alone."""
    money = Holdings.of(scope)
    for post in all_posts(scope.document):
        yield from _same_line_twice(post.parts)
        if post.span not in damaged:
            yield from _post(post)
    for pot in statements(scope.document, s.Pot):
        yield from _same_line_twice(pot.parts)
        if pot.span not in damaged:
            yield from _Uses(pot, money).findings()


# ---------------------------------------------------------------- appropriation items


def _post(post: s.Post) -> Iterator[Finding]:
    fixed = [flow for flow in post.parts if is_money(flow.amount)]
    for flow in post.parts:
        if not is_money(flow.amount):
            yield finding("F218", flow.span, key="here", post=post.number)
    total = sum((money_of(flow) for flow in fixed), Fraction(0))
    if post.amount is not None and post.amount.number != total and len(fixed) == len(post.parts):
        labels = (Label(post.amount.span, "stated"), *(_went(flow) for flow in fixed))
        data: dict[str, Value] = {
            "post": post.number,
            "stated": Kronor(post.amount.number),
            "total": Kronor(total),
            "difference": Kronor(abs(total - post.amount.number)),
        }
        yield Finding("F210", labels, data)


def _went(flow: s.Flow, amount: Fraction | None = None) -> Label:
    value = money_of(flow) if amount is None else amount
    return Label(flow.amount.span, "line", {"amount": Kronor(value)})


def _same_line_twice(parts: tuple[s.Flow | s.Adjustment, ...]) -> Iterator[Finding]:
    counts = Counter(parts)
    first: dict[object, Span] = {}
    for part in parts:
        if counts[part] > 1 and part in first:
            yield Finding("F212", (Label(part.span, "again"), Label(first[part], "before")), {})
        first.setdefault(part, part.span)


# ---------------------------------------------------------------- how a pot is used


@frozen
class _Uses:
    """Whether one pot's lines use it up exactly."""

    pot: s.Pot
    money: Holdings

    def findings(self) -> Iterator[Finding]:
        yield from self._inflow()
        yield from self._lines()
        yield from self._adjustments()
        if not self.pot.flows:
            yield self._at_head("F213")
        else:
            yield from self._balance()

    @property
    def _name(self) -> str:
        return self.pot.name.text

    def _at_head(self, code: str, **data: Value) -> Finding:
        span = self.pot.amount.span if self.pot.amount else self.pot.name.span
        return finding(code, span, "pot", pot=self._name, **data)

    def _inflow(self) -> Iterator[Finding]:
        sources = self.money.inflows.get(self._name, [])
        fed = bool(sources) or self._name in self.money.residues
        if self.pot.amount is None:
            if not fed:
                yield self._at_head("F208")
            return
        sent = self.money.sent_to(self.pot) if sources else self.pot.amount.number
        if sent is not None and sent != self.pot.amount.number:
            labels = [
                Label(self.pot.amount.span, "pot", {"amount": Kronor(self.pot.amount.number)})
            ]
            for source, flow in sources:
                labels.append(_went(flow, self.money.sent(source, flow)))
            data: dict[str, Value] = {
                "pot": self._name,
                "stated": Kronor(self.pot.amount.number),
                "sent": Kronor(sent),
                "difference": Kronor(abs(sent - self.pot.amount.number)),
            }
            yield Finding("F209", tuple(labels), data)

    def _lines(self) -> Iterator[Finding]:
        for flow in self.pot.flows:
            to_each = isinstance(flow.destination, s.ToEach)
            if to_each and not (is_money(flow.amount) or isinstance(flow.amount, s.Ref)):
                yield finding("F216", flow.span, key="here", pot=self._name)
            if flow.paid and self._to_pot(flow):
                yield finding("F217", flow.span, key="here", pot=self._name)
            if isinstance(flow.amount, s.Quantity) and flow.amount.number <= 0:
                yield finding("F214", flow.amount.span, key="here", pot=self._name)

    def _to_pot(self, flow: s.Flow) -> bool:
        match flow.destination:
            case s.ToName(name):
                return self.money.scope.pot(name.text) is not None
        return False

    def _adjustments(self) -> Iterator[Finding]:
        adjustments = self.pot.adjustments
        total = sum((one.amount.number for one in adjustments), Fraction(0))
        if total:
            labels = tuple(
                Label(one.span, "line", {"amount": Kronor(one.amount.number)})
                for one in adjustments
            )
            yield Finding("F211", labels, {"pot": self._name, "total": Kronor(total)})

    # ------------------------------------------------------------ the balance

    def _balance(self) -> Iterator[Finding]:
        flows = self.pot.flows
        rests = [flow for flow in flows if isinstance(flow.amount, s.Rest)]
        whole = [flow for flow in flows if isinstance(flow.amount, s.All)]
        if len(rests) > 1:
            labels = (Label(rests[1].span, "again"), Label(rests[0].span, "before"))
            yield Finding("F205", labels, {"pot": self._name})
        elif whole and len(flows) > 1:
            other = next(flow for flow in flows if flow is not whole[0])
            labels = (Label(whole[0].span, "all"), Label(other.span, "other"))
            yield Finding("F207", labels, {"pot": self._name})
        elif not whole:
            yield from self._compare(rests[0] if rests else None)

    def _compare(self, rest: s.Flow | None) -> Iterator[Finding]:
        """Compare what the lines take with what the pot holds."""
        lines = [flow for flow in self.pot.flows if flow is not rest]
        shares = [flow for flow in lines if _is_share(flow.amount)]
        share = sum((share_of_pot(flow.amount) for flow in shares), Fraction(0))
        if share > 1 or (len(shares) == len(lines) and not rest and share != 1):
            yield self._shares_off(shares, share)
            return
        if rest is not None:
            yield from self._may_overdraw(rest, lines)
        amount = self.money.holds(self.pot)
        known = [self.money.line(self.pot, flow) for flow in lines]
        taken = [one for one in known if one is not None]
        if amount is not None and (rest is not None or len(taken) == len(known)):
            yield from self._difference(rest, lines, amount, sum(taken, Fraction(0)))
        elif rest is None and len(shares) != len(lines):
            yield finding("F204", lines[-1].span, "here", pot=self._name)

    def _difference(
        self, rest: s.Flow | None, lines: list[s.Flow], amount: Fraction, total: Fraction
    ) -> Iterator[Finding]:
        if total > amount:
            yield self._off("F203", lines, amount, total)
        elif rest is None and total < amount:
            yield self._off("F201", lines, amount, total)
        elif rest is not None and total == amount:
            yield finding("F206", rest.span, "here", pot=self._name, amount=Kronor(amount))

    def _off(self, code: str, lines: list[s.Flow], amount: Fraction, total: Fraction) -> Finding:
        head = self.pot.amount.span if self.pot.amount else self.pot.name.span
        labels = [Label(head, "pot", {"amount": Kronor(amount)})]
        running = Fraction(0)
        for place, flow in enumerate(lines):
            sent = self.money.line(self.pot, flow)
            if sent is None:
                continue
            running += sent
            step: dict[str, Value] = {"amount": Kronor(sent), "running": Kronor(running)}
            labels.append(Label(flow.span, "line" if place == 0 else "more", step))
        data: dict[str, Value] = {
            "pot": self._name,
            "amount": Kronor(amount),
            "total": Kronor(total),
            "difference": Kronor(abs(amount - total)),
        }
        return Finding(code, tuple(labels), data)

    def _shares_off(self, shares: list[s.Flow], share: Fraction) -> Finding:
        labels = []
        running = Fraction(0)
        for place, flow in enumerate(shares):
            running += share_of_pot(flow.amount)
            part = Percent(share_of_pot(flow.amount))
            step: dict[str, Value] = {"share": part, "running": Percent(running)}
            labels.append(Label(flow.amount.span, "line" if place == 0 else "more", step))
        data: dict[str, Value] = {"pot": self._name, "share": Percent(share)}
        amount = self.money.holds(self.pot)
        if share < 1:
            data["missing"] = Percent(1 - share)
            if amount is not None:
                data["money"] = Kronor((1 - share) * amount)
        else:
            data["surplus"] = Percent(share - 1)
            if amount is not None:
                data["overdrawn"] = Kronor((share - 1) * amount)
        return Finding("F202", tuple(labels), data)

    def _may_overdraw(self, rest: s.Flow, lines: list[s.Flow]) -> Iterator[Finding]:
        earned = [flow for flow in lines if isinstance(flow.amount, s.Ref)]
        if earned:
            labels = [Label(rest.span, "rest"), *(Label(flow.span, "earned") for flow in earned)]
            yield Finding("N207", tuple(labels), {"pot": self._name})


def _is_share(amount: s.Amount) -> bool:
    if isinstance(amount, s.Part):
        return True
    return isinstance(amount, s.Quantity) and amount.unit == ("percent",)

"""Makes figures that break a claim plainer, as long as they still break it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from engine.proof.promises import Breach
from engine.refutation.allowed import Flat
from engine.refutation.judging import Judge
from engine.refutation.trial import Bench, Draft, Trial


def made_smaller(
    bench: Bench, judge: Judge, trial: Trial, breach: Breach, hand: Mapping[str, Flat]
) -> tuple[Trial, Breach]:
    """The figures at hand wherever they do as well, else nothing for most and round numbers.

    Args:
        bench: where it is tried; when its evaluations are used up, what there is will do.
        judge: what tells whether the claim is still broken.
        trial: the figures, and what they are changed to.
        breach: how they break the claim; it is never broken by less.
        hand: the figures at hand.
    """
    smaller = _Smaller(bench, judge, hand, breach.size)
    found = trial, breach
    for name in hand:
        found = smaller.at_hand(*found, name)
    for name, room in bench.rooms.items():
        if room.total is None and found[0].first.figures[name] != hand[name]:
            found = smaller.plainer(*found, name)
    return found


# With how many digits that are not zero round numbers are tried.
DIGITS = (1, 2, 3)


@frozen
class _Smaller:
    bench: Bench
    judge: Judge
    hand: Mapping[str, Flat]
    size: Fraction

    def at_hand(self, trial: Trial, breach: Breach, name: str) -> tuple[Trial, Breach]:
        """The whole statistic as it is at hand, unless it is what the change is about."""
        free = _free(trial, name)
        if len(free) < len(self.hand[name]) or trial.first.figures[name] == self.hand[name]:
            return trial, breach
        return self._tried(trial, breach, name, dict(enumerate(self.hand[name])))

    def plainer(self, trial: Trial, breach: Breach, name: str) -> tuple[Trial, Breach]:
        """Where most figures are as at hand, more of them; else nothing, and round numbers."""
        room, hand, flat = self.bench.rooms[name], self.hand[name], trial.first.figures[name]
        unlike = [n for n in _free(trial, name) if flat[n] != hand[n]]
        if 2 * len(unlike) <= len(flat):
            return self._settled(trial, breach, name, {n: hand[n] for n in unlike})
        found = self._tried(trial, breach, name, {n: hand[n] for n in unlike})
        if found[0] is not trial:
            return found
        found = self._settled(trial, breach, name, dict.fromkeys(unlike, room.low))
        return self._rounded(*found, name)

    def _rounded(self, trial: Trial, breach: Breach, name: str) -> tuple[Trial, Breach]:
        """All figures with few digits, with what the trial changes in them added again."""
        room, flat = self.bench.rooms[name], trial.first.figures[name]
        for digits in DIGITS:
            near = tuple(room.fit(_with_digits(one, digits)) for one in flat)
            then = trial.then
            if then is not None:
                after = _changed_alike(near, flat, then.figures[name])
                if not room.allows(after):
                    continue
                then = then.having(name, after)
            changed = Trial(trial.first.having(name, near), then)
            found = self.judge(changed)
            if found is not None and found.size >= self.size:
                return changed, found
        return trial, breach

    def _settled(
        self, trial: Trial, breach: Breach, name: str, values: Mapping[int, Fraction]
    ) -> tuple[Trial, Breach]:
        """All the values together, else as many of them as go, by halves."""
        if not values or self.bench.left <= 0:
            return trial, breach
        found = self._tried(trial, breach, name, values)
        if found[0] is not trial or len(values) == 1:
            return found
        places = list(values)
        half = len(places) // 2
        for some in (places[:half], places[half:]):
            found = self._settled(*found, name, {n: values[n] for n in some})
        return found

    def _tried(
        self, trial: Trial, breach: Breach, name: str, values: Mapping[int, Fraction]
    ) -> tuple[Trial, Breach]:
        first = _having(trial.first, name, values)
        then = trial.then and _having(trial.then, name, values)
        changed = Trial(first, then)
        found = self.judge(changed)
        if found is None or found.size < self.size:
            return trial, breach
        return changed, found


def _free(trial: Trial, name: str) -> Sequence[int]:
    """The places whose figures a trial does not change."""
    first = trial.first.figures[name]
    then = first if trial.then is None else trial.then.figures[name]
    return [n for n, (a, b) in enumerate(zip(first, then, strict=True)) if a == b]


def _having(draft: Draft, name: str, values: Mapping[int, Fraction]) -> Draft:
    flat = draft.figures[name]
    return draft.having(name, tuple(values.get(n, one) for n, one in enumerate(flat)))


def _changed_alike(near: Flat, before: Flat, after: Flat) -> Flat:
    """Figures changed as others were: doubled, or by as much."""
    if all(b == 2 * a for a, b in zip(before, after, strict=True)):
        return tuple(2 * one for one in near)
    return tuple(one + (b - a) for one, a, b in zip(near, before, after, strict=True))


def _with_digits(value: Fraction, digits: int) -> Fraction:
    """A number with so many digits that are not zero."""
    size = Fraction(10) ** max(len(str(abs(int(value)))) - digits, 0)
    return size * round(value / size)

"""Makes figures that break a claim plainer, as long as they still break it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from engine.refutation.allowed import Flat
from engine.refutation.judging import Judge
from engine.refutation.trial import Bench, Draft, Judged, Trial


def made_smaller(
    bench: Bench, judge: Judge, trial: Trial, judged: Judged, hand: Mapping[str, Flat]
) -> tuple[Trial, Judged]:
    """The figures at hand wherever they do as well, else nothing for most and round numbers.

    Args:
        bench: where it is tried; when its evaluations are used up, what there is will do.
        judge: what tells whether the claim is still broken.
        trial: the figures, and what they are changed to.
        judged: how they break the claim; it is never broken by less.
        hand: the figures at hand.
    """
    smaller = _Smaller(bench, judge, hand, judged.size)
    found = trial, judged
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

    def at_hand(self, trial: Trial, judged: Judged, name: str) -> tuple[Trial, Judged]:
        """The whole statistic as it is at hand, unless it is what the change is about."""
        free = _free(trial, name)
        if len(free) < len(self.hand[name]) or trial.first.figures[name] == self.hand[name]:
            return trial, judged
        return self._tried(trial, judged, name, dict(enumerate(self.hand[name])))

    def plainer(self, trial: Trial, judged: Judged, name: str) -> tuple[Trial, Judged]:
        """Where most figures are as at hand, more of them; else nothing, and round numbers."""
        room, hand, flat = self.bench.rooms[name], self.hand[name], trial.first.figures[name]
        unlike = [n for n in _free(trial, name) if flat[n] != hand[n]]
        if 2 * len(unlike) <= len(flat):
            return self._settled(trial, judged, name, {n: hand[n] for n in unlike})
        found = self._tried(trial, judged, name, {n: hand[n] for n in unlike})
        if found[0] is not trial:
            return found
        found = self._settled(trial, judged, name, dict.fromkeys(unlike, room.low))
        return self._rounded(*found, name)

    def _rounded(self, trial: Trial, judged: Judged, name: str) -> tuple[Trial, Judged]:
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
        return trial, judged

    def _settled(
        self, trial: Trial, judged: Judged, name: str, values: Mapping[int, Fraction]
    ) -> tuple[Trial, Judged]:
        """All the values together, else as many of them as go, by halves."""
        if not values or self.bench.left <= 0:
            return trial, judged
        found = self._tried(trial, judged, name, values)
        if found[0] is not trial or len(values) == 1:
            return found
        places = list(values)
        half = len(places) // 2
        for some in (places[:half], places[half:]):
            found = self._settled(*found, name, {n: values[n] for n in some})
        return found

    def _tried(
        self, trial: Trial, judged: Judged, name: str, values: Mapping[int, Fraction]
    ) -> tuple[Trial, Judged]:
        first = _having(trial.first, name, values)
        then = trial.then and _having(trial.then, name, values)
        changed = Trial(first, then)
        found = self.judge(changed)
        if found is None or found.size < self.size:
            return trial, judged
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

"""Tampers with certificates: one number changed by one, anywhere, and sees who notices.

Run as ``python -m tools.tamper [--count N]``. Every number of the certificate of every ruleset and
example is changed, or so many of them drawn at random, in two ways:

- as it stands: the seal shows it, wherever it is;
- under a new seal, by somebody who knows how a seal is made: the checker must then refuse by its
  arguments alone. What it does not prove it says itself, and docs/certificate.md lists it: numbers
  from outside, such as a figure of a file. Those that a certificate can have changed and still be
  proved are counted apart, by the field they stand in.

A change of a number that the checker claims to prove, and that it accepts, is a hole: exit code 1.
"""

import argparse
import copy
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Final

from attrs import field, frozen

from dsl.findings import errors
from engine.certificate_checker import verdict
from engine.inputs.files import Folder, Recorded
from engine.pipeline import run_ruleset
from engine.records.certificate import certificate_text

ROOT = Path(__file__).parents[1]
FOLDERS: Final = ("examples/*", "rulesets/*/*")

Place = tuple[int | str, ...]

# What a certificate takes from outside and cannot prove, by the field; the reason stands in
# docs/certificate.md. Everything else is a claim.
FROM_OUTSIDE: Final = {
    "about.year": "the budget year: what the certificate is about",
    "about.engine": "the version of the program",
    "inputs.files": "the SHA-256 of a file: compare with the file",
    "inputs.figures.values": "a figure of a file: compare with the file",
    "inputs.recipients.within": "in which area a recipient lies: compare with the register",
    "steps.values": "a value of the rules: compare with the line beside it",
    "steps.rounded.exact": "a fraction before rounding: compare with the line beside it",
    "steps.rounded.unit": "the size that is rounded to: compare with the rules",
    "pots.unit": "the size that parts are rounded to: compare with the rules",
    "pots.lines.takes": "a ceiling of the rules, or a part of the pot: compare with the line",
    "split.by": "that the shares are equal: compare with the line",
    "split.unit": "the size that is rounded to: compare with the rules",
    "split.over": "the scale of weights, of a key that is put together",
    "split.spreadsheet": "the rate for a spreadsheet: any that gives every amount",
    "split.rows.weight": "a weight, of a key that is put together: compare with the line",
    "split.rows.floor": "a floor of the rules: compare with the line",
    "split.rows.ceiling": "a ceiling of the rules: compare with the line",
    "gives.rows.part": "whether a recipient takes part: compare with the line",
}
_ROW: Final = ("code", "weight", "floor", "ceiling", "amount")
_EACH: Final = ("code", "part", "amount")


@frozen
class Tally:
    """What came of the changes in some certificates.

    Attributes:
        sealed: changes without a new seal, and how many of them were refused.
        resealed: changes under a new seal, by whether they were refused.
        accepted: those that were not refused under a new seal, by their field.
        holes: changes that should have been refused.
    """

    sealed: Counter[bool] = field(factory=Counter)
    resealed: Counter[bool] = field(factory=Counter)
    accepted: Counter[str] = field(factory=Counter)
    holes: tuple[str, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.sealed + other.sealed,
            self.resealed + other.resealed,
            self.accepted + other.accepted,
            self.holes + other.holes,
        )


# ---------------------------------------------------------------- a certificate


def certificates() -> Iterator[tuple[str, Any]]:
    """The certificate of every ruleset and example, as data, by its folder."""
    for folder in sorted(path for pattern in FOLDERS for path in ROOT.glob(pattern)):
        if not folder.is_dir():
            continue
        recorded = Recorded(Folder(folder))
        outcome = run_ruleset(recorded)
        if outcome.result is not None and not errors(outcome.findings):
            text = certificate_text(outcome, recorded.seen)
            yield folder.relative_to(ROOT).as_posix(), json.loads(text)


def numbers(data: Any, place: Place = ()) -> Iterator[Place]:
    """Where every number stands, whole or a fraction, and the hash of every file."""
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    for key, one in inner:
        if isinstance(one, dict | list):
            yield from numbers(one, (*place, key))
        elif is_number(one) or place == ("inputs", "files"):
            yield (*place, key)


def is_number(value: Any) -> bool:
    """Whether JSON has a number here; a code of a recipient is a text."""
    if isinstance(value, str):
        return re.fullmatch(r"-?[1-9][0-9]*/[1-9][0-9]*", value) is not None
    return isinstance(value, int) and not isinstance(value, bool)


def field_of(place: Place) -> str:
    """The field of a place, whichever pot, line and recipient it is of."""
    names = [str(key) for key in place if isinstance(key, str)]
    if place[-2:-1] and isinstance(place[-1], int) and "rows" in names:
        columns = _EACH if names[-2:] == ["gives", "rows"] else _ROW
        names.append(columns[place[-1]])
    said = ".".join(names)
    for start in ("split.", "inner.", "outer.", "reduced.", "parts."):
        if start in said:
            said = "split." + said.rpartition(start)[2].removeprefix("split.")
    return said


def known(field_name: str) -> str:
    """The entry of what comes from outside that a field belongs to; empty if it is a claim."""
    wholes = {field_name, field_name.removeprefix("pots.lines.")}
    starts = ("inputs.files", "inputs.recipients.within", "pots.lines.takes")
    wholes |= {start for start in starts if field_name.startswith(start)}
    return next((one for one in FROM_OUTSIDE if one in wholes), "")


def changed(data: Any, place: Place, by: int) -> Any:
    """The same with one number larger or smaller by one."""
    new = copy.deepcopy(data)
    inner = new
    for key in place[:-1]:
        inner = inner[key]
    if place[:2] == ("inputs", "files"):
        inner[place[-1]] = f"{(int(inner[place[-1]], 16) + by) % 16**64:064x}"
        return new
    value = Fraction(inner[place[-1]]) + by
    inner[place[-1]] = value.numerator if value.denominator == 1 else str(value)
    return new


def resealed(data: Any) -> bytes:
    """The certificate under the seal that fits what it says."""
    plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
    return json.dumps({**data, "seal": sha256(plain.encode()).hexdigest()}).encode()


# ---------------------------------------------------------------- changes


def tampered(data: Any, places: Sequence[Place]) -> Tally:
    """Change the numbers at some places, each by one up and one down."""
    tally = Tally()
    for place in places:
        for by in (1, -1):
            new = changed(data, place, by)
            tally.sealed[not verdict(json.dumps(new).encode())[0]] += 1
            refused = not verdict(resealed(new))[0]
            tally.resealed[refused] += 1
            if not refused:
                tally.accepted[known(field_of(place)) or field_of(place)] += 1
                if not known(field_of(place)):
                    tally = tally + Tally(holes=(f"{by:+} at {place}",))
    return tally


def moved(data: Any, chance: Random, count: int) -> Tally:
    """Move a krona between two recipients of a line, in the line and in the pot's sums alike."""
    found = [
        (n, m, rows)
        for n, pot in enumerate(data["pots"])
        for m, line in enumerate(pot["lines"])
        for rows in tables(line["gives"])
        if len(at(line["gives"], rows)) > 1
    ]
    tally = Tally()
    for _ in range(count if found else 0):
        n, m, rows = chance.choice(found)
        new = copy.deepcopy(data)
        pot = new["pots"][n]
        shown = at(pot["lines"][m]["gives"], rows)
        totals = {pair[0]: pair for pair in pot["amounts"]}
        # By the least that the line could have moved: less is no whole unit of it.
        unit = int(at(pot["lines"][m]["gives"], rows[:-1]).get("unit", 1))
        for row, by in zip(chance.sample(shown, 2), (unit, -unit), strict=True):
            row[-1] += by
            totals[row[0]][1] += by
        refused = not verdict(resealed(new))[0]
        tally.resealed[refused] += 1
        if not refused:
            tally = tally + Tally(holes=(f"a krona moved in pot {pot['pot']}, line {m + 1}",))
    return tally


def at(data: Any, place: Place) -> Any:
    """What stands at a place."""
    for key in place:
        data = data[key]
    return data


def tables(gives: Any) -> list[Place]:
    """Where the recipients' own rows stand in what a line gives."""
    if gives["to"] == "shares":
        return [("split", "rows")]
    if gives["to"] == "each":
        return [("rows",)]
    inner = gives.get("inner", ())
    return [("inner", n, "rows") for n, one in enumerate(inner) if one is not None]


# ---------------------------------------------------------------- the command


def report(name: str, tally: Tally) -> str:
    """A line for a ruleset."""
    sealed, resealed_ = tally.sealed, tally.resealed
    return (
        f"{name:40} {sealed[True]:>6} of {sealed.total():>6} refused as they stand, "
        f"{resealed_[True]:>6} of {resealed_.total():>6} under a new seal"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 if a claim could be changed."""
    parser = argparse.ArgumentParser(prog="python -m tools.tamper", description=__doc__)
    parser.add_argument("--count", type=int, help="numbers in each certificate; all if not said")
    parser.add_argument("--moves", type=int, default=100, help="kronor moved in each certificate")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    start, whole, amounts = monotonic(), Tally(), 0
    for name, data in certificates():
        chance = Random(f"{chosen.seed}:{name}")
        places = list(numbers(data))
        if chosen.count is not None:
            places = chance.sample(places, min(chosen.count, len(places)))
        one = tampered(data, places)
        shifted = moved(data, chance, chosen.moves)
        amounts += shifted.resealed.total()
        print(report(name, one), flush=True)
        whole += one + Tally(holes=tuple(f"{name}: {hole}" for hole in shifted.holes))
    print(report("all", whole))
    print(f"{amounts} kronor moved between two recipients under a new seal")
    print(f"{monotonic() - start:.0f} s")
    print("Accepted under a new seal, by the field; none of them is a claim of the checker:")
    for name, count in whole.accepted.most_common():
        print(f"  {count:>6} {name:28} {FROM_OUTSIDE.get(known(name), 'a claim')}")
    unsealed = whole.sealed[False]
    print(f"{len(whole.holes) + unsealed} holes", *whole.holes[:20], sep="\n")
    return 1 if whole.holes or unsealed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Writes a counterexample as a ruleset that runs, or two to compare: rules, registers, figures."""

import csv
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from io import StringIO
from typing import Any
from unicodedata import normalize

from attrs import define, evolve, field

from dsl import syntax as s
from dsl.catalogue import phrase
from dsl.numbers import Language, format_number
from dsl.printer import print_document
from dsl.program import Program
from dsl.registers import Register, folded
from engine.column import Column
from engine.grid import Values
from engine.outcome import Outcome
from engine.proof.amounts import with_amounts
from engine.proof.promises import Claim, Counterexample, Run, Sort

# A number with exactly three decimals could be thousands to a reader of the other language.
AMBIGUOUS = 3

# The longest name of a file of figures.
LONGEST = 60

# The two rulesets of a change: the phrases that are their folders' names.
BOTH = ("before", "after")

# What other figures make untrue, what other files are for, what is about other versions, and
# the decision, which never was about these figures. A broken demand is written as a check.
_LEFT_OUT = s.Check | s.Demand | s.Decision | s.Listing | s.Replaces | s.InForce | s.BuildsOn


def replayed(outcome: Outcome, claim: Claim, found: Counterexample) -> Mapping[str, bytes]:
    """The files of a counterexample, by their paths.

    One folder with rules, figures and registers that runs by itself and shows how the claim
    fails; for a change two folders, whose names are in the rules' own language. The rules are
    those of the outcome, with all that they build on; the decision's own checks and published
    tables, which say what other figures give, are left out, and so are its number and all demands;
    the name and the tables' titles say what it is. The comparison of a demand is a check.

    Args:
        outcome: the run of the ruleset whose claim it is; it has a program.
        claim: what is claimed.
        found: the figures for which it does not hold.
    """
    assert outcome.program is not None
    if found.then is None:
        return _folder(outcome, claim, found.run)
    language = outcome.program.document.language
    runs = zip(BOTH, (found.run, found.then), strict=True)
    return {
        f"{phrase(f'counterexample.{key}', language)}/{path}": data
        for key, run in runs
        for path, data in _folder(outcome, claim, run).items()
    }


def folder_called(claim: Claim, language: Language) -> str:
    """A folder's name that says in a few words what does not hold, in the rules' language."""
    return phrase(f"counterexample.folder_{claim.sort.value}", language)


def shown_places(folder: str, found: Counterexample, language: Language) -> tuple[str, ...]:
    """The rulesets of a counterexample that is written in a folder: one, or two to compare."""
    if found.then is None:
        return (folder,)
    return tuple(f"{folder}/{phrase(f'counterexample.{key}', language)}" for key in BOTH)


def _folder(outcome: Outcome, claim: Claim, run: Run) -> Mapping[str, bytes]:
    assert outcome.program is not None
    writer = _Writer(outcome, outcome.program, run)
    document = writer.document(claim)
    text = print_document(document, document.language)
    name = phrase("counterexample.rules", document.language)
    return {f"{name}.fordela": text.encode(), **writer.files}


@define
class _Writer:
    """One ruleset being written.

    Attributes:
        outcome: the ruleset as it is.
        program: its rules.
        run: the figures and amounts to write.
        files: the files so far, by path.
    """

    outcome: Outcome
    program: Program
    run: Run
    files: dict[str, bytes] = field(factory=dict)

    def document(self, claim: Claim) -> s.Document:
        """The rules with these amounts, and with paths to the files that are written."""
        document = with_amounts(self.program.document, self.run.amounts, self.program.base)
        kept = (one for one in document.statements if not isinstance(one, _LEFT_OUT))
        rules = [self._statement(one) for one in kept]
        if claim.sort is Sort.HOLDS and claim.comparison is not None:
            one = claim.comparison
            rules.append(s.Check(one.left, one.relation, one.right))
        return evolve(document, statements=tuple(rules))

    def _statement(self, statement: s.Statement) -> s.Statement:
        match statement:
            case s.RulesetName(text=text):
                return evolve(statement, text=self._titled(text))
            case s.Recipients(path=str(path)):
                data = self.outcome.files_at(statement.span).read(path)
                return evolve(statement, path=self._placed(path, data))
            case s.Statistic():
                return self._statistic(statement)
            case s.Table(title, parts):
                shown = tuple(part for part in parts if not isinstance(part, s.Facit))
                return evolve(statement, title=self._titled(title), parts=shown)
        return statement

    def _titled(self, title: str) -> str:
        """A title that nobody takes for the decision's, also where it is copied from the page."""
        return phrase("counterexample.title", self.program.document.language, name=title)

    # ------------------------------------------------------------ figures

    def _statistic(self, statistic: s.Statistic) -> s.Statistic:
        """A statistic from its own file where nothing is changed, else from a new one."""
        if self._as_at_hand(statistic):
            parts = tuple(map(self._part, statistic.parts))
            return evolve(statistic, parts=parts)
        language = self.program.document.language
        path = self._placed(f"data/{_slug(statistic.name.text)}.csv", self._table(statistic))
        said = s.Citation(phrase("counterexample.source", language))
        rules = (one for one in statistic.parts if isinstance(one, s.Bound | s.SumsTo | s.Growth))
        return evolve(statistic, parts=(s.FromFile(path), said, *rules))

    def _as_at_hand(self, statistic: s.Statistic) -> bool:
        """Whether the figures are those of the ruleset's file."""
        known = self.outcome.figures.get(statistic.name.text)
        from_file = any(isinstance(part, s.FromFile) for part in statistic.parts)
        same = known is not None and known.column == self.run.figures[statistic.name.text]
        return from_file and same

    def _part(self, part: Any) -> Any:
        if not isinstance(part, s.FromFile):
            return part
        data = self.outcome.files_at(part.span).read(part.path)
        return evolve(part, path=self._placed(part.path, data))

    def _placed(self, path: str, data: bytes) -> str:
        """Put a file in the folder, under another name where another file has its name."""
        stem, dot, ending = path.rpartition(".")
        number = 1
        while self.files.get(path, data) != data:
            number += 1
            path = f"{stem}-{number}{dot}{ending}"
        self.files[path] = data
        return path

    def _table(self, statistic: s.Statistic) -> bytes:
        """The figures as a table: a row for each recipient and combination of members."""
        language = self.program.document.language
        register = self.program.registers[statistic.noun or self.program.noun]
        axes = self.program.grids.get(statistic.name.text, ())
        whom = ("code", "name") if statistic.per_recipient else ()
        figure = _free(phrase("counterexample.figure", language), axes)
        keys = [phrase(f"counterexample.{one}", language) for one in whom]
        text = StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\n")
        writer.writerow([*keys, *axes, figure])
        values = self.run.figures[statistic.name.text]
        for members, column in _columns(values):
            recipients = _rows(register) if statistic.per_recipient else [()]
            for row, value in zip(recipients, column.values, strict=True):
                writer.writerow([*row, *members, _written(value, statistic, language)])
        return text.getvalue().encode()


def _columns(values: Values) -> Iterator[tuple[tuple[str, ...], Column]]:
    if isinstance(values, Column):
        yield (), values
    else:
        yield from values.columns.items()


def _rows(register: Register) -> list[tuple[str, ...]]:
    return [(one.code, one.name) for one in register.recipients]


def _free(heading: str, axes: tuple[str, ...]) -> str:
    """A heading that is no axis."""
    taken = {folded(one) for one in axes}
    return heading if folded(heading) not in taken else f"{heading} 2"


def _written(value: Fraction, statistic: s.Statistic, language: Language) -> str:
    """A figure as a file has it: before growth, in the statistic's unit, with all its decimals."""
    before = value / (statistic.growth or 1)
    shown = before * 100 if statistic.unit == ("percent",) else before
    text = format_number(shown, language, blank="").replace("\u2212", "-")
    mark = "," if language == "sv" else "."
    return f"{text}0" if len(text.partition(mark)[2]) == AMBIGUOUS else text


def _slug(name: str) -> str:
    """A file's name made of letters and digits that every computer knows."""
    spaced = normalize("NFKD", re.sub(r"[\W_]+", "-", name))
    plain = spaced.encode("ascii", "ignore").decode().casefold()
    return plain.strip("-")[:LONGEST] or "x"

"""Rules that are read once give on every day and in every scenario what they give alone."""

from datetime import date
from pathlib import Path

import pytest
from attrs import field, frozen

from engine.inputs.files import Files, Folder, Memory
from engine.inputs.stack import AS_IS, Variant
from engine.outcome import Outcome
from engine.pipeline import open_ruleset, run_ruleset, run_variant
from tests.desk.test_commands import fordela

ROOT = Path(__file__).parents[2]
EXAMPLES = [
    path.parent
    for kind in ("regler", "rules")
    for path in sorted((ROOT / "examples").rglob(f"{kind}.md"))
]
HEAD = "budgetår {year}\nbeslut N{n}, {year}-01-02\n"
RULES = {
    "2025/grund": "regelverk Grund\n"
    + HEAD.format(year=2025, n=1)
    + """mottagare mottagare, från data/mottagare.csv
avrunda till 1 kr, största rest
underlag barn, antal per mottagare
  från data/barn.csv
  källa påhittade tal
pott P = 1 000 kr
  allt efter barn
ändring från 2025-03-01
ändra pott P = 2 000 kr
""",
    "2025/pa": "regelverk På\n"
    + HEAD.format(year=2025, n=2)
    + """bygger på grund
ändring från 2025-09-01
ändra underlag barn
  från data/nya.csv
om Hälften
ändra pott P = 500 kr
om Lika
ändra pott P
  resten lika till varje mottagare
""",
    "2026/nasta": "regelverk Nästa\n" + HEAD.format(year=2026, n=3) + "bygger på 2025/pa\n",
}
DATA = {
    "mottagare.csv": "kod,namn\nA,Alby\nB,Berga\n",
    "barn.csv": "kod,namn,barn\nA,Alby,100\nB,Berga,300\n",
    "nya.csv": "kod,namn,barn\nA,Alby,300\nB,Berga,100\n",
}
CONTENTS = {
    f"{folder}/{path}": text.encode()
    for folder, rules in RULES.items()
    for path, text in {
        "regler.fordela": rules,
        **{f"data/{name}": text for name, text in DATA.items()},
    }.items()
}


@frozen
class Counted:
    """Files that count how often each of them is read, also beside them."""

    files: Files
    counts: dict[str, int] = field(factory=dict)

    def read(self, path: str) -> bytes:
        shown = self.files.shown(path)
        self.counts[shown] = self.counts.get(shown, 0) + 1
        return self.files.read(path)

    def shown(self, path: str) -> str:
        return self.files.shown(path)

    def paths(self) -> tuple[str, ...]:
        return self.files.paths()

    def sibling(self, name: str) -> "Counted":
        return Counted(self.files.sibling(name), self.counts)

    @property
    def name(self) -> str:
        return self.files.name

    def siblings(self) -> tuple[str, ...]:
        return self.files.siblings()


def variants_of(files: Files) -> list[Variant]:
    rules = open_ruleset(files).rules
    assert rules is not None
    earlier = [variant for _, variant in rules.earlier]
    scenarios = rules.own.scenarios
    both = [Variant(one.at, name) for one in earlier for name in scenarios]
    return [AS_IS, *earlier, *(Variant(scenario=name) for name in scenarios), *both]


def alike(one: Outcome, other: Outcome) -> bool:
    """Whether two runs say, compute and show the same, at the same places."""
    said = [
        (run.findings, run.checks, run.tables, run.plan, run.variant, run.figures)
        for run in (one, other)
    ]
    places = [
        [(name, figures.spans, figures.register.within) for name, figures in run.figures.items()]
        for run in (one, other)
    ]
    ledgers = [run.result.ledger if run.result else None for run in (one, other)]
    return said[0] == said[1] and places[0] == places[1] and ledgers[0] == ledgers[1]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_read_once_a_ruleset_gives_what_it_gives_alone(folder: Path) -> None:
    opened = open_ruleset(Folder(folder))
    variants = variants_of(Folder(folder))
    for variant in (*variants, *reversed(variants)):
        assert alike(run_variant(opened, variant), run_ruleset(Folder(folder), variant=variant))


@pytest.mark.parametrize("name", RULES)
def test_read_once_a_ruleset_on_others_gives_what_it_gives_alone(name: str) -> None:
    opened = open_ruleset(Memory(CONTENTS, name))
    variants = variants_of(Memory(CONTENTS, name))
    for variant in (*variants, *reversed(variants)):
        alone = run_ruleset(Memory(CONTENTS, name), variant=variant)
        assert alone.result is not None
        assert alike(run_variant(opened, variant), alone)


def test_rules_and_figures_are_read_once_for_all_variants() -> None:
    variants = variants_of(Memory(CONTENTS, "2025/pa"))
    assert len(variants) == 9
    files = Counted(Memory(CONTENTS, "2025/pa"))
    opened = open_ruleset(files)
    run_variant(opened)
    once = dict(files.counts)
    assert {"regler.fordela", "../grund/regler.fordela", "data/nya.csv"} <= once.keys()
    for variant in variants:
        run_variant(opened, variant)
    again = {path for path, count in files.counts.items() if count > once.get(path, 0)}
    # Only the list of recipients is read for each, and the earlier figures, for the first.
    assert again == {"../grund/data/mottagare.csv", "../grund/data/barn.csv"}
    assert files.counts["../grund/data/barn.csv"] == 1


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("2025/pa", date(2025, 2, 28), (250, 750)),
        ("2025/pa", date(2025, 3, 1), (500, 1500)),
        ("2025/pa", date(2025, 8, 31), (500, 1500)),
        ("2025/pa", date(2025, 9, 1), (1500, 500)),
        # Another year's rules hold with all their changes, and those that they build on too.
        ("2026/nasta", date(2025, 1, 2), (1500, 500)),
    ],
)
def test_changes_below_come_into_force_on_their_days(
    name: str, at: date, expected: tuple[int, ...]
) -> None:
    outcome = run_ruleset(Memory(CONTENTS, name), variant=Variant(at=at))
    assert outcome.result is not None
    assert outcome.result.ledger.of_pot("P") == expected


def test_check_tries_the_days_of_what_a_ruleset_builds_on(tmp_path: Path) -> None:
    for path, data in CONTENTS.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    printed = fordela("check", tmp_path / "2025/pa").stdout
    assert [day for day in ("2025-02-28", "2025-03-01", "2025-09-01") if day in printed] == [
        "2025-02-28",
        "2025-03-01",
    ]
    assert "2025" not in fordela("check", tmp_path / "2026/nasta").stdout.splitlines()[-1]

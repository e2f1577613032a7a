"""Rulesets over the years: drafts, locks, versions within a year, changes from a day, scenarios."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl import syntax as s
from dsl.document import read_document
from dsl.overlay import in_force, layers
from dsl.printer import print_document
from engine.column import Column
from engine.inputs.files import Folder, Memory
from engine.inputs.stack import AS_IS, Variant
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.records.lock import LOCK_FILE
from engine.records.versions import version_in_force, versions_of
from tests.desk.test_commands import fordela

ROOT = Path(__file__).parents[1]
RECIPIENTS = "kod,namn\nA,Alby\nB,Berga\nC,Centrum\n"
FIGURES = "kod,namn,barn\nA,Alby,100\nB,Berga,200\nC,Centrum,700\n"
RULES = """regelverk Stöd 2025
budgetår 2025
beslut N1, 2025-01-15
mottagare mottagare, från data/mottagare.csv
övriga mottagare SKR
avrunda till 1 kr, största rest
underlag barn, antal per mottagare
  från data/barn.csv
  källa påhittade tal
pott P = 1 000 kr
  100 kr till SKR
  resten efter barn
kontroll summan till SKR = 100 kr
"""
FILES = {"regler.fordela": RULES, "data/mottagare.csv": RECIPIENTS, "data/barn.csv": FIGURES}


def ran(more: str, variant: Variant = AS_IS, chosen: str = "2025/stod", **others: str) -> Outcome:
    """The ruleset with more lines, beside others: ``name`` → rules that use the same figures."""
    rulesets = {"2025/stod": {**FILES, "regler.fordela": RULES + more}}
    rulesets |= {f"2025/{name}": {**FILES, "regler.fordela": text} for name, text in others.items()}
    contents = {
        f"{folder}/{path}": text.encode()
        for folder, files in rulesets.items()
        for path, text in files.items()
    }
    return run_ruleset(Memory(contents, chosen), variant=variant)


def amounts(outcome: Outcome, pot: str = "P") -> tuple[int, ...] | None:
    assert outcome.result is not None, [one.code for one in outcome.findings]
    return outcome.result.ledger.of_pot(pot)


def codes(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.findings]


# ---------------------------------------------------------------- one statement over another


def test_a_changed_pot_keeps_the_lines_that_are_not_said_again() -> None:
    more = "om Mer\nändra pott P = 2 000 kr\n"
    assert amounts(ran(more, Variant(scenario="Mer"))) == (190, 380, 1330)


def test_a_pot_that_is_said_whole_takes_the_others_place() -> None:
    more = "om Hel\npott P = 500 kr\n  allt efter barn\n"
    outcome = ran(more, Variant(scenario="Hel"))
    assert amounts(outcome) == (50, 100, 350)
    assert outcome.result is not None
    assert outcome.result.ledger.to_other("SKR") == 0


def test_a_line_is_found_by_where_its_money_goes() -> None:
    more = "om Mer till SKR\nändra pott P\n  400 kr till SKR\n"
    assert amounts(ran(more, Variant(scenario="Mer till SKR"))) == (60, 120, 420)


def test_a_rest_takes_the_place_of_the_rest() -> None:
    more = "om Lika\nändra pott P\n  resten lika till varje mottagare\n"
    assert amounts(ran(more, Variant(scenario="Lika"))) == (300, 300, 300)


def test_a_pot_may_be_changed_twice_in_a_section() -> None:
    more = "om Mer\nändra pott P = 2 000 kr\nändra pott P\n  200 kr till SKR\n"
    assert amounts(ran(more, Variant(scenario="Mer"))) == (180, 360, 1260)


def test_lines_of_one_change_do_not_take_each_others_places() -> None:
    more = "om Två\nändra pott P\n  200 kr till SKR\n  300 kr till Alby\n  50 kr till Alby\n"
    assert amounts(ran(more, Variant(scenario="Två"))) == (395, 90, 315)
    outcome = ran(more, Variant(scenario="Två"))
    assert outcome.result is not None
    assert outcome.result.ledger.to_other("SKR") == 200


def test_all_lines_to_a_destination_are_changed_together() -> None:
    pot = "pott Q = 100 kr\n  10 kr till SKR\n  20 kr till SKR\n  resten efter barn\n"
    more = pot + "om A\nändra pott Q\n  50 kr till SKR\nom B\nändra pott Q\n  stryk till SKR\n"
    assert amounts(ran(more, Variant(scenario="A")), "Q") == (5, 10, 35)
    assert amounts(ran(more, Variant(scenario="B")), "Q") == (10, 20, 70)


def test_only_the_last_of_several_rests_gives_way_to_another() -> None:
    pot = "pott Q = 100 kr\n  resten till SKR, högst 40 kr\n  resten efter barn\n"
    more = pot + "om A\nändra pott Q\n  resten lika till varje mottagare\n"
    more += "om B\nändra pott Q\n  resten till SKR, högst 70 kr\n"
    assert amounts(ran(more, Variant(scenario="A")), "Q") == (20, 20, 20)
    assert amounts(ran(more, Variant(scenario="B")), "Q") == (3, 6, 21)


def test_a_section_with_a_damaged_head_is_no_part_of_the_ruleset() -> None:
    more = "ändring från 1 juli 2025\nändra pott P = 2 000 kr\npott P = 5 kr\n"
    assert codes(ran(more)) == ["F031"]


def test_a_line_can_be_deleted() -> None:
    more = "om Utan SKR\nändra pott P\n  stryk till SKR\n"
    assert amounts(ran(more, Variant(scenario="Utan SKR"))) == (100, 200, 700)


def test_a_new_line_is_added() -> None:
    more = "om Tillägg\nändra pott P\n  30 kr till Alby\n"
    assert amounts(ran(more, Variant(scenario="Tillägg"))) == (117, 174, 609)


def test_a_statement_can_be_deleted() -> None:
    more = "pott Q = 10 kr\n  allt efter barn\nom En pott\nstryk pott Q\n"
    usual, without = ran(more), ran(more, Variant(scenario="En pott"))
    assert amounts(usual, "Q") == (1, 2, 7)
    assert without.program is not None
    assert [pot.name.text for pot in without.program.pots] == ["P"]


@pytest.mark.parametrize("changed", ["2 kr till R{}", "stryk till R{}", "stryk till S{}"])
def test_thousands_of_changed_lines_take_no_more_than_moments(changed: str) -> None:
    numbers = range(3_000)
    lines = "".join(f"  1 kr till R{n}\n" for n in numbers)
    changes = "".join(f"  {changed.format(n)}\n" for n in numbers)
    text = f"{RULES}pott Q = 5 000 kr\n{lines}  resten till SKR\n"
    document = read_document("r", f"{text}om M\nändra pott Q\n{changes}".encode()).document
    laid, findings = in_force(layers(document), None, "M")
    pot = laid.statements[-1]
    assert isinstance(pot, s.Pot)
    assert len(pot.parts) == (1 if changed == "stryk till R{}" else 3_001)
    assert len(findings) == (3_000 if "S" in changed else 0)


@pytest.mark.parametrize("kind", ["värde", "belopp", "trappa", "underlag"])
def test_only_what_is_of_the_kind_that_is_said_is_left_out(kind: str) -> None:
    more = f"om Utan\nstryk {kind} P\npott Q = 1 kr\n  allt efter barn\n"
    assert "F701" in codes(ran(more, Variant(scenario="Utan")))


def test_a_changed_check_takes_the_place_only_of_one_that_says_the_same() -> None:
    # The pot gives SKR 100 kr, so that only what is at most 80 kr does not hold.
    usual = "kontroll summan till SKR ≥ 99 kr\nkontroll summan till SKR ≤ 80 kr\n"
    section = "ändring från 2025-02-01\n"
    assert codes(ran(usual)) == ["F601"]
    assert codes(ran(f"{usual}{section}kontroll summan till SKR ≤ 120 kr\n")) == []
    assert codes(ran(f"{usual}{section}kontroll summan till SKR ≥ 50 kr\n")) == ["F601"]
    assert codes(ran(f"{usual}{section}stryk kontroll summan till SKR\n")) == []


def test_scenarios_have_names_that_differ_by_more_than_capitals() -> None:
    more = "om Mer\nändra pott P = 2 000 kr\nom mer\nändra pott P = 3 000 kr\n"
    assert codes(ran(more)) == ["F703"]
    named_as_a_day = "om 2025-07-01\nändra pott P = 2 000 kr\n"
    named_as_a_day += "ändring från 2025-07-01\nändra pott P = 3 000 kr\n"
    assert codes(ran(named_as_a_day)) == []


def test_a_scenario_has_only_its_own_checks() -> None:
    more = "om Mer\nändra pott P\n  150 kr till SKR\nkontroll summan av P = 1 kr\n"
    assert codes(ran(more)) == []
    assert codes(ran(more, Variant(scenario="Mer"))) == ["F601"]


def test_figures_grow_exactly() -> None:
    more = "värde a = barn\nom Tillväxt\nändra underlag barn\n  växer med 3,5 %\n"
    outcome = ran(more, Variant(scenario="Tillväxt"))
    assert outcome.result is not None
    assert outcome.result.values["barn"] == Column((207, 414, 1449), 2)
    assert amounts(outcome) == (90, 180, 630)


def test_a_scenario_leaves_the_ruleset_as_it_is() -> None:
    assert amounts(ran("om Mer\nändra pott P = 2 000 kr\n")) == (90, 180, 630)


# ---------------------------------------------------------------- from a day

CHANGES = """ändring från 2025-09-01
ändra pott P
  500 kr till SKR
kontroll summan till SKR = 500 kr
ändring från 2025-05-01
ändra pott P = 2 000 kr
"""


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 4, 30), (90, 180, 630)),
        (date(2025, 5, 1), (190, 380, 1330)),
        (date(2025, 8, 31), (190, 380, 1330)),
        (date(2025, 9, 1), (150, 300, 1050)),
        (None, (150, 300, 1050)),
    ],
)
def test_changes_come_into_force_in_order_of_their_days(
    day: date | None, expected: tuple[int, ...]
) -> None:
    assert amounts(ran(CHANGES, Variant(at=day))) == expected


def test_check_finds_what_is_wrong_in_any_variant(tmp_path: Path) -> None:
    folder = written(tmp_path / "2025/stod", RULES + "om Fel\nändra pott P\n  60 % efter barn\n")
    assert fordela("run", folder).exit_code == 0
    checked = fordela("check", folder)
    assert checked.exit_code == 1
    assert "✗ scenariot Fel: något måste åtgärdas" in checked.stdout
    assert "scenariot Fel:\n" in checked.stderr


# ---------------------------------------------------------------- building on another

ON_TOP = """regelverk Stöd 2026
budgetår 2025
bygger på stod
"""


def test_what_is_not_said_is_taken_from_below() -> None:
    outcome = ran("", chosen="2025/nytt", nytt=ON_TOP + "ändra pott P = 1 100 kr\n")
    assert amounts(outcome) == (100, 200, 700)
    assert outcome.program is not None
    assert outcome.program.name == "Stöd 2026"
    assert outcome.program.decision == ""


def test_what_is_below_holds_with_all_its_changes() -> None:
    assert amounts(ran(CHANGES, chosen="2025/nytt", nytt=ON_TOP)) == (150, 300, 1050)


def test_on_a_day_the_rules_below_hold_as_of_that_day() -> None:
    variant = Variant(at=date(2025, 4, 30))
    assert amounts(ran(CHANGES, variant, "2025/nytt", nytt=ON_TOP)) == (90, 180, 630)
    next_year = ON_TOP.replace("budgetår 2025", "budgetår 2026")
    assert amounts(ran(CHANGES, variant, "2025/nytt", nytt=next_year)) == (150, 300, 1050)


def test_a_path_is_in_the_folder_of_the_ruleset_that_says_it(tmp_path: Path) -> None:
    written(tmp_path / "2025/stod", RULES)
    folder = tmp_path / "2025/nytt"
    folder.mkdir()
    more = "ändra underlag barn\n  från data/nya.csv\n"
    (folder / "regler.fordela").write_text(ON_TOP + more, encoding="utf-8")
    (folder / "data").mkdir()
    new = FIGURES.replace("100", "1000")
    (folder / "data/nya.csv").write_text(new, encoding="utf-8")
    assert amounts(run_ruleset(Folder(folder))) == (474, 95, 331)
    merged = fordela("rules", folder).stdout
    assert "mottagare mottagare, från ../stod/data/mottagare.csv" in merged
    assert "från data/nya.csv" in merged


def test_the_merged_rules_are_rules(tmp_path: Path) -> None:
    folder = written(tmp_path / "2025/stod", RULES + CHANGES)
    printed = fordela("rules", folder).stdout
    reading = read_document("regler.fordela", printed.encode())
    assert reading.findings == ()
    assert amounts(ran_alone(printed)) == (150, 300, 1050)
    english = fordela("rules", folder, "--to", "en").stdout
    assert read_document("rules.fordela", english.encode()).document == reading.document


def ran_alone(rules: str) -> Outcome:
    files = {**FILES, "regler.fordela": rules}
    return run_ruleset(Memory({name: text.encode() for name, text in files.items()}))


def test_mistakes_below_are_shown_in_their_own_file() -> None:
    broken = RULES.replace("resten efter barn", "resten efter bran")
    files = {"2025/stod/regler.fordela": broken, "2025/nytt/regler.fordela": ON_TOP}
    files |= {f"2025/stod/{name}": FILES[name] for name in FILES if name.startswith("data")}
    contents = {name: text.encode() for name, text in files.items()}
    outcome = run_ruleset(Memory(contents, "2025/nytt"))
    assert codes(outcome) == ["F101"]
    assert outcome.findings[0].span.file == "../stod/regler.fordela"


# ---------------------------------------------------------------- adopting


def written(folder: Path, rules: str) -> Path:
    for name, text in {**FILES, "regler.fordela": rules}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def adopted(tmp_path: Path) -> Path:
    folder = written(tmp_path / "2025/stod", RULES)
    result = fordela("adopt", folder)
    assert result.exit_code == 0, result.stderr
    return folder


def test_adopting_locks_everything_that_was_read(adopted: Path) -> None:
    lock = json.loads((adopted / LOCK_FILE).read_text(encoding="utf-8"))
    assert set(lock["files"]) == set(FILES)
    assert lock["adopted"] == "2025-01-15"
    assert lock["pots"]["P"] == {
        "recipients": {"A": 90, "B": 180, "C": 630},
        "others": {"SKR": 100},
    }
    assert fordela("check", adopted).exit_code == 0
    assert "samma kronor" in fordela("verify", adopted).stdout
    assert "fastställt 2025-01-15" in fordela("run", adopted).stdout


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("verb", ["check", "run", "verify"])
def test_a_changed_byte_is_refused_with_its_file_and_line(
    adopted: Path, name: str, verb: str
) -> None:
    path = adopted / name
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace("\n", " \n")
    path.write_text("".join(lines), encoding="utf-8")
    result = fordela(verb, adopted)
    assert result.exit_code == 1
    assert f"fel[F708]: {name} har ändrats" in " ".join(result.stderr.split())
    assert f"{name}:3:1" in result.stderr
    assert "Alby" not in result.stdout


@given(st.integers(min_value=0), st.sampled_from(sorted(FILES)))
def test_any_changed_byte_is_found(place: int, name: str) -> None:
    contents = {f"2025/stod/{path}": text.encode() for path, text in FILES.items()}
    contents[f"2025/stod/{LOCK_FILE}"] = lock_bytes()
    data = bytearray(contents[f"2025/stod/{name}"])
    data[place % len(data)] ^= 1
    contents[f"2025/stod/{name}"] = bytes(data)
    assert "F708" in codes(run_ruleset(Memory(contents, "2025/stod")))


def lock_bytes() -> bytes:
    from engine.records.lock import lock_of, lock_text

    outcome = ran("")
    assert outcome.result is not None
    read = {path: text.encode() for path, text in FILES.items()}
    return lock_text(lock_of(outcome.result, "regler.fordela", read, date(2025, 1, 15))).encode()


ADOPTED = sorted(path.parent for path in (ROOT / "rulesets").rglob(LOCK_FILE))


def test_the_decisions_that_were_made_are_locked() -> None:
    assert [path.relative_to(ROOT / "rulesets").as_posix() for path in ADOPTED] == [
        "2023/okad-tillganglighet",
        "2024/god-och-nara-vard",
        "2024/okad-tillganglighet",
    ]


@pytest.mark.parametrize("folder", ADOPTED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_an_adopted_decision_gives_the_kronor_that_it_gave(folder: Path) -> None:
    outcome = run_ruleset(Folder(folder))
    assert outcome.lock is not None
    assert outcome.result is not None
    assert not {"F708", "F709", "F710", "F711"} & set(codes(outcome))


@pytest.mark.parametrize("folder", ADOPTED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_changed_byte_of_an_adopted_decision_is_refused(folder: Path, tmp_path: Path) -> None:
    rulesets = tmp_path / "rulesets"
    shutil.copytree(ROOT / "rulesets", rulesets)
    copy = rulesets / folder.relative_to(ROOT / "rulesets")
    lock = json.loads((copy / LOCK_FILE).read_text(encoding="utf-8"))
    assert len(lock["files"]) >= 4
    for name in lock["files"]:
        path = copy / name
        before = path.read_bytes()
        lines = before.split(b"\n")
        lines[3] = lines[3] + b" "
        path.write_bytes(b"\n".join(lines))
        result = fordela("check", copy)
        assert result.exit_code == 1
        assert f"{Path(name).as_posix()}:4:1" in result.stderr
        path.write_bytes(before)
    assert fordela("check", copy).exit_code == 0


def test_lines_that_are_gone_or_new_are_pointed_at(adopted: Path) -> None:
    path = adopted / "data/barn.csv"
    path.write_text(FIGURES.replace("B,Berga,200\n", ""), encoding="utf-8")
    assert "här saknas rader (1)" in fordela("check", adopted).stderr
    path.write_text(FIGURES + "D,Dalby,1\n", encoding="utf-8")
    assert "ny rad" in fordela("check", adopted).stderr


def test_nothing_is_adopted_twice_or_with_errors(adopted: Path, tmp_path: Path) -> None:
    before = (adopted / LOCK_FILE).read_bytes()
    assert fordela("adopt", adopted).exit_code == 2
    assert (adopted / LOCK_FILE).read_bytes() == before
    wrong = RULES.replace("= 100 kr", "= 101 kr")
    broken = written(tmp_path / "2025/fel", wrong)
    assert fordela("adopt", broken).exit_code == 1
    assert not (broken / LOCK_FILE).exists()


def test_a_lock_is_for_one_rule_file(adopted: Path) -> None:
    other = adopted / "ny.fordela"
    other.write_text(RULES.replace("1 000 kr", "2 000 kr"), encoding="utf-8")
    result = fordela("run", other)
    assert result.exit_code == 0
    assert "fastställt" not in result.stdout
    assert "fastställt" in fordela("run", adopted).stdout


def test_an_adoption_has_a_day(tmp_path: Path) -> None:
    folder = written(tmp_path / "2025/stod", RULES.replace("beslut N1, 2025-01-15\n", ""))
    assert fordela("adopt", folder).exit_code == 2
    assert fordela("adopt", folder, "--date", "2025-13-01").exit_code == 2
    assert fordela("adopt", folder, "--date", "2025-02-01").exit_code == 0
    assert "fastställt 2025-02-01" in fordela("run", folder).stdout


@given(st.binary(max_size=60))
def test_a_damaged_lock_is_a_finding(data: bytes) -> None:
    contents = {f"2025/stod/{path}": text.encode() for path, text in FILES.items()}
    contents[f"2025/stod/{LOCK_FILE}"] = data
    assert codes(run_ruleset(Memory(contents, "2025/stod"))) == ["F710"]


ODD: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "\ud800",
    [],
    ["x"],
    {},
    {"x": 1},
    {"x": {}},
    10**400,
)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:10])
def test_an_odd_value_anywhere_in_a_lock_is_a_finding(odd: object, tmp_path: Path) -> None:
    folder = written(tmp_path / "2025/stod", RULES)
    whole = json.loads(lock_bytes())
    for place in places_in(whole):
        lock = json.loads(lock_bytes())
        reduce(lambda data, key: data[key], place[:-1], lock)[place[-1]] = odd
        (folder / LOCK_FILE).write_text(json.dumps(lock), encoding="utf-8")
        assert fordela("run", folder).exit_code in {0, 1}, (place, odd)


def places_in(data: object) -> Iterator[tuple[str, ...]]:
    for key, inner in data.items() if isinstance(data, dict) else ():
        yield (key,)
        yield from ((key, *place) for place in places_in(inner))


def test_a_lock_holds_through_a_chain_of_rulesets(tmp_path: Path) -> None:
    written(tmp_path / "2025/stod", RULES)
    second = written(tmp_path / "2025/stod-2", SECOND)
    third = "regelverk T\nbudgetår 2026\nbeslut N3, 2026-01-15\nbygger på 2025/stod-2\n"
    folder = tmp_path / "2026/stod-3"
    folder.mkdir(parents=True)
    (folder / "regler.fordela").write_text(third, encoding="utf-8")
    for one in (second, folder):
        assert fordela("adopt", one).exit_code == 0
        assert fordela("check", one).exit_code == 0
    names = json.loads((folder / LOCK_FILE).read_text(encoding="utf-8"))["files"]
    assert "../../2025/stod/data/barn.csv" in names
    (tmp_path / "2025/stod/data/barn.csv").write_text(FIGURES.replace("700", "800"))
    assert "F708" in fordela("check", folder).stderr


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../../x", "../x", "a/../../b", "", "..", "../../2025/x/../../y"]
)
def test_a_lock_cannot_point_outside(path: str) -> None:
    lock = json.loads(lock_bytes())
    lock["files"][path] = {"sha256": "0" * 64, "lines": ""}
    contents = {f"2025/stod/{name}": text.encode() for name, text in FILES.items()}
    contents[f"2025/stod/{LOCK_FILE}"] = json.dumps(lock).encode()
    assert codes(run_ruleset(Memory(contents, "2025/stod"))) in (["F709"], ["F710"])


# ---------------------------------------------------------------- versions within a year

SECOND = """regelverk Stöd 2025, ändrat
budgetår 2025
beslut N2, 2025-06-10
bygger på stod
ersätter stod
ändra pott P = 1 100 kr
"""
THIRD = SECOND.replace("N2, 2025-06-10", "N3, 2025-10-01").replace(
    "ersätter stod", "ersätter andra"
)


def family() -> Memory:
    texts = {"stod": RULES, "andra": SECOND, "tredje": THIRD}
    contents = {
        f"2025/{name}/{path}": text.encode()
        for name, rules in texts.items()
        for path, text in {**FILES, "regler.fordela": rules}.items()
    }
    return Memory(contents, "2025/andra")


def test_versions_stand_in_order_of_their_days() -> None:
    for name in ("stod", "andra", "tredje"):
        found = versions_of(Memory(family().contents, f"2025/{name}"))
        assert [one.name for one in found] == ["stod", "andra", "tredje"]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2025, 1, 14), None),
        (date(2025, 1, 15), "stod"),
        (date(2025, 6, 9), "stod"),
        (date(2025, 6, 10), "andra"),
        (date(2026, 1, 1), "tredje"),
    ],
)
def test_a_day_has_one_version(day: date, name: str | None) -> None:
    found = version_in_force(family(), day)
    assert (found and found.name) == name


def test_run_at_a_day_takes_the_version_in_force(tmp_path: Path) -> None:
    first = written(tmp_path / "2025/stod", RULES)
    second = tmp_path / "2025/andra"
    second.mkdir()
    (second / "regler.fordela").write_text(SECOND, encoding="utf-8")
    for folder in (first, second):
        assert fordela("run", folder, "--at", "2025-06-09").stdout.startswith("Stöd 2025\n")
        later = fordela("run", folder, "--at", "2025-06-10")
        assert later.stdout.startswith("Stöd 2025, ändrat\n")
        assert re.search(r"Summa\s+1\s000", later.stdout)
    early = fordela("run", first, "--at", "2025-01-01")
    assert early.exit_code == 2
    assert "2025-01-15" in early.stderr
    assert "N701" in fordela("run", first).stderr


@pytest.mark.parametrize("rules", ["", "\n", "# inga regler\n", "regelverk\n"])
def test_a_version_without_rules_has_findings_though_it_is_replaced(rules: str) -> None:
    second = SECOND.replace("bygger på stod\n", "").encode()
    contents = {"2025/stod/regler.fordela": rules.encode(), "2025/stod-2/regler.fordela": second}
    assert run_ruleset(Memory(contents, "2025/stod")).findings


def test_a_change_may_begin_on_the_first_day_there_is(tmp_path: Path) -> None:
    more = "ändring från 0001-01-01\nändra pott P = 2 000 kr\n"
    result = fordela("check", written(tmp_path / "2025/stod", RULES + more))
    assert result.exit_code == 0, result.stderr


def test_a_version_is_replaced_when_its_successor_is_adopted(tmp_path: Path) -> None:
    first = written(tmp_path / "2025/stod", RULES)
    second = written(tmp_path / "2025/andra", SECOND)

    def statuses() -> list[str]:
        data = json.loads(fordela("versions", tmp_path, "--format", "json").stdout)
        return [one["status"] for one in data["versions"]]

    assert statuses() == ["draft", "draft"]
    assert fordela("adopt", first).exit_code == 0
    assert statuses() == ["adopted", "draft"]
    assert fordela("adopt", second).exit_code == 0
    assert statuses() == ["replaced", "adopted"]


def test_a_version_built_on_a_locked_one_guards_its_files_too(tmp_path: Path) -> None:
    first = written(tmp_path / "2025/stod", RULES)
    second = tmp_path / "2025/andra"
    second.mkdir()
    (second / "regler.fordela").write_text(SECOND, encoding="utf-8")
    assert fordela("adopt", second).exit_code == 0
    barn = first / "data/barn.csv"
    barn.write_text(FIGURES.replace("700", "701"), encoding="utf-8")
    result = fordela("check", second)
    assert result.exit_code == 1
    assert "stod/data/barn.csv:4:1" in result.stderr


# ---------------------------------------------------------------- next year's draft


@pytest.mark.parametrize("folder", sorted((ROOT / "rulesets/2024").iterdir()), ids=lambda p: p.name)
def test_next_years_draft_runs_at_once(folder: Path, tmp_path: Path) -> None:
    rulesets = tmp_path / "rulesets"
    shutil.copytree(ROOT / "rulesets", rulesets)
    result = fordela("new", "--from", rulesets / "2024" / folder.name)
    assert result.exit_code == 0, result.stderr
    draft = rulesets / "2025" / folder.name
    if folder.name == "besked":
        assert "Nära vård       från regelverket god-och-nara-vard" in result.stdout
    ours = ("god-och-nara-vard", "okad-tillganglighet")
    if folder.name in ours:
        run = fordela("run", draft)
        assert run.exit_code == 0, run.stderr
        assert "Budgetår 2025\n" in run.stdout
        assert amounts_of(draft) == amounts_of(rulesets / "2024" / folder.name)
        assert fordela("fmt", "--check", draft).exit_code == 0
    assert not (draft / LOCK_FILE).exists()
    assert fordela("new", "--from", rulesets / "2024" / folder.name).exit_code == 2


def amounts_of(folder: Path) -> list[object]:
    data = json.loads(fordela("run", folder, "--format", "json").stdout)
    found: list[object] = data["amounts"]
    return found


def test_next_years_draft_may_build_on_this_years(tmp_path: Path) -> None:
    first = written(tmp_path / "2025/stod", RULES)
    assert fordela("new", "--from", first, "--build-on", "--year", "2027").exit_code == 0
    draft = tmp_path / "2027/stod"
    text = (draft / "regler.fordela").read_text(encoding="utf-8")
    assert text == "regelverk Stöd 2027\nbudgetår 2027\nbygger på 2025/stod\n"
    assert amounts_of(draft) == amounts_of(first)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "{}", "--year", "2025"),
        ("--from", "{}", "--year", "nästa"),
        ("--from", str(ROOT / "examples/what-if")),
        ("--year", "2026", "x"),
        ("--from", "{}/finns-inte"),
        ("--build-on", "x"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    folder = written(tmp_path / "2025/stod", RULES)
    before = sorted(tmp_path.rglob("*"))
    result = fordela("new", *(one.format(folder) for one in arguments))
    assert result.exit_code == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_a_draft_has_the_files_of_sections_too(tmp_path: Path) -> None:
    more = "om Annat\nändra underlag barn\n  från data/fler.csv\n"
    folder = written(tmp_path / "2025/stod", RULES + more)
    (folder / "data/fler.csv").write_text(FIGURES, encoding="utf-8")
    assert fordela("new", "--from", folder).exit_code == 0
    assert fordela("check", tmp_path / "2026/stod").exit_code == 0
    assert (tmp_path / "2026/stod/data/fler.csv").read_text(encoding="utf-8") == FIGURES


@pytest.mark.parametrize("path", ["data/borta.csv", "../x/barn.csv", "regler.fordela"])
def test_a_ruleset_that_cannot_be_run_gives_no_draft(path: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "2025/stod", RULES.replace("data/barn.csv", path))
    result = fordela("new", "--from", folder)
    assert (result.exit_code, path in result.stderr) == (1, True)
    assert not (tmp_path / "2026").exists()


# ---------------------------------------------------------------- scenarios side by side


def test_scenarios_stand_beside_the_ruleset(tmp_path: Path) -> None:
    more = "om Mer\nändra pott P = 2 000 kr\nom Utan SKR\nändra pott P\n  stryk till SKR\n"
    folder = written(tmp_path / "2025/stod", RULES + more)
    data = json.loads(fordela("scenario", folder, "--format", "json").stdout)
    assert [one["scenario"] for one in data["cases"]] == [None, "Mer", "Utan SKR"]
    regions, others = data["recipients"]
    assert regions["rows"][0]["amounts"] == [90, 190, 100]
    assert regions["totals"] == [900, 1900, 1000]
    assert others["rows"] == [{"recipient": None, "name": "SKR", "amounts": [100, 100, 0]}]
    one = fordela("scenario", folder, "utan skr", "--format", "csv").stdout
    assert one.splitlines()[0] == "kod,mottagare,som det är,Utan SKR"
    page = fordela("scenario", folder).stdout
    assert "Om Mer" in page
    assert fordela("scenario", folder, "Mest").exit_code == 2
    assert re.search(r"Summa\s+1\s900", fordela("run", folder, "--scenario", "mer").stdout)


def test_a_scenario_in_ore_is_compared_krona_for_krona(tmp_path: Path) -> None:
    more = "om Ören\navrunda till 1 öre, största rest\nändra pott P = 1 000,01 kr\n"
    folder = written(tmp_path / "2025/stod", RULES + more)
    data = json.loads(fordela("scenario", folder, "--format", "json").stdout)
    assert data["unit"] == "öre"
    recipients, others = data["recipients"]
    assert [row["amounts"] for row in recipients["rows"]] == [
        [9000, 9000],
        [18000, 18000],
        [63000, 63001],
    ]
    assert others["totals"] == [10000, 10000]
    rows = fordela("scenario", folder, "--format", "csv").stdout.splitlines()
    assert rows[3] == "C,Centrum,630,630.01"
    page = fordela("scenario", folder).stdout
    assert re.search(r"Centrum\s+630,00\s+630,01\s+\+0,01\n", page)


def test_rulesets_with_and_without_ore_are_compared_krona_for_krona(tmp_path: Path) -> None:
    before = written(tmp_path / "2025/stod", RULES)
    in_ore = RULES.replace("till 1 kr", "till 1 öre").replace("= 1 000 kr", "= 1 001 kr")
    after = written(tmp_path / "2025/stod-i-oren", in_ore)
    (effects,) = json.loads(fordela("diff", before, after, "--format", "json").stdout)["effects"]
    assert effects["unit"] == "öre"
    keys = ("before", "pot", "figures", "rule", "after")
    assert [tuple(row[key] for key in keys) for row in effects["rows"]] == [
        (9000, 0, 0, 10, 9010),
        (18000, 0, 0, 20, 18020),
        (63000, 100, 0, -30, 63070),
    ]
    rows = fordela("diff", before, after, "--format", "csv").stdout.splitlines()
    assert rows[3] == "C,Centrum,630,1,0,-0.3,630.7,0.7"
    assert re.search(r"Summa\s+900,00.*901,00\s+\+1,00", fordela("diff", before, after).stdout)


def test_a_ruleset_without_scenarios_says_how_to_write_one(tmp_path: Path) -> None:
    result = fordela("scenario", written(tmp_path / "2025/stod", RULES))
    assert result.exit_code == 2
    assert "om Större pott" in result.stderr


def test_the_example_gives_what_was_worked_out_by_hand() -> None:
    result = fordela("scenario", ROOT / "examples/what-if", "--format", "json")
    rows = json.loads(result.stdout)["recipients"][0]["rows"]
    by_name = {row["name"]: row["amounts"] for row in rows}
    # Computed apart from this program with the odd-number method's definition.
    assert by_name == {
        "North": [143826, 202467, 144933, 129036],
        "East": [288043, 436820, 269067, 274273],
        "West": [113262, 152801, 122007, 101727],
        "South": [454869, 707912, 463993, 494964],
    }


def test_sections_are_written_back_as_they_were_read() -> None:
    text = RULES + CHANGES + "om Mer\nstryk kontroll summan till SKR\nstryk pott P\n"
    document = read_document("regler.fordela", text.encode()).document
    for language in ("sv", "en"):
        printed = print_document(document, language).encode()
        assert read_document("x.fordela", printed).document == document
    assert layers(document).scenarios == ("Mer",)
    assert in_force(layers(document), None, "Mer")[1] == ()


def test_a_figure_that_has_grown_is_said_to_have(tmp_path: Path) -> None:
    more = "om Tillväxt\nändra underlag barn\n  växer med 2,5 %\n"
    folder = written(tmp_path / "2025/stod", RULES + more)
    chosen = ("--scenario", "tillväxt")
    assert "påhittade tal, varje tal × 1,025" in fordela("run", folder, *chosen).stdout
    assert "barn.csv rad 2 × 1,025" in fordela("why", folder, "Alby", *chosen).stdout
    data = json.loads(fordela("run", folder, *chosen, "--format", "json").stdout)
    assert data["statistics"][0]["multiplied_by"] == "41/40"
    assert "multiplied_by" not in fordela("run", folder, "--format", "json").stdout


@pytest.mark.parametrize(("folder", "shown"), [("2025/c", "stod"), ("2026/c", "2025/stod")])
def test_rulesets_that_another_year_uses_are_printed_with_their_year(
    folder: str, shown: str, tmp_path: Path
) -> None:
    written(tmp_path / "2025/stod", RULES)
    figures = "underlag förra, kr per mottagare\n  från regelverket stod, pott P\n"
    more = f"{figures}pott Q = 7 kr\n  allt efter förra\n"
    written(tmp_path / "2025/b", RULES + more)
    rules = f"regelverk C\nbudgetår {folder[:4]}\nbeslut N2, 2025-02-15\nbygger på "
    rules += "b\n" if folder.startswith("2025") else "2025/b\n"
    third = written(tmp_path / folder, rules)
    assert f"från regelverket {shown}, pott P" in fordela("rules", third).stdout
    assert fordela("run", third).exit_code == 0

"""The command line through its own door: exit codes, aliases, wrong use, odd files."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desk.cli import called, main
from desk.commands import run as run_verb
from desk.commands.shared import MAX_TOLD
from desk.verbs import VERBS, Verb
from engine.inputs.files import Folder
from engine.records.lock import LOCK_FILE

ROOT = Path(__file__).parents[2]
NEAR = ROOT / "rulesets/2024/god-och-nara-vard"
ACCESS = ROOT / "rulesets/2024/okad-tillganglighet"


# An adopted ruleset may not be changed, but a copy without its lock may.
AS_DRAFT = shutil.ignore_patterns(LOCK_FILE)


def fordela(*arguments: str | Path, **environment: str) -> Result:
    variables = {"LC_ALL": "sv_SE.UTF-8", **environment}
    return CliRunner(env=variables).invoke(main, [str(one) for one in arguments])


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    """A ruleset of one's own, in a folder whose name has a blank in it."""
    folder = tmp_path / "mitt beslut"
    assert fordela("new", folder).exit_code == 0
    return folder


def changed(ruleset: Path, old: str, new: str) -> Path:
    file = ruleset / "regler.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return ruleset


# ---------------------------------------------------------------- verbs


@pytest.mark.parametrize("verb", ["run", "kör", "kor", "KÖR", "ko\u0308r"])
def test_run_is_also_called_in_swedish(verb: str, ruleset: Path) -> None:
    assert fordela(verb, ruleset).stdout.startswith("Stöd till regionerna 2026\n")


@pytest.mark.parametrize(
    ("verb", "alias", "argument"),
    [
        ("check", "kontrollera", str(NEAR)),
        ("verify", "facit", str(NEAR)),
        ("error", "felkod", "F201"),
    ],
)
def test_the_other_verbs_too(verb: str, alias: str, argument: str) -> None:
    one, other = fordela(verb, argument), fordela(alias, argument)
    assert (one.exit_code, one.stdout) == (other.exit_code, other.stdout)


def test_new_is_also_called_ny(tmp_path: Path) -> None:
    assert fordela("ny", tmp_path / "x").exit_code == 0


@pytest.mark.parametrize("line", [["--lang", "en", "run"], ["run", "--lang", "en"]])
def test_the_language_may_be_said_before_or_after_the_verb(line: list[str], ruleset: Path) -> None:
    assert "Budget year 2026" in fordela(*line, ruleset).stdout


@pytest.mark.parametrize("word", ["help", "hjälp", "hjalp"])
def test_help_is_also_a_word(word: str) -> None:
    assert fordela(word).stdout == fordela("--help").stdout
    assert fordela(word, "kör").stdout == fordela("run", "--help").stdout


def test_the_version_is_shown() -> None:
    result = fordela("--version")
    assert (result.exit_code, result.stdout[:7]) == (0, "Fördela")


# ---------------------------------------------------------------- exit codes


def test_nothing_found_is_zero(ruleset: Path) -> None:
    for verb in ("run", "check", "verify"):
        result = fordela(verb, ruleset)
        assert (result.exit_code, result.stderr) == (0, "")


def test_an_error_is_one_and_stands_on_standard_error(ruleset: Path) -> None:
    changed(ruleset, "1 000 000 kr till SKR", "200 000 000 kr till SKR")
    result = fordela("run", ruleset)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "fel[F" in result.stderr
    assert "mitt beslut/regler.md:" in result.stderr


def test_a_failed_check_is_one_and_the_table_is_printed_all_the_same(ruleset: Path) -> None:
    changed(ruleset, "10 557 682 personer", "10 557 683 personer")
    result = fordela("run", ruleset)
    assert result.exit_code == 1
    assert "21\u00a0086\u00a0753" in result.stdout
    assert "✗ summan av befolkning = 10 557 683 personer" in result.stdout
    assert "fel[F601]" in result.stderr


def test_a_table_that_differs_is_one() -> None:
    assert fordela("verify", NEAR).exit_code == 1


def test_a_table_that_agrees_is_zero() -> None:
    assert fordela("verify", ACCESS).exit_code == 0


def test_of_several_rulesets_the_worst_decides(ruleset: Path, tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    assert fordela("check", ruleset, ruleset).exit_code == 0
    assert fordela("check", ruleset, tmp_path / "tom").exit_code == 2
    assert fordela("check", tmp_path).exit_code == 0


# ---------------------------------------------------------------- wrong use


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rnu x", "fel: det finns inget verb som heter ”rnu”\nhjälp: menade du run?\n"),
        ("kör", "fel: sökvägen till regelverket saknas\nhjälp: se fordela run --help\n"),
        ("check", "fel: sökvägen till regelverket saknas\n"),
        ("new", "fel: namnet på den nya mappen saknas\n"),
        ("error", "fel: koden saknas"),
        ("error F2011", "fel: det finns ingen kod F2011"),
        ("run a b c", "fel: för många ord på raden: b c\n"),
        ("demo x", "fel: för många ord på raden: x\n"),
        ("run --fromat x", "fel: valet --fromat finns inte\nhjälp: menade du --format?\n"),
        ("--verson", "fel: valet --verson finns inte\nhjälp: menade du --version?\n"),
        ("run x --format", "fel: valet --format ska följas av ett värde\nhjälp: se fordela run"),
        ("run x --format cvs", "fel: ”cvs” går inte för --format; välj table, csv, json\n"),
        ("check x --plan=3", "fel: valet --plan tar inget värde\n"),
        ("run x --lang de", "fel: ”de” går inte för --lang; välj sv, en\n"),
        ("--lang de", "fel: ”de” går inte för --lang; välj sv, en\n"),
        ("run finns-inte", "fel: det finns ingen fil eller mapp som heter finns-inte\n"),
    ],
)
def test_wrong_use_is_said_in_our_words(line: str, said: str) -> None:
    result = fordela(*line.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)


@pytest.mark.parametrize("line", ["rnu", "run", "run --fromat x", "run a b", "run x --format y"])
def test_wrong_use_is_said_in_english_too(line: str) -> None:
    result = fordela("--lang", "en", *line.split())
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "hjälp" not in result.stderr


def test_a_misspelt_path_is_proposed(ruleset: Path) -> None:
    result = fordela("run", str(ruleset).replace("beslut", "beslt"))
    assert f"menade du {ruleset.as_posix()}?" in result.stderr


def test_one_ruleset_must_be_chosen_to_run() -> None:
    result = fordela("run", ROOT / "rulesets/2024")
    assert result.exit_code == 2
    assert "flera regelverk" in result.stderr
    assert str(NEAR) in result.stderr


# ---------------------------------------------------------------- odd files


def test_a_folder_without_rules_is_two(tmp_path: Path) -> None:
    result = fordela("run", tmp_path)
    assert result.exit_code == 2
    assert "F020" in result.stderr


def test_two_rule_files_are_two(ruleset: Path) -> None:
    shutil.copy(ruleset / "regler.md", ruleset / "rules.md")
    assert fordela("run", ruleset).exit_code == 2


def test_a_rule_file_may_be_named_itself(ruleset: Path) -> None:
    assert fordela("run", ruleset / "regler.md").stdout == fordela("run", ruleset).stdout


def test_a_rule_file_may_have_any_name(ruleset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (ruleset / "regler.md").rename(ruleset / "utkast 2.md")
    monkeypatch.chdir(ruleset)
    assert fordela("run", "utkast 2.md").exit_code == 0


def test_a_binary_file_is_two(tmp_path: Path) -> None:
    file = tmp_path / "regler.fordela"
    file.write_bytes(bytes(range(256)) * 10)
    result = fordela("run", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "F011" in result.stderr


def test_an_empty_file_says_that_it_has_no_rules(tmp_path: Path) -> None:
    file = tmp_path / "regler.fordela"
    file.write_bytes(b"")
    result = fordela("check", file)
    assert result.exit_code == 1
    assert "F013" in result.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "regler.md")
    assert fordela("run", tmp_path).exit_code == 2


def test_a_name_longer_than_the_system_allows_is_just_missing() -> None:
    assert fordela("run", "x" * 5_000).exit_code == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser reads everything")
def test_a_file_that_may_not_be_read_is_two(ruleset: Path) -> None:
    (ruleset / "regler.md").chmod(0)
    assert fordela("run", ruleset).exit_code == 2


def test_rulesets_are_looked_for_in_folders_but_not_in_hidden_ones(
    ruleset: Path, tmp_path: Path
) -> None:
    shutil.copytree(ruleset, tmp_path / ".gammalt")
    shutil.copytree(ruleset, tmp_path / "djupt/ner/b")
    data = json.loads(fordela("check", tmp_path, "--format", "json").stdout)
    names = [Path(file).relative_to(tmp_path).as_posix() for file in data["files"]]
    assert names == ["djupt/ner/b/regler.md", "mitt beslut/regler.md"]


# ---------------------------------------------------------------- new


@pytest.mark.parametrize(("language", "file"), [("sv", "regler.md"), ("en", "rules.md")])
def test_a_new_ruleset_works_at_once(language: str, file: str, tmp_path: Path) -> None:
    folder = tmp_path / "a/b"
    made = fordela("new", folder, "--lang", language)
    assert made.exit_code == 0
    assert f"fordela run {folder.as_posix()}" in made.stdout
    assert (folder / file).is_file()
    for verb in ("run", "check"):
        result = fordela(verb, folder, "--lang", language)
        assert (result.exit_code, result.stderr) == (0, "")


def test_both_new_rulesets_give_the_same_amounts(tmp_path: Path) -> None:
    amounts = []
    for language in ("sv", "en"):
        fordela("new", tmp_path / language, "--lang", language)
        data = json.loads(fordela("run", tmp_path / language, "--format", "json").stdout)
        amounts.append([one["amount"] for one in data["amounts"]])
    assert amounts[0] == amounts[1]


def test_new_never_overwrites(ruleset: Path, tmp_path: Path) -> None:
    before = (ruleset / "regler.md").read_bytes()
    for taken in (ruleset, ruleset / "regler.md"):
        result = fordela("new", taken)
        assert result.exit_code == 2
        assert "finns redan" in result.stderr
    assert (ruleset / "regler.md").read_bytes() == before
    (tmp_path / "tom").mkdir()
    assert fordela("new", tmp_path / "tom").exit_code == 0


def test_new_says_when_it_cannot_write(ruleset: Path) -> None:
    result = fordela("new", ruleset / "regler.md" / "inuti")
    assert result.exit_code == 2
    assert "gick inte att skriva" in result.stderr


# ---------------------------------------------------------------- verify


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    def copied(ruleset: Path) -> Path:
        return Path(shutil.copytree(ruleset, tmp_path / ruleset.name, ignore=AS_DRAFT))

    return copied


def test_the_rounding_that_would_have_given_a_column_is_named(
    copy_of: Callable[[Path], Path],
) -> None:
    ruleset = changed(copy_of(NEAR), "till 1 kr, uddatalsmetoden", "till 1 kr, största rest")
    page = fordela("verify", ruleset).stdout
    assert "Ambulans (kronor)         19 av 21 lika ✗" in page
    assert page.count("Avrundningen ”uddatalsmetoden” skulle ge kolumnen.") == 1
    data = json.loads(fordela("verify", ruleset, "--format", "json").stdout)
    ambulance = next(one for one in data["columns"] if one["column"] == "Ambulans (kronor)")
    agreeing = [one["method"] for one in ambulance["alternatives"] if one["agrees"]]
    assert agreeing == ["sainte_lague"]


def test_a_total_that_differs_is_told_apart(copy_of: Callable[[Path], Path]) -> None:
    ruleset = copy_of(ACCESS)
    file = ruleset / "facit/tabell-1.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("1197500000", "1197500009"), encoding="utf-8")
    result = fordela("verify", ruleset)
    assert result.exit_code == 1
    assert "21 av 21 lika, men summan skiljer ✗" in result.stdout
    assert "avrundning" not in result.stdout
    assert "N304" in result.stderr


def test_a_ruleset_without_published_tables_says_so(ruleset: Path) -> None:
    result = fordela("verify", ruleset)
    assert result.exit_code == 0
    assert "ingen publicerad tabell" in result.stdout


def test_a_ruleset_with_errors_has_no_page(ruleset: Path) -> None:
    changed(ruleset, "efter befolkning", "efter befolkningen")
    for form in ("table", "csv", "json"):
        result = fordela("verify", ruleset, "--format", form)
        assert result.exit_code == 1
        assert "fel[F" in result.stderr


# ---------------------------------------------------------------- faults of ours


def test_an_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch, ruleset: Path) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Folder, "read", interrupted)
    result = fordela("run", ruleset)
    assert (result.exit_code, result.output.strip()) == (130, "")


def test_a_fault_of_ours_is_said_to_be_ours(monkeypatch: pytest.MonkeyPatch, ruleset: Path) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("oväntat")

    monkeypatch.setattr(Folder, "read", broken)
    result = fordela("run", ruleset)
    assert result.exit_code == 70
    assert "RuntimeError: oväntat" in result.stderr
    assert "fel i Fördela, inte i dina regler" in result.stderr


def test_the_demonstration_counts_what_is_equal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Were the published table another, the sentence would say so."""
    from desk.commands import demo

    shutil.copytree(NEAR, tmp_path / "2024/god-och-nara-vard", ignore=AS_DRAFT)
    file = tmp_path / "2024/god-och-nara-vard/facit/bilaga-1.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("705424", "705425"), encoding="utf-8")
    monkeypatch.setattr(demo, "_rulesets", lambda: tmp_path)
    result = fordela("demo")
    assert result.exit_code == 1
    assert "20 av 21 belopp är exakt desamma" in result.stdout


def test_the_commands_of_the_demonstration_work_from_where_one_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder in (ROOT, ROOT / "desk", tmp_path):
        monkeypatch.chdir(folder)
        lines = fordela("demo").stdout.splitlines()
        path = next(line.split()[2] for line in lines if "fordela run" in line)
        assert (folder / path / "regler.md").is_file()
    assert run_verb.command.name == "run"


# ---------------------------------------------------------------- help, and rarer words


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_a_page_of_help(verb: Verb, language: str) -> None:
    result = fordela(verb.name, "-h", "--lang", language)
    assert result.exit_code == 0
    first = {"sv": "Skriv så här", "en": "Usage"}[language]
    assert result.stdout.startswith(f"{first}: fordela {verb.name}")
    assert all(alias in result.stdout for alias in verb.aliases)
    assert "--lang sv|en" in result.stdout


def test_a_coarser_unit_and_another_order_among_equals_are_named(ruleset: Path) -> None:
    new = "avrunda till 1 000 kr, uddatalsmetoden, vid lika den största"
    changed(ruleset, "avrunda till 1 kr, uddatalsmetoden", new)
    figures = ruleset / "data/befolkning.csv"
    text = figures.read_text(encoding="utf-8")
    text = re.sub(r"^(\d\d,[^,]+),\d+$", r"\1,1", text, flags=re.MULTILINE)
    figures.write_text(text, encoding="utf-8")
    changed(ruleset, "10 557 682 personer", "21 personer")
    result = fordela("run", ruleset)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "till 1 000 kr, uddatalsmetoden, vid lika den största" in result.stdout
    assert "den största går först" in " ".join(result.stdout.split())
    changed(ruleset, "resten efter befolkning", "88 200 000 kr efter befolkning\n  resten till SKR")
    assert "avrundat till 1\u00a0000\u00a0kr" in fordela("run", ruleset).stdout


def test_an_adjustment_is_shown_with_its_reason() -> None:
    page = fordela("run", ROOT / "examples/justering").stdout
    assert "Centrum +1 kr  enligt bilagan" in page
    assert "Alby −1 kr     enligt bilagan" in page


# ---------------------------------------------------------------- the commands that are printed


def _program(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "fordela"
    path.touch(mode=0o755)
    return path


def test_a_program_on_the_path_is_called_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = _program(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(path.parent))
    assert called(str(path)) == "fordela"


def test_a_program_beside_the_path_is_called_as_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = _program(tmp_path / "min bin")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert called(str(path)) == "'min bin/fordela'"
    assert called("min bin/fordela") == "'min bin/fordela'"
    monkeypatch.chdir(path.parent)
    assert called("./fordela") == "./fordela"


def test_a_program_that_is_run_in_another_way_has_its_own_name() -> None:
    assert called("/usr/bin/pytest") == "fordela"


@pytest.mark.parametrize("line", ["", "--lang en", "demo", "ny mitt", "new my --lang en", "kor"])
def test_what_is_printed_can_be_typed(
    line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No command is proposed by a name that the user's computer does not know."""
    monkeypatch.setattr("desk.cli.called", lambda _path: "bin/fordela")
    monkeypatch.chdir(tmp_path)
    result = fordela(*line.split())
    said = result.stdout + result.stderr
    assert "bin/fordela " in said
    assert not re.search(r"(?<!/)fordela", said)


def test_of_very_many_findings_the_first_are_told_and_how_many_more(tmp_path: Path) -> None:
    file = tmp_path / "utskrift.txt"
    file.write_text("Stockholm  9 540 486  24 393 293\n" * 60, encoding="utf-8")
    told = fordela("check", file).stderr
    assert told.count("fel[") == MAX_TOLD
    assert "besked till. Så många betyder ofta att filen inte är en regelfil" in told

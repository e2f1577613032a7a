"""``fordela run --certificate``: a new file, whole or not at all."""

import shutil
from pathlib import Path
from runpy import run_path

import pytest
from click.testing import CliRunner, Result

from desk.cli import main
from engine.certificate_checker import main as check
from engine.certificate_checker import verdict

EXAMPLES = Path(__file__).parents[2] / "examples"
CHECKER = Path(__file__).parents[2] / "engine/certificate_checker.py"


def run(*arguments: str | Path, language: str = "en_GB.UTF-8") -> Result:
    runner = CliRunner(env={"LC_ALL": language})
    return runner.invoke(main, ["run", *map(str, arguments)])


def test_a_certificate_is_written_beside_the_page(tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    plain = run(EXAMPLES / "blandning")
    result = run(EXAMPLES / "blandning", "--certificate", file)
    assert (result.exit_code, result.stdout) == (0, plain.stdout)
    assert f"The certificate is in {file}." in result.stderr
    assert verdict(file.read_bytes())[0]
    assert [one.name for one in tmp_path.iterdir()] == ["proof.json"]


def test_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.json", "two.json")]
    for file in files:
        scenario = ["--scenario", "larger pot", "--certificate", str(file)]
        assert run(EXAMPLES / "what-if", *scenario).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv_SE.UTF-8", "Fördela skriver aldrig över något"), ("en_GB.UTF-8", "never overwrites")],
)
def test_a_file_that_is_there_is_left_alone(tmp_path: Path, language: str, said: str) -> None:
    file = tmp_path / "proof.json"
    file.write_text("mine", encoding="utf-8")
    result = run(EXAMPLES / "blandning", "--certificate", file, language=language)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    result = run(EXAMPLES / "blandning", "--certificate", tmp_path / "none/proof.json")
    assert result.exit_code == 2
    assert "could not write" in result.stderr


def test_a_run_with_errors_has_no_certificate(tmp_path: Path) -> None:
    ruleset = tmp_path / "wrong"
    shutil.copytree(EXAMPLES / "blandning", ruleset)
    rules = ruleset / "regler.md"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("allt efter", "hälften efter"), encoding="utf-8")
    result = run(ruleset, "--certificate", tmp_path / "proof.json")
    assert result.exit_code == 1
    assert "No certificate has been written" in result.stderr
    assert not (tmp_path / "proof.json").exists()


def test_the_checker_says_its_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "proof.json"
    run(EXAMPLES / "blandning", "--certificate", file)
    assert check([str(file)]) == 0
    file.write_bytes(file.read_bytes().replace(b"260", b"261"))
    assert check([str(file)]) == 1
    assert check([str(tmp_path)]) == 1
    assert check([]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [one.partition(":")[0] for one in said] == [
        "PROVED",
        "BEVISAT",
        *["REFUSED", "UNDERKÄNT"] * 3,
    ]


def test_the_checker_is_a_program_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "proof.json"
    run(EXAMPLES / "blandning", "--certificate", file)
    monkeypatch.setattr("sys.argv", ["certificate_checker.py", str(file)])
    with pytest.raises(SystemExit) as ended:
        run_path(str(CHECKER), run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("PROVED: ")


def test_numbers_too_long_to_check_have_no_certificate(tmp_path: Path) -> None:
    ruleset = tmp_path / "beslut"
    shutil.copytree(EXAMPLES / "blandning", ruleset)
    rules = ruleset / "regler.md"
    text = rules.read_text(encoding="utf-8")
    values = "värde v0 = 9 999 999 999 999 999 999 × 9 999 999 999 999 999 999\n"
    values += "".join(f"värde v{n + 1} = v{n} × v{n}\n" for n in range(7))
    fence = text.rindex("\n```")
    rules.write_text(f"{text[:fence]}\n{values}{text[fence:]}", encoding="utf-8")
    result = run(ruleset, "--certificate", tmp_path / "proof.json")
    assert result.exit_code == 2
    assert "digits" in result.stderr
    assert not (tmp_path / "proof.json").exists()

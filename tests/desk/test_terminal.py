"""Real processes: what arrives in pipes and on terminals of every kind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk.terminal import PAGE, has_colour, width_of

ROOT = Path(__file__).parents[2]
NEAR = "rulesets/2024/god-och-nara-vard"

# The languages and encodings that the test's own environment asks for are left out.
_LEFT_OUT = ("LC_", "LANG", "PYTHONIOENCODING", "PYTHONUTF8", "NO_COLOR", "COLUMNS")


def environment(**variables: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_LEFT_OUT)}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def fordela(*arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "desk.cli", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(**variables), capture_output=True, check=False
    )


def test_a_pipe_gets_utf_8_and_no_colours() -> None:
    result = fordela("demo", LC_ALL="C")
    text = result.stdout.decode("utf-8")
    assert (result.returncode, result.stderr) == (0, b"")
    assert "21 av 21 belopp är exakt desamma som i regeringens beslut ✓" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_a_stream_cannot_carry_is_written_more_plainly(encoding: str) -> None:
    for verb in ("demo", f"verify {NEAR}", "check rulesets/2024", "run finns-inte"):
        result = fordela(*verb.split(), PYTHONIOENCODING=encoding)
        text = (result.stdout + result.stderr).decode(encoding)
        assert result.returncode in {0, 1, 2}, text
        assert "Traceback" not in text


def test_plain_text_is_still_readable() -> None:
    text = fordela("demo", PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert "21 av 21 belopp ar exakt desamma som i regeringens beslut ok" in text
    assert "Gotland                705 424  ###" in text


@pytest.mark.parametrize("form", ["json", "csv"])
def test_data_is_utf_8_whatever_the_stream(form: str) -> None:
    command = ("run", NEAR, "--format", form)
    plain = fordela(*command, PYTHONIOENCODING="ascii").stdout
    assert plain == fordela(*command).stdout
    assert "Södermanland" in plain.decode("utf-8")


def test_json_ends_in_one_line_feed() -> None:
    output = fordela("run", NEAR, "--format", "json").stdout
    assert json.loads(output)["schema"] == 1
    assert output.endswith(b"}\n")


def test_the_language_comes_from_the_environment() -> None:
    assert b"Begin here" in fordela(LANG="en_US.UTF-8").stdout
    assert "Börja här".encode() in fordela(LANG="C").stdout


def test_a_path_that_is_not_text_is_just_missing() -> None:
    command = [sys.executable.encode(), b"-m", b"desk.cli", b"run", b"\xff\xfe"]
    result = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False)
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are other things there")
def test_a_reader_who_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m desk.cli run {NEAR} | true; exit ${{PIPESTATUS[0]}}"
    result = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment(), capture_output=True, check=False
    )
    assert result.stderr == b""
    assert result.returncode in {0, 141}


def test_help_is_quick_because_it_loads_no_engine() -> None:
    code = (
        "import sys; from desk.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, check=True
    )
    loaded = set(result.stderr.decode().split())
    assert loaded & {"lark", "openpyxl", "networkx", "engine", "difflib", "json", "csv"} == set()


def test_a_run_loads_neither_networkx_nor_openpyxl() -> None:
    code = (
        "import sys; from desk.cli import main\n"
        f"try: main(['run', '{NEAR}'])\n"
        "except SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, check=True
    )
    unused = {"openpyxl", "networkx", "engine.explain", "desk.report.why"}
    assert set(result.stderr.decode().split()) & unused == set()


@pytest.mark.parametrize(
    ("words", "place", "wanted"),
    [
        ("fordela r", "1", ["plain,run", "plain,rules"]),
        ("fordela kör x --format ", "4", ["plain,table", "plain,csv", "plain,json"]),
        ("fordela run ru", "2", ["file,ru"]),
    ],
)
def test_the_tab_key_completes(words: str, place: str, wanted: list[str]) -> None:
    result = fordela(
        _FORDELA_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=place, LC_ALL="C.UTF-8"
    )
    assert result.stdout.decode("utf-8").split() == wanted


# ---------------------------------------------------------------- terminals


class Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "colour"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_only_where_they_are_welcome(variables: dict[str, str], colour: bool) -> None:
    assert has_colour(Terminal(), variables) is colour  # type: ignore[arg-type]
    assert has_colour(None, variables) is False


def test_a_line_fits_the_terminal_within_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    widths = []
    for columns in ("20", "80", "500"):
        monkeypatch.setenv("COLUMNS", columns)
        widths.append(width_of(Terminal()))  # type: ignore[arg-type]
    assert widths == [60, 80, 120]
    assert width_of(None) == PAGE


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colours_unless_its_owner_objects(
    variables: dict[str, str], coloured: bool
) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "desk.cli", "--lang", "en"]
    plain = [*command, "check", NEAR]
    process = subprocess.Popen(
        plain, cwd=ROOT, env=environment(TERM="xterm", **variables), stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    output = b""
    try:
        while chunk := os.read(ours, 4096):
            output += chunk
    except OSError:  # the other end is closed
        pass
    process.wait(timeout=20)
    os.close(ours)
    assert (b"\x1b[32m" in output) is coloured
    assert "✓".encode() in output

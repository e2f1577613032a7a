"""Receipts through the command line: the same everywhere, and whatever is changed is found."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.certificate_checker import verdict
from engine.records.installed import Installed, installed
from engine.records.lock import LOCK_FILE
from tests.desk.test_commands import fordela
from tests.test_versions import FILES, RULES

ROOT = Path(__file__).parents[1]
TABLE = 'tabell "Stöd"\n  kolumn P som Stöd (kronor)\n'
FORMS = ("table", "csv", "json")


def written(folder: Path, rules: str = RULES + TABLE) -> Path:
    """The ruleset of the test of versions, as files."""
    for path, text in {**FILES, "regler.fordela": rules}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    return written(tmp_path / "2025/stod")


def receipt_of(ruleset: Path, *options: str, name: str = "kvitto.json") -> Path:
    receipt = ruleset.parent / name
    result = fordela("run", ruleset, "--receipt", receipt, *options)
    assert result.exit_code == 0, result.output
    return receipt


def found(receipt: Path) -> list[str]:
    """The codes that ``verify`` finds, whose exit code says whether there is an error."""
    result = fordela("verify", receipt, "--format", "json")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    codes = [one["code"] for one in json.loads(result.stdout)["findings"]]
    assert result.exit_code == (1 if any(code.startswith("F") for code in codes) else 0)
    return codes


def mended(receipt: Path, change: Callable[[Any], object]) -> Path:
    """The receipt with something else in its data."""
    data = json.loads(receipt.read_text(encoding="utf-8"))
    change(data)
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    receipt.write_text(text, encoding="utf-8", newline="\n")
    return receipt


# ---------------------------------------------------------------- what it says


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_a_run_is_repeated_from_its_receipt(ruleset: Path, form: str, language: str) -> None:
    receipt = ruleset / "kvitto.json"
    result = fordela("run", ruleset, "--receipt", receipt, "--format", form, "--lang", language)
    data = json.loads(receipt.read_text(encoding="utf-8"))
    assert data["output"]["sha256"] == sha256(result.stdout_bytes).hexdigest()
    assert data["options"] == {
        "at": None, "scenario": None, "format": form, "language": language
    }  # fmt: skip
    assert found(receipt) == []


def test_a_receipt_says_what_was_read_and_what_each_got(ruleset: Path) -> None:
    data = json.loads(receipt_of(ruleset).read_text(encoding="utf-8"))
    assert (data["ruleset"], data["year"], data["decision"]) == (
        "Stöd 2025", 2025, "N1, 2025-01-15"
    )  # fmt: skip
    assert data["folder"] == "stod"
    assert {path: one["sha256"] for path, one in data["files"].items()} == {
        path: sha256((ruleset / path).read_bytes()).hexdigest()
        for path in ("data/barn.csv", "data/mottagare.csv", "regler.fordela")
    }
    # 900 kr by 100, 200 and 700 children of 1 000.
    assert data["pots"] == {
        "P": {"recipients": {"A": 90, "B": 180, "C": 630}, "others": {"SKR": 100}}
    }
    assert data["pot_sums"] == {"P": 1000}
    assert data["recipient_totals"] == {"recipient": {"A": 90, "B": 180, "C": 630}}


def test_scenario_and_day_are_on_the_receipt(tmp_path: Path) -> None:
    more = "ändring från 2025-07-01\nändra pott P = 3 000 kr\nom Mer\nändra pott P = 2 000 kr\n"
    ruleset = written(tmp_path / "2025/stod", RULES + TABLE + more)
    scenario = receipt_of(ruleset, "--scenario", "mer", name="s.json")
    before = receipt_of(ruleset, "--at", "2025-06-30", name="a.json")
    assert json.loads(scenario.read_text("utf-8"))["pot_sums"] == {"P": 2000}
    assert json.loads(before.read_text("utf-8"))["pot_sums"] == {"P": 1000}
    assert found(scenario) == found(before) == []


def test_a_ruleset_that_builds_on_another_is_repeated(tmp_path: Path) -> None:
    written(tmp_path / "2025/stod")
    above = "regelverk Mer 2025\nbudgetår 2025\nbygger på stod\nändra pott P = 2 000 kr\n"
    ruleset = written(tmp_path / "2025/mer", above)
    receipt = receipt_of(ruleset, "--format", "json")
    assert found(receipt) == []
    rules = tmp_path / "2025/stod/regler.fordela"
    rules.write_text(rules.read_text("utf-8").replace("100 kr till", "101 kr till"), "utf-8")
    assert "F716" in found(receipt)


def test_no_receipt_of_a_run_with_errors(tmp_path: Path) -> None:
    ruleset = written(tmp_path / "stod", RULES + "kontroll summan till SKR = 99 kr\n")
    result = fordela("run", ruleset, "--receipt", tmp_path / "k.json")
    assert result.exit_code == 1
    assert not (tmp_path / "k.json").exists()
    assert "Inget kvitto" in result.stderr


def test_a_receipt_never_takes_the_place_of_a_file(ruleset: Path) -> None:
    receipt = receipt_of(ruleset)
    before = receipt.read_bytes()
    result = fordela("run", ruleset, "--receipt", receipt)
    assert (result.exit_code, result.stdout) == (2, "")
    assert receipt.read_bytes() == before


def test_a_receipt_has_a_name_that_can_be_read_everywhere(ruleset: Path) -> None:
    result = fordela("run", ruleset, "--receipt", ruleset / "kvitto 12:00.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "utan \\ och :" in result.stderr


def test_a_comparison_with_a_receipt_is_no_csv(ruleset: Path) -> None:
    assert fordela("verify", receipt_of(ruleset), "--format", "csv").exit_code == 2


# ---------------------------------------------------------------- the same everywhere


def test_a_receipt_is_known_by_what_is_in_it(ruleset: Path) -> None:
    receipt = receipt_of(ruleset).rename(ruleset.parent / "kvitto")
    assert found(receipt) == []


def test_receipt_and_ruleset_can_be_moved_together(ruleset: Path, tmp_path: Path) -> None:
    receipt = receipt_of(ruleset, "--format", "json")
    moved = shutil.move(ruleset.parent, tmp_path / "någon annanstans")
    assert found(Path(moved) / receipt.name) == []


def test_a_receipt_may_stand_beside_the_folder_of_the_year(ruleset: Path) -> None:
    place = ruleset.parents[1] / "kvitton"
    place.mkdir()
    receipt = place / "k.json"
    assert fordela("run", ruleset, "--receipt", receipt).exit_code == 0
    assert json.loads(receipt.read_text("utf-8"))["folder"] == "../2025/stod"
    assert found(receipt) == []


def test_of_a_ruleset_that_is_gone_only_that_is_said(ruleset: Path) -> None:
    receipt = receipt_of(ruleset)
    (ruleset / "regler.fordela").unlink()
    (ruleset / "data/barn.csv").unlink()
    assert found(receipt) == ["F717"]


def test_an_output_of_no_known_form_makes_no_receipt(ruleset: Path) -> None:
    receipt = receipt_of(ruleset)
    assert found(mended(receipt, lambda data: data["options"].update(format="xml"))) == ["F715"]


def test_a_lock_that_comes_later_changes_nothing(ruleset: Path) -> None:
    receipt = receipt_of(ruleset, "--format", "json")
    assert fordela("adopt", ruleset).exit_code == 0
    assert (ruleset / LOCK_FILE).exists()
    assert found(receipt) == []


def test_of_a_locked_ruleset_that_has_changed_it_is_said_why_nothing_is_repeated(
    ruleset: Path,
) -> None:
    assert fordela("adopt", ruleset).exit_code == 0
    receipt = receipt_of(ruleset)
    rules = ruleset / "regler.fordela"
    rules.write_text(rules.read_text("utf-8").replace("1 000 kr", "1 001 kr"), "utf-8")
    assert "fastställt och låst, men filer är ändrade" in fordela("verify", receipt).stdout


def test_a_version_that_comes_later_changes_nothing(ruleset: Path) -> None:
    receipt = receipt_of(ruleset, "--format", "json")
    rules = (RULES + TABLE).replace("budgetår", "ersätter stod\ngäller från 2025-07-01\nbudgetår")
    written(ruleset.parent / "ny", rules)
    assert found(receipt) == []
    result = fordela("run", ruleset, "--receipt", ruleset / "k.json")
    assert "N701" in result.stderr


@pytest.mark.parametrize("form", ["table", "csv"])
def test_the_output_does_not_know_the_order_of_the_rows(ruleset: Path, form: str) -> None:
    first = receipt_of(ruleset, "--format", form)
    figures = ruleset / "data/barn.csv"
    head, *rows = figures.read_text("utf-8").splitlines()
    random.Random(1).shuffle(rows)
    figures.write_text("\n".join([head, *reversed(rows)]) + "\n", "utf-8")
    assert found(first) == ["F716"]
    again = receipt_of(ruleset, "--format", form, name="igen.json")
    one, other = (json.loads(path.read_text("utf-8")) for path in (first, again))
    assert one["files"] != other["files"]
    assert {**one, "files": {}} == {**other, "files": {}}


def test_output_and_receipt_are_the_same_wherever_they_are_made(ruleset: Path) -> None:
    made = set()
    settings_of = [("0", "C", "."), ("1", "sv_SE.UTF-8", ".."), ("2", "tr_TR.ISO8859-9", "/")]
    for number, (seed, locale, where) in enumerate(settings_of):
        receipt = ruleset / f"{number}.json"
        command = ["run", str(ruleset), "--lang", "sv", "--format", "json", "--receipt"]
        done = subprocess.run(
            [sys.executable, "-m", "desk.cli", *command, str(receipt)],
            cwd=(ruleset / where).resolve(),
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "LC_ALL": locale},
            capture_output=True,
            check=True,
        )
        made.add((done.stdout, receipt.read_bytes()))
    assert len(made) == 1


# ---------------------------------------------------------------- what is changed is found


@pytest.fixture(scope="module")
def untouched() -> Iterator[Path]:
    with TemporaryDirectory() as place:
        ruleset = written(Path(place) / "2025/stod")
        receipt_of(ruleset)
        yield ruleset.parent


@settings(max_examples=60)
@given(
    st.sampled_from(["kvitto.json", "stod/regler.fordela", "stod/data/barn.csv"]),
    st.randoms(use_true_random=False),
)
def test_a_changed_byte_is_found(untouched: Path, name: str, draw: random.Random) -> None:
    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(untouched, Path(place) / "2025"))
        file = folder / name
        data = bytearray(file.read_bytes())
        # Of the receipt its amounts, sums and hashes; what stands before them is what was asked.
        first = data.index(b'"output"') if name == "kvitto.json" else 0
        at = draw.randrange(first, len(data))
        data[at] = draw.choice([one for one in range(256) if one != data[at]])
        file.write_bytes(data)
        result = fordela("verify", folder / "kvitto.json")
        assert result.exit_code == 1, (name, at, data[at], result.output)


@pytest.mark.parametrize("key", ["pots", "pot_sums", "recipient_totals", "files"])
def test_what_is_taken_off_a_receipt_is_found(ruleset: Path, key: str) -> None:
    assert found(mended(receipt_of(ruleset), lambda data: data[key].popitem()))


def test_a_changed_sum_of_a_pot_is_told_as_other_kronor(ruleset: Path) -> None:
    receipt = mended(receipt_of(ruleset), lambda data: data["pot_sums"].update(P=1001))
    assert found(receipt) == ["F718"]
    told = fordela("verify", receipt)
    assert "omräkningen ger andra kronor" in told.stdout
    assert "1\N{NO-BREAK SPACE}001\N{NO-BREAK SPACE}kr på kvittot" in told.output


def test_amounts_in_another_unit_are_found(ruleset: Path) -> None:
    assert found(mended(receipt_of(ruleset), lambda data: data.update(units_per_krona=100)))


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
) | st.sampled_from(
    ["../../../etc/passwd", "/etc/passwd", "..", "~", "C:\\x", "\0", "a" * 9_000, "../" * 999]
)


@settings(max_examples=100)
@given(st.data(), ODD)
def test_a_hostile_receipt_gives_findings(untouched: Path, draw: Any, odd: Any) -> None:
    def places(data: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        below = data.items() if isinstance(data, dict) else ()
        return [path, *(one for key, value in below for one in places(value, (*path, key)))]

    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(untouched, Path(place) / "2025"))
        receipt = folder / "kvitto.json"
        data = json.loads(receipt.read_text("utf-8"))
        *above, key = draw.draw(st.sampled_from(places(data)[1:]))
        inner = data
        for step in above:
            inner = inner[step]
        if draw.draw(st.booleans()):
            inner[key] = odd
        else:
            inner[str(odd)] = inner.pop(key)
        receipt.write_bytes(json.dumps(data).encode())
        found(receipt)


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        b"{}",
        b'{"schema":' + b"[" * 99_999,
        b"[]",
        b"\xff\xfe",
        b"",
        b'{"schema": 2}',
        b"1" * 9_999,
    ],
)
def test_what_is_no_receipt_is_said_to_be_none(tmp_path: Path, text: bytes) -> None:
    receipt = tmp_path / "kvitto.json"
    receipt.write_bytes(text)
    assert found(receipt) == ["F715"]


def test_figures_of_a_file_outside_are_never_shown(ruleset: Path) -> None:
    secret = ruleset.parents[1] / "secret"
    secret.write_text("hush\n", "utf-8")
    receipt = mended(
        receipt_of(ruleset),
        lambda data: data["files"].update({"../../secret": data["files"]["data/barn.csv"]}),
    )
    result = fordela("verify", receipt)
    assert result.exit_code == 1
    assert "hush" not in result.output


# ---------------------------------------------------------------- the program itself


class Wheel(metadata.Distribution):
    """This program as if it had been installed, with one file's hash as it is and one's not."""

    def read_text(self, filename: str) -> str | None:
        if filename != "RECORD":
            return "Metadata-Version: 2.1\nName: fordela\nVersion: 0.1.0\n"
        right = urlsafe_b64encode(sha256((ROOT / "engine/records/lock.py").read_bytes()).digest())
        lines = [
            f"engine/records/lock.py,sha256={right.decode().rstrip('=')},1",
            f"engine/rounding.py,sha256={self.rounding},1",
            *self.more,
            "desk/_rulesets/2024/regler.md,sha256=abc,1",
            "fordela-0.1.0.dist-info/RECORD,,",
        ]
        return "\n".join(lines) + "\n"

    def locate_file(self, path: Any) -> Any:
        return ROOT / path

    @property
    def rounding(self) -> str:
        return "abc"

    @property
    def more(self) -> list[str]:
        return []


class Sound(Wheel):
    """With every hash as it is."""

    @property
    def rounding(self) -> str:
        digest = sha256((ROOT / "engine/rounding.py").read_bytes()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")


class Gone(Sound):
    """With a file that is no longer there."""

    @property
    def more(self) -> list[str]:
        return ["engine/gone.py,sha256=abc,1"]


def test_a_file_of_the_program_that_is_gone_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "distribution", lambda _name: Gone())
    assert installed() == Installed(3, ("engine/gone.py",))


@pytest.mark.parametrize(("wheel", "code", "said"), [(Wheel, 1, ["F721"]), (Sound, 0, [])])
def test_verify_and_adopt_check_the_programs_own_files(
    ruleset: Path, monkeypatch: pytest.MonkeyPatch, wheel: type[Wheel], code: int, said: list[str]
) -> None:
    receipt = receipt_of(ruleset)
    monkeypatch.setattr(metadata, "distribution", lambda _name: wheel())
    for path in (ruleset, receipt):
        result = fordela("verify", path, "--format", "json")
        assert result.exit_code == code
        program = json.loads(result.stdout)["program"]
        assert [one["code"] for one in program["findings"]] == said
        assert ("engine/rounding.py" in result.stderr) == bool(said)
    assert fordela("adopt", ruleset).exit_code == code
    assert (ruleset / LOCK_FILE).exists() == (not said)


def test_without_hashes_only_json_says_so(ruleset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    result = fordela("verify", ruleset, "--format", "json")
    program = json.loads(result.stdout)["program"]
    assert [one["code"] for one in program["findings"]] == ["N703"]
    assert "N703" not in result.stderr
    assert "N703" not in fordela("verify", ruleset).output


# ---------------------------------------------------------------- with a certificate


def both_of(ruleset: Path, *options: str) -> tuple[Path, Path]:
    """A receipt and a certificate of one run."""
    receipt, certificate = ruleset.parent / "kvitto.json", ruleset.parent / "intyg.json"
    asked = ("--receipt", receipt, "--certificate", certificate)
    result = fordela("run", ruleset, *asked, *options)
    assert result.exit_code == 0, result.output
    assert f"Intyget finns i {certificate}." in result.stderr
    assert f"Kvitto: {receipt}." in result.stderr
    return receipt, certificate


@pytest.mark.parametrize("form", FORMS)
def test_a_receipt_and_a_certificate_are_written_by_one_run(ruleset: Path, form: str) -> None:
    alone = ruleset.parent / "ensam.json"
    assert fordela("run", ruleset, "--certificate", alone).exit_code == 0
    printed = receipt_of(ruleset, "--format", form, name="ensamt.json")
    receipt, certificate = both_of(ruleset, "--format", form)
    assert certificate.read_bytes() == alone.read_bytes()
    assert verdict(certificate.read_bytes())[0]
    data = json.loads(receipt.read_text("utf-8"))
    assert data.pop("certificate") == {"sha256": sha256(certificate.read_bytes()).hexdigest()}
    assert data == json.loads(printed.read_text("utf-8"))
    assert found(receipt) == []
    page = fordela("verify", receipt).stdout
    assert "✓ omräkningen ger det intyg som kvittot gäller" in page
    # A file that the run wrote is not read; its fingerprint is there to compare with.
    assert f"intyget     {sha256(certificate.read_bytes()).hexdigest()}" in page
    assert "intyget" not in fordela("verify", printed).stdout


@pytest.mark.parametrize("form", FORMS)
def test_a_certificate_rests_on_no_published_table(tmp_path: Path, form: str) -> None:
    ruleset = ROOT / "examples/andring-under-aret"
    alone, beside = tmp_path / "ensam.json", tmp_path / "intyg.json"
    chosen = ("--format", form, "--certificate")
    assert fordela("run", ruleset, *chosen, alone).exit_code == 0
    result = fordela("run", ruleset, *chosen, beside, "--receipt", tmp_path / "kvitto.json")
    assert result.exit_code == 0
    assert alone.read_bytes() == beside.read_bytes()
    assert list(json.loads(alone.read_text("utf-8"))["inputs"]["files"]) == [
        "data/barn.csv", "data/omraden.csv", "regler.md"
    ]  # fmt: skip
    assert found(tmp_path / "kvitto.json") == []


def test_a_certificate_that_is_another_is_said(ruleset: Path) -> None:
    receipt, _ = both_of(ruleset)
    mended(receipt, lambda data: data["certificate"].update(sha256="0" * 64))
    assert found(receipt) == ["F722"]
    result = fordela("verify", receipt)
    assert "✓ omräkningen ger den utskrift som kvittot gäller" in result.stdout
    assert "✗ omräkningen ger ett annat intyg" in result.stdout
    answer = json.loads(fordela("verify", receipt, "--format", "json").stdout)
    assert (answer["same_certificate"], answer["same_output"], answer["same_receipt"]) == (
        False, True, False
    )  # fmt: skip


def test_another_version_of_the_program_certifies_the_same(ruleset: Path) -> None:
    receipt, certificate = both_of(ruleset)
    data = json.loads(certificate.read_text("utf-8"))
    now = data["about"]["engine"]
    earlier = certificate.read_text("utf-8").replace(f'"engine": "{now}"', '"engine": "0.0.9"')
    seal = re.search(r'"seal": "([0-9a-f]{64})"', earlier)
    assert seal is not None
    data["about"]["engine"], data["seal"] = "0.0.9", None
    plain = json.dumps(data, sort_keys=True, separators=(",", ":"))
    earlier = earlier.replace(seal[1], sha256(plain.encode()).hexdigest())
    assert verdict(earlier.encode())[0]
    fingerprint = sha256(earlier.encode()).hexdigest()
    mended(receipt, lambda said: said.update(engine="0.0.9", certificate={"sha256": fingerprint}))
    assert found(receipt) == ["N702"]


@pytest.mark.parametrize("odd", [None, [], {}, "x", {"sha256": None}, {"sha256": 1}])
def test_an_odd_certificate_on_a_receipt_is_a_finding(ruleset: Path, odd: object) -> None:
    receipt, _ = both_of(ruleset)
    assert found(mended(receipt, lambda data: data.update(certificate=odd))) == ["F715"]


@pytest.mark.parametrize("taken", ["kvitto.json", "intyg.json"])
def test_of_a_receipt_and_a_certificate_both_or_neither_is_written(
    ruleset: Path, taken: str
) -> None:
    (ruleset.parent / taken).write_text("mitt", encoding="utf-8")
    names = [ruleset.parent / "kvitto.json", ruleset.parent / "intyg.json"]
    before = sorted(ruleset.parent.iterdir())
    result = fordela("run", ruleset, "--receipt", names[0], "--certificate", names[1])
    assert (result.exit_code, result.stdout) == (2, "")
    assert sorted(ruleset.parent.iterdir()) == before
    assert (ruleset.parent / taken).read_text("utf-8") == "mitt"


@pytest.mark.parametrize("option", ["--receipt", "--certificate"])
def test_a_folder_that_is_not_there_leaves_no_other_file(ruleset: Path, option: str) -> None:
    other = {"--receipt": "--certificate", "--certificate": "--receipt"}[option]
    before = sorted(ruleset.parent.iterdir())
    there, gone = ruleset.parent / "en.json", ruleset.parent / "ingen/en.json"
    assert fordela("run", ruleset, option, gone, other, there).exit_code == 2
    assert sorted(ruleset.parent.iterdir()) == before


def test_a_name_that_is_taken_meanwhile_leaves_no_other_file(
    ruleset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[Path] = []

    def link(written: Path, target: Path) -> None:
        if links:
            raise FileExistsError
        links.append(target)
        shutil.copy(written, target)

    monkeypatch.setattr(os, "link", link)
    before = sorted(ruleset.parent.iterdir())
    names = [ruleset.parent / "kvitto.json", ruleset.parent / "intyg.json"]
    result = fordela("run", ruleset, "--receipt", names[0], "--certificate", names[1])
    assert (result.exit_code, len(links)) == (2, 1)
    assert sorted(ruleset.parent.iterdir()) == before


def test_a_receipt_and_a_certificate_are_two_files(ruleset: Path) -> None:
    name = ruleset.parent / "ett.json"
    result = fordela("run", ruleset, "--receipt", name, "--certificate", name)
    assert result.exit_code == 2
    assert "två filer" in result.stderr
    assert not name.exists()


def test_with_errors_neither_is_written(ruleset: Path) -> None:
    written(ruleset, RULES.replace("= 100 kr", "= 101 kr"))
    before = sorted(ruleset.parent.iterdir())
    names = [ruleset.parent / "kvitto.json", ruleset.parent / "intyg.json"]
    result = fordela("run", ruleset, "--receipt", names[0], "--certificate", names[1])
    assert result.exit_code == 1
    assert "Inget intyg är skrivet" in result.stderr
    assert "Inget kvitto är skrivet" in result.stderr
    assert sorted(ruleset.parent.iterdir()) == before

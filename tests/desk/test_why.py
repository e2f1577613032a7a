"""``fordela why`` through the command line: whole answers as reviewed, wrong use, JSON.

The answers are kept in ``why/``. Run with ``UPDATE_EXPECTED=1`` to write them anew, then read the
difference.
"""

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from desk.cli import main
from dsl.catalogue import LANGUAGES, phrases_table

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "why"

NEAR = "rulesets/2024/god-och-nara-vard"
ACCESS = "rulesets/2024/okad-tillganglighet"

ANSWERS = {
    "help.sv": "--help",
    "help.en": "--help --lang en",
    "gotland-ambulans.sv": f"{NEAR} Gotland Ambulans",
    "gotland-ambulans.en": f"{NEAR} Gotland Ambulans --lang en",
    "gotland.sv": f"{NEAR} Gotland",
    "skane-lan-rss.sv": f"{NEAR} 12 RSS",
    "skane-lan-rss.en": f"{NEAR} 'Skåne län' RSS --lang en",
    "skr.sv": f"{NEAR} SKR",
    "gotland-tillganglighet.sv": f"{ACCESS} 09",
    "gotland-prestation.en": f"{ACCESS} 'Region Gotland' 'BUP prestation' --lang en",
    "stockholm-bup-grunddel.sv": f"{ACCESS} Stockholm 'BUP grunddel'",
    "stockholm-bup-grunddel.en": f"{ACCESS} Stockholm 'BUP grunddel' --lang en",
    "gotland-elsewhere.en": f"{ACCESS} Gotland Prestation --lang en",
    "bonuspott.sv": f"{ACCESS} Bonuspott",
    "bonuspott.en": f"{ACCESS} bonuspott --lang en",
    "fullt-krav.sv": f"{ACCESS} Gotland 'fullt krav'",
    "gotland-2023.sv": "rulesets/2023/okad-tillganglighet Gotland",
    "gotland-besked.sv": "rulesets/2024/besked Gotland",
    "uppsala-sektorsbidrag.en": "rulesets/2025/sektorsbidrag Uppsala --lang en",
    "ansprak-i-proportion.sv": "examples/ansprak-i-proportion Alby",
    "blandning.sv": "examples/blandning Berga",
    "equally-on-condition.en": "examples/equally-on-condition East --lang en",
    "equally-on-condition-nothing.en": "examples/equally-on-condition South --lang en",
    "golv.sv": "examples/golv-och-tak Alby",
    "tak.en": "examples/golv-och-tak Centrum --lang en",
    "mellan-golv-och-tak.sv": "examples/golv-och-tak Berga",
    "half-and-half.en": "examples/half-and-half North --lang en",
    "hold-harmless.en": "examples/hold-harmless North --lang en",
    "intjanat-och-bonus.sv": "examples/intjanat-och-bonus Berga",
    "justering.sv": "examples/justering Alby",
    "lika-och-resten.sv": "examples/lika-och-resten Alby",
    "nedat-till-pott.sv": "examples/nedat-till-pott Alby",
    "oren.sv": "examples/oren Alby",
    "phase-in.en": "examples/phase-in North --lang en",
    "publicerad-nyckel.sv": "examples/publicerad-nyckel Centrum",
    "repayment.en": "examples/repayment North --lang en",
    "rounded-shares.en": "examples/rounded-shares North --lang en",
    "trappa-och-bonus.sv": "examples/trappa-och-bonus Berga",
    "trappa-och-bonus-inget.sv": "examples/trappa-och-bonus Berga Bonus",
    "gotland-mening.sv": f"{NEAR} Gotland --sentence",
    "gotland-mening.en": f"{NEAR} Gotland --sentence --lang en",
    "berga-mening.sv": "examples/trappa-och-bonus Berga Bonus --sentence",
    "north-mening.en": "examples/repayment North --sentence --lang en",
    "skr-mening.sv": f"{NEAR} SKR --sentence",
    "golv.json": "examples/golv-och-tak Alby --format json",
    "gotland-ambulans.json": f"{NEAR} Gotland Ambulans --format json",
}

EXACT = re.compile(r"-?\d+/[1-9]\d*")
STEP = {
    *("kind", "name", "value", "money", "numbers", "text", "rule", "figure", "steps"),
}


def why(line: str, verb: str = "why") -> Result:
    runner = CliRunner(env={"LC_ALL": "sv_SE.UTF-8"})
    return runner.invoke(main, [verb, *shlex.split(line)])


def file_of(name: str) -> Path:
    return EXPECTED / (name if name.endswith("json") else f"{name}.txt")


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_is_as_reviewed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = why(ANSWERS[name])
    assert (result.exit_code, result.stderr) == (0, "")
    if os.environ.get("UPDATE_EXPECTED"):
        file_of(name).write_text(result.stdout, encoding="utf-8")
    assert result.stdout == file_of(name).read_text(encoding="utf-8")


def test_every_reviewed_answer_is_still_given() -> None:
    assert {file.name for file in EXPECTED.iterdir()} == {file_of(name).name for name in ANSWERS}


@pytest.mark.parametrize("name", [one for one in ANSWERS if "mening" not in one])
def test_no_answer_is_wider_than_a_hundred_characters(name: str) -> None:
    lines = file_of(name).read_text(encoding="utf-8").splitlines()
    assert name.endswith("json") or [line for line in lines if len(line) > 100] == []


@pytest.mark.parametrize("verb", ["varför", "varfor", "VARFÖR"])
def test_why_is_also_called_in_swedish(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    line = ANSWERS["gotland-ambulans.sv"]
    assert why(line, verb).stdout == why(line).stdout


@pytest.mark.parametrize("word", ["Gotland", "gotland", "09", "9", "'Region Gotland'"])
def test_a_recipient_is_found_by_code_name_or_alias(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert "Gotland får 705\u00a0424\u00a0kr" in why(f"{NEAR} {word} ambulans").stdout


def test_every_kind_of_step_has_a_name() -> None:
    source = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "engine/explain").glob("*.py")
    )
    kinds = set(re.findall(r"Step\(\s*\"([a-z_]+)\"", source))
    named = {"figure", "pot", "defined", "ingredient", "place"}  # these have names in the rules
    lines = {"item", "sent", "stated", "adjusted"}  # these have amounts
    assert kinds & named
    labels = {key.removeprefix("why.label_") for key in phrases_table() if "why.label_" in key}
    assert kinds - named - lines <= labels


# ---------------------------------------------------------------- wrong use


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{NEAR} Gotlnd", "fel: det finns ingen mottagare och ingen pott som heter ”Gotlnd”"),
        (f"{NEAR} Gotlnd", "hjälp: menade du Gotland?\n"),
        (f"{NEAR} Gotland Ambulnas", "fel: det finns ingen pott och inget belopp eller värde som"),
        (f"{NEAR} Gotland Ambulnas", "hjälp: menade du Ambulans?\n"),
        (f"{ACCESS} SKR 'fullt krav'", "fel: ”fullt krav” har inget eget värde för SKR; fråga om"),
        (f"{NEAR} xyz", "hjälp: se fordela why --help\n"),
        (NEAR, "fel: mottagaren saknas"),
        (f"{NEAR} a b c", "fel: för många ord på raden: c\n"),
        (f"{NEAR} 09 --format tree", "fel: ”tree” går inte för --format; välj text, json\n"),
        ("finns-inte 09", "fel: det finns ingen fil eller mapp som heter finns-inte\n"),
    ],
)
def test_wrong_use_is_said_in_our_words(
    line: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = why(line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_rules_with_an_error_explain_nothing(tmp_path: Path) -> None:
    (tmp_path / "regler.fordela").write_text("regelverk X\n", encoding="utf-8")
    result = why(f"{tmp_path.as_posix()} 09")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "fel[F" in result.stderr
    assert why(f"{tmp_path.as_posix()}/ingen 09").exit_code == 2


def test_a_check_that_fails_is_said_beside_the_answer(tmp_path: Path) -> None:
    folder = tmp_path / "regelverk"
    shutil.copytree(ROOT / "examples/intjanat-och-bonus", folder)
    rules = folder / "regler.md"
    text = rules.read_text(encoding="utf-8").replace("Bonus = 1 000 000 kr", "Bonus = 1 000 001 kr")
    rules.write_text(text, encoding="utf-8")
    result = why(f"{folder.as_posix()} Alby Bonus")
    assert result.exit_code == 1
    assert "Alby får 150\u00a0000\u00a0kr" in result.stdout
    assert "fel[F601]" in result.stderr


def test_a_terminal_may_have_colours_and_a_reader_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert "\x1b" not in why(ANSWERS["gotland.sv"]).stdout


# ---------------------------------------------------------------- JSON


def data_of(line: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(why(f"{line} --format json").stdout)
    return data


def steps_of(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in steps:
        yield one
        yield from steps_of(one["steps"])


def is_number(value: Any) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole or (isinstance(value, str) and EXACT.fullmatch(value) is not None)


@pytest.mark.parametrize(
    "line",
    [f"{NEAR} 09", f"{ACCESS} 09", f"{NEAR} SKR", "examples/oren Alby", "rulesets/2024/besked 09"],
)
def test_the_json_keeps_its_shape(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    data = data_of(line)
    assert list(data) == [
        *("schema", "ruleset", "year", "decision", "rule_file", "unit", "receipts", "values"),
        "findings",
    ]
    assert data["schema"] == 1
    for receipt in data["receipts"]:
        assert list(receipt) == [
            *("pot", "held", "to", "recipient", "name", "amount", "sentence", "lines"),
            *("funding", "check", "published"),
        ]
        assert set(receipt["sentence"]) == set(LANGUAGES)
        assert sum(one["value"] for one in receipt["lines"]) == receipt["amount"]
        if receipt["check"]:
            assert receipt["check"]["adds_up"] is True
            assert receipt["check"]["sum"] == receipt["held"]
    steps = [one for receipt in data["receipts"] for one in receipt["lines"] + receipt["funding"]]
    for step in steps_of([*steps, *(one["value"] for one in data["values"])]):
        assert set(step) == STEP
        assert set(step["text"]) == set(LANGUAGES)
        assert step["value"] is None or is_number(step["value"])
        assert all(map(is_number, step["numbers"].values()))
        for place in (step["rule"], step["figure"] and step["figure"]["at"]):
            assert place is None or (place["line"] > 0 and not Path(place["file"]).is_absolute())


def test_the_json_has_the_exact_share_and_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (receipt,) = data_of(f"{NEAR} Gotland Ambulans")["receipts"]
    assert (receipt["recipient"], receipt["amount"]) == ("09", 705_424)
    rest = receipt["lines"][1]
    assert rest["rule"] == {"file": "regler.md", "line": 91}
    share = next(one for one in rest["steps"] if one["kind"] == "share")
    assert share["value"] == "61093/10557682"
    assert share["figure"]["at"]["file"] == "data/befolkning.csv"
    assert share["figure"]["as_of"] == "1 november 2023"
    assert receipt["published"][0]["equal"] is True


def test_a_limit_in_percent_is_of_what_the_whole_line_moves(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "examples/lan-och-kommun", tmp_path / "lan-och-kommun")
    rules = folder / "regler.md"
    text, key = rules.read_text(encoding="utf-8"), "inom varje län efter befolkning"
    rules.write_text(text.replace(key, f"{key}, högst 20 %"), encoding="utf-8")
    page = CliRunner().invoke(main, ["why", str(folder), "Gotland", "--lang", "sv"])
    # Gotland has one municipality, whose part of the line is below a fifth of ten millions.
    assert "20 % × 10 000 000 = 2 000 000 kr" in page.stdout.replace("\u00a0", " ")

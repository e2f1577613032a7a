"""What the checker says, krona by krona: small certificates written by hand, and what is wrong."""

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.certificate_checker import Refused, Split, kronor, main, read, verdict

Place = tuple[int | str, ...]


# ---------------------------------------------------------------- certificates


def rows(
    weights: list[int],
    amounts: list[int],
    floors: list[Any] | None = None,
    ceilings: list[Any] | None = None,
) -> list[list[Any]]:
    """Rows of a split, for the recipients a, b, c and so on."""
    none: list[Any] = [None] * len(weights)
    columns = zip(weights, floors or none, ceilings or none, amounts, strict=True)
    return [[chr(97 + i), *row] for i, row in enumerate(columns)]


def split(
    weights: list[int],
    amounts: list[int],
    floors: list[Any] | None = None,
    ceilings: list[Any] | None = None,
    **said: Any,
) -> dict[str, Any]:
    """A split by largest remainder, with whatever is said otherwise."""
    return {
        "by": None,
        "conditions": False,
        "method": "largest_remainder",
        "ties": "code",
        "bearer": None,
        "unit": 1,
        "over": 1,
        "rate": None,
        "spreadsheet": None,
        "rows": rows(weights, amounts, floors, ceilings),
        "residue": 0,
        **said,
    }


def line(gives: dict[str, Any], takes: list[Any], total: int) -> dict[str, Any]:
    return {"text": "line", "paid": False, "takes": takes, "gives": gives, "total": total}


def pot(lines: list[dict[str, Any]], amounts: list[int], **said: Any) -> dict[str, Any]:
    """A pot for a and b (and c)."""
    held = said.pop("held", sum(one["total"] for one in lines))
    parted = any(one["takes"][0] == "part" for one in lines)
    return {
        "pot": "P",
        "recipients": "recipient",
        "held": held,
        "stated": held,
        "unit": 1 if parted else None,
        "parts": None,
        "lines": lines,
        "adjustments": [],
        "amounts": [[chr(97 + i), one] for i, one in enumerate(amounts)],
        **said,
    }


def figure(name: str, values: list[Any], of: str | None = "recipient") -> dict[str, Any]:
    return {"name": name, "cell": [], "of": of, "source": None, "values": values}


def certificate(*pots: dict[str, Any], length: int = 2, **said: Any) -> dict[str, Any]:
    """A certificate of pots whose money comes from nowhere else and goes to recipients only."""
    total = sum(one["held"] for one in pots if one["stated"] is not None)
    codes = [[chr(97 + i), f"name {i}"] for i in range(length)]
    about = dict.fromkeys(("ruleset", "year", "decision", "engine", "day", "scenario"))
    inputs = {
        "files": {},
        "recipients": {"recipient": {"codes": codes, "within": {}}},
        "figures": said.pop("figures", []),
    }
    inputs["recipients"].update(said.pop("recipients", {}))
    return {
        "format": "fordela-certificate-1",
        "about": about,
        "unit": "kr",
        "inputs": inputs,
        "steps": [],
        "items": [],
        "pots": list(pots),
        "others": {},
        "sums": {"in": total, "out": total},
        **said,
    }


def said(data: Any) -> str:
    """The verdict in English, of a certificate with a seal that fits."""
    plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
    data = {**data, "seal": hashlib.sha256(plain.encode()).hexdigest()}
    return verdict(json.dumps(data).encode())[1][0]


def changed(data: Any, place: Place, new: Any) -> Any:
    """The same with something else in one place."""
    data = copy.deepcopy(data)
    inner = data
    for key in place[:-1]:
        inner = inner[key]
    if new is GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = new(inner[place[-1]]) if isinstance(new, Callable) else new  # type: ignore[arg-type]
    return data


GONE = object()
FORM = "missing, unknown or of the wrong kind"
SEAL = "changed since it was written"
VALUE = "does not follow from what is stated"
TOTAL = "not what there is to share"
ANSWER = "not the method's answer"
SUMS = "what comes in is not what goes out"

EQUAL = certificate(
    pot([line({"to": "shares", "split": split([1, 1], [3, 2], rate="5/2")}, ["all"], 5)], [3, 2])
)
THERE: Place = ("pots", 0, "lines", 0)


# ---------------------------------------------------------------- what is said


REST = (
    "not proved: that other weights and limits are the rules', and figures the files'",
    "inte bevisat: att andra vikter och gränser är reglernas, och siffrorna filernas",
)


@pytest.mark.parametrize(
    ("units", "krona", "mark", "expected"),
    [
        (0, 1, ".", "0 kr"),
        (750_000_000, 1, ",", "750 000 000 kr"),
        (-1_234_505, 100, ",", "−12 345,05 kr"),
        (99, 100, ".", "0.99 kr"),
        (-1, 1, ".", "−1 kr"),
    ],
)
def test_sums_are_said_in_kronor(units: int, krona: int, mark: str, expected: str) -> None:
    assert kronor(units, krona, mark).replace("\N{NO-BREAK SPACE}", " ") == expected


def test_what_is_said_of_a_certificate_that_holds() -> None:
    data = copy.deepcopy(EQUAL)
    data["pots"][0]["lines"][0]["gives"]["split"]["by"] = 1
    plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
    data["seal"] = hashlib.sha256(plain.encode()).hexdigest()
    five = "5\N{NO-BREAK SPACE}kr"
    assert verdict(json.dumps(data).encode()) == (
        True,
        [
            f"PROVED: 1 pots, 1 splits (weights recomputed in 1), in = out = {five}; {REST[0]}",
            f"BEVISAT: 1 potter, 1 delningar (vikterna omräknade i 1), in = ut = {five}; {REST[1]}",
        ],
    )


def test_sums_are_said_with_the_marks_of_each_language() -> None:
    data = certificate(pot([to_code("a", ["all"], 123_456)], [123_456, 0]), unit="öre")
    plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
    data["seal"] = hashlib.sha256(plain.encode()).hexdigest()
    english, swedish = verdict(json.dumps(data).encode())[1]
    assert "in = out = 1\N{NO-BREAK SPACE}234.56\N{NO-BREAK SPACE}kr;" in english
    assert "in = ut = 1\N{NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}kr;" in swedish


SPOILT = [
    (("pots", 0, "held"), True, FORM, "saknas, är okänt eller av fel slag"),
    (("pots", 0, "lines", 0, "gives", "split", "rate"), 3, VALUE, "följer inte av det som står"),
    (("pots", 0, "held"), 4, TOTAL, "inte det som finns att dela"),
    ((*THERE, "gives", "split", "ties"), "largest", None, None),
    (("pots", 0, "amounts", 0, 1), 4, SUMS, "det som kommer in är inte det som går ut"),
]


@pytest.mark.parametrize(("place", "new", "english", "swedish"), SPOILT)
def test_why_a_certificate_is_refused(
    place: Place, new: Any, english: str | None, swedish: str | None
) -> None:
    data = changed(EQUAL, place, new)
    plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
    data["seal"] = hashlib.sha256(plain.encode()).hexdigest()
    good, (first, second) = verdict(json.dumps(data).encode())
    assert good == (english is None)
    if english is not None:
        assert first.startswith("REFUSED: P")
        assert first.endswith(f": {english}")
        assert second.startswith("UNDERKÄNT: P")
        assert second.endswith(f": {swedish}")


def test_a_broken_seal_is_seen_before_anything_else() -> None:
    data = {**EQUAL, "seal": "0" * 64}
    assert verdict(json.dumps(data).encode()) == (
        False,
        [
            f"REFUSED: certificate: {SEAL}",
            "UNDERKÄNT: intyget: ändrat sedan det skrevs",
        ],
    )


def test_another_table_is_not_the_methods_answer() -> None:
    other = changed(EQUAL, (*THERE, "gives", "split", "rows"), rows([1, 1], [2, 3]))
    plain = json.dumps({**other, "seal": None}, sort_keys=True, separators=(",", ":"))
    other["seal"] = hashlib.sha256(plain.encode()).hexdigest()
    assert verdict(json.dumps(other).encode()) == (
        False,
        [f"REFUSED: P, 1: {ANSWER}", "UNDERKÄNT: P, 1: inte metodens svar"],
    )


def test_a_place_is_said_in_printable_characters_and_not_too_long() -> None:
    name = "a\n" + "b" * 100
    data = changed(EQUAL, ("pots", 0, "pot"), name)
    data = changed(data, ("pots", 0, "held"), 4)
    assert said(data) == f"REFUSED: a?{'b' * 78}: {TOTAL}"


FILE = (
    "REFUSED: {}: cannot be read, or is too large\n"
    "UNDERKÄNT: {}: går inte att läsa, eller är för stor\n"
)


def test_a_file_that_cannot_be_read(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder, none = str(tmp_path), str(tmp_path / "none")
    for name, *said in ((None, "FILE", "FIL"), (folder, *[folder[:80]] * 2), ("\0", "?", "?")):
        assert main([name] if name else []) == 1
        assert capsysbinary.readouterr().out.decode() == FILE.format(*said)
    assert main([none, folder]) == 1
    assert capsysbinary.readouterr().out.decode() == FILE.format(*[none[:80]] * 2)


def test_a_file_may_have_twenty_million_bytes(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "large.json"
    for length, there in ((20_000_000, "certificate"), (20_000_001, str(file)[:80])):
        with file.open("wb") as opened:
            opened.truncate(length)
        assert main([str(file)]) == 1
        assert capsysbinary.readouterr().out.decode().startswith(f"REFUSED: {there}: ")
    with pytest.raises(Refused, match=r"^file$"):
        read(str(file))


def sealed(data: Any) -> str:
    plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
    return json.dumps({**data, "seal": hashlib.sha256(plain.encode()).hexdigest()})


def test_the_exit_code_is_the_verdict_of_the_first_file(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(sealed(EQUAL), encoding="utf-8")
    # A name of half a character, which no text can have, is not printed.
    spoilt = changed(changed(EQUAL, ("pots", 0, "pot"), "\ud800"), ("pots", 0, "held"), 4)
    bad.write_text(sealed(spoilt), encoding="utf-8")
    assert main([str(good), str(bad)]) == 0
    assert capsysbinary.readouterr().out.decode().startswith("PROVED: 1 pots, 1 splits")
    assert main([str(bad), str(good)]) == 1
    out = capsysbinary.readouterr().out.decode()
    assert out == f"REFUSED: ?: {TOTAL}\nUNDERKÄNT: ?: inte det som finns att dela\n"
    with pytest.raises(Refused, match=r"^file$"):
        read(str(tmp_path))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"unit": "kr"', '"unit": "kr", "unit": "kr"'),
        ('"held": 5', '"held": 5.0'),
        ('"held": 5', '"held": 5e0'),
        ('"held": 5', '"held": NaN'),
        ('"held": 5', '"held": Infinity'),
        ('"held": 5', '"held": -Infinity'),
    ],
)
def test_what_is_no_strict_json_is_refused_before_its_seal_is_looked_at(
    before: str, after: str
) -> None:
    text = sealed(EQUAL)
    assert verdict(text.encode())[0]
    assert verdict(text.replace(before, after).encode())[1][0] == f"REFUSED: certificate: {FORM}"


# ---------------------------------------------------------------- numbers and texts


def with_number(number: str) -> bool:
    """Whether a certificate is proved in which a figure is written in this way."""
    data = changed(EQUAL, ("inputs", "figures"), [figure("x", ["@"], None)])
    plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
    number_ = number if number.startswith('"') else str(int(number))
    seal = hashlib.sha256(plain.replace('"@"', number_).encode()).hexdigest()
    text = json.dumps({**data, "seal": seal}).replace('"@"', number)
    return verdict(text.encode())[0]


@pytest.mark.parametrize("number", ["1", "-1", "0", "9" * 4_000, '"1/3"', '"-10/3"'])
def test_a_number_that_is_one(number: str) -> None:
    assert with_number(number)


@pytest.mark.parametrize(
    "number",
    [
        *("9" * 4_001, "-" + "9" * 4_000, "-0", "00", '"1"', '"2/6"', '"3/1"', '"0/1"', '"1/-3"'),
        *('"1/03"', '"01/3"', '" 1/3"', '"1/3 "', '"+1/3"', '"x"', '"1/3/5"', "true", "1.5"),
    ],
)
def test_a_number_that_is_none(number: str) -> None:
    if number in {"true", "1.5", "00"}:
        assert not verdict(json.dumps(EQUAL).replace("5", number).encode())[0]
    else:
        assert not with_number(number)


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_fraction_has_four_thousand_digits_at_most(sign: str) -> None:
    longest = "9" * 4_000
    nines = "9" * 3_999 + "8"
    assert with_number(f'"{sign}{nines}/{longest}"')
    assert not with_number(f'"{sign}1{"0" * 4_000}/{longest}"')
    assert not with_number(f'"{sign}{longest}/1{"0" * 4_000}"')


# ---------------------------------------------------------------- splits


def refusal(total: int, said: dict[str, Any]) -> str | None:
    """Why a split of a sum among a, b, c and so on is refused; None if it is proved."""
    codes = [chr(97 + i) for i in range(len(said["rows"]))]
    try:
        Split(codes, total, said)
    except Refused as refused:
        return str(refused)
    return None


NEAREST: dict[str, Any] = {"method": "nearest", "bearer": "largest"}
DOWN: dict[str, Any] = {"method": "down"}
CLAIMS: dict[str, Any] = {"method": "sainte_lague"}
HALVES: dict[str, Any] = {"rate": "5/2"}

PROVED_SPLITS = [
    (5, split([1, 1], [3, 2], **HALVES)),
    (5, split([2, 2], [3, 2], over=2, **HALVES)),
    (5_000, split([1, 1], [3_000, 2_000], unit=1_000, **HALVES)),
    (-5, split([1, 1], [-3, -2], rate="-5/2")),
    (-1, split([1, 1], [-1, 0], rate="-1/2")),
    (0, split([1, 0], [0, 0], rate=0)),
    (5, split([1, 3, 6], [1, 1, 3], rate="1/2")),
    (5, split([1, 3, 6], [0, 2, 3], rate="1/2", ties="largest")),
    (3, split([0, 1], [0, 3], rate=3)),
    # Floors: 6 is three units of two, and so is 5; a floor below zero is none.
    (8, split([1, 1], [6, 2], [6, None], unit=2, rate=1)),
    (8, split([1, 1], [6, 2], [5, None], unit=2, rate=1)),
    (8, split([1, 1], [6, 2], ["11/2", None], unit=2, rate=1)),
    (5, split([1, 1], [3, 2], [-4, None], **HALVES)),
    # Ceilings: 2 is one unit of two, and so is 3.
    (8, split([1, 1], [2, 6], None, [2, None], unit=2, rate=3)),
    (8, split([1, 1], [2, 6], None, [3, None], unit=2, rate=3)),
    (0, split([1, 1], [0, 0], None, [2, None], rate=0)),
    (9, split([3, 2, 2], [2, 4, 3], None, [2, None, None], rate="7/4")),
    (5, split([1, 1, 1], [2, 2, 1], [2, None, None], [2, None, None], rate="3/2")),
    # Everyone is held: of many rates the lowest is said.
    (4, split([1, 1], [2, 2], None, [2, 2], rate=2)),
    (4, split([1, 2], [2, 2], None, [2, 2], rate=2)),
    (4, split([1, 1], [2, 2], [2, 2], None, rate=0)),
    (4, split([1, 2], [2, 2], [2, None], [2, 2], rate=1)),
    (4, split([0, 1], [2, 2], [2, None], [2, 2], rate=2)),
    # To nearest: 3.5, 2.5 and 1 make 4, 3 and 1.
    (7, split([7, 5, 2], [3, 3, 1], rate="1/2", **NEAREST)),
    (7, split([7, 5, 2], [4, 3, 0], rate="1/2", method="nearest", bearer=["recipient", "c"])),
    (1, split([0, 5, 5], [0, 0, 1], rate="1/10", **NEAREST)),
    (-2, split([1] * 4, [1, -1, -1, -1], rate="-1/2", **NEAREST)),
    # A difference that a limit keeps the largest from bearing goes to the next largest.
    (9, split([4, 1, 1], [6, 2, 1], [6, None, None], rate="3/2", method="down", bearer="largest")),
    (
        8,
        split(
            [2, 1, 1],
            [3, 3, 2],
            None,
            [3, None, None],
            rate="5/2",
            method="down",
            bearer=["recipient", "a"],
        ),
    ),
    (9, split([4, 1, 1], [6, 1, 2], None, [6, None, None], rate="3/2", **NEAREST)),
    # Down.
    (5, split([1, 1, 1], [1, 1, 1], rate="5/3", residue=2, **DOWN)),
    (-5, split([1, 1, 1], [-1, -1, -1], rate="-5/3", residue=-2, **DOWN)),
    (10, split([1, 1, 1], [2, 2, 2], rate="5/3", residue=4, unit=2, **DOWN)),
    (5, split([1, 1, 1], [1, 1, 1], rate="5/3", residue=2, bearer=["out", "R"], **DOWN)),
    (5, split([1, 1, 1], [1, 3, 1], rate="5/3", bearer=["recipient", "b"], **DOWN)),
    (5, split([1, 2, 1], [1, 3, 1], rate="5/4", bearer="largest", **DOWN)),
    # Sainte-Laguë.
    (5, split([1, 1], [3, 2], **HALVES, **CLAIMS)),
    (5, split([1, 3, 6], [0, 2, 3], rate="1/2", ties="largest", **CLAIMS)),
    (0, split([1, 0], [0, 0], rate=0, spreadsheet=0, **CLAIMS)),
    (7, split([0, 2, 5], [0, 2, 5], rate=1, spreadsheet=1, **CLAIMS)),
    (-7, split([0, 2, 5], [0, -2, -5], rate=-1, spreadsheet="-9/10", **CLAIMS)),
    (4, split([1, 1], [3, 1], [3, None], **CLAIMS)),
    (4, split([1, 1], [1, 3], None, [1, None], **CLAIMS)),
    (4, split([1, 1], [2, 2], None, [2, 2], **CLAIMS)),
    (4, split([1, 1], [2, 2], [2, 2], **CLAIMS)),
    (2, split([0, 1], [1, 1], [1, None], **CLAIMS)),
    (10, split([1, 100], [0, 10], [-4, None], rate="10/101", **CLAIMS)),
]


@pytest.mark.parametrize(("total", "said"), PROVED_SPLITS)
def test_a_split_that_is_proved(total: int, said: dict[str, Any]) -> None:
    assert refusal(total, said) is None


FORM_OF_SPLITS: list[tuple[str, Any]] = [
    *(("unit", one) for one in (0, -1, "1", True, None)),
    *(("over", one) for one in (0, -1, True)),
    *(("ties", one) for one in ("x", None, "XXcode")),
    *(("method", one) for one in ("up", "x", None)),
    *(("rate", one) for one in (None, True, "5")),
    *(("spreadsheet", one) for one in (1, True)),
    *(("bearer", one) for one in ("x", 1, ["out"], ["out", 5], ["out", "R", "S"])),
    *(("bearer", one) for one in (["recipient", "z"], ["recipient", 5], ["x", "a"])),
    *(("residue", one) for one in (None, False, "0")),
    *(("rows", one) for one in ([], rows([1], [5]), rows([1, 1, 1], [3, 2, 0]))),
    *(("rows", [["a", 1, None, None, one], ["b", 1, None, None, 2]]) for one in (None, "3", True)),
    *(("rows", [["a", one, None, None, 3], ["b", 1, None, None, 2]]) for one in (None, "1", True)),
    *(("rows", [["a", 1, one, None, 3], ["b", 1, None, None, 2]]) for one in (True, "x")),
    *(("rows", [["a", 1, None, one, 3], ["b", 1, None, None, 2]]) for one in (True, "x")),
    ("rows", [["b", 1, None, None, 3], ["a", 1, None, None, 2]]),
    ("rows", [["a", 1, None, None, 3], ["b", 1, None, None, 2, 0]]),
    ("rows", [[1, 1, None, None, 3], ["b", 1, None, None, 2]]),
]


@pytest.mark.parametrize(("name", "new"), FORM_OF_SPLITS)
def test_a_split_that_is_not_written_as_one(name: str, new: Any) -> None:
    with pytest.raises(Refused, match=r"^form$"):
        Split(["a", "b"], 5, {**split([1, 1], [3, 2], **HALVES), name: new})


REFUSED_SPLITS = [
    # What there is to share, and by what.
    ("value", 0, split([], [])),
    ("value", 5, split([0, 0], [3, 2], **HALVES)),
    ("value", 1, split([-1, 2], [-1, 2], rate=1)),
    ("total", 6, split([1, 1], [3, 2], rate=3)),
    ("total", 4, split([1, 1], [3, 2], residue=1, rate=2)),
    ("total", -1, split([1, 1], [-1, 0], None, [1, None], rate="-1/2")),
    ("total", -1, split([1, 1], [-1, 0], [0, None], rate="-1/2")),
    # Whole units, and no debts.
    ("answer", 5, split([1, 1], [3, 2], unit=2, rate=1, **DOWN)),
    ("answer", 5, split([1, 1], [2, 2], residue=1, unit=2, rate=1, **DOWN)),
    ("answer", 2, split([1] * 4, [-1, 1, 1, 1], rate="1/2", **NEAREST)),
    ("answer", 1, split([1, 1, 0], [1, 1, -1], rate="1/2", method="nearest",
                        bearer=["recipient", "c"])),
    # Rates.
    ("value", 5, split([1, 1], [3, 2], rate=3)),
    ("value", 5, split([1, 1], [3, 2], rate=3, **CLAIMS)),
    ("form", 5, split([1, 1], [3, 2])),
    ("value", 5, split([1, 1], [3, 2], **CLAIMS)),
    ("value", 4, split([1, 1], [3, 1], [3, None], rate=2, **CLAIMS)),
    ("value", 8, split([1, 1], [6, 2], [6, None], unit=2, rate=2)),
    ("value", 4, split([1, 1], [2, 2], None, [2, 2], rate=3)),
    ("value", 4, split([1, 1], [2, 2], [2, 2], None, rate=1)),
    ("value", 4, split([1, 2], [2, 2], [2, None], [2, 2], rate=2)),
    ("value", 4, split([1, 1], [2, 2], [3, None], [2, None], rate=2)),
    # Largest remainder: no bearer, nothing left, and no limit passed.
    ("answer", 5, split([1, 1], [3, 2], bearer="largest", **HALVES)),
    ("answer", 5, split([1, 1], [3, 2], bearer=["recipient", "a"], **HALVES)),
    ("answer", 5, split([1, 1], [3, 2], bearer=["out", "R"], **HALVES)),
    ("answer", 5, split([1, 1], [2, 2], residue=1, **HALVES)),
    ("answer", 5, split([1, 1], [2, 3], **HALVES)),
    ("answer", 5, split([1, 1], [4, 1], **HALVES)),
    ("answer", 5, split([1, 1], [1, 4], **HALVES)),
    ("answer", 5, split([1, 3, 6], [1, 1, 3], rate="1/2", ties="largest")),
    ("answer", 5, split([1, 3, 6], [0, 2, 3], rate="1/2")),
    ("answer", 9, split([3, 2, 2], [3, 3, 3], None, [2, None, None], rate="7/4")),
    ("answer", 3, split([0, 1, 1], [1, 1, 1], rate="3/2")),
    # Sainte-Laguë: no bearer, nothing left, and no limit passed.
    ("answer", 5, split([1, 1], [3, 2], bearer="largest", **HALVES, **CLAIMS)),
    ("answer", 5, split([1, 1], [3, 2], bearer=["out", "R"], **HALVES, **CLAIMS)),
    ("answer", 5, split([1, 1], [2, 2], residue=1, **HALVES, **CLAIMS)),
    ("answer", 5, split([1, 1], [2, 3], **HALVES, **CLAIMS)),
    ("answer", 4, split([1, 1], [2, 2], [3, None], **CLAIMS)),
    ("answer", 4, split([1, 1], [2, 2], None, [1, None], **CLAIMS)),
    ("answer", 2, split([0, 1], [1, 1], rate=2, **CLAIMS)),
    ("answer", 7, split([0, 2, 5], [0, 2, 5], rate=1, spreadsheet="3/2", **CLAIMS)),
    ("answer", -7, split([0, 2, 5], [0, -2, -5], rate=-1, spreadsheet=1, **CLAIMS)),
    # Each rounded by itself, and somebody bears the difference.
    ("answer", 5, split([1, 1], [3, 3], residue=-1, method="nearest", **HALVES)),
    ("answer", 5, split([1, 1], [3, 2], method="nearest", **HALVES)),
    ("answer", 5, split([1, 1], [2, 3], bearer=["recipient", "a"], **HALVES, **DOWN)),
    ("answer", 5, split([1, 1], [3, 2], residue=0, **HALVES, **DOWN)),
    ("answer", 5, split([1, 1], [2, 2], residue=1, bearer="largest", **HALVES, **DOWN)),
    ("answer", 9, split([4, 1, 1], [7, 1, 1], [6, None, None], rate="3/2", method="down",
                        bearer="largest")),
]  # fmt: skip


@pytest.mark.parametrize(("why", "total", "said"), REFUSED_SPLITS)
def test_a_split_that_is_refused(why: str, total: int, said: dict[str, Any]) -> None:
    assert refusal(total, said) == why


# ---------------------------------------------------------------- what a certificate rests on


def proved(data: Any) -> bool:
    return said(data).startswith("PROVED")


def shares(weights: list[int], amounts: list[int], **more: Any) -> dict[str, Any]:
    return {"to": "shares", "split": split(weights, amounts, **more)}


def why(data: Any) -> str:
    """Why a certificate is refused, without where."""
    words = said(data)
    assert words.startswith("REFUSED: "), words
    return words.rpartition(": ")[2]


SOUND: list[tuple[Place, Any]] = [
    (("about", "year"), 2026),
    (("about", "decision"), "a decision"),
    (("unit",), "öre"),
    (("inputs", "files"), {"a.csv": "0" * 64, "b.csv": "9af" + "0" * 61}),
    (("inputs", "figures"), [{**figure("x", ["1/2", 3]), "source": "a source"}]),
    (("inputs", "figures"), [figure("x", [1, 2]), figure("y", [5], None)]),
    (
        ("inputs", "figures"),
        [{**figure("x", [1, 2]), "cell": [month]} for month in ("january", "may")],
    ),
]


@pytest.mark.parametrize(("place", "new"), SOUND)
def test_what_a_certificate_may_rest_on(place: Place, new: Any) -> None:
    assert proved(changed(EQUAL, place, new))


ONE_NAME = {"codes": [["a", "A"], ["b", "B"]], "within": {}}
MALFORMED: list[tuple[Place, Any]] = [
    (("format",), "fordela-certificate-2"),
    (("unit",), "SEK"),
    (("about", "year"), True),
    (("about", "decision"), ["x"]),
    (("about", "day"), GONE),
    (("about", "more"), None),
    (("more",), None),
    (("others",), GONE),
    (("inputs", "files"), []),
    (("inputs", "recipients"), []),
    *((("inputs", "files"), {"a": "0" * n}) for n in (63, 65)),
    (("inputs", "files"), {"a": "0" * 63 + "g"}),
    (("inputs", "files"), {"a": "0" * 63 + "A"}),
    (("inputs", "files"), {"a": "0" * 64, "b": "0"}),
    (("inputs", "files"), {"a": 0}),
    (("inputs", "figures"), [{**figure("x", [1, 2]), "source": 5}]),
    (("inputs", "figures"), [figure("x", [1])]),
    (("inputs", "figures"), [figure("x", [1, 2, 3])]),
    (("inputs", "figures"), [figure("x", [1, 2], None)]),
    (("inputs", "figures"), [figure("x", [1, 2], "region")]),
    (("inputs", "figures"), [{**figure("x", [1, 2]), "of": 5}]),
    (("inputs", "figures"), [figure("x", [1, 2]), figure("x", [1, 2])]),
    (("inputs", "figures"), [{**figure("x", [1, 2]), "cell": "abc"}]),
    (("inputs", "figures"), [{**figure("x", [1, 2]), "cell": [5]}]),
    (("inputs", "figures"), {}),
    (("inputs", "recipients", "recipient", "codes", 0), ["a"]),
    (("inputs", "recipients", "recipient", "codes", 0, 1), 5),
    (("inputs", "recipients", "recipient", "codes", 0, 0), 5),
    (("inputs", "recipients", "recipient", "codes", 1, 0), "a"),
    (("inputs", "recipients", "county"), {"codes": [], "within": {}}),
    (("inputs", "recipients", "county"), {"codes": [["A", "x"], ["A", "y"]], "within": {}}),
    (("inputs", "recipients", "county"), {"codes": [["A", "x"], ["B", 5]], "within": {}}),
    (("inputs", "recipients", "recipient", "within"), []),
    (("inputs", "recipients", "recipient", "within"), {"county": [0, 0]}),
    (("inputs", "recipients", "recipient", "within"), {"recipient": [0]}),
    (("inputs", "recipients", "recipient", "within"), {"recipient": [0, 2]}),
    (("inputs", "recipients", "recipient", "within"), {"recipient": [0, -1]}),
    (("inputs", "recipients", "recipient", "within"), {"recipient": [0, True]}),
    (("steps",), {}),
    (("items",), {}),
    (("pots",), {}),
    (("pots", 0, "pot"), 5),
    (("pots", 0, "recipients"), "region"),
    (("pots", 0, "recipients"), 5),
    (("pots", 0, "held"), 5.0),
    (("pots", 0, "lines"), {}),
    (("pots", 0, "adjustments"), {}),
    (("pots", 0, "amounts"), {}),
    (("pots", 0, "unit"), 0),
    (("pots", 0, "unit"), "1"),
    (("pots", 0, "parts"), split([1], [5], rate=5)),
    ((*THERE, "text"), 5),
    ((*THERE, "paid"), 0),
    ((*THERE, "takes"), []),
    ((*THERE, "takes"), ["all", 1]),
    ((*THERE, "takes"), ["x"]),
    ((*THERE, "takes"), "all"),
    ((*THERE, "gives"), []),
    ((*THERE, "gives", "more"), 1),
    ((*THERE, "gives", "split"), []),
    ((*THERE, "gives", "split", "by"), 5),
    ((*THERE, "gives", "split", "conditions"), 0),
    ((*THERE, "gives", "to"), "x"),
    ((*THERE, "total"), True),
]


@pytest.mark.parametrize(("place", "new"), MALFORMED)
def test_what_is_not_written_as_a_certificate(place: Place, new: Any) -> None:
    assert why(changed(EQUAL, place, new)) == FORM


def test_the_place_of_a_figure_is_said() -> None:
    wrong = [figure("x", [1, 2]), {**figure("y", [1, "2/4"]), "cell": ["may", "day"]}]
    assert said(changed(EQUAL, ("inputs", "figures"), wrong)) == f"REFUSED: y, may, day: {FORM}"


def test_the_numbers_of_a_name_are_over_twenty_thousand_bits_at_most() -> None:
    """Numbers over others have a sum that takes the longer the more they are."""
    for power, good in ((0, True), (1, False)):
        values = [f"1/{2**power * 3**6300}", f"1/{5**4313}"]
        assert proved({**EQUAL, "steps": [{**step("down", [], values), "rounded": None}]}) == good
        data = changed(EQUAL, ("inputs", "figures"), [figure("x", values)])
        assert proved(data) == good
        assert good or said(data) == f"REFUSED: x: {FORM}"


def test_two_pots_of_one_name_are_not_told_apart() -> None:
    assert why({**EQUAL, "pots": EQUAL["pots"] * 2, "sums": {"in": 10, "out": 10}}) == FORM


def step(method: str, exact: list[Any], values: list[Any], unit: Any = 1) -> dict[str, Any]:
    rounded = {"method": method, "unit": unit, "exact": exact}
    names = {"name": "x", "cell": [], "of": "recipient", "text": "x"}
    return {**names, "rounded": rounded, "values": values}


STEPS = [
    ("nearest", ["5/2", "-5/2"], [3, -3]),
    ("nearest", ["7/3", "-7/3"], [2, -2]),
    ("nearest", [1, "1/2"], [1, 1]),
    ("nearest", ["-1/2", "-1/3"], [-1, 0]),
    ("down", ["8/3", "-8/3"], [2, -2]),
    ("down", [3, 0], [3, 0]),
    ("up", ["7/3", "-7/3"], [3, -3]),
    ("up", [3, 0], [3, 0]),
]


@pytest.mark.parametrize(("method", "exact", "values"), STEPS)
def test_an_earned_amount_is_rounded_by_itself(
    method: str, exact: list[Any], values: list[int]
) -> None:
    assert proved({**EQUAL, "steps": [step(method, exact, values)]})
    for by in (1, -1):
        wrong = step(method, exact, [values[0], values[1] + by])
        assert said({**EQUAL, "steps": [wrong]}) == f"REFUSED: x: {VALUE}"


def test_an_earned_amount_is_rounded_to_its_unit() -> None:
    assert proved({**EQUAL, "steps": [step("nearest", [1500, 1499], [2000, 1000], 1000)]})
    assert proved({**EQUAL, "steps": [step("down", ["7/4", 2], ["3/2", 2], "1/2")]})
    assert proved({**EQUAL, "steps": [{**step("down", [], [1, 2]), "rounded": None}]})
    for wrong in (
        step("nearest", [1], [1, 1]),
        step("nearest", [1, 1, 1], [1, 1]),
        step("nearest", [1, 1], [1, 1], 0),
        step("nearest", [1, 1], [1, 1], -1),
        step("x", [1, 1], [1, 1]),
        {**step("down", [1, 1], [1, 1]), "text": 5},
    ):
        assert why({**EQUAL, "steps": [wrong]}) == FORM
    listed = step("down", [1, 1], [1, 1])
    listed["rounded"]["method"] = ["down"]
    assert why({**EQUAL, "steps": [listed]}) == FORM


# ---------------------------------------------------------------- money in, money out


def item(to: dict[str, int], **more: Any) -> dict[str, Any]:
    lines = [
        {"text": "line", "to": name, "amount": amount, "paid": False} for name, amount in to.items()
    ]
    return {"item": "1:1", "amount": sum(to.values()), "lines": lines, **more}


def to_name(name: str, takes: list[Any], total: int) -> dict[str, Any]:
    return line({"to": "out", "name": name}, takes, total)


def to_code(code: str, takes: list[Any], total: int) -> dict[str, Any]:
    return line({"to": "recipient", "code": code}, takes, total)


FED = certificate(
    pot([to_code("a", ["all"], 5)], [5, 0], stated=None),
    items=[item({"P": 5, "R": 7})],
    others={"R": 7},
    sums={"in": 12, "out": 12},
)
CHAIN = certificate(
    pot([to_name("Q", ["all"], 5)], [0, 0]),
    pot([to_code("b", ["all"], 5)], [0, 5], pot="Q", stated=None),
)


def there_and_back(takes: list[Any]) -> Any:
    """Two pots that send each other three kronor, of which each knows how many they are."""
    return certificate(
        pot([to_name("Q", takes, 3), to_code("a", ["rest", None], 10)], [10, 0], stated=None),
        pot([to_name("P", takes, 3)], [0, 0], pot="Q", stated=None),
        items=[item({"P": 10})],
        sums={"in": 10, "out": 10},
        figures=[figure("x", [3], None)],
    )


LEFT_TO_POT = certificate(
    pot(
        [line(shares([1, 1], [2, 2], rate="5/2", method="down", residue=1,
                     bearer=["out", "Q"]), ["all"], 5)],
        [2, 2],
    ),
    pot([to_code("b", ["all"], 1)], [0, 1], pot="Q", stated=None),
    sums={"in": 5, "out": 5},
)  # fmt: skip
LEFT_TO_OTHER = certificate(
    pot(
        [line(shares([1, 1], [2, 2], rate="5/2", method="down", residue=1,
                     bearer=["out", "R"]), ["all"], 5)],
        [2, 2],
    ),
    others={"R": 1},
)  # fmt: skip
NOTHING_LEFT = certificate(
    pot(
        [line(shares([1, 1], [2, 2], rate=2, method="down", bearer=["out", "R"]), ["all"], 4)],
        [2, 2],
    ),
)
OWN_AND_FED = certificate(
    pot([to_name("Q", ["all"], 5)], [0, 0]),
    pot([to_code("b", ["all"], 5)], [0, 5], pot="Q"),
    sums={"in": 5, "out": 5},
)
BORNE = certificate(
    pot(
        [line(shares([1, 1], [2, 3], rate="5/2", method="down",
                     bearer=["recipient", "b"]), ["all"], 5)],
        [2, 3],
    ),
)  # fmt: skip
TO_LARGEST = certificate(
    pot(
        [line(shares([1, 1], [3, 2], rate="5/2", method="down", bearer="largest"), ["all"], 5)],
        [3, 2],
    ),
)


@pytest.mark.parametrize(
    "data",
    [
        FED,
        CHAIN,
        there_and_back(["amount", 3]),
        there_and_back(["name", "x"]),
        LEFT_TO_POT,
        LEFT_TO_OTHER,
        NOTHING_LEFT,
        OWN_AND_FED,
        BORNE,
        TO_LARGEST,
    ],
)
def test_money_that_comes_in_and_goes_out(data: Any) -> None:
    assert said(data).startswith(f"PROVED: {len(data['pots'])} pots")
    assert f"in = out = {kronor(data['sums']['in'], 1, '.')};" in said(data)
    for name in ("in", "out"):
        for new in (data["sums"][name] + 1, data["sums"][name] - 1):
            assert why(changed(data, ("sums", name), new)) == SUMS


LINE_OF_ITEM: Place = ("items", 0, "lines", 0)
NOT_THERE = [
    (FED, (("items", 0, "item"), 5), "certificate", FORM),
    (FED, ((*LINE_OF_ITEM, "amount"), 6), "1:1", SUMS),
    (FED, ((*LINE_OF_ITEM, "amount"), True), "1:1", FORM),
    (FED, ((*LINE_OF_ITEM, "text"), 5), "1:1", FORM),
    (FED, ((*LINE_OF_ITEM, "paid"), 1), "1:1", FORM),
    (FED, ((*LINE_OF_ITEM, "to"), 5), "1:1", FORM),
    (FED, (("items", 0, "amount"), 13), "1:1", SUMS),
    (FED, (("pots", 0, "held"), 4), "P", TOTAL),
    (FED, (("pots", 0, "stated"), 4), "P", TOTAL),
    (FED, (("others", "R"), 8), "P", SUMS),
    (FED, (("others",), {}), "P", SUMS),
    (FED, (("others", "S"), 0), "P", SUMS),
    (FED, (("sums",), {"in": 12}), "P", FORM),
    (OWN_AND_FED, (("pots", 1, "stated"), 6), "Q", TOTAL),
    (OWN_AND_FED, (("pots", 1, "held"), 6), "Q", TOTAL),
    (CHAIN, (("pots", 1, "held"), 0), "Q", TOTAL),
    (EQUAL, (("pots", 0, "stated"), None), "P", TOTAL),
    (EQUAL, (("pots", 0, "adjustments"), [{"text": 5, "to": "a", "amount": 0}]), "P", FORM),
    (EQUAL, (("pots", 0, "adjustments"), [{"text": "", "to": "z", "amount": 0}]), "P", FORM),
    (EQUAL, (("pots", 0, "adjustments"), [{"text": "", "to": "a", "amount": True}]), "P", FORM),
    (EQUAL, (("pots", 0, "adjustments"), [{"text": "", "to": "a", "amount": 1}]), "P", SUMS),
    (EQUAL, (("pots", 0, "amounts", 0, 0), "b"), "P", FORM),
    (EQUAL, (("pots", 0, "amounts", 0, 1), True), "P", FORM),
    (EQUAL, (("pots", 0, "amounts", 0), ["a", 3, 0]), "P", FORM),
    (EQUAL, ((*THERE, "total"), 4), "P, 1", TOTAL),
    (EQUAL, (("pots", 0, "stated"), "5"), "P", TOTAL),
]


@pytest.mark.parametrize(("data", "change", "where", "reason"), NOT_THERE)
def test_money_that_is_not_there(
    data: Any, change: tuple[Place, Any], where: str, reason: str
) -> None:
    assert said(changed(data, *change)) == f"REFUSED: {where}: {reason}"


def test_a_pot_holds_no_more_than_is_sent_to_it_whatever_it_states() -> None:
    data = changed(OWN_AND_FED, ("pots", 1, "lines", 0, "total"), 6)
    data["pots"][1].update(held=6, stated=6, amounts=[["a", 0], ["b", 6]])
    assert said(data) == f"REFUSED: Q: {TOTAL}"


def test_one_pot_gives_out_nothing_of_another() -> None:
    four, six = ([to_code("a", ["amount", one], one)] for one in (4, 6))
    data = certificate(pot(four, [4, 0], held=5), pot(six, [6, 0], held=5, pot="Q"))
    assert said(data) == f"REFUSED: P: {SUMS}"


def test_a_pot_that_nobody_fills_is_empty() -> None:
    for held in (-1, 0, 1):
        data = certificate(pot([to_code("a", ["all"], held)], [held, 0], stated=None))
        assert (said(data) == f"REFUSED: P: {TOTAL}") == bool(held)
        assert proved(data) == (held == 0)


@pytest.mark.parametrize("name", ["in", "out"])
def test_a_truth_value_is_no_sum(name: str) -> None:
    one = certificate(pot([to_code("a", ["all"], 1)], [1, 0]))
    assert proved(one)
    assert why(changed(one, ("pots", 0, "stated"), True)) == FORM
    assert why(changed(one, ("pots", 0, "held"), True)) == FORM
    assert why(changed(one, ("sums", name), True)) == FORM
    other = certificate(pot([to_name("R", ["all"], 1)], [0, 0]), others={"R": 1, "S": 0})
    other["items"] = [item({"S": 0})]
    assert proved(other)
    assert why(changed(other, ("others", "R"), True)) == SUMS


@pytest.mark.parametrize("takes", [["all"], ["rest", None], ["part", 1]])
def test_a_pot_fills_itself_by_way_of_no_other(takes: list[Any]) -> None:
    circle = certificate(
        pot([to_name("Q", takes, 5)], [0, 0], stated=None),
        pot([to_name("P", takes, 5)], [0, 0], pot="Q", stated=None),
    )
    assert said(circle) == f"REFUSED: certificate: {FORM}"


def test_what_rounding_leaves_goes_in_no_circle() -> None:
    data = copy.deepcopy(LEFT_TO_POT)
    data["pots"][0]["lines"][0]["gives"]["split"]["bearer"] = ["out", "P"]
    assert why(data) == FORM


# ---------------------------------------------------------------- lines


def rest_of(held: int, fixed: int, *rests: tuple[Any, int]) -> Any:
    """A pot that gives a fixed amount, or takes one back, and what is left in one rest or more."""
    lines = [to_name("R", ["amount", fixed], fixed)] if fixed else []
    lines += [to_code("a", ["rest", top], total) for top, total in rests]
    paid = sum(total for _, total in rests)
    return certificate(
        pot(lines, [paid, 0], held=held),
        others={"R": fixed} if fixed else {},
        sums={"in": held, "out": held},
    )


def test_a_rest_is_what_other_lines_leave() -> None:
    assert proved(rest_of(5, 2, (None, 3)))
    assert proved(rest_of(5, 5, (None, 0)))
    assert proved(rest_of(0, 0, (None, 0)))
    assert proved(rest_of(0, 0, (3, 0), (None, 0)))
    assert proved(rest_of(-1, 0, (None, -1)))
    assert proved(rest_of(-5, 0, (None, -5)))
    assert proved(rest_of(5, 0, (3, 3), (None, 2)))
    assert proved(rest_of(5, 0, ("7/2", 3), (None, 2)))
    assert proved(rest_of(5, 0, (9, 5), (None, 0)))
    assert proved(rest_of(5, 0, (-2, 0), (None, 5)))
    assert proved(rest_of(5, 0, (0, 0), (None, 5)))


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (rest_of(5, 2, (None, 4)), "P, 2"),
        (rest_of(5, 2, (None, 2)), "P, 2"),
        (rest_of(5, 6, (None, -1)), "P, 2"),
        (rest_of(0, 1, (None, -1)), "P, 2"),
        (rest_of(5, 0, (3, 4), (None, 1)), "P, 1"),
        (rest_of(5, 0, (3, 2), (None, 3)), "P, 1"),
        (rest_of(5, 0, (3, 3), (None, 3)), "P, 2"),
        (rest_of(-5, 1, (None, -6)), "P, 2"),
        (rest_of(-5, 0, (-7, -5)), "P, 1"),
        (rest_of(-5, 0, (1, -5)), "P, 1"),
    ],
)
def test_a_rest_that_is_another(data: Any, where: str) -> None:
    assert said(data) == f"REFUSED: {where}: {TOTAL}"


def test_a_repayment_is_never_more_than_is_to_be_repaid() -> None:
    halves = pot(
        [
            line(shares([1, 1], [-2, -2], rate=-2), ["part", "4/5"], -4),
            to_code("a", ["rest", None], -1),
        ],
        [-3, -2],
        held=-5,
    )
    assert proved(certificate(halves))
    whole = [to_code("a", ["part", 1], -5), to_code("b", ["rest", None], 0)]
    assert proved(certificate(pot(whole, [-5, 0], held=-5)))
    parts = [to_code("a", ["part", "6/5"], -6), to_code("b", ["rest", None], 1)]
    assert why(certificate(pot(parts, [-6, 1], held=-5))) == TOTAL


def test_adjustments_move_money_and_make_no_debt() -> None:
    moved = [{"text": "x", "to": code, "amount": amount} for code, amount in (("a", -3), ("b", 3))]
    data = changed(EQUAL, ("pots", 0, "adjustments"), moved)
    right = [["a", 0], ["b", 5]]
    assert why(data) == SUMS
    assert proved(changed(data, ("pots", 0, "amounts"), right))
    data = changed(data, ("pots", 0, "adjustments", 0, "amount"), -4)
    data = changed(data, ("pots", 0, "adjustments", 1, "amount"), 4)
    assert why(changed(data, ("pots", 0, "amounts"), [["a", -1], ["b", 6]])) == TOTAL


def test_a_pot_without_money_may_move_some_and_owe_some() -> None:
    moved = [{"text": "x", "to": code, "amount": amount} for code, amount in (("a", -3), ("b", 3))]
    for held in (0, -1):
        paid = [to_code("a", ["all"], held)]
        assert proved(certificate(pot(paid, [held - 3, 3], held=held, adjustments=moved)))
    more = [{"text": "x", "to": "a", "amount": 1}]
    assert why(certificate(pot([to_code("a", ["all"], 1)], [2, 0], adjustments=more))) == SUMS
    moved[0]["amount"], moved[1]["amount"] = -2, 2
    owing = pot([to_code("a", ["all"], 1)], [-1, 2], adjustments=moved)
    assert why(certificate(owing)) == TOTAL
    fewer = [to_code("a", ["amount", 1], 1)]
    assert proved(certificate(pot(fewer, [2, 0], held=2, adjustments=more)))
    assert why(certificate(pot(fewer, [1, 0], held=2))) == SUMS


# ---------------------------------------------------------------- parts


def in_parts(held: int, shares_: list[Any], totals: list[int], **more: Any) -> Any:
    """A pot whose lines take parts of it; a last total without a part is the rest."""
    takes = [["part", one] for one in shares_]
    takes += [["rest", None]] * (len(totals) - len(takes))
    lines = [to_code("a", one, total) for one, total in zip(takes, totals, strict=True)]
    unit = more.pop("unit", "kr")
    return certificate(pot(lines, [sum(totals), 0], held=held, **more), unit=unit)


def named(names: list[str], said: dict[str, Any]) -> dict[str, Any]:
    table = [[name, *row[1:]] for name, row in zip(names, said["rows"], strict=True)]
    return {**said, "rows": table}


TWO_OF_THREE = named(["1", "2"], split([1, 1], [3, 2], over=2, rate=5))
WITH_REST = named(["1", "2", "rest"], split([1, 1, 1], [2, 2, 1], over=3, rate=5))


def test_parts_are_exact_or_rounded_together() -> None:
    assert proved(in_parts(6, ["1/2", "1/2"], [3, 3]))
    assert proved(in_parts(6, ["1/3", "1/2"], [2, 3, 1]))
    assert proved(in_parts(5, ["1/2", "1/2"], [3, 2], parts=TWO_OF_THREE))
    assert proved(in_parts(5, ["1/3", "1/3"], [2, 2, 1], parts=WITH_REST))
    assert proved(in_parts(5, [1], [5]))
    # In thousands where the pot is a whole number of them, else in kronor, else in öre.
    thousands = named(["1", "2"], split([1, 1], [3000, 2000], over=2, rate=5, unit=1000))
    assert not proved(in_parts(5000, ["1/2", "1/2"], [3000, 2000], parts=thousands))
    assert proved(potted(thousands, 5000, [3000, 2000], 1000))
    kronor = named(["1", "2"], split([1, 1], [300, 200], over=2, rate=5, unit=100))
    assert proved(potted(kronor, 500, [300, 200], 1000, "öre"))
    ore = named(["1", "2"], split([1, 1], [3, 2], over=2, rate=5))
    assert proved(potted(ore, 5, [3, 2], 1000, "öre"))
    assert not proved(potted(ore, 5, [3, 2], 5, "öre"))
    assert proved(potted(ore, 5, [3, 2], 2))
    # Three kronor each of six are whole, whatever larger size the pot would be rounded to.
    assert proved(potted(None, 6, [3, 3], 1000))
    assert proved(potted(None, 500, [250, 250], 1000))


def potted(parts: Any, held: int, totals: list[int], unit: int, ledger: str = "kr") -> Any:
    data = in_parts(held, ["1/2", "1/2"], totals, parts=parts, unit=ledger)
    return changed(data, ("pots", 0, "unit"), unit)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (in_parts(6, ["1/2", "1/2"], [3, 3], parts=TWO_OF_THREE), FORM),
        (in_parts(5, ["1/2", "1/2"], [3, 2]), FORM),
        (in_parts(5, ["1/2", "1/2"], [2, 3], parts=TWO_OF_THREE), TOTAL),
        (in_parts(5, ["1/3", "2/3"], [3, 2], parts=TWO_OF_THREE), VALUE),
        (in_parts(5, ["1/3", "1/4"], [2, 2, 1], parts=WITH_REST), VALUE),
        (in_parts(5, ["1/3", "1/3"], [2, 2], parts=TWO_OF_THREE), FORM),
        (in_parts(6, ["1/2", "2/4"], [3, 3]), FORM),
        (in_parts(6, ["1/3", "1/2"], [2, 3]), SUMS),
        (in_parts(6, ["2/3", "1/2"], [4, 3]), SUMS),
        (in_parts(6, ["2/3", "1/2"], [4, 3, -1]), TOTAL),
        (changed(in_parts(6, ["1/2", "1/2"], [3, 3]), (*THERE, "takes"), ["part"]), FORM),
        (
            in_parts(5, ["1/2", "1/2"], [2, 2],
                     parts=named(["1", "2"], split([1, 1], [2, 2], over=2, rate=5,
                                                   method="down", residue=1))),
            FORM,
        ),
    ],
)  # fmt: skip
def test_parts_that_are_others(data: Any, reason: str) -> None:
    assert why(data) == reason


def test_a_part_has_nine_digits_below_the_line_at_most() -> None:
    for bottom, good in ((999_999_999, True), (10**9, False), (10**9 + 1, False)):
        data = in_parts(bottom, [f"1/{bottom}"], [1, bottom - 1])
        assert proved(data) == good


def test_a_pot_has_two_hundred_parts_at_most() -> None:
    for length, good in ((200, True), (201, False)):
        data = in_parts(length, [f"1/{length}"] * length, [1] * length)
        assert proved(data) == good


PARTED = in_parts(5, ["1/2", "1/2"], [3, 2], parts=TWO_OF_THREE)


def test_parts_are_shared_by_a_method_that_gives_out_all_of_them() -> None:
    assert proved(changed(PARTED, ("pots", 0, "parts", "method"), "sainte_lague"))
    for method, amounts in (("nearest", [2, 3]), ("down", [3, 2])):
        alone = split([1, 1], amounts, over=2, rate=5, method=method, bearer="largest")
        parts = in_parts(5, ["1/2", "1/2"], amounts, parts=named(["1", "2"], alone))
        assert said(parts) == f"REFUSED: P: {FORM}"


@pytest.mark.parametrize(
    ("floors", "ceilings", "rate"), [([4, None], None, 2), (None, [None, 1], 8)]
)
def test_parts_have_no_limits(floors: Any, ceilings: Any, rate: int) -> None:
    """Half of a pot would be four fifths of it."""
    limited = split([1, 1], [4, 1], floors, ceilings, over=2, rate=rate)
    data = in_parts(5, ["1/2", "1/2"], [4, 1], parts=named(["1", "2"], limited))
    assert said(data) == f"REFUSED: P: {FORM}"


def test_parts_of_which_one_is_whole_are_rounded_with_the_others() -> None:
    """A third of six is two, a fourth is one and a half."""
    parts = named(["1", "2", "rest"], split([4, 3, 5], [2, 2, 2], over=12, rate=6))
    assert proved(in_parts(6, ["1/3", "1/4"], [2, 2, 2], parts=parts))
    assert why(in_parts(6, ["1/3", "1/4"], [2, 2, 2])) == FORM


@pytest.mark.parametrize("unit", [0, -1, None])
def test_parts_are_rounded_to_something(unit: Any) -> None:
    assert why(changed(PARTED, ("pots", 0, "unit"), unit)) == FORM


def test_parts_have_no_key() -> None:
    data = changed(PARTED, ("pots", 0, "parts", "by"), 1)
    assert said(data) == f"REFUSED: P: {FORM}"


@pytest.mark.parametrize("part", [0, "-1/2"])
def test_a_part_is_more_than_nothing(part: Any) -> None:
    total = 0 if part == 0 else -3
    taken = to_name("R", ["part", part], total)
    data = certificate(
        pot([to_code("a", ["rest", None], 6 - total), taken], [6 - total, 0], held=6),
        others={"R": total},
    )
    assert said(data) == f"REFUSED: P: {FORM}"


# ---------------------------------------------------------------- fixed and earned amounts


def each(
    takes: list[Any],
    table: list[list[Any]],
    held: int | None = None,
    reduced: Any = None,
    **more: Any,
) -> Any:
    """A pot that pays an amount to each, and the rest to R."""
    total = sum(one[2] for one in table)
    left = (total if held is None else held) - total
    lines = [line({"to": "each", "rows": table, "reduced": reduced}, takes, total)]
    lines += [to_name("R", ["rest", None], left)]
    data = certificate(
        pot(lines, [one[2] for one in table]), others={"R": left}, length=len(table), **more
    )
    return {**data, "sums": {"in": total + left, "out": total + left}}


X = [figure("x", [4, 8])]
CLAIMED = split([4, 8], [2, 4], None, [4, 8], rate="1/2")
SHORT = each(["name", "x"], [["a", 1, 2], ["b", 1, 4]], 6, CLAIMED, figures=X)


def test_an_amount_to_each() -> None:
    assert proved(each(["amount", 5], [["a", 1, 5], ["b", 1, 5]]))
    assert proved(each(["amount", 5], [["a", 1, 5], ["b", 0, 0]], 7))
    assert proved(each(["amount", 0], [["a", 1, 0], ["b", 0, 0]]))
    assert proved(each(["name", "x"], [["a", 1, 4], ["b", 1, 8]], figures=X))
    assert proved(each(["name", "x"], [["a", 0, 0], ["b", 1, 8]], figures=X))
    assert proved(each(["name", "x"], [["a", 1, 3], ["b", 1, 3]], figures=[figure("x", [3], None)]))
    assert proved(SHORT)


def test_claims_may_be_reduced_in_whole_units_and_to_nothing() -> None:
    thousands = split([1500, 2500], [1000, 1000], None, [1500, 2500], unit=1000, rate="1/2000")
    claims = [figure("x", [1500, 2500])]
    table = [["a", 1, 1000], ["b", 1, 1000]]
    assert proved(each(["name", "x"], table, 2500, thousands, figures=claims))
    none = split([4, 8], [0, 0], None, [4, 8], rate=0)
    for held in (0, -5):
        assert proved(each(["name", "x"], [["a", 1, 0], ["b", 1, 0]], held, none, figures=X))
    # More thousands are there than whole thousands in the claims: everyone gets those.
    most = split([1999, 2999], [1000, 2000], None, [1999, 2999], unit=1000, rate="2/2999")
    claims = [figure("x", [1999, 2999])]
    table = [["a", 1, 1000], ["b", 1, 2000]]
    assert proved(each(["name", "x"], table, 4500, most, figures=claims))


AT: Place = ("pots", 0, "lines", 0, "gives")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (each(["amount", 5], [["a", 1, 5], ["b", 1, 4]]), VALUE),
        (each(["amount", 5], [["a", 1, 5], ["b", 2, 10]]), VALUE),
        (each(["amount", 5], [["a", 1, 5], ["b", -1, -5]]), VALUE),
        (each(["amount", 5], [["b", 1, 5], ["a", 1, 5]]), FORM),
        (each(["amount", 5, 5], [["a", 1, 5], ["b", 1, 5]]), FORM),
        (each(["amount", "5"], [["a", 1, 5], ["b", 1, 5]]), FORM),
        (each(["amount", -5], [["a", 1, -5], ["b", 1, -5]]), VALUE),
        (each(["amount", 5], [["a", True, 5], ["b", 1, 5]]), FORM),
        (each(["name", "y"], [["a", 1, 5], ["b", 1, 5]]), VALUE),
        (each(["name", 5], [["a", 1, 5], ["b", 1, 5]]), FORM),
        (each(["name", "x"], [["a", 1, 4], ["b", 1, 8], ["c", 1, 0]],
              figures=[figure("x", [4, 8], "two")],
              recipients={"two": {"codes": [["a", ""], ["b", ""]], "within": {}}}), VALUE),
        (changed(each(["amount", 5], [["a", 1, 5], ["b", 1, 5]]), (*AT, "rows", 1, 2), 4), TOTAL),
        (changed(each(["amount", 5], [["a", 1, 5], ["b", 1, 5]]), (*AT, "rows"), []), FORM),
        (each(["name", "x"], [["a", 1, -1], ["b", 1, 9]], figures=[figure("x", [-1, 9])]), VALUE),
        (changed(SHORT, (*AT, "reduced"), split([2, 4], [2, 4], None, [2, 4], rate=1)), VALUE),
        (changed(SHORT, (*AT, "reduced"), None), VALUE),
        (changed(SHORT, (*AT, "reduced", "unit"), 0), TOTAL),
        (changed(SHORT, (*AT, "reduced", "unit"), "1"), FORM),
        (changed(SHORT, (*AT, "reduced", "unit"), -1), TOTAL),
        (changed(SHORT, (*AT, "reduced", "more"), 1), FORM),
        (changed(SHORT, (*AT, "reduced", "rows", 0, 2), 0), VALUE),
        (changed(SHORT, (*AT, "reduced", "rows", 0, 3), 5), VALUE),
        (changed(SHORT, (*AT, "reduced", "over"), 2), VALUE),
    ],
)  # fmt: skip
def test_an_amount_to_each_that_is_another(data: Any, reason: str) -> None:
    assert why(data) == reason


def test_claims_are_not_reduced_where_the_money_suffices() -> None:
    whole = split([4, 8], [4, 8], None, [4, 8], rate=1)
    for held in (12, 13):
        data = each(["name", "x"], [["a", 1, 4], ["b", 1, 8]], held, whole, figures=X)
        assert why(data) == TOTAL
    over = changed(SHORT, (*AT, "reduced", "over"), 2)
    assert why(changed(over, (*AT, "reduced", "rate"), 1)) == VALUE


def test_one_line_of_a_pot_at_most_is_reduced() -> None:
    """Of two nothing would say how much each of them is reduced."""
    gives = {"to": "each", "rows": [["a", 1, 2], ["b", 1, 4]], "reduced": CLAIMED}
    twice = [line(gives, ["name", "x"], 6)] * 2
    assert said(certificate(pot(twice, [4, 8]), figures=X)) == f"REFUSED: P: {FORM}"


def test_claims_are_reduced_by_themselves() -> None:
    assert why(changed(SHORT, (*AT, "reduced", "by"), "x")) == FORM


OTHERS = {"other": {"codes": [["q", ""], ["r", ""]], "within": {}}}
NAMESAKES = {"other": {"codes": [["a", "A"], ["b", "B"]], "within": {}}}


def test_amounts_are_the_recipients_own() -> None:
    """As many numbers of others are not theirs, unless the others have the same codes."""
    table = [["a", 1, 4], ["b", 1, 8]]
    theirs = [figure("x", [4, 8], "other")]
    of = each(["name", "x"], table, figures=theirs, recipients=OTHERS)
    assert said(of) == f"REFUSED: P, 1: {VALUE}"
    assert proved(each(["name", "x"], table, figures=theirs, recipients=NAMESAKES))


def test_an_amount_to_one() -> None:
    assert proved(certificate(pot([to_code("a", ["amount", 5], 5)], [5, 0])))
    assert proved(certificate(pot([to_code("a", ["amount", 0], 0)], [0, 0])))
    one = certificate(pot([to_code("a", ["name", "x"], 12)], [12, 0]), figures=X)
    assert proved(one)
    assert why(changed(one, ("inputs", "figures", 0, "values"), [4, "17/2"])) == VALUE
    assert why(changed(one, ("inputs", "figures", 0, "values"), [4, 9])) == TOTAL
    assert why(changed(one, ("inputs", "figures", 0, "values"), [-1, 13])) == TOTAL
    assert why(changed(one, (*THERE, "takes", 1), "y")) == VALUE
    assert why(changed(one, (*THERE, "gives", "code"), "z")) == FORM
    assert why(changed(one, (*THERE, "gives", "more"), 1)) == FORM
    out = certificate(pot([to_name("R", ["amount", 5], 5)], [0, 0]), others={"R": 5})
    assert proved(out)
    assert why(changed(out, (*THERE, "gives", "more"), 1)) == FORM
    nobody = certificate(pot([to_name("R", ["amount", 0], 0)], [0, 0]))
    assert why(changed(nobody, (*THERE, "gives", "name"), None)) == FORM
    rest = each(["amount", 5], [["a", 1, 5], ["b", 1, 5]])
    assert why(changed(rest, (*THERE, "takes"), ["all"])) == FORM


# ---------------------------------------------------------------- weights and areas


def by(name: Any, weights: list[int], amounts: list[int], **more: Any) -> Any:
    figures = more.pop("figures", [figure("x", ["1/2", 1]), figure("y", [3], None)])
    gives = shares(weights, amounts, by=name, **more)
    return certificate(pot([line(gives, ["all"], sum(amounts))], amounts), figures=figures)


def test_weights_are_those_of_the_key() -> None:
    assert "weights recomputed in 1)" in said(by("x", [1, 2], [1, 2], over=2, rate=2))
    assert "weights recomputed in 0)" in said(by(None, [1, 2], [1, 2], over=2, rate=2))
    assert proved(by("y", [3, 3], [2, 2], rate="2/3"))
    assert proved(by(1, [1, 1], [2, 2], rate=2))
    assert proved(by("x", [0, 2], [0, 3], over=2, rate=3, conditions=True))
    assert why(by("x", [0, 2], [0, 3], over=2, rate=3)) == VALUE
    assert why(by("x", [2, 1], [2, 1], over=2, rate=2)) == VALUE
    assert why(by("x", [1, 2], [1, 2], rate=1)) == VALUE
    assert why(by("x", [2, 2], [2, 2], over=2, rate=2, conditions=True)) == VALUE
    assert why(by("x", [0, 1], [0, 3], rate=3)) == VALUE
    assert why(by(1, [2, 2], [2, 2], rate=1)) == VALUE
    assert why(by(2, [2, 2], [2, 2], rate=1)) == FORM
    assert why(by(True, [1, 1], [2, 2], rate=2)) == FORM
    assert why(by("z", [1, 1], [2, 2], rate=2)) == VALUE
    assert why(by("z", [1, 1], [2, 2], rate=2, figures=[])) == VALUE


def test_weights_are_the_recipients_own() -> None:
    """As many figures of others are not theirs, unless the others have the same codes."""
    data = by("x", [1, 2], [1, 2], rate=1, figures=[figure("x", [1, 2], "other")])
    for recipients, good in ((OTHERS, False), (NAMESAKES, True)):
        two = copy.deepcopy(data)
        two["inputs"]["recipients"].update(recipients)
        assert proved(two) == good
        assert good or why(two) == VALUE


def in_areas(**more: Any) -> Any:
    """Three recipients in two of three areas; A gets 2 and B 3 of 5."""
    values = more.pop("values", [2, 3, 0])
    said = {
        "to": "levels",
        "areas": "area",
        "added": False,
        "outer": named_areas(split(values, [2, 3, 0], by="of areas", rate=1)),
        "inner": [
            split([1, 3], [1, 1], by="x", rate="1/2"),
            named(["c"], split([4], [3], by="x", rate="3/4")),
            None,
        ],
        **more,
    }
    recipients = {
        "recipient": {
            "codes": [["a", ""], ["b", ""], ["c", ""]],
            "within": {"area": [0, 0, 1]},
        },
        "area": {"codes": [["A", ""], ["B", ""], ["C", ""]], "within": {}},
    }
    return certificate(
        pot([line(said, ["all"], 5)], [1, 1, 3]),
        length=3,
        recipients=recipients,
        figures=[figure("x", [1, 3, 4]), figure("of areas", [2, 3, 0], "area")],
    )


def named_areas(said: dict[str, Any]) -> dict[str, Any]:
    return named(["A", "B", "C"], said)


LEVELS = in_areas()
ADDED = changed(LEVELS, (*AT, "added"), True)
ADDED = changed(ADDED, (*AT, "outer"), named_areas(split([4, 4, 0], [3, 2, 0], by="x", rate="5/8")))
ADDED = changed(ADDED, (*AT, "inner", 0), split([1, 3], [1, 2], by="x", rate="3/4"))
ADDED = changed(ADDED, (*AT, "inner", 1), named(["c"], split([4], [2], by="x", rate="1/2")))
ADDED = changed(ADDED, ("pots", 0, "amounts"), [["a", 1], ["b", 2], ["c", 2]])


def test_areas_share_first_and_then_their_recipients() -> None:
    assert said(LEVELS).startswith("PROVED: 1 pots, 3 splits (weights recomputed in 3)")
    assert said(ADDED).startswith("PROVED: 1 pots, 3 splits (weights recomputed in 3)")


@pytest.mark.parametrize("certificate", [LEVELS, ADDED], ids=["own", "added"])
@pytest.mark.parametrize("outer", [5, None, [], "x", {}, {"by": "x"}])
def test_a_split_among_areas_of_the_wrong_kind_is_refused(certificate: Any, outer: Any) -> None:
    assert why(changed(certificate, (*AT, "outer"), outer)) == FORM


def test_halves_of_an_area_make_a_whole() -> None:
    """1/2 and 3/2 are 2 in one area, and 3 in the other: no weight of an area has a fraction."""
    data = changed(ADDED, ("inputs", "figures", 0, "values"), ["1/2", "3/2", 3])
    outer = named_areas(split([2, 3, 0], [2, 3, 0], by="x", rate=1))
    data = changed(data, (*AT, "outer"), outer)
    data = changed(data, (*AT, "inner", 0), split([1, 3], [1, 1], by="x", over=2, rate=1))
    data = changed(data, (*AT, "inner", 1), named(["c"], split([3], [3], by="x", rate=1)))
    data = changed(data, ("pots", 0, "amounts"), [["a", 1], ["b", 1], ["c", 3]])
    assert proved(data)
    assert why(changed(data, (*AT, "outer", "rows", 0, 1), 1)) == VALUE


def counted(name: Any) -> Any:
    """Areas that share by how many recipients lie in them, as if the key said so."""
    data = changed(ADDED, (*AT, "outer", "rows"), [["A", 2, None, None, 3], ["B", 1, None, None, 2],
                                                   ["C", 0, None, None, 0]])  # fmt: skip
    data = changed(data, (*AT, "outer", "rate"), "5/3")
    data["inputs"]["figures"].append(figure("z", [1], None))
    return changed(data, (*AT, "outer", "by"), name)


def test_what_is_the_same_for_all_is_not_added_up_for_an_area() -> None:
    assert proved(counted(None))
    assert why(counted(1)) == FORM
    assert why(counted("z")) == FORM


def test_areas_have_figures_of_their_own() -> None:
    """The first two recipients' figures are not those of two areas."""
    outer = named_areas(split([1, 3, 4], [1, 2, 2], by="x", rate="5/8"))
    assert said(changed(LEVELS, (*AT, "outer"), outer)) == f"REFUSED: P, 1: {VALUE}"


def test_areas_have_no_limits_and_no_conditions() -> None:
    limited = named_areas(split([2, 3, 0], [2, 3, 0], [2, None, None], by="of areas", rate=1))
    assert why(changed(LEVELS, (*AT, "outer"), limited)) == FORM
    assert why(changed(LEVELS, (*AT, "outer", "conditions"), True)) == FORM


SHARED_ELSE = [
    {"ties": "largest"},
    {"method": "sainte_lague"},
    {"by": None},
    {"conditions": True},
    {"bearer": ["out", "R"], "method": "down"},
]


@pytest.mark.parametrize("said_", SHARED_ELSE)
@pytest.mark.parametrize("area", [0, 1])
def test_an_area_shares_as_the_others_do(area: int, said_: dict[str, Any]) -> None:
    data = changed(LEVELS, (*AT, "inner", area), lambda one: {**one, **said_})
    assert why(data) == FORM


def test_a_line_of_two_levels_is_rounded_in_one_way() -> None:
    """Both levels by one method, with one order of ties, one bearer and one unit."""
    assert why(changed(LEVELS, (*AT, "outer", "ties"), "largest")) == FORM
    data = changed(LEVELS, (*AT, "outer", "method"), "sainte_lague")
    assert why(data) == FORM
    for area in (0, 1):
        assert why(data) == FORM
        data = changed(data, (*AT, "inner", area, "method"), "sainte_lague")
    assert proved(data)
    whole: dict[str, Any] = {"bearer": "largest", "method": "down"}
    data = copy.deepcopy(ADDED)
    gives = data["pots"][0]["lines"][0]["gives"]
    gives["outer"] = named_areas(split([4, 4, 0], [3, 2, 0], by="x", rate="5/8", **whole))
    gives["inner"][0] = split([1, 3], [0, 3], by="x", rate="3/4", **whole)
    gives["inner"][1].update(whole)
    data["pots"][0]["amounts"] = [["a", 0], ["b", 3], ["c", 2]]
    assert proved(data)
    gives["inner"][1]["bearer"] = ["recipient", "c"]
    assert why(data) == FORM


def test_an_area_without_recipients_may_stand_anywhere() -> None:
    data = copy.deepcopy(LEVELS)
    data["inputs"]["recipients"]["recipient"]["within"]["area"] = [0, 0, 2]
    data["inputs"]["figures"][1]["values"] = [2, 0, 3]
    gives = data["pots"][0]["lines"][0]["gives"]
    gives["outer"]["rows"] = named_areas(split([2, 0, 3], [2, 0, 3]))["rows"]
    gives["inner"] = [gives["inner"][0], None, gives["inner"][1]]
    assert proved(data)
    data["pots"][0]["amounts"] = [["a", 1], ["b", 1], ["c", 0]]
    assert why(data) == SUMS


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (changed(LEVELS, (*AT, "areas"), "recipient"), FORM),
        (changed(LEVELS, (*AT, "areas"), 5), FORM),
        (changed(LEVELS, (*AT, "added"), 0), FORM),
        (changed(LEVELS, (*AT, "added"), True), VALUE),
        (changed(ADDED, (*AT, "added"), False), VALUE),
        (changed(LEVELS, (*AT, "to"), "areas"), FORM),
        (changed(LEVELS, (*AT, "more"), 1), FORM),
        (changed(LEVELS, (*AT, "inner"), lambda inner: inner[:2]), FORM),
        (changed(LEVELS, (*AT, "inner", 1), None), TOTAL),
        (changed(LEVELS, (*AT, "inner", 0, "rows"), rows([1, 3], [0, 2])), ANSWER),
        (changed(LEVELS, (*AT, "inner", 0, "rows"), rows([1, 4], [1, 1])), VALUE),
        (changed(LEVELS, (*AT, "outer", "rate"), 2), VALUE),
    ],
)  # fmt: skip
def test_areas_that_share_otherwise(data: Any, reason: str) -> None:
    assert why(data) == reason


def test_an_area_leaves_nothing() -> None:
    left = split([1, 3], [0, 1], by="x", rate="1/2", residue=1)
    data = rounded_down(changed(LEVELS, (*AT, "inner", 0), left))
    data = changed(data, ("pots", 0, "amounts"), [["a", 0], ["b", 1], ["c", 3]])
    assert said(data) == f"REFUSED: P, 1: {SUMS}"
    outer = split([2, 3, 0], [1, 2, 0], by="of areas", rate="4/5", method="down", residue=1)
    data = changed(LEVELS, (*AT, "outer"), named_areas(outer))
    data["pots"][0].update(held=4, stated=4)
    data["pots"][0]["lines"][0]["total"] = 4
    assert said({**data, "sums": {"in": 4, "out": 4}}) == f"REFUSED: P, 1: {SUMS}"


def rounded_down(data: Any) -> Any:
    """The same with areas and recipients rounded down."""
    for one in ("outer",), ("inner", 0), ("inner", 1):
        data = changed(data, (*AT, *one, "method"), "down")
    return data


def test_what_a_split_leaves_is_somebodys() -> None:
    data = certificate(
        pot([line(shares([1, 1], [2, 2], rate="5/2", residue=1, **DOWN), ["all"], 5)], [2, 2])
    )
    assert said(data) == f"REFUSED: P, 1: {SUMS}"

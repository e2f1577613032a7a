"""No claim of a certificate can be changed by one: the tool that changes them all."""

import pytest

from tools import tamper


def test_no_claim_of_any_certificate_can_be_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert tamper.main(["--count", "3", "--moves", "1"]) == 0
    said = capsys.readouterr().out
    assert "0 holes" in said
    for name, _ in tamper.certificates():
        assert name in said


def test_a_claim_that_is_accepted_is_a_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checker that believes everything is found out, with a new seal and without."""
    name, data = next(tamper.certificates())
    monkeypatch.setattr(tamper, "verdict", lambda _: (True, []))
    tally = tamper.tampered(data, list(tamper.numbers(data))[-3:])
    assert tally.sealed == {False: 6}, name
    assert len(tally.holes) == 6


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (("pots", 0, "lines", 2, "gives", "split", "rows", 3, 4), "split.rows.amount"),
        (("pots", 0, "lines", 2, "gives", "inner", 1, "rows", 3, 1), "split.rows.weight"),
        (("pots", 0, "lines", 0, "gives", "rows", 3, 2), "pots.lines.gives.rows.amount"),
        (("pots", 0, "lines", 0, "gives", "reduced", "rows", 3, 3), "split.rows.ceiling"),
        (("inputs", "files", "data/a.csv"), "inputs.files.data/a.csv"),
        (("inputs", "figures", 4, "values", 0), "inputs.figures.values"),
        (("sums", "in"), "sums.in"),
    ],
)
def test_a_number_is_known_by_its_field(place: tamper.Place, field: str) -> None:
    assert tamper.field_of(place) == field
    assert (tamper.known(field) == "") == field.endswith(("amount", "in"))

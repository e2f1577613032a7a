"""Every example in examples/ runs, keeps its checks, and gives the table that stands beside it."""

from pathlib import Path

import pytest

from dsl.findings import errors
from engine.inputs.files import Folder
from engine.pipeline import run_ruleset, verify

EXAMPLES = Path(__file__).parents[1] / "examples"


def names() -> list[str]:
    return sorted(one.name for one in EXAMPLES.iterdir() if one.is_dir())


@pytest.mark.parametrize("name", names())
def test_the_example_gives_the_table_beside_it(name: str) -> None:
    outcome = run_ruleset(Folder(EXAMPLES / name))
    assert errors(outcome.findings) == ()
    verdicts, findings = verify(outcome)
    assert findings == ()
    assert verdicts, "an example without a published table proves nothing"
    assert all(one.agrees and one.published_sum is None for one in verdicts)
    assert all(one.holds for one in outcome.checks)

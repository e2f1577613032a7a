"""``fordela scenario``: a ruleset as it is beside its scenarios, recipient by recipient."""

from __future__ import annotations

import click

from desk.commands.shared import FOUND, as_json, code_of, complain, path_argument, say_as
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.usage import Misuse


@click.pass_obj
def _scenario(speaker: Speaker, path: str, names: tuple[str, ...], form: str) -> int:
    from desk.report.scenarios import scenarios_csv, scenarios_data, scenarios_page
    from desk.rulesets import one_ruleset, variant_of
    from engine.comparison.scenario import compare_scenarios
    from engine.inputs.stack import Variant
    from engine.pipeline import run_variant

    opened = one_ruleset(path).open()
    usual = run_variant(opened)
    if usual.result is None:
        complain(usual.findings, speaker)
        return max(code_of(usual, usual.findings), FOUND)
    known = opened.rules.own.scenarios if opened.rules else ()
    if not known:
        raise Misuse("no_scenarios", scenario=" ".join(names))
    chosen = [variant_of(opened, None, name) for name in names]
    chosen = list(dict.fromkeys(chosen)) or [Variant(scenario=name) for name in known]
    outcomes = [run_variant(opened, variant) for variant in chosen]
    compared = compare_scenarios([usual, *(one for one in outcomes if one.result is not None)])
    writers = {
        "table": lambda: scenarios_page(compared, speaker),
        "csv": lambda: scenarios_csv(compared, speaker),
        "json": lambda: as_json(scenarios_data(compared)),
    }
    say_as(form, writers, speaker)
    for one in outcomes:
        complain((f for f in one.findings if f.severity == "error"), speaker)
    return max(code_of(one, one.findings) for one in (usual, *outcomes))


command = VerbCommand(
    "scenario",
    callback=_scenario,
    params=[
        path_argument(),
        click.Argument(["names"], nargs=-1),
        Word(["--format", "form"], words=("table", "csv", "json"), default="table"),
    ],
)

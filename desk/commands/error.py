"""``fordela error``: what a code in a message means."""

import click

from desk.parsing import VerbCommand
from desk.speaker import Speaker
from desk.usage import Misuse, closest


@click.pass_obj
def _error(speaker: Speaker, code: str) -> int:
    from desk.findings import explain
    from dsl.catalogue import findings_table

    wanted = code.strip().removesuffix("]").rpartition("[")[2].upper()
    if wanted not in findings_table():
        raise Misuse("no_such_code", closest(wanted, findings_table()), code=code)
    speaker.result(explain(wanted, speaker.language).removesuffix("\n"))
    return 0


command = VerbCommand("error", callback=_error, params=[click.Argument(["code"])])

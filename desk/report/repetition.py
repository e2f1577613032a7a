"""The page of a run repeated from its receipt: what is the same and what is not."""

from desk.receipts import Repeated
from desk.speaker import Speaker


def repetition(run: Repeated, speaker: Speaker) -> str:
    """A line for the files, the amounts, the output and the certificate, if there was one."""
    receipt = run.receipt
    assert receipt is not None
    title = speaker.say("receipt.title", name=receipt.ruleset, year=str(receipt.year))
    if run.again is None:
        return "\n".join([speaker.paint(title, "title"), _line("not_run", False, speaker)])
    counts = {"files": len(receipt.files), "pots": len(receipt.given.pots)}
    rows = [("files", "F716"), ("amounts", "F718"), ("output", "F719")]
    rows += [("certificate", "F722")] if receipt.certificate else []
    rows += [("rest", "F720")]
    told = [
        _line(key if run.same(code) else f"other_{key}", run.same(code), speaker, **counts)
        for key, code in rows
        if key != "rest" or not run.same(code)
    ]
    return "\n".join([speaker.paint(title, "title"), *told])


def _line(key: str, good: bool, speaker: Speaker, **counts: int) -> str:
    return f"{speaker.mark(good)} {speaker.say(f'receipt.{key}', **counts)}"

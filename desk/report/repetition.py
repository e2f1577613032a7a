"""The page of a run repeated from its receipt: what is the same and what is not."""

from desk.receipts import Repeated
from desk.speaker import Speaker
from desk.text_table import broken_text, listed
from engine.records.receipt import Receipt


def repetition(run: Repeated, speaker: Speaker) -> str:
    """A line for the files, the amounts, the output and the certificate, if there was one."""
    receipt = run.receipt
    assert receipt is not None
    title = speaker.say("receipt.title", name=receipt.ruleset, year=str(receipt.year))
    if run.again is None:
        key = "not_run_locked" if run.locked else "not_run"
        return "\n".join([speaker.paint(title, "title"), *_line(key, False, speaker)])
    counts = {"files": len(receipt.files), "pots": len(receipt.given.pots)}
    rows = [("files", "F716"), ("amounts", "F718"), ("output", "F719")]
    rows += [("certificate", "F722")] if receipt.certificate else []
    rows += [("rest", "F720")]
    told = [
        line
        for key, code in rows
        if key != "rest" or not run.same(code)
        for line in _line(
            key if run.same(code) else f"other_{key}", run.same(code), speaker, **counts
        )
    ]
    return "\n".join([speaker.paint(title, "title"), *told, "", *_own_files(receipt, speaker)])


def _own_files(receipt: Receipt, speaker: Speaker) -> list[str]:
    """How to see that a file with the output or the certificate is the right one.

    The receipt does not say where they are, so only the reader can compare them.
    """
    prints = {"output": receipt.output, "certificate": receipt.certificate}
    rows = [(speaker.say(f"receipt.own_{key}"), print_) for key, print_ in prints.items() if print_]
    lines = broken_text(speaker.say("receipt.own_files"), speaker.width)
    return [*lines, *listed(rows, speaker.width)]


def _line(key: str, good: bool, speaker: Speaker, **counts: int) -> list[str]:
    text = f"{speaker.mark(good)} {speaker.say(f'receipt.{key}', **counts)}"
    first, *more = broken_text(text, speaker.width - 2)
    return [first, *(f"  {line}" for line in more)]

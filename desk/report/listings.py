"""The lists of a ruleset: published beside the results, and no part of the calculation."""

from desk.speaker import Speaker
from desk.text_table import listed
from dsl.findings import Finding
from dsl.numbers import NotANumber, parse_data_number
from engine.inputs.published import PublishedList, read_listing
from engine.outcome import Outcome


def listings(outcome: Outcome, speaker: Speaker) -> tuple[list[str], tuple[Finding, ...]]:
    """Every list that can be read, marked as what it is."""
    lines: list[str] = []
    findings: tuple[Finding, ...] = ()
    for listing in outcome.program.listings if outcome.program else ():
        read, found = read_listing(listing.path, listing.span, outcome.files_at(listing.span))
        findings += found
        if read is not None:
            lines += ["", speaker.paint(listing.title, "title"), speaker.say("run.listing"), ""]
            lines += _rows(read, speaker)
    return lines, findings


def _rows(read: PublishedList, speaker: Speaker) -> list[str]:
    """The rows as they stand; the widest column is broken to what the others leave."""
    rows = [read.header, *read.rows]
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, cells)) for cells in columns]
    numbers = {place for place, cells in enumerate(columns) if all(map(_is_number, cells[1:]))}
    return listed(rows, speaker.width, breaking=widths.index(max(widths)), right=numbers)


def _is_number(text: str) -> bool:
    return not isinstance(parse_data_number(text), NotANumber)

"""Chooses columns of a table by their headings; never guesses between several."""

from collections.abc import Sequence
from difflib import get_close_matches

from dsl.findings import Finding, Phrase, Value, finding
from dsl.registers import folded
from engine.tables.sheet import Sheet


def column_headed(sheet: Sheet, heading: str) -> int | Finding:
    """The only column with exactly this heading."""
    texts = [cell.text for cell in sheet.header]
    places = [place for place, text in enumerate(texts) if text == heading]
    if len(places) == 1:
        return places[0]
    facts: dict[str, Value] = {"file": sheet.file, "heading": heading}
    if places:
        span = sheet.header[places[1]].span
        return finding("F322", span, key="again", count=len(places), **facts)
    close = _resembling(texts, heading)
    suggestion: dict[str, Value] = {"suggestion": close} if close else {}
    headings = headings_of(sheet, range(len(texts)))
    return finding("F321", sheet.start, key="here", headings=headings, **facts, **suggestion)


def only_column(sheet: Sheet, taken: Sequence[int], path: str) -> int | Finding:
    """The only column that is not taken and has anything in it."""
    free = free_columns(sheet, taken)
    if len(free) == 1:
        return free[0]
    if not free:
        return finding("F334", sheet.start, key="here", file=sheet.file)
    facts: dict[str, Value] = {
        "file": sheet.file,
        "path": path,
        "headings": headings_of(sheet, free),
    }
    first = next((sheet.header[place].text for place in free if sheet.header[place].text), "")
    return finding("F307", sheet.start, key="here", first=first, **facts)


def free_columns(sheet: Sheet, taken: Sequence[int]) -> list[int]:
    """The columns that are not taken and have anything in them."""
    others = [place for place in range(len(sheet.header)) if place not in taken]
    return [place for place in others if any(row[place].text for row in sheet.rows)]


def headings_of(sheet: Sheet, columns: Sequence[int]) -> tuple[Value, ...]:
    """The headings of some columns, to be listed for the reader."""
    return tuple(_quoted(sheet.header[column].text) for column in columns)


def _quoted(heading: str) -> Phrase:
    return Phrase("data.quoted", {"text": heading}) if heading else Phrase("data.no_heading")


def _resembling(texts: Sequence[str], heading: str) -> str | None:
    by_folded = {folded(text): text for text in texts}
    close = get_close_matches(folded(heading), by_folded, n=1)
    return by_folded[close[0]] if close else None

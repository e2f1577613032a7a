"""Finds a ruleset's rule file among its files."""

from dsl.findings import Finding, Phrase, Value, finding
from dsl.source import Span
from engine.inputs.files import Files, Unreadable

RULE_FILES = ("regler.md", "regler.fordela", "rules.md", "rules.fordela")


def rule_file(files: Files, chosen: str | None) -> tuple[str | None, tuple[Finding, ...]]:
    """The name of a ruleset's rule file: the one chosen, or the only one with a known name."""
    paths = set(files.paths())
    present = [chosen] if chosen else [name for name in RULE_FILES if name in paths]
    if len(present) == 1:
        try:
            files.read(present[0])
        except Unreadable as error:
            why = Phrase(f"data.{error.reason_key}")
            return None, (finding("F022", Span(files.shown(present[0]), 1, 1, 1), why=why),)
        return present[0], ()
    place = Span(files.shown(present[1] if present else RULE_FILES[0]), 1, 1, 1)
    if present:
        return None, (finding("F021", place, files=tuple(present)),)
    data: dict[str, Value] = {"names": RULE_FILES, **_almost_a_rule_file(files)}
    return None, (finding("F020", place, "", **data),)


def _almost_a_rule_file(files: Files) -> dict[str, str]:
    """A file that has nearly the name of a rule file, and the name that it should have."""
    for path in files.paths():
        stem, *endings = path.casefold().split(".")
        if stem in {"regler", "rules"}:
            office = endings[-1:] in (["doc"], ["docx"], ["odt"])
            marked = office or "md" in endings or b"```" in _bytes_of(files, path)
            ending = "md" if marked and "fordela" not in endings else "fordela"
            return {"document" if office else "found": path, "renamed": f"{stem}.{ending}"}
    return {}


def _bytes_of(files: Files, path: str) -> bytes:
    try:
        return files.read(path)
    except Unreadable:
        return b""

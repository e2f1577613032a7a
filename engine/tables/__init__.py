"""Tables from files: bytes of a CSV or Excel file become a grid of cells with their places."""

from difflib import get_close_matches
from hashlib import sha256
from io import BytesIO
from typing import Literal
from zipfile import BadZipFile, ZipFile

from dsl.findings import Finding, Phrase, Value, finding
from dsl.source import Span
from engine.inputs.files import Files, Unreadable
from engine.tables.sheet import Sheet, build
from engine.tables.text import read_text
from engine.tables.workbook import read_workbook

Kind = Literal["text", "workbook", "xls", "xlsb", "ods", "pdf", "web", "packed"]

_BY_NAME: dict[str, Kind] = {
    "csv": "text",
    "tsv": "text",
    "txt": "text",
    "xlsx": "workbook",
    "xlsm": "workbook",
}
_BY_OPENING: tuple[tuple[bytes, Kind], ...] = (
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "packed"),
    (b"<", "web"),
)
_BY_PART: tuple[tuple[str, Kind], ...] = (
    ("xl/workbook.xml", "workbook"),
    ("xl/workbook.bin", "xlsb"),
    ("content.xml", "ods"),
)


def load(path: str, span: Span, files: Files) -> tuple[Sheet | None, tuple[Finding, ...]]:
    """Read a table.

    Args:
        path: the file, as a line of the rules names it.
        span: that line, to point at when there is no such file.
        files: where it is.
    """
    try:
        data = files.read(path)
    except Unreadable as error:
        return None, (_unreadable(path, span, files, error),)
    return read_sheet(files.shown(path), data)


def read_sheet(file: str, data: bytes) -> tuple[Sheet | None, tuple[Finding, ...]]:
    """Make a table of a file's bytes; the name is the one that messages give."""
    named, real = _BY_NAME.get(file.rpartition(".")[2].lower()), kind_of(data)
    if named != real or named is None:
        return None, (_wrong_kind(file, real),)
    rows, found = read_text(file, data) if named == "text" else read_workbook(file, data)
    if rows is None:
        return None, found
    sheet, more = build(file, sha256(data).hexdigest(), rows, even=named == "text")
    return sheet, (*found, *more)


def kind_of(data: bytes) -> Kind:
    """What a file is by its content, whatever its name."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(data)
    opening = data.lstrip()[:4]
    return next((kind for start, kind in _BY_OPENING if opening.startswith(start)), "text")


def _kind_of_archive(data: bytes) -> Kind:
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return "workbook"  # a damaged one, which its reader will say
    return next((kind for part, kind in _BY_PART if part in parts), "packed")


def _wrong_kind(file: str, real: Kind) -> Finding:
    facts = {"found": Phrase(f"data.kind_{real}"), "remedy": Phrase(f"data.remedy_{real}")}
    return finding("F311", Span(file, 1, 1, 2), key="here", file=file, **facts)


def _unreadable(path: str, span: Span, files: Files, error: Unreadable) -> Finding:
    facts: dict[str, Value] = {
        "file": files.shown(path),
        "reason": Phrase(f"data.{error.reason_key}"),
        "remedy": Phrase(f"data.remedy_{error.reason_key}"),
    }
    close = get_close_matches(path, files.paths(), n=1) if len(path) < len(span.text) + 100 else []
    if error.reason_key == "missing" and close:
        facts["suggestion"] = close[0]
    return finding("F306", span, key="here", **facts)

"""Writes ``docs/fel.md`` and ``docs/errors.md``: every finding, what provokes it, what to do.

``python -m tools.error_pages`` writes them anew from the catalogue and from ``tests/errors``.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from desk.findings import template
from dsl.catalogue import LANGUAGES, findings_table
from dsl.numbers import Language
from engine.inputs.rule_file import RULE_FILES

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "errors"
PAGES: Mapping[Language, Path] = {
    "sv": ROOT / "docs" / "fel.md",
    "en": ROOT / "docs" / "errors.md",
}

# Longer lines would make the page scroll sideways.
MAX_WIDTH = 100

_INTRODUCTION: Mapping[Language, str] = {
    "sv": """# Fel och anmärkningar

Allt som Fördela kan säga om ett regelverk och dess siffror, med exempel på vad som framkallar det.
Koder på F är fel: ingenting betalas förrän de är rättade. Koder på N är anmärkningar. På
kommandoraden visar `fordela felkod F201` samma förklaring.

Sidan är gjord av `python -m tools.error_pages`; ändra inte i den.
""",
    "en": """# Errors and notes

Everything that Fördela can say about a ruleset and its figures, with examples of what provokes it.
Codes with F are errors: nothing is paid until they are mended. Codes with N are notes. On the
command line `fordela error F201` shows the same explanation.

This page is made by `python -m tools.error_pages`; do not edit it.
""",
}
_GROUPS: Mapping[str, Mapping[Language, str]] = {
    "F0": {"sv": "Texten", "en": "The text"},
    "F1": {"sv": "Namn, enheter och mottagare", "en": "Names, units and recipients"},
    "F2": {"sv": "Pengarnas väg", "en": "The flow of money"},
    "F3": {"sv": "Siffror ur filer", "en": "Figures from files"},
    "F4": {"sv": "Huvudet och avrundningen", "en": "The header and the rounding"},
    "F5": {"sv": "Uträkningen", "en": "The calculation"},
    "F6": {"sv": "Kontroller och publicerade tabeller", "en": "Checks and published tables"},
    "F7": {"sv": "Versioner, ändringar och lås", "en": "Versions, amendments and locks"},
    "F8": {"sv": "Granskning av tabeller", "en": "Auditing tables"},
    "F9": {"sv": "Löften", "en": "Promises"},
    "N": {"sv": "Anmärkningar", "en": "Notes"},
}


def page(language: Language) -> str:
    """The whole page in one language."""
    return "\n".join([_INTRODUCTION[language], *_contents(language), *_sections(language)])


def _sections(language: Language) -> Iterator[str]:
    for group, titles in _GROUPS.items():
        codes = _codes_in(group)
        if codes:
            yield f"## {titles[language]}\n"
            yield from (_section(code, language) for code in codes)


def _codes_in(group: str) -> list[str]:
    return sorted(code for code in findings_table() if code.startswith(group))


def _contents(language: Language) -> Iterator[str]:
    for group, titles in _GROUPS.items():
        links = [f"[{code}](#{code.lower()})" for code in _codes_in(group)]
        if links:
            yield f"- {titles[language]}: {' · '.join(links)}"
    yield ""


def _section(code: str, language: Language) -> str:
    # A heading that is the code alone has the code as its anchor: #f201.
    texts: Mapping[str, Any] = findings_table()[code][language]
    parts = [f"### {code}", f"**{_plain(template(texts['title']))}**", _joined(texts["about"])]
    for folder in sorted(CASES.glob(f"{code}-*")):
        parts += _example(folder, code, language)
    return "\n\n".join(parts) + "\n"


def _example(folder: Path, code: str, language: Language) -> Iterator[str]:
    output = (folder / f"expected.{language}.txt").read_text(encoding="utf-8")
    for rules in _rule_files(folder):
        text = rules.read_bytes().decode("utf-8", "replace")
        name = rules.relative_to(folder).as_posix()
        yield f"<details><summary>{name}</summary>\n\n{_block(text)}\n\n</details>"
    yield _block(_about(code, output))


def _rule_files(folder: Path) -> list[Path]:
    """The rule file of a case; where it has neighbours the one of each, the last year's last."""
    own = next((folder / name for name in RULE_FILES if (folder / name).exists()), None)
    beside = (path for path in folder.glob("*/*/*") if path.name in RULE_FILES)
    return [own] if own is not None else sorted(beside)


def _about(code: str, output: str) -> str:
    """Of several findings, those with the code."""
    findings = re.split(r"\n\n(?=\w+\[)", output)
    return "\n\n".join(one for one in findings if f"[{code}]" in one)


def _block(text: str) -> str:
    """Text as it stands; fenced so that fences within it end nothing."""
    return f"~~~~text\n{_cut(text.rstrip())}\n~~~~"


def _cut(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(one if len(one) <= MAX_WIDTH else f"{one[:MAX_WIDTH]}…" for one in lines)


def _joined(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """A title without signs that mean something in Markdown."""
    return text.replace("*", r"\*").replace("`", r"\`").replace("[", r"\[")


def main() -> None:
    """Write both pages."""
    for language in LANGUAGES:
        PAGES[language].write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()

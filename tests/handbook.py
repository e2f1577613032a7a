"""Follows a page of the handbook as its reader would: writes its files, runs its commands.

What a fence holds is said by its word, and nothing on the page is there for the test's sake:

``csv``
    a file, named by the last file name of the paragraph before it; a name that ends in ``.xlsx``
    makes a workbook of the rows.
``fördela``
    with a ``mottagare`` or ``bygger på`` line a whole ruleset, in the file named before it or else
    in the page's own folder; without one, lines to change: each statement takes the place of the
    one with the same head and name, or comes last.
``console``
    commands after ``$``, and what they print; besides ``fordela`` only ``cp -r``, of a folder.

Names of files are counted from the reader's own folder; ``data/`` and ``facit/`` from the
ruleset's.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from click.testing import CliRunner
from openpyxl import Workbook

from desk.cli import main
from dsl.numbers import Language
from dsl.words import HEADS

ROOT = Path(__file__).parents[1]
HANDBOOKS: dict[Language, Path] = {"sv": ROOT / "docs/handbok", "en": ROOT / "docs/handbook"}
RULE_FILE: dict[Language, str] = {"sv": "regler.fordela", "en": "rules.fordela"}
LOCALE: dict[Language, str] = {"sv": "sv_SE.UTF-8", "en": "en_GB.UTF-8"}

# Folders of the repository that a page may name in its commands.
_SHOWN = ("examples", "rulesets")

_FENCE = re.compile(r"^```(?P<word>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([^`\s]+\.(?:csv|xlsx|fordela|md))`")
_OF_A_RULESET = ("data/", "facit/")
# Heads that only a whole ruleset has.
_WHOLE = ("RECIPIENTS", "BUILDS_ON")
# Heads whose lines are told apart by a name; and what ends the name.
_NAMED = ("POT", "AMOUNT", "VALUE", "STATISTIC", "STEPS", "TABLE")
_AFTER_NAME = re.compile(r"\s=\s|,|\s(?:efter|by)\s")


@frozen
class Block:
    """A fence of a page.

    Attributes:
        word: what stands after the three marks.
        text: what stands in it.
        lead: the paragraph before it.
        start: where the text begins on the page.
        end: where it ends.
    """

    word: str
    text: str
    lead: str
    start: int
    end: int


def pages(language: Language) -> list[Path]:
    """All pages in a language, in the order in which the contents lists them."""
    folder = HANDBOOKS[language]
    contents = (folder / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+\.md)\)", contents)
    return [folder / one for one in dict.fromkeys(linked) if not one.startswith("..")]


def blocks(text: str) -> list[Block]:
    """The fences of a page."""
    return [
        Block(
            found["word"],
            found["text"],
            text[: found.start()].rstrip("\n").rpartition("\n\n")[2],
            found.start("text"),
            found.end("text"),
        )
        for found in _FENCE.finditer(text)
    ]


def replayed(page: Path, language: Language, desk: Path) -> str:
    """The page with what its commands print today.

    Args:
        page: the page.
        language: its language, which is also the computer's.
        desk: an empty folder, which must be the current one.
    """
    text = page.read_text(encoding="utf-8")
    reader = _Reader(language, desk, desk / page.stem)
    parts, place = [], 0
    for block in blocks(text):
        parts += [text[place : block.start], reader.follow(block)]
        place = block.end
    return "".join([*parts, text[place:]])


class _Reader:
    """Someone who does what the page says, from its top to its end."""

    def __init__(self, language: Language, desk: Path, ruleset: Path) -> None:
        self._language = language
        self._desk = desk
        self._ruleset = ruleset

    def follow(self, block: Block) -> str:
        """Do what a fence says; its text, with what is printed now."""
        match block.word:
            case "csv":
                self._write(self._place(block.lead), block.text)
            case "fördela":
                self._rules(block)
            case "console":
                return "\n".join(self._typed(block.text))
            case _:
                raise AssertionError(f"a fence marked {block.word!r} is run by nothing")
        return block.text

    def _place(self, lead: str) -> Path:
        names = _FILE.findall(lead)
        assert names, f"no file is named before the fence, in: {lead}"
        name: str = names[-1]
        return (self._ruleset if name.startswith(_OF_A_RULESET) else self._desk) / name

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".xlsx":
            _write_workbook(path, text)
        else:
            path.write_text(text, encoding="utf-8")

    def _rules(self, block: Block) -> None:
        if any(_statement_called((head, ""), block.text, self._language) for head in _WHOLE):
            named = _FILE.findall(block.lead)
            path = self._desk / named[-1] if named else self._ruleset / RULE_FILE[self._language]
            self._ruleset = path.parent
            return self._write(path, block.text)
        named = _FILE.findall(block.lead)
        path = self._desk / named[-1] if named else self._rule_file()
        text = path.read_text(encoding="utf-8")
        for statement in _statements(block.text):
            text = _changed(text, statement, self._language)
        return self._write(path, text)

    def _rule_file(self) -> Path:
        """Of the page's own ruleset; else of the one that a command has made."""
        found = [path for path in self._ruleset.glob("*") if path.suffix in (".fordela", ".md")]
        return found[0] if found else next(self._desk.glob("*/r*.md"))

    def _typed(self, text: str) -> Iterator[str]:
        for line in text.splitlines():
            if line.startswith("$ "):
                printed = self._run(line.removeprefix("$ "))
                yield f"{line}\n{printed}" if printed else f"{line}\n"

    def _run(self, command: str) -> str:
        typed, _, target = command.partition(" > ")
        program, *arguments = shlex.split(typed)
        if program == "cp":
            shutil.copytree(arguments[-2], arguments[-1])
            return ""
        assert program == "fordela", command
        for shown in _SHOWN:
            if shown in command and not (self._desk / shown).exists():
                shutil.copytree(ROOT / shown, self._desk / shown)
        runner = CliRunner(env={"LC_ALL": LOCALE[self._language]})
        result = runner.invoke(main, arguments)
        assert result.exit_code in (0, 1, 2), result.output
        if not target:
            return result.output.rstrip("\n") + "\n" if result.output else ""
        self._write(self._desk / target, result.stdout)
        return result.stderr


def _write_workbook(path: Path, text: str) -> None:
    book = Workbook()
    assert book.active is not None
    for line in text.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(path)


def _statements(text: str) -> list[str]:
    """Lines of the printer's form, each with the lines that are indented under it."""
    return re.findall(r"^\S.*\n(?:[ \t]+\S.*\n)*", text, re.MULTILINE)


def _key(statement: str, language: Language) -> tuple[str, str]:
    """The head and name that tell a statement from others; a check or a demand is like no other."""
    line = statement.splitlines()[0]
    heads = [
        word for word, forms in HEADS.items() if f"{line} ".startswith(f"{forms[language][0]} ")
    ]
    if not heads or {"CHECK", "ALWAYS"} & {*heads}:
        return line, ""
    head = max(heads, key=lambda word: len(HEADS[word][language][0]))
    rest = line[len(HEADS[head][language][0]) :].strip()
    if head == "ROUND":
        amount = HEADS["AMOUNT"][language][0]
        return head, amount if rest.startswith(amount) else ""
    return head, _AFTER_NAME.split(rest)[0] if head in _NAMED else ""


def _statement_called(key: tuple[str, str], text: str, language: Language) -> str | None:
    return next((one for one in _statements(text) if _key(one, language) == key), None)


def _changed(text: str, statement: str, language: Language) -> str:
    """Rules with a statement in the place of the one that is called the same, or last."""
    old = _statement_called(_key(statement, language), text, language)
    if old is not None:
        return text.replace(old, statement)
    return f"{text}\n```fördela\n{statement}```\n" if "```" in text else f"{text}\n{statement}"

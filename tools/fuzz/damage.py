"""Damages files: bytes, characters, words, lines, cells, XML in workbooks, and JSON by its places.

Most damage keeps a file nearly right, for what is nearly right gets deepest into a program. All of
it follows from the chance that it is given.
"""

import json
import re
from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

_PARTS = re.compile(r"\w+|\s+|[^\w\s]")
_NUMBER = re.compile(r"[0-9][0-9\u00a0 .,]*")
_CELL_MARKS = ",;\t"

# Numbers of every kind that a file should not have, or seldom has.
NUMBERS = (
    "0", "-0", "1", "-1", "00", "1,5", "1.5", "0,1", "1/3", "1e9", "1E400", "-1e-400", "NaN", "inf",
    "9" * 12, "9" * 18, "9" * 19, "9" * 40, "9" * 41, "9" * 500, "0," + "9" * 39, "0,000000001",
    "1 000", "1\u00a0000", "1\u202f000", "1.000", "1,000", "1.000,5", "1,000.5", "1 0000", "10 00",
    "١٢٣", "１２３", "²", "½", "⅓", "−5", "–5", "5 %", "5%", "50 procent", "100 %", "101 %", "-5 %",
    "5‰", "0x10", "1_000", "+5", "5+", "(5)", "5-", "..", "…", "-", "saknas", "x", "*", "#REF!",
    "TRUE", "2024-02-30", "2024-01-01", "31/12/2024", "12:30", "4,4e2", "=1+1", "'5", "kr",
)  # fmt: skip

# Characters that look like others, are not seen, or steer what shows them.
ODD = (
    "а", "е", "о", "р", "ｂ", "ß", "ı", "İ", "ǆ", "ﬁ", "\u200b", "\u200d", "\u200e", "\u202e",
    "\u2066", "\ufeff", "\u00ad", "\u0301", "\u030a", "\u00a0", "\u202f", "\u2028", "\u2029",
    "\u0085", "\x00", "\x07", "\x0b", "\x0c", "\x1b[31m", "\x1f", "\x7f", "\x9b", "\r", "\r\n",
    "\n", "\n\n", "\t", "\ud7ff", "\ue000", "\ufffd", "\ufffe", "\U0001f600", "\U00013000",
    "\U0010ffff", "”", "“", "\"", "'", "’", "«", "»", "`", "```", "~~~", "#", "|", "\\", "/", "..",
    "<", ">", "≤", "≥", "=", "×", "÷", "·", "−", "–", "—", "+", "%", "(", ")", "[", "]", "{", "}",
    ":", ";", ",", ".", "§", "$", "{0}", "{name}", "%s", "&", "&amp;", "<b>", "**", "__", "å",
)  # fmt: skip

_ENCODINGS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp437", "mac-roman",
    "utf-8-sig", "utf-7",
)  # fmt: skip

# What may stand anywhere in JSON.
ODD_DATA: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 10**18, -(10**18), 10**50, 1.5, 1e300, "", "x", "0", "1/3",
    "2/6", "0/1", "-1/2", "1/0", "kr", "öre", "code", "largest", "nearest", "down", "sainte_lague",
    "largest_remainder", "../x", "/dev/zero", "a\\b", "~", ".", "..", "\u0000", "\ud800", [], {},
    [[]], [None], {"": None}, {"a": 1}, "2024-02-30", "9999-12-31", "sv", "en", "0" * 64, "é" * 200,
)  # fmt: skip


class Damage:
    """A chance, and the words and lines that it may put in.

    Args:
        chance: what decides everything.
        words: words that mean something where they are put.
        lines: whole lines of other files of the same kind.
    """

    def __init__(
        self, chance: Random, words: Sequence[str] = (), lines: Sequence[str] = ()
    ) -> None:
        self.chance = chance
        self.words = words or ODD
        self.lines = lines or ("",)

    def times(self) -> int:
        """How often to do damage: mostly once or twice."""
        bits = self.chance.getrandbits(6)
        return 1 if bits < 28 else 2 if bits < 44 else 3 if bits < 54 else 1 + (bits & 15)

    # ------------------------------------------------------------ bytes

    def data(self, data: bytes) -> bytes:
        """A text file as bytes, damaged as text, as bytes or in its encoding."""
        kind = self.chance.randrange(20)
        if kind == 0:
            return self.raw(data)
        text = self.text(data.decode("utf-8", "replace"))
        if kind == 1:
            encoding = self.chance.choice(_ENCODINGS)
            return text.encode(encoding, "replace")
        if kind == 2:
            return text.replace("\n", self.chance.choice(("\r\n", "\r", "\u2028", "\n\n"))).encode()
        return text.encode("utf-8", "surrogatepass" if kind == 3 else "replace")

    def raw(self, data: bytes) -> bytes:
        """Bytes turned, put in, taken out, doubled or cut."""
        out = bytearray(data)
        for _ in range(self.times()):
            at = self.chance.randrange(len(out) + 1)
            match self.chance.randrange(6):
                case 0 if at < len(out):
                    out[at] ^= 1 << self.chance.randrange(8)
                case 1 if at < len(out):
                    out[at] = self.chance.getrandbits(8)
                case 2:
                    out[at:at] = self.chance.randbytes(self.chance.choice((1, 1, 2, 4, 30)))
                case 3:
                    del out[at : at + self.chance.choice((1, 1, 2, 8, 100))]
                case 4:
                    out[at:at] = out[at : at + self.chance.choice((1, 8, 64, 500))]
                case 5 if not self.chance.randrange(4):
                    del out[at:]
        return bytes(out)

    # ------------------------------------------------------------ text

    def text(self, text: str) -> str:
        """A text with some lines, words or characters other than they were."""
        lines = text.split("\n")
        for _ in range(self.times()):
            place = self.chance.randrange(len(lines))
            if self.chance.randrange(10) < 3:
                self._lines(lines, place)
            else:
                lines[place] = self.line(lines[place])
            lines = lines or [""]
        return "\n".join(lines)

    def _lines(self, lines: list[str], place: int) -> None:
        other = self.chance.randrange(len(lines))
        match self.chance.randrange(8):
            case 0:
                del lines[place]
            case 1:
                lines.insert(other, lines[place])
            case 2:
                lines[place], lines[other] = lines[other], lines[place]
            case 3 | 4:
                lines.insert(place, self.chance.choice(self.lines))
            case 5:
                lines[place] = self.chance.choice(self.lines)
            case 6:
                lines[place] = (
                    self.chance.choice(("", " ", "  ", "    ", "\t")) + lines[place].strip()
                )
            case 7:
                lines[place] += self.chance.choice(("", " ", ", ", "\t", "  # ")) + lines[other]

    def line(self, line: str) -> str:
        """A line with one thing in it other than it was."""
        parts = _PARTS.findall(line)
        if not parts:
            return self.chance.choice((self.chance.choice(self.lines), self.odd()))
        place, other = self.chance.randrange(len(parts)), self.chance.randrange(len(parts))
        match self.chance.randrange(12):
            case 0:
                del parts[place]
            case 1:
                parts.insert(other, parts[place])
            case 2:
                parts[place], parts[other] = parts[other], parts[place]
            case 3 | 4:
                parts[place] = self.chance.choice(self.words)
            case 5:
                parts.insert(place, self.chance.choice(self.words))
            case 6:
                return self._number(line)
            case 7:
                parts[place] = self._letters(parts[place])
            case 8:
                parts.insert(place, self.odd())
            case 9:
                return self._cells(line)
            case 10:
                parts = parts[:place]
            case 11:
                parts[place] *= self.chance.choice((2, 3, 10, 200))
        return "".join(parts)

    def odd(self) -> str:
        """Something that seldom stands in a file."""
        return self.chance.choice(ODD if self.chance.getrandbits(1) else NUMBERS)

    def _number(self, line: str) -> str:
        """One of its numbers other than it was; or one put in."""
        found = list(_NUMBER.finditer(line))
        if not found:
            return line + self.chance.choice(NUMBERS)
        one = self.chance.choice(found)
        was = one[0]
        new = self.chance.choice(
            (self.chance.choice(NUMBERS), was * 2, was + "0", "-" + was, was[1:])
        )
        return line[: one.start()] + new + line[one.end() :]

    def _letters(self, word: str) -> str:
        at = self.chance.randrange(len(word) + 1)
        match self.chance.randrange(4):
            case 0:
                return word.swapcase()
            case 1:
                return word[:at] + word[at + 1 :]
            case 2:
                return word[:at] + word[at:][1:2] + word[at:][:1] + word[at:][2:]
        return word[:at] + self.chance.choice(ODD) + word[at + 1 :]

    def _cells(self, line: str) -> str:
        """A row of a table with its cells moved, missing, doubled, quoted or marked otherwise."""
        mark = next((mark for mark in _CELL_MARKS if mark in line), ",")
        cells = line.split(mark)
        place, other = self.chance.randrange(len(cells)), self.chance.randrange(len(cells))
        match self.chance.randrange(8):
            case 0:
                del cells[place]
            case 1:
                cells.insert(other, cells[place])
            case 2:
                cells[place], cells[other] = cells[other], cells[place]
            case 3:
                cells[place] = ""
            case 4:
                cells[place] = self.odd()
            case 5:
                cells[place] = self.chance.choice(('"{}"', '"{}', '{}"', '""{}""', "'{}'")).format(
                    cells[place]
                )
            case 6:
                mark = self.chance.choice(_CELL_MARKS)
            case 7:
                cells += [self.odd() for _ in range(self.chance.choice((1, 2, 300)))]
        return mark.join(cells)

    # ------------------------------------------------------------ workbooks

    def workbook(self, data: bytes) -> bytes:
        """A workbook with damage in the XML of one part, its name, or its bytes."""
        if not self.chance.randrange(6):
            return self.raw(data)
        try:
            with ZipFile(BytesIO(data)) as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
        except BadZipFile:
            return self.raw(data)
        name = self.chance.choice(sorted(parts))
        match self.chance.randrange(12):
            case 0:
                del parts[name]
            case 1:
                parts[self.chance.choice(sorted(parts))] = parts[name]
            case 2:
                parts[name] = self.raw(parts[name])
            case _:
                parts[name] = self._xml(parts[name].decode("utf-8", "replace")).encode(
                    "utf-8", "replace"
                )
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for one, content in parts.items():
                archive.writestr(one, content)
        return out.getvalue()

    def _xml(self, text: str) -> str:
        pieces = re.findall(r"<[^<>]*>|[^<>]+|[<>]", text)
        for _ in range(self.times()):
            place, other = self.chance.randrange(len(pieces)), self.chance.randrange(len(pieces))
            match self.chance.randrange(6):
                case 0 if len(pieces) > 1:
                    del pieces[place]
                case 1:
                    pieces.insert(other, pieces[place])
                case 2:
                    pieces[place], pieces[other] = pieces[other], pieces[place]
                case _:
                    pieces[place] = self._quoted(pieces[place])
            pieces = pieces or [""]
        return "".join(pieces)

    def _quoted(self, piece: str) -> str:
        """A tag with one of its attributes, or a text, other than it was."""
        values = list(re.finditer(r'"([^"]*)"', piece))
        if not values:
            return self.line(piece)
        one = self.chance.choice(values)
        new = self.chance.choice((self.odd(), self.line(one[1]), one[1] * 2, ""))
        return piece[: one.start(1)] + new.replace('"', "") + piece[one.end(1) :]

    # ------------------------------------------------------------ JSON

    def json(self, text: str) -> bytes:
        """JSON with damage at some of its places, or in its text."""
        if not self.chance.randrange(8):
            return self.raw(text.encode())
        data = json.loads(text)
        for _ in range(self.times()):
            data = self.tree(data)
        return json.dumps(data, ensure_ascii=bool(self.chance.getrandbits(1))).encode(
            "utf-8", "replace"
        )

    def tree(self, data: Any) -> Any:
        """The same data with one place in it other than it was; the data is changed."""
        holder, key = data, None
        while isinstance(holder, dict | list) and holder:
            key = self.chance.choice(
                list(holder) if isinstance(holder, dict) else range(len(holder))
            )
            if not isinstance(holder[key], dict | list) or not self.chance.randrange(5):
                break
            if not holder[key]:
                break
            holder = holder[key]
        if key is None:
            return deepcopy(self.chance.choice(ODD_DATA))
        self._at(holder, key)
        return data

    def _at(self, holder: Any, key: Any) -> None:
        value = holder[key]
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        match self.chance.randrange(8):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(self.chance.choice(keys), value)
            case 1:
                holder[str(self.chance.choice(ODD_DATA))] = value
            case 2:
                other = self.chance.choice(keys)
                holder[key], holder[other] = holder[other], value
            case 3 if isinstance(value, str):
                holder[key] = self.line(value)
            case 4 if isinstance(value, int) and not isinstance(value, bool):
                holder[key] = value + self.chance.choice((1, -1, 10, -1000, value))
            case 5:
                holder[key] = [value] if self.chance.getrandbits(1) else {str(key): value}
            case _:
                holder[key] = deepcopy(self.chance.choice(ODD_DATA))

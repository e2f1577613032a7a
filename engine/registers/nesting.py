"""Finds the larger area in which each recipient lies, such as the county of a municipality."""

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from dsl.findings import Finding, Label, Phrase, Value, finding
from dsl.registers import Recipient, Register, folded
from dsl.source import Span
from engine.registers.matching import Names
from engine.registers.words import OWN_CODE_HEADINGS, OWN_NAME_HEADINGS
from engine.tables.sheet import Cell, Sheet

# The code of a Swedish municipality is its county's two digits and two more.
_BY_CODE = ("municipality", frozenset({"county", "region"}))
_DIGITS = 4
_DIGITS_OF_AREA = 2


@frozen
class Member:
    """A recipient, and what the register says of where it lies.

    Attributes:
        recipient: the recipient.
        code: the cell with its code, in a register from a file.
        cells: the cells that name its area.
    """

    recipient: Recipient
    code: Cell | None
    cells: tuple[Cell, ...]


def columns_of(noun: str, sheet: Sheet, taken: set[int | None]) -> list[int]:
    """The columns that say in which area of this kind each recipient of a register lies."""
    headings = {*OWN_NAME_HEADINGS.get(noun, ()), *OWN_CODE_HEADINGS.get(noun, ())}
    texts = enumerate(folded(cell.text) for cell in sheet.header)
    return [place for place, text in texts if text in headings and place not in taken]


def placed(
    register: Register, areas: Register, members: Sequence[Member], start: Span
) -> tuple[Register, list[Finding]]:
    """A register with the position of each recipient's area.

    Args:
        register: the recipients.
        areas: the register of the areas.
        members: the recipients again, in the same order, with what is said of where they lie.
        start: the place that stands for the whole register.

    Returns:
        The register, with the areas where all of them are known; and what is wrong otherwise.
    """
    by_code = not any(member.cells for member in members)
    if by_code and not _codes_tell(register, areas):
        return register, [_silent(register, areas, Phrase(f"data.{register.noun}"), start)]
    names = Names(areas)
    found: list[Finding] = []
    positions: list[int] = []
    for member in members:
        claims = [_claim(member, names, start)] if by_code else list(_claims(member, names))
        if claims:
            found += _faults(member, areas, names, claims)
        else:
            place = member.cells[0].span if member.cells else start
            found.append(_silent(register, areas, member.recipient.name, place))
        positions += [place for _, place, _ in claims[:1] if place is not None]
    if not found:
        found += _in_two(members, positions, areas)
    if found:
        return register, found
    return evolve(register, within={**register.within, areas.noun: tuple(positions)}), []


_Claim = tuple[str, int | None, Span]


def _codes_tell(register: Register, areas: Register) -> bool:
    """Whether the recipients' own codes say where they lie."""
    noun, kinds = _BY_CODE
    if register.noun != noun or areas.noun not in kinds:
        return False
    codes = [one.code for one in register.recipients]
    return all(len(code) == _DIGITS and code.isascii() and code.isdecimal() for code in codes)


def _claim(member: Member, names: Names, start: Span) -> _Claim:
    text = member.recipient.code[:_DIGITS_OF_AREA]
    return text, names.by_code.get(text), member.code.span if member.code else start


def _claims(member: Member, names: Names) -> Iterator[_Claim]:
    """What the cells say; one may have both code and name: 01 Stockholms län."""
    for cell in (cell for cell in member.cells if cell.text):
        yield from ((part, names.find(part), cell.span) for part in names.parts(cell.text))


def _faults(
    member: Member, areas: Register, names: Names, claims: list[_Claim]
) -> Iterator[Finding]:
    who = member.recipient.name
    for text, place, span in claims:
        if place is None:
            yield _unknown(who, text, span, areas, names)
            return
    different = [one for one in claims if one[1] != claims[0][1]]
    if different:
        yield _two_areas(who, claims[0], different[0], areas)


def _silent(register: Register, areas: Register, who: Value, place: Span) -> Finding:
    noun, kinds = _BY_CODE
    data: dict[str, Value] = {"who": who, "noun": Phrase(f"noun.{areas.noun}")}
    if register.noun == noun and areas.noun in kinds:
        data["municipalities"] = Phrase(f"nouns.{noun}")
    return finding("F350", place, key="here", **data)


def _unknown(who: str, text: str, span: Span, areas: Register, names: Names) -> Finding:
    data: dict[str, Value] = {
        "who": who,
        "text": text,
        "noun": Phrase(f"noun.{areas.noun}"),
        "areas": Phrase(f"data.{areas.noun}"),
    }
    meant = names.resembling(text)
    if meant is not None:
        data["suggestion"] = areas.recipients[meant].name
    return finding("F351", span, key="here", **data)


def _in_two(
    members: Sequence[Member], positions: Sequence[int], areas: Register
) -> Iterator[Finding]:
    """Recipients that stand twice in the register, in different areas."""
    first: dict[tuple[str, str], _Claim] = {}
    for member, place in zip(members, positions, strict=True):
        key = folded(member.recipient.code), folded(member.recipient.name)
        cell = member.cells[0] if member.cells else member.code
        if cell is not None:
            before = first.setdefault(key, (cell.text, place, cell.span))
            if before[1] != place:
                again = cell.text, place, cell.span
                yield _two_areas(member.recipient.name, before, again, areas)


def _two_areas(who: str, first: _Claim, second: _Claim, areas: Register) -> Finding:
    names = [areas.recipients[place or 0].name for _, place, _ in (first, second)]
    labels = (Label(second[2], "again"), Label(first[2], "first"))
    data: dict[str, Value] = {"who": who, "noun": Phrase(f"noun.{areas.noun}")}
    return Finding("F352", labels, {**data, "one": names[0], "other": names[1]})

"""The words by which tables are recognised: headings of codes and names, and total rows."""

from collections.abc import Mapping

from dsl.registers import folded

# The plainest first: a register may have both ``namn`` and ``län``.
CODE_HEADINGS = (
    *("kod", "code", "länskod", "regionkod", "kommunkod", "lanskod", "länsnr", "länsnummer"),
    *("county code", "region code", "municipality code"),
)
NAME_HEADINGS = (
    *("namn", "name", "mottagare", "recipient", "recipients"),
    *("regionnamn", "länsnamn", "kommunnamn", "region", "regioner", "regions"),
    *("kommun", "kommuner", "municipality", "municipalities"),
    *("län", "lan", "länsvis", "county", "counties"),
)
# The headings of a kind's own codes and names: those of its register, and in a register of smaller
# recipients those that say where each of them lies.
OWN_CODE_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "region": ("regionkod", "region code"),
    "county": ("länskod", "lanskod", "länsnr", "länsnummer", "county code"),
    "municipality": ("kommunkod", "municipality code"),
}
OWN_NAME_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "region": ("region", "regionnamn"),
    "county": ("län", "lan", "länsnamn", "county"),
    "municipality": ("kommun", "kommunnamn", "municipality"),
    "recipient": ("mottagare", "recipient"),
}
ALIAS_HEADINGS = ("alias", "aliases", "andra namn", "övriga namn", "other names")

# The country as a total; but in a register of countries one of them.
_COUNTRY = frozenset({"sverige", "sweden"})
_TOTALS = frozenset(
    (
        *("summa", "totalt", "total", "totalsumma", "summa totalt", "sum", "grand total"),
        *("riket", "hela riket", "hela landet", "whole country"),
        *("totalt riket", "summa riket", "riket totalt"),
        *("samtliga", "samtliga regioner", "samtliga län", "samtliga kommuner"),
        *(
            "alla",
            "alla regioner",
            "alla län",
            "alla kommuner",
            "all",
            "all regions",
            "all counties",
        ),
        *("summa regioner", "summa län", "summa kommuner"),
    )
)


def code_headings(noun: str) -> tuple[str, ...]:
    """Headings of codes, the likeliest for this kind of recipients first."""
    return _own_first(CODE_HEADINGS, OWN_CODE_HEADINGS.get(noun, ()), plain=2)


def name_headings(noun: str) -> tuple[str, ...]:
    """Headings of names, the likeliest for this kind of recipients first."""
    return _own_first(NAME_HEADINGS, OWN_NAME_HEADINGS.get(noun, ()), plain=2)


def _own_first(known: tuple[str, ...], own: tuple[str, ...], plain: int) -> tuple[str, ...]:
    """The plain headings, then those of the kind itself, then those of other kinds."""
    return (*known[:plain], *own, *known[plain:])


def heading_in(headings: tuple[str, ...], texts: list[str]) -> int | None:
    """The place of the first of these headings that there is."""
    found = [folded(text) for text in texts]
    return next((found.index(heading) for heading in headings if heading in found), None)


def is_total(name: str) -> bool:
    """Whether a row so called adds up the others."""
    return folded(name).rstrip(":.* ") in _TOTALS | _COUNTRY


def is_total_in_register(code: str, name: str) -> bool:
    """Whether a register's row adds up the others: a country with a code of its own does not."""
    own_code = code.strip("0") != ""
    return is_total(name) and not (own_code and folded(name) in _COUNTRY)

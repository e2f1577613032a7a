"""Names, texts and expressions as an author may write them."""

import unicodedata
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsl import syntax as s
from dsl.words import KEYWORDS, NOUNS, PARTS, SCALES, UNITS

# ---------------------------------------------------------------- names and texts

_TABLES = (KEYWORDS, PARTS, NOUNS, UNITS)
_KEYWORDS = sorted(
    {
        form
        for table in _TABLES
        for forms in table.values()
        for both in forms.values()
        for form in both
    }
    | {word for scales in SCALES.values() for word in scales}
)
_WORDS = (
    *("folkmängd", "Ö", "å", "barn- och ungdom", "januari–juni", "S:t", "O’Brien", "km²", "1:6"),
    *("0–18", "65", "3b", "2024", "Grön-Blå", "ÅÄÖ", "x", "Ambulans", "straße", "and", "SKR"),
    *("Alfa", "S:t Per", "Berg", "01"),  # recipients are called so too
)  # fmt: skip
# What a name can only have between quotation marks.
_MARKS = (
    *("-5", "− 5", "–", "×", "a/b", "(b)", "a,", "=", "≤", "50 %", "½", "²", "#1", "_x", "2&3"),
    *("a.", "'", "+", "x -y", "q\u0308", "²²²²²²²²!", "alla poster", "varje region", "each region"),
)  # fmt: skip


def tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_name(text: str) -> bool:
    return 0 < len(text) <= 100 and " #" not in text and not set(text) & set('”“"')


def _is_text(text: str) -> bool:
    return 0 < len(text) <= 100 and " #" not in text and text[0] not in "#:"


# Any character that a rule file may have.
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cf", "Cn", "Co", "Cs"))
_CLEAN = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_ODD = st.lists(
    st.sampled_from((*_WORDS, *_MARKS, *_KEYWORDS)), min_size=1, max_size=3
).map(" ".join)  # fmt: skip
_WILD = st.text(_CHARACTERS, min_size=1, max_size=12)


def names() -> SearchStrategy[str]:
    """Names as an author may choose them; about half need quotation marks."""
    return st.one_of(_CLEAN, _ODD, _WILD).map(tidy).filter(_is_name)


def texts() -> SearchStrategy[str]:
    """Prose to the end of a line."""
    return st.one_of(_CLEAN, _ODD, _WILD).map(tidy).filter(_is_text)


def paths(ending: str = "") -> SearchStrategy[str]:
    """File names, which have no commas; and do not begin with a word that makes them a ruleset."""
    return texts().map(lambda text: f"data/{tidy(text.replace(',', ' '))}{ending}")


# ---------------------------------------------------------------- numbers and expressions

POSITIVE = st.one_of(
    st.integers(1, 12).map(Fraction),
    st.sampled_from(["1/2", "5/4", "1/1000", "2469/2", "10000000"]).map(Fraction),
)

STATISTIC_UNITS = (("count",), ("person",), ("kr",), ("kr", "person"))
OTHER_UNITS = (("share",), ("percent",), ("point",), ("hour",), ("km2",), ("day", "person"))


def times(left: s.Expression, right: s.Expression) -> s.Expression:
    return s.Binary("*", left, right)


def divided(left: s.Expression, right: s.Expression) -> s.Expression:
    return s.Binary("/", left, right)


def expressions() -> SearchStrategy[s.Expression]:
    """Any expression that can be written, whether or not it means anything."""
    numbers = st.builds(s.Quantity, POSITIVE, st.sampled_from([(), *STATISTIC_UNITS, *OTHER_UNITS]))
    named = st.builds(s.Name, names())
    leaves = st.one_of(
        numbers, st.builds(s.Ref, named), st.builds(s.SumTo, named), st.just(s.AllPosts())
    )
    return st.recursive(leaves, _grown, max_leaves=8)


def _grown(inner: SearchStrategy[s.Expression]) -> SearchStrategy[s.Expression]:
    signs: SearchStrategy[s.Operator] = st.sampled_from(["+", "-", "*", "/"])
    return st.one_of(
        st.builds(s.Binary, signs, inner, inner),
        st.builds(s.Negative, inner),
        st.builds(s.ShareOf, inner),
        st.builds(s.SumOf, inner),
        st.builds(s.SumOver, inner, st.lists(_axes(), min_size=1, max_size=3).map(tuple)),
    )


def _axes() -> SearchStrategy[s.Axis]:
    """An axis to add over: a single word, which may mean something else elsewhere."""
    name = st.sampled_from(("månad", "krav", "S:t", "och", "and", "över", "kr", "from")).map(s.Name)
    end = st.builds(s.Name, names())
    return st.one_of(st.builds(s.Axis, name), st.builds(s.Axis, name, end, end))

"""Says that nothing has a name, and what the name may have been meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

from attrs import evolve

from dsl import syntax as s
from dsl.check.holdings import is_money
from dsl.check.scope import Scope, is_amount, suggestion
from dsl.check.wording import amount_examples, amount_text, key_to_propose, line, word
from dsl.findings import Finding, Value, finding
from dsl.numbers import Language
from dsl.program import statements
from dsl.registers import Register
from dsl.words import INNER, NOUNS, PARTS, SYNONYMS, UNITS, as_number, key_of

# Words that say that all recipients are meant.
_EVERY = {
    *("alla", "samtliga", "varje", "vardera", "var", "och", "en", "ett", "av", "respektive"),
    *("all", "each", "every", "one", "of", "the", "and", "respective"),
}

# How many names a finding lists to choose from.
MAX_NAMED = 25


def unknown_name(
    scope: Scope, name: s.Name, known: Iterable[str], declaration: s.Node | None = None
) -> Finding:
    """A name in a formula, a check or a rounding; parts of a whole are numbers there.

    Args:
        scope: the document.
        name: the name.
        known: the names that could stand there.
        declaration: a line that would explain the name, if it is a new one.
    """
    number = as_number(name.text, scope.document.language)
    if number is not None:
        return finding("F101", name.span, key="here", name=name.text, suggestion=number)
    data = _meant(scope, name, tuple(sorted(known)))
    if any(one.position(name.text) is not None for one in scope.registers.values()):
        data["recipient"] = name.text
    elif declaration is not None and not data.keys() & {"suggestion", "opening", "per"}:
        data["line"] = line(scope.document, declaration)
    return finding("F101", name.span, "here", name=name.text, **data)


def unknown_amount(scope: Scope, name: s.Name) -> Finding:
    """A name where a line says how much it moves."""
    meant = _amount_word(name, scope.document.language)
    if meant is not None:
        return finding("F101", name.span, key="here", name=name.text, suggestion=meant)
    amounts = [key for key, one in scope.symbols.items() if is_amount(one)]
    data = _meant(scope, name, tuple(sorted(amounts)))
    if not data:
        data["amounts"] = amount_examples(scope.document)
    return finding("F101", name.span, "here", name=name.text, **data)


def _meant(scope: Scope, name: s.Name, known: tuple[str, ...]) -> dict[str, Value]:
    """The most likely of what a name may have been meant to be."""
    language = scope.document.language
    summed = _summed(scope, name, known)
    if summed is not None:
        return {"suggestion": summed}
    reworded = _reworded(name, known, language)
    if reworded is not None:
        return {"suggestion": reworded}
    opening = _opening(name, known)
    if opening is not None:
        return {"opening": opening}
    close = suggestion(name.text, known)
    if close is not None:
        return {"suggestion": close}
    if key_of(UNITS, name.text, language) is not None:
        return {"per": f"{word(scope.document, 'PER')} {name.text}"}
    symbols = scope.symbols
    figures = tuple(one for one in known if not isinstance(symbols.get(one), s.Pot))
    return {"known": figures} if 0 < len(figures) <= MAX_NAMED else {}


def _summed(scope: Scope, name: s.Name, known: tuple[str, ...]) -> str | None:
    """What is to be added over axes, in other words than “over”: “kvartar per månad och krav”."""
    opening = _opening(name, known)
    if opening is None:
        return None
    words = name.text.removeprefix(opening).split()
    axes = f" {word(scope.document, 'AND')} ".join(axis for axis in scope.axes if axis in words)
    return f"{opening} {word(scope.document, 'OVER')} {axes}" if axes else None


def _opening(name: s.Name, known: Iterable[str]) -> str | None:
    """The known name that an unknown one begins with, when something has run into it."""
    words, names = name.text.split(" "), set(known)
    openings = (" ".join(words[:count]) for count in range(1, len(words)))
    return next((one for one in openings if one in names), None)


def _reworded(name: s.Name, known: tuple[str, ...], language: Language) -> str | None:
    """What synonyms and known names were meant to be: “andelen män”, “män och kvinnor”."""
    for wrong, right in SYNONYMS[language].items():
        before, between, after = name.text.partition(f"{wrong} ")
        if not between:
            continue
        if after in known and not before:
            return f"{right} {after}"
        both = before.rstrip() in known and (after in known or after.isdigit())
        if both and right in {"+", "−", "×", "/"}:
            return f"{before.rstrip()} {right} {after}"
    return None


def _amount_word(name: s.Name, language: Language) -> str | None:
    """The word for the rest, all or a part of a pot that an unknown amount resembles."""
    forms = [*PARTS.values(), INNER["REST"], INNER["ALL"]]
    words = {one: one for form in forms for one in form[language]}
    words |= {wrong: right for wrong, right in SYNONYMS[language].items() if right in words}
    close = get_close_matches(name.text.casefold(), words, 1, 0.72)
    return words[close[0]] if close else None


def unknown_target(scope: Scope, register: Register | None, flow: s.Flow, name: s.Name) -> Finding:
    """A name where a line says who gets the money."""
    data: dict[str, Value] = {"name": name.text, "amount": amount_text(scope.document, flow)}
    pots = [one.name.text for one in statements(scope.document, s.Pot)]
    recipients = [one.name for one in register.recipients] if register else []
    targets = (*pots, *scope.others, *recipients)
    noun = _kind_of_recipients(name, scope.document.language)
    every = noun is not None and _stands_for_all(name, scope.document.language)
    close = None if every else suggestion(name.text, targets)
    if (opening := _opening(name, targets)) is not None:
        data["opening"] = opening
    elif close is not None:
        data["suggestion"] = close
    elif noun is not None:
        if isinstance(flow.amount, s.Ref) or is_money(flow.amount):
            data["each"] = line(scope.document, evolve(flow, destination=s.ToEach(noun)))
        shared = evolve(flow, destination=key_to_propose(scope))
        data["shared"] = line(scope.document, shared)
    else:
        data["others"] = line(scope.document, s.OtherRecipients((name,)))
        data["pot"] = line(scope.document, s.Pot(name))
    return finding("F113", name.span, "here", **data)


def _kind_of_recipients(name: s.Name, language: Language) -> str | None:
    """The kind of recipients that a word of the name is for: “vardera regionen”."""
    return next((kind for word in name.text.split() if (kind := _kind(word, language))), None)


def _kind(word: str, language: Language) -> str | None:
    known = SYNONYMS[language].get(word.casefold(), word)
    return key_of(NOUNS, known, language) or key_of(NOUNS, f"the {known}", language)


def _stands_for_all(name: s.Name, language: Language) -> bool:
    """Whether a name is nothing but words for every recipient of a kind."""
    words = name.text.casefold().split()
    return all(word in _EVERY or _kind(word, language) for word in words)

"""Lines that a finding proposes, in the words of the file that is being checked."""

from fractions import Fraction

from dsl import syntax as s
from dsl.catalogue import phrase
from dsl.check.scope import Scope
from dsl.findings import Phrase
from dsl.printer import Printer, print_line
from dsl.program import statements
from dsl.source import Span
from dsl.words import canonical


def form(document: s.Document, token: str) -> Phrase:
    """A worked example of a line, to be written in this document."""
    return Phrase(f"form.{token}", wording=document.language)


def line(document: s.Document, node: s.Node) -> str:
    """A line as it is to be written in this document."""
    return print_line(node, document.language)


def word(document: s.Document, token: str) -> str:
    """A keyword as it is to be written in this document."""
    return canonical(token, document.language)


def kind_in_words(symbol: object) -> Phrase:
    """What a name stands for: a statistic, an amount, a pot."""
    kind = symbol.sort if isinstance(symbol, s.Defined) else type(symbol).__name__.lower()
    return Phrase(f"kind.{kind}")


def written(span: Span) -> str:
    """What the author wrote in a place."""
    return " ".join(span.text[span.column - 1 : span.end - 1].split())


def amount_text(document: s.Document, flow: s.Flow) -> str:
    """How much a line moves, in the words of this document."""
    return Printer(document.language).amount(flow.amount)


def amount_examples(document: s.Document) -> tuple[str, ...]:
    """The ways in which a line can begin: kronor, percent, a part, the rest."""
    money = s.Quantity(Fraction(500_000), ("kr",))
    amounts = (money, s.Quantity(Fraction(10), ("percent",)), s.Part(1, 2), s.Rest())
    return tuple(Printer(document.language).amount(one) for one in amounts)


def expression_text(document: s.Document, expression: s.Expression) -> str:
    """An expression in the words of this document."""
    return Printer(document.language).expression(expression)


def rest_line(scope: Scope, pot: s.Pot) -> str:
    """A line that shares what a pot's other lines leave, by a key that the rules use."""
    return line(scope.document, s.Flow(s.Rest(), key_to_propose(scope, pot)))


def key_to_propose(scope: Scope, pot: s.Pot | None = None) -> s.ByKey:
    """A key to share by: the pot's own, that of another pot, or any statistic."""
    pots = (*([pot] if pot else []), *statements(scope.document, s.Pot))
    keys = [flow.destination for one in pots for flow in one.flows]
    found = next((key for key in keys if isinstance(key, s.ByKey)), None)
    return found or s.ByKey(s.Ref(s.Name(_any_statistic(scope))))


def _any_statistic(scope: Scope) -> str:
    known = statements(scope.document, s.Statistic)
    return known[0].name.text if known else phrase("example.key", scope.document.language)

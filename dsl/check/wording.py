"""Lines that a finding proposes, in the words of the file that is being checked."""

from attrs import evolve

from dsl import syntax as s
from dsl.catalogue import phrase
from dsl.check.scope import Scope
from dsl.findings import Phrase
from dsl.printer import print_line
from dsl.program import statements
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


def rest_line(scope: Scope, pot: s.Pot) -> str:
    """A line that shares what a pot's other lines leave, by a key that the rules use."""
    return line(scope.document, s.Flow(s.Rest(), by_key(scope, pot)))


def shared(scope: Scope, pot: s.Pot, flow: s.Flow) -> str:
    """A line with its amount shared by a key instead of going where it goes."""
    return line(scope.document, evolve(flow, destination=by_key(scope, pot)))


def by_key(scope: Scope, pot: s.Pot) -> s.ByKey:
    """The key to propose for a pot: its own, that of another pot, or any statistic."""
    pots = (pot, *statements(scope.document, s.Pot))
    keys = [flow.destination for one in pots for flow in one.flows]
    found = next((key for key in keys if isinstance(key, s.ByKey)), None)
    return found or s.ByKey(s.Ref(s.Name(_any_statistic(scope))))


def _any_statistic(scope: Scope) -> str:
    known = statements(scope.document, s.Statistic)
    return known[0].name.text if known else phrase("example.key", scope.document.language)

"""What somebody searches for: words and operators, as in `from:ada has:link "high water"`."""

import re
from dataclasses import dataclass, field
from typing import Final

from messaging.text.search_words import Phrase, literal, without_scheme, words

# The operators, and the names that other programs have for them.
OPERATORS: Final = ("from", "in", "to", "with", "mentions", "is", "has", "before", "after", "on", "during")
ALIASES: Final = {"sender": "from", "channel": "in", "room": "in", "dm": "with"}
# So many words begin with one or two given letters that reading them took 0.2 to 0.6 s among a million
# messages; with three letters it took 17 ms.
SHORTEST_PREFIX: Final = 3
_OPERATOR: Final = re.compile(r'(-?)([A-Za-z]+):("[^"]+"?|“[^”]+”?|[^\s"]\S*)')
_TEXT: Final = re.compile(r'(-(?=[^\s-]))?("[^"]+"|"[^"]*\w[^"]*$|\S+)')
_CURLY: Final = str.maketrans("“”„", '"' * 3)  # as phones type them


@dataclass(frozen=True)
class Term:
    """A word or a phrase.

    Attributes:
        text: as it was typed.
        phrase: its words; empty if it is only punctuation or symbols.
        literal: what has to occur besides, folded, or "".
        is_negated: the messages that contain it are left out.
    """

    text: str
    phrase: Phrase
    literal: str
    is_negated: bool = False

    @property
    def is_compared(self) -> bool:
        """Whether the index alone cannot decide it, so that texts must be compared."""
        return bool(self.literal) or self.is_negated


@dataclass(frozen=True)
class Operator:
    name: str
    value: str
    is_negated: bool = False

    def __str__(self) -> str:
        quotes = "“”" if '"' in self.value else '""'
        value = f"{quotes[0]}{self.value}{quotes[1]}" if " " in self.value else self.value
        return f"{'-' * self.is_negated}{self.name}:{value}"


@dataclass
class Query:
    """
    Attributes:
        unknown: the operators that mean nothing here. They are searched as text.
    """

    terms: list[Term] = field(default_factory=list)
    operators: list[Operator] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.terms or self.operators)

    @property
    def is_compared(self) -> bool:
        return any(term.is_compared for term in self.terms)

    @property
    def phrases(self) -> list[Phrase]:
        """What the index can look up."""
        return [term.phrase for term in self.terms if term.phrase.words and not term.is_negated]

    def as_text(self, operator: Operator) -> None:
        """Search an operator as text, since its value means nothing."""
        self.operators.remove(operator)
        self.unknown.append(str(operator))
        self.terms.append(_term(f"{operator.name}:{operator.value}", operator.is_negated))


def parse(typed: str) -> Query:
    """Read a query. Any text is a valid query; words that are no operators are looked for as they were typed.

    The last word may be the beginning of a longer one, unless it is in quotes; so may one that ends with "*".
    A beginning has at least three letters.
    """
    query = Query()
    typed = typed.strip()
    if '"' not in typed:
        typed = typed.translate(_CURLY)
    position = 0
    while position < len(typed):
        operator, text = _OPERATOR.match(typed, position), _TEXT.match(typed, position)
        name = operator and ALIASES.get(operator[2].lower(), operator[2].lower())
        if operator and name in OPERATORS:
            query.operators.append(Operator(name, operator[3].strip('"“”'), bool(operator[1])))
            position = operator.end()
        elif text:
            position = text.end()
            term = _term(text[2], bool(text[1]), is_last=position == len(typed))
            if term.phrase.words or term.literal:  # there is nothing to look for in a lone accent
                query.terms.append(term)
        else:
            position += 1  # a space
    return query


def _term(text: str, is_negated: bool = False, is_last: bool = False) -> Term:
    is_quoted = text[0] == '"' and bool(words(text))  # perhaps its end is still to be typed
    is_prefix = not is_quoted and ((is_last and not is_negated) or text.endswith("*"))
    text = without_scheme(text)
    bare = text.strip('"') if is_quoted else (text.rstrip("*") or text if is_prefix else text)
    there = words(bare)
    is_long = bool(there) and len(there[-1]) >= SHORTEST_PREFIX and bare[-1].isalnum()
    phrase = Phrase(tuple(there), is_prefix and is_long)
    return Term(text, phrase, literal(bare), is_negated)

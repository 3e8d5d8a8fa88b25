"""Which blocks of a text decide by their own letters whether they are read from the left or from the right.

Paragraphs and cells do it in the stylesheet (`unicode-bidi: plaintext`). Items, quotes and tables need it in
the HTML, since their marks, lines and columns follow. Code, bare addresses, mentions and rooms have a `dir`
of their own: the browser leaves them out when it guesses, and the text around them does not turn them round.
"""

from typing import Final

from markdown_it.rules_core import StateCore

_BLOCKS: Final = frozenset({"blockquote_open", "list_item_open", "table_open"})


def set_directions(state: StateCore) -> None:
    """Core rule: items, quotes and tables follow their text; code and bare addresses do not."""
    for token in state.tokens:
        if token.type in _BLOCKS:
            token.attrs["dir"] = "auto"
        for child in token.children or ():
            if child.type == "code_inline" or (child.type == "link_open" and child.info == "auto"):
                child.attrs["dir"] = "ltr"

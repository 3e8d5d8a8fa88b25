"""Text that people typed: cleaned, rendered to safe HTML, compared word by word, without the database."""

from .cleaning import MAX_LENGTH, clean_text
from .difference import Change, word_diff
from .mentions import many_mentioned_in, unlink_mentions
from .rendering import RENDERER_VERSION, mentioned, render
from .splitting import split_text

__all__ = [
    "MAX_LENGTH",
    "RENDERER_VERSION",
    "Change",
    "clean_text",
    "many_mentioned_in",
    "mentioned",
    "render",
    "split_text",
    "unlink_mentions",
    "word_diff",
]

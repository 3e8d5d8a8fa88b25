"""The line above the first new message, in the page of one reader around a list that all readers share."""

from django.utils.html import format_html
from django.utils.translation import gettext as _


def with_new_line(timeline: str, first_unread: int | None) -> str:
    """The list with the line above the reader's first unread message, if that is in it.

    Args:
        timeline: HTML in which every row begins as in `_row.html`. No text can contain such a beginning,
            because `<` is escaped in texts.
        first_unread: the id of the message.
    """
    for state in ("", " run"):
        opening = f'<div class="row{state}" id="m-{first_unread}"'
        above, found, below = timeline.partition(opening)
        if found:
            line = format_html('<p class="new-line"><span class="new">{}</span></p>', _("New"))
            return f"{above}{line}{found}{below}"
    return timeline

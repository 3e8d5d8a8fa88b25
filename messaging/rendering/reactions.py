"""The reactions below a message. They are the same for every reader, so they name everybody who reacted: the
reader's own stylesheet (`personal_css`) lights up those in which `data-by` has their id.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.models import User
from messaging.models.messages.reaction_summaries import ReactionSummary
from messaging.rendering.emoji_groups import picture_html
from messaging.rendering.part_template import PartTemplate
from messaging.text.emoji_choice import spoken
from messaging.text.lists import join_with_and

TEMPLATE = PartTemplate("messaging/messages/_reaction.html")
NAMED: Final = 20  # people of one emoji; the others are only counted
# So many people of one emoji are marked. Beyond them nobody is, since the HTML goes to every open page of the
# room again with each reaction; then a press leads to the page of the reactions, which knows its reader.
MOST_MARKED: Final = 200


def reactions_html(message_id: int, summaries: Sequence[ReactionSummary]) -> SafeString:
    """The reactions to a message, one after the other."""
    return format_html_join("", "{}", ((_one(message_id, summary),) for summary in summaries))


def _one(message_id: int, summary: ReactionSummary) -> SafeString:
    people = summary.people
    is_marked = len(people) <= MOST_MARKED
    return TEMPLATE.render(
        {
            "pk": message_id,
            "emoji": summary.emoji.replace("+", "%2B"),  # in an address
            "shown": shown(summary),
            "count": len(people),
            "by": " ".join(str(person.pk) for person in people) if is_marked else "",
            "who": _("%(emoji)s, %(number)d: %(names)s")
            % {"emoji": spoken(summary.emoji), "number": len(people), "names": names(people)},
        },
        is_marked=is_marked,
    )


def shown(summary: ReactionSummary) -> str:
    """The emoji of a reaction: itself, or the picture of a custom one."""
    return picture_html(summary.emoji, summary.picture) if summary.picture else summary.shown


def names(people: Sequence[User], named: int = NAMED) -> str:
    """People as a list in words, such as "Ada, Ben and Cleo".

    Args:
        people: at least one.
        named: at most so many are named; the others are only counted.
    """
    shown = [person.name for person in people[:named]]
    if others := len(people) - len(shown):
        shown.append(ngettext("%(number)d other", "%(number)d others", others) % {"number": others})
    return join_with_and(shown)

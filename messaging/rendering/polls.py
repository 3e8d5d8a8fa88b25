"""The poll of a message, the same for every reader. Of a poll that is not anonymous it names who voted: the
reader's own stylesheet (`personal_css`) marks the choices in which `data-by` has their id.
"""

from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.models.messages.poll_results import ChoiceResult, PollResult
from messaging.rendering.reactions import names
from messaging.rendering.times import time_values

# So many people who voted are marked. If there are more, a press opens the ballot, which knows its reader.
MOST_MARKED: Final = 200


def poll_html(result: PollResult) -> SafeString:
    """The choices of a poll with their votes, and how it works."""
    poll = result.poll
    is_marked = not poll.is_anonymous and result.voters <= MOST_MARKED
    context = {
        "pk": poll.pk,
        "poll": poll,
        "is_closed": poll.closed_at is not None,
        "is_marked": is_marked,
        "choices": [_choice(choice, result, is_marked) for choice in result.choices],
        "voters": voters_text(result),
        **time_values("ends", poll.closed_at or poll.ends_at, with_day=True),
    }
    return render_to_string("messaging/messages/_poll.html", context)


def voters_text(result: PollResult) -> str:
    text = ngettext("%(number)d person voted", "%(number)d people voted", result.voters)
    return text % {"number": result.voters}


def _choice(choice: ChoiceResult, result: PollResult, is_marked: bool) -> dict[str, object]:
    votes = ngettext("%(number)d vote", "%(number)d votes", choice.votes) % {"number": choice.votes}
    return {
        "pk": choice.pk,
        "text": choice.text,
        "votes": choice.votes,
        "most": result.voters or 1,
        "by": " ".join(str(person.pk) for person in choice.people) if is_marked else "",
        "who": _("%(votes)s: %(names)s") % {"votes": votes, "names": names(choice.people)}
        if choice.people
        else votes,
        "is_named": bool(choice.people),
    }

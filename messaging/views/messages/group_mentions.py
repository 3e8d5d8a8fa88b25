"""What a sender is asked before many people are notified, and what is said if they may not do that."""

from typing import TypedDict

from messaging.access.decorators import MemberRequest
from messaging.forms.messages.composer import AsksFirst
from messaging.live.present import present
from messaging.models import Conversation
from messaging.models.messages.group_mentions import question

ANSWER = "group_mentions"  # the field of the answer, which is the button that sends
YES, NO = "1", "0"


class Answer(TypedDict):
    """Arguments of `post` and `Message.edit`."""

    present: set[int]
    notifies_only_people: bool


def must_ask(
    request: MemberRequest,
    form: AsksFirst,
    conversation: Conversation,
    text: str,
    replaced: tuple[str, str] = ("", ""),
) -> bool:
    """Whether the sender of a text has to answer first. The form then has the question.

    Args:
        replaced: the text that an edit replaces, and its HTML.
    """
    answer = request.POST.get(ANSWER)
    if answer == NO:
        return False
    asked = question(request.user, conversation, text, present(), replaced)
    if asked and (answer != YES or not asked.is_allowed):
        form.group_question = asked
    return form.group_question is not None


def answer_in(request: MemberRequest) -> Answer:
    return {"present": present(), "notifies_only_people": request.POST.get(ANSWER) == NO}

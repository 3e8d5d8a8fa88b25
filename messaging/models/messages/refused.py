"""Why a message is not sent, edited or removed, in words."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "sender": _("You are no longer a member of this conversation."),
    "editor": _("Only members of the conversation can change its messages."),
    "parent": _("The message that you are replying to was removed."),
    "elsewhere": _("The message that you are replying to is in another conversation."),
    "removed": _("This message was removed."),
    "ticker": _("Only the author can tick this list."),
    "tasks": _("This list was changed meanwhile. Check it and tick again."),
    "late": _("This message can no longer be edited."),
    "moderator": _("Only the author and the room's moderators can do this."),
    "archived": _("This room is archived: you can read it, but not write in it."),
    "group_mention": _("You cannot notify everybody here."),
    "files": _("One of the files is no longer there. Choose it again."),
}


def invalid(code: str) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code)

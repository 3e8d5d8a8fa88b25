"""Refusals because a message was already sent, or was edited by somebody else in the meantime."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from messaging.models.db.refusals import Refused

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

CONFLICT = 409


class AlreadySent(Refused):
    """This sender used this `client_id` before, perhaps for the same message (`post` finds out)."""

    def __init__(self) -> None:
        super().__init__("already_sent", _("This message was already sent."), CONFLICT)


class ClientIdTaken(Refused):
    """This sender used this `client_id` for another message."""

    def __init__(self) -> None:
        super().__init__(
            "client_id_taken",
            _("This message was already sent with a different text. Send it again to send this text too."),
            CONFLICT,
        )


class EditConflict(Refused):
    """The message was edited since the editor opened it.

    Attributes:
        message: the message as it is now.
        revision: how many earlier texts it has now.
    """

    def __init__(self, message: "Message", revision: int) -> None:
        super().__init__("edit_conflict", _("This message was edited in the meantime."), CONFLICT)
        self.message = message
        self.revision = revision

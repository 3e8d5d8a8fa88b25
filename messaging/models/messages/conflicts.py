"""Refusals of a message that met another one, or another edit."""

from typing import TYPE_CHECKING

from messaging.models.db.refusals import Refused

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

CONFLICT = 409


class AlreadySent(Refused):
    """This sender used this `client_id` before, perhaps for the same message (`post` finds out)."""

    def __init__(self) -> None:
        super().__init__("already_sent", "This was sent before.", CONFLICT)


class ClientIdTaken(Refused):
    """This sender used this `client_id` for another message."""

    def __init__(self, message: "Message") -> None:
        super().__init__(
            "client_id_taken",
            "This was sent before with another text. Send it again if you mean it.",
            CONFLICT,
        )
        self.message = message


class EditConflict(Refused):
    """The message was edited since the editor opened it.

    Attributes:
        message: the message as it is now.
        revision: how many earlier texts it has now.
    """

    def __init__(self, message: "Message", revision: int) -> None:
        super().__init__("edit_conflict", "Somebody edited this message meanwhile.", CONFLICT)
        self.message = message
        self.revision = revision

"""What an export of the site does not have as rows of its own, and why."""

from typing import Final

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models

from messaging import models as parley
from messaging.background.models import PeriodicTask, QueuedTask

ROW_ID: Final = "Nothing refers to it; the order of the lines is that of the rows."
ORDER: Final = "The order of the list."
_OPENS: Final = "A secret: it opens an account."
_MACHINE: Final = "The state of this machine and of the browsers that use it."
_DJANGO: Final = "Django's own, which Parley does not use, or writes by itself."

# Models whose rows are parts of other lines, in a form of their own.
IN_OTHER_LINES: Final[dict[type[models.Model], str]] = {
    parley.Mention: "`shows` of the message",
    parley.Notification: "`notified` and `unread` of the message",
    parley.PollChoice: "`choices` of its poll",
    parley.PollVote: "`votes` of its choice; of an anonymous poll only their number",
    parley.Later: "What somebody put off is `unread`.",
}
NOT_EXPORTED: Final[dict[type[models.Model], str]] = {
    parley.Invitation: "Its link is a secret, and leads to the old site.",
    parley.Invitation.rooms.through: "As invitations.",
    parley.Session: _OPENS,
    parley.PushSubscription: _OPENS,
    Authenticator: _OPENS,
    SocialApp: _OPENS,
    SocialToken: _OPENS,
    EmailConfirmation: _OPENS,
    EmailAddress: "The person's line has the address, and whether it is confirmed.",
    parley.PushSetup: "A secret: the key of this site's pushes.",
    parley.PushNotice: _MACHINE,
    parley.MissedMail: _MACHINE,
    parley.LeftRoom: "It only says that a new room is not proposed again.",
    parley.FileToDelete: _MACHINE,
    parley.RetentionRun: _MACHINE,
    QueuedTask: _MACHINE,
    PeriodicTask: _MACHINE,
    parley.AccountDeletion: "A receipt of what is gone. While a deletion goes on, an export is refused.",
    parley.SearchText: "The index is made again from the messages.",
    LogEntry: _DJANGO,
    Permission: _DJANGO,
    Group: _DJANGO,
    Group.permissions.through: _DJANGO,
    parley.User.groups.through: _DJANGO,
    parley.User.user_permissions.through: _DJANGO,
    ContentType: _DJANGO,
}

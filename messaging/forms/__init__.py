from messaging.forms.accounts import EmailForm, PasswordAgainForm, ProfileForm, SignUpForm
from messaging.forms.administration import BanForm, InvitationForm, SettingsForm, SetUpForm
from messaging.forms.messages import ComposerForm, EditForm, RemovalForm
from messaging.forms.people import PeopleForm
from messaging.forms.preferences import NotificationsForm
from messaging.forms.rooms import MineForm, RenameForm, RoomForm
from messaging.forms.statuses import StatusForm

__all__ = [
    "BanForm",
    "ComposerForm",
    "EditForm",
    "EmailForm",
    "InvitationForm",
    "MineForm",
    "NotificationsForm",
    "PasswordAgainForm",
    "PeopleForm",
    "ProfileForm",
    "RemovalForm",
    "RenameForm",
    "RoomForm",
    "SetUpForm",
    "SettingsForm",
    "SignUpForm",
    "StatusForm",
]

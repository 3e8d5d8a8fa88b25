from messaging.forms.accounts import EmailForm, PasswordAgainForm, ProfileForm, SignUpForm
from messaging.forms.administration import InvitationForm, SettingsForm, SetUpForm
from messaging.forms.messages import ComposerForm, EditForm
from messaging.forms.people import PeopleForm
from messaging.forms.rooms import MineForm, RenameForm, RoomForm

__all__ = [
    "ComposerForm",
    "EditForm",
    "EmailForm",
    "InvitationForm",
    "MineForm",
    "PasswordAgainForm",
    "PeopleForm",
    "ProfileForm",
    "RenameForm",
    "RoomForm",
    "SetUpForm",
    "SettingsForm",
    "SignUpForm",
]

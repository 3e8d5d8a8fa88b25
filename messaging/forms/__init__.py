from messaging.forms.accounts import EmailForm, PasswordAgainForm, ProfileForm
from messaging.forms.messages import ComposerForm, EditForm
from messaging.forms.people import PeopleForm
from messaging.forms.rooms import RoomForm

__all__ = [
    "ComposerForm",
    "EditForm",
    "EmailForm",
    "PasswordAgainForm",
    "PeopleForm",
    "ProfileForm",
    "RoomForm",
]

from messaging.forms.accounts.invitations import InvitationForm
from messaging.forms.accounts.moderation import BanForm
from messaging.forms.accounts.password_again import EmailForm, PasswordAgainForm
from messaging.forms.accounts.sign_up import SignUpForm
from messaging.forms.inbox.later import LaterForm
from messaging.forms.inbox.sections import SectionForm
from messaging.forms.messages.composer import ComposerForm, EditForm, RemovalForm
from messaging.forms.messages.descriptions import DescriptionsForm
from messaging.forms.messages.forwarding import ForwardForm, ShareForm
from messaging.forms.messages.polls import PollForm
from messaging.forms.messages.scheduling import ScheduleForm
from messaging.forms.people.digest import DigestForm
from messaging.forms.people.group import GroupForm
from messaging.forms.people.keyboard import KeyboardForm
from messaging.forms.people.keywords import KeywordsForm
from messaging.forms.people.picker import PeopleForm
from messaging.forms.people.preferences import NotificationsForm
from messaging.forms.people.profile import ProfileForm
from messaging.forms.people.quiet_hours import PauseForm, QuietHoursForm
from messaging.forms.people.status import StatusForm
from messaging.forms.retention.rules import RoomRuleForm, SiteRuleForm
from messaging.forms.rooms.room import MembershipSettingsForm, RenameForm, RoomForm
from messaging.forms.site.emoji import EmojiForm
from messaging.forms.site.settings import SettingsForm, SetUpForm

__all__ = [
    "BanForm",
    "ComposerForm",
    "DescriptionsForm",
    "DigestForm",
    "EditForm",
    "EmailForm",
    "EmojiForm",
    "ForwardForm",
    "GroupForm",
    "InvitationForm",
    "KeyboardForm",
    "KeywordsForm",
    "LaterForm",
    "MembershipSettingsForm",
    "NotificationsForm",
    "PasswordAgainForm",
    "PauseForm",
    "PeopleForm",
    "PollForm",
    "ProfileForm",
    "QuietHoursForm",
    "RemovalForm",
    "RenameForm",
    "RoomForm",
    "RoomRuleForm",
    "ScheduleForm",
    "SectionForm",
    "SetUpForm",
    "SettingsForm",
    "ShareForm",
    "SignUpForm",
    "SiteRuleForm",
    "StatusForm",
]

from typing import Any

from django import forms

from messaging.forms.accounts import SignUpForm
from messaging.forms.lines import LineField
from messaging.models import Conversation, Installation, User

DAYS = [("1", "A day"), ("7", "A week"), ("30", "A month"), ("0", "For ever")]
MINUTES = [("0", "As long as it is there"), ("5", "5 minutes"), ("60", "An hour"), ("1440", "A day")]
USES = [("1", "One person"), ("10", "Ten people"), ("0", "Any number of people")]


def _or_without_end(number: str) -> int | None:
    return int(number) or None


class SiteNameField(LineField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="The team's name",
            max_length=Installation._meta.get_field("name").max_length,
            widget=forms.TextInput(attrs={"autocomplete": "organization"}),
            **options,
        )


class SetUpForm(SignUpForm):
    """The first account, and what the site is called."""

    site_name = SiteNameField(help_text="Everybody sees it; it can be changed later.")
    field_order = ["site_name", "username", "display_name", "email", "password1", "password2"]


class SettingsForm(forms.ModelForm):
    """What is true for the whole site."""

    name = SiteNameField()
    edit_minutes = forms.TypedChoiceField(
        label="How long a message can be edited",
        choices=MINUTES,
        coerce=_or_without_end,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["edit_minutes"] = self.instance.edit_minutes or 0

    class Meta:
        model = Installation
        fields = ("name", "sign_up", "room_makers", "edit_minutes", "history_readers")
        labels = {
            "sign_up": "Who can make an account",
            "room_makers": "Who can make rooms",
            "history_readers": "Who can read earlier texts of a message",
        }
        widgets = dict.fromkeys(("sign_up", "room_makers", "history_readers"), forms.RadioSelect)


class InvitationForm(forms.Form):
    """Who can come by a new link, how long, and where it leads them."""

    role = forms.ChoiceField(label="They come as", widget=forms.RadioSelect)
    uses = forms.TypedChoiceField(
        label="The link is for",
        choices=USES,
        coerce=_or_without_end,
        initial="1",
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label="It is good for",
        choices=DAYS,
        coerce=_or_without_end,
        initial="7",
        widget=forms.RadioSelect,
    )
    rooms = forms.ModelMultipleChoiceField(
        label="Rooms that they are put into",
        queryset=Conversation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.EmailField(
        label="Their e-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, can_mail: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = [User.Role.MEMBER, User.Role.GUEST]
        if user.role == User.Role.OWNER:
            roles.append(User.Role.ADMINISTRATOR)
        role: Any = self.fields["role"]
        role.choices, role.initial = [(role.value, role.label) for role in roles], User.Role.MEMBER
        rooms: Any = self.fields["rooms"]
        addable = Conversation.objects.addable_by(user)
        rooms.queryset = addable.filter(kind=Conversation.Kind.ROOM).order_by("name", "pk")
        rooms.label_from_instance = lambda room: f"# {room.name}"
        if not rooms.queryset.exists():
            del self.fields["rooms"]
        if not can_mail:
            del self.fields["email"]


class BanForm(forms.Form):
    """Whether the words go along with the person; not asked where there are none."""

    with_words = forms.BooleanField(
        required=False,
        help_text="That cannot be undone, not even if you let them in again. Direct conversations stay.",
    )

    def __init__(self, data: Any = None, *, written: int) -> None:
        super().__init__(data)
        number = f"{written} message{'' if written == 1 else 's'}"
        self.fields["with_words"].label = f"Remove what they wrote in rooms and groups as well: {number}"
        if not written:
            del self.fields["with_words"]

from typing import Any

from django import forms

from messaging.forms.fields import number_or_none
from messaging.models import Conversation, User

DAYS = [("1", "A day"), ("7", "A week"), ("30", "A month"), ("0", "For ever")]
USES = [("1", "One person"), ("10", "Ten people"), ("0", "Any number of people")]


class InvitationForm(forms.Form):
    """Who can come by a new link, how long, and where it leads them."""

    role = forms.ChoiceField(label="They come as", widget=forms.RadioSelect)
    uses = forms.TypedChoiceField(
        label="The link is for",
        choices=USES,
        coerce=number_or_none,
        initial="1",
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label="It is good for",
        choices=DAYS,
        coerce=number_or_none,
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

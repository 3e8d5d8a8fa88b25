from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import number_or_none
from messaging.models import Conversation, User

DAYS = [("1", _("After 1 day")), ("7", _("After 7 days")), ("30", _("After 30 days")), ("0", _("Never"))]
USES = [("1", _("1 person")), ("10", _("10 people")), ("0", _("No limit"))]


class InvitationForm(forms.Form):
    """Who can register with a new link, for how long it works, and which rooms it adds them to."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    uses = forms.TypedChoiceField(
        label=_("Maximum number of people"),
        choices=USES,
        coerce=number_or_none,
        initial="1",
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label=_("Expires"),
        choices=DAYS,
        coerce=number_or_none,
        initial="7",
        widget=forms.RadioSelect,
    )
    rooms = forms.ModelMultipleChoiceField(
        label=_("Add them to rooms"),
        help_text=_("They land in the first of these rooms. Guests see only the rooms that you choose."),
        queryset=Conversation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.EmailField(
        label=_("Email address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, user: User, can_mail: bool, room: int | None = None, **options: Any
    ) -> None:
        """
        Args:
            room: the id of the room that is chosen at first, if the person may add people to it; otherwise
                the oldest public one is, so that everybody lands in a room.
        """
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
        public = rooms.queryset.filter(is_private=False, archived_at=None).order_by("pk")
        chosen = rooms.queryset.filter(pk=room).first() or public.first()
        rooms.initial = [chosen.pk] if chosen else []
        if not rooms.queryset.exists():
            del self.fields["rooms"]
        if not can_mail:
            del self.fields["email"]

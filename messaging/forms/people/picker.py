"""Choosing people: the ones chosen so far stay, whatever is looked for; a few of those found are offered."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from messaging.access.lookups import LARGEST_ID
from messaging.models import User
from messaging.models.people.queryset import UserQuerySet

OFFERED = 20


class PeopleField(forms.ModelMultipleChoiceField):
    """Any active person can be chosen; shown are the chosen ones, and those that `offer` was given."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.none(), **options)

    def label_from_instance(self, obj: User) -> str:
        return render_to_string("messaging/people/_choice.html", {"person": obj})

    def offer(self, people: Iterable[User]) -> None:
        self.widget.choices = [(person.pk, self.label_from_instance(person)) for person in people]

    def clean(self, value: Any) -> Any:
        return super().clean(possible_ids(value))


class PeopleForm(forms.Form):
    """People to talk to, or to put somewhere.

    Args:
        words: what was looked for.
        outside: who could be chosen.
    """

    people = PeopleField(label=_("People"), error_messages={"required": _("Choose at least one person.")})

    def __init__(self, *args: Any, outside: UserQuerySet, words: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast(PeopleField, self.fields["people"])
        field.queryset = outside
        chosen = list(outside.filter(pk__in=possible_ids(self["people"].value())))
        others = outside.exclude(pk__in=[person.pk for person in chosen])
        found = list((others.called(words) if words else others)[: OFFERED + 1])
        self.found, self.more = bool(found), len(found) > OFFERED
        field.offer([*chosen, *found[:OFFERED]])


def possible_ids(values: Any) -> list[str]:
    """Those of the values that could be somebody's id: a database cannot be asked about the others."""
    texts = [str(value) for value in values or [] if str(value).isascii() and str(value).isdigit()]
    return [text for text in texts if len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID]

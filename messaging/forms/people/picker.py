"""Choosing people. Those who were chosen stay in the form during a new search, with some of those found."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from messaging.models import User
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.people.queryset import UserQuerySet

OFFERED = 20


class PeopleField(forms.ModelMultipleChoiceField):
    """People of the field's `queryset` can be chosen. Only those passed to `offer` are shown."""

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
    """Choose people for a new conversation, or to add to one.

    Args:
        candidates: the people who can be chosen.
        search: what the person searched for.
    """

    people = PeopleField(label=_("People"), error_messages={"required": _("Choose at least one person.")})

    def __init__(self, *args: Any, candidates: UserQuerySet, search: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast(PeopleField, self.fields["people"])
        field.queryset = candidates
        chosen = list(candidates.filter(pk__in=possible_ids(self["people"].value())))
        others = candidates.exclude(pk__in=[person.pk for person in chosen])
        found = list((others.called(search) if search else others)[: OFFERED + 1])
        self.found, self.more = bool(found), len(found) > OFFERED
        field.offer([*chosen, *found[:OFFERED]])


def possible_ids(values: Any) -> list[str]:
    """The values that could be an id: a database query with another one would raise an error."""
    texts = [str(value) for value in values or [] if str(value).isascii() and str(value).isdigit()]
    return [text for text in texts if len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID]

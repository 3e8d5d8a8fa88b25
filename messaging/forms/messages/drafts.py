from typing import Any

from django import forms

from messaging.forms.fields import TypedField
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.messages.drafting import Typed


class _TextField(TypedField):
    def to_python(self, value: Any) -> str:
        return value or ""


class TypedForm(forms.Form):
    """What the page's script saves of a composer (`Typed`). Its text is cleaned when it is saved."""

    content = _TextField(required=False, strip=False)
    token = forms.UUIDField()
    sequence = forms.IntegerField(min_value=0, max_value=LARGEST_ID)
    known = forms.IntegerField(min_value=0, max_value=LARGEST_ID)

    @property
    def typed(self) -> Typed:
        names = ("content", "token", "sequence", "known")
        return Typed(*(self.cleaned_data[name] for name in names))

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.models import User
from messaging.models.messages.keywords import MOST_OF_PERSON, WORD_LENGTH, checked_keywords


class KeywordsForm(forms.Form):
    """The person's keywords, one in each line; cleaned to what `save_keywords` takes."""

    keywords = forms.CharField(
        label=_("Notify me about these words"),
        required=False,
        max_length=MOST_OF_PERSON * (WORD_LENGTH + 2),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_(
            "One word or phrase in each line. A message in your conversations that has one counts as a "
            "mention of you. Example: with “launch”, “When is the LAUNCH?” notifies you; “launching” does "
            "not."
        ),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        words = user.keywords.order_by("pk").values_list("word", flat=True)
        super().__init__(data, initial={"keywords": "\n".join(words)})

    def clean_keywords(self) -> dict[str, str]:
        try:
            return checked_keywords(self.cleaned_data["keywords"].splitlines())
        except ValidationError as refused:
            raise ValidationError(refused.messages) from None

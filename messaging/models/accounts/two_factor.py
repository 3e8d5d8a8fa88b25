"""The second step at sign-in: passkeys, codes from an app, recovery codes. They are allauth's rows."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models

from messaging.models.accounts.moderation import refused


class SecondStep(models.Model):
    """What a `User` has beside their password, and how it is taken from who lost all of it."""

    class Meta:
        abstract = True

    def has_second_step(self: Any) -> bool:
        return Authenticator.objects.filter(user=self).exists()

    def reset_second_step(self: Any, by: Any) -> None:
        """Forget all passkeys, codes and recovery codes, and sign the person out everywhere: they come in by
        their password alone. Nothing happens to who has none.

        Raises:
            ValidationError: `by` may not decide about them.
            User.DoesNotExist: one of the two is gone.
        """
        with self._deciding(by) as (person, judge):
            if not judge.may_decide_about(person):
                raise refused("yourself" if person == judge else "rights")
            gone, _ = Authenticator.objects.filter(user=person).delete()
            if gone:
                person.sessions.all().delete()
                self._write_down(by, "RESET_SECOND_STEP")

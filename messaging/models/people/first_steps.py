"""The first steps of the person who set the site up: shown until each is done, or until they are put away.

What is left stands in the person's own row, which every request reads, so nobody's page costs a query more.
"""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from messaging.models.people.user import User


class Step(models.TextChoices):
    HELLO = "hello", _("Say hello")
    LINK = "link", _("Copy an invitation link")
    PICTURE = "picture", _("Name the team and choose its picture")


def begin(user: User) -> None:
    """Set all steps as not done. To be saved by the caller."""
    user.first_steps = " ".join(Step.values)


def tick(user: User, step: Step) -> bool:
    """Set a step as done. Asks the database only if the step was left.

    Returns:
        Whether it was left.
    """
    if step not in user.first_steps.split():
        return False
    with transaction.atomic():
        row = User.objects.filter(pk=user.pk).select_for_update(no_key=True)
        left = row.values_list("first_steps", flat=True).first() or ""
        user.first_steps = " ".join(one for one in left.split() if one != step)
        row.update(first_steps=user.first_steps)
    return True


def put_away(user: User) -> None:
    """Show the person no steps any more."""
    user.first_steps = ""
    User.objects.filter(pk=user.pk).update(first_steps="")


def steps_of(user: User) -> list[tuple[Step, bool]]:
    """All steps, each with whether it is done; none at all if nothing is left."""
    left = user.first_steps.split()
    return [(step, step not in left) for step in Step] if left else []

"""Identities: accounts at an identity provider by which people sign in. The rows are allauth's.

A person has at most one of each provider. Their roles can follow what the provider says (`take_role`).
"""

from collections.abc import Collection
from contextlib import nullcontext

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from messaging.models.accounts.locks import FORBIDDEN, conversations_locked, managing
from messaging.models.accounts.ways_in import take_away
from messaging.models.db.refusals import Gone, Refused
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.people.user import User
from messaging.models.rooms.handover import hand_over_all
from messaging.models.site.audit_log import AuditEntry

TAKEN = _("This account is linked to somebody else here.")

register_person_part(
    PersonPart(
        SocialAccount,
        "user",
        exported_as="identities",
        export=lambda user: [
            {"provider": one.provider, "account": one.extra_data.get("shown", ""), "since": one.date_joined}
            for one in SocialAccount.objects.filter(user=user).order_by("pk")
        ],
    )
)


def identities_of(user: User, providers: Collection[str]) -> list[SocialAccount]:
    """The person's identities at the providers with these ids."""
    return list(SocialAccount.objects.filter(user=user, provider__in=providers).order_by("provider"))


def person_to_link(email: str, provider: str) -> User | None:
    """The person to whom an identity with this verified address belongs.

    It is the only one who confirmed that address here, and who has no identity of this provider yet: if the
    provider has given the address to somebody else since, that is another person. Nobody is found by an
    address with other letters than those of ASCII: many look like others.
    """
    found = User.objects.filter(email_confirmed=True).with_email(email) if email.isascii() else []
    if len(found) != 1 or SocialAccount.objects.filter(user=found[0], provider=provider).exists():
        return None
    return found[0]


def is_banned(email: str) -> bool:
    """Whether somebody with this address is banned, so that it must not get another account."""
    return bool(User.objects.filter(banned_at__isnull=False).with_email(email))


def link(user: User, provider: str, uid: str, shown: str) -> SocialAccount:
    """Let the person sign in by this identity.

    Args:
        provider: the id of the provider.
        uid: identifies the person at the provider for ever.
        shown: how they recognize the identity: its address, or a name.

    Raises:
        Refused: ("taken") it belongs to somebody else, or ("has_one") they have another one of this provider.
        Gone: the person was deleted.
    """
    with transaction.atomic():
        if not User.objects.select_for_update(no_key=True).filter(pk=user.pk).exists():
            raise Gone
        at_provider = SocialAccount.objects.filter(provider=provider)
        if of_somebody := at_provider.filter(uid=uid).first():
            if of_somebody.user_id == user.pk:
                return of_somebody
            raise Refused("taken", TAKEN, FORBIDDEN)
        if at_provider.filter(user=user).exists():
            raise Refused("has_one", _("You have linked another account there. Unlink it first."), FORBIDDEN)
        try:
            with transaction.atomic():
                made: SocialAccount = at_provider.create(
                    user=user, provider=provider, uid=uid, extra_data={"shown": shown}
                )
        except IntegrityError:
            raise Refused("taken", TAKEN, FORBIDDEN) from None
        AuditEntry.objects.record(user, AuditEntry.Act.LINKED_IDENTITY, provider=provider)
    return made


def unlink(identity: SocialAccount, providers: Collection[str], has_other_way: bool) -> None:
    """Let the person no longer sign in by this identity. Nothing happens if it is gone already.

    Args:
        providers: the ids of the site's providers.
        has_other_way: whether they can sign in without any of them, by a password or a passkey.

    Raises:
        Refused: ("last_way") they could no longer sign in.
    """
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).filter(pk=identity.user_id).first()
        others = SocialAccount.objects.filter(user=identity.user_id, provider__in=providers)
        if not (has_other_way or others.exclude(pk=identity.pk).exists()):
            raise Refused("last_way", _("Without it you could no longer sign in."), FORBIDDEN)
        gone, _rows = SocialAccount.objects.filter(pk=identity.pk).delete()
        if gone and person:
            AuditEntry.objects.record(person, AuditEntry.Act.UNLINKED_IDENTITY, provider=identity.provider)


def unlink_all(user: User, by: User) -> None:
    """Delete all identities of somebody, and sign them out everywhere: for example because the provider made
    another account for them. Raises what `take_away` does."""
    take_away(SocialAccount.objects.all(), user, by, AuditEntry.Act.UNLINKED_IDENTITY)


def role_by_groups(
    role: str, groups: Collection[str], administrators: Collection[str], members: Collection[str]
) -> str:
    """The role of somebody who had `role` and is now in these groups of the provider.

    Owners stay owners, and nobody becomes one. A role whose groups are not set is not given or taken.
    """
    if role == User.Role.OWNER:
        return role
    if not administrators and role == User.Role.ADMINISTRATOR:
        return role
    if set(groups) & set(administrators):
        return User.Role.ADMINISTRATOR
    if members:
        return User.Role.MEMBER if set(groups) & set(members) else User.Role.GUEST
    return User.Role.MEMBER if role == User.Role.ADMINISTRATOR else role


def take_role(
    user: User,
    provider: str,
    groups: Collection[str] | None,
    administrators: Collection[str],
    members: Collection[str],
) -> None:
    """Give the person the role that follows from their groups (`role_by_groups`).

    Args:
        groups: None if the provider has not said which: then nothing changes. A claim that is missing once
            (a scope was forgotten, or there are too many groups for a token) must not make guests of all.

    Raises:
        Gone: they were deleted.
    """
    if groups is None:
        return
    wanted = role_by_groups(user.role, groups, administrators, members)
    if wanted == user.role:
        return
    locks = conversations_locked(user) if wanted == User.Role.GUEST else nullcontext()
    with locks, managing(user, user) as (person, _by):
        before, person.role = person.role, role_by_groups(person.role, groups, administrators, members)
        if person.role != before:
            person.save(update_fields=["role"])
            act = AuditEntry.Act.ROLE_BY_PROVIDER
            AuditEntry.objects.record(person, act, role=[before, person.role], provider=provider)
            if person.role == User.Role.GUEST:
                hand_over_all([person.pk], person)
    user.role = person.role

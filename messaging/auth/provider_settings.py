"""The identity providers through which people sign in, as environment variables describe them.

    PARLEY_OIDC_ACME=https://client-id:secret@login.acme.example/realms/staff?name=Acme

This is imported by the settings, so it imports nothing of Django's models.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "PARLEY_OIDC_"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ID = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*")
OPTIONS = {"name", "scope", "claim", "administrators", "members", "join", "addresses", "sign_out"}
CHOICES = {"join": {"anyone"}, "addresses": {"verified"}, "sign_out": {"no"}}


@dataclass(frozen=True)
class IdentityProvider:
    """An OpenID Connect provider.

    Attributes:
        id: stands in addresses and beside each identity. Whoever changes it makes another provider of it.
        name: what the button says.
        issuer: its address, as its tokens name it.
        scopes: what is asked for.
        claim: the path of the claim with the person's groups, `groups` or `realm_access.roles`.
        administrators: the groups whose people are administrators; if empty, Parley decides.
        members: the groups whose people are members, all others being guests; if empty, Parley decides.
        anyone_may_join: whether everybody whom it knows may create an account.
        addresses_are_verified: whether its e-mail addresses count as verified although it does not say so.
        signs_out: whether signing out of Parley leads to its page for signing out, if it has one.
    """

    id: str
    name: str
    issuer: str
    client_id: str
    secret: str
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    claim: tuple[str, ...] = ("groups",)
    administrators: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    anyone_may_join: bool = False
    addresses_are_verified: bool = False
    signs_out: bool = True

    @property
    def discovery_url(self) -> str:
        return self.issuer.rstrip("/") + "/.well-known/openid-configuration"

    @property
    def decides_roles(self) -> bool:
        return bool(self.administrators or self.members)

    def groups_in(self, claims: Mapping[str, Any]) -> list[str] | None:
        """The person's groups, of those that these settings name: no others are kept. None if the claim is
        missing, or is neither a list nor a text: then nothing is known of their groups."""
        found: Any = claims
        for key in self.claim:
            found = found.get(key) if isinstance(found, Mapping) else None
        listed = [found] if isinstance(found, str) else found
        if not isinstance(listed, list):
            return None
        groups = {one for one in listed if isinstance(one, str)}
        return sorted(groups & (self.administrators | self.members))


def providers_from(environ: Mapping[str, str]) -> list[IdentityProvider]:
    """The providers in these environment variables, in the order of the variables' names.

    Raises:
        ImproperlyConfigured: one of them is wrong; the message says what, without the secret.
    """
    names = sorted(name for name in environ if name.startswith(PREFIX) and environ[name])
    return [_provider(name, environ[name]) for name in names]


def _provider(variable: str, url: str) -> IdentityProvider:
    def wrong(what: str) -> ImproperlyConfigured:
        return ImproperlyConfigured(f"{variable} {what}")

    if not ID.fullmatch(variable.removeprefix(PREFIX)):
        raise wrong(f"is no good name: after {PREFIX} come capital letters, digits and single _.")
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise wrong("is no address, or its port is no number.") from None
    if parts.scheme not in {"http", "https"} or not (parts.hostname and parts.username and parts.password):
        raise wrong("must look like https://client-id:secret@login.example.org/path?name=Example.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise wrong("begins with http: the secret would travel unencrypted. Use https.")
    if parts.fragment:
        raise wrong("contains a #; in an id or a secret write it as %23.")
    options = parse_qs(parts.query, keep_blank_values=True)
    if unknown := sorted(options.keys() - OPTIONS):
        raise wrong(f"has the unknown option {unknown[0]!r}. There are: {', '.join(sorted(OPTIONS))}.")
    for option, known in CHOICES.items():
        if any(value not in known for value in options.get(option, [])):
            raise wrong(f"has another {option} than {' or '.join(sorted(known))}.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    listed = {name: _list(options.get(name, [])) for name in ("scope", "administrators", "members")}
    return IdentityProvider(
        id=variable.removeprefix(PREFIX).lower(),
        name=options.get("name", [parts.hostname])[0].strip()[:40] or parts.hostname,
        issuer=f"{parts.scheme}://{host}{port}{parts.path}",
        client_id=unquote(parts.username),
        secret=unquote(parts.password),
        scopes=tuple(dict.fromkeys(["openid", "profile", "email", *listed["scope"]])),
        claim=tuple(options.get("claim", ["groups"])[0].split(".")),
        administrators=frozenset(listed["administrators"]),
        members=frozenset(listed["members"]),
        anyone_may_join="join" in options,
        addresses_are_verified="addresses" in options,
        signs_out="sign_out" not in options,
    )


def _list(values: list[str]) -> list[str]:
    return [word.strip() for value in values for word in value.split(",") if word.strip()]

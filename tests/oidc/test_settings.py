"""The variables that describe providers: what they mean, and what is refused at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from messaging.auth.provider_settings import providers_from

GOOD = "https://id:s%2Fcret@login.example.org/realms/staff"


def test_everything_that_can_be_set() -> None:
    url = (
        "https://my%3Aid:s%40c@[2001:db8::1]:8443/realms/staff/?name=Acme+Login&scope=groups,offline_access"
        "&claim=realm_access.roles&administrators=it,boss&administrators=root&members=staff&join=anyone"
        "&addresses=verified&sign_out=no"
    )
    (acme,) = providers_from({"PARLEY_OIDC_ACME_2": url, "PARLEY_URL": "x", "PARLEY_OIDC_OFF": ""})
    assert (acme.id, acme.name, acme.client_id, acme.secret) == ("acme_2", "Acme Login", "my:id", "s@c")
    assert acme.issuer == "https://[2001:db8::1]:8443/realms/staff/"
    assert acme.discovery_url == "https://[2001:db8::1]:8443/realms/staff/.well-known/openid-configuration"
    assert acme.scopes == ("openid", "profile", "email", "groups", "offline_access")
    assert sorted(acme.administrators) == ["boss", "it", "root"]
    assert acme.members == {"staff"}
    assert (acme.anyone_may_join, acme.addresses_are_verified, acme.signs_out) == (True, True, False)
    claims = {"realm_access": {"roles": ["it", "secret-project", 7]}, "groups": ["boss"]}
    assert acme.groups_in(claims) == ["it"]


def test_what_is_not_set_is_safe() -> None:
    (acme,) = providers_from({"PARLEY_OIDC_ACME": GOOD})
    assert (acme.name, acme.issuer) == ("login.example.org", "https://login.example.org/realms/staff")
    assert (acme.anyone_may_join, acme.addresses_are_verified, acme.signs_out) == (False, False, True)
    for other in ([], [7], "it"):
        assert acme.groups_in({"groups": other}) == []
    for missing in (None, 7, {"it": 1}):
        assert acme.groups_in({"groups": missing}) is None
    assert acme.groups_in({}) is None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("login.example.org", "must look like"),
        ("https://login.example.org", "must look like"),
        ("https://id@login.example.org", "must look like"),
        ("https://id:hunter2@login.example.org:port", "port is no number"),
        ("http://id:hunter2@login.example.org", "unencrypted"),
        ("https://id:hunter2@login.example.org#x", "%23"),
        (f"{GOOD}?nmae=Acme", "unknown option 'nmae'"),
        (f"{GOOD}?join=everyone", "another join than anyone"),
    ],
)
def test_a_wrong_one_is_refused_with_a_reason_and_without_its_secret(url: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PARLEY_OIDC_ACME") as refused:
        providers_from({"PARLEY_OIDC_ACME": url})
    assert says in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_wrong_name_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="no good name"):
        providers_from({"PARLEY_OIDC_acme-1": GOOD})


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"PARLEY_PASSWORDS": "no"}, "must be on or off"),
        ({"PARLEY_PASSWORDS": "off"}, "names a provider"),
        ({"PARLEY_OIDC_ACME": "https://login.example.org"}, "must look like"),
    ],
)
def test_the_program_does_not_start_with_wrong_settings(
    variables: dict[str, str], says: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", "import site_config.settings"]
    env = {**os.environ, "PARLEY_VAR": str(tmp_path), **variables}
    root = Path(__file__).parents[2]
    found = subprocess.run(command, env=env, cwd=root, capture_output=True, text=True, check=False)
    assert found.returncode
    assert says in found.stderr.splitlines()[-1]

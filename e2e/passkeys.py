"""Chromium's virtual authenticator, instead of a phone with a fingerprint sensor.

https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/
"""

from playwright.sync_api import Page

OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class VirtualAuthenticator:
    """A virtual authenticator for the page's browser.

    Passkeys need a host name, so the page must be opened at localhost.
    """

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        answer = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})
        self._which = {"authenticatorId": answer["authenticatorId"]}

    def fail_verification(self) -> None:
        """From now on verification of the user fails, as with another person's authenticator."""
        self._session.send("WebAuthn.setUserVerified", {**self._which, "isUserVerified": False})

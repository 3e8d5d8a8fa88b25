"""A phone that knows its owner: Chromium's virtual authenticator.

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


class Finger:
    """What the page's browser is touched with. Passkeys are bound to names: pages are at localhost."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        answer = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})
        self._which = {"authenticatorId": answer["authenticatorId"]}

    def refuses(self) -> None:
        """From now on it is another person's."""
        self._session.send("WebAuthn.setUserVerified", {**self._which, "isUserVerified": False})

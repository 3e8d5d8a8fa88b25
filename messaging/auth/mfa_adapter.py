"""The adapter for allauth's two-factor authentication."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from qrcode import make
from qrcode.image.svg import SvgPathImage

from messaging.models import Installation, User


class MFAAdapter(DefaultMFAAdapter):
    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an inline SVG: the content security policy allows no image from a `data:` URL."""
        svg: str = make(url, image_factory=SvgPathImage).to_string(encoding="unicode")
        return svg

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=kind).count()
        return _("Passkey %(number)d") % {"number": count + 1} if count else _("Passkey")

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def _get_site_name(self) -> str:
        return Installation.objects.current().name

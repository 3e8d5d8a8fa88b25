"""Parley as an app on a phone or a desktop: manifest, service worker, and a page without a connection.

None of them says anything about a person: browsers ask for them without a session, and keep them.
"""

import json
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from messaging.caching.program import program_hash
from messaging.models import Installation
from messaging.models.people.languages import is_supported
from messaging.views.messages.sharing import PARTS

PAPER: Final = "#fcfbf8"
ICONS: Final = [("192", "any"), ("512", "any"), ("512", "maskable")]
# What the page without a connection consists of, beside itself.
KEPT: Final = ("css/app.css", "fonts/inter.woff2", "fonts/serif.woff2", "logo.svg")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest (https://www.w3.org/TR/appmanifest/). The sign-in page too names the team."""
    name = Installation.objects.current().name
    icons = [
        {
            "src": static(f"app/{purpose}-{side}.png"),
            "sizes": f"{side}x{side}",
            "type": "image/png",
            "purpose": purpose,
        }
        for side, purpose in ICONS
    ]
    shortcuts = [
        (_("Inbox"), "inbox"),
        (_("Search"), "search"),
        (_("New conversation"), "conversation_new"),
    ]
    content = {
        "id": "/",
        "name": name,
        "short_name": name,
        "start_url": reverse("conversation_list"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
        "share_target": {
            "action": reverse("share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                **{name: name for name in PARTS},
                "files": [{"name": "files", "accept": ["*/*"]}],
            },
        },
        "shortcuts": [{"name": text, "url": reverse(url)} for text, url in shortcuts],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. With PARLEY_SERVICE_WORKER=off, one that removes itself and what it keeps."""
    name = "service-worker" if settings.SERVICE_WORKER else "service-worker-off"
    facts = {
        "version": salted_hmac("messaging.views.site.app", program_hash() + get_language()).hexdigest()[:16],
        # The service worker asks for it without cookies.
        "offline": f"{reverse('offline')}?{urlencode({'language': get_language()})}",
        "kept": [static(path) for path in KEPT],
        "icon": static("app/any-192.png"),
        "badge": static("app/badge-96.png"),
        "token": reverse("token"),
        "unread": reverse("push_unread"),
        "subscribe": reverse("push_subscribe"),
        "home": reverse("conversation_list"),
    }
    script = f"const site = {json.dumps(facts)};\n{_script(name)}"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows if the server cannot be reached. The same for everybody in a language."""
    language = request.GET.get("language", "")
    with translation.override(language if is_supported(language) else get_language()):
        return render(None, "offline.html")


@cache
def _script(name: str) -> str:
    path = finders.find(f"js/{name}.min.js")
    assert isinstance(path, str)  # noqa: S101  # nosec B101 - it is part of the program
    return Path(path).read_text()

import hashlib

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# What a rendered message cannot say, since it is the same for everybody: that it is yours, or names you.
RULES = """\
[data-author~="{id}"] .author-only {{ display: inline-flex; }}
[data-mentions~="{id}"] .mention {{ color: var(--accent); background: var(--accent-soft); }}
"""
RULES_HASH = hashlib.sha256(RULES.encode()).hexdigest()[:8]
A_YEAR = 31_536_000


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def viewer_stylesheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The stylesheet of one reader: a function of the id alone, so it tells nothing and never changes."""
    return HttpResponse(RULES.format(id=pk), content_type="text/css; charset=utf-8")

"""What pages may load, and what they may ask the browser for (messaging/http/content_policy.py sends it)."""

from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],  # blob: what is being uploaded
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],  # the service worker
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# What pages may ask the browser for; files and frames of others may not.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(self)"

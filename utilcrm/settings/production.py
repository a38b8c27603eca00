"""Production: every secret must come from the environment, and everything travels over TLS."""

from utilcrm.settings.base import *  # noqa: F403
from utilcrm.settings.base import BEHIND_TLS_PROXY as _BEHIND_TLS_PROXY
from utilcrm.settings.base import env as _env

SECRET_KEY = _env.str("SECRET_KEY")
TELEPHONE_WEBHOOK_SECRET = _env.str("TELEPHONE_WEBHOOK_SECRET")
WEB_SCHEME = "https"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if _BEHIND_TLS_PROXY:
    # Only where the proxy strips this header from what comes in.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

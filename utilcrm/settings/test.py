"""The test suite: real PostgreSQL and Redis, cheap password hashes, plain static files."""

from utilcrm.settings.base import *  # noqa: F403
from utilcrm.settings.base import VAR_DIR as _VAR_DIR
from utilcrm.settings.base import env as _env

SECRET_KEY = _env.str(
    "SECRET_KEY", default="test-only-key-0123456789-0123456789-0123456789-0123456789"
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PRIVATE_FILES_ROOT = _VAR_DIR / "test-files"
SEAL_KEYS_ROOT = _VAR_DIR / "test-keys"
MEDIA_ROOT = PRIVATE_FILES_ROOT
TELEPHONE_WEBHOOK_SECRET = _env.str("TELEPHONE_WEBHOOK_SECRET", default="telephone-test-secret")
STYLEGUIDE = True
AXES_ENABLED = False
# Leases and waits of destinations, where a process of a test is to have shorter ones.
OUTBOX_TIMING = _env.json("OUTBOX_TIMING", default={})
# Served from where they lie, so that a changed script needs no collecting.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

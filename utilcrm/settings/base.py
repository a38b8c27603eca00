"""What every environment shares. Whatever differs by machine comes from the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from utilcrm.settings.admin_theme import UNFOLD  # noqa: F401 - a setting
from utilcrm.settings.logs import LOGGING  # noqa: F401 - a setting
from utilcrm.settings.mail import *  # noqa: F403 - settings
from utilcrm.settings.providers import *  # noqa: F403 - settings
from utilcrm.settings.sandbox import *  # noqa: F403 - settings

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("UTILCRM_VAR", default=str(BASE_DIR / "var")))

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The tenant middleware answers 404 for every host that is nobody's domain.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[".localhost", "127.0.0.1"])
BASE_DOMAIN = env.str("BASE_DOMAIN", default="localhost")
WEB_PORT = env.int("WEB_PORT", default=8000)
WEB_SCHEME = env.str("WEB_SCHEME", default="http")

# Applications

PEOPLE_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "access",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "guardian",
    "allauth",
    "allauth.account",
    "axes",
]
SHARED_APPS = [
    # Before django_tenants, whose own admin templates would otherwise win.
    "unfold",
    "django_tenants",
    "tenants",
    *PEOPLE_APPS,
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "utilcrm.web",
    "utilcrm.demo",
]
TENANT_APPS = [
    *PEOPLE_APPS,
    "events",
    "identification",
    "correspondence",
    "accounts",
    "premises",
    "devices",
    "products",
    "quotations",
    "contracts",
    "billing_sync",
    "market",
    "migration_import",
    "service",
    "conversations",
    "interactions",
    "portals",
]
INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]

BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=False)
"""Whether a proxy of ours stands in front that sets X-Forwarded-Proto and -For itself."""

MIDDLEWARE = [
    "tenants.middleware.TenantFromHost",
    "utilcrm.middleware.VisitorBehindProxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "utilcrm.middleware.AdminContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "access.middleware.ActingUser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "interactions.middleware.ActiveInteraction",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "utilcrm.urls"
PUBLIC_SCHEMA_URLCONF = "utilcrm.urls_public"
WSGI_APPLICATION = "utilcrm.wsgi.application"
FORM_RENDERER = "utilcrm.web.widgets.QuickWidgets"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenants.context_processors.tenant",
                "utilcrm.web.context_processors.shell",
                "interactions.context_processors.workbench",
                "market.context_processors.register",
            ],
        },
    },
]

# Database and tenants

# The owner migrates and makes tenants; everything else logs in without rights of its own and
# takes the role of the tenant that it serves.
AS_OWNER = env.bool("UTILCRM_AS_OWNER", default=False)
DATABASE_SECOND_WALL = not AS_OWNER
DATABASE_LOGIN_ROLE = env.str("DATABASE_LOGIN_ROLE", default="utilcrm_login")
_database = env.db(
    "DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL", default="postgresql:///utilcrm"
)
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "utilcrm.postgres",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            "options": "-c idle_in_transaction_session_timeout=60000",
        },
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
PG_EXTRA_SEARCH_PATHS = ["ext"]
SKIP_PG_EXTRA_VALIDATION = True
SILENCED_SYSTEM_CHECKS = [
    # Content types live in every schema by intent; django-tenants would have them shared.
    "django_tenants.W003",
]

# Cache, queue

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", default=REDIS_URL),
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
        "TIMEOUT": 300,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
ERP_DELTA_PAGE = env.int("ERP_DELTA_PAGE", default=1000)
"""Changes that are taken over in one transaction, 1 to 2000."""
ERP_DELTA_OVERLAP = env.int("ERP_DELTA_OVERLAP", default=50)
"""How many changes are looked at again at the start of a cycle; newer ones never lose."""
IMPORT_CHUNK = env.int("IMPORT_CHUNK", default=1000)
"""Rows of another system's file that are checked, or imported, in one transaction."""
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# People

AUTH_USER_MODEL = "access.User"
ANONYMOUS_USER_NAME = None
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_ADAPTER = "access.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
AT_LOGIN = ["interactions.middleware.take_up_again"]
# A shift logs in within minutes, and all of it from the address of one office.
ACCOUNT_RATE_LIMITS = {"login": "1000/m/ip", "login_failed": "100/m/ip,5/5m/key"}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "utilcrm.formats"
USE_TZ = True
TIME_ZONE = "UTC"

# Files and headers

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "utilcrm.web.storage.HashedFiles"},
}
# Customers' documents are never served from here directly; a view asks who may read them.
PRIVATE_FILES_ROOT = VAR_DIR / "files"
SEAL_KEYS_ROOT = VAR_DIR / "keys"
MEDIA_ROOT = PRIVATE_FILES_ROOT
MEDIA_URL = ""
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

OUTBOX_KEPT_DAYS = env.int("OUTBOX_KEPT_DAYS", default=30)
"""Days after which a message that is done goes to the past, without its content."""
OUTBOX_PAST_MONTHS = env.int("OUTBOX_PAST_MONTHS", default=24)
"""Months for which the past can be looked at."""
INBOX_KEPT_DAYS = env.int("INBOX_KEPT_DAYS", default=180)
"""Days for which a message that came in is known again when it comes a second time."""
SUBMISSION_KEPT_DAYS = env.int("SUBMISSION_KEPT_DAYS", default=30)
"""Days for which a form that was sent is known again, as after a browser's "restore tabs"."""

REGISTER_DOCUMENT_MONTHS = env.int("REGISTER_DOCUMENT_MONTHS", default=36)
"""Full months for which documents to and from the register of the market are kept."""

STYLEGUIDE = False

# One line an event, exceptions as plain text: the default renderer prints every local variable,
# customers' data among them, and takes seconds to do so.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

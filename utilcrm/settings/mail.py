"""The outgoing mail server, and the scanner that files are shown to."""

import environ

_env = environ.Env()

_smtp_host, _colon, _smtp_port = _env.str("SANDBOX_MAIL_SMTP", default="127.0.0.1:1025").partition(
    ":"
)
EMAIL_HOST = _env.str("EMAIL_HOST", default=_smtp_host)
EMAIL_PORT = _env.int("EMAIL_PORT", default=int(_smtp_port or 25))
EMAIL_HOST_USER = _env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = _env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = _env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _env.str("DEFAULT_FROM_EMAIL", default="service@utilcrm.example")

VIRUS_SCANNER = _env.str("VIRUS_SCANNER", default="")
"""Where files are shown to a scanner (`utilcrm.antivirus`), host:port; empty for nowhere."""
VIRUS_SCANNER_SECONDS = _env.float("VIRUS_SCANNER_SECONDS", default=30.0)
"""For one file, connecting included."""

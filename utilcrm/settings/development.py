"""The stack that run.py brings up: real parts, readable errors, plain HTTP on loopback."""

from utilcrm.settings.base import *  # noqa: F403
from utilcrm.settings.base import SECRET_KEY as _SECRET_KEY
from utilcrm.settings.base import env as _env

DEBUG = _env.bool("DJANGO_DEBUG", default=False)
SECRET_KEY = (
    _SECRET_KEY or "development-only-key-that-opens-nothing-outside-this-machine-0123456789"
)
STYLEGUIDE = True

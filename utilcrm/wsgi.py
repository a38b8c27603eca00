"""WSGI entry point; gunicorn serves it with threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "utilcrm.settings.production")

application = get_wsgi_application()

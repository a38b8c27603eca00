"""The web library as a Django app, so that its template tags are found."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Carries template tags and the style guide; it has no models."""

    name = "utilcrm.web"
    label = "web"

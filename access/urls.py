"""Addresses of access."""

from django.urls import path

from access.views import ChooseLanguage

app_name = "access"

urlpatterns = [
    path("language/", ChooseLanguage.as_view(), name="language"),
]

"""Addresses for people who are not staff."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "portals"

urlpatterns = [path("sign/<str:token>/", TemplateView.as_view(), name="sign")]

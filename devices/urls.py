"""Addresses of the devices app."""

from django.urls import path

from devices.views import records

app_name = "devices"

urlpatterns = [
    path("<uuid:uuid>/", records.DeviceInfoRecordPage.as_view(), name="detail"),
]

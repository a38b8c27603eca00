"""Addresses for people who are not staff."""

from django.urls import path

from portals.views.reading import ReadContract
from portals.views.signing import Sign

app_name = "portals"

urlpatterns = [
    path("sign/<str:token>/", Sign.as_view(), name="sign"),
    path("sign/<str:token>/contract.pdf", ReadContract.as_view(), name="read_contract"),
]

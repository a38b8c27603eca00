"""Addresses of documents."""

from django.urls import path

from correspondence.views.mending import MakeAgain, SendAgain
from correspondence.views.reading import ReadDocument

app_name = "correspondence"

urlpatterns = [
    path("<uuid:uuid>/", ReadDocument.as_view(), name="document"),
    path("<uuid:uuid>/again/", MakeAgain.as_view(), name="make_again"),
    path("messages/<uuid:uuid>/again/", SendAgain.as_view(), name="send_again"),
]
